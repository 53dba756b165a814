"""What the rosters' API takes and shows.

Instants (``at`` and the like) are milliseconds UTC, ``day`` is a local date of the problem's zone, ``start``
minutes from 00:00 of that day (past 1440 on the next one), ``length`` minutes. A problem itself has the form
of its file, see docs/scheduling.md.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from common.jobs import State
from common.rows import RowId

RosterName = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00]*$")]
RosterNote = Annotated[str, StringConstraints(max_length=512, pattern=r"^[^\x00]*$")]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00]*$")]
ShiftId = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00]*$")]
Minute = Annotated[int, Field(ge=0, le=2880)]
Length = Annotated[int, Field(ge=1, le=2880)]


class RosterSent(BaseModel):
    """A body; a field it does not know is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


# ------------------------------------------------------------------ problems


class RosterProblemBody(RosterSent):
    """A problem for a group. With ``requests`` approved leave and wishes of its days become part of it."""

    group: RowId
    name: RosterName
    note: RosterNote = ""
    problem: dict[str, Any]
    requests: bool = True
    wish_weight: int = Field(default=1, ge=1, le=1_000_000)


class RosterProblemShown(BaseModel):
    """A problem; ``unlinked`` are people who are no agents of the platform."""

    id: int
    group: str
    name: str
    start: date
    days: int
    zone: str
    people: int
    unlinked: list[str]
    derived_from: int | None
    at: int
    by: str
    note: str


class RosterProblemWhole(RosterProblemShown):
    """A problem with all that is in it, in the form of its file."""

    problem: dict[str, Any]


# ------------------------------------------------------------------ rosters


class RosterBlock(RosterSent):
    """Minutes inside a shift: a break, an activity, a duty."""

    name: Annotated[str, StringConstraints(max_length=128)]
    start: Minute
    minutes: Length


class RosterShift(RosterSent):
    """What somebody works on a day."""

    person: Id
    day: date
    shift: ShiftId
    start: Minute
    length: Length
    breaks: list[RosterBlock] = Field(default=[], max_length=20)
    activities: list[RosterBlock] = Field(default=[], max_length=20)
    duties: list[RosterBlock] = Field(default=[], max_length=50)


class RosterCell(RosterSent):
    """What a person shall work on a day; no ``shift``: nothing.

    ``start`` and ``length`` where the shift is flexible; without ``breaks`` they are placed as early as they
    may be. A shift that stays where it is keeps breaks and activities that are not sent.
    """

    person: Id
    day: date
    shift: ShiftId | None = None
    start: Minute | None = None
    length: Length | None = None
    breaks: list[RosterBlock] | None = Field(default=None, max_length=20)
    activities: list[RosterBlock] | None = Field(default=None, max_length=20)
    duties: list[RosterBlock] | None = Field(default=None, max_length=50)


class RosterFinding(BaseModel):
    """Something a roster breaks (``hard``) or pays for; see ``scheduling.verdict.Finding``."""

    rule: str
    words: str
    person: str
    day: date | None
    cost: int
    hard: bool
    amount: int
    name: str
    minute: int | None


class RosterVerdict(BaseModel):
    """What the judge says: ``violations`` are all hard ones, ``findings`` the dearest others."""

    legal: bool
    cost: int
    violations: list[RosterFinding]
    findings: list[RosterFinding]
    costs_by_rule: dict[str, int]
    costs_by_person: dict[str, int]


class RosterDifference(BaseModel):
    """What a change does: rules it breaks and mends, costs that come and go, dearest first.

    ``cost`` is what all costs together change by (less than 0: it saves).
    """

    legal: bool
    cost: int
    cost_before: int
    cost_after: int
    broken: list[RosterFinding]
    mended: list[RosterFinding]
    dearer: list[RosterFinding]
    cheaper: list[RosterFinding]


class RosterDraftBody(RosterSent):
    """A new draft of a problem: empty, or what another draft or a published version has."""

    problem: int = Field(ge=1, le=2_147_483_647)
    name: RosterName
    from_draft: int | None = Field(default=None, ge=1, le=2_147_483_647)
    from_version: int | None = Field(default=None, ge=1, le=2_147_483_647)

    @model_validator(mode="after")
    def _one(self) -> "RosterDraftBody":
        if self.from_draft is not None and self.from_version is not None:
            raise ValueError("a draft begins as one thing: from_draft or from_version")
        return self


class RosterDraftShown(BaseModel):
    """A draft. ``cost`` and ``violations`` are the judge's; ``tag`` changes with every change."""

    id: int
    problem: int
    group: str
    start: date
    days: int
    name: str
    based_on: int | None
    cost: int
    violations: int
    shifts: int
    tag: str
    created_at: int
    created_by: str
    changed_at: int
    changed_by: str


class RosterDraftWhole(RosterDraftShown):
    """A draft with its roster and the whole verdict."""

    roster: list[RosterShift]
    verdict: RosterVerdict


class RosterChangesBody(RosterSent):
    """Changes by hand, all or none; with ``dry`` nothing is kept."""

    changes: list[RosterCell] = Field(min_length=1, max_length=5000)
    note: RosterNote = ""
    dry: bool = False


class RosterChange(BaseModel):
    """What became of a person's day; null is a free day."""

    person: str
    day: date
    before: RosterShift | None
    after: RosterShift | None


