"""Masks as DICOM Segmentation objects: read back with highdicom and pydicom, and compared with the PNG."""

import sys

import numpy as np
import pytest
from PIL import Image

from lungseg.prediction import predict as predict_in_python
from lungseg.prediction import segment_files
from lungseg.prediction.dicom_objects import is_own_object
from lungseg.prediction.dicom_seg import write_object
from lungseg.radiographs import RadiographImage
from predicting import predict
from radiographs import as_it_lies, chest, refusal, write_dicom
from stand_ins import channel_network

pydicom = pytest.importorskip("pydicom")
highdicom = pytest.importorskip("highdicom")

GREY, LUNGS = chest()[0].astype(np.uint8), chest()[1]
HEIGHT, WIDTH = LUNGS.shape
RIGHT = LUNGS & (np.arange(WIDTH) < WIDTH / 2)  # the patient's, who faces the reader
LEFT = LUNGS & ~RIGHT
REFERENCES = {"StudyInstanceUID": "1.2.4", "SeriesInstanceUID": "1.2.5"}
PATIENT = {
    "PatientName": "Müller^Änne",
    "PatientID": "4711",
    "PatientBirthDate": "19500102",
    "PatientSex": "F",
    "StudyDate": "20260102",
    "StudyTime": "101112",
    "AccessionNumber": "A1",
    "StudyID": "7",
    "ReferringPhysicianName": "Roe^R",
}
OTHERS = {
    "InstitutionName": "St. Elsewhere",
    "PatientAddress": "1 Long Road",
    "OperatorsName": "Doe^D",
    "ImageComments": "by the window",
    "StudyDescription": "after the fall",
    "DeviceSerialNumber": "X-77",
    "OtherPatientIDs": "OLD-12",
}


def film(path, values=GREY, **attributes):
    path.parent.mkdir(exist_ok=True)
    return write_dicom(path, values, **{"SpecificCharacterSet": "ISO_IR 100", **REFERENCES, **PATIENT, **attributes})


def segments_of(path):
    """The labels of the segments of an object with their masks, as pydicom and as highdicom read them."""
    plain = pydicom.dcmread(path)
    frames = plain.pixel_array.reshape(-1, plain.Rows, plain.Columns)
    theirs = highdicom.seg.segread(path)
    ((_, _, image),) = theirs.get_source_image_uids()
    stack = theirs.get_pixels_by_source_instance([image])[0]
    found = {item.SegmentLabel: frame.astype(bool) for item, frame in zip(plain.SegmentSequence, frames, strict=True)}
    for number, mask in enumerate(found.values()):
        np.testing.assert_array_equal(stack[..., number], mask)
    return found


def references_of(path):
    """The images that an object refers to, wherever it does, with their kinds."""
    found = set()

    def look(item, element):
        if element.keyword == "ReferencedSOPInstanceUID":
            found.add((item.ReferencedSOPClassUID, element.value))

    pydicom.dcmread(path).walk(look)
    return found


def test_an_object_beside_the_mask(run, tmp_path):
    file = film(tmp_path / "in" / "chest.dcm", FrameOfReferenceUID="1.2.6", **OTHERS)
    Image.fromarray(GREY).save(tmp_path / "in" / "other.png")
    result, _ = predict(run, tmp_path / "in", out=tmp_path / "out", options=["--dicom-seg"])
    assert result.exit_code == 0, result.output
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["chest.dcm", "chest.png", "other.png", "predictions.csv"]
    assert "1 file is no DICOM, no segmentation object: other.png" in result.output

    mask = np.asarray(Image.open(tmp_path / "out" / "chest.png")) > 0
    found = segments_of(tmp_path / "out" / "chest.dcm")
    assert list(found) == ["Right lung", "Left lung"]
    np.testing.assert_array_equal(found["Right lung"] | found["Left lung"], mask)
    np.testing.assert_array_equal(found["Right lung"], mask & (np.arange(WIDTH) < WIDTH / 2))

    header, source = pydicom.dcmread(tmp_path / "out" / "chest.dcm"), pydicom.dcmread(file)
    assert (header.Modality, header.SegmentationType, header.SpecificCharacterSet) == ("SEG", "BINARY", "ISO_IR 192")
    for name in (*PATIENT, "StudyInstanceUID", "FrameOfReferenceUID"):
        assert header[name].value == source[name].value, name
    (series,) = header.ReferencedSeriesSequence
    assert series.SeriesInstanceUID == source.SeriesInstanceUID != header.SeriesInstanceUID
    assert series.ReferencedInstanceSequence[0].ReferencedSOPInstanceUID == source.SOPInstanceUID
    codes = [item.SegmentedPropertyTypeCodeSequence[0] for item in header.SegmentSequence]
    assert [(code.CodeValue, code.CodingSchemeDesignator) for code in codes] == 2 * [("39607008", "SCT")]
    sides = [code.SegmentedPropertyTypeModifierCodeSequence[0].CodeMeaning for code in codes]
    assert sides == ["Right", "Left"]


