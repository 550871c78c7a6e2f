# %% [markdown] id="07a0feb56c8f"
# # 4. Training the U-Net
#
# Part 4 of 6. Lung segmentation on chest X-rays: data → network → loss → **training** → prediction → experiments.
#
# Generator, network and loss are ready. Now they meet, and they are *yours*: what you have handed in is trained here,
# and you watch it learn. You will learn to
#
# - split cases into training, validation and test, and say what each part is for,
# - compile a network with a loss, and give it *callbacks* that watch over the training,
# - train it, and see in a figure, epoch by epoch, how its outlines find the lungs,
# - read training curves: is it learning, and is it over-fitting?
#
# **Time:** about an hour. The training itself takes about two minutes on two processor cores, some seconds on a GPU.
#
# All that the training leaves behind goes into one folder, the *run folder*, from which notebook 5 takes it up.
#
# **How to work:** replace each `todo()` by your code, run the cell, then run the check under it. It says what is right,
# or names the first mistake. `hint("4.1")` gives a hint, a plainer one with each call; `solution("4.1")` opens after a
# try; `progress()` shows how far you are.
#
# On Google Colab, choose *Runtime → Change runtime type → GPU* before you start.

# %% id="418dea6f1170"
import os

import lungseg
from lungseg.cases import case_group, case_id, check_cases, list_cases
from lungseg.datasets import default_cases
from lungseg.splits import split_cases
from lungseg_course import check, hint, progress, quiz, solution, todo, use

TRAIN_AGAIN = False  # True: train once more, even if this very training is finished and kept
FAST = os.environ.get("LUNGSEG_FAST") == "1"  # smaller and shorter, for a quick test of this notebook
if FAST:
    print("LUNGSEG_FAST=1: all is smaller and shorter here, and the numbers in the texts do not fit.")
SIZE, COUNT = (64, 48) if FAST else (128, 300)
EPOCHS, DEPTH = (2, 2) if FAST else (12, 4)
BATCH_SIZE = 8
LEARNING_RATE = 2e-3
FILTERS = 16
DROPOUT = 0.1
SEED = 0

cases = list_cases(default_cases(size=SIZE, count=COUNT))
print(len(cases), "cases")

# %% [markdown] id="48eab82c95c2"
# Before anything else we check *all* the cases: that each file can be read, that all have one shape, that images lie
# in [0, 1] and masks are 0 or 1. It takes a second. To find a broken file in the middle of an epoch takes longer.

# %% id="5b39a2ec6f01"
height, width = check_cases(cases)
print("each case is", height, "×", width)

# %% [markdown] id="fc416ee74afe"
# ## Your code
#
# Here come the parts that you handed in from notebooks 1 to 3. Where one is missing, or does not work, the package's
# own stands in, and a line says so: you can train in any case, and hand yours in later.

# %% id="daca2024f411"
DataGenerator = use("DataGenerator")
build_unet = use("build_unet")
dice_loss = use("dice_loss")
Dice = use("Dice")

# %% [markdown] id="acbd41d29470"
# ## Three parts, three tasks
#
# | part | what it is for | who sees it |
# |---|---|---|
# | **training** | the network learns from it | the optimizer, in each step |
# | **validation** | we choose by it: the best epoch, the learning rate, when to stop | you, during the training |
# | **test** | we evaluate by it, once, at the end | nobody, until notebook 5 |
#
# How to make three parts of a list of names? Cutting it at two places is easy. But a list of files has an order: the
# disk's own, or that of the names, with one hospital after the other. So the names are **shuffled** first. And since
# everybody who repeats the experiment must get the *same* parts, chance gets a **seed**:
#
# ```python
# rng = np.random.default_rng(3)  # the same numbers each time, on each computer with the same version of NumPy
# rng.permutation(4)              # the numbers 0 to 3 in a random order
# rng.shuffle(a_list)             # shuffles a list in place
# ```
#
# The seed fixes how places are mixed. Which name lies at which place must be fixed too: **sort** before you shuffle.
#
# The parts have **shares**: 0.71, 0.13 and 0.16 of 704 cases are 499.84, 91.52 and 112.64. Nobody has half a
# radiograph, so two of the numbers are rounded, and the third part takes what is left.
#
# ### Exercise 4.1: a split that is the same everywhere
#
# Write `split_names`: sort, shuffle with the seed, cut.

