"""``callfloor forecast``: CSV, JSON and table as they are promised, and every fault in a line."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from callfloor.cli import main
from tests.forecasting.models.grids import FIRST, pattern

HEADER = ["timestamp", "calls", "lo80", "hi80", "aht_s"]


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Eight weeks of working days in intervals of two hours, with handle time and abandoned calls."""
    chance = np.random.default_rng(1)
    lines = ["timestamp,calls,aht_s,abandoned"]
    for n in range(56):
        day = FIRST + n
        if n % 7 < 5:
            for slot, mean in enumerate(pattern(day[None])[0]):
                calls = chance.poisson(mean)
                lines.append(
                    f"{day} {8 + 2 * slot:02}:00,{calls},{200 + 10 * slot},{chance.binomial(calls, 0.05)}"
                )
    path = tmp_path / "calls.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]):
    """Run the command; what it said, on standard output and standard error."""

    def run(*words: object, code: int = 0) -> tuple[str, str]:
        with pytest.raises(SystemExit) as caught:
            main(["forecast", *map(str, words)])
        said = capsys.readouterr()
        assert caught.value.code == code, said.err
        assert "Traceback" not in said.err
        return said.out, said.err

    return run


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_run_writes_what_was_promised(history: Path, tmp_path: Path, say) -> None:
    """The five columns, a row for each slot of the working days; the choice and its table on the screen."""
    out = tmp_path / "g.csv"
    said, _ = say("run", "--history", history, "--horizon", "28d", "--interval", "2h", "--out", out)
    rows = read(out)
    assert list(rows[0]) == HEADER
    assert len(rows) == 20 * 6
    assert rows[0]["timestamp"] == "2024-02-26 08:00"
    for row in rows:
        assert 0 <= float(row["lo80"]) <= float(row["calls"]) <= float(row["hi80"])
    assert 195 < float(rows[0]["aht_s"]) < 206
    assert "WAPE of each model" in said and "gaussian" in said and "weekday-mean" in said
    assert "120 rows, 2024-02-26 to 2024-03-22" in said


def test_run_by_day_month_and_more_columns(history: Path, tmp_path: Path, say) -> None:
    """Longer intervals, one chosen model, bands of handle time and abandonment; CSV on standard output."""
    base = ("run", "--history", history, "--model", "weekday-mean", "--horizon", "month")
    text, told = say(*base, "--interval", "day", "--more")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == 21 and rows[0]["timestamp"] == "2024-03-01"
    assert 0.03 < float(rows[0]["abandonment"]) < 0.07
    assert float(rows[0]["aht_lo80"]) < float(rows[0]["aht_s"]) < float(rows[0]["aht_hi80"])
    assert "weekday-mean" in told
    text, _ = say(*base, "--interval", "month")
    (month,) = csv.DictReader(text.splitlines())
    assert float(month["calls"]) == pytest.approx(sum(float(row["calls"]) for row in rows), rel=0.02)


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_run_draws(history: Path, tmp_path: Path, say, ending: str) -> None:
    """The forecast against what came, as a picture."""
    picture = tmp_path / f"g.{ending}"
    say("run", "--history", history, "--model", "svd", "--horizon", "7d", "--plot", picture)
    start = picture.read_bytes()[:100]
    assert start.startswith(b"\x89PNG") if ending == "png" else b"<?xml" in start


def test_run_of_today(history: Path, say) -> None:
    """The last day is cut at noon: what is told is the rest of it."""
    lines = history.read_text().splitlines()
    history.write_text("\n".join(lines[:-4]) + "\n")
    text, _ = say("run", "--history", history, "--horizon", "today", "--model", "regression")
    assert [row["timestamp"][-5:] for row in csv.DictReader(text.splitlines())] == [
        "12:00",
        "14:00",
        "16:00",
        "18:00",
    ]


