"""What the platform counted itself is a history like any other."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from common.db import Database
from domain.config import QueueConfig
from forecasting.acd_history import business_history, queue_history
from tests.calls import records
from tests.calls.records import SALES
from tests.tables import with_tables


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Two calls to sales, half an hour apart, and one the flow served."""
    made = with_tables(f"sqlite:///{tmp_path / 'records.db'}")
    early = records.visit("k1", talk_us=100_000_000)
    late = records.visit("k2", enters=4 * 900 + 5, outcome="abandoned")
    calls = [
        records.record("k1", early, marks={"purpose": "complaint"}),
        records.record("k2", late, marks={"purpose": "complaint"}),
        records.record("k3", marks={"purpose": "complaint"}),
    ]
    sales = QueueConfig(SALES, "Sales", timezone="Asia/Shanghai")
    steps = [records.configured(sales), *(records.ended(one) for one in calls), records.wrapped_up(early, 35)]
    records.write(made, steps)
    yield made
    made.close()


def test_a_queue(database: Database) -> None:
    """Offered, answered, abandoned; handling is talk, hold and wrap-up, unknown where nobody was answered."""
    with database.transaction() as session:
        history = queue_history(session, SALES, 900)
        halves = queue_history(session, SALES)
    assert (history.zone, history.name, history.interval_s) == ("Asia/Shanghai", "sales", 900)
    assert history.starts[0] == records.START // 1_000_000
    assert history.calls.tolist() == [1, 0, 0, 0, 1]
    assert history.measures["answered"].tolist() == [1, 0, 0, 0, 0]
    assert history.measures["abandoned"].tolist() == [0, 0, 0, 0, 1]
    np.testing.assert_array_equal(history.measures["aht_s"], [140, *[np.nan] * 4])
    assert (history.measures["talk_s"][0], history.measures["acw_s"][0]) == (105, 35)
    assert "ivr" not in history.measures
    assert halves.calls.tolist() == [1, 0, 1]


def test_a_business_type(database: Database) -> None:
    """With the calls the flow served alone, which are no calls to agents."""
    with database.transaction() as session:
        history = business_history(session, "complaint", 3600)
    assert history.calls.tolist() == [1, 1]
    assert history.measures["ivr"].tolist() == [1, 0]
    assert history.measures["abandoned"].tolist() == [0, 1]
    assert history.measures["aht_s"][0] == 140
    assert history.zone == "Asia/Shanghai"


def test_what_never_was(database: Database) -> None:
    """Is an empty history, not an error."""
    with database.transaction() as session:
        assert len(queue_history(session, "nobody")) == 0
        assert len(business_history(session, "survey")) == 0


def test_an_interval_that_cannot_be(database: Database) -> None:
    """Is refused."""
    with database.transaction() as session, pytest.raises(ValueError, match="cannot be put together"):
        queue_history(session, SALES, 600)
