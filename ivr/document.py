"""YAML with line numbers, and the parameters of one mapping read out of it, noting every problem."""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from domain.switch import Prompt, Sound, Speak, Tone
from ivr.expressions import BadExpression, Expression, read_expression
from ivr.flow import RESERVED, Prompts, Value
from ivr.patterns import BadPattern, compile_pattern
from ivr.templates import FILTERS, SECRET, unknown_filter

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")

_SAFE = yaml.SafeLoader("")


@dataclass(frozen=True, slots=True, order=True)
class FlowProblem:
    """One thing wrong with a flow document: where (lines count from 1) and why."""

    line: int
    reason: str
    file: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


@dataclass(slots=True)
class Notes:
    """The problems found so far in one document, and the languages its prompts must be in."""

    file: str
    languages: tuple[str, ...] = ()
    problems: list[FlowProblem] = field(default_factory=list)

    def add(self, line: int, reason: str) -> None:
        """Note one problem."""
        self.problems.append(FlowProblem(line, reason, self.file))


def line_of(node: yaml.Node) -> int:
    """The line a piece of YAML begins on, counted from 1."""
    return int(node.start_mark.line) + 1


def plain(node: yaml.Node) -> Any:
    """The value of a scalar (raw text for what is neither number, true/false nor null)."""
    if not isinstance(node, yaml.ScalarNode):
        return None
    kind = node.tag.rsplit(":", 1)[-1]
    if kind not in ("int", "float", "bool", "null"):
        return node.value
    try:
        return _SAFE.construct_object(yaml.ScalarNode(node.tag, node.value, node.start_mark, node.end_mark))
    except (ValueError, yaml.YAMLError):
        return node.value


