"""Notebook 4: each mistake gets its name, and right answers written in other ways pass."""

import hashlib
import inspect
import random
import re

import numpy as np
import pytest

import lungseg
from lungseg.teaching import NotAttempted, check, points, todo
from lungseg.teaching.chapter_4 import EXERCISES, QUESTIONS
from lungseg.teaching.checking import first_wrong
from lungseg.teaching.exercises import find_exercise

keras = pytest.importorskip("keras")
DataGenerator = lungseg.DataGenerator
dice_loss = lungseg.dice_loss
EPOCHS = 12

# ---- 4.1: the split ----------------------------------------------------------------------------


def split_names(names, seed, shares=(0.7, 0.15, 0.15)):
    ordered = sorted(names)
    mixed = [ordered[k] for k in np.random.default_rng(seed).permutation(len(ordered))]
    n_train, n_validation = (round(share * len(mixed)) for share in shares[:2])
    return mixed[:n_train], mixed[n_train : n_train + n_validation], mixed[n_train + n_validation :]


def cut(mixed, shares):
    a = round(shares[0] * len(mixed))
    b = a + round(shares[1] * len(mixed))
    return mixed[:a], mixed[a:b], mixed[b:]


def split_with_random(names, seed, shares):
    names = sorted(names)
    random.Random(seed).shuffle(names)
    return cut(names, shares)


def split_by_hash(names, seed, shares):
    return cut(sorted(names, key=lambda name: hashlib.md5(f"{seed}{name}".encode()).hexdigest()), shares)


def split_of_arrays(names, seed, shares):
    mixed = np.sort(np.array(list(set(names))))
    np.random.default_rng(seed).shuffle(mixed)
    where = np.floor(np.cumsum(shares[:2]) * len(mixed)).astype(int)
    return np.split(mixed, where)


