# %% [markdown] id="68fc0d6f3757"
# # 3. Loss and metrics: the Dice similarity coefficient
#
# Part 3 of 6. Lung segmentation on chest X-rays: data → network → **loss** → training → prediction → experiments.
#
# A network learns by making one number small: the **loss**. We evaluate it by other numbers, the **metrics**.
#
# **You will learn to**
#
# - write the Dice similarity coefficient, the usual measure of overlap, as a **loss** and as a **metric**,
# - tell why a loss must not round, and why it matters whether one averages over images or over a whole batch,
# - choose a threshold, and see what it does to a mask,
# - compare Dice with Jaccard and with cross-entropy,
# - and say what Dice does *not* see.
#
# **Time:** about 45 minutes. You need NumPy, and the idea of gradient descent: the network follows the gradient of
# the loss downhill.
#
# **How to work.** Run the cells from top to bottom. Where you meet `todo()`, write your own code in its place and
# run the cell; the cell under it checks what you wrote. `check` says that it is right, or shows the first
# thing that is not: what was tried, what came out, which mistake it is, and what to try. Stuck? `hint("3.1")` gives a
# hint, the second time a plainer one, up to the third; after a try of your own, `solution("3.1")` shows one solution.
# `progress()` tells how far you are.

# %% id="98b037bfea13"
import os

import lungseg
from lungseg.cases import list_cases, load_case
from lungseg.datasets import default_cases
from lungseg_course import check, hand_in, hint, picture, progress, quiz, solution, todo

FAST = os.environ.get("LUNGSEG_FAST") == "1"  # smaller and shorter, for a quick test of this notebook
if FAST:
    print("LUNGSEG_FAST=1: all is smaller and shorter here, and the numbers in the texts do not fit.")
SIZE, COUNT = (64, 48) if FAST else (128, 300)

cases = list_cases(default_cases(size=SIZE, count=COUNT))
print(len(cases), "cases")

# %% [markdown] id="804c85fcbf9f"
# ## How much do two shapes overlap?
#
# Let $A$ be the set of pixels of the true mask, $B$ that of the predicted one, and $|A|$ the number of pixels in it.
# The **Dice similarity coefficient** is
#
# $$ \mathrm{DSC} = \frac{2\,|A \cap B|}{|A| + |B|} $$
#
# It is 0 if the two share no pixel, and 1 if they are equal. Two discs show what lies between:

# %% id="36f29b7f7a0f"
import numpy as np

from lungseg_course.figures import disc, plot_overlaps


def dice(a, b):
    """Return the Dice similarity coefficient of two masks."""
    return 2 * (a * b).sum() / (a.sum() + b.sum())


truth = disc(row=32, column=17, radius=14)  # a mask (64, 64): 1 inside the circle, 0 outside
pairs = {}
for shift in (0, 5, 12, 30):
    predicted = disc(row=32, column=17 + shift, radius=14)
    pairs[f"shifted by {shift}: DSC {dice(truth, predicted):.2f}"] = truth, predicted

plot_overlaps(pairs)

# %% [markdown] id="9435c9728403"
# *What you see:* the true disc $A$ and a predicted disc $B$ of the same size, moved to the right step by step. Dark:
# both agree. Light blue: only $A$, missed by the prediction. Orange: only $B$, a false alarm. The larger the dark
# part is in comparison with the coloured ones, the higher the DSC.
#
# The product `a * b` is 1 exactly where both masks are 1, so its sum is $|A \cap B|$, and `a.sum()` is $|A|$.
#
# What does a Dice of 0.9 look like, on lungs?

# %% id="21f148c52fe4"
picture("dice_overlap")

# %% [markdown] id="35dd3faa92f1"
# *What you see:* above, two squares that overlap more and more, up to a Dice of 1. Below, lungs with five different
# mistakes. Here the true mask alone is dark blue, the prediction alone is orange. Two pixels too many all around, or
# two too few, cost 0.1; an island far away hardly anything; a missed lung is still worth 0.72. (Ignore the HD95 for
# now: it comes at the end of this notebook.)
#
# **Question 3.1.** A mask $A$ has 4 pixels, the prediction $B$ has 4 pixels, and they share 3. What is the DSC?
#
# - **a)** 0.375
# - **b)** 0.6
# - **c)** 0.75
# - **d)** 3

