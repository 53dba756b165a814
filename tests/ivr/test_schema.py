"""The published schema: what the loader takes is valid, and what is no flow is not."""

import copy
import inspect
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from common.plain_yaml import compose
from ivr.book import SAMPLE_FLOWS
from ivr.flow import Fields
from ivr.load import MAX_CHARACTERS, FlowError, load_flow
from ivr.nodes import KINDS
from ivr.schema import DIALECT, _Recorder, document, schema
from tests.ivr.flows import small_text
from tests.ivr.test_examples import EXAMPLES
from tests.test_docs import blocks, text_of

SCHEMA = schema()
VALIDATOR = Draft202012Validator(SCHEMA)
SHIPPED = sorted(SAMPLE_FLOWS.glob("*.yaml"))


def written(text: str) -> Any:
    """The data of a document."""
    root = compose(text, MAX_CHARACTERS)
    assert root is not None
    return document(root)


def complaints(data: Any) -> list[str]:
    """What the schema has against a document, each with its place."""
    return [f"{'.'.join(map(str, e.absolute_path))}: {e.message}" for e in VALIDATOR.iter_errors(data)]


def test_it_is_a_schema_of_the_dialect_it_names() -> None:
    """2020-12, by the metaschema; whoever gets it may change it."""
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == DIALECT
    schema()["properties"].clear()
    assert schema() == SCHEMA


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_every_flow_we_ship_is_valid(file: Path) -> None:
    """As YAML or as JSON."""
    assert complaints(written(file.read_text(encoding="utf-8"))) == []


def test_the_flow_of_the_docs_is_valid() -> None:
    """The whole of it."""
    assert complaints(written(blocks(text_of("docs/flows.md"), "yaml")[0])) == []


@pytest.mark.parametrize(("kind", "example"), EXAMPLES, ids=[kind for kind, _ in EXAMPLES])
def test_every_example_of_a_kind_is_valid(kind: str, example: str) -> None:
    """As the page on flows has them, one for each kind at least."""
    nodes = written(example)
    whole = {"flow": "f", "version": 1, "languages": ["en", "zh-CN"], "default_queue": "q", "entry": "a"}
    assert complaints({**whole, "nodes": nodes}) == []


def test_it_knows_every_kind_and_every_parameter() -> None:
    """One definition for each type, and nothing it asks for is left out."""
    assert SCHEMA["$defs"]["node"]["properties"]["type"]["enum"] == sorted(KINDS)
    for name, kind in KINDS.items():
        recorder = _Recorder()
        kind.read(recorder)
        assert set(recorder.properties) <= set(SCHEMA["$defs"][f"node-{name}"]["properties"])


def test_everything_a_kind_may_ask_is_written_down() -> None:
    """A new way of reading a parameter needs its place in the schema."""
    asked = {name for name in vars(Fields) if not name.startswith("_")}
    assert asked - set(dir(_Recorder)) == set()
    for name in asked - {"languages"}:
        ours, theirs = (inspect.signature(getattr(one, name)) for one in (_Recorder, Fields))
        assert list(ours.parameters) == list(theirs.parameters), name


WELL = small_text(
    """
    start:
      type: menu
      prompts: {en: [Hello, {sound: chime}, {tone: 440}], zh-CN: {text: 你好, language: zh-CN}}
      exits: {1: again, "*": choose, no_input: end}
    again: {type: say, prompts: {en: 7, zh-CN: true}, next: choose}
    choose:
      type: branch
      cases:
        - {variable: x, value: 1, exit: one}
        - {variable: x, op: set, exit: two}
        - {if: x > 3, exit: three}
      exits: {one: end, two: end, three: share, otherwise: share}
    share: {type: split, parts: {a: 30, b: 70}, exits: {a: end, b: put}}
    put: {type: set, values: {x: "= x + 1", y: 2024-01-01, z: 1.5}, exits: {done: end}}
    """
)

SLIPS = [
    ("volume: 11", "start", {"volume": 11}),
    ("timeout_s too long", "start", {"timeout_s": 1000}),
    ("retries is no whole number", "start", {"retries": 1.5}),
    ("barge_in is a text", "start", {"barge_in": "yes"}),
    ("no such exit", "start", {"exits": {"1": "end", "maybe": "end"}}),
    ("no prompts", "start", {"prompts": None}),
    ("prompt in no language", "start", {"prompts": {"English": "Hello"}}),
    ("half a tone", "again", {"prompts": {"en": {"ms": 100}}}),
    ("no target", "again", {"next": None}),
    ("both next and done", "again", {"exits": {"done": "end"}}),
    ("unknown type", "again", {"type": "dance"}),
    ("no type", "again", {"type": None}),
    ("no cases", "choose", {"cases": []}),
    ("case without a value", "choose", {"cases": [{"variable": "x", "exit": "one"}]}),
    ("case of nothing", "choose", {"cases": [{"exit": "one"}]}),
    ("unknown op", "choose", {"cases": [{"variable": "x", "op": "like", "value": 1, "exit": "one"}]}),
    ("no otherwise", "choose", {"exits": {"one": "end"}}),
    ("no number", "share", {"parts": {"a": "many"}}),
    ("no variable", "put", {"values": {"a b": 1}}),
    ("a list for a value", "put", {"values": {"x": [1]}}),
]


@pytest.mark.parametrize(("node", "change"), [(n, c) for _, n, c in SLIPS], ids=[why for why, _, _ in SLIPS])
def test_what_is_no_flow_is_not_valid(node: str, change: dict[str, Any]) -> None:
    """One slip in a good document, which alone would be valid; the loader refuses it as well."""
    data = written(WELL)
    assert complaints(data) == []
    slipped = copy.deepcopy(data)
    for key, value in change.items():
        slipped["nodes"][node][key] = value
        if value is None:
            del slipped["nodes"][node][key]
    assert any(line.startswith(f"nodes.{node}") for line in complaints(slipped))


@pytest.mark.parametrize(
    "change", [{"flow": "a b"}, {"version": 0}, {"languages": []}, {"colour": "red"}, {"nodes": {}}], ids=str
)
def test_the_head_of_a_document_is_looked_at(change: dict[str, Any]) -> None:
    """Names, versions, languages and what does not belong there."""
    assert complaints({**written(WELL), **change})


def test_the_schema_asks_for_what_the_loader_asks_for() -> None:
    """No key at the head of a document is known to one and not to the other."""
    text = WELL + "title: t\non_error: start\n"
    load_flow(text, "f.yaml")
    assert set(written(text)) == set(SCHEMA["properties"])
    for key in set(SCHEMA["required"]) - {"nodes"}:
        short = "".join(line for line in text.splitlines(True) if not line.startswith(f"{key}:"))
        with pytest.raises(FlowError, match=key):
            load_flow(short, "f.yaml")
