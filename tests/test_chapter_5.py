"""Notebook 5: each mistake gets its name, and right answers written in other ways pass."""

import random
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import ndimage
from skimage import measure

from lungseg.postprocessing import clean_mask
from lungseg.teaching import NotAttempted, check, points, todo
from lungseg.teaching.chapter_5 import EXERCISES, QUESTIONS
from lungseg.teaching.checking import first_wrong
from lungseg.teaching.exercises import find_exercise

keras = pytest.importorskip("keras")
image = np.zeros((32, 32), dtype="float32")  # a name of the notebook that a function should not use

# ---- 5.1: one image ----------------------------------------------------------------------------


def predict_probability(model, image):
    return np.asarray(model.predict_on_batch(image[None, :, :, None]))[0, :, :, 0]


def predict_with_bar(model, image):
    batch = np.expand_dims(np.asarray(image, dtype="float64"), (0, -1))
    return model.predict(batch).squeeze()


def predict_by_call(network, picture):
    return keras.ops.squeeze(network(picture[np.newaxis, ..., np.newaxis]), axis=(0, 3))


def predict_as_nested_list(model, image):
    height, width = image.shape
    return keras.ops.convert_to_numpy(model(image.reshape(1, height, width, 1))).reshape(height, width).tolist()


def predict_a_batch_of_three(model, image):
    return model.predict(np.stack([image] * 3)[..., None], verbose=0)[1, ..., 0]


def no_batch_axis(model, image):
    return model.predict_on_batch(image[:, :, None])[:, :, 0]


def no_axes(model, image):
    return model.predict_on_batch(image)


def batch_axis_behind(model, image):
    return model.predict_on_batch(image[:, :, None, None])[0, :, :, 0]


def channel_in_front(model, image):
    return model.predict_on_batch(image[None, None])[0, 0]


def batch_returned(model, image):
    return model.predict_on_batch(image[None, :, :, None])


def channel_left(model, image):
    return model.predict_on_batch(image[None, :, :, None])[0]


def batch_left(model, image):
    return model.predict_on_batch(image[None, :, :, None])[..., 0]


def one_row(model, image):
    return model.predict_on_batch(image[None, :, :, None])[0, 0, :, 0]


def transposed(model, image):
    return predict_probability(model, image).T


def turned_over(model, image):
    return model.predict_on_batch(image.T[None, :, :, None])[0, :, :, 0]


def turned_over_and_back(model, image):
    return model.predict_on_batch(image.T[None, :, :, None])[0, :, :, 0].T


def thresholded(model, image):
    return predict_probability(model, image) >= 0.5


def rounded_mask(model, image):
    return np.round(predict_probability(model, image))


def divided_by_255(model, image):
    return predict_probability(model, image / 255.0)


def scaled_by_maximum(model, image):
    return predict_probability(model, image / np.max(image))


def sigmoid_twice(model, image):
    return keras.ops.sigmoid(predict_probability(model, image))


def in_training_mode(model, image):
    return np.asarray(model(image[None, :, :, None], training=True))[0, :, :, 0]


def background(model, image):
    return 1 - predict_probability(model, image)


def changes_the_image(model, image):
    result = predict_probability(model, image)
    image /= image.max()
    return result


def as_whole_numbers(model, image):
    return predict_probability(model, image).astype("uint8")


def standardised(model, image):
    return predict_probability(model, (image - image.mean()) / image.std())


def one_mean(model, image):
    return np.mean(predict_probability(model, image))


def forgets_to_return(model, image):
    predict_probability(model, image)


def image_of_the_notebook(model, picture):
    return predict_probability(model, image)


def calls_a_misspelt_method(model, image):
    return model.predict_on_bacth(image[None, :, :, None])[0, :, :, 0]


# ---- 5.2: sums ---------------------------------------------------------------------------------


def mean_dice(table):
    return table["dice"].mean()


def pooled_f1(table):
    tp, fp, fn = table["tp"].sum(), table["fp"].sum(), table["fn"].sum()
    return 2 * tp / (2 * tp + fp + fn)


def mean_by_hand(table):
    return sum(table.dice) / len(table)


def mean_of_pixels(table):
    return np.mean(2 * table.tp / (2 * table.tp + table.fp + table.fn))


