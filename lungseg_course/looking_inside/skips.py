"""What each skip hands across: the same case, with one skip silenced after the other, and with all of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lungseg.errors import InputError
from lungseg.masks.cleaning import THRESHOLD
from lungseg.masks.overlap import dice_of
from lungseg.plotting.figure import NotebookFigure, panel_grid, show_title
from lungseg.plotting.legends import explain_masks
from lungseg.plotting.overlays import draw_image, draw_outlines
from lungseg_course.looking_inside.graph import Skip, find_skips


def without(model: Any, skips: Sequence[Skip]) -> Any:
    """Return a network in which skips tell nothing of where: each of their maps is the same everywhere, its mean.

    The mean, and not 0: what comes after has learnt to expect numbers of that size.

    Parameters
    ----------
    model : keras.Model
        Stays as it is.
    skips : sequence of Skip
        Of those that `find_skips` gives.

    Returns
    -------
    keras.Model

    Raises
    ------
    InputError
        If Keras cannot build the network once more.
    """
    import keras

    places = {skip.operation: skip.place for skip in skips}

    def silence(operation, *args, **kwargs):
        if operation.name in places:
            parts, place = keras.tree.flatten(args), places[operation.name]
            mean = keras.ops.mean(parts[place], axis=(1, 2), keepdims=True)
            parts[place] = keras.ops.zeros_like(parts[place]) + mean
            args = keras.tree.pack_sequence_as(args, parts)
        return operation(*args, **kwargs)

    try:
        other = keras.models.clone_model(model, call_function=silence)
        other.set_weights(model.get_weights())
    except (AttributeError, TypeError, ValueError, NotImplementedError) as error:
        raise InputError(
            f"{model.name}: expected a network that Keras can build once more, with a skip silenced. Received one that "
            f"it cannot ({type(error).__name__}). A layer of your own needs `get_config`."
        ) from None
    return other


def plot_without_skips(model: Any, image: np.ndarray, truth: np.ndarray) -> NotebookFigure:
    """Draw what a network finds in a case, with all its skips, with each of them silenced, and with none.

    Parameters
    ----------
    model : keras.Model
        From `look_into`.
    image, truth : numpy.ndarray, shape (H, W)
        A case: the image in [0, 1], the mask in {0, 1}.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from lungseg import build_unet
    >>> network = build_unet((32, 32, 1), filters=4, depth=2)
    >>> figure = plot_without_skips(network, np.zeros((32, 32)), np.zeros((32, 32)))
    >>> [ax.get_title().partition("\\n")[0] for ax in figure.axes]
    ['all skips', 'without 32 × 32', 'without 16 × 16', 'without any']
    """
    skips, networks = find_skips(model), {"all skips": model}
    for skip in skips:
        networks[f"without {skip.height} × {skip.width}"] = without(model, [skip])
    if len(skips) > 1:
        networks["without any"] = without(model, skips)
    columns = len(networks) if len(networks) <= 4 else -(-len(networks) // 2)
    figure, axes, panel = panel_grid(
        len(networks), columns, image.shape[0] / image.shape[1], title_lines=2, footer=True, largest=3.2
    )
    batch, lungs, words = np.asarray(image, "float32")[None, ..., None], truth == 1, []
    for ax, (name, network) in zip(axes, networks.items(), strict=True):
        found = np.asarray(network(batch, training=False))[0, ..., 0] >= THRESHOLD
        dice = dice_of(lungs, found)
        draw_image(ax, image)
        draw_outlines(ax, lungs, found)
        show_title(ax, f"{name}\nDice {dice:.3f}", panel)
        words.append(f"{name}: Dice {dice:.3f}")
    explain_masks(figure, truth=True, prediction=True)
    figure.alt_text = (
        f"A case, predicted with one skip silenced after the other, and with all of them. {'; '.join(words)}."
    )
    return figure
