"""One training of an experiment: a variant, a seed, and the score that comes of them."""

import time
from collections.abc import Callable, Iterator

import keras
import numpy as np

from lungseg.augmentation import standard
from lungseg.losses import dice_crossentropy_loss, dice_loss
from lungseg.masks.overlap import count_overlap, f1_score
from lungseg.preparation.resizing import resize_image
from lungseg_course.engine.chance import same_chance
from lungseg_course.experiments.cases import Arrays
from lungseg_course.experiments.network import build_network
from lungseg_course.experiments.settings import Settings

# In the name of each score that is kept. Count it up when a change here, or of the network, changes the scores.
VERSION = 1
LOSSES = {"dice": dice_loss, "crossentropy": "binary_crossentropy", "both": dice_crossentropy_loss}
FEW = 10  # with so few steps it takes longer to make a graph of the network than to do without
AT_ONCE = 32  # validation images


def train_once(
    settings: Settings, arrays: Arrays, seed: int, after_step: Callable[[int], None] = lambda step: None
) -> dict[str, float]:
    """Train a variant with a seed, and score it on the validation cases.

    The seed decides the first weights, the order of the cases, the augmentation and the dropout. The network of
    the last step is scored: none is chosen by the validation cases, so that they know nothing of it.

    Parameters
    ----------
    settings : Settings
    arrays : Arrays
    seed : int
    after_step : callable
        Is told the number of steps that are done.

    Returns
    -------
    dict
        `dice`, the mean of the validation cases at the size of their files; `parameters` and `seconds`.
    """
    began = time.perf_counter()
    with same_chance():
        keras.utils.set_random_seed(seed)
        model = build_network(settings)
        rate = keras.optimizers.schedules.CosineDecay(settings.learning_rate, settings.steps)
        model.compile(
            optimizer=keras.optimizers.Adam(rate), loss=LOSSES[settings.loss], run_eagerly=settings.steps <= FEW
        )
        for step, batch in enumerate(_batches(settings, arrays, seed), start=1):
            model.train_on_batch(*batch)
            after_step(step)
        dice = _score(model, arrays)
    seconds = time.perf_counter() - began
    return {"dice": dice, "parameters": model.count_params(), "seconds": round(seconds, 1)}


def _batches(settings: Settings, arrays: Arrays, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield `settings.steps` batches: all cases in a new order, then all of them in another one, and so on."""
    rng = np.random.default_rng(seed)
    augment = standard() if settings.augmentation else None
    waiting = np.array([], dtype=int)
    for step in range(settings.steps):
        while len(waiting) < settings.batch_size:
            waiting = np.concatenate([waiting, rng.permutation(len(arrays.images))])
        places, waiting = np.split(waiting, [settings.batch_size])
        images, masks = arrays.images[places], arrays.masks[places]
        yield augment(images, masks, seed=(seed, step)) if augment else (images, masks)


def _score(model: keras.Model, arrays: Arrays) -> float:
    """Return the mean Dice of the validation cases, each at the size that it has in its file."""
    parts = np.array_split(arrays.validation, -(-len(arrays.validation) // AT_ONCE))
    probabilities = np.concatenate([np.asarray(model.predict_on_batch(part)) for part in parts])[..., 0]
    values = []
    for probability, truth in zip(probabilities, arrays.truth, strict=True):
        mask = resize_image(probability, truth.shape) >= 0.5
        values.append(f1_score(*count_overlap(truth, mask)))
    return float(np.mean(values))
