# %% [markdown] id="b01e84bbe440"
# # 1. Feeding a network: the data generator
#
# Part 1 of 6. Lung segmentation on chest X-rays: **data** → network → loss → training → prediction → experiments.
#
# A network learns from *pairs*: a radiograph, and a mask that says which of its pixels are lung.
#
# **You will learn to**
#
# - tell what a *case* is, and how a radiograph becomes one,
# - work out how much memory a set of cases takes,
# - write a generator that reads one batch at a time from disk, in a new order each epoch,
# - and, if you like, to flip and brighten image and mask *together*.
#
# **Time:** about an hour. You need Python, NumPy, and to have seen a Python class before.
#
# **How to work.** Run the cells from top to bottom. Where you meet `todo()`, write your own code in its place and
# run the cell; the cell under it checks what you wrote. `check` says that it is right, or shows the first
# thing that is not: what was tried, what came out, and what to try. The answer to question 1.1 is a letter,
# in quotes: `answer_1_1 = "a"`. Stuck? `hint("1.1")` gives a hint, the second time a plainer one, up to the third;
# after a try of your own, `solution("1.1")` shows one solution. `progress()` tells how far you are.

# %% id="32fa5e103e77"
import os

import lungseg
from lungseg.cases import list_cases, load_case
from lungseg.datasets import default_cases
from lungseg_course import check, hand_in, hint, own_or_package, picture, progress, quiz, solution, todo

print("lungseg", lungseg.__version__)

# %% [markdown] id="e702c5265869"
# ## The end, first
#
# The package brings a network that has learnt from 554 real radiographs. Here are two chests that nobody has seen
# before, as they are drawn only now. Where are the lungs?

# %% id="041465c3c15f"
from lungseg_course.figures import fresh_chests, plot_found

network = lungseg.load_pretrained()
plot_found(network, fresh_chests(seed=12))  # another number draws other chests

# %% [markdown] id="23706efbf534"
# *What you see:* a healthy chest and one with tuberculosis, each as the network gets it, and then with two outlines:
# the true one (blue) and the one that the network found (orange). It is close to the truth, and not perfect: in the
# healthy chest it takes a bubble of gas below the heart for lung, and in the sick one it leaves out a patch that the
# infection has made bright.
#
# A network like this is what you build in notebook 2, and in notebook 4 you train it yourself. First it needs
# something to learn from.

# %% [markdown] id="60f8afddb2f8"
# ## The cases
#
# The course runs on *phantoms*: synthetic chest radiographs whose lung masks are exact, because they were drawn
# together. Nothing has to be downloaded, and no patient's data is involved. To work with real radiographs,
# set the environment variable `LUNGSEG_DATA` to your folder of cases before you start Jupyter; everything below
# stays the same.
#
# The first call draws the phantoms, which takes some seconds. They are kept for the next time.

# %% id="045463a1a04e"
FAST = os.environ.get("LUNGSEG_FAST") == "1"  # smaller and shorter, for a quick test of this notebook
if FAST:
    print("LUNGSEG_FAST=1: all is smaller and shorter here, and the numbers in the texts do not fit.")
SIZE, COUNT = (64, 48) if FAST else (128, 300)

folder = default_cases(size=SIZE, count=COUNT)
cases = list_cases(folder)

print(len(cases), "cases, for instance")
for path in cases[:3]:
    print("  ", path.name)

# %% [markdown] id="a3fcf373ea33"
# Each case is one file, `<name>.npy`. The last digit of the name is the diagnosis: 0 is normal, 1 is tuberculosis.
# Inside is one array with two *channels*:

# %% id="b20334e596b3"
case = load_case(cases[0])
image, mask = case[..., 0], case[..., 1]

print("case ", case.shape, case.dtype)
print("image", image.shape, "from", image.min(), "to", image.max())
print("mask ", mask.shape, "values", sorted(set(mask.ravel().tolist())))

# %% [markdown] id="8d9e102b4eb4"
# `[..., 0]` is the image, with grey values from 0 (black) to 1 (white). `[..., 1]` is the mask: 1 where there is
# lung, 0 elsewhere. The three dots stand for "all the axes before this one".

