"""A forecast for a planner: the days wanted, handle time and abandonment, the rest of a day, sums."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest

from domain.config import CalendarConfig
from forecasting.calendar import DayCalendar, SpecialDay
from forecasting.days import starts_of
from forecasting.history import History
from forecasting.horizons import Interval, read_horizon, read_interval
from forecasting.models.base import ForecastError
from forecasting.models.gaussian import Gaussian
from forecasting.models.weekday import WEEKDAY_MEAN
from forecasting.outlook import Outlook, look_ahead
from forecasting.table import table_of, to_csv
from tests.forecasting.models.grids import FIRST, SLOTS, pattern, weekday

MODELS = (WEEKDAY_MEAN,)


def history(
    days: int,
    *,
    seed: int | None = 1,
    zone: str = "UTC",
    open_weekdays: int = 7,
    measures: Callable[[np.ndarray], dict[str, np.ndarray]] = lambda calls: {},
    scale: float = 1.0,
    last_slots: int = 6,
) -> History:
    """So many days of the pattern, the last with so many of its slots."""
    every = FIRST + np.arange(days)
    every = every[weekday(every) < open_weekdays]
    calls = pattern(every) * scale
    if seed is not None:
        calls = np.random.default_rng(seed).poisson(calls).astype(np.float64)
    there = np.ones(calls.shape, dtype=bool)
    there[-1, last_slots:] = False
    figures = {name: values[there] for name, values in measures(calls).items()}
    return History(starts_of(every, SLOTS, zone)[there], calls[there], 7200, zone, figures)


def ahead(past: History, horizon: str = "7d", calendar: DayCalendar | None = None, **how: object) -> Outlook:
    """The outlook after a history's last day."""
    last = np.datetime64(int(past.starts[-1]), "s").astype("datetime64[D]")
    return look_ahead(past, calendar or DayCalendar(), read_horizon(horizon, last), MODELS, **how)


def rows(outlook: Outlook, interval: Interval, *, more: bool = False) -> list[dict[str, str]]:
    """The CSV as it is read back."""
    return list(csv.DictReader(io.StringIO(to_csv(table_of(outlook, interval), more=more))))


def test_the_days_after_the_history() -> None:
    """A week of working days: five days, the calls of each slot, bands around them."""
    outlook = ahead(history(42, open_weekdays=5), "7d")
    assert [str(day) for day in outlook.days[[0, -1]]] == ["2024-02-12", "2024-02-16"]
    low, high = outlook.bounds()
    assert (low < outlook.calls).all() and (outlook.calls < high).all()
    assert outlook.calls.sum() == pytest.approx(pattern(outlook.days).sum(), rel=0.03)
    assert outlook.ahead.tolist() == [1, 2, 3, 4, 5]


def test_a_month_is_whole_and_knows_how_far_it_is() -> None:
    """From the middle of one month the next: only its days are told, as far ahead as they are."""
    outlook = ahead(history(45), "month")
    assert (str(outlook.days[0]), str(outlook.days[-1])) == ("2024-03-01", "2024-03-31")
    assert outlook.ahead[0] == 16  # 15 February is tomorrow
    found = rows(outlook, read_interval("2h"))
    assert len(found) == 31 * 6 and found[0]["timestamp"] == "2024-03-01 08:00"


def test_sums_of_weeks_and_months_have_their_own_bands() -> None:
    """A month's band is narrower in percent than a slot's, and wider than if days were independent."""
    outlook = ahead(history(60), "month")
    month = rows(outlook, read_interval("month"))
    assert [row["timestamp"] for row in month] == ["2024-03-01"]
    calls, low, high = (float(month[0][name]) for name in ("calls", "lo80", "hi80"))
    assert calls == pytest.approx(outlook.calls.sum(), abs=0.01)
    slot_low, slot_high = outlook.bounds()
    assert (high - low) / calls < ((slot_high - slot_low) / outlook.calls).mean()
    assert low < calls < high
    weeks = rows(outlook, read_interval("week"))
    assert weeks[0]["timestamp"] == "2024-02-26"  # the Monday of the week of 1 March
    assert sum(float(row["calls"]) for row in weeks) == pytest.approx(calls, abs=0.1)


