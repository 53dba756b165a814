"""What the planner's API takes and shows: targets, requirements, single cases, cost curves.

Times end in ``_s``, shares are 0 to 1; ``starts`` are ms UTC, columns belong together.
"""

from typing import Literal

from pydantic import BaseModel, Field, model_validator

from forecasting.bodies import Column, IntervalMinutes, Name, Note, Sent

Definition = Literal[
    "answered_in_target_of_all",
    "in_target_of_all",
    "answered_in_target_of_answered",
    "answered_in_target_of_all_but_abandoned_in_target",
    "answered_in_target_or_short_of_all",
    "virtual",
]
"""Those of ``erlang.service_levels``, which is loaded only where it is needed."""


class TargetBody(Sent):
    """What has to be kept; at least one. Shares are 0 to 1, times are seconds."""

    service_level: float | None = Field(default=None, gt=0, lt=1)
    within_s: float = Field(default=20.0, ge=0, le=3600)
    definition: Definition = "answered_in_target_of_all"
    answered: float | None = Field(default=None, gt=0, lt=1)
    asa_s: float | None = Field(default=None, gt=0, le=3600)
    abandonment: float | None = Field(default=None, gt=0, lt=1)
    occupancy: float | None = Field(default=None, gt=0, le=1)

    @model_validator(mode="after")
    def _something(self) -> "TargetBody":
        if not any((self.service_level, self.answered, self.asa_s, self.abandonment, self.occupancy)):
            raise ValueError("name a target: service_level, answered, asa_s, abandonment or occupancy")
        return self


class ShrinkageRow(Sent):
    """A reason people are not at the telephone; ``share`` is of all who are paid, or of those present.

    Leave and illness are of the paid, breaks and meetings of those present.
    """

    reason: Name
    share: float = Field(ge=0, lt=1)
    of: Literal["paid", "present"] = "paid"


class RequirementBody(Sent):
    """How many people a forecast needs. ``patience_s``: mean patience of callers, null for endless patience.

    ``minimum`` agents are there whatever comes, ``open_minimum`` where calls are expected; ``interval_min``
    regroups the forecast. ``version`` takes a published version's numbers instead of the present ones.
    """

    target: TargetBody = TargetBody(service_level=0.8)
    patience_s: float | None = Field(default=180.0, gt=0, le=86_400)
    aht_s: float | None = Field(default=None, gt=0, le=36_000, description="instead of the AHT forecast")
    shrinkage: list[ShrinkageRow] = Field(default=[], max_length=20)
    minimum: int = Field(default=0, ge=0, le=100_000)
    open_minimum: int = Field(default=0, ge=0, le=100_000)
    interval_min: IntervalMinutes | None = None
    version: int | None = None
    note: Note = ""


class RequirementShown(BaseModel):
    """A requirement that was worked out. Hours are agents times interval, summed."""

    id: int
    forecast: int
    version: int | None
    series: str
    at: int
    by: str
    note: str
    asked: RequirementBody
    interval_min: int
    shrinkage: float
    agent_hours: float
    scheduled_hours: float
    peak_agents: int
    peak_scheduled: int


class RequirementColumns(RequirementShown):
    """A requirement with its numbers: agents at the telephone, and people to schedule for them."""

    starts: list[int]
    calls: Column
    aht_s: Column
    agents: list[int]
    scheduled: list[int]
    service_level: Column
    asa_s: Column
    occupancy: Column
    abandonment: Column


class CaseBody(Sent):
    """One interval by hand: so many ``calls`` in ``per_min`` minutes; with ``agents``, or with a target."""

    calls: float = Field(ge=0, le=1e6)
    per_min: float = Field(default=30.0, gt=0, le=1440)
    aht_s: float = Field(gt=0, le=36_000)
    patience_s: float | None = Field(default=None, gt=0, le=86_400)
    within_s: float = Field(default=20.0, ge=0, le=3600)
    agents: float | None = Field(default=None, ge=0, le=1e6)
    target: TargetBody | None = None
    shrinkage: float = Field(default=0.0, ge=0, lt=1)

    @model_validator(mode="after")
    def _one_of_both(self) -> "CaseBody":
        if (self.agents is None) == (self.target is None):
            raise ValueError("name either agents or a target")
        return self


class CaseShown(BaseModel):
    """What follows for one interval; null where no steady state exists (too few agents, endless patience)."""

    agents: float
    scheduled: int
    service_level: float | None
    probability_of_wait: float | None
    asa_s: float | None
    mean_wait_s: float | None
    p90_wait_s: float | None
    occupancy: float | None
    abandonment: float | None
    queue_length: float | None


class CurveBody(Sent):
    """The case whose cost curve is wanted; ``agents`` from and to, null for what surrounds the load."""

    calls: float = Field(ge=0, le=1e6)
    per_min: float = Field(default=30.0, gt=0, le=1440)
    aht_s: float = Field(gt=0, le=36_000)
    patience_s: float | None = Field(default=180.0, gt=0, le=86_400)
    within_s: float = Field(default=20.0, ge=0, le=3600)
    from_agents: int | None = Field(default=None, ge=1, le=100_000)
    to_agents: int | None = Field(default=None, ge=1, le=100_000)


class CurveShown(BaseModel):
    """What one more person buys: figures by number of agents."""

    erlangs: float
    agents: list[int]
    service_level: Column
    abandonment: Column
    asa_s: Column
    occupancy: Column


class PatienceShown(BaseModel):
    """Mean patience of a queue's callers, with its 95 % interval; null is endless.

    From ``visits`` of the last ``days`` days, of which ``abandoned`` gave up within ``waited_s`` seconds that
    all waited together; who was answered would have waited at least so long.
    """

    mean_s: float | None
    low_s: float | None
    high_s: float | None
    abandoned: int
    waited_s: float
    visits: int
    days: int
