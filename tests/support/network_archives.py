"""Small networks in `.keras` files, and the members of such a file."""

import zipfile

import keras

MEMBERS = ("metadata.json", "config.json", "model.weights.h5")


@keras.saving.register_keras_serializable(package="lungseg_tests")
class Halved(keras.layers.Layer):
    """A layer of one's own."""

    def call(self, inputs):
        return inputs / 2


@keras.saving.register_keras_serializable(package="lungseg_tests")
def doubled(inputs):
    return 2 * inputs


def own_network(*layers):
    inputs = x = keras.Input((16, 16, 1))
    for layer in layers:
        x = layer(x)
    return keras.Model(inputs, x)


def saved(path, model):
    model.compile("adam", "mse")
    model.save(path)
    return path


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path, contents, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path
