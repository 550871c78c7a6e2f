"""A network as what it is made of: its operations in order, the values between them, its sizes and its skips."""

from typing import Any, NamedTuple

import numpy as np

from lungseg_course.engine.lines import in_lines


class Stage(NamedTuple):
    """What a network has computed when it leaves a size.

    Attributes
    ----------
    height, width : int
        In pixels.
    maps : numpy.ndarray, shape (H, W, C)
    """

    height: int
    width: int
    maps: np.ndarray


class Skip(NamedTuple):
    """A connection past the bottleneck.

    Attributes
    ----------
    operation : str
        The name of the operation in which it ends, a concatenation or a sum.
    place : int
        Which of the inputs of that operation it is, counted from 0.
    height, width, channels : int
        Of what it hands across.
    """

    operation: str
    place: int
    height: int
    width: int
    channels: int


def look_into(model: Any, image: np.ndarray) -> Any:
    """Return the network that can be looked into: this one, or the package's if this one does not show its layers.

    Parameters
    ----------
    model : keras.Model
        For images of one size.
    image : numpy.ndarray, shape (H, W)
        What it will be looked at with.

    Returns
    -------
    keras.Model
        A line is printed that says which it is, and why.

    Examples
    --------
    >>> from lungseg import build_unet
    >>> model = build_unet((32, 32, 1), filters=4, depth=2)
    >>> look_into(model, np.zeros((32, 32))) is model
    What follows is your network: 24 layers, 2 skips.
    True
    """
    why = ""
    if not operations(model):
        why = "it is a class of its own, and Keras does not know which layer gets what from which"
    elif first_convolution(model) is None:
        why = "Keras knows no convolution in it that reads the image"
    if why:
        from lungseg.pretrained import load_pretrained

        print(in_lines(f"Your network does not show what is inside: {why}. It works all the same."))
        print(in_lines("What follows is the network that comes with the package."))
        return load_pretrained(image.shape)
    skips = len(find_skips(model))
    print(in_lines(f"What follows is your network: {len(model.layers)} layers, {skips} skip{'s' * (skips != 1)}."))
    return model


def operations(model: Any) -> list:
    """Return the operations of a network but its inputs, from the image to the answer; none if Keras knows none.

    Examples
    --------
    >>> from lungseg import build_unet
    >>> [operation.name for operation in operations(build_unet((8, 8, 1), filters=2, depth=1))][:2]
    ['encoder_0_conv_1', 'encoder_0_conv_2']
    """
    import keras

    if not (isinstance(model, keras.Sequential) or hasattr(model, "operations")):
        return []
    try:
        if len(model.inputs) != 1 or len(model.outputs) != 1:
            return []
        found = [
            each for each in getattr(model, "operations", model.layers) if not isinstance(each, keras.layers.InputLayer)
        ]
        keras.Model(model.inputs[0], [each.output for each in found])
    except (AttributeError, TypeError, ValueError):  # it was never called, or an operation does not tell its output
        return []
    return found


def first_convolution(model: Any) -> Any:
    """Return the first layer with filters (height, width, channels of the image, count), or None if there is none."""
    channels = model.inputs[0].shape[-1]
    for each in operations(model):
        kernel = getattr(each, "kernel", None)
        if kernel is not None and len(kernel.shape) == 4:
            return each if kernel.shape[2] == channels else None
    return None


def values_inside(model: Any, image: np.ndarray) -> list[np.ndarray]:
    """Return what each operation of a network makes of an image.

    Parameters
    ----------
    model : keras.Model
    image : numpy.ndarray, shape (H, W)

    Returns
    -------
    list of numpy.ndarray
        In the order of `operations`: (H', W', C) of each that gives maps; an empty array of one that does not.
    """
    import keras

    outputs = [each.output for each in operations(model)]
    answers = keras.Model(model.inputs[0], outputs)(np.asarray(image, "float32")[None, ..., None], training=False)
    maps = [each is not None and getattr(each, "ndim", 0) == 4 for each in answers]
    return [
        keras.ops.convert_to_numpy(each)[0] if is_maps else np.empty((0, 0, 0))
        for each, is_maps in zip(answers, maps, strict=True)
    ]


def stages(values: list[np.ndarray]) -> tuple[list[Stage], list[Stage]]:
    """Return the last maps of each size, on the way down to the smallest size, and on the way up.

    Parameters
    ----------
    values : list of numpy.ndarray, shape (H, W, C)
        As `values_inside` returns them. What has a single channel is the answer, and no map.

    Returns
    -------
    down, up : list of Stage
        Each from the largest size to the smallest. The smallest, the bottleneck, is the last of `down`.
    """
    maps = [each for each in values if each.size and each.shape[-1] > 1]
    if not maps:
        return [], []
    areas = [each.shape[0] * each.shape[1] for each in maps]
    lowest = int(np.argmin(areas))
    bottom = max(place for place, area in enumerate(areas) if area == areas[lowest])
    ways: tuple[dict[tuple, np.ndarray], dict[tuple, np.ndarray]] = {}, {}
    for place, each in enumerate(maps):
        ways[place > bottom][each.shape[:2]] = each  # a later one of this size takes the place of an earlier one
    down, up = (
        [Stage(size[0], size[1], way[size]) for size in sorted(way, key=lambda size: -size[0] * size[1])]
        for way in ways
    )
    return down, up


def find_skips(model: Any) -> list[Skip]:
    """Return the connections that lead past the bottleneck, from the largest to the smallest.

    Parameters
    ----------
    model : keras.Model

    Returns
    -------
    list of Skip

    Examples
    --------
    >>> from lungseg import build_unet
    >>> for skip in find_skips(build_unet((32, 32, 1), filters=4, depth=2)):
    ...     print(*skip)
    decoder_0_skip 1 32 32 4
    decoder_1_skip 1 16 16 8
    """
    order = operations(model)
    place_of = {id(tensor): place for place, each in enumerate(order) for tensor in _flat(each.output)}
    areas = [_area(each.output) for each in order]
    known = [area for area in areas if area]
    if not known:
        return []
    bottom = max(place for place, area in enumerate(areas) if area == min(known))
    found = []
    for place, each in enumerate(order):
        inputs = _flat(each.input)
        if place <= bottom or len(inputs) < 2:
            continue
        sources = [place_of.get(id(tensor), -1) for tensor in inputs]
        earliest = int(np.argmin(sources))
        if sources[earliest] < bottom and _area(inputs[earliest]):
            found.append(Skip(each.name, earliest, *inputs[earliest].shape[1:]))
    return sorted(found, key=lambda skip: -skip.height * skip.width)


def _flat(tensors: Any) -> list:
    import keras

    return keras.tree.flatten(tensors)


def _area(tensors: Any) -> int:
    """Return how many pixels maps have; 0 of what is no maps, or of no fixed size."""
    shape: tuple = getattr(tensors, "shape", ())
    return shape[1] * shape[2] if len(shape) == 4 and shape[1] and shape[2] else 0
