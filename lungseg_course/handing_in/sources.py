"""From what stands in a notebook to a module of its own: the source of a function or class, and all that it uses."""

import __future__

import builtins
import inspect
import sys
from dataclasses import dataclass, field
from types import FunctionType

from lungseg.errors import InputError
from lungseg_course.handing_in.carrying import as_literal, import_line, say_what
from lungseg_course.handing_in.reading_source import names_used, parts_of_packages, source_of_class, source_of_function


@dataclass
class _Definition:
    """A function or class of the notebook."""

    thing: object
    name: str  # where it is defined; it may be used under others
    source: str
    aliases: set[str] = field(default_factory=set)
    at_once: list[int] = field(default_factory=list)  # what must stand above it: bases, decorators, defaults
    later: list[int] = field(default_factory=list)  # what is needed when it runs


def module_text(objects: dict[str, object], title: str) -> str:
    """Return a module with functions and classes of a notebook, and everything there that they need.

    Parameters
    ----------
    objects : dict
        Name → function or class.
    title : str
        What the module says about itself.

    Raises
    ------
    InputError
        If one of them uses something that cannot be written into a file, or
        its source is not known.
    """
    return _gathered(objects).text(title)


def definitions_needed(objects: dict[str, object]) -> dict[str, object]:
    """Return all the functions and classes that `module_text` writes, those among `objects` too."""
    return {each.name: each.thing for each in _gathered(objects).definitions.values()}


def _gathered(objects: dict[str, object]) -> "_Parcel":
    parcel = _Parcel(notebook_of(next(iter(objects.values()))))
    for name, thing in objects.items():
        parcel.add(name, thing, user=name)
    return parcel


class _Parcel:
    """What has been gathered so far from one notebook."""

    def __init__(self, notebook: dict):
        self.notebook = notebook  # its names, as they are now
        self.imports: set[str] = set()
        self.constants: dict[str, str] = {}
        self.definitions: dict[int, _Definition] = {}  # by the id of the object
        self.future = False

    def add(self, name: str, thing, user: str) -> int | None:
        """Take in what a name stands for. Return its id, if the notebook defines it."""
        if self._is_defined_here(thing):
            if id(thing) not in self.definitions:
                self._define(name, thing)
            definition = self.definitions[id(thing)]
            definition.aliases |= {name} - {definition.name}
            return id(thing)
        literal = as_literal(thing)
        if literal is not None:
            self.constants[name] = literal
            return None
        line = import_line(name, thing, notebook=self.notebook["__name__"])
        if line is None:
            raise InputError(
                f"`{user}` uses `{name}`, {say_what(thing)}: that exists in the notebook only, and cannot be written "
                f"into a file. Give it to `{user}` as an argument, or make it inside."
            )
        self.imports.add(line)
        return None

    def _is_defined_here(self, thing) -> bool:
        if isinstance(thing, type):
            return thing.__module__ == self.notebook["__name__"]
        function = _innermost(thing)
        return function is not None and function.__globals__ is self.notebook

    def _define(self, name: str, thing) -> None:
        function = None if isinstance(thing, type) else _innermost(thing)
        if function is None:
            source, defined_as = source_of_class(thing, self.notebook), thing.__name__
        else:
            source, defined_as = source_of_function(name, thing, function)
            self.future |= bool(function.__code__.co_flags & __future__.annotations.compiler_flag)
        definition = self.definitions[id(thing)] = _Definition(thing, defined_as, source)
        at_once, later = names_used(source)
        at_once -= {defined_as}
        for base in filter(self._is_defined_here, getattr(thing, "__bases__", ())):
            # By the class itself, not by its name: `class A(A)` goes on from an older A.
            self.add(base.__name__, base, user=defined_as)
            definition.at_once.append(id(base))
            at_once -= {base.__name__}
        for names, keys in ((at_once, definition.at_once), (later, definition.later)):
            for used in sorted(names & self.notebook.keys()):
                if not _is_everywhere(used, self.notebook[used]):
                    key = self.add(used, self.notebook[used], user=defined_as)
                    keys += [] if key is None else [key]
        self.imports |= parts_of_packages(source, self.notebook)

    def text(self, title: str) -> str:
        """Return the module."""
        imports = sorted(self.imports, key=lambda line: (line.startswith("from"), line))
        if self.future:
            imports.insert(0, "from __future__ import annotations\n")
        constants = [f"{name} = {value}" for name, value in self.constants.items()]
        head = "\n\n".join([f'"""{title}"""', *("\n".join(lines) for lines in (imports, constants) if lines)])
        blocks = [head]
        for definition in self._in_order():
            blocks.append(definition.source)
            blocks += [f"{alias} = {definition.name}" for alias in sorted(definition.aliases)]
        return "\n\n\n".join(blocks) + "\n"

    def _in_order(self) -> list[_Definition]:
        """Return the definitions so that each finds what it needs."""
        # The way to read: what is used stands above what uses it. An older
        # definition of a name comes first, so that the newest one counts.
        stale = [key for key, each in self.definitions.items() if self.notebook.get(each.name) is not each.thing]
        readable = self._placed([*stale, *self.definitions], lambda each: each.at_once + each.later)
        # Where functions use each other, that may put a base class or a decorator too low.
        return [self.definitions[key] for key in self._placed(readable, lambda each: each.at_once)]

    def _placed(self, keys, needs) -> list[int]:
        placed, reached = [], set()

        def place(key):
            if key not in reached:
                reached.add(key)
                for needed in needs(self.definitions[key]):
                    place(needed)
                placed.append(key)

        for key in keys:
            place(key)
        return placed


def _innermost(thing) -> FunctionType | None:
    """Return the function under all decorators."""
    function = inspect.unwrap(thing) if callable(thing) else None
    return function if isinstance(function, FunctionType) else None


def notebook_of(thing) -> dict:
    """Return the names of the notebook, or module, in which a function or class was defined."""
    function = _innermost(thing)
    return function.__globals__ if function else vars(sys.modules[thing.__module__])


def _is_everywhere(name: str, thing) -> bool:
    """Whether each module has the name: `__name__`, and the `open` that IPython puts around Python's."""
    if name.startswith("__") and name.endswith("__"):
        return True
    return hasattr(builtins, name) and (
        (callable(thing) and inspect.unwrap(thing) is getattr(builtins, name))
        or str(getattr(thing, "__module__", "")).startswith("IPython")
    )
