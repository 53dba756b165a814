"""What changed between two rosters, person by person and day by day, and between two verdicts."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from scheduling.bodies.rosters import (
    RosterBlock,
    RosterChange,
    RosterCover,
    RosterDifference,
    RosterFinding,
    RosterShift,
    RosterVerdict,
)
from scheduling.problem import Problem
from scheduling.roster import Assignment, Block, Roster
from scheduling.verdict import Finding, Verdict, worse
from scheduling.weighing import Cover

MOST_SHOWN = 300
"""Findings that are shown of each sort; nobody reads more."""


def changes_of(problem: Problem, before: Roster, after: Roster) -> list[RosterChange]:
    """Person × day, by day and person: what is otherwise in ``after``, blocks inside shifts included."""
    was = {(one.day, one.person): one for one in before.assignments}
    now = {(one.day, one.person): one for one in after.assignments}
    return [
        RosterChange(
            person=key[1],
            day=problem.date_of(key[0]),
            before=_shown_or_none(problem, was.get(key)),
            after=_shown_or_none(problem, now.get(key)),
        )
        for key in sorted({*was, *now})
        if was.get(key) != now.get(key)
    ]


def kept(changes: Iterable[RosterChange]) -> list[dict[str, Any]]:
    """Changes as a column keeps them."""
    return [one.model_dump(mode="json") for one in changes]


def shown(problem: Problem, one: Assignment) -> RosterShift:
    """An assignment with its date."""
    return RosterShift(
        person=one.person,
        day=problem.date_of(one.day),
        shift=one.shift,
        start=one.start,
        length=one.length,
        breaks=blocks(one.breaks),
        activities=blocks(one.activities),
        duties=blocks(one.duties),
    )


def unshown(day: int, kept: Mapping[str, Any]) -> Assignment:
    """The assignment of a shift as a column keeps it."""
    inside = {
        name: tuple(Block(one["name"], one["start"], one["minutes"]) for one in kept[name])
        for name in ("breaks", "activities", "duties")
    }
    return Assignment(kept["person"], day, kept["shift"], kept["start"], kept["length"], **inside)


def shown_roster(problem: Problem, roster: Roster) -> list[RosterShift]:
    """A roster by day and person."""
    ordered = sorted(roster.assignments, key=lambda one: (one.day, one.person))
    return [shown(problem, one) for one in ordered]


def blocks(held: Iterable[Block]) -> list[RosterBlock]:
    """Blocks as they are shown."""
    return [RosterBlock(name=one.name, start=one.start, minutes=one.minutes) for one in held]


def cover_shown(problem: Problem, covers: Iterable[Cover]) -> list[RosterCover]:
    """People on the days something is about, with the dates and the shifts' names."""
    shifts = {one.id: one.name or one.id for one in problem.shifts}
    return [
        RosterCover(
            day=problem.date_of(one.day),
            what=one.what,
            name=shifts.get(one.name, one.name) if one.what == "shift" else one.name,
            interval_minutes=problem.interval_minutes,
            required=list(one.required),
            before=list(one.before),
            after=list(one.after),
        )
        for one in covers
    ]


def _shown_or_none(problem: Problem, one: Assignment | None) -> RosterShift | None:
    return None if one is None else shown(problem, one)


# ------------------------------------------------------------------ verdicts


def finding(problem: Problem, one: Finding) -> RosterFinding:
    """A finding with its date."""
    return RosterFinding(
        rule=one.rule,
        words=one.words,
        person=one.person,
        day=None if one.day is None else problem.start + timedelta(days=one.day),
        cost=one.cost,
        hard=one.hard,
        amount=one.amount,
        name=one.name,
        minute=one.minute,
    )


def verdict_shown(problem: Problem, verdict: Verdict) -> RosterVerdict:
    """A verdict: all hard violations, the dearest of the rest, and sums."""
    soft = sorted((one for one in verdict.findings if not one.hard and one.cost), key=lambda one: -one.cost)
    return RosterVerdict(
        legal=verdict.legal,
        cost=verdict.cost,
        violations=[finding(problem, one) for one in verdict.violations],
        findings=[finding(problem, one) for one in soft[:MOST_SHOWN]],
        costs_by_rule=verdict.costs_by_rule(),
        costs_by_person=verdict.costs_by_person(),
    )


def difference(problem: Problem, before: Verdict, after: Verdict) -> RosterDifference:
    """What comes up and what goes away between two verdicts of rosters of one problem."""
    come, gone = worse(before, after), worse(after, before)
    return RosterDifference(
        legal=after.legal,
        cost=after.cost - before.cost,
        cost_before=before.cost,
        cost_after=after.cost,
        broken=_first(problem, come, hard=True),
        mended=_first(problem, gone, hard=True),
        dearer=_first(problem, come, hard=False),
        cheaper=_first(problem, gone, hard=False),
    )


def _first(problem: Problem, found: list[Finding], hard: bool) -> list[RosterFinding]:
    sort = sorted((one for one in found if one.hard == hard), key=lambda one: -one.cost)
    return [finding(problem, one) for one in sort[:MOST_SHOWN]]
