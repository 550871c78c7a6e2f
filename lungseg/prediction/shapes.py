"""Whether a network takes the channels of a problem and gives its classes, and what mends it if not."""

from lungseg.errors import InputError
from lungseg.problems import LUNGS, Problem


def check_shapes_of_network(model: object, problem: Problem = LUNGS) -> None:
    """Refuse a network that does not give the probabilities of a problem for each pixel, and say how to mend it.

    Parameters
    ----------
    model : keras.Model
    problem : Problem
        By default one grey channel and one class.

    Raises
    ------
    InputError
        If its input or its output has another shape than (B, H, W, C) and (B, H, W, outputs), the two have other
        sizes, or the last layer has an activation that does not suit the classes.

    Examples
    --------
    >>> from lungseg import build_unet
    >>> check_shapes_of_network(build_unet((32, 32, 1), filters=2, depth=1))
    """
    taken, given = getattr(model, "input_shape", None), getattr(model, "output_shape", None)
    mend = _how_to_mend(taken, given, problem)
    if mend is None:
        activation = getattr(getattr(model, "layers", [None])[-1:][0], "activation", None)
        mend = _how_to_activate(getattr(activation, "__name__", ""), problem)
    if mend:
        raise InputError(
            f"expected a network from (B, H, W, {len(problem.channels)}) to (B, H, W, {problem.outputs}), a run or a "
            f"run folder. Received: {type(model).__name__} with shapes {taken} and {given}. {mend}"
        )


def _how_to_mend(taken: object, given: object, problem: Problem) -> str | None:
    """Return what to do with a network of these shapes, None if nothing is to be done."""
    channels, outputs = len(problem.channels), problem.outputs
    of_lungs = (channels, outputs) == (1, 1)
    exclusive = "" if problem.softmax or outputs == 1 else ", exclusive=False"
    build = "Build one with `build_unet`."
    if not of_lungs:
        build = f"Build one with `build_unet((height, width, {channels}), classes={outputs}{exclusive})`."
    for shape, what in ((taken, "inputs"), (given, "outputs")):
        if isinstance(shape, (list, dict)):
            return f"It has several {what}: choose one, keras.Model(model.inputs[0], model.outputs[0]) for example."
        if not isinstance(shape, tuple) or len(shape) != 4:
            return build
    assert isinstance(taken, tuple)
    assert isinstance(given, tuple)
    if taken[-1] != channels and taken[1] in (1, 3, channels):
        return "Its channels come first: build it with data_format='channels_last'."
    if taken[-1] == 3 and channels == 1:
        return "It takes colours: put a layer in front of it that repeats the grey channel three times."
    if taken[-1] != channels:
        return build
    if given[-1] != outputs and given[1] in (1, 2, outputs):
        return "Its output has the channels first: put keras.layers.Permute((2, 3, 1)) behind it."
    if given[-1] == outputs - 1 and problem.softmax:
        return f"Classes that exclude each other need a channel for the background, the first one. {build}"
    if given[-1] != outputs:
        lungs = "Keep the channel of the lungs: keras.Model(model.input, model.output[..., 1:2]) if it is the second."
        return lungs if of_lungs else build
    if any(a is not None and b is not None and a != b for a, b in zip(taken[1:3], given[1:3], strict=True)):
        return "Its output has another size: put keras.layers.Resizing or UpSampling2D behind it."
    return None


def _how_to_activate(activation: str, problem: Problem) -> str | None:
    """Return what to do with a network whose last layer has this activation, None if nothing is to be done."""
    if activation == "softmax" and problem.outputs == 1:
        return "A softmax over one channel is 1 everywhere: train it with a sigmoid in its place."
    if activation == "softmax" and not problem.softmax:
        return "A softmax lets one class win in each pixel, and these overlap: train it with a sigmoid in its place."
    if activation == "sigmoid" and problem.softmax:
        return "A sigmoid knows nothing of the other classes, and these exclude each other: train it with a softmax."
    return None
