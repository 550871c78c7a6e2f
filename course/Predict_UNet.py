# %% [markdown] id="4abf13046aeb"
# # 5. Predictions, looked at and measured
#
# Part 5 of 5. Lung segmentation on chest X-rays: data → network → loss → training → **prediction**.
#
# Your network is trained, and the test cases are untouched. In this notebook you will
#
# - turn the probabilities of the network into masks,
# - score each test case, and sum the scores up without hiding the bad ones,
# - look at the best, the middling and the worst predictions, and ask what the worst have in common,
# - clean masks up: a chest has two lungs,
# - and segment a radiograph file of your own.
#
# It takes about an hour, much of it for looking.
#
# **How to work:** replace each `todo()` by your code, run the cell, then run the check under it. It says what is right,
# or names the first mistake. `hint("5.1")` gives a hint, a plainer one with each call; `solution("5.1")` opens after a
# try; `progress()` shows how far you are.

# %% id="6cd9f5b440b3"
import os
import tempfile
from pathlib import Path

import lungseg  # first: from here on TensorFlow keeps its start-up notices to itself
from lungseg.cases import list_cases, load_case
from lungseg.datasets import default_cases
from lungseg.phantom import write_phantoms
from lungseg.pretrained import copy_pretrained
from lungseg_course import check, hint, progress, quiz, solution, todo, use

FAST = os.environ.get("LUNGSEG_FAST") == "1"  # smaller and shorter, for a quick test of this notebook
here = Path.cwd()
project = next((folder for folder in (here, *here.parents) if (folder / "lungseg" / "__init__.py").is_file()), here)
run_folder = project / os.environ.get("LUNGSEG_RUN", "results/run")
shown_as = run_folder.relative_to(project) if run_folder.is_relative_to(project) else run_folder.name

# %% [markdown] id="366cc29ba143"
# ## The run
#
# The run folder, which Train_UNET left behind, tells everything: which network, trained on which cases, with which
# split, and whose code it was. The test cases are those that were set aside *then*; we do not split again.
#
# (If there is no run folder yet, the network that comes with the package stands in, so that you can go on. It was
# trained on real radiographs, and here it meets phantoms. Run Train_UNET first, if you can: yours is more fun.)

# %% id="cf1513517281"
build_unet = use("build_unet")  # so that Keras knows layers of your own, should your network have any

if not (run_folder / "best.keras").is_file():
    print(f"There is no trained network in {shown_as}: run Train_UNET.ipynb first.")
    print("Until then the network that comes with the package stands in.")
    stand_in = tempfile.TemporaryDirectory()
    run_folder = Path(stand_in.name) / "run"
    shown_as = "a folder that goes when you close this notebook"
    few = write_phantoms(Path(stand_in.name) / "cases", count=8 if FAST else 24, size=256)
    copy_pretrained(run_folder, few)

# %% id="4eeb9221c2ea"
run = lungseg.load_run(run_folder)
settings = run.settings
folder = Path(settings["cases"])
if not folder.is_dir():  # trained on another computer
    folder = default_cases(size=settings["size"][0], count=sum(settings["count"].values()))
split = run.split(list_cases(folder))

count = settings["count"]
tasks = {"best": "chose its best epoch", "last": "watched (its last epoch was kept)"}
task = tasks[settings.get("keep", "best")]
print(f"{count['train']} cases trained this network, {count['validation']} {task},")
print(f"and {len(split.test)} have waited for this notebook.")
print(f"{len(run.history)} epochs, best val_dice {run.history['val_dice'].max():.3f}")
if settings.get("finished") is False:
    print("The training was interrupted; this is the best network so far.")
authors = settings.get("code", {"all of it": "lungseg"})
print("Code:", ", ".join(f"{part} by {author}" for part, author in authors.items()))

# %% id="d998be6577d0"
model = run.model  # the network of the epoch that was kept
print(f"{model.input_shape} → {model.output_shape}")

