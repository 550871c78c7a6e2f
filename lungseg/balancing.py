"""Give each source the same weight in training, however many cases it has."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from lungseg.ids import case_group


def balance_sources(cases: Sequence[str | Path]) -> list:
    """Repeat the cases of small sources, so that an epoch shows about as many cases of each.

    Hospitals draw masks in ways of their own. Of two sets, the network learns
    the way of the larger one, unless the smaller one is seen more often. The
    source is what `lungseg.ids.case_group` reads from the name: Montgomery,
    Shenzhen, Phantom; all other cases together are one source.

    Parameters
    ----------
    cases : sequence of paths or case ids
        Of the training part only.

    Returns
    -------
    list
        Each case as often as its source goes into the largest one, rounded.

    Examples
    --------
    >>> balance_sources(["CHNCXR_0001_0", "CHNCXR_0002_0", "MCUCXR_0001_0"])
    ['CHNCXR_0001_0', 'CHNCXR_0002_0', 'MCUCXR_0001_0', 'MCUCXR_0001_0']
    """
    counts = Counter(case_group(case).source for case in cases)
    largest = max(counts.values(), default=0)
    return [case for case in cases for _ in range(round(largest / counts[case_group(case).source]))]
