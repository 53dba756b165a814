"""Cleaning finds what went wrong, leaves what the calendar explains, and keeps the raw data."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from forecasting.calendar import DayCalendar, Event, SpecialDay
from forecasting.cleaning import METHODS, Decision, Finding, apply, clean
from forecasting.cleaning.applying import touched
from forecasting.cleaning.findings import EXPLAINED
from forecasting.days import grid_of, starts_of
from forecasting.files import Repeated
from forecasting.history import History
from forecasting.sample import BANK, Sample, SampleQueue, campaigns, generate
from forecasting.sample_faults import Injected, inject

ZONE = "Asia/Shanghai"
FIRST = date(2024, 3, 4)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.WARNING)  # years that are not published yet are told in the log
    yield
    logging.disable(logging.NOTSET)


def plain(days: int = 84, calls: float = 3000.0, seed: int = 5, **how: Any) -> History:
    """A queue without holidays, whose days are calm."""
    queue = SampleQueue("q", calls, yearly=0.0, trend=0.0)
    sample = Sample(FIRST, days, queues=(queue,), calendar=DayCalendar(), **{"level_noise": 0.02, **how})
    return generate(sample, np.random.default_rng(seed))["q"]


def at(day: int, hour: float) -> int:
    """UTC seconds of a time on a day of the history."""
    midnight = starts_of(np.array([np.datetime64(FIRST) + day]), np.array([0]), ZONE)[0, 0]
    return int(midnight + hour * 3600)


def changed(history: History, begin: int, end: int, factor: float) -> History:
    """The history with the calls of a time multiplied."""
    here = (history.starts >= begin) & (history.starts < end)
    return replace(history, calls=np.where(here, np.round(history.calls * factor), history.calls))


def strange(history: History, calendar: DayCalendar | None = None, **how: Any) -> list[Finding]:
    """What is found and not explained."""
    return [one for one in clean(history, calendar, **how) if one.kind not in EXPLAINED]


def same(finding: Finding, truth: Injected) -> bool:
    """Whether a finding is that: half of the longer of both is shared."""
    shared = min(finding.end, truth.end) - max(finding.start, truth.start)
    return shared >= 0.5 * max(finding.end - finding.start, truth.end - truth.start)


# ------------------------------------------------------------------ the promise


def test_nine_of_ten_are_found_and_nine_of_ten_found_are_true() -> None:
    """Spikes, outages and level shifts in a bank's queues with holidays and campaigns, over several seeds."""
    found = true = wanted = got = 0
    by_kind: dict[str, list[bool]] = {}
    for seed in range(3):
        rng = np.random.default_rng(seed)
        calendar = DayCalendar("CN", events=campaigns(FIRST, 350, rng))
        queue = BANK[seed % len(BANK)]
        good = generate(Sample(FIRST, 350, queues=(queue,), calendar=calendar), rng)[queue.name]
        broken, truth = inject(good, rng, spikes=8, outages=6, shifts=2)
        findings = strange(broken, calendar)
        found += len(findings)
        true += sum(any(same(one, other) for other in truth) for one in findings)
        wanted += len(truth)
        got += sum(any(same(one, other) for one in findings) for other in truth)
        for other in truth:
            by_kind.setdefault(other.kind, []).append(any(same(one, other) for one in findings))
    assert true / found >= 0.9
    assert got / wanted >= 0.9
    assert all(sum(hits) / len(hits) >= 0.85 for hits in by_kind.values())


def test_a_good_history_has_next_to_nothing_strange() -> None:
    """A year and a half of a bank, 26,000 intervals: at most one finding, and it is not sure."""
    rng = np.random.default_rng(7)
    calendar = DayCalendar("CN", events=campaigns(FIRST, 540, rng))
    for history in generate(Sample(FIRST, 540, queues=BANK[:1], calendar=calendar), rng).values():
        findings = strange(history, calendar)
        assert len(findings) <= 1
        assert all(one.sure < 0.9 for one in findings)


# ------------------------------------------------------------------ kinds