# %% id="26b1e9f2892a"
from lungseg.plotting import plot_case, plot_cases

plot_case(cases[2])

# %% [markdown] id="569061f7a3a3"
# *What you see:* one case three times: the image, the mask, and both, where the lungs of the mask are tinted blue. As
# radiologists do, we look at the patient from the front, so the patient's left lung is on the right. The heart lies
# mostly on that side, and the mask leaves it out.

# %% id="e86deaa61803"
plot_cases(cases[:8])

# %% [markdown] id="19208f475d31"
# *What you see:* eight cases, with their masks tinted and outlined in blue. They differ in the size and shape of the
# chest, in exposure and in sharpness. Some have letters in a corner, or dark gas under the diaphragm; in those with
# tuberculosis there are bright patches, or a lower end of a lung is white with fluid. A network must cope with all of
# that.

# %% [markdown] id="efc285ede0be"
# ## From a radiograph to a case
#
# Radiographs come in many sizes, in 8 or 16 bits, with black borders or without, in any exposure. A network learns
# faster when they are alike. Three steps make them so; `lungseg prepare` takes them for whole folders:
#
# 1. **Crop** the black borders. Done first, because black pixels would spoil the next step.
# 2. **Stretch** the contrast: the 5th percentile of the grey values becomes 0, the 95th becomes 1, what lies beyond
#    is cut. So a bright letter or a metal clip cannot set the scale.
# 3. **Resize** to a square: the image smoothly, the mask so that it stays 0 or 1.

# %% id="ad04834ab6d7"
picture("preparation")

# %% [markdown] id="9c1ffc1d3cd4"
# *What you see:* a phantom as it comes from the detector, grey and with a black border, and after each step. Below
# each picture is how often its grey values occur; the two lines are the percentiles that become black and white.
#
# Now try it. Where there are sliders above the next picture, move them: they say which percentiles become black and
# white. (On paper, or before the cell has run here, the picture stands still.)

# %% id="27c0c8dc124b"
from lungseg_course.play.stretching import play_with_stretching

play_with_stretching()

# %% [markdown] id="342e9f260fd3"
# *What you see:* on the left the film, with a frame around what is kept of it, and under it the grey values of this
# part, with an orange line at each of the two percentiles. On the right is the case that becomes of it.
#
# - Leave the border in. It takes up the lowest percentiles: now 0 is the black of the border, and no longer the
#   air beside the patient, which has become grey.
# - Let the two percentiles come closer together, to 30 and 70. Most of the lungs is black now, and most of the rest is
#   white: nearly all their ribs are lost, and of what was brighter in them only the brightest is left.
# - Take 0 and 100. Nothing is cut; but a single bright pixel decides how grey all others are.

# %% [markdown] id="a97dffeb65b0"
# ## Why not simply load everything?
#
# The simplest idea: read all the cases into one large array and pass it to Keras. An array of $N$ cases with
# $H \times W$ pixels and $C$ channels holds $N \cdot H \cdot W \cdot C$ numbers. As `float32` each of them takes
# 4 bytes:
#
# $$ \text{bytes} = 4 \cdot N \cdot H \cdot W \cdot C $$
#
# ### Exercise 1.1: how large is the array?
#
# Write the function. One gigabyte is $10^9$ bytes here.


# %% tags=["exercise"] nbgrader={"grade_id": "exercise_1_1"}
# Exercise 1.1
def array_gigabytes(count, size, channels=2, bytes_per_number=4):
    """Return how many gigabytes an array of `count` square cases takes."""
    ### BEGIN SOLUTION
    return count * size * size * channels * bytes_per_number / 1e9
    ### END SOLUTION


# %% tags=["check"] nbgrader={"grade_id": "check_1_1", "points": 3}
check("1.1", array_gigabytes)

# %% [markdown] id="c9e6e610bf88"
# Now ask it about some sets of radiographs:

# %% id="627a23094d32"
sets = {
    "300 phantoms at 128 × 128": (300, 128),
    "704 radiographs (Montgomery + Shenzhen) at 512 × 512": (704, 512),
    "the same at 2048 × 2048": (704, 2048),
    "112,120 radiographs (ChestX-ray14) at 1024 × 1024": (112_120, 1024),
}
for name, (count, size) in sets.items():
    print(f"{array_gigabytes(count, size):9.2f} GB   {name}")

