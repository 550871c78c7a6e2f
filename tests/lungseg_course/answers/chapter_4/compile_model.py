"""Exercise 4.3: a network compiled with Adam, a loss and metrics."""

import keras

import lungseg
from answers import Answers

answers = Answers("4.3")


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


@answers.wrong("a relative of Adam")
def with_weight_decay(model, learning_rate, loss, metrics):
    model.compile(optimizer=keras.optimizers.AdamW(learning_rate), loss=loss, metrics=metrics)


@answers.wrong("a schedule in place of a learning rate")
def with_a_schedule(model, learning_rate, loss, metrics):
    falling = keras.optimizers.schedules.ExponentialDecay(learning_rate, 1000, 0.9)
    model.compile(optimizer=keras.optimizers.Adam(falling), loss=loss, metrics=metrics)


@answers.wrong("a schedule in place of a learning rate")
def with_a_function_for_a_rate(model, learning_rate, loss, metrics):
    model.compile(optimizer=keras.optimizers.Adam(lambda: learning_rate), loss=loss, metrics=metrics)


@answers.wrong("the learning rate is Adam's own")
def adam_by_name(model, learning_rate, loss, metrics):
    model.compile(optimizer="adam", loss=loss, metrics=metrics)


@answers.wrong("a fixed learning rate")
def rate_of_the_notebook(model, learning_rate, loss, metrics):
    model.compile(optimizer=keras.optimizers.Adam(2e-3), loss=loss, metrics=metrics)


@answers.wrong("another optimizer")
def plain_descent(model, learning_rate, loss, metrics):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate), loss=loss, metrics=metrics)


@answers.wrong("another optimizer")
def no_optimizer(model, learning_rate, loss, metrics):
    model.compile(loss=loss, metrics=metrics)


@answers.wrong("another loss: lungseg.dice_loss")
def own_loss(model, learning_rate, loss, metrics):
    model.compile(keras.optimizers.Adam(learning_rate), loss=lungseg.dice_loss, metrics=metrics)


@answers.wrong("another loss: binary cross-entropy")
def crossentropy(model, learning_rate, loss, metrics):
    model.compile(keras.optimizers.Adam(learning_rate), loss="binary_crossentropy", metrics=metrics)


@answers.wrong("no loss")
def no_loss(model, learning_rate, loss, metrics):
    model.compile(keras.optimizers.Adam(learning_rate), metrics=metrics)


@answers.wrong("the metrics are missing", 1 / 2)
def no_metrics(model, learning_rate, loss, metrics):
    model.compile(keras.optimizers.Adam(learning_rate), loss=loss)


@answers.wrong("the arguments of compile are in another order")
def metrics_in_third_place(model, learning_rate, loss, metrics):
    model.compile(keras.optimizers.Adam(learning_rate), loss, metrics)


@answers.wrong("other metrics than those given")
def own_metrics(model, learning_rate, loss, metrics):
    model.compile(keras.optimizers.Adam(learning_rate), loss=loss, metrics=[lungseg.Dice(), lungseg.Jaccard()])


@answers.wrong("a metric is missing")
def one_metric(model, learning_rate, loss, metrics):
    model.compile(keras.optimizers.Adam(learning_rate), loss=loss, metrics=metrics[:1])


@answers.wrong("the arguments of compile are in another order", 0)
def loss_first(model, learning_rate, loss, metrics):
    model.compile(loss, keras.optimizers.Adam(learning_rate), metrics=metrics)


@answers.wrong("a class in place of an optimizer")
def a_class_as_optimizer(model, learning_rate, loss, metrics):
    model.compile(optimizer=keras.optimizers.Adam, loss=loss, metrics=metrics)


@answers.wrong("the loss is called, not passed")
def loss_called(model, learning_rate, loss, metrics):
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss=loss(), metrics=metrics)


@answers.wrong("other metrics than those given")
def accuracy(model, learning_rate, loss, metrics):
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss=loss, metrics=["accuracy"])


@answers.wrong("the network is not compiled")
def compiles_a_copy(model, learning_rate, loss, metrics):
    model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Conv2D(1, 1, kernel_initializer="zeros")])
    model.compile(keras.optimizers.Adam(learning_rate), loss=loss, metrics=metrics)
    return model


@answers.wrong("a name in quotes that Keras does not know")
def loss_in_quotes(model, learning_rate, loss, metrics):
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="loss", metrics=metrics)


@answers.wrong("a name in quotes that Keras does not know")
def optimizer_misspelt(model, learning_rate, loss, metrics):
    model.compile(optimizer="adm", loss=loss, metrics=metrics)


@answers.wrong("an argument of older versions")
def lr_of_older_versions(model, learning_rate, loss, metrics):
    model.compile(optimizer=keras.optimizers.Adam(lr=learning_rate), loss=loss, metrics=metrics)
