"""Random changes of where things are in an image and its masks, as Keras layers."""

from typing import Any

import keras
import numpy as np
from keras import KerasTensor, ops
from scipy.interpolate import CubicSpline

from lungseg.augmentation.moved_masks import fill_their_image, moved_masks
from lungseg.augmentation.pair_layer import Pair, PairLayer


@keras.saving.register_keras_serializable(package="lungseg")
class RandomAffine(PairLayer):
    """Rotate, zoom and shift; with `flip`, mirror some.

    Images are interpolated linearly, masks too and then cut at one half, so that they stay binary and their border
    stays where it was (`moved_masks` says what becomes of several classes). Beyond the edge the image goes on as it
    ends, and the mask is 0; where the classes fill an image, so that it has no background, they go on as well.

    Parameters
    ----------
    rotation : float
        Degrees at most, to either side.
    zoom : float
        0.1 draws factors from about 0.9 to 1.1, for height and width apart.
    shift : float
        Fraction of height and width at most.
    flip : float
        Probability of mirroring left and right. The heart then lies on the right, which is very rare in life.
    """

    def __init__(
        self, rotation: float = 5.0, zoom: float = 0.1, shift: float = 0.05, flip: float = 0.0, **kwargs: object
    ):
        super().__init__(**kwargs)
        self.rotation, self.zoom, self.shift, self.flip = rotation, zoom, shift, flip

    def draw(self, rng: np.random.Generator, count: int, size: tuple[int, int]) -> dict[str, np.ndarray]:
        height, width = size
        angle = np.deg2rad(rng.uniform(-self.rotation, self.rotation, count))
        factor = np.exp(rng.uniform(-self.zoom, self.zoom, (2, count)))
        move = rng.uniform(-self.shift, self.shift, (2, count)) * [[height], [width]]
        mirror = np.where(rng.random(count) < self.flip, -1.0, 1.0)
        # A pixel (x, y) of the result comes from (a x + b y + c, d x + e y + f) of the image.
        a, b = np.cos(angle) / factor[1] * mirror, -np.sin(angle) / factor[0]
        d, e = np.sin(angle) / factor[1] * mirror, np.cos(angle) / factor[0]
        x0, y0 = (width - 1) / 2, (height - 1) / 2
        c = x0 - a * x0 - b * y0 - move[1]
        f = y0 - d * x0 - e * y0 - move[0]
        return {"transform": np.stack([a, b, c, d, e, f, 0 * a, 0 * a], axis=1)}

    def change(self, images: KerasTensor, masks: KerasTensor, transform: KerasTensor) -> Pair:
        # On PyTorch Keras writes into the transform that it is given.
        images = ops.image.affine_transform(images, ops.copy(transform), fill_mode="nearest")
        moved = ops.image.affine_transform(masks, ops.copy(transform), fill_mode="constant")
        if masks.shape[-1] > 1:
            onwards = ops.image.affine_transform(masks, transform, fill_mode="nearest")
            moved = ops.where(fill_their_image(masks), onwards, moved)
        return images, moved_masks(moved, masks)

    def get_config(self) -> dict[str, Any]:
        own = {"rotation": self.rotation, "zoom": self.zoom, "shift": self.shift, "flip": self.flip}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable(package="lungseg")
class RandomElastic(PairLayer):
    """Pull and push smoothly, as if the picture were drawn on rubber [1]_.

    Random shifts are drawn at the nodes of a coarse grid, and splines through them say how far each pixel between
    them goes. No two chests have the same shape, and a network that saw a hundred of them should not learn those by
    heart. Images are interpolated linearly, masks too and then cut at one half, see `moved_masks`.

    Parameters
    ----------
    deviation : float
        Standard deviation of the shifts at the nodes, as a fraction of height
        and width, in the image that is changed most; the others get less.
    nodes : int
        Along each side, 2 or more. Many nodes with large shifts would fold the
        image: keep the deviation well below 1 / (4 nodes).

    References
    ----------
    .. [1] O. Ronneberger, P. Fischer, T. Brox, "U-Net: convolutional networks
       for biomedical image segmentation", MICCAI (2015), arXiv:1505.04597,
       section 3.1.
    """

    def __init__(self, deviation: float = 0.012, nodes: int = 6, **kwargs: object):
        super().__init__(**kwargs)
        self.deviation, self.nodes = deviation, nodes

    def draw(self, rng: np.random.Generator, count: int, size: tuple[int, int]) -> dict[str, np.ndarray]:
        strength = rng.uniform(0, self.deviation, (count, 1, 1, 1))
        at_nodes = strength * rng.standard_normal((count, self.nodes, self.nodes, 2)) * size
        down, across = (self._share_of_nodes(side) for side in size)  # (H, N), (W, N)
        # (B, H, W, 2): how many rows and columns away a pixel of the result comes from.
        return {"shift": np.einsum("hn,bnmk,wm->bhwk", down, at_nodes, across, optimize=True)}

    def _share_of_nodes(self, side: int) -> np.ndarray:
        """Return what each node counts at each pixel of a side, (side, nodes): splines through one 1 and zeros."""
        spline = CubicSpline(np.arange(self.nodes), np.eye(self.nodes), bc_type="natural")
        return spline(np.linspace(0, self.nodes - 1, side))

    def change(self, images: KerasTensor, masks: KerasTensor, shift: KerasTensor) -> Pair:
        count, height, width, channels = images.shape
        rows = ops.clip(ops.arange(height, dtype="float32")[:, None] + shift[..., 0], 0, height - 1)  # (B, H, W)
        columns = ops.clip(ops.arange(width, dtype="float32") + shift[..., 1], 0, width - 1)
        # Linear interpolation between four neighbours. On TensorFlow `ops.image.map_coordinates` takes longer.
        both = ops.concatenate([images, masks], axis=-1)  # (B, H, W, C + K)
        pixels = ops.reshape(both, (-1, both.shape[-1]))  # (B H W, C + K)
        first = ops.arange(count, dtype="int32")[:, None, None] * (height * width)  # pixel of each image

        def pixels_at(row: KerasTensor, column: KerasTensor) -> KerasTensor:
            place = first + ops.cast(row, "int32") * width + ops.cast(column, "int32")
            return ops.take(pixels, place, axis=0)  # (B, H, W, C + K)

        top, left = ops.floor(rows), ops.floor(columns)
        below, right = ops.minimum(top + 1, height - 1), ops.minimum(left + 1, width - 1)
        down, across = (rows - top)[..., None], (columns - left)[..., None]
        upper = _between(pixels_at(top, left), pixels_at(top, right), across)
        lower = _between(pixels_at(below, left), pixels_at(below, right), across)
        moved = _between(upper, lower, down)
        return moved[..., :channels], moved_masks(moved[..., channels:], masks)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "deviation": self.deviation, "nodes": self.nodes}


def _between(first: KerasTensor, second: KerasTensor, share: KerasTensor) -> KerasTensor:
    """Return the value at a share, from 0 to 1, of the way from the first to the second."""
    return first + share * (second - first)
