# %% [markdown]
# # 1. Feeding a network: the data generator
#
# Part 1 of 5. Lung segmentation on chest X-rays: **data** → network → loss → training → prediction.
#
# A network learns from *pairs*: a radiograph, and a mask that says which of its pixels are lung. In this
# notebook you will
#
# - look at such pairs and work out how much memory a set of them takes,
# - see why Keras' old `ImageDataGenerator` is not the tool for them,
# - write your own generator, which reads one batch at a time from disk,
# - and, if you like, let it turn and brighten image and mask *together*.
#
# You need Python, NumPy, and to have seen a Python class before. It takes about 45 minutes. Run the cells
# from top to bottom.

# %%
import os

import lungseg  # first: from here on TensorFlow keeps its start-up notices to itself
from lungseg.cases import list_cases, load_case
from lungseg.datasets import default_cases

print("lungseg", lungseg.__version__)

# %% [markdown]
# ## 1.1 The cases
#
# The course runs on *phantoms*: synthetic chest radiographs whose lung masks are exact, because they were drawn
# together. Nothing has to be downloaded, and no patient's data is involved. To work with real radiographs,
# set the environment variable `LUNGSEG_DATA` to your folder of cases before you start Jupyter; everything below
# stays the same.
#
# The first call draws the phantoms, which takes some seconds. They are kept for the next time.

# %%
FAST = os.environ.get("LUNGSEG_FAST") == "1"  # smaller and shorter, for a quick test of this notebook
SIZE, COUNT = (64, 48) if FAST else (128, 300)

folder = default_cases(size=SIZE, count=COUNT)
cases = list_cases(folder)

print(len(cases), "cases, for instance")
for path in cases[:3]:
    print("  ", path.name)

# %% [markdown]
# Each case is one file, `<name>.npy`. The last digit of the name is the diagnosis: 0 is normal, 1 is tuberculosis.
# Inside is one array with two *channels*:

# %%
case = load_case(cases[0])
image, mask = case[..., 0], case[..., 1]

print("case ", case.shape, case.dtype)
print("image", image.shape, "from", image.min(), "to", image.max())
print("mask ", mask.shape, "values", sorted(set(mask.ravel().tolist())))

# %% [markdown]
# `[..., 0]` is the image, with grey values from 0 (black) to 1 (white). `[..., 1]` is the mask: 1 where there is
# lung, 0 elsewhere. The three dots stand for "all the axes before this one".

# %%
from lungseg.plotting import plot_case, plot_cases

plot_case(cases[2])

# %% [markdown]
# *What you see:* one case three times: the image, the mask, and the mask laid over the image. As
# radiologists do, we look at the patient from the front, so the patient's left lung is on the right. The
# heart lies mostly on that side, and the mask leaves it out.

# %%
plot_cases(cases[:8])

# %% [markdown]
# *What you see:* eight cases with the outlines of their masks. They differ in the shape of the chest, in
# exposure and in sharpness, and some are tilted or have a dark border. A network must cope with all of that.

# %% [markdown]
# ## 1.2 Why not simply load everything?
#
# The simplest idea: read all the cases into one large array and hand it to Keras. An array of $N$ cases with
# $H \times W$ pixels and $C$ channels holds $N \cdot H \cdot W \cdot C$ numbers. As `float32` each of them takes
# 4 bytes:
#
# $$ \text{bytes} = 4 \cdot N \cdot H \cdot W \cdot C $$
#
# ### Exercise 1: how large is the array?
#
# Write the function. One gigabyte is $10^9$ bytes here.


# %% tags=["exercise"]
def array_gigabytes(count, size, channels=2, bytes_per_number=4):
    """Return how many gigabytes an array of `count` square cases takes."""
    ### BEGIN SOLUTION
    return count * size * size * channels * bytes_per_number / 1e9
    ### END SOLUTION


# %% tags=["check"]
assert array_gigabytes(count=1000, size=1000, channels=1, bytes_per_number=1) == 1.0
assert abs(array_gigabytes(count=300, size=128) - 0.0393) < 1e-4
print("Exercise 1: correct.")

# %% [markdown]
# Now ask it about some sets of radiographs:

