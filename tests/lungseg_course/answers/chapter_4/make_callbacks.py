"""Exercise 4.4: callbacks that keep the best network, slow the training down, stop it and write its history."""

from keras.callbacks import (
    Callback,
    CallbackList,
    CSVLogger,
    EarlyStopping,
    LearningRateScheduler,
    ModelCheckpoint,
    ReduceLROnPlateau,
    TerminateOnNaN,
)

from answers import Answers
from lungseg import training

WATCHED = {"monitor": "val_dice", "mode": "max"}
answers = Answers("4.4", slow=True)
wrong = answers.wrong


def checkpoint(folder, name="best.keras", **settings):
    return ModelCheckpoint(folder / name, **{**WATCHED, "save_best_only": True, **settings})


def slower(**settings):
    return ReduceLROnPlateau(**{**WATCHED, "factor": 0.3, "patience": 2, **settings})


def enough(**settings):
    return EarlyStopping(**{**WATCHED, "patience": 6, **settings})


def scheduled():
    return LearningRateScheduler(lambda _, rate: 0.9 * rate)


def logger(folder):
    return CSVLogger(folder / "history.csv")


def with_checkpoint(name="best.keras", **settings):
    return lambda folder: [checkpoint(folder, name, **settings), slower(), enough(), logger(folder)]


def with_slower(**settings):
    return lambda folder: [checkpoint(folder), slower(**settings), enough(), logger(folder)]


def with_enough(**settings):
    return lambda folder: [checkpoint(folder), slower(), enough(**settings), logger(folder)]


# ---- Right


@answers.right
def make_callbacks(run_folder):
    best = ModelCheckpoint(run_folder / "best.keras", monitor="val_dice", mode="max", save_best_only=True)
    slow = ReduceLROnPlateau(monitor="val_dice", mode="max", factor=0.3, patience=2, min_delta=5e-4)
    stop = EarlyStopping(monitor="val_dice", mode="max", patience=6)
    return [best, slow, stop, CSVLogger(run_folder / "history.csv")]


@answers.right
def callbacks_in_another_order(folder):
    names = str(folder / "best.keras"), str(folder / "history.csv")
    best = ModelCheckpoint(names[0], "val_dice", 1, True, mode="max")
    return enough(restore_best_weights=True), slower(verbose=1), CSVLogger(names[1], append=True), best


class KeepTheBest(Callback):
    """Someone's own checkpoint."""

    def __init__(self, path):
        super().__init__()
        self.path, self.highest = path, -1.0

    def on_epoch_end(self, epoch, logs=None):
        if logs["val_dice"] > self.highest:
            self.highest = logs["val_dice"]
            self.model.save(self.path)


@answers.right
def callbacks_with_my_own(folder):
    own = KeepTheBest(folder / "best.keras")
    return [own, [slower(), enough(start_from_epoch=0)], TerminateOnNaN(), logger(folder)]


class Counting(Callback):
    """Someone's own notice, which asks Keras for the number of epochs."""

    def on_train_begin(self, logs=None):
        self.all = range(self.params["epochs"])


@answers.right
def callbacks_that_ask(folder):
    return [checkpoint(folder), slower(), enough(), logger(folder), Counting()]


answers.right(with_slower(min_lr=1e-4))
answers.right(with_slower(min_lr=1e-6))
answers.right(with_slower(min_delta=1e-3))
answers.right(with_enough(min_delta=1e-3))


# ---- The checkpoint

wrong("mode is not max: the worst network is kept")(with_checkpoint(mode="min"))
wrong("nothing was saved")(with_checkpoint(initial_value_threshold=0.9))
wrong("not a list of callbacks")(lambda folder: CallbackList(make_callbacks(folder)))
wrong("the package's answer, not yours", 0)(lambda folder: training.make_callbacks(folder))
wrong("the last network is kept, not the best")(with_checkpoint(save_best_only=False))
wrong("the checkpoint watches `val_loss`")(with_checkpoint(monitor="val_loss"))
wrong("a table with another separator")(
    lambda folder: [*make_callbacks(folder)[:3], CSVLogger(folder / "history.csv", ";")]
)
wrong("the checkpoint watches `val_loss`")(with_checkpoint(monitor="val_loss", mode="auto"))
wrong("the checkpoint watches `dice`")(with_checkpoint(monitor="dice"))
wrong("the checkpoint watches `val_jaccard`")(with_checkpoint(monitor="val_jaccard"))
wrong("another network is kept")(with_checkpoint(monitor="dice", mode="min"))
wrong("the file has another name")(with_checkpoint("model-{epoch:02d}.keras"))
wrong("the name of the file has no .keras")(with_checkpoint(""))
wrong("only the weights are saved")(with_checkpoint(save_weights_only=True))
wrong("there is no number called `val_DSC`")(with_checkpoint(monitor="val_DSC"))
wrong("mode is missing")(with_checkpoint(mode="auto"))
wrong("mode is missing")(with_checkpoint(mode="maximum"))
wrong("nothing was saved")(with_checkpoint(save_freq=100))