def pooled_by_columns(table):
    sums = table[["tp", "fp", "fn"]].sum()
    return float(sums.tp / (sums.tp + 0.5 * (sums.fp + sums.fn)))


def pooled_by_loop(table):
    right = wrong = 0
    for _, row in table.iterrows():
        right += 2 * row["tp"]
        wrong += row["fp"] + row["fn"]
    return np.float32(right / (right + wrong))


def pooled_by_precision_and_recall(table):
    tp, fp, fn = (table[column].to_numpy().sum() for column in ("tp", "fp", "fn"))
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    return 2 / (1 / precision + 1 / recall)


def pooled_without_twos(table):
    tp, fp, fn = table["tp"].sum(), table["fp"].sum(), table["fn"].sum()
    return tp / (tp + fp + fn)


def pooled_without_brackets(table):
    tp, fp, fn = table["tp"].sum(), table["fp"].sum(), table["fn"].sum()
    return 2 * tp / 2 * tp + fp + fn


def pooled_one_two(table):
    tp, fp, fn = table["tp"].sum(), table["fp"].sum(), table["fn"].sum()
    return 2 * tp / (tp + fp + fn)


def pooled_precision(table):
    return table["tp"].sum() / (table["tp"].sum() + table["fp"].sum())


def pooled_recall(table):
    return table["tp"].sum() / (table["tp"].sum() + table["fn"].sum())


def pooled_as_mean(table):
    return (2 * table["tp"] / (2 * table["tp"] + table["fp"] + table["fn"])).mean()


def pooled_of_mean_shares(table):
    precision = (table["tp"] / (table["tp"] + table["fp"])).mean()
    recall = (table["tp"] / (table["tp"] + table["fn"])).mean()
    return 2 * precision * recall / (precision + recall)


def pooled_unsummed(table):
    return 2 * table["tp"] / (2 * table["tp"] + table["fp"] + table["fn"])


def pooled_with_a_new_column(table):
    table["twice"] = 2 * table["tp"]
    return table["twice"].sum() / (table["twice"].sum() + table["fp"].sum() + table["fn"].sum())


def pooled_without_missed(table):
    return 2 * table["tp"].sum() / (2 * table["tp"].sum() + table["fp"].sum())


def pooled_without_surplus(table):
    return 2 * table["tp"].sum() / (2 * table["tp"].sum() + table["fn"].sum())


def mean_uncalled(table):
    return table["dice"].mean


def pooled_of_capitals(table):
    return 2 * table["TP"].sum() / (2 * table["TP"].sum() + table["FP"].sum() + table["FN"].sum())


def pooled_misspelt(table):
    tp = table["tp"].sum()
    return 2 * tp / (2 * tp + fp + table["fn"].sum())  # noqa: F821


# ---- 5.3: groups -------------------------------------------------------------------------------


def by_group(table):
    groups = table.groupby(["source", "diagnosis"])
    return groups.agg(cases=("dice", "size"), dice=("dice", "mean"), worst=("dice", "min"))


def groups_as_columns(table):
    groups = table.groupby(["diagnosis", "source"], as_index=False)
    return groups.agg(worst=("dice", "min"), hd95=("hd95", "mean"), dice=("dice", "mean"), cases=("case", "count"))


def groups_by_loop(table):
    rows = []
    for (source, diagnosis), group in table.groupby(["source", "diagnosis"]):
        scores = sorted(group["dice"])
        row = {"cases": len(scores), "dice": sum(scores) / len(scores), "worst": scores[0]}
        rows.append({"source": source, "diagnosis": diagnosis, **row})
    return pd.DataFrame(rows[::-1])


def groups_joined(table):
    dice = table.groupby(["source", "diagnosis"])["dice"]
    return pd.DataFrame({"cases": dice.size(), "dice": dice.mean(), "worst": dice.min()}).sort_values("dice").round(3)


def groups_of_tuples(table):
    pairs = sorted(set(zip(table["source"], table["diagnosis"], strict=True)))
    parts = [table[(table["source"] == a) & (table["diagnosis"] == b)]["dice"] for a, b in pairs]
    columns = {"cases": map(len, parts), "dice": map(np.mean, parts), "worst": map(min, parts)}
    return pd.DataFrame(
        {name: list(values) for name, values in columns.items()}, index=pd.MultiIndex.from_tuples(pairs)
    )


