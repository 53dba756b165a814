"""Small flows for tests: only the nodes are written, the rest of the document stands around them.

And flows nobody would write: any kinds of node, with exits that lead anywhere.
"""

import json
import re
from textwrap import dedent, indent
from typing import Any

from hypothesis import strategies as st

from ivr.flow import Flow
from ivr.load import load_flow

HEAD = """\
flow: small
version: 1
languages: [en, zh-CN]
default_queue: everybody
entry: start
"""

ENDS = {
    "queue_end": "queue_end: {type: queue, queue: sales, exits: {default: end}}\n",
    "end": "end: {type: hang_up}\n",
}


def small_text(nodes: str, **more: str) -> str:
    """The document of these nodes; ``queue_end`` and ``end`` are added where a node leads there."""
    body = dedent(nodes).rstrip() + "\n"
    for name, text in ENDS.items():
        if re.search(rf"\b{name}\b", body) and not re.search(rf"^{name}:", body, re.MULTILINE):
            body += text
    lines = "".join(f"{key}: {value}\n" for key, value in more.items())
    return f"{HEAD}{lines}nodes:\n{indent(body, '  ')}"


def small_flow(nodes: str, **more: str) -> Flow:
    """The flow of ``small_text``."""
    return load_flow(small_text(nodes, **more), "small.yaml")


# ------------------------------------------------------------------ flows nobody would write

WORDS = {"en": "Say {amount|amount}", "zh-CN": "说{n}"}
FLAGS = st.booleans()
FLOW_NAMES = ("main", "other")
CASES = [
    {"if": "n > 1", "exit": "a"},
    {"variable": "amount", "op": "more", "value": 3, "exit": "b"},
    {"if": "amount * 2 > n", "exit": "a"},
]


def _question(**more: Any) -> dict[str, Any]:
    return {"prompts": st.just(WORDS), "retries": st.integers(0, 2), "barge_in": FLAGS, **more}


