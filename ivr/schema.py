"""The flow document as a JSON Schema (draft 2020-12), made from the kinds of node themselves.

Each kind is asked to read its parameters from something that writes down what it asks for. Where that depends
on what was answered (a flag, a choice, whether something is written) it is asked again for each answer. The
schema is for editors and other programs; what only the loader sees (where exits lead) is not in it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from ivr.document import NAME, VARIABLE, plain
from ivr.expressions import LONGEST, Expression, read_expression
from ivr.flow import Fields, Node, Prompts, Value
from ivr.nodes import KINDS

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": ["string", "number", "boolean"]}
"""Texts are taken as they are written: 0 and true are texts too."""
_LANGUAGE_TAG: Final = "[a-z]{2,3}(-[A-Z]{2})?"
_KEYS: Final = "^[0-9*#]{1,8}$"
_SOME_LANGUAGE: Final = "$language"
"""Stands for every language of a flow while a kind is asked."""
_SOME_NAME: Final = "some_name"


def schema() -> Schema:
    """The schema; a new value each time."""
    kinds = {f"node-{name}": _kind(kind) for name, kind in sorted(KINDS.items())}
    return {
        "$schema": DIALECT,
        "title": "Callfloor flow",
        "description": "The front door of a number: what callers hear, what keys mean, where they end up.",
        "type": "object",
        "properties": {
            "flow": {**_name(), "description": "The name entry numbers use."},
            "version": {
                "type": "integer",
                "minimum": 1,
                "maximum": 1_000_000_000,
                "description": "A higher version replaces this one for new calls.",
            },
            "title": TEXT,
            "languages": {
                "description": "The first is spoken until the flow sets another.",
                "anyOf": [
                    {"$ref": "#/$defs/language"},
                    {
                        "type": "array",
                        "items": {"$ref": "#/$defs/language"},
                        "minItems": 1,
                        "uniqueItems": True,
                    },
                ],
            },
            "default_queue": {**TEXT, "description": "Where callers go when the flow itself fails."},
            "on_error": {"$ref": "#/$defs/target", "description": "A node to go to before that."},
            "entry": {"$ref": "#/$defs/target", "description": "The first node."},
            "nodes": {
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"pattern": f"^{NAME.pattern}$"},
                "additionalProperties": {"$ref": "#/$defs/node"},
            },
        },
        "required": ["flow", "version", "languages", "default_queue", "entry", "nodes"],
        "additionalProperties": False,
        "$defs": {
            "language": {"type": "string", "pattern": f"^{_LANGUAGE_TAG}$"},
            "target": {**_name(), "description": "The name of a node."},
            "variable": {"type": "string", "pattern": f"^{VARIABLE.pattern}$"},
            "prompts": _PROMPTS,
            "said": _SAID,
            "part": _PART,
            "node": {
                "type": "object",
                "properties": {"type": {"enum": sorted(KINDS)}},
                "required": ["type"],
                "allOf": [
                    {
                        "if": {"properties": {"type": {"const": name}}, "required": ["type"]},
                        "then": {"$ref": f"#/$defs/node-{name}"},
                    }
                    for name in sorted(KINDS)
                ],
            },
            **kinds,
        },
    }


def document(root: yaml.Node) -> Any:
    """A YAML document as a validator looks at it: names are texts, values are as the loader reads them."""
    if isinstance(root, yaml.MappingNode):
        return {str(key.value): document(value) for key, value in root.value}
    if isinstance(root, yaml.SequenceNode):
        return [document(part) for part in root.value]
    return plain(root)


def _name() -> Schema:
    return {"type": "string", "pattern": f"^{NAME.pattern}$"}


_PROMPTS: Final[Schema] = {
    "type": "object",
    "description": "What is said, in every language of the flow.",
    "propertyNames": {"pattern": f"^{_LANGUAGE_TAG}$"},
    "additionalProperties": {"$ref": "#/$defs/said"},
}
_SAID: Final[Schema] = {
    "anyOf": [
        {"$ref": "#/$defs/part"},
        {"type": "array", "items": {"$ref": "#/$defs/part"}, "minItems": 1},
    ]
}
_PART: Final[Schema] = {
    "anyOf": [
        TEXT,
        {
            "type": "object",
            "properties": {"text": TEXT, "language": {"$ref": "#/$defs/language"}},
            "required": ["text"],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {"sound": TEXT, "text": TEXT, "language": {"$ref": "#/$defs/language"}},
            "required": ["sound"],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {
                "tone": {"type": "integer", "minimum": 0, "maximum": 4000, "description": "Hz; 0 is silence"},
                "ms": {"type": "integer", "minimum": 10, "maximum": 10_000},
            },
            "required": ["tone"],
            "additionalProperties": False,
        },
    ]
}


# ------------------------------------------------------------------ kinds


def _kind(kind: type[Node]) -> Schema:
    readings, parameters = _readings(kind.read)
    found = _merged(readings)
    properties: Schema = {"type": {"const": kind.TYPE}, **found.pop("properties")}
    made: Schema = {
        "description": " ".join((kind.__doc__ or "").split()),
        "properties": properties,
        "required": found.pop("required"),
        "additionalProperties": False,
        **found,
    }
    _add_exits(kind, parameters, made)
    return made


def _add_exits(kind: type[Node], parameters: dict[str, Any], made: Schema) -> None:
    """The exits of a kind, and ``next`` for ``done``."""
    needed, target = list(kind.NEEDS), {"$ref": "#/$defs/target"}
    named = [e for e in (*needed, *kind.MAY, "failed") if kind.exit_is_known(e, parameters)]
    exits: Schema = {"type": "object", "properties": dict.fromkeys(named, target)}
    by_parameters = set(kind.exits_needed(parameters)) - set(needed)
    if by_parameters or kind.exit_is_known(_SOME_NAME, parameters):
        exits["additionalProperties"] = target
    elif kind.exit_is_known("1", parameters):
        exits["patternProperties"] = {_KEYS: target}
        exits["additionalProperties"] = False
    else:
        exits["additionalProperties"] = False
    rest = [name for name in needed if name != "done"]
    if rest:
        exits["required"] = rest
        made["required"] = [*made["required"], "exits"]
    made["properties"]["exits"] = exits
    if "done" not in needed:
        return
    made["properties"]["next"] = {**target, "description": "Short for the exit done."}
    written = {"properties": {"exits": {"required": ["done"]}}, "required": ["exits"]}
    made["allOf"] = [*made.get("allOf", []), {"oneOf": [{"required": ["next"]}, written]}]


# ------------------------------------------------------------------ asking


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was asked for, given some answers that are not the usual ones."""

    properties: dict[str, Schema]
    required: frozenset[str]
    chosen: tuple[str, Value] | None = None
    written: str = ""


