"""Hard rules that no roster can keep, as far as they can be seen without searching.

Only sure contradictions are told: a problem that passes may still have no roster; which rules clash then, the
solver says.
"""

from collections.abc import Iterator
from itertools import pairwise

from scheduling.people import Contract, Fixed, Person
from scheduling.problem import DAY, Fault, Problem, Rule, Shift
from scheduling.rules import (
    AverageHours,
    BreakDue,
    ConsecutiveDays,
    ConsecutiveDaysOff,
    DailyOvertime,
    Rest,
    RestDays,
    ShiftCount,
    Succession,
)


def contradictions(problem: Problem) -> Iterator[Fault]:
    """Contradictions of a problem whose shapes are right."""
    rules: dict[str, list[tuple[str, Rule]]] = {one.id: [] for one in problem.people}
    for place, rule in enumerate(problem.rules):
        if rule.weight is None:
            for person in problem.concerned(rule.who):
                rules[person.id].append((f"rules[{place}]", rule))
    told: set[str] = set()
    for place, person in enumerate(problem.people):
        path = f"people[{place}]"
        mine = rules[person.id]
        yield from _away(path, person, problem)
        yield from _fixed(path, person, mine, problem)
        for fault in _ranges(person, mine, problem):
            if fault.reason not in told:  # a rule for everybody is told once
                told.add(fault.reason)
                yield fault
        yield from _owed(path, person, mine, problem)
    yield from _breaks_due(problem)
    yield from _activities(problem)


# ------------------------------------------------------------------ what is fixed


def _times(fixed: Fixed, problem: Problem) -> tuple[int, int]:
    """The latest begin and earliest end of a fixed shift, in minutes of the period."""
    shift = problem.shift(fixed.shift)
    starts = shift.starts if fixed.start is None else (fixed.start,)
    length = shift.lengths[0] if fixed.length is None else fixed.length
    return fixed.day * DAY + starts[-1], fixed.day * DAY + starts[0] + length


def _away(path: str, person: Person, problem: Problem) -> Iterator[Fault]:
    for place, fixed in enumerate(person.fixed):
        if not fixed.shift:
            continue
        begin, end = _times(fixed, problem)
        for away in person.away:
            if away.start < end and begin < away.end:
                why = f" ({away.reason})" if away.reason else ""
                yield Fault(
                    f"{path}.fixed[{place}]",
                    f"{person.id!r} is fixed to {fixed.shift!r} on day {fixed.day}, but away from minute "
                    f"{away.start} to {away.end}{why}",
                )


def _fixed(path: str, person: Person, rules: list[tuple[str, Rule]], problem: Problem) -> Iterator[Fault]:
    worked = sorted((one for one in person.fixed if one.shift), key=lambda one: one.day)
    where = {one.day: place for place, one in enumerate(person.fixed)}
    for one, after in pairwise(worked):
        begin, end = _times(after, problem)[0], _times(one, problem)[1]
        place = f"{path}.fixed[{where[after.day]}]"
        both = f"{one.shift!r} on day {one.day} and {after.shift!r} on day {after.day}"
        if begin < end:
            yield Fault(place, f"{person.id!r} is fixed to {both}, which overlap")
        for rule_path, rule in rules:
            if isinstance(rule, Rest) and begin - end < rule.least_minutes:
                yield Fault(
                    place,
                    f"{person.id!r} is fixed to {both} with {begin - end} minutes between them; "
                    f"{rule_path} (rest) asks for {rule.least_minutes}",
                )
            if isinstance(rule, Succession) and after.day == one.day + 1:
                first, then = problem.shifts_named(rule.first), problem.shifts_named(rule.then)
                if one.shift in first and after.shift in then:
                    yield Fault(
                        place, f"{person.id!r} is fixed to {both}, which {rule_path} (succession) forbids"
                    )


# ------------------------------------------------------------------ what is owed


def _ranges(person: Person, rules: list[tuple[str, Rule]], problem: Problem) -> Iterator[Fault]:
    """Two rules of one family, over the same shifts, of which one asks for more than the other allows."""
    for kind in (ConsecutiveDays, ConsecutiveDaysOff, ShiftCount):
        same = [(path, rule) for path, rule in rules if isinstance(rule, kind)]
        for least_path, least in same:
            for most_path, most in same:
                if most.most is None or least.least <= most.most or least is most:
                    continue
                if _over(least, problem) == _over(most, problem):
                    yield Fault(
                        least_path,
                        f"{least.rule} of at least {least.least} contradicts {most_path}, at most "
                        f"{most.most}; both are hard and for {person.id!r}",
                    )


def _over(rule: Rule, problem: Problem) -> object:
    """What a count is over: which shifts, and per what."""
    if isinstance(rule, ConsecutiveDays):
        return problem.shifts_named(rule.shifts)
    if isinstance(rule, ShiftCount):
        return problem.shifts_named(rule.shifts), rule.per
    return None