def test_what_leaves_the_header(run, tmp_path):
    """The object carries the patient, by the standard, and no more; all the rest carries nothing."""
    film(tmp_path / "in" / "chest.dcm", **OTHERS)
    predict(run, tmp_path / "in", out=tmp_path / "out", options=["--dicom-seg", "--overlay"])
    written = (tmp_path / "out" / "chest.dcm").read_bytes()
    for value in OTHERS.values():
        assert value.encode() not in written
    assert "Müller^Änne".encode() in written
    rest = [path for path in (tmp_path / "out").rglob("*") if path.is_file() and path.suffix != ".dcm"]
    assert len(rest) == 3
    for path in rest:
        for value in (*OTHERS.values(), *(value for value in PATIENT.values() if len(value) > 3), "Müller"):
            assert value.encode() not in path.read_bytes()


@pytest.mark.parametrize(
    ("mask", "attributes", "expected"),
    [
        (LUNGS, {}, {"Right lung": RIGHT, "Left lung": LEFT}),
        (LUNGS, {"orientation": ("L", "F")}, {"Right lung": RIGHT, "Left lung": LEFT}),
        (LUNGS, {"orientation": ("R", "F")}, {"Right lung": LEFT, "Left lung": RIGHT}),  # mirrored
        (LUNGS, {"orientation": ("A", "F")}, {"Lungs": LUNGS}),
        (LUNGS, {"orientation": ("F", "L")}, {"Lungs": LUNGS}),  # turned
        (LUNGS, {"oddities": ("the file says that this is a lateral view",)}, {"Lungs": LUNGS}),
        (RIGHT, {}, {"Lungs": RIGHT}),
        (np.ones_like(LUNGS), {}, {"Lungs": np.ones_like(LUNGS)}),
        (np.zeros_like(LUNGS), {}, {"Lungs": np.zeros_like(LUNGS)}),
    ],
)
def test_sides(tmp_path, mask, attributes, expected):
    write_object(film(tmp_path / "film.dcm"), mask, RadiographImage(GREY, **attributes), tmp_path / "mask.dcm")
    found = segments_of(tmp_path / "mask.dcm")
    assert list(found) == list(expected)
    for name, segment in expected.items():
        np.testing.assert_array_equal(found[name], segment)


def test_the_table_counts_what_the_object_holds(run, tmp_path):
    film(tmp_path / "in" / "chest.dcm", PatientOrientation=["R", "F"])
    _, (row,) = predict(run, tmp_path / "in", out=tmp_path / "out", options=["--dicom-seg"])
    found = segments_of(tmp_path / "out" / "chest.dcm")
    counts = [str(found[name].sum()) for name in ("Right lung", "Left lung")]
    assert counts == [row["right_lung_pixels"], row["left_lung_pixels"]]


IMAGES = "1.2.840.10008.5.1.4.1.1"  # several frames of grey, XA, RF; DX; a private one
EMPTY = ("", None)


