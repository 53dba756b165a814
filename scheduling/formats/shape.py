"""Dataclasses to and from plain values (what JSON and TOML can hold), and their JSON Schema.

It knows the types problems and rosters are made of: numbers, texts, flags, dates, tuples, mappings of texts,
optional values, dataclasses, and unions of dataclasses that are told apart by a literal field (``rule``).
Every mistake is told with its path; keys that are not there are mistakes too.
"""

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Final, Literal, TypeVar, Union

_Kind = TypeVar("_Kind")
LARGEST: Final = 1_000_000_000
"""No number of a problem is larger; sums of many stay exact everywhere."""


class ShapeError(ValueError):
    """Values that do not fit; ``wrongs`` are pairs of path and reason."""

    def __init__(self, wrongs: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{path}: {reason}" for path, reason in wrongs))
        self.wrongs = wrongs


def read(kind: type[_Kind], raw: object, path: str = "") -> _Kind:
    """A dataclass from a mapping. Raises ShapeError, and whatever the class itself raises."""
    reader = _Reader()
    made = reader.value(kind, raw, path)
    if reader.wrongs:
        raise ShapeError(reader.wrongs)
    return typing.cast(_Kind, made)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _options(kind: Any) -> tuple[Any, ...]:
    """The members of a union; a lone type is one of one."""
    return typing.get_args(kind) if typing.get_origin(kind) in (Union, types.UnionType) else (kind,)


def _needed(one: "Field[Any]") -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def _tags(kinds: tuple[Any, ...]) -> dict[str, type]:
    """Dataclasses of a union by the literal of their ``rule``."""
    return {typing.get_args(_hints(one)["rule"])[0]: one for one in kinds}


_NOTHING: Final = object()
"""Stands for what could not be read."""


class _Reader:
    def __init__(self) -> None:
        self.wrongs: list[tuple[str, str]] = []

    def _wrong(self, path: str, reason: str) -> object:
        self.wrongs.append((path or "the file", reason))
        return _NOTHING

    def value(self, kind: Any, raw: object, path: str) -> Any:
        options = _options(kind)
        if raw is None and type(None) in options:
            return None
        options = tuple(one for one in options if one is not type(None))
        if len(options) > 1:
            return self._tagged(options, raw, path)
        kind = options[0]
        if is_dataclass(kind):
            return self._object(typing.cast(type, kind), raw, path)
        match typing.get_origin(kind) or kind:
            case origin if origin is tuple:
                if not isinstance(raw, list):
                    return self._wrong(path, f"must be a list, is {_short(raw)}")
                inner = typing.get_args(kind)[0]
                return tuple(self.value(inner, one, f"{path}[{place}]") for place, one in enumerate(raw))
            case origin if isinstance(origin, type) and issubclass(origin, Mapping):
                if not isinstance(raw, dict):
                    return self._wrong(path, f"must be a mapping, is {_short(raw)}")
                inner = typing.get_args(kind)[1]
                return {key: self.value(inner, one, f"{path}.{key}") for key, one in raw.items()}
            case origin if origin is Literal:
                allowed = typing.get_args(kind)
                return (
                    raw if raw in allowed else self._wrong(path, f"must be {_or(allowed)}, is {_short(raw)}")
                )
        return self._plain(kind, raw, path)

    def _plain(self, kind: Any, raw: object, path: str) -> Any:
        if kind is int:
            if not isinstance(raw, int) or isinstance(raw, bool):
                return self._wrong(path, f"must be a whole number, is {_short(raw)}")
            if abs(raw) > LARGEST:
                return self._wrong(path, f"{raw} is too large; numbers go up to {LARGEST}")
            return raw
        if kind is date:
            if isinstance(raw, date):  # TOML has dates
                return date(raw.year, raw.month, raw.day)
            try:
                return date.fromisoformat(raw if isinstance(raw, str) else "")
            except ValueError:
                return self._wrong(path, f"must be a date like 2026-11-01, is {_short(raw)}")
        if not isinstance(raw, kind):
            words = {str: "a text", bool: "true or false"}[kind]
            return self._wrong(path, f"must be {words}, is {_short(raw)}")
        return raw

    def _tagged(self, kinds: tuple[Any, ...], raw: object, path: str) -> Any:
        tags = _tags(kinds)
        if not isinstance(raw, dict):
            return self._wrong(path, f"must be a mapping, is {_short(raw)}")
        tag = raw.get("rule")
        if not isinstance(tag, str) or tag not in tags:
            said = "is missing" if tag is None else f"{tag!r} is not known"
            return self._wrong(f"{path}.rule", f"{said}; rules are {_or(tuple(tags))}")
        return self._object(tags[tag], raw, path)

    def _object(self, kind: type, raw: object, path: str) -> Any:
        if not isinstance(raw, dict):
            return self._wrong(path, f"must be a mapping, is {_short(raw)}")
        hints, known = _hints(kind), {one.name: one for one in fields(kind)}
        before = len(self.wrongs)
        joint = f"{path}." if path else ""
        for key in raw:
            if key not in known:
                self._wrong(f"{joint}{key}", f"there is no such field; there are {', '.join(known)}")
        for name, one in known.items():
            if name not in raw and _needed(one):
                self._wrong(f"{joint}{name}", "is missing")
        read = {name: self.value(hints[name], raw[name], f"{joint}{name}") for name in known if name in raw}
        return kind(**read) if len(self.wrongs) == before else _NOTHING


def _short(raw: object) -> str:
    text = repr(raw)
    return text if len(text) <= 40 else f"{text[:37]}…"


def _or(words: tuple[object, ...]) -> str:
    texts = [repr(one) for one in words]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} or {texts[-1]}"


