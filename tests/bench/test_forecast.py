"""The bench of forecasts: real data where they are, a word where they are not; a small twin of the bank."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from bench import forecast
from tests.forecasting.models.grids import FIRST, pattern


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[str, str]:
    """What it said."""
    monkeypatch.setattr(sys, "argv", ["forecast", *words])
    forecast.main()
    said = capsys.readouterr()
    return said.out, said.err


def test_what_is_not_there_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the data the bench says so, and measures nothing."""
    out, told = run(capsys, monkeypatch, "--data", str(tmp_path), "--own", "--json")
    assert json.loads(out)["sets"] == {}
    assert told.count("is not there, left out") == 3


def test_the_bank_set_is_summed_to_half_hours(tmp_path: Path) -> None:
    """Six counts of five minutes are one of thirty; origins are those of the published anchors."""
    lines = ["timestamp,calls"]
    for n in range(3):
        for minute in range(8 * 60, 9 * 60, 5):
            lines.append(f"{FIRST + n} {minute // 60:02}:{minute % 60:02}:00,{n + 1}")
    (tmp_path / "bank_calls_5min.csv").write_text("\n".join(lines) + "\n")
    grid, _, first, last = forecast.bank(tmp_path)
    assert grid.values.tolist() == [[6, 6], [12, 12], [18, 18]]
    assert (first, last) == (90, 144)


def test_a_measurement_has_every_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A twin of the bank set of 110 days, two origins: the figures the command prints, by set."""
    days = FIRST + np.arange(110)
    counts = np.random.default_rng(1).poisson(pattern(days) / 5)
    lines = ["timestamp,calls"]
    lines += [
        f"{day} {8 + n:02}:{m:02},{calls / 2}"
        for day, row in zip(days, counts, strict=True)
        for n, calls in enumerate(row)
        for m in (0, 30)
    ]
    (tmp_path / "bank_calls_5min.csv").write_text("\n".join(lines) + "\n")
    grid, calendar, _, _ = forecast.bank(tmp_path)
    monkeypatch.setitem(forecast.SETS, "bank", lambda folder: (grid, calendar, 88, 90))
    monkeypatch.setattr(forecast, "OWN", forecast.OWN[:5])
    words = ("--data", str(tmp_path), "--own", "--json", "--set", "bank", "--origins", "2")
    found = json.loads(run(capsys, monkeypatch, *words)[0])["sets"]["bank"]
    assert list(found["models"]) == [model.name for model in forecast.OWN]
    assert found["auto"]["interval_wape"]["20"] < found["models"]["last-week"]["interval_wape"]["20"]
