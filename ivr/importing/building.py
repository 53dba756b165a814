"""The nodes found for theirs, put together: named, written as YAML with comments, checked, and counted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from ivr.importing.reading import FlowImportError, words
from ivr.importing.words import Names, id_of, node_name
from ivr.load import FlowError, load_flow

Fate = Literal["mapped", "partly", "unneeded", "placeholder", "unreached"]


@dataclass(frozen=True, slots=True)
class Goto:
    """Where a call goes on: at what became of their node; None: it ends."""

    node: str | None


@dataclass(slots=True, eq=False)
class Made:
    """A node of ours on its way; ``hint`` is what it would be called."""

    type: str
    fields: dict[str, Any] = field(default_factory=dict)
    exits: "dict[str, Goto | Made]" = field(default_factory=dict)
    hint: str = ""


@dataclass(slots=True)
class Part:
    """What becomes of their node ``id``: a node of ours, or none (a ``Goto``: calls go on there).

    ``origin`` says what it was, in a line. ``losses`` is what it did and ours does not, ``notes`` the rest
    worth knowing.
    """

    id: str
    origin: str
    made: Made | Goto
    notes: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """A whole flow as it was understood; ``start`` are variables that are there from the beginning."""

    entry: Goto
    parts: dict[str, Part]
    languages: tuple[str, ...] = ("en",)
    title: str = ""
    start: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one node of theirs: the node of ours, and what there is to say of it."""

    origin: str
    fate: Fate
    node: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """A flow of ours as text; ``needs`` is what it names and is not part of it, by kind."""

    name: str
    text: str
    steps: tuple[Step, ...]
    needs: Mapping[str, tuple[str, ...]]

    @property
    def reached(self) -> int:
        """Nodes a call can come to."""
        return sum(step.fate != "unreached" for step in self.steps)

    @property
    def share(self) -> float:
        """Of the nodes a call can come to, those that are mapped, in percent."""
        mapped = sum(step.fate in ("mapped", "partly", "unneeded") for step in self.steps)
        return 100.0 * mapped / self.reached if self.reached else 100.0

    def count(self, fate: Fate) -> int:
        """How many of them met this fate."""
        return sum(step.fate == fate for step in self.steps)

    def summary(self) -> str:
        """The count, in a sentence."""
        said = (
            f"{self.reached - self.count('placeholder')} of {self.reached} nodes mapped ({self.share:.0f} %)"
        )
        more: tuple[tuple[Fate, str], ...] = (
            ("partly", "{} of them partly"),
            ("unneeded", "{} needed no node of ours"),
            ("placeholder", "placeholders: {}"),
            ("unreached", "left out since no call comes there: {}"),
        )
        return ", ".join([said, *(phrase.format(n) for fate, phrase in more if (n := self.count(fate)))])


def write(plan: Plan, name: str, system: str) -> Imported:
    """The flow. Raises FlowImportError if it would be longer than a flow may be."""
    return _Writer(plan, name, system).write()


class _Map(dict[str, Any]):
    """Written on one line."""


