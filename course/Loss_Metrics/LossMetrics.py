# %% [markdown]
# # 3. Loss and metrics: the Dice similarity coefficient
#
# Part 3 of 5. Lung segmentation on chest X-rays: data → network → **loss** → training → prediction.
#
# A network learns by making one number small: the **loss**. We judge it by other numbers, the **metrics**. In this
# notebook you will
#
# - write the Dice similarity coefficient, the usual measure of overlap, as a **loss** and as a **metric**,
# - see why a loss must not round, and why it matters whether one averages over images or over a whole batch,
# - compare Dice with Jaccard and with cross-entropy,
# - and learn what Dice does *not* see.
#
# You need NumPy, and the idea of gradient descent: the network moves down the slope of the loss. It takes about
# 45 minutes.

# %%
import os

import lungseg  # first: from here on TensorFlow keeps its start-up notices to itself
from lungseg.cases import list_cases, load_case
from lungseg.datasets import default_cases

FAST = os.environ.get("LUNGSEG_FAST") == "1"  # smaller and shorter, for a quick test of this notebook
SIZE, COUNT = (64, 48) if FAST else (128, 300)

cases = list_cases(default_cases(size=SIZE, count=COUNT))
print(len(cases), "cases")

# %% [markdown]
# ## 3.1 How much do two shapes overlap?
#
# Let $A$ be the set of pixels of the true mask, $B$ that of the predicted one, and $|A|$ the number of pixels in it.
# The **Dice similarity coefficient** is
#
# $$ \mathrm{DSC} = \frac{2\,|A \cap B|}{|A| + |B|} $$
#
# It is 0 if the two share no pixel, and 1 if they are equal. Two discs show what lies between:

# %%
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap


def disc(row, column, radius, size=64):
    """Return a mask (size, size) that is 1 inside a circle."""
    rows, columns = np.ogrid[:size, :size]
    return ((rows - row) ** 2 + (columns - column) ** 2 < (radius + 0.5) ** 2).astype("float32")


def dice(a, b):
    """Return the Dice similarity coefficient of two masks."""
    return 2 * (a * b).sum() / (a.sum() + b.sum())


truth = disc(32, 17, 14)
colours = ListedColormap(["white", "#56b4e9", "#e69f00", "#444444"])  # none, only A, only B, both

figure, axes = plt.subplots(1, 4, figsize=(10, 2.9), layout="constrained")
for ax, shift in zip(axes, (0, 5, 12, 30), strict=True):
    predicted = disc(32, 17 + shift, 14)
    ax.imshow(truth + 2 * predicted, cmap=colours, vmin=0, vmax=3)
    ax.set_title(f"shifted by {shift}: DSC {dice(truth, predicted):.2f}", fontsize=10)
    ax.set(xticks=[], yticks=[])
plt.show()

# %% [markdown]
# *What you see:* the true disc $A$ and a predicted disc $B$ of the same size, moved to the right step by step. Dark:
# both agree. Light blue: only $A$, missed by the prediction. Orange: only $B$, a false alarm. The larger the dark
# part is in comparison with the coloured ones, the higher the DSC.
#
# The product `a * b` is 1 exactly where both masks are 1, so its sum is $|A \cap B|$, and `a.sum()` is $|A|$.
#
# **Question.** A mask $A$ has 4 pixels, the prediction $B$ has 4 pixels, and they share 3. What is the DSC?

# %% [markdown] tags=["answer"]
# **Answer.** $2 \cdot 3 / (4 + 4) = 0.75$.

