"""What a DICOM file says beside its pixels, as hospitals write it."""

import numpy as np
import pytest

from lungseg.radiographs.reading import read_radiograph
from radiographs import as_it_lies, write_dicom

pydicom = pytest.importorskip("pydicom")

STORED = np.array([[0, 10, 20], [30, 40, 50]], dtype=np.uint16)
NO_RADIOGRAPH = "the file says that this is no radiograph but of the modality "
LATERAL = "the file says that this is a lateral view"
OBLIQUE = "the file says that this is an oblique view"
LYING = "the file says that the patient lay on a side"
DIFFER = "the file says two things about black and white, viewers differ: is it a negative?"
UNSAID = "the file does not say whether 0 is black: is it a negative?"


def sequence(**attributes):
    item = pydicom.Dataset()
    for name, value in attributes.items():
        setattr(item, name, value)
    return pydicom.Sequence([item])


def falling(values):
    """A table of a presentation."""
    item = sequence(LUTDescriptor=[len(values), 0, 16])
    item[0].add_new("LUTData", "US", values)
    return item


ODDITIES = [
    ({}, []),
    *[({"ViewPosition": view}, []) for view in ("PA", "AP", "", "ap supine", "POSTERO-ANTERIOR")],
    *[({"ViewPosition": view}, [LATERAL]) for view in ("LL", "RL", "LATERAL", "lateral", "LEFT LATERAL", "LAT")],
    *[({"ViewPosition": view}, [OBLIQUE]) for view in ("RLO", "LLO", "RAO", "OBLIQUE")],
    *[({"ViewPosition": view}, [LYING]) for view in ("LLD", "RLD", "LEFT LATERAL DECUBITUS")],
    ({"ViewPosition": as_it_lies("LO", b"\xff\xfe\x00")}, []),
    ({"ViewCodeSequence": sequence(CodeMeaning="left lateral")}, [LATERAL]),
    ({"ViewCodeSequence": sequence(CodeMeaning="postero-anterior")}, []),
    ({"ViewCodeSequence": pydicom.Sequence()}, []),
    ({"ViewPosition": "LL", "PatientOrientation": ["L", "F"]}, [LATERAL]),
    ({"PresentationLUTShape": "IDENTITY"}, []),
    ({"PresentationLUTShape": "INVERSE"}, [DIFFER]),
    ({"PresentationLUTShape": "inverse", "kind": "MONOCHROME1"}, []),
    ({"PresentationLUTShape": "IDENTITY", "kind": "MONOCHROME1"}, [DIFFER]),
    ({"PresentationLUTSequence": falling([5, 3, 0])}, [DIFFER]),
    ({"PresentationLUTSequence": falling([0, 3, 5])}, []),
    ({"PresentationLUTSequence": pydicom.Sequence()}, []),
    ({"PhotometricInterpretation": None}, [UNSAID]),
    ({"PhotometricInterpretation": "MONOCHROME"}, [UNSAID]),
    *[({"Modality": modality}, []) for modality in ("CR", "DX", "RG", "RF", "OT", "", "XA")],
    *[
        ({"Modality": m}, [NO_RADIOGRAPH + m])
        for m in ("CT", "MR", "US", "PT", "MG")
    ],
    ({"Modality": "ct", "ViewPosition": "LL"}, [NO_RADIOGRAPH + "CT", LATERAL]),
]  # fmt: skip


@pytest.mark.parametrize(("attributes", "expected"), ODDITIES)
@pytest.mark.filterwarnings("ignore")
def test_reasons_for_a_look(tmp_path, attributes, expected):
    read = read_radiograph(write_dicom(tmp_path / "film.dcm", STORED, **attributes))
    assert list(read.oddities) == expected


@pytest.mark.parametrize(
    ("attributes", "spacing", "source"),
    [
        ({"PixelSpacing": as_it_lies("DS", b"0,2\\0,1")}, (0.2, 0.1), "PixelSpacing"),
        ({"PixelSpacing": as_it_lies("DS", b" 0.2 mm\\0.1 mm")}, (0.2, 0.1), "PixelSpacing"),
        ({"PixelSpacing": as_it_lies("LO", b"[0.2, 0.1]")}, (0.2, 0.1), "PixelSpacing"),
        ({"PixelSpacing": as_it_lies("DS", b"0.2")}, None, None),
        ({"PixelSpacing": as_it_lies("DS", b"a\\0.1")}, None, None),
        ({"PixelSpacing": as_it_lies("DS", b"nan\\0.1")}, None, None),
        ({"PixelSpacing": as_it_lies("DS", b"0.2\\0.1\\0.3")}, None, None),
        (
            {"PixelSpacing": as_it_lies("DS", b"x"), "ImagerPixelSpacing": ["0.2", "0.1"]},
            (0.2, 0.1),
            "ImagerPixelSpacing",
        ),
        *[
            (
                {
                    "ImagerPixelSpacing": ["0.2", "0.1"],
                    "EstimatedRadiographicMagnificationFactor": as_it_lies("DS", factor),
                },
                (0.2 / divided, 0.1 / divided),
                "ImagerPixelSpacing",
            )
            for factor, divided in ((b"1,25", 1.25), (b"0", 1), (b"-1", 1), (b"large", 1), (b"", 1), (b"inf", 1))
        ],
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_the_size_of_a_pixel(tmp_path, attributes, spacing, source):
    read = read_radiograph(write_dicom(tmp_path / "film.dcm", STORED, **attributes))
    assert read.spacing == (None if spacing is None else pytest.approx(spacing))
    assert read.spacing_from == source


@pytest.mark.parametrize(
    ("said", "orientation"),
    [(b"l\\f", ("L", "F")), (b" R \\ FL", ("R", "FL")), (b"L", None), (b"L\\F\\H", None), (b"\\F", None), (b"", None)],
)
@pytest.mark.filterwarnings("ignore")
def test_where_the_patient_lies(tmp_path, said, orientation):
    file = write_dicom(tmp_path / "film.dcm", STORED, PatientOrientation=as_it_lies("CS", said))
    assert read_radiograph(file).orientation == orientation
