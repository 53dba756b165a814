"""What is different between two versions of a flow: line by line, and node by node."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from common.plain_yaml import NotPlain, compose
from ivr.load import MAX_CHARACTERS


@dataclass(frozen=True, slots=True)
class NodeChange:
    """A node that is in both versions, and which of its parameters and exits differ (``exits.1``)."""

    node: str
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """``text`` is a unified diff; the rest is empty where a version is no YAML (``readable`` says so)."""

    text: str
    readable: bool
    head: tuple[str, ...] = ()
    """What differs above the nodes: ``entry``, ``languages`` and the like; the version always does."""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[NodeChange, ...] = ()


def compare(old: str, new: str, old_name: str, new_name: str) -> Comparison:
    """From ``old`` to ``new``; the names stand over the unified diff."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), old_name, new_name, lineterm="", n=3)
    text = "\n".join(lines)
    before, after = _read(old), _read(new)
    if before is None or after is None:
        return Comparison(text, False)
    was, now = _mapping(before.get("nodes")), _mapping(after.get("nodes"))
    return Comparison(
        text,
        True,
        tuple(name for name in _differing(before, after) if name not in ("nodes", "version")),
        tuple(name for name in now if name not in was),
        tuple(name for name in was if name not in now),
        tuple(
            NodeChange(name, what) for name in now if name in was and (what := _changes(was[name], now[name]))
        ),
    )


def _changes(was: Any, now: Any) -> tuple[str, ...]:
    was, now = _one_exit(was), _one_exit(now)
    changes: list[str] = []
    for name in _differing(was, now):
        if name == "exits":
            exits = _differing(_mapping(was.get(name)), _mapping(now.get(name)))
            changes += [f"exits.{exit}" for exit in exits]
        else:
            changes.append(name)
    return tuple(changes)


def _one_exit(node: Any) -> Mapping[str, Any]:
    """A node's mapping; ``next`` is written out as the exit it stands for."""
    one = dict(_mapping(node))
    if "next" in one:
        one["exits"] = {**_mapping(one.get("exits")), "done": one.pop("next")}
    return one


def _differing(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return [name for name in {**was, **now} if (name in was, was.get(name)) != (name in now, now.get(name))]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _read(text: str) -> Mapping[str, Any] | None:
    try:
        root = compose(text, MAX_CHARACTERS)
    except NotPlain:
        return None
    return _plain(root) if isinstance(root, yaml.MappingNode) else None


def _plain(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one) for one in node.value]
    return node.value