# %% id="bfb1daaceddd"
import numpy as np


# %% tags=["exercise"] nbgrader={"grade_id": "exercise_4_1"}
# Exercise 4.1
def split_names(names, seed, shares=(0.71, 0.13, 0.16)):
    """Return three lists of names: for training, validation and test.

    The same names and the same seed give the same lists, in whatever order the names are given. Each name is in
    one of the three. `names` itself stays as it is.
    """
    ### BEGIN SOLUTION
    mixed = sorted(names)  # a new list
    np.random.default_rng(seed).shuffle(mixed)
    n_train = round(shares[0] * len(mixed))
    n_validation = round(shares[1] * len(mixed))
    return mixed[:n_train], mixed[n_train : n_train + n_validation], mixed[n_train + n_validation :]
    ### END SOLUTION


# %% tags=["check"] nbgrader={"grade_id": "check_4_1", "points": 3}
check("4.1", split_names)

# %% [markdown] id="d9d560ce782f"
# **Question 4.1.** Someone writes `files = glob("*.npy")`, and takes the first 500 of 704 for training. Next week a
# second notebook, on another computer, runs the same line, and takes all but the first 500 for the test. What is the
# worst that can happen?
#
# - **a)** Nothing: the files are there in any order, and 500 are 500.
# - **b)** `glob` may miss some files.
# - **c)** Cases that the network has learnt from may be in the test, and the score is too good.
# - **d)** The test is too small.

# %% tags=["exercise"] nbgrader={"grade_id": "question_4_1"}
# Question 4.1
### BEGIN SOLUTION
answer_4_1 = "c"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_4_1", "points": 1}
quiz("4.1", answer_4_1)

# %% [markdown] id="c9a552ce5dd8"
# **Question 4.2.** You have chosen the best of twelve epochs by the validation cases. Why not report their Dice, and do
# without a test set?
#
# - **a)** Because the optimizer has learnt from the validation cases.
# - **b)** Because the epoch was chosen by them, so that their score is a little too good.
# - **c)** Because there are too few of them.
# - **d)** Because the validation cases are easier than the test cases.

# %% tags=["exercise"] nbgrader={"grade_id": "question_4_2"}
# Question 4.2
### BEGIN SOLUTION
answer_4_2 = "b"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_4_2", "points": 1}
quiz("4.2", answer_4_2)

# %% [markdown] id="9b8620713615"
# **Think about it.** Some hospitals take several radiographs of a patient. What must a split take care of then?
#
# <details><summary>Our answer</summary>
#
# All the radiographs of one patient must be in the same part: two of them look alike, and whoever has learnt the one
# has half learnt the other. So one splits the *patients*, and lets the radiographs follow. In our sets each patient has
# one radiograph.
#
# </details>
#
# ## A fairer split
#
# Chance is fair on average, and unfair now and then. How many of the test cases have tuberculosis? Here is your split
# with five seeds, beside the package's `split_cases`, which is **stratified**: it splits each group of cases (each
# source with each diagnosis) by itself, so that each part gets its share of every group.

# %% id="25a99f3b2acb"
import pandas as pd


def share_of_tuberculosis(part):
    """Return the percentage of cases with the diagnosis tuberculosis."""
    return 100 * np.mean([case_group(name).diagnosis == "tuberculosis" for name in part])


names = [case_id(path) for path in cases]
rows = [
    {
        "seed": seed,
        "split_names": share_of_tuberculosis(split_names(names, seed)[2]),
        "split_cases": share_of_tuberculosis(split_cases(names, seed).test),
    }
    for seed in range(5)
]
print(f"Tuberculosis in all the cases: {share_of_tuberculosis(names):.0f} %. In the test part, in %:")
pd.DataFrame(rows).set_index("seed").round(0)

# %% [markdown] id="5b5d1ebe8262"
# The smaller the group, the more it matters. From here on we work with the stratified split. Like yours it depends on
# the names and the seed alone.

# %% id="20666d240ec0"
split = split_cases(cases, seed=SEED)

rows = [{"part": part, **case_group(path)._asdict()} for part, paths in split._asdict().items() for path in paths]
table = pd.DataFrame(rows)
pd.crosstab([table["source"], table["diagnosis"]], table["part"], margins=True)[[*split._fields, "All"]]

