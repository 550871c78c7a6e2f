"""Notebook 4, exercise 4.4: the callbacks, each seen by what it did in twelve epochs."""

from functools import partial

import numpy as np

from lungseg_course.chapters.chapter_4.story import BEST, SERIES, START_RATE, play, rates_of, waits_of
from lungseg_course.chapters.chapter_4.watching import OfStory, first_watched, patience_of, rows_of
from lungseg_course.engine.rows import Gives, When
from lungseg_course.engine.sharing import once
from lungseg_course.engine.table import Case, look_at

VAL_DICE = SERIES["val_dice"]
RATES, DUE, STOP = rates_of("val_dice", max), waits_of("val_dice", max, 2), waits_of("val_dice", max, 6)[0]
PATIENCES = {"ReduceLROnPlateau": 2, "EarlyStopping": 6}
HIGHEST = f"val_dice was highest in epoch {BEST + 1}"


class Rates(OfStory):
    """The learning rates of a story. A lower bound of at most a twentieth of the first one is a matter of taste."""

    def distance(self, value, other) -> float:
        return 0 if np.allclose(value.rates, other, rtol=1e-4) else np.inf

    def same(self, value, right) -> bool:
        bound = value.setting("ReduceLROnPlateau", "min_lr")
        return self.distance(value, np.maximum(right, min(bound, START_RATE / 20))) < np.inf


def _first_fall(story) -> str:
    epoch = next(iter(story.falls), None)
    first = (
        f"the first fall after epoch {epoch}, to {story.rates[epoch - 1]:.3g}" if epoch else f"{START_RATE} to the end"
    )
    return f"a learning rate of {START_RATE} first; {first}"


def _bound(out) -> float:
    """Return the lower bound of the learning rate if it keeps it from falling, 0 otherwise."""
    bound = out.result.setting("ReduceLROnPlateau", "min_lr")
    return bound if not out.is_right and bound > START_RATE / 20 and out.result.rates[-1] < 1.001 * bound else 0


# fmt: off
def _watches(name: str, epoch: int) -> Gives:
    why = ("It is not the number that we want in the end."
           if name.startswith("val_")
           else "It is a number of the training cases: whoever learns them by heart wins.")
    return Gives(f"the checkpoint watches `{name}`", epoch + 1, why, 'Give it `monitor="val_dice"`.')


otherwise = partial(When, of=lambda out: None if out.is_right else out.result)
not_saved = partial(When, of=lambda out: None if out.result.saved else out.result,
                    expected="best.keras in the run folder")
NAME_IT = 'Name the file `run_folder / "best.keras"`.'
CHECKPOINT = (
    *rows_of("ModelCheckpoint", lambda story: story.saved,
             "The network after the last epoch would be lost with the notebook."),
    not_saved("the network is not in the run folder", lambda story: story.elsewhere,
              "Without the folder a name means a file beside the notebook, and the next notebook does not find it.",
              NAME_IT,
              received=lambda out: f"{out.found[0]} in the working directory"),
    not_saved("the file has another name", lambda story: story.files, "The next notebook looks for best.keras.",
              NAME_IT,
              received=lambda out: f"{', '.join(out.found[:3])} in the run folder"),
    not_saved("nothing was saved", lambda story: story.setting("ModelCheckpoint", "best") not in (0, np.inf),
              "With `initial_value_threshold` it saves only what is better than that.",
              "Leave `initial_value_threshold` out.", received="no file in the run folder"),
    not_saved("nothing was saved", lambda story: True, "Some setting keeps it from saving after each epoch, "
              "`save_freq` perhaps.", "Give it the file, the monitor, the mode and `save_best_only=True` alone.",
              received="no file in the run folder"),
    When("the checkpoint watches `val_loss`",
         lambda out: not out.is_right and first_watched(out, "ModelCheckpoint", "val_dice") == "val_loss",
         "It is not the number that we want in the end. Without `monitor` Keras watches it.",
         'Give it `monitor="val_dice"` and `mode="max"`.'),
    Gives("mode is not max: the worst network is kept", int(np.argmin(VAL_DICE)) + 1,
          "With `min`, as for a loss, lower counts as better.", 'Give the checkpoint `mode="max"`.'),
    Gives("the last network is kept, not the best", len(VAL_DICE),
          "Without `save_best_only=True` each epoch overwrites the file, also when it was worse.",
          "Give the checkpoint `save_best_only=True`."),
    _watches("loss", int(np.argmin(SERIES["loss"]))),
    *(_watches(name, int(np.argmax(SERIES[name]))) for name in ("dice", "jaccard", "val_jaccard")),
    otherwise("another network is kept", lambda story: True, "", "Name monitor and mode."),
)
SAVED = OfStory(lambda story: story.saved,
                lambda saved: saved and f"best.keras holds the network of epoch {saved}, with a val_dice of "
                              f"{VAL_DICE[saved - 1]}",
                f"the network of epoch {BEST + 1}, with the highest val_dice, {VAL_DICE[BEST]}")
