"""Which class is taken for which, counted by hand."""

import numpy as np
import pytest

from lungseg.evaluation import confusion_matrix, normalised


def one_hot(labels):
    """Masks of two classes for labels; -1 is ignored."""
    labels = np.array(labels)
    masks = (labels[..., None] == [1, 2]).astype(float)
    masks[labels == -1] = -1
    return masks


def test_counted_by_hand():
    truth = one_hot([[0, 0, 0, 1, 1, 2, -1, -1]])
    prediction = one_hot([[0, 0, 1, 1, 2, 2, 1, 0]]) == 1
    matrix = confusion_matrix(truth, prediction)
    assert matrix.tolist() == [[2, 1, 0], [0, 1, 1], [0, 0, 1]]
    np.testing.assert_allclose(normalised(matrix), [[2 / 3, 1 / 3, 0], [0, 0.5, 0.5], [0, 0, 1]])


def test_a_class_that_is_nowhere_has_an_empty_row():
    matrix = confusion_matrix(one_hot([[0, 1]]), one_hot([[2, 1]]))
    assert matrix.tolist() == [[0, 0, 1], [0, 1, 0], [0, 0, 0]]
    assert np.isnan(normalised(matrix)[2]).all()


def test_an_image_that_is_ignored_altogether_counts_nothing():
    assert confusion_matrix(one_hot([[-1, -1]]), one_hot([[1, 2]])).sum() == 0


@pytest.mark.parametrize("shift", [0, 1])
def test_matrices_add_up_and_agree_with_tp_fp_fn(shift):
    labels = np.random.default_rng(0).integers(0, 3, (2, 9, 7))
    truths, predictions = one_hot(labels), one_hot(np.roll(labels, shift, axis=1))
    total = sum(confusion_matrix(t, p) for t, p in zip(truths, predictions, strict=True))
    assert total.tolist() == confusion_matrix(np.concatenate(truths), np.concatenate(predictions)).tolist()
    for k in (0, 1):
        tp = np.sum(truths[..., k] * predictions[..., k])
        assert total[k + 1, k + 1] == tp
        assert total[k + 1].sum() == truths[..., k].sum()
        assert total[:, k + 1].sum() == predictions[..., k].sum()
