"""Notebook 1: what a trained network finds in chests that it has never seen."""

from typing import Any

import numpy as np

from lungseg.masks.cleaning import THRESHOLD
from lungseg.masks.overlap import dice_of
from lungseg.phantom.drawing import make_phantom, phantom_id
from lungseg.plotting.figure import NotebookFigure, panel_grid, show_title
from lungseg.plotting.legends import explain_masks
from lungseg.plotting.overlays import draw_image, draw_outlines

KINDS = {"0": "healthy", "1": "with tuberculosis"}  # by the last digit of a name


def fresh_chests(seed: int, size: int = 256) -> dict[str, np.ndarray]:
    """Draw two phantoms, the first healthy one and the first with tuberculosis of a set.

    Parameters
    ----------
    seed : int
        Of the set: another number draws other chests.
    size : int
        Pixels a side.

    Returns
    -------
    dict of str → numpy.ndarray, (size, size, 2) float32
        What they are → image and mask.

    Examples
    --------
    >>> {kind: chest.shape for kind, chest in fresh_chests(seed=1, size=32).items()}
    {'healthy': (32, 32, 2), 'with tuberculosis': (32, 32, 2)}
    """
    chests: dict[str, np.ndarray] = {}
    index = 0
    while len(chests) < len(KINDS):
        kind = KINDS[phantom_id(index, seed)[-1]]
        if kind not in chests:
            chests[kind] = make_phantom(index, seed, size)
        index += 1
    return {kind: chests[kind] for kind in KINDS.values()}


def plot_found(network: Any, chests: dict[str, np.ndarray]) -> NotebookFigure:
    """Draw each chest as the network gets it, and beside it what the network finds.

    Parameters
    ----------
    network : keras.Model
        From images (B, H, W, 1) to probabilities (B, H, W, 1).
    chests : dict of str → numpy.ndarray, (H, W, 2)
        What they are → image and mask, all of one size.

    Returns
    -------
    matplotlib.figure.Figure
    """
    cases = np.stack(list(chests.values()))
    found = np.asarray(network.predict_on_batch(cases[..., :1]))[..., 0] >= THRESHOLD
    figure, axes, panel = panel_grid(2 * len(cases), 4, cases.shape[1] / cases.shape[2], footer=True)
    words = []
    for at, kind in enumerate(chests):
        image, truth = cases[at, ..., 0], cases[at, ..., 1] > 0.5
        dice = dice_of(truth, found[at])
        for ax in axes[2 * at : 2 * at + 2]:
            draw_image(ax, image)
        show_title(axes[2 * at], kind, panel)
        draw_outlines(axes[2 * at + 1], truth, found[at])
        show_title(axes[2 * at + 1], f"found: Dice {dice:.2f}", panel)
        words.append(f"{kind}, Dice {dice:.2f}")
    explain_masks(figure, truth=True, prediction=True)
    figure.alt_text = (
        "Chests, each as it is, and with the true outline of the lungs and the one that the network found: "
        f"{'; '.join(words)}. A Dice of 1 is a perfect match."
    )
    return figure