@pytest.mark.parametrize(
    ("attributes", "name", "expected"),
    [
        (dict.fromkeys(PATIENT), "PatientID", EMPTY),  # what each object must have may be empty
        ({"StudyDate": as_it_lies("DA", b"2026.01.02")}, "StudyDate", ("20260102",)),
        ({"StudyDate": as_it_lies("DA", b"2 January")}, "StudyDate", EMPTY),
        ({"StudyTime": as_it_lies("TM", b"noon")}, "StudyTime", EMPTY),
        ({"PatientBirthDate": as_it_lies("DA", b"00000000")}, "PatientBirthDate", EMPTY),
        ({"PatientSex": as_it_lies("CS", b"female")}, "PatientSex", EMPTY),
        ({"PatientName": as_it_lies("PN", b"no carets at all, = and \\ too")}, "Modality", ("SEG",)),
        ({"PatientID": as_it_lies("LO", b"\xff\xfe\x80"), "SpecificCharacterSet": "ISO_IR 999"}, "Modality", ("SEG",)),
        ({"PatientID": as_it_lies("LO", b"9" * 200)}, "PatientID", ("9" * 200,)),
        ({"FrameOfReferenceUID": as_it_lies("UI", b"none")}, "Modality", ("SEG",)),
        ({"FrameOfReferenceUID": "1.2.6", "ImagePositionPatient": [0, 0, 0]}, "FrameOfReferenceUID", ("1.2.6",)),
        ({"LossyImageCompression": "01", "LossyImageCompressionRatio": "10"}, "LossyImageCompression", ("01",)),
        ({"LossyImageCompressionRatio": as_it_lies("DS", b"ten")}, "LossyImageCompression", ("00",)),
        *[
            ({"SOPClassUID": kind, "NumberOfFrames": "1"}, "Modality", ("SEG",))
            for kind in (
                f"{IMAGES}.7.2",
                f"{IMAGES}.12.1",
                f"{IMAGES}.12.1.1",
                f"{IMAGES}.12.2",
                f"{IMAGES}.1.1",
                "1.2.3.4",
            )
        ],
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_what_a_header_lacks_or_has_wrong(tmp_path, capfd, attributes, name, expected):
    attributes = {key: value for key, value in attributes.items() if value is not None}
    file = write_dicom(tmp_path / "film.dcm", GREY, **{**REFERENCES, **attributes})
    write_object(file, LUNGS, RadiographImage(GREY), tmp_path / "mask.dcm")
    assert pydicom.dcmread(tmp_path / "mask.dcm").get(name) in expected
    np.testing.assert_array_equal(segments_of(tmp_path / "mask.dcm")["Right lung"], RIGHT)
    assert references_of(tmp_path / "mask.dcm") == {(pydicom.dcmread(file).SOPClassUID, "1.2.3")}
    assert capfd.readouterr() == ("", "")  # not even a name that breaks the rules


def test_an_image_with_a_place_in_space(tmp_path):
    place = {
        "FrameOfReferenceUID": "1.2.6",
        "ImagePositionPatient": [1, 2, 3],
        "ImageOrientationPatient": [1, 0, 0, 0, 0, -1],
        "PixelSpacing": ["0.5", "0.5"],
        "SliceThickness": "2",
    }
    file = film(tmp_path / "film.dcm", SOPClassUID="1.2.840.10008.5.1.4.1.1.2", **place)
    write_object(file, LUNGS, RadiographImage(GREY), tmp_path / "mask.dcm")
    header = pydicom.dcmread(tmp_path / "mask.dcm")
    assert header.FrameOfReferenceUID == "1.2.6"
    shared = header.SharedFunctionalGroupsSequence[0]
    assert shared.PixelMeasuresSequence[0].PixelSpacing == [0.5, 0.5]
    np.testing.assert_array_equal(segments_of(tmp_path / "mask.dcm")["Left lung"], LEFT)


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"StudyInstanceUID": ""}, "expected StudyInstanceUID, by which a segmentation object refers to its image"),
        ({"SeriesInstanceUID": as_it_lies("UI", b"series 1")}, "Received: series 1"),
        ({"SOPInstanceUID": ""}, "Received: none"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_without_what_an_object_refers_to_there_is_a_line_and_a_mask(run, tmp_path, attributes, said):
    file = film(tmp_path / "in" / "chest.dcm", **attributes)
    result, (row,) = predict(run, file, out=tmp_path / "out", options=["--dicom-seg"])
    assert result.exit_code == 0
    (line,) = [line for line in result.output.splitlines() if said in line]
    assert str(file) in line
    assert "1 file without a segmentation object:" in result.output
    assert (row["error"], sorted(path.name for path in (tmp_path / "out").iterdir())) == (
        "",
        ["chest.png", "predictions.csv"],
    )


# ---- names --------------------------------------------------------------------------------------


def test_a_second_run_takes_no_object_for_an_image_and_none_stays_that_is_not_of_its_mask(run, tmp_path):
    folder = tmp_path / "films"
    film(folder / "chest.ima")
    for _ in range(2):
        result, rows = predict(run, folder, out=folder, options=["--dicom-seg"])
        assert result.exit_code == 0, result.output
        assert [row["mask"] for row in rows] == ["chest.png"]
    assert is_own_object(folder / "chest.dcm")
    result, rows = predict(run, folder, out=folder)
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in folder.iterdir()) == ["chest.ima", "chest.png", "predictions.csv"]


