"""Pictures of flows: everything is on them, nothing lies over anything else, any flow can be drawn."""

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.book import SAMPLE_FLOWS
from ivr.drawing import COLOURS, EXIT_PX, TEXT_PX, mermaid, svg, width_of, wrap
from ivr.flow import Flow
from ivr.layout import Box, Edge, Laid, lay_out
from ivr.load import load_file
from ivr.nodes import KINDS
from tests.ivr.flows import generated_flows, small_flow

BANK = load_file(SAMPLE_FLOWS / "bank.yaml")
SVG = "{http://www.w3.org/2000/svg}"
SHIPPED = [load_file(file) for file in sorted(SAMPLE_FLOWS.glob("*.yaml"))]

# ------------------------------------------------------------------ the layout

NAMES = st.integers(0, 11).map(lambda n: f"b{n}")


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[str, Box], list[Edge]]:
    """Boxes with up to four exits that lead anywhere, also to themselves."""
    count = draw(st.integers(1, 12))
    boxes, edges = {}, []
    for number in range(count):
        targets = draw(st.lists(st.integers(0, count - 1), max_size=4, unique=True))
        width = draw(st.integers(60, 300))
        ports = tuple((at + 1) * width / (len(targets) + 1) for at in range(len(targets)))
        boxes[f"b{number}"] = Box(width, draw(st.integers(30, 120)), ports)
        edges += [Edge(f"b{number}", at, f"b{target}") for at, target in enumerate(targets)]
    return boxes, edges


def _check(boxes: dict[str, Box], edges: list[Edge], laid: Laid) -> None:
    areas = {name: (x, y, x + boxes[name].width, y + boxes[name].height) for name, (x, y) in laid.at.items()}
    assert set(areas) == set(boxes)
    names = sorted(areas)
    for at, one in enumerate(names):
        left, top, right, bottom = areas[one]
        assert left >= -0.01
        assert right <= laid.width + 0.01
        assert top >= -0.01
        assert bottom <= laid.height + 0.01
        for other in names[at + 1 :]:
            a, b, c, d = areas[other]
            assert right <= a or c <= left or bottom <= b or d <= top, f"{one} lies over {other}"
    for edge in edges:
        points = laid.lines[edge]
        box, (x, y) = boxes[edge.source], laid.at[edge.source]
        assert points[0] == pytest.approx((x + box.ports[edge.port], y + box.height))
        box, (x, y) = boxes[edge.target], laid.at[edge.target]
        assert points[-1] == pytest.approx((x + box.width / 2, y))
        for (x1, y1), (x2, y2) in pairwise(points):
            assert abs(x1 - x2) < 0.6 or abs(y1 - y2) < 0.6, "lines have right angles"
            for name, (left, top, right, bottom) in areas.items():
                through = min(x1, x2) < right - 1 and max(x1, x2) > left + 1
                through &= min(y1, y2) < bottom - 1 and max(y1, y2) > top + 1
                assert not through, f"{edge} runs through {name}"


@given(graphs())
def test_no_box_lies_over_another_and_no_line_runs_through_one(
    graph: tuple[dict[str, Box], list[Edge]],
) -> None:
    """Whatever leads where; each line leaves its exit and arrives at the top of its target."""
    boxes, edges = graph
    _check(boxes, edges, lay_out(boxes, edges, ["b0"]))


def test_lines_lead_down_but_those_that_go_round() -> None:
    """A box stands below all that lead to it."""
    boxes = {name: Box(100, 40, (20, 50, 80)) for name in "abcd"}
    edges = [Edge("a", 0, "b"), Edge("a", 1, "d"), Edge("b", 0, "c"), Edge("c", 0, "d"), Edge("c", 1, "a")]
    laid = lay_out(boxes, edges, ["a"])
    assert [laid.at[name][1] for name in "abcd"] == sorted(laid.at[name][1] for name in "abcd")
    assert laid.upward == {Edge("c", 1, "a")}
    _check(boxes, edges, laid)


def test_nothing_is_laid_out_as_nothing() -> None:
    """An empty flow has an empty picture."""
    assert lay_out({}, [], []).height == 0


# ------------------------------------------------------------------ words


@given(st.text(max_size=120), st.integers(30, 250))
def test_wrapped_lines_are_no_wider_than_they_may_be(text: str, width: int) -> None:
    """And what does not fit ends in an ellipsis."""
    lines = wrap(text, TEXT_PX, width, 3)
    assert len(lines) <= 3
    assert all(width_of(line, TEXT_PX) <= width or len(line) == 1 for line in lines)
    if not any(line.endswith("…") for line in lines):
        assert "".join("".join(lines).split()) == "".join(text.split())


