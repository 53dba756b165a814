"""A flow as a picture: Mermaid text, or an SVG that needs nothing else to be looked at.

A box is a node with what it says or asks for; below stand its exits, those with one target together, and from
each a line leads to the node it names. Lines that lead back up are dashed.
"""

import re
from dataclasses import Field, dataclass, fields
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from ivr.flow import Flow, Node
from ivr.layout import Box, Edge, Laid, Point, lay_out
from ivr.rehearsal.transcript import spoken

FONT: Final = (
    "'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', 'WenQuanYi Zen Hei', 'Segoe UI', sans-serif"
)
NAME_PX: Final = 15
TEXT_PX: Final = 12
EXIT_PX: Final = 11
LINE_H: Final = 17
PAD: Final = 12
LONGEST_PX: Final = 250.0
"""The width of what a box says, at most."""
MOST_LINES: Final = 3
CHIP_H: Final = 20
MARGIN: Final = 24
CORNER: Final = 7.0

_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]"
)
# No line begins with what closes a sentence or a bracket.
_PIECES = re.compile("[^\\s\u2e80-\uffef]+\\s*|[\u2e80-\uffef][、。〉》」』】！），：；？]*|\\s+")
_NARROW: Final = frozenset("ijlftr.,:;'|!()[]{}I1 -")
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

COLOURS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "#2563eb": ("speaks", ("say", "play", "message")),
    "#7c3aed": ("asks the caller", ("menu", "collect", "language", "consent", "survey")),
    "#b45309": ("decides", ("branch", "hours", "tier", "queue_state", "split", "loop", "set", "tag")),
    "#0f766e": ("asks outside", ("lookup", "record", "http", "transaction", "complaint")),
    "#15803d": ("a person", ("queue", "transfer", "callback", "voicemail")),
    "#475569": ("leads elsewhere", ("subflow", "go", "return", "placeholder", "hang_up")),
}
"""The colours of boxes: what they mean, and which kinds of node have them."""
OTHER: Final = "#475569"
_COLOUR_OF: Final = {kind: colour for colour, (_, kinds) in COLOURS.items() for kind in kinds}


@dataclass(frozen=True, slots=True)
class _Exit:
    """Exits that lead to one node, as one label."""

    label: str
    target: str
    width: float


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A node as it is drawn."""

    node: Node
    lines: tuple[str, ...]
    exits: tuple[_Exit, ...]
    width: float
    height: float

    @property
    def ports(self) -> tuple[float, ...]:
        """The middles of the exits, from the left edge."""
        x = (self.width - sum(e.width for e in self.exits) - 6 * (len(self.exits) - 1)) / 2
        found = []
        for one in self.exits:
            found.append(x + one.width / 2)
            x += one.width + 6
        return tuple(found)


# ------------------------------------------------------------------ words


def width_of(text: str, px: float) -> float:
    """About how wide a text is drawn: Chinese characters are as wide as the size of the letters."""
    wide = len(_WIDE.findall(text))
    narrow = sum(character in _NARROW for character in text)
    capital = sum(character.isascii() and character.isupper() and character != "I" for character in text)
    rest = len(text) - wide - narrow - capital
    return px * (wide * 1.02 + narrow * 0.36 + capital * 0.72 + rest * 0.6)


def wrap(text: str, px: float, width: float, most: int) -> tuple[str, ...]:
    """``text`` in lines of at most ``width``, at most ``most`` of them; what is left out shows as ``…``."""
    lines: list[str] = []
    line = ""
    for piece in _PIECES.findall(" ".join(text.split())):
        while width_of(piece, px) > width:  # a word longer than a line
            cut = next(n for n in range(len(piece), 0, -1) if n == 1 or width_of(piece[:n], px) <= width)
            if line:
                lines.append(line)
            line, piece = piece[:cut], piece[cut:]
            if not piece:
                break
        if line and width_of(line + piece.rstrip(), px) > width:
            lines.append(line)
            line = piece.lstrip()
        else:
            line += piece
    lines += [line] * bool(line.strip())
    if len(lines) > most:
        last = lines[most - 1].rstrip()
        while last and width_of(last + "…", px) > width:
            last = last[:-1]
        lines = [*lines[: most - 1], last + "…"]
    return tuple(line.strip() for line in lines)


def summary(flow: Flow, node: Node) -> str:
    """What a node is about: what it says in the flow's first language, what it names, or its values."""
    said = node.says()
    if said:
        language = flow.languages[0] if flow.languages else ""
        return " ".join(spoken(prompt) for prompt in said[0].get(language, ()))
    names = [name for _, name in node.names()]
    if names:
        return ", ".join(dict.fromkeys(names))
    return "; ".join(text for one in fields(node) if (text := _value(node, one)))