@pytest.mark.parametrize("foreign", [b"a thesis", None])
def test_no_other_file_is_overwritten(run, tmp_path, foreign):
    file = film(tmp_path / "in" / "chest.dcm")
    out = tmp_path / "out" if foreign else file.parent
    out.mkdir(exist_ok=True)
    if foreign:
        (out / "chest.dcm").write_bytes(foreign)
    before = (out / "chest.dcm").read_bytes()
    result, _ = predict(run, file, out=out, options=["--dicom-seg"])
    assert result.exit_code == 1
    assert f"Received: {out / 'chest.dcm'}, which is another file." in result.output
    assert [path.name for path in out.iterdir()] == ["chest.dcm"]
    predict(run, file, out=out)  # without the option nothing stands in the way
    assert (out / "chest.dcm").read_bytes() == before


def test_an_object_elsewhere_is_named_as_what_it_is(run, tmp_path):
    predict(run, film(tmp_path / "in" / "chest.dcm"), out=tmp_path / "out", options=["--dicom-seg"])
    (tmp_path / "out" / "chest.dcm").rename(tmp_path / "in" / "moved.dcm")
    result, _ = predict(run, tmp_path / "in", out=tmp_path / "again")
    assert result.exit_code == 1
    assert "a DICOM segmentation, which holds masks" in result.output


def test_in_python_and_many_files_without_an_object(run, tmp_path):
    (tmp_path / "in").mkdir()
    for number in range(12):
        Image.fromarray(GREY).save(tmp_path / "in" / f"{number:02}.png")
    film(tmp_path / "in" / "chest.dcm")
    lines = []
    failed = segment_files(
        run, [tmp_path / "in"], tmp_path / "out", report=lines.append, progress=False, dicom_seg=True
    )
    assert failed == []
    assert (tmp_path / "out" / "chest.dcm").exists()
    named = ", ".join(f"{number:02}.png" for number in range(5))
    assert lines[-1] == f"12 files are no DICOM, no segmentation object: {named}, ..."


def test_without_highdicom_one_line_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "highdicom", None)
    file = film(tmp_path / "in" / "chest.dcm")
    message = refusal(segment_files, "no run", [file], tmp_path / "out", dicom_seg=True)
    assert 'pip install "lungseg[dicom]"' in message
    assert not (tmp_path / "out").exists()


def test_objects_are_for_lungs_alone(tmp_path):
    file = film(tmp_path / "in" / "chest.dcm")
    settings = {"recipe": "grey", "dicom_seg": True}
    message = refusal(predict_in_python, file, tmp_path / "out", channel_network(1, 1), **settings)
    assert "dicom_seg): expected a network for lungs" in message
    assert not (tmp_path / "out").exists()
