"""Expressions of flows: ``amount > 100 and tier == 'gold'``. Read once, when the flow is loaded.

The names are variables of the call and nothing else; one that was never set is an empty text. There are no
attributes, no powers and no loops, and texts and numbers stay within bounds: no expression takes long.
``simpleeval`` walks the tree; what may be in it at all is decided here, beforehand.

Callers type texts. So a text that is written like a number counts as one where a number is needed: beside a
number in a comparison, and in arithmetic, but for ``+`` between two texts, which joins them.
"""

import ast
import math
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from simpleeval import EvalWithCompoundTypes, InvalidExpression

from ivr.flow import FlowTrouble, Value
from ivr.patterns import BadPattern, compile_pattern, fits

LONGEST: Final = 500
"""Characters of an expression."""
DEEPEST: Final = 20
LONGEST_TEXT: Final = 1000
"""Characters of a text an expression may make."""
LARGEST: Final = 10**15
"""Numbers stay below; a float is exact to a hundredth there."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?", re.ASCII)
_CONSTANTS: Final[dict[str, bool]] = {"true": True, "false": False}


class BadExpression(ValueError):
    """The text is no expression that may be written; the message says why."""


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression; ``names`` are the variables it reads. Two with the same text are the same."""

    text: str
    names: frozenset[str] = field(compare=False, repr=False)
    _tree: ast.expr = field(compare=False, repr=False)

    def value(self, variables: Mapping[str, Value]) -> Value:
        """What it comes to. Raises FlowTrouble where it cannot be worked out."""
        names: dict[str, Any] = {name: variables.get(name, "") for name in self.names}
        evaluator = EvalWithCompoundTypes(_OPERATORS, dict(_FUNCTIONS), {**names, **_CONSTANTS})
        try:
            return _bounded(evaluator.eval(self.text, previously_parsed=self._tree))
        except (InvalidExpression, ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise FlowTrouble(f"{self.text!r} cannot be worked out: {error}") from error

    def holds(self, variables: Mapping[str, Value]) -> bool:
        """Whether it is true: not false, 0 or an empty text. Raises FlowTrouble."""
        return bool(self.value(variables))


def read_expression(text: str) -> Expression:
    """The expression that is written in ``text``. Raises BadExpression with the reason."""
    text = text.strip()
    if not text:
        raise BadExpression("the expression is empty")
    if len(text) > LONGEST:
        raise BadExpression(f"the expression is longer than {LONGEST} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # '\d' in a pattern is meant as it is written
            tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else "it cannot be read"
        raise BadExpression(f"{text[:60]!r} is no expression: {reason}") from None
    names: set[str] = set()
    todo: list[tuple[ast.expr, int]] = [(tree, 1)]
    while todo:
        node, depth = todo.pop()
        if depth > DEEPEST:
            raise BadExpression(f"the expression is nested more than {DEEPEST} deep")
        todo += [(child, depth + 1) for child in _children(node, names)]
    return Expression(text, frozenset(names), tree)


# ------------------------------------------------------------------ what may be written


def _children(node: ast.expr, names: set[str]) -> list[ast.expr]:
    """What is to be looked at next. Raises BadExpression for what may not be written."""
    match node:
        case ast.Constant(value=bool() | int() | float() | str() as value):
            _constant(value)
            return []
        case ast.Name(id=name):
            if name in _FUNCTIONS:
                raise BadExpression(f"{name} is a function: write {name}(…)")
            if name not in _CONSTANTS:
                names.add(name)
            return []
        case ast.BoolOp():
            return node.values
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.UAdd()):
            return [node.operand]
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.FloorDiv() | ast.Mod()):
            return [node.left, node.right]
        case ast.IfExp():
            return [node.test, node.body, node.orelse]
        case ast.Compare():
            return [node.left, *_compared(node)]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            _call(name, arguments)
            return arguments
    raise BadExpression(f"{_shown(node)} may not be written in an expression")


def _compared(node: ast.Compare) -> list[ast.expr]:
    found: list[ast.expr] = []
    for operator, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(operator, ast.Is | ast.IsNot):
            raise BadExpression("write == for is, != for is not")
        if isinstance(operator, ast.In | ast.NotIn) and isinstance(right, ast.List | ast.Tuple):
            found += right.elts
        else:
            found.append(right)
    return found


def _constant(value: bool | int | float | str) -> None:
    if isinstance(value, int | float) and not -LARGEST <= value <= LARGEST:
        raise BadExpression(f"numbers go up to {LARGEST:,}")


def _call(name: str, arguments: list[ast.expr]) -> None:
    if name not in _FUNCTIONS:
        raise BadExpression(f"there is no function {name}; there are {', '.join(sorted(_FUNCTIONS))}")
    low, high = _ARGUMENTS[name]
    if any(isinstance(one, ast.Starred) for one in arguments) or not low <= len(arguments) <= high:
        many = f"{low}" if low == high else f"{low} to {high}"
        raise BadExpression(f"{name} takes {many} value{'s' * (high > 1)}")
    if name == "matches":
        pattern = arguments[1]
        if not isinstance(pattern, ast.Constant) or not isinstance(pattern.value, str):
            raise BadExpression("the pattern of matches must be written out")
        try:
            compile_pattern(pattern.value)
        except BadPattern as error:
            raise BadExpression(str(error)) from None


