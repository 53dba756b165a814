"""What the planner keeps, on SQLite and on PostgreSQL: nothing is lost, who was faster is told."""

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import SQLAlchemyError

from common.db import Database
from common.problems import Problem
from domain.instant import Instant
from forecasting.bodies import DecisionBody, PlannerCalendarBody, SeriesBody
from forecasting.cleaning import Finding
from forecasting.days import starts_of
from forecasting.erlang import Targets
from forecasting.forecast_bodies import OverrideBody
from forecasting.history import History
from forecasting.overrides import Numbers
from forecasting.records import finding_store, forecast_store, planner_calendars, requirement_store, store
from forecasting.records.forecast_store import Made
from forecasting.records.store import Author, put_together
from forecasting.staffing import Staffing, plan
from tests.tables import with_tables

PAUL = Author("paul", Instant(1_795_575_600_000_000))
ZONE = "Asia/Shanghai"
HALVES = np.arange(0, 1440, 30)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with one series."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'planning.db'}"
    else:
        url = request.getfixturevalue("postgres_tables")
    database = with_tables(url)
    with database.transaction() as session:
        store.create_series(session, SeriesBody(name="Sales"), PAUL)
    yield database
    database.close()


def nothing(*_: Any) -> None:
    """The platform counted nothing."""


def history(first: str, days: int, calls: float, interval_min: int = 30, **measures: float) -> History:
    slots = np.arange(0, 1440, interval_min)
    starts = starts_of(np.datetime64(first) + np.arange(days), slots, ZONE).ravel()
    flat = {name: np.full(len(starts), value) for name, value in measures.items()}
    return History(starts, np.full(len(starts), calls), interval_min * 60, ZONE, flat)


def made(calls: float = 10.0, first: str = "2026-11-26", days: int = 7, kind: Any = "weeks") -> Made:
    past = history(first, days, calls)
    bands = {"lo80": past.calls * 0.8, "hi80": past.calls * 1.2}
    numbers = Numbers(past.starts, 1800, ZONE, past.calls, np.full(len(past), 200.0), bands)
    sums = {"day_lo80": np.full(days, 400.0), "day_hi80": np.full(days, 560.0)}
    return Made(kind, "", "svd", "svd", int(past.starts[0]), numbers, np.full(len(past), 0.03), sums)


def override(value: float = 10.0) -> OverrideBody:
    day = date(2026, 11, 27)
    return OverrideBody(how="percent", value=value, first=day, last=day, reason="campaign")


def test_a_year_comes_back_as_it_was_taken_in(database: Database) -> None:
    """To the last bit, however large; measures with it; an import that was undone does not count."""
    rng = np.random.default_rng(1)
    year = history("2025-11-25", 365, 0.0, aht_s=0.0)
    year.calls[:], year.measures["aht_s"][:] = rng.poisson(30, len(year)), rng.normal(200, 30, len(year))
    year.calls[100:110] = np.nan
    with database.transaction() as session:
        id = store.add_import(session, "sales", year, "year.csv", PAUL).id
    with database.transaction() as session:
        back = store.raw_history(session, "sales", nothing)
        assert np.array_equal(back.calls, year.calls, equal_nan=True) and (back.starts == year.starts).all()
        assert np.array_equal(back.measures["aht_s"], year.measures["aht_s"])
        assert store.undo_import(session, id, PAUL).undone_by == "paul"
        assert len(store.raw_history(session, "sales", nothing)) == 0
        store.redo_import(session, id)
        assert len(store.raw_history(session, "sales", nothing)) == len(year)
        with pytest.raises(Problem, match="not undone"):
            store.redo_import(session, id)


def test_later_imports_win_and_the_platform_before_all(database: Database) -> None:
    """Interval by interval, of what each knows; finer files are summed, coarser ones refused."""
    with database.transaction() as session:
        store.add_import(session, "sales", history("2026-11-01", 3, 10.0, aht_s=100.0), "one.csv", PAUL)
        two = store.add_import(
            session, "sales", history("2026-11-02", 1, 7.0, interval_min=15), "two.csv", PAUL
        )
        assert (two.replaced, two.intervals) == (48, 96)
        counted = history("2026-11-03", 2, 99.0)
        back = store.raw_history(session, "sales", lambda *_: counted)
        assert back.calls.reshape(-1, 48)[:, 0].tolist() == [10.0, 14.0, 99.0, 99.0]
        assert back.measures["aht_s"][:144].tolist() == [100.0] * 144 and np.isnan(back.measures["aht_s"][-1])
        with pytest.raises(Problem, match="60 min") as refused:
            store.add_import(session, "sales", history("2026-11-02", 1, 7.0, interval_min=60), "c.csv", PAUL)
        assert refused.value.status == 409
        with pytest.raises(Problem, match="no interval"):
            store.add_import(session, "sales", history("2026-11-02", 0, 7.0), "empty.csv", PAUL)