_MEANWHILE = {"prompts": st.sampled_from([WORDS, WORDS]), "timeout_s": st.just(2)}
PARTS: dict[str, tuple[dict[str, Any], tuple[str, ...], tuple[str, ...]]] = {
    "say": ({"prompts": st.just(WORDS), "barge_in": FLAGS}, ("done",), ()),
    "play": ({"sound": st.just("x"), "barge_in": FLAGS}, ("done",), ()),
    "menu": (_question(), ("1", "23"), ("no_input", "no_match")),
    "collect": (
        _question(
            into=st.just("n"),
            min=st.integers(1, 3),
            max=st.integers(3, 6),
            luhn=FLAGS,
            confirm=FLAGS,
            pattern=st.sampled_from([".*", "1.*"]),
        ),
        ("done",),
        ("no_input", "no_match"),
    ),
    "collect amounts": (
        _question(
            into=st.just("n"),
            min=st.integers(1, 3),
            max=st.integers(3, 6),
            kind=st.sampled_from(["amount", "date"]),
            confirm=FLAGS,
            pattern=st.sampled_from([".*", "1.*"]),
        ),
        ("done",),
        ("no_input", "no_match"),
    ),
    "collect unseen": (
        _question(into=st.just("pin"), max=st.integers(1, 6), luhn=FLAGS, sensitive=st.just(True)),
        ("done",),
        ("no_input", "no_match"),
    ),
    "language": ({"choices": st.just({"1": "en", "2": "zh-CN"}), "known": FLAGS}, ("done",), ()),
    "set": ({"values": st.sampled_from([{"n": "= default(n, 0) + 1"}, {"n": "{amount}"}])}, ("done",), ()),
    "branch": ({"cases": st.just(CASES)}, ("a", "b", "otherwise"), ()),
    "hours": ({"calendar": st.sampled_from(["bank", "gone"])}, ("open", "closed"), ()),
    "tier": ({}, ("gold", "otherwise"), ()),
    "queue_state": (
        {"queue": st.sampled_from(["sales", "gone"]), "cases": st.just(CASES)},
        ("a", "b", "otherwise"),
        (),
    ),
    "split": ({"parts": st.just({"a": 30, "b": 70})}, ("a", "b"), ()),
    "loop": ({"variable": st.sampled_from(["n", "m"]), "times": st.integers(1, 5)}, ("again", "done"), ()),
    "lookup": ({"number": st.sampled_from(["caller", "nothing"])}, ("one", "many", "none"), ()),
    "record": (
        {"query": st.just("q"), "parameters": st.just({"a": "{pin}"}), "into": st.just({"n": "amount"})}
        | _MEANWHILE,
        ("found", "none"),
        (),
    ),
    "http": (
        {
            "url": st.just("https://x/{n}"),
            "method": st.just("POST"),
            "body": st.just({"a": ["{n}", 1]}),
            "into": st.just({"n": "state"}),
        }
        | _MEANWHILE,
        ("ok",),
        ("none",),
    ),
    "transaction": (
        {"transaction": st.just("t"), "confirm": st.just(WORDS), "into": st.just({"n": "amount"})}
        | _MEANWHILE,
        ("done", "refused", "cancelled"),
        (),
    ),
    "message": ({"text": st.just(WORDS)} | _MEANWHILE, ("sent",), ()),
    "complaint": ({"text": st.just("{n}")} | _MEANWHILE, ("taken",), ()),
    "queue": ({"queue": st.just("sales")}, ("default",), ("timeout", "closed", "flow", "after")),
    "callback": ({"queue": st.just("sales")}, ("declined",), ("kept",)),
    "transfer": ({"number": st.sampled_from(["95588", "{n}"])}, (), ()),
    "transfer to an agent": ({"agent": st.just("a1"), "queue": st.just("sales")}, ("default",), ("after",)),
    "voicemail": ({"prompts": st.just(WORDS), "max_s": st.just(3)}, ("taken",), ()),
    "consent": ({"retries": st.integers(0, 1)}, ("yes", "no"), ()),
    "survey": ({"retries": st.integers(0, 1)}, ("done", "no_input"), ()),
    "tag": ({"marks": st.sampled_from([{"purpose": "survey"}, {"purpose": "{n}"}])}, ("done",), ()),
    "subflow": ({"flow": st.sampled_from([*FLOW_NAMES, "gone"])}, ("done",), ("odd",)),
    "go": ({"flow": st.sampled_from([*FLOW_NAMES, "gone"])}, (), ()),
    "return": ({"exit": st.sampled_from(["done", "odd", "gone"])}, (), ()),
    "placeholder": ({"was": st.just("x")}, ("failed",), ()),
    "hang_up": ({}, (), ()),
}
"""A kind of node (and what is special about it), its parameters, exits that must and that may be there."""


@st.composite
def generated_flows(draw: st.DrawFn) -> tuple[Flow, ...]:
    """Two flows that may call each other."""
    return tuple(draw(_generated_flow(name)) for name in FLOW_NAMES)


@st.composite
def _generated_flow(draw: st.DrawFn, name: str) -> Flow:
    kinds = draw(st.lists(st.sampled_from(sorted(PARTS)), min_size=2, max_size=8))
    names = [f"n{number}" for number in range(len(kinds))]
    nodes: dict[str, dict[str, Any]] = {}
    for at, kind in zip(names, kinds, strict=True):
        parameters, needed, possible = PARTS[kind]
        more = () if kind == "hang_up" else (*possible, "failed")
        exits = [*needed, *(exit for exit in dict.fromkeys(more) if exit not in needed and draw(FLAGS))]
        nodes[at] = {"type": kind.split()[0], **{key: draw(value) for key, value in parameters.items()}}
        if exits:
            nodes[at]["exits"] = {exit: draw(st.sampled_from(names)) for exit in exits}
    on_error = draw(st.sampled_from(["", *names]))
    kept, todo = set[str](), [names[0], *([on_error] if on_error else [])]
    while todo:
        at = todo.pop()
        if at not in kept:
            kept.add(at)
            todo += nodes[at].get("exits", {}).values()
    document: dict[str, Any] = {
        "flow": name,
        "version": 1,
        "languages": ["en", "zh-CN"],
        "default_queue": "everybody",
        "entry": names[0],
        "nodes": {at: node for at, node in nodes.items() if at in kept},
    }
    if on_error:
        document["on_error"] = on_error
    return load_flow(json.dumps(document), f"{name}.json")