_COMMON: Final = frozenset({"id", "exits", "line", "timeout_s", "retries"})
"""Fields that do not tell one node from another."""


def _value(node: Node, one: "Field[Any]") -> str:
    name, value = one.name, getattr(node, one.name)
    if name in _COMMON or value in (None, "", (), {}, one.default) or isinstance(value, bool):
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{key} = {_plain(one)}" for key, one in value.items())
    if isinstance(value, tuple):
        return ", ".join(_plain(one) for one in value)
    return f"{name} {_plain(value)}"


def _plain(value: Any) -> str:
    """One value as its author wrote it, about."""
    condition = getattr(value, "expression", None)
    if condition is not None:
        value = condition
    for name in ("text", "source"):
        written = getattr(value, name, None)
        if isinstance(written, str):
            return written
    if hasattr(value, "variable") and hasattr(value, "op"):
        return f"{value.variable} {value.op} {_plain(value.value)}".rstrip()
    if isinstance(value, tuple):
        return ", ".join(_plain(one) for one in value)
    return str(value)


# ------------------------------------------------------------------ Mermaid


def mermaid(flow: Flow) -> str:
    """The flow as a Mermaid flowchart."""
    ids = {name: f"n{number}" for number, name in enumerate(flow.nodes)}
    lines = [f"%% {flow.name} {flow.version}", "flowchart TD"]
    for name, node in flow.nodes.items():
        text = "<br/>".join(_mermaid(line) for line in _words(flow, node))
        before, after = _SHAPES.get(node.TYPE, ("[", "]"))
        lines.append(f'  {ids[name]}{before}"{text}"{after}')
    for name, node in flow.nodes.items():
        for target, exits in _merged(node).items():
            if target in ids:
                lines.append(f'  {ids[name]} -->|"{_mermaid(", ".join(exits))}"| {ids[target]}')
    if flow.entry in ids:
        lines += ["  start((start))", f"  start --> {ids[flow.entry]}"]
    if flow.on_error in ids:
        lines += ["  trouble((on error))", f"  trouble -.-> {ids[flow.on_error]}"]
    return "\n".join(lines) + "\n"


_SHAPES: Final = {
    "branch": ("{", "}"),
    "hours": ("{", "}"),
    "tier": ("{", "}"),
    "queue_state": ("{", "}"),
    "split": ("{", "}"),
    "loop": ("{", "}"),
    "menu": ("{{", "}}"),
    "collect": ("{{", "}}"),
    "language": ("{{", "}}"),
    "queue": ("([", "])"),
    "hang_up": ("([", "])"),
    "subflow": ("[[", "]]"),
    "go": ("[[", "]]"),
}


def _words(flow: Flow, node: Node) -> list[str]:
    about = summary(flow, node)
    return [node.id, node.TYPE, *(wrap(about, TEXT_PX, LONGEST_PX, MOST_LINES) if about else ())]


def _mermaid(text: str) -> str:
    """A text that Mermaid takes as it stands."""
    text = " ".join(_NO_XML.sub("?", text).split())
    return re.sub(r'[#&<>"`{}|\\]', lambda found: f"#{ord(found[0])};", text)


