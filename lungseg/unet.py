"""The U-Net: a compression path, a decompression path, and skips between them.

Shapes in the comments: B images in a batch, H x W pixels, F filters.
"""

import keras
from keras import KerasTensor, layers

from lungseg.arguments import number, whole_number
from lungseg.errors import InputError, counted

# Said to every layer that asks: an old ~/.keras/keras.json may make Keras put the channels first.
CHANNELS = "channels_last"
# Keras' default, 0.99, remembers some hundred batches. In a set of a few hundred images those are
# epochs: the validation score would lag behind the training score for the first eight of them.
BATCH_NORM_MOMENTUM = 0.9


def convolution(x: KerasTensor, filters: int, strides: int = 1, name: str | None = None) -> KerasTensor:
    """Return a convolution 3 x 3 of x, and its ReLU.

    `padding="same"` keeps the size: H x W stay as they are, or are divided by `strides`.
    """
    layer = layers.Conv2D(
        filters,
        kernel_size=3,
        strides=strides,
        padding="same",
        data_format=CHANNELS,
        activation="relu",
        kernel_initializer="he_normal",
        name=name,
    )
    return layer(x)


def _joined(name: str | None, part: str) -> str | None:
    """Return the name of a layer of a block, None if the block has none."""
    return f"{name}_{part}" if name else None


def end_of_block(x: KerasTensor, dropout: float, name: str | None) -> KerasTensor:
    """Return x after batch normalisation and spatial dropout, which end each block."""
    x = layers.BatchNormalization(axis=-1, momentum=BATCH_NORM_MOMENTUM, name=_joined(name, "norm"))(x)
    return layers.SpatialDropout2D(dropout, data_format=CHANNELS, name=_joined(name, "dropout"))(x)


def encoder_block(
    x: KerasTensor, filters: int, strides: int = 2, dropout: float = 0.0, name: str | None = None
) -> KerasTensor:
    """Compress: halve height and width with a strided convolution.

    Parameters
    ----------
    x : tensor, shape (B, H, W, C)
    filters : int
        F, the channels that come out.
    strides : int
        2 halves the size; 1 keeps it, for the first block.
    dropout : float
        The fraction of whole channels that spatial dropout sets to zero in training.
    name : str, optional
        The layers' names start with it; without it, Keras chooses them.

    Returns
    -------
    tensor, shape (B, H / strides, W / strides, F)

    Examples
    --------
    >>> encoder_block(keras.Input((64, 64, 16)), filters=32).shape
    (None, 32, 32, 32)
    """
    x = convolution(x, filters, strides, name=_joined(name, "conv_1"))  # (B, H/2, W/2, F)
    x = convolution(x, filters, name=_joined(name, "conv_2"))  # (B, H/2, W/2, F)
    return end_of_block(x, dropout, name)


def decoder_block(
    x: KerasTensor, skip: KerasTensor, filters: int, dropout: float = 0.0, name: str | None = None
) -> KerasTensor:
    """Decompress: double height and width, and join what the encoder saw at that size.

    Parameters
    ----------
    x : tensor, shape (B, H, W, C)
    skip : tensor, shape (B, 2H, 2W, S)
        The output of the encoder block at that size.
    filters : int
        F, the channels that come out.
    dropout, name
        See `encoder_block`.

    Returns
    -------
    tensor, shape (B, 2H, 2W, F)

    Examples
    --------
    >>> decoder_block(keras.Input((16, 16, 64)), keras.Input((32, 32, 32)), filters=32).shape
    (None, 32, 32, 32)
    """
    up = layers.Conv2DTranspose(
        filters, kernel_size=2, strides=2, padding="same", data_format=CHANNELS, name=_joined(name, "up")
    )
    x = up(x)  # (B, 2H, 2W, F)
    x = layers.Concatenate(axis=-1, name=_joined(name, "skip"))([x, skip])  # (B, 2H, 2W, F + S)
    x = convolution(x, filters, name=_joined(name, "conv"))  # (B, 2H, 2W, F)
    return end_of_block(x, dropout, name)


