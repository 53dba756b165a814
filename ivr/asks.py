"""What a flow asks of outside, under which names and with which parameters; who answers is wired elsewhere.

========= ===================== ======================================================================
kind      name                  parameters
========= ===================== ======================================================================
record    a query of the        the query's own, see ``Known``; values are the fields it gives, outcome
          records               ``none`` where there is nothing
transaction one the records do  its own, and ``key``: what happens at most once. Outcome ``none`` is a
                                refusal, with ``reason`` among its values; it is final for this key
http      the method (``GET``)  ``url``; ``query.NAME``, ``header.NAME``, ``body.NAME`` (fields of a JSON
                                object) or ``body`` (the JSON itself); ``result.NAME``: where in the JSON
                                that comes back the value NAME stands (``data.items.0.amount``, with ``?``
                                at the end if it may be missing: then ""); ``timeout_s`` for all of it,
                                ``retries``, ``key`` (sent as Idempotency-Key). Values: ``status`` and the
                                results. Outcome ``none``: 404 or 410
message   ``sms``, ``email``    ``to``, ``text``, for an e-mail ``subject``; ``key`` lest one is kept twice.
                                Outcome ``none``: nobody can be reached there
complaint ``complaint``         see ``COMPLAINT``; values: ``number``
========= ===================== ======================================================================

Amounts are decimal text with two decimals (``128.50``) beside a ``currency``, dates ISO text: ``2026-11-30``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from domain.ids import CallId
from ivr.flow import Value

Kind = Literal["record", "http", "transaction", "message", "complaint", "secret"]
Parameters = Mapping[str, str]
Values = dict[str, Value]

HTTP_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Known:
    """Something that can be asked: what checkers and documents know of it.

    ``needs`` must be given, exactly one of ``one_of``, any of ``may``; ``gives`` are the values of the answer
    with what each is. A secret may stand for a parameter of ``secret`` and for no other: those are not kept.
    """

    kind: Kind
    name: str
    needs: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    gives: Mapping[str, str] = field(default_factory=dict)
    secret: tuple[str, ...] = ()

    @property
    def parameters(self) -> tuple[str, ...]:
        """Every parameter it takes."""
        return (*self.needs, *self.one_of, *self.may)


COMPLAINT = Known(
    "complaint",
    "complaint",
    needs=("category",),
    may=("text", "recording", "customer", "caller", "contact", "purpose", "language", "read_back", "key"),
    gives={"number": "C20261124-0001, the day and the day's number"},
)
"""``category`` is ``service``, ``work``, ``product`` or ``other``; ``contact`` the number to call back;
``read_back`` ``true`` if what was understood was read back to the caller."""

SMS = Known("message", "sms", needs=("to", "text"), may=("key",), gives={"state": "sent or kept"})
EMAIL = Known(
    "message", "email", needs=("to", "subject", "text"), may=("key",), gives={"state": "sent or kept"}
)
FIXED = (COMPLAINT, SMS, EMAIL)
"""What can be asked whatever the records can do."""


class Records(Protocol):
    """The records a flow may look into. Methods block; they are called from worker threads."""

    def query(self, name: str, parameters: Parameters) -> Values | None:
        """The fields of what was asked for, None if there is no such thing.

        Raises CannotAnswer where nothing could be asked so, anything else if the records are down.
        """


class Transactions(Protocol):
    """What the records do at most once. Methods block; they are called from worker threads."""

    def do(self, name: str, key: str, call: CallId, parameters: Parameters) -> tuple[bool, Values]:
        """Done or refused, with values; the same ``key`` again gets the same answer and does nothing.

        Raises CannotAnswer where nothing could be asked so, anything else if it failed; the same key may
        then be tried again.
        """


class Complaints(Protocol):
    """Who takes complaints in, at any hour; as ``Transactions`` otherwise."""

    def take(self, key: str, call: CallId, parameters: Parameters) -> Values:
        """Write a complaint down and give its ``number``; the same ``key`` again gives the same number."""


class Messages(Protocol):
    """Who sends messages. Methods block; they are called from worker threads."""

    def send(self, channel: str, to: str, text: str, subject: str, key: str) -> tuple[str, str]:
        """What became of it (``sent``, ``kept`` for later, ``refused``, ``failed``) and why.

        ``why`` holds nothing of the message. The same ``key`` again may be the same message.
        """