# %% [markdown] id="1f457d7df699"
# The phantoms of this course would fit many times over. The last set would not fit into any laptop, and
# arrays grow when you are not looking. NumPy's default is `float64`, 8 bytes for each number; and a copy, which
# `images = array[mask]` or `np.array(list_of_arrays)` makes, takes the same memory once more.
#
# **Question 1.1.** You read the 704 radiographs at 2048 × 2048, each with its mask, into an array made by
# `np.zeros((704, 2048, 2048, 2))`. Nobody said which type of number. How large is it?
#
# - **a)** 5.9 GB
# - **b)** 23.6 GB
# - **c)** 47.2 GB
# - **d)** 94.5 GB

# %% tags=["exercise"] nbgrader={"grade_id": "question_1_1"}
# Question 1.1
### BEGIN SOLUTION
answer_1_1 = "c"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_1_1", "points": 1}
quiz("1.1", answer_1_1)

# %% [markdown] id="dd5d9130e414"
# What training really needs at any moment is *one batch*: the few cases that the network learns from in one step.

# %% id="65b85f2e3644"
BATCH_SIZE = 8
print(f"a batch of {BATCH_SIZE} at 1024 × 1024: {array_gigabytes(BATCH_SIZE, 1024):.3f} GB")

# %% [markdown] id="57c5a1b0cdc8"
# ## Why not `ImageDataGenerator`?
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

# %% [markdown] id="08b136ad97a1"
# ## One batch
#
# We begin with the heart of it: from a few paths to a batch. Keras expects a batch of images and a batch
# of masks as two arrays, each of shape
#
# $$ (B, H, W, 1) $$
#
# with $B$ cases in the batch and one channel. Slicing with `0:1` in place of `0` keeps the last axis:

# %% id="01de02ff7118"
print(case[..., 0].shape, "is without a channel axis,")
print(case[..., 0:1].shape, "is with one.")

# %% [markdown] id="74f1a5b8a23d"
# ### Exercise 1.2: read a batch
#
# Read each path with `load_case`, put the arrays on top of each other with `np.stack` (it makes a new first
# axis), and return images and masks.

# %% id="1c6c24d814f6"
import numpy as np


# %% tags=["exercise"] nbgrader={"grade_id": "exercise_1_2"}
# Exercise 1.2
def read_batch(paths):
    """Return images and masks of some cases, each of shape (B, H, W, 1)."""
    ### BEGIN SOLUTION
    batch = np.stack([load_case(path) for path in paths])  # (B, H, W, 2)
    return batch[..., 0:1], batch[..., 1:2]
    ### END SOLUTION


# %% tags=["check"] nbgrader={"grade_id": "check_1_2", "points": 3}
check("1.2", read_batch)

# %% [markdown] id="bea73b99ef33"
# The batch of the first five cases:

# %% id="6962fbfbd888"
images, masks = read_batch(cases[:5])
print("images", images.shape, images.dtype)
print("masks ", masks.shape, masks.dtype)

# %% [markdown] id="7bb7f17a1fa6"
# **Question 1.2.** What are the dimensions of a batch, and which of them may differ between two batches of the same
# epoch? Think of 300 cases in batches of 8.
#
# - **a)** Batch, channels, height, width. Only the first may differ.
# - **b)** Batch, height, width, channels. Only the first may differ.
# - **c)** Batch, height, width, channels. None may differ.
# - **d)** Batch, height, width, channels. Height and width may differ, as radiographs do.

# %% tags=["exercise"] nbgrader={"grade_id": "question_1_2"}
# Question 1.2
### BEGIN SOLUTION
answer_1_2 = "b"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_1_2", "points": 1}
quiz("1.2", answer_1_2)

