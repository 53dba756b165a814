"""Configuration rows as one YAML file, out and in: users (never passwords), agents, queues and the rest.

An import creates and changes rows, all of the file or nothing; rows the file does not name stay. Every
value of the file is read as text, so that ``no`` is a country, ``007`` a number to dial and ``09:00`` a time.
"""

import importlib
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import yaml
from sqlalchemy.orm import Session

from common.plain_yaml import NotPlain, compose
from common.rows import Kind, in_order

FORMAT = 1
MAX_CHARACTERS = 10_000_000
MODULES = ("acd.api", "common.auth", "common.calendars", "crm_bridge.admin", "ivr.api")
"""The modules that define kinds of rows."""

HEAD = """\
# Callfloor's configuration rows. Take it in again with: callfloor setup import FILE
# Rows it does not name stay as they are, fields a row leaves out get their defaults, and passwords are
# never part of it.
"""
_TAGS = {"str", "int", "float", "bool", "null", "timestamp", "map", "seq", "value", "merge"}


class SetupError(Exception):
    """The file cannot be taken in, and nothing was; every problem is a line of the text."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def kinds() -> list[Kind[Any, Any]]:
    """Every kind of row, those pointed to before those that point."""
    for module in MODULES:
        importlib.import_module(module)
    rooms = {module.partition(".")[0] for module in MODULES}
    return [kind for kind in in_order() if kind.model.__module__.partition(".")[0] in rooms]


class _Dumper(yaml.SafeDumper):
    """Writes lists of plain values on one line."""


def _list(dumper: _Dumper, value: list[Any]) -> yaml.Node:
    plain = not any(isinstance(one, list | dict) for one in value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=plain)


def _text(dumper: _Dumper, value: str) -> yaml.Node:
    # YAML takes other line ends than \n for \n, unless they are written as escapes.
    quoted = any(end in value for end in "\x85\u2028\u2029")
    style = '"' if quoted else "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(list, _list)
_Dumper.add_representer(str, _text)


def export_text(session: Session) -> str:
    """All rows as YAML."""
    document = {"format": FORMAT} | {kind.name: kind.export_rows(session) for kind in kinds()}
    return HEAD + yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


def import_text(session: Session, text: str, where: str) -> str:
    """Take a file in and say in a sentence what changed; ``where`` names it in problems.

    Raises SetupError with all of them; the caller then rolls back.
    """
    document = _read(text, where)
    told = []
    passwordless: list[str] = []
    for kind in kinds():
        before = {row["id"]: row for row in kind.export_rows(session)}
        _import_kind(session, kind, document)
        after = {row["id"]: row for row in kind.export_rows(session)}
        new = sorted(set(after) - set(before))
        changed = sum(after[id] != row for id, row in before.items())
        if new or changed:
            told.append(f"{kind.name}: {len(new)} new, {changed} changed")
        if kind.name == "users":
            passwordless = new
    document.raise_problems()
    return _sentence(told, passwordless)


def _sentence(told: list[str], passwordless: list[str]) -> str:
    if not told:
        return "nothing changed: every row of the file was there already"
    said = f"{'; '.join(told)}"
    if passwordless:
        said += (
            f". New users cannot sign in before they have a password ({', '.join(passwordless)}); "
            "give each theirs with: callfloor user password NAME"
        )
    return f"{said}. A platform that is running reads it when it starts again or a row is saved on its pages"


# ------------------------------------------------------------------ rows


@dataclass(slots=True)
class _Listed:
    """One row of the file, and where it and its fields stand."""

    raw: dict[str, Any]
    line: int
    lines: dict[str, int]


@dataclass(slots=True)
class _Document:
    """What the file holds, and what is wrong with it (line and reason)."""

    where: str
    rows: dict[str, list[_Listed]] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)

    def named(self) -> dict[str, set[str]]:
        """By kind, the ids of the file's rows, be they right or wrong."""
        return {kind: {str(row.raw.get("id")) for row in rows} for kind, rows in self.rows.items()}

    def raise_problems(self) -> None:
        """Raises SetupError if there are any, by line."""
        if self.problems:
            raise SetupError([f"{self.where}:{line}: {reason}" for line, reason in sorted(self.problems)])


def _import_kind(session: Session, kind: Kind[Any, Any], document: _Document) -> None:
    """Take in the rows of a kind; again while fewer fail, since a row may wait for the change of another."""
    rows = document.rows.get(kind.name, [])
    said = _try(session, kind, rows, document)
    while said:
        again = _try(session, kind, rows, document)
        if len(again) >= len(said):
            break
        said = again
    for problems in said.values():
        document.problems += problems


