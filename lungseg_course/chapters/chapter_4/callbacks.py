"""Notebook 4, exercise 4.4: what is looked at in the callbacks."""

import numpy as np

from lungseg_course.chapters.chapter_4.story import BEST, LAST, SERIES, START_RATE, Story, play, rates_of, stop_of
from lungseg_course.chapters.chapter_4.watching import expect_kind, expect_known_monitor, expect_val_dice
from lungseg_course.engine.verdict import Wrong, trying


def look_checkpoint(make_callbacks, rng) -> None:
    """The network of the epoch with the highest val_dice is in best.keras."""
    with _trying_callbacks("looked which network is in best.keras"):
        story = play(make_callbacks)
        expect_kind(story, "ModelCheckpoint", "The network after the last epoch would be lost with the notebook.")
        expect_known_monitor(story, "ModelCheckpoint")
        if story.saved is None:
            _explain_missing_file(story)
        if story.saved == BEST + 1:
            return
        val_dice, val_loss = SERIES["val_dice"], SERIES["val_loss"]
        known = {
            int(np.argmin(val_dice)): (
                "mode is not max: the worst network is kept",
                "With `min`, as for a loss, lower counts as better.",
                'Give the checkpoint `mode="max"`.',
            ),
            LAST: (
                "the last network is kept, not the best",
                "Without `save_best_only=True` each epoch overwrites the file, also when it was worse.",
                "Give the checkpoint `save_best_only=True`.",
            ),
        }
        watched = {
            int(np.argmin(val_loss)): "val_loss",
            int(np.argmax(SERIES["dice"])): "dice",
            int(np.argmin(SERIES["loss"])): "loss",
            int(np.argmax(SERIES["jaccard"])): "jaccard",
            int(np.argmax(SERIES["val_jaccard"])): "val_jaccard",
        }
        for epoch, name in watched.items():
            why = (
                "It is a number of the training cases: whoever learns them by heart wins."
                if not name.startswith("val_")
                else "It is not the number that we want in the end. (`val_loss` is what Keras watches by default.)"
            )
            known[epoch] = (f"the checkpoint watches `{name}`", why, 'Give it `monitor="val_dice"`.')
        cause, why, remedy = known.get(story.saved - 1, ("another network is kept", "", "Name monitor and mode."))
        raise Wrong(
            cause,
            received=f"best.keras holds the network of epoch {story.saved}, with a val_dice of "
            f"{val_dice[story.saved - 1]}",
            expected=f"the network of epoch {BEST + 1}, with the highest val_dice, {val_dice[BEST]}",
            why=why,
            remedy=remedy,
        )


