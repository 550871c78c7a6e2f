"""What training curves say, in words."""

from typing import TYPE_CHECKING

from lungseg_course.engine.lines import say

if TYPE_CHECKING:
    import pandas as pd

LOW = 0.1  # a validation loss that is so much above its lowest point, as a share of it, is close to it
A_WHILE = 3  # epochs: what lasts shorter may be chance


def read_aloud(history: "pd.DataFrame") -> None:
    """Print which epoch was the best, and whether the network over-fits.

    Parameters
    ----------
    history : pandas.DataFrame
        Of a run: a row for each epoch, with `dice`, `val_dice` and `val_loss`.
    """
    for sentence in sentences(history):
        say(sentence)


def sentences(history: "pd.DataFrame") -> list[str]:
    """Return what the curves say.

    Parameters
    ----------
    history : pandas.DataFrame

    Returns
    -------
    list of str

    Examples
    --------
    >>> import pandas as pd
    >>> history = pd.DataFrame({"dice": [0.8, 0.9], "val_dice": [0.7, 0.85], "val_loss": [0.3, 0.2]})
    >>> for sentence in sentences(history):
    ...     print(sentence)
    The best epoch was number 2 of 2: val_dice 0.850.
    The training Dice was 0.900 then, a difference of +0.050.
    At the end the validation loss is at its lowest point, or close to it: no sign of over-fitting.
    The last epoch was the best: more epochs might still help a little.
    """
    history = history.reset_index(drop=True)
    at = int(history["val_dice"].idxmax())
    best, losses = history.iloc[at], history["val_loss"]
    told = [
        f"The best epoch was number {at + 1} of {len(history)}: val_dice {best['val_dice']:.3f}.",
        f"The training Dice was {best['dice']:.3f} then, a difference of {best['dice'] - best['val_dice']:+.3f}.",
    ]
    since = len(history) - 1 - int(losses.idxmin())
    rise = losses.iloc[-1] / losses.min() - 1
    if rise < LOW:
        told.append("At the end the validation loss is at its lowest point, or close to it: no sign of over-fitting.")
    elif since < A_WHILE:
        told.append(
            f"At the very end the validation loss has jumped up by {rise:.0%}. Large steps do that now and then: it is "
            "over-fitting only if it stays up, epoch after epoch, while the training loss goes on falling."
        )
    else:
        told.append(
            f"For {since} epochs the validation loss has been above its lowest point, by {rise:.0%} now: over-fitting."
        )
    if at == len(history) - 1:
        told.append("The last epoch was the best: more epochs might still help a little.")
    return told
