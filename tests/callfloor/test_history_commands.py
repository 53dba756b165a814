"""``callfloor history``: files and records are read, cleaned and shown; nothing is half-imported."""

import io
import json
import shlex
import sys
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from sqlalchemy import select

from callfloor.cli import main
from common.db import Database
from domain.ids import QueueId
from forecasting.calendar import DayCalendar
from forecasting.files import read_history, to_csv
from forecasting.history import History
from forecasting.sample import BANK, Sample, generate
from forecasting.tables import ImportRow
from tests.calls import records
from tests.calls.records import SALES
from tests.tables import with_tables
from tests.test_docs import blocks, text_of

SMALL = "timestamp,calls,aht_s\n2026-03-02 09:00,3,100\n2026-03-02 09:30,9,200\n"
SPIKED = ("2024-04-23 10:00", 20)
"""A time of the sample, and how many times its calls are counted."""


class Command:
    """``callfloor history`` in a folder with a platform's data."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.err = ""

    def __call__(self, *argv: str, code: int = 0) -> str:
        """Standard output of the verb; ``err`` has what was told on the other."""
        return self.run("history", *argv, code=code)

    def run(self, *argv: str, code: int = 0) -> str:
        """Any verb of ``callfloor``."""
        with pytest.raises(SystemExit) as caught:
            main(list(argv))
        said = self._capsys.readouterr()
        self.err = said.err
        assert caught.value.code == code, said
        assert "Traceback" not in said.err
        assert "a fault of the program" not in said.err
        return said.out

    def records(self) -> Database:
        """The platform's, new."""
        (self.folder / "data").mkdir()
        return with_tables(f"sqlite:///{self.folder / 'data' / 'callfloor.db'}")

    def write(self, name: str, text: str) -> str:
        """A file in the folder, by its name."""
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def imports(self) -> list[tuple[str, int, float]]:
        """(series, intervals, calls) of what was taken in."""
        database = Database(f"sqlite:///{self.folder / 'data' / 'callfloor.db'}")
        try:
            with database.transaction() as session:
                rows = session.execute(select(ImportRow.series, ImportRow.intervals, ImportRow.calls))
                return [(row[0], row[1], row[2]) for row in rows.all()]
        finally:
            database.close()


@pytest.fixture
def history(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command, in a folder with settings and no database yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b""), "utf-8"))
    (tmp_path / "callfloor.toml").write_text('[data]\nfolder = "data"\n')
    monkeypatch.setenv("CALLFLOOR_CONFIG", str(tmp_path / "callfloor.toml"))
    return Command(tmp_path, capsys)


@pytest.fixture(scope="module")
def sample() -> str:
    """Twelve calm weeks with one interval counted twenty times."""
    queue = BANK[0]
    made = generate(
        Sample(date(2024, 3, 4), 84, queues=(queue,), calendar=DayCalendar()), np.random.default_rng(5)
    )
    lines = to_csv({"": made["personal"]}).splitlines()
    at, times = SPIKED
    (place,) = [n for n, line in enumerate(lines) if line.startswith(at)]
    stamp, calls, rest = lines[place].split(",", 2)
    lines[place] = f"{stamp},{int(calls) * times},{rest}"
    return "\n".join(lines) + "\n"


def read(file: str) -> History:
    """The one history of a file."""
    (found,) = read_history(Path(file), "Asia/Shanghai").values()
    return found


# ------------------------------------------------------------------ import


def test_a_file_becomes_plain_csv(history: Command) -> None:
    """What was understood is said, columns nobody knows too."""
    history.write("x.csv", "Datum;Anrufe;Wetter\n02.03.2026 09:00;3;gut\n02.03.2026 09:30;9;gut\n")
    said = history("import", "x.csv", "--timezone", "Europe/Berlin", "--out", "plain.csv").splitlines()
    assert said == [
        "columns: timestamp = Datum, calls = Anrufe",
        "not used: Wetter",
        "calls: 2 intervals of 30 minutes, 2026-03-02 09:00 to 2026-03-02 09:30 (Europe/Berlin), 12 calls",
        "written to plain.csv",
    ]
    assert (history.folder / "plain.csv").read_text() == (
        "timestamp,calls\n2026-03-02 09:00,3\n2026-03-02 09:30,9\n"
    )


