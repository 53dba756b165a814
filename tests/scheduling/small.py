"""Small problems and any rosters for them, made by Hypothesis; all times are half hours."""

from datetime import date, timedelta

from hypothesis import assume
from hypothesis import strategies as st

from scheduling.demand import Cover, Demand, Step, Steps
from scheduling.people import Away, Contract, Fixed, History, Leave, Past, Person, Wish
from scheduling.problem import Problem, ProblemError
from scheduling.roster import Assignment, Block, Roster
from scheduling.rules import (
    Activity,
    AverageHours,
    AverageShift,
    BreakDue,
    ConsecutiveDays,
    ConsecutiveDaysOff,
    DailyOvertime,
    Fairness,
    HoursInWindow,
    MonthlyOvertime,
    Reserve,
    Rest,
    RestDays,
    Rule,
    ShiftCount,
    Succession,
    Together,
    Weekends,
    WeeklyRest,
    Who,
)
from scheduling.shifts import Break, Shift

HALF = 30
ANYBODY = ("ann", "bob", "eve")
FORMS = (
    Shift("early", 6 * 60, 480, marks=("long",)),
    Shift("late", 14 * 60, 510, breaks=(Break("meal", 30, 180, 240, step=30, paid=False),)),
    Shift("night", 22 * 60, 540, marks=("long",)),
    Shift("flex", 8 * 60, 240, latest_start=9 * 60, longest=300, start_step=60, length_step=60),
    Shift("float", 9 * 60, 480, reserve=True),
)