# %% tags=["exercise"] nbgrader={"grade_id": "question_3_1"}
# Question 3.1
### BEGIN SOLUTION
answer_3_1 = "c"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_3_1", "points": 1}
quiz("3.1", answer_3_1)

# %% id="a38237cb10ad"
a = np.array([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
b = np.array([[1, 1, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]])
print("A has", a.sum(), "pixels, B has", b.sum(), "and they share", (a * b).sum())
print("DSC", dice(a, b))

# %% [markdown] id="43678b394b7e"
# ## The coefficient for a batch
#
# Keras calls a loss with a batch of masks `y_true` and a batch of predictions `y_pred`, both of shape $(B, H, W, 1)$.
# The predictions are *probabilities*: anything between 0 and 1. The formula takes them as they are. The product
# $a \cdot b$ is then a "soft" overlap: a pixel of the mask that is predicted with 0.7 counts 0.7.
#
# Two decisions:
#
# - We take the coefficient of **each image**, and get $B$ numbers. (Why not one for the whole batch? You will see.)
# - We add a small number $s$ to numerator and denominator, the **smoothing**. (Why? That comes, too.)
#
# $$ \mathrm{DSC} = \frac{2 \sum_i a_i b_i + s}{\sum_i a_i + \sum_i b_i + s} $$
#
# where $i$ runs over the pixels of one image.
#
# What you need is in `keras.ops`, which has the functions of NumPy for tensors, and works with TensorFlow, JAX and
# PyTorch alike:
#
# - `ops.sum(x, axis=(1, 2, 3))` sums over height, width and channels, and leaves the axis of the batch.
# - `ops.cast(x, "float32")` makes numbers of 32 bits of anything. Do that first, with both. A mask may come as whole
#   numbers, which TensorFlow does not multiply with others. And on a GPU networks often compute with 16 bits, whose
#   largest number is 65,504; a mask of 256 × 256 pixels has up to 65,536.
#
# Why not NumPy itself? Because Keras has to follow each step of the computation to find the gradient. NumPy leaves
# no trace of what it did.
#
# ### Exercise 3.1: the Dice coefficient
#
# Write the formula with the smoothing, for each image of a batch.

# %% id="9e6089589536"
from keras import ops


# %% tags=["exercise"] nbgrader={"grade_id": "exercise_3_1"}
# Exercise 3.1
def dice_coefficient(y_true, y_pred, smooth=1.0):
    """Return the Dice coefficient of each image, shape (B,)."""
    ### BEGIN SOLUTION
    y_true = ops.cast(y_true, "float32")
    y_pred = ops.cast(y_pred, "float32")
    overlap = ops.sum(y_true * y_pred, axis=(1, 2, 3))  # (B,)
    total = ops.sum(y_true, axis=(1, 2, 3)) + ops.sum(y_pred, axis=(1, 2, 3))  # (B,)
    return (2 * overlap + smooth) / (total + smooth)
    ### END SOLUTION


# %% tags=["check"] nbgrader={"grade_id": "check_3_1", "points": 4}
check("3.1", dice_coefficient)

# %% [markdown] id="a923efe529cd"
# Three pairs at once: the mask $A$ with itself, with $B$, and with a prediction that says 0.5 on all of $A$.

# %% id="ea18b38c24cb"
batch_true = np.stack([a, a, a]).reshape(3, 4, 4, 1)
batch_pred = np.stack([a, b, 0.5 * a]).reshape(3, 4, 4, 1)

print("without smoothing:", np.asarray(dice_coefficient(batch_true, batch_pred, smooth=0)).round(3))
print("smoothed by 1:    ", np.asarray(dice_coefficient(batch_true, batch_pred)).round(3))

# %% [markdown] id="16c3ab6ccca7"
# ## The Dice loss, and why it does not round
#
# A loss must get *smaller* when the prediction gets better:
#
# $$ L = 1 - \mathrm{DSC} $$
#
# As before, one number for each image: Keras takes the mean over the batch itself. So it can show which images are
# hard, and give them weights.
#
# ### Exercise 3.2: the Dice loss
#
# Write it, with the smoothing of 1 that `dice_coefficient` has by itself.


# %% tags=["exercise"] nbgrader={"grade_id": "exercise_3_2"}
# Exercise 3.2
def dice_loss(y_true, y_pred):
    """Return 1 - DSC of each image, shape (B,)."""
    ### BEGIN SOLUTION
    return 1 - dice_coefficient(y_true, y_pred)
    ### END SOLUTION


# %% tags=["check"] nbgrader={"grade_id": "check_3_2", "points": 4}
check("3.2", dice_loss)

# %% [markdown] id="fbb7d1357331"
# In the end we want a mask of 0 and 1. So why not round the probabilities to 0 and 1 before we compute the loss?
# Suppose the network gives each pixel of the true mask the probability $p$, and 0 to all the others. Here is the loss
# for each $p$, with and without rounding:

# %% id="bca027a85907"
from lungseg_course.figures import plot_curves

mask = disc(row=32, column=32, radius=14).reshape(1, 64, 64, 1)
probabilities = np.linspace(0, 1, 101)
soft = [float(dice_loss(mask, p * mask)[0]) for p in probabilities]
rounded = [float(dice_loss(mask, (p >= 0.5) * mask)[0]) for p in probabilities]

for p in (20, 40, 60):  # in hundredths
    print(f"gradient at p = {p / 100}: as it is {(soft[p + 1] - soft[p - 1]) / 0.02:6.2f}", end=",  ")
    print(f"rounded {(rounded[p + 1] - rounded[p - 1]) / 0.02:5.2f}")

curves = {"as it is": soft, "rounded to 0 or 1": rounded}
plot_curves(probabilities, curves, "probability p of the pixels of the mask", "Dice loss")

# %% [markdown] id="4f582ab20ec6"
# *What you see:* the solid curve falls all the way from 1 to 0. The dashed one is a step: 1 up to $p = 0.5$, then 0.
#
# **Question 3.2.** Why can no network learn from the dashed curve?
#
# - **a)** Because rounding is slow.
# - **b)** Because its gradient is 0 almost everywhere.
# - **c)** Because it never reaches 0.
# - **d)** Because rounding makes the loss imprecise.

# %% tags=["exercise"] nbgrader={"grade_id": "question_3_2"}
# Question 3.2
### BEGIN SOLUTION
answer_3_2 = "b"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_3_2", "points": 1}
quiz("3.2", answer_3_2)

# %% [markdown] id="bfc3bec07555"
# ## Each image, or the whole batch?
#
# One may also sum over all the pixels of a batch at once, as if it were a single image. It looks like a detail.
# Take a batch of two images: a large lung, found to the pixel, and a small one, missed completely. The coefficients
# of the two images are 1 and 0, so their mean is 0.5.
#
# **Question 3.3.** What is the coefficient if the pixels of both images are summed in one pot?
#
# - **a)** 0.5 as well: it is the same mean.
# - **b)** 0, because a lung was missed.
# - **c)** Below 0.5, because missed pixels count twice.
# - **d)** Nearly 1.

# %% tags=["exercise"] nbgrader={"grade_id": "question_3_3"}
# Question 3.3
### BEGIN SOLUTION
answer_3_3 = "d"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_3_3", "points": 1}
quiz("3.3", answer_3_3)


# %% id="b73d05769927"
def pooled_dice(y_true, y_pred):
    """Return the Dice coefficient of a whole batch, as if it were a single image."""
    return 2 * (y_true * y_pred).sum() / (y_true.sum() + y_pred.sum())


large, small = disc(row=32, column=32, radius=25), disc(row=32, column=32, radius=5)
nothing = np.zeros_like(small)
y_true = np.stack([large, small])[..., None]  # (2, 64, 64, 1)
y_pred = np.stack([large, nothing])[..., None]
each = np.asarray(dice_coefficient(y_true, y_pred, smooth=0))

print(f"mean over the images: {each.mean():.2f}, the whole batch: {pooled_dice(y_true, y_pred):.2f}")
plot_overlaps(
    {
        f"large, found: DSC {each[0]:.2f}": (large, large),
        f"small, missed: DSC {each[1]:.2f}": (small, nothing),
    }
)

# %% [markdown] id="dbb15921f29c"
# *What you see:* left, the large lung, all dark: found. Right, the small one, all light blue: missed. Above them is
# what becomes of the two: the mean over the images, and the coefficient of the whole batch.
#
# The same happens with chests:

# %% id="ce1555b746d1"
picture("batch_or_image")

# %% [markdown] id="de4683cf0428"
# *What you see:* four phantoms with the true outline (blue) and the predicted one (orange). The three pairs of large
# lungs are found, the small pair is missed altogether. Over the whole batch the Dice is 0.89, which looks fine; image
# by image the mean is 0.72.
#
# Over the whole batch, nobody would notice that a patient's lungs were missed: they have few pixels. And that is not
# all. Eight discs of different size, each predicted one pixel too far to the right, in batches of 1, 2, 4 and 8:

# %% id="c98340ae68d8"
radii = (3, 24, 5, 20, 4, 16, 3, 24)
truths = np.stack([disc(32, 30, radius) for radius in radii])[..., None]  # (8, 64, 64, 1)
predictions = np.stack([disc(32, 31, radius) for radius in radii])[..., None]

for size in (1, 2, 4, 8):
    starts = range(0, 8, size)
    parts = [(truths[i : i + size], predictions[i : i + size]) for i in starts]
    per_image = np.mean([np.mean(dice_coefficient(*part, smooth=0)) for part in parts])
    pooled = np.mean([pooled_dice(*part) for part in parts])
    print(f"batches of {size}:  mean over images {per_image:.3f}   mean over pooled batches {pooled:.3f}")

# %% [markdown] id="da50766fb84b"
# The same predictions, and the pooled number depends on how they were put into batches. Two people with
# different batch sizes could not compare their results. So we take the coefficient of each image, and then the mean.
# (Published work often reports a pooled score, over all pixels of a test set. That is a fair number too, as long as
# one compares like with like: notebook 5 shows both.)
#
# ## Empty masks, and the smoothing
#
# What if there is nothing to find? With $|A| = |B| = 0$ the formula says $0 / 0$.

# %% id="f171fa0636f0"
empty = np.zeros((1, 64, 64, 1))
one_pixel = empty.copy()
one_pixel[0, 10, 10] = 1
lung = disc(32, 32, 14).reshape(1, 64, 64, 1)

pairs = {
    "empty, predicted empty": (empty, empty),
    "empty, one pixel predicted": (empty, one_pixel),
    "a lung, predicted empty": (lung, empty),
    "a lung, predicted perfectly": (lung, lung),
}
print(f"{'DSC with smoothing of':28} {'0':>8} {'1':>8} {'100':>8}")
for name, pair in pairs.items():
    row = [float(dice_coefficient(*pair, smooth=smooth)[0]) for smooth in (0, 1, 100)]
    print(f"{name:28} " + " ".join(f"{value:8.3f}" for value in row))

# %% [markdown] id="5fe5633784a5"
# Read the table line by line:
#
# - **empty, predicted empty:** without smoothing we get `nan`, *not a number*. A single such image makes the loss
#   `nan`, and with it every weight of the network. With smoothing it is 1: quite right, nothing was missed.
# - **empty, one pixel predicted:** without smoothing it is 0, as if all were lost; with $s = 1$ it is 0.5; with a
#   larger $s$, one pixel is forgiven.
# - **a lung, predicted empty** should be close to 0, and here a large $s$ is too kind.
#
# So $s$ is a matter of pixels: small in comparison with what we look for. The course takes 1 in the loss, and
# practically 0 ($10^{-4}$) in the metric, just enough to make an empty mask that was predicted empty count as 1.
#
# **Question 3.4.** So what is the smoothing for?
#
# - **a)** It keeps the formula from dividing 0 by 0, and says 1 where nothing was there and nothing was found.
# - **b)** It makes the curve of the loss smooth, so that it has a gradient.
# - **c)** It smooths the border of the mask.
# - **d)** It makes the coefficient higher.

# %% tags=["exercise"] nbgrader={"grade_id": "question_3_4"}
# Question 3.4
### BEGIN SOLUTION
answer_3_4 = "a"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_3_4", "points": 1}
quiz("3.4", answer_3_4)

# %% [markdown] id="bf23af855b52"
# ## The metric
#
# As a metric we want the Dice coefficient of the *mask* that comes out in the end: probabilities from the threshold
# 0.5 on become 1, all others 0. Rounding does no harm here, for nothing has to be learnt from a metric.
#
# And we want its mean over all the images of an epoch, although Keras shows us only one batch at a time. So a
# metric is an object with a memory. Keras calls three of its methods:
#
# | method | when | what it does |
# |---|---|---|
# | `update_state(y_true, y_pred, sample_weight)` | for each batch | adds what it has seen to the memory |
# | `result()` | whenever Keras prints | makes one number of the memory |
# | `reset_state()` | before each epoch | forgets |
#
# `keras.metrics.Mean` has all three, and its memory is a sum and a count. Its own `update_state(values,
# sample_weight=None)` takes the values of a batch, adds them up and counts them. So a class that inherits from it has
# only to say what the values are.
#
# ### Exercise 3.3: Dice as a Keras metric
#
# Write `update_state`, three lines:
#
# - Cut the predictions at the threshold: `y_pred >= self.threshold` is true or false, and `ops.cast(…, "float32")`
#   makes 1 and 0 of it.
# - Compute the coefficient of each image, with `smooth=1e-4`.
# - Hand these values, and `sample_weight`, on to `super().update_state`. (`super()` is the parent, here `Mean`.)

# %% id="4e9174bc03f2"
import keras


# %% tags=["exercise"] nbgrader={"grade_id": "exercise_3_3"}
# Exercise 3.3
class Dice(keras.metrics.Mean):
    """Mean Dice coefficient of the images seen so far, of masks cut at a threshold."""

    def __init__(self, threshold=0.5, name="dice", **kwargs):
        super().__init__(name=name, **kwargs)
        self.threshold = threshold

    def update_state(self, y_true, y_pred, sample_weight=None):
        ### BEGIN SOLUTION
        predicted = ops.cast(y_pred >= self.threshold, "float32")
        values = dice_coefficient(y_true, predicted, smooth=1e-4)  # (B,)
        return super().update_state(values, sample_weight=sample_weight)
        ### END SOLUTION

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}


# %% tags=["check"] nbgrader={"grade_id": "check_3_3", "points": 5}
check("3.3", Dice)

# %% [markdown] id="5fb05fee9eb4"
# What does the threshold do? Here is a made-up prediction: the mask of a case, blurred, as by a network that is not
# sure of the outline, and a spot in the upper left corner that it takes for lung with a probability of up to 0.35.
# Move the slider above the next picture. (On paper, or before the cell has run here, the picture stands still.)

# %% id="6df9dd3effb2"
from lungseg_course.figures import unsure_prediction
from lungseg_course.play.threshold import play_with_threshold

image, lungs = np.moveaxis(load_case(cases[2]), -1, 0)  # (H, W) each
play_with_threshold({"a made-up prediction": (image, lungs, unsure_prediction(lungs))})

# %% [markdown] id="229abfba2a85"
# *What you see:* on the left the probabilities; in the middle the true outline (blue) and that of the mask which the
# threshold makes of them (orange); on the right the Dice at every threshold, with a dot at this one.
#
# - At a low threshold the mask is too large, and below 0.35 the spot becomes a third lung.
# - At a high one the mask shrinks, and the thin corners go first.
# - The best place is near the middle. How much one loses beside it depends on the network: of one that is sure, with
#   nearly all its probabilities close to 0 or 1, the curve is almost flat.

# %% [markdown] id="9d63879e70d4"
# Let us watch the memory of the metric. The three images of `batch_true` are predicted with a probability of 0.9, 0.6
# and 0.4: two of them are found, one is not. Then comes a batch with a single image, whose DSC is 0.75.

# %% id="7b5cccec4bd8"
metric = Dice()
metric.update_state(batch_true, np.array([0.9, 0.6, 0.4]).reshape(3, 1, 1, 1) * batch_true)
print(f"after 3 images  {float(metric.result()):.4f}")
metric.update_state(batch_true[:1], batch_pred[1:2])
print(f"after 4 images  {float(metric.result()):.4f}")
metric.reset_state()
print(f"after a reset   {float(metric.result()):.4f}")

# %% [markdown] id="b59740b9682c"
# Each image counts the same: after the second batch it is $(1 + 1 + 0 + 0.75) / 4$, the mean over four images, and
# not the mean of the two batches.
#
# Loss and metric are done. **Hand them in**: the next cell checks them once more, and writes both, with what they use
# from this notebook, into the file `Loss_Metrics/LossMetrics.py`. Notebook 4 will train with your loss, and evaluate
# by your metric.

# %% id="13cf3287fffd"
hand_in(dice_loss, Dice)

# %% [markdown] id="fa8f83986b12"
# What will Keras call them? Loss and metrics are handed to a network in `compile`. Here is the tiny network of
# notebook 1, untrained; we only look at what it logs.

# %% id="060feab1dbd5"
rng = np.random.default_rng(0)
y_true = (rng.random((6, 32, 32, 1)) < 0.3).astype("float32")
y_pred = rng.random((6, 32, 32, 1)).astype("float32")

tiny = keras.Sequential([keras.Input((None, None, 1)), keras.layers.Conv2D(1, 1, activation="sigmoid")])
tiny.compile(loss=dice_loss, metrics=[Dice()])
print(list(tiny.evaluate(y_pred, y_true, verbose=0, return_dict=True)))

# %% [markdown] id="ad8a791ca9cb"
# Keras logs a metric under its *name*, the argument `name` of `__init__`; and when it evaluates the validation cases
# after an epoch, it writes `val_` in front of it.
#
# **Question 3.5.** In notebook 4, a callback keeps the network of the best epoch. Which number should it watch?
#
# - **a)** `val_Dice`
# - **b)** `val_dice`
# - **c)** `dice`
# - **d)** `val_DSC`

# %% tags=["exercise"] nbgrader={"grade_id": "question_3_5"}
# Question 3.5
### BEGIN SOLUTION
answer_3_5 = "b"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_3_5", "points": 1}
quiz("3.5", answer_3_5)

# %% [markdown] id="c04307ac6ce8"
# (If you save a network that was compiled with a loss of your own, Keras must know the name of the loss when it loads
# the file. `@keras.saving.register_keras_serializable()` above the function tells it; the package does so.)
#
# ## Dice and Jaccard
#
# The **Jaccard index**, also called *intersection over union* (IoU), divides by the union:
#
# $$ J = \frac{|A \cap B|}{|A \cup B|} = \frac{|A \cap B|}{|A| + |B| - |A \cap B|} $$
#
# ### Exercise 3.4: Jaccard from Dice
#
# Both have the same ingredients, so each follows from the other. Find $J$ as a function of the DSC $D$: divide
# numerator and denominator of $J$ by $|A| + |B|$, and look for $D$ in what you get. The function should take a
# number, or an array of numbers.


# %% tags=["exercise"] nbgrader={"grade_id": "exercise_3_4"}
# Exercise 3.4
def jaccard_from_dice(dice):
    """Return the Jaccard index that belongs to a Dice coefficient."""
    ### BEGIN SOLUTION
    return dice / (2 - dice)
    ### END SOLUTION


# %% tags=["check"] nbgrader={"grade_id": "check_3_4", "points": 2}
check("3.4", jaccard_from_dice)

# %% id="8dbb1e0dc723"
values = np.linspace(0, 1, 101)

for value in (0.5, 0.8, 0.9, 0.95):
    print(f"Dice {value:.2f}   Jaccard {jaccard_from_dice(value):.3f}")

plot_curves(values, {"Jaccard": jaccard_from_dice(values), "equal": values}, "Dice", "Jaccard")

# %% [markdown] id="ce8bd78350ae"
# *What you see:* the curve of Jaccard runs below the diagonal, and meets it at 0 and at 1.
#
# **Question 3.6.** For the same image, paper 1 reports a Jaccard index of 0.90, paper 2 a Dice coefficient of 0.92.
# Which is better?
#
# - **a)** Paper 1.
# - **b)** Paper 2: 0.92 is larger.
# - **c)** They are practically equal, for the two measures hardly differ.
# - **d)** One cannot tell, for they measure different things.

# %% tags=["exercise"] nbgrader={"grade_id": "question_3_6"}
# Question 3.6
### BEGIN SOLUTION
answer_3_6 = "a"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_3_6", "points": 1}
quiz("3.6", answer_3_6)

# %% [markdown] id="c4900dd2d7f8"
# **Think about it.** Of 100 test images you know the mean Dice, 0.92. Is $0.92 / (2 - 0.92)$ their mean Jaccard
# index?
#
# <details><summary>Our answer</summary>
#
# Not quite. The curve bends, so the Jaccard index of the mean is not the mean of the Jaccard indices: it is a
# little smaller. Take two images with Dice 1 and 0: mean Dice 0.5, mean Jaccard 0.5, but $0.5 / 1.5 = 0.33$. Compute
# the index of each image, then the mean.
#
# </details>

# %% [markdown] id="0bffbe93c1ba"
# ## Dice and cross-entropy
#
# The classic loss for probabilities is the binary cross-entropy. It looks at each pixel alone, and takes the mean:
#
# $$ \mathrm{CE} = -\frac{1}{N} \sum_i \big( a_i \log b_i + (1 - a_i) \log (1 - b_i) \big) $$
#
# What if what we look for is *thin*, like a catheter, a vessel, or the line of the pleura? Then nearly all pixels are
# background. Let us give a lazy network a single choice: the same probability $p$ for every pixel. Which $p$ does
# each loss like best?

# %% id="7cf6e109ff3b"
from lungseg_course.figures import plot_constant_answers, thin_line

thin = thin_line(size=64).reshape(1, 64, 64, 1)
lungs = load_case(cases[2])[None, ..., 1:2]  # (1, H, W, 1)


def crossentropy(y_true, y_pred):
    return float(ops.mean(keras.losses.binary_crossentropy(y_true, y_pred)))


losses = {"cross-entropy": crossentropy, "Dice loss": dice_loss}
plot_constant_answers({"a thin line": thin, "lungs": lungs}, losses)

# %% [markdown] id="d562f3ec9414"
# *What you see:* above, a thin line, its share of the pixels, and its two losses for each $p$, with a dot where
# each of them is lowest; below, the same for lungs. The solid curve, cross-entropy, has its lowest point at the
# share of mask pixels in the image: near 0 for the line. The dashed curve, the Dice loss, stays close to 1 for the
# line, whatever $p$ is.
#
# For the thin line, cross-entropy is content with "nothing anywhere": nearly every pixel is right, and the loss is
# small. The Dice loss says: with *no* constant answer have you found the line. A background pixel never appears above
# the line of the formula, so that nothing is earned with the many that are nearly right, and each that is answered
# with $p$ counts $p$ below it, as a false alarm. (Background that is answered with 0 does not appear at all: it costs
# nothing either.) For lungs, which fill a good part of the image, cross-entropy cannot be contented so cheaply.
#
# And real answers? Here are four predictions of the thin line, each of them 99.9 % sure:

# %% id="a6275b92dbf1"
line = thin[0, ..., 0]
answers = {
    "the whole line": line,
    "nothing": np.zeros_like(line),
    "twice as wide": np.maximum(line, np.roll(line, 1, axis=1)),
    "the upper half": line * (np.arange(64) < 32)[:, None],
}
pairs = {}
for name, found in answers.items():
    probability = np.where(found > 0, 0.999, 0.001).astype("float32").reshape(1, 64, 64, 1)
    entropy, loss = crossentropy(thin, probability), float(dice_loss(thin, probability)[0])
    pairs[f"{name}\ncross-entropy {entropy:.2f}\nDice loss {loss:.2f}"] = line, found

plot_overlaps(pairs)

# %% [markdown] id="93755ee4efe9"
# *What you see:* four times the thin line: found (dark), missed (light blue), found with a second line of false
# alarms beside it (orange), and found in its upper half only. Above each, its two losses. By cross-entropy,
# "nothing" is just as good as the whole line drawn too wide: in both, as many pixels are wrong. By the Dice loss
# the wide line is far better.
#
# **Question 3.7.** Of 100 pixels, one belongs to the line. A network answers 0.01 for every pixel. Why is
# cross-entropy content with that, and the Dice loss not?
#
# - **a)** Because the logarithm is small for small probabilities.
# - **b)** Because the two losses look at different pixels of the mask.
# - **c)** Because cross-entropy gives more weight to the pixels of the line.
# - **d)** Because cross-entropy is a mean over all pixels, nearly all of them background and nearly right; and in the
#   Dice coefficient nothing is earned with background.

# %% tags=["exercise"] nbgrader={"grade_id": "question_3_7"}
# Question 3.7
### BEGIN SOLUTION
answer_3_7 = "d"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_3_7", "points": 1}
quiz("3.7", answer_3_7)

# %% [markdown] id="7f7c2bd07dc0"
# Each has its strength. Cross-entropy has a steady gradient for each pixel from the first step on; Dice looks at the
# whole shape. Their **sum** has both, and is the usual choice in medical segmentation. The package has it as
# `dice_crossentropy_loss`. Notebook 4 trains with your plain Dice loss, and names the sum as a thing to try: does it
# learn faster?
#
# **Think about it.** Of 100 pixels, one belongs to the mask. A prediction finds nothing. What are its accuracy (the
# share of pixels that are right) and its DSC?
#
# <details><summary>Our answer</summary>
#
# The accuracy is 99 %, the DSC is 0. Accuracy is a poor measure wherever one class is rare.
#
# </details>

# %% [markdown] id="52a781cbc9e9"
# ## What Dice does not see
#
# Dice counts pixels. It does not ask *where* the wrong ones are. Three predictions for the same lungs:

# %% id="0e2a44bbf1f2"
from lungseg.evaluation import hd95, surface_distances
from lungseg_course.figures import plot_overlays, three_mistakes

image, lungs = np.moveaxis(load_case(cases[2]), -1, 0)  # (H, W) each
lungs = lungs.astype(bool)

predictions = {}
for name, prediction in three_mistakes(lungs).items():
    distance = hd95(surface_distances(lungs, prediction))
    predictions[f"{name}\nDice {dice(lungs, prediction):.3f} · HD95 {distance:.1f} pixels"] = prediction

plot_overlays(image, lungs, predictions)

# %% [markdown] id="603cba80bbe0"
# *What you see:* the same image three times, with the true outline (blue) and a predicted one (orange): once a
# pixel too wide all around, once with a square in a corner that has nothing to do with a lung, and once cut off at
# the bottom. By Dice, the harmless one is no better than the others, and often worse. For a physician they are
# worlds apart.
#
# **HD95** is the Hausdorff distance at the 95th percentile: how far the two *borders* are from each other, leaving
# out the 5 % of border pixels that are farthest away. It is small in the first case and large in the second. So we
# always report a distance beside each Dice. Notebook 5 does.
#
# ## Compare with the package

# %% id="6f49a3db3a95"
assert np.allclose(dice_loss(y_true, y_pred), lungseg.dice_loss(y_true, y_pred), atol=1e-6)

mine, theirs, jaccard = Dice(), lungseg.Dice(), lungseg.Jaccard()
for metric in (mine, theirs, jaccard):
    metric.update_state(y_true, y_pred)
assert abs(float(mine.result()) - float(theirs.result())) < 1e-6
print(f"The same loss and the same metric. Dice {float(mine.result()):.4f}, Jaccard {float(jaccard.result()):.4f}")

# %% [markdown] id="640a02dd0e8f"
# ## What you have now
#
# - $\mathrm{DSC} = 2|A \cap B| / (|A| + |B|)$, with smoothing in numerator and denominator.
# - The **loss** is $1 - \mathrm{DSC}$ of the probabilities: not rounded, because a step has no gradient.
# - The **metric** is the DSC of the masks, cut at a threshold.
# - Both are taken for each image, and then averaged. Keras logs the metric as `dice` and `val_dice`.
# - Dice does not see where the errors are; a distance between the borders does.
#
# *Further reading:* L. R. Dice, "Measures of the amount of ecologic association between species", Ecology 26 (1945);
# F. Milletari, N. Navab, S.-A. Ahmadi, "V-Net", 3DV 2016, arXiv:1606.04797.

# %% id="2e7d58933ec9"
progress()

# %% [markdown] id="a94d658ea97f"
# **Next:** [notebook 4, the training](../Train_UNET.ipynb), puts generator, network and loss together: those that you
# have handed in.
