"""The example on volumes of docs/predicting.md, at a small size."""

import re
from pathlib import Path

import numpy as np

from lungseg import segment
from lungseg.runs import write_json
from radiographs import chest
from stand_ins import threshold_network

PAGE = Path(__file__).resolve().parents[1] / "docs" / "predicting.md"


def test_a_volume_is_segmented_slice_by_slice(tmp_path, monkeypatch):
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    slices, slabs = (block for block in blocks if "volume" in block)
    (tmp_path / "run").mkdir()
    threshold_network(64, scale=-60).save(tmp_path / "run" / "best.keras")
    write_json(tmp_path / "run" / "settings.json", {"preparation": {"low": 5.0, "high": 95.0, "crop": True}})
    monkeypatch.chdir(tmp_path)
    image, lungs = chest()
    names = {"volume": np.stack([image, image[:, ::-1], image[::-1]])}  # (Z, H, W)
    exec(slices, names)
    masks = names["masks"]
    assert (masks.shape, masks.dtype) == (names["volume"].shape, bool)
    for mask, piece, truth in zip(masks, names["volume"], (lungs, lungs[:, ::-1], lungs[::-1]), strict=True):
        assert np.array_equal(mask, segment("run", piece))
        assert (mask != truth).mean() < 0.02
    exec(slabs, names)
    assert names["slabs"].shape == (*names["volume"].shape, 3)
    assert np.array_equal(names["slabs"][1, ..., 0], names["volume"][0])
    assert np.array_equal(names["slabs"][-1, ..., 2], names["volume"][-1])
