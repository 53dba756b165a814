"""``branch``: the first case that holds names the exit.

A case is data (a variable, an op, a value) or an expression.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from ivr.expressions import Expression, read_expression
from ivr.flow import Fields, FlowTrouble, Node, Value
from ivr.templates import plain
from ivr.walk import Walk

OPS = ("is", "is_not", "in", "not_in", "less", "at_most", "more", "at_least", "starts_with", "set", "not_set")
_NUMERIC = ("less", "at_most", "more", "at_least")
_NOTHING = read_expression("false")


@dataclass(frozen=True, slots=True)
class Case:
    """If ``variable`` ``op`` ``value`` holds, leave by ``exit``."""

    variable: str
    op: str
    value: Value | tuple[Value, ...]
    exit: str

    def holds(self, variables: dict[str, Value]) -> bool:
        """Whether it does. An empty text counts as not set. Raises FlowTrouble where numbers are needed."""
        known = variables.get(self.variable, "")
        text = plain(known)
        if self.op in ("set", "not_set"):
            return (text != "") == (self.op == "set")
        if self.op in ("in", "not_in"):
            values = self.value if isinstance(self.value, tuple) else (self.value,)
            return (text in [plain(v) for v in values]) == (self.op == "in")
        value = self.value[0] if isinstance(self.value, tuple) else self.value
        if self.op in _NUMERIC:
            left, right = _number(self.variable, known), _number("value", value)
            return {
                "less": left < right,
                "at_most": left <= right,
                "more": left > right,
                "at_least": left >= right,
            }[self.op]
        if self.op == "starts_with":
            return text.startswith(plain(value))
        return (text == plain(value)) == (self.op == "is")

    @property
    def names(self) -> frozenset[str]:
        """The variables it looks at."""
        return frozenset({self.variable})


@dataclass(frozen=True, slots=True)
class Condition:
    """If the expression holds, leave by ``exit``."""

    expression: Expression
    exit: str

    def holds(self, variables: dict[str, Value]) -> bool:
        """Whether it does. Raises FlowTrouble where it cannot be worked out."""
        return self.expression.holds(variables)

    @property
    def names(self) -> frozenset[str]:
        """The variables it looks at."""
        return self.expression.names


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch(Node):
    """Leave by the exit of the first case that holds, else by ``otherwise``."""

    cases: tuple[Case | Condition, ...]

    TYPE: ClassVar[str] = "branch"
    NEEDS: ClassVar[tuple[str, ...]] = ("otherwise",)
    INSTANT: ClassVar[bool] = True

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``cases``: a list of ``if`` and ``exit``, or ``variable``, ``op``, ``value`` and ``exit``."""
        return {"cases": tuple(read_case(one) for one in fields.each("cases"))}

    @classmethod
    def exit_is_known(cls, exit: str, parameters: dict[str, Any]) -> bool:
        """The cases' exits, ``otherwise`` and ``failed``."""
        return exit in (*cls.exits_needed(parameters), "failed")

    @classmethod
    def exits_needed(cls, parameters: dict[str, Any]) -> tuple[str, ...]:
        """Every exit a case names, and ``otherwise``."""
        return (*(case.exit for case in parameters["cases"]), *cls.NEEDS)

    def reads(self) -> frozenset[str]:
        """What the cases look at."""
        return Node.reads(self).union(*(case.names for case in self.cases))

    def enter(self, walk: Walk) -> str | None:
        """Decide."""
        return next((case.exit for case in self.cases if case.holds(walk.state.variables)), "otherwise")


def read_case(fields: Fields) -> Case | Condition:
    """One case, as an expression or as data."""
    expression = fields.expression("if", required=False)
    if expression is not None or fields.has("if"):
        return Condition(expression or _NOTHING, fields.text("exit"))
    op = fields.text("op", "is", among=OPS)
    value: Value | tuple[Value, ...] = ""
    if op not in ("set", "not_set"):
        value = fields.value("value")
        if isinstance(value, tuple) and op not in ("in", "not_in"):
            fields.wrong(f"op {op} compares with one value, not a list", "value")
        if op in _NUMERIC and not _is_number(value):
            fields.wrong(f"op {op} needs a number", "value")
    return Case(fields.variable("variable"), op, value, fields.text("exit"))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(name: str, value: Value) -> float:
    try:
        return float(value)
    except (ValueError, OverflowError):
        raise FlowTrouble(f"{name} is {value!r}, which is no number") from None
