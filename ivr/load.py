"""A flow from its YAML text (JSON is YAML too), or every problem of it with file, line and reason."""

import re
from pathlib import Path

import yaml

from common.plain_yaml import NotPlain, compose
from ivr.document import NAME, FlowProblem, Notes, Section
from ivr.flow import Flow, Node
from ivr.nodes import KINDS

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
MAX_CHARACTERS = 1_000_000


class FlowError(ValueError):
    """The document is no flow that can be run. ``problems`` has all that is wrong with it, by line."""

    def __init__(self, problems: list[FlowProblem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


def load_file(path: Path) -> Flow:
    """The flow in a file. Raises FlowError, or OSError if the file cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FlowError([FlowProblem(1, f"the file is not UTF-8: {error}", str(path))]) from error
    return load_flow(text, str(path))


def load_flow(text: str, filename: str) -> Flow:
    """The flow written in ``text``. Raises FlowError with every problem found."""
    notes = Notes(filename)
    root = _compose(text, notes)
    if root is None:
        raise FlowError(notes.problems)
    top = Section(root, "flow", notes)
    notes.languages = _languages(top)
    name = top.text("flow")
    if name and not NAME.fullmatch(name):
        top.wrong(f"{name!r} is no name for a flow (letters, digits, _ and -)", "flow")
    version = top.whole("version", None, 1, 1_000_000_000)
    title = top.text("title", "")
    default_queue = top.text("default_queue")
    entry, on_error = top.text("entry"), top.text("on_error", "")
    nodes = _nodes(top, notes)
    top.finish()
    for key, target in (("entry", entry), ("on_error", on_error)):
        if target and nodes and target not in nodes:
            top.wrong(f"{key} names {target}, which is no node", key)
    _secrets(nodes, notes)
    if entry in nodes:
        _reachability(nodes, entry, on_error, notes)
    if notes.problems:
        raise FlowError(notes.problems)
    built = {name: node for name, node in nodes.items() if node is not None}
    return Flow(name, version, notes.languages, entry, built, default_queue, on_error, title, filename)


def _compose(text: str, notes: Notes) -> yaml.Node | None:
    try:
        root = compose(text, MAX_CHARACTERS)
    except NotPlain as problem:
        notes.add(problem.line, problem.reason)
        return None
    if root is None:
        notes.add(1, "the document is empty")
    return root


def _languages(top: Section) -> tuple[str, ...]:
    languages = top.texts("languages")
    if not languages:
        top.wrong("languages is missing: list at least one, such as [zh-CN, en]", "languages")
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            top.wrong(f"{language!r} is no language tag such as en or zh-CN", "languages")
    if len(set(languages)) != len(languages):
        top.wrong("a language is listed twice", "languages")
    return tuple(dict.fromkeys(languages))


def _nodes(top: Section, notes: Notes) -> dict[str, Node | None]:
    """The nodes by name; None for one that is written but cannot be built."""
    item = top.take("nodes")
    if item is None:
        return {}
    section = Section(item, "nodes", notes)
    if not section.items:
        section.wrong("there are no nodes")
    nodes: dict[str, Node | None] = {}
    for name, body in section.items.items():
        if not NAME.fullmatch(name):
            section.wrong(f"{name!r} is no name for a node (letters, digits, _ and -)", name)
        nodes[name] = _node(
            name, Section(body, f"node {name}", notes), section.lines[name], set(section.items)
        )
    return nodes


def _node(name: str, body: Section, line: int, known: set[str]) -> Node | None:
    kind_name = body.text("type")
    kind = KINDS.get(kind_name)
    if kind is None:
        if kind_name:
            body.wrong(f"unknown type {kind_name}; there are {', '.join(sorted(KINDS))}", "type")
        return None
    before = len(body.notes.problems)
    parameters = kind.read(body)
    exits = _exits(body, kind, known)
    body.finish()
    named = {exit: target for exit, (target, _) in exits.items()}
    for exit, (_, at) in exits.items():
        if not kind.exit_is_known(exit, parameters):
            body.notes.add(at, f"node {name}: {kind_name} has no exit {exit}")
    for exit in dict.fromkeys(kind.exits_needed(parameters)):
        if exit and exit not in exits:
            body.wrong(f"exit {exit} is missing", "exits")
    if reason := kind.exit_problem(list(exits)):
        body.wrong(reason, "exits")
    if len(body.notes.problems) > before:
        # Keep the exits, so that what lies behind a faulty node is not called unreachable as well.
        return Node(id=name, exits=named, line=line)
    return kind(id=name, exits=named, line=line, **parameters)


def _exits(body: Section, kind: type[Node], known: set[str]) -> dict[str, tuple[str, int]]:
    """Exit to target and line: from ``exits``, and ``next`` for ``done``."""
    found: dict[str, tuple[str, int]] = {}
    item = body.take("exits", required=False)
    if item is not None:
        section = Section(item, f"{body.where}: exits", body.notes)
        found = {exit: (section.text(exit), section.lines[exit]) for exit in section.items}
    if "done" in kind.NEEDS and body.has("next"):
        if "done" in found:
            body.wrong("next and the exit done say the same thing; write one", "next")
        found["done"] = (body.text("next"), body.lines["next"])
    for exit, (target, line) in found.items():
        if target and target not in known:
            body.notes.add(line, f"{body.where}: exit {exit} leads to {target}, which is no node")
    return found


def _secrets(nodes: dict[str, Node | None], notes: Notes) -> None:
    """What nobody may see is neither said nor decided on: it may only be passed on."""
    written = [node for node in nodes.values() if node is not None and type(node) is not Node]
    hidden = {name for node in written for name in node.hides()}
    for node in written:
        for name in sorted(node.reads() & hidden - node.hands_on()):
            notes.add(
                node.line,
                f"node {node.id}: nobody may see what is in {name}: it can only be a whole parameter, "
                f"{{{name}}}, of what is asked of outside",
            )


def _reachability(nodes: dict[str, Node | None], entry: str, on_error: str, notes: Notes) -> None:
    if any(node is None for node in nodes.values()):
        return  # where an unknown type leads nobody knows
    seen: set[str] = set()
    todo = [start for start in (entry, on_error) if start]
    while todo:
        name = todo.pop()
        node = nodes.get(name)
        if name in seen or node is None:
            continue
        seen.add(name)
        todo += node.exits.values()
    for name, node in nodes.items():
        if node is not None and name not in seen:
            notes.add(node.line, f"node {name}: no exit leads here")
