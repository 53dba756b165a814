"""The sample bank's planner has a past: calls, findings, forecasts, overrides, a published month."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from callfloor.planners import until
from callfloor.sample_planning import fill
from common.db import Database
from domain.instant import Instant
from forecasting.records import finding_store, forecast_store, store
from forecasting.routes.parts import Days
from forecasting.routes.reports import report
from forecasting.working import NotWanted
from tests.tables import with_tables

NOW = Instant(1_795_575_600_000_000)
"""Wednesday, 25 November 2026, 11:00 in Shanghai."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = with_tables(f"sqlite:///{tmp_path / 'bank.db'}")
    yield database
    database.close()


def test_the_planner_has_a_past(database: Database) -> None:
    """A year and this morning, with its troubles found, weeks that were forecast and overridden, a month
    published in time; and it is written once."""
    for _ in range(2):
        fill(database, 7, 1, {"complaints": "Complaints"}, NOW, threading.Event(), weeks=1)
    with database.transaction() as session:
        (series,) = store.all_series(session)
        assert (series.id, series.name, series.source) == ("complaints", "Complaints", "queue")
        history = store.raw_history(session, "complaints", lambda *_: None)
        assert len(history) == 365 * 48 + 22 and until(history, 1800, NOW) is history
        assert history.starts[-1] == NOW // 1_000_000 - 1800
        kinds = {row.kind for row in finding_store.findings(session, "complaints") if row.action == "replace"}
        assert "outage" in kinds
        made = forecast_store.forecasts(session, "complaints")
        assert sorted(one.kind for one in made) == ["month"] + ["weeks"] * 2
        assert all(forecast_store.overrides(session, one.id) for one in made if one.kind == "weeks")
        (version,) = forecast_store.versions(session)
        assert version.period == "2026-11" and version.at < 1_793_462_400_000_000  # before the month began
        told = report(session, series, history, "human", Days(None, None))
        assert told.daily.count == 25 and told.daily.wape < 25


def test_it_is_given_up_when_the_demo_ends(database: Database) -> None:
    """Nothing is written then."""
    stopping = threading.Event()
    stopping.set()
    with pytest.raises(NotWanted):
        fill(database, 7, 0, {"complaints": "投诉"}, NOW, stopping)
    with database.transaction() as session:
        assert store.all_series(session) == []
