"""For exercise 2.2: how a network joins, as far as the graph that Keras keeps of it tells."""

from typing import Any

SUMS = {"Add", "Average"}
ENLARGING = {"Conv2DTranspose", "UpSampling2D", "Resizing", "Resize", "Repeat"}


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
