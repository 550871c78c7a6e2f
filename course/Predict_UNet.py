# %% [markdown]
# # 5. Predictions, looked at and measured
#
# Part 5 of 5. Lung segmentation on chest X-rays: data → network → loss → training → **prediction**.
#
# The network is trained, and the test cases are untouched. In this notebook you will
#
# - turn the probabilities of the network into masks,
# - score each test case, and sum the scores up without hiding the bad ones,
# - look at the best, the middling and the worst predictions,
# - clean masks up: a chest has two lungs,
# - and segment a radiograph file of your own.
#
# It takes about 40 minutes, most of it for looking.

# %%
import os
from pathlib import Path

import lungseg  # first: from here on TensorFlow keeps its start-up notices to itself
from lungseg.cases import list_cases, load_case
from lungseg.datasets import default_cases

here = Path.cwd()
project = next((folder for folder in (here, *here.parents) if (folder / "lungseg" / "__init__.py").is_file()), here)
run_folder = project / os.environ.get("LUNGSEG_RUN", "results/run")

if not (run_folder / "best.keras").is_file():
    raise lungseg.InputError(f"There is no trained network in {run_folder} yet. Run Train_UNET.ipynb first.")

# %% [markdown]
# ## 5.1 The run
#
# The run folder tells everything: which network, trained on which cases, with which split. The test cases are those
# that were set aside *then*; we do not split again.

# %%
run = lungseg.load_run(run_folder)
settings = run.settings
folder = Path(settings["cases"])
if not folder.is_dir():  # trained on another computer
    folder = default_cases(size=settings["size"][0], count=sum(settings["count"].values()))
split = run.split(list_cases(folder))

print(f"{len(split.train)} cases trained this network, {len(split.validation)} chose its best epoch,")
print(f"and {len(split.test)} have waited for this notebook.")
print(f"{len(run.history)} epochs, best val_dice {run.history['val_dice'].max():.3f}")

# %%
model = run.model  # the network of the best epoch
print(f"{model.input_shape} → {model.output_shape}")

# %% [markdown]
# ## 5.2 From an image to a mask
#
# The network wants a batch, $(B, H, W, 1)$, and gives probabilities of the same shape. For a single image of shape
# $(H, W)$ we add an axis in front and one behind, `image[None, :, :, None]`, and take them away again from the
# result. From 0.5 on, a pixel counts as lung.
#
# ### Exercise 1: predict one mask

# %%
import numpy as np


# %% tags=["exercise"]
def predict_probability(model, image):
    """Return the probability of lung for each pixel of an image (H, W)."""
    ### BEGIN SOLUTION
    return np.asarray(model.predict_on_batch(image[None, :, :, None]))[0, :, :, 0]
    ### END SOLUTION


# %% tags=["check"]
image, truth = np.moveaxis(load_case(split.test[0]), -1, 0)  # (H, W) each
probability = predict_probability(model, image)

assert probability.shape == image.shape, f"expected {image.shape}, received {probability.shape}"
assert 0 <= probability.min() <= probability.max() <= 1
print("Exercise 1: correct.", image.shape, "→", probability.shape)

# %%
import matplotlib.pyplot as plt

from lungseg.plotting import plot_overlay

figure, axes = plt.subplots(1, 3, figsize=(10, 3.7), layout="constrained")
axes[0].imshow(image, cmap="gray")
axes[0].set(title="image", xticks=[], yticks=[])
shown = axes[1].imshow(probability, cmap="viridis", vmin=0, vmax=1)
axes[1].set(title="probability of lung", xticks=[], yticks=[])
figure.colorbar(shown, ax=axes[1], shrink=0.8)
plot_overlay(image, truth, probability >= 0.5, "true and predicted outline", ax=axes[2])

unsure = np.mean((probability > 0.1) & (probability < 0.9))
print(f"For {unsure:.1%} of the pixels the probability lies between 0.1 and 0.9: there the network is unsure.")
plt.show()

# %% [markdown]
# *What you see:* a test image; the probability of each pixel, dark for "not lung" and bright for "lung"; and the
# outline that the threshold 0.5 makes of it, beside the true one. The network is sure inside and outside, and unsure
# along the border, in a seam that is one or two pixels wide.

# %% [markdown]
# **Question.** Could we choose another threshold than 0.5? On which cases?