def test_handle_time_is_a_mean_over_calls() -> None:
    """Evenings are slower: AHT has the slot's shape, and its sum over a day weighs by calls."""
    by_slot = np.array([180.0, 180, 200, 220, 260, 300])

    def measures(calls: np.ndarray) -> dict[str, np.ndarray]:
        chance = np.random.default_rng(2)
        return {"aht_s": by_slot * chance.lognormal(0, 0.02, calls.shape), "answered": calls * 0.95}

    outlook = ahead(history(42, measures=measures))
    assert outlook.aht_s is not None and outlook.abandonment is None
    assert outlook.aht_s.mean.mean(axis=0) == pytest.approx(by_slot, rel=0.03)
    day = rows(outlook, read_interval("month"), more=True)[0]
    weighed = (outlook.calls * outlook.aht_s.mean).sum() / outlook.calls.sum()
    assert float(day["aht_s"]) == pytest.approx(weighed, abs=0.01)
    assert float(day["aht_lo80"]) < weighed < float(day["aht_hi80"])
    assert day["abandonment"] == ""


def test_the_share_abandoned_is_a_share() -> None:
    """A tenth gives up, more in the third slot; handle time is talk and wrap-up where those are told."""
    share = np.array([0.1, 0.1, 0.2, 0.1, 0.1, 0.1])

    def measures(calls: np.ndarray) -> dict[str, np.ndarray]:
        chance = np.random.default_rng(3)
        lost = chance.binomial(calls.astype(int), share).astype(np.float64)
        parts = {"talk_s": np.full(calls.shape, 150.0), "acw_s": np.full(calls.shape, 30.0)}
        return {"abandoned": lost, **parts}

    outlook = ahead(history(42, measures=measures))
    assert outlook.abandonment is not None and outlook.aht_s is not None
    assert outlook.abandonment.mean.mean(axis=0) == pytest.approx(share, abs=0.02)
    assert outlook.aht_s.mean == pytest.approx(180, rel=0.01)