def test_every_fault_is_told_and_nothing_is_written(history: Command) -> None:
    """File, row and column; exit code 1."""
    history.write("x.csv", SMALL + "2026-03-02 10:00,-1,100\n2026-03-02 10:30,many,100\n")
    assert history("import", "x.csv", "--out", "plain.csv", code=1) == ""
    assert history.err.splitlines() == [
        "callfloor: x.csv: row 4, column calls: -1 is negative",
        "callfloor: x.csv: row 5, column calls: 'many' is no number",
    ]
    assert not (history.folder / "plain.csv").exists()


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (["import", "x.csv", "--columns", "calls"], 1, "no part of a column map"),
        (["import", "x.csv", "--timezone", "Mars"], 1, "'Mars' is no time zone"),
        (["import", "x.csv", "--interval", "7min"], 1, "does not divide a day"),
        (["import", "x.csv", "--interval", "soon"], 2, "'soon' is no time"),
        (["import", "x.csv", "--queue", "none"], 1, "there is no queue 'none'"),
        (["import", "none.csv"], 1, "none.csv: No such file"),
        (["show"], 2, "say a FILE, or one of --series, --queue and --business"),
        (["show", "x.csv", "--series", "s"], 2, "say a FILE, or one of"),
        (["show", "x.csv", "--last", "0"], 2, "'0' is no number, 1 or more"),
        (["show", "x.csv", "--plot", "x.bmp"], 1, "a picture is drawn as .svg or .png"),
        (["clean", "x.csv", "--sure", "2"], 2, "'2' is no share"),
        (["clean", "x.csv", "--country", "XX"], 1, "no holidays are known of 'XX'"),
        (["clean", "x.csv", "--undo", "spike-1"], 1, "there is no finding spike-1"),
        (["clean", "x.csv", "--decisions", "x.csv"], 1, "no findings as clean --findings writes them"),
        (["clean", "x.csv", "--calendar", "bad.yaml"], 1, "bad.yaml:3: days.0.kind"),
        (["import", "x.csv"], 1, "there is no database"),
    ],
)
def test_what_cannot_be_done_is_said(history: Command, argv: list[str], code: int, said: str) -> None:
    """One line, exit code 1; or 2 for wrong usage."""
    history.write("x.csv", SMALL)
    history.write("bad.yaml", "country: CN\ndays:\n- {day: 2026-10-01, kind: feast}\n")
    history(*argv, code=code)
    assert said in history.err


def test_into_the_records_and_out_of_them(history: Command) -> None:
    """A series is made of the file's name; it is shown as it was taken in; a dry run leaves nothing."""
    history.records().close()
    history.write("hotline.csv", SMALL)
    assert "would bring hotline: 2 intervals" in history("import", "hotline.csv", "--dry-run")
    assert history.imports() == []
    assert "taken into hotline: 2 intervals, 0 of them known before" in history("import", "hotline.csv")
    assert history.imports() == [("hotline", 2, 12.0)]
    assert history("show", "--series", "hotline").splitlines() == [
        "hotline",
        "from        calls  aht_s",
        "2026-03-02     12    175",
    ]
    again = history("import", "hotline.csv", "--series", "hotline")
    assert "taken into hotline: 2 intervals, 2 of them known before" in again
    history("import", "hotline.csv", "--series", "none", code=1)
    assert "There is no series 'none'" in history.err


def test_several_queues_all_or_nothing(history: Command) -> None:
    """Each goes to its series; if one cannot, none does."""
    history.records().close()
    head = "timestamp,queue,calls\n"
    history.write(
        "b.csv", head + "".join(f"2026-03-02 {t},{q},1\n" for t in ("09:00", "09:30") for q in "ab")
    )
    history("import", "b.csv")
    assert {series for series, _, _ in history.imports()} == {"a", "b"}
    history.write(
        "c.csv", head + "".join(f"2026-03-02 {t},{q},1\n" for t in ("09:00", "10:00") for q in "cb")
    )
    history("import", "c.csv", code=1)
    assert "has intervals of 60 min" in history.err
    assert len(history.imports()) == 2
    history("import", "c.csv", "--queue", "c")
    assert [series for series, _, _ in history.imports()] == ["a", "b", "c"]
    history.write("d.csv", head + "2026-03-02 09:00,d,1\n")
    history("import", "d.csv", "--interval", "30min", code=1)
    assert "d: one interval alone is no history yet" in history.err


