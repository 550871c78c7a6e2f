"""What stands in a cell, read without running it."""

import ast
import re
import symtable
from collections.abc import Iterator

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_FOR_IPYTHON = re.compile(r"^\s*[%!].*$", re.MULTILINE)


def has_heading(text: str, heading: str) -> bool:
    """Whether a cell has the comment of an exercise: `# Exercise 1.2`, or `# Question 1.2`."""
    return re.search(rf"^# {re.escape(heading)}\b", text, re.MULTILINE) is not None


def assigned(text: str) -> set[str] | None:
    """Return the names to which a cell gives a meaning, by whatever statement; None if it cannot be read.

    Examples
    --------
    >>> sorted(assigned("%matplotlib inline\\nimport os\\nif a:\\n    def f():\\n        b = 1\\nc = 2"))
    ['c', 'f', 'os']
    """
    try:
        table = symtable.symtable(_without_magics(text), "<cell>", "exec")
    except (SyntaxError, ValueError):
        return None
    return {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}


def defined(text: str) -> list[Definition]:
    """Return the functions and classes that a cell defines, none of which stands inside of something."""
    tree = _tree(text)
    return [node for node in tree.body if isinstance(node, _DEFINITIONS)] if tree else []


def twice(text: str, name: str) -> tuple[str, list[int]] | None:
    """Return what a cell defines more than once, of a function, a class and its methods, and in which lines.

    Examples
    --------
    >>> twice("class A:\\n    def b(self):\\n        return 1\\n    def b(self):\\n        return 2", "A")
    ('A.b', [2, 4])
    """
    own = [node for node in defined(text) if node.name == name]
    for label, nodes in ((name, own), *_methods(own[-1] if own else None)):
        # With a decorator the second may go on from the first, as the setter of a property does.
        if len(nodes) > 1 and not any(node.decorator_list for node in nodes):
            return label, [node.lineno for node in nodes]
    return None


def goes_on_from(text: str, name: str) -> bool:
    """Whether the last definition of a name uses what the name meant before: as its base, or as a decorator."""
    own = [node for node in defined(text) if node.name == name][-1:]
    around = [part for node in own for part in (*getattr(node, "bases", ()), *node.decorator_list)]
    return any(isinstance(each, ast.Name) and each.id == name for part in around for each in ast.walk(part))


def parts(text: str, name: str) -> set[str]:
    """Return what of a cell decides on a name: definitions, and whatever else gives the name a meaning.

    Comments, docstrings, blank lines and magics make no difference, and neither do lines that try something out.

    Examples
    --------
    >>> one = parts("%%time\\ndef f():\\n    return 1", "f")
    >>> one == parts('def f():\\n    "One."\\n\\n    return 1  # one\\nf()', "f")
    True
    """
    tree = _tree(text) or ast.Module([], [])
    for node in ast.walk(tree):
        if isinstance(node, _DEFINITIONS) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
    return {
        ast.dump(node)
        for node in tree.body
        if isinstance(node, _DEFINITIONS) or name in (assigned(ast.unparse(node)) or ())
    }


def _methods(node: Definition | None) -> Iterator[tuple[str, list[Definition]]]:
    if isinstance(node, ast.ClassDef):
        methods = [each for each in node.body if isinstance(each, _DEFINITIONS)]
        for name in dict.fromkeys(each.name for each in methods):
            yield f"{node.name}.{name}", [each for each in methods if each.name == name]


def _tree(text: str) -> ast.Module | None:
    try:
        return ast.parse(_without_magics(text))
    except (SyntaxError, ValueError):
        return None


def _without_magics(text: str) -> str:
    # An empty line in place of each, so that those after it keep their numbers.
    return _FOR_IPYTHON.sub("", text)
