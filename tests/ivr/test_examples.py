"""The page on flows shows every kind of node at work, and what it shows can be written so."""

import re
from pathlib import Path

import pytest
import yaml

from ivr.expressions import FUNCTIONS, read_expression
from ivr.flow import Flow
from ivr.load import load_flow
from ivr.nodes import KINDS
from ivr.nodes.tag import PURPOSES
from ivr.templates import FILTERS
from tests.ivr.flows import HEAD

PAGE = (Path(__file__).parents[2] / "docs/flows.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"(?ms)^### `(\w+)`\n(.*?)(?=^##)", PAGE))
EXAMPLES = [
    (kind, example)
    for kind, section in SECTIONS.items()
    for example in re.findall(r"(?ms)^```yaml\n(.*?)^```", section)
]


def flow_of(example: str) -> Flow:
    """A flow around the nodes of an example; where they lead elsewhere the call ends."""
    nodes = yaml.safe_load(example)
    targets = {target for node in nodes.values() for target in (node.get("exits") or {}).values()}
    targets |= {node["next"] for node in nodes.values() if "next" in node}
    ends = "".join(f"{name}: {{type: hang_up}}\n" for name in sorted(targets - set(nodes)))
    body = "".join(f"  {line}\n" for line in (example + ends).splitlines())
    return load_flow(f"{HEAD.replace('start', next(iter(nodes)))}nodes:\n{body}", "example.yaml")


def test_every_kind_has_an_example() -> None:
    """In its own section, with a node of its kind."""
    assert [kind for kind in KINDS if kind not in dict(EXAMPLES)] == []
    shown = {node.TYPE for _, example in EXAMPLES for node in flow_of(example).nodes.values()}
    assert shown == set(KINDS)


@pytest.mark.parametrize(("kind", "example"), EXAMPLES, ids=[kind for kind, _ in EXAMPLES])
def test_the_examples_load(kind: str, example: str) -> None:
    """As they stand."""
    assert kind in {node.TYPE for node in flow_of(example).nodes.values()}


def test_functions_and_ways_of_saying_are_told() -> None:
    """Each by its name, and the expressions between backticks are expressions."""
    section = PAGE.split("## Expressions")[1].split("\n## ")[0]
    assert [name for name in FUNCTIONS if not re.search(rf"`{name}\b", section)] == []
    assert [name for name in FILTERS if f"|{name}" not in PAGE] == []
    for text in ("amount > 100 and tier == 'gold'", "tier in ['gold', 'platinum']", "'007' == '7'"):
        assert text in section
        read_expression(text)
    assert [one for one in PURPOSES if f"`{one}`" not in SECTIONS["tag"]] == []