# %% [markdown] id="7f11664029be"
# ## From an image to a mask
#
# The network wants a batch, $(B, H, W, 1)$, and gives probabilities of the same shape. For a single image of shape
# $(H, W)$ we add an axis in front and one behind: `image[None, :, :, None]` has shape $(1, H, W, 1)$, as each `None`
# is a new axis of length 1. Of the result we take image 0 and channel 0, and the two axes are gone again.
#
# `model.predict_on_batch(batch)` takes and gives an array.
#
# ### Exercise 5.1: predict one image

# %% id="431b7604bebb"
import numpy as np


# %% tags=["exercise"] nbgrader={"grade_id": "exercise_5_1"}
# Exercise 5.1
def predict_probability(model, image):
    """Return the probability of lung for each pixel of an image (H, W)."""
    ### BEGIN SOLUTION
    return model.predict_on_batch(image[None, :, :, None])[0, :, :, 0]
    ### END SOLUTION


# %% tags=["check"] nbgrader={"grade_id": "check_5_1", "points": 3}
check("5.1", predict_probability)

# %% [markdown] id="39c84d3c1878"
# From a probability of 0.5 on, a pixel counts as lung. Here is one test case:

# %% id="cd37a0839ace"
from lungseg.plotting import NotebookFigure, plot_overlay

image, truth = np.moveaxis(load_case(split.test[0]), -1, 0)  # (H, W) each
probability = np.asarray(predict_probability(model, image))

unsure = np.mean((probability > 0.1) & (probability < 0.9))
print(f"For {unsure:.1%} of the pixels the probability lies between 0.1 and 0.9: there the network is unsure.")

figure = NotebookFigure(figsize=(10, 3.7), layout="constrained")
axes = figure.subplots(1, 3)
axes[0].imshow(image, cmap="gray")
axes[0].set(title="image", xticks=[], yticks=[])
shown = axes[1].imshow(probability, cmap="viridis", vmin=0, vmax=1)
axes[1].set(title="probability of lung", xticks=[], yticks=[])
figure.colorbar(shown, ax=axes[1], shrink=0.8)
figure.alt_text = "A test image, the probability of lung for each of its pixels, and the outlines of both masks."
plot_overlay(image, truth, probability >= 0.5, "true and predicted outline", ax=axes[2])
figure

# %% [markdown] id="e31ae10e2bde"
# *What you see:* a test image; the probability of each pixel, dark for "not lung" and bright for "lung"; and the
# outline that the threshold 0.5 makes of it, beside the true one. The network is sure inside and outside, and unsure
# along the border, in a seam that is one or two pixels wide.

# %% [markdown] id="d70f11204e8b"
# **Question 5.1.** Another threshold than 0.5 may be a little better. On which cases would you choose it?
#
# - **a)** On the test cases: that is where it should be good.
# - **b)** On the training cases, as there are most of them.
# - **c)** On the validation cases.
# - **d)** On none: only 0.5 is right for a probability.

# %% tags=["exercise"] nbgrader={"grade_id": "question_5_1"}
# Question 5.1
### BEGIN SOLUTION
answer_5_1 = "c"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_5_1", "points": 1}
quiz("5.1", answer_5_1)

# %% [markdown] id="9e3ddc8970d0"
# ## The whole test set
#
# `lungseg.evaluate` predicts the cases batch by batch and makes a table with a row for each case: Dice and Jaccard,
# the distance between the borders (HD95 and the average ASSD, in pixels), the number of connected components, and the
# pixels that are right (`tp`), too many (`fp`) and missed (`fn`).

# %% id="101dfb4ff0c6"
table = lungseg.evaluate(model, split.test)

table[["case", "source", "diagnosis", "dice", "hd95", "components", "tp", "fp", "fn"]].head().round(3)

# %% [markdown] id="77dab1a9d221"
# A table of a hundred rows says little. There are two ways to one number:
#
# - the **mean per image**: the Dice of each image, then the mean. Each *patient* counts the same.
# - the **pooled F1**: all the pixels of all the images in one pot, $2\,TP / (2\,TP + FP + FN)$. Each *pixel* counts
#   the same, and large lungs count more.
#
# A column is `table["tp"]`; it has `.sum()` and `.mean()`.
#
# ### Exercise 5.2: sum up
#
# Write both.