# %% [markdown] tags=["answer"]
# **Answer.** Yes, but on the *validation* cases. Whoever tries thresholds on the test cases and reports the best one
# has learnt from the test. For a well-trained network it hardly matters: the border seam is narrow.

# %% [markdown]
# ## 5.3 The whole test set
#
# `lungseg.evaluate` predicts the cases batch by batch and makes a table with a row for each case: Dice and Jaccard,
# the distance between the borders (HD95 and the average ASSD, in pixels), the number of connected components, and the
# pixels that are right (`tp`), too many (`fp`) and missed (`fn`).

# %%
table = lungseg.evaluate(model, split.test)

table[["case", "source", "diagnosis", "dice", "hd95", "components", "tp", "fp", "fn"]].head().round(3)

# %% [markdown]
# A table of a hundred rows says little. There are two ways to one number:
#
# - the **mean per image**: the Dice of each image, then the mean. Each *patient* counts the same.
# - the **pooled F1**: all the pixels of all the images in one pot, $2\,TP / (2\,TP + FP + FN)$. Each *pixel* counts
#   the same, and large lungs count more.
#
# ### Exercise 2: sum up
#
# Write both. `table["tp"].sum()` is the sum of a column.


# %% tags=["exercise"]
def mean_dice(table):
    """Return the mean Dice per image."""
    ### BEGIN SOLUTION
    return table["dice"].mean()
    ### END SOLUTION


def pooled_f1(table):
    """Return the F1 score of all pixels together."""
    ### BEGIN SOLUTION
    tp, fp, fn = table["tp"].sum(), table["fp"].sum(), table["fn"].sum()
    return 2 * tp / (2 * tp + fp + fn)
    ### END SOLUTION


# %% tags=["check"]
import pandas as pd

two = pd.DataFrame({"dice": [1.0, 0.0], "tp": [900, 0], "fp": [0, 50], "fn": [0, 50]})
assert mean_dice(two) == 0.5, "one image is perfect, the other is missed: 0.5"
assert abs(pooled_f1(two) - 1800 / 1900) < 1e-9, "900 pixels right, 50 too many, 50 missed: 0.947"
print("Exercise 2: correct.")

# %%
from lungseg.evaluation import summarise, summary_text

summary = summarise(table)
assert abs(summary["dice"]["mean"] - mean_dice(table)) < 1e-9
assert abs(summary["pooled_f1"] - pooled_f1(table)) < 1e-9

print(f"mean per image {mean_dice(table):.4f}, pooled F1 {pooled_f1(table):.4f}\n")
print(summary_text(summary))

# %% [markdown]
# Behind the mean stands ± the *standard deviation*: how much the images differ from each other. The median is the
# image in the middle, and the worst case has a name, so that you can look at it.
#
# **Question.** In most papers the pooled F1 is a little higher than the mean per image. Why? And which would you
# report?

# %% [markdown] tags=["answer"]
# **Answer.** The images with a low Dice are often those with small lungs, which have few pixels, so that the pot
# hardly notices them. Report the mean per image, with its standard deviation: it answers "how well does it do on the
# next patient?" Give the pooled F1 too if you compare with someone who reports it, and never compare one with the
# other.

# %% [markdown]
# ## 5.4 Groups
#
# A good mean can hide a group of patients for whom the network does badly. So we look at each group by itself: by
# source (where the radiographs come from) and by diagnosis.

# %%
groups = table.groupby(["source", "diagnosis"])
groups.agg(cases=("dice", "size"), dice=("dice", "mean"), worst=("dice", "min"), hd95=("hd95", "mean")).round(3)

# %%
from lungseg.plotting import plot_dice_by_group

figure, ax = plt.subplots(figsize=(6, 3), layout="constrained")
ax.hist(table["dice"], bins=20, color="#0072b2", edgecolor="white")
ax.axvline(table["dice"].mean(), color="black", linestyle="--", label="mean")
ax.axvline(table["dice"].median(), color="black", linestyle=":", label="median")
ax.set(xlabel="Dice of a test case", ylabel="number of cases")
ax.legend()
plt.show()

# %% [markdown]
# *What you see:* how many test cases have which Dice. Typically there is a heap at the right, close to 1, and a few
# stragglers at the left. They pull the mean (dashed) below the median (dotted).

# %%
plot_dice_by_group(table)