# %%
sets = {
    "300 phantoms at 128 × 128": (300, 128),
    "704 radiographs (Montgomery + Shenzhen) at 512 × 512": (704, 512),
    "the same at 2048 × 2048": (704, 2048),
    "112,120 radiographs (ChestX-ray14) at 1024 × 1024": (112_120, 1024),
}
for name, (count, size) in sets.items():
    print(f"{array_gigabytes(count, size):9.2f} GB   {name}")

# %% [markdown]
# The phantoms of this course would fit many times over. The last set would not fit into any laptop, and
# arrays grow when you are not looking: `float64`, NumPy's default, doubles them, and so does
# a copy, which `images = array[mask]` or `np.array(list_of_arrays)` makes.
#
# What training really needs at any moment is *one batch*: the few cases that the network learns from in one step.

# %%
BATCH_SIZE = 8
print(f"a batch of {BATCH_SIZE} at 1024 × 1024: {array_gigabytes(BATCH_SIZE, 1024):.3f} GB")

# %% [markdown]
# ## 1.3 Why not `ImageDataGenerator`?
#
# Older tutorials use Keras' `ImageDataGenerator`: it reads images from folders, in batches, and varies them at
# random. For years it was the usual way. For our task it has four weaknesses:
#
# - **It was made for classification.** `flow_from_directory` takes the name of a folder as the label of the images in
#   it. A mask as the label needs *two* generators with the same seed, zipped together. If one of them ever shuffles
#   differently, each image gets the mask of another patient, and no error is raised.
# - **It treats the mask like a photograph.** Rotating interpolates: a mask of 0 and 1 gets 0.3 and 0.7 at its border.
#   Changing the brightness changes the mask as well.
# - **It reads picture files**, not `.npy` arrays.
# - **It is deprecated.** The documentation of TensorFlow advises against it for new code, and `keras.preprocessing`
#   in Keras 3 no longer has it; only TensorFlow's compatibility layer still does.
#
# So we write our own. It takes 20 lines, and it will do exactly what we say.

# %% [markdown]
# ## 1.4 One batch
#
# We begin with the heart of it: from a few paths to a batch. Keras expects a batch of images and a batch
# of masks as two arrays, each of shape
#
# $$ (B, H, W, 1) $$
#
# with $B$ cases in the batch and one channel. Slicing with `0:1` in place of `0` keeps the last axis:

# %%
print(case[..., 0].shape, "is without a channel axis,")
print(case[..., 0:1].shape, "is with one.")

# %% [markdown]
# ### Exercise 2: read a batch
#
# Read each path with `load_case`, put the arrays on top of each other with `np.stack` (it makes a new first
# axis), and return images and masks.

# %%
import numpy as np


# %% tags=["exercise"]
def read_batch(paths):
    """Return images and masks of some cases, each of shape (B, H, W, 1)."""
    ### BEGIN SOLUTION
    batch = np.stack([load_case(path) for path in paths])  # (B, H, W, 2)
    return batch[..., 0:1], batch[..., 1:2]
    ### END SOLUTION


# %% tags=["check"]
images, masks = read_batch(cases[:5])

assert images.shape == masks.shape == (5, *image.shape, 1), f"shapes {images.shape} and {masks.shape}"
assert np.array_equal(images[0, ..., 0], image), "the first image is not that of the first path"
assert np.array_equal(masks[0, ..., 0], mask), "the first mask is not that of the first path"
print("Exercise 2: correct.", images.shape, masks.shape)

# %% [markdown]
# **Question.** What are the four dimensions of a batch, and which of them may differ between two batches of
# the same epoch?

# %% [markdown] tags=["answer"]
# **Answer.** Batch, height, width, channels. Only the first may differ: 300 cases in batches of 8 make 37 full
# batches, and a last one of 4. Height, width and channels must be the same for all the cases in a batch, or
# they could not be stacked.