def test_an_outage() -> None:
    """Three hours of silence are one finding by two methods, replaced by the usual calls."""
    good = plain()
    begin, end = at(40, 9), at(40, 12)
    broken = changed(good, begin, end, 0.0)
    (one,) = strange(broken)
    assert (one.kind, one.start, one.end, one.action, one.calls) == ("outage", begin, end, "replace", 0)
    assert set(one.methods) == {"outages", "residuals"}
    assert one.sure > 0.95
    inside = (good.starts >= begin) & (good.starts < end)
    assert apply(broken, [one]).calls[inside].sum() == pytest.approx(good.calls[inside].sum(), rel=0.15)


def test_a_collapse_that_leaves_some_calls() -> None:
    """A tenth of the calls through a night and a morning: one finding across midnight."""
    begin, end = at(40, 20), at(41, 11)
    (one,) = [f for f in strange(changed(plain(), begin, end, 0.1)) if f.kind == "outage"]
    assert abs(one.start - begin) <= 3600
    assert abs(one.end - end) <= 3600


def test_a_day_low_from_beginning_to_end_is_told_and_left() -> None:
    """It may be a holiday that nobody wrote down; a silent one is an outage all the same."""
    low = [f for f in strange(changed(plain(), at(38, 0), at(39, 0), 0.25)) if f.kind != "unusual_day"]
    assert {(one.kind, one.action) for one in low} == {("outage", "leave")}
    assert "the calendar should know the day" in low[0].note
    silent = [f for f in strange(changed(plain(), at(38, 0), at(39, 0), 0.0)) if f.kind == "outage"]
    assert [one.action for one in silent] == ["replace"]


def test_a_quiet_night_is_no_outage() -> None:
    """Of a small queue, where whole hours have no call."""
    assert strange(plain(calls=120.0)) == []


def test_a_spike() -> None:
    """One interval with three times the calls: its row is replaced, what was measured besides is not."""
    broken = changed(plain(), at(33, 14), at(33, 14.5), 3.0)
    (one,) = strange(broken)
    assert (one.kind, one.start, one.end) == ("spike", at(33, 14), at(33, 14.5))
    assert set(one.methods) == {"residuals", "spikes"}
    ((start, value),) = one.values
    place = int(np.searchsorted(broken.starts, start))
    clean_one = apply(broken, [one])
    assert clean_one.calls[place] == value
    assert np.isnan(clean_one.measures["abandoned"][place])
    assert clean_one.measures["aht_s"][place] == broken.measures["aht_s"][place]


def test_a_busy_day_is_no_spike_but_an_unusual_day() -> None:
    """It is told and left: perhaps something happened that the calendar should know."""
    (one,) = strange(changed(plain(), at(45, 0), at(46, 0), 1.5))
    assert (one.kind, one.action) == ("unusual_day", "leave")
    assert one.calls / one.expected == pytest.approx(1.5, rel=0.1)


@pytest.mark.parametrize("factor", [0.6, 1.5])
def test_a_level_shift_for_three_weeks(factor: float) -> None:
    """One finding from its first to its last day, adjusted by its factor."""
    begin, end = at(35, 0), at(56, 0)
    good = plain(112, level_noise=0.0)
    broken = changed(good, begin, end, factor)
    (one,) = strange(broken)
    assert (one.kind, one.start, one.end, one.action) == ("level_shift", begin, end, "adjust")
    assert one.factor == pytest.approx(1 / factor, rel=0.06)
    healed = grid_of(apply(broken, [one])).totals
    np.testing.assert_allclose(healed[35:56], grid_of(good).totals[35:56], rtol=0.08)


def test_a_level_that_stays_is_told_and_left() -> None:
    """Nobody knows whether it is a fault or the future; an outage at the new level is found all the same."""
    broken = changed(plain(112), at(70, 0), at(112, 0), 1.6)
    broken = changed(broken, at(90, 13), at(90, 16), 0.0)
    shift, outage = strange(broken)
    assert (shift.kind, shift.start, shift.action) == ("level_shift", at(70, 0), "leave")
    assert "forecasts follow the newest days" in shift.note
    assert (outage.kind, outage.start) == ("outage", at(90, 13))
    expected = outage.expected / 1.6
    usual = grid_of(plain(112)).values[:70]
    hours = slice(26, 32)
    assert expected == pytest.approx(float(np.median(usual[6::7, hours].sum(axis=1))), rel=0.15)


