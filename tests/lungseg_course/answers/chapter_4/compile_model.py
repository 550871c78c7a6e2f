"""Exercise 4.3: a network compiled with Adam, a loss and metrics."""

import keras
from keras.optimizers import SGD, Adam, AdamW
from keras.optimizers.schedules import ExponentialDecay

import lungseg
from answers import Answers
from lungseg import training

answers = Answers("4.3")
wrong = answers.wrong


@answers.right
def compile_model(model, learning_rate, loss, metrics):
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss=loss, metrics=metrics)


@answers.right
def compile_in_places(model, learning_rate, loss, metrics):
    settings = {"metrics": tuple(metrics), "run_eagerly": False}
    model.compile(keras.optimizers.Adam(learning_rate=learning_rate), loss, **settings)
    return model


@answers.right
def compile_then_set(model, learning_rate, loss, metrics):
    model.compile("adam", loss=[loss], metrics=[metrics])
    model.optimizer.learning_rate = learning_rate


@answers.right
def compile_with_other_momenta(model, learning_rate, loss, metrics):
    optimizer = keras.optimizers.Adam(learning_rate, beta_1=0.8, clipnorm=1.0)
    model.compile(loss=lambda true, predicted: loss(true, predicted), optimizer=optimizer, metrics=list(metrics))


def with_settings(optimizer=Adam, **others):
    """Return an answer with another optimizer, made of the learning rate, or other settings."""
    return lambda model, rate, loss, metrics: model.compile(
        **{"optimizer": optimizer(rate), "loss": loss, "metrics": metrics, **others}
    )


wrong("the package's answer, not yours", 0)(
    lambda model, rate, loss, metrics: training.compile_model(model, rate, loss)
)
wrong("a relative of Adam")(with_settings(AdamW))
wrong("a schedule in place of a learning rate")(with_settings(lambda rate: Adam(ExponentialDecay(rate, 1000, 0.9))))
wrong("a schedule in place of a learning rate")(with_settings(lambda rate: Adam(lambda: rate)))
wrong("the learning rate is Adam's own")(with_settings(lambda rate: "adam"))
wrong("another learning rate")(with_settings(lambda rate: Adam(rate * 10)))
wrong("the loss is changed on the way", 1 / 2)(with_settings(loss_weights=[0.5]))
wrong("a fixed learning rate")(with_settings(lambda rate: Adam(2e-3)))
wrong("another optimizer")(with_settings(SGD))
wrong("another optimizer")(lambda model, learning_rate, loss, metrics: model.compile(loss=loss, metrics=metrics))
wrong("a class in place of an optimizer")(with_settings(lambda rate: Adam))
wrong("a name of older versions: `lr`")(with_settings(lambda rate: Adam(lr=rate)))
wrong("a name in quotes that Keras does not know")(with_settings(lambda rate: "adm"))
wrong("a name in quotes that Keras does not know")(with_settings(loss="loss"))
wrong("another loss: lungseg.dice_loss")(with_settings(loss=lungseg.dice_loss))
wrong("another loss: binary cross-entropy")(with_settings(loss="binary_crossentropy"))
wrong("no loss")(with_settings(loss=None))
wrong("the metrics are missing", 1 / 2)(with_settings(metrics=None))
wrong("other metrics than those given")(with_settings(metrics=[lungseg.Dice(), lungseg.Jaccard()]))
wrong("other metrics than those given")(with_settings(metrics=["accuracy"]))
wrong("a metric is missing")(lambda model, rate, loss, metrics: compile_model(model, rate, loss, metrics[:1]))
wrong("the arguments of compile are in another order")(
    lambda model, rate, loss, metrics: model.compile(Adam(rate), loss, metrics)
)
wrong("the arguments of compile are in another order", 0)(
    lambda model, rate, loss, metrics: model.compile(loss, Adam(rate), metrics=metrics)
)
wrong("the loss in place of the metrics", 0)(
    lambda model, rate, loss, metrics: model.compile(Adam(rate), loss=metrics, metrics=loss)
)
wrong("the loss in place of the metrics", 0)(
    lambda model, rate, loss, metrics: model.compile(Adam(rate), loss=loss, metrics=loss)
)
wrong("a single metric in place of the list", 0)(
    lambda model, rate, loss, metrics: model.compile(Adam(rate), loss=loss, metrics=metrics[0])
)
answers.right(lambda model, rate, loss, metrics: model.compile(Adam(rate), loss=loss, metrics=tuple(metrics)))
wrong("the loss is called, not passed")(
    lambda model, rate, loss, metrics: model.compile(Adam(rate), loss=loss(), metrics=metrics)
)


@wrong("the network is trained, too", 0)
def trains_it(model, learning_rate, loss, metrics):
    compile_model(model, learning_rate, loss, metrics)
    history = model.fit([1.0], [1.0], epochs=5)
    return history.history


@wrong("the network is not compiled")
def compiles_a_copy(model, learning_rate, loss, metrics):
    model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Conv2D(1, 1, kernel_initializer="zeros")])
    model.compile(keras.optimizers.Adam(learning_rate), loss=loss, metrics=metrics)
    return model
