"""Notebook 1, the data generator: its exercises. Its questions are in `questions`."""

from lungseg_course.chapters.chapter_1 import arrays, augment, brightness, epochs, generator
from lungseg_course.chapters.chapter_1.questions import QUESTIONS
from lungseg_course.engine.exercises import Exercise

__all__ = ["EXERCISES", "QUESTIONS"]

EXERCISES = (
    Exercise(
        number="1.1",
        title="how large is the array?",
        names=("array_gigabytes",),
        looks=(arrays.look_at_the_defaults, arrays.look_at_the_other_arguments, arrays.look_at_a_small_array),
        praise="You can tell before you load anything whether it will fit.",
        hints=(
            "How many numbers are in one case? And in all of them?",
            "The formula above the exercise has five factors; four are arguments, and the size counts twice.",
            "Multiply count, size, size, channels and bytes_per_number, and divide by 1e9. Do not forget `return`.",
        ),
    ),
    Exercise(
        number="1.2",
        title="read a batch",
        names=("read_batch",),
        looks=(arrays.look_at_the_shapes, arrays.look_at_the_values, arrays.look_at_the_paths),
        praise="Images and masks, each with its channel axis, in the order of the paths.",
        hints=(
            "Two steps: from the paths to one array of shape (B, H, W, 2), then from that to two arrays.",
            "A list comprehension over `paths` with `load_case`, then `np.stack`. Slices keep the last axis.",
            "With `batch` of shape (B, H, W, 2), `batch[..., 0:1]` are the images. The masks are the other channel; "
            "return both, with a comma between them.",
        ),
        in_the_package=("lungseg.generator.DataGenerator.__getitem__",),
    ),
    Exercise(
        number="1.3",
        title="write the class",
        names=("DataGenerator",),
        looks=(
            generator.look_at_the_length,
            generator.look_at_a_batch,
            generator.look_at_the_order,
            generator.look_at_the_shuffled_cases,
            epochs.look_at_the_next_epoch,
            epochs.look_at_what_stays,
        ),
        praise="Every case once in an epoch, a new order in the next, and the same batch for whoever asks.",
        hints=(
            "Take 7 cases in batches of 3, on paper: how many batches are there, and at which places of `self.order` "
            "does each of them begin and end?",
            "`__len__` divides and rounds up. `__getitem__` cuts a slice out of `self.order`, looks up the case at "
            "each of these places, and reads them. `on_epoch_end` takes two steps: the next "
            "epoch, and a new order for it.",
            "`math.ceil` rounds up. With `start = index * self.batch_size`, the places are "
            "`self.order[start : start + self.batch_size]`; `self.cases[place]` for each of them is what `read_batch` "
            "takes. At the end of an epoch add 1 to `self.epoch`, then call `self.shuffle_cases()`.",
        ),
        in_the_package=tuple(
            f"lungseg.generator.DataGenerator.{method}" for method in ("__len__", "__getitem__", "on_epoch_end")
        ),
    ),
    Exercise(
        number="1.4",
        title="flip and brighten",
        names=("augment",),
        looks=(augment.look_at_the_flips, brightness.look_at_the_brightness, augment.look_at_the_seed),
        praise="What moves pixels moves both; what changes grey values changes the image alone.",
        hints=(
            "Which of the two changes must the mask share, and which not?",
            "For each pair: one random number decides whether both are flipped; another is the factor of the image.",
            "Under `if rng.random() < 0.5:` set `images[i]` and `masks[i]` to themselves with `[:, ::-1]`. After the "
            "`if`, for all: the image times `rng.uniform(0.8, 1.2)`, through `np.clip(..., 0, 1)`.",
        ),
        optional=True,
    ),
)
