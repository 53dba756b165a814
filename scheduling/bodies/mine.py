"""What agents see of their own roster."""

from datetime import date

from pydantic import BaseModel

from scheduling.bodies.requests import MyWas
from scheduling.bodies.rosters import PublishedHow, RosterBlock


class MyShift(BaseModel):
    """A shift of mine; ``begin`` and ``end`` are ms UTC, ``worked`` minutes without unpaid breaks."""

    day: date
    group: str
    version: int
    shift: str
    name: str
    begin: int
    end: int
    start: int
    length: int
    worked: int
    breaks: list[RosterBlock]
    activities: list[RosterBlock]
    duties: list[RosterBlock]


class MyChange(BaseModel):
    """A day of mine that was published anew of late, at ``at`` (ms UTC); ``before``: as it was, null free."""

    day: date
    at: int
    how: PublishedHow
    before: MyWas | None


class MyRoster(BaseModel):
    """My days: shifts, leave, and which days a published roster is of (others are not planned yet).

    ``zone`` is where the days are; empty while no roster has me in it.
    """

    person: str
    name: str
    zone: str
    shifts: list[MyShift]
    leave: list[date]
    published: list[tuple[date, date]]
    changed: list[MyChange]


class RosterColleague(BaseModel):
    """Somebody I could swap with; of the day that was asked for: their ``shift``, and whether they have one
    (``works`` null: no day was asked for, or none is published).
    """

    person: str
    name: str
    works: bool | None = None
    shift: MyWas | None = None


class MyWaiting(BaseModel):
    """How many requests wait for me: to be decided, and to be agreed to."""

    decide: int
    agree: int


class MyFeed(BaseModel):
    """My calendar feed: whether there is one, and its path, told only when it is made."""

    made_at: int | None
    path: str | None
