"""The settings of a training: checked, named, and compared with those of an earlier one."""

import dataclasses
import functools
import inspect
import shutil

import click
import keras
import numpy as np
import pytest
from click.testing import CliRunner

import lungseg.training.training
from lungseg import InputError, list_cases, train
from lungseg.augmentation import standard
from lungseg.cli import main
from lungseg.losses import DiceLoss, dice_loss
from lungseg.phantom import write_phantoms
from lungseg.runs import write_json
from lungseg.training.earlier import SAME_IN_A_RUN, earlier_settings
from lungseg.training.settings import Settings
from trainings import SMALL

DECAYING = keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.5, 10, 0.9))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"epochs": 0}, "number of epochs from 1 upwards.* Received: 0"),
        ({"epochs": 2.5}, "number of epochs.* a whole number. Received: 2.5"),
        ({"seed": -1}, "seed from 0 to.* Received: -1"),
        ({"seed": 2**32}, "seed from 0 to 4294967295.* Received: 4294967296"),  # Keras takes no larger one
        ({"batch_size": 0}, "batch size from 1 upwards.* Received: 0"),
        ({"batch_size": "8"}, "batch size.* a whole number. Received: '8'"),
        ({"learning_rate": -1}, "learning rate above 0. Received: -1"),
        ({"learning_rate": 0}, "learning rate above 0. Received: 0"),
        ({"learning_rate": "fast"}, "learning rate above 0. Received: 'fast'"),
        ({"learning_rate": float("nan")}, "learning rate above 0. Received: nan"),
        ({"learning_rate": float("inf")}, "learning rate above 0. Received: inf"),
        ({"schedule": "linear"}, r"plateau, cosine or constant\. Received: 'linear'"),
        ({"keep": "worst"}, "the best or the last epoch. Received: 'worst'"),
        ({"loss": functools.partial(dice_loss, smooth=10.0)}, "Received: partial"),
        ({"loss": "dice_los"}, "a name that Keras knows.* Received: 'dice_los'"),
        ({"optimizer": "adamm"}, "adam, adamw, .* Received: 'adamm'"),
        ({"class_weights": {"lung": -1}}, "from 0 upwards for lung. Received: -1"),
        ({"class_weights": ["lung"]}, "by the names of classes.* Received: "),
        ({"metrics": "accuracy"}, "metrics: expected a list.* Received: 'accuracy'"),
        ({"optimizer": DECAYING}, 'schedule plateau. Received: .* Give schedule="constant"'),
        ({"optimizer": DECAYING, "learning_rate": 0.1}, "learning_rate: expected none beside.* Received: 0.1"),
    ],
)
def test_wrong_settings_are_refused_before_anything_is_read_or_written(wrong, says, tmp_path):
    with pytest.raises(InputError, match=says):
        train(tmp_path / "no cases", tmp_path / "run", **{**SMALL, **wrong})
    assert not (tmp_path / "run").exists()


def test_the_least_that_is_allowed():
    assert Settings(seed=0, epochs=1, batch_size=1, learning_rate=1e-12)
    assert Settings(seed=2**32 - 1).seed == 2**32 - 1


def test_the_command_has_the_same_defaults():
    options = {option.name: option.get_default(click.Context(main)) for option in main.commands["train"].params}
    asked = vars(Settings())
    own = ("augment", "metrics", "loss", "class_weights")  # a strength, none at all, a name, and several
    shared = {name: value for name, value in asked.items() if name not in own}
    assert len(shared) == 13
    assert {name: options[name] for name in shared} == shared
    assert Settings(loss=options["loss"]).loss is asked["loss"]


