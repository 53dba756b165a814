"""``callfloor flow import`` writes a flow and says what became of every node."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from callfloor import flow_import
from ivr.load import load_file

EXPORT = {
    "description": "Front desk",
    "initial_state": "Trigger",
    "states": [
        {"name": "Trigger", "type": "trigger", "transitions": [{"event": "incomingCall", "next": "hello"}]},
        {
            "name": "hello",
            "type": "say-play",
            "transitions": [{"event": "audioComplete", "next": "pay"}],
            "properties": {"say": "Hello", "loop": 1},
        },
        {
            "name": "pay",
            "type": "capture-payments",
            "transitions": [{"event": "success", "next": "line"}, {"event": "failed", "next": "line"}],
            "properties": {"currency": "usd"},
        },
        {
            "name": "line",
            "type": "enqueue-call",
            "transitions": [{"event": "callComplete"}],
            "properties": {"queue_name": "Front Desk"},
        },
        {"name": "lost", "type": "say-play", "transitions": [], "properties": {"say": "Nobody hears this"}},
    ],
}


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    verbs = parser.add_subparsers(required=True)

    def verb(name: str, words: str, run: Any, *options: Any) -> None:
        one = verbs.add_parser(name, help=words)
        one.set_defaults(run=run)
        for names, how in options:
            one.add_argument(*names, **how)

    flow_import.add(verb)
    arguments = parser.parse_args(["import", *words])
    code: int = arguments.run(arguments)
    return code


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "front-desk.json"
    path.write_text("\ufeff" + json.dumps(EXPORT), encoding="utf-8")
    return path


def test_a_flow_is_written_and_what_is_lost_is_told(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Node by node with the reason, then the share, then what has to be there."""
    out = file.parent / "desk.yaml"
    assert run(str(file), "--from", "twilio-studio", "--out", str(out)) == 0
    assert load_file(out).name == "desk"
    assert capsys.readouterr().out.splitlines() == [
        "placeholder  capture-payments pay -> pay",
        "                 placeholder: nothing here does what it did",
        "                 currency: usd",
        "left out     say-play lost",
        "3 of 4 nodes mapped (75 %), 1 needed no node of ours, placeholders: 1, "
        "left out since no call comes there: 1",
        "it needs the queues front-desk",
    ]


def test_every_node_can_be_told(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Beside a flow that goes to standard output, not in it."""
    assert run(str(file), "--from", "twilio-studio", "--name", "hall", "-v") == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[2] == "flow: hall"
    assert said.err.splitlines()[:2] == [
        "unneeded     trigger Trigger",
        "mapped       say-play hello -> hello",
    ]


def test_what_is_no_export_is_said_in_one_line(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written then."""
    out = file.parent / "out.yaml"
    for content, said in (
        (b"[]", "this is no export: its outermost value is no object"),
        (b'{"states": 1}', "this is no flow of Twilio Studio: it has no states"),
        (b"\xff", "this is not UTF-8 (invalid start byte at byte 0)"),
    ):
        file.write_bytes(content)
        assert run(str(file), "--from", "twilio-studio", "--out", str(out)) == 1
        assert capsys.readouterr().err == f"callfloor: {file}: {said}\n"
    assert not out.exists()


def test_a_flow_that_is_there_is_not_overwritten(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody may have worked on it."""
    out = file.parent / "out.yaml"
    out.write_text("mine")
    assert run(str(file), "--from", "twilio-studio", "--out", str(out)) == 1
    assert out.read_text() == "mine"
    assert "is there already" in capsys.readouterr().err
