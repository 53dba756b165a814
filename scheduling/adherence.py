"""Adherence (遵时度): what people were to do and what they did, in minutes, by person and interval.

Time is whole seconds from 00:00 of the roster's first day. Somebody adheres while the kind of thing they do
is the kind they are planned for. What they were planned for is what the roster said *at that moment*: a
roster published afterwards changes nothing that lies behind it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import pairwise
from typing import Final, Literal

from scheduling.roster import Assignment, Roster
from scheduling.shifts import DAY

Doing = Literal["phone", "break", "activity", "off"]
"""On the telephone or ready for it; in a break; in training or a meeting; not at work."""

DAY_S: Final = DAY * 60


@dataclass(frozen=True, slots=True)
class Actual:
    """What a person did from ``begin_s`` until ``end_s``; where nothing is told they were off."""

    person: str
    doing: Doing
    begin_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class Absent:
    """A while somebody was excused, such as by illness, whatever the roster says."""

    person: str
    begin_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class Published:
    """A roster and when it began to hold; until the next one does."""

    from_s: int
    roster: Roster


@dataclass(frozen=True, slots=True)
class Stretch:
    """A while in which plan and deed stay what they are; ``excused``: neither counts."""

    person: str
    begin_s: int
    end_s: int
    planned: Doing
    actual: Doing
    excused: bool = False

    @property
    def seconds(self) -> int:
        return self.end_s - self.begin_s

    @property
    def adheres(self) -> bool:
        return self.excused or self.planned == self.actual


@dataclass(frozen=True, slots=True)
class Adherence:
    """Seconds of a person in an interval (``begin_s`` is where it begins).

    ``scheduled_s`` are those they were planned to be at work (breaks included), ``adhering_s`` those of them
    in which they did what was planned, ``worked_s`` those they were on the telephone or in an activity,
    planned or not, ``to_work_s`` those they were planned to be. ``excused_s`` are those they were planned to
    be at work and excused; they are in no other figure.
    """

    person: str
    begin_s: int
    scheduled_s: int
    adhering_s: int
    worked_s: int
    to_work_s: int
    excused_s: int = 0

    @property
    def adherence(self) -> float | None:
        """Share of the scheduled time in which the plan was kept; None if nothing was scheduled."""
        return self.adhering_s / self.scheduled_s if self.scheduled_s else None

    @property
    def conformance(self) -> float | None:
        """Time worked by time planned to be worked, whenever it was; None if nothing was planned."""
        return self.worked_s / self.to_work_s if self.to_work_s else None


def planned(one: Assignment) -> Iterator[tuple[int, int, Doing]]:
    """An assignment as stretches of (begin, end, what), in seconds; breaks go before activities."""
    midnight = one.day * DAY
    marks: list[tuple[int, int, Doing]] = [
        *((block.start, block.end, "break") for block in one.breaks),
        *((block.start, block.end, "activity") for block in one.activities),
    ]
    edges = sorted(
        {one.start, one.end, *(edge for mark in marks for edge in mark[:2] if one.start < edge < one.end)}
    )
    for begin, end in pairwise(edges):
        doing: Doing = next((mark[2] for mark in marks if mark[0] <= begin and end <= mark[1]), "phone")
        yield (midnight + begin) * 60, (midnight + end) * 60, doing


def stretches(
    published: Sequence[Published], actual: Iterable[Actual], until_s: int, people: Sequence[str]
) -> Iterator[Stretch]:
    """Plan beside deed for each person, from the first second of the period until ``until_s``.

    What was told twice counts as told last; while nobody was planned and nobody there, there is no stretch.
    """
    by_person: dict[str, list[Actual]] = {person: [] for person in people}
    for one in actual:
        if one.person in by_person:
            by_person[one.person].append(one)
    plans = _plans(published, until_s, people)
    for person in people:
        plan = plans[person]
        deeds = [(one.begin_s, one.end_s, one.doing) for one in by_person[person]]
        edges = {0, until_s}.union(*(one[:2] for one in (*plan, *deeds)))
        inside = sorted(edge for edge in edges if 0 <= edge <= until_s)
        was, did = _along(plan, inside), _along(deeds, inside)
        for place, (begin, end) in enumerate(pairwise(inside)):
            if was[place] != "off" or did[place] != "off":
                yield Stretch(person, begin, end, was[place], did[place])


def _plans(
    published: Sequence[Published], until_s: int, people: Sequence[str]
) -> Mapping[str, list[tuple[int, int, Doing]]]:
    """What everybody was planned for, cut where one roster took over from another."""
    plans: dict[str, list[tuple[int, int, Doing]]] = {person: [] for person in people}
    ordered = sorted(published, key=lambda one: one.from_s)
    for place, version in enumerate(ordered):
        ends = ordered[place + 1].from_s if place + 1 < len(ordered) else until_s
        for one in version.roster.assignments:
            midnight_s = one.day * DAY_S
            holds = version.from_s < midnight_s + one.end * 60 and midnight_s + one.start * 60 < ends
            if holds and one.person in plans:
                for begin, end, doing in planned(one):
                    begin, end = max(begin, version.from_s), min(end, ends, until_s)
                    if begin < end:
                        plans[one.person].append((begin, end, doing))
    return plans


def _along(spans: Sequence[tuple[int, int, Doing]], seconds: Sequence[int]) -> list[Doing]:
    """What holds at each of these seconds, which ascend: of spans that overlap the one told last."""
    begins = sorted(range(len(spans)), key=lambda place: spans[place][0], reverse=True)
    open_: list[int] = []  # a heap of the spans that have begun, the one told last on top
    found: list[Doing] = []
    for second in seconds:
        while begins and spans[begins[-1]][0] <= second:
            heappush(open_, -begins.pop())
        while open_ and spans[-open_[0]][1] <= second:
            heappop(open_)
        found.append(spans[-open_[0]][2] if open_ else "off")
    return found


def excused(found: Iterable[Stretch], absences: Iterable[Absent]) -> Iterator[Stretch]:
    """The stretches, cut where absences begin and end; those inside one are excused."""
    spans: dict[str, list[Absent]] = defaultdict(list)
    for absence in absences:
        spans[absence.person].append(absence)
    for one in found:
        known = spans.get(one.person)
        if known is None:
            yield one
            continue
        mine = [span for span in known if span.begin_s < one.end_s and one.begin_s < span.end_s]
        edges = {one.begin_s, one.end_s, *(edge for span in mine for edge in (span.begin_s, span.end_s))}
        for begin, end in pairwise(sorted(edge for edge in edges if one.begin_s <= edge <= one.end_s)):
            away = any(span.begin_s <= begin and end <= span.end_s for span in mine)
            yield replace(one, begin_s=begin, end_s=end, excused=away)


def by_interval(found: Iterable[Stretch], interval_s: int) -> list[Adherence]:
    """The figures of each person and interval in which something was planned or done, in order."""
    sums: dict[tuple[str, int], list[int]] = {}
    for one in found:
        for begin in range(one.begin_s // interval_s * interval_s, one.end_s, interval_s):
            seconds = min(one.end_s, begin + interval_s) - max(one.begin_s, begin)
            total = sums.setdefault((one.person, begin), [0, 0, 0, 0, 0])
            scheduled = one.planned != "off"
            if one.excused:
                total[4] += seconds * scheduled
                continue
            total[0] += seconds * scheduled
            total[1] += seconds * (scheduled and one.adheres)
            total[2] += seconds * (one.actual in ("phone", "activity"))
            total[3] += seconds * (one.planned in ("phone", "activity"))
    return [Adherence(person, begin, *total) for (person, begin), total in sorted(sums.items())]


def exceptions(found: Iterable[Stretch], least_s: int = 60) -> list[Stretch]:
    """Where somebody did not do as planned for at least ``least_s`` seconds on end, the longest first."""
    return sorted(
        (one for one in found if not one.adheres and one.seconds >= least_s),
        key=lambda one: (-one.seconds, one.person, one.begin_s),
    )