def groups_with(cases=("dice", "size"), dice=("dice", "mean"), worst=("dice", "min"), by=("source", "diagnosis")):
    return lambda table: table.groupby(list(by)).agg(cases=cases, dice=dice, worst=worst)


def only_grouped(table):
    return table.groupby(["source", "diagnosis"])


def one_number_a_group(table):
    return table.groupby(["source", "diagnosis"])["dice"].mean()


def groups_without_return(table):
    by_group(table)


def two_levels_of_names(table):
    return table.groupby(["source", "diagnosis"]).agg({"dice": ["size", "mean", "min"]})


def other_names(table):
    return by_group(table).rename(columns={"dice": "mean", "worst": "min"})


def empty_groups_too(table):
    kinds = {column: table[column].astype("category") for column in ("source", "diagnosis")}
    groups = table.assign(**kinds).groupby(["source", "diagnosis"], observed=False)
    return groups.agg(cases=("dice", "size"), dice=("dice", "mean"), worst=("dice", "min"))


def first_group_only(table):
    return by_group(table).head(1)


def a_row_for_each_case(table):
    dice = table.groupby(["source", "diagnosis"])["dice"]
    columns = {"cases": dice.transform("size"), "dice": dice.transform("mean"), "worst": dice.transform("min")}
    return table[["source", "diagnosis"]].assign(**columns)


def pooled_in_groups(table):
    sums = table.groupby(["source", "diagnosis"])[["tp", "fp", "fn"]].sum()
    return by_group(table).assign(dice=2 * sums["tp"] / (2 * sums["tp"] + sums["fp"] + sums["fn"]))


def name_of_the_worst(table):
    worst = table.loc[table.groupby(["source", "diagnosis"])["dice"].idxmin(), "case"]
    return by_group(table).assign(worst=worst.to_numpy())


def number_of_all(table):
    return by_group(table).assign(cases=len(table))


def group_column_added(table):
    table["group"] = table["source"] + table["diagnosis"]
    return by_group(table)


def a_column_that_is_not(table):
    return table.groupby(["source", "diagnoses"]).agg(cases=("dice", "size"))


def grouped_without_a_list(table):
    return table.groupby("source", "diagnosis").agg(cases=("dice", "size"))


def mean_of_everything(table):
    return table.groupby(["source", "diagnosis"]).mean()


def groups_without_names(table):
    return by_group(table).reset_index(drop=True)


def described(table):
    return table.groupby(["source", "diagnosis"])[["dice", "hd95"]].describe()


# ---- 5.4: components ---------------------------------------------------------------------------


def keep_largest(mask, count=2):
    labels, found = ndimage.label(mask, structure=np.ones((3, 3)))
    areas = np.bincount(labels.ravel(), minlength=found + 1)
    areas[0] = 0
    largest = np.argsort(areas)[-min(count, found) :] if found else []
    return np.isin(labels, largest)


def keep_by_regions(mask, count=2):
    labels = measure.label(np.asarray(mask, dtype=int), connectivity=2)
    regions = sorted(measure.regionprops(labels), key=lambda region: -region.area)
    kept = np.zeros(labels.shape, dtype="uint8")
    for region in regions[:count]:
        kept[tuple(region.coords.T)] = 1
    return kept


def keep_by_loop(mask, count=2):
    labels, found = ndimage.label(mask, structure=np.ones((3, 3)))
    sizes = [(np.sum(labels == number), number) for number in range(1, found + 1)]
    kept = [number for _, number in sorted(sizes, reverse=True)[:count]]
    return sum((labels == number for number in kept), start=np.zeros(mask.shape, dtype=bool))


def keep_by_table(mask, count=2):
    labels, found = ndimage.label(mask, structure=np.ones((3, 3)))
    areas = ndimage.sum_labels(mask, labels, index=np.arange(1, found + 1))
    chosen = np.zeros(found + 1)
    chosen[1 + np.argsort(-areas)[:count]] = 1
    return chosen[labels]


def keep_by_removing(mask, count=2):
    labels, found = ndimage.label(mask, structure=np.ones((3, 3)))
    kept = np.array(mask)
    for number in np.argsort(np.bincount(labels[labels > 0], minlength=1)[1:])[: max(found - count, 0)] + 1:
        kept[labels == number] = False
    return kept


