"""What the platform asks of a CRM, whoever's it is.

An adapter for an outside CRM (OCRM and the like) is one file with one mapping to ``records``. The
platform's own records are ``database``; ``memory`` is the twin for tests and for floors without records.
A CRM that is away raises; whoever asks treats that as ``failed`` and the call goes on.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from crm_bridge.records import Contact, Customer
from domain.calls import CallRecord
from domain.crm import CallerIdentified
from domain.ids import CallId
from domain.instant import Instant


class Crm(Protocol):
    """A CRM. Methods block; they are called from worker threads."""

    def identify(self, call: CallId, number: str) -> CallerIdentified:
        """Who has this number: none, one or many; never ``failed``."""

    def card(
        self, call: str, match: str, customer: str | None, candidates: tuple[str, ...]
    ) -> dict[str, Any]:
        """The screen-pop as JSON, see ``crm_bridge.card``."""

    def search(self, words: str, limit: int, after: str = "") -> list[Customer]:
        """Customers by id, name or number, in the order of ids; at least id, name, branch and phones."""

    def put(self, customer: Customer, changed: Instant, by: str = "") -> None:
        """Write a customer, new or not."""

    def add_call(self, record: CallRecord) -> None:
        """Add a finished call to its customer's history; adding it again changes nothing."""

    def contacts(self, customer: str, limit: int) -> Sequence[Contact]:
        """The last contacts, newest first."""