def _readings(read: Callable[[Fields], Any]) -> tuple[list[_Reading], Any]:
    """Every way of asking, the usual one first, and what the usual one made."""
    usual = _Recorder()
    made = read(usual)
    for key, item in usual.items.items():
        usual.properties[key] = _list_of(read, key, item)
    found = [usual.reading()]
    for key, choices in usual.choices.items():
        for choice in choices:
            found.append(_again(read, chosen=(key, choice)))
    for key in usual.looked_for:
        found.append(_again(read, written=key))
    return found, made


def _list_of(read: Callable[[Fields], Any], key: str, item: "_Recorder") -> Schema:
    """A list of mappings: each way of asking for one of them is tried by itself."""
    readings = [item.reading()]
    for name, choices in item.choices.items():
        for choice in choices:
            readings.append(_item_again(read, key, chosen=(name, choice)))
    for name in item.looked_for:
        readings.append(_item_again(read, key, written=name))
    made = {"type": "object", "additionalProperties": False, **_merged(readings)}
    return {"type": "array", "items": made, "minItems": 1}


def _item_again(read: Callable[[Fields], Any], key: str, **answers: Any) -> _Reading:
    other = _Recorder(of_items={key: answers})
    read(other)
    return other.items[key].reading()


def _again(read: Callable[[Fields], Any], **answers: Any) -> _Reading:
    other = _Recorder(**answers)
    read(other)
    return other.reading()


def _merged(readings: list[_Reading]) -> Schema:
    """One schema for all ways of asking: everything that may be written, and what must be in which case."""
    properties: dict[str, Schema] = {}
    for reading in readings:
        for key, value in reading.properties.items():
            properties.setdefault(key, value)
    always = frozenset.intersection(*(reading.required for reading in readings))
    made: Schema = {"properties": properties, "required": sorted(always)}
    if any(reading.required != always for reading in readings):
        made["anyOf"] = list(_cases(readings))
    return made


def _cases(readings: list[_Reading]) -> Iterator[Schema]:
    """Each set of what must be written, with the answers that lead to it."""
    usual, *others = readings
    sets: dict[frozenset[str], list[tuple[str, Value]]] = {usual.required: []}
    for reading in others:
        if reading.chosen is not None:
            sets.setdefault(reading.required, []).append(reading.chosen)
    for required, chosen in sets.items():
        by_key: dict[str, list[Value]] = {}
        for key, value in chosen:
            by_key.setdefault(key, []).append(value)
        if required == usual.required:
            # What is not written is as usual, so only what leads elsewhere is ruled out.
            elsewhere = {key for other, pairs in sets.items() if other != required for key, _ in pairs}
            narrowed = {key: {"enum": values} for key, values in by_key.items() if key in elsewhere}
            yield {"properties": narrowed, "required": sorted(required)}
        else:
            for key, values in by_key.items():
                yield {"properties": {key: {"enum": values}}, "required": sorted({*required, key})}
    for reading in others:
        if reading.written and reading.required != usual.required:
            yield {"required": sorted({*reading.required, reading.written})}