class _List(list[str]):
    """The same."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(
    _List, lambda dumper, value: dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)
)
_Dumper.add_representer(
    _Map, lambda dumper, value: dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=True)
)


class _Writer:
    def __init__(self, plan: Plan, name: str, system: str) -> None:
        self._plan = plan
        self._name = node_name(name, "imported")
        self._system = system
        self._names = Names()
        self._end = Made("hang_up", hint="end")
        self._order: list[Made] = []
        self._called: dict[int, str] = {}
        self._through: dict[int, list[Part]] = {}
        """The parts that led to a node: itself, and those before it that needed none."""
        self._reached: set[str] = set()

    def write(self) -> Imported:
        plan = self._plan
        entry: Goto | Made = plan.entry
        if plan.start:
            entry = Made("set", {"values": dict(plan.start)}, {"done": plan.entry}, "start")
        first = self._settle(entry)
        self._walk(first)
        queue = next((q for kind, q in self._named() if kind == "queues"), "default")
        steps = tuple(self._steps())
        needs: dict[str, list[str]] = {"queues": [queue]}
        for kind, named in self._named():
            if named not in needs.setdefault(kind, []):
                needs[kind].append(named)
        imported = Imported(self._name, "", steps, {kind: tuple(found) for kind, found in needs.items()})
        head = {
            "flow": self._name,
            "version": 1,
            **({"title": words(plan.title)[:200]} if plan.title else {}),
            "languages": _List(plan.languages),
            "default_queue": queue,
            "entry": self._called[id(first)],
        }
        lines = [
            f"# Brought over from {self._system}: {imported.summary()}.",
            "# What is missing stands as a comment at its node.",
            *_dumped(head),
            "",
            "nodes:",
        ]
        for made in self._order:
            lines += self._node(made)
        lines += self._left_out(steps)
        text = "\n".join(lines) + "\n"
        try:
            load_flow(text, "")
        except FlowError as error:
            raise FlowImportError(f"no flow can be made of it: {error.problems[0].reason}") from error
        return Imported(self._name, text, steps, imported.needs)

    # ------------------------------------------------------------ walking

    def _settle(self, target: Goto | Made) -> Made:
        """The node of ours where a call comes that goes to ``target``."""
        through: list[Part] = []
        while isinstance(target, Goto):
            part = self._plan.parts.get(target.node) if target.node is not None else None
            if part is None or part in through:
                target = self._end
                break
            through.append(part)
            target = part.made
        for part in through:
            self._reached.add(part.id)
            there = self._through.setdefault(id(target), [])
            if part not in there:
                there.append(part)
        return target

    def _walk(self, first: Made) -> None:
        """Every node a call can come to, each branch followed to its end before the next."""
        todo = [first]
        while todo:
            made = todo.pop()
            if id(made) in self._called:
                continue
            self._called[id(made)] = self._names.new(node_name(made.hint, made.type).lower())
            self._order.append(made)
            made.exits = {exit: self._settle(target) for exit, target in made.exits.items()}
            todo += [target for target in reversed(made.exits.values()) if isinstance(target, Made)]

    def _named(self) -> Iterator[tuple[str, str]]:
        """What the nodes name that is not part of the flow."""
        kinds = {"queue": "queues", "calendar": "calendars", "flow": "flows", "sound": "sounds"}
        for made in self._order:
            for key, kind in kinds.items():
                if isinstance(named := made.fields.get(key), str):
                    yield kind, named
            yield from (("sounds", sound) for sound in _sounds(made.fields.get("prompts")))

    # ------------------------------------------------------------ writing

    def _node(self, made: Made) -> list[str]:
        body: dict[str, Any] = {"type": made.type, **made.fields}
        exits = {exit: self._called[id(target)] for exit, target in made.exits.items()}
        if list(exits) == ["done"]:
            body["next"] = exits["done"]
        elif exits:
            body["exits"] = _Map(exits)
        comments = []
        for part in self._through.get(id(made), ()):
            needless = " (no node needed)" if part.made is not made else ""
            comments.append(_comment(f"{part.origin}{needless}"))
            comments += [_comment(f"  {remark}") for remark in (*part.losses, *part.notes)]
        return [f"  {line}".rstrip() for line in (*comments, *_dumped({self._called[id(made)]: body}), "")]

    def _left_out(self, steps: Sequence[Step]) -> list[str]:
        unreached = [step for step in steps if step.fate == "unreached"]
        if not unreached:
            return []
        return [
            "# No call comes to these, so they were left out:",
            *(_comment(f"  {s.origin}") for s in unreached),
        ]

    def _steps(self) -> Iterator[Step]:
        for part in self._plan.parts.values():
            remarks = (*part.losses, *part.notes)
            if part.id not in self._reached:
                yield Step(part.origin, "unreached", "", remarks)
            elif isinstance(part.made, Goto):
                yield Step(part.origin, "unneeded", "", remarks)
            else:
                placeholder = part.made.type == "placeholder"
                fate: Fate = "placeholder" if placeholder else "partly" if part.losses else "mapped"
                yield Step(part.origin, fate, self._called[id(part.made)], remarks)


def _sounds(prompts: Any) -> Iterator[str]:
    for said in prompts.values() if isinstance(prompts, dict) else ():
        for part in said if isinstance(said, list) else ():
            if isinstance(part, dict) and "sound" in part:
                yield part["sound"]


def _dumped(value: dict[str, Any]) -> list[str]:
    text = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return text.rstrip("\n").split("\n")


def _comment(text: str) -> str:
    indent = "  " if text.startswith("  ") else ""
    return f"# {indent}{words(text)}"


def placeholder(was: str, failed: Goto, others: Mapping[str, Goto], hint: str = "") -> Made:
    """A placeholder; ``others`` keep the ways that go on from what it was."""
    exits: dict[str, Goto | Made] = {"failed": failed}
    for exit, target in others.items():
        exits.setdefault(exit, target)
    return Made("placeholder", {"was": was[:200] or "a node"}, exits, hint or "placeholder")


def queue_id(text: str) -> str:
    """A queue's id made from its name."""
    return id_of(text, "queue")
