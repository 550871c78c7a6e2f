"""How large the network of a program is: its parameters, and the multiplications of its convolutions for one image.

    python benchmarks/three_classes/sizes.py PROGRAM FOLDER OUT SEED

PROGRAM is `with_lungseg.py` or `with_monai.py`, and has trained into OUT. Prints JSON. Each weight of a convolution is
multiplied once at each place of its output, of its input if it is transposed; the zeros around the image count.
"""

import json
import runpy
import sys
from math import prod
from pathlib import Path


def size_of_keras(model) -> dict[str, int]:
    """Return the size of a network of Keras that was built for one size of images."""
    multiplications = 0
    for layer in model.layers:
        if "Conv" in type(layer).__name__:
            places = layer.input if "Transpose" in type(layer).__name__ else layer.output  # (B, H, W, C)
            multiplications += prod(places.shape[1:3]) * prod(layer.kernel.shape)
    return {"parameters": sum(prod(each.shape) for each in model.trainable_weights), "multiplications": multiplications}


def size_of_torch(model, image) -> dict[str, int]:
    """Return the size of a network of PyTorch, which is shown an image (1, C, H, W)."""
    from torch.nn.modules.conv import _ConvNd, _ConvTransposeNd

    counts = []

    def count(layer, given, output):
        places = given[0] if isinstance(layer, _ConvTransposeNd) else output  # (B, C, H, W)
        counts.append(prod(places.shape[2:]) * layer.weight.numel())

    for layer in model.modules():
        if isinstance(layer, _ConvNd):
            layer.register_forward_hook(count)
    model.eval()(image)
    return {"parameters": sum(each.numel() for each in model.parameters()), "multiplications": sum(counts)}


def main() -> None:
    program, folder, out, seed = sys.argv[1:]
    if Path(program).stem == "with_lungseg":
        from lungseg.runs import load_run

        size = size_of_keras(load_run(Path(out) / "run").model)
    else:
        sys.argv = [program, folder, out, "0", seed]  # no epochs: it loads the network that it has trained
        names = runpy.run_path(program)
        size = size_of_torch(names["model"], next(iter(names["test"]))["image"][:1])
    print(json.dumps(size))


if __name__ == "__main__":
    main()
