"""Exercise 4.4: callbacks that keep the best network, slow the training down, stop it and write its history."""

from keras.callbacks import Callback, CSVLogger, EarlyStopping, ModelCheckpoint, ReduceLROnPlateau, TerminateOnNaN

from answers import Answers

WATCHED = {"monitor": "val_dice", "mode": "max"}
answers = Answers("4.4", slow=True)


def checkpoint(folder, name="best.keras", **settings):
    return ModelCheckpoint(folder / name, **{**WATCHED, "save_best_only": True, **settings})


def slower(**settings):
    return ReduceLROnPlateau(**{**WATCHED, "factor": 0.3, "patience": 2, **settings})


def enough(**settings):
    return EarlyStopping(**{**WATCHED, "patience": 6, **settings})


def logger(folder):
    return CSVLogger(folder / "history.csv")


def with_checkpoint(make):
    return lambda folder: [make(folder), slower(), enough(), logger(folder)]


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


answers.wrong("it watches `dice`")(with_slower(monitor="dice"))
answers.wrong("it watches `loss`")(with_slower(monitor="loss", mode="min"))
answers.wrong("it watches `dice`")(with_enough(monitor="dice"))
answers.right(with_slower(min_lr=1e-4))
answers.right(with_slower(min_lr=1e-6))
answers.right(with_slower(min_delta=1e-3))
answers.right(with_enough(min_delta=1e-3))


# ---- The checkpoint


def wrong_checkpoint(cause):
    """Return a decorator that notes an answer with this checkpoint, and all else right."""

    def note(make):
        answers.wrong(cause)(with_checkpoint(make))
        return make

    return note


@wrong_checkpoint("mode is not max: the worst network is kept")
def _(folder):
    return checkpoint(folder, mode="min")


@wrong_checkpoint("the last network is kept, not the best")
def _(folder):
    return checkpoint(folder, save_best_only=False)


@wrong_checkpoint("the checkpoint watches `val_loss`")
def _(folder):
    return ModelCheckpoint(folder / "best.keras", save_best_only=True)


@wrong_checkpoint("the checkpoint watches `dice`")
def _(folder):
    return checkpoint(folder, monitor="dice")


@wrong_checkpoint("the checkpoint watches `val_jaccard`")
def _(folder):
    return checkpoint(folder, monitor="val_jaccard")


@wrong_checkpoint("the network is not in the run folder")
def _(folder):
    return ModelCheckpoint("best.keras", save_best_only=True, **WATCHED)


@wrong_checkpoint("the file has another name")
def _(folder):
    return checkpoint(folder, "model-{epoch:02d}.keras")


@wrong_checkpoint("the name of the file has no .keras")
def _(folder):
    return checkpoint(folder, "")


@wrong_checkpoint("only the weights are saved")
def _(folder):
    return checkpoint(folder, save_weights_only=True)


@wrong_checkpoint("there is no number called `val_DSC`")
def _(folder):
    return checkpoint(folder, monitor="val_DSC")


@wrong_checkpoint("mode is missing")
def _(folder):
    return ModelCheckpoint(folder / "best.keras", monitor="val_dice", save_best_only=True)


@wrong_checkpoint("mode is missing")
def _(folder):
    return checkpoint(folder, mode="maximum")


@wrong_checkpoint("nothing was saved")
def _(folder):
    return checkpoint(folder, save_freq=100)


@wrong_checkpoint("a path is no text")
def _(folder):
    return ModelCheckpoint(folder + "/best.keras", save_best_only=True)


@wrong_checkpoint("a class in place of a callback")
def _(folder):
    return ModelCheckpoint


# ---- The list


@answers.wrong("ModelCheckpoint is missing")
def _(folder):
    return [slower(), enough(), logger(folder)]


@answers.wrong("ReduceLROnPlateau is missing")
def _(folder):
    return [checkpoint(folder), enough(), logger(folder)]


@answers.wrong("EarlyStopping is missing")
def _(folder):
    return [checkpoint(folder), slower(), logger(folder)]


@answers.wrong("CSVLogger is missing", 3 / 4)
def _(folder):
    return [checkpoint(folder), slower(), enough()]


@answers.wrong("the logger comes too early")
def _(folder):
    return [checkpoint(folder), logger(folder), slower(), enough()]


@answers.wrong("not a list of callbacks", 0)
def no_callbacks(run_folder):
    make_callbacks(run_folder)


@answers.wrong("not a list of callbacks")
def a_dictionary(folder):
    return {"best": checkpoint(folder)}


answers.wrong("ReduceLROnPlateau is missing")(checkpoint)

# ---- ReduceLROnPlateau

answers.wrong("mode is not max: it slows down while the score rises")(with_slower(mode="min"))
answers.wrong("it watches `val_loss`")(with_slower(monitor="val_loss", mode="auto"))
answers.wrong("another factor", 3 / 4)(with_slower(factor=0.7))
answers.wrong("the factor is not below 1")(with_slower(factor=3))
answers.wrong("another patience")(with_slower(patience=10))
answers.wrong("another patience")(with_slower(patience=6))
answers.wrong("another patience")(with_slower(patience=10, min_lr=1e-5))
answers.wrong("there is no number called `val_Dice`")(with_slower(monitor="val_Dice"))
answers.wrong("it rests after a fall")(with_slower(cooldown=3))
answers.wrong("`min_delta` hides progress")(with_slower(min_delta=0.2))
answers.wrong("`min_delta` hides progress")(with_slower(min_delta=0.1))
answers.wrong("`min_lr` keeps the learning rate from falling", 3 / 4)(with_slower(min_lr=0.001))
answers.wrong("`min_lr` keeps the learning rate from falling")(with_slower(min_lr=0.01))

# ---- EarlyStopping

answers.wrong("mode is not max: it takes the lowest val_dice for the best")(with_enough(mode="min"))
answers.wrong("mode is missing")(with_enough(mode="auto"))
answers.wrong("it watches `val_loss`")(with_enough(monitor="val_loss", mode="auto"))
answers.wrong("no patience")(with_enough(patience=0))
answers.wrong("it stops too early")(with_enough(patience=2))
answers.wrong("another patience")(with_enough(patience=20))
answers.wrong("`min_delta` hides progress")(with_enough(min_delta=0.1))
answers.wrong("`min_delta` hides progress")(with_enough(min_delta=0.02))
