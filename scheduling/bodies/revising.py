"""What the API takes and shows of rosters that are changed after they are made: see ``scheduling.bodies``."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator

from common.jobs import State
from scheduling.bodies.base import Id, Length, Minute, RosterName, RosterNote, RosterSent, ShiftId
from scheduling.bodies.requests import RosterRequestShown
from scheduling.bodies.rosters import (
    RosterChange,
    RosterCover,
    RosterDifference,
    RosterDraftShown,
    RosterProblemShown,
    RosterShift,
    RosterVerdict,
)

ProposalKind = Literal["replan", "breaks", "duties"]
OfDay = Annotated[int, Field(ge=0, le=1440)]
TeamName = Annotated[str, StringConstraints(min_length=1, max_length=128)]
CycleDays = Annotated[list[Annotated[str, StringConstraints(max_length=128)]], Field(max_length=400)]

# ------------------------------------------------------------------ proposals


class RosterIll(RosterSent):
    """Somebody who is gone for ``days`` days; ``minutes`` are credited each (null: those they would work)."""

    person: Id
    days: int = Field(default=1, ge=1, le=100)
    minutes: int | None = Field(default=None, ge=0, le=1440)


class RosterAsked(RosterSent):
    """What a demand asks for by now: ``factor`` times as many from a minute until another (null: the
    proposal's minute, the day's end), or ``required``, a value for each interval of the day.
    """

    name: ShiftId
    factor: float | None = Field(default=None, ge=0, le=100)
    required: list[Annotated[int, Field(ge=0, le=100_000)]] | None = Field(default=None, max_length=1440)
    from_minute: OfDay | None = None
    until_minute: OfDay | None = None

    @model_validator(mode="after")
    def _one(self) -> "RosterAsked":
        if (self.factor is None) == (self.required is None):
            raise ValueError("say factor or required")
        return self


class RosterProposalBody(RosterSent):
    """Let a roster be made better, for a look before it is accepted.

    ``replan``: ``day`` anew, as people are ``ill`` or more calls come (``demand``); a change of a shift must
    win ``worth``, at most ``most_changes`` (null: one shift in twenty) are made. ``breaks``: those of ``day``
    to ``last_day`` placed anew. ``duties``: the reserve given to the telephones there, for at least
    ``least_minutes`` each. What began before ``from_minute`` of ``day`` stays.
    """

    kind: ProposalKind
    day: date
    last_day: date | None = None
    from_minute: int = Field(default=0, ge=0, le=1439)
    ill: list[RosterIll] = Field(default=[], max_length=500)
    demand: list[RosterAsked] = Field(default=[], max_length=50)
    most_changes: int | None = Field(default=None, ge=0, le=1000)
    worth: int = Field(default=100, ge=1, le=1_000_000)
    least_minutes: int = Field(default=60, ge=1, le=1440)
    note: RosterNote = ""

    @model_validator(mode="after")
    def _belongs(self) -> "RosterProposalBody":
        takes = {
            "replan": {"ill", "demand", "most_changes", "worth"},
            "breaks": {"last_day"},
            "duties": {"last_day", "demand", "least_minutes"},
        }[self.kind]
        strange = self.model_fields_set - takes - {"kind", "day", "from_minute", "note"}
        if strange:
            raise ValueError(f"{self.kind} has no {', '.join(sorted(strange))}")
        if self.last_day is not None and self.last_day < self.day:
            raise ValueError(f"last_day {self.last_day} is before {self.day}")
        return self


class RosterProposed(BaseModel):
    """What a proposal would do. ``difference`` and ``cover`` are seen from the roster without who is ill,
    under the demand as it is now; ``changes`` from the roster as it is.

    ``moved`` shifts of people who are not ill are otherwise (``share`` of the day's ``shifts``); of
    ``breaks`` further ones only what is inside them.
    """

    changes: list[RosterChange]
    difference: RosterDifference
    cover: list[RosterCover]
    moved: int
    breaks: int
    shifts: int
    share: float


class RosterAccepted(BaseModel):
    """What became of an accepted proposal: the draft that has it now, or the version."""

    at: int
    by: str
    draft: int | None
    version: int | None


class RosterProposalShown(BaseModel):
    """A proposal of a draft or a version: asked, worked on (see ``RosterJobShown``), proposed, accepted."""

    id: int
    kind: ProposalKind
    draft: int | None
    version: int | None
    group: str
    day: date
    asked: dict[str, Any]
    state: State
    progress: float
    stage: str
    trouble: str
    by: str
    asked_at: int
    begun_at: int | None
    ended_at: int | None
    ahead: int
    proposed: RosterProposed | None
    accepted: RosterAccepted | None


class RosterAcceptBody(RosterSent):
    """Accept a proposal: a draft's changes the draft; a version's is published as the next version, though it
    breaks hard rules if ``despite``, or becomes a draft.
    """

    into: Literal["draft", "version"] | None = Field(default=None, alias="as")
    note: RosterNote = ""
    despite: bool = False


# ------------------------------------------------------------------ teams


class RosterCycle(RosterSent):
    """The days a team goes through again and again, ids of shifts, empty for free; it ``begins`` there."""

    team: TeamName
    days: CycleDays = Field(min_length=1)
    begins: int = Field(default=0, ge=0, le=399)


class RosterStagger(RosterSent):
    """One cycle for several teams, each ``apart`` days behind the one before (null: spread evenly)."""

    teams: list[TeamName] = Field(min_length=1, max_length=100)
    days: CycleDays = Field(min_length=1)
    apart: int | None = Field(default=None, ge=0, le=399)


class RosterQueues(RosterSent):
    """Each shift is taken for a ``turn`` of days by the team at the head of its queue, which works on the
    days ``working`` of it (0: the first) and then goes to the end.
    """

    shifts: dict[ShiftId, list[TeamName]] = Field(min_length=1, max_length=50)
    turn: int = Field(default=7, ge=1, le=100)
    working: list[int] = Field(default=[0, 1, 2, 3, 4], max_length=100)


class RosterTeamsBody(RosterSent):
    """Let teams rotate: their members' shifts are fixed in a problem made of this one, and stand in a draft.

    ``first_day`` is where the cycles' first day stands (null: the period's first). ``dry`` only looks.
    """

    name: RosterName
    cycles: list[RosterCycle] | None = Field(default=None, min_length=1, max_length=100)
    stagger: RosterStagger | None = None
    queues: RosterQueues | None = None
    first_day: date | None = None
    dry: bool = False

    @model_validator(mode="after")
    def _one(self) -> "RosterTeamsBody":
        if sum(one is not None for one in (self.cycles, self.stagger, self.queues)) != 1:
            raise ValueError("say one of cycles, stagger and queues")
        return self


class RosterTeamsMade(BaseModel):
    """Teams that rotate: their cycles, and the members' shifts; problem and draft are null if it was dry."""

    problem: RosterProblemShown | None
    draft: RosterDraftShown | None
    cycles: list[RosterCycle]
    shifts: int
    roster: list[RosterShift]
    verdict: RosterVerdict


