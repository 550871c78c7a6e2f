"""For exercise 2.2: how a network joins, begins and ends, as far as the graph that Keras keeps of it tells."""

from typing import Any

import numpy as np

from lungseg_course.chapters.chapter_2.networks import Built, is_a
from lungseg_course.engine.outcome import Outcome

SUMS = {"Add", "Average"}
ENLARGING = {"Conv2DTranspose", "UpSampling2D", "Resizing", "Resize", "Repeat"}
SCALING = {"Rescaling", "Normalization", "Divide", "TrueDivide", "Multiply", "Subtract"}


def adds_a_skip(model: Any) -> bool:
    """Tell whether a skip is added to what comes from below, and nothing anywhere is joined in another way.

    Of a model of one's own, and of what is within a layer of one's own, nothing is known. A sum in a residual block
    adds what was not made smaller and enlarged again.
    """
    graphs = [each for each in (model, *model._flatten_layers()) if hasattr(each, "operations")]
    nodes = [
        (operation, node) for graph in graphs for operation in graph.operations for node in operation._inbound_nodes
    ]
    joins = [(type(operation).__name__, node.input_tensors) for operation, node in nodes if len(node.input_tensors) > 1]
    return all(name in SUMS for name, _ in joins) and any(
        _is_enlarged_from(one, other) for _, joined in joins for one in joined for other in joined if one is not other
    )


def _is_enlarged_from(tensor: Any, start: Any) -> bool:
    """Tell whether a tensor is made of another one with an enlarging layer on the way."""
    ways, seen = [(tensor, False)], set()
    while ways:
        tensor, enlarged = ways.pop()
        if tensor is start and enlarged:
            return True
        if (id(tensor), enlarged) in seen:
            continue
        seen.add((id(tensor), enlarged))
        operation, node_index, _ = tensor._keras_history
        enlarged = enlarged or type(operation).__name__ in ENLARGING
        ways += [(before, enlarged) for before in operation._inbound_nodes[node_index].input_tensors]
    return False


def darkens(network: Any) -> bool:
    """Tell whether the first thing that happens to the images is that they are scaled, and little is left of them."""
    import keras

    inputs = getattr(network.model, "inputs", None) or ()
    first = [
        node.output_tensors
        for operation in getattr(network.model, "operations", ())
        if type(operation).__name__ in SCALING
        for node in operation._inbound_nodes
        if any(tensor is each for tensor in node.input_tensors for each in inputs)
    ]
    shape = 1, *network.input_shape
    for tensors in first:
        black, white = (Built(keras.Model(inputs, tensors[0]))(array) for array in (np.zeros(shape), np.ones(shape)))
        if np.abs(white - black).max() < 0.1:
            return True
    return False


def is_flat(network: Built) -> bool:
    """Tell whether all that lies between the images and the answer has the size of the images."""
    heights = {
        tensor.shape[1]
        for operation in getattr(network.model, "operations", ())
        for node in operation._inbound_nodes
        for tensor in node.output_tensors
    }
    return len(heights) == 1


def widens(network: Built) -> bool:
    """Tell whether each transposed convolution has more filters than the one before."""
    filters = [layer.filters for layer in network.model._flatten_layers() if is_a(layer, "Conv2DTranspose")]
    return len(filters) > 1 and filters == sorted(set(filters))


def enlarges(network: Built) -> bool:
    """Tell whether something in a network makes its images larger."""
    operations = [*getattr(network.model, "operations", ()), *network.model._flatten_layers()]
    return any(type(operation).__name__ in ENLARGING for operation in operations)


def enlargements(inputs: list) -> list[tuple[int, ...]]:
    """Return by how much height and width grow in each enlarging layer that some symbolic tensors have come to."""
    found, ways, seen = [], list(inputs), set()
    while ways:
        for node in ways.pop()._keras_history.operation._outbound_nodes:
            if id(node) not in seen:
                seen.add(id(node))
                ways += node.output_tensors
                if type(node.operation).__name__ in ("Conv2DTranspose", "UpSampling2D"):
                    found.append(tuple(getattr(node.operation, "strides", None) or node.operation.size))
    return found


def only_adds(network: Built) -> bool:
    """Tell whether sums are all that joins two tensors in a network. Of layers of one's own nothing is known.

    A sum of two convolutions is left alone: that is a convolution of both, one behind the other.
    """
    joins = [
        (type(operation).__name__, node.input_tensors)
        for operation in getattr(network.model, "operations", ())
        for node in operation._inbound_nodes
        if len({id(tensor) for tensor in node.input_tensors}) > 1
    ]
    return bool(joins) and all(name in SUMS and not all(map(_is_convolved, joined)) for name, joined in joins)


def _is_convolved(tensor: Any) -> bool:
    layer = tensor._keras_history.operation
    return type(layer).__name__ == "Conv2D" and max(layer.kernel_size) > 1


def ends_in_a_join(block: Any) -> bool:
    """Tell whether the tensors are concatenated with no convolution behind. Of layers of one's own nothing is known."""
    (tensor,) = block.model.outputs
    while True:
        history = tensor._keras_history
        if any(len(weight.shape) == 4 for weight in getattr(history.operation, "weights", ())):
            return False
        before = history.operation._inbound_nodes[history.node_index].input_tensors
        if len(before) != 1:
            return type(history.operation).__name__ == "Concatenate"
        (tensor,) = before


def flattens(out: Outcome) -> bool:
    """Tell whether a network makes a row of numbers of more than one pixel."""
    for layer in out.args[0].model._flatten_layers():
        if is_a(layer, "Flatten"):
            before = [tensor for node in layer._inbound_nodes for tensor in node.input_tensors]
            if any(len(tensor.shape) == 4 and tensor.shape[1:3] != (1, 1) for tensor in before):
                return True
    return False


def joins_the_image(network: Any) -> bool:
    """Tell whether what comes from below is joined with the image, where the result of an encoder block belongs.

    Joins of three, and one that follows another, have the skip of the level besides.
    """
    images = getattr(network.model, "inputs", None) or ()
    joined = [
        node.input_tensors
        for operation in getattr(network.model, "operations", ())
        for node in operation._inbound_nodes
        if len(node.input_tensors) == 2
    ]
    return len(joined) <= network.settings["depth"] and any(
        any(tensor is image for tensor in pair) and any(_is_enlarged_from(tensor, image) for tensor in pair)
        for pair in joined
        for image in images
    )
