"""How well two measurements of the same thing agree: bias and limits of agreement."""

from typing import NamedTuple

import numpy as np

from lungseg.errors import InputError


class Agreement(NamedTuple):
    """The mean difference, and where about 95 % of the differences lie, all in the unit of the measurements."""

    bias: float
    low: float
    high: float


def limits_of_agreement(true, measured) -> Agreement:
    """Bias and 95 % limits of agreement, after Bland and Altman.

    A correlation is high whenever large things measure large, even if every measurement is wrong
    by the same amount. The differences tell what an error amounts to.

    Parameters
    ----------
    true, measured : array_like, shape (n,)
        Two measurements of each of n cases, in one unit.

    Returns
    -------
    Agreement
        `bias`: the mean of measured − true. `low`, `high`: bias ∓ 1.96 standard deviations of the
        differences (of the sample, with n − 1); NaN for a single case. If the differences are
        normally distributed, 95 % of them lie between the limits.

    Raises
    ------
    InputError
        If the shapes differ, there is no case, or a number is not finite.

    References
    ----------
    J. M. Bland and D. G. Altman, "Statistical methods for assessing agreement between two methods of
    clinical measurement", Lancet 327(8476):307-310 (1986).

    Examples
    --------
    >>> agreement = limits_of_agreement([10, 20, 30], [11, 22, 33])
    >>> agreement.bias, round(agreement.low, 2), round(agreement.high, 2)
    (2.0, 0.04, 3.96)
    """
    true, measured = np.asarray(true, dtype=float), np.asarray(measured, dtype=float)
    if true.shape != measured.shape or true.ndim != 1 or true.size == 0:
        raise InputError(
            "The agreement needs two measurements of each case, two arrays of shape (n,). "
            f"Received: {true.shape} and {measured.shape}. Pass two columns of one table."
        )
    difference = measured - true
    if not np.isfinite(difference).all():
        raise InputError("The agreement needs finite numbers. Received: NaN or infinity. Leave out what is missing.")
    bias = float(difference.mean())
    if len(difference) == 1:
        return Agreement(bias, float("nan"), float("nan"))
    reach = 1.96 * float(difference.std(ddof=1))
    return Agreement(bias, bias - reach, bias + reach)
