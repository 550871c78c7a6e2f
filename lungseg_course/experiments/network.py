"""The U-Net of the experiments: like `lungseg.unet`, but each of its parts can be left out."""

import keras
from keras import KerasTensor, layers

from lungseg.errors import InputError
from lungseg.unet import CHANNELS, convolution
from lungseg_course.experiments.settings import Settings


def build_network(settings: Settings) -> keras.Model:
    """Build the network of a variant.

    Parameters
    ----------
    settings : Settings

    Returns
    -------
    keras.Model
        From images (B, size, size, 1) to probabilities of the same shape.

    Raises
    ------
    InputError
        If `settings.build` gives no such network, or takes other arguments.

    Examples
    --------
    >>> with_skips, without = (build_network(Settings(skips=skips, depth=2)) for skips in (True, False))
    >>> with_skips.output_shape
    (None, 64, 64, 1)
    >>> with_skips.count_params() > without.count_params()
    True
    """
    shape = (settings.size, settings.size, 1)
    if settings.build is not None:
        return _build_own(settings, shape)
    inputs = keras.Input(shape)  # (B, H, W, 1)
    x = _two_convolutions(inputs, settings.filters, 1, settings)  # (B, H, W, F)
    skips = []
    for level in range(1, settings.depth + 1):
        skips.append(x)
        x = _two_convolutions(x, settings.filters * 2**level, 2, settings)
    for level in reversed(range(settings.depth)):
        filters = settings.filters * 2**level
        x = layers.Conv2DTranspose(filters, 2, strides=2, padding="same", data_format=CHANNELS)(x)
        if settings.skips:
            x = layers.Concatenate(axis=-1)([x, skips[level]])
        x = _end_of_block(convolution(x, filters), settings)
    output = layers.Conv2D(1, 1, activation="sigmoid", data_format=CHANNELS, dtype="float32")
    return keras.Model(inputs, output(x))


def _two_convolutions(x: KerasTensor, filters: int, strides: int, settings: Settings) -> KerasTensor:
    return _end_of_block(convolution(convolution(x, filters, strides), filters), settings)


def _end_of_block(x: KerasTensor, settings: Settings) -> KerasTensor:
    if settings.batch_norm:
        x = layers.BatchNormalization(axis=-1, momentum=settings.momentum)(x)
    if settings.dropout and settings.spatial:
        x = layers.SpatialDropout2D(settings.dropout, data_format=CHANNELS)(x)
    elif settings.dropout:
        x = layers.Dropout(settings.dropout)(x)
    return x


def _build_own(settings: Settings, shape: tuple[int, int, int]) -> keras.Model:
    assert settings.build is not None
    arguments = {"filters": settings.filters, "depth": settings.depth, "dropout": settings.dropout}
    try:
        model = settings.build(shape, **arguments)
    except TypeError as error:
        if error.__traceback__ is not None and error.__traceback__.tb_next is not None:  # of its own code
            raise
        call = ", ".join([str(shape), *(f"{name}={value}" for name, value in arguments.items())])
        raise InputError(
            f"build: expected a function that can be called as build({call}). Received: {error}."
        ) from None
    found = getattr(model, "output_shape", type(model).__name__)
    if found != (None, *shape):
        raise InputError(
            f"build: expected a network from images (B, {shape[0]}, {shape[1]}, 1) to masks of that shape. "
            f"Received: {found}. Return the `keras.Model`."
        )
    return model