class RosterChanged(BaseModel):
    """A draft after a change (as it was, where it was ``dry``), what changed, and what that costs."""

    draft: RosterDraftShown
    changes: list[RosterChange]
    difference: RosterDifference


class RosterTrailShown(BaseModel):
    """An entry of a draft's trail; ``cost`` is the roster's after it."""

    at: int
    by: str
    how: Literal["hand", "sheet", "replan", "breaks", "duties"]
    note: str
    cost: int
    changes: list[RosterChange]


class RosterPublishBody(RosterSent):
    """Publish a draft. ``despite``: although it breaks hard rules."""

    note: RosterNote = ""
    despite: bool = False


PublishedHow = Literal["draft", "request", "sample", "replan", "breaks", "duties"]


class RosterVersionShown(BaseModel):
    """A published roster. The highest ``number`` of a group and ``start`` is the one in force."""

    id: int
    group: str
    start: date
    end: date
    number: int
    problem: int
    at: int
    by: str
    how: PublishedHow
    note: str
    cost: int
    violations: int
    shifts: int
    current: bool


class RosterVersionWhole(RosterVersionShown):
    """A published roster with what is in it, and what changed from the number before."""

    roster: list[RosterShift]
    changes: list[RosterChange]


# ------------------------------------------------------------------ long work


class RosterSolveBody(RosterSent):
    """Let the solver make a draft. ``seconds`` of time; or ``work``, which gives the same again each time.

    It begins with ``from_draft`` if there is one.
    """

    name: RosterName
    seconds: float | None = Field(default=60, ge=1, le=3600)
    work: float | None = Field(default=None, gt=0, le=36_000)
    seed: int = Field(default=1, ge=0, le=2_147_483_647)
    from_draft: int | None = Field(default=None, ge=1, le=2_147_483_647)

    @model_validator(mode="after")
    def _ends(self) -> "RosterSolveBody":
        if self.seconds is None and self.work is None:
            raise ValueError("say how long it may take: seconds, work or both")
        return self


class RosterJobShown(BaseModel):
    """Long work. ``objective`` is what the best roster so far costs, no roster costs less than ``bound``.

    ``progress`` is the share of the time that is gone; ``result`` the draft that was made, once done;
    ``trouble`` why there is none.
    """

    id: int
    problem: int
    state: State
    progress: float
    stage: str
    objective: int | None
    bound: int | None
    trouble: str
    result: int | None
    by: str
    asked_at: int
    begun_at: int | None
    ended_at: int | None
    ahead: int


# ------------------------------------------------------------------ requests

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


class RosterCover(BaseModel):
    """People on a day for a demand or a shift (``what``), as it is and as it would be.

    Of a demand a value for each interval of ``interval_minutes`` from 00:00 on; of a shift one value.
    """

    day: date
    what: Literal["demand", "shift"]
    name: str
    interval_minutes: int
    required: list[int]
    before: list[int]
    after: list[int]


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


# ------------------------------------------------------------------ an agent's own


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


# ------------------------------------------------------------------ adherence


class AdherenceLine(BaseModel):
    """Seconds of a person in an interval or day that begins at ``begin`` (ms UTC); see docs/scheduling.md."""

    person: str
    begin: int
    scheduled_s: int
    adhering_s: int
    worked_s: int
    to_work_s: int
    excused_s: int
    adherence: float | None
    conformance: float | None


Doing = Literal["phone", "break", "activity", "off"]


class AdherenceStretch(BaseModel):
    """A while in which plan and deed stayed what they are; ms UTC. ``excused``: it does not count."""

    person: str
    begin: int
    end: int
    planned: Doing
    actual: Doing
    excused: bool = False


class AdherenceShown(BaseModel):
    """Adherence of a published roster's days until now: by person and day or interval, and over all.

    Each moment counts against the version that was in force at it. ``exceptions`` are the longest whiles in
    which somebody did not do what was planned.
    """

    group: str
    start: date
    zone: str
    interval_minutes: int
    names: dict[str, str]
    by: Literal["interval", "day"]
    lines: list[AdherenceLine]
    totals: list[AdherenceLine]
    exceptions: list[AdherenceStretch]


class PersonAdherence(BaseModel):
    """How somebody kept to the roster of a group: by day, and all that was planned and done."""

    group: str
    start: date
    zone: str
    person: str
    name: str
    days: list[AdherenceLine]
    stretches: list[AdherenceStretch]


class AbsenceBody(RosterSent):
    """Somebody is or was excused from ``begin`` until ``end`` (ms UTC): ill, or for another good reason."""

    person: Id
    kind: Literal["sick", "other"] = "sick"
    begin: int = Field(ge=0, le=253_402_300_799_000)
    end: int = Field(ge=0, le=253_402_300_799_000)
    words: RosterNote = ""

    @model_validator(mode="after")
    def _some(self) -> "AbsenceBody":
        if self.end <= self.begin:
            raise ValueError("it ends before it begins")
        if self.end - self.begin > 400 * 86_400_000:
            raise ValueError("400 days at most; enter longer ones in parts")
        return self


class AbsenceShown(BaseModel):
    """An absence, and who entered and withdrew it when."""

    id: int
    person: str
    name: str
    kind: Literal["sick", "other"]
    begin: int
    end: int
    words: str
    at: int
    by: str
    withdrawn_at: int | None
    withdrawn_by: str
