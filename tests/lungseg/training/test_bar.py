"""The progress bar of a training, and where there is none."""

import io

import pytest

from lungseg import train
from lungseg.training import bar
from lungseg.training.bar import ProgressBar, choose_progress
from lungseg.training.callbacks import Progress
from lungseg.training.clock import Clock
from trainings import SMALL, Interrupt


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def before_a_terminal(monkeypatch):
    """To be called within a test: pytest puts its own stream there when the test begins."""

    def sit_down():
        monkeypatch.setattr(bar.sys, "stderr", Terminal())
        return bar.sys.stderr

    return sit_down


@pytest.mark.parametrize(
    ("wanted", "stream", "kind"),
    [
        (True, Terminal(), ProgressBar),
        (False, Terminal(), Progress),
        (True, io.StringIO(), Progress),
        (True, None, Progress),
    ],
)
def test_a_bar_needs_a_terminal(wanted, stream, kind, monkeypatch):
    monkeypatch.setattr(bar.sys, "stderr", stream)
    assert choose_progress(wanted) is kind


def test_the_bar_tells_epochs_batches_the_best_dice_and_the_time_left(before_a_terminal, monkeypatch):
    now, lines, terminal = [0.0], [], before_a_terminal()
    monkeypatch.setattr("lungseg.training.clock.time.perf_counter", lambda: now[0])
    progress = ProgressBar(lines.append, 4, 3, 0.0)
    progress.bar.mininterval = 0
    for epoch, score in enumerate((0.9, 0.8, 0.95)):
        progress.on_epoch_begin(epoch)
        for batch in range(4):
            now[0] += 10
            progress.on_train_batch_end(batch)
        now[0] += 2
        progress.on_epoch_end(epoch, {"loss": 0.5, "val_dice": score})
    progress.close()
    shown = [part.strip() for part in terminal.getvalue().replace("\n", "\r").split("\r")]
    assert any(part.startswith("epoch 1/3, batch 2/4 |") for part in shown)
    (part,) = {part for part in shown if part.startswith("epoch 3/3, batch 1/4 |")}
    assert part.endswith("| best val_dice 0.900, 32 s left")
    assert [line.partition("/3")[0].split() for line in lines] == [["epoch", "1"], ["epoch", "2"], ["epoch", "3"]]
    assert lines[1] == "epoch   2/3  loss 0.5000  val_dice 0.8000"
    assert shown[-1] == ""  # nothing of it stays


class DrawnEachTime(ProgressBar):
    def __init__(self, *given):
        super().__init__(*given)
        self.bar.mininterval = 0  # on a fast computer a batch ends before it would be drawn again


def test_an_interrupted_training_leaves_its_lines_and_no_bar(folder, tmp_path, before_a_terminal, monkeypatch):
    monkeypatch.setattr(bar, "ProgressBar", DrawnEachTime)
    lines, terminal = [], before_a_terminal()
    settings = {**SMALL, "report": lines.append, "progress": True, "callbacks": [Interrupt(0, in_batch=1)]}
    with pytest.raises(KeyboardInterrupt):
        train(folder, tmp_path / "run", epochs=1, **settings)
    assert [line.partition(" ")[0] for line in lines] == ["Training", "Interrupted"]
    assert "epoch 1/1, batch 1/2 |" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r")


def test_the_time_left_within_an_epoch(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("lungseg.training.clock.time.perf_counter", lambda: now[0])
    clock, told = Clock(batches=20, epochs=3), []
    for epoch in range(2):
        clock.begin(epoch)
        for batch in range(20):
            now[0] += 60 if (epoch, batch) == (0, 0) else 1
            clock.count(batch)
            told.append(clock.left())
        now[0] += 2
        clock.end()
    assert told[:10] == [None] * 10
    assert told[10] == pytest.approx(22 * (3 - 11 / 22))  # 20 batches, and a tenth for the validation
    assert told[29] == pytest.approx(22.1 * (2 - 10 / 22), rel=0.01)
    assert clock.left() == pytest.approx(22)
