"""How long an epoch takes, and how much time is left."""

import time


class Clock:
    """Times the epochs of a training; what the first batch needs to build the graph does not count.

    Parameters
    ----------
    batches, epochs : int
        In an epoch, and in all.

    Attributes
    ----------
    epoch : int
        The one that runs, counted from 0.
    batch : int
        How many batches of it are done.
    """

    ENOUGH = (
        10  # batches, after which the first epoch is foretold; of shorter ones, much of the time is for other things
    )
    VALIDATION = 1.1  # it costs about a tenth more

    def __init__(self, batches: int, epochs: int):
        self.batches, self.epochs = batches, epochs
        self.epoch, self.batch = 0, 0
        self._took: float | None = None  # seconds, the epoch before
        self._timed_from: tuple[int, float] | None = None

    def begin(self, epoch: int) -> None:
        """Say that an epoch begins.

        Parameters
        ----------
        epoch : int
            Its number, counted from 0.
        """
        self.epoch, self.batch = epoch, 0
        self._began = time.perf_counter()

    def count(self, batch: int) -> None:
        """Say that a batch is done.

        Parameters
        ----------
        batch : int
            Its number, counted from 0.
        """
        self.batch = batch + 1
        if self._timed_from is None:
            self._timed_from = (batch, time.perf_counter())

    def end(self) -> None:
        """Say that the epoch has ended, with its validation."""
        now = time.perf_counter()
        self._took = now - self._began
        if self._timed_from is not None and self._timed_from[1] > self._began:  # the epoch that built the graph
            self._took = min(self._took, (now - self._timed_from[1]) * self.batches / max(1, self.batches - 1))
        self.epoch, self.batch = self.epoch + 1, 0

    def an_epoch(self) -> float | None:
        """Return how long an epoch takes.

        Returns
        -------
        float or None
            Seconds; None while that is not known, in the first few batches.
        """
        if self._took is not None or self._timed_from is None:
            return self._took
        done = self.batch - 1 - self._timed_from[0]
        if done < self.ENOUGH:
            return None
        each = (time.perf_counter() - self._timed_from[1]) / done
        return max(1, self.VALIDATION * each * self.batches)

    def left(self) -> float | None:
        """Return how long it takes to the end, if the training does not stop early.

        Returns
        -------
        float or None
            Seconds; None while that is not known.

        Examples
        --------
        >>> clock = Clock(batches=27, epochs=12)
        >>> clock.begin(0)
        >>> clock.count(0)
        >>> clock.left() is None
        True
        """
        each = self.an_epoch()
        if each is None:
            return None
        return each * (self.epochs - self.epoch - min(1.0, self.batch / (self.VALIDATION * self.batches)))