@st.composite
def problems(draw: st.DrawFn, most_days: int = 9, most_people: int = 3, most_shifts: int = 3) -> Problem:
    """Any sound problem of a few people and days: every kind of rule, demand, cover, history, wishes."""
    days = draw(st.integers(1, most_days))
    count = draw(st.integers(1, most_people))
    shifts = tuple(
        draw(st.lists(st.sampled_from(FORMS), min_size=1, max_size=most_shifts, unique_by=lambda one: one.id))
    )
    names = sorted({one.id for one in shifts}.union(*(one.marks for one in shifts)))
    contracts = (draw(_contracts()),) if draw(st.booleans()) else ()
    people = tuple(draw(_people(ANYBODY[place], days, shifts, contracts)) for place in range(count))
    rules = tuple(draw(_rules(names, people, shifts)) for _ in range(draw(st.integers(0, 4))))
    interval = draw(st.sampled_from((120, 240)))
    demands = tuple(draw(_demands(skill, days * 1440 // interval, people)) for skill in draw(_skills(people)))
    covers = draw(
        st.lists(
            st.builds(
                Cover,
                st.integers(0, days - 1),
                st.sampled_from([one.id for one in shifts]),
                st.integers(0, 2),
            ),
            max_size=4,
            unique_by=lambda one: (one.day, one.shift),
        )
    )
    meeting = Activity("meeting", 60, 0, days - 1, 480, 960, step=60, together=draw(st.booleans()), weight=7)
    try:
        return Problem(
            date(2024, 1, 25) + timedelta(days=draw(st.integers(0, 6))),
            days,
            shifts,
            people,
            interval,
            demands,
            tuple(covers),
            contracts,
            rules,
            (meeting,) if draw(st.integers(0, 3)) == 0 else (),
            holidays=(0,),
        )
    except ProblemError:
        assume(False)
        raise


def _skills(people: tuple[Person, ...]) -> st.SearchStrategy[list[str]]:
    known = sorted({skill for person in people for skill in person.skills})
    return st.lists(st.sampled_from(known), unique=True, max_size=2) if known else st.just([])


@st.composite
def steps(draw: st.DrawFn) -> Steps:
    """Costs that rise with the persons."""
    first, cost = draw(st.integers(0, 9)), draw(st.integers(0, 9))
    return (Step(1, first), Step(draw(st.integers(2, 3)), first + cost))


@st.composite
def _demands(draw: st.DrawFn, skill: str, intervals: int, people: tuple[Person, ...]) -> Demand:
    best = max(person.skills.get(skill, 0) for person in people)
    some = draw(st.lists(st.integers(0, 2), min_size=1, max_size=7))
    required = tuple(some[interval % len(some)] for interval in range(intervals))
    return Demand(skill, skill, required, draw(st.integers(1, best)), draw(steps()), draw(steps()))


@st.composite
def _contracts(draw: st.DrawFn) -> Contract:
    def limits(*values: int) -> tuple[int | None, int | None]:
        least, most = draw(st.sampled_from((None, *values))), draw(st.sampled_from((None, *values)))
        return (least, most) if least is None or most is None or least <= most else (most, least)

    period, week, day = limits(480, 1500, 2400), limits(450, 1000, 2000), limits(240, 480, 500)
    return Contract("full", *period, *week, *day, weight=draw(st.sampled_from((None, 3))))


@st.composite
def _people(
    draw: st.DrawFn, id: str, days: int, shifts: tuple[Shift, ...], contracts: tuple[Contract, ...]
) -> Person:
    ids = [one.id for one in shifts]
    day = st.integers(0, days - 1)
    known = draw(st.integers(0, 8))
    past = draw(st.lists(st.integers(-known, -1), unique=True, max_size=known)) if known else []
    leave = draw(st.lists(day, unique=True, max_size=1))
    fixed = (
        draw(st.lists(day.filter(lambda one: one not in leave), unique=True, max_size=1)) if days > 1 else []
    )
    return Person(
        id,
        contracts[0].id if contracts else "",
        draw(st.dictionaries(st.sampled_from(("a", "b")), st.integers(1, 2), max_size=2)),
        draw(st.sampled_from(((), tuple(ids[:1]), tuple(ids[-2:])))),
        team=draw(st.sampled_from(("", "red"))),
        away=tuple(
            Away(start * HALF, (start + 4) * HALF)
            for start in draw(st.lists(st.integers(-4, days * 48), max_size=1))
        ),
        leave=tuple(Leave(one, 240) for one in leave),
        fixed=tuple(Fixed(one, "") for one in fixed),
        wishes=tuple(
            draw(
                st.lists(
                    st.builds(
                        Wish,
                        day,
                        st.booleans(),
                        st.sampled_from(((), (ids[0],), tuple(ids))),
                        st.integers(0, 5),
                    ),
                    max_size=2,
                )
            )
        ),
        history=History(
            known,
            tuple(
                Past(
                    one,
                    *draw(
                        st.sampled_from(
                            (("early", 360, 480, 480), ("night", 1320, 540, 540), ("gone", 600, 600, 570))
                        )
                    ),
                )
                for one in past
            ),
            draw(
                st.dictionaries(
                    st.sampled_from(("days", "hours", "weekends", "wishes", "holidays")),
                    st.integers(0, 3),
                    max_size=1,
                )
            ),
        ),
    )


@st.composite
def _rules(draw: st.DrawFn, names: list[str], people: tuple[Person, ...], shifts: tuple[Shift, ...]) -> Rule:
    who = draw(st.sampled_from((Who(), Who(people=(people[0].id,)), Who(people=(people[-1].id,)))))
    weight = draw(st.sampled_from((None, 0, 1, 4)))
    few = st.integers(0, 3)
    one = st.sampled_from(names).map(lambda name: (name,))
    some = st.one_of(st.just(()), one)
    per = st.sampled_from(("period", "week", "month"))

    def to(least: int) -> st.SearchStrategy[dict[str, int | None]]:
        return st.tuples(st.integers(least, 3), st.sampled_from((None, 0, 2))).map(
            lambda both: {"least": both[0], "most": None if both[1] is None else both[0] + both[1]}
        )

    minutes = st.sampled_from((0, 450, 480, 600, 930, 1500, 2400))
    kinds = [
        st.builds(Rest, least_minutes=st.sampled_from((0, 480, 660, 960))),
        st.builds(Succession, first=one, then=one),
        st.builds(lambda shifts, both: ConsecutiveDays(shifts=shifts, **both), some, to(1)),
        st.builds(lambda both: ConsecutiveDaysOff(**both), to(1)),
        st.builds(Weekends, most=few, per=st.sampled_from(("period", "month"))),
        st.builds(lambda shifts, per, both: ShiftCount(shifts=shifts, per=per, **both), some, per, to(0)),
        st.builds(HoursInWindow, days=st.integers(1, 5), most_minutes=minutes),
        st.builds(AverageHours, most_minutes_a_week=minutes, over_days=st.sampled_from((0, 7, 14))),
        st.builds(RestDays, days=st.integers(3, 7), least=few),
        st.builds(WeeklyRest, least_minutes=st.sampled_from((480, 2100, 4000))),
        st.builds(DailyOvertime, normal_minutes=st.just(450), most_minutes=st.sampled_from((0, 45))),
        st.builds(MonthlyOvertime, normal_minutes=st.just(450), most_minutes=st.sampled_from((0, 75, 120))),
        st.builds(AverageShift, shifts=some, most_minutes=st.sampled_from((300, 480, 500))),
        st.builds(BreakDue, after_minutes=st.sampled_from((400, 480)), least_minutes=st.just(30)),
        st.just(Together()),
        st.builds(
            Fairness,
            of=st.sampled_from(("days", "hours", "weekends", "holidays", "wishes", names[0])),
            tolerance=few,
        ),
    ]
    if any(one.reserve for one in shifts):
        kinds.append(st.builds(Reserve, least_percent=st.just(40), most_percent=st.sampled_from((40, 60))))
    rule = draw(st.one_of(kinds))
    if isinstance(rule, Fairness | Together | Reserve):
        who = Who()
    return type(rule)(
        **{**{name: getattr(rule, name) for name in rule.__slots__}, "who": who, "weight": weight}
    )


@st.composite
def rosters(draw: st.DrawFn, problem: Problem) -> Roster:
    """Any roster: shifts anywhere, most breaks as they should be, activities and duties here and there."""
    made = []
    for person in problem.people:
        for day in range(problem.days):
            if draw(st.integers(0, 2)) == 0:
                continue
            shift = draw(st.sampled_from(problem.shifts))
            start, length = draw(st.sampled_from(shift.starts)), draw(st.sampled_from(shift.lengths))
            breaks = tuple(
                Block(one.name, draw(st.sampled_from(one.begins_at(start))), one.minutes)
                for one in shift.breaks_due(length)
            )
            meets = problem.activities and draw(st.integers(0, 2)) == 0
            duty = shift.reserve and draw(st.booleans())
            made.append(
                Assignment(
                    person.id,
                    day,
                    shift.id,
                    start,
                    length,
                    breaks,
                    (Block("meeting", draw(st.sampled_from((480, 540, 960))), 60),) if meets else (),
                    (Block("", start + 60, 240),) if duty else (),
                )
            )
    return Roster(tuple(made))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Problem, Roster]:
    """A problem and any roster for it."""
    problem = draw(problems())
    return problem, draw(rosters(problem))
