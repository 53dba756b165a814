"""Adherence: plan beside deed, by person and interval."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from scheduling.adherence import (
    Absent,
    Actual,
    Doing,
    Published,
    Stretch,
    by_interval,
    exceptions,
    excused,
    planned,
    stretches,
)
from scheduling.roster import Assignment, Block, Roster

H = 3600
KINDS: tuple[Doing, ...] = ("phone", "break", "activity", "off")
ONE = Assignment("ann", 0, "D", 540, 480, (Block("meal", 720, 30),), (Block("talk", 840, 60),))
ROSTER = Published(0, Roster((ONE,)))


def test_the_plan_of_a_shift() -> None:
    """Telephone, meal, telephone, meeting, telephone."""
    assert list(planned(ONE)) == [
        (9 * H, 12 * H, "phone"),
        (12 * H, 12 * H + 1800, "break"),
        (12 * H + 1800, 14 * H, "phone"),
        (14 * H, 15 * H, "activity"),
        (15 * H, 17 * H, "phone"),
    ]


def test_a_day() -> None:
    """Ten minutes late, the meal a quarter of an hour too long, home an hour late."""
    done = [
        Actual("ann", "phone", 9 * H + 600, 12 * H),
        Actual("ann", "break", 12 * H, 12 * H + 2700),
        Actual("ann", "phone", 12 * H + 2700, 14 * H),
        Actual("ann", "activity", 14 * H, 15 * H),
        Actual("ann", "phone", 15 * H, 18 * H),
    ]
    found = list(stretches([ROSTER], done, 24 * H, ["ann", "bob"]))
    (day,) = by_interval(found, 24 * H)
    assert (day.scheduled_s, day.adhering_s) == (8 * H, 8 * H - 600 - 900)
    assert day.adherence == (8 * 60 - 25) / (8 * 60)
    assert (day.worked_s, day.to_work_s) == (7 * H + 1800 - 600 - 900 + H, 7 * H + 1800)
    assert [(one.seconds, one.planned, one.actual) for one in exceptions(found)] == [
        (H, "off", "phone"),
        (900, "phone", "break"),
        (600, "phone", "off"),
    ]
    by_hour = by_interval(found, H)
    assert [one.begin_s // H for one in by_hour] == list(range(9, 18))
    assert [one.adhering_s for one in by_hour] == [3000, H, H, 2700, H, H, H, H, 0]
    assert by_hour[-1].adherence is None


def test_a_roster_changed_afterwards() -> None:
    """A new roster published at noon says what holds from noon on, and nothing of the morning."""
    done = [Actual("ann", "phone", 9 * H, 17 * H)]
    free_after_noon = Published(12 * H, Roster())
    found = list(stretches([free_after_noon, ROSTER], done, 24 * H, ["ann"]))
    (day,) = by_interval(found, 24 * H)
    assert (day.scheduled_s, day.adhering_s, day.worked_s) == (3 * H, 3 * H, 8 * H)


def test_a_night() -> None:
    """What is planned past midnight is kept past midnight."""
    night = Published(0, Roster((replace(ONE, start=1320, breaks=(), activities=()),)))
    found = stretches([night], [Actual("ann", "phone", 22 * H, 26 * H)], 48 * H, ["ann"])
    assert [(one.begin_s // H, one.adhering_s) for one in by_interval(found, 24 * H)] == [
        (0, 2 * H),
        (24, 2 * H),
    ]


SPANS = st.lists(
    st.tuples(st.sampled_from(("phone", "break", "activity", "off")), st.integers(0, 20), st.integers(1, 9)),
    max_size=8,
)


@given(SPANS, SPANS)
def test_second_by_second(told: list[tuple[Doing, int, int]], plan: list[tuple[Doing, int, int]]) -> None:
    """The same sums as when every second is looked at by itself; what is told last wins."""
    done = [Actual("ann", doing, begin, begin + length) for doing, begin, length in told]
    versions = [
        Published(at, Roster((Assignment("ann", 0, "D", 0, 1),) if n % 2 else ()))
        for n, (_, at, _) in enumerate(plan)
    ]
    at_work = s_phone = both = 0
    ordered = sorted(versions, key=lambda one: one.from_s)
    for second in range(30):
        holding = [one for one in ordered if one.from_s <= second]
        was = bool(holding and holding[-1].roster.assignments)
        did = next((one.doing for one in reversed(done) if one.begin_s <= second < one.end_s), "off")
        at_work += was
        both += was and did == "phone"
        s_phone += did in ("phone", "activity")
    found = by_interval(stretches(versions, done, 30, ["ann"]), 100)
    assert sum(one.scheduled_s for one in found) == at_work
    assert sum(one.adhering_s for one in found) == both
    assert sum(one.worked_s for one in found) == s_phone


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.integers(1, 20), st.sampled_from(KINDS), st.sampled_from(KINDS))
    ),
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30)), max_size=4),
)
def test_excused_seconds_count_in_no_other_figure(
    parts: list[tuple[int, int, Doing, Doing]], spans: list[tuple[int, int]]
) -> None:
    """Every second stays what it was, counted as before outside the absences and only as excused inside."""
    found, begin = [], 0
    for gap, length, was, did in parts:
        begin += gap
        found.append(Stretch("ann", begin, begin + length, was, did))
        begin += length
    away = [Absent("ann", at, at + lasts) for at, lasts in spans]
    cut = list(excused(found, [*away, Absent("bob", 0, 1000)]))
    by_second = {at: one for one in cut for at in range(one.begin_s, one.end_s)}
    assert sum(one.seconds for one in cut) == sum(one.seconds for one in found) == len(by_second)
    for one in found:
        for at in range(one.begin_s, one.end_s):
            absent = any(span.begin_s <= at < span.end_s for span in away)
            second = by_second[at]
            assert (second.planned, second.actual, second.excused) == (one.planned, one.actual, absent)
    total = sum(one.scheduled_s + one.excused_s for one in by_interval(cut, 60))
    assert total == sum(one.seconds for one in found if one.planned != "off")
    assert all(not one.excused for one in exceptions(cut, 1))
