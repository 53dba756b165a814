"""Patience from the platform's own records: every visit counts with how long it waited."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from common.db import Database
from domain.config import QueueConfig
from domain.instant import Instant
from forecasting.acd_history import BEGIN, END
from forecasting.staffing.acd_patience import queue_patience, queue_survival
from tests.calls import records
from tests.calls.records import SALES
from tests.tables import with_tables


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Waits of 60, 20, 40 and 80 s in two quarters of an hour; the first and the third gave up, one
    overflowed."""
    made = with_tables(f"sqlite:///{tmp_path / 'records.db'}")
    visits = [
        records.visit("k1", waits=60, outcome="abandoned"),
        records.visit("k2", waits=20),
        records.visit("k3", enters=905, waits=40, outcome="abandoned"),
        records.visit("k4", enters=910, waits=80, outcome="overflowed"),
    ]
    calls = [records.ended(records.record(one.call, one)) for one in visits]
    records.write(made, [records.configured(QueueConfig(SALES, "Sales")), *calls])
    yield made
    made.close()


def test_all_waiting_over_those_who_gave_up(database: Database) -> None:
    """Two in 200 s: 100 s, whoever the others were; of the second quarter alone 120 s."""
    with database.transaction() as session:
        found = queue_patience(session, SALES, BEGIN, END)
        later = queue_patience(session, SALES, Instant(records.START + 900_000_000), END)
    assert (found.mean_s, found.abandoned, found.waited_s) == (100, 2, 200)
    assert found.low_s < 100 < found.high_s
    assert later.mean_s == 120


def test_the_curve_by_single_visits(database: Database) -> None:
    """At 40 s one of three still there gives up, at 60 s one of two."""
    with database.transaction() as session:
        found = queue_survival(session, SALES, BEGIN, END)
    assert found.at_s.tolist() == [40, 60]
    assert found.at_risk.tolist() == [3, 2]
    np.testing.assert_allclose(found.waiting, [2 / 3, 1 / 3])


def test_nobody_waited(database: Database) -> None:
    """Then nothing is known."""
    with database.transaction() as session, pytest.raises(ValueError, match="nobody waited in nowhere"):
        queue_patience(session, "nowhere", BEGIN, END)