PLATEAU = (
    *rows_of("ReduceLROnPlateau", lambda story: story.rates[-1] < 0.999 * START_RATE,
             "The steps stay as large as in the beginning."),
    *patience_of("ReduceLROnPlateau", lambda least: rates_of("val_dice", max, least)),
    When("`min_lr` keeps the learning rate from falling", _bound,
         lambda out: f"`min_lr` is a lower bound, here {out.found:g}. The training begins at {START_RATE}, and the "
         "steps get no smaller than the bound.", "Leave `min_lr` out.",
         received=lambda out: f"a learning rate of {START_RATE} first, and {out.result.rates[-1]:.3g} in the end",
         expected=f"{START_RATE} first, then 0.3 of it, and 0.3 of that: {RATES[BEST + 2]:.3g}, {RATES[BEST + 4]:.3g} "
                  "and so on"),
    Gives("mode is not max: it slows down while the score rises", rates_of("val_dice", min),
          "With `min`, as for a loss, a rising val_dice counts as no progress.",
          'Give ReduceLROnPlateau `mode="max"`.'),
    otherwise("ReduceLROnPlateau is missing", lambda story: not story.of_kind("ReduceLROnPlateau"),
              "The learning rate falls, and not when the score no longer rises.",
              "Make a `keras.callbacks.ReduceLROnPlateau`, and put it into the list that you return."),
    otherwise("it rests after a fall", lambda story: story.falls[:1] == DUE[:1] and len(story.falls) < len(DUE),
              "With `cooldown` it does not count the epochs after a fall.", "Leave `cooldown` out.",
              received=lambda out: f"falls after the epochs {', '.join(map(str, out.result.falls))}"),
    otherwise("the two patiences are exchanged",
              lambda story: [story.setting(kind, "patience") for kind in PATIENCES] == [*PATIENCES.values()][::-1],
              "The training would end before the learning rate has fallen once.",
              "Give ReduceLROnPlateau `patience=2`, and EarlyStopping `patience=6`.",
              received="ReduceLROnPlateau waits for six epochs, and EarlyStopping for two",
              expected="ReduceLROnPlateau waits for two epochs, and EarlyStopping for six"),
    otherwise("another patience", lambda story: story.falls != DUE,
              lambda out: "`patience` says how many epochs it waits, and `min_delta` what counts as progress."
              if out.result.falls else "Without `patience` it waits for ten epochs, nearly the whole training.",
              "Give ReduceLROnPlateau `patience=2`."),
    otherwise("another factor", lambda story: True, "The learning rate is multiplied by `factor`; without one, by 0.1.",
              "Give ReduceLROnPlateau `factor=0.3`."),
)
SLOWED = Rates(lambda story: story, _first_fall, f"the first fall after epoch {DUE[0]}, to {RATES[BEST + 2]:.3g}: "
               f"{HIGHEST}, and two epochs were not better")
PATIENCE = "Give EarlyStopping `patience=6`."
STOPPING = (
    *rows_of("EarlyStopping", lambda story: story.stopped, "The training goes on although nothing improves any more."),
    *patience_of("EarlyStopping", lambda least: next(iter(waits_of("val_dice", max, 6, least)), None)),
    otherwise("`start_from_epoch` is set", lambda story: story.setting("EarlyStopping", "start_from_epoch"),
              "It does not look at the first epochs, so the best one may be among those.",
              "Leave `start_from_epoch` out."),
    otherwise("`baseline` is set", lambda story: story.setting("EarlyStopping", "baseline"),
              "It ends the training unless the baseline is reached within the patience, however well it goes on.",
              "Leave `baseline` out."),
    Gives("mode is not max: it takes the lowest val_dice for the best", waits_of("val_dice", min, 6)[0],
          "With `min` lower is better.", 'Give EarlyStopping `mode="max"`.'),
    Gives("no patience", waits_of("val_dice", max, 0)[0],
          "Without `patience` one epoch that is not better ends the training. Scores go up and down a little.",
          PATIENCE),
    otherwise("it stops too early", lambda story: story.stopped and story.stopped < STOP,
              "The learning rate falls after two epochs without progress; smaller steps must get a chance to help.",
              PATIENCE),
    otherwise("another patience", lambda story: True, "", PATIENCE),
)
STOPPED = OfStory(lambda story: story.stopped,
                  lambda epoch: f"it stops after epoch {epoch}" if epoch else "it does not stop in 12 epochs",
                  f"it stops after epoch {STOP}: {HIGHEST}, and six epochs were not better")
LOGGER = (
    *rows_of("CSVLogger", lambda story: story.columns,
             "There would be no table of the training, and no curves to read."),
    When("history.csv is missing", lambda out: not out.result.columns,
         "", 'Leave the line with `run_folder / "history.csv"` as it was.',
         received=lambda out: f"{', '.join(out.result.files) or 'nothing'} in the run folder",
         expected="history.csv in the run folder, with a row for each epoch"),
    When("a table with another separator", lambda out: len(out.result.columns) == 1,
         "The next notebook reads a table with commas.", "Leave `separator` out.",
         received=lambda out: f"the first line {out.result.columns[0]!r}", expected="columns that commas part"),
    When("the logger comes too early", lambda out: "learning_rate" not in out.result.columns,
         "Callbacks are called in the order of the list, and ReduceLROnPlateau is the one who tells the learning rate.",
         "Put the CSVLogger last in the list.",
         received=lambda out: f"the columns {', '.join(out.result.columns)}", expected="a column learning_rate too"),
)
# fmt: on


def _case(what: str) -> Case:
    return Case(tried=f"make_callbacks(folder), and 12 epochs of made-up scores; then I {what}")


look = partial(look_at, "make_callbacks", run=partial(once, play))


@look(BEST + 1, CHECKPOINT, kind=SAVED)
def look_checkpoint(rng):
    """The network of the epoch with the highest val_dice is in best.keras."""
    yield _case("looked which network is in best.keras")


@look(RATES, PLATEAU, kind=SLOWED)
def look_plateau(rng):
    """The learning rate falls to 0.3 of itself after two epochs without progress."""
    yield _case("looked at the learning rate after each")


@look(STOP, STOPPING, kind=STOPPED)
def look_stopping(rng):
    """The training stops after six epochs without progress."""
    yield _case("looked when the training stops")


@look(rows=LOGGER)
def look_logger(rng):
    """history.csv has a row for each epoch, with the learning rate."""
    yield _case("read history.csv")
