"""What surrounds a rehearsed call: who calls whom and when, what is open, what is answered.

A world is a few keys of YAML, the same in scenarios and in the answers of ``callfloor flow try``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo

import yaml

from common.hours import WEEKDAYS, Calendars, read_zone
from domain.config import CalendarConfig
from domain.crm import CallerIdentified
from domain.ids import AgentId, CallId, CustomerId, TierId
from domain.instant import MICROS_PER_SECOND, Instant
from ivr.document import Section, line_of
from ivr.flow import Value
from ivr.walk import Standing

DAY: Final = date(2026, 10, 12)
"""The day of a call whose time is written without one: a Monday on which banks are open."""
ZONE: Final = "Asia/Shanghai"
TEN: Final = Instant(round(datetime.combine(DAY, time(10), ZoneInfo(ZONE)).timestamp()) * MICROS_PER_SECOND)

Outcome = Literal["ok", "none", "failed", "silent"]
"""``silent``: no answer ever comes."""
Match = Literal["none", "one", "many", "failed", "silent"]

ANYBODY: Final = "any"
"""The number under which the customer stands who is found for every number."""
WITHHELD: Final = "withheld"
"""How a caller is written who hides their number."""

_SECONDS = re.compile(r"(\d+(?:\.\d+)?) *(ms|s|min|h)?")
_UNITS: Final = {"ms": 0.001, "s": 1.0, "": 1.0, "min": 60.0, "h": 3600.0}
_TIME = re.compile(r"(?:(\d{4}-\d\d-\d\d)[ T])?(\d\d:\d\d(?::\d\d)?)")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, ``after_s`` seconds after the question; only for questions with the parameters ``when``."""

    outcome: Outcome = "ok"
    values: Mapping[str, Value] = field(default_factory=dict)
    after_s: float = 0.0
    why: str = ""
    when: Mapping[str, str] = field(default_factory=dict)

    def fits(self, parameters: Mapping[str, str]) -> bool:
        """Whether a question with these parameters gets this answer."""
        return all(parameters.get(key) == value for key, value in self.when.items())


@dataclass(frozen=True, slots=True)
class Person:
    """What the customer records say of a number."""

    match: Match = "one"
    name: str = ""
    customer: str = "k1"
    tier: str = ""
    priority: float = 0.0
    owner: str = ""
    last_agent: str = ""
    language: str = ""
    branch: str = ""
    after_s: float = 0.0

    def identified(self, call: CallId) -> CallerIdentified:
        """The fact the flow hears. Not for ``silent``."""
        if self.match == "silent":
            raise ValueError("silence is no answer")
        if self.match != "one":
            shared = (CustomerId("k1"), CustomerId("k2")) if self.match == "many" else ()
            return CallerIdentified(call, self.match, candidates=shared)
        return CallerIdentified(
            call,
            "one",
            CustomerId(self.customer),
            self.name,
            TierId(self.tier) if self.tier else None,
            self.priority,
            AgentId(self.owner) if self.owner else None,
            self.language or None,
            last_agent=AgentId(self.last_agent) if self.last_agent else None,
            branch=self.branch,
        )


@dataclass(frozen=True, slots=True)
class World:
    """Everything a rehearsed call meets. Answers stand under the name of what is asked, or of its kind."""

    at: Instant = TEN
    zone: str = ZONE
    caller: str = "+8613800000001"
    dialled: str = "95588"
    variables: Mapping[str, Value] = field(default_factory=lambda: {"source": ""})
    open: Mapping[str, bool] = field(default_factory=dict)
    calendars: tuple[CalendarConfig, ...] = ()
    customers: Mapping[str, Person] = field(default_factory=dict)
    answers: Mapping[str, tuple[Reply, ...]] = field(default_factory=dict)
    queues: Mapping[str, Standing] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    """By which exit the call leaves a node that shares calls out."""

    def person(self, number: str) -> Person | None:
        """Who has the number; None if nothing is written of it."""
        return self.customers.get(number) or self.customers.get(ANYBODY)

    def replies(self, kind: str, name: str) -> tuple[Reply, ...]:
        """What is answered to a question of this kind and name, one after the other."""
        for key in (f"{kind} {name}", name, kind):
            if key in self.answers:
                return self.answers[key]
        return ()


