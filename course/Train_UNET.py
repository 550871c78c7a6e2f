# %% [markdown]
# # 4. Training the U-Net
#
# Part 4 of 5. Lung segmentation on chest X-rays: data → network → loss → **training** → prediction.
#
# Generator, network and loss are ready. Now they meet. In this notebook you will
#
# - split the cases into training, validation and test, and say what each part is for,
# - compile the network, and give it *callbacks* that watch over the training,
# - train it, for about two minutes on two processor cores or some seconds on a GPU,
# - and read the training curves: is it learning, and is it over-fitting?
#
# All that the training leaves behind goes into one folder, the *run folder*, from which notebook 5 takes it up.
#
# On Google Colab, choose *Runtime → Change runtime type → GPU* before you start.

# %%
import os
import time
from pathlib import Path

import lungseg  # first: from here on TensorFlow keeps its start-up notices to itself
from lungseg.cases import case_group, check_cases, list_cases, save_split, split_cases
from lungseg.datasets import default_cases

FAST = os.environ.get("LUNGSEG_FAST") == "1"  # smaller and shorter, for a quick test of this notebook
SIZE, COUNT = (64, 48) if FAST else (128, 300)
EPOCHS = 2 if FAST else 12
BATCH_SIZE = 8
LEARNING_RATE = 2e-3
SEED = 0

cases = list_cases(default_cases(size=SIZE, count=COUNT))
print(len(cases), "cases")

# %% [markdown]
# Before anything else we check *all* the cases: that each file can be read, that all have one shape, that images lie
# in [0, 1] and masks are 0 or 1. It takes a second. To find a broken file in the middle of an epoch takes longer.

# %%
height, width = check_cases(cases)
print("each case is", height, "×", width)

# %% [markdown]
# ## 4.1 Three parts, three tasks
#
# | part | what it is for | who sees it |
# |---|---|---|
# | **training** | the network learns from it | the optimizer, in each step |
# | **validation** | we choose by it: the best epoch, the learning rate, when to stop | you, during the training |
# | **test** | we judge by it, once, at the end | nobody, until notebook 5 |
#
# Why not two parts? Because choosing is a kind of learning too. Of twelve epochs, the one that is best *on the
# validation cases* is a little lucky there. Only cases that had no say in any choice give a fair score.
#
# The split is **stratified**: each part gets its share of each source (hospital) and diagnosis. And it depends on the
# names of the cases and a seed alone, so that it is the same on each computer.

# %%
import pandas as pd

split = split_cases(cases, seed=SEED)

rows = [{"part": part, **case_group(path)._asdict()} for part, paths in split._asdict().items() for path in paths]
table = pd.DataFrame(rows)
pd.crosstab([table["source"], table["diagnosis"]], table["part"], margins=True)[[*split._fields, "All"]]

# %% [markdown]
# **Question.** Someone writes `files = glob("*.npy")`, and takes the first 500 for training and the rest for the
# test. What can go wrong?

# %% [markdown] tags=["answer"]
# **Answer.** Two things. `glob` returns files in the order of the disk, which differs from computer to computer:
# who trains on one machine and tests on another, tests on cases that the network has learnt from, and the score is
# too good. And if the order follows the names, all the Montgomery cases may end up in the test and none in the
# training. (A third: if one patient has several radiographs, they must all be in the same part. In our sets each has
# one.)

# %% [markdown]
# ### Exercise 1: the generators
#
# Make two of the package's generators (or your own of notebook 1): one for training, one for validation. Which of
# them shuffles?


# %% tags=["exercise"]
def make_generators(split, batch_size, seed):
    """Return the generators of the training and of the validation cases."""
    ### BEGIN SOLUTION
    training = lungseg.DataGenerator(split.train, batch_size, shuffle=True, seed=seed)
    validation = lungseg.DataGenerator(split.validation, batch_size, shuffle=False)
    return training, validation
    ### END SOLUTION


# %% tags=["check"]
training, validation = make_generators(split, BATCH_SIZE, SEED)

assert training[0][0].shape == (BATCH_SIZE, height, width, 1), f"a batch of images is {training[0][0].shape}"
assert len(training.cases) == len(split.train), "the training generator should hold the training cases"
assert len(validation.cases) == len(split.validation), "the validation generator should hold the validation cases"
assert training.shuffle, "the training cases should be shuffled"
assert not validation.shuffle, "the order of the validation cases should stay"
print("Exercise 1: correct.", len(training), "batches to train,", len(validation), "to validate.")

# %% [markdown]
# Always look at a batch before you train:

# %%
from lungseg.plotting import plot_batch

plot_batch(*training[0])

# %% [markdown]
# *What you see:* eight training images, each with the outline of its own mask.
#
# ## 4.2 The network, compiled
#
# `set_random_seed` fixes the first weights, which are drawn at random, and the dropout. With the same seed, a
# training on a processor gives the same network again, bit for bit. (On a GPU almost: it adds numbers up in an order
# that varies.)

# %%
import keras

keras.utils.set_random_seed(SEED)
model = lungseg.build_unet((height, width, 1), filters=16, depth=4, dropout=0.1)