# %% [markdown] id="a7f2410bc21f"
# ## The generators
#
# `split.train`, `split.validation` and `split.test` are lists of files. Your `DataGenerator(cases, batch_size, shuffle,
# seed)` makes batches of them. The training cases should come in a new order in each epoch, so that no two batches are
# alike, and the seed should fix that order. The validation cases are only looked at: their order stays, so that each
# prediction can be told from the others.
#
# ### Exercise 4.2: the generators
#
# Make two of them: one for training, one for validation. Which of them shuffles?


# %% tags=["exercise"] nbgrader={"grade_id": "exercise_4_2"}
# Exercise 4.2
def make_generators(split, batch_size, seed):
    """Return the generator of the training cases and that of the validation cases."""
    ### BEGIN SOLUTION
    training = DataGenerator(split.train, batch_size, shuffle=True, seed=seed)
    validation = DataGenerator(split.validation, batch_size, shuffle=False)
    return training, validation
    ### END SOLUTION


# %% tags=["check"] nbgrader={"grade_id": "check_4_2", "points": 3}
check("4.2", make_generators)

# %% id="a1827bd87f8b"
training, validation = make_generators(split, BATCH_SIZE, SEED)
print(len(training), "batches to train,", len(validation), "to validate")

# %% [markdown] id="137beb034a36"
# Always look at a batch before you train:

# %% id="19a9da56a4a6"
from lungseg.plotting import plot_batch

plot_batch(*training[0])

# %% [markdown] id="6b820d3c8fe5"
# *What you see:* eight training images, each with the outline of its own mask.
#
# ## The network, compiled
#
# `set_random_seed` fixes the first weights, which are drawn at random, and the dropout. With the same seed, a
# training on a processor gives the same network again, bit for bit. (With another number of cores, or on a GPU, it is
# only nearly the same: numbers are added up in another order.)

# %% id="aab1cbc586c8"
import keras

keras.utils.set_random_seed(SEED)
model = build_unet((height, width, 1), filters=FILTERS, depth=DEPTH, dropout=DROPOUT)

print(f"{model.input_shape} → {model.output_shape}, {model.count_params():,} parameters")

# %% [markdown] id="69730e10ce34"
# Compiling joins the network with three things:
#
# - the **optimizer**, which changes the weights: Adam, with a *learning rate*, the length of its steps;
# - the **loss**, which it makes small: your Dice loss of notebook 3;
# - the **metrics**, which we watch: Dice and Jaccard of the masks.
#
# `model.compile` takes them by their names: `optimizer=`, `loss=` and `metrics=`. The optimizers are in
# `keras.optimizers`; the learning rate, a number, is their first argument.
#
# ### Exercise 4.3: compile


# %% tags=["exercise"] nbgrader={"grade_id": "exercise_4_3"}
# Exercise 4.3
def compile_model(model, learning_rate, loss, metrics):
    """Compile the network with Adam, and with the loss and the list of metrics that are given."""
    ### BEGIN SOLUTION
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss=loss, metrics=metrics)
    ### END SOLUTION


# %% tags=["check"] nbgrader={"grade_id": "check_4_3", "points": 3}
check("4.3", compile_model)

# %% id="85067d831b37"
LOSS = dice_loss

compile_model(model, LEARNING_RATE, LOSS, [Dice(), lungseg.Jaccard()])
untrained = model.evaluate(validation, verbose=0, return_dict=True)

print("Before the training:", {name: round(value, 3) for name, value in untrained.items()})

# %% [markdown] id="d8e0685ce9d9"
# A network that knows nothing yet calls about every second pixel lung, or none at all. These are the numbers to beat.

# %% [markdown] id="03f9c76a40aa"
# ## Callbacks: who watches over the training?
#
# Keras calls them after each epoch. Four of them are worth having in each training:
#
# | callback | what it does |
# |---|---|
# | `ModelCheckpoint` | saves the network whenever it is better than ever before: the *best*, not the last, is kept |
# | `ReduceLROnPlateau` | makes the steps smaller when the score no longer rises |
# | `EarlyStopping` | ends the training when smaller steps do not help either |
# | `CSVLogger` | writes the numbers of each epoch into a table |
#
# The first three watch one number. We watch `val_dice`, the Dice of the validation cases, because that is what we
# want in the end. There is a trap: of a loss, *lower* is better; of a Dice, *higher*, and Keras cannot tell from a
# name. With `mode="max"` we say that higher is better.
#
# They need somewhere to write: the run folder. It is `results/run` in the folder of the project, unless the
# environment variable `LUNGSEG_RUN` names another one.

