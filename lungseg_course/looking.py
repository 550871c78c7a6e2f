"""What the notebooks look at without a figure: an order, an amount of memory, two networks."""

import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lungseg.cases import load_case


def cases_in_order(generator: Any, cases: Sequence[str | Path]) -> list[int]:
    """Return the place in `cases` of each case, in the order in which a generator gives them.

    It looks at nothing but the images that come out, and finds each among those of the files.

    Parameters
    ----------
    generator : keras.utils.Sequence
        Of batches: images (B, H, W, 1) and masks.
    cases : sequence of paths
        All that it may give.

    Returns
    -------
    list of int
    """
    originals = np.stack([load_case(path)[..., 0:1] for path in cases])
    images = [image for index in range(len(generator)) for image in np.asarray(generator[index][0])]
    return [int(np.abs(originals - image).sum(axis=(1, 2, 3)).argmin()) for image in images]


def peak_megabytes(action: Callable[[], Any]) -> float:
    """Return how much memory an action takes at its peak, in megabytes, as Python counts it.

    Parameters
    ----------
    action : callable
        Called once, without arguments.

    Examples
    --------
    >>> round(peak_megabytes(lambda: bytes(3_000_000)))
    3
    """
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def compare_networks(yours: Any, package: Any, images: np.ndarray) -> None:
    """Say whether two networks with the same weights give the same answers.

    Parameters
    ----------
    yours, package : keras.Model
        The latter gets the weights of the former, if they fit.
    images : numpy.ndarray, shape (B, H, W, C)
    """
    shapes, others = ([weight.shape for weight in network.weights] for network in (yours, package))
    if shapes != others:
        print(
            f"Yours has {yours.count_params():,} parameters, the package's {package.count_params():,}: another U-Net."
        )
        return
    package.set_weights(yours.get_weights())
    difference = np.abs(np.asarray(package(images)) - np.asarray(yours(images))).max()
    print(f"The same {package.count_params():,} parameters. With the same weights,")
    if difference == 0:
        print("the answers are the same.")
    else:
        why = "rounding" if difference < 1e-4 else "another order of layers"
        print(f"the answers differ by {difference:.1g} at most: {why}.")
