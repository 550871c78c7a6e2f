"""What the pictures tell of networks and masks: each Dice in them, and in the words beside them, is measured again."""

import numpy as np
import pytest

from pictures import ALT_TEXTS, as_shown, figure_of, script, words_of

pytestmark = pytest.mark.slow


# ---- The network that comes with the package ---------------------------------------------------


def test_the_network_outlines_the_first_phantoms_of_the_series_and_the_words_say_how_well():
    from lungseg.evaluation import hd95, surface_distances
    from lungseg.phantom import make_phantom, phantom_id

    result = script("result")
    assert [phantom_id(number)[-1] for number in result.first_of_each().values()] == ["0", "1"]
    words = words_of(figure_of("result"))
    for found, number in zip(result.results(), result.first_of_each().values(), strict=True):
        truth = make_phantom(number, size=result.SIZE)[..., 1] > 0.5
        assert (found.truth == truth).all()
        dice = 2 * (truth & found.predicted).sum() / (truth.sum() + found.predicted.sum())
        assert found.dice == pytest.approx(dice)
        assert found.hd95 == pytest.approx(hd95(surface_distances(truth, found.predicted)))
        assert f"Dice\\ {dice:.2f}" in words
        assert as_shown(dice) in ALT_TEXTS["result"]


def test_the_numbers_of_the_test_cases_are_those_that_come_with_the_package():
    import json

    from lungseg.runs import PretrainedRun

    run = PretrainedRun()
    real, summary = script("real_cases"), json.loads((run.folder / "summary.json").read_text(encoding="utf-8"))
    rows = real.table()
    hospitals, diagnoses = (
        np.ptp([one["dice"]["mean"] for one in summary[by].values()]) for by in ("by_source", "by_diagnosis")
    )
    assert hospitals > 2 * diagnoses  # the README says so
    assert set(rows["case"]) == set(run.split_ids["test"])
    words, told = words_of(figure_of("real_cases")), ALT_TEXTS["real_cases"]
    assert f"{len(rows)} test radiographs" in words
    for score, (_, limits, shape) in real.SCORES.items():
        assert limits[0] <= rows[score].min()
        assert rows[score].max() <= limits[1]
        for (source, diagnosis), mean in zip(real.GROUPS, real.intervals(rows, score), strict=True):
            expected = summary["by_source_and_diagnosis"][f"{source}, {diagnosis}"]
            assert mean.value == pytest.approx(expected[score]["mean"])
            assert f"{source}\n{diagnosis} ({expected['count']})" in words
            numbers = [shape.format(number) for number in (mean.value, mean.low, mean.high)]
            assert f"$\\bf{{{numbers[0]}}}$\n{numbers[1]} to {numbers[2]}" in words
            assert numbers[0] in told


# ---- Dice ------------------------------------------------------------------------------------


def test_the_dice_of_the_squares():
    overlap = script("dice_overlap")
    words = words_of(overlap.draw())
    for shift in overlap.SHIFTS:
        a, b = overlap.squares(shift)
        assert a.sum() == b.sum() == 400
        dice, jaccard = overlap.scores(a, b)
        assert dice == pytest.approx((20 - shift) / 20)
        assert jaccard == pytest.approx((20 - shift) / (20 + shift))
        assert f"Dice\\ {dice:.2f}" in words
        assert f"Jaccard {jaccard:.2f}" in words


def test_the_dice_of_the_mistakes():
    overlap = script("dice_overlap")
    words = words_of(overlap.draw())
    for name, truth, prediction in overlap.mistakes():
        dice = 2 * (truth & prediction).sum() / (truth.sum() + prediction.sum())
        assert overlap.scores(truth, prediction)[0] == pytest.approx(dice, abs=1e-6)
        assert f"Dice\\ {dice:.2f}" in words, name
        assert as_shown(dice) in ALT_TEXTS["dice_overlap"], name


def test_a_whole_batch_hides_what_the_mean_over_images_shows():
    script_ = script("batch_or_image")
    _, masks, predictions = script_.batch()
    scores, pooled = script_.per_image(masks, predictions), script_.whole_batch(masks, predictions)
    assert pooled == pytest.approx(2 * (masks * predictions).sum() / (masks.sum() + predictions.sum()), abs=1e-6)
    assert scores[-1] == 0
    assert scores[:-1].min() > 0.95
    assert pooled > scores.mean() + 0.1
    words = words_of(script_.draw())
    for value in (pooled, scores.mean()):
        assert f"Dice {value:.2f}" in words
        assert as_shown(value) in ALT_TEXTS["batch_or_image"]