def build_unet(
    input_shape: tuple[int | None, int | None, int],
    filters: int = 16,
    depth: int = 4,
    dropout: float = 0.1,
    classes: int = 1,
    name: str = "unet",
    exclusive: bool = True,
) -> keras.Model:
    """Build a U-Net [1]_ with strided convolutions down and transposed ones up.

    Parameters
    ----------
    input_shape : (H, W, C)
        The shape of an image, with any number of channels C. H and W may be
        None: then the network takes any size that 2**depth divides.
    filters : int
        F, the channels at full size; each step down doubles them.
    depth : int
        How many times the image is halved, and doubled again.
    dropout : float
        See `encoder_block`.
    classes : int
        1 for lung or not: a sigmoid. More, background included: a softmax,
        and masks that are one-hot along the last axis.
    name : str
    exclusive : bool
        False for classes that overlap: a sigmoid for each, without the background.

    Returns
    -------
    keras.Model
        From (B, H, W, C) to probabilities (B, H, W, classes), float32 under any mixed-precision policy. Layers are
        named `encoder_0_...` at full size to `encoder_<depth>_...`, the bottleneck, then back down to `decoder_0_...`
        and `output`.

    Raises
    ------
    InputError
        If 2**depth does not divide H and W, or an argument is out of range.

    References
    ----------
    .. [1] O. Ronneberger, P. Fischer, T. Brox, "U-Net: convolutional networks
       for biomedical image segmentation", MICCAI (2015), arXiv:1505.04597.

    Examples
    --------
    >>> model = build_unet((64, 64, 1), filters=4, depth=2)
    >>> model.output_shape
    (None, 64, 64, 1)
    """
    _check_arguments(input_shape, filters, depth, dropout, classes)
    filters, depth, classes = int(filters), int(depth), int(classes)  # also those of NumPy
    inputs = keras.Input(input_shape, name="image")  # (B, H, W, C)

    x = encoder_block(inputs, filters, strides=1, dropout=dropout, name="encoder_0")  # (B, H, W, F)
    skips = []
    for level in range(1, depth + 1):
        skips.append(x)
        x = encoder_block(x, filters * 2**level, dropout=dropout, name=f"encoder_{level}")
    # The bottleneck: (B, H / 2**depth, W / 2**depth, F * 2**depth)
    for level in reversed(range(depth)):
        x = decoder_block(x, skips[level], filters * 2**level, dropout=dropout, name=f"decoder_{level}")
    # (B, H, W, F)

    # Softmax and sigmoid lose the small probabilities in half precision: the output stays float32.
    activation = "softmax" if exclusive and classes > 1 else "sigmoid"
    output = layers.Conv2D(classes, 1, data_format=CHANNELS, activation=activation, dtype="float32", name="output")
    return keras.Model(inputs, output(x), name=name)


def _check_arguments(
    input_shape: tuple[int | None, int | None, int], filters: int, depth: int, dropout: float, classes: int
) -> None:
    """Refuse arguments that give no network, and name sizes that do."""
    if not isinstance(input_shape, (tuple, list)) or len(input_shape) != 3:
        raise InputError(
            "build_unet expected input_shape to be (height, width, channels), without the number of images, "
            f"(128, 128, 1) for one. Received: {input_shape!r}."
        )
    counts = {"filters": filters, "depth": depth, "classes": classes, "channels": input_shape[2]}
    for label, value in counts.items():
        whole_number(value, "build_unet", label)
    number(dropout, "build_unet", "dropout", "from 0 up to, not including, 1", lambda share: 0 <= share < 1)

    step = 2**depth
    for label, size in zip(("height", "width"), input_shape[:2], strict=True):
        if size is not None and whole_number(size, "build_unet", label) % step:
            below, above = size // step * step, (size // step + 1) * step
            nearest = f"{below} and {above}" if below > 0 else f"{above}"
            raise InputError(
                f"build_unet with depth={depth} halves the image {counted(depth, 'time')}, so {step} must "
                f"divide its {label}. "
                f"Received: {label} {size}. The nearest that work: {nearest}. Resize the images, or lower the depth."
            )