# %% [markdown]
# *What you see:* a dot for each test case, a row for each group. The grey box holds the middle half of the group, the
# bar in it is the median, and the lowest case has its name beside it. Tuberculosis is often harder: where it hides
# the border of a lung, even people must guess.
#
# Mind the numbers of cases. With 20 cases in a group, a difference of half a percent between two groups means
# nothing.
#
# ## 5.5 Looking
#
# Numbers tell *that* something is wrong, pictures tell *what*.

# %%
from lungseg.plotting import plot_gallery

plot_gallery(table, split.test, model)

# %% [markdown]
# *What you see:* the cases with the highest Dice, those in the middle, and those with the lowest, with the true
# outlines (blue, wide) and the predicted ones (red, thin). In the upper rows you hardly see blue. What is wrong
# in the lowest row?
#
# ## 5.6 Two lungs: cleaning up
#
# A network decides pixel by pixel, and does not know that a chest has exactly two lungs. Small islands in the
# background cost hardly any Dice, but a lot of Hausdorff distance. The cheapest remedy: keep the two largest
# **connected components**, and drop the rest.
#
# ### Exercise 3: keep the largest components
#
# `ndimage.label` numbers the components: 1, 2, 3 …, with 0 for the background. `np.bincount(labels.ravel())` counts
# the pixels of each number. Set the count of the background to 0, take the numbers with the largest counts
# (`np.argsort` sorts upwards, so they are the last ones), and return where `labels` is one of them (`np.isin`).

# %%
from scipy import ndimage


# %% tags=["exercise"]
def keep_largest(mask, count=2):
    """Return the mask with its `count` largest components only."""
    labels, found = ndimage.label(mask, structure=np.ones((3, 3)))  # pixels that touch at a corner belong together
    ### BEGIN SOLUTION
    areas = np.bincount(labels.ravel(), minlength=found + 1)
    areas[0] = 0
    largest = np.argsort(areas)[-min(count, found) :] if found else []
    return np.isin(labels, largest)
    ### END SOLUTION


# %% tags=["check"]
from lungseg.postprocessing import clean_mask

islands = np.zeros((12, 12), dtype=bool)
islands[1:6, 1:5] = True  # 20 pixels
islands[1:6, 7:11] = True  # 20 pixels
islands[9:11, 2:4] = True  # 4 pixels
islands[10, 10] = True  # 1 pixel

assert keep_largest(islands).sum() == 40, "the two largest components have 20 pixels each"
assert keep_largest(islands, count=3).sum() == 44
assert keep_largest(np.zeros((4, 4), dtype=bool)).sum() == 0, "an empty mask stays empty"
assert np.array_equal(keep_largest(islands), clean_mask(islands)), "the package's function does the same"
print("Exercise 3: correct.")

# %% [markdown]
# (`clean_mask` of the package also fills the holes in what it keeps.) What does it change on the test set?

# %%
cleaned = lungseg.evaluate(model, split.test, clean=True)

columns = ["dice", "hd95", "assd", "components"]
pd.DataFrame({"as predicted": table[columns].mean(), "cleaned": cleaned[columns].mean()}).round(4).T

# %%
change = cleaned["dice"] - table["dice"]
print(f"{(table['components'] != 2).sum()} of {len(table)} predictions do not have exactly two components.")
print(f"Cleaning raises the Dice of {(change > 1e-6).sum()} cases, and lowers that of {(change < -1e-6).sum()}.")
print(f"The largest HD95 was {table['hd95'].max():.1f} pixels and is now {cleaned['hd95'].max():.1f}.")

# %% [markdown]
# **Question.** Cleaning helps most cases a little, yet it can do harm: sometimes the largest HD95 even grows. How?

# %% [markdown] tags=["answer"]
# **Answer.** When a lung was predicted in two pieces, because a finding or the shadow of a rib cuts it in two: then
# the third piece belongs to a lung and is thrown away. Or when the two lungs touch in the prediction and count as
# one: then the second largest component is an island, and it is kept. And in a patient with one lung. A rule that is
# right for nearly everybody is still a rule about anatomy, and the network was not asked.

# %% [markdown]
# ## 5.7 A radiograph of your own
#
# The question that everybody asks after the training: *how do I segment a new image?* A new image is a file, of any
# size, perhaps with black borders, perhaps with 16 bits. It must be prepared exactly as the training images were,
# and the mask must come back to the file's own pixels. `lungseg.segment` does all of it.
#
# As a stand-in for your own file, we write a raw phantom film, as a scanner might: 700 × 700 pixels, 16 bits, with a
# black border, of a "patient" whom the network has never met. To try your own, put its path in `file`.