def test_missing_intervals_are_put_in() -> None:
    """An hour without rows on a day that has others; unknown figures count as missing too."""
    good = plain()
    gone = (good.starts >= at(50, 10)) & (good.starts < at(50, 11))
    kept = replace(
        good,
        starts=good.starts[~gone],
        calls=good.calls[~gone],
        measures={name: values[~gone] for name, values in good.measures.items()},
    )
    unknown = int(np.searchsorted(kept.starts, at(60, 9)))
    kept.calls[unknown] = np.nan
    first, second = strange(kept)
    assert (first.kind, first.start, first.end, len(first.values)) == ("missing", at(50, 10), at(50, 11), 2)
    assert (second.kind, second.start) == ("missing", at(60, 9))
    whole = apply(kept, [first, second])
    assert whole.starts.tolist() == good.starts.tolist()
    assert not np.isnan(whole.calls).any()
    assert whole.calls[gone].sum() == pytest.approx(good.calls[gone].sum(), rel=0.2)


@pytest.mark.parametrize("unknown", [False, True])
def test_the_rest_of_a_day_that_is_not_over_is_not_missing(unknown: bool) -> None:
    """Whether its intervals are not there or not known; a gap in its morning is missing all the same."""
    good = plain()
    end, gone = at(83, 11.5), (good.starts >= at(83, 9)) & (good.starts < at(83, 10))
    kept = (good.starts < end) & ~gone
    short = replace(good, starts=good.starts[kept], calls=good.calls[kept], measures={})
    if unknown:
        short = replace(good, calls=np.where(kept, good.calls, np.nan))
    (one,) = [finding for finding in strange(short) if finding.kind == "missing"]
    assert (one.start, one.end) == (at(83, 9), at(83, 10))
    cleaned = apply(short, strange(short))
    assert cleaned.starts[~np.isnan(cleaned.calls)][-1] == end - 1800


def test_a_missing_day_is_told_and_left() -> None:
    """Unless the calendar says why, or its weekday is mostly absent."""
    good = plain()
    day = (good.starts >= at(37, 0)) & (good.starts < at(38, 0))
    kept = replace(good, starts=good.starts[~day], calls=good.calls[~day], measures={})
    (one,) = strange(kept)
    assert (one.kind, one.action, one.start) == ("missing", "leave", at(37, 0))
    assert apply(kept, [one]).starts.tolist() == kept.starts.tolist()
    closed = DayCalendar(special=(SpecialDay(date(2024, 4, 10), "closed"),))
    assert [f for f in strange(kept, closed) if f.kind == "missing"] == []
    workdays = generate(Sample(FIRST, 84, queues=(replace(BANK[1], yearly=0.0),)), np.random.default_rng(3))
    assert [f for f in strange(workdays["business"], DayCalendar("CN")) if f.kind == "missing"] == []


def test_the_hour_that_never_comes_is_not_missing() -> None:
    """Berlin, 31 March 2024."""
    sample = Sample(FIRST, 84, zone="Europe/Berlin", queues=BANK[:1], calendar=DayCalendar())
    found = strange(generate(sample, np.random.default_rng(4))["personal"])
    assert [one for one in found if one.kind == "missing"] == []


def test_a_copied_day() -> None:
    """Every interval as the Tuesday before: no such thing happens by chance."""
    good = plain()
    calls = good.calls.copy()
    calls[43 * 48 : 44 * 48] = calls[36 * 48 : 37 * 48]
    (one,) = strange(replace(good, calls=calls))
    assert (one.kind, one.start, one.end, one.action) == ("duplicate", at(43, 0), at(44, 0), "replace")


