"""What is said of images that are much too large, or grey for a network of colours."""

import warnings

import numpy as np

from cells import CELLS
from lungseg import segment
from lungseg.prediction import predict
from radiographs import save
from stand_ins import channel_network, save_run, threshold_network

RNG = np.random.default_rng(0)


def picture(height, width):
    return RNG.integers(0, 256, (height, width, 3), np.uint8)


def said_of(run, image, **settings):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        segment(run, image, **settings)
    return [str(warning.message) for warning in caught if warning.category is UserWarning]


def test_an_image_that_is_made_much_smaller(cells):
    assert said_of(cells, picture(320, 160)) == [  # 10 and 5 times: 50 in area
        "image is made smaller by a factor of 7, and details are lost. If the network was trained at its resolution, "
        "--tile (in Python tile=) keeps it."
    ]
    assert said_of(cells, picture(64, 128)) == []  # 8 in area
    assert said_of(cells, picture(320, 160), tile=32) == []
    assert said_of(cells, picture(320, 160), tile=False) == []  # which is what was asked for


def test_it_is_compared_with_the_files_of_the_training(tmp_path):
    cases = tmp_path / "cases"
    cases.mkdir()
    columns = "case,image,masks,height,width,top,left,bottom,right,size,low,high,bytes"
    rows = [f"{name},{name}.png,{name}.png,200,200,0,0,200,200,32,0,255,9" for name in "abc"]
    (cases / "manifest.csv").write_text("\n".join([columns, *rows, ""]))
    run = save_run(tmp_path / "run", channel_network(), CELLS, preparation=None, cases=str(cases))
    assert said_of(run, picture(320, 160)) == []  # 50 in area, where the training had 39
    assert len(said_of(run, picture(640, 640))) == 1  # 400


def test_grey_images_and_a_network_of_colours(cells):
    grey = picture(40, 40)[..., 0]
    asked = ["image is grey, and the network takes colours. Was it trained on such images?"]
    assert said_of(cells, grey) == asked
    assert said_of(cells, np.repeat(grey[..., None], 3, axis=-1)) == asked
    assert said_of(cells, picture(40, 40)) == []


def test_nothing_is_said_of_radiographs():
    chest = RNG.integers(0, 256, (400, 400), np.uint8)
    assert said_of(threshold_network(32), chest) == []


def test_the_command_says_it_once_for_all_files(cells, tmp_path):
    files = [save(tmp_path / f"{name}.png", picture(320, 320)) for name in "ab"]
    files += [save(tmp_path / "grey.png", picture(32, 32)[..., 0])]
    lines = []
    predict(files, tmp_path / "masks", cells, report=lines.append, progress=False)
    assert (
        "2 images are made smaller by a factor of up to 10, and details are lost. If the network was trained at their "
        "resolution, --tile (in Python tile=) keeps it." in lines
    )
    assert f"{files[2]} is grey, and the network takes colours. Was it trained on such images?" in lines
