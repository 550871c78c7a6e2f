"""Reads the pixels of the formats that Pillow decodes: JPEG, GIF and others, and JPEG and fax in TIFF."""

from __future__ import annotations

import io
import re
import struct
from contextlib import nullcontext
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from lungseg.errors import one_line
from lungseg.radiographs.gif import check_gif
from lungseg.radiographs.limits import check_pixels
from lungseg.radiographs.orientation import orientation_of, turn
from lungseg.radiographs.silence import ignored_limit, ignored_warnings, silence_libtiff
from lungseg.radiographs.tiff_tags import BrokenFile

# Of other formats that Pillow knows, some run a program of their own (PostScript), some are never a radiograph.
FORMATS = ("JPEG", "TIFF", "GIF", "BMP", "DIB", "PPM", "WEBP", "JPEG2000")
JPEG_KINDS = {  # the markers of a frame that is not coded as usual
    **{0xC3: "lossless coding", 0xC7: "lossless coding", 0xCB: "lossless arithmetic coding", 0xF7: "JPEG-LS coding"},
    **{0xC9: "arithmetic coding", 0xCA: "arithmetic coding", 0xC5: "hierarchical coding", 0xC6: "hierarchical coding"},
}
FRAMES = {0xC0, 0xC1, 0xC2, *JPEG_KINDS}
SCAN = re.compile(rb"\xff\xda\x00[\x06\x08\x0a\x0c][\x01-\x04]")  # how a scan of a JPEG begins
MOST_SCANS = 200  # a progressive one has ten or so, and each is as much work as the whole picture
PNM_HEADER = 4096  # bytes


def read_picture(path: Path, data: bytes, max_megapixels: float, page: int | None = None) -> np.ndarray:
    """Read the one image of a file that Pillow decodes.

    Parameters
    ----------
    path : Path
        What a message names.
    data : bytes
        The whole file.
    max_megapixels : float
    page : int, optional
        The image of a TIFF that is meant.

    Returns
    -------
    numpy.ndarray, shape (H, W) or (H, W, 3)
        Upright; black where it is transparent.

    Raises
    ------
    BrokenFile
        With the reason.
    InputError
        If it has too many pixels.
    """
    silence_libtiff()
    _check_webp(path, data, max_megapixels)
    if data[:1] == b"P" and data[1:2] in b"123456fF" and len(_pnm_words(data)) < (3 if data[1:2] in b"14" else 4):
        raise BrokenFile("a damaged PNM, without the size of its image")
    with ignored_limit():
        try:
            image = Image.open(io.BytesIO(data), formats=FORMATS)
        except Exception as fault:
            unknown = isinstance(fault, UnidentifiedImageError)
            raise BrokenFile(_jpeg_kind(data) or ("no known kind of image" if unknown else one_line(fault))) from None
    check_pixels(path, image.height, image.width, max_megapixels)
    if page is not None:
        with ignored_warnings():  # at the tags, which are read once more behind the pixels
            image.seek(page)
            image.load()
    elif getattr(image, "is_animated", False) and image.format != "MPO":  # MPO: a JPEG with a preview behind it
        raise BrokenFile(f"{image.n_frames} images" if len(data) < 1e7 else "several images")  # type: ignore[attr-defined]
    if image.format in ("JPEG", "MPO"):
        _check_jpeg(data, image.height, image.width)
    if image.format == "GIF":
        check_gif(data)
    try:
        with ignored_limit() if page is not None else nullcontext():  # of a TIFF, Pillow reads more tags then
            image.load()
    except Exception:
        if data.startswith(b"\xff\xd8") and _jpeg_kind(data):
            raise BrokenFile(_jpeg_kind(data)) from None
        raise
    if image.format == "JPEG2000":
        return _from_jpeg_2000(image, data)
    if image.format == "PPM":
        return _from_ppm(image, data)
    return turn(decode(image), orientation_of(image))


