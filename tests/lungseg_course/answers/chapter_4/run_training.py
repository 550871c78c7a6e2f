"""Exercise 4.5: a network fitted for some epochs, with validation and callbacks."""

import keras
import numpy as np

from answers import Answers

EPOCHS = 12  # of the notebook
answers = Answers("4.5", slow=True)
wrong = answers.wrong


@answers.right
def run_training(model, training, validation, epochs, callbacks):
    return model.fit(training, validation_data=validation, epochs=epochs, callbacks=callbacks, shuffle=False, verbose=0)


@answers.right
def run_with_bars(net, train_gen, val_gen, n, cb):
    return net.fit(x=train_gen, epochs=n, validation_data=val_gen, callbacks=tuple(cb), shuffle=False).history


@answers.right
def run_and_keep(model, training, validation, epochs, callbacks):
    own = keras.callbacks.History()
    model.fit(training, None, None, epochs, 0, [*callbacks, own], 0.0, validation, False)
    return own


@answers.right
def run_in_steps(model, training, validation, epochs, callbacks):
    settings = {"steps_per_epoch": len(training), "validation_freq": 1, "initial_epoch": 0, "verbose": 2}
    model.fit(training, epochs=epochs, callbacks=callbacks, shuffle=False, validation_data=validation, **settings)
    return model.history


def with_settings(**others):
    """Return an answer that calls `fit` with other settings."""
    return lambda model, training, validation, epochs, callbacks: model.fit(
        training,
        **{"validation_data": validation, "epochs": epochs, "callbacks": callbacks, "shuffle": False, **others},
    )


wrong("the batches are shuffled once more")(with_settings(shuffle=True))
wrong("another number of epochs")(with_settings(epochs=1))
wrong("another number of epochs")(with_settings(epochs=EPOCHS))
wrong("another number of epochs", 2 / 3)(with_settings(epochs=2))
wrong("the callbacks are not called")(with_settings(callbacks=None))
wrong("no validation")(with_settings(validation_data=None))
wrong("a share of the training cases in place of the validation cases")(
    with_settings(validation_data=None, validation_split=0.2)
)
wrong("`steps_per_epoch` of `fit` is set")(with_settings(steps_per_epoch=2))
wrong("not all the validation cases are used")(with_settings(validation_steps=2))
wrong("not all the validation cases are used")(lambda net, a, b, *others: run_training(net, a, b[0], *others))
wrong("validated on the training cases")(lambda net, a, b, *others: run_training(net, a, a, *others))
wrong("trained on the validation cases")(lambda net, a, b, *others: run_training(net, b, a, *others))
wrong("nothing is trained")(lambda net, a, b, *others: net.evaluate(b, verbose=0))
wrong("the history is not returned")(lambda net, *others: run_training(net, *others) and net)
wrong("the arguments do not fit")(with_settings(epoch=2))


wrong("`initial_epoch` of `fit` is set")(with_settings(initial_epoch=1))
wrong("`class_weight` of `fit` is set")(with_settings(class_weight={0: 1.0, 1: 5.0}))
wrong("`validation_freq` of `fit` is set")(with_settings(validation_freq=2))
wrong("a list in place of a generator")(lambda net, a, *others: run_training(net, [a[0], a[1]], *others))
wrong("a list in place of a generator")(lambda net, a, b, *others: run_training(net, a, [b[0], b[1]], *others))
wrong("the list of callbacks is called")(lambda net, a, b, n, callbacks: run_training(net, a, b, n, callbacks()))
wrong("weights of images")(with_settings(sample_weight=np.ones(10)))
wrong("some callbacks are missing")(lambda net, a, b, n, callbacks: run_training(net, a, b, n, callbacks[0]))
wrong("another number of epochs")(lambda net, a, b, n, callbacks: run_training(net, a, b, n + 1, callbacks))


@wrong("the learning rate is changed", 0)
def with_another_rate(model, *others):
    model.optimizer.learning_rate = 0.5
    return run_training(model, *others)


@wrong("another network is trained")
def trains_a_copy(model, *others):
    copy = keras.models.clone_model(model)
    copy.compile("sgd", "mae")
    return run_training(copy, *others)


@wrong("it is trained more than once")
def twice(*given):
    run_training(*given)
    return run_training(*given)


@wrong("arrays in place of the training generator")
def all_in_memory(model, training, validation, epochs, callbacks):
    images, masks = (np.concatenate([training[k][part] for k in range(len(training))]) for part in (0, 1))
    return model.fit(images, masks, 8, epochs, 0, callbacks, validation_data=validation, shuffle=False)


@wrong("each epoch starts anew")
def in_a_loop(model, training, validation, epochs, callbacks):
    for _ in range(epochs):
        history = model.fit(training, validation_data=validation, callbacks=callbacks, shuffle=False, verbose=0)
    return history


@wrong("each epoch starts anew")
def in_a_loop_that_counts(model, training, validation, epochs, callbacks):
    for epoch in range(epochs):
        settings = {"initial_epoch": epoch, "epochs": epoch + 1, "shuffle": False, "verbose": 0}
        history = model.fit(training, validation_data=validation, callbacks=callbacks, **settings)
    return history


@wrong("the network is compiled anew")
def compiled_anew(model, training, validation, epochs, callbacks):
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return run_training(model, training, validation, epochs, callbacks)


@wrong("arrays in place of the training generator")
def one_training_batch(model, training, validation, epochs, callbacks):
    images, masks = training[0]
    return model.fit(images, masks, validation_data=validation, epochs=epochs, callbacks=callbacks, shuffle=False)


@wrong("the validation generator is in the place of the targets", 0)
def validation_as_targets(model, training, validation, epochs, callbacks):
    return model.fit(training, validation, epochs=epochs, callbacks=callbacks, shuffle=False, verbose=0)


@wrong("the history is not returned", 2 / 3)
def fit_without_return(*given):
    run_training(*given)
