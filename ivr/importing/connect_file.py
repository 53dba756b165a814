"""A file of Amazon Connect as actions: from the console, from the API, or in the older form."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.importing import connect_modules
from ivr.importing.reading import (
    MOST_NODES,
    FlowImportError,
    Json,
    listed,
    mapping,
    objects,
    read_export,
    words,
)


@dataclass(frozen=True, slots=True)
class Action:
    """One action. ``shown`` is its type as the file calls it, ``names`` are names the file gives to ids."""

    id: str
    type: str
    shown: str
    parameters: Json
    next: str | None
    conditions: tuple["Condition", ...]
    errors: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def failure(self) -> str | None:
        """Where it goes on when it fails: its general error, any other, else what follows it."""
        return self.errors.get("NoMatchingError") or next(iter(self.errors.values()), self.next)


@dataclass(frozen=True, slots=True)
class Condition:
    """If the result compares like this with one of ``operands``, ``target`` follows."""

    operator: str
    operands: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True)
class File:
    """The actions by their ids, where calls begin, and what the flow is called."""

    actions: dict[str, Action]
    start: str
    title: str


def read(export: Json) -> File:
    """What a file says. Raises FlowImportError if it is no export of Amazon Connect."""
    export = _unpacked(export)
    if isinstance(export.get("modules"), list):
        export = connect_modules.as_actions(export)
    if not isinstance(export.get("Actions"), list):
        raise FlowImportError("this is no flow of Amazon Connect: it has neither Actions nor modules")
    actions = _read(export)
    if not actions:
        raise FlowImportError("the flow has no actions")
    if len(actions) > MOST_NODES:
        raise FlowImportError(f"the flow has more than {MOST_NODES} actions")
    start = words(export.get("StartAction"))
    if start not in actions:
        raise FlowImportError(f"the flow begins at {start or 'no action'}, which is not in the file")
    return File(actions, start, words(mapping(export.get("Metadata")).get("name")))


def _unpacked(export: Json) -> Json:
    """The flow itself, where the file is the answer of ``describe-contact-flow``."""
    inner = mapping(export.get("ContactFlow") or export.get("ContactFlowModule")) or export
    content = inner.get("Content") or inner.get("content")
    if isinstance(content, str):
        content = read_export(content)
    if not isinstance(content, dict) or "Actions" in inner:
        return inner
    metadata = {"name": inner.get("Name"), **mapping(content.get("Metadata"))}
    return {**content, "Metadata": metadata}


def _read(export: Json) -> dict[str, Action]:
    metadata = mapping(mapping(export.get("Metadata")).get("ActionMetadata"))
    actions: dict[str, Action] = {}
    for one in objects(export.get("Actions")):
        id = words(one.get("Identifier"))
        if not id or id in actions:
            continue
        ways = mapping(one.get("Transitions"))
        conditions = []
        for way in objects(ways.get("Conditions")):
            condition = mapping(way.get("Condition"))
            target = words(way.get("NextAction"))
            if target:
                operands = tuple(listed(condition.get("Operands")))
                conditions.append(Condition(words(condition.get("Operator")), operands, target))
        errors: dict[str, str] = {}
        for way in objects(ways.get("Errors")):
            if target := words(way.get("NextAction")):
                errors.setdefault(words(way.get("ErrorType")), target)
        type = words(one.get("Type"))
        actions[id] = Action(
            id,
            type,
            words(one.get("ShownType")) or type or "an action without a type",
            mapping(one.get("Parameters")),
            words(ways.get("NextAction")) or None,
            tuple(conditions),
            errors,
            _names(mapping(metadata.get(id))) | _names(mapping(one.get("Names"))),
        )
    return actions


def _names(metadata: Json) -> dict[str, str]:
    """The names a file gives to what parameters hold as ids (``BasicQueue`` for an ARN)."""
    found: dict[str, str] = {}
    for key, value in mapping(metadata.get("parameters")).items():
        if name := words(mapping(value).get("displayName")):
            found[key] = name
    for key, value in metadata.items():
        name = words(value) if isinstance(value, str) else words(mapping(value).get("text"))
        if name:
            found.setdefault(key.lower(), name)
    return found


def agent_of(action: Action) -> str:
    """The agent whose queue an action speaks of; '' if it is none of an agent."""
    return words(action.parameters.get("AgentId"))


def exit_name(text: str) -> str:
    """Words as an exit may be called."""
    return text.lstrip("$")[:40].strip() or "else"


def targets(action: Action) -> list[str]:
    """Every action that may follow."""
    ways = [action.next, *(one.target for one in action.conditions), *action.errors.values()]
    return [way for way in dict.fromkeys(ways) if way]