def decode(image: Image.Image) -> np.ndarray:
    """Return the pixels of an image of Pillow, with black where it is transparent.

    Parameters
    ----------
    image : PIL.Image.Image
        With 8 bits for each number, or grey of any type.

    Returns
    -------
    numpy.ndarray, shape (H, W) or (H, W, 3)

    Examples
    --------
    >>> decode(Image.new("LA", (2, 1), (200, 0)))
    array([[0, 0]], dtype=uint8)
    """
    if image.mode.startswith("I;16"):
        return np.asarray(image).astype(np.uint16, copy=False)
    if image.mode in ("I", "F", "L", "RGB") and "transparency" not in image.info:
        return np.asarray(image)
    if image.mode in ("La", "RGBa"):  # colours already multiplied by their opacity
        image = image.convert(image.mode.replace("a", "A"))
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        grey = image.mode in ("1", "L", "LA")
        image = image.convert("RGBA")
        black = Image.new("RGBA", image.size, (0, 0, 0, 255))
        return np.asarray(Image.alpha_composite(black, image).convert("L" if grey else "RGB"))
    return np.asarray(image.convert("L" if image.mode == "1" else "RGB"))


def _jpeg_kind(data: bytes) -> str:
    """Return what kind of JPEG it is that cannot be decoded; nothing, if it should be."""
    place = 2
    while data.startswith(b"\xff\xd8") and data[place : place + 1] == b"\xff" and place + 5 <= len(data):
        marker, length, bits = struct.unpack_from(">BHB", data, place + 1)
        if marker in FRAMES:
            words = [f"{bits} bits" * (bits != 8), JPEG_KINDS.get(marker, "")]
            return f"a JPEG with {' and '.join(filter(None, words))}" if any(words) else ""
        place += 2 + length
    return ""


def _check_jpeg(data: bytes, height: int, width: int) -> None:
    """Refuse a JPEG that lacks its end, or much of its pixels: Pillow would go on with grey."""
    scans = len(SCAN.findall(data))
    if scans > MOST_SCANS:
        raise BrokenFile(f"a JPEG of {scans} scans")
    few = 8 * len(data) < (height // 8) * (width // 8)  # each 8 x 8 pixels take a bit at least
    if few or data.rfind(b"\xff\xd9") < data.rfind(b"\xff\xda"):
        raise BrokenFile("a JPEG that is truncated" + f": {len(data)} bytes for {height} x {width} pixels" * few)


def _check_webp(path: Path, data: bytes, max_megapixels: float) -> None:
    """Check how large a WebP is: Pillow asks for its memory when it opens it."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < 30:
        return
    kind = data[12:16]
    if kind == b"VP8X":
        width, height = (1 + int.from_bytes(data[at : at + 3], "little") for at in (24, 27))
    elif kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    else:
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
    check_pixels(path, height, width, max_megapixels)


def _from_jpeg_2000(image: Image.Image, data: bytes) -> np.ndarray:
    """Return the numbers of the file: Pillow moves them to the upper end of 8 or 16 bits, and above 0."""
    start = data.find(b"\xff\x4f\xff\x51")
    channels, depth = struct.unpack_from(">HB", data, start + 40)
    signed, bits = bool(depth & 128), (depth & 127) + 1
    if bits > 16 or (bits > 8 and (channels > 1 or not image.mode.startswith("I"))):
        raise BrokenFile(f"a JPEG 2000 of {bits} bits" + " in colour" * (channels > 1))
    pixels = decode(image)
    if bits > 8:
        pixels = pixels >> (16 - bits)
    return pixels.astype(np.int32) - (1 << (bits - 1)) if signed else pixels


def _from_ppm(image: Image.Image, data: bytes) -> np.ndarray:
    """Return the numbers of the file: Pillow stretches them to 255, or 65535."""
    pixels = decode(image)
    if image.mode == "F" or data[1:2] in b"14":
        return pixels
    highest = int(_pnm_words(data)[3])
    if highest > 255 and pixels.ndim == 3:
        raise BrokenFile("a PPM of more than 8 bits in colour")
    most = 255 if highest < 256 else 65535
    return np.rint(pixels * (highest / most)).astype(np.uint8 if highest < 256 else np.uint16)


def _pnm_words(data: bytes) -> list[bytes]:
    """Return the words that a PNM begins with, without comments: its kind, width, height, and highest number."""
    return re.sub(rb"#[^\n\r]*", b" ", data[:PNM_HEADER]).split(maxsplit=4)
