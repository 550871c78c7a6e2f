"""Notebook 6: its exercises and questions."""

from lungseg_course.chapters.chapter_6 import design, differences, verdicts
from lungseg_course.chapters.chapter_6.questions import QUESTIONS
from lungseg_course.engine.exercises import Exercise

__all__ = ["EXERCISES", "QUESTIONS"]

EXERCISES = (
    Exercise(
        "6.1",
        "within chance, or beyond it",
        ("difference", "beyond_chance"),
        (differences.look_difference, verdicts.look_verdict),
        "You can tell a difference from the luck of the seeds.",
        (
            "The seeds come in pairs. What is left of the luck that both variants share, if you subtract them?",
            "`differences = scores_b - scores_a`; then their mean, and `np.std(differences, ddof=1)`. How many of them "
            "there are is `len(differences)`. The interval lies around the mean, at the same distance on both sides.",
            "`reach = stats.t.ppf(0.975, n - 1) * np.std(differences, ddof=1) / np.sqrt(n)`, and the ends are `mean - "
            "reach` and `mean + reach`. It is beyond chance if `low > 0 or high < 0`.",
        ),
        in_the_package=("lungseg_course.experiments.statistics.mean_interval",),
    ),
    Exercise(
        "6.2",
        "an experiment of your own",
        ("my_experiment",),
        (design.look_variants, design.look_seeds),
        "One thing is varied, and often enough to see what chance does.",
        (
            "What would you like to know? Choose one setting of the menu, and two or three values of it.",
            'A variant is a name with a dictionary behind it: `{"2 steps down": {"depth": 2}, "3 steps down": {}}`. '
            "What a variant does not name is as usual. All variants name the same setting, or nothing.",
            '`return {"2 steps down": {"depth": 2}, "3 steps down": {"depth": 3}}, 5` would do, with 5 seeds.',
        ),
    ),
)
