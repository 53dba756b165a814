"""The flow document: a name, a version, languages, an entry node and nodes with named exits.

A kind of node is a frozen dataclass that subclasses ``Node``: it says which parameters it reads, which
exits it has, and what it does when the call enters it, when the caller or the platform answers, and when
its time is up. The machine knows nothing of kinds, so a new kind is one new file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from domain.switch import Prompt, Tone

if TYPE_CHECKING:
    from ivr.walk import Walk

Value = str | int | float | bool
"""What a variable of a call may hold."""

Prompts = dict[str, tuple[Prompt, ...]]
"""What is said, per language. ``{variable}`` in a text is replaced when it is said."""

ENTRY = "$entry"
"""The exit that leads to the first node of the flow."""

MESSAGE, CLOSED, GOODBYE, CALLED_BACK = "$message", "$closed", "$goodbye", "$called_back"
"""Nodes that stand behind every flow: a node may leave for them without an exit of its own."""

RESERVED = frozenset({"call", "caller", "dialled"})
"""Variables a flow may read but not write."""


class FlowTrouble(Exception):
    """A node cannot do what it was written to do: the flow's mistake, never the caller's."""


class Fields(Protocol):
    """The parameters of one node as the loader hands them over.

    Every method notes a problem with its line and goes on with a harmless value, so that one pass finds
    all problems.
    """

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
            for one in fields(node):
                value = getattr(node, one.name)
                for said in value.values() if isinstance(value, dict) else ():
                    if isinstance(said, tuple):
                        yield from (p for p in said if not isinstance(p, Tone) and "{" not in p.text)
