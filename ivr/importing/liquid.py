"""The templates of Twilio Studio, written in Liquid: ``{{widgets.ask.Digits}}`` as a place of ours."""

import re
from dataclasses import dataclass, field

from ivr.importing.reading import number
from ivr.importing.words import Variables, without_braces

_OUTPUT = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_PATH = re.compile(r"[A-Za-z_][\w-]*(?:\s*\.\s*[\w-]+|\[\s*(?:[0-9]+|[\"'][^\"']*[\"'])\s*\])*")
_OURS = {
    "trigger.call.from": "caller",
    "trigger.message.from": "caller",
    "contact.channel.address": "caller",
    "from": "caller",
    "trigger.call.to": "dialled",
    "trigger.message.to": "dialled",
    "flow.channel.address": "dialled",
    "to": "dialled",
    "trigger.call.callsid": "call",
}
_HARMLESS = frozenset({"downcase", "upcase", "capitalize", "strip", "lstrip", "rstrip", "strip_newlines"})
"""Filters that change nothing of what is heard."""
_ARITHMETIC = {"plus": "+", "minus": "-", "times": "*", "divided_by": "//", "modulo": "%"}


class Computed(Exception):
    """The text is worked out by Liquid in a way that is not ours; the text says how."""


@dataclass(frozen=True, slots=True)
class Output:
    """What stands between ``{{`` and ``}}``: a variable of ours and the filters behind it."""

    variable: str
    filters: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Liquid:
    """Reads their texts; ``losses`` gathers the filters that were left out."""

    variables: Variables
    losses: list[str] = field(default_factory=list)

    def template(self, text: str) -> str:
        """Text with places of ours. Raises Computed."""
        if "{%" in text:
            raise Computed("its text is worked out by Liquid ({% … %})")
        last, pieces = 0, list[str]()
        for found in _OUTPUT.finditer(text):
            output = self._read(found[1])
            left_out = [name for name, _ in output.filters if name not in _HARMLESS]
            self.losses += [f"the filter {name[:30]} is left out" for name in left_out]
            pieces += [without_braces(text[last : found.start()]), "{" + output.variable + "}"]
            last = found.end()
        return "".join([*pieces, without_braces(text[last:])])

    def value(self, text: str) -> str:
        """Text a variable is set to; sums are worked out. Raises Computed."""
        found = _OUTPUT.fullmatch(text.strip())
        if found is None:
            made = self.template(text)
            return f" {made}" if made.startswith("=") else made
        output = self._read(found[1])
        expression = output.variable
        for name, argument in output.filters:
            if name in _ARITHMETIC and (by := number(argument)) is not None:
                amount = f"({by:g})" if by < 0 else f"{by:g}"
                started = f"default({expression}, 0)" if expression == output.variable else f"({expression})"
                expression = f"{started} {_ARITHMETIC[name]} {amount}"
            elif name in ("downcase", "upcase"):
                expression = f"{'lower' if name == 'downcase' else 'upper'}({expression})"
            elif name not in _HARMLESS:
                self.losses.append(f"the filter {name[:30]} is left out")
        return f"{{{output.variable}}}" if expression == output.variable else f"= {expression}"

    def output(self, text: str) -> Output:
        """The one variable a text stands for. Raises Computed if it is anything else."""
        found = _OUTPUT.fullmatch(text.strip())
        if found is None:
            raise Computed(f"it looks at {text[:60] or 'nothing'}, which is no variable")
        return self._read(found[1])

    def name(self, path: str) -> str:
        """Our variable for a path: ``widgets.ask.Digits`` is ``ask_digits``."""
        parts = [part for part in re.split(r"[\s.\[\]\"']+", path.strip()) if part]
        theirs = ".".join(parts)
        if theirs.lower() in _OURS:
            return _OURS[theirs.lower()]
        match [part.lower() for part in parts]:
            case ["flow", "variables" | "data", *rest] if rest:
                return self.variables.name(theirs, "_".join(parts[2:]))
            case ["trigger", "parent", "parameters", *rest] if rest:
                return self.variables.name(theirs, "_".join(parts[3:]))
            case ["trigger", "request", "parameters", *rest] if rest:
                return self.variables.name(theirs, "_".join(parts[3:]))
            case ["widgets", _, "parsed" | "variables" | "outbound", *rest] if rest:
                return self.variables.name(theirs, "_".join([parts[1], *parts[3:]]))
            case ["widgets", _, "digits"]:
                return self.variables.name(f"widgets.{parts[1]}.Digits", f"{parts[1]}_digits")
            case ["widgets", _, *rest] if rest:
                return self.variables.name(theirs, "_".join(parts[1:]))
        return self.variables.name(theirs, "_".join(parts))

    def _read(self, inner: str) -> Output:
        path, *filters = inner.split("|")
        if not _PATH.fullmatch(path.strip()):
            raise Computed(f"its text holds {{{{{inner.strip()[:60]}}}}}")
        read = []
        for one in filters:
            name, _, argument = one.partition(":")
            read.append((name.strip(), argument.strip()))
        return Output(self.name(path), tuple(read))
