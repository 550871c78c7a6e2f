"""The training of notebook 4: where it writes, so that no training that is worth something is lost."""

from lungseg_course.training.attempt import Attempt, begin_training

__all__ = ["Attempt", "begin_training"]