def test_what_the_platform_counted(history: Command) -> None:
    """A queue, and a business type with what the flow served alone."""
    database = history.records()
    visit = records.visit("k1", talk_us=100_000_000)
    calls = [
        records.record("k1", visit, marks={"purpose": "complaint"}),
        records.record("k2", marks={"purpose": "complaint"}),
    ]
    records.write(database, [records.configured(), *(records.ended(one) for one in calls)])
    database.close()
    queue = json.loads(history("show", "--queue", SALES, "--by", "interval", "--json"))[SALES]
    assert [(line["calls"], line["answered"]) for line in queue] == [(1, 1)]
    kind = json.loads(history("show", "--business", "complaint", "--json"))["complaint"]
    assert [(line["calls"], line["ivr"]) for line in kind] == [(1, 1)]
    history("show", "--queue", "nobody", code=1)
    assert "nothing is counted of nobody" in history.err


# ------------------------------------------------------------------ clean


def test_findings_side_by_side(history: Command, sample: str) -> None:
    """A table with a column for each method, a clean file, findings as JSON; the raw file stays."""
    history.write("x.csv", sample)
    said = history("clean", "x.csv", "--out", "clean.csv", "--findings", "found.json").splitlines()
    assert said[0].split() == [
        "finding", "from", "to", "sure", "residuals", "spikes", "calls", "usual", "done",
    ]  # fmt: skip
    assert said[1].startswith("spike-20240423-1000-")
    assert "replaced by" in said[1]
    assert said[2] == "calls: 1 finding"
    assert "no country is named" in history.err
    raw, clean = read("x.csv"), read("clean.csv")
    assert (raw.calls != clean.calls).sum() == 1
    assert (history.folder / "x.csv").read_text() == sample
    (found,) = json.loads((history.folder / "found.json").read_text())["findings"]
    assert found["from"] == "2024-04-23T10:00+08:00"
    assert set(found["methods"]) == {"residuals", "spikes"}
    assert (found["action"], found["decision"]) == ("replace", "")


def test_decisions(history: Command, sample: str) -> None:
    """A finding is undone by its name; a file of findings may say so, or what is done instead."""
    history.write("x.csv", sample)
    history("clean", "x.csv", "--findings", "found.json")
    told = json.loads((history.folder / "found.json").read_text())
    (found,) = told["findings"]
    said = history("clean", "x.csv", "--undo", found["id"], "--out", "undone.csv")
    assert "left (undone)" in said
    assert read("undone.csv").calls.tolist() == read("x.csv").calls.tolist()
    accepted = history("clean", "x.csv", "--sure", "1", "--accept", found["id"])
    assert "(accepted)" in accepted
    assert "left (not sure enough)" in history("clean", "x.csv", "--sure", "1")
    found |= {"decision": "change", "values": {found["from"]: 77.0}}
    history.write("decided.json", json.dumps(told))
    said = history("clean", "x.csv", "--decisions", "decided.json", "--out", "changed.csv", "--json")
    assert json.loads(said)["findings"][0]["decision"] == "change"
    changed = read("changed.csv")
    assert changed.calls[np.searchsorted(changed.starts, 1_713_837_600)] == 77
    found["decision"] = "perhaps"
    history.write("decided.json", json.dumps(told))
    history("clean", "x.csv", "--decisions", "decided.json", code=1)
    assert "finding 1: decision is 'perhaps'" in history.err


def test_rows_that_come_twice_are_findings_here(history: Command, sample: str) -> None:
    """Import refuses them, cleaning tells them."""
    lines = sample.splitlines()
    stamp, calls, rest = lines[500].split(",", 2)
    lines.insert(501, f"{stamp},{int(calls) + 500},{rest}")
    history.write("x.csv", "\n".join(lines))
    history("import", "x.csv", "--out", "y.csv", code=1)
    assert "row 502, column timestamp: this interval is also in row 501" in history.err
    said = history("clean", "x.csv", "--out", "clean.csv")
    assert "duplicate-" in said
    assert len(read("clean.csv")) == len(lines) - 2


