"""Names of older versions, of other libraries and of other languages, as answers copied from the web hold them."""

import re

import pytest

from lungseg_course.engine.mistakes.former_names import find_former
from lungseg_course.engine.mistakes.former_tables import FAMILIES
from lungseg_course.engine.students_code import students_line

CELL = """
import collections, random, time
import numpy as np, pandas as pd
import keras
from keras import layers, ops, backend as K
x = np.ones((2, 3))
t = ops.ones((2, 3))
image = keras.Input((8, 8, 1))
table = pd.DataFrame({"dice": [0.9]})
rng = np.random.default_rng(0)
model = keras.Sequential([image, layers.Conv2D(1, 1)])
model.compile("adam", "mse")
class Mean(keras.metrics.Mean):
    def reset(self):
        super().reset_states()
"""
# What was written, and what is to be written.
OLD = {
    "layers.Conv2D(4, 3, border_mode='same')": "`padding`",
    "layers.Conv2D(4, 3, subsample=2)": "`strides`",
    "layers.Conv2D(4, 3, init='he_normal')": "`kernel_initializer`",
    "layers.Conv2D(nb_filter=4, kernel_size=3)": "`filters`",
    "layers.Concatenate(concat_axis=-1)": "`axis`",
    "layers.merge([image, image], mode='concat')": "layers.Concatenate()",
    "layers.experimental.preprocessing.Rescaling(1 / 255)": "Leave `experimental` out",
    "keras.optimizers.Adam(lr=0.001)": "`learning_rate`",
    "keras.optimizers.Adam(0.1).lr": "`learning_rate`",
    "model.fit(x, nb_epoch=2)": "`epochs`",
    "model.fit(x, workers=2)": "super().__init__(workers=...)",
    "model.fit(x, use_multiprocessing=True)": "super().__init__(workers=...)",
    "model.fit_generator(x)": "`fit`",
    "model.predict_generator(x)": "`predict`",
    "model.evaluate_generator(x)": "`evaluate`",
    "model.predict_classes(x)": "np.argmax(",
    "model.layers[0].output_shape": "layer.output.shape",
    "Mean().reset()": "`reset_state`",
    "keras.callbacks.ModelCheckpoint('a.keras', period=1)": "Leave it out",
    "K.flatten(t)": "keras.ops.reshape(x, (-1,))",
    "K.sum(t)": "`keras.ops.sum`",
    "K.clip(t, 0, 1)": "`keras.ops.clip`",
    "K.int_shape(t)": "x.shape",
    "keras.backend.dot(t, t)": "`keras.ops.matmul`",
    "keras.objectives.mse": "`keras.losses`",
    "keras.utils.np_utils": "`keras.utils`",
    "np.float(1)": "`float`",
    "np.int": "`int`",
    "np.object": "`object`",
    "np.asscalar(x[0, 0])": "`x.item()`",
    "np.NaN": "`np.nan`",
    "np.product(x)": "`np.prod`",
    "table.append(table)": "pd.concat",
    "table.ix[0]": ".iloc",
    "table.iteritems()": "`items`",
    "xrange(3)": "`range`",
    "unicode(3)": "`str`",
    "{}.has_key('a')": "`key in d`",
    "{}.iteritems()": "`items`",
    "time.clock()": "time.perf_counter",
    "collections.Iterable": "collections.abc",
    "__import__('sklearn.cross_validation')": "`sklearn.model_selection`",
    "__import__('scipy.misc', fromlist=['imread']).imread('a.png')": "skimage.io.imread",
    "__import__('skimage.measure', fromlist=['a']).compare_ssim(x, x)": "`skimage.metrics.structural_similarity`",
    "__import__('skimage.transform', fromlist=['a']).rescale(x, 2, multichannel=True)": "channel_axis=-1",
    "__import__('tensorflow').Session()": "at once",
    "__import__('tensorflow').placeholder('float32')": "`keras.Input`",
    "__import__('tensorflow').log(t)": "`keras.ops.log`",
    "__import__('tensorflow').train.AdamOptimizer(0.1)": "`keras.optimizers.Adam`",
    "__import__('tensorflow').keras.layers.experimental": "Leave `experimental` out",
    "__import__('tensorflow').contrib": "libraries of their own",
}
FOREIGN = {
    "np.sum(x, dim=0)": "`axis`",
    "x.sum(dim=0)": "`axis`",
    "ops.sum(t, dim=0)": "`axis`",
    "ops.sum(t, 1, keepdim=True)": "`keepdims`",
    "np.mean(x, axis=0, keepdim=True)": "`keepdims`",
    "layers.Conv2D(in_channels=1, out_channels=4, kernel_size=3)": "counts the channels",
    "layers.Conv2D(4, 3, stride=2)": "`strides`",
    "layers.Conv2d(4, 3)": "`layers.Conv2D`",
    "layers.BatchNorm2d(4)": "`layers.BatchNormalization`",
    "layers.Linear(4)": "`layers.Dense`",
    "x.permute(1, 0)": "np.transpose(x, axes)",
    "t.permute(1, 0)": "np.transpose(x, axes)",
    "x.unsqueeze(0)": "np.expand_dims(x, axis)",
    "t.view(6)": "np.reshape(x, shape)",
    "x.cuda()": "Leave it out",
    "x.to('cpu')": "Leave it out",
    "model.cuda()": "Leave it out",
    "x.numpy()": "an array already",
    "x.float()": 'x.astype("float32")',
    "ops.cat([t, t])": "`keras.ops.concatenate`",
    "np.unsqueeze(x, 0)": "`np.expand_dims`",
    "model.parameters()": "model.trainable_variables",
    "model.train()": "Leave it out",
    "size(x)": "x.shape",
    "numel(x)": "`x.size`",
    "length(x)": "`len`",
    "rand(3)": "rng.random(...)",
    "disp(x)": "`print`",
    "x.size if true else 0": "`True`",
    "null": "`None`",
    "[1, 2].length": "`len(x)`",
    "[1].push(2)": "`append`",
    "[1].shape": "np.array(x)",
    "rng.randint(3)": "`rng.integers`",
    "rng.rand(3)": "`rng.random`",
    "random.rand(3)": "`random.random`",
}
NONE_OF_THEM = (
    "x.nothing",
    "layers.Conv2D(4, 3, colour='red')",
    "np.nothing(x)",
    "size",  # a variable that was forgotten
    "{}['a']",
    "1 / 0",
    "K.nothing(t)",
)


