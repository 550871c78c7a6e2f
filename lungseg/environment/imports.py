"""What happens while TensorFlow and Keras are imported.

TensorFlow writes some lines about the processor straight to the error stream
while it is imported, whatever its log level (version 2.21 writes six with
`TF_CPP_MIN_LOG_LEVEL=3`): to a student they look like a fault. In a notebook
and on the command line, which call `tidy_imports`, what TensorFlow writes while
it is imported is held back, and shown only if the import fails; and where Keras
cannot be imported, one line says why. `import lungseg` alone changes nothing.

Once Keras is imported, it is told of the package's losses, metrics and layers.
"""

import contextlib
import importlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

# Those with losses, metrics and layers that a saved network may hold.
KNOWN_TO_KERAS = ("lungseg.losses", "lungseg.metrics", "lungseg.augmentation")


def tidy_imports() -> None:
    """Do all of this at once: for a notebook or a command, before its first import of Keras or TensorFlow."""
    keep_tensorflow_quiet()
    register_with_keras(KNOWN_TO_KERAS)


def register_where_keras_is() -> None:
    """Tell Keras of the losses, metrics and layers if it has been imported; if not, nothing is done."""
    if "keras" in sys.modules:
        for name in KNOWN_TO_KERAS:
            importlib.import_module(name)


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Hold back what is written to the error stream, by C++ code too; show it after an exception."""
    import tempfile  # here: `import lungseg` should be quick

    try:
        sys.stderr.flush()
        stream = os.dup(2)
    except (AttributeError, OSError, ValueError):  # there is no error stream, as under pythonw
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(stream, held.read())
            raise
        finally:
            os.dup2(stream, 2)
            os.close(stream)


class _AroundImport:
    """Finds a module as Python does, and runs its import inside a function of ours."""

    def __init__(self, name: str, run_inside: Callable[..., Any]):
        self.name = name
        self.run_inside = run_inside

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        from importlib.util import find_spec

        sys.meta_path.remove(self)  # for a moment, so as to ask the others
        try:
            spec = find_spec(name)
        finally:
            sys.meta_path.insert(0, self)
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module

            def run_module(module):
                self.run_inside(run, module)
                sys.meta_path.remove(self)

            spec.loader.exec_module = run_module  # type: ignore[method-assign]
        return spec


def _around_import(name: str, run_inside: Callable[..., Any]) -> None:
    """Run the import of a module inside a function, unless it is imported already."""
    if name not in sys.modules and not any(isinstance(f, _AroundImport) and f.name == name for f in sys.meta_path):
        sys.meta_path.insert(0, _AroundImport(name, run_inside))


def keep_tensorflow_quiet() -> None:
    """Hold back TensorFlow's notices, now and when it is imported. Does not import it."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

    def quietly(run, module):
        with held_back():
            run(module)

    _around_import("tensorflow", quietly)


def register_with_keras(modules: Sequence[str]) -> None:
    """Import the modules whose losses, metrics and layers Keras should know, as soon as Keras is imported.

    So a network that was saved with them can be loaded whatever is imported first. Where Keras cannot be imported, one
    line says why.

    Parameters
    ----------
    modules : sequence of str
    """

    def import_all():
        for name in modules:
            importlib.import_module(name)

    def then_register(run, module):
        try:
            run(module)
        except Exception as error:
            from lungseg.environment.keras_settings import KerasDoesNotStart, why_keras_does_not_start

            # What is half imported would give another error at the next try.
            for name in [name for name in sys.modules if name.partition(".")[0] == "keras"]:
                del sys.modules[name]
            raise KerasDoesNotStart(why_keras_does_not_start(error)) from error
        import_all()

    if "keras" in sys.modules:
        import_all()
    else:
        _around_import("keras", then_register)