def test_two_who_change_a_calendar(database: Database) -> None:
    """The second one is told, and has changed nothing."""
    with database.transaction() as session:
        tag = str(planner_calendars.get_calendar(session, "default").saves)
        body = PlannerCalendarBody(name="Bank", country="")
        planner_calendars.save_calendar(session, "default", body, "paul", PAUL.at, tag=tag)
    other = PlannerCalendarBody(name="Other", country="")
    with database.transaction() as session, pytest.raises(Problem, match="paul changed") as refused:
        planner_calendars.save_calendar(session, "default", other, "rita", PAUL.at, tag=tag)
    assert refused.value.status == 412
    with database.transaction() as session:
        assert planner_calendars.get_calendar(session, "default").name == "Bank"
        with pytest.raises(Problem, match="calendar of sales"):
            planner_calendars.delete_calendar(session, "default")


def found(name: str, begin: int, values: int = 4) -> Finding:
    at = tuple((begin + 1800 * n, 12.5) for n in range(values))
    return Finding(
        name, "sales", "outage", begin, begin + 1800 * values, 0.9, {"outages": 0.9}, 0.0, 50.0, "replace", at
    )


def test_what_was_decided_survives_another_cleaning(database: Database) -> None:
    """Undecided findings that are not found again are gone; the trail keeps every word."""
    past = history("2026-11-01", 3, 10.0)
    first, second, third = (int(past.starts[n]) for n in (4, 20, 40))
    with database.transaction() as session:
        store.add_import(session, "sales", past, "one.csv", PAUL)
        assert (
            finding_store.keep_findings(session, "sales", [found("a", first), found("b", second)], PAUL.at)
            == 2
        )
        (_, a) = finding_store.findings(session, "sales")
        finding_store.decide(session, a.id, DecisionBody(state="undone", note="we were closed"), PAUL)
        count = finding_store.keep_findings(session, "sales", [found("c", third)], PAUL.at)
        rows = finding_store.findings(session, "sales")
        assert count == 2 and [(row.name, row.state) for row in rows] == [("c", "proposed"), ("a", "undone")]
        clean = finding_store.cleaned(store.raw_history(session, "sales", nothing), rows)
        assert clean.calls[40:44].tolist() == [12.5] * 4 and clean.calls[4:8].tolist() == [10.0] * 4
        finding_store.decide(session, a.id, DecisionBody(state="changed", factor=0.5), PAUL)
        clean = finding_store.cleaned(store.raw_history(session, "sales", nothing), rows)
        assert clean.calls[3:9].tolist() == [10, 5, 5, 5, 5, 10]
        finding_store.decide(session, a.id, DecisionBody(state="changed"), PAUL)
        clean = finding_store.cleaned(store.raw_history(session, "sales", nothing), rows)
        assert np.isnan(clean.calls[4:8]).all()
        said = [(d.by, d.state, d.factor) for d in finding_store.trail(session, a.id)]
        assert said == [("paul", "undone", None), ("paul", "changed", 0.5), ("paul", "changed", None)]
        assert store.open_findings(session) == {"sales": 1}