@pytest.fixture(scope="module")
def names():
    """What the cells of the notebook have made before."""
    made = {"__name__": "notebook"}
    exec(CELL, made)
    return made


@pytest.fixture
def told(cell, names):
    def tell(written):
        function = cell(f"def f():\n    return {written}", **names)["f"]
        with pytest.raises(Exception) as caught:  # noqa: PT011  whatever the libraries raise
            function()
        return find_former(caught.value, students_line(caught.value)[1])

    return tell


@pytest.mark.filterwarnings("ignore")  # of old names, which is what they are about
@pytest.mark.parametrize(("written", "today"), OLD.items())
def test_what_has_another_name_today_is_told_with_the_version(told, written, today):
    wrong = told(written)
    assert wrong.cause.startswith("a name of older versions: `")
    assert re.search(r"since .+ \d|Since .+ \d", wrong.why)
    assert today in wrong.remedy


@pytest.mark.parametrize(("written", "today"), FOREIGN.items())
def test_what_is_called_otherwise_elsewhere_is_told(told, written, today):
    wrong = told(written)
    assert wrong.cause.startswith("a name of ")
    assert not wrong.cause.startswith("a name of older")
    assert today in wrong.remedy


@pytest.mark.parametrize("written", NONE_OF_THEM)
def test_what_is_in_no_table_is_left_to_others(told, written):
    assert told(written) is None


def test_each_row_says_what_to_do():
    for families in FAMILIES.values():
        for family in families:
            assert family.rows, family
            for name, today in family.rows.items():
                assert re.fullmatch(r"[\w.]+", name), name
                report = family.wrong(name).report()
                assert today.rstrip(".") in " ".join(report.split()), (name, today)
                assert max(map(len, report.splitlines())) <= 120