def keep_the_first_of_equals(mask, count=2):
    labels, found = ndimage.label(mask, structure=np.ones((3, 3)))
    numbers = sorted(range(1, found + 1), key=lambda number: -np.sum(labels == number))
    return np.isin(labels, numbers[:count])


def keep_the_last_of_equals(mask, count=2):
    return keep_the_first_of_equals(mask[::-1, ::-1], count)[::-1, ::-1]


def labels_of(mask):
    labels, found = ndimage.label(mask, structure=np.ones((3, 3)))
    areas = np.bincount(labels.ravel(), minlength=found + 1)
    return labels, found, areas


def with_background(mask, count=2):
    labels, _, areas = labels_of(mask)
    return np.isin(labels, np.argsort(areas)[-count:])


def too_few_forgotten(mask, count=2):
    labels, _, areas = labels_of(mask)
    areas[0] = 0
    return np.isin(labels, np.argsort(areas)[-count:])


def none_forgotten(mask, count=2):
    labels, found, areas = labels_of(mask)
    areas[0] = 0
    return np.isin(labels, np.argsort(areas)[-min(count, found) :])


def by_the_box(mask, count=2):
    labels, found, _ = labels_of(mask)
    areas = [np.prod([side.stop - side.start for side in box]) for box in ndimage.find_objects(labels)]
    return np.isin(labels, 1 + np.argsort(areas)[max(found - count, 0) :])


def first_labels(mask, count=2):
    labels, _, _ = labels_of(mask)
    return (labels > 0) & (labels <= count)


def smallest(mask, count=2):
    labels, _, areas = labels_of(mask)
    return np.isin(labels, np.argsort(areas[1:])[:count] + 1)


def smallest_with_background(mask, count=2):
    labels, _, areas = labels_of(mask)
    areas[0] = 0
    return np.isin(labels, np.argsort(areas)[:count])


def shifted_by_one(mask, count=2):
    labels, found, areas = labels_of(mask)
    return np.isin(labels, np.argsort(areas[1:])[max(found - count, 0) :])


def all_of_equal_area(mask, count=2):
    labels, found, areas = labels_of(mask)
    areas[0] = 0
    return areas[labels] >= max(np.sort(areas)[-min(count, found)], 1) if found else np.zeros_like(mask)


def none_of_equal_area(mask, count=2):
    labels, _, areas = labels_of(mask)
    areas[0] = 0
    limit = np.sort(areas)[-count - 1] if len(areas) > count else 0
    return areas[labels] > limit


def one_of_equal_area(mask, count=2):
    labels, _, areas = labels_of(mask)
    by_area = {area: number for number, area in enumerate(areas) if number}
    return np.isin(labels, [by_area[area] for area in sorted(by_area)[-count:]])


def always_two(mask, count=2):
    return keep_largest(mask, 2)


def only_one(mask, count=2):
    return keep_largest(mask, 1)


def one_too_many(mask, count=2):
    return keep_largest(mask, count + 1)


def numbers_returned(mask, count=2):
    _, _, areas = labels_of(mask)
    areas[0] = 0
    return np.argsort(areas)[-count:]


def labels_left_in(mask, count=2):
    labels, _, _ = labels_of(mask)
    return labels * keep_largest(mask, count)


def unchanged(mask, count=2):
    labels, _, _ = labels_of(mask)
    return labels > 0


def inside_out(mask, count=2):
    return ~keep_largest(mask, count)


def filled(mask, count=2):
    return clean_mask(mask, count)


def four_neighbours(mask, count=2):
    labels, found = ndimage.label(mask)
    areas = np.bincount(labels.ravel(), minlength=found + 1)
    areas[0] = 0
    return np.isin(labels, np.argsort(areas)[-min(count, found) :] if found else [])


def in_place(mask, count=2):
    mask[~keep_largest(mask, count)] = False
    return mask


def keep_without_return(mask, count=2):
    keep_largest(mask, count)


def sums_everything(mask, count=2):
    return keep_largest(mask, count).sum()


def second_and_third(mask, count=2):
    labels, _, areas = labels_of(mask)
    areas[0] = 0
    return np.isin(labels, np.argsort(areas)[::-1][1 : count + 1])


