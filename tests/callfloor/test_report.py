"""``callfloor report``: the figures of the pages, at the terminal."""

import csv
import io
from pathlib import Path

import pytest

from callfloor.cli import main
from tests.calls import records
from tests.calls.records import CARDS, ended, record, visit, wrapped_up
from tests.tables import with_tables

SPAN = ("--from", "2026-09-23", "--to", "2026-09-24T00:00+08:00")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder whose database has a few calls."""
    monkeypatch.setenv("CALLFLOOR_DATA_FOLDER", str(tmp_path))
    database = with_tables(f"sqlite:///{tmp_path / 'callfloor.db'}")
    talked = visit("k1", waits=12)
    gave_up = record(
        "k2",
        visit("k2", enters=60, waits=30, outcome="abandoned"),
        caller="13900000009",
        customer_name="李\x1b[2J娜",
    )
    steps = [ended(record("k1", talked)), wrapped_up(talked, 35), ended(gave_up)]
    steps.append(
        ended(record("k3", visit("k3", queue=CARDS, outcome="refused"), outcome="closed", caller=""))
    )
    records.write(database, [records.configured(), *steps])
    database.close()
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *argv: str, code: int = 0) -> str:
    """What ``callfloor report`` says."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as caught:
        main(["report", *argv])
    heard = capsys.readouterr()
    assert caught.value.code == code, heard
    return heard.err if code else heard.out


def test_it_is_read_in_columns(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Queues and agents by id, missed callers with the wall's time; nothing steers the terminal."""
    assert said(capsys, "queues", *SPAN).splitlines() == [
        "queue  offered  answered  abandoned  SL      ASA s  AHT s",
        "cards  1        0         0          -       -      -",
        "sales  2        1         1          50.0 %  12.0   100.0",
    ]
    assert said(capsys, "agents", *SPAN).splitlines() == [
        "agent  offered  answered  missed  rejected  transferred  AHT s  outgoing",
        "li     0        1         0       0         0            100.0  0",
    ]
    assert said(capsys, "missed", *SPAN).splitlines() == [
        "when                       caller       customer  queue  waited s  tries  outcome",
        "2026-09-23 09:01:00+08:00  13900000009  李 [2J娜  sales  30.0      1      abandoned",
        "2026-09-23 09:00:00+08:00  -            -         cards  10.0      1      closed",
    ]


@pytest.mark.parametrize(("kind", "rows"), [("queues", 2), ("agents", 1), ("missed", 2)])
def test_it_is_given_whole_as_csv(
    folder: Path, capsys: pytest.CaptureFixture[str], kind: str, rows: int
) -> None:
    """With every column."""
    text = said(capsys, kind, *SPAN, "--csv")
    found = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(found) == rows
    assert len(found[0]) > 10


def test_without_a_span_it_is_of_today(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Which had no calls yet: the headings alone."""
    assert said(capsys, "agents").startswith("agent  offered")
    assert len(said(capsys, "agents").splitlines()) == 1


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (["queues", "--from", "tomorrow"], "'tomorrow' is no day or time; write it like 2026-09-23"),
        (["queues", "--from", "2026-09-23", "--to", "2026-09-23"], "the report ends before it begins"),
        (["missed", "--to", "0001-01-01"], "the report ends before it begins"),
    ],
)
def test_a_span_that_cannot_be_is_said_why(
    folder: Path, capsys: pytest.CaptureFixture[str], argv: list[str], why: str
) -> None:
    """In one line."""
    text = said(capsys, *argv, code=1)
    assert text.startswith(f"callfloor: {why}")
    assert text.count("\n") == 1
