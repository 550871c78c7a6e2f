"""nbgrader's step that runs a notebook, with limits; where a kernel dies, it goes on with a new one."""

import copy
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil
from nbclient.client import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute
from traitlets import Dict, Float, Integer

from grader.watching import Watch

NOTES = "lungseg_notes"  # where an executed notebook keeps what was unusual
LEAST = 10  # seconds of processor time that a cell gets in any case
# What a student's kernel begins with: to end it is no way to end a cell.
NO_EXIT = """\
def _keep_the_kernel():
    import builtins, os
    kernel, really = os.getpid(), os._exit
    def exit(status=None):
        if os.getpid() != kernel:  # a process that the notebook has started
            really(status or 0)
        raise SystemExit("exit() ends the cell, and not the notebook, while it is graded")
    builtins.exit = builtins.quit = os._exit = os.abort = exit
    return exit
exit = quit = _keep_the_kernel()
del _keep_the_kernel
"""


# What the cells below use, of an exercise whose own names are not there.
REFERENCE = """\
def _use_reference(number):
    from lungseg_course.references import reference_of
    for name, thing in reference_of(number).items():
        globals().setdefault(name, thing)
try:
    _use_reference("{}")
finally:
    del _use_reference
"""
BELOW = "The cells below work with the reference solution of this exercise."


