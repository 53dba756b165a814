"""Exports as they come: JSON of anybody's making, of which nothing is taken for granted."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

LONGEST = 5_000_000
"""Characters of an export."""
MOST_NODES = 3_000

Json = Mapping[str, Any]
_UNPRINTABLE = re.compile("[^\\t\\n\\r\\x20-\\x7e\\x85\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


class FlowImportError(ValueError):
    """The file cannot become a flow; the text says why."""


def read_export(text: str) -> Json:
    """The object in ``text``. Raises FlowImportError."""
    if len(text) > LONGEST:
        raise FlowImportError(f"the file is longer than {LONGEST} characters")
    try:
        found = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise FlowImportError(f"this is not JSON: line {error.lineno}: {error.msg}") from None
    except (RecursionError, ValueError) as error:
        raise FlowImportError(f"this is not JSON that can be read: {error}") from None
    if not isinstance(found, dict):
        raise FlowImportError("this is no export: its outermost value is no object")
    return found


def mapping(value: object) -> Json:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> Iterator[Json]:
    """The objects in a list; nothing if it is none."""
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())


def words(value: object) -> str:
    """A text, number or true/false as one line of text without control characters; else ''."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        # Python refuses to write whole numbers of thousands of digits.
        return str(value) if isinstance(value, float) or value.bit_length() < 200 else ""
    return " ".join(clean(value).split()) if isinstance(value, str) else ""


def clean(text: str) -> str:
    """``text`` without what no document may hold."""
    return _UNPRINTABLE.sub("\ufffd", text)


def listed(value: object) -> list[str]:
    """The texts in a list, or the one text."""
    return [words(one) for one in value] if isinstance(value, list) else [words(value)]


def whole(value: object, default: int, low: int, high: int) -> int:
    """A whole number, as a number or as text, kept between bounds."""
    found = number(value)
    return default if found is None else int(min(max(found, low), high))


def number(value: object) -> float | None:
    """A number, as a number or as text; None if it is none."""
    try:
        found = float(words(value))
    except ValueError:
        return None
    return found if abs(found) < 1e15 else None
