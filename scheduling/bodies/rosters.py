"""Problems, drafts, versions, and solving."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator

from common.jobs import State
from common.rows import RowId
from scheduling.bodies.base import Id, Length, Minute, RosterName, RosterNote, RosterSent, ShiftId


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
