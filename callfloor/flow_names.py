"""What a flow may name that is not part of it, as the platform's records have it now."""

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from acd.store import load_config
from callfloor import migrate
from callfloor.asking import known_asks
from callfloor.settings import Settings
from callfloor.wiring import front_door, make_book
from common.calendars import load_calendars
from common.db import Database
from crm_bridge.models import TierRow
from ivr.book import FlowBook
from ivr.check import Surroundings
from ivr.load import FlowError


class Unreadable(Exception):
    """The records cannot be read; the message says why."""


def surroundings(settings: Settings) -> Surroundings:
    """All of it. Raises Unreadable."""
    try:
        if not migrate.is_current(settings.database_url):
            raise Unreadable("the database is not up to date; run: callfloor db upgrade")
        book = make_book(settings)
        database = Database(settings.database_url)
    except (migrate.MigrationError, FlowError, OSError) as error:
        raise Unreadable(str(error).splitlines()[0]) from None
    try:
        with database.transaction() as session:
            book.configure(front_door(session, settings))
            return of(session, book)
    except SQLAlchemyError as error:
        raise Unreadable(str(error).splitlines()[0]) from None
    finally:
        database.close()


def of(session: Session, book: FlowBook) -> Surroundings:
    """What these records and these flows have."""
    config = load_config(session)
    names = {
        "queue": frozenset(str(queue.id) for queue in config.queues),
        "agent": frozenset(str(agent.id) for agent in config.agents),
        "calendar": frozenset(calendar.id for calendar in load_calendars(session)),
        "tier": frozenset(session.scalars(select(TierRow.id))),
        "flow": frozenset(flow.name for flow in book.flows),
    }
    return Surroundings(names, known_asks(), {flow.name: flow for flow in book.flows})
