"""What several trainings of one variant come to: their mean, and how far chance may have moved it."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from lungseg.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


class Mean(NamedTuple):
    """A mean, and its 95 % interval. From a single value, the interval is NaN."""

    mean: float
    low: float
    high: float


def mean_interval(values: npt.ArrayLike) -> Mean:
    """Return the mean of some values and its 95 % interval, by Student's t.

    Parameters
    ----------
    values : array_like, shape (n,)
        One for each seed. Values that are NaN, of trainings that are not done, are left out.

    Returns
    -------
    Mean

    Examples
    --------
    >>> mean, low, high = mean_interval([0.94, 0.95, 0.96])
    >>> f"{mean:.2f} ({low:.3f} to {high:.3f})"
    '0.95 (0.925 to 0.975)'
    """
    from scipy import stats

    given = np.asarray(values, dtype=float)
    done = given[np.isfinite(given)]
    count = len(done)
    if count == 0:
        return Mean(*[float("nan")] * 3)
    mean = float(done.mean())
    if count == 1:
        return Mean(mean, float("nan"), float("nan"))
    reach = float(stats.t.ppf(0.975, count - 1) * done.std(ddof=1) / np.sqrt(count))
    return Mean(mean, mean - reach, mean + reach)


def scores_of(table: "pd.DataFrame", variant: str) -> np.ndarray:
    """Return the Dice of each training of a variant, in the order of the seeds.

    Parameters
    ----------
    table : DataFrame
        From `compare`.
    variant : str
        A row of it.

    Returns
    -------
    numpy.ndarray, shape (seeds,)

    Raises
    ------
    InputError
        If there is no such variant.

    Examples
    --------
    >>> import pandas as pd
    >>> scores_of(pd.DataFrame([{"mean": 0.95, "seed 0": 0.94, "seed 1": 0.96}], index=["small"]), "small")
    array([0.94, 0.96])
    """
    variant = str(variant)  # as `compare` calls it, which takes numbers for names, too
    if variant not in table.index:
        raise InputError(
            f"scores_of expected one of the variants {', '.join(map(repr, table.index))}. Received: {variant!r}."
        )
    columns = [column for column in table.columns if str(column).startswith("seed ")]
    return table.loc[variant, columns].to_numpy(dtype=float)