@dataclass(slots=True)
class _Recorder:
    """``Fields`` that write down what is asked for, and answer something that can be gone on with."""

    chosen: tuple[str, Value] | None = None
    written: str = ""
    properties: dict[str, Schema] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    choices: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    looked_for: dict[str, None] = field(default_factory=dict)
    items: "dict[str, _Recorder]" = field(default_factory=dict)
    of_items: dict[str, dict[str, Any]] = field(default_factory=dict)

    def reading(self) -> _Reading:
        """All that was asked for."""
        return _Reading(self.properties, frozenset(self.required), self.chosen, self.written)

    def _note(self, key: str, schema: Schema, required: bool) -> None:
        self.properties[key] = schema
        if required:
            self.required.add(key)

    def _choose(self, key: str, usual: Any) -> Any:
        return self.chosen[1] if self.chosen is not None and self.chosen[0] == key else usual

    # ------------------------------------------------------------ as the loader reads

    @property
    def languages(self) -> tuple[str, ...]:
        return (_SOME_LANGUAGE,)

    def text(self, key: str, default: str | None = None, among: tuple[str, ...] = ()) -> str:
        made = TEXT
        if _SOME_LANGUAGE in among:
            rest = [one for one in among if one != _SOME_LANGUAGE]
            made = {"anyOf": [{"$ref": "#/$defs/language"}, *([{"enum": rest}] if rest else [])]}
        elif among:
            made = {"enum": list(among)}
            self.choices[key] = among
        self._note(key, _with_default(made, default), default is None)
        usual = default or (among[0] if among else _SOME_NAME)
        return str(self._choose(key, usual))

    def whole(self, key: str, default: int | None, low: int, high: int) -> int:
        made = {"type": "integer", "minimum": low, "maximum": high}
        self._note(key, _with_default(made, default), default is None)
        return low if default is None else default

    def number(self, key: str, default: float | None, low: float, high: float) -> float:
        made = {"type": "number", "minimum": low, "maximum": high}
        self._note(key, _with_default(made, default), default is None)
        return low if default is None else default

    def flag(self, key: str, default: bool) -> bool:
        self._note(key, {"type": "boolean", "default": default}, False)
        self.choices[key] = (False, True)
        return bool(self._choose(key, default))

    def texts(self, key: str) -> tuple[str, ...]:
        self._note(key, {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}, False)
        return ()

    def values(self, key: str) -> dict[str, Value]:
        self._note(key, _named(TEXT, variables=True), True)
        return {}

    def variable(self, key: str, default: str | None = None, written: bool = False) -> str:
        self._note(key, _with_default({"$ref": "#/$defs/variable"}, default), default is None)
        return default or _SOME_NAME

    def prompts(self, key: str, required: bool = True) -> Prompts:
        self._note(key, {"$ref": "#/$defs/prompts"}, required)
        return {}

    def each(self, key: str) -> "list[_Recorder]":
        self._note(key, {}, True)  # told by ``_list_of``
        item = self.items[key] = _Recorder(**self.of_items.get(key, {}))
        return [item]

    def value(self, key: str) -> Value | tuple[Value, ...]:
        self._note(key, {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}, True)
        return 0

    def template(self, key: str, default: str | None = None) -> str:
        self._note(key, _with_default(TEXT, default), default is None)
        return default or _SOME_NAME

    def pattern(self, key: str) -> str:
        self._note(key, TEXT, False)
        return ""

    def expression(self, key: str, required: bool = True) -> Expression | None:
        self._note(key, {**TEXT, "maxLength": LONGEST}, required)
        return read_expression("true") if required or self.written == key else None

    def assignments(self, key: str) -> dict[str, Value | Expression]:
        self._note(key, _named(TEXT, variables=True), True)
        return {}

    def numbers(self, key: str, low: float, high: float) -> dict[str, float]:
        made = _named({"type": "number", "minimum": low, "maximum": high})
        self._note(key, {**made, "minProperties": 1}, True)
        return {_SOME_NAME: high}

    def pairs(self, key: str, required: bool = True) -> dict[str, str]:
        self._note(key, _named(TEXT), required)
        return {}

    def results(self, key: str) -> dict[str, str]:
        self._note(key, _named(TEXT, variables=True), False)
        return {}

    def words(self, key: str, required: bool = True) -> dict[str, str]:
        made = {**_named(TEXT), "propertyNames": {"pattern": f"^{_LANGUAGE_TAG}$"}}
        self._note(key, made, required)
        return {}

    def json(self, key: str) -> Any:
        self._note(key, {}, False)
        return None

    def has(self, key: str) -> bool:
        self.looked_for[key] = None
        return self.written == key

    def wrong(self, reason: str, key: str = "") -> None:
        """What the answers make of it is no matter here."""


def _named(schema: Schema, variables: bool = False) -> Schema:
    """A mapping of names to values of one kind."""
    made = {"type": "object", "additionalProperties": schema}
    return {**made, "propertyNames": {"pattern": f"^{VARIABLE.pattern}$"}} if variables else made


def _with_default(schema: Schema, default: Any) -> Schema:
    return schema if default in (None, "") else {**schema, "default": default}