# %% id="8171bd345106"
from lungseg_course import find_run_folder

run_folder = find_run_folder()
print("run folder:", "/".join(run_folder.parts[-2:]))

# %% [markdown] id="eca82c0b3868"
# ### Exercise 4.4: the callbacks
#
# The logger is there. Make the three others, all of them from `keras.callbacks` and all with `monitor="val_dice"` and
# `mode="max"`:
#
# - `ModelCheckpoint`: its first argument is the file, `run_folder / "best.keras"`; with `save_best_only=True` it
#   overwrites the file only if the network has become better;
# - `ReduceLROnPlateau` with `factor=0.3` and `patience=2`: after two epochs without progress, the learning rate is
#   multiplied by 0.3 (if you like, say with `min_delta=0.0005` that smaller rises are no progress);
# - `EarlyStopping` with `patience=6`: after six epochs without progress, the training ends.
#
# Return all four in a list, the logger last, so that it sees the learning rate.


# %% tags=["exercise"] nbgrader={"grade_id": "exercise_4_4"}
# Exercise 4.4
def make_callbacks(run_folder):
    """Return the four callbacks; three of them watch `val_dice`, where higher is better."""
    logger = keras.callbacks.CSVLogger(run_folder / "history.csv")
    ### BEGIN SOLUTION
    watched = {"monitor": "val_dice", "mode": "max"}
    best = keras.callbacks.ModelCheckpoint(run_folder / "best.keras", save_best_only=True, **watched)
    slower = keras.callbacks.ReduceLROnPlateau(factor=0.3, patience=2, min_delta=0.0005, **watched)
    enough = keras.callbacks.EarlyStopping(patience=6, **watched)
    return [best, slower, enough, logger]
    ### END SOLUTION


# %% tags=["check"] nbgrader={"grade_id": "check_4_4", "points": 4}
check("4.4", make_callbacks)

# %% [markdown] id="7f7bf6b6119f"
# **Question 4.3.** What would happen with `monitor="val_DSC"` in all three? (DSC is another word for the Dice
# coefficient.)
#
# - **a)** Nothing new: Keras knows the word.
# - **b)** The training stops with an error in the first epoch.
# - **c)** They watch `val_loss` in its place.
# - **d)** Keras warns and goes on. The learning rate never falls, the training never stops early, and best.keras is not
#   the best network.

# %% tags=["exercise"] nbgrader={"grade_id": "question_4_3"}
# Question 4.3
### BEGIN SOLUTION
answer_4_3 = "d"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_4_3", "points": 1}
quiz("4.3", answer_4_3)

# %% [markdown] id="87d15327a794"
# **Question 4.4.** And what would happen with `monitor="val_dice"` and `mode="min"`?
#
# - **a)** The worst network is kept, and the training slows down and stops while it goes well.
# - **b)** Keras warns that a Dice should be high.
# - **c)** The network learns to make the Dice small.
# - **d)** Nothing is saved, as the Dice never falls.

# %% tags=["exercise"] nbgrader={"grade_id": "question_4_4"}
# Question 4.4
### BEGIN SOLUTION
answer_4_4 = "a"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_4_4", "points": 1}
quiz("4.4", answer_4_4)

# %% [markdown] id="2495d1631cee"
# ## Training
#
# `model.fit` runs the epochs. It takes the training generator first, then, by their names:
#
# - `validation_data`: after each epoch, Keras predicts these cases too, and logs their numbers with `val_` before the
#   name. Without them there would be no `val_dice`, and nothing for our callbacks to watch;
# - `epochs`: how many times the network sees each training case, at most;
# - `callbacks`: the list;
# - `shuffle=False`: your generator has mixed the cases already. Keras would mix the order of its batches once more,
#   with random numbers that the generator's seed does not fix;
# - `verbose=0`: no progress bar, as we have a quieter one.
#
# It returns a `History`; its `.history` is a dictionary with a list for each number.
#
# ### Exercise 4.5: fit


