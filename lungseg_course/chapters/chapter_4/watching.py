"""Notebook 4, exercise 4.4: whether each kind of callback is there, and which number it watches."""

from lungseg_course.chapters.chapter_4.story import SERIES, START_RATE, Story
from lungseg_course.engine.verdict import Wrong


def expect_kind(story: Story, kind: str, why: str) -> None:
    """Refuse a list without such a callback, unless another one does its work."""
    import keras

    if any(isinstance(callback, getattr(keras.callbacks, kind)) for callback in story.callbacks):
        return
    # Somebody's own callback may do the same work.
    done = {
        "ModelCheckpoint": story.saved is not None,
        "ReduceLROnPlateau": story.rates[-1] < 0.999 * START_RATE,
        "EarlyStopping": story.stopped is not None,
        "CSVLogger": bool(story.columns),
    }
    if not done[kind]:
        raise Wrong(
            f"{kind} is missing",
            received=", ".join(type(callback).__name__ for callback in story.callbacks) or "an empty list",
            expected="ModelCheckpoint, ReduceLROnPlateau, EarlyStopping and CSVLogger",
            why=why,
            remedy=f"Make a `keras.callbacks.{kind}`, and put it into the list that you return.",
        )


def _watched(story: Story, kind: str) -> list[str]:
    """Return what the callbacks of this kind watch."""
    import keras

    return [each.monitor for each in story.callbacks if isinstance(each, getattr(keras.callbacks, kind))]


def expect_known_monitor(story: Story, kind: str) -> None:
    """Refuse a name that Keras never logs."""
    for name in _watched(story, kind):
        if name not in SERIES:
            raise Wrong(
                f"there is no number called `{name}`",
                received=f"{kind} waits for `{name}`, which Keras never logs",
                expected="it watches `val_dice`",
                why="Keras only warns. The metric is called `dice`, in small letters; of the validation cases it is "
                "`val_dice`.",
                remedy='Write `monitor="val_dice"`.',
            )


def expect_val_dice(story: Story, kind: str) -> None:
    """Refuse another number; of `val_loss`, which Keras takes without being told, the looks have more to say."""
    for name in _watched(story, kind):
        if name not in ("val_dice", "val_loss"):
            raise Wrong(
                f"it watches `{name}`",
                received=f"{kind} looks at `{name}`",
                expected="it looks at `val_dice`",
                why="That is of the training cases, which get better and better even when new ones do not."
                if not name.startswith("val_")
                else "",
                remedy=f'Give {kind} `monitor="val_dice"`.',
            )
