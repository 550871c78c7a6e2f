"""Names what a file is that is no radiograph: what people hand in by mistake, and what sites send in its place."""

from __future__ import annotations

import re

TEXT_PNG = (b"\x89PNG\r\r\n", b"\x89PNG\n", b"\x89PNG\r\n\x1a\r\n")
# How files begin, and what they are; in this order.
STARTS: list[tuple[bytes, str]] = [
    (b"version https://git-lfs", "a pointer of Git LFS in place of the file (run `git lfs pull`)"),
    *((start, "a PNG whose ends of lines were changed, as by a transfer of text") for start in TEXT_PNG),
    (b"\xef\xbf\xbd", "a file that was saved as text, and so destroyed"),
    (b"%PDF", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"PK\x03\x04", "a zip archive (or a document of an office program)"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "a file packed with gzip (.gz, perhaps .nii.gz)"),
    (b"BZh", "a file packed with bzip2"),
    (b"\xfd7zXZ", "a file packed with xz"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a file packed with zstd"),
    (b"\x93NUMPY", "a NumPy array (.npy)"),
    (b"\x89HDF", "an HDF5 file"),
    (b"MATLAB 5.0", "a MATLAB file (.mat)"),
    (b"SIMPLE  =", "a FITS file"),
    (b"NRRD", "an NRRD volume"),
    (b"ObjectType", "a MetaImage (.mha, .mhd)"),
    (b"NDims", "a MetaImage (.mha, .mhd)"),
    (b"8BPS", "a Photoshop document (.psd)"),
    (b"gimp xcf", "a GIMP document (.xcf)"),
    (b"\x00\x05\x16\x07", "what macOS keeps beside a file (its name begins with ._)"),
    (b"\x00\x05\x16\x00", "what macOS keeps beside a file"),
    (b"\x00\x00\x01\x00", "an icon (.ico)"),
    (b"\xd0\xcf\x11\xe0", "a document of an old office program, or Thumbs.db"),
    (b"\x76\x2f\x31\x01", "an OpenEXR image"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"ID3", "a sound"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"\xff\x0a", "a JPEG XL image"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL image"),
    (b"II\xbc\x01", "a JPEG XR image"),
]
BRANDS = {b"avif": "an AVIF photo", b"heic": "a HEIC photo", b"heix": "a HEIC photo", b"mif1": "a HEIC photo"}
FEW_LINES = 32  # as many may be text about a picture of few values
TEXT = re.compile(rb"[\t\n\r\x20-\x7e\x80-\xff]+")
ERROR = re.compile(rb"AccessDenied|<Error>|NoSuchKey", re.IGNORECASE)


def foreign_kind(start: bytes) -> str:
    """Name what a file is, by its first bytes.

    Parameters
    ----------
    start : bytes
        A few hundred, or all.

    Returns
    -------
    str
        Empty, if it may be an image.

    Examples
    --------
    >>> foreign_kind(b"%PDF-1.7")
    'a PDF document'
    >>> foreign_kind(b"<!DOCTYPE html><title>Log in</title>")
    'a web page, saved in place of the image'
    """
    for begin, name in STARTS:
        if start.startswith(begin):
            return name
    if start[4:8] == b"ftyp":
        return BRANDS.get(start[8:12], "a video, or a photo of a kind that is not read")
    if start[128:132] == b"DICM":
        return "a DICOM file"
    if start[344:347] in (b"n+1", b"ni1") or start[:4] in (b"\x5c\x01\x00\x00", b"\x00\x00\x01\x5c"):
        return "a NIfTI volume (.nii)"
    if start[257:262] == b"ustar":
        return "a tar archive"
    if not start.strip(b"\x00"):
        return "nothing but zeros, as after a copy that failed"
    return _text_kind(start)


def ends_of_lines_changed(data: bytes) -> bool:
    """Tell whether a line feed never stands without a carriage return before it: a transfer of text has put it there.

    In pictures both are numbers like all others. What shifts them so, most decoders do not notice.

    Parameters
    ----------
    data : bytes
        A picture: not its text alone.

    Returns
    -------
    bool

    Examples
    --------
    >>> picture = bytes(range(256)) * 64
    >>> ends_of_lines_changed(picture), ends_of_lines_changed(picture.replace(b"\\n", b"\\r\\n"))
    (False, True)
    """
    line_feeds = data.count(b"\n")
    return line_feeds > FEW_LINES and line_feeds == data.count(b"\r\n")


def _text_kind(start: bytes) -> str:
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "a text file"
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if re.match(rb"P[1-7Ff]\s", text) or not TEXT.fullmatch(start):  # PNM begins with text
        return ""
    low = text[:500].lower()
    if low.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script")) or b"<html" in low:
        return "a web page, saved in place of the image"
    if b"<svg" in low:
        return "an SVG drawing"
    if low.startswith(b"<"):
        return "an error message of a server, in XML" if ERROR.search(text) else "an XML file"
    if low.startswith((b"{", b"[")):
        return "a JSON file"
    return "a text file"
