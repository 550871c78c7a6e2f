"""Exercise 5.1: the network is asked about one image."""

import keras
import numpy as np

import lungseg
from answers import Answers

answers = Answers("5.1")
image = np.zeros((32, 32), dtype="float32")  # a name of the notebook that a function should not use


@answers.right  # the first one, which may not show its progress bar
def predict_with_bar(model, image):
    batch = np.expand_dims(np.asarray(image, dtype="float64"), (0, -1))
    return model.predict(batch).squeeze()


@answers.right
def predict_probability(model, image):
    return np.asarray(model.predict_on_batch(image[None, :, :, None]))[0, :, :, 0]


@answers.right
def predict_by_call(network, picture):
    return keras.ops.squeeze(network(picture[np.newaxis, ..., np.newaxis]), axis=(0, 3))


@answers.right
def predict_as_nested_list(model, image):
    height, width = image.shape
    return keras.ops.convert_to_numpy(model(image.reshape(1, height, width, 1))).reshape(height, width).tolist()


@answers.right
def predict_a_batch_of_three(model, image):
    return model.predict(np.stack([image] * 3)[..., None], verbose=0)[1, ..., 0]


def answer(change=None, grey=None, asked=None):
    """The right answer but for one step: `grey` values, what the network is `asked`, or a `change` of its batch."""

    def predict(model, image):
        batch = (grey or np.asarray)(image)[None, :, :, None] if asked is None else asked(image)
        result = model.predict_on_batch(batch)
        return change(result) if change else result[0, :, :, 0]

    return predict


wrong = answers.wrong
wrong("the batch axis is missing")(answer(lambda out: out[:, :, 0], asked=lambda image: image[:, :, None]))
wrong("the batch axis is missing", 0)(answer(lambda out: out, asked=lambda image: image))
wrong("the batch axis is missing")(answer(asked=lambda image: image[:, :, None, None]))
wrong("the axes are in another order")(answer(lambda out: out[0, 0], asked=lambda image: image[None, None]))
wrong("the batch is returned")(answer(lambda out: out))
wrong("the channel axis is still there")(answer(lambda out: out[0]))
wrong("the batch axis is still there")(answer(lambda out: out[..., 0]))
wrong("the shape is another")(answer(lambda out: out[0, :2, :2, 0]))
wrong("height and width are swapped")(answer(lambda out: out[0, :, :, 0].T))
wrong("height and width are swapped")(answer(grey=np.transpose))
wrong("height and width are swapped")(answer(lambda out: out[0, :, :, 0].T, grey=np.transpose))
wrong("thresholded already", 1 / 2)(answer(lambda out: out[0, :, :, 0] >= 0.5))
wrong("the sigmoid twice")(answer(lambda out: keras.ops.sigmoid(out[0, :, :, 0])))
wrong("the probability of background")(answer(lambda out: 1 - out[0, :, :, 0]))
wrong("cut off to whole numbers")(answer(lambda out: out[0, :, :, 0].astype("uint8")))
wrong("one number for the whole image")(answer(np.mean))
wrong("nothing is returned")(answer(lambda out: None))
wrong("stretched to the range from 0 to 1")(answer(lambda out: (out - out.min())[0, :, :, 0] / np.ptp(out)))
wrong("one row of the image")(answer(lambda out: out[0, 0]))
wrong("one row of the image")(answer(lambda out: np.squeeze(out)[0]))
wrong("one column of the image")(answer(lambda out: out[0, :, 0]))
wrong("a fixed size", 0)(answer(asked=lambda image: image.reshape(1, 128, 128, 1)))
wrong("a fixed size", 0)(lambda model, image: model.predict_on_batch(np.resize(image, (1, 64, 64, 1)))[0, ..., 0])
wrong("another image than the argument", 0)(answer(asked=lambda image: np.resize(image, (1, 128, 128, 1))))
wrong("the package's answer, not yours", 0)(lungseg.segment)
wrong("the package's answer, not yours", 0)(lambda model, image: lungseg.segment(model, image))
wrong("channels that the network has not", 0)(answer(asked=lambda image: np.stack([image] * 3, axis=-1)[None]))
wrong("the image became whole numbers", 1 / 2)(answer(grey=lambda image: image.astype("uint8")))
wrong("a fixed size", 0)(answer(lambda out: out.reshape(128, 128)))
wrong("a fixed size", 0)(answer(lambda out: np.resize(out, (256, 256))))
wrong("the image is scaled once more")(answer(grey=lambda image: image / 255.0))
wrong("the image is scaled by its own maximum")(answer(grey=lambda image: image / np.max(image)))
wrong("the image is scaled by its own darkest and brightest pixel")(
    answer(grey=lambda image: (image - image.min()) / (image.max() - image.min() + 1e-8))
)
wrong("the image is standardised")(answer(grey=lambda image: (image - image.mean()) / image.std()))
wrong("another image than the argument")(lambda model, picture: predict_probability(model, image))
wrong("an attribute does not exist")(lambda model, image: model.predict_on_bacth(image[None, :, :, None])[0, :, :, 0])


@wrong("the network is in training mode")
def in_training_mode(model, image):
    return np.asarray(model(image[None, :, :, None], training=True))[0, :, :, 0]


@wrong("the image that you were given is changed", 1 / 2)
def clips_the_image(model, image):
    np.clip(image, 0.2, 0.6, out=image)
    return predict_probability(model, image)


@wrong("the image that you were given is changed")
def changes_the_image(model, image):
    result = predict_probability(model, image)
    image /= image.max()
    return result
