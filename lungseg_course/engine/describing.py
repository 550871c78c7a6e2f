"""What a value is, in a few words for a message."""

import numpy as np

SMALL = 12  # an array of so many numbers is written out


def describe(value) -> str:
    """Say briefly what a value is: a number, a small array, or its type and shape."""
    try:
        return _describe_array(value) if hasattr(value, "shape") else _shorten(repr(value), value)
    except Exception:  # symbolic, or of another kind than it looks: a check is not to fail for its own words
        shape = getattr(value, "shape", None)
        return type(value).__name__ + (f" of shape {shape}" if isinstance(shape, tuple) else "")


def describe_apart(one: np.ndarray, other: np.ndarray) -> tuple[str, str]:
    """Describe two arrays that differ so that the difference shows: with more digits where they are needed.

    Examples
    --------
    >>> describe_apart(np.array(0.6667), np.array(2 / 3))
    ('0.6667', '0.66667')
    """
    if one.size > SMALL and one.shape == other.shape:
        place = _furthest_apart(one, other)
        at = f"{list(map(int, place))}"
        pair = describe_apart(one[place], other[place])
        return f"{describe(one)}, at {at} {pair[0]}", f"{describe(other)}, at {at} {pair[1]}"
    for digits in range(4, 18):
        texts = _describe_array(one, digits), _describe_array(other, digits)
        if texts[0] != texts[1]:
            break
    return texts


def _furthest_apart(one, other) -> tuple:
    equal = (one == other) | (np.isnan(one) & np.isnan(other))
    distance = np.where(equal, 0, np.nan_to_num(np.abs(one - other), nan=np.inf))
    return np.unravel_index(distance.argmax(), distance.shape)


def _describe_array(value, digits: int = 4) -> str:
    if len(value.shape) == 0:
        return f"{float(value):.{digits}g}"
    if np.size(value) > SMALL:
        return f"an array of shape {tuple(value.shape)}"
    numbers = np.array2string(np.asarray(value), precision=digits, suppress_small=True, separator=", ")
    return " ".join(numbers.split())


def _shorten(text: str, value) -> str:
    return text if len(text) <= 80 else f"{type(value).__name__} {text[:70]}..."
