"""Networks that stand in for trained ones, and runs of them."""

import keras
import numpy as np

from lungseg.problems import LUNGS
from lungseg.runs import write_json


def save_run(folder, network, problem=LUNGS, **settings):
    """Write the folder of a run that ended with this network, of 32 x 32 pixels. Returns the folder."""
    folder.mkdir(parents=True)
    network.save(folder / "best.keras")
    write_json(folder / "settings.json", {"problem": problem.described(), "size": [32, 32], **settings})
    return folder


def threshold_network(size=32, scale=50.0):
    """A network that calls lung whatever is brighter than 0.5."""
    inputs = keras.Input((size, size, 1))
    layer = keras.layers.Conv2D(1, 1, activation="sigmoid")
    model = keras.Model(inputs, layer(inputs))
    layer.set_weights([np.full((1, 1, 1, 1), scale), np.array([-scale / 2])])
    return model


def channel_network(channels=3, classes=2, size=32, exclusive=True, scale=50.0):
    """A network whose k-th class is wherever the k-th channel is brighter than 0.5; of exclusive ones, the brightest.

    A size of None takes any.
    """
    softmax = exclusive and classes > 1
    outputs = classes + softmax
    inputs = keras.Input((size, size, channels))
    layer = keras.layers.Conv2D(outputs, 1, activation="softmax" if softmax else "sigmoid")
    model = keras.Model(inputs, layer(inputs))
    kernel, bias = np.zeros((1, 1, channels, outputs)), np.full(outputs, -scale / 2)
    for k in range(classes):
        kernel[0, 0, k, k + softmax] = scale
    if softmax:
        bias[0] = 0.0
    layer.set_weights([kernel, bias])
    return model