# %% [markdown] id="2af28c4eea11"
# ## The generator
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
# **Why the same batch for the same index?** Keras may read batches early (the first ones, to learn their shapes), or
# let several workers read them in any order. So `__getitem__` looks up, and changes nothing: whoever asks for batch
# number 2 of an epoch, and however often, gets the same one.
#
# **Why reshuffle?** The network takes a step after each batch. If each epoch had the same batches in the same order,
# the steps would repeat too, and the last batch would always have the last word. So each epoch has an order of its
# own. Where the order is of no use, and each result must be found again under the name of its case, the generator is
# made with `shuffle=False`, and keeps the order of the list.
#
# **Reproducible chance.** We draw the order from `np.random.default_rng([seed, epoch])`: a different order in each
# epoch, and the same ones when you run the notebook again.
#
# ### Exercise 1.3: write the class
#
# Three small gaps, one for each method. What they need is in `self`:
#
# - `self.cases`, the list of paths, and `self.batch_size`;
# - `self.order`, an array with the places of the cases in the order of this epoch, say `[4 0 6 2 5 1 3]`. Batch number
#   `index` begins at place `index * self.batch_size` of it, and takes the next `self.batch_size` places, or what is
#   left of them (a slice that goes beyond the end of an array just ends there);
# - `self.epoch`, which counts the epochs from 0, and `self.shuffle_cases()`, which draws `self.order` for the epoch
#   that `self.epoch` says.

# %% id="f6a5999bf79d"
import math

import keras


# %% tags=["exercise"] nbgrader={"grade_id": "exercise_1_3"}
# Exercise 1.3
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


# %% [markdown] id="12449be3c1c4"
# The check tries it on ten tiny cases in batches of three, where mistakes show: the last batch holds one case.

# %% tags=["check"] nbgrader={"grade_id": "check_1_3", "points": 6}
check("1.3", DataGenerator)

# %% [markdown] id="2d6f14aa9331"
# Is it right? Then hand it in: the next cell writes your class, and what it uses from this notebook, into the file
# `Data_Generator/DataGenerator.py`. Notebook 4 will train with it.

# %% id="89fc4ca7987b"
hand_in(DataGenerator)

# %% [markdown] id="895f32389a51"
# Now with all the cases. This is what a step of the training will see:

# %% id="d9f4ead29981"
from lungseg.plotting import plot_batch

generator = DataGenerator(cases, batch_size=BATCH_SIZE)
images, masks = generator[0]

print(len(generator), "batches; the first one:", images.shape, images.dtype, masks.shape, masks.dtype)
plot_batch(images, masks)

# %% [markdown] id="48579d60d6b6"
# *What you see:* the eight images of the first batch, in shuffled order, each with *its own* mask, in blue.
# Always look at a batch before you train: a mask that belongs to another image is seen at once here, and hardly
# ever in a loss curve.

# %% [markdown] id="0455e02ddb20"
# And how does the order change? `cases_in_order` looks at what comes out of the generator, and finds out which cases
# these are by comparing images:

# %% id="bdf99cc22a27"
from lungseg_course.looking import cases_in_order

for shuffle in (True, False):
    small = DataGenerator(cases[:6], batch_size=2, shuffle=shuffle)
    for epoch in range(3):
        print(f"shuffle={shuffle}, epoch {epoch}: cases", cases_in_order(small, cases[:6]))
        small.on_epoch_end()

# %% [markdown] id="f0a5d501598e"
# **Question 1.3.** When are the places in `self.order` shuffled?
#
# - **a)** In `__getitem__`, before each batch.
# - **b)** Once, when the generator is made.
# - **c)** In `__len__`, each time when Keras asks for the length.
# - **d)** When the generator is made, and then after each epoch, in `on_epoch_end`.

# %% tags=["exercise"] nbgrader={"grade_id": "question_1_3"}
# Question 1.3
### BEGIN SOLUTION
answer_1_3 = "d"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_1_3", "points": 1}
quiz("1.3", answer_1_3)

# %% [markdown] id="0e473ff935af"
# **Question 1.4.** Why does it matter that they are shuffled?
#
# - **a)** Each epoch has other mixtures of cases in its batches, so the steps of the training do not repeat.
# - **b)** The network sees more cases.
# - **c)** The cases are read faster.
# - **d)** It keeps the cases of the validation out of the training.

# %% tags=["exercise"] nbgrader={"grade_id": "question_1_4"}
# Question 1.4
### BEGIN SOLUTION
answer_1_4 = "a"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_1_4", "points": 1}
quiz("1.4", answer_1_4)