def _try(
    session: Session, kind: Kind[Any, Any], rows: list[_Listed], document: _Document
) -> dict[int, list[tuple[int, str]]]:
    """What is wrong with those rows that could not be written, by their place in ``rows``."""
    said: dict[int, list[tuple[int, str]]] = {}
    raws = [row.raw for row in rows]
    for problem in kind.import_rows(session, raws, document.where, document.named()):
        number, _, reason = problem.removeprefix(f"{document.where}: {kind.name}[").partition("]")
        row = rows[int(number) - 1]
        id = str(row.raw.get("id") or "")
        reason = reason.removeprefix(f" {id}").removeprefix(": ").removesuffix(".")
        # Several fields may be wrong; each is said where it stands.
        fields = "|".join(re.escape(name) for name in {*row.lines, *kind.body.model_fields})
        for part in re.split(rf"; (?=(?:{fields})[ .])", reason):
            line = row.lines.get(re.split("[ .]", part)[0], row.line)
            said.setdefault(int(number) - 1, []).append((line, f"{kind.name} {id}".strip() + f": {part}"))
    return said


# ------------------------------------------------------------------ the file


def _read(text: str, where: str) -> _Document:
    document = _Document(where)
    root = _compose(text, document)
    document.raise_problems()
    known = {kind.name: kind for kind in kinds()}
    seen: Counter[str] = Counter()
    for key, value in _items(root, "the file", document):
        seen[key.value] += 1
        line = _line(key)
        if seen[key.value] > 1:
            document.problems.append((line, f"{key.value} is written twice"))
        elif key.value == "format":
            if _plain(value, document) != str(FORMAT):
                reason = f"format is not {FORMAT}: the file was made for another version of Callfloor"
                document.problems.append((line, reason))
        elif key.value not in known:
            named = ", ".join(sorted(known))
            document.problems.append((line, f"{key.value} is no kind of rows; they are {named}"))
        else:
            document.rows[key.value] = _rows(key.value, value, document)
    return document


def _rows(kind: str, node: yaml.Node, document: _Document) -> list[_Listed]:
    if isinstance(node, yaml.ScalarNode) and _plain(node, document) is None:
        return []
    if not isinstance(node, yaml.SequenceNode):
        document.problems.append((_line(node), f"{kind} must be a list of rows"))
        return []
    rows: dict[str, _Listed] = {}
    for item in node.value:
        row = _row(kind, item, document)
        if row is None:
            continue
        id = str(row.raw.get("id") or f"line {row.line}")
        if id in rows:
            document.problems.append((row.line, f"{kind} {id}: is in this file twice"))
        else:
            rows[id] = row
    return list(rows.values())


def _row(kind: str, node: yaml.Node, document: _Document) -> _Listed | None:
    if not isinstance(node, yaml.MappingNode):
        document.problems.append((_line(node), f"{kind}: a row must be a mapping of fields to values"))
        return None
    row = _Listed({}, _line(node), {})
    for key, value in _items(node, kind, document):
        if key.value in row.raw:
            document.problems.append((_line(key), f"{kind}: {key.value} is written twice"))
        elif kind == "users" and key.value == "password":
            reason = "users: passwords are not part of a file; set them with: callfloor user password NAME"
            document.problems.append((_line(key), reason))
        else:
            row.raw[key.value] = _plain(value, document)
            row.lines[key.value] = _line(key)
    return row


def _items(node: yaml.Node, what: str, document: _Document) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        document.problems.append((_line(node), f"{what} must be a mapping of names to values"))
        return []
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            document.problems.append((_line(key), f"{what}: a name must be plain text"))
    return [(key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)]


def _plain(node: yaml.Node, document: _Document) -> Any:
    """Texts, None, lists and mappings."""
    if node.tag.rpartition(":")[2] not in _TAGS:
        document.problems.append((_line(node), f"{node.tag} is not part of this file's language"))
        return None
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, document) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value, document) for key, value in _items(node, "a field", document)}
    return None if node.tag.endswith(":null") else node.value


def _compose(text: str, document: _Document) -> yaml.Node:
    """The file as nodes; where that cannot be, a problem and an empty mapping."""
    try:
        root = compose(text, MAX_CHARACTERS)
    except NotPlain as problem:
        document.problems.append((problem.line, problem.reason))
        root = None
    return yaml.MappingNode("tag:yaml.org,2002:map", []) if root is None else root


def _line(node: yaml.Node) -> int:
    return 1 if node.start_mark is None else int(node.start_mark.line) + 1
