"""What happened to a call, in order, told from the journal."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calls.journal import Entry, read_entries_of_call
from domain.calls import CallChanged, CallFinished, Ignored, WrapUpNoted
from domain.crm import CallerIdentified
from domain.floor import Offer, Rescind, ReturnToFlow, Why
from domain.instant import Instant
from domain.switch import CallArrived, DigitPressed, LegAnswered, LegEnded


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the story: when, a word for what, and the particulars."""

    at: Instant
    what: str
    detail: str


def story(journal: Path, call: str) -> list[Line]:
    """The story of a call; empty when the journal does not know it (any more)."""
    lines: list[Line] = []
    for entry in read_entries_of_call(journal, call):
        lines += _lines(entry, call)
    return lines


def _lines(entry: Entry, call: str) -> list[Line]:
    # An entry concerns several calls when the end of one frees the agent for the next.
    own = _call_of(entry.fact) == call
    told = [_fact(entry.fact)] if own else []
    told += [_decision(item, call) for item in entry.made() if own or not isinstance(item, Ignored)]
    return [Line(entry.at, what, _printable(detail)) for what, detail in (t for t in told if t is not None)]


def _printable(text: str) -> str:
    # A caller's number is what somebody sent: it must not steer the terminal it is read on.
    return "".join(c if c.isprintable() else " " for c in text)


def _call_of(fact: Any) -> str | None:
    leg = getattr(fact, "leg", None)
    call: str | None = getattr(fact, "call", None) if leg is None else leg.partition(".")[0]
    return call


def _fact(fact: Any) -> tuple[str, str] | None:
    if isinstance(fact, CallArrived):
        return "arrived", f"{fact.caller or 'anonymous'} dialled {fact.dialled}"
    if isinstance(fact, DigitPressed):
        return "digit", fact.digit
    if isinstance(fact, CallerIdentified):
        if fact.match == "one":
            return "identified", f"{fact.name} ({fact.customer}), tier {fact.tier or 'none'}"
        return "identified", {"none": "nobody known", "many": f"{len(fact.candidates)} share the number"}.get(
            fact.match, "the records did not answer"
        )
    if isinstance(fact, LegAnswered):
        return "leg answered", fact.leg
    if isinstance(fact, LegEnded):
        return "leg ended", f"{fact.leg}: {fact.reason}"
    return None


def _decision(item: Any, call: str) -> tuple[str, str] | None:
    if getattr(item, "call", call) != call:
        return None
    if isinstance(item, Offer):
        return "offered", f"to {item.agent} in queue {item.queue}: {explain(item.why)}"
    if isinstance(item, Rescind):
        return "rescinded", f"from {item.agent}: {item.reason}"
    if isinstance(item, ReturnToFlow):
        return "returned", f"from queue {item.queue}: {item.reason}"
    if isinstance(item, CallChanged):
        return "phase", item.phase
    if isinstance(item, WrapUpNoted):
        return "noted", f"by {item.agent}: {item.code}"
    if isinstance(item, Ignored) and item.fact != "LegEnded":  # a leg that ended by our own doing
        return "ignored", f"{item.fact}: {item.why}"
    if isinstance(item, CallFinished) and item.record.call == call:
        return "finished", f"{item.record.outcome}, ended by {item.record.ended_by}"
    return None


def explain(why: Why) -> str:
    """The reasons of an offer in one sentence."""
    fit = [c for c in why.candidates if not c.filtered]
    out = [f"{c.agent} ({c.filtered})" for c in why.candidates if c.filtered]
    parts = [
        f"{why.strategy}, priority {why.priority:.1f} after {why.waited_s:.1f} s, ahead of {why.ahead_of}"
    ]
    if fit:
        parts.append(
            "considered "
            + ", ".join(
                f"{c.agent} {c.handled_s:.0f} s busy, {c.idle_s:.0f} s idle"
                + (", asked for" if c.preferred else "")
                + (f", missed it {c.missed}×" if c.missed else "")
                for c in fit
            )
        )
    if out:
        parts.append("passed over " + ", ".join(out))
    return "; ".join(parts)
