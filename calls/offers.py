"""What became of each offer, as the history counts it: accepted, missed, rejected, unreachable, withdrawn.

The journal says that an offer was made and that it was taken back. That it was accepted is in the record of
its call, or in its wrap-up; that a telephone did not take it, in how the leg ended that rang.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from calls.machine.offers import BY_PERSON
from calls.tables import OfferRow
from domain.calls import CallRecord
from domain.switch import EndReason

ACCEPTED, MISSED, REJECTED, UNREACHABLE, WITHDRAWN = (
    "accepted",
    "missed",
    "rejected",
    "unreachable",
    "withdrawn",
)
_RESCINDED = {"timed_out": MISSED, "declined": REJECTED}


class Offers:
    """The offers of some calls, read once and written with the session."""

    def __init__(self, session: Session, calls: Collection[str]) -> None:
        self._session = session
        self._of: dict[str, dict[str, OfferRow]] = {}
        for row in session.scalars(select(OfferRow).where(OfferRow.call.in_(calls))):
            self._of.setdefault(row.call, {})[row.offer] = row

    def made(self, at: int, decided: dict[str, Any], leg: str) -> None:
        """A call was held out to an agent whose telephone rings as ``leg``; repeating it changes nothing."""
        of_call = self._of.setdefault(decided["call"], {})
        if decided["offer"] in of_call:
            return
        row = OfferRow(
            call=decided["call"],
            offer=decided["offer"],
            queue=decided["queue"],
            agent=decided["agent"],
            at=at,
            counted=at,
            outcome="",
            leg=leg,
            transferred=False,
        )
        of_call[row.offer] = row
        self._session.add(row)

    def rescinded(self, call: str, offer: str, reason: str) -> None:
        """The floor took it back."""
        row = self._of.get(call, {}).get(offer)
        if row is not None and not row.outcome:
            row.outcome = _RESCINDED.get(reason, WITHDRAWN)

    def leg_ended(self, leg: str, reason: EndReason) -> None:
        """A telephone did not take it, if it was still ringing."""
        for row in self._of.get(leg.partition(".")[0], {}).values():
            if row.leg == leg and not row.outcome:
                row.outcome = REJECTED if reason in BY_PERSON else UNREACHABLE

    def accepted(self, call: str, offer: str) -> None:
        """It led to a contact, whatever became of the telephone afterwards."""
        row = self._of.get(call, {}).get(offer)
        if row is not None:
            row.outcome = ACCEPTED

    def handed_on(self, call: str, agent: str) -> None:
        """The agent gave the caller to somebody else."""
        theirs = [row for row in self._of.get(call, {}).values() if row.agent == agent]
        if theirs:
            max(theirs, key=lambda row: row.at).transferred = True

    def was_handed_on(self, call: str, offer: str | None) -> bool:
        """Whether its contact ended so."""
        row = self._of.get(call, {}).get(offer or "")
        return row is not None and row.transferred

    def finished(self, record: CallRecord) -> None:
        """The call is in the history: its offers count where the visits count that they were made in."""
        for row in self._of.get(record.call, {}).values():
            for visit in record.visits:
                if visit.offer == row.offer:
                    row.outcome = ACCEPTED
                if visit.offer == row.offer or visit.entered <= row.at <= visit.left:
                    row.counted = visit.entered
                    break
