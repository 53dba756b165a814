"""Facts, intents and machine states as JSON and back, byte for byte the same in every process.

Values are dataclasses marked with ``register``, str, int, float, bool, None, lists, tuples and dicts
with string keys. A dataclass becomes ``{"$": "ClassName", field: value}``; a tuple ``{"$t": [...]}``.
Sets are refused: their order differs between processes.
"""

import hashlib
import json
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

_T = TypeVar("_T")
_CLASSES: dict[str, type] = {}
_FIELDS: dict[type, tuple[str, ...]] = {}


class CodecError(ValueError):
    """A value has no JSON form here, or a document names a class nobody registered."""


def register(cls: type[_T]) -> type[_T]:
    """Class decorator: let ``encode``/``decode`` carry this dataclass under its own name."""
    known = _CLASSES.get(cls.__name__)
    if known is not None and known.__module__ != cls.__module__:
        raise CodecError(f"two classes are named {cls.__name__}: {known.__module__} and {cls.__module__}")
    _CLASSES[cls.__name__] = cls
    return cls


def encode(value: Any) -> Any:
    """The JSON-able form of ``value``. Raises CodecError for what has none."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    cls = type(value)
    names = _FIELDS.get(cls)
    if names is None and is_dataclass(value):
        if _CLASSES.get(cls.__name__) is not cls:
            raise CodecError(f"{cls.__module__}.{cls.__name__} is not registered")
        names = _FIELDS[cls] = tuple(f.name for f in fields(value))
    if names is not None:
        out: dict[str, Any] = {"$": cls.__name__}
        for name in names:
            out[name] = encode(getattr(value, name))
        return out
    if cls is tuple:
        return {"$t": [encode(v) for v in value]}
    if cls is list:
        return [encode(v) for v in value]
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str) or key.startswith("$"):
                raise CodecError(f"dict key {key!r} is not a plain string")
        return {k: encode(v) for k, v in value.items()}
    raise CodecError(f"{cls.__name__} has no JSON form: {value!r}")


def decode(data: Any) -> Any:
    """The value whose ``encode`` is ``data``. Raises CodecError for an unknown class or field."""
    if isinstance(data, list):
        return [decode(v) for v in data]
    if not isinstance(data, dict):
        return data
    if "$t" in data:
        return tuple(decode(v) for v in data["$t"])
    name = data.get("$")
    if name is None:
        return {k: decode(v) for k, v in data.items()}
    cls = _CLASSES.get(name)
    if cls is None:
        raise CodecError(f"nobody registered a class named {name!r}")
    try:
        return cls(**{k: decode(v) for k, v in data.items() if k != "$"})
    except TypeError as error:
        raise CodecError(f"{name}: {error}") from error


def dumps(value: Any) -> str:
    """Canonical JSON text of ``value``: sorted keys, no spaces."""
    return json.dumps(encode(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def loads(text: str) -> Any:
    """The value of a text made by ``dumps``."""
    return decode(json.loads(text))


def state_hash(value: Any) -> str:
    """SHA-256 (hex) of the canonical JSON of ``value``: equal states, equal hashes, in any process."""
    return hashlib.sha256(dumps(value).encode()).hexdigest()