# %%
a = np.array([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
b = np.array([[1, 1, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]])
print("DSC", dice(a, b))

# %% [markdown]
# ## 3.2 The coefficient for a batch
#
# Keras calls a loss with a batch of masks `y_true` and a batch of predictions `y_pred`, both of shape $(B, H, W, 1)$.
# The predictions are *probabilities*: anything between 0 and 1. The formula takes them as they are. The product
# $a \cdot b$ is then a "soft" overlap: a pixel of the mask that is predicted with 0.7 counts 0.7.
#
# Two decisions:
#
# - We take the coefficient of **each image**, and get $B$ numbers. (Why not one for the whole batch? Wait for 3.4.)
# - We add a small number $s$ above and below the line, the **smoothing**. (Why? That is 3.5.)
#
# $$ \mathrm{DSC} = \frac{2 \sum_i a_i b_i + s}{\sum_i a_i + \sum_i b_i + s} $$
#
# where $i$ runs over the pixels of one image.
#
# ### Exercise 1: the Dice coefficient
#
# `ops.sum(x, axis=(1, 2, 3))` sums over height, width and channels, and leaves the axis of the batch. (`keras.ops`
# has the functions of NumPy for tensors, and works with TensorFlow, JAX and PyTorch alike.)

# %%
from keras import ops


# %% tags=["exercise"]
def dice_coefficient(y_true, y_pred, smooth=1.0):
    """Return the Dice coefficient of each image, shape (B,)."""
    y_true = ops.cast(y_true, "float32")
    y_pred = ops.cast(y_pred, "float32")
    ### BEGIN SOLUTION
    overlap = ops.sum(y_true * y_pred, axis=(1, 2, 3))  # (B,)
    total = ops.sum(y_true, axis=(1, 2, 3)) + ops.sum(y_pred, axis=(1, 2, 3))  # (B,)
    return (2 * overlap + smooth) / (total + smooth)
    ### END SOLUTION


# %% tags=["check"]
batch_true = np.stack([a, a, a]).reshape(3, 4, 4, 1)
batch_pred = np.stack([a, b, 0.5 * a]).reshape(3, 4, 4, 1)
result = np.asarray(dice_coefficient(batch_true, batch_pred, smooth=0))

assert result.shape == (3,), f"one number for each image, shape (3,). Received: shape {result.shape}"
assert np.allclose(result, [1, 0.75, 2 * 2 / (4 + 2)]), f"expected 1, 0.75 and 0.667. Received: {result}"
smoothed = np.asarray(dice_coefficient(batch_true, batch_pred, smooth=1))
assert np.allclose(smoothed, [1, 7 / 9, 5 / 7]), f"smoothing goes above and below the line. Received: {smoothed}"
print("Exercise 1: correct.", result)

# %% [markdown]
# (`cast` to `float32` has a reason: on a GPU networks often compute with 16 bits, whose largest number is 65,504. A
# mask of 256 × 256 pixels has up to 65,536.)
#
# ## 3.3 The Dice loss, and why it does not round
#
# A loss must get *smaller* when the prediction gets better:
#
# $$ L = 1 - \mathrm{DSC} $$
#
# ### Exercise 2: the Dice loss


# %% tags=["exercise"]
def dice_loss(y_true, y_pred):
    """Return 1 - DSC of each image, shape (B,)."""
    ### BEGIN SOLUTION
    return 1 - dice_coefficient(y_true, y_pred)
    ### END SOLUTION


# %% tags=["check"]
losses = np.asarray(dice_loss(batch_true, batch_pred))
assert losses.shape == (3,), f"one number for each image. Received: shape {losses.shape}"
assert np.allclose(losses, [0, 2 / 9, 2 / 7]), f"expected 0, 0.222 and 0.286. Received: {losses}"
print("Exercise 2: correct.", losses.round(3))

# %% [markdown]
# In the end we want a mask of 0 and 1. So why not round the probabilities to 0 and 1 before we compute the loss?
# Suppose the network gives each pixel of the true mask the probability $p$, and 0 to all the others. Here is the loss
# for each $p$, with and without rounding:

# %%
mask = disc(32, 32, 14).reshape(1, 64, 64, 1)
probabilities = np.linspace(0, 1, 101)
soft = [float(dice_loss(mask, p * mask)[0]) for p in probabilities]
rounded = [float(dice_loss(mask, (p >= 0.5) * mask)[0]) for p in probabilities]

figure, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
ax.plot(probabilities, soft, label="as it is")
ax.plot(probabilities, rounded, "--", label="rounded to 0 or 1")
ax.set(xlabel="probability p of the pixels of the mask", ylabel="Dice loss")
ax.legend()

for p in (20, 40, 60):  # in hundredths
    print(f"slope at p = {p / 100}: as it is {(soft[p + 1] - soft[p - 1]) / 0.02:6.2f}", end=",  ")
    print(f"rounded {(rounded[p + 1] - rounded[p - 1]) / 0.02:5.2f}")
plt.show()

# %% [markdown]
# *What you see:* the solid curve falls all the way from 1 to 0. The dashed one is a step: 1 up to $p = 0.5$, then 0.
#
# **Question.** Why can no network learn from the dashed curve?

# %% [markdown] tags=["answer"]
# **Answer.** Gradient descent asks: which way is down? On the step the slope is 0 everywhere except at one point, so
# no weight is told to change. At $p = 0.2$ the rounded loss does not know that $p = 0.3$ would be better. As a
# *metric*, rounding is fine: nothing has to be learnt from it.

# %% [markdown]
# ## 3.4 Each image, or the whole batch?
#
# One may also sum over all the pixels of a batch at once. It looks like a detail. Take a batch of two images: a
# large lung, found to the pixel, and a small one, missed completely.


# %%
def pooled_dice(y_true, y_pred):
    """Return the Dice coefficient of a whole batch, as if it were a single image."""
    return 2 * (y_true * y_pred).sum() / (y_true.sum() + y_pred.sum())


large, small, nothing = disc(32, 32, 25), disc(32, 32, 5), np.zeros((64, 64), "float32")
y_true = np.stack([large, small])[..., None]  # (2, 64, 64, 1)
y_pred = np.stack([large, nothing])[..., None]

print("each image:      ", np.asarray(dice_coefficient(y_true, y_pred)).round(3))
print("mean over images:", np.asarray(dice_coefficient(y_true, y_pred)).mean().round(3))
print("whole batch:     ", pooled_dice(y_true, y_pred).round(3))

# %% [markdown]
# Over the whole batch, nobody would notice that a patient's lung was missed: it has few pixels. And that is not
# all. Eight discs of different size, each predicted one pixel too far to the right, in batches of 1, 2, 4 and 8:

# %%
radii = (3, 24, 5, 20, 4, 16, 3, 24)
truths = np.stack([disc(32, 30, radius) for radius in radii])[..., None]  # (8, 64, 64, 1)
predictions = np.stack([disc(32, 31, radius) for radius in radii])[..., None]

for size in (1, 2, 4, 8):
    starts = range(0, 8, size)
    parts = [(truths[i : i + size], predictions[i : i + size]) for i in starts]
    per_image = np.mean([np.mean(dice_coefficient(*part)) for part in parts])
    pooled = np.mean([pooled_dice(*part) for part in parts])
    print(f"batches of {size}:  mean over images {per_image:.3f}   mean over pooled batches {pooled:.3f}")

# %% [markdown]
# The same predictions, and the pooled number depends on how they were put into batches. Two people with
# different batch sizes could not compare their results. So we take the coefficient of each image, and then the mean.
# (Published work often reports a pooled score, over all pixels of a test set. That is a fair number too, as long as
# one compares like with like: notebook 5 shows both.)
#
# ## 3.5 Empty masks, and the smoothing
#
# What if there is nothing to find? With $|A| = |B| = 0$ the formula says $0 / 0$.

# %%
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

# %% [markdown]
# Read the table line by line:
#
# - **empty, predicted empty:** without smoothing we get `nan`, *not a number*. A single such image makes the loss
#   `nan`, and with it every weight of the network. With smoothing it is 1: quite right, nothing was missed.
# - **empty, one pixel predicted:** without smoothing it is 0, as if all were lost; with $s = 1$ it is 0.5; with a
#   larger
#   $s$, one pixel is forgiven.
# - **a lung, predicted empty** should be close to 0, and here a large $s$ is too kind.
#
# So $s$ is a matter of pixels: small in comparison with what we look for. The course takes 1 in the loss, and
# practically 0 ($10^{-4}$) in the metric, just enough to make an empty mask that was predicted empty count as 1.
#
# ## 3.6 The metric
#
# As a metric we want the Dice coefficient of the *mask* that comes out in the end: probabilities from the threshold
# 0.5 on become 1, all others 0. And we want its mean over all the images of an epoch, although Keras shows us only
# one batch at a time. `keras.metrics.Mean` keeps that mean: we give it the values of each batch.
#
# ### Exercise 3: Dice as a Keras metric
#
# Cut the predictions at the threshold: `y_pred >= self.threshold` is true or false, and `ops.cast(…, "float32")`
# makes 1 and 0 of it. Then compute the coefficient of each image with `smooth=1e-4`, and call it `values`.

# %%
import keras


# %% tags=["exercise"]
class Dice(keras.metrics.Mean):
    """Mean Dice coefficient of the images seen so far, of masks cut at a threshold."""

    def __init__(self, threshold=0.5, name="dice", **kwargs):
        super().__init__(name=name, **kwargs)
        self.threshold = threshold

    def update_state(self, y_true, y_pred, sample_weight=None):
        ### BEGIN SOLUTION
        predicted = ops.cast(y_pred >= self.threshold, "float32")
        values = dice_coefficient(y_true, predicted, smooth=1e-4)
        ### END SOLUTION
        return super().update_state(values, sample_weight=sample_weight)

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}


# %% tags=["check"]
metric = Dice()
metric.update_state(batch_true, np.array([0.9, 0.6, 0.4]).reshape(3, 1, 1, 1) * batch_true)  # DSC 1, 1, 0
first = float(metric.result())
assert abs(first - 2 / 3) < 1e-3, f"two of three images are found: 0.667. Received: {first:.3f}"

metric.update_state(batch_true[:1], batch_pred[1:2])  # one image more, DSC 0.75
second = float(metric.result())
assert abs(second - (1 + 1 + 0 + 0.75) / 4) < 1e-3, f"the mean over four images: 0.688. Received: {second:.3f}"

metric.reset_state()
metric.update_state(np.zeros((2, 4, 4, 1)), np.zeros((2, 4, 4, 1)))
assert abs(float(metric.result()) - 1) < 1e-6, "empty masks that are predicted empty count as 1"
print("Exercise 3: correct.")

# %% [markdown]
# Each image counts the same: the mean over batches of 3 and 1 image is that of the four images, and not the mean of
# the two batches.
#
# **A trap.** Keras logs a metric under its *name*: ours as `dice`, and as `val_dice` for the validation cases.
# A callback that is to watch `val_Dice` or `val_DSC` would find nothing, warn once, and save no network at all.
#
# ## 3.7 Dice and Jaccard
#
# The **Jaccard index**, also called *intersection over union* (IoU), divides by the union:
#
# $$ J = \frac{|A \cap B|}{|A \cup B|} = \frac{|A \cap B|}{|A| + |B| - |A \cap B|} $$
#
# ### Exercise 4: Jaccard from Dice
#
# Both have the same ingredients, so each follows from the other. Find $J$ as a function of the DSC $D$. (Hint: divide
# the numerator and the denominator of $J$ by $|A| + |B|$.)


# %% tags=["exercise"]
def jaccard_from_dice(dice):
    """Return the Jaccard index that belongs to a Dice coefficient."""
    ### BEGIN SOLUTION
    return dice / (2 - dice)
    ### END SOLUTION


# %% tags=["check"]
assert jaccard_from_dice(0) == 0, "no overlap is 0 for both"
assert jaccard_from_dice(1) == 1, "full overlap is 1 for both"
assert abs(jaccard_from_dice(0.75) - 3 / 5) < 1e-9, "4 and 4 pixels that share 3 have a union of 5"
print("Exercise 4: correct.")

# %%
values = np.linspace(0, 1, 101)

figure, ax = plt.subplots(figsize=(4.2, 3.6), layout="constrained")
ax.plot(values, jaccard_from_dice(values), label="Jaccard")
ax.plot(values, values, "--", color="grey", label="equal")
ax.set(xlabel="Dice", ylabel="Jaccard")
ax.legend()

for value in (0.5, 0.8, 0.9, 0.95):
    print(f"Dice {value:.2f}   Jaccard {jaccard_from_dice(value):.3f}")
plt.show()

# %% [markdown]
# *What you see:* the curve of Jaccard runs below the diagonal, and meets it at 0 and at 1.
#
# **Question.** Paper 1 reports a Jaccard index of 0.90, paper 2 a Dice coefficient of 0.92. Which is better?

# %% [markdown] tags=["answer"]
# **Answer.** Paper 1: a Jaccard index of 0.90 is a Dice coefficient of $2 \cdot 0.90 / (1 + 0.90) = 0.947$. For a
# single image the two always rank predictions in the same way. For the *mean* over many images this holds only
# roughly, because Jaccard punishes a bad image harder; so mean Jaccard must be computed from the images, not from
# the mean Dice.

# %% [markdown]
# ## 3.8 Dice and cross-entropy
#
# The classic loss for probabilities is the binary cross-entropy. It looks at each pixel alone, and takes the mean:
#
# $$ \mathrm{CE} = -\frac{1}{N} \sum_i \big( a_i \log b_i + (1 - a_i) \log (1 - b_i) \big) $$
#
# What if what we look for is *thin*, like a catheter, a vessel, or the line of the pleura? Then nearly all pixels are
# background. Let us give a lazy network a single choice: the same probability $p$ for every pixel. Which $p$ does
# each loss like best?

# %%
thin = np.zeros((1, 64, 64, 1), "float32")
for row in range(8, 56):
    thin[0, row, 20 + row // 3] = 1
lungs = load_case(cases[2])[None, ..., 1:2]  # (1, H, W, 1)

constants = np.linspace(0.001, 0.999, 200)


def crossentropy(y_true, y_pred):
    return float(ops.mean(keras.losses.binary_crossentropy(y_true, y_pred)))


figure, axes = plt.subplots(2, 2, figsize=(9, 6), width_ratios=(1, 2.2), layout="constrained")
for (left, right), mask, name in zip(axes, (thin, lungs), ("a thin line", "lungs"), strict=True):
    left.imshow(mask[0, ..., 0], cmap="gray")
    left.set(xticks=[], yticks=[], title=f"{name}, {100 * mask.mean():.1f} %")
    entropies = [crossentropy(mask, np.full_like(mask, p)) for p in constants]
    dices = [float(dice_loss(mask, np.full_like(mask, p))[0]) for p in constants]
    right.plot(constants, entropies, label="cross-entropy")
    right.plot(constants, dices, "--", label="Dice loss")
    right.set(ylim=(0, 2), xlabel="the same probability p for all pixels", ylabel="loss")
    right.legend(loc="upper center")
    print(f"{name}: cross-entropy is lowest at p = {constants[np.argmin(entropies)]:.2f}", end=", ")
    print(f"where it is {min(entropies):.2f} and the Dice loss {dices[np.argmin(entropies)]:.2f}")
plt.show()

# %% [markdown]
# *What you see:* above, a thin line, its share of the pixels, and its two losses; below, the same for lungs. The
# solid curve, cross-entropy, has its lowest point at the share of mask pixels in the image: near 0 for the line. The
# dashed curve, the Dice loss, stays close to 1 for the line, whatever $p$ is.
#
# For the thin line, cross-entropy is content with "nothing anywhere": nearly every pixel is right, and the loss is
# small. The Dice loss says: with *no* constant answer have you found the line. It does not care how much background
# there is, for pixels that are 0 in both masks do not appear in the formula. For lungs, which fill a good part of
# the image, cross-entropy cannot be contented so cheaply.
#
# Each has its strength. Cross-entropy has a steady slope for each pixel from the first step on; Dice looks at the
# whole shape. Their **sum** learns faster than either alone and is common in medical segmentation. The package has it
# as `dice_crossentropy_loss`, and the next notebook trains with it.
#
# **Question.** Of 100 pixels, one belongs to the mask. A prediction finds nothing. What are its accuracy (the share
# of pixels that are right) and its DSC?

# %% [markdown] tags=["answer"]
# **Answer.** The accuracy is 99 %, the DSC is 0. Accuracy is a poor measure wherever one class is rare.

# %% [markdown]
# ## 3.9 What Dice does not see
#
# Dice counts pixels. It does not ask *where* the wrong ones are. Three predictions for the same lungs:

# %%
from scipy import ndimage

from lungseg.plotting import plot_overlay
from lungseg.surface import hd95, surface_distances

image, lungs = np.moveaxis(load_case(cases[2]), -1, 0)  # (H, W) each
lungs = lungs.astype(bool)
thicker = ndimage.binary_dilation(lungs)
false_alarm = lungs.copy()
side = round(np.sqrt(0.06 * lungs.sum()))  # the side of a square of about 6 % of the lungs
false_alarm[-side - 2 : -2, 2 : side + 2] = True
bitten = lungs & (np.indices(lungs.shape)[0] < np.quantile(np.nonzero(lungs)[0], 0.93))

predictions = {"one pixel too wide": thicker, "a false alarm": false_alarm, "a piece is missing": bitten}
figure, axes = plt.subplots(1, 3, figsize=(10, 4), layout="constrained")
for ax, (name, prediction) in zip(axes, predictions.items(), strict=True):
    distance = hd95(surface_distances(lungs, prediction))
    title = f"{name}\nDice {dice(lungs, prediction):.3f} · HD95 {distance:.1f} pixels"
    plot_overlay(image, lungs, prediction, title, ax=ax)
plt.show()

# %% [markdown]
# *What you see:* the same image three times, with the true outline and a predicted one: once a pixel too wide all
# around, once with a square in a corner that has nothing to do with a lung, and once cut off at the bottom. By Dice,
# the harmless one is no better than the others, and often worse. For a physician they are worlds apart.
#
# **HD95** is the Hausdorff distance at the 95th percentile: how far the two *borders* are from each other, leaving
# out the 5 % of border pixels that are farthest away. It is small in the first case and large in the second. So we
# always report a distance beside each Dice. Notebook 5 does.
#
# ## 3.10 Compare with the package

# %%
rng = np.random.default_rng(0)
y_true = (rng.random((6, 32, 32, 1)) < 0.3).astype("float32")
y_pred = rng.random((6, 32, 32, 1)).astype("float32")

assert np.allclose(dice_loss(y_true, y_pred), lungseg.dice_loss(y_true, y_pred), atol=1e-6)

mine, theirs, jaccard = Dice(), lungseg.Dice(), lungseg.Jaccard()
for metric in (mine, theirs, jaccard):
    metric.update_state(y_true, y_pred)
assert abs(float(mine.result()) - float(theirs.result())) < 1e-6
print(f"The same loss and the same metric. Dice {float(mine.result()):.4f}, Jaccard {float(jaccard.result()):.4f}")

# %% [markdown]
# And this is how they are used: in `compile`, the loss and the metrics are handed to the network. (It is the tiny
# network of notebook 1, untrained; we only look at the names.)

# %%
tiny = keras.Sequential([keras.Input((None, None, 1)), keras.layers.Conv2D(1, 1, activation="sigmoid")])
tiny.compile(loss=dice_loss, metrics=[Dice(), lungseg.Jaccard()])

print(list(tiny.evaluate(y_true, y_pred, verbose=0, return_dict=True)))

# %% [markdown]
# (If you save a network that was compiled with a loss of your own, Keras must know the name of the loss when it loads
# the file. `@keras.saving.register_keras_serializable()` above the function tells it; the package does so.)
#
# ## 3.11 What you have now
#
# - $\mathrm{DSC} = 2|A \cap B| / (|A| + |B|)$, with smoothing above and below the line.
# - The **loss** is $1 - \mathrm{DSC}$ of the probabilities: not rounded, because a step has no slope.
# - The **metric** is the DSC of the masks, cut at a threshold.
# - Both are taken for each image, and then averaged.
# - Dice does not see where the errors are; a distance between the borders does.
#
# Next: `Train_UNET.ipynb` puts generator, network and loss together.
#
# *Further reading:* L. R. Dice, "Measures of the amount of ecologic association between species", Ecology 26 (1945);
# F. Milletari, N. Navab, S.-A. Ahmadi, "V-Net", 3DV 2016, arXiv:1606.04797.