# ------------------------------------------------------------------ SVG


def svg(flow: Flow) -> str:
    """The flow as an SVG picture."""
    drawn = {name: _drawn(flow, node) for name, node in flow.nodes.items()}
    boxes = {name: Box(one.width, one.height, one.ports) for name, one in drawn.items()}
    edges = [
        Edge(name, port, one.target) for name, box in drawn.items() for port, one in enumerate(box.exits)
    ]
    laid = lay_out(boxes, edges, [one for one in (flow.entry, flow.on_error) if one])
    title = f"{flow.name} {flow.version}" + (f" - {flow.title}" if flow.title else "")
    width = max(laid.width, width_of(title, 18), _LEGEND_W) + 2 * MARGIN
    top = MARGIN + 62
    height = laid.height + top + MARGIN
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" font-family={quoteattr(FONT)} role="img" '
        f"aria-label={_attribute(title)}>",
        f"<title>{_text(title)}</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="{MARGIN}" y="{MARGIN + 14}" font-size="18" font-weight="600" fill="#0f172a">'
        f"{_text(title)}</text>",
        *_legend(),
        f'<g transform="translate({(width - laid.width) / 2:.1f} {top})">',
        *_lines(laid, drawn),
        *(part for name, one in drawn.items() for part in _box(flow, one, laid.at[name])),
        "</g>",
        "</svg>",
    ]
    return "\n".join(out) + "\n"


def _drawn(flow: Flow, node: Node) -> _Drawn:
    about = summary(flow, node)
    lines = wrap(about, TEXT_PX, LONGEST_PX, MOST_LINES) if about else ()
    exits = []
    for target, names in _merged(node).items():
        label = ", ".join(names)
        exits.append(_Exit(label, target, max(26.0, width_of(label, EXIT_PX) + 14)))
    head = width_of(node.id, NAME_PX) * 1.06 + 22 + width_of(node.TYPE, EXIT_PX)
    inner = [head, *(width_of(line, TEXT_PX) for line in lines)]
    chips = sum(one.width for one in exits) + 6 * (len(exits) - 1)
    width = max(*inner, chips, 90.0) + 2 * PAD
    height = 32 + len(lines) * LINE_H + (6 if lines else 0) + (CHIP_H + 8 if exits else 2)
    return _Drawn(node, lines, tuple(exits), width, height)


def _merged(node: Node) -> dict[str, list[str]]:
    """Target to the exits that lead there, in the order they are written."""
    found: dict[str, list[str]] = {}
    for exit, target in node.exits.items():
        found.setdefault(target, []).append(exit)
    return found


def _box(flow: Flow, one: _Drawn, at: Point) -> list[str]:
    x, y = at
    colour = _COLOUR_OF.get(one.node.TYPE, OTHER)
    first = one.node.id == flow.entry
    out = [
        f'<g class="node" transform="translate({x:.1f} {y:.1f})">',
        f"<title>{_text(_full(flow, one.node))}</title>",
        f'<rect width="{one.width:.1f}" height="{one.height:.1f}" rx="8" fill="#ffffff" stroke="{colour}" '
        f'stroke-width="{2.6 if first else 1.4}"/>',
        f'<path d="M0 26 V8 a8 8 0 0 1 8 -8 H{one.width - 8:.1f} a8 8 0 0 1 8 8 V26 Z" fill="{colour}"/>',
        f'<text x="{PAD}" y="18.5" font-size="{NAME_PX}" font-weight="600" fill="#ffffff">'
        f"{_text(one.node.id)}</text>",
        f'<text x="{one.width - PAD:.1f}" y="18" font-size="{EXIT_PX}" text-anchor="end" fill="#ffffff" '
        f'fill-opacity="0.9">{_text(one.node.TYPE)}</text>',
    ]
    for number, line in enumerate(one.lines):
        out.append(
            f'<text x="{PAD}" y="{44 + number * LINE_H}" font-size="{TEXT_PX}" fill="#1e293b">'
            f"{_text(line)}</text>"
        )
    bottom = one.height - CHIP_H
    for exit, middle in zip(one.exits, one.ports, strict=True):
        out.append(
            f'<rect x="{middle - exit.width / 2:.1f}" y="{bottom:.1f}" width="{exit.width:.1f}" '
            f'height="{CHIP_H}" rx="5" fill="#f1f5f9" stroke="#94a3b8" stroke-width="0.8"/>'
            f'<text x="{middle:.1f}" y="{bottom + 14:.1f}" font-size="{EXIT_PX}" text-anchor="middle" '
            f'fill="#0f172a">{_text(exit.label)}</text>'
        )
    out.append("</g>")
    return out