# ------------------------------------------------------------------ writing


def plain(value: object) -> Any:
    """The plain form of a dataclass, tuple or mapping, without fields that are as they would be anyway."""
    if is_dataclass(value) and not isinstance(value, type):
        return dict(_written(value))
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def _written(value: Any) -> Iterator[tuple[str, Any]]:
    listed = fields(value)
    if any(one.name == "rule" for one in listed):
        yield "rule", value.rule
    for one in listed:
        default = one.default_factory() if one.default_factory is not MISSING else one.default
        held = getattr(value, one.name)
        if one.name != "rule" and (_needed(one) or held != default):
            yield one.name, plain(held)


# ------------------------------------------------------------------ schema


def schema(kind: type, title: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a dataclass."""
    defs: dict[str, Any] = {}
    top = _schema_of(kind, defs)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **top, "$defs": defs}


def _schema_of(kind: Any, defs: dict[str, Any]) -> dict[str, Any]:
    options = _options(kind)
    if len(options) > 1:
        return {"anyOf": [_schema_of(one, defs) for one in options]}
    if kind is type(None):
        return {"type": "null"}
    if is_dataclass(kind):
        name = typing.cast(type, kind).__name__
        if name not in defs:
            defs[name] = {}
            defs[name] = _object_schema(typing.cast(type, kind), defs)
        return {"$ref": f"#/$defs/{name}"}
    origin = typing.get_origin(kind) or kind
    if origin is tuple:
        return {"type": "array", "items": _schema_of(typing.get_args(kind)[0], defs)}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema_of(typing.get_args(kind)[1], defs)}
    if origin is Literal:
        allowed = list(typing.get_args(kind))
        return {"const": allowed[0]} if len(allowed) == 1 else {"enum": allowed}
    plain_kinds: dict[Any, dict[str, Any]] = {
        int: {"type": "integer", "minimum": -LARGEST, "maximum": LARGEST},
        str: {"type": "string"},
        bool: {"type": "boolean"},
        date: {"type": "string", "format": "date"},
    }
    return dict(plain_kinds[kind])


def _object_schema(kind: type, defs: dict[str, Any]) -> dict[str, Any]:
    hints = _hints(kind)
    needed = [one.name for one in fields(kind) if _needed(one)]
    if "rule" in hints:
        needed.append("rule")
    properties = {one.name: _schema_of(hints[one.name], defs) for one in fields(kind)}
    words = " ".join((kind.__doc__ or "").replace("``", "").split())
    found: dict[str, Any] = {"type": "object", "description": words, "properties": properties}
    if needed:
        found["required"] = needed
    return {**found, "additionalProperties": False}
