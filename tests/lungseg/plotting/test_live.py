"""The figure of a training that is going on."""

import numpy as np
import pytest

from lungseg.errors import InputError
from lungseg.plotting.figure import as_png
from lungseg.plotting.live import TrainingFigure

MASK = np.zeros((16, 16))
MASK[4:12, 4:12] = 1
HISTORY = {"loss": [0.9, 0.5], "val_loss": [0.8, 0.6], "dice": [0.2, 0.5], "val_dice": [0.45, 0.4]}


def made(epochs=5, count=2):
    return TrainingFigure(epochs, [MASK / 2] * count, [MASK] * count, ["A_0", "B_1"][:count])


@pytest.mark.parametrize(
    ("history", "predictions", "said"),
    [
        ({}, None, "Before the training. A_0, with the true outline. B_1, with the true outline."),
        (
            HISTORY,
            [MASK, np.roll(MASK, 4, axis=0)],
            "Training after epoch 2 of 5. Loss: training 0.500, validation 0.600. Dice: training 0.500, validation "
            "0.400. Best validation Dice 0.450 in epoch 1. A_0: predicted outline beside the true one, Dice 1.000. "
            "B_1: predicted outline beside the true one, Dice 0.500.",
        ),
        ({"loss": [float("nan")]}, [MASK * 0, MASK], "Training after epoch 1 of 5. Loss: training nan. A_0: predicted"),
        ({"loss": [0.5], "val_dice": [float("nan")]}, None, "Training after epoch 1 of 5. Loss: training 0.500. Dice:"),
    ],
)
def test_it_says_what_it_shows(history, predictions, said):
    figure = made()
    figure.redraw(history, predictions)
    assert figure.alt_text.startswith(said)


def test_each_epoch_changes_the_picture_and_no_axes_move():
    figure = made()
    places = [ax.get_position().bounds for ax in figure.axes]
    seen = {as_png(figure)}
    for epochs in (1, 2):
        figure.redraw({name: values[:epochs] for name, values in HISTORY.items()}, [np.roll(MASK, epochs)] * 2)
        seen.add(as_png(figure))
    figure.redraw(HISTORY, [np.full((16, 16), 0.49)] * 2)  # probabilities: none is lung
    assert figure.alt_text.endswith("Dice 0.000.")
    figure.redraw(HISTORY, None)
    assert figure.alt_text.endswith("B_1, with the true outline.")
    assert len(seen) == 3
    assert [ax.get_position().bounds for ax in figure.axes] == places


@pytest.mark.parametrize("count", [0, 1])
def test_with_fewer_cases_there_are_fewer_panels(count):
    figure = made(count=count)
    assert len(figure.axes) == 2 + count
    assert as_png(figure).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("images", "names", "said"),
    [([MASK] * 2, ["A"], "2 images, 2 masks and 1 names"), ([MASK] * 3, ["A", "B", "C"], "up to two cases")],
)
def test_other_numbers_of_cases_are_refused(images, names, said):
    with pytest.raises(InputError, match=said):
        TrainingFigure(5, images, images, names)
