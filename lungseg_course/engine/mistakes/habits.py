"""Mistakes that stand in the code itself: they are looked for where what came out is wrong and has no name."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

from lungseg_course.engine.verdict import Wrong

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
Found = tuple[Any, str, str, str]  # the node where it stands, the name of the mistake, why, and what to try
# Functions and methods that return something new, and leave what they are given as it is.
# fmt: off
BUILTINS = {
    "abs", "float", "int", "len", "list", "map", "max", "min", "reversed", "round", "set", "sorted", "str", "sum",
    "tuple", "zip",
}
METHODS = {
    "astype", "clip", "copy", "cumsum", "dropna", "fillna", "flatten", "groupby", "max", "mean", "min", "permutation",
    "permuted", "ravel", "rename", "replace", "reset_index", "reshape", "round", "sort_values", "split", "squeeze",
    "strip", "sum", "swapaxes", "tolist", "transpose", "union", "with_suffix",
}
MODULES = ("np", "numpy", "ops", "keras.ops", "layers", "keras.layers", "tf", "tf.math")
# Of these modules, what does its work in place or somewhere else.
IN_PLACE = {"copyto", "fill_diagonal", "place", "print", "put", "put_along_axis", "save", "savetxt", "savez", "seterr"}
# fmt: on


def find_habit(answer: Any, wrong: Wrong) -> Wrong | None:
    """Return a better explanation of a wrong answer, if its code holds one of the mistakes that are known, or None.

    Parameters
    ----------
    answer : callable
    wrong : Wrong
        What came out, without a name for the mistake.
    """
    is_class = isinstance(answer, type)
    has_a_result = wrong.expected != "no error" and wrong.cause != "nothing is returned"
    finders = (*FINDERS, _unused) if has_a_result and not is_class else FINDERS
    functions = [each for each in map(_parsed, functions_of(answer)) if each is not None]
    for find in (*finders, _self_is_missing) if is_class else finders:
        for first_line, function in functions:
            for place, cause, why, remedy in find(function):
                text = ast.unparse(place).splitlines()[0]
                return Wrong(
                    cause,
                    received=wrong.received,
                    expected=wrong.expected,
                    why=f"{why} It is in line {first_line + place.lineno - 1} of your cell:  {text}",
                    remedy=remedy,
                    tried=wrong.tried,
                )
    return None


def functions_of(answer: Any) -> list[FunctionType]:
    """Return the functions that an answer consists of: itself, or the methods of a class."""
    things = vars(answer).values() if isinstance(answer, type) else [answer]
    return [each for each in things if isinstance(each, FunctionType)]


def _parsed(function: FunctionType) -> tuple[int, FunctionNode] | None:
    """Return the line of its cell in which a function begins, and its code as a tree; None if that is not known."""
    try:
        lines, first_line = inspect.getsourcelines(function)
        node = ast.parse(textwrap.dedent("".join(lines))).body[0]
    except (OSError, TypeError, SyntaxError, IndexError):
        return None
    return (first_line, node) if isinstance(node, FunctionNode) else None


def _thrown_away(function: FunctionNode) -> Iterator[Found]:
    for node in ast.walk(function):
        if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
            continue
        call = node.value
        if _returns_something_new(call):
            written = ast.unparse(call)
            taker = _what_it_works_on(call)
            yield (
                node,
                "a result is thrown away",
                f"`{ast.unparse(call.func)}` returns something new and leaves what it is given as it is; here nothing "
                "takes what it returns.",
                f"Write `{taker} = {written}`.",
            )


def _returns_something_new(call: ast.Call) -> bool:
    if any(keyword.arg in ("out", "inplace") for keyword in call.keywords):
        return False
    if isinstance(call.func, ast.Call):  # a layer that is called: layers.Conv2D(8, 3)(x)
        return True
    module, _, name = ast.unparse(call.func).rpartition(".")
    if not module:
        return name in BUILTINS
    return name not in IN_PLACE if module in MODULES else name in METHODS


def _what_it_works_on(call: ast.Call) -> str:
    """Return the variable that would take the result."""
    things = list(call.args)
    if isinstance(call.func, ast.Attribute) and call.func.attr not in ("permutation", "permuted"):
        things.insert(0, call.func.value)
    names = [thing.id for thing in things if isinstance(thing, ast.Name)]
    return next((name for name in names if name not in MODULES), "result")


def _compared(function: FunctionNode) -> Iterator[Found]:
    for node in ast.walk(function):
        value = node.value if isinstance(node, ast.Expr) else None
        if isinstance(value, ast.Compare) and isinstance(value.ops[0], ast.Eq):
            written = ast.unparse(node).replace("==", "=", 1)
            why = "`==` asks whether two are equal, and changes nothing. `=` gives a name a value."
            yield node, "`==` in place of `=`", why, f"Write `{written}`."


def _returns_in_the_first_round(function: FunctionNode) -> Iterator[Found]:
    for node in ast.walk(function):
        if isinstance(node, (ast.For, ast.While)) and isinstance(node.body[-1], ast.Return):
            yield (
                node.body[-1],
                "the loop ends in its first round",
                "`return` ends the function, and this one is reached in the first round of the loop.",
                "Move it to the left, under the `for` or `while`, so that it comes after the loop.",
            )


def _and_for_a_comma(function: FunctionNode) -> Iterator[Found]:
    for node in ast.walk(function):
        value = getattr(node, "value", None) if isinstance(node, ast.Return) else None
        if not isinstance(value, ast.BoolOp) or any(_is_a_question(each) for each in value.values):
            continue
        word = "and" if isinstance(value.op, ast.And) else "or"
        several = ", ".join(map(ast.unparse, value.values))
        why = f"`a {word} b` is one value: one of the two, not both."
        yield node, f"`{word}` in place of a comma", why, f"Write `return {several}`."


def _is_a_question(node: ast.AST) -> bool:
    is_not = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    return isinstance(node, (ast.Compare, ast.BoolOp)) or is_not


def _self_is_missing(method: FunctionNode) -> Iterator[Found]:
    names = [argument.arg for argument in (*method.args.posonlyargs, *method.args.args)]
    if method.decorator_list or method.args.vararg or names[:1] in (["self"], ["cls"], ["_"]):
        return
    with_self = ", ".join(["self", ast.unparse(method.args)] if names else ["self"])
    why = "Python passes the object itself as the first argument of each method."
    yield method, "`self` is missing", why, f"Write `def {method.name}({with_self}):`."


def _without_return(function: FunctionNode) -> Iterator[Found]:
    if any(isinstance(node, (ast.Return, ast.Yield)) for node in ast.walk(function)):
        return
    last = function.body[-1]
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and ast.unparse(last.value.func) == "print":
        why = "`print` shows a value to people. A function returns only what follows `return`."
        written = ", ".join(map(ast.unparse, last.value.args))
    elif isinstance(last, ast.Expr) and not isinstance(last.value, (ast.Call, ast.Constant)):
        why = "A notebook shows the value of the last line of a cell. A function returns only what follows `return`."
        written = ast.unparse(last)
    else:
        return
    yield last, "nothing is returned", why, f"Write `return {written}`."


def _unused(function: FunctionNode) -> Iterator[Found]:
    read = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    for argument in arguments:
        if argument.arg not in read and argument.arg not in ("self", "cls") and not argument.arg.startswith("_"):
            why = "Whatever is passed for it, the same comes out."
            yield function, f"the argument `{argument.arg}` is not used", why, "Where should it come in?"


FINDERS: tuple[Callable[[FunctionNode], Iterator[Found]], ...] = (
    _thrown_away,
    _compared,
    _returns_in_the_first_round,
    _and_for_a_comma,
    _without_return,
)


def defaults_of(answer: Any) -> dict[tuple[str, str], str]:
    """Return what the lists, dictionaries and sets among the defaults of an answer hold, by function and argument."""
    return {
        (function.__name__, argument.name): repr(argument.default)
        for function in functions_of(answer)
        for argument in inspect.signature(function).parameters.values()
        if isinstance(argument.default, (list, dict, set))
    }


def changed_default(before: dict[tuple[str, str], str], answer: Any, wrong: Wrong) -> Wrong | None:
    """Return what is said of a default that the calls have changed; None if none has, or `wrong` is about it."""
    after = defaults_of(answer)
    for (function, argument), held in before.items():
        if after.get((function, argument)) != held and f"`{argument}`" not in wrong.cause:
            return Wrong(
                "a default that remembers",
                received=wrong.received,
                expected=wrong.expected,
                why=f"A default is made once, when `def {function}` is run. That of `{argument}` is changed by each "
                "call, and the next one begins with what is left in it.",
                remedy=f"Write `{argument}=None`, and make a new one in the function where it is None.",
                tried=wrong.tried,
            )
    return None
