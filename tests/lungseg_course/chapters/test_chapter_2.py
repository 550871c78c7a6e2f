"""Notebook 2: what the checks of its exercises do besides naming mistakes."""

from keras import layers

from answers.chapter_2 import decoder_block_comes_out_wrong, unet_built_wrong
from answers.chapter_2.unet_with_a_list_outside import kept, kept_outside
from lungseg_course import check
from lungseg_course.engine.checking import first_wrong


def test_the_verdict_is_the_same_each_time():
    no_relu = decoder_block_comes_out_wrong.answers.with_mistake("no ReLU")
    reports = {first_wrong("2.1", no_relu).report() for _ in range(2)}
    assert len(reports) == 1


def test_the_students_own_line_is_shown(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def decoder_block(x, skip, filters, dropout=0.0):
        x = layers.Conv2DTranspose(filtres, 2, strides=2, padding="same")(x)  # noqa: F821
        return x

    check("2.1", decoder_block)
    printed = capsys.readouterr().out
    assert "layers.Conv2DTranspose(filtres, 2" in printed
    assert "the name `filtres` is not known" in printed


def test_how_often_it_is_halved_is_said_in_english():
    wrong = first_wrong("2.2", unet_built_wrong.answers.with_mistake("one level too few"))
    assert (wrong.received, wrong.expected) == ("halved 1 time", "halved 2 times")


def test_a_list_outside_is_found_whether_or_not_the_notebook_has_built_a_network():
    kept.clear()
    assert first_wrong("2.2", kept_outside).cause == "the list `kept` is never emptied"
    left = list(kept)
    wrong = first_wrong("2.2", kept_outside)
    assert wrong.cause == "the list `kept` is never emptied"
    assert f"held {len(left)} entries" in wrong.why
    assert kept[: len(left)] == left