def _full(flow: Flow, node: Node) -> str:
    """Everything the node says, for whoever rests on it."""
    said = [
        f"{language}: {' '.join(spoken(prompt) for prompt in prompts)}"
        for part in node.says()
        for language, prompts in part.items()
    ]
    return "\n".join([f"{node.id} ({node.TYPE})", *(said or [summary(flow, node)])]).strip()


def _lines(laid: Laid, drawn: dict[str, _Drawn]) -> list[str]:
    out = []
    for edge, points in laid.lines.items():
        colour = _COLOUR_OF.get(drawn[edge.target].node.TYPE, OTHER)
        dashes = ' stroke-dasharray="5 4"' if edge in laid.upward else ""
        out.append(
            f'<path d="{_path(points)}" fill="none" stroke="{colour}" stroke-width="1.4" '
            f'stroke-opacity="0.75"{dashes}/>'
        )
    for name in dict.fromkeys(edge.target for edge in laid.lines):
        x, y = next(points[-1] for edge, points in laid.lines.items() if edge.target == name)
        colour = _COLOUR_OF.get(drawn[name].node.TYPE, OTHER)
        out.append(
            f'<path d="M{x - 4.5:.1f} {y - 8:.1f} L{x + 4.5:.1f} {y - 8:.1f} L{x:.1f} {y:.1f} Z" '
            f'fill="{colour}"/>'
        )
    return out


def _path(points: list[Point]) -> str:
    """Straight pieces with rounded corners."""
    said = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for before, corner, behind in zip(points, points[1:], points[2:], strict=False):
        near = _towards(corner, before)
        far = _towards(corner, behind)
        said.append(
            f"L{near[0]:.1f} {near[1]:.1f} Q{corner[0]:.1f} {corner[1]:.1f} {far[0]:.1f} {far[1]:.1f}"
        )
    said.append(f"L{points[-1][0]:.1f} {points[-1][1]:.1f}")
    return " ".join(said)


def _towards(corner: Point, other: Point) -> Point:
    """A point near ``corner`` on the way to ``other``."""
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = abs(dx) + abs(dy)
    part = min(CORNER, length / 2) / length if length else 0.0
    return corner[0] + dx * part, corner[1] + dy * part


_LEGEND_W: Final = sum(width_of(words, EXIT_PX) + 30 for words, _ in COLOURS.values())


def _legend() -> list[str]:
    x, y, out = float(MARGIN), MARGIN + 36, []
    for colour, (words, _) in COLOURS.items():
        out.append(
            f'<rect x="{x:.1f}" y="{y - 10}" width="12" height="12" rx="3" fill="{colour}"/>'
            f'<text x="{x + 17:.1f}" y="{y}" font-size="{EXIT_PX}" fill="#334155">{words}</text>'
        )
        x += width_of(words, EXIT_PX) + 30
    return out


def _text(text: str) -> str:
    return escape(_NO_XML.sub("?", text))


def _attribute(text: str) -> str:
    return quoteattr(_NO_XML.sub("?", text))