print(f"{model.input_shape} → {model.output_shape}, {model.count_params():,} parameters")

# %% [markdown]
# Compiling joins the network with three things:
#
# - the **optimizer**, which changes the weights: Adam, with a *learning rate*, the length of its steps;
# - the **loss**, which it makes small: Dice plus cross-entropy of notebook 3;
# - the **metrics**, which we watch: Dice and Jaccard of the masks.
#
# ### Exercise 2: compile


# %% tags=["exercise"]
def compile_model(model, learning_rate):
    """Compile with Adam, `lungseg.dice_crossentropy_loss`, and the metrics `Dice` and `Jaccard`."""
    ### BEGIN SOLUTION
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss=lungseg.dice_crossentropy_loss,
        metrics=[lungseg.Dice(), lungseg.Jaccard()],
    )
    ### END SOLUTION


# %% tags=["check"]
compile_model(model, LEARNING_RATE)
untrained = model.evaluate(validation, verbose=0, return_dict=True)

assert isinstance(model.optimizer, keras.optimizers.Adam), "the optimizer should be Adam"
assert abs(float(model.optimizer.learning_rate) - LEARNING_RATE) < 1e-9, "the learning rate was not passed on"
assert {"loss", "dice", "jaccard"} <= set(untrained), f"Keras logs {sorted(untrained)}"
print("Exercise 2: correct. Before the training:", {name: round(value, 3) for name, value in untrained.items()})

# %% [markdown]
# ## 4.3 Callbacks: who watches over the training?
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
# want in the end. There is a trap: Keras expects numbers like a loss, where *lower is better*. With `mode="max"` we
# say that higher is better. Without it, the checkpoint might keep the *worst* network.
#
# They need somewhere to write: the run folder. It is `results/run` in the folder of the project, unless the
# environment variable `LUNGSEG_RUN` names another one.

# %%
here = Path.cwd()
project = next((folder for folder in (here, *here.parents) if (folder / "lungseg" / "__init__.py").is_file()), here)
run_folder = project / os.environ.get("LUNGSEG_RUN", "results/run")
run_folder.mkdir(parents=True, exist_ok=True)
print(run_folder.relative_to(project) if run_folder.is_relative_to(project) else run_folder)

# %% [markdown]
# ### Exercise 3: the callbacks
#
# `ModelCheckpoint` and `CSVLogger` are there. Add the two others between them, both with `monitor="val_dice"` and
# `mode="max"`: `keras.callbacks.ReduceLROnPlateau` with `factor=0.3` and `patience=2` (after two epochs without
# progress, the learning rate is multiplied by 0.3), and `keras.callbacks.EarlyStopping` with `patience=6`.


# %% tags=["exercise"]
def make_callbacks(run_folder):
    """Return the callbacks; all of them watch `val_dice`, where higher is better."""
    best = keras.callbacks.ModelCheckpoint(
        run_folder / "best.keras", monitor="val_dice", mode="max", save_best_only=True
    )
    logger = keras.callbacks.CSVLogger(run_folder / "history.csv")
    ### BEGIN SOLUTION
    slower = keras.callbacks.ReduceLROnPlateau(monitor="val_dice", mode="max", factor=0.3, patience=2, min_delta=5e-4)
    enough = keras.callbacks.EarlyStopping(monitor="val_dice", mode="max", patience=6)
    return [best, slower, enough, logger]
    ### END SOLUTION


# %% tags=["check"]
callbacks = make_callbacks(run_folder)
kinds = [type(callback).__name__ for callback in callbacks]

assert sorted(kinds) == ["CSVLogger", "EarlyStopping", "ModelCheckpoint", "ReduceLROnPlateau"], f"there are {kinds}"
for callback in callbacks[:-1]:
    assert callback.monitor == "val_dice", f"{type(callback).__name__} watches {callback.monitor}"
    assert getattr(callback, "mode", "max") == "max", f"{type(callback).__name__}: higher is better"
assert kinds[-1] == "CSVLogger", "the logger comes last, so that it sees the learning rate"
print("Exercise 3: correct.", ", ".join(kinds))

# %% [markdown]
# **Question.** What would happen with `monitor="val_DSC"`?

# %% [markdown] tags=["answer"]
# **Answer.** There is no such number: our metric is called `dice`, so Keras logs `dice` and `val_dice`. It would
# print a warning in each epoch, easy to overlook, and save *nothing*. After a night of training there would be no
# network.

# %% [markdown]
# We also write down what we did: the split, and the settings. Whoever finds this folder in half a year can repeat it.

# %%
from lungseg.runs import write_json

settings = {
    "cases": str(Path(cases[0]).resolve().parent),
    "count": {part: len(paths) for part, paths in split._asdict().items()},
    "size": [height, width],
    "split": "default",
    "seed": SEED,
    "epochs": EPOCHS,
    "batch_size": BATCH_SIZE,
    "learning_rate": LEARNING_RATE,
    "loss": "dice_crossentropy_loss",
    "network": {"filters": 16, "depth": 4, "dropout": 0.1},
    "parameters": model.count_params(),
    "keras": keras.version(),
    "backend": keras.backend.backend(),
}
for name in ("best.keras", "history.csv", "state.json", "evaluation.csv", "summary.json"):
    (run_folder / name).unlink(missing_ok=True)  # of an earlier training