def test_backtest_as_json(history: Path, say) -> None:
    """The shape others read: by model and for the choice, horizons as keys."""
    said, _ = say(
        *("backtest", "--history", history, "--interval", "2h", "--horizons", "1,5"),
        *("--origins", 4, "--step", 2, "--from-day", 25, "--to-day", 35, "--json"),
    )
    found = json.loads(said)
    assert set(found) == {"models", "auto"}
    assert {"gaussian", "svd", "regression", "weekday-mean", "poisson", "smoothing"} <= set(found["models"])
    for line in (found["auto"], *found["models"].values()):
        assert set(line) == {"interval_wape", "daily_wape", "mase", "coverage80", "seconds_per_fit"}
        assert list(line["interval_wape"]) == ["1", "5"]
        assert line["daily_wape"]["5"] < line["interval_wape"]["5"] < 40
        assert line["seconds_per_fit"] >= 0
    assert found["auto"]["interval_wape"]["5"] <= found["models"]["last-week"]["interval_wape"]["5"]


def test_backtest_as_a_table(history: Path, say) -> None:
    """A line a model, the automatic choice last, and what it would choose now."""
    said, _ = say("backtest", "--history", history, "--interval", "day", "--horizons", "1", "--origins", 3)
    assert "3 origins" in said and "interval WAPE %" in said
    assert said.rindex("\nauto ") > said.rindex("\ngaussian ")
    assert "after the last day:" in said


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--horizon", "2020"), "the history reaches to 2024-02-23, that is over"),
        (("--model", "crystal"), "there is no model 'crystal'"),
        (("--interval", "30min"), "cannot be put together"),
        (("--queue", "sales"), "there is no queue 'sales'"),
        (("--country", "XX"), "no holidays are known"),
        (("--timezone", "Mars/Base"), "Mars/Base"),
        (("--columns", "calls=Anrufe"), "Anrufe"),
    ],
)
def test_faults_of_run(history: Path, say, words: tuple[str, ...], reason: str) -> None:
    """One line that says what was wrong; exit code 1."""
    _, told = say("run", "--history", history, *words, code=1)
    assert told.startswith("callfloor: ") and reason in told


def test_faults_of_files(tmp_path: Path, say) -> None:
    """A file that is not there, and figures that are none or negative, with row and column."""
    _, told = say("run", "--history", tmp_path / "no.csv", code=1)
    assert "no.csv" in told
    bad = tmp_path / "bad.csv"
    bad.write_text("timestamp,calls\n2024-01-01 08:00,3\n2024-01-01 10:00,many\n2024-01-01 12:00,-4\n")
    _, told = say("run", "--history", bad, code=1)
    assert "row 3, column calls: 'many' is no number" in told
    assert "row 4, column calls: -4 is negative" in told


def test_a_history_of_one_interval(tmp_path: Path, say) -> None:
    """One row is a history, if it is said how long its interval is."""
    one = tmp_path / "one.csv"
    one.write_text("timestamp,calls\n2024-01-01 08:00,30\n")
    _, told = say("run", "--history", one, code=1)
    assert "how long" in told
    text, told = say("run", "--history", one, "--horizon", "2d", "--interval", "30min")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["calls"] for row in rows] == ["30.00", "30.00"]
    assert float(rows[0]["lo80"]) < 30 < float(rows[0]["hi80"])
    assert "too short a history to compare" in told


def test_faults_of_backtest(history: Path, say) -> None:
    """More days asked for than there are; weeks, which are no slots."""
    _, told = say("backtest", "--history", history, "--horizons", "30", "--from-day", "20", code=1)
    assert "the history has 40 days" in told
    _, told = say("backtest", "--history", history, "--interval", "week", code=1)
    assert "not by week" in told


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("run", "--history", "x.csv", "--horizon", "soon"),
        ("run", "--history", "x.csv", "--plot", "x.pdf"),
        ("backtest", "--history", "x.csv", "--origins", "0"),
        ("backtest", "--history", "x.csv", "--horizons", "1,b"),
        ("backtest", "--history", "x.csv", "--interval", "7min"),
    ],
)
def test_wrong_usage(say, words: tuple[str, ...]) -> None:
    """Exit code 2, before anything is read."""
    say(*words, code=2)
