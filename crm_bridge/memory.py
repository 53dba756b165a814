"""A CRM in memory: the twin of every adapter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any

from common import phones
from crm_bridge import card
from crm_bridge.contacts import of_call
from crm_bridge.customers import digits_of
from crm_bridge.lookup import MOST_CANDIDATES, answer, this_day
from crm_bridge.records import Contact, Customer
from crm_bridge.schemes import Scheme, tier_of
from domain.calls import CallRecord
from domain.crm import CallerIdentified
from domain.ids import CallId
from domain.instant import Instant


class MemoryCrm:
    """Customers in dictionaries, under one lock."""

    def __init__(
        self, schemes: Iterable[Scheme], region: str, agents: Mapping[str, str] = card.NO_NAMES
    ) -> None:
        self._schemes, self._region, self._agents = tuple(schemes), region, agents
        self._customers: dict[str, Customer] = {}
        self._contacts: dict[str, list[Contact]] = {}
        self._lock = Lock()

    def identify(self, call: CallId, number: str) -> CallerIdentified:
        """Who has this number."""
        found = phones.normalise(number, self._region)
        sharing = [c for c in self._all() if found in c.phones][:MOST_CANDIDATES]
        given = answer(call, sharing, self._schemes, this_day())
        if given.customer is None:
            return given
        with self._lock:
            told = [c for c in self._contacts.get(given.customer, ()) if c.agent is not None]
        return replace(given, last_agent=max(told, key=lambda c: c.at).agent if told else None)

    def card(
        self, call: str, match: str, customer: str | None, candidates: tuple[str, ...]
    ) -> dict[str, Any]:
        """The screen-pop."""
        today = this_day()
        with self._lock:
            if customer is not None:
                if customer not in self._customers:
                    return card.card(call, "none", None)
                one = self._customers[customer]
                said = self._latest(customer, card.LAST_CONTACTS)
                tier = tier_of(self._schemes, one, today)
                return card.card(call, match, card.view(one, tier, said, self._agents))
            sharing = [self._customers[id] for id in candidates if id in self._customers]
        found = [card.candidate(one, tier_of(self._schemes, one, today)) for one in sharing]
        return card.card(call, match, None, found)

    def search(self, words: str, limit: int, after: str = "") -> list[Customer]:
        """Customers by id, name or number."""
        words = words.strip()
        digits = digits_of(words)

        def fits(one: Customer) -> bool:
            by_number = bool(digits) and any(digits in number for number in one.phones)
            return one.id == words or words.casefold() in one.name.casefold() or by_number

        return [one for one in self._all() if one.id > after and fits(one)][:limit]

    def put(self, customer: Customer, changed: Instant, by: str = "") -> None:
        """Write a customer."""
        with self._lock:
            self._customers[customer.id] = customer

    def add_call(self, record: CallRecord) -> None:
        """Add a finished call."""
        with self._lock:
            if record.customer is None or record.customer not in self._customers:
                return
            kept = self._contacts.setdefault(record.customer, [])
            if all(contact.call != record.call for contact in kept):
                kept.append(of_call(record))

    def contacts(self, customer: str, limit: int) -> Sequence[Contact]:
        """The last contacts, newest first."""
        with self._lock:
            return self._latest(customer, limit)

    def _latest(self, customer: str, limit: int) -> list[Contact]:
        oldest_first = sorted(self._contacts.get(customer, ()), key=lambda c: c.at)
        return oldest_first[::-1][:limit]

    def _all(self) -> list[Customer]:
        with self._lock:
            return [self._customers[id] for id in sorted(self._customers)]