def test_the_rest_of_today_follows_its_morning() -> None:
    """Days differ by moods; a morning with a third more calls makes a busier afternoon, by less than that."""
    calm = history(61, last_slots=3, seed=4)
    moods = np.exp(np.random.default_rng(5).normal(0, 0.12, 61))
    past = History(calm.starts, calm.calls * moods[(calm.starts - calm.starts[0]) // 86_400], 7200, "UTC")
    usual = ahead(past, "today")
    busy = past.calls.copy()
    busy[-3:] *= 4 / 3
    more = ahead(History(past.starts, busy, 7200, "UTC"), "today")
    rest = usual.is_open[0]
    assert rest.tolist() == [False] * 3 + [True] * 3
    ratio = more.calls[0, rest].sum() / usual.calls[0, rest].sum()
    assert 1.05 < ratio < 4 / 3
    assert more.calls[0, :3] == pytest.approx(busy[-3:])
    found = rows(more, Interval(7200))
    assert [row["timestamp"][-5:] for row in found] == ["14:00", "16:00", "18:00"]
    assert all(float(r["lo80"]) < float(r["calls"]) < float(r["hi80"]) for r in found)
    whole = more.sums(np.where(more.is_open, 0, -1))
    assert whole[1][0] < whole[0][0] < whole[2][0]


def test_an_unfinished_day_teaches_nothing() -> None:
    """A last day that ends at noon is not learned from; the days after it are forecast as ever."""
    whole = ahead(history(60, seed=5), "7d")
    cut = ahead(history(61, seed=5, last_slots=2), "7d")
    assert cut.learned_to == whole.learned_to == FIRST + 59
    assert (whole.days[0], cut.days[0]) == (FIRST + 60, FIRST + 61)


def test_a_day_that_is_over_has_no_rest() -> None:
    """It is said which day that is."""
    with pytest.raises(ForecastError, match="2024-02-11, the last day of the history, is over"):
        ahead(history(42), "today")


def test_opening_hours_of_the_calendar_hold() -> None:
    """From next week on open until two: later slots are not told, whatever they were."""
    hours = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("08:00-14:00",))
    calendar = DayCalendar(hours=CalendarConfig(id="house", timezone="UTC", hours=hours))
    found = rows(ahead(history(42), "7d", calendar), Interval(7200))
    assert {row["timestamp"][-5:] for row in found} == {"08:00", "10:00", "12:00"}


def test_a_week_of_closed_days_is_said_to_be_one() -> None:
    """No open day, no forecast, and which days were looked at."""
    closed = tuple(SpecialDay(date(2024, 2, 12) + timedelta(n), "closed") for n in range(7))
    with pytest.raises(ForecastError, match="no open day from 2024-02-12 to 2024-02-18"):
        ahead(history(42), "7d", DayCalendar(special=closed))


def test_a_week_of_holidays_is_forecast_by_those_that_were() -> None:
    """Two weeks of feast, of half the calls: the third is expected alike, not like any week."""
    feasts = [7, 8, 9, 10, 11, 28, 29, 30, 31, 32, 42, 43, 44, 45, 46]
    days = [date(2024, 1, 1) + timedelta(n) for n in feasts]
    calendar = DayCalendar(special=tuple(SpecialDay(day, "holiday", "Feast") for day in days))
    past = history(42)
    day_of = (past.starts - past.starts[0]) // 86_400
    halved = np.where(np.isin(day_of, feasts), past.calls * 0.5, past.calls)
    past = History(past.starts, halved, 7200, "UTC")
    outlook = look_ahead(past, calendar, read_horizon("7d", FIRST + 41), (Gaussian(),))
    ratio = outlook.calls.sum(axis=1) / pattern(outlook.days).sum(axis=1)
    assert ratio[:5].mean() == pytest.approx(0.5, abs=0.15)
    assert ratio[5:].mean() == pytest.approx(1, abs=0.15)


def test_nothing_to_learn_from() -> None:
    """An empty history, or one without a single known number."""
    nothing = History(np.zeros(0, dtype=np.int64), np.zeros(0), 7200, "UTC")
    with pytest.raises(ForecastError, match="empty"):
        look_ahead(nothing, DayCalendar(), read_horizon("7d", FIRST), MODELS)
    past = history(10)
    unknown = History(past.starts, np.full(len(past), np.nan), 7200, "UTC")
    with pytest.raises(ForecastError, match="no whole day with a known number"):
        look_ahead(unknown, DayCalendar(), read_horizon("7d", FIRST + 9), MODELS)


@pytest.mark.parametrize("days", [1, 3, 10])
def test_a_short_history_has_a_forecast_with_bands(days: int) -> None:
    """A day is enough for figures; the choice says that nothing could be compared."""
    outlook = ahead(history(days), "3d")
    low, high = outlook.bounds()
    assert (low <= outlook.calls).all() and (outlook.calls <= high).all()
    assert np.isfinite(high).all()
    assert outlook.choice.name == "weekday-mean"


def test_a_forecast_file_is_a_history_wherever_the_clock_is_turned() -> None:
    """No time twice in March, the hour twice in October."""
    for last, length in (("2024-03-24", 23), ("2024-10-20", 25)):
        every = np.datetime64(last) + np.arange(-20, 1)
        starts = starts_of(every, np.arange(0, 1440, 60), "Europe/Berlin").ravel()
        past = History(starts, np.full(len(starts), 50.0), 3600, "Europe/Berlin")
        stamps = [row["timestamp"] for row in rows(ahead(past, "7d"), Interval(3600))]
        assert len(stamps) == len(set(stamps)) == 6 * 24 + length


def test_times_where_the_clock_is_turned_have_their_offset() -> None:
    """Over the end of March in Berlin rows say which time it is; days are just days."""
    past = history(84, zone="Europe/Berlin")  # to 24 March
    stamps = [row["timestamp"] for row in rows(ahead(past, "14d"), Interval(7200))]
    assert stamps[0] == "2024-03-25 08:00+01:00"
    assert stamps[-1] == "2024-04-07 18:00+02:00"
    assert [row["timestamp"] for row in rows(ahead(past, "14d"), read_interval("week"))] == [
        "2024-03-25",
        "2024-04-01",
    ]