# %% [markdown] id="568284840009"
# **Question 1.5.** There are three generators: one for the training cases, one for validation, one for the test.
# Where do you set `shuffle=True`?
#
# - **a)** For all three.
# - **b)** For training only.
# - **c)** For validation and test only.
# - **d)** For none of them.

# %% tags=["exercise"] nbgrader={"grade_id": "question_1_5"}
# Question 1.5
### BEGIN SOLUTION
answer_1_5 = "b"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_1_5", "points": 1}
quiz("1.5", answer_1_5)

# %% [markdown] id="2d568ab57b07"
# **Question 1.6.** Someone writes `len(self.cases) // self.batch_size` in `__len__`. What happens with 7 cases in
# batches of 3?
#
# - **a)** Keras stops with an error when it meets the last case.
# - **b)** Nothing is lost: Keras asks for one more batch, as a case is left over.
# - **c)** One case is left out of each epoch, without an error.
# - **d)** The last batch holds 4 cases.

# %% tags=["exercise"] nbgrader={"grade_id": "question_1_6"}
# Question 1.6
### BEGIN SOLUTION
answer_1_6 = "c"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_1_6", "points": 1}
quiz("1.6", answer_1_6)

# %% [markdown] id="25378a274f27"
# ## Only one batch in memory: measured
#
# Does it keep its promise? `peak_megabytes` asks Python's `tracemalloc` how much memory was in use at the peak.

# %% id="4e944223d653"
from lungseg_course.looking import peak_megabytes


def read_in_batches():
    for index in range(len(generator)):
        generator[index]


print(f"everything at once: {peak_megabytes(lambda: read_batch(cases)):6.1f} MB")
print(f"batch by batch:     {peak_megabytes(read_in_batches):6.1f} MB")

# %% [markdown] id="d3df43138ed8"
# The first number grows with the number of cases. (It is about twice what `array_gigabytes` says: for a moment the
# list of arrays and the stacked copy exist side by side.) The second does not grow: it is the same for 300 cases and
# for 100,000.
#
# ## Keras takes it
#
# `fit`, `evaluate` and `predict` take a generator in place of arrays. To see it work we need no U-Net: the smallest
# of networks will do, one convolution of 1 × 1 that sees each pixel alone. It has two numbers to learn, and can only
# learn something like "dark pixels are lung".
#
# One setting of `fit` needs a word: `shuffle=False`. The generator has shuffled the *cases*; Keras would shuffle the
# order of the finished batches once more, by a seed of its own. Nothing is gained by it, and a training would no
# longer depend on the generator's seed alone.

# %% id="536f6a2c1609"
keras.utils.set_random_seed(0)
tiny = keras.Sequential([keras.Input((None, None, 1)), keras.layers.Conv2D(1, 1, activation="sigmoid")])
tiny.compile(optimizer=keras.optimizers.Adam(0.05), loss="binary_crossentropy")
history = tiny.fit(DataGenerator(cases[:40], batch_size=4), epochs=3, shuffle=False, verbose=0)

print("loss after each epoch:", [round(loss, 3) for loss in history.history["loss"]])

# %% [markdown] id="7f567404e5dd"
# The loss falls, a little. To do better, a network must look at more than one pixel at a time: that is the
# next notebook.
#
# ## The generator of the package
#
# The package `lungseg` has a `DataGenerator` too. Does it give the same as yours? Without shuffling, both must give the
# same batches, array for array:

# %% id="00b9731b99ec"
mine = DataGenerator(cases, batch_size=BATCH_SIZE, shuffle=False)
theirs = lungseg.DataGenerator(cases, batch_size=BATCH_SIZE, shuffle=False)

same = len(mine) == len(theirs) and all(
    np.allclose(my_array, their_array)
    for index in range(len(theirs))
    for my_array, their_array in zip(mine[index], theirs[index], strict=True)
)
print("The same batches, array for array:", same)

# %% [markdown] id="1581ec0de913"
# What the package adds is care for the bad day: a file that cannot be read, or a case of another size, is named
# in one clear line.

# %% id="d753e16b33d1"
try:
    lungseg.DataGenerator([], batch_size=8)