# ------------------------------------------------------------------ the next period


class RosterNextBody(RosterSent):
    """The problem of the period after a published one, of ``days`` days (null: as many).

    ``demand``: each day asks for what the latest day of the same weekday did, or for nothing.
    """

    name: RosterName
    note: RosterNote = ""
    days: int | None = Field(default=None, ge=1, le=100)
    demand: Literal["repeat", "none"] = "repeat"
    requests: bool = True
    wish_weight: int = Field(default=1, ge=1, le=1_000_000)


# ------------------------------------------------------------------ open shifts

OpeningState = Literal["open", "filled", "closed"]


class RosterOpeningBody(RosterSent):
    """Open a shift of a published day to bids: ``places`` people with ``skills`` (at whatever level)."""

    day: date
    shift: ShiftId
    start: Minute | None = None
    length: Length | None = None
    places: int = Field(default=1, ge=1, le=500)
    skills: list[ShiftId] = Field(default=[], max_length=50)
    note: RosterNote = ""


class RosterOpeningShown(BaseModel):
    """An open shift; ``given`` of its ``places`` are, ``bids`` wait. ``start`` is the period's first day."""

    id: int
    group: str
    start: date
    day: date
    shift: str
    name: str
    begin_minute: int
    length: int
    places: int
    given: int
    bids: int
    skills: list[str]
    note: str
    state: OpeningState
    at: int
    by: str


class RosterBid(BaseModel):
    """A bid in its turn, with what the turn goes by: seniority, open shifts given to them in this period
    before, minutes they work in it.
    """

    turn: int
    request: RosterRequestShown
    seniority: int
    taken: int
    minutes: int


class RosterOpeningWhole(RosterOpeningShown):
    """An open shift with the bids that wait for it, in turn, judged against the roster as it is."""

    in_turn: list[RosterBid]


class MyOpening(BaseModel):
    """An open shift of a roster I am in. ``able`` to bid, or ``why`` not; ``mine`` is my bid that waits.

    What the judge says of a bid, ``POST /mine/requests/preview`` asks, and the bid itself has.
    """

    id: int
    group: str
    day: date
    shift: str
    name: str
    start: int
    length: int
    places: int
    given: int
    note: str
    able: bool
    why: str
    mine: int | None


class MyBidBody(RosterSent):
    """A bid for an open shift."""

    words: RosterNote = ""
