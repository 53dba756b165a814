"""Requests of agents, judged and decided."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator

from scheduling.bodies.base import Id, Length, Minute, RosterNote, RosterSent
from scheduling.bodies.rosters import RosterCover, RosterFinding, RosterShift

RequestKind = Literal["swap", "give", "bid", "leave", "wish"]
RequestState = Literal["asked", "agreed", "approved", "refused", "withdrawn"]


class RosterRequestBody(RosterSent):
    """What an agent asks for.

    ``swap``: exchange ``day`` with ``other`` (on ``other_day``, if it is another). ``give``: ``other`` takes
    the shift of ``day``. ``bid``: work ``shift`` on ``day``, which is free. ``leave``: be free on ``day``.
    ``wish``: work on ``day`` (one shift, or any), or with ``want`` false rather not; for a roster to come.
    """

    kind: RequestKind
    day: date
    other: Id | None = None
    other_day: date | None = None
    shift: Annotated[str, StringConstraints(max_length=128)] = ""
    start: Minute | None = None
    length: Length | None = None
    want: bool = True
    words: RosterNote = ""

    @model_validator(mode="after")
    def _belongs(self) -> "RosterRequestBody":
        needs = {"swap": {"other"}, "give": {"other"}, "bid": {"shift"}}.get(self.kind, set())
        takes = {"swap": {"other_day"}, "bid": {"start", "length"}, "wish": {"shift", "want"}}
        may = {"kind", "day", "words", *needs, *takes.get(self.kind, set())}
        if missing := sorted(one for one in needs if not getattr(self, one)):
            raise ValueError(f"a {self.kind} needs {', '.join(missing)}")
        if strange := sorted(self.model_fields_set - may):
            raise ValueError(f"a {self.kind} has no {', '.join(strange)}")
        return self


class RosterRequestVerdict(BaseModel):
    """What the judge said: ``broken`` hard rules, and for those who decide what comes up in costs."""

    allowed: bool
    cost: int | None
    broken: list[RosterFinding]
    dearer: list[RosterFinding]
    version: int
    """The published roster that was looked at."""


class MyWas(BaseModel):
    """A shift, in short."""

    shift: str
    name: str
    start: int
    length: int


class RosterRequestShown(BaseModel):
    """A request. A swap or gift is ``agreed`` once the other has; then, as others at once, it is decided.

    A wish has no verdict. ``applied`` is the version that has it, ``opening`` the open shift a bid is for.
    ``gives`` is what who asks has on ``day``, ``takes`` what the other has on theirs (null: free); told to
    both of a swap or gift that waits.
    """

    id: int
    kind: RequestKind
    group: str
    person: str
    person_name: str
    other: str | None
    other_name: str
    day: date
    other_day: date | None
    shift: str
    start: int | None
    length: int | None
    want: bool
    minutes: int
    words: str
    state: RequestState
    verdict: RosterRequestVerdict | None
    asked_at: int
    agreed_at: int | None
    decided_at: int | None
    decided_by: str
    decision: str
    applied: int | None
    opening: int | None = None
    gives: MyWas | None = None
    takes: MyWas | None = None


class RosterDayBeside(BaseModel):
    """A day of somebody a request is about: as it is, and as it would be."""

    person: str
    name: str
    day: date
    before: RosterShift | None
    after: RosterShift | None
    leave: bool


class RosterRequestWhole(RosterRequestShown):
    """A request with the days it is about; nothing is beside one that is decided or cannot be done.

    ``shifts`` are the names of the roster's shifts by id.
    """

    beside: list[RosterDayBeside]
    cover: list[RosterCover]
    shifts: dict[str, str]


class RosterDecisionBody(RosterSent):
    """Approve or refuse. ``minutes`` are credited for leave; ``despite`` approves what breaks hard rules.

    A swap that the other has not agreed to cannot be approved.
    """

    note: RosterNote = ""
    minutes: int = Field(default=0, ge=0, le=1440)
    despite: bool = False
