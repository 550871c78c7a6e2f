"""Exercise 5.1: the network is asked about one image."""

import keras
import numpy as np

from answers import Answers

answers = Answers("5.1")
image = np.zeros((32, 32), dtype="float32")  # a name of the notebook that a function should not use


@answers.right
def predict_probability(model, image):
    return np.asarray(model.predict_on_batch(image[None, :, :, None]))[0, :, :, 0]


@answers.right
def predict_with_bar(model, image):
    batch = np.expand_dims(np.asarray(image, dtype="float64"), (0, -1))
    return model.predict(batch).squeeze()


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


@answers.wrong("the batch axis is missing")
def no_batch_axis(model, image):
    return model.predict_on_batch(image[:, :, None])[:, :, 0]


@answers.wrong("the batch axis is missing", 0)
def no_axes(model, image):
    return model.predict_on_batch(image)


@answers.wrong("the batch axis is missing")
def batch_axis_behind(model, image):
    return model.predict_on_batch(image[:, :, None, None])[0, :, :, 0]


@answers.wrong("the axes are in another order")
def channel_in_front(model, image):
    return model.predict_on_batch(image[None, None])[0, 0]


answers.wrong("the batch is returned")(lambda model, image: model.predict_on_batch(image[None, :, :, None]))


@answers.wrong("the channel axis is still there")
def channel_left(model, image):
    return model.predict_on_batch(image[None, :, :, None])[0]


@answers.wrong("the batch axis is still there")
def batch_left(model, image):
    return model.predict_on_batch(image[None, :, :, None])[..., 0]


answers.wrong("the shape is another")(lambda model, image: model.predict_on_batch(image[None, :, :, None])[0, 0, :, 0])
answers.wrong("height and width are swapped")(lambda model, image: predict_probability(model, image).T)


@answers.wrong("height and width are swapped")
def turned_over(model, image):
    return model.predict_on_batch(image.T[None, :, :, None])[0, :, :, 0]


@answers.wrong("height and width are swapped")
def turned_over_and_back(model, image):
    return model.predict_on_batch(image.T[None, :, :, None])[0, :, :, 0].T


@answers.wrong("thresholded already", 1 / 2)
def thresholded(model, image):
    return predict_probability(model, image) >= 0.5


answers.wrong("the image is scaled once more")(lambda model, image: predict_probability(model, image / 255.0))


@answers.wrong("the image is scaled by its own maximum")
def scaled_by_maximum(model, image):
    return predict_probability(model, image / np.max(image))


answers.wrong("the sigmoid twice")(lambda model, image: keras.ops.sigmoid(predict_probability(model, image)))


@answers.wrong("the network is in training mode")
def in_training_mode(model, image):
    return np.asarray(model(image[None, :, :, None], training=True))[0, :, :, 0]


@answers.wrong("the probability of background")
def background(model, image):
    return 1 - predict_probability(model, image)


@answers.wrong("the image that you were given is changed")
def changes_the_image(model, image):
    result = predict_probability(model, image)
    image /= image.max()
    return result


answers.wrong("cut off to whole numbers")(lambda model, image: predict_probability(model, image).astype("uint8"))


@answers.wrong("the image is standardised")
def standardised(model, image):
    return predict_probability(model, (image - image.mean()) / image.std())


answers.wrong("one number for the whole image")(lambda model, image: np.mean(predict_probability(model, image)))


@answers.wrong("nothing is returned")
def forgets_to_return(model, image):
    predict_probability(model, image)


answers.wrong("another image than the argument")(lambda model, picture: predict_probability(model, image))


@answers.wrong("an attribute does not exist")
def calls_a_misspelt_method(model, image):
    return model.predict_on_bacth(image[None, :, :, None])[0, :, :, 0]