# %% tags=["exercise"] nbgrader={"grade_id": "exercise_5_2"}
# Exercise 5.2
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


# %% tags=["check"] nbgrader={"grade_id": "check_5_2", "points": 4}
check("5.2", mean_dice, pooled_f1)

# %% id="1f824956a668"
from lungseg.evaluation import summarise, summary_text

summary = summarise(table)
print(f"mean per image {mean_dice(table):.4f}, pooled F1 {pooled_f1(table):.4f}\n")
print(summary_text(summary))

# %% [markdown] id="7fb1fb894303"
# Behind the mean stands ± the *standard deviation*: how much the images differ from each other. The median is the
# image in the middle, and the worst case has a name, so that you can look at it.
#
# **Question 5.2.** In most papers the pooled F1 is a little higher than the mean per image. Why?
#
# - **a)** Because the pooled F1 sees every pixel, and the mean does not.
# - **b)** Because images with a low Dice often show small lungs, which bring few pixels into the pot.
# - **c)** Because of rounding.
# - **d)** Because the pooled F1 is measured on the training cases.

# %% tags=["exercise"] nbgrader={"grade_id": "question_5_2"}
# Question 5.2
### BEGIN SOLUTION
answer_5_2 = "b"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_5_2", "points": 1}
quiz("5.2", answer_5_2)

# %% [markdown] id="1b5e4b54e917"
# ## Groups
#
# A good mean can hide a group of patients for whom the network does badly. So we look at each group by itself: by
# source (where the radiographs come from) and by diagnosis.
#
# pandas does it in two steps. `table.groupby(["source"])` sorts the rows into groups, one for each source; with two
# names in the list, one for each source with each diagnosis. `.agg(...)` then sums each group up. The name of a new
# column stands before the equals sign; behind it, the column that it is made of, and how:
#
# ```python
# table.groupby(["source"]).agg(islands=("components", "max"), hd95=("hd95", "mean"))
# ```
#
# Other ways are `"size"`, the number of rows, and `"min"`.
#
# ### Exercise 5.3: group by group


# %% tags=["exercise"] nbgrader={"grade_id": "exercise_5_3"}
# Exercise 5.3
def by_group(table):
    """Return a table with a row for each source with each diagnosis.

    Its columns: `cases`, how many there are; `dice`, their mean Dice; `worst`, the lowest Dice.
    """
    ### BEGIN SOLUTION
    groups = table.groupby(["source", "diagnosis"])
    return groups.agg(cases=("dice", "size"), dice=("dice", "mean"), worst=("dice", "min"))
    ### END SOLUTION


# %% tags=["check"] nbgrader={"grade_id": "check_5_3", "points": 4}
check("5.3", by_group)

# %% id="91c5eb1da022"
by_group(table).round(3)

# %% id="b4e48672636a"
from lungseg.plotting import plot_dice_by_group

figure = NotebookFigure(figsize=(6, 3), layout="constrained")
ax = figure.subplots()
ax.hist(table["dice"], bins=20, color="#0072b2", edgecolor="white")
ax.axvline(table["dice"].mean(), color="black", linestyle="--", label="mean")
ax.axvline(table["dice"].median(), color="black", linestyle=":", label="median")
ax.set(xlabel="Dice of a test case", ylabel="number of cases")
ax.legend()
figure.alt_text = (
    f"Histogram of the Dice of {len(table)} test cases, from {table['dice'].min():.3f} to {table['dice'].max():.3f}. "
    f"Mean {table['dice'].mean():.3f}, median {table['dice'].median():.3f}."
)
figure

# %% [markdown] id="0b8b36477962"
# *What you see:* how many test cases have which Dice. Typically there is a heap at the right, close to 1, and a few
# stragglers at the left. They pull the mean (dashed) below the median (dotted).

# %% id="16c21d8d386f"
plot_dice_by_group(table)