@wrong("the network is not in the run folder")
def beside_the_notebook(folder):
    return [ModelCheckpoint("best.keras", save_best_only=True, **WATCHED), slower(), enough(), logger(folder)]


@wrong("a path is no text")
def folder_and_text(folder):
    return [ModelCheckpoint(folder + "/best.keras", save_best_only=True), slower(), enough(), logger(folder)]


# ---- The list

wrong("a class in place of a callback")(lambda folder: [ModelCheckpoint, slower(), enough(), logger(folder)])
wrong("ModelCheckpoint is missing")(lambda folder: [slower(), enough(), logger(folder)])
wrong("ReduceLROnPlateau is missing")(lambda folder: [checkpoint(folder), enough(), logger(folder)])
wrong("ReduceLROnPlateau is missing")(checkpoint)
wrong("EarlyStopping is missing")(lambda folder: [checkpoint(folder), slower(), logger(folder)])
wrong("CSVLogger is missing", 3 / 4)(lambda folder: [checkpoint(folder), slower(), enough()])
wrong("history.csv is missing", 3 / 4)(
    lambda folder: [checkpoint(folder), slower(), enough(), CSVLogger(folder / "log.csv")]
)
wrong("the logger comes too early")(lambda folder: [checkpoint(folder), logger(folder), slower(), enough()])
wrong("not a list of callbacks")(lambda folder: {"best": checkpoint(folder)})


@wrong("not a list of callbacks", 0)
def no_callbacks(run_folder):
    make_callbacks(run_folder)


@wrong("a default that remembers")
def callbacks_in_a_default(folder, callbacks=[]):  # noqa: B006
    callbacks += make_callbacks(folder)
    return callbacks


# ---- ReduceLROnPlateau

wrong("it watches `dice`")(with_slower(monitor="dice"))
wrong("it watches `loss`")(with_slower(monitor="loss", mode="min"))
wrong("mode is not max: it slows down while the score rises")(with_slower(mode="min"))
wrong("it watches `val_loss`")(with_slower(monitor="val_loss", mode="auto"))
wrong("another factor", 3 / 4)(with_slower(factor=0.7))
wrong("the factor is not below 1")(with_slower(factor=3))
wrong("another patience")(with_slower(patience=10))
wrong("another patience")(with_slower(patience=6))
wrong("the two patiences are exchanged", 1 / 2)(
    lambda folder: [checkpoint(folder), slower(patience=6), enough(patience=2), logger(folder)]
)
wrong("another patience")(with_slower(patience=10, min_lr=1e-5))
wrong("there is no number called `val_Dice`")(with_slower(monitor="val_Dice"))
wrong("it rests after a fall")(with_slower(cooldown=3))
wrong("`min_delta` hides progress")(with_slower(min_delta=0.2))
wrong("`min_delta` hides progress")(with_slower(min_delta=0.1))
wrong("`min_lr` keeps the learning rate from falling", 3 / 4)(with_slower(min_lr=0.001))
wrong("`min_lr` keeps the learning rate from falling")(with_slower(min_lr=0.01))
wrong("it watches `val_loss`")(with_slower(monitor="val_loss"))
wrong("ReduceLROnPlateau is missing")(lambda folder: [checkpoint(folder), scheduled(), enough(), logger(folder)])

# ---- EarlyStopping

wrong("a number in quotes")(with_enough(patience="6"))
wrong("`val_dice` without quotes")(lambda folder: [enough(monitor=val_dice)])  # noqa: F821
wrong("it watches `val_loss`")(with_enough(monitor="val_loss"))

wrong("it watches `dice`")(with_enough(monitor="dice"))
wrong("mode is not max: it takes the lowest val_dice for the best")(with_enough(mode="min"))
wrong("mode is missing")(with_enough(mode="auto"))
wrong("it watches `val_loss`")(with_enough(monitor="val_loss", mode="auto"))
wrong("`start_from_epoch` is set")(with_enough(start_from_epoch=5))
wrong("`baseline` is set")(with_enough(baseline=0.9))
wrong("no patience")(with_enough(patience=0))
wrong("it stops too early")(with_enough(patience=2))
wrong("another patience")(with_enough(patience=20))
wrong("`min_delta` hides progress")(with_enough(min_delta=0.1))
wrong("`min_delta` hides progress")(with_enough(min_delta=0.02))