def look_plateau(make_callbacks, rng) -> None:
    """The learning rate falls to 0.3 of itself after two epochs without progress."""
    with _trying_callbacks("looked at the learning rate after each"):
        story = play(make_callbacks)
        expect_kind(story, "ReduceLROnPlateau", "The steps stay as large as in the beginning.")
        expect_known_monitor(story, "ReduceLROnPlateau")
        bound = story.setting("ReduceLROnPlateau", "min_lr")
        # A twentieth of the first rate is small enough for a bound: it is a matter of taste.
        expected = np.maximum(rates_of(SERIES["val_dice"], max, 0.3, 2), min(bound, START_RATE / 20))
        if np.allclose(story.rates, expected, rtol=1e-4):
            return
        expect_val_dice(story, "ReduceLROnPlateau")
        falls = [epoch for epoch in range(1, 12) if story.rates[epoch] < 0.999 * story.rates[epoch - 1]]
        received = (
            f"the first fall after epoch {falls[0] + 1}, to {story.rates[falls[0]]:.3g}"
            if falls
            else f"{START_RATE} to the end"
        )
        text = {
            "received": f"a learning rate of {START_RATE} first; {received}",
            "expected": f"the first fall after epoch {BEST + 3}, to {expected[BEST + 2]:.3g}: val_dice was highest in "
            f"epoch {BEST + 1}, and two epochs were not better",
        }
        if bound > 1.001 * expected[-1] and story.rates[-1] < 1.001 * bound:
            raise Wrong(
                "`min_lr` keeps the learning rate from falling",
                received=f"a learning rate of {START_RATE} first, and {story.rates[-1]:.3g} in the end",
                expected=f"{START_RATE} first, then 0.3 of it, and 0.3 of that: {expected[BEST + 2]:.3g}, "
                f"{expected[BEST + 4]:.3g} and so on",
                why=f"`min_lr` is a lower bound, here {bound:g}. The training begins at {START_RATE}, and the "
                "steps get no smaller than the bound.",
                remedy="Leave `min_lr` out.",
            )
        least = story.setting("ReduceLROnPlateau", "min_delta")
        if least > 1e-3 and np.allclose(story.rates, rates_of(SERIES["val_dice"], max, 0.3, 2, least), rtol=1e-4):
            raise Wrong("`min_delta` hides progress", **text, **_words_on_min_delta(least))
        if np.allclose(story.rates, rates_of(SERIES["val_dice"], min, 0.3, 2), rtol=1e-4):
            raise Wrong(
                "mode is not max: it slows down while the score rises",
                **text,
                why="With `min`, as for a loss, a rising val_dice counts as no progress.",
                remedy='Give ReduceLROnPlateau `mode="max"`.',
            )
        if np.allclose(story.rates, rates_of(SERIES["val_loss"], min, 0.3, 2), rtol=1e-4):
            raise Wrong(
                "it watches `val_loss`",
                **text,
                why="Without `monitor` Keras watches `val_loss`.",
                remedy='Give ReduceLROnPlateau `monitor="val_dice"` and `mode="max"`.',
            )
        due = list(range(BEST + 2, LAST + 1, 2))
        if falls[:1] == due[:1] and len(falls) < len(due):
            raise Wrong(
                "it rests after a fall",
                **{**text, "received": f"falls after the epochs {', '.join(str(epoch + 1) for epoch in falls)}"},
                why="With `cooldown` it does not count the epochs after a fall.",
                remedy="Leave `cooldown` out.",
            )
        if falls != due:
            raise Wrong(
                "another patience",
                **text,
                why="Without `patience` it waits for ten epochs, nearly the whole training."
                if not falls
                else "`patience` says how many epochs it waits, and `min_delta` what counts as progress.",
                remedy="Give ReduceLROnPlateau `patience=2`.",
            )
        raise Wrong(
            "another factor",
            **text,
            why="The learning rate is multiplied by `factor`; without one, by 0.1.",
            remedy="Give ReduceLROnPlateau `factor=0.3`.",
        )


def look_stopping(make_callbacks, rng) -> None:
    """The training stops after six epochs without progress."""
    with _trying_callbacks("looked when the training stops"):
        story = play(make_callbacks)
        expect_kind(story, "EarlyStopping", "The training goes on although nothing improves any more.")
        expect_known_monitor(story, "EarlyStopping")
        expected = stop_of(SERIES["val_dice"], max, 6)
        if story.stopped == expected:
            return
        expect_val_dice(story, "EarlyStopping")
        text = {
            "received": f"it stops after epoch {story.stopped}" if story.stopped else "it does not stop in 12 epochs",
            "expected": f"it stops after epoch {expected}: val_dice was highest in epoch {BEST + 1}, and six epochs "
            "were not better",
        }
        least = story.setting("EarlyStopping", "min_delta")
        if least > 1e-3 and story.stopped == stop_of(SERIES["val_dice"], max, 6, least):
            raise Wrong("`min_delta` hides progress", **text, **_words_on_min_delta(least))
        remedy = "Give EarlyStopping `patience=6`."
        if story.stopped == stop_of(SERIES["val_dice"], min, 6):
            cause, why = "mode is not max: it takes the lowest val_dice for the best", "With `min` lower is better."
            remedy = 'Give EarlyStopping `mode="max"`.'
        elif story.stopped == stop_of(SERIES["val_loss"], min, 6):
            cause, why = "it watches `val_loss`", "Without `monitor` Keras watches `val_loss`."
            remedy = 'Give EarlyStopping `monitor="val_dice"` and `mode="max"`.'
        elif story.stopped == stop_of(SERIES["val_dice"], max, 0):
            cause = "no patience"
            why = "Without `patience` one epoch that is not better ends the training. Scores go up and down a little."
        elif story.stopped is not None and story.stopped < expected:
            cause = "it stops too early"
            why = "The learning rate falls after two epochs without progress; smaller steps must get a chance to help."
        else:
            cause, why = "another patience", ""
        raise Wrong(cause, **text, why=why, remedy=remedy)