# %% tags=["exercise"] nbgrader={"grade_id": "exercise_4_5"}
# Exercise 4.5
def run_training(model, training, validation, epochs, callbacks):
    """Train the compiled network, validate it after each epoch, and return the history."""
    ### BEGIN SOLUTION
    return model.fit(
        training,
        validation_data=validation,
        epochs=epochs,
        callbacks=callbacks,
        shuffle=False,
        verbose=0,
    )
    ### END SOLUTION


# %% tags=["check"] nbgrader={"grade_id": "check_4_5", "points": 3}
check("4.5", run_training)

# %% [markdown] id="1cb2fa3dae1c"
# ## The training begins
#
# We write down what we do: the split, and the settings, and whose code it is. Whoever finds the folder in half a year
# can repeat it. It also tells `begin_training` whether this very training, with these settings and this code, has been
# done before: then it is taken from its folder, and you need not wait for it again. A new one gets a folder of its own
# if there is a network in the run folder, and takes its place if it turns out to be better.

# %% id="97f33f0a04e4"
from lungseg_course import begin_training, describe_training

parts = [DataGenerator, build_unet, LOSS, Dice]  # whose are they?
settings = describe_training(
    split,
    model,
    parts,
    loss=LOSS,
    seed=SEED,
    epochs=EPOCHS,
    batch_size=BATCH_SIZE,
    learning_rate=LEARNING_RATE,
    filters=FILTERS,
    depth=DEPTH,
    dropout=DROPOUT,
)
code = [*parts, make_generators, compile_model, make_callbacks, run_training]
attempt = begin_training(run_folder, settings, split, model, code, again=TRAIN_AGAIN)
print("Code:", ", ".join(f"{part} by {author}" for part, author in settings["code"].items()))

# %% [markdown] id="ecf0dd59ac84"
# On which device? Keras takes a GPU where there is one, without being told.
#
# `attempt.reporter` is a callback of the course. It draws *one* figure, and draws it anew after each epoch: the curves
# so far, and what your network makes of the same two validation cases. Below the figure it counts batches, and says
# how much time is left. Watch the orange outlines find the lungs.
#
# You may interrupt the training (the square button above): what it has reached so far is kept.

# %% id="ac3eeeb29fa1"
if attempt.finished:
    attempt.show()
else:
    callbacks = [*make_callbacks(attempt.folder), attempt.reporter(len(training), EPOCHS)]
    with attempt.interruptible():
        run_training(model, training, validation, EPOCHS, callbacks)

# %% [markdown] id="a8e6859af2af"
# *What you see:* on the left the loss, which falls, and the Dice, which rises, epoch by epoch; a star marks the best
# epoch. On the right two cases that the network does not learn from, with the true outline (light blue, wide) and
# the predicted one (orange, thin). Before the training it calls some pixels or other lung. After an epoch or two it
# knows roughly where lungs are; from then on it works at the borders.
#
# Is the Dice of the validation cases higher than that of the training cases at first? That is no error: the training
# score is taken *during* the epoch, with dropout and with weights that were still worse, and the validation score
# after it. In the table that the logger writes, and in callbacks, the numbers of the validation cases are called
# `val_loss` and `val_dice`.
#
# ## Reading the curves

# %% id="10faf188a047"
from lungseg.plotting import plot_history, save_figure

run = attempt.load()
figure = plot_history(run.history)
save_figure(figure, run.folder / "figures" / "history.png")
figure

# %% [markdown] id="370f209cab9c"
# *What you see:* the loss (falling), the Dice (rising), and the learning rate, epoch by epoch; dashed for the
# training cases, solid for the validation cases. A star marks the best epoch: the one whose network was kept.
#
# How to read such curves:
#
# - **Both losses fall, close together:** it is learning what is common to all cases. More epochs may help.
# - **The training loss falls, the validation loss rises:** it *over-fits*. It learns the training cases by heart,
#   noise and all. Stop earlier, augment, use more dropout, or get more cases.
# - **Both stay high:** it *under-fits*. Try a larger network, a higher learning rate, or more epochs. Or look for a
#   mistake in the data.
# - **The loss jumps up and down:** the steps are too large. Lower the learning rate.
#
# Let us read ours aloud:

# %% id="522afff89bf1"
from lungseg_course import read_aloud

read_aloud(run.history)

# %% [markdown] id="782cd3c26d03"
# **Question 4.5.** The training Dice is 0.99 and the validation Dice is 0.93, and the gap keeps growing. What is it,
# and what would you try first?
#
# - **a)** Under-fitting: a larger network.
# - **b)** The steps are too large: a lower learning rate.
# - **c)** Over-fitting: more data, or augmentation (notebook 1).
# - **d)** All is well: more epochs.

