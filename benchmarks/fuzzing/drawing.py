"""Draws damaged files: the same ones for the same seed."""

import hashlib
from collections.abc import Iterator

from hypothesis import HealthCheck, Phase, given, seed, settings

from fuzzing.attempts import Place
from fuzzing.damage import Damaged

AT_A_TIME = 10  # from the eleventh on, Hypothesis draws five more from the parts of each, which differ little


def _draw(place: Place, name: str) -> list[Damaged]:
    """Draw some damaged files; the same for the same name."""
    found: list[Damaged] = []

    @seed(name)
    @settings(
        max_examples=AT_A_TIME,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(place.damaged)
    def collect(damaged: Damaged) -> None:
        found.append(damaged)

    collect()
    return found


def damaged_files(places: list[Place], count: int, seed: int, name: str) -> Iterator[tuple[int, Place, Damaged]]:
    """Draw files until there are as many as asked for, no two of them alike.

    Parameters
    ----------
    places : list of Place
        Taken in turns.
    count, seed : int
    name : str
        Of what is tried: another name, other files.

    Yields
    ------
    (int, Place, Damaged)
        A number from 0, where the file goes, and the file.
    """
    seen: set[bytes] = set()
    for turn in range(3 * count + 10 if count else 0):
        place = places[turn % len(places)]
        for damaged in _draw(place, f"{name} {seed} {turn}"):
            digest = hashlib.sha256(place.file.encode() + damaged.data).digest()
            if digest not in seen:
                yield len(seen), place, damaged
                seen.add(digest)
            if len(seen) == count:
                return
