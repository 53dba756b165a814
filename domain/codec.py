"""Facts, intents and machine states as JSON and back, byte for byte the same in every process.

Values are dataclasses marked with ``register``, str, int, float, bool, None, lists, tuples and dicts
with string keys. A dataclass becomes ``{"$": "ClassName", field: value}``; a tuple ``{"$t": [...]}``.
Sets are refused: their order differs between processes.

Every fact and every decision passes through here, so a text is made in one go: each class has its own
writer, a template with its fields in order, found by the value's type.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from json.encoder import encode_basestring
from operator import attrgetter
from types import UnionType
from typing import Any, Literal, NewType, TypeVar, Union, get_args, get_origin

_ATOMS: frozenset[Any] = frozenset({str, int, float, bool, type(None), tuple})
_T = TypeVar("_T")
_Writer = Callable[[Any], str]
_CLASSES: dict[str, type] = {}
_SURROGATE = re.compile("[\ud800-\udfff]")


class CodecError(ValueError):
    """A value has no JSON form here, or a document names a class nobody registered."""


def register(cls: type[_T]) -> type[_T]:
    """Class decorator: let ``dumps``/``loads`` carry this dataclass under its own name."""
    known = _CLASSES.get(cls.__name__)
    if known is not None and known.__module__ != cls.__module__:
        raise CodecError(f"two classes are named {cls.__name__}: {known.__module__} and {cls.__module__}")
    _CLASSES[cls.__name__] = cls
    return cls


# ------------------------------------------------------------------ writing


def _write_float(value: float) -> str:
    # As ``json`` writes them, NaN and infinities included.
    return float.__repr__(value) if value - value == 0 else json.dumps(float(value))


def _write_list(value: list[Any]) -> str:
    return "[" + ",".join([_WRITERS[type(v)](v) for v in value]) + "]"


def _write_tuple(value: tuple[Any, ...]) -> str:
    return '{"$t":[' + ",".join([_WRITERS[type(v)](v) for v in value]) + "]}"


def _write_dict(value: dict[str, Any]) -> str:
    for key in value:
        if not isinstance(key, str) or key.startswith("$"):
            raise CodecError(f"dict key {key!r} is not a plain string")
    parts = [f"{encode_basestring(k)}:{_WRITERS[type(v)](v)}" for k, v in sorted(value.items(), key=_key)]
    return "{" + ",".join(parts) + "}"


def _key(item: tuple[str, Any]) -> str:
    return item[0]


def _refuse(value: Any) -> str:
    cls = type(value)
    if is_dataclass(value):
        raise CodecError(f"{cls.__module__}.{cls.__name__} is not registered")
    raise CodecError(f"{cls.__name__} has no JSON form: {value!r}")


class _Shape:
    """How a registered dataclass is written: ``get`` gives its fields in order, ``template`` their text."""

    __slots__ = ("frozen", "get", "loose", "template")

    def __init__(self, cls: type) -> None:
        names = sorted(f.name for f in fields(cls))
        keys = [f'"$":"{cls.__name__}"', *(f'"{name}":%s' for name in names)]
        self.template = "{" + ",".join(keys) + "}"
        self.get: Callable[[Any], tuple[Any, ...]]
        if len(names) > 1:
            self.get = attrgetter(*names)
        else:  # attrgetter would give no tuple
            self.get = lambda value: tuple(getattr(value, name) for name in names)
        self.frozen = _is_frozen(cls)
        kinds = {f.name: f.type for f in fields(cls)}
        self.loose = tuple(n for n, name in enumerate(names) if not _is_constant(kinds[name]))
        """Places of the fields whose values may change in themselves."""

    def write(self, value: Any) -> str:
        """The text of a value of the class."""
        return self.template % tuple([_WRITERS[type(v)](v) for v in self.get(value)])


def _is_frozen(cls: Any) -> bool:
    return bool(cls.__dataclass_params__.frozen)


def _is_constant(kind: Any) -> bool:
    """Whether values of this annotation never change in themselves; unknown annotations may."""
    if kind in _ATOMS or kind is None:
        return True
    if isinstance(kind, NewType):
        return _is_constant(kind.__supertype__)
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return all(_is_constant(one) for one in get_args(kind))
    if origin is not None:
        return origin in (Literal, tuple)
    return isinstance(kind, type) and is_dataclass(kind) and _is_frozen(kind)


_SHAPES: dict[type, _Shape] = {}


def _shape(cls: type) -> _Shape:
    shape = _SHAPES.get(cls)
    if shape is None:
        shape = _SHAPES[cls] = _Shape(cls)
    return shape


class _Copy:
    """The fields of a dataclass as they were."""

    __slots__ = ("fields", "template")

    def __init__(self, template: str, values: Iterable[Any]) -> None:
        self.template, self.fields = template, values


def _write_copy(value: _Copy) -> str:
    return value.template % tuple([_WRITERS[type(v)](v) for v in value.fields])


class _Writers(dict[type, _Writer]):
    """Type to writer; a type met for the first time gets its own."""

    def __missing__(self, cls: type) -> _Writer:
        if _CLASSES.get(cls.__name__) is cls:
            self[cls] = _shape(cls).write
            return self[cls]
        for base in (str, int, float, dict):
            if issubclass(cls, base):
                return self[base]
        return _refuse


_WRITERS = _Writers()
_WRITERS.update(
    {
        str: encode_basestring,
        int: int.__repr__,
        float: _write_float,
        bool: lambda value: "true" if value else "false",
        type(None): lambda value: "null",
        list: _write_list,
        tuple: _write_tuple,
        dict: _write_dict,
        _Copy: _write_copy,
    }
)


def dumps(value: Any) -> str:
    """Canonical JSON text of ``value``: sorted keys, no spaces. Raises CodecError for what has no form."""
    text = _WRITERS[type(value)](value)
    if not text.isascii():
        # Half a character pair, as broken input may hold, is no text to a file or a hash: write it escaped.
        text = _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", text)
    return text


def encode(value: Any) -> Any:
    """The JSON-able form of ``value``. Raises CodecError for what has none."""
    return json.loads(dumps(value))


def capture(value: Any) -> Any:
    """A copy that later changes of ``value`` do not reach, good for ``dumps`` only, and far cheaper.

    Tuples and frozen dataclasses are taken to be constant all through, and annotations to be true.
    """
    cls = type(value)
    if cls in _ATOMS:
        return value
    shape = _SHAPES.get(cls)
    if shape is None:
        if cls is list:
            return [v if type(v) in _ATOMS else capture(v) for v in value]
        if isinstance(value, dict):
            return {k: v if type(v) in _ATOMS else capture(v) for k, v in value.items()}
        if _CLASSES.get(cls.__name__) is not cls:
            return value  # refused when it is written
        shape = _shape(cls)
    if shape.frozen:
        return value
    values = shape.get(value)
    if not shape.loose:
        return _Copy(shape.template, values)
    copies = list(values)
    for place in shape.loose:
        copies[place] = capture(copies[place])
    return _Copy(shape.template, copies)


# ------------------------------------------------------------------ reading


def _value(data: dict[str, Any]) -> Any:
    """What a JSON object stands for; its own values are decoded already."""
    name = data.get("$")
    if name is None:
        items = data.get("$t")
        return data if items is None else tuple(items)
    cls = _CLASSES.get(name)
    if cls is None:
        raise CodecError(f"nobody registered a class named {name!r}")
    del data["$"]
    try:
        return cls(**data)
    except TypeError as error:
        raise CodecError(f"{name}: {error}") from error


def loads(text: str) -> Any:
    """The value of a text made by ``dumps``. Raises CodecError for an unknown class or field."""
    return json.loads(text, object_hook=_value)


def decode(data: Any) -> Any:
    """The value whose ``encode`` is ``data``. Raises CodecError for an unknown class or field."""
    return loads(json.dumps(data))


def state_hash(value: Any) -> str:
    """SHA-256 (hex) of the canonical JSON of ``value``: equal states, equal hashes, in any process."""
    return hashlib.sha256(dumps(value).encode()).hexdigest()
