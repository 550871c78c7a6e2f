"""What a report says of the run and of the cases."""

from types import SimpleNamespace

import pytest

from lungseg.report.facts import describe


@pytest.fixture
def describe_run(run, measured, test_part):
    def describe_run(settings=None, table=None, cases=test_part, **of_the_run):
        other = SimpleNamespace(**{**vars(run), "settings": {**run.settings, **(settings or {})}, **of_the_run})
        found = measured if table is None else measured._replace(table=table)
        return {name: text.replace("\u00a0", " ") for name, text in describe(other, found, cases)}

    return describe_run


def test_what_was_evaluated(describe_run):
    facts = describe_run()
    assert facts["Run"] == "my run"
    assert facts["Network"] == "U-Net: filters 4, depth 2; 1,234 parameters"
    assert facts["Cases"].startswith("5 (Phantom 5), of the folder ")
    assert facts["Part of the split"] == "test: 5 of its 5 cases"
    assert facts["Size of the cases"] == "32 × 32 pixels."
    assert "percentiles 5 and 95, resized to 32 × 32 pixels" in facts["Preparation"]
    assert not {"Training", "Stages"} & set(facts)  # which this run does not tell


@pytest.mark.parametrize(
    ("settings", "fact", "says"),
    [
        ({"network": "own"}, "Network", "one that was given to the training, not that of build_unet"),
        (
            {"start": "/home/somebody/runs/before", "seen_before": ["a", "b", "c"]},
            "Training",
            "fine-tuned from the network of before, which 3 cases had trained or chosen",
        ),
        ({"epochs": 7, "learning_rate": 0.002}, "Training", "epochs 7; learning rate 0.002"),
        ({"split": "gaal2020", "count": {"train": 1500, "test": 2}}, "Training", "“gaal2020”: 1,500 train, 2 test"),
        ({"augment": 0, "balance": True}, "Training", "not varied; each source with the same weight"),
        ({"keep": "last", "keras": "3.9", "backend": "jax"}, "Training", "the last epoch kept; Keras 3.9 on jax"),
        ({"stages": "first small, then large"}, "Stages", "first small, then large"),
        ({"preparation": None}, "Preparation", "not known"),
        (
            {"preparation": {"recipe": "colour", "stretch": "type", "low": None, "high": None, "tiled": True}},
            "Preparation",
            "borders kept, numbers from 0 to the largest of their type, in tiles of 32 × 32 pixels",
        ),
        (
            {"preparation": {"recipe": "ct", "stretch": "values", "low": -1000, "high": 400}},
            "Preparation",
            "numbers from -1000 to 400",
        ),
        ({"preparation": {"recipe": "mine", "function": "darker"}}, "Preparation", "as the function 'darker' makes"),
    ],
)
def test_what_the_settings_tell(describe_run, settings, fact, says):
    facts = describe_run(settings)
    assert says in facts[fact]
    assert "somebody" not in str(facts)  # a report is shared with others


def test_sizes_and_parts_are_those_of_the_evaluated_cases(describe_run, measured):
    table = measured.table.copy()
    table.loc[0, ["height", "width"]] = 16, 24
    assert describe_run(table=table)["Size of the cases"].startswith("16 × 24 pixels: 1, 32 × 32 pixels: 4. A pixel")
    names = table["case"].tolist()
    parts = describe_run(split_ids={"train": names[:1], "validation": [], "test": names[1:3]})["Part of the split"]
    assert parts == "train: 1 of its 1 case; test: 2 of its 2 cases; 2 cases that the run does not know"