# %% [markdown]
# ## 1.5 The generator
#
# Keras asks a data set three things, and `keras.utils.Sequence` is the class that says so (Keras 3 calls it
# `PyDataset`; both names mean the same class):
#
# | method | when Keras calls it | what it must do |
# |---|---|---|
# | `__len__` | at the start | return the number of batches in an epoch |
# | `__getitem__(index)` | for each batch | return batch number `index`: images and masks |
# | `on_epoch_end` | after each epoch | prepare the next epoch: here, reshuffle |
#
# **How many batches?** With $N$ cases and batches of $B$ there are $\lceil N / B \rceil$: rounded *up*, because
# the cases that are left over make a last, smaller batch. `math.ceil` does it.
#
# **Why reshuffle?** The network takes a step after each batch. If each epoch had the same batches in the same order,
# the steps would repeat too, and the last batch would always have the last word. A new order in each epoch makes new
# mixtures. The cases of validation and test are *not* shuffled: the order has no effect on a score, and each
# prediction must be found again under its own name.
#
# **Reproducible chance.** We draw the order from `np.random.default_rng([seed, epoch])`: a different order in each
# epoch, and the same ones when you run the notebook again.
#
# ### Exercise 3: write the class
#
# Three small gaps, one for each method. The order of the cases in an epoch is in `self.order`, an array of indices;
# batch number `index` starts at place `index * self.batch_size` in it.

# %%
import math

import keras


# %% tags=["exercise"]
class DataGenerator(keras.utils.Sequence):
    """Give a network its cases in batches, reading each batch from disk when it is due."""

    def __init__(self, cases, batch_size=8, shuffle=True, seed=0, **kwargs):
        super().__init__(**kwargs)  # takes `workers` and other settings of Keras
        self.cases = list(cases)
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.seed = seed
        self.epoch = 0
        self.shuffle_cases()

    def shuffle_cases(self):
        self.order = np.arange(len(self.cases))
        if self.shuffle:
            np.random.default_rng([self.seed, self.epoch]).shuffle(self.order)

    def __len__(self):
        """Return the number of batches in an epoch."""
        ### BEGIN SOLUTION
        return math.ceil(len(self.cases) / self.batch_size)
        ### END SOLUTION

    def __getitem__(self, index):
        """Return batch number `index`: images and masks, each (B, H, W, 1)."""
        ### BEGIN SOLUTION
        start = index * self.batch_size
        places = self.order[start : start + self.batch_size]
        return read_batch([self.cases[place] for place in places])
        ### END SOLUTION

    def on_epoch_end(self):
        """Go to the next epoch, and reshuffle."""
        ### BEGIN SOLUTION
        self.epoch += 1
        self.shuffle_cases()
        ### END SOLUTION


# %% [markdown]
# We try it on seven cases in batches of three, where mistakes show: the last batch holds one case.

# %% tags=["check"]
seven = DataGenerator(cases[:7], batch_size=3)
sizes = [len(seven[index][0]) for index in range(len(seven))]

assert len(seven) == 3, f"7 cases in batches of 3 are 3 batches, not {len(seven)}"
assert sizes == [3, 3, 1], f"the batches should hold 3, 3 and 1 cases, not {sizes}"
print("__len__: correct.")


def fingerprints(generator):
    """Return the mean grey value of each image, in the order in which the generator gives them."""
    return [float(image.mean()) for index in range(len(generator)) for image in generator[index][0]]


straight = DataGenerator(cases[:7], batch_size=3, shuffle=False)
expected = [float(load_case(path)[..., 0:1].mean()) for path in cases[:7]]
assert fingerprints(straight) == expected, "without shuffling, the cases come in the order of the list"
assert sorted(fingerprints(seven)) == sorted(expected), "each case comes exactly once in an epoch"
assert fingerprints(seven) == fingerprints(seven), "asked twice for a batch, it must give the same one"
print("__getitem__: correct.")

before = fingerprints(seven)
seven.on_epoch_end()
straight.on_epoch_end()
assert fingerprints(seven) != before, "the second epoch should have another order"
assert sorted(fingerprints(seven)) == sorted(before), "and the same cases"
assert fingerprints(straight) == expected, "without shuffling, the order never changes"
print("on_epoch_end: correct.")

# %% [markdown]
# Now with all the cases. This is what a step of the training will see:

# %%
from lungseg.plotting import plot_batch

generator = DataGenerator(cases, batch_size=BATCH_SIZE)
images, masks = generator[0]

