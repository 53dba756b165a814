"""What the rosters' API shows of cover, and takes to put a problem together; units as in ``bodies``."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from common.rows import RowId
from scheduling.bodies.base import Id, RosterName, RosterNote, RosterSent
from scheduling.bodies.rosters import RosterFinding, RosterProblemShown, RosterShift

Csv = Annotated[str, StringConstraints(max_length=900_000, pattern=r"^[^\x00]*$")]


class RosterDemandCover(BaseModel):
    """People asked for and people there at one kind of work, a value for each interval of the period."""

    name: str
    skill: str
    level: int
    required: list[int]
    served: list[int]


class RosterShiftCover(BaseModel):
    """People asked for on a shift of a day, and people who have it."""

    day: date
    shift: str
    required: int
    has: int


class RosterCoverWhole(BaseModel):
    """Requirement against cover of a whole roster, intervals from 00:00 of the first day on."""

    start: date
    days: int
    interval_minutes: int
    demands: list[RosterDemandCover]
    shifts: list[RosterShiftCover]


class RosterHelper(BaseModel):
    """Somebody who could be there where people are short, and why they are not.

    ``there``: is already; ``away``: at work, in a break or at something else; ``works``: has other hours that
    day, which ``would`` replaces; ``free``. ``broken``: what forbids ``would``.
    """

    person: str
    state: Literal["there", "away", "works", "free"]
    has: RosterShift | None
    would: RosterShift | None
    minutes: int
    could: bool
    broken: list[RosterFinding]
    cost: int


class RosterBookShown(BaseModel):
    """A rule book that is ready-made: its name, title, and how many rules and shifts it has."""

    name: str
    title: str
    rules: int
    shifts: int


class RosterAssembleBody(RosterSent):
    """Put a problem together: requirements as CSV by skill, people as CSV (empty: all agents), rule books."""

    group: RowId
    name: RosterName
    note: RosterNote = ""
    requirements: dict[Id, Csv] = Field(min_length=1, max_length=20)
    column: Literal["agents", "scheduled"] = "agents"
    people: Csv = ""
    books: list[Annotated[str, StringConstraints(max_length=64)]] = Field(default=[], max_length=20)
    zone: Annotated[str, StringConstraints(max_length=64)] = "UTC"
    country: Annotated[str, StringConstraints(max_length=8)] = ""
    requests: bool = True


class RosterAssembled(BaseModel):
    """The problem that was made, and what was left out or taken for granted on the way."""

    problem: RosterProblemShown
    notes: list[str]