def _owed(path: str, person: Person, rules: list[tuple[str, Rule]], problem: Problem) -> Iterator[Fault]:
    """A hard contract that owes more than can be worked, by simple sums."""
    contract = next((one for one in problem.contracts if one.id == person.contract), None)
    if contract is None or contract.weight is not None:
        return
    longest, why = _longest_day(person, contract, rules, problem)
    if contract.day_least is not None and contract.day_least > longest:
        yield Fault(
            f"{path}.contract",
            f"{contract.id!r} owes {contract.day_least} minutes on a working day; {person.id!r} can work at "
            f"most {longest} ({why})",
        )
    off = {one.day for one in person.leave} | {one.day for one in person.fixed if not one.shift}
    open_days = [day for day in range(problem.days) if day not in off]
    days, reason = len(open_days), f"{len(open_days)} of {problem.days} days are open"
    for rule_path, rule in rules:
        if isinstance(rule, RestDays):
            can = problem.days - problem.days // rule.days * rule.least
            if can < days:
                days, reason = can, f"{rule_path} (rest_days) leaves {can} of {problem.days} days"
    if contract.period_least is not None:
        owed = contract.period_least - sum(one.minutes for one in person.leave)
        limits = [(days * longest, f"{reason}, {longest} minutes each: {why}")]
        for rule_path, rule in rules:
            if isinstance(rule, AverageHours) and not rule.over_days:
                limits.append(
                    (
                        rule.most_minutes_a_week * problem.days // 7,
                        f"{rule_path} (average_hours) allows {rule.most_minutes_a_week} a week",
                    )
                )
        most, reason = min(limits)
        if owed > most:
            yield Fault(
                f"{path}.contract",
                f"{contract.id!r} owes {owed} minutes in the period; {person.id!r} can work at most "
                f"{most} ({reason})",
            )
    if contract.week_least is not None:
        credit = {one.day: one.minutes for one in person.leave}
        for monday in range((-problem.weekday(0)) % 7, problem.days - 6, 7):
            week = range(monday, monday + 7)
            open_in_week = sum(day not in off for day in week)
            owed = contract.week_least - sum(credit.get(day, 0) for day in week)
            if owed > open_in_week * longest:
                yield Fault(
                    f"{path}.contract",
                    f"{contract.id!r} owes {owed} minutes in the week from day {monday}; {person.id!r} can "
                    f"work at most {open_in_week * longest} ({open_in_week} days open, {longest} minutes "
                    f"each: {why})",
                )
                return


def _longest_day(
    person: Person, contract: Contract, rules: list[tuple[str, Rule]], problem: Problem
) -> tuple[int, str]:
    """The most minutes somebody can work on a day, and what says so."""
    mine: list[Shift] = [one for one in problem.shifts if one.id in problem.shifts_named(person.shifts)]
    caps = [(DAY, "a day")]
    if contract.day_most is not None:
        caps.append((contract.day_most, f"contract {contract.id!r}"))
    caps += [
        (rule.normal_minutes + rule.most_minutes, f"{path} (daily_overtime)")
        for path, rule in rules
        if isinstance(rule, DailyOvertime)
    ]
    cap, why = min(caps)
    longest = max(
        (worked for one in mine for length in one.lengths if (worked := one.worked(length)) <= cap), default=0
    )
    return longest, f"their longest shift within {why}" if cap < DAY else "their longest shift"


# ------------------------------------------------------------------ shifts and activities


def _breaks_due(problem: Problem) -> Iterator[Fault]:
    for path, rule in enumerate(problem.rules):
        if not isinstance(rule, BreakDue) or rule.weight is not None:
            continue
        for place, shift in enumerate(problem.shifts):
            for length in shift.lengths:
                has = sum(one.minutes for one in shift.breaks_due(length))
                if length > rule.after_minutes and has < rule.least_minutes:
                    yield Fault(
                        f"shifts[{place}].breaks",
                        f"{shift.id!r} of {length} minutes has {has} minutes of breaks; rules[{path}] "
                        f"(break_due) asks for {rule.least_minutes} in shifts of more than "
                        f"{rule.after_minutes}",
                    )
                    break


def _activities(problem: Problem) -> Iterator[Fault]:
    longest = max(one.lengths[-1] for one in problem.shifts)
    for place, one in enumerate(problem.activities):
        if one.minutes > longest:
            yield Fault(
                f"activities[{place}].minutes",
                f"{one.id!r} lasts {one.minutes} minutes, longer than any shift ({longest})",
            )
        if one.weight is not None:
            continue
        for person in problem.concerned(one.who):
            on_leave = {leave.day for leave in person.leave}
            if on_leave.issuperset(range(one.first_day, one.last_day + 1)):
                yield Fault(
                    f"activities[{place}].who",
                    f"{person.id!r} must take part in {one.id!r}, but is on leave on all its days",
                )