def test_a_forecast_its_overrides_and_a_version(database: Database) -> None:
    """The machine's numbers stay, overrides apply in order, what was published is frozen."""
    with database.transaction() as session:
        id = forecast_store.add_forecast(session, "sales", made(), PAUL).id
    for value in (10.0, 20.0):
        with database.transaction() as session:
            kept = forecast_store.add_override(session, id, override(value), PAUL)
            assert (kept.number, kept.by, kept.reason) == (int(value / 10), "paul", "campaign")
    with database.transaction() as session:
        version = forecast_store.publish(session, id, PAUL, "final").id
        later = Author("rita", Instant(PAUL.at + 1))
        forecast_store.withdraw(session, kept.id, later, "called off")
    with database.transaction() as session:
        row = forecast_store.get_forecast(session, id)
        now = forecast_store.standing(session, row)
        assert set(now.machine.calls) == {10.0} and len(now.stages) == 3
        assert now.human.calls.max() == pytest.approx(11.0) and row.human_calls == pytest.approx(48 * 71)
        assert now.sums["day_hi80"].tolist() == [560.0] * 7 and now.abandonment[0] == pytest.approx(0.03)
        then = forecast_store.published_standing(session, forecast_store.get_version(session, version))
        assert then.human.calls.max() == pytest.approx(13.2) and set(then.machine.calls) == {10.0}
        assert then.human.bands["hi80"].max() == pytest.approx(12 * 1.32)
        (told,) = forecast_store.kept(session, "sales", "human", row.first, row.last)
        assert told.day_bands["hi80"][:2] == pytest.approx([560, 616])
        with pytest.raises(Problem, match="was published"):
            forecast_store.delete_forecast(session, id)
        with pytest.raises(Problem, match="rita withdrew it: called off"):
            forecast_store.withdraw(session, kept.id, PAUL, "again")


def test_overrides_at_the_same_time_come_one_after_another(database: Database) -> None:
    """Each gets its own number, and the total is that of all of them."""
    with database.transaction() as session:
        id = forecast_store.add_forecast(session, "sales", made(), PAUL).id
    troubles: list[Exception] = []

    def one() -> None:
        try:
            with database.transaction() as session:
                forecast_store.add_override(session, id, override(100.0), PAUL)
        except (Problem, SQLAlchemyError) as error:
            troubles.append(error)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.transaction() as session:
        numbers = [row.number for row in forecast_store.overrides(session, id)]
        assert not troubles and numbers == [1, 2, 3, 4]
        assert forecast_store.get_forecast(session, id).human_calls == pytest.approx(480 * 6 + 480 * 16)


def test_a_requirement_comes_back(database: Database) -> None:
    """With what was asked and its sums."""
    with database.transaction() as session:
        row = forecast_store.add_forecast(session, "sales", made(), PAUL)
        numbers = made().numbers
        rules = Staffing(Targets(service_level=0.8), 180.0, 0.3)
        people = plan(numbers.calls, 1800, numbers.aht_s, rules)
        id = requirement_store.add_requirement(
            session, row.id, None, numbers.starts, people, {"note": "x"}, 0.3, PAUL
        ).id
    with database.transaction() as session:
        back = requirement_store.get_requirement(session, id)
        assert back.sums["agent_hours"] == people.agent_hours and back.asked == {"note": "x"}
        forecast_store.delete_forecast(session, row.id)
    with database.transaction() as session, pytest.raises(Problem, match="no requirement"):
        requirement_store.get_requirement(session, id)


def test_a_series_goes_with_all_it_has_unless_published(database: Database) -> None:
    """What was published is kept, and so is what led to it."""
    with database.transaction() as session:
        store.create_series(session, SeriesBody(name="Cards"), PAUL)
        for series in ("sales", "cards"):
            store.add_import(session, series, history("2026-11-01", 3, 10.0), "one.csv", PAUL)
            finding_store.keep_findings(session, series, [found("a", 1_793_462_400)], PAUL.at)
            id = forecast_store.add_forecast(session, series, made(), PAUL).id
            forecast_store.add_override(session, id, override(), PAUL)
        forecast_store.publish(session, id, PAUL, "")
    with database.transaction() as session:
        store.delete_series(session, "sales")
        with pytest.raises(Problem, match="were published"):
            store.delete_series(session, "cards")
    with database.transaction() as session:
        assert [row.id for row in store.all_series(session)] == ["cards"]


@given(
    st.lists(
        st.dictionaries(st.integers(0, 20), st.integers(0, 9) | st.just(float("nan")), max_size=12),
        max_size=4,
    )
)
def test_put_together_is_the_last_word_on_each_interval(files: list[dict[int, float]]) -> None:
    """As if each file were written over the one before, cell by cell."""
    histories = [
        History(
            np.array(sorted(file), dtype=np.int64) * 1800,
            np.array([file[n] for n in sorted(file)], dtype=np.float64),
            1800,
            ZONE,
        )
        for file in files
    ]
    whole = put_together(histories, 1800, ZONE)
    expected: dict[int, float] = {}
    for file in files:
        for at, value in file.items():
            if value == value or at not in expected:
                expected[at] = value
    assert (whole.starts // 1800).tolist() == sorted(expected)
    assert np.array_equal(whole.calls, [expected[at] for at in sorted(expected)], equal_nan=True)
