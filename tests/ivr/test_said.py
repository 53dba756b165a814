"""What is said of a flow can be said in Chinese: the page knows every sentence."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.check import check

ROOT = Path(__file__).parents[2]
WORDED = ROOT / "agent_desktop/web/src/flows/said.zh.ts"
SOURCES = sorted([*(ROOT / "ivr/check").glob("*.py"), *(ROOT / "ivr/nodes").glob("*.py")]) + [
    ROOT / "ivr" / f"{name}.py" for name in ("document", "load", "judging", "expressions", "patterns")
]
TOLD_BY = {"wrong", "add", "Finding", "FlowProblem", "BadExpression", "BadPattern"}
"""What a sentence is handed to."""


def template(node: ast.expr) -> str | None:
    """A text or f-string with {} for each value."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
    return None


def sentences(source: Path) -> Iterator[str]:
    """The sentences of a file, without the place they begin with."""
    for call in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            told = call.args if name in TOLD_BY else ()
        elif isinstance(call, ast.Assign) and getattr(call.targets[0], "id", "") == "reason":
            told = [call.value]
        else:
            continue
        for one in filter(None, map(template, told)):
            sentence = re.sub(r"^(node )?\{\}: ", "", one)
            if " " in sentence and re.sub(r"[{}\s:()]", "", sentence):
                yield sentence


def worded() -> list[re.Pattern[str]]:
    """The sentences of the page; a value may be anything."""
    text = WORDED.read_text(encoding="utf-8")
    found = re.findall(r'\[\s*"((?:[^"\\]|\\.)*)",\s*"(?:[^"\\]|\\.)*",?\s*\]', text)
    assert len(found) > 100
    parts = ([re.escape(part) for part in re.split(r"\{[0-3]\}", one.replace(r"\\", "\\"))] for one in found)
    return [re.compile(f"{'.+?'.join(one)}") for one in parts]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_every_sentence_is_worded(source: Path) -> None:
    """Whatever the values are; an "s" is also the plural of one sentence."""
    known = worded()
    missing = [
        one
        for one in sentences(source)
        if not any(pattern.fullmatch(one.replace("{}", "s")) for pattern in known)
    ]
    assert missing == []


def test_what_a_checker_says_is_found() -> None:
    """Of a document with a few slips: each behind the place where it is."""
    text = """
flow: shop
version: 1
languages: [en]
default_queue: sales
entry: ask
nodes:
  ask: {type: menu, prompts: {fr: "Hello"}, exits: {"1": ask, no_input: ask}}
  bye: {type: hang_up, wait: 3}
  odd: {type: sing}
"""
    checked = check(text, "shop.yaml")
    said = [one.reason for one in (*checked.problems, *checked.warnings)]
    known = worded()
    assert len(said) >= 4
    for one in said:
        places = [one, *(one[at.end() :] for at in re.finditer(": ", one))]
        assert any(pattern.fullmatch(place) for pattern in known for place in places), one