def test_chinese_is_as_wide_as_its_letters_are_high() -> None:
    """Latin is narrower, so a label has the room it needs."""
    assert width_of("您好您好", 12) == pytest.approx(48, abs=2)
    assert width_of("hello", 12) < 36


# ------------------------------------------------------------------ the SVG


def texts(picture: str) -> list[str]:
    """Everything written on a picture."""
    return [one.text or "" for one in ElementTree.fromstring(picture).iter(f"{SVG}text")]


@pytest.mark.parametrize("flow", SHIPPED, ids=lambda flow: flow.name)
def test_everything_of_a_flow_is_on_its_picture(flow: Flow) -> None:
    """Each node by name and type, each exit, the first words of what is said."""
    written = texts(svg(flow))
    for node in flow.nodes.values():
        assert node.id in written
        assert node.TYPE in written
        for exit in node.exits:
            assert any(exit in label.split(", ") for label in written), f"{node.id}: {exit}"


def test_what_a_box_says_stays_in_the_box() -> None:
    """By the widths the picture reckons with, in Chinese too."""
    root = ElementTree.fromstring(svg(BANK))
    for box in root.iter(f"{SVG}g"):
        if box.attrib.get("class") != "node":
            continue
        frame = next(box.iter(f"{SVG}rect"))
        width, height = float(frame.attrib["width"]), float(frame.attrib["height"])
        for text in box.iter(f"{SVG}text"):
            size, x, y = (float(text.attrib[key]) for key in ("font-size", "x", "y"))
            wide = width_of(text.text or "", size)
            left = x - {"end": wide, "middle": wide / 2}.get(text.attrib.get("text-anchor", ""), 0)
            assert left >= 0
            assert left + wide <= width + 0.5
            assert size <= y <= height
        labels = [float(r.attrib["x"]) for r in box.iter(f"{SVG}rect") if "x" in r.attrib]
        assert labels == sorted(labels)


def test_no_text_breaks_the_picture() -> None:
    """Marks of XML, control characters and half pairs are drawn as something else."""
    flow = small_flow("start: {type: say, prompts: {en: '<&\"]]>', zh-CN: 好}, next: end}")
    for picture in (svg(replace(flow, title="\x00\ud800<b>")), svg(replace(flow, title=""))):
        assert '<&"]]>' in texts(picture)


def test_every_kind_of_node_has_a_colour_of_its_meaning() -> None:
    """The legend tells them."""
    coloured = [kind for _, kinds in COLOURS.values() for kind in kinds]
    assert set(KINDS) <= set(coloured)
    assert len(coloured) == len(set(coloured))
    assert {words for words, _ in COLOURS.values()} <= set(texts(svg(BANK)))
    assert EXIT_PX < TEXT_PX


@given(generated_flows())
def test_any_flow_can_be_drawn(flows: tuple[Flow, ...]) -> None:
    """Of any kinds of node that lead anywhere."""
    for flow in flows:
        assert set(flow.nodes) <= set(texts(svg(flow)))
        assert mermaid(flow).count("\n") > len(flow.nodes)


# ------------------------------------------------------------------ Mermaid


def test_mermaid_has_every_node_and_every_exit() -> None:
    """Nodes are numbered, since names such as ``end`` mean something there."""
    text = mermaid(BANK)
    boxes = dict(re.findall(r'^  (n\d+)[\[({]+"([\w-]+)<br/>', text, re.MULTILINE))
    assert list(boxes.values()) == list(BANK.nodes)
    found = {
        (boxes[source], exit, boxes[target])
        for source, exits, target in re.findall(r'^  (n\d+) -->\|"([^"]*)"\| (n\d+)$', text, re.MULTILINE)
        for exit in exits.split(", ")
    }
    assert found == {(n.id, exit, to) for n in BANK.nodes.values() for exit, to in n.exits.items()}
    assert f"start --> {next(k for k, v in boxes.items() if v == BANK.entry)}" in text
    assert "trouble -.->" in text


@given(st.text(min_size=1, max_size=40))
def test_no_words_break_mermaid(words: str) -> None:
    """Whatever is said stands between two quotes on one line, with nothing in it that Mermaid reads."""
    flow = small_flow("start: {type: say, prompts: {en: Hi, zh-CN: 好}, next: end}")
    node = flow.nodes["start"]
    said = tuple(replace(prompt, text=words) for prompt in node.prompts["en"])  # type: ignore[attr-defined]
    text = mermaid(replace(flow, nodes={**flow.nodes, "start": replace(node, prompts={"en": said})}))  # type: ignore[call-arg]
    line = text.split("\n")[2]
    assert re.fullmatch(r'  n0\["start<br/>say(<br/>([^"#<>`\\{}|]|#\d+;)*)*"\]', line), line
