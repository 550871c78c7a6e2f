"""Notebook 4: its exercises and questions."""

from lungseg_course.chapters.chapter_4 import callbacks, compile, fit, generators, split
from lungseg_course.chapters.chapter_4.questions import QUESTIONS
from lungseg_course.engine.exercises import Exercise

__all__ = ["EXERCISES", "QUESTIONS"]

# fmt: off
EXERCISES = (
    Exercise("4.1", "a split that is the same everywhere", ("split_names",),
             (split.look_parts, split.look_order, split.look_seed),
             "Each case is in one part, and the names and the seed alone decide in which.",
             ("Three steps: bring the names into an order that does not depend on the disk, mix them in a way that "
              "depends on the seed alone, cut the list at two places.",
              "`sorted(names)` makes a new list, so that the given one stays. A random generator of your own, "
              "`np.random.default_rng(seed)`, has `.permutation(n)` and `.shuffle(a_list)`. Cut with slices, each of "
              "which begins where the last one ends.",
              "With `n_train = round(shares[0] * len(names))` and `n_validation` likewise, the parts are "
              "`mixed[:n_train]`, `mixed[n_train : n_train + n_validation]` and `mixed[n_train + n_validation :]`: the "
              "last one takes whatever the rounding has left."),
             in_the_package=("lungseg.splits.split_cases",)),
    Exercise("4.2", "the generators", ("make_generators",),
             (generators.look_which_cases, generators.look_shuffling),
             "The training cases come in a new order in each epoch, the validation cases in their own.",
             ("Two generators, made alike but for the cases and one setting. Which of them must keep its order?",
              "`DataGenerator(cases, batch_size, shuffle=..., seed=...)`: the training cases are `split.train`, "
              "shuffled; the validation cases `split.validation`, not.",
              "`training = DataGenerator(split.train, batch_size, shuffle=True, seed=seed)`, and the second one with "
              "`split.validation` and `shuffle=False`. Return both.")),
    Exercise("4.3", "compile", ("compile_model",),
             (compile.look_optimizer, compile.look_loss_and_metrics),
             "Optimizer, loss and metrics are those that were asked for.",
             ("A network has a method `compile`. It works in place, so there is nothing to return.",
              "It takes `optimizer=`, `loss=` and `metrics=`. Two of the three you are given; the optimizer you make, "
              "with the learning rate.",
              "`model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss=..., metrics=...)`."),
             in_the_package=("lungseg.training.compile_model",)),
    Exercise("4.4", "the callbacks", ("make_callbacks",),
             (callbacks.look_checkpoint, callbacks.look_plateau, callbacks.look_stopping, callbacks.look_logger),
             "The best network is kept, the steps become smaller in time, and the training ends when it has had its "
             "chance.",
             ("All three watch the same number, and all three must be told which way is better.",
              'Each takes `monitor="val_dice"` and `mode="max"`. The checkpoint needs a file in the run folder '
              'besides, and must be told to keep the best only; the others need their patience, one of them a factor.',
              '`keras.callbacks.ModelCheckpoint(run_folder / "best.keras", monitor="val_dice", mode="max", '
              'save_best_only=True)`; then `ReduceLROnPlateau(..., factor=0.3, patience=2)` and `EarlyStopping(..., '
              'patience=6)` with the same monitor and mode.'),
             in_the_package=("lungseg.training.make_callbacks",)),
    Exercise("4.5", "fit", ("run_training",),
             (fit.look_epochs, fit.look_validation, fit.look_history),
             "It trains, it validates after each epoch, and the callbacks watch.",
             ("One call of `model.fit`, with all that the function is given.",
              "The training generator comes first; everything else has a name: `validation_data`, `epochs`, "
              "`callbacks`, and `shuffle`, for which the text above has a warning. `fit` returns the history.",
              "`return model.fit(training, validation_data=validation, epochs=epochs, callbacks=callbacks, "
              "shuffle=False, verbose=0)`.")),
)
# fmt: on