def too_few_are_none(mask, count=2):
    _, found, _ = labels_of(mask)
    return keep_largest(mask, count) if found >= count else np.zeros_like(mask)


def areas_for_numbers(mask, count=2):
    labels, _, areas = labels_of(mask)
    return np.isin(labels, np.sort(areas)[-count:])


def asked_with_in(mask, count=2):
    labels, _, areas = labels_of(mask)
    areas[0] = 0
    return labels in np.argsort(areas)[-count:]


def by_a_threshold(mask, count=2):
    labels, _, areas = labels_of(mask)
    return np.isin(labels, np.flatnonzero(areas > 10)) & (labels > 0)


def no_count(mask):
    return keep_largest(mask)


# ---- The tables --------------------------------------------------------------------------------

WRONG = {
    "5.1": [
        ("the batch axis is missing", no_batch_axis),
        ("the batch axis is missing", no_axes),
        ("the batch axis is missing", batch_axis_behind),
        ("the axes are in another order", channel_in_front),
        ("the batch is returned", batch_returned),
        ("the channel axis is still there", channel_left),
        ("the batch axis is still there", batch_left),
        ("the shape is another", one_row),
        ("height and width are swapped", transposed),
        ("height and width are swapped", turned_over),
        ("height and width are swapped", turned_over_and_back),
        ("thresholded already", thresholded),
        ("thresholded already", rounded_mask),
        ("the image is scaled once more", divided_by_255),
        ("the image is scaled by its own maximum", scaled_by_maximum),
        ("the sigmoid twice", sigmoid_twice),
        ("the network is in training mode", in_training_mode),
        ("the probability of background", background),
        ("the image that you were given is changed", changes_the_image),
        ("cut off to whole numbers", as_whole_numbers),
        ("the image is standardised", standardised),
        ("one number for the whole image", one_mean),
        ("nothing is returned", forgets_to_return),
        ("another image than the one that is handed over", image_of_the_notebook),
        ("an attribute does not exist", calls_a_misspelt_method),
    ],
    "5.2": [
        ("the pooled F1", pooled_f1, pooled_f1),
        ("the median", lambda table: table["dice"].median(), pooled_f1),
        ("the sum", lambda table: table["dice"].sum(), pooled_f1),
        ("the mean Jaccard", lambda table: table["jaccard"].mean(), pooled_f1),
        ("no mean", lambda table: table["dice"], pooled_f1),
        ("in percent", lambda table: 100 * table["dice"].mean(), pooled_f1),
        ("rounded", lambda table: round(table["dice"].mean(), 2), pooled_f1),
        ("one number too few", lambda table: table["dice"].sum() / (len(table) - 1), pooled_f1),
        ("nothing is returned", lambda table: print(end=""), pooled_f1),
        ("the mean of the images' own scores", mean_dice, mean_dice),
        ("the mean of the images' own scores", mean_dice, pooled_as_mean),
        ("precision and recall averaged over the images", mean_dice, pooled_of_mean_shares),
        ("no sum", mean_dice, pooled_unsummed),
        ("Jaccard for Dice", mean_dice, pooled_without_twos),
        ("the factor 2 is missing below the line", mean_dice, pooled_one_two),
        ("brackets are missing", mean_dice, pooled_without_brackets),
        ("the missed pixels are left out", mean_dice, pooled_without_missed),
        ("the surplus pixels are left out", mean_dice, pooled_without_surplus),
        ("the brackets are missing", mean_uncalled, pooled_f1),
        ("precision", mean_dice, pooled_precision),
        ("recall", mean_dice, pooled_recall),
        ("the table that you were given is changed", mean_dice, pooled_with_a_new_column),
        ("there is no column 'TP'", mean_dice, pooled_of_capitals),
        ("the name `fp` is not known", mean_dice, pooled_misspelt),
    ],
    "5.3": [
        ("grouped by source alone", groups_with(by=["source"])),
        ("grouped by diagnosis alone", groups_with(by=["diagnosis"])),
        ("the groups are not summed up", only_grouped),
        ("two names without a list", grouped_without_a_list),
        ("a mean of names", mean_of_everything),
        ("the names of the groups are lost", groups_without_names),
        ("the columns have other names", described),
        ("not a table", one_number_a_group),
        ("not a table", groups_without_return),
        ("the columns have other names", two_levels_of_names),
        ("the columns have other names", other_names),
        ("a row for a group without cases", empty_groups_too),
        ("groups are missing", first_group_only),
        ("a row for each case", a_row_for_each_case),
        ("column dice: the median", groups_with(dice=("dice", "median"))),
        ("column dice: the sum", groups_with(dice=("dice", "sum"))),
        ("column dice: the spread", groups_with(dice=("dice", "std"))),
        ("column dice: the mean Jaccard", groups_with(dice=("jaccard", "mean"))),
        ("column dice: the pooled F1 of the group", pooled_in_groups),
        ("column worst: the best, not the worst", groups_with(worst=("dice", "max"))),
        ("column worst: the largest HD95", groups_with(worst=("hd95", "max"))),
        ("column worst: the row of the worst case", groups_with(worst=("dice", "idxmin"))),
        ("column worst: the first case of the group", groups_with(worst=("dice", "first"))),
        ("column worst: text in place of numbers", name_of_the_worst),
        ("column cases: the number of all the cases", number_of_all),
        ("column cases: the number of different values", groups_with(cases=("dice", "nunique"))),
        ("the table that you were given is changed", group_column_added),
        ("there is no column 'diagnoses'", a_column_that_is_not),
    ],
    "5.4": [
        ("the background counts as a component", with_background),
        ("the background comes along", too_few_forgotten),
        ("the background comes along", none_forgotten),
        ("boxes are compared, not pixels", by_the_box),
        ("the first ones are kept, not the largest", first_labels),
        ("the smallest are kept", smallest),
        ("the smallest are kept, and the background", smallest_with_background),
        ("the numbers are shifted by one", shifted_by_one),
        ("more components than asked for, where areas are equal", all_of_equal_area),
        ("fewer components than asked for, where areas are equal", none_of_equal_area),
        ("fewer components than asked for, where areas are equal", one_of_equal_area),
        ("always two are kept", always_two),
        ("only the largest one is kept", only_one),
        ("one too many is kept", one_too_many),
        ("the numbers of the components are returned", numbers_returned),
        ("the numbers of the components stand in the mask", labels_left_in),
        ("nothing is removed", unchanged),
        ("it is turned inside out", inside_out),
        ("the holes are filled", filled),
        ("corners do not count as touching", four_neighbours),
        ("the mask that you were given is changed", in_place),
        ("nothing is returned", keep_without_return),
        ("one number", sums_everything),
        ("only the largest one is kept", by_a_threshold),
        ("the arguments do not fit", no_count),
        ("the largest one is left out", second_and_third),
        ("nothing is left", too_few_are_none),
        ("nothing is left", areas_for_numbers),
        ("`in` with arrays", asked_with_in),
    ],
}
RIGHT = {
    "5.1": [
        predict_probability,
        predict_with_bar,
        predict_by_call,
        predict_as_nested_list,
        predict_a_batch_of_three,
    ],
    "5.2": [
        (mean_dice, pooled_f1),
        (mean_by_hand, pooled_by_columns),
        (mean_of_pixels, pooled_by_loop),
        (lambda table: np.float32(table["dice"].to_numpy().mean()), pooled_by_precision_and_recall),
    ],
    "5.3": [by_group, groups_as_columns, groups_by_loop, groups_joined, groups_of_tuples],
    "5.4": [
        keep_largest,
        keep_by_regions,
        keep_by_loop,
        keep_by_table,
        keep_by_removing,
        keep_the_first_of_equals,
        keep_the_last_of_equals,
    ],
}


