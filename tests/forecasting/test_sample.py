"""Made-up history is like real one, the same for a seed, and what is put into it is told."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from forecasting.calendar import DayCalendar, Event, SpecialDay
from forecasting.days import grid_of
from forecasting.history import History
from forecasting.sample import BANK, Sample, campaigns, generate
from forecasting.sample_faults import inject

FIRST = date(2024, 1, 1)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def year() -> History:
    """A year of a queue."""
    return generate(Sample(FIRST, 366, queues=BANK[:1]), np.random.default_rng(1))["personal"]


def test_a_seed_is_a_history(year: History) -> None:
    """The same again; another seed is another one."""
    again = generate(Sample(FIRST, 366, queues=BANK[:1]), np.random.default_rng(1))["personal"]
    other = generate(Sample(FIRST, 366, queues=BANK[:1]), np.random.default_rng(2))["personal"]
    assert again.calls.tolist() == year.calls.tolist()
    assert other.calls.tolist() != year.calls.tolist()


def test_weekdays_holidays_and_the_time_of_day(year: History) -> None:
    """Mondays are the busiest, Sundays the quietest, holidays quieter still, make-up days like workdays."""
    grid, table = grid_of(year), DayCalendar("CN").table(grid_of(year).days)
    plain = (table.kind == "ordinary") & (table.days_since > 2)
    means = [grid.totals[plain & (table.weekday == day)].mean() for day in range(7)]
    assert np.argmax(means) == 0
    assert np.argmin(means) == 6
    assert grid.totals[table.holiday == "Spring Festival"].mean() < 0.7 * means[5]
    assert grid.totals[table.kind == "make_up"].mean() > 1.3 * means[5]
    by_slot = grid.values[plain].mean(axis=0)
    assert 9.5 * 60 <= grid.slots[int(np.argmax(by_slot))] <= 11 * 60
    assert by_slot[:10].mean() < 0.1 * by_slot.max()


def test_days_vary_more_than_chance_alone(year: History) -> None:
    """The spread of ordinary Wednesdays is several times that of a Poisson number."""
    grid, table = grid_of(year), DayCalendar("CN").table(grid_of(year).days)
    days = grid.totals[(table.weekday == 2) & (table.kind == "ordinary") & (table.days_since > 5)]
    assert days.var() > 3 * days.mean()


def test_measures_hang_together(year: History) -> None:
    """Answered and abandoned are the calls; handling is talk and work after the call."""
    measures = year.measures
    assert (measures["answered"] + measures["abandoned"] == year.calls).all()
    np.testing.assert_allclose(measures["talk_s"] + measures["acw_s"], measures["aht_s"], atol=0.11)
    assert (np.isnan(measures["aht_s"]) == (measures["answered"] == 0)).all()
    assert np.average(np.nan_to_num(measures["aht_s"]), weights=measures["answered"]) == pytest.approx(
        210, rel=0.05
    )
    assert measures["abandoned"].sum() / year.calls.sum() == pytest.approx(0.035, abs=0.02)
    assert measures["ivr"].sum() / year.calls.sum() == pytest.approx(0.6, abs=0.1)


def test_campaigns_bring_calls_and_closed_days_none() -> None:
    """A campaign in the calendar, one whose effect the planner knows, and a day without a row."""
    calendar = DayCalendar(
        special=(SpecialDay(date(2024, 3, 6), "closed"),),
        events=(
            Event("campaign", date(2024, 2, 5), date(2024, 2, 9)),
            Event("strike", date(2024, 2, 19), date(2024, 2, 23), effect=2.0),
        ),
    )
    sample = Sample(FIRST, 90, queues=BANK[:1], calendar=calendar, level_noise=0.0)
    grid = grid_of(generate(sample, np.random.default_rng(3))["personal"])
    totals = dict(zip(grid.days.astype(str).tolist(), grid.totals.tolist(), strict=True))
    assert totals["2024-02-07"] == pytest.approx(1.35 * totals["2024-01-31"], rel=0.25)
    assert totals["2024-02-21"] == pytest.approx(2 * totals["2024-02-14"], rel=0.25)
    assert "2024-03-06" not in totals


def test_closed_hours_have_no_row_and_the_hour_that_never_comes_neither() -> None:
    """The business queue from 8 to 20 on weekdays; Berlin in March."""
    sample = Sample(date(2024, 3, 25), 14, zone="Europe/Berlin", calendar=DayCalendar())
    made = generate(sample, np.random.default_rng(4))
    grid = grid_of(made["business"])
    assert (grid.slots.min(), grid.slots.max()) == (480, 1170)
    assert set((grid.days.astype(np.int64) + 3) % 7) == {0, 1, 2, 3, 4}
    assert np.argwhere(np.isnan(grid_of(made["personal"]).values)).tolist() == [[6, 4], [6, 5]]
    assert len(made["personal"]) == 14 * 48 - 2


def test_campaigns_at_random() -> None:
    """Within the time, some days long, about one in 75 days."""
    made = campaigns(FIRST, 730, np.random.default_rng(5))
    assert 7 <= len(made) <= 11
    assert all(3 <= (one.last - one.first).days + 1 <= 7 for one in made)
    assert min(one.first for one in made) >= FIRST


def test_faults_are_told_as_they_were_put_in(year: History) -> None:
    """So many of each kind; outside of them nothing is changed, and they do not touch one another."""
    before = year.calls.copy()
    broken, truth = inject(year, np.random.default_rng(6), spikes=5, outages=4, shifts=2)
    assert [sum(one.kind == kind for one in truth) for kind in ("spike", "outage", "level_shift")] == [
        5,
        4,
        2,
    ]
    outside = np.ones(len(year), dtype=bool)
    for one in truth:
        inside = (year.starts >= one.start) & (year.starts < one.end)
        outside &= ~inside
        assert broken.calls[inside].sum() == pytest.approx(one.factor * before[inside].sum(), rel=0.1, abs=15)
    assert (broken.calls[outside] == before[outside]).all()
    assert (year.calls == before).all()
    assert all(one.end < other.start for one, other in pairwise(truth))


def test_no_room_for_faults(year: History) -> None:
    """A week has none for a shift of weeks."""
    week = replace(year, starts=year.starts[:336], calls=year.calls[:336], measures={})
    with pytest.raises(ValueError, match="no room"):
        inject(week, np.random.default_rng(7), shifts=1)