class OpenOrClosed:
    """Calendars given as open or closed, and calendars with hours of their own."""

    __slots__ = ("_kept", "_open")

    def __init__(self, world: World) -> None:
        self._open = world.open
        self._kept = Calendars(world.calendars)

    def is_open(self, calendar: str, now: Instant) -> bool:
        """As the calendar says. Raises LookupError for one that is not written."""
        is_open = self._open.get(calendar)
        return self._kept.is_open(calendar, now) if is_open is None else is_open


# ------------------------------------------------------------------ reading


def read_world(section: Section, base: World) -> World:
    """The world a mapping describes; what it leaves out is as in ``base``. Problems are noted."""
    world = base
    if section.has("zone"):
        zone = section.text("zone")
        try:
            read_zone(zone)
            world = replace(world, zone=zone)
        except ValueError as error:
            section.wrong(str(error), "zone")
    if section.has("at"):
        world = replace(world, at=_instant(section, world))
    if section.has("caller"):
        caller = section.text("caller")
        world = replace(world, caller="" if caller == WITHHELD else caller)
    if section.has("dialled"):
        world = replace(world, dialled=section.text("dialled"))
    if section.has("source"):
        world = replace(world, variables={**world.variables, "source": section.text("source")})
    if section.has("variables"):
        world = replace(world, variables={**world.variables, **section.values("variables")})
    if section.has("calendars"):
        world = _with_calendars(section, world)
    if section.has("customer"):
        world = replace(world, customers={**world.customers, ANYBODY: _person(section, "customer")})
    if (item := section.take("customers", required=False)) is not None:
        numbers = Section(item, f"{section.where}: customers", section.notes)
        found = {number: _person(numbers, number) for number in numbers.items}
        world = replace(world, customers={**world.customers, **found})
    if (item := section.take("answers", required=False)) is not None:
        names = Section(item, f"{section.where}: answers", section.notes)
        replies = {name: _replies(names, name) for name in names.items}
        world = replace(world, answers={**world.answers, **replies})
    if (item := section.take("queues", required=False)) is not None:
        queues = Section(item, f"{section.where}: queues", section.notes)
        figures = {name: _figures(queues, name) for name in queues.items}
        world = replace(world, queues={**world.queues, **figures})
    if (item := section.take("parts", required=False)) is not None:
        nodes = Section(item, f"{section.where}: parts", section.notes)
        world = replace(world, parts={**world.parts, **{name: nodes.text(name) for name in nodes.items}})
    return world


def seconds(section: Section, key: str) -> float:
    """A length of time: ``3``, ``3s``, ``500ms``, ``2 min``."""
    text = section.text(key)
    found = _SECONDS.fullmatch(text.strip())
    if found is None:
        if text:
            section.wrong(f"{key} is {text!r}; write a time like 3s, 500ms or 2min", key)
        return 0.0
    return float(found[1]) * _UNITS[found[2] or ""]


def _instant(section: Section, world: World) -> Instant:
    text = section.text("at").strip()
    found = _TIME.fullmatch(text)
    try:
        if found is None:
            moment = datetime.fromisoformat(text)
        else:
            day = date.fromisoformat(found[1]) if found[1] else DAY
            moment = datetime.combine(day, time.fromisoformat(found[2]))
    except ValueError:
        if text:
            section.wrong(f"at is {text!r}; write a time like 10:30 or 2026-10-12 10:30", "at")
        return world.at
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(world.zone))
    return Instant(round(moment.timestamp() * MICROS_PER_SECOND))


def _with_calendars(section: Section, world: World) -> World:
    item = section.take("calendars")
    assert item is not None
    named = Section(item, f"{section.where}: calendars", section.notes)
    fixed, kept = dict(world.open), {one.id: one for one in world.calendars}
    for name, node in named.items.items():
        if isinstance(node, yaml.MappingNode):
            fixed.pop(name, None)
            kept[name] = _calendar(name, Section(node, f"{named.where}: {name}", section.notes), world.zone)
        else:
            how = named.text(name, among=("open", "closed", "gone"))
            fixed.pop(name, None)
            kept.pop(name, None)
            if how != "gone":
                fixed[name] = how == "open"
    return replace(world, open=fixed, calendars=tuple(kept.values()))