def answers_of(row) -> tuple:
    return row if isinstance(row, tuple) else (row,)


WRONG_ROWS = [
    pytest.param(number, row[0], row[1:], id=f"{number}-{k}") for number in WRONG for k, row in enumerate(WRONG[number])
]
RIGHT_ROWS = [
    pytest.param(number, answers_of(row), id=f"{number}-{k}") for number in RIGHT for k, row in enumerate(RIGHT[number])
]


@pytest.mark.parametrize(("number", "cause", "answers"), WRONG_ROWS)
def test_a_mistake_gets_its_name(number, cause, answers):
    wrong = first_wrong(number, *answers)
    assert wrong is not None
    assert wrong.cause == cause, wrong.report()
    assert "" not in (wrong.tried, wrong.received, wrong.expected, wrong.remedy)
    report = wrong.report()
    assert all(label in report for label in ("I tried", "It gave", "Expected", "Mistake", "Try"))
    assert max(map(len, report.splitlines())) <= 120


@pytest.mark.parametrize(("number", "answers"), RIGHT_ROWS)
def test_a_right_answer_passes(number, answers):
    wrong = first_wrong(number, *answers)
    assert wrong is None, wrong.report()
    assert points(number, *answers, of=4) == 4


@pytest.mark.parametrize(
    ("number", "answers", "share"),
    [
        ("5.1", (thresholded,), 1 / 2),
        ("5.1", (no_axes,), 0),
        ("5.2", (mean_dice, mean_dice), 1 / 2),
        ("5.2", (pooled_f1, mean_dice), 0),
        ("5.3", (groups_with(dice=("dice", "median")),), 1 / 2),
        ("5.3", (groups_without_return,), 0),
        ("5.4", (none_forgotten,), 3 / 4),
        ("5.4", (always_two,), 3 / 4),
        ("5.4", (all_of_equal_area,), 3 / 4),
        ("5.4", (inside_out,), 0),
    ],
)
def test_points_are_a_share(number, answers, share):
    assert points(number, *answers, of=4) == pytest.approx(4 * share)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.number)
