"""The pictures of README and opening chapter: drawn by scripts, described in words, and their numbers are true."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pictures import ALT_TEXTS, IMAGES, PHONE, SHOWN, TEXT, animated, as_shown, drawn, figure_of, script, words_of

pytestmark = pytest.mark.slow


# ---- Files -----------------------------------------------------------------------------------


def test_every_picture_that_is_drawn_is_shown_and_no_other():
    draw = script("draw")
    files = {f"{name}.png" for name in draw.PICTURES} | {f"{name}.gif" for name in draw.ANIMATIONS}
    assert {path.name for path in IMAGES.iterdir() if path.suffix in {".png", ".gif"}} == files
    assert {name for name, _ in SHOWN} == files


def test_every_picture_is_described_in_words_and_on_all_pages_in_the_same():
    assert len(SHOWN) == TEXT.count("![")
    for name, words in SHOWN:
        assert len(words.split()) >= 15, name
        assert words == ALT_TEXTS[Path(name).stem]


def letters_of(figure):
    """The sizes of all the letters of a figure, in points."""
    texts = [text for ax in figure.axes for text in [*ax.texts, *ax.get_xticklabels(), *ax.get_yticklabels()]]
    return [text.get_fontsize() for text in texts if text.get_text()]


@pytest.mark.parametrize("name", script("draw").PICTURES)
def test_letters_can_be_read_on_a_phone(name):
    figure = figure_of(name)
    assert min(letters_of(figure)) / 72 * PHONE / figure.get_size_inches()[0] >= 8.99


def test_letters_of_the_animation_can_be_read_on_a_phone():
    script_ = script("dense_or_convolutional")
    small = script_.run()[64]
    figure = script_.draw(small, small, 2)
    assert min(letters_of(figure)) / 72 * PHONE / figure.get_size_inches()[0] >= 8.99


def test_pictures_are_small_and_carry_no_date():
    for path in IMAGES.glob("*.png"):
        with Image.open(path) as picture:
            assert picture.info == {}, path.name
        assert path.stat().st_size < 400_000
    for path in IMAGES.glob("*.gif"):
        assert path.stat().st_size < 500_000


def test_pictures_bring_a_light_rim_of_their_own_for_dark_pages():
    for path in [*IMAGES.glob("*.png"), *IMAGES.glob("*.gif")]:
        with Image.open(path) as opened:
            picture = np.asarray(opened.convert("RGBA"))
        rim = np.concatenate([picture[:8].reshape(-1, 4), picture[-8:].reshape(-1, 4), picture[:, :8].reshape(-1, 4),
                              picture[:, -8:].reshape(-1, 4)])  # fmt: skip
        assert (rim == 255).all(), path.name


# Other versions of Matplotlib render letters and edges a little differently. So pictures are compared as the eye does
# from afar: averaged over 8 x 8 pixels. A moved shape or another image is found; a digit may not be. The numbers have
# tests of their own, below.


def differs(one, other):
    """Return the share of 8 x 8 blocks whose colour differs clearly."""
    if one.shape != other.shape:
        return 1.0
    coarse = [np.asarray(Image.fromarray(picture).reduce(8), float) for picture in (one, other)]
    return (np.abs(coarse[0] - coarse[1]).max(-1) > 40).mean()


ENOUGH = 0.003


def committed(name):
    with Image.open(IMAGES / name) as picture:
        return np.asarray(picture.convert("RGB"))


@pytest.mark.parametrize("name", script("draw").PICTURES)
def test_the_committed_picture_is_what_its_script_draws(name):
    assert differs(committed(f"{name}.png"), drawn(name)) < ENOUGH, "Run `make figures`."


@pytest.mark.parametrize("name", script("draw").ANIMATIONS)
def test_the_committed_animation_is_what_its_script_draws(name):
    frames, seconds = animated(name)
    with Image.open(IMAGES / f"{name}.gif") as film:
        assert film.n_frames == len(frames)
        assert film.info["loop"] == 0
        for number, (frame, stay) in enumerate(zip(frames, seconds, strict=True)):
            film.seek(number)
            assert film.info["duration"] == 1000 * stay
            assert differs(np.asarray(film.convert("RGB")), frame) < ENOUGH, "Run `make figures`."


def test_the_animation_is_slow_enough_to_be_read():
    _, seconds = animated("dense_or_convolutional")
    assert min(seconds) >= 1
    assert max(seconds) >= 4


def test_another_picture_is_noticed(monkeypatch):
    monkeypatch.setattr(script("dice_overlap"), "SHIFTS", (20, 15, 12, 5, 0))
    assert differs(committed("dice_overlap.png"), script("draw").draw("dice_overlap")) > ENOUGH
    monkeypatch.setattr(script("strides"), "CELL", 0.26)
    assert differs(committed("strides.png"), script("draw").draw("strides")) > ENOUGH


def test_the_same_picture_gives_the_same_bytes(tmp_path):
    style = script("style")
    frames, seconds = animated("dense_or_convolutional")
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        style.save_png(script("draw").draw("strides"), folder / "picture.png")
        style.save_gif(frames[:2], seconds[:2], folder / "film.gif")
    for name in ("picture.png", "film.gif"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


# ---- The radiograph --------------------------------------------------------------------------


def test_landmarks_of_two_lungs_drawn_by_hand():
    mask = np.zeros((12, 16), bool)
    mask[2:10, 1:5] = True  # the patient's right lung, on the left of the picture
    mask[1, 3] = True
    mask[2:10, 10:15] = True
    mask[1, 11] = True
    mask[10, 14] = True
    found = script("chest").landmarks(mask)
    assert found["apex left"] == (3, 1)
    assert found["apex right"] == (11, 1)
    assert found["costophrenic angle left"] == (1, 9)
    assert found["costophrenic angle right"] == (14, 10)
    assert found["diaphragm"] == (2, 9)
    # Row 1 + 0.62 * 9, two thirds of the way from column 4 to column 10.
    assert found["heart"] == (pytest.approx(4 + 0.68 * 6), 6)


def test_landmarks_need_two_lungs():
    with pytest.raises(ValueError, match="Two lungs were expected"):
        script("chest").landmarks(np.ones((4, 4), bool))


def test_landmarks_of_the_phantom_lie_where_they_should():
    from lungseg.phantom import make_phantom

    chest = script("chest")
    case = make_phantom(chest.CASE, size=chest.SIZE)
    for name, (column, row) in chest.landmarks(case[..., 1] > 0.5).items():
        inside = bool(case[int(row), int(column), 1])
        assert inside == (name != "heart"), name


def test_the_film_becomes_a_case_step_by_step():
    preparation = script("preparation")
    (_, film), (_, cropped), (_, stretched), (_, resized) = preparation.steps()
    assert film.shape == (768, 768)
    assert all(a < b for a, b in zip(cropped.shape, film.shape, strict=True))
    assert (film[:, -1] == 0).all()
    assert cropped[:, -1].max() > 0
    # The 5th and the 95th percentile become 0 and 1: a twentieth of the pixels lies at either end
    # at least, for many pixels share a grey value.
    assert 0.05 <= (stretched <= 0).mean() < 0.08
    assert 0.05 <= (stretched >= 1).mean() < 0.08
    assert resized.shape == (128, 128)


# ---- Networks --------------------------------------------------------------------------------


def test_the_u_is_read_off_the_network():
    from lungseg import build_unet

    down, up, skips = script("unet_shape").read_unet(build_unet((64, 32, 3), filters=4, depth=2))
    assert [(*s.size, s.channels) for s in down] == [(64, 32, 3), (64, 32, 4), (32, 16, 8), (16, 8, 16)]
    assert [(*s.size, s.channels) for s in up] == [(32, 16, 8), (64, 32, 4), (64, 32, 1)]
    assert skips == {"decoder_1": "encoder_1", "decoder_0": "encoder_0"}


def test_the_picture_of_the_u_and_its_description_show_these_numbers():
    from lungseg import build_unet

    unet_shape = script("unet_shape")
    model = build_unet(unet_shape.INPUT)
    words = words_of(unet_shape.draw())
    parameters = f"{model.count_params():,} parameters"
    assert parameters in words
    assert parameters in ALT_TEXTS["unet_shape"]
    for level in range(5):
        shape = model.get_layer(f"encoder_{level}_dropout").output.shape
        assert words.count(f"{shape[1]} × {shape[2]}") == 1
        assert str(shape[3]) in words.splitlines()
        assert f"{shape[1]} by {shape[2]}" in ALT_TEXTS["unet_shape"]


def test_the_dense_head_refuses_the_larger_image_and_the_convolutions_do_not():
    script_ = script("dense_or_convolutional")
    passes = script_.run()
    small, large = passes[64], passes[96]
    assert (small.numbers, large.numbers) == (64 * 64 * 4, 96 * 96 * 4)
    assert (small.dense_weights, large.dense_weights) == (64 * 64 * 4, None)
    assert (small.pixel_weights, large.pixel_weights) == (4, 4)
    assert (small.answers, large.answers) == ((64, 64), (96, 96))
    last = words_of(script_.draw(large, small, 2))
    assert "36,864 numbers came" in last
    assert "an error" in last
    assert "96 × 96 answers" in last
    assert all(number in ALT_TEXTS["dense_or_convolutional"] for number in ("16,384", "36,864"))


def test_the_maps_in_the_animation_are_those_of_the_filters():
    from scipy.ndimage import correlate

    script_ = script("dense_or_convolutional")
    found = script_.run()[64]
    for k in range(4):
        by_hand = correlate(found.image, script_.FILTERS[:, :, 0, k], mode="constant")
        np.testing.assert_allclose(found.maps[..., k], np.maximum(by_hand, 0), atol=1e-5)


def test_strided_and_transposed_convolution_by_hand():
    strides = script("strides")
    small, large = strides.down_and_up()
    by_hand = [[(strides.window(row, column) * strides.DOWN).sum() for column in (0, 1)] for row in (0, 1)]
    assert small.tolist() == by_hand == [[8, 3], [3, 6]]
    assert large.tolist() == np.kron(small, strides.UP).tolist()
    words = words_of(strides.draw()).splitlines()
    assert "16" in words
    assert "12" in words


def test_what_a_small_map_keeps_of_an_outline():
    from lungseg.phantom import make_phantom

    grid = script("coarse_grid")
    assert grid.sizes() == [128, 64, 32, 16, 8]
    mask = make_phantom(grid.CASE, size=128)[..., 1] > 0.5
    words = words_of(grid.draw())
    scores = []
    for size in grid.sizes():
        back = grid.through(mask, size)
        scores.append(2 * (mask & back).sum() / (mask.sum() + back.sum()))
        assert grid.lost(mask, size)[0] == pytest.approx(scores[-1], abs=1e-6)
        assert as_shown(scores[-1]) in words
    assert scores[0] == 1
    assert scores == sorted(scores, reverse=True)
    assert f"at 32 by 32 cells the Dice coefficient is still {scores[2]:.2f}" in ALT_TEXTS["coarse_grid"]
    assert f"at 8 by 8 cells it is {scores[4]:.2f}" in ALT_TEXTS["coarse_grid"]
    assert f"off by {grid.lost(mask, 8)[1]:.0f} pixels" in ALT_TEXTS["coarse_grid"]