def _calendar(name: str, section: Section, zone: str) -> CalendarConfig:
    hours: dict[str, tuple[str, ...]] = {}
    if (item := section.take("hours", required=False)) is not None:
        days = Section(item, f"{section.where}: hours", section.notes)
        hours = {day: days.texts(day) for day in days.items}
        for day in days.items:
            if day not in WEEKDAYS:
                days.wrong(f"{day} is no weekday; they are {', '.join(WEEKDAYS)}", day)
    config = CalendarConfig(
        name,
        section.text("timezone", zone),
        hours,
        section.text("country", ""),
        section.texts("closed"),
        section.texts("open"),
    )
    section.finish()
    calendars = Calendars((config,))
    try:
        calendars.is_open(name, TEN)
    except LookupError as error:
        section.wrong(str(error))
    return config


def _person(section: Section, key: str) -> Person:
    node = section.take(key)
    if not isinstance(node, yaml.MappingNode):
        match = section.text(key, among=("none", "many", "failed", "silent"))
        return Person(match=match)  # type: ignore[arg-type]
    one = Section(node, f"{section.where}: {key}", section.notes)
    person = Person(
        match=one.text("match", "one", among=get_args(Match)),  # type: ignore[arg-type]
        name=one.text("name", ""),
        customer=one.text("customer", "k1"),
        tier=one.text("tier", ""),
        priority=one.number("priority", 0.0, -10_000, 10_000),
        owner=one.text("owner", ""),
        last_agent=one.text("last_agent", ""),
        language=one.text("language", ""),
        branch=one.text("branch", ""),
        after_s=seconds(one, "after") if one.has("after") else 0.0,
    )
    one.finish()
    return person


def _replies(section: Section, key: str) -> tuple[Reply, ...]:
    node = section.take(key)
    parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
    if not parts:
        section.wrong(f"{key} must have an answer", key)
    return tuple(_reply(section, key, part) for part in parts if isinstance(part, yaml.Node))


def _reply(section: Section, key: str, node: yaml.Node) -> Reply:
    where = f"{section.where}: {key}"
    if not isinstance(node, yaml.MappingNode):
        if node.value not in get_args(Outcome):
            words = ", ".join(get_args(Outcome))
            section.notes.add(line_of(node), f"{where} must be a mapping of values or one of {words}")
            return Reply()
        return Reply(node.value)
    one = Section(node, where, section.notes)
    if not any(name in one.items for name in ("outcome", "values")):
        return Reply(values=_values(one))
    values = one.take("values", required=False)
    when = one.take("when", required=False)
    reply = Reply(
        one.text("outcome", "ok", among=get_args(Outcome)),  # type: ignore[arg-type]
        {} if values is None else _values(Section(values, f"{where}: values", section.notes)),
        seconds(one, "after") if one.has("after") else 0.0,
        one.text("why", ""),
        {} if when is None else _texts(Section(when, f"{where}: when", section.notes)),
    )
    one.finish()
    return reply


def _values(section: Section) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name in section.items:
        value = section.value(name)
        if isinstance(value, tuple):
            section.wrong(f"{name} must be a text, a number or true/false", name)
        else:
            found[name] = value
    return found


def _texts(section: Section) -> dict[str, str]:
    return {name: section.text(name) for name in section.items}


def _figures(section: Section, key: str) -> Standing:
    node = section.take(key)
    assert node is not None
    one = Section(node, f"{section.where}: {key}", section.notes)
    figures = (
        one.whole("waiting", 0, 0, 1_000_000),
        seconds(one, "wait") if one.has("wait") else None,
        one.whole("available", 0, 0, 1_000_000),
        one.whole("staffed", 0, 0, 1_000_000),
    )
    one.finish()
    return figures
