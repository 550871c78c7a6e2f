"""DICOM files as hospitals export them, through `lungseg predict`: a right mask, and what the table says."""

import numpy as np
import pytest
from PIL import Image

from lungseg.masks.overlap import dice_of
from predicting import predict
from radiographs import as_it_lies, chest, write_dicom

pydicom = pytest.importorskip("pydicom")

BORDER = (20, 10, 5, 15)
GREY, LUNGS = chest(border=BORDER)
TWELVE = np.where(GREY > 0, 14 * GREY + 300, 0).astype(np.uint16)
ABOVE = np.random.default_rng(0).integers(0, 16, TWELVE.shape).astype(np.uint16) << 12
LATERAL = "the file says that this is a lateral view"
DIFFER = "the file says two things about black and white, viewers differ: is it a negative?"


def comma(number):
    return as_it_lies("DS", number.encode())


def table(entries):
    item = pydicom.Dataset()
    item.LUTDescriptor = [len(entries), 0, 16]
    item.add_new("LUTData", "OW", np.array(entries, "<u2").tobytes())
    return pydicom.Sequence([item])


# name, values, attributes, reasons in the table
FILMS = [
    ("plain", TWELVE, {}, []),
    ("a window for 8 bits", TWELVE, {"WindowCenter": "127", "WindowWidth": "255"}, []),
    ("a window far above", TWELVE, {"WindowCenter": "60000", "WindowWidth": "100"}, []),
    ("decimal commas", TWELVE, {"WindowCenter": comma("1500,5"), "WindowWidth": comma("3000,0")}, []),
    ("a negative", 4095 - TWELVE, {"kind": "MONOCHROME1"}, []),
    ("a negative slope", 4095 - TWELVE, {"RescaleSlope": "-1", "RescaleIntercept": "4095"}, []),
    ("a table that falls", 4095 - TWELVE, {"VOILUTSequence": table(range(4095, -1, -1))}, []),
    ("bits at the top", TWELVE << 4, {"HighBit": 15}, []),
    ("something above the bits", TWELVE | ABOVE, {}, []),
    ("inverse presentation", TWELVE, {"PresentationLUTShape": "INVERSE"}, [DIFFER]),
    ("lateral", TWELVE, {"ViewPosition": "LL"}, [LATERAL]),
    ("lateral twice", TWELVE, {"ViewPosition": "RL", "PatientOrientation": ["A", "F"]}, [LATERAL]),
    ("CT", TWELVE, {"Modality": "CT"}, ["the file says that this is no radiograph but of the modality CT"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "attributes", "reasons"), FILMS, ids=[film[0] for film in FILMS])
@pytest.mark.filterwarnings("ignore")
def test_a_right_mask_and_the_reasons(run, tmp_path, name, values, attributes, reasons):
    attributes = {"BitsStored": 12, "HighBit": 11, **attributes}
    file = write_dicom(tmp_path / "film.dcm", values.astype(np.uint16), **attributes)
    result, (row,) = predict(run, file, out=tmp_path / "out")
    assert result.exit_code == 0, result.output
    mask = np.asarray(Image.open(tmp_path / "out" / row["mask"])) > 0
    assert dice_of(mask, LUNGS) > 0.93
    said = row["reasons"].split("; ")
    assert [reason for reason in said if reason.startswith("the file")] == reasons
    assert row["plausible"] == ("no" if row["reasons"] else "yes")
