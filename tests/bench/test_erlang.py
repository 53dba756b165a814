"""The benchmark of the formulas measures what it says."""

import json
import sys

import pytest

from bench import erlang


def test_it_prints_one_object(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Seconds for every question; errors of the published cases where these are there."""
    monkeypatch.setattr(erlang, "INTERVALS", 50)
    monkeypatch.setattr(sys, "argv", ["erlang.py", "--runs", "1", "--json"])
    erlang.main()
    found = json.loads(capsys.readouterr().out)
    assert found["intervals"] == 50
    assert all(found[name] > 0 for name in ("erlang_c_s", "erlang_a_s", "measures_a_s"))
    assert found.get("largest_error", 0) < 1e-9


def test_every_kind_of_published_case_is_answered() -> None:
    """By the names such files have for their figures."""
    case = {"calls": 100, "interval_s": 1800, "aht_s": 180, "T_s": 20, "target": 0.8, "shrinkage": 0.3}
    assert [erlang.answer("C-req", case, name) for name in ("agents", "gross")] == [14, 20]
    assert erlang.answer("B-req", {"erlangs": 2, "blocking": 0.01}, "lines") == 7
    assert erlang.answer("B", {"lines": 1, "erlangs": 1}, "blocking") == 0.5
    assert erlang.answer("C", {"erlangs": 0.8, "agents": 1}, "pw") == pytest.approx(0.8)
    patient = {"calls_per_min": 10, "aht_s": 60, "patience_s": 60, "agents": 8}
    assert erlang.answer("A", patient, "pw") == pytest.approx(0.779779353398301)
    assert erlang.exact({"sl": 0.64, "exact_sl": 0.6401580403740067, "exact": {"pw": 0.5}}) == {
        "sl": 0.6401580403740067,
        "pw": 0.5,
    }
