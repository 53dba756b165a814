"""A document as checks look at it: the nodes that could be read, and the lines things stand on.

Of a document with problems as much is there as can be read without guessing. A node that cannot be read keeps
its exits and is ``opaque``: nobody knows what it does.
"""

import re
from dataclasses import dataclass, field

import yaml

from common.plain_yaml import NotPlain, compose
from ivr.document import Notes, Section, line_of
from ivr.flow import Flow, Node
from ivr.load import MAX_CHARACTERS
from ivr.nodes import KINDS


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to say of a flow: the line (from 1), the reason, and whether it may be meant."""

    line: int
    reason: str
    is_warning: bool = False


@dataclass(slots=True)
class Sketch:
    """A flow as far as it could be read."""

    flow: Flow
    opaque: frozenset[str]
    """Nodes of which nothing is known but their exits."""
    _tree: dict[str, yaml.Node] = field(default_factory=dict)
    _bodies: dict[str, yaml.Node] = field(default_factory=dict)

    @property
    def nodes(self) -> dict[str, Node]:
        """The nodes by name."""
        return self.flow.nodes

    @property
    def known(self) -> list[Node]:
        """The nodes of which it is known what they do."""
        return [node for name, node in self.flow.nodes.items() if name not in self.opaque]

    def line_at(self, key: str) -> int:
        """The line of a key at the head of the document."""
        return _first(self._tree.get(key), None, 1)

    def line_in(self, node: Node, word: str) -> int:
        """The line of the first value or name in ``node`` with ``word`` in it by itself; its own if none."""
        body = self._bodies.get(node.id)
        pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
        return _first(body, pattern, node.line)

    def line_of_exit(self, node: Node, exit: str) -> int:
        """The line on which an exit is written."""
        body = self._bodies.get(node.id)
        if isinstance(body, yaml.MappingNode):
            for key, value in body.value:
                if key.value == "exits" and isinstance(value, yaml.MappingNode):
                    for name, _ in value.value:
                        if name.value == exit:
                            return line_of(name)
                if key.value == "next" and exit == "done":
                    return line_of(key)
        return node.line


def sketch(text: str, file: str, flow: Flow | None) -> Sketch | None:
    """What can be looked at in ``text``; ``flow`` is the flow of it, if it has no problems."""
    try:
        root = compose(text, MAX_CHARACTERS)
    except NotPlain:
        return None
    if not isinstance(root, yaml.MappingNode):
        return None
    tree = _named(root)
    nodes = tree.get("nodes")
    if not isinstance(nodes, yaml.MappingNode):
        return None
    bodies = _named(nodes)
    if flow is not None:
        return Sketch(flow, frozenset(), tree, bodies)
    return _read(root, tree, bodies, file)


def _read(
    root: yaml.Node, tree: dict[str, yaml.Node], bodies: dict[str, yaml.Node], file: str
) -> Sketch | None:
    notes = Notes(file)
    top = Section(root, "flow", notes)
    notes.languages = tuple(dict.fromkeys(top.texts("languages"))) or ("en",)
    entry, on_error = top.text("entry"), top.text("on_error", "")
    if entry not in bodies:
        return None
    nodes: dict[str, Node] = {}
    opaque: set[str] = set()
    for name, body in bodies.items():
        node, is_known = _node(name, body, notes, set(bodies))
        nodes[name] = node
        if not is_known:
            opaque.add(name)
    flow = Flow(
        top.text("flow"),
        top.whole("version", 1, 1, 1_000_000_000),
        notes.languages,
        entry,
        nodes,
        top.text("default_queue"),
        on_error if on_error in nodes else "",
        file=file,
    )
    return Sketch(flow, frozenset(opaque), tree, bodies)


def _node(name: str, body: yaml.Node, notes: Notes, known: set[str]) -> tuple[Node, bool]:
    """A node, and whether it could be read."""
    section = Section(body, name, notes)
    line = line_of(body)
    exits = _exits(section, known)
    kind = KINDS.get(section.text("type"))
    if kind is None:
        return Node(id=name, exits=exits, line=line), False
    before = len(notes.problems)
    parameters = kind.read(section)
    if len(notes.problems) > before:
        return Node(id=name, exits=exits, line=line), False
    return kind(id=name, exits=exits, line=line, **parameters), True


def _exits(section: Section, known: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    item = section.items.get("exits")
    if isinstance(item, yaml.MappingNode):
        found = {name: str(target.value) for name, target in _named(item).items()}
    if "done" not in found and section.has("next"):
        found["done"] = str(section.items["next"].value)
    return {exit: target for exit, target in found.items() if target in known}


def _named(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    found: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode):
            found.setdefault(key.value, value)
    return found


def _first(node: yaml.Node | None, pattern: re.Pattern[str] | None, default: int) -> int:
    """The line of the first scalar in which ``pattern`` is found (None: of the node itself)."""
    if node is None:
        return default
    if pattern is None:
        return line_of(node)
    todo = [node]
    while todo:
        one = todo.pop()
        if isinstance(one, yaml.ScalarNode):
            found = pattern.search(one.value)
            if found is not None:
                return line_of(one) + _lines_into(one, found.start())
        elif isinstance(one, yaml.MappingNode):
            todo += [part for pair in reversed(one.value) for part in reversed(pair)]
        elif isinstance(one, yaml.SequenceNode):
            todo += reversed(one.value)
    return default


def _lines_into(node: yaml.ScalarNode, at: int) -> int:
    """How many lines below its beginning a place of a text written over several lines stands."""
    if node.style != "|":
        return 0
    return 1 + str(node.value).count("\n", 0, at)
