"""The flow document: a name, a version, languages, an entry node and nodes with named exits.

A kind of node is a frozen dataclass that subclasses ``Node``: it says which parameters it reads, which
exits it has, and what it does when the call enters it, when the caller or the platform answers, and when
its time is up. The machine knows nothing of kinds, so a new kind is one new file.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from domain.switch import Prompt, Tone
from ivr.templates import variables_in

if TYPE_CHECKING:
    from ivr.expressions import Expression
    from ivr.walk import Walk

Value = str | int | float | bool
"""What a variable of a call may hold."""

Prompts = dict[str, tuple[Prompt, ...]]
"""What is said, per language. ``{variable}`` in a text is replaced when it is said."""

ENTRY = "$entry"
"""The exit that leads to the first node of the flow."""

RETURN = "$return:"
"""Stands before a node and an exit of it, by which a call comes back from another flow."""

MESSAGE, CLOSED, GOODBYE, CALLED_BACK = "$message", "$closed", "$goodbye", "$called_back"
"""Nodes that stand behind every flow: a node may leave for them without an exit of its own."""

RESERVED = frozenset({"call", "caller", "dialled"})
"""Variables a flow may read but not write."""

GIVEN = RESERVED | {"language", "source"}
"""Variables that are there from the start of every call."""


class FlowTrouble(Exception):
    """A node cannot do what it was written to do: the flow's mistake, never the caller's."""


class Fields(Protocol):
    """The parameters of one node as the loader hands them over.

    Every method notes a problem with its line and goes on with a harmless value, so that one pass finds
    all problems.
    """

    @property
    def languages(self) -> tuple[str, ...]: ...
    def text(self, key: str, default: str | None = None, among: tuple[str, ...] = ()) -> str: ...
    def whole(self, key: str, default: int | None, low: int, high: int) -> int: ...
    def number(self, key: str, default: float | None, low: float, high: float) -> float: ...
    def flag(self, key: str, default: bool) -> bool: ...
    def texts(self, key: str) -> tuple[str, ...]: ...
    def values(self, key: str) -> dict[str, Value]: ...
    def variable(self, key: str, default: str | None = None, written: bool = False) -> str: ...
    def prompts(self, key: str, required: bool = True) -> Prompts: ...
    def each(self, key: str) -> "Sequence[Fields]": ...
    def value(self, key: str) -> "Value | tuple[Value, ...]": ...
    def template(self, key: str, default: str | None = None) -> str:
        """A text in which ``{variable}`` is filled in."""
        ...

    def pattern(self, key: str) -> str:
        """What ``ivr.patterns`` takes; empty if it is not written."""
        ...

    def expression(self, key: str, required: bool = True) -> "Expression | None": ...
    def assignments(self, key: str) -> "dict[str, Value | Expression]":
        """Variables to be written, and their values: constants, templates or ``= expression``."""
        ...

    def numbers(self, key: str, low: float, high: float) -> dict[str, float]:
        """Names and a number each; not empty."""
        ...

    def pairs(self, key: str, required: bool = True) -> dict[str, str]:
        """Names and a template each."""
        ...

    def results(self, key: str) -> dict[str, str]:
        """Variables to be written, and what of an answer goes there; empty if it is not written."""
        ...

    def words(self, key: str, required: bool = True) -> dict[str, str]:
        """A template in every language of the flow."""
        ...

    def json(self, key: str) -> Any:
        """Anything JSON can say, texts in it as templates; None if it is not written."""
        ...

    def has(self, key: str) -> bool: ...
    def wrong(self, reason: str, key: str = "") -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One step of a flow. ``line`` is where the document wrote it (0: built in)."""

    id: str
    exits: dict[str, str] = field(default_factory=dict)
    line: int = 0

    TYPE: ClassVar[str]
    NEEDS: ClassVar[tuple[str, ...]] = ()
    """Exits that must be there."""
    MAY: ClassVar[tuple[str, ...]] = ()
    """Exits that may be there."""
    INSTANT: ClassVar[bool] = False
    """True if the node always leaves at once, without asking anybody for time or input."""
    TYPE_AHEAD: ClassVar[bool] = True
    """False if keys pressed before this node must not reach what comes after it."""
    BOUNDED: ClassVar[bool] = False
    """True if a circle through this node is left after so many times, by an exit of its own."""

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """The node's own parameters, as keyword arguments of the class."""
        return {}

    @classmethod
    def exit_is_known(cls, exit: str, parameters: dict[str, Any]) -> bool:
        """Whether ``exit`` may be among the node's exits."""
        return exit in cls.NEEDS or exit in cls.MAY or exit == "failed"

    @classmethod
    def exits_needed(cls, parameters: dict[str, Any]) -> tuple[str, ...]:
        """Exits that must be there, given the parameters."""
        return cls.NEEDS

    @classmethod
    def exit_problem(cls, exits: list[str]) -> str:
        """What is wrong with the exits taken together ('' if nothing)."""
        return ""

    # ------------------------------------------------------------ what can be known without walking

    def says(self) -> "tuple[Prompts, ...]":
        """Everything of its parameters it may say."""
        return tuple(found for one in fields(self) if (found := _as_prompts(getattr(self, one.name))))

    def templates(self) -> Iterable[str]:
        """Its texts, but for prompts, in which variables are filled in."""
        return ()

    def reads(self) -> frozenset[str]:
        """The variables it looks at: in what it says, in its templates, by name."""
        said = (p.text for part in self.says() for ps in part.values() for p in ps if not isinstance(p, Tone))
        return frozenset(name for text in (*said, *self.templates()) for name in variables_in(text))

    def hands_on(self) -> frozenset[str]:
        """Of these the ones it only passes on, unseen: they may hold what nobody may see."""
        return frozenset()

    def writes(self) -> frozenset[str]:
        """The variables it may set."""
        return frozenset()

    def hides(self) -> frozenset[str]:
        """Of these the ones that stand for digits nobody may see."""
        return frozenset()

    def names(self) -> tuple[tuple[str, str], ...]:
        """What it needs that is not part of the flow: (``queue``, its id), (``calendar``, its id), ….

        Kinds: ``queue``, ``calendar``, ``tier``, ``agent``, ``record``, ``transaction``, ``flow``. Names with
        places to fill in are not listed.
        """
        return ()

    # ------------------------------------------------------------ walking

    def enter(self, walk: "Walk") -> str | None:
        """The call enters the node: the exit it leaves by at once, or None to wait."""
        raise NotImplementedError

    def hear(self, walk: "Walk", fact: Any) -> str | None:
        """Something happened while waiting here: the exit, or None to go on waiting."""
        return None

    def time_up(self, walk: "Walk") -> str | None:
        """The node's timer ran out: the exit, or None to go on waiting."""
        return None


@dataclass(frozen=True, slots=True)
class Flow:
    """A whole front door. ``languages[0]`` is spoken until the flow sets the variable ``language``."""

    name: str
    version: int
    languages: tuple[str, ...]
    entry: str
    nodes: dict[str, Node]
    default_queue: str
    on_error: str = ""
    title: str = ""
    file: str = ""

    def fixed_prompts(self) -> Iterator[Prompt]:
        """Every text and sound of the flow in which nothing of the call is filled in."""
        for node in self.nodes.values():
            for prompts in node.says():
                for said in prompts.values():
                    yield from (p for p in said if not isinstance(p, Tone) and "{" not in p.text)


def _as_prompts(value: Any) -> Prompts:
    if isinstance(value, dict) and value and all(isinstance(said, tuple) for said in value.values()):
        return value if all(isinstance(p, Prompt) for said in value.values() for p in said) else {}
    return {}
