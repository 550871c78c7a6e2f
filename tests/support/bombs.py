"""Small files that claim, or unfold to, far more than they should."""

import io
import struct
import zlib

import numpy as np
from PIL import Image

from radiographs import write_dicom

SIDE = 20_000  # 400 million pixels


def png_chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(height, width, depth=8, colour=0, data=b"", before=b"", interlace=0):
    """A PNG of these uncompressed bytes, filters included; `before` are chunks ahead of the pixels."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + before
        + png_chunk(b"IDAT", zlib.compress(data))
        + png_chunk(b"IEND", b"")
    )


def giant_png(path):
    path.write_bytes(png(SIDE, SIDE))


def giant_jpeg(path):
    path.write_bytes(resized_jpeg(SIDE))


def resized_jpeg(side):
    """A JPEG of 8 x 8 pixels whose header claims more."""
    file = io.BytesIO()
    Image.new("L", (8, 8), 9).save(file, "JPEG")
    data = bytearray(file.getvalue())
    start = data.index(b"\xff\xc0")
    data[start + 5 : start + 9] = struct.pack(">HH", side, side)
    return bytes(data)


def giant_tiff(path):
    Image.new("L", (7, 9)).save(path, "TIFF")
    data = bytearray(path.read_bytes())
    for side, tag in ((7, 256), (9, 257)):  # width, height
        entry = data.index(struct.pack("<HHII", tag, 4, 1, side))
        data[entry : entry + 12] = struct.pack("<HHII", tag, 4, 1, SIDE)
    path.write_bytes(data)


def giant_gif(path):
    Image.new("L", (8, 8)).save(path, "GIF")
    data = bytearray(path.read_bytes())
    data[6:10] = struct.pack("<HH", SIDE, SIDE)
    path.write_bytes(data)


def giant_webp(path):
    """Only its header: an extended one that claims as much as the format allows."""
    canvas = (16383 - 1).to_bytes(3, "little") * 2
    body = b"VP8X" + struct.pack("<I", 10) + bytes(4) + canvas + b"VP8L" + struct.pack("<I", 0)
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body)


def giant_dicom(path):
    write_dicom(path, np.zeros((2, 2), np.uint8), Rows=SIDE, Columns=SIDE)


def deflated_dicom(path, rows=SIDE, columns=SIDE, size=SIDE * SIDE):
    """A deflated DICOM file of so many black pixels, made piece by piece."""
    import pydicom
    from pydicom.uid import DeflatedExplicitVRLittleEndian

    write_dicom(path, np.zeros((2, 2), np.uint8), Rows=rows, Columns=columns)
    file = pydicom.dcmread(path)
    del file.PixelData
    file.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    file.save_as(path)
    meta = 144 + pydicom.filereader.read_file_meta_info(path).FileMetaInformationGroupLength
    whole = path.read_bytes()
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    parts = [whole[:meta], packer.compress(zlib.decompress(whole[meta:], -zlib.MAX_WBITS))]
    parts.append(packer.compress(b"\xe0\x7f\x10\x00OB\x00\x00" + struct.pack("<I", size)))
    for start in range(0, size, 2**20):
        parts.append(packer.compress(bytes(min(2**20, size - start))))
    path.write_bytes(b"".join([*parts, packer.flush()]))


def dicom_of_runs(path, count):
    """A DICOM file of 8 x 8 pixels, whose one segment is so many runs of 128 bytes."""
    import pydicom
    from pydicom.uid import RLELossless

    write_dicom(path, np.zeros((8, 8), np.uint8))
    file = pydicom.dcmread(path)
    frame = struct.pack("<16I", 1, 64, *[0] * 14) + b"\x81\x00" * count
    file.PixelData = pydicom.encaps.encapsulate([frame])
    file["PixelData"].VR = "OB"
    file.file_meta.TransferSyntaxUID = RLELossless
    file.save_as(path)


def dicom_of_a_giant_jpeg(path):
    """A DICOM file whose header claims 8 x 8 pixels, and whose JPEG claims more."""
    import pydicom
    from pydicom.uid import JPEGBaseline8Bit

    write_dicom(path, np.zeros((8, 8), np.uint8))
    file = pydicom.dcmread(path)
    file.PixelData = pydicom.encaps.encapsulate([resized_jpeg(SIDE)])
    file["PixelData"].VR = "OB"
    file.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    file.save_as(path)
