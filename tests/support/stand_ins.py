"""Networks that stand in for trained ones."""

import keras
import numpy as np


def threshold_network(size=32, scale=50.0):
    """A network that calls lung whatever is brighter than 0.5."""
    inputs = keras.Input((size, size, 1))
    layer = keras.layers.Conv2D(1, 1, activation="sigmoid")
    model = keras.Model(inputs, layer(inputs))
    layer.set_weights([np.full((1, 1, 1, 1), scale), np.array([-scale / 2])])
    return model