def test_rows_that_came_twice() -> None:
    """The one nearest to the usual is taken; rows that say the same need nothing."""
    good = plain()
    place = int(np.searchsorted(good.starts, at(43, 10)))
    true = float(good.calls[place])
    good.calls[place] = true + 40
    twice = Repeated("q", at(43, 10), (5, 9), (true + 40, true))
    alike = Repeated("q", at(43, 12), (7, 11), (3.0, 3.0))
    one, other = [f for f in strange(good, repeated=[twice, alike]) if f.kind == "duplicate"]
    assert (one.action, one.values) == ("replace", ((at(43, 10), true),))
    assert one.sure > 0.99
    assert one.note == f"{true + 40:g} (row 5), {true:g} (row 9)"
    assert other.action == "leave"
    assert apply(good, [one]).calls[place] == true


def test_holidays_and_events_are_told_and_left() -> None:
    """A golden week and a campaign in the calendar; without it they are strange."""
    event = Event("campaign", date(2024, 4, 15), date(2024, 4, 19))
    calendar = DayCalendar("CN", events=(event,))
    queue = replace(BANK[0], yearly=0.0)
    good = generate(Sample(FIRST, 112, queues=(queue,), calendar=calendar), np.random.default_rng(8))[
        "personal"
    ]
    findings = clean(good, calendar)
    told = {(one.kind, one.note): one for one in findings if one.kind in EXPLAINED}
    assert {("holiday", "Labour Day"), ("event", "campaign")} <= set(told)
    assert told["holiday", "Labour Day"].calls < 0.8 * told["holiday", "Labour Day"].expected
    assert told["event", "campaign"].calls > 1.15 * told["event", "campaign"].expected
    assert all(one.action == "leave" for one in told.values())
    assert [one for one in findings if one.kind not in EXPLAINED] == []
    assert apply(good, findings).calls.tolist() == good.calls.tolist()
    assert strange(good, DayCalendar()) != []


# ------------------------------------------------------------------ decisions


def broken_twice() -> tuple[History, list[Finding]]:
    """A history with an outage and a shift, and what is found."""
    broken = changed(plain(112), at(20, 9), at(20, 12), 0.0)
    broken = changed(broken, at(50, 0), at(71, 0), 1.5)
    return broken, strange(broken)


def test_a_planner_may_undo_change_and_accept() -> None:
    """The latest word counts; what nobody decides on is done as proposed."""
    broken, (outage, shift) = broken_twice()
    inside = (broken.starts >= outage.start) & (broken.starts < outage.end)
    shifted = (broken.starts >= shift.start) & (broken.starts < shift.end)
    undone = apply(broken, [outage, shift], [Decision(outage.id, "undo", author="li", reason="it was so")])
    assert undone.calls[inside].tolist() == broken.calls[inside].tolist()
    assert undone.calls[shifted].sum() < 0.8 * broken.calls[shifted].sum()
    seven = tuple((start, 7.0) for start, _ in outage.values)
    change = Decision(outage.id, "change", "replace", values=seven)
    assert set(apply(broken, [outage, shift], [Decision(outage.id, "undo"), change]).calls[inside]) == {7}
    half = apply(broken, [outage, shift], [Decision(shift.id, "change", "adjust", factor=0.5)])
    np.testing.assert_allclose(half.calls[shifted], broken.calls[shifted] / 2)
    np.testing.assert_allclose(half.measures["answered"][shifted], broken.measures["answered"][shifted] / 2)
    accepted = apply(broken, [outage, shift], [Decision(outage.id, "accept")], sure=1.0)
    assert accepted.calls[inside].tolist() == [value for _, value in outage.values]
    assert accepted.calls[shifted].tolist() == broken.calls[shifted].tolist()


def test_the_raw_history_stays() -> None:
    """Whatever is applied."""
    broken, findings = broken_twice()
    before = broken.calls.copy(), {name: values.copy() for name, values in broken.measures.items()}
    made = apply(broken, findings)
    assert made is not broken
    np.testing.assert_array_equal(broken.calls, before[0])
    for name, values in before[1].items():
        np.testing.assert_array_equal(broken.measures[name], values)


