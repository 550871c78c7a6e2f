"""The progress bar of `lungseg train`."""

import sys
from collections.abc import Callable
from typing import Any

from lungseg.training.callbacks import Progress, duration


class ProgressBar(Progress):
    """Report one line an epoch, and show a bar below them: how far it is, the Dice so far, and the time left.

    Parameters
    ----------
    report, batches, epochs, start
        See `Progress`.
    """

    def __init__(self, report: Callable[[str], object], batches: int, epochs: int, start: float):
        from tqdm import tqdm

        super().__init__(self._above(report), batches, epochs, start)
        self.announced = True  # the bar tells how long it takes
        self.best: float | None = None
        self.bar = tqdm(
            total=batches * epochs, bar_format=f"epoch 1/{epochs} |{{bar}}|", dynamic_ncols=True, leave=False
        )

    def _above(self, report: Callable[[str], object]) -> Callable[[str], object]:
        """Let a line appear above the bar, and not in it."""

        def write(line: str) -> None:
            with self.bar.external_write_mode():
                report(line)

        return write

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        super().on_epoch_begin(epoch, logs)
        self._show()

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        super().on_train_batch_end(batch, logs)
        self._show()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        score = (logs or {}).get("val_dice")
        if score is not None:
            self.best = score if self.best is None else max(score, self.best)
        super().on_epoch_end(epoch, logs)

    def _times(self) -> str:
        """Return nothing: the bar tells it, and the line fits into a terminal."""
        return ""

    def _show(self) -> None:
        clock, left = self.clock, self.clock.left()
        told = [f"best val_dice {self.best:.3f}"] if self.best is not None else []
        told += [f"{duration(left)} left"] if left else []
        place = f"epoch {clock.epoch + 1}/{clock.epochs}, batch {clock.batch}/{clock.batches}"
        self.bar.bar_format = f"{place} |{{bar}}| {', '.join(told)}"
        self.bar.update(clock.epoch * clock.batches + clock.batch - self.bar.n)

    def close(self) -> None:
        self.bar.close()


def choose_progress(wanted: bool) -> type[Progress]:
    """Return what reports on a training: with a bar if it is wanted and there is a terminal to show it.

    Parameters
    ----------
    wanted : bool

    Returns
    -------
    type
        `ProgressBar` or `Progress`.
    """
    terminal = sys.stderr is not None and sys.stderr.isatty()
    return ProgressBar if wanted and terminal else Progress
