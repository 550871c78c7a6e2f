"""Masks that an interpolation has moved, made masks of 0 and 1 again: of one class, or of several."""

from keras import KerasTensor, ops


def moved_masks(shares: KerasTensor, masks: KerasTensor) -> KerasTensor:
    """Make masks of interpolated ones.

    A pixel belongs to a class of which it got one half or more. If no pixel of an image was in two classes, none is
    afterwards: it belongs to the class, or to the background, of which it got most.

    Parameters
    ----------
    shares : tensor, shape (B, H, W, K)
        The masks, interpolated.
    masks : tensor, shape (B, H, W, K)
        In {0, 1}, before.

    Returns
    -------
    tensor, shape (B, H, W, K), float32
        In {0, 1}.

    Examples
    --------
    >>> before = ops.convert_to_tensor([[[[1.0, 0.0], [0.0, 1.0]]]])
    >>> after = moved_masks(ops.convert_to_tensor([[[[0.5, 0.5], [0.3, 0.4]]]]), before)
    >>> ops.convert_to_numpy(after)[0, 0].tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    half = shares >= 0.5
    count = masks.shape[-1]
    if count == 1:
        return ops.cast(half, "float32")
    background = 1 - ops.sum(shares, axis=-1, keepdims=True)
    largest = ops.argmax(shares, axis=-1)[..., None] == ops.arange(count)
    overlap = ops.max(ops.sum(masks, axis=-1, keepdims=True), axis=(1, 2), keepdims=True) > 1  # (B, 1, 1, 1)
    return ops.cast(ops.where(overlap, half, largest & (shares >= background)), "float32")


def fill_their_image(masks: KerasTensor) -> KerasTensor:
    """Tell which images have no background: each of their pixels is in a class.

    Parameters
    ----------
    masks : tensor, shape (B, H, W, K)

    Returns
    -------
    tensor of bool, shape (B, 1, 1, 1)
    """
    return ops.min(ops.max(masks, axis=-1, keepdims=True), axis=(1, 2), keepdims=True) > 0