print(len(generator), "batches; the first one:", images.shape, images.dtype, masks.shape, masks.dtype)
plot_batch(images, masks)

# %% [markdown]
# *What you see:* the eight images of the first batch, in shuffled order, each with the outline of *its own* mask.
# Always look at a batch before you train: a mask that belongs to another image is seen at once here, and hardly
# ever in a loss curve.

# %% [markdown]
# **Question.** When exactly are the cases reshuffled? Would it do to shuffle in `__getitem__`?

# %% [markdown] tags=["answer"]
# **Answer.** Once when the generator is made, and then after each epoch, in `on_epoch_end`. In `__getitem__` it would
# be a mistake: if the order changed between batch 0 and batch 1, some cases would come twice in the epoch and others
# not at all. And Keras may read batches early (the first ones to learn their shapes), or let several workers read
# in any order. So `__getitem__` must give the same batch for the same index, whoever asks, however often.

# %%
small = DataGenerator(cases[:6], batch_size=2)
for epoch in range(3):
    print("epoch", epoch, "order", small.order)
    small.on_epoch_end()

# %% [markdown]
# **Question.** Someone writes `len(self.cases) // self.batch_size` in `__len__`. Nothing crashes. What is lost?

# %% [markdown] tags=["answer"]
# **Answer.** Rounded down, the last, smaller batch is dropped. In training that costs a few cases an epoch, other
# ones each time. In validation or test, without shuffling, *the same* cases are never looked at, and there are
# fewer predictions than names. Of 7 cases in batches of 3, one is lost.

# %% [markdown]
# ## 1.6 Only one batch in memory: measured
#
# Does it keep its promise? `tracemalloc` from Python's standard library tells how much memory was in use at the peak.

# %%
import tracemalloc


def peak_megabytes(action):
    """Return how much memory `action()` takes at its peak, in megabytes."""
    tracemalloc.start()
    action()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def read_in_batches():
    for index in range(len(generator)):
        generator[index]


print(f"everything at once: {peak_megabytes(lambda: read_batch(cases)):6.1f} MB")
print(f"batch by batch:     {peak_megabytes(read_in_batches):6.1f} MB")

# %% [markdown]
# The first number grows with the number of cases. (It is about twice what `array_gigabytes` says: for a moment the
# list of arrays and the stacked copy exist side by side.) The second does not grow: it is the same for 300 cases and
# for 100,000.
#
# ## 1.7 Keras takes it
#
# `fit`, `evaluate` and `predict` take a generator in place of arrays. To see it work we need no U-Net: the smallest
# of networks will do, one convolution of 1 × 1 that sees each pixel alone. It has two numbers to learn, and can only
# learn something like "dark pixels are lung".
#
# One setting of `fit` needs a word: `shuffle=False`. The generator has shuffled the *cases*; Keras would shuffle the
# order of the finished batches once more, by a seed of its own. Nothing is gained by it, and a training would no
# longer depend on the generator's seed alone.

# %%
keras.utils.set_random_seed(0)
tiny = keras.Sequential([keras.Input((None, None, 1)), keras.layers.Conv2D(1, 1, activation="sigmoid")])
tiny.compile(optimizer=keras.optimizers.Adam(0.05), loss="binary_crossentropy")
history = tiny.fit(DataGenerator(cases[:40], batch_size=4), epochs=3, shuffle=False, verbose=0)

print("loss after each epoch:", [round(loss, 3) for loss in history.history["loss"]])

# %% [markdown]
# The loss falls, a little. To do better, a network must look at more than one pixel at a time: that is the
# next notebook.
#
# ## 1.8 The generator of the package
#
# The package `lungseg` has a `DataGenerator` too, and later notebooks use it. Is it the same as yours? With the same
# seed, both should give the same batches, epoch after epoch:

# %%
mine = DataGenerator(cases, batch_size=BATCH_SIZE, seed=1)
theirs = lungseg.DataGenerator(cases, batch_size=BATCH_SIZE, seed=1)