def look_logger(make_callbacks, rng) -> None:
    """history.csv has a row for each epoch, with the learning rate."""
    with _trying_callbacks("read history.csv"):
        story = play(make_callbacks)
        expect_kind(story, "CSVLogger", "There would be no table of the training, and no curves to read.")
        if not story.columns:
            raise Wrong(
                "there is no history.csv in the run folder",
                received=f"{', '.join(story.files) or 'nothing'} in the run folder",
                expected="history.csv, with a row for each epoch",
                remedy='Leave the line with `run_folder / "history.csv"` as it was.',
            )
        if "learning_rate" not in story.columns:
            raise Wrong(
                "the logger comes too early",
                received=f"the columns {', '.join(story.columns)}",
                expected="a column learning_rate too",
                why="Callbacks are called in the order of the list, and ReduceLROnPlateau is the one who tells the "
                "learning rate.",
                remedy="Put the CSVLogger last in the list.",
            )


def _trying_callbacks(what: str):
    return trying(f"make_callbacks(folder), and 12 epochs of made-up scores; then I {what}", _explain)


def _explain(error: Exception) -> Wrong | None:
    text = str(error)
    if "automatically determine" in text:
        return Wrong(
            "mode is missing",
            received="",
            expected="no error",
            why="Keras cannot tell from a name such as `val_dice` whether higher or lower is better, and takes a mode "
            "that it does not know for none.",
            remedy='Give each of the three callbacks `mode="max"`.',
        )
    if isinstance(error, TypeError) and "Path" in text and "str" in text:
        return Wrong(
            "a path is no text",
            received="",
            expected="no error",
            why="`run_folder` is a Path. It is put together with the name of a file by a slash, outside the quotes.",
            remedy='Write `run_folder / "best.keras"`.',
        )
    if ".weights.h5" in text:
        return Wrong(
            "only the weights are saved",
            received="",
            expected="no error",
            why="`save_weights_only=True` keeps the numbers without the network, and needs a file of another kind.",
            remedy="Leave `save_weights_only` out: best.keras should hold the whole network.",
        )
    if "factor >= 1" in text:
        return Wrong(
            "the factor is not below 1",
            received="",
            expected="no error",
            why="The learning rate is multiplied by it, and should become smaller.",
            remedy="Use `factor=0.3`.",
        )
    if "must end in `.keras`" in text:
        return Wrong(
            "the name of the file has no .keras",
            received="",
            expected="a file best.keras in the run folder",
            why="The checkpoint wants the name of a file. The run folder alone is none.",
            remedy='Give it `run_folder / "best.keras"`.',
        )
    return None


def _words_on_min_delta(least: float) -> dict[str, str]:
    rise = SERIES["val_dice"][BEST] - SERIES["val_dice"][BEST - 1]
    return {
        "why": f"`min_delta` is the smallest rise that counts, here {least:g}. In epoch {BEST + 1} val_dice rose by "
        f"{rise:.2f}, and near the end of a training it rises by less.",
        "remedy": "Leave `min_delta` out, or give it 0.001 at most.",
    }


def _explain_missing_file(story: Story) -> None:
    others = [name for name in story.files if name != "history.csv"]
    elsewhere = [name for name in story.elsewhere if name != "history.csv"]
    if elsewhere:
        cause = "the network is not in the run folder"
        received = f"{elsewhere[0]} in the working directory"
        why = "Without the folder a name means a file beside the notebook, and the next notebook does not find it."
    elif others:
        cause, received = "the file has another name", f"{', '.join(others[:3])} in the run folder"
        why = "The next notebook looks for best.keras."
    else:
        cause, received = "nothing was saved", "no file in the run folder"
        why = "Some setting keeps it from saving after each epoch, `save_freq` perhaps."
    raise Wrong(
        cause,
        received=received,
        expected="best.keras in the run folder",
        why=why,
        remedy='Name the file `run_folder / "best.keras"`.',
    )