def split_test_first(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng(seed).shuffle(mixed)
    test = mixed[: int(shares[2] * len(mixed))]
    rest = [name for name in mixed if name not in test]
    validation = rest[: int(shares[1] * len(mixed))]
    return {"train": [n for n in rest if n not in validation], "validation": validation, "test": test}


def split_into_sorted_parts(names, seed, shares):
    return tuple(tuple(sorted(part)) for part in split_names(set(names), seed, shares))


def split_with_a_set_of_the_others(names, seed, shares):
    _, validation, test = split_names(names, seed, shares)
    others = {*validation, *test}
    return sorted(set(names) - others), [name for name in sorted(names) if name in others - set(test)], test


def unsorted_names(names, seed, shares):
    rng = np.random.default_rng(seed)
    return cut([names[k] for k in rng.permutation(len(names))], shares)


def sorted_after_shuffling(names, seed, shares):
    mixed = list(names)
    np.random.default_rng(seed).shuffle(mixed)
    return cut(sorted(mixed), shares)


def never_shuffled(names, seed, shares):
    return cut(sorted(names), shares)


def names_of_a_set(names, seed, shares):
    mixed = list(set(names))
    random.Random(seed).shuffle(mixed)
    return cut(mixed, shares)


def fixed_seed(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng(0).shuffle(mixed)
    return cut(mixed, shares)


def no_seed(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng().shuffle(mixed)
    return cut(mixed, shares)


def global_numpy(names, seed, shares):
    np.random.seed(seed)  # noqa: NPY002
    return cut(list(np.random.permutation(sorted(names))), shares)  # noqa: NPY002


def global_python(names, seed, shares):
    random.seed(seed)
    names = sorted(names)
    random.shuffle(names)
    return cut(names, shares)


def overlapping(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng(seed).shuffle(mixed)
    a, b = round(shares[0] * len(mixed)), round(shares[1] * len(mixed))
    return mixed[:a], mixed[a : a + b], mixed[a:]


def one_too_many(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng(seed).shuffle(mixed)
    a, b = round(shares[0] * len(mixed)), round(shares[1] * len(mixed))
    return mixed[: a + 1], mixed[a : a + b], mixed[a + b :]


def drawn_three_times(names, seed, shares):
    rng = np.random.default_rng(seed)
    return [list(rng.choice(sorted(names), size=round(share * len(names)), replace=False)) for share in shares]


def rounded_three_times(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng(seed).shuffle(mixed)
    a, b, c = (round(share * len(mixed)) for share in shares)
    return mixed[:a], mixed[a : a + b], mixed[a + b : a + b + c]


def what_is_left_of_a_set(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng(seed).shuffle(mixed)
    _, validation, test = cut(mixed, shares)
    return list(set(mixed) - set(test) - set(validation)), validation, test


def three_sets(names, seed, shares):
    return [set(part) for part in split_names(names, seed, shares)]


def picked_from_the_given_list(names, seed, shares):
    _, validation, test = split_names(names, seed, shares)
    return [name for name in names if name not in validation + test], validation, test


def mixed_once_more(names, seed, shares):
    parts = split_names(names, seed, shares)
    for part in parts:
        random.Random().shuffle(part)
    return parts


def one_skipped(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng(seed).shuffle(mixed)
    a, b = round(shares[0] * len(mixed)), round(shares[1] * len(mixed))
    return mixed[:a], mixed[a + 1 : a + b], mixed[a + b :]


def rounded_down(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng(seed).shuffle(mixed)
    a, b, c = (int(share * len(mixed)) for share in shares)
    return mixed[:a], mixed[a : a + b], mixed[a + b : a + b + c]


def fixed_shares(names, seed, shares):
    return split_names(names, seed)


def test_in_the_middle(names, seed, shares):
    train, test, validation = split_names(names, seed, (shares[0], shares[2], shares[1]))
    return train, test, validation


test_in_the_middle.__test__ = False


def sorted_in_place(names, seed, shares):
    names.sort()
    return split_names(names, seed, shares)


def two_parts(names, seed, shares):
    train, validation, test = split_names(names, seed, shares)
    return train, validation + test


def places_only(names, seed, shares):
    return cut(np.random.default_rng(seed).permutation(len(names)), shares)


def split_without_return(names, seed, shares):
    split_names(names, seed, shares)


def misspelt(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng(seed).shuffle(mixed)
    return cut(mixd, shares)  # noqa: F821


def small_seeds_only(names, seed, shares):
    return split_names(names, seed % 2, shares)


def shuffled_into_none(names, seed, shares):
    mixed = random.Random(seed).shuffle(sorted(names))
    return cut(mixed, shares)


def cut_at_fractions(names, seed, shares):
    mixed = sorted(names)
    np.random.default_rng(seed).shuffle(mixed)
    a = shares[0] * len(mixed)
    b = a + shares[1] * len(mixed)
    return mixed[:a], mixed[a:b], mixed[b:]


def test_with_replacement(names, seed, shares):
    names = sorted(names)
    test = list(np.random.default_rng(seed).choice(names, size=round(shares[2] * len(names))))
    rest = [name for name in names if name not in test]
    n_validation = round(shares[1] * len(names))
    return rest[n_validation:], rest[:n_validation], test


test_with_replacement.__test__ = False


# ---- 4.2: the generators -----------------------------------------------------------------------


def make_generators(split, batch_size, seed):
    training = DataGenerator(split.train, batch_size, shuffle=True, seed=seed)
    return training, DataGenerator(split.validation, batch_size, shuffle=False)


def generators_by_default(split, batch_size, seed):
    generators = {
        part: DataGenerator(cases=getattr(split, part), seed=seed, shuffle=part == "train", batch_size=batch_size)
        for part in ("train", "validation")
    }
    return list(generators.values())


class LaterGenerator(DataGenerator):
    """Someone's own, which shuffles at the end of an epoch only."""

    def start_epoch(self, epoch):
        super().start_epoch(epoch)

    def __init__(self, cases, batch_size=8, shuffle=True, seed=0):
        super().__init__(cases, batch_size, shuffle, seed)
        self.order = np.arange(len(self.cases))


def generators_of_ones_own(split, batch_size, seed):
    train, validation, _ = split
    return LaterGenerator(train, batch_size, True, seed), LaterGenerator(validation, batch_size, False, seed)


def validates_on_the_test(split, batch_size, seed):
    return make_generators(split._replace(validation=split.test), batch_size, seed)


def the_same_twice(split, batch_size, seed):
    return make_generators(split._replace(validation=split.train), batch_size, seed)


def trains_on_both(split, batch_size, seed):
    return make_generators(split._replace(train=split.train + split.validation), batch_size, seed)


def swapped(split, batch_size, seed):
    training, validation = make_generators(split, batch_size, seed)
    return validation, training


def both_shuffled(split, batch_size, seed):
    return DataGenerator(split.train, batch_size, seed=seed), DataGenerator(split.validation, batch_size)


def none_shuffled(split, batch_size, seed):
    return [DataGenerator(part, batch_size, shuffle=False, seed=seed) for part in split[:2]]


def the_wrong_one_shuffled(split, batch_size, seed):
    training = DataGenerator(split.train, batch_size, shuffle=False)
    return training, DataGenerator(split.validation, batch_size, shuffle=True, seed=seed)


def default_batches(split, batch_size, seed):
    return DataGenerator(split.train, seed=seed), DataGenerator(split.validation, shuffle=False)


def seed_forgotten(split, batch_size, seed):
    return DataGenerator(split.train, batch_size), DataGenerator(split.validation, batch_size, shuffle=False)


def one_generator(split, batch_size, seed):
    return DataGenerator(split.train, batch_size, seed=seed)


def lists_of_files(split, batch_size, seed):
    return split.train, split.validation


def no_generators(split, batch_size, seed):
    pair = make_generators(split, batch_size, seed)  # noqa: F841


def another_name(split, batch_size, seed):
    training = DataGenerator(split.train, batchsize=batch_size, shuffle=True, seed=seed)
    return training, DataGenerator(split.validation, batch_size, shuffle=False)


def a_part_that_is_not(split, batch_size, seed):
    return DataGenerator(split.training, batch_size, seed=seed), DataGenerator(split.validation, batch_size, False)


def like_a_dictionary(split, batch_size, seed):
    return DataGenerator(split["train"], batch_size, seed=seed), DataGenerator(split["validation"], batch_size)


def seed_for_batch_size(split, batch_size, seed):
    return DataGenerator(split.train, seed + 1, seed=batch_size), DataGenerator(split.validation, batch_size, False)


def part_of_the_cases(split, batch_size, seed):
    return DataGenerator(split.train[:batch_size], batch_size, seed=seed), DataGenerator(split.validation, batch_size)


def three_generators(split, batch_size, seed):
    return *make_generators(split, batch_size, seed), DataGenerator(split.test, batch_size, shuffle=False)


# ---- 4.3: compile ------------------------------------------------------------------------------


def compile_model(model, learning_rate, loss, metrics):
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss=loss, metrics=metrics)


def compile_in_places(model, learning_rate, loss, metrics):
    settings = {"metrics": tuple(metrics), "run_eagerly": False}
    model.compile(keras.optimizers.Adam(learning_rate=learning_rate), loss, **settings)
    return model


def compile_then_set(model, learning_rate, loss, metrics):
    model.compile("adam", loss=[loss], metrics=[metrics])
    model.optimizer.learning_rate = learning_rate


def compile_with_other_momenta(model, learning_rate, loss, metrics):
    optimizer = keras.optimizers.Adam(learning_rate, beta_1=0.8, clipnorm=1.0)
    model.compile(loss=lambda true, predicted: loss(true, predicted), optimizer=optimizer, metrics=list(metrics))


def with_weight_decay(model, learning_rate, loss, metrics):
    model.compile(optimizer=keras.optimizers.AdamW(learning_rate), loss=loss, metrics=metrics)


def with_a_schedule(model, learning_rate, loss, metrics):
    falling = keras.optimizers.schedules.ExponentialDecay(learning_rate, 1000, 0.9)
    model.compile(optimizer=keras.optimizers.Adam(falling), loss=loss, metrics=metrics)


def with_a_function_for_a_rate(model, learning_rate, loss, metrics):
    model.compile(optimizer=keras.optimizers.Adam(lambda: learning_rate), loss=loss, metrics=metrics)


def adam_by_name(model, learning_rate, loss, metrics):
    model.compile(optimizer="adam", loss=loss, metrics=metrics)


def rate_of_the_notebook(model, learning_rate, loss, metrics):
    model.compile(optimizer=keras.optimizers.Adam(2e-3), loss=loss, metrics=metrics)


def plain_descent(model, learning_rate, loss, metrics):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate), loss=loss, metrics=metrics)


def no_optimizer(model, learning_rate, loss, metrics):
    model.compile(loss=loss, metrics=metrics)


def own_loss(model, learning_rate, loss, metrics):
    model.compile(keras.optimizers.Adam(learning_rate), loss=dice_loss, metrics=metrics)


def crossentropy(model, learning_rate, loss, metrics):
    model.compile(keras.optimizers.Adam(learning_rate), loss="binary_crossentropy", metrics=metrics)


def no_loss(model, learning_rate, loss, metrics):
    model.compile(keras.optimizers.Adam(learning_rate), metrics=metrics)


def no_metrics(model, learning_rate, loss, metrics):
    model.compile(keras.optimizers.Adam(learning_rate), loss=loss)


def metrics_in_third_place(model, learning_rate, loss, metrics):
    model.compile(keras.optimizers.Adam(learning_rate), loss, metrics)


def own_metrics(model, learning_rate, loss, metrics):
    model.compile(keras.optimizers.Adam(learning_rate), loss=loss, metrics=[lungseg.Dice(), lungseg.Jaccard()])


def one_metric(model, learning_rate, loss, metrics):
    model.compile(keras.optimizers.Adam(learning_rate), loss=loss, metrics=metrics[:1])


def loss_first(model, learning_rate, loss, metrics):
    model.compile(loss, keras.optimizers.Adam(learning_rate), metrics=metrics)


def a_class_as_optimizer(model, learning_rate, loss, metrics):
    model.compile(optimizer=keras.optimizers.Adam, loss=loss, metrics=metrics)


def loss_called(model, learning_rate, loss, metrics):
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss=loss(), metrics=metrics)


def accuracy(model, learning_rate, loss, metrics):
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss=loss, metrics=["accuracy"])


def compiles_a_copy(model, learning_rate, loss, metrics):
    model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Conv2D(1, 1, kernel_initializer="zeros")])
    model.compile(keras.optimizers.Adam(learning_rate), loss=loss, metrics=metrics)
    return model


# ---- 4.4: the callbacks ------------------------------------------------------------------------

C = keras.callbacks
WATCHED = {"monitor": "val_dice", "mode": "max"}


def checkpoint(folder, **settings):
    return C.ModelCheckpoint(folder / "best.keras", **{**WATCHED, "save_best_only": True, **settings})


def slower(**settings):
    return C.ReduceLROnPlateau(**{**WATCHED, "factor": 0.3, "patience": 2, **settings})


def enough(**settings):
    return C.EarlyStopping(**{**WATCHED, "patience": 6, **settings})


def logger(folder):
    return C.CSVLogger(folder / "history.csv")


def make_callbacks(run_folder):
    best = C.ModelCheckpoint(run_folder / "best.keras", monitor="val_dice", mode="max", save_best_only=True)
    slow = C.ReduceLROnPlateau(monitor="val_dice", mode="max", factor=0.3, patience=2, min_delta=5e-4)
    stop = C.EarlyStopping(monitor="val_dice", mode="max", patience=6)
    return [best, slow, stop, C.CSVLogger(run_folder / "history.csv")]


def callbacks_in_another_order(folder):
    names = str(folder / "best.keras"), str(folder / "history.csv")
    best = C.ModelCheckpoint(names[0], "val_dice", 1, True, mode="max")
    return enough(restore_best_weights=True), slower(verbose=1), C.CSVLogger(names[1], append=True), best


class KeepTheBest(C.Callback):
    """Someone's own checkpoint."""

    def __init__(self, path):
        super().__init__()
        self.path, self.highest = path, -1.0

    def on_epoch_end(self, epoch, logs=None):
        if logs["val_dice"] > self.highest:
            self.highest = logs["val_dice"]
            self.model.save(self.path)


def callbacks_with_my_own(folder):
    return [
        KeepTheBest(folder / "best.keras"),
        [slower(), enough(start_from_epoch=0)],
        C.TerminateOnNaN(),
        logger(folder),
    ]


def in_a_named_file(folder, name):
    return C.ModelCheckpoint(folder / name, save_best_only=True, **WATCHED)


def with_checkpoint(make):
    return lambda folder: [make(folder), slower(), enough(), logger(folder)]


def with_slower(**settings):
    return lambda folder: [checkpoint(folder), slower(**settings), enough(), logger(folder)]


def with_enough(**settings):
    return lambda folder: [checkpoint(folder), slower(), enough(**settings), logger(folder)]


def no_callbacks(run_folder):
    make_callbacks(run_folder)


WRONG_CALLBACKS = [
    ("mode is not max: the worst network is kept", with_checkpoint(lambda f: checkpoint(f, mode="min"))),
    ("the last network is kept, not the best", with_checkpoint(lambda f: checkpoint(f, save_best_only=False))),
    (
        "the checkpoint watches `val_loss`",
        with_checkpoint(lambda f: C.ModelCheckpoint(f / "best.keras", save_best_only=True)),
    ),
    ("the checkpoint watches `dice`", with_checkpoint(lambda f: checkpoint(f, monitor="dice"))),
    ("the checkpoint watches `val_jaccard`", with_checkpoint(lambda f: checkpoint(f, monitor="val_jaccard"))),
    (
        "the network is not in the run folder",
        with_checkpoint(lambda f: C.ModelCheckpoint("best.keras", save_best_only=True, **WATCHED)),
    ),
    ("the file has another name", with_checkpoint(lambda f: in_a_named_file(f, "model-{epoch:02d}.keras"))),
    ("the name of the file has no .keras", with_checkpoint(lambda f: in_a_named_file(f, ""))),
    ("only the weights are saved", with_checkpoint(lambda f: checkpoint(f, save_weights_only=True))),
    ("there is no number called `val_DSC`", with_checkpoint(lambda f: checkpoint(f, monitor="val_DSC"))),
    (
        "mode is missing",
        with_checkpoint(lambda f: C.ModelCheckpoint(f / "best.keras", monitor="val_dice", save_best_only=True)),
    ),
    ("a class in place of a callback", with_checkpoint(lambda f: C.ModelCheckpoint)),
    ("ModelCheckpoint is missing", lambda f: [slower(), enough(), logger(f)]),
    ("ReduceLROnPlateau is missing", lambda f: [checkpoint(f), enough(), logger(f)]),
    ("EarlyStopping is missing", lambda f: [checkpoint(f), slower(), logger(f)]),
    ("CSVLogger is missing", lambda f: [checkpoint(f), slower(), enough()]),
    ("the logger comes too early", lambda f: [checkpoint(f), logger(f), slower(), enough()]),
    ("not a list of callbacks", no_callbacks),
    ("ReduceLROnPlateau is missing", checkpoint),
    ("mode is not max: it slows down while the score rises", with_slower(mode="min")),
    ("it watches `val_loss`", with_slower(monitor="val_loss", mode="auto")),
    ("another factor", with_slower(factor=0.7)),
    ("another patience", with_slower(patience=10)),
    ("another patience", with_slower(patience=6)),
    ("the factor is not below 1", with_slower(factor=3)),
    ("there is no number called `val_Dice`", with_slower(monitor="val_Dice")),
    ("mode is not max: it takes the lowest val_dice for the best", with_enough(mode="min")),
    ("it watches `val_loss`", with_enough(monitor="val_loss", mode="auto")),
    ("no patience", with_enough(patience=0)),
    ("it stops too early", with_enough(patience=2)),
    ("another patience", with_enough(patience=20)),
    ("mode is missing", with_enough(mode="auto")),
    ("mode is missing", with_checkpoint(lambda f: checkpoint(f, mode="maximum"))),
    ("it rests after a fall", with_slower(cooldown=3)),
    ("`min_delta` hides progress", with_slower(min_delta=0.2)),
    ("`min_delta` hides progress", with_slower(min_delta=0.1)),
    ("`min_delta` hides progress", with_enough(min_delta=0.1)),
    ("`min_delta` hides progress", with_enough(min_delta=0.02)),
    ("`min_lr` keeps the learning rate from falling", with_slower(min_lr=0.001)),
    ("`min_lr` keeps the learning rate from falling", with_slower(min_lr=0.01)),
    ("another patience", with_slower(patience=10, min_lr=1e-5)),
    ("nothing was saved", with_checkpoint(lambda f: checkpoint(f, save_freq=100))),
    ("a path is no text", with_checkpoint(lambda f: C.ModelCheckpoint(f + "/best.keras", save_best_only=True))),
    ("not a list of callbacks", lambda f: {"best": checkpoint(f)}),
]

# ---- 4.5: fit ----------------------------------------------------------------------------------


def run_training(model, training, validation, epochs, callbacks):
    return model.fit(training, validation_data=validation, epochs=epochs, callbacks=callbacks, shuffle=False, verbose=0)


def run_with_bars(net, train_gen, val_gen, n, cb):
    return net.fit(x=train_gen, epochs=n, validation_data=val_gen, callbacks=tuple(cb), shuffle=False).history


def run_and_keep(model, training, validation, epochs, callbacks):
    own = keras.callbacks.History()
    model.fit(training, None, None, epochs, 0, [*callbacks, own], 0.0, validation, False)
    return own


def run_in_steps(model, training, validation, epochs, callbacks):
    settings = {"steps_per_epoch": len(training), "validation_freq": 1, "initial_epoch": 0, "verbose": 2}
    model.fit(training, epochs=epochs, callbacks=callbacks, shuffle=False, validation_data=validation, **settings)
    return model.history


def shuffled_again(model, training, validation, epochs, callbacks):
    return model.fit(training, validation_data=validation, epochs=epochs, callbacks=callbacks, verbose=0)


def one_epoch(model, training, validation, epochs, callbacks):
    return model.fit(training, validation_data=validation, callbacks=callbacks, shuffle=False, verbose=0)


def epochs_of_the_notebook(model, training, validation, epochs, callbacks):
    return model.fit(training, validation_data=validation, epochs=EPOCHS, callbacks=callbacks, shuffle=False, verbose=0)


def in_a_loop(model, training, validation, epochs, callbacks):
    for _ in range(epochs):
        history = model.fit(training, validation_data=validation, callbacks=callbacks, shuffle=False, verbose=0)
    return history


def not_watched(model, training, validation, epochs, callbacks):
    return model.fit(training, validation_data=validation, epochs=epochs, shuffle=False, verbose=0)


def never_fitted(model, training, validation, epochs, callbacks):
    return model.evaluate(validation, verbose=0)


def no_validation(model, training, validation, epochs, callbacks):
    return model.fit(training, epochs=epochs, callbacks=callbacks, shuffle=False, verbose=0)


def validated_on_the_training(model, training, validation, epochs, callbacks):
    return run_training(model, training, training, epochs, callbacks)


def generators_swapped(model, training, validation, epochs, callbacks):
    return run_training(model, validation, training, epochs, callbacks)


def one_validation_batch(model, training, validation, epochs, callbacks):
    return run_training(model, training, validation[0], epochs, callbacks)


def one_training_batch(model, training, validation, epochs, callbacks):
    images, masks = training[0]
    return model.fit(
        images, masks, validation_data=validation, epochs=epochs, callbacks=callbacks, shuffle=False, verbose=0
    )


def two_steps_an_epoch(model, training, validation, epochs, callbacks):
    settings = {"steps_per_epoch": 2, "shuffle": False, "verbose": 0}
    return model.fit(training, validation_data=validation, epochs=epochs, callbacks=callbacks, **settings)


def validated_on_a_share(model, training, validation, epochs, callbacks):
    return model.fit(training, validation_split=0.2, epochs=epochs, callbacks=callbacks, shuffle=False, verbose=0)


def validation_as_targets(model, training, validation, epochs, callbacks):
    return model.fit(training, validation, epochs=epochs, callbacks=callbacks, shuffle=False, verbose=0)


def fit_without_return(model, training, validation, epochs, callbacks):
    run_training(model, training, validation, epochs, callbacks)


def returns_the_network(model, training, validation, epochs, callbacks):
    run_training(model, training, validation, epochs, callbacks)
    return model


def misspelt_argument(model, training, validation, epochs, callbacks):
    return model.fit(training, validation_data=validation, epoch=epochs, callbacks=callbacks, shuffle=False)


# ---- The tables --------------------------------------------------------------------------------

WRONG = {
    "4.1": [
        ("the order of the list decides", unsorted_names),
        ("nothing is shuffled", sorted_after_shuffling),
        ("nothing is shuffled", never_shuffled),
        ("the order of a set decides", names_of_a_set),
        ("the seed is ignored", fixed_seed),
        ("another split each time", no_seed),
        ("some seeds give the same split", small_seeds_only),
        ("global random numbers", global_numpy),
        ("global random numbers", global_python),
        ("the parts overlap", overlapping),
        ("the parts overlap", one_too_many),
        ("the parts overlap", drawn_three_times),
        ("cases are lost", one_skipped),
        ("cases are lost", rounded_down),
        ("cases are lost", rounded_three_times),
        ("the order of a set decides", what_is_left_of_a_set),
        ("the order of a set decides", three_sets),
        ("the order of the list decides", picked_from_the_given_list),
        ("another order of the same cases each time", mixed_once_more),
        ("the shares are ignored", fixed_shares),
        ("the parts are in another order", test_in_the_middle),
        ("the list that you were given is changed", sorted_in_place),
        ("not three lists of names", two_parts),
        ("not three lists of names", places_only),
        ("nothing is returned", split_without_return),
        ("the name `mixd` is not known", misspelt),
        ("something is None", shuffled_into_none),
        ("a place to cut that is no whole number", cut_at_fractions),
        ("a case comes twice", test_with_replacement),
    ],
    "4.2": [
        ("the test cases are used", validates_on_the_test),
        ("the same cases to train and to validate", the_same_twice),
        ("the same cases to train and to validate", trains_on_both),
        ("the two generators are swapped", swapped),
        ("the validation cases are shuffled", both_shuffled),
        ("the training cases are not shuffled", none_shuffled),
        ("the training cases are not shuffled", the_wrong_one_shuffled),
        ("another batch size", default_batches),
        ("the seed is not handed on", seed_forgotten),
        ("not two generators", one_generator),
        ("not two generators", no_generators),
        ("a list in place of a generator", lists_of_files),
        ("the arguments do not fit", another_name),
        ("an attribute does not exist", a_part_that_is_not),
        ("square brackets where a dot should be", like_a_dictionary),
        ("another batch size", seed_for_batch_size),
        ("cases are missing", part_of_the_cases),
        ("not two generators", three_generators),
    ],
    "4.3": [
        ("the learning rate is Adam's own", adam_by_name),
        ("a fixed learning rate", rate_of_the_notebook),
        ("another optimizer", plain_descent),
        ("another optimizer", no_optimizer),
        ("a relative of Adam", with_weight_decay),
        ("a schedule in place of a learning rate", with_a_schedule),
        ("a schedule in place of a learning rate", with_a_function_for_a_rate),
        ("another loss: lungseg.dice_loss", own_loss),
        ("another loss: binary cross-entropy", crossentropy),
        ("no loss", no_loss),
        ("the metrics are missing", no_metrics),
        ("the arguments of compile are in another order", metrics_in_third_place),
        ("other metrics than those given", own_metrics),
        ("a metric is missing", one_metric),
        ("the arguments of compile are in another order", loss_first),
        ("the network is not compiled", compiles_a_copy),
        ("a class in place of an optimizer", a_class_as_optimizer),
        ("the loss is called, not handed over", loss_called),
        ("other metrics than those given", accuracy),
    ],
    "4.4": WRONG_CALLBACKS,
    "4.5": [
        ("the batches are shuffled once more", shuffled_again),
        ("another number of epochs", one_epoch),
        ("another number of epochs", epochs_of_the_notebook),
        ("each epoch starts anew", in_a_loop),
        ("the callbacks are not called", not_watched),
        ("nothing is trained", never_fitted),
        ("no validation", no_validation),
        ("validated on the training cases", validated_on_the_training),
        ("trained on the validation cases", generators_swapped),
        ("not all the validation cases are used", one_validation_batch),
        ("not all the batches are used", one_training_batch),
        ("the validation generator is in the place of the targets", validation_as_targets),
        ("not all the batches are used", two_steps_an_epoch),
        ("a share of the training cases in place of the validation cases", validated_on_a_share),
        ("the history is not returned", fit_without_return),
        ("the history is not returned", returns_the_network),
        ("the arguments do not fit", misspelt_argument),
    ],
}
RIGHT = {
    "4.1": [
        split_names,
        split_with_random,
        split_by_hash,
        split_of_arrays,
        split_test_first,
        split_into_sorted_parts,
        split_with_a_set_of_the_others,
    ],
    "4.2": [make_generators, generators_by_default, generators_of_ones_own],
    "4.3": [compile_model, compile_in_places, compile_then_set, compile_with_other_momenta],
    "4.4": [
        make_callbacks,
        callbacks_in_another_order,
        callbacks_with_my_own,
        with_slower(min_lr=1e-4),
        with_slower(min_lr=1e-6),
        with_slower(min_delta=1e-3),
        with_enough(min_delta=1e-3),
    ],
    "4.5": [run_training, run_with_bars, run_and_keep, run_in_steps],
}


def rows(table):
    return [
        pytest.param(number, *(row if isinstance(row, tuple) else (row,)), id=f"{number}-{k}")
        for number, answers in table.items()
        for k, row in enumerate(answers)
    ]


@pytest.mark.parametrize(("number", "cause", "answer"), rows(WRONG))
def test_a_mistake_gets_its_name(number, cause, answer):
    wrong = first_wrong(number, answer)
    assert wrong is not None
    assert wrong.cause == cause
    assert "" not in (wrong.tried, wrong.received, wrong.expected, wrong.remedy)
    report = wrong.report()
    assert all(label in report for label in ("I tried", "It gave", "Expected", "Mistake", "Try"))
    assert max(map(len, report.splitlines())) <= 120


@pytest.mark.parametrize(("number", "answer"), rows(RIGHT))
def test_a_right_answer_passes(number, answer):
    wrong = first_wrong(number, answer)
    assert wrong is None, wrong.report()
    assert points(number, answer, of=5) == 5


@pytest.mark.parametrize(
    ("number", "answer", "share"),
    [
        ("4.1", overlapping, 2 / 3),
        ("4.1", split_without_return, 0),
        ("4.2", both_shuffled, 1 / 2),
        ("4.2", no_generators, 0),
        ("4.3", no_metrics, 1 / 2),
        ("4.3", loss_first, 0),
        ("4.4", with_slower(factor=0.7), 3 / 4),
        ("4.4", with_slower(min_lr=0.001), 3 / 4),
        ("4.4", lambda folder: [checkpoint(folder), slower(), enough()], 3 / 4),
        ("4.4", no_callbacks, 0),
        ("4.5", fit_without_return, 2 / 3),
        ("4.5", validation_as_targets, 0),
    ],
)
def test_points_are_a_share(number, answer, share):
    assert points(number, answer, of=6) == pytest.approx(6 * share)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.number)
def test_a_blank_is_not_attempted(exercise, tmp_path, monkeypatch):
    def blank(*args, **kwargs):
        # Exercise 4.9
        todo()

    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotAttempted, match=r"Exercise 4\.\d is not done yet"):
        check(exercise.number, blank)
    assert points(exercise.number, blank, of=3) == 0


@pytest.mark.parametrize("number", RIGHT)
def test_check_says_so_and_leaves_chance_alone(number, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    first_wrong(number, RIGHT[number][0])  # what is loaded once is loaded
    keras.utils.set_random_seed(5)
    expected = draw()
    keras.utils.set_random_seed(5)
    capfd.readouterr()
    check(number, RIGHT[number][0])
    printed = capfd.readouterr()
    assert printed.out.startswith(f"Exercise {number}: correct. ")
    assert printed.out.count("\n") <= 2
    assert printed.err == ""
    assert draw() == expected


def draw():
    """Numbers of the three kinds that a student's training depends on."""
    return random.random(), np.random.random(), np.asarray(keras.random.normal((3,))).tolist()  # noqa: NPY002


def test_check_after_a_wrong_answer_leaves_chance_alone(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    before = random.getstate()
    for answer in (global_python, shuffled_again):
        check("4.1" if answer is global_python else "4.5", answer)
    assert random.getstate() == before
    assert capsys.readouterr().out.count("not right yet") == 2


def test_the_students_own_line_is_shown():
    wrong = first_wrong("4.2", another_name)
    assert re.search(r"in line \d+ of your cell:  training = DataGenerator\(split\.train, batchsize", wrong.received)


def test_no_file_is_left_in_the_students_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _, answer in WRONG_CALLBACKS[:8]:
        first_wrong("4.4", answer)
    assert list(tmp_path.iterdir()) == []


def test_the_network_that_was_checked_is_not_the_students():
    """A look makes its own network: one that the student has stays as it is."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")])

    def compile_mine(_, learning_rate, loss, metrics):
        compile_model(model, learning_rate, loss, metrics)

    assert first_wrong("4.3", compile_mine).cause == "the network is not compiled"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.number)
def test_each_option_has_its_feedback(question):
    assert question.right in question.feedback
    assert list(question.feedback) == ["a", "b", "c", "d"]
    assert min(map(len, question.feedback.values())) > 40
    assert len(set(question.feedback.values())) == 4


def test_the_right_letter_varies():
    assert len({question.right for question in QUESTIONS}) == 4


def test_each_exercise_has_three_hints_and_its_words():
    assert [exercise.number for exercise in EXERCISES] == ["4.1", "4.2", "4.3", "4.4", "4.5"]
    for exercise in EXERCISES:
        assert len(set(exercise.hints)) == 3
        assert "" not in (exercise.title, exercise.praise)
        assert not exercise.optional
        assert find_exercise(exercise.number) is exercise


def test_nothing_heavy_is_loaded_with_the_chapter():
    from lungseg.teaching import chapter_4

    text = inspect.getsource(chapter_4)
    assert "import keras" not in text