save_split(split, run_folder / "split.json")
write_json(run_folder / "settings.json", settings)

# %% [markdown]
# ## 4.4 Training
#
# On which device? Keras takes a GPU where there is one, without being told. `Progress`, a callback of the package,
# says after a few batches how long the training will take, and writes a line for each epoch.

# %%
from lungseg.training import Progress, describe_device

print(f"Training on {describe_device()}: {len(split.train)} cases in {len(training)} batches, {EPOCHS} epochs.")

start = time.perf_counter()
progress = Progress(print, len(training), EPOCHS, start)
model.fit(
    training,
    validation_data=validation,
    epochs=EPOCHS,
    callbacks=[*callbacks, progress],
    shuffle=False,  # the generator shuffles the cases; Keras would shuffle its batches once more
    verbose=0,
)
print(f"The training took {time.perf_counter() - start:.0f} seconds.")

# %% [markdown]
# In each line, `loss` and `dice` belong to the training cases, `val_loss` and `val_dice` to the validation cases. Is
# `val_dice` higher than `dice` at first? That is no error: the training score is taken *during* the epoch, with
# dropout and with weights that were still worse, and the validation score after it.
#
# ## 4.5 Reading the curves

# %%
from lungseg.plotting import plot_history, save_figure

run = lungseg.load_run(run_folder)
figure = plot_history(run.history)
save_figure(figure, run_folder / "figures" / "history.png")
figure

# %% [markdown]
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

# %%
history = run.history
best = history.loc[history["val_dice"].idxmax()]
last = history.iloc[-1]
lowest = history["val_loss"].idxmin()
since = len(history) - 1 - lowest  # epochs
rise = last["val_loss"] / history["val_loss"][lowest] - 1

print(f"The best epoch was number {best['epoch'] + 1:.0f} of {len(history)}: val_dice {best['val_dice']:.3f}.")
print(f"The training Dice was {best['dice']:.3f} then, a difference of {best['dice'] - best['val_dice']:+.3f}.")
if rise < 0.1:
    print("At the end the validation loss is at its lowest point, or close to it: no sign of over-fitting.")
elif since < 3:
    print(f"At the very end the validation loss has jumped up by {rise:.0%}. Large steps do that now and then: it is")
    print("over-fitting only if it stays up, epoch after epoch, while the training loss goes on falling.")
else:
    print(f"For {since} epochs the validation loss has been above its lowest point, by {rise:.0%} now: over-fitting.")
if best["epoch"] == last["epoch"]:
    print("The last epoch was the best: more epochs might still help a little.")

# %% [markdown]
# **Question.** The training Dice is 0.99 and the validation Dice is 0.93, and the gap keeps growing. What is it
# called, and what would you try first?

# %% [markdown] tags=["answer"]
# **Answer.** Over-fitting. First *data*: more cases, or augmentation (notebook 1, section 9), which makes new ones
# of the old. Then a smaller network or more dropout. `EarlyStopping` and the checkpoint limit the damage in any
# case: the network of the best epoch is the one that is kept.

# %% [markdown]
# ## 4.6 The network that was kept
#
# `model` is the network after the *last* epoch; `best.keras` holds that of the *best*. We load it, and check that it
# really has the validation Dice that the log promises:

# %%
trained = run.model
compile_model(trained, LEARNING_RATE)
scores = trained.evaluate(validation, verbose=0, return_dict=True)

print("best network, on the validation cases:", {name: round(value, 4) for name, value in scores.items()})
assert abs(scores["dice"] - best["val_dice"]) < 1e-3

# %%
images, masks = validation[0]
plot_batch(images[:4], masks[:4], predictions=trained.predict_on_batch(images)[:4])

# %% [markdown]
# *What you see:* four validation images with the true outlines (blue, wide) and the predicted ones (red, thin).
# Where you see little blue, the network is right. Look where they part: at the tips of the lungs, along the heart,
# or where a finding hides the border?
#
# The test cases are still untouched. They are for the next notebook.

# %%
for path in sorted(run_folder.iterdir()):
    print(f"{path.stat().st_size / 1e6:8.3f} MB  {path.name}" if path.is_file() else f"{'':12} {path.name}/")

# %% [markdown]
# ## 4.7 What you have now
#
# - A split whose test cases nobody has looked at.
# - A run folder: the best network (`best.keras`), the numbers of each epoch (`history.csv`), the split and the
#   settings.
# - Curves, and the words to read them.
#
# The command `lungseg train CASES RUN` does the same from the command line, and goes on where it stopped if it is
# interrupted.
#
# **To try:** another loss (`lungseg.dice_loss`), another learning rate (ten times larger, ten times smaller), 8
# filters in place of 16. Change *one* thing at a time, and name another run folder with `LUNGSEG_RUN`, so that you
# can compare.
#
# Next: `Predict_UNet.ipynb`.