class RunWithLimits(Execute):
    """Run the cells one by one.

    A cell is interrupted when it has used its share of processor time, or has
    done nothing for a while; a kernel that does not answer is ended. Time is
    that of the processor: on a busy machine a clock would stop right answers.
    """

    km: Any
    kc: Any
    cell_seconds = Float(40, help="seconds of processor time for a cell").tag(config=True)
    lost_seconds = Float(60, help="seconds that stopped cells of a notebook may take together").tag(config=True)
    idle_seconds = Float(30, help="seconds that a cell may wait without computing").tag(config=True)
    until = Float(float("inf"), help="when all has to be done, as time.time() tells it").tag(config=True)
    restarts = Integer(3, help="how often a new kernel is started in a notebook").tag(config=True)
    characters = Integer(20_000, help="of what a cell prints").tag(config=True)
    pictures = Integer(10, help="of what a cell shows").tag(config=True)
    environment = Dict(help="of the kernel").tag(config=True)

    def preprocess(self, nb, resources=None, km=None):
        NotebookClient.__init__(self, nb, km)
        self.timeout, self.iopub_timeout, self.raise_on_iopub_timeout = None, 60, False
        self.shutdown_kernel = "immediate"
        self.reset_execution_trackers()
        self._check_assign_resources(resources)
        self.left = self.lost_seconds
        self.notes: list[dict[str, str]] = []
        self.stopped: dict[int, str] = {}  # place of a cell → why
        self.replaced: dict[int, str] = {}  # place of a check → exercise whose reference stands in below
        deadly: set[int] = set()
        first = 0
        while first < len(nb.cells) and len(deadly) <= self.restarts and time.time() < self.until:
            first = self._run_from(first, deadly)
        for cell in nb.cells[first:]:
            if cell.cell_type == "code":
                cell.outputs = [_error("NotRun", "this cell was not run: see above")]
        if first < len(nb.cells):
            why = "the time is up" if time.time() >= self.until else f"its kernel died {len(deadly)} times"
            self._note(first, f"and the cells below were not run: {why}")
        for place, cell in enumerate(nb.cells):
            self._expect_a_grade(place, cell)
        nb.metadata[NOTES] = self.notes
        return nb, self.resources

    def _run_from(self, first: int, deadly: set[int]) -> int:
        """Run the cells from one on, in a new kernel. Return the place of the first that is left."""
        place = first
        try:
            with self.setup_kernel(env=dict(self.environment) or None), self._watch() as watch:
                self.wait_for_reply(self.kc.execute(NO_EXIT, silent=True, store_history=False))
                # What a dead kernel knew: all that was run before, but for checks, and for what has killed it.
                for place, cell in enumerate(self.nb.cells[:first]):
                    if place not in deadly and place not in self.stopped and not _is_graded(cell):
                        self._run(copy.deepcopy(cell), place, watch)
                        self.nb.cells[place] = cell  # as it came out the first time
                    if place in self.replaced:
                        self._use_reference(self.replaced[place])
                for place in range(first, len(self.nb.cells)):
                    if time.time() >= self.until:
                        return place
                    self._run(self.nb.cells[place], place, watch)
                    self._go_on_after(place)
                return len(self.nb.cells)
        except DeadKernelError:
            deadly.add(place)
            cell = self.nb.cells[place]
            why = self.stopped.get(place, "it has ended its kernel, or taken too much memory")
            self._note(place, why)
            cell.outputs = [*cell.get("outputs", []), _error("KernelDied", why)]
            return max(first, place + 1)
        finally:
            # A kernel that has died leaves these, and the next one is made only where there is none.
            self.km = self.kc = None

    def _run(self, cell: NotebookNode, place: int, watch: Watch) -> None:
        self.printed, self.shown, self.cut = 0, 0, 0
        seconds = min(self.cell_seconds, max(LEAST, self.left))
        # The checks themselves stop what waits: after a minute, and they go on with the other looks at it.
        idle = self.idle_seconds * (3 if _is_graded(cell) else 1)
        with watch.over(seconds, idle) as stopped:
            try:
                self.execute_cell(cell, place, store_history=True)
            finally:
                if stopped():
                    self.stopped[place] = stopped()
                    self.left -= seconds
        if stopped():
            cell.outputs.append(_error("Stopped", stopped()))
            self._note(place, stopped())
        if self.cut:
            cell.outputs.append(
                new_output("stream", name="stdout", text=f"\n({self.cut:,} more outputs are left out)\n")
            )
            self._note(place, "what it printed or showed was cut")

    def _go_on_after(self, place: int) -> None:
        """Where a check finds no answer, as its cell could not be run, let the cells below use the reference."""
        cell = self.nb.cells[place]
        call = re.search(r'\bcheck\("(\d\.\d+)"', cell.source) if _is_graded(cell) else None
        if call and any(output.get("ename") == "NameError" for output in cell.outputs):
            self.replaced[place] = call[1]
            self._use_reference(call[1])
            cell.outputs.append(new_output("stream", name="stdout", text=f"\n{BELOW}\n"))

    def _use_reference(self, number: str) -> None:
        self.wait_for_reply(self.kc.execute(REFERENCE.format(number), silent=True, store_history=False))

    def output(self, outs, msg, display_id, cell_index):
        """Take in an output, unless there were too many: nbclient's own keeps all of them."""
        kind, content = msg["msg_type"], msg["content"]
        if kind == "stream":
            room = self.characters - self.printed
            self.printed += len(content["text"])
            if room <= 0:
                self.cut += 1
                return None
            if len(content["text"]) > room:
                self.cut += 1
                content["text"] = content["text"][:room]
        elif kind == "display_data" and _has_a_picture(content["data"]):
            self.shown += 1
            if self.shown > self.pictures:
                self.cut += 1
                return None
        return super().output(outs, msg, display_id, cell_index)

    def _expect_a_grade(self, place: int, cell: NotebookNode) -> None:
        """See that a check ends in its points: nbgrader gives all of them to a cell that says nothing."""
        if cell.cell_type != "code" or not _is_graded(cell):
            return
        results = [each.data.get("text/plain", "") for each in cell.outputs if each.output_type == "execute_result"]
        if any(each.output_type == "error" for each in cell.outputs) or (results and _is_grade(results[0], cell)):
            return
        cell.outputs = [each for each in cell.outputs if each.output_type != "execute_result"]
        cell.outputs.append(_error("NoPoints", "the check did not come to its points"))
        self._note(place, "the check did not come to its points")

    def _note(self, place: int, text: str) -> None:
        cell = self.nb.cells[place]
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        self.notes.append({"cell": grade_id or f"cell {place + 1}", "text": text})

    @contextmanager
    def _watch(self) -> Iterator[Watch]:
        watch = Watch(psutil.Process(self.km.provisioner.pid), self.until)
        try:
            yield watch
        finally:
            watch.end()


def _error(name: str, text: str) -> NotebookNode:
    return new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])


def _has_a_picture(data: dict[str, Any]) -> bool:
    # A figure of the course is a piece of HTML.
    return any(name.startswith("image/") for name in data) or "<img" in data.get("text/html", "")


def _is_graded(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("grade"))


def _is_grade(text: str, cell: NotebookNode) -> bool:
    try:
        return 0 <= float(text) <= float(cell.metadata.nbgrader.points)
    except ValueError:
        return False
