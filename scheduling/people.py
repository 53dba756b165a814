"""Who can work: contracts, people, what they wish, and what lies behind them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Contract:
    """Working minutes owed and allowed per period, calendar week (Monday to Sunday) and working day.

    Approved leave counts towards what is owed by its credited minutes. Weeks that are not wholly inside the
    period owe nothing; what is allowed in a week counts the history too. Without a weight the limits are
    hard; with one, every begun hour outside a limit costs it.
    """

    id: str
    period_least: int | None = None
    period_most: int | None = None
    week_least: int | None = None
    week_most: int | None = None
    day_least: int | None = None
    day_most: int | None = None
    weight: int | None = None


@dataclass(frozen=True, slots=True)
class Away:
    """Cannot work from ``start`` until ``end``, minutes from 00:00 of the first day; may begin before it."""

    start: int
    end: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Leave:
    """Approved leave: no shift begins on this day. ``minutes`` are credited to the contract."""

    day: int
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Fixed:
    """Already decided: this shift on this day, or free (``shift`` is empty). ``start`` and ``length`` where a
    flexible shift is fixed in them too.
    """

    day: int
    shift: str
    start: int | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """To work on a day, or not (``want``): one of ``shifts`` (ids or marks), or any if empty.

    A wish not granted costs its weight.
    """

    day: int
    want: bool
    shifts: tuple[str, ...] = ()
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Past:
    """A shift worked before the period: ``day`` is -1 for the day before it. ``worked`` are paid minutes."""

    day: int
    shift: str
    start: int
    length: int
    worked: int


@dataclass(frozen=True, slots=True)
class History:
    """What is known of the time before: in the last ``known_days`` days exactly ``shifts`` were worked.

    What lies before is unknown, and nobody is blamed for it: a run of days that reaches into it is long
    enough and begins with the first day known. ``counts`` carry fairness over from earlier periods, by what
    is counted (``Fairness.of``).
    """

    known_days: int = 0
    shifts: tuple[Past, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """One agent. ``skills`` maps skills to levels (1, 2, … higher is better); ``shifts`` are those they may
    be given, ids or marks (empty: any); ``seniority`` decides among equal requests, higher first.
    """

    id: str
    contract: str = ""
    skills: Mapping[str, int] = field(default_factory=dict)
    shifts: tuple[str, ...] = ()
    team: str = ""
    branch: str = ""
    seniority: int = 0
    away: tuple[Away, ...] = ()
    leave: tuple[Leave, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    wishes: tuple[Wish, ...] = ()
    history: History = field(default_factory=History)
    name: str = ""
