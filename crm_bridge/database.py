"""The platform's own records as a CRM."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from common.db import Database
from crm_bridge import card, contacts, customers, lookup
from crm_bridge.records import Contact, Customer
from domain.calls import CallRecord
from domain.crm import CallerIdentified
from domain.ids import CallId
from domain.instant import Instant


class DatabaseCrm:
    """Each method is one transaction. ``region`` is the country of numbers without a country code."""

    def __init__(
        self,
        database: Database,
        region: str,
        agents: Callable[[], Mapping[str, str]] = lambda: card.NO_NAMES,
    ) -> None:
        """``agents`` gives names by agent id."""
        self._database, self._region, self._agents = database, region, agents

    def identify(self, call: CallId, number: str) -> CallerIdentified:
        """Who has this number."""
        with self._database.transaction() as session:
            return lookup.identify(session, call, number, self._region)

    def card(
        self, call: str, match: str, customer: str | None, candidates: tuple[str, ...]
    ) -> dict[str, Any]:
        """The screen-pop."""
        with self._database.transaction() as session:
            return card.read(session, call, match, customer, candidates, self._agents())

    def search(self, words: str, limit: int, after: str = "") -> list[Customer]:
        """Customers by id, name or number."""
        with self._database.transaction() as session:
            return customers.search(session, words, limit, after)

    def put(self, customer: Customer, changed: Instant, by: str = "") -> None:
        """Write a customer."""
        with self._database.transaction() as session:
            customers.put(session, customer, changed, by)

    def add_call(self, record: CallRecord) -> None:
        """Add a finished call."""
        with self._database.transaction() as session:
            contacts.add_call(session, record)

    def contacts(self, customer: str, limit: int) -> Sequence[Contact]:
        """The last contacts, newest first."""
        with self._database.transaction() as session:
            return contacts.latest(session, customer, limit)
