# %% [markdown] id="4abf13046aeb"
# # 5. Predictions, looked at and measured
#
# Part 5 of 6. Lung segmentation on chest X-rays: data → network → loss → training → **prediction** → experiments.
#
# Your network is trained, and the test cases are untouched.
#
# **You will learn to**
#
# - turn the probabilities of the network into masks,
# - score each test case, and sum the scores up without hiding the bad ones,
# - look at the best, the middling and the worst predictions, and ask what the worst have in common,
# - clean masks up: a chest has two lungs,
# - segment a radiograph file of your own,
# - look inside your network: its filters, its maps, its skips, and what it looks at,
# - and compare two networks on the same cases.
#
# **Time:** about an hour and a half, much of it for looking.
#
# **How to work:** replace each `todo()` by your code, run the cell, then run the check under it. It says what is
# right, or names the first mistake. `hint("5.1")` gives a hint, a plainer one with each call; `solution("5.1")`
# opens after a try; `progress()` shows how far you are.

# %% id="6cd9f5b440b3"
import os
import tempfile
from pathlib import Path

import lungseg
from lungseg.cases import load_case
from lungseg_course import check, hint, progress, quiz, solution, todo, use

FAST = os.environ.get("LUNGSEG_FAST") == "1"  # smaller and shorter, for a quick test of this notebook
if FAST:
    print("LUNGSEG_FAST=1: all is smaller and shorter here, and the numbers in the texts do not fit.")

# %% [markdown] id="366cc29ba143"
# ## The run
#
# The run folder, which Train_UNET left behind, tells everything: which network, trained on which cases, with which
# split, and whose code it was. The test cases are those that were set aside *then*; we do not split again.
#
# (If there is no run folder yet, the network that comes with the package stands in, so that you can go on. It was
# trained on real radiographs, and here it meets phantoms. Run Train_UNET first, if you can: yours is more fun.)

# %% id="cf1513517281"
from lungseg_course.trained import find_training

build_unet = use("build_unet")  # so that Keras knows layers of your own, should your network have any
trained = find_training(few=8 if FAST else 24)

# %% id="4eeb9221c2ea"
run, split = trained.run, trained.split
model = run.model  # the network of the epoch that was kept

print("The network takes images of", load_case(split.test[0]).shape[:2], "pixels.")

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
from lungseg_course.play.threshold import play_with_threshold

image, truth = np.moveaxis(load_case(split.test[0]), -1, 0)  # (H, W) each
probability = np.asarray(predict_probability(model, image))

unsure = np.mean((probability > 0.1) & (probability < 0.9))
print(f"For {unsure:.1%} of the pixels the probability lies between 0.1 and 0.9: there the network is unsure.")
play_with_threshold({split.test[0].stem: (image, truth, probability)})

# %% [markdown] id="e31ae10e2bde"
# *What you see:* the probability of each pixel, dark for "not lung" and bright for "lung"; the image with the true
# outline (blue) and that of the mask which the threshold makes (orange); and the Dice at every threshold, with a
# dot at this one. The network is sure inside and outside, and unsure along the border, in a seam that is a few
# pixels wide.
#
# Take the outlines away and look at the image alone: where would you have drawn them? Then move the threshold. The
# surer a network is, the less it matters, and the flatter is the curve. (On paper, or before the cell has run here,
# the picture stands still.)

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
from lungseg.report.figures import plot_dice_histogram

plot_dice_histogram(table["dice"])

# %% [markdown] id="0b8b36477962"
# *What you see:* how many test cases have which Dice. Typically there is a heap at the right, close to 1, and a few
# stragglers at the left. They pull the mean (orange) below the median (black, dashed).

# %% id="16c21d8d386f"
plot_dice_by_group(table)