# %% [markdown] id="c9651bfc4996"
# *What you see:* a dot for each test case, a row for each group. The grey box holds the middle half of the group, the
# bar in it is the median, and the lowest case has its name beside it. Tuberculosis is often harder: where it hides
# the border of a lung, even people must guess.
#
# **Question 5.3.** Of a small test set, the four normal cases have a mean Dice of 0.962, the four with tuberculosis one
# of 0.951. What follows?
#
# - **a)** Tuberculosis is harder for this network.
# - **b)** There is a mistake in the split.
# - **c)** One should train again, with more cases of tuberculosis.
# - **d)** Nothing yet.

# %% tags=["exercise"] nbgrader={"grade_id": "question_5_3"}
# Question 5.3
### BEGIN SOLUTION
answer_5_3 = "d"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_5_3", "points": 1}
quiz("5.3", answer_5_3)

# %% [markdown] id="fd257c50c516"
# ## Looking
#
# Numbers tell *that* something is wrong, pictures tell *what*. First the best and the worst case, side by side:

# %% id="c720c696dd04"
ranked = table.sort_values("dice")
path_of = dict(zip(table["case"], split.test, strict=True))

figure = NotebookFigure(figsize=(10, 5), layout="constrained")
for ax, (_, row) in zip(figure.subplots(1, 2), ranked.iloc[[-1, 0]].iterrows(), strict=True):
    image, truth = np.moveaxis(load_case(path_of[row["case"]]), -1, 0)
    predicted = np.asarray(predict_probability(model, image)) >= 0.5
    words = f"{row['case']}, {row['diagnosis']}\nDice {row['dice']:.3f}, HD95 {row['hd95']:.1f} pixels"
    plot_overlay(image, truth, predicted, words, ax=ax)
figure

# %% [markdown] id="3f48f9ed6090"
# *What you see:* the test case with the highest Dice at the left, and the one with the lowest at the right, with the
# true outline (blue, wide) and the predicted one (red, thin).
#
# And some more of each kind:

# %% id="3e6ca50511e2"
from lungseg.plotting import plot_gallery

plot_gallery(table, split.test, model)

# %% [markdown] id="256f324a88eb"
# *What you see:* the cases with the highest Dice, those in the middle, and those with the lowest, with the true
# outlines (blue, wide) and the predicted ones (red, thin). In the upper rows you hardly see blue. What is wrong
# in the lowest row?
#
# **Question 5.4.** A prediction has a Dice of 0.97 and a Hausdorff distance HD95 of 60 pixels. What does it look like?
#
# - **a)** One of the two lungs is missing.
# - **b)** There is a small island of "lung" far away from the lungs.
# - **c)** The border is off by one pixel everywhere.
# - **d)** It cannot be: one of the two numbers is wrong.

# %% tags=["exercise"] nbgrader={"grade_id": "question_5_4"}
# Question 5.4
### BEGIN SOLUTION
answer_5_4 = "b"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_5_4", "points": 1}
quiz("5.4", answer_5_4)

# %% [markdown] id="263e73e3cac4"
# ## Two lungs: cleaning up
#
# A network decides pixel by pixel, and does not know that a chest has exactly two lungs. Islands in the background
# cost hardly any Dice. HD95 jumps once their border is more than 5 % of the whole predicted border; smaller ones are
# among the 5 % that it leaves out, and only the number of components tells of them. The cheapest remedy: keep the two
# largest **connected components**, and drop the rest.
#
# `ndimage.label` numbers the components: 1, 2, 3 …, from the top of the image downwards, with 0 for the background.
# What you need besides:
#
# - `np.bincount(labels.ravel())` counts the pixels of each number: of 0 first, then of 1, of 2 …
# - `np.argsort(areas)` gives the numbers in the order of their areas, the smallest first;
# - `np.isin(labels, [2, 5])` is true where `labels` is 2 or 5.
#
# Two things are easily forgotten: the background is not a component, and a mask may have fewer components than you want
# to keep, or none.
#
# ### Exercise 5.4: keep the largest components

# %% id="28067bc1f0c8"
from scipy import ndimage