def _shown(node: ast.expr) -> str:
    return {
        "Attribute": "a dot after a name",
        "Subscript": "[ ] after a value",
        "Lambda": "lambda",
        "JoinedStr": "a text with f before it",
        "NamedExpr": ":=",
        "List": "a list but after in",
        "Tuple": "a list but after in",
        "BinOp": "such an operator",
        "UnaryOp": "such an operator",
        "Call": "such a call",
        "Constant": "such a constant",
    }.get(type(node).__name__, type(node).__name__)


# ------------------------------------------------------------------ what it comes to


def _bounded(value: Any) -> Value:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        if not math.isfinite(value) or abs(value) > LARGEST:
            raise ValueError(f"a number beyond {LARGEST:,}")
        return value
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is neither text nor number")
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"a text longer than {LONGEST_TEXT} characters")
    return value


def _number(value: Any) -> int | float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return float(value) if "." in value else int(value)
    raise TypeError(f"{value!r} is no number")


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Both as numbers if one is, else both as texts."""
    for value in (left, right):
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _number(left), _number(right)
    return _text(left), _text(right)


def _equal(left: Any, right: Any) -> bool:
    try:
        left, right = _alike(left, right)
    except TypeError:
        return False  # a number and a text that is none
    return bool(left == right)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def act(left: Any, right: Any) -> bool:
        return compare(*_alike(left, right))

    return act


def _counted(work_out: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Value]:
    def act(left: Any, right: Any) -> Value:
        return _bounded(work_out(_number(left), _number(right)))

    return act


def _add(left: Any, right: Any) -> Value:
    if isinstance(left, str) and isinstance(right, str):
        return _bounded(left + right)
    return _bounded(_number(left) + _number(right))


def _within(part: Any, whole: Any) -> bool:
    if isinstance(whole, list | tuple):
        return any(_equal(part, one) for one in whole)
    return _text(part) in _text(whole)


_OPERATORS: Final[dict[type, Callable[..., Any]]] = {
    ast.Add: _add,
    ast.Sub: _counted(lambda a, b: a - b),
    ast.Mult: _counted(lambda a, b: a * b),
    ast.Div: _counted(lambda a, b: a / b),
    ast.FloorDiv: _counted(lambda a, b: a // b),
    ast.Mod: _counted(lambda a, b: a % b),
    ast.Eq: _equal,
    ast.NotEq: lambda a, b: not _equal(a, b),
    ast.Lt: _ordered(lambda a, b: a < b),
    ast.LtE: _ordered(lambda a, b: a <= b),
    ast.Gt: _ordered(lambda a, b: a > b),
    ast.GtE: _ordered(lambda a, b: a >= b),
    ast.In: _within,
    ast.NotIn: lambda a, b: not _within(a, b),
    ast.Not: lambda a: not a,
    ast.USub: lambda a: -_number(a),
    ast.UAdd: lambda a: _number(a),
}


def _places(value: Any) -> int:
    places = _number(value)
    if places != int(places) or not 0 <= places <= LONGEST_TEXT:
        raise ValueError(f"{value!r} is no count")
    return int(places)


def _round(value: Any, places: Any = 0) -> int | float:
    decimals = min(_places(places), 15)
    return round(_number(value), decimals) if decimals else round(_number(value))


def _right(text: Any, count: Any) -> str:
    places = _places(count)
    return _text(text)[-places:] if places else ""


def _substring(text: Any, start: Any, count: Any = LONGEST_TEXT) -> str:
    first = _places(start)
    return _text(text)[first : first + _places(count)]


_FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "len": lambda text: len(_text(text)),
    "int": lambda value: int(_number(value)),
    "float": lambda value: float(_number(value)),
    "str": _text,
    "lower": lambda text: _text(text).lower(),
    "upper": lambda text: _text(text).upper(),
    "round": _round,
    "abs": lambda value: abs(_number(value)),
    "min": lambda *values: min(map(_number, values)),
    "max": lambda *values: max(map(_number, values)),
    "left": lambda text, count: _text(text)[: _places(count)],
    "right": _right,
    "substring": _substring,
    "starts_with": lambda text, part: _text(text).startswith(_text(part)),
    "ends_with": lambda text, part: _text(text).endswith(_text(part)),
    "matches": lambda text, pattern: fits(pattern, _text(text)[:LONGEST_TEXT]),
    "default": lambda value, other: other if value == "" else value,
}
"""What an expression may call."""

_ARGUMENTS: Final[dict[str, tuple[int, int]]] = {
    **dict.fromkeys(_FUNCTIONS, (1, 1)),
    **dict.fromkeys(("left", "right", "starts_with", "ends_with", "matches", "default"), (2, 2)),
    **dict.fromkeys(("min", "max"), (2, 8)),
    "round": (1, 2),
    "substring": (2, 3),
}
FUNCTIONS: Final = tuple(_FUNCTIONS)
"""Their names."""