# %%
import tempfile

from PIL import Image

from lungseg.phantom import write_raw_phantoms

workshop = tempfile.TemporaryDirectory()
file = write_raw_phantoms(workshop.name, count=1, size=700, seed=2041)[0]

mask = lungseg.segment(run, file, clean=True)  # (height, width) of the file, True and False
radiograph = np.asarray(Image.open(file), dtype="float32")
radiograph = radiograph / radiograph.max()

print(file.name, radiograph.shape, "→ mask", mask.shape, mask.dtype, f"{mask.mean():.1%} of the pixels are lung")

# %%
figure = plot_overlay(radiograph, prediction=mask, title="a new radiograph")
figure

# %% [markdown]
# *What you see:* the film as it is in the file, with its black border, and the predicted outline. The border was cut
# off for the network, and the mask has been put back where it belongs. There is no true outline: this is the situation
# in the clinic, and the only judge is you. (The outline has small steps: the network worked on fewer pixels, and its
# mask was enlarged.)
#
# To keep the mask, write it as an image; 255 in place of 1, or it would look black:

# %%
path = Path(workshop.name) / "mask.png"
Image.fromarray(mask.astype("uint8") * 255).save(path)
print(path.name, path.stat().st_size, "bytes")
workshop.cleanup()

# %% [markdown]
# On the command line, `lungseg predict FILE… --model results/run --out masks` does it for as many files as you like.
#
# ## 5.8 What to read into the worst cases
#
# Here are the three lowest again, in numbers. `missed` is the share of the true lung that was not found, `too many`
# the share of the prediction that is not lung.

# %%
worst = table.nsmallest(3, "dice").copy()
worst["missed"] = worst["fn"] / (worst["tp"] + worst["fn"])
worst["too many"] = worst["fp"] / (worst["tp"] + worst["fp"])
worst[["case", "diagnosis", "dice", "hd95", "components", "missed", "too many"]].round(3)

# %% [markdown]
# Go through them one by one, in the gallery above, and ask in this order:
#
# 1. **Is the truth right?** Masks are drawn by people, who get tired and disagree. On real radiographs a good part
#    of the "worst" predictions are better than their masks. (On phantoms the truth is exact.)
# 2. **Is the image unusual?** Turned, over-exposed, cut off, an implant? Then more such images in the training, or
#    augmentation, would help.
# 3. **Is it disease?** A consolidation or an effusion makes a lung as white as the heart. The network has learnt
#    that lungs are dark, and draws around the dark rest. That is the case in which a physician needs it most, and
#    the hardest one.
# 4. **Is it the method?** An island far away, a lung in two pieces: cleaning may help. A border that is off by a
#    pixel everywhere: the size of the image limits the precision.
#
# **Question.** Your network reaches a Dice of 0.96 here. May a hospital use it?

# %% [markdown] tags=["answer"]
# **Answer.** Not on that ground. The test cases come from the same sources as the training cases. In another
# hospital, with another machine and other patients, the same kind of network loses several percent, and its worst
# cases become much worse. (If you trained on phantoms, the distance to reality is larger still.) One would have to
# test on radiographs *from there*, group by group, with a distance beside each Dice, and somebody would have to look
# at the masks.

# %% [markdown]
# ## 5.9 Keep it
#
# The table, its summary and the figures go into the run folder, beside the network that they belong to.

# %%
from lungseg.evaluation import write_evaluation
from lungseg.plotting import save_evaluation_figures

write_evaluation(table, run_folder)
for path in save_evaluation_figures(table, split.test, model, run_folder):
    print("wrote", path.relative_to(run_folder).as_posix())

# %% [markdown]
# That was the course. From an array `(H, W, 2)` you have come to masks for radiographs that nobody had segmented,
# and to an honest account of how good they are. Where to go from here: real radiographs (`lungseg download`, then set
# `LUNGSEG_DATA` and run notebooks 4 and 5 again), a larger image size, or another organ altogether: `build_unet`
# takes any number of channels and classes.

# %%
dice = summary["dice"]
spread = "" if dice["sd"] is None else f" ± {dice['sd']:.3f}"
where = run_folder.relative_to(project) if run_folder.is_relative_to(project) else run_folder
print(f"Test Dice: {dice['mean']:.3f}{spread} on {summary['count']} cases. Table and figures are in {where}")
