"""What Keras is told by its file `keras.json` and by the environment, and what of it must be mended.

Keras reads the file once, while it is imported. One of long ago, or of another
project, is still read; what it says is silently right for that project only.
"""

import json
import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from lungseg.environment.missing import say_what_to_install
from lungseg.errors import InputError, one_line

BACKENDS = ("tensorflow", "jax", "torch")
# Keras can predict with them, and not train.
PREDICTING = ("numpy", "openvino")
EPSILON = 1e-7
LARGEST_EPSILON = 1e-5  # with more, a logarithm of a small probability is another number


class KerasDoesNotStart(InputError, ImportError):
    """Keras cannot be imported; the line says why, and what to do."""


class Fault(NamedTuple):
    """A setting that must be mended.

    Attributes
    ----------
    where : str
        The file and the line, or the variable of the environment.
    what : str
        What was expected, what was received, and what to do.
    fatal : bool
        Whether Keras cannot be imported with it.
    """

    where: str
    what: str
    fatal: bool

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def settings_file() -> Path:
    """Return the path of the file that Keras reads, whether or not there is one."""
    folder = os.environ.get("KERAS_HOME")
    if folder is None:
        home = os.path.expanduser("~")
        folder = os.path.join(home if os.access(home, os.W_OK) else "/tmp", ".keras")
    return Path(folder, "keras.json").expanduser()


def find_faults() -> list[Fault]:
    """Return what must be mended in `keras.json` and in the environment.

    Returns
    -------
    list of Fault
    """
    return [*_faults_of_file(settings_file()), *_faults_of_environment()]


def why_keras_does_not_start(error: BaseException) -> str:
    """Say in one line why Keras cannot be imported.

    Parameters
    ----------
    error : BaseException
        What its import raised.

    Returns
    -------
    str
    """
    fatal = [fault for fault in find_faults() if fault.fatal]
    if fatal:
        return str(fatal[0])
    if isinstance(error, ModuleNotFoundError) and (said := say_what_to_install(error)):
        return f"Keras does not start: {said}"
    reason = one_line(error)[:300]
    return f"Keras does not start: {type(error).__name__}: {reason}. Run `lungseg doctor`, which says what to mend."


def _faults_of_file(path: Path) -> list[Fault]:
    if not path.exists():
        return []
    again = "Delete the file: Keras writes a new one"
    try:
        text = path.read_text()
    except UnicodeDecodeError:
        return [Fault(str(path), f"is not text, so Keras takes nothing from it. {again}.", fatal=False)]
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        return [Fault(str(path), f"Keras cannot read its settings: {reason}. {again}.", fatal=True)]
    try:
        settings = json.loads(text)
    except RecursionError:
        return [Fault(str(path), f"Keras cannot read its settings: too many brackets. {again}.", fatal=True)]
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        what = f"is not JSON ({one_line(error)[:100]}), so Keras takes nothing from it. {again}."
        return [Fault(f"{path}, line {line}", what, fatal=False)]
    if not isinstance(settings, dict):
        what = f"expected settings in braces. Received: a {type(settings).__name__}. {again}."
        return [Fault(str(path), what, fatal=True)]
    faults = []
    for name, judge in _JUDGES.items():
        if name in settings and (judged := judge(settings[name])):
            what, fatal = judged
            faults.append(Fault(_line_of(path, text, name), what, fatal))
    if "backend" in settings and not os.environ.get("KERAS_BACKEND"):
        faults += _judge_backend(_line_of(path, text, "backend"), settings["backend"])
    return faults


def _faults_of_environment() -> list[Fault]:
    faults = []
    if backend := os.environ.get("KERAS_BACKEND"):
        faults += _judge_backend("KERAS_BACKEND", backend)
    for name in ("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH"):
        if (value := os.environ.get(name)) is None:
            continue
        try:
            int(value)
        except ValueError:
            faults.append(Fault(name, f"expected a whole number. Received: {value[:50]!r}. Unset it.", fatal=True))
        else:
            what = f"is {value}, so every training and every prediction ends early. Unset it, unless you want that."
            faults.append(Fault(name, what, fatal=False))
    return faults


def _judge_backend(where: str, backend: object) -> list[Fault]:
    if backend in {*BACKENDS, *PREDICTING} and find_spec(str(backend)) is None:
        what = f"Keras is to compute with {backend}, which is not installed. Install it, or {_mend_backend(where)}."
        return [Fault(where, what, fatal=True)]
    if backend in BACKENDS:
        return []
    if backend in PREDICTING:
        what = f"Keras cannot train with {backend}. To train, {_mend_backend(where)}."
        return [Fault(where, what, fatal=False)]
    what = (
        f"Keras computes with {', '.join(BACKENDS[:-1])} or {BACKENDS[-1]}. "
        f"Received: {str(backend)[:50]}. To mend it, {_mend_backend(where)}."
    )
    return [Fault(where, what, fatal=True)]


def _mend_backend(where: str) -> str:
    if where == "KERAS_BACKEND":
        return "unset that variable of the environment"
    return 'write "backend": "tensorflow" there'


def _judge_floatx(value: object) -> tuple[str, bool] | None:
    if value == "float32":
        return None
    mend = 'Write "floatx": "float32" there'
    if value not in ("float16", "float64"):
        return f"expected floatx to be float32. Received: {str(value)[:50]}. {mend}.", True
    if value == "float64":
        return f"Keras computes in float64, at half the speed and with nothing gained. {mend}.", False
    return (
        f"Keras computes in float16, in which a training loses small steps. {mend}; for speed, see docs/keras.md.",
        False,
    )


def _judge_epsilon(value: object) -> tuple[str, bool] | None:
    mend = f'Write "epsilon": {EPSILON} there'
    if not isinstance(value, float):
        return (
            f"expected epsilon to be a number with a point, {EPSILON} for one. Received: {str(value)[:50]}. {mend}.",
            True,
        )
    if not 0 < value <= LARGEST_EPSILON:
        return f"epsilon is {value}, with which losses are other numbers than elsewhere. {mend}.", False
    return None


def _judge_image_data_format(value: object) -> tuple[str, bool] | None:
    mend = 'Write "image_data_format": "channels_last" there'
    if value == "channels_last":
        return None
    if value == "channels_first":
        what = (
            "channels come first. The networks of this package put them last all the same; your own, and the notebooks'"
        )
        return f"{what}, will not fit the cases. {mend}.", False
    return f"expected channels_last. Received: {str(value)[:50]}. {mend}.", True


_JUDGES = {"floatx": _judge_floatx, "epsilon": _judge_epsilon, "image_data_format": _judge_image_data_format}


def _line_of(path: Path, text: str, name: str) -> str:
    """Name the file, and the line of a setting."""
    for number, line in enumerate(text.splitlines(), start=1):
        if re.search(rf'"{name}"\s*:', line):
            return f"{path}, line {number}"
    return str(path)
