"""Exercise 6.3, first function: wrong answers that are rarer."""

from keras import layers, ops

from answers import Answers
from answers.chapter_6.thorax_given import noting

answers = Answers("6.3")
_, wrong = noting(answers, 0)


def of_four(**settings):
    return layers.Conv2D(4, 1, **settings)


wrong("enlarged once more", 3 / 4)(lambda x: layers.Conv2DTranspose(4, 2, strides=2, activation="softmax")(x))
wrong("the pixels stand in one row", 3 / 4)(lambda x: layers.Softmax()(layers.Reshape((-1, 4))(of_four()(x))))
wrong("one answer for the image")(lambda x: layers.Conv2D(4, x.shape[1:3], activation="softmax")(x))
wrong("another activation")(lambda x: of_four(activation="softplus")(x))
wrong("another activation")(lambda x: of_four(activation="tanh")(x))
wrong("another activation")(lambda x: of_four(activation="elu")(x))
wrong("a sigmoid before the softmax", 3 / 4)(lambda x: layers.Softmax()(of_four(activation="sigmoid")(x)))
wrong("a ReLU before the softmax", 3 / 4)(lambda x: layers.Softmax()(of_four(activation="relu")(x)))
wrong("turned around")(lambda x: 1 - of_four(activation="softmax")(x))
wrong("batch normalisation behind the softmax")(lambda x: layers.BatchNormalization()(of_four(activation="softmax")(x)))
wrong("the activation stands in the place of `strides`")(lambda x: layers.Conv2D(4, 1, "softmax")(x))
wrong("a setting in the second parentheses")(lambda x: layers.Conv2D(4, 1)(x, activation="softmax"))


@wrong("the decision in place of the probability", 3 / 4)
def one_hot(x):
    return ops.one_hot(ops.argmax(of_four()(x), axis=-1), 4)
