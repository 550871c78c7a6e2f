"""How long until a validation Dice of 0.95, against a textbook U-Net on the same cases?

    python benchmarks/time_to_dice.py CASES [--goal 0.95] [--limit 900]

Both networks are trained by `lungseg.train` one after the other, on the same split, with the same
loss, and the clock starts when `train` is called. The textbook U-Net has max-pooling, two
convolutions a level on both paths, Keras' default initialisation and batch normalisation, and Adam
with a learning rate of 1e-4. Run it on an idle computer.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import keras
from keras import layers

import lungseg
from lungseg.environment import describe_device


def textbook_unet(input_shape, filters=16, depth=4) -> keras.Model:
    """Build the U-Net of the tutorials."""

    def two_convolutions(x, filters):
        for _ in range(2):
            x = layers.Conv2D(filters, 3, padding="same")(x)
            x = layers.BatchNormalization()(x)
            x = layers.Activation("relu")(x)
        return x

    inputs = x = keras.Input(input_shape)
    skips = []
    for level in range(depth):
        x = two_convolutions(x, filters * 2**level)
        skips.append(x)
        x = layers.MaxPooling2D(2)(x)
    x = two_convolutions(x, filters * 2**depth)
    for level in reversed(range(depth)):
        x = layers.Conv2DTranspose(filters * 2**level, 2, strides=2)(x)
        x = layers.Concatenate()([x, skips[level]])
        x = two_convolutions(x, filters * 2**level)
    return keras.Model(inputs, layers.Conv2D(1, 1, activation="sigmoid")(x))


class StopAtGoal(keras.callbacks.Callback):
    """Stops at the goal, or when the time is up, and remembers when that was."""

    def __init__(self, goal: float, limit: float):
        super().__init__()
        self.goal, self.limit = goal, limit
        self.start = time.perf_counter()
        self.best, self.seconds, self.epochs, self.reached = 0.0, 0.0, 0, False

    def on_epoch_end(self, epoch, logs=None):
        self.seconds, self.epochs = time.perf_counter() - self.start, epoch + 1
        self.best = max(self.best, logs["val_dice"])
        self.reached = self.best >= self.goal
        self.model.stop_training = self.reached or self.seconds > self.limit


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path, help="a folder of prepared cases")
    parser.add_argument("--goal", type=float, default=0.95)
    parser.add_argument("--limit", type=float, default=900, help="seconds after which a training is given up")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    size = lungseg.load_case(lungseg.list_cases(options.cases)[0]).shape[:2]
    results = {}
    for name in ("lungseg", "textbook"):
        print(f"--- {name}")
        keras.utils.set_random_seed(options.seed)
        settings = {"model": textbook_unet((*size, 1)), "learning_rate": 1e-4} if name == "textbook" else {}
        stop = StopAtGoal(options.goal, options.limit)
        with tempfile.TemporaryDirectory() as run:
            trained = lungseg.train(options.cases, run, seed=options.seed, epochs=1000, callbacks=[stop], **settings)
            results[name] = (stop, trained.settings["parameters"])

    print(f"\nTime to a validation Dice of {options.goal} on {describe_device()}")
    print(f"{'network':10s} {'parameters':>10s} {'epochs':>6s} {'best':>6s} {'seconds':>8s}")
    for name, (stop, parameters) in results.items():
        seconds = f"{stop.seconds:.0f}" if stop.reached else f"> {stop.seconds:.0f}"
        print(f"{name:10s} {parameters:10,d} {stop.epochs:6d} {stop.best:6.4f} {seconds:>8s}")
    ours, theirs = (stop for stop, _ in results.values())
    if not ours.reached:
        print("lungseg did not reach the goal.")
        return 1
    print(f"ratio: {'' if theirs.reached else 'less than '}{ours.seconds / theirs.seconds:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
