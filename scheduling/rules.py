"""Rules as data: one class per family, each under a stable name, hard or with a weight.

Without a ``weight`` a rule is hard: no roster may break it. With one, what breaks it costs the weight, as
often as the family's docstring says. ``who`` narrows a rule to some people. ``name`` is the planner's own
word for it. Shifts are named by id or by mark; an empty list means every shift.

Days before the period count as far as a person's history knows them (``people.History``); after the period
nobody works. What the past has used up of a limit leaves less of it, but never less than nothing: a rule
is broken by days of the period only.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Who:
    """Everybody, or those who are named or belong to a team, contract or branch named here."""

    people: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()


EVERYBODY = Who()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    who: Who = EVERYBODY
    weight: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest(_Rule):
    """At least ``least_minutes`` from the end of a shift to the begin of the person's next. Broken once for
    each pair, on the day of the later one.
    """

    least_minutes: int
    rule: Literal["rest"] = "rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession(_Rule):
    """No shift of ``then`` on the day after one of ``first``. Broken once each time, on the later day."""

    first: tuple[str, ...]
    then: tuple[str, ...]
    rule: Literal["succession"] = "succession"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsecutiveDays(_Rule):
    """Days in a row with one of ``shifts``: at most ``most`` (broken once for each day beyond, on that day),
    and at least ``least`` (once for each day missing, on the run's last day). Runs that reach the end of the
    period or the unknown past are never too short; nor are those that were over before the day before it.
    """

    shifts: tuple[str, ...] = ()
    least: int = 1
    most: int | None = None
    rule: Literal["consecutive_days"] = "consecutive_days"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsecutiveDaysOff(_Rule):
    """Free days in a row: at least ``least``, at most ``most``; counted like ``ConsecutiveDays``. Approved
    leave is free.
    """

    least: int = 1
    most: int | None = None
    rule: Literal["consecutive_days_off"] = "consecutive_days_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekends(_Rule):
    """At most ``most`` weekends (Saturday and Sunday) with a shift that begins on either, in the period or in
    each calendar month (that of the Saturday, with the history). Broken once for each beyond, on the
    Saturday (or the period's first day).
    """

    most: int
    per: Literal["period", "month"] = "period"
    rule: Literal["weekends"] = "weekends"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftCount(_Rule):
    """``least`` to ``most`` days with one of ``shifts`` in the period, or in each calendar week or month
    (``most`` with the history; ``least`` only for weeks and months wholly inside the period). Broken once for
    each day beyond or missing.
    """

    shifts: tuple[str, ...] = ()
    least: int = 0
    most: int | None = None
    per: Literal["period", "week", "month"] = "period"
    rule: Literal["shift_count"] = "shift_count"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursInWindow(_Rule):
    """At most ``most_minutes`` of work in any ``days`` days in a row, with the history. Broken for each
    window that ends in the period, once for each begun hour beyond, on the window's last day.
    """

    days: int
    most_minutes: int
    rule: Literal["hours_in_window"] = "hours_in_window"


@dataclass(frozen=True, slots=True, kw_only=True)
class AverageHours(_Rule):
    """On average at most ``most_minutes_a_week`` of work. The average is over the last ``over_days`` days up
    to the period's end, as far as they are known (0, or shorter than the period: the period alone); in D such
    days ``most_minutes_a_week`` · D / 7 minutes may be worked, rounded down. Broken once for each begun hour
    beyond, on no day in particular.
    """

    most_minutes_a_week: int
    over_days: int = 0
    rule: Literal["average_hours"] = "average_hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestDays(_Rule):
    """At least ``least`` free days in any ``days`` days in a row that are known and end in the period. Broken
    for each such window, once for each day missing that could be free in the period, on its last day.
    """

    days: int = 7
    least: int = 1
    rule: Literal["rest_days"] = "rest_days"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyRest(_Rule):
    """In each calendar week there is a moment after which ``least_minutes`` go by without work. Weeks that
    begin before what is known are passed over. Broken once a week, on its first day in the period.
    """

    least_minutes: int
    rule: Literal["weekly_rest"] = "weekly_rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyOvertime(_Rule):
    """A shift has at most ``most_minutes`` of work beyond ``normal_minutes``. Broken once for each begun hour
    beyond.
    """

    normal_minutes: int = 480
    most_minutes: int = 0
    rule: Literal["daily_overtime"] = "daily_overtime"


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyOvertime(_Rule):
    """In each calendar month at most ``most_minutes`` of work beyond ``normal_minutes`` a day, with the
    history. Broken once for each begun hour beyond, on the month's last day in the period.
    """

    normal_minutes: int = 480
    most_minutes: int = 0
    rule: Literal["monthly_overtime"] = "monthly_overtime"


@dataclass(frozen=True, slots=True, kw_only=True)
class AverageShift(_Rule):
    """Shifts named last at most ``most_minutes`` of work on average in the period. Broken once for each begun
    hour that they have beyond, together.
    """

    most_minutes: int
    shifts: tuple[str, ...] = ()
    rule: Literal["average_shift"] = "average_shift"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakDue(_Rule):
    """A shift longer than ``after_minutes`` has breaks of at least ``least_minutes`` together. Broken once a
    shift.
    """

    after_minutes: int
    least_minutes: int
    rule: Literal["break_due"] = "break_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Together(_Rule):
    """Members of a team who work on a day have the same shift. Broken once for each further shift of the team
    (those concerned in it), on that day.
    """

    rule: Literal["together"] = "together"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve(_Rule):
    """Of the people who begin work on a day, ``least_percent`` to ``most_percent`` have a reserve shift.
    Broken once for each person missing (``least_percent`` of all, less those who have one, rounded up) or too
    many (rounded up likewise).
    """

    least_percent: int = 10
    most_percent: int = 15
    rule: Literal["reserve"] = "reserve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness(_Rule):
    """Between those concerned, what they have of ``of`` differs by at most ``tolerance``: their counts in the
    period with what history carries over, the highest less the lowest. Broken once for each one beyond.

    ``of`` is a shift's id or mark (days with such a shift), ``days`` worked, ``hours`` (whole ones worked),
    ``weekends`` and ``holidays`` with a shift, or ``wishes`` granted.
    """

    of: str
    tolerance: int = 0
    rule: Literal["fairness"] = "fairness"


Rule = (
    Rest
    | Succession
    | ConsecutiveDays
    | ConsecutiveDaysOff
    | Weekends
    | ShiftCount
    | HoursInWindow
    | AverageHours
    | RestDays
    | WeeklyRest
    | DailyOvertime
    | MonthlyOvertime
    | AverageShift
    | BreakDue
    | Together
    | Reserve
    | Fairness
)

COUNTED = ("days", "hours", "weekends", "holidays", "wishes")
"""What fairness may be of besides shifts and marks; so no shift or mark is called so."""


@dataclass(frozen=True, slots=True)
class Activity:
    """Off the telephone: training, a meeting. Each of ``who`` does it once, on a day from ``first_day`` to
    ``last_day``, inside a shift of that day and outside its breaks, beginning from ``earliest`` to ``latest``
    (minutes of that day, in steps). ``together``: at one time, that of most of them; who does it at another
    misses it. Without a weight nobody may miss it; with one, each who does costs the weight. It is working
    time.
    """

    id: str
    minutes: int
    first_day: int
    last_day: int
    earliest: int
    latest: int
    step: int = 15
    who: Who = EVERYBODY
    together: bool = False
    weight: int | None = None
    name: str = ""