class Section:
    """One mapping of the document. Every read notes what is wrong and answers something harmless."""

    def __init__(self, node: yaml.Node, where: str, notes: Notes) -> None:
        self.line = line_of(node)
        self.where = where
        self.notes = notes
        self.items: dict[str, yaml.Node] = {}
        self.lines: dict[str, int] = {}
        self._read: set[str] = set()
        self._parts: list[Section] = []
        if not isinstance(node, yaml.MappingNode):
            notes.add(self.line, f"{where} must be a mapping of names to values")
            return
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                notes.add(line_of(key), f"{where}: a name must be plain text")
            elif key.value in self.items:
                notes.add(line_of(key), f"{where}: {key.value} is written twice")
            else:
                self.items[key.value] = value
                self.lines[key.value] = line_of(key)

    # ------------------------------------------------------------ reading

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the flow."""
        return self.notes.languages

    def has(self, key: str) -> bool:
        """Whether the parameter is written."""
        return key in self.items

    def take(self, key: str, required: bool = True) -> yaml.Node | None:
        """The piece of YAML under ``key``."""
        self._read.add(key)
        node = self.items.get(key)
        if node is None and required:
            self.wrong(f"{key} is missing")
        return node

    def text(self, key: str, default: str | None = None, among: tuple[str, ...] = ()) -> str:
        """A text; required if there is no default."""
        node = self.take(key, default is None)
        if node is None:
            return default or ""
        if not isinstance(node, yaml.ScalarNode) or (node.value == "" and "" not in among):
            self.wrong(f"{key} must be a text", key)
            return default or ""
        if among and node.value not in among:
            self.wrong(f"{key} is {node.value!r}; it may be {', '.join(a or repr(a) for a in among)}", key)
            return default or among[0]
        return str(node.value)

    def number(self, key: str, default: float | None, low: float, high: float) -> float:
        """A number from ``low`` to ``high``."""
        value = self._numeric(key, default, low, high)
        return low if value is None else float(value)

    def whole(self, key: str, default: int | None, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        value = self._numeric(key, default, low, high)
        if isinstance(value, float):
            self.wrong(f"{key} must be a whole number", key)
            return low
        return low if value is None else value

    def _numeric(self, key: str, default: float | None, low: float, high: float) -> int | float | None:
        node = self.take(key, default is None)
        if node is None:
            return default
        value = plain(node)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            self.wrong(f"{key} must be a number from {low:g} to {high:g}", key)
            return default
        return value

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        node = self.take(key, required=False)
        value = default if node is None else plain(node)
        if not isinstance(value, bool):
            self.wrong(f"{key} must be true or false", key)
            return default
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts (or one text); empty if it is not written."""
        node = self.take(key, required=False)
        if node is None:
            return ()
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if any(not isinstance(p, yaml.ScalarNode) or p.value == "" for p in parts):
            self.wrong(f"{key} must be a list of texts", key)
            return ()
        return tuple(p.value for p in parts)

    def value(self, key: str) -> Value | tuple[Value, ...]:
        """A text, number or true/false, or a list of them."""
        node = self.take(key)
        if node is None:
            return ""
        if isinstance(node, yaml.SequenceNode):
            return tuple(self._one(part, key) for part in node.value)
        return self._one(node, key)

    def _one(self, node: yaml.Node, key: str) -> Value:
        value = plain(node)
        if value is None or not isinstance(value, str | int | float | bool):
            self.notes.add(line_of(node), f"{self.where}: {key} must be a text, a number or true/false")
            return ""
        return value

    def values(self, key: str) -> dict[str, Value]:
        """Variables to be written and their values."""
        section = self._named(key, written=True)
        return {name: section._one(item, name) for name, item in section.items.items()} if section else {}

    def assignments(self, key: str) -> dict[str, Value | Expression]:
        """Variables to be written and their values; ``= n + 1`` is worked out, other texts are templates."""
        section = self._named(key, written=True)
        if section is None:
            return {}
        found: dict[str, Value | Expression] = {}
        for name, item in section.items.items():
            value = section._one(item, name)
            if isinstance(value, str) and value.startswith("="):
                expression = section._expression(value[1:], line_of(item))
                found[name] = "" if expression is None else expression
            else:
                found[name] = value
                if isinstance(value, str):
                    section._check_template(value, line_of(item))
        return found

    def numbers(self, key: str, low: float, high: float) -> dict[str, float]:
        """Names and a number each; not empty."""
        section = self._named(key)
        if section is None:
            return {}
        if not section.items:
            self.wrong(f"{key} must not be empty", key)
        return {name: section.number(name, None, low, high) for name in section.items}

    def pairs(self, key: str, required: bool = True) -> dict[str, str]:
        """Names and a template each."""
        section = self._named(key, required=required)
        if section is None:
            return {}
        return {name: section._scalar_template(name, item) for name, item in section.items.items()}

    def results(self, key: str) -> dict[str, str]:
        """Variables to be written and what of an answer goes there; empty if it is not written."""
        section = self._named(key, required=False, written=True)
        return {} if section is None else {name: section.text(name) for name in section.items}

    def words(self, key: str, required: bool = True) -> dict[str, str]:
        """A template in every language of the flow."""
        section = self._named(key, required=required)
        if section is None:
            return {}
        section._check_languages("text")
        return {
            language: section._scalar_template(language, item) for language, item in section.items.items()
        }

    def json(self, key: str) -> Any:
        """What JSON can say, texts in it as templates; None if it is not written."""
        node = self.take(key, required=False)
        return None if node is None else self._json(node, f"{self.where}: {key}")

    def _json(self, node: yaml.Node, where: str) -> Any:
        if isinstance(node, yaml.SequenceNode):
            return [self._json(part, where) for part in node.value]
        if isinstance(node, yaml.MappingNode):
            section = Section(node, where, self.notes)
            return {name: self._json(item, where) for name, item in section.items.items()}
        value = plain(node)
        if isinstance(value, str):
            self._check_template(value, line_of(node))
        return value

    def _named(self, key: str, required: bool = True, written: bool = False) -> "Section | None":
        """The mapping under ``key``; None if it is not there, or if it is none."""
        node = self.take(key, required)
        if node is None:
            return None
        section = Section(node, f"{self.where}: {key}", self.notes)
        if written:
            for name in section.items:
                section._check_variable(name, section.lines[name], written=True)
        return section if isinstance(node, yaml.MappingNode) else None

    def _scalar_template(self, name: str, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self.notes.add(line_of(node), f"{self.where}: {name} must be a text")
            return ""
        self._check_template(node.value, line_of(node))
        return str(node.value)

    def _check_template(self, text: str, line: int) -> None:
        if SECRET in text:
            self.notes.add(line, f"{self.where}: {SECRET} is ours to write")
        if how := unknown_filter(text):
            self.notes.add(
                line, f"{self.where}: nothing can be said as {how}; there are {', '.join(FILTERS)}"
            )

    def template(self, key: str, default: str | None = None) -> str:
        """A text in which ``{variable}`` is filled in."""
        text = self.text(key, default)
        self._check_template(text, self.lines.get(key, self.line))
        return text

    def pattern(self, key: str) -> str:
        """A pattern of ``ivr.patterns``; empty if it is not written."""
        text = self.text(key, "")
        if self.has(key) and text:
            try:
                compile_pattern(text)
            except BadPattern as error:
                self.wrong(f"{key}: {error}", key)
                return ""
        return text

    def expression(self, key: str, required: bool = True) -> Expression | None:
        """An expression; None if it is not written, or is none."""
        node = self.take(key, required)
        if node is None:
            return None
        if not isinstance(node, yaml.ScalarNode):
            self.wrong(f"{key} must be an expression", key)
            return None
        return self._expression(node.value, line_of(node))

    def _expression(self, text: str, line: int) -> Expression | None:
        try:
            return read_expression(text)
        except BadExpression as error:
            self.notes.add(line, f"{self.where}: {error}")
            return None

    def variable(self, key: str, default: str | None = None, written: bool = False) -> str:
        """The name of a variable, to be read or written."""
        name = self.text(key, default)
        if self.has(key):
            self._check_variable(name, self.lines[key], written)
        return name

    def _check_variable(self, name: str, line: int, written: bool) -> None:
        if name and not VARIABLE.fullmatch(name):
            self.notes.add(line, f"{self.where}: {name!r} is no name for a variable (letters, digits and _)")
        elif written and name in RESERVED:
            self.notes.add(line, f"{self.where}: {name} can be read but not set")

    def each(self, key: str) -> "list[Section]":
        """A list of mappings; not empty."""
        node = self.take(key)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self.wrong(f"{key} must be a list", key)
            return []
        parts = [
            Section(part, f"{self.where}: {key} {n}", self.notes)
            for n, part in enumerate(node.value, start=1)
        ]
        self._parts += parts
        return parts

    # ------------------------------------------------------------ prompts

    def prompts(self, key: str, required: bool = True) -> Prompts:
        """What to say, in every language of the flow."""
        node = self.take(key, required)
        if node is None:
            return {}
        section = Section(node, f"{self.where}: {key}", self.notes)
        if isinstance(node, yaml.MappingNode):
            section._check_languages("prompt")
        return {language: section._said(language, item) for language, item in section.items.items()}

    def _check_languages(self, what: str) -> None:
        for language in self.notes.languages:
            if language not in self.items:
                self.wrong(f"there is no {what} in {language}")
        for language, line in self.lines.items():
            if language not in self.notes.languages:
                self.notes.add(line, f"{self.where}: {language} is not a language of this flow")

    def _said(self, language: str, node: yaml.Node) -> tuple[Prompt, ...]:
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not parts:
            self.notes.add(line_of(node), f"{self.where}: the prompt in {language} is empty")
        return tuple(p for part in parts if (p := self._part(language, part)) is not None)

    def _part(self, language: str, node: yaml.Node) -> Prompt | None:
        if isinstance(node, yaml.ScalarNode):
            text = str(node.value).strip()
            if text and node.tag != "tag:yaml.org,2002:null":
                self._check_template(text, line_of(node))
                return Speak(text, language)
            self.notes.add(line_of(node), f"{self.where}: the prompt in {language} is empty")
            return None
        section = Section(node, f"{self.where}: {language}", self.notes)
        if not section.items:
            return None
        made: Prompt
        if section.has("tone"):
            made = Tone(section.whole("tone", None, 0, 4000), section.whole("ms", 400, 10, 10_000))
        elif section.has("sound"):
            made = Sound(
                section.text("sound"), section.text("language", language), section.template("text", "")
            )
        else:
            made = Speak(section.template("text"), section.text("language", language))
        section.finish()
        return made

    # ------------------------------------------------------------ problems

    def wrong(self, reason: str, key: str = "") -> None:
        """Note a problem of this mapping, at the line of ``key`` if it is given and written."""
        self.notes.add(self.lines.get(key, self.line), f"{self.where}: {reason}")

    def finish(self) -> None:
        """Note every parameter nobody read, here and in the lists of mappings."""
        for part in self._parts:
            part.finish()
        for key in self.items:
            if key not in self._read:
                self.wrong(f"unknown parameter {key}", key)