# %% tags=["exercise"] nbgrader={"grade_id": "exercise_5_4"}
# Exercise 5.4
def keep_largest(mask, count=2):
    """Return the mask with its `count` largest components only."""
    labels, found = ndimage.label(mask, structure=np.ones((3, 3)))  # pixels that touch at a corner belong together
    ### BEGIN SOLUTION
    areas = np.bincount(labels.ravel(), minlength=found + 1)
    areas[0] = 0
    largest = np.argsort(areas)[-min(count, found) :] if found else []
    return np.isin(labels, largest)
    ### END SOLUTION


# %% tags=["check"] nbgrader={"grade_id": "check_5_4", "points": 4}
check("5.4", keep_largest)

# %% [markdown] id="893ed16ad783"
# `clean_mask` of the package does the same, and fills the holes in what it keeps. What does it change on the test set?

# %% id="05fc06e255b1"
import pandas as pd

cleaned = lungseg.evaluate(model, split.test, clean=True)

columns = ["dice", "hd95", "assd", "components"]
pd.DataFrame({"as predicted": table[columns].mean(), "cleaned": cleaned[columns].mean()}).round(4).T

# %% id="7832215db61c"
change = cleaned["dice"] - table["dice"]
print(f"{(table['components'] != 2).sum()} of {len(table)} predictions do not have exactly two components.")
print(f"Cleaning raises the Dice of {(change > 1e-6).sum()} cases, and lowers that of {(change < -1e-6).sum()}.")
print(f"The largest HD95 was {table['hd95'].max():.1f} pixels and is now {cleaned['hd95'].max():.1f}.")

# %% [markdown] id="a5cadf9f508d"
# **Question 5.5.** Cleaning leaves most masks as they are and improves some; yet it can do harm. When?
#
# - **a)** When the shadow of a finding cuts a lung into two pieces, and the other lung is a third one.
# - **b)** When there is one small island beside the lungs.
# - **c)** When the border is off by a pixel everywhere.
# - **d)** When both lungs are drawn too large.

# %% tags=["exercise"] nbgrader={"grade_id": "question_5_5"}
# Question 5.5
### BEGIN SOLUTION
answer_5_5 = "a"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_5_5", "points": 1}
quiz("5.5", answer_5_5)

# %% [markdown] id="ae856d0e1f1b"
# ## A radiograph of your own
#
# The question that everybody asks after the training: *how do I segment a new image?* A new image is a file, of any
# size, perhaps with black borders, perhaps with 16 bits. It must be prepared exactly as the training images were,
# and the mask must come back to the file's own pixels. `lungseg.segment` does all of it.
#
# As a stand-in for your own file, we write a raw phantom radiograph, as a scanner might: 700 × 700 pixels, 16 bits,
# with a black border, of a "patient" whom the network has never met. To try your own, put its path in `file`.

# %% id="ac6472489b73"
from PIL import Image

from lungseg.phantom import write_raw_phantoms

scratch = tempfile.TemporaryDirectory()
file = write_raw_phantoms(scratch.name, count=1, size=700, seed=2041)[0]

mask = lungseg.segment(run, file, clean=True)  # (height, width) of the file, True and False
radiograph = np.asarray(Image.open(file), dtype="float32")
radiograph = radiograph / radiograph.max()

print(file.name, radiograph.shape, "→ mask", mask.shape, mask.dtype, f"{mask.mean():.1%} of the pixels are lung")

# %% id="5af289f56286"
figure = plot_overlay(radiograph, prediction=mask, title="a new radiograph")
figure

# %% [markdown] id="5b32b034e7a2"
# *What you see:* the radiograph as it is in the file, with its black border, and the predicted outline. The border was
# cut off for the network, and the mask has been put back where it belongs. There is no true outline: this is the
# situation in the clinic, and only you can tell whether it is good. (The outline has small steps: the network worked on
# fewer pixels, and its mask was enlarged.)
#
# To keep the mask, write it as an image; 255 in place of 1, or it would look black:

# %% id="2c16551255ff"
path = Path(scratch.name) / "mask.png"
Image.fromarray(mask.astype("uint8") * 255).save(path)
print(path.name, path.stat().st_size, "bytes")
scratch.cleanup()