assert len(mine) == len(theirs)
for _ in range(2):
    for index in (0, 1, len(mine) - 1):
        for my_array, their_array in zip(mine[index], theirs[index], strict=True):
            assert np.array_equal(my_array, their_array)
    mine.on_epoch_end()
    theirs.on_epoch_end()
print("The same batches in two epochs, array for array.")

# %% [markdown]
# What the package adds is care for the bad day: a file that cannot be read, or a case of another size, is named
# in one clear line.

# %%
try:
    lungseg.DataGenerator([], batch_size=8)
except lungseg.InputError as error:
    print(error)

# %% [markdown]
# ## 1.9 Going further: augmentation of image and mask together
#
# A few hundred cases are few. *Augmentation* makes more of them: each time a case is read, it is changed a little
# at random, so that the network never sees quite the same one twice. In segmentation there is one rule:
#
# - What moves pixels (**flip, shift, rotation, zoom**) must happen to image **and** mask, with the same random
#   numbers.
# - What changes grey values (**brightness, contrast, noise**) must happen to the image **only**.
#
# ### Exercise 4 (optional): flip and brighten
#
# Fill in the loop. `rng.random()` draws a number from 0 to 1; `array[:, ::-1]` flips an array of shape `(H, W, 1)`
# from left to right. The factor of brightness should lie between 0.8 and 1.2: `rng.uniform(0.8, 1.2)`. Keep the
# image within [0, 1] with `np.clip`.


# %% tags=["exercise"]
def augment(images, masks, seed):
    """Flip half of the pairs from left to right; change the brightness of the images by up to 20 %."""
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        ### BEGIN SOLUTION
        if rng.random() < 0.5:
            images[i] = images[i][:, ::-1]
            masks[i] = masks[i][:, ::-1]
        images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2), 0, 1)
        ### END SOLUTION
    return images, masks


# %% tags=["check"]
# An image that equals its mask shows whether the two are still together.
_, some = read_batch(cases[:16])
new_images, new_masks = augment(0.5 * some, some, seed=3)
flipped = [not np.array_equal(new, old) for new, old in zip(new_masks, some, strict=True)]

assert set(np.unique(new_masks)) == {0.0, 1.0}, "the masks must stay 0 and 1"
assert np.array_equal(new_images > 0, new_masks > 0), "image and mask must be flipped together"
assert 0 < sum(flipped) < 16, "some pairs should be flipped, and some not"
assert 0 <= new_images.min() <= new_images.max() <= 1, "the image must stay in [0, 1]"
assert not np.allclose(new_images, 0.5 * new_masks), "the brightness should change"
assert np.array_equal(augment(some, some, seed=3)[0], augment(some, some, seed=3)[0]), "same seed, same result"
print("Exercise 4: correct.", sum(flipped), "of 16 pairs were flipped.")

# %% [markdown]
# The package's generator takes such a function, and gives it a seed that depends on the epoch and the batch:

# %%
augmented = lungseg.DataGenerator(cases, batch_size=8, shuffle=False, augment=augment)
plot_batch(*augmented[0])

# %% [markdown]
# *What you see:* the first eight cases again. Some are mirrored, so that the heart lies on the other side, and
# some are lighter or darker than before. The outlines still fit.

# %% [markdown]
# **Question.** A mirrored chest, with its heart on the right, is very rare in a clinic. May we still use the flip?
# And where must augmentation not be used at all?

# %% [markdown] tags=["answer"]
# **Answer.** We may try, and let the validation set decide. The flip teaches the network that both lungs have the
# same texture, but it also shows it anatomy that it will hardly ever meet. For this task it gains little; a small
# rotation, shift or change of contrast is closer to what really differs between hospitals. Augmentation belongs to
# training alone: validation and test must judge the network on the cases as they are.

# %% [markdown]
# ## 1.10 What you have now
#
# - A case is an array `(H, W, 2)`; a batch is two arrays `(B, H, W, 1)`.
# - A generator needs `__len__` (rounded up), `__getitem__` (the same batch for the same index), and `on_epoch_end`
#   (a new order).
# - Only one batch is in memory at a time, so the set may be of any size.
# - Image and mask belong together: shuffled together, moved together.
#
# Next: `UNet_Arch/UNET_architecture.ipynb`, the network that turns an image into a mask.