except lungseg.InputError as error:
    print(error)

# %% [markdown] id="814b8b94cbed"
# ## Going further: augmentation of image and mask together
#
# A few hundred cases are few. *Augmentation* makes more of them: each time a case is read, it is changed a little
# at random, so that the network never sees quite the same one twice. In segmentation there is one rule:
#
# - What moves pixels (**flip, shift, rotation, zoom**) must happen to image **and** mask, with the same random
#   numbers.
# - What changes grey values (**brightness, contrast, noise**) must happen to the image **only**.
#
# ### Exercise 1.4 (advanced, optional): flip and brighten
#
# You may leave it out: it counts no points, and what comes after it works without.
#
# Fill in the loop: flip about half of the pairs from left to right, image and mask together, and change the
# brightness of each image by a factor of its own.
#
# `rng.random()` draws a number from 0 to 1, which is below 0.5 in half of the cases. `array[:, ::-1]` flips an array
# of shape `(H, W, 1)` from left to right. `rng.uniform(0.8, 1.2)` draws the factor. `np.clip(array, 0, 1)` gives an
# array whose values lie in [0, 1], where they belong. The seed may be a number, or a pair of numbers.


# %% tags=["exercise"] nbgrader={"grade_id": "exercise_1_4"}
# Exercise 1.4
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


# %% tags=["check"] nbgrader={"grade_id": "check_1_4", "points": 0}
check("1.4", augment)

# %% [markdown] id="bb105c05cab4"
# The package's generator takes such a function, and gives it a seed that depends on the epoch and the batch. It gets
# yours if that is right, and ours otherwise:

# %% id="bc4dc3d867f4"
flip_and_brighten = own_or_package("1.4", augment)
augmented = lungseg.DataGenerator(cases, batch_size=8, shuffle=False, augment=flip_and_brighten)
plot_batch(*augmented[0])

# %% [markdown] id="4e8f0d7a5535"
# *What you see:* the first eight cases again. Some are mirrored, so that the heart lies on the other side, and
# some are lighter or darker than before. The outlines still fit.

# %% [markdown] id="4f4badc3ef61"
# The package has more of them ready, in `lungseg.augmentation`. `standard()` puts together what suits chest
# radiographs: small rotations, shifts and changes of scale; exposure, blur and noise; boxes, as markers are, and dark
# borders. With `elastic=True` comes the one that the inventors of the U-Net called the key to training with few
# images: the picture is pulled and pushed as if it were drawn on rubber.

# %% id="e8234eaeb5c9"
from lungseg.augmentation import standard

augmented = lungseg.DataGenerator(cases, batch_size=8, shuffle=False, augment=standard(elastic=True))
plot_batch(*augmented[0])

# %% [markdown] id="b98c263625d8"
# *What you see:* the eight once more, each turned, stretched and bent a little, darker or lighter, sharper or more
# grainy; one or the other has got a box or a border. Each outline went along with its lungs.

# %% [markdown] id="3b191949b21a"
# **Think about it.** A mirrored chest, with its heart on the right, is very rare in a clinic. May we still use the
# flip? And where must augmentation not be used at all?
#
# <details><summary>Our answer</summary>
#
# We may try, and let the validation set decide. The flip teaches the network that both lungs have the same texture,
# but it also shows it anatomy that it will hardly ever meet. For this task it gains little; a small rotation, shift
# or change of contrast is closer to what really differs between hospitals. Augmentation belongs to training alone:
# validation and test must evaluate the network on the cases as they are.
#
# </details>

# %% [markdown] id="0a685cd1174b"
# ## What you have now
#
# - A case is an array `(H, W, 2)`; a batch is two arrays `(B, H, W, 1)`.
# - A generator needs `__len__` (rounded up), `__getitem__` (the same batch for the same index), and `on_epoch_end`
#   (a new order).
# - Only one batch is in memory at a time, so the set may be of any size.
# - Image and mask belong together: shuffled together, moved together.

# %% id="9250f0fbd9ee"
progress()

# %% [markdown] id="60d52e5873cc"
# **Next:** [notebook 2, the architecture of the U-Net](../UNet_Arch/UNET_architecture.ipynb), the network that turns
# an image into a mask.
