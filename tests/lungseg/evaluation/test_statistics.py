"""Intervals, agreement and calibration, against numbers worked out by hand and against SciPy."""

import numpy as np
import pytest
from scipy import stats

import lungseg.evaluation.statistics as statistics_module
from lungseg.errors import InputError
from lungseg.evaluation.statistics import (
    bootstrap_interval,
    calibration_table,
    expected_calibration_error,
    limits_of_agreement,
    pooled_f1,
)

# --- bootstrap -------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("statistic", [np.mean, np.median])
def test_a_constant_has_no_spread(statistic):
    assert bootstrap_interval(np.full(7, 0.25), statistic) == (0.25, 0.25, 0.25)


def test_a_skewed_sample_by_hand():
    # How often the 1 is drawn is binomial with n = 10 and p = 0.1: at most 0, 1, 2, 3, 4 times with probability
    # 0.349, 0.736, 0.930, 0.987, 0.998. Bias z = Φ⁻¹(0.349 + 0.387 / 2) = 0.1065. Means without one case are 1/9, nine
    # times, and 0: acceleration a = 0.00072 / (6 · 0.009^1.5) = 0.1405. With z ± 1.645 as u, the ends are the quantiles
    # Φ(z + u / (1 - a u)) = 0.123 and 0.992 of the means; the percentile method takes 0.05 and 0.95.
    assert bootstrap_interval([0] * 9 + [1], level=0.9, resamples=20_000) == (0.1, 0.0, 0.4)


@pytest.mark.parametrize("statistic", [np.mean, np.median])
def test_it_is_the_bca_interval_of_scipy(statistic):
    values = np.random.default_rng(4).beta(20, 1, size=80)
    settings = {"n_resamples": 500, "confidence_level": 0.8, "method": "BCa"}
    theirs = stats.bootstrap((values,), statistic, rng=np.random.default_rng(3), **settings).confidence_interval
    ours = bootstrap_interval(values, statistic, level=0.8, resamples=500, seed=3)
    assert ours == pytest.approx((statistic(values), *theirs))


@pytest.mark.filterwarnings("error")
def test_where_bca_is_not_defined_the_middle_of_the_results_is_the_interval():
    values = [0, 0.5, 0.5, 0.5, 1]  # the median is 0.5 without any one of them
    # A median of 0 needs three draws of the 0 or more, which has probability 0.058.
    assert bootstrap_interval(values, np.median) == (0.5, 0, 1)
    assert bootstrap_interval(values, np.median, level=0.8) == (0.5, 0.5, 0.5)


def test_numbers_of_a_case_stay_together():
    # In each case half of the pixels are right: the F1 is 2/3 whatever is drawn.
    counts = np.array([[1, 1, 0], [50, 50, 0], [7, 7, 0]])
    assert bootstrap_interval(counts, pooled_f1) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert bootstrap_interval(np.zeros((3, 3)), pooled_f1) == (1, 1, 1)


def test_the_seed_decides_and_blocks_do_not_matter(monkeypatch):
    values = np.arange(30.0)
    before = bootstrap_interval(values, resamples=250)
    assert bootstrap_interval(values, resamples=250) == before
    assert bootstrap_interval(values, resamples=250, seed=1) != before
    monkeypatch.setattr(statistics_module, "BLOCK", 7)
    assert bootstrap_interval(values, resamples=250) == before


def test_a_single_case_has_no_interval():
    interval = bootstrap_interval([0.9])
    assert interval.value == 0.9
    assert np.isnan([interval.low, interval.high]).all()


@pytest.mark.parametrize(
    ("values", "settings", "says"),
    [
        ([], {}, "finite"),
        ([1.0, np.nan], {}, "finite"),
        (np.zeros((2, 2, 2)), {}, r"\(2, 2, 2\)"),
        ([1.0], {"level": 95}, "level 95"),
        ([1.0], {"resamples": 0}, "resample"),
    ],
)
def test_the_bootstrap_refuses_nonsense(values, settings, says):
    with pytest.raises(InputError, match=says):
        bootstrap_interval(values, **settings)


# --- agreement -------------------------------------------------------------------------------------------


def test_limits_of_agreement_by_hand():
    # Differences 0, 2, 4: mean 2, standard deviation 2.
    agreement = limits_of_agreement([10, 20, 30], [10, 22, 34])
    assert agreement == pytest.approx((2, 2 - 1.96 * 2, 2 + 1.96 * 2))
    assert limits_of_agreement([5, 6], [4, 5]) == (-1, -1, -1)
    single = limits_of_agreement([5], [7])
    assert single.bias == 2
    assert np.isnan(single.low)


@pytest.mark.parametrize(("true", "measured"), [([], []), ([1], [1, 2]), ([1, 2], [1, np.nan]), ([[1]], [[1]])])
def test_agreement_refuses_nonsense(true, measured):
    with pytest.raises(InputError):
        limits_of_agreement(true, measured)


# --- calibration -----------------------------------------------------------------------------------------


def test_calibration_by_hand():
    probability = np.array([[0.05, 0.1, 0.15], [0.95, 1.0, 0.999]])
    table = calibration_table(probability, [[0, 1, 0], [1, 1, 0]])
    assert table.shape == (3, 10)
    assert table[:, 0] == pytest.approx([1, 0, 0.05])
    assert table[:, 1] == pytest.approx([2, 1, 0.25])  # 0.1 belongs to the upper interval
    assert table[:, 9] == pytest.approx([3, 2, 2.949])  # and 1 to the last one
    assert table[:, 2:9].sum() == 0
    # (|0 - 0.05| + |1 - 0.25| + |2 - 2.949|) / 6
    assert expected_calibration_error(table) == pytest.approx((0.05 + 0.75 + 0.949) / 6)


def test_perfect_and_worst_calibration():
    certain = calibration_table([[0.0, 1.0]], [[0, 1]])
    assert expected_calibration_error(certain) == 0
    assert expected_calibration_error(calibration_table([[0.0, 1.0]], [[1, 0]])) == 1
    assert np.isnan(expected_calibration_error(np.zeros((3, 10))))


def test_tables_of_images_add_up():
    rng = np.random.default_rng(2)
    probability, truth = rng.random((2, 8, 8), dtype=np.float32), rng.random((2, 8, 8)) < 0.4
    apart = sum(calibration_table(p, t) for p, t in zip(probability, truth, strict=True))
    np.testing.assert_allclose(apart, calibration_table(probability.reshape(16, 8), truth.reshape(16, 8)))
    assert apart.sum(axis=1) == pytest.approx([128, truth.sum(), probability.sum()])


def test_rounding_beyond_the_range_is_taken_in():
    assert calibration_table([[-1e-4, 1 + 1e-4]], [[0, 1]])[2].tolist() == [0] * 9 + [1]
    with pytest.raises(InputError, match="shapes"):
        calibration_table([[0.5]], [[0, 1]])