# %% [markdown] id="c9651bfc4996"
# *What you see:* a dot for each test case, a row for each group. The grey box holds the middle half of the group, the
# bar in it is the median, and the lowest case has its name beside it. Tuberculosis is often harder: where it hides
# the border of a lung, even people must guess.
#
# **Question 5.3.** Of a small test set, the four normal cases have a mean Dice of 0.962, the four with tuberculosis
# one of 0.951. What follows?
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
from lungseg_course.figures import plot_in_cases

ranked = table.sort_values("dice")
path_of = dict(zip(table["case"], split.test, strict=True))

best, worst = ranked.iloc[-1]["case"], ranked.iloc[0]["case"]
chosen = {}
for case in (best, worst):
    image, truth = np.moveaxis(load_case(path_of[case]), -1, 0)
    chosen[case] = image, truth, np.asarray(predict_probability(model, image)) >= 0.5

plot_in_cases(chosen, table)

# %% [markdown] id="3f48f9ed6090"
# *What you see:* the test case with the highest Dice at the left, and the one with the lowest at the right, with the
# true outline (blue, wide) and the predicted one (orange, thin).
#
# And some more of each kind:

# %% id="3e6ca50511e2"
from lungseg.plotting import plot_gallery

plot_gallery(table, split.test, model)

# %% [markdown] id="256f324a88eb"
# *What you see:* the cases with the highest Dice, those in the middle, and those with the lowest, with the true
# outlines (blue, wide) and the predicted ones (orange, thin). What the network has missed is tinted blue, what it has
# added orange. In the upper rows you hardly see blue. What is wrong in the lowest row?
#
# **Question 5.4.** A prediction has a Dice of 0.97 and a Hausdorff distance HD95 of 60 pixels. What does it look
# like?
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
# Two things are easily forgotten: the background is not a component, and a mask may have fewer components than you
# want to keep, or none.
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
# `clean_mask` of the package does the same, and fills the holes in what it keeps. What does it change on the test
# set?

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
from lungseg.plotting import plot_overlay

plot_overlay(radiograph, prediction=mask, title="a new radiograph")

# %% [markdown] id="5b32b034e7a2"
# *What you see:* the radiograph as it is in the file, with its black border, and the predicted outline (orange).
# The border was cut off for the network, and the mask has been put back where it belongs. There is no true outline:
# this is the situation in the clinic, and only you can tell whether it is good. (The outline has small steps: the
# network worked on fewer pixels, and its mask was enlarged.)
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
# One bad case is a story, several may be a pattern. So we put the worst quarter of the test cases beside the rest,
# in whatever we can measure: how much of the image is lung, how bright the lungs are, how far they stand out
# against their surroundings, and how many have tuberculosis.

# %% id="a1e39f23cae9"
from lungseg_course.figures import traits_of

traits = traits_of(split.test)  # of image and mask
traits["tuberculosis, %"] = 100 * (table["diagnosis"] == "tuberculosis")
traits["missed pixels, %"] = 100 * table["fn"] / (table["tp"] + table["fn"])
traits["components"] = table["components"]