def test_marked_intervals() -> None:
    """Those that a finding replaces or adjusts."""
    broken, (outage, shift) = broken_twice()
    marked = touched(broken, [outage, replace(shift, action="leave")])
    assert marked.sum() == len(outage.values) == 6
    assert touched(broken, [shift]).sum() == 21 * 48


def test_findings_of_other_queues_are_passed_over() -> None:
    """Two queues in one file of findings."""
    broken, findings = broken_twice()
    others = [replace(one, queue="other") for one in findings]
    assert apply(broken, others).calls.tolist() == broken.calls.tolist()


def test_names_stay_and_each_is_one() -> None:
    """Cleaning again gives the same names; two events that begin together have two."""
    broken, findings = broken_twice()
    assert [one.id for one in strange(broken)] == [one.id for one in findings]
    day = date(2024, 4, 15)
    both = DayCalendar(events=(Event("a", day, day), Event("b", day, day), Event("c", day, day, effect=1.1)))
    names = [one.id for one in clean(plain(), both)]
    assert len(names) == len(set(names)) == 3


def test_findings_as_plain_data() -> None:
    """There and back; what is none is refused."""
    _, findings = broken_twice()
    for one in findings:
        back = Finding.from_dict(one.as_dict(ZONE))
        assert (back.id, back.kind, back.start, back.end, back.action) == (
            one.id,
            one.kind,
            one.start,
            one.end,
            one.action,
        )
        assert back.values == one.values
        assert back.factor == pytest.approx(one.factor, abs=1e-6)
    good = findings[0].as_dict(ZONE)
    for wrong in ({"kind": "mood"}, {"action": "burn"}, {"from": "2024-03-04T00:00"}, {"values": [1]}):
        with pytest.raises(ValueError):
            Finding.from_dict({**good, **wrong})
    with pytest.raises(ValueError, match="no finding"):
        Finding.from_dict({})


# ------------------------------------------------------------------ strange histories


def of(calls: list[float], interval_s: int = 86_400) -> History:
    """A history of these calls."""
    starts = at(0, 0) + np.arange(len(calls), dtype=np.int64) * interval_s
    return History(starts, np.array(calls, dtype=np.float64), interval_s, ZONE, {}, "q")


@pytest.mark.parametrize(
    "history",
    [
        of([]),
        of([5.0]),
        of([float("nan")] * 10),
        of([0.0] * 100),
        of([7.0] * 100),
        of([7.0] * 2000, 1800),
        of([0.0] * 2000, 1800),
        of([float("nan"), 3.0] * 40),
    ],
    ids=["none", "one", "unknown", "zeros by day", "constant by day", "constant", "zeros", "half unknown"],
)
def test_histories_without_anything_strange(history: History) -> None:
    """Nothing is found in nothing, and nothing fails."""
    assert [one for one in strange(history) if one.kind not in ("missing", "duplicate")] == []


def test_a_history_of_holidays_alone() -> None:
    """There is nothing to compare with."""
    week = generate(Sample(date(2024, 2, 10), 8, queues=BANK[:1]), np.random.default_rng(1))["personal"]
    findings = clean(week, DayCalendar("CN"))
    assert {one.kind for one in findings} <= {"holiday"}


def test_days_alone() -> None:
    """Daily data: a day without calls, a day with twice as many, weeks on another level."""
    rng = np.random.default_rng(2)
    week = np.array([500, 480, 470, 475, 490, 300, 250])
    calls = rng.poisson(np.tile(week, 30)).astype(float)
    calls[50], calls[93] = 0, calls[93] * 2
    calls[150:175] = np.round(calls[150:175] * 1.5)
    found = {(one.kind, (one.start - at(0, 0)) // 86_400) for one in strange(of(calls.tolist()))}
    assert ("outage", 50) in found
    assert ("spike", 93) in found
    assert ("level_shift", 150) in found
    assert len(found) == 3


def test_every_method_is_named() -> None:
    """What the columns of the table are."""
    assert len(set(METHODS)) == len(METHODS) == 7