# %% [markdown] id="0b5d5f7f117e"
# On the command line, `lungseg predict FILE… --model results/run --out masks` does it for as many files as you like.
#
# ## What the worst have in common
#
# One bad case is a story, several may be a pattern. So we put the worst quarter of the test cases beside the rest, in
# whatever we can measure: how much of the image is lung, how bright the lungs are, how far they stand out against their
# surroundings, and how many have tuberculosis.

# %% id="a1e39f23cae9"
traits = []
for path in split.test:
    image, truth = np.moveaxis(load_case(path), -1, 0)
    lung = truth == 1
    traits.append(
        {
            "lung, % of the image": 100 * lung.mean(),
            "brightness of the lungs": image[lung].mean(),
            "contrast to the rest": image[~lung].mean() - image[lung].mean(),
        }
    )
traits = pd.DataFrame(traits)
traits["tuberculosis, %"] = 100 * (table["diagnosis"] == "tuberculosis")
traits["missed pixels, %"] = 100 * table["fn"] / (table["tp"] + table["fn"])
traits["components"] = table["components"]

is_bad = table["dice"].rank(method="first") <= max(1, len(table) // 4)
traits.groupby(np.where(is_bad, "the worst quarter", "the others")).mean().round(2).T

# %% [markdown] id="6aa6136f42e8"
# Where the two columns differ, there is something to look into: small lungs, bright lungs, little contrast, disease? It
# is a hint and no proof, for a quarter of the test set is a small number of cases.
#
# Here are the three lowest again, in numbers. `missed` is the share of the true lung that was not found, `too many`
# the share of the prediction that is not lung.

# %% id="8d969cecbb1e"
worst = table.nsmallest(3, "dice").copy()
worst["missed"] = worst["fn"] / (worst["tp"] + worst["fn"])
worst["too many"] = worst["fp"] / (worst["tp"] + worst["fp"])
worst[["case", "diagnosis", "dice", "hd95", "components", "missed", "too many"]].round(3)

# %% [markdown] id="9b6240ffe9ea"
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
# **Think about it.** Which of the four is it for your three lowest cases, and what would you do about it next?
#
# <details><summary>Our answer</summary>
#
# On phantoms it is mostly the third, with the fourth behind it. The truth is exact, and few radiographs are unusual:
# none is turned by more than a few degrees, though some are over-exposed. But findings make parts of a lung as bright
# as what surrounds it. More training cases with such findings help, or an augmentation that imitates them; a larger
# image helps the border. On real radiographs begin with the first: have the masks of the worst cases looked at, before
# you change anything about the network.
#
# </details>
#
# **Question 5.6.** Your network reaches a Dice of 0.96 here. May a hospital use it?
#
# - **a)** Yes, 0.96 is nearly as good as two physicians agree.
# - **b)** Yes, after some more epochs.
# - **c)** Yes, if its masks are cleaned.
# - **d)** Not on that ground.

# %% tags=["exercise"] nbgrader={"grade_id": "question_5_6"}
# Question 5.6
### BEGIN SOLUTION
answer_5_6 = "d"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_5_6", "points": 1}
quiz("5.6", answer_5_6)

# %% [markdown] id="ab25e98ed18f"
# ## Keep it
#
# The table, its summary and the figures go into the run folder, beside the network that they belong to.

# %% id="e15515d7cdac"
from lungseg.evaluation import write_evaluation
from lungseg.plotting import save_evaluation_figures

write_evaluation(table, run_folder)
for path in save_evaluation_figures(table, split.test, model, run_folder):
    print("wrote", path.relative_to(run_folder).as_posix())

# %% [markdown] id="50a43a312bbf"
# That was the course. From an array `(H, W, 2)` you have come to masks for radiographs that nobody had segmented,
# and to an honest account of how good they are. Where to go from here: real radiographs (`lungseg download`, then set
# `LUNGSEG_DATA` and run notebooks 4 and 5 again), a larger image size, or another organ altogether: `build_unet`
# takes any number of channels and classes.

# %% id="15c5b4c99127"
dice = summary["dice"]
spread = "" if dice["sd"] is None else f" ± {dice['sd']:.3f}"
print(f"Test Dice: {dice['mean']:.3f}{spread} on {summary['count']} cases. Table and figures are in {shown_as}.")