is_bad = table["dice"].rank(method="first") <= max(1, len(table) // 4)
traits.groupby(np.where(is_bad, "the worst quarter", "the others")).mean().round(2).T

# %% [markdown] id="6aa6136f42e8"
# Where the two columns differ, there is something to look into: small lungs, bright lungs, little contrast,
# disease? It is a hint and no proof, for a quarter of the test set is a small number of cases.
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
# On phantoms it is mostly the third, with the fourth behind it. The truth is exact, and few radiographs are
# unusual: none is turned by more than a few degrees, though some are over-exposed. But findings make parts of a
# lung as bright as what surrounds it. More training cases with such findings help, or an augmentation that imitates
# them; a larger image helps the border. On real radiographs begin with the first: have the masks of the worst cases
# looked at, before you change anything about the network.
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

# %% [markdown] id="d87533aeb7b7"
# ## See what the network sees
#
# Your network is a list of numbers that nobody wrote. What has it learnt to look at? We follow one test case
# through it, the one in the middle of the ranking.

# %% id="7ca2e9fed088"
from lungseg_course.looking_inside import look_into

image, truth = np.moveaxis(load_case(path_of[ranked.iloc[len(ranked) // 2]["case"]]), -1, 0)
network = look_into(model, image)

# %% [markdown] id="0c7b71790544"
# ### The first filters
#
# The filters of the first layer see nothing but the image, 3 × 3 pixels at a time. So they can be looked at.

# %% id="e746b4f38651"
from lungseg_course.looking_inside import plot_filters

plot_filters(network, image)

# %% [markdown] id="6b9c90804222"
# *What you see:* above, the nine weights of each filter, from black (negative) over grey (0) to white (positive);
# below, the map that it makes of the image. A filter that is dark on one side and bright on the other answers to
# edges: its map is bright where the image gets brighter in that direction. One that is bright all over blurs. One
# that is called *almost silent* gives 0 at nearly every pixel of this case: after the ReLU, little of it is left.
#
# Nobody chose these filters. The training began with random numbers, and many still look like that: a short training
# changes the first layer little, for the layers behind it learn to use what they get.

# %% [markdown] id="c6580206a3a2"
# ### The maps along the U

# %% id="791c3ab87b3e"
from lungseg_course.looking_inside import plot_maps

plot_maps(network, image)

# %% [markdown] id="356b2a401d0f"
# *What you see:* the U, with the three liveliest maps at each size. Read it down the left side. At full size the maps
# still look like the image, or like its edges; further down they get coarse, and answer to a few places only. At the
# bottom, in the bottleneck, a map tells roughly *where* something is, on a grid like a chessboard. On the right side
# it gets finer again, upwards, with what comes across (→) from the left. In the uppermost row on the right the lungs
# stand out, bright or dark, before the last layer makes one answer of these maps.

# %% [markdown] id="f02ae7140705"
# ### What a skip hands across
#
# Silence one skip: each of its maps is replaced by its mean, the same number at every pixel, so that it says
# nothing of *where*. All other weights stay as they are. What does the network find now, in the same case?
#
# **Think first:** which of the skips will be missed most, the one at full size or the one next to the bottleneck?

# %% id="e9a5e6f447d7"
from lungseg_course.looking_inside import plot_without_skips

plot_without_skips(network, image, truth)

# %% [markdown] id="b6c96ff8d9d0"
# *What you see:* the true outline (blue) and the predicted one (orange): first with all the skips, then without one
# of them, from the largest to the smallest, and at last without any; above each, its Dice.
#
# A single skip is often missed less than one thinks, for what it says is partly said by the others, too. In a
# network that we trained for 12 epochs, the mean Dice fell from 0.973 to 0.968 at most when one of its four skips
# was silent, and to 0.915 without any: then the outline is roughly where it should be, and off by some pixels. (It
# was *trained* with skips, and had no chance to learn to do without. To train one without them is an experiment of
# notebook 6.)

# %% [markdown] id="e66f0235dc68"
# ### What it looks at
#
# On which pixels of the image does the answer at *one* pixel depend? We ask the network for the gradient: how much
# would the probability here move, if a pixel over there got a little brighter? It begins with the pixel at which
# the network is least sure. Move the sliders to ask about another one.

# %% id="07c5c641243d"
from lungseg_course.looking_inside import play_with_view

play_with_view(network, image)

# %% [markdown] id="49dac64bdc28"
# *What you see:* on the left the image with the pixel (orange cross); on the right how much each pixel of the image
# counts for its answer, from black (not at all) to bright. The frame around the pixel holds 95 % of all the
# influence.
#
# In notebook 2 you counted how far a network *can* see. Here is how far this one *does*: most of the influence comes
# from close by. Go to a corner of a lung, to the heart, into a finding: does the network look further around there?
#
# (Where it is so sure that no pixel moves its answer, the picture says so.)

# %% [markdown] id="33292d42e16a"
# ## Your network beside the shipped one
#
# The network that comes with the package has learnt from 554 *real* radiographs, at 256 × 256 pixels, and has never
# seen a phantom. Yours has learnt from the cases of this course. Both get the same test cases. Who wins, and why?
# Write down what you expect.

# %% id="4e1fb93681a7"
from lungseg_course.figures import both_networks
from lungseg_course.trained import shipped_network

shipped = shipped_network(split.test)
theirs = lungseg.evaluate(shipped, split.test)

both_networks(table, theirs).round(3)

# %% id="e5b7269706e0"
from lungseg_course.figures import plot_both_networks

plot_both_networks(table, theirs)

# %% [markdown] id="93f5cc646497"
# *What you see:* a dot for each test case: to the right its Dice by the shipped network, upwards its Dice by yours.
# Above the dashed line yours is better, below it the shipped one is. (If the shipped network stands in for yours,
# all the dots lie on the line.)
#
# The last row of the table holds the difference, case by case, and an interval for its mean, `from` … `to`: with
# other cases of the same kind, the mean could well have been anywhere in there. If 0 lies in it, the two are not
# told apart.
#
# A network that we trained for 12 epochs, in two minutes, had a mean Dice of 0.973 on its 49 test cases; the
# shipped one had 0.954, and was behind in 38 of them. So is it the worse network? Then we gave both of them 142
# real radiographs that neither had seen: 0.943 against 0.959, and now the shipped one was ahead in 135. Each is
# better at home. (Ours was not bad abroad: the phantoms are modelled on such radiographs.) Which is "the better
# network" is a question without an answer, until one says *for whom*.
#
# And size matters, too. A network knows lungs of the size at which it has learnt. So `shipped_network` enlarges the
# images to 256 × 256, and makes the answer small again. With the same phantoms as they were, 128 × 128, the shipped
# network came to 0.899; with phantoms of 64 × 64 it found nothing at all.

# %% [markdown] id="ab25e98ed18f"
# ## Keep it
#
# The table, its summary, the figures and a **report** go into the run folder, beside the network that they belong
# to. The report is one page with all of it: intervals, groups, calibration, the choice of a threshold, and the
# worst cases to look at. It can be sent to somebody who has no Python.

# %% id="e15515d7cdac"
trained.write_report()

# %% id="15c5b4c99127"
dice = summary["dice"]
spread = "" if dice["sd"] is None else f" ± {dice['sd']:.3f}"
print(f"Test Dice: {dice['mean']:.3f}{spread} on {summary['count']} cases.", end=" ")
print(f"Table, figures and report are in {trained.shown_as}.")

# %% [markdown] id="50a43a312bbf"
# ## What you have now
#
# - A **mask** is the probabilities, cut at a threshold that was chosen on the validation cases.
# - The **mean per image** says how a patient fares; the pooled score says how a pixel does. Beside each belongs a
#   distance, and the worst case.
# - A good mean can hide a bad **group**; with few cases, a difference between groups may be chance.
# - Islands are cheap to remove, and once in a while it is a piece of a lung that goes.
# - A network can be **looked into**: filters that find edges, coarse maps that know what, skips that know where.
# - A network is good at what it has learnt from, and a score holds for cases of that kind.
#
# From an array `(H, W, 2)` you have come to masks for radiographs that nobody had segmented, and to an honest
# account of how good they are. Where to go from here: real radiographs (`lungseg download`, then set `LUNGSEG_DATA`
# and run notebooks 4 and 5 again), a larger image size, or another organ altogether: `build_unet` takes any number
# of channels and classes.

# %% id="ade89d2aae34"
progress()

# %% [markdown] id="27e2d54f6f6b"
# **Next:** [notebook 6, the laboratory](Experiments.ipynb): what is each part of the network worth? You find out by
# experiments of your own.