def test_the_command_reads_weights_of_classes(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(lungseg.training.training, "train", lambda *given, **settings: asked.append(settings))
    command = ["train", str(tmp_path), str(tmp_path / "run"), "--loss", "dice", "--optimizer", "sgd"]
    result = CliRunner().invoke(main, [*command, "--class-weight", "right lung=2", "--class-weight", "heart = .5"])
    assert result.exit_code == 0, result.output
    assert asked[0]["class_weights"] == {"right lung": 2.0, "heart": 0.5}
    assert (asked[0]["loss"], asked[0]["optimizer"]) == ("dice", "sgd")
    refused = CliRunner().invoke(main, [*command, "--class-weight", "heart"])
    assert refused.exit_code == 2
    assert "heart=2 for one. Received: 'heart'" in refused.stderr


def test_train_has_the_same_arguments_and_defaults():
    arguments = inspect.signature(train).parameters
    fields = {field.name: field.default for field in dataclasses.fields(Settings)}
    assert {name: arguments[name].default for name in fields} == fields


def test_the_learning_rate_of_an_optimizer_counts_if_no_other_is_given():
    own = keras.optimizers.SGD(0.1)
    assert Settings().learning_rate == 0.002
    assert Settings(optimizer=own).learning_rate == 0.1
    assert Settings(optimizer=own, learning_rate=0.3).learning_rate == 0.3
    assert Settings(optimizer=DECAYING, schedule="constant").learning_rate == 0.5


def test_an_unknown_argument_is_refused(folder, tmp_path):
    with pytest.raises(TypeError, match="epoch"):
        train(folder, tmp_path / "run", epoch=3)


@pytest.mark.parametrize(
    ("settings", "described"),
    [
        ({}, {"split": "default", "schedule": "plateau", "balance": None, "keep": "best", "augment": None}),
        ({"balance": True, "keep": "last"}, {"balance": "source", "keep": "last"}),
        ({"schedule": "cosine", "epochs": 7}, {"schedule": "cosine over 7 epochs"}),
        ({"schedule": "constant"}, {"schedule": "constant", "optimizer": "adam", "class_weights": None, "metrics": []}),
        ({"class_weights": {"heart": np.int64(2)}, "metrics": ["mae"]}, {"class_weights": {"heart": 2.0}}),
        ({"loss": "binary_crossentropy"}, {"loss": "binary_crossentropy"}),
        ({"loss": DiceLoss(smooth=5, name="own")}, {"loss": "own(smooth=5)"}),
        ({"batch_size": np.int64(4), "learning_rate": np.float64(1e-3)}, {"batch_size": 4, "learning_rate": 1e-3}),
        ({"seed": np.int64(4), "epochs": np.int64(3)}, {"seed": 4, "epochs": 3}),
        ({"augment": lambda images, masks, seed: (images, masks)}, {"augment": "<lambda>"}),
        # Without the names of the layers, which Keras numbers anew in each process.
        ({"augment": standard(0.5).steps[0]}, {"augment": '{"RandomAffine": {"rotation": 2.5, "zoom": 0.05, '}),
    ],
)
def test_what_settings_json_tells_of_settings(settings, described):
    told = Settings(**settings).described()
    for name, value in described.items():
        assert type(told[name]) is type(value)
        assert told[name] == value or (name == "augment" and told[name].startswith(value))


# ---- Against those of an earlier training ----------------------------------------------------


@pytest.fixture
def earlier(finished, folder):
    return finished.folder, finished.settings, finished.find_split(folder)


@pytest.mark.parametrize("key", SAME_IN_A_RUN)
def test_what_a_training_that_goes_on_must_share(key, earlier):
    run, settings, parts = earlier
    with pytest.raises(InputError, match=rf"run: holds a training with {key} .* Received: {key} 'other'"):
        earlier_settings(run, {**settings, key: "other"}, parts)


def test_of_another_problem_it_is_told_what_differs(earlier):
    run, settings, parts = earlier
    problem = {**settings["problem"], "classes": ["heart"]}
    with pytest.raises(InputError, match=r"with classes \['lung'\]\. Received: classes \['heart'\]\. Give"):
        earlier_settings(run, {**settings, "problem": problem}, parts)


def test_what_may_differ_in_a_training_that_goes_on(earlier):
    run, settings, parts = earlier
    free = settings.keys() - SAME_IN_A_RUN
    assert free == {
        *("cases", "count", "start", "seen_before"),  # told by the split and by the weights of the start
        *("epochs", "preparation", "keras"),
        *("threads", "fingerprint"),  # of these, a word is said
    }
    assert earlier_settings(run, {**settings, **dict.fromkeys(free, "other")}, parts) == settings


def test_runs_of_before_kept_the_best_epoch_and_do_not_say_so(earlier, tmp_path):
    run, settings, parts = earlier
    shutil.copytree(run, tmp_path / "run")
    former = {name: value for name, value in settings.items() if name not in ("keep", "balance")}
    write_json(tmp_path / "run" / "settings.json", former)
    assert earlier_settings(tmp_path / "run", settings, parts) == former
    with pytest.raises(InputError, match="with keep 'best'"):
        earlier_settings(tmp_path / "run", {**settings, "keep": "last"}, parts)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"seed": 3}, "seed"),
        ({"filters": 3}, r"filters 2\. Received: filters 3\. Give"),
        (
            {"filters": 3, "depth": 2, "learning_rate": 0.5},
            r"learning_rate .*, filters 2, depth 1\. Received: learning_rate 0\.5, filters 3, depth 2\. Give",
        ),
        ({"augment": standard(1)}, "augment"),
        ({"balance": True}, "balance"),
    ],
)
def test_a_folder_with_another_training_is_left_alone(change, named, finished, folder):
    before = {path: path.read_bytes() for path in finished.folder.iterdir()}
    with pytest.raises(InputError, match=f"with {named}"):
        train(folder, finished.folder, epochs=2, **{**SMALL, **change})
    assert {path: path.read_bytes() for path in finished.folder.iterdir()} == before


def test_a_folder_with_a_training_on_other_cases_is_left_alone(finished, folder, tmp_path):
    write_phantoms(tmp_path / "others", count=12, size=32, seed=9)
    for path in list_cases(tmp_path / "others"):
        path.rename(path.with_name(f"OTHER_{path.name}"))
    with pytest.raises(InputError, match="other cases"):
        train(tmp_path / "others", finished.folder, epochs=2, **SMALL)
    parts = finished.find_split(folder)
    with pytest.raises(InputError, match="other cases"):
        earlier_settings(finished.folder, finished.settings, parts._replace(train=parts.test, test=parts.train))


def test_a_network_from_elsewhere_is_not_overwritten(finished, folder, tmp_path):
    shutil.copytree(finished.folder, tmp_path / "run")
    for name in ("state.json", "history.csv"):
        (tmp_path / "run" / name).unlink()
    before = (tmp_path / "run" / "best.keras").read_bytes()
    with pytest.raises(InputError, match=r"no state\.json"):
        train(folder, tmp_path / "run", epochs=2, **SMALL)
    assert (tmp_path / "run" / "best.keras").read_bytes() == before
