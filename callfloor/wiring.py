"""The rooms put together: what one room must ask of another is answered here."""

import hashlib
import importlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from acd.floor import Floor
from acd.floor.strategies import BUILT_IN, Strategy
from acd.store import load_config
from callfloor import __version__
from callfloor.settings import Settings, SettingsError
from calls.engine import Engine, EngineState
from calls.tables import CallRow
from common.calendars import Calendars, load_calendars
from crm_bridge import contacts, tiers
from crm_bridge.port import Crm
from domain.calls import CallChanged, CallFinished, WrapUpNoted
from domain.config import FloorConfigured, FrontDoorConfigured
from domain.crm import CallerIdentified
from domain.flow import LookUpCustomer
from domain.ids import AgentId, CallId, CustomerId, QueueId
from domain.instant import Instant
from ivr.book import SAMPLE_FLOWS, FlowBook, read_published
from ivr.drafts import live_texts
from ivr.store import load_entries


def make_book(settings: Settings) -> FlowBook:
    """The flows of the sample bank and of the configured folders. Raises FlowError."""
    paths = (SAMPLE_FLOWS, *(Path(folder) for folder in settings.flows.folders))
    return FlowBook(paths, hours=Calendars)


def engine_maker(settings: Settings) -> Callable[[Any], Engine]:
    """What the runner makes its engine with: fresh, or as a snapshot says. Raises SettingsError."""
    strategies = own_strategies(settings)

    def make(state: EngineState | None) -> Engine:
        book = make_book(settings)
        if state is None:
            return Engine(Floor(strategies=strategies), book)
        return Engine.restore(state, Floor.restore(state.floor, strategies), book)

    return make


def own_strategies(settings: Settings) -> dict[str, Strategy]:
    """The callables the settings name. Raises SettingsError with every one that is not there."""
    found: dict[str, Strategy] = {}
    problems = []
    for name, place in settings.acd.strategies.items():
        module, _, function = place.partition(":")
        try:
            strategy = getattr(importlib.import_module(module), function)
        except (ImportError, AttributeError) as error:
            problems.append(f"acd.strategies: {name}: {place} is not there: {error}")
            continue
        if name in BUILT_IN:
            problems.append(f"acd.strategies: {name} is the name of a built-in strategy; choose another")
        elif not callable(strategy):
            problems.append(f"acd.strategies: {name}: {place} cannot be called")
        found[name] = strategy
    if problems:
        raise SettingsError(problems)
    return found


def code_version(book: FlowBook) -> str:
    """The version under which decisions are made: the program's and that of the flows in the folders.

    Published flows are in the journal themselves.
    """
    flows = [replace(flow, file="") for flow in book.file_flows]
    return f"{__version__}+{hashlib.sha256(repr(flows).encode()).hexdigest()[:12]}"


def floor_config(session: Session, settings: Settings) -> FloorConfigured:
    """Queues, agents and groups as rows, and what the settings say of the whole floor."""
    return replace(load_config(session), missed_limit=settings.acd.missed_limit)


def front_door(session: Session, settings: Settings) -> FrontDoorConfigured:
    """Entry numbers, calendars and published flows as rows."""
    flows = live_texts(session)
    for text in flows:
        read_published(text)  # here, so that nobody has to wait for it on the event loop
    return FrontDoorConfigured(load_entries(session), load_calendars(session), settings.flows.default, flows)


def look_up(crm: Crm) -> Callable[[LookUpCustomer], CallerIdentified]:
    """How a flow's question who is calling is answered."""
    return lambda question: crm.identify(question.call, question.number)


def card_reader(crm: Crm) -> Callable[[str, str | None, tuple[str, ...], str], dict[str, Any]]:
    """How the screen-pop's card is read."""
    return lambda call, customer, candidates, match: crm.card(call, match, customer, candidates)


def keep_contact(session: Session, item: Any) -> None:
    """A finished call of a known customer becomes a line of their contact history; its note fills it in."""
    if isinstance(item, CallFinished):
        contacts.add_call(session, item.record)
    elif isinstance(item, WrapUpNoted):
        contacts.add_note(session, item)


def tier_names(session: Session) -> dict[str, str]:
    """Tier names by id, for pages."""
    return tiers.names(session)


def ended_call(session: Session, call: str) -> CallChanged | None:
    """A call of the history as pages show it, None if the history does not have it."""
    row = session.get(CallRow, call)
    if row is None:
        return None
    customer = None if row.customer is None else CustomerId(row.customer)
    return CallChanged(
        CallId(row.id),
        "ended",
        Instant(row.ended),
        row.caller,
        row.dialled,
        Instant(row.started),
        queue=None if row.queue is None else QueueId(row.queue),
        agent=None if row.agent is None else AgentId(row.agent),
        customer=customer,
        customer_name=row.customer_name,
        tier=row.tier,
        match="none" if customer is None else "one",
        digits=row.digits,
    )
