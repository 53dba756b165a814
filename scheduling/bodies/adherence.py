"""Adherence, and who was excused from it."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field, model_validator

from scheduling.bodies.base import Id, RosterNote, RosterSent


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