# %% tags=["exercise"] nbgrader={"grade_id": "question_4_5"}
# Question 4.5
### BEGIN SOLUTION
answer_4_5 = "c"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_4_5", "points": 1}
quiz("4.5", answer_4_5)

# %% [markdown] id="841a00dcbdf2"
# **Question 4.6.** The training loss goes 0.61, 0.34, 0.72, 0.41, 0.69, and the validation loss jumps likewise. What
# would you try first?
#
# - **a)** Augmentation, as it over-fits.
# - **b)** A lower learning rate, as the steps are too large.
# - **c)** A larger network, as it under-fits.
# - **d)** More validation cases, as there are too few.

# %% tags=["exercise"] nbgrader={"grade_id": "question_4_6"}
# Question 4.6
### BEGIN SOLUTION
answer_4_6 = "b"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_4_6", "points": 1}
quiz("4.6", answer_4_6)

# %% [markdown] id="f202bc97f679"
# ## The network that was kept
#
# `model` is the network after the *last* epoch; `best.keras` holds that of the *best*. We load it, and check that it
# really has the validation Dice that the log promises:

# %% id="3897585bb7e0"
trained = run.model
compile_model(trained, LEARNING_RATE, LOSS, [Dice(), lungseg.Jaccard()])
scores = trained.evaluate(validation, verbose=0, return_dict=True)

print("best network, on the validation cases:", {name: round(value, 4) for name, value in scores.items()})
print(f"the log says {run.history['val_dice'].max():.4f}")

# %% id="d525f2e38b9e"
images, masks = validation[0]
plot_batch(images[:4], masks[:4], predictions=trained.predict_on_batch(images)[:4])

# %% [markdown] id="580d184bf21c"
# *What you see:* four validation images with the true outlines (light blue, wide) and the predicted ones (orange,
# thin).
# Where you see little blue, the network is right. Look where they part: at the tips of the lungs, along the heart,
# or where a finding hides the border?
#
# The test cases are still untouched. They are for the next notebook.

# %% id="485816d88f18"
for path in sorted(run.folder.iterdir()):
    print(f"{path.stat().st_size / 1e6:8.3f} MB  {path.name}" if path.is_file() else f"{'':12} {path.name}/")

# %% [markdown] id="6df79800ceaa"
# ## Recap
#
# - Three parts, three tasks: the network learns from the first, you choose by the second, and nobody looks at the
#   third until the end. Shuffled with a seed, they are the same everywhere.
# - Compiling joins network, optimizer, loss and metrics. Callbacks keep the best network, lower the learning rate and
#   stop in time, if they are told which number to watch, and which way is better.
# - Curves tell what to try next: close together, they ask for more epochs; drifting apart, for more data; jumping, for
#   smaller steps.
#
# What you have now: your own network, trained with your own generator and your own loss (or with the package's where
# a line above said so); a split whose test cases nobody has looked at; and a run folder with the best network
# (`best.keras`), the numbers of each epoch (`history.csv`), the split and the settings.
#
# The command `lungseg train CASES RUN` trains the same network from the command line, with the sum of Dice loss and
# cross-entropy and for up to 15 epochs, and goes on where it stopped if it is interrupted.
#
# **To try:** another loss (this sum: `LOSS = lungseg.dice_crossentropy_loss`), another `LEARNING_RATE` (ten times
# larger, ten times smaller), `FILTERS = 8`. Change *one* thing at a time, restart the kernel, and run from the top.
#
# No training is deleted. The best one is in `results/run`, where notebook 5 looks for it; the others are beside it, in
# `results/run_1`, `results/run_2` and so on. For notebook 5 to look at another one, write `attempt.take()` in a cell of
# your own, which puts the training of this notebook into `results/run`; or name one under the imports of notebook 5:
# `os.environ["LUNGSEG_RUN"] = "results/run_1"`. Each takes about 20 MB: delete those that you no longer need.

# %% id="c39fb47e4f1a"
progress()

# %% [markdown] id="7197af18c70c"
# **Next:** [notebook 5, predictions looked at and measured](Predict_UNet.ipynb): how good is your network on cases that
# nobody has looked at?