def test_a_blank_is_not_attempted(exercise, tmp_path, monkeypatch):
    def blank(*args, **kwargs):
        # Exercise 5.9
        todo()

    monkeypatch.chdir(tmp_path)
    blanks = [blank] * len(exercise.names)
    with pytest.raises(NotAttempted, match=r"Exercise 5\.\d is not done yet"):
        check(exercise.number, *blanks)
    assert points(exercise.number, *blanks, of=3) == 0


@pytest.mark.parametrize("number", RIGHT)
def test_check_says_so_and_leaves_chance_alone(number, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    answers = answers_of(RIGHT[number][1])
    first_wrong(number, *answers)  # what is loaded once is loaded
    keras.utils.set_random_seed(5)
    expected = draw()
    keras.utils.set_random_seed(5)
    capfd.readouterr()
    check(number, *answers)
    printed = capfd.readouterr()
    assert printed.out.startswith(f"Exercise {number}: correct. ")
    assert printed.out.count("\n") <= 2
    assert printed.err == ""
    assert draw() == expected


def draw():
    """Numbers of the three kinds that a student's training depends on."""
    return random.random(), np.random.random(), np.asarray(keras.random.normal((3,))).tolist()  # noqa: NPY002


def test_the_students_own_line_is_shown():
    wrong = first_wrong("5.2", mean_dice, pooled_misspelt)
    assert re.search(r"in line \d+ of your cell:  return 2 \* tp / \(2 \* tp \+ fp", wrong.received)


def test_a_constant_does_not_earn_points():
    """Numbers that a student copies from the messages of check are others when points are given."""
    table = SimpleNamespace(seen=None)

    def copied(_):
        return table.seen

    table.seen = 0.0
    wrong = first_wrong("5.2", copied, pooled_f1)
    table.seen = float(wrong.expected)
    assert points("5.2", copied, pooled_f1, of=4) == 2


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.number)
def test_each_option_has_its_feedback(question):
    assert question.right in question.feedback
    assert list(question.feedback) == ["a", "b", "c", "d"]
    assert min(map(len, question.feedback.values())) > 40
    assert len(set(question.feedback.values())) == 4


def test_the_right_letter_varies():
    assert len({question.right for question in QUESTIONS}) == 4


def test_each_exercise_has_three_hints_and_its_words():
    assert [exercise.number for exercise in EXERCISES] == ["5.1", "5.2", "5.3", "5.4"]
    for exercise in EXERCISES:
        assert len(set(exercise.hints)) == 3
        assert "" not in (exercise.title, exercise.praise)
        assert find_exercise(exercise.number) is exercise


@pytest.mark.parametrize(
    ("answer", "words"), [(none_forgotten, "With 0 components, "), (too_few_forgotten, "With 0 components, ")]
)
def test_one_is_one_and_none_is_none(answer, words):
    assert words in first_wrong("5.4", answer).why