def test_the_calendar_explains(history: Command, sample: str) -> None:
    """An event in a file; opening hours are read with it."""
    history.write("x.csv", sample)
    history.write(
        "c.yaml",
        "country: ''\nevents:\n- {name: mailing, first: 2024-04-20, last: 2024-04-26}\n"
        "hours: {mon: ['00:00-24:00']}\n",
    )
    said = history("clean", "x.csv", "--calendar", "c.yaml", "--country", "CN")
    assert "explained by the calendar, and left:" in said
    assert "mailing" in said
    assert "Labour Day" in said


# ------------------------------------------------------------------ sample


def test_a_sample(history: Command) -> None:
    """A seed is a history; faults are put in on request."""
    asked = ("sample", "--days", "120", "--from", "2026-01-01", "--queue", "cards", "--out")
    for name, more in (("a", ()), ("b", ()), ("c", ("--seed", "2")), ("d", ("--faults",))):
        history(*asked, f"{name}.csv", *more)
    a, b, c, d = (read(f"{name}.csv") for name in "abcd")
    assert a.calls.tolist() == b.calls.tolist() != c.calls.tolist()
    assert 0 < (a.calls != d.calls).sum() < 100
    assert len(a) == 120 * 48
    history("sample", "--days", "1", "--faults", "--out", "e.csv", code=1)
    assert "no room for all that is to go wrong; say more --days" in history.err
    history("sample", "--from", "soon", "--out", "e.csv", code=2)
    assert "'soon' is no date" in history.err


# ------------------------------------------------------------------ show and pictures


def test_a_table(history: Command) -> None:
    """By interval, day, week and month; handling times weighed by calls."""
    history.write("x.csv", SMALL + "2026-03-08 09:00,,\n2026-04-01 09:00,4,50\n")
    assert history("show", "x.csv", "--by", "interval", "--last", "3").splitlines() == [
        "from              calls  aht_s",
        "2026-03-02 09:30      9    200",
        "2026-03-08 09:00      -      -",
        "2026-04-01 09:00      4     50",
    ]
    weeks = json.loads(history("show", "x.csv", "--by", "week", "--json"))[""]
    assert weeks == [
        {"from": "2026-03-02", "calls": 12.0, "aht_s": 175.0},
        {"from": "2026-03-30", "calls": 4.0, "aht_s": 50.0},
    ]
    months = json.loads(history("show", "x.csv", "--by", "month", "--json"))[""]
    assert [line["calls"] for line in months] == [12, 4]


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_pictures(history: Command, sample: str, kind: str) -> None:
    """A history, and what was cleaned in it."""
    history.write("x.csv", sample)
    history("show", "x.csv", "--plot", f"a.{kind}")
    history("clean", "x.csv", "--plot", f"c.{kind}")
    first, cleaned = ((history.folder / f"{name}.{kind}").read_bytes() for name in "ac")
    assert first[:5] == (b"<?xml" if kind == "svg" else b"\x89PNG\r")
    assert cleaned != first
    if kind == "svg":
        assert b"replaced or adjusted" in cleaned
        assert b"replaced or adjusted" not in first


# ------------------------------------------------------------------ the page


def test_the_commands_of_the_page_do_what_it_says(history: Command) -> None:
    """docs/history.md, from top to bottom."""
    history.run("db", "upgrade")
    database = Database(f"sqlite:///{history.folder / 'data' / 'callfloor.db'}")
    visit = records.visit("k1", queue=QueueId("personal"))
    kept = records.record("k1", visit, marks={"product": "loans"})
    records.write(database, [records.configured(), records.ended(kept)])
    database.close()
    history.write("calls.csv", "Tag;Eingang\n1/3/2026;7,5\n2/3/2026;8\n")
    book = openpyxl.Workbook()
    book.active.title = "March"
    book.active.append(["timestamp", "calls"])
    book.active.append(["2026-03-02 09:00", 5])
    book.active.append(["2026-03-02 09:30", 5])
    book.save(history.folder / "calls.xlsx")
    lines = [line for block in blocks(text_of("docs/history.md"), "sh") for line in block.splitlines()]
    told = {line: history.run(*shlex.split(line)[1:]) for line in lines if line.startswith("callfloor")}
    assert len(told) == len(lines) == 10
    assert read("plain.csv").calls.tolist() == [7.5, 8]
    undone = next(words for line, words in told.items() if "--undo" in line)
    assert undone.count("(undone)") == undone.count("(accepted)") == 1
    for name in ("clean.svg", "week.svg"):
        assert (history.folder / name).stat().st_size > 10_000
