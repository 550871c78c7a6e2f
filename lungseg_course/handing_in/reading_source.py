"""Where a function or class of a notebook is written, and which names it uses."""

import ast
import inspect
import linecache
import symtable
import sys
import textwrap
from collections.abc import Iterator
from types import FunctionType, ModuleType

from lungseg.errors import InputError

_RUN_AT_ONCE = ("listcomp", "setcomp", "dictcomp", "genexpr", "lambda")


def source_of_function(name: str, thing, function: FunctionType) -> tuple[str, str]:
    """Return the source of a function with its decorators, and the name that it has there.

    Parameters
    ----------
    name : str
        Under which it is used.
    thing : callable
        What the name stands for.
    function : function
        The same without decorators.
    """
    code = function.__code__
    if "<locals>" in code.co_qualname:
        raise InputError(
            f"`{name}` was made inside `{code.co_qualname.split('.')[0]}`, and cannot be written into a file on its "
            "own. Define it in a cell and not inside a function; a decorator of your own needs `functools.wraps`."
        )
    kinds = ast.Lambda if code.co_name == "<lambda>" else (ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [
        node
        for node in _nodes(code.co_filename, name)
        if isinstance(node, kinds)
        and _first_line(node) == code.co_firstlineno
        and getattr(node, "name", "<lambda>") == code.co_name
    ]
    if not nodes:
        raise _no_source(name)
    if thing is not function and not getattr(nodes[0], "decorator_list", []):
        raise InputError(
            f"`{name}` was made by a call with a function, and cannot be written into a file. Write `def {name}`, and "
            "put the call above it as a decorator, with @."
        )
    if kinds is ast.Lambda:
        if any(other not in ast.walk(nodes[0]) for other in nodes):
            raise InputError(f"`{name}` is one of several lambdas in a line. Write it with `def {name}`.")
        return f"{name} = {_segment(code.co_filename, nodes[0])}", name
    return _segment(code.co_filename, nodes[0]), code.co_name


def source_of_class(thing: type, notebook: dict) -> str:
    """Return the source of a class, which is found through one of its methods."""
    name = thing.__name__
    if "<locals>" in thing.__qualname__:
        raise InputError(f"`{name}` was made inside a function. Define it in a cell, not inside a function.")
    methods = [(attribute, method) for attribute, method in _methods(thing) if method.__globals__ is notebook]
    # Others write methods as well: those of dataclasses have no source.
    methods = [(attribute, method) for attribute, method in methods if linecache.getlines(method.__code__.co_filename)]
    around = [_class_around(method, name) for _, method in methods]
    places = [(method.__code__.co_filename, node) for (_, method), node in zip(methods, around, strict=True) if node]
    if not places:
        return _source_of_bare_class(thing, notebook)
    filename, node = places[0]
    assigned = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    for attribute, method in methods:
        code = method.__code__
        inside = code.co_filename == filename and code.co_firstlineno in _lines_of(node)
        if not inside and attribute not in assigned:
            raise InputError(f"`{name}.{attribute}` was put into the class from outside. Write it inside the class.")
    return _segment(filename, node)


def names_used(source: str) -> tuple[set[str], set[str]]:
    """Return the global names that a definition needs when it is made, and those that it needs when it runs."""
    at_once: set[str] = set()
    later: set[str] = set()

    def visit(table, now):
        whole = table.get_type() == "module"
        for symbol in table.get_symbols():
            if symbol.is_declared_global() or (symbol.is_referenced() and (whole or symbol.is_global())):
                (at_once if now else later).add(symbol.get_name())
        for child in table.get_children():
            runs = child.get_type() != "function" or child.get_name() in _RUN_AT_ONCE
            visit(child, now and runs)

    visit(symtable.symtable(source, "<cell>", "exec"), True)
    return at_once, later - at_once


def parts_of_packages(source: str, notebook: dict) -> set[str]:
    """Return imports for what is used as `scipy.ndimage.label`: `import scipy` may not bring `scipy.ndimage`."""
    lines = set()
    for node in ast.walk(ast.parse(source)):
        base, *parts = ast.unparse(node).split(".") if isinstance(node, ast.Attribute) else [""]
        if isinstance(notebook.get(base), ModuleType):
            dotted = ".".join([notebook[base].__name__, *parts])
            if isinstance(sys.modules.get(dotted), ModuleType):
                lines.add(f"import {dotted}")
    return lines


def _methods(thing: type) -> Iterator[tuple[str, FunctionType]]:
    for attribute, member in vars(thing).items():
        # static methods and class methods, properties, cached properties
        parts = [getattr(member, part, None) for part in ("__func__", "fget", "fset", "func")]
        for part in (member, *parts):
            function = inspect.unwrap(part) if callable(part) else None
            if isinstance(function, FunctionType):
                yield attribute, function


def _class_around(method: FunctionType, name: str) -> ast.ClassDef | None:
    line = method.__code__.co_firstlineno
    for node in _nodes(method.__code__.co_filename, name):
        if isinstance(node, ast.ClassDef) and node.name == name and line in _lines_of(node):
            return node
    return None


def _source_of_bare_class(thing: type, notebook: dict) -> str:
    # Without a method there is no code to ask: the newest cell that defines it.
    name = thing.__name__
    if notebook.get(name) is not thing:
        raise InputError(f"a class `{name}` is needed that was replaced by another `{name}`. Give one another name.")
    cells = notebook.get("In") or [
        "".join(entry[2]) for entry in linecache.cache.values() if len(entry) == 4 and entry[1] is None
    ]
    for cell in reversed(cells):
        try:
            nodes = list(ast.walk(ast.parse(cell)))
        except SyntaxError:
            continue
        for node in nodes:
            if isinstance(node, ast.ClassDef) and node.name == name:
                return _cut(cell, node)
    raise _no_source(name)


def _no_source(name: str) -> InputError:
    return InputError(
        f"the source of `{name}` is not known. Run the cell that defines it once more (without a %% line), then this."
    )


def _nodes(filename: str, name: str) -> list[ast.AST]:
    lines = linecache.getlines(filename)
    if not lines:
        raise _no_source(name)
    return list(ast.walk(ast.parse("".join(lines))))


def _first_line(node: ast.AST) -> int | None:
    """Return the line of a definition, or of its first decorator, as code objects do."""
    decorators = getattr(node, "decorator_list", [])
    return min(each.lineno for each in (node, *decorators)) if hasattr(node, "lineno") else None


def _lines_of(node: ast.ClassDef) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _segment(filename: str, node: ast.AST) -> str:
    return _cut("".join(linecache.getlines(filename)), node)


def _cut(cell: str, node: ast.AST) -> str:
    if isinstance(node, ast.Lambda):
        return ast.get_source_segment(cell, node) or ""
    first, last = _first_line(node) or 1, getattr(node, "end_lineno", None)
    text = textwrap.dedent("\n".join(cell.split("\n")[first - 1 : last]))
    try:
        ast.parse(text)
    except SyntaxError:  # a text over several lines that is less indented than the code
        return ast.unparse(node)
    return text
