"""What happened to a call, in order, told from the journal.

Each line is told twice: as English, and as a ``kind`` with its particulars, so that a page can say it in its
own language.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from calls.journal import Entry, read_entries_of_call
from domain.calls import CallbackFailed, CallChanged, CallFinished, Ignored, PriorityChanged, WrapUpNoted
from domain.crm import CallerIdentified
from domain.desk import (
    CallAssigned,
    CallbackAsked,
    CallbackCancelled,
    CallPrioritised,
    DialAsked,
    PickUpAsked,
    TransferAsked,
)
from domain.floor import (
    Announce,
    CallbackKept,
    CallbackOver,
    Candidate,
    Offer,
    Overflow,
    ProposeCallback,
    Rescind,
    ReturnToFlow,
    Why,
    WrapUpDone,
)
from domain.flow import Answered, Ask, Conceal, HandOver, Mark, Reveal, SecretLost
from domain.instant import Instant
from domain.switch import CallArrived, Dial, DigitPressed, LegAnswered, LegEnded, SecretPressed


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the story: when, a word for what, and the particulars.

    ``kind`` is a stable word, ``params`` its particulars by name; those of an offer hold the agents looked at
    as a JSON list in ``candidates``.
    """

    at: Instant
    what: str
    detail: str
    kind: str = ""
    params: dict[str, str] = field(default_factory=dict)


Told = tuple[str, str, dict[str, Any]]
"""A word for what, the particulars in English, and by name (None where there is nothing to say)."""


def story(journal: Path, call: str) -> list[Line]:
    """The story of a call; empty when the journal does not know it (any more)."""
    lines: list[Line] = []
    offers: set[str] = set()
    for entry in read_entries_of_call(journal, call):
        lines += _lines(entry, call, offers)
    return lines


def _lines(entry: Entry, call: str, offers: set[str]) -> list[Line]:
    # An entry concerns several calls when the end of one frees the agent for the next.
    own = entry.fact is not None and call in _calls_of(entry.fact)
    told = [_tell(FACTS, entry.fact)] if own else []
    for item in entry.made():
        if isinstance(item, Offer) and item.call == call:
            offers.add(item.offer)
        # A leg that ended by our own doing is no news; what else was ignored is told where it was said.
        told_here = (
            own and item.fact != "LegEnded" if isinstance(item, Ignored) else _is_of(item, call, offers)
        )
        if told_here:
            told.append(_tell(DECISIONS, item))
    return [_line(entry.at, *one) for one in told if one is not None]


def _line(at: Instant, what: str, detail: str, params: Mapping[str, Any]) -> Line:
    said = {name: _printable(str(value)) for name, value in params.items() if value not in (None, "")}
    return Line(at, what, _printable(detail), what.replace(" ", "_"), said)


def _printable(text: str) -> str:
    # A caller's number is what somebody sent: it must not steer the terminal it is read on.
    return "".join(c if c.isprintable() else " " for c in text)


def _tell(words: dict[type, Callable[[Any], Told]], item: Any) -> Told | None:
    tell = words.get(type(item))
    return None if tell is None else tell(item)


def _calls_of(item: Any) -> tuple[str | None, ...]:
    leg = getattr(item, "leg", None)
    if leg is not None:
        return (leg.partition(".")[0],)
    if isinstance(item, CallFinished):
        return (item.record.call,)
    return (getattr(item, "call", None), getattr(item, "callback", None))


def _is_of(item: Any, call: str, offers: set[str]) -> bool:
    return item.offer in offers if isinstance(item, CallbackFailed) else call in _calls_of(item)


# ------------------------------------------------------------------ what came in


def _identified(fact: CallerIdentified) -> Told:
    params = {"match": fact.match, "name": fact.name, "customer": fact.customer, "tier": fact.tier}
    if fact.match == "one":
        return "identified", f"{fact.name} ({fact.customer}), tier {fact.tier or 'none'}", params
    count = len(fact.candidates)
    words = {"none": "nobody known", "many": f"{count} share the number"}
    detail = words.get(fact.match, "the records did not answer")
    return "identified", detail, {**params, "count": count if fact.match == "many" else None}


def _arrived(fact: CallArrived) -> Told:
    detail = f"{fact.caller or 'anonymous'} dialled {fact.dialled}"
    return "arrived", detail, {"caller": fact.caller, "dialled": fact.dialled}


def _transfer(fact: TransferAsked) -> Told:
    detail = f"by {fact.agent} to {fact.to} {fact.target}"
    return "transfer", detail, {"agent": fact.agent, "to": fact.to, "target": fact.target}


def _dial_asked(fact: DialAsked) -> Told:
    detail = f"{fact.number} by {fact.agent}" + (f" for queue {fact.queue}" if fact.queue else "")
    return "dial asked", detail, {"agent": fact.agent, "number": fact.number, "queue": fact.queue}


def _callback_asked(fact: CallbackAsked) -> Told:
    detail = f"{fact.number} by {fact.by} in queue {fact.queue}"
    return "callback asked", detail, {"number": fact.number, "by": fact.by, "queue": fact.queue}


def _prioritised(fact: CallPrioritised) -> Told:
    detail = f"from {fact.base_priority:g} on, by {fact.by}"
    return "priority", detail, {"priority": f"{fact.base_priority:g}", "by": fact.by}


def _answered(fact: Answered) -> Told:
    why = f" ({fact.why})" if fact.why else ""
    return "answer", f"{fact.outcome}{why}", {"ask": fact.ask, "outcome": fact.outcome, "why": fact.why}


FACTS: dict[type, Callable[[Any], Told]] = {
    CallArrived: _arrived,
    DigitPressed: lambda f: ("digit", f.digit, {"digit": f.digit}),
    SecretPressed: lambda f: (
        "hidden digit",
        f"{f.secret}, number {f.count}",
        {"secret": f.secret, "count": f.count},
    ),
    SecretLost: lambda f: ("hidden lost", f.secret, {"secret": f.secret}),
    Answered: _answered,
    CallerIdentified: _identified,
    LegAnswered: lambda f: ("leg answered", f.leg, {"leg": f.leg}),
    LegEnded: lambda f: ("leg ended", f"{f.leg}: {f.reason}", {"leg": f.leg, "reason": f.reason}),
    TransferAsked: _transfer,
    PickUpAsked: lambda f: ("picked up", f"by {f.agent}", {"agent": f.agent}),
    CallAssigned: lambda f: ("assigned", f"to {f.agent} by {f.by}", {"agent": f.agent, "by": f.by}),
    CallPrioritised: _prioritised,
    DialAsked: _dial_asked,
    CallbackAsked: _callback_asked,
    CallbackCancelled: lambda f: ("callback cancelled", f"by {f.by}", {"by": f.by}),
}

# ------------------------------------------------------------------ what was decided


def _offered(item: Offer) -> Told:
    why = item.why
    params = {
        "offer": item.offer,
        "agent": item.agent,
        "queue": item.queue,
        "dial": item.dial,
        "strategy": why.strategy,
        "priority": f"{why.priority:.1f}",
        "waited_s": f"{why.waited_s:.1f}",
        "ahead_of": why.ahead_of,
        "candidates": json.dumps([_candidate(c) for c in why.candidates], ensure_ascii=False),
    }
    where = f" in queue {item.queue}" if item.queue else ""
    return "offered", f"to {item.agent}{where}: {explain(why)}", params


def _candidate(c: Candidate) -> dict[str, Any]:
    return {
        "agent": c.agent,
        "filtered": c.filtered,
        "handled_s": round(c.handled_s, 1),
        "idle_s": round(c.idle_s, 1),
        "missed": c.missed,
        "preferred": c.preferred,
        "penalty": c.penalty,
        "home": c.home,
        "score": [round(one, 3) for one in c.score],
    }


def _returned(item: ReturnToFlow) -> Told:
    more = (f" {item.target}" if item.target else "") + (f" ({item.message})" if item.message else "")
    detail = f"from queue {item.queue}: {item.reason}{more}"
    params = {
        "queue": item.queue,
        "reason": item.reason,
        "target": item.target,
        "message": item.message,
    }
    return "returned", detail, params


def _announced(item: Announce) -> Told:
    parts = [item.message] if item.message else []
    parts += [] if item.position is None else [f"position {item.position}"]
    parts += [] if item.wait_s is None else [f"estimated wait {item.wait_s:.0f} s"]
    wait_s = None if item.wait_s is None else f"{item.wait_s:.0f}"
    params = {"queue": item.queue, "position": item.position, "wait_s": wait_s, "message": item.message}
    return "announced", ", ".join(parts), params


def _proposed(item: ProposeCallback) -> Told:
    wait = "" if item.wait_s is None else f", estimated wait {item.wait_s:.0f} s"
    wait_s = None if item.wait_s is None else f"{item.wait_s:.0f}"
    params = {"queue": item.queue, "position": item.position, "wait_s": wait_s}
    return "callback proposed", f"at position {item.position}{wait}", params


def _kept(item: CallbackKept) -> Told:
    detail = f"as {item.callback} for {item.number} in queue {item.queue}"
    params = {
        "callback": item.callback,
        "call": item.call,
        "number": item.number,
        "queue": item.queue,
        "since": item.since,
        "expires": item.expires,
    }
    return "callback kept", detail, params


def _priority(item: PriorityChanged) -> Told:
    tier = f", tier {item.tier}" if item.tier else ""
    params = {"priority": f"{item.base_priority:g}", "tier": item.tier}
    return "priority", f"from {item.base_priority:g} on{tier}", params


def _wrapped_up(item: WrapUpDone) -> Told:
    wrap_s = f"{item.wrap_us / 1e6:.1f}"
    params = {"agent": item.agent, "queue": item.queue, "wrap_s": wrap_s}
    return "wrapped up", f"by {item.agent}: {wrap_s} s", params


def _finished(item: CallFinished) -> Told:
    r = item.record
    handed = f", handed to {r.transferred_to}" if r.transferred_to else ""
    detail = f"{r.outcome}, ended by {r.ended_by}{handed}"
    params: dict[str, Any] = {
        "outcome": r.outcome,
        "ended_by": r.ended_by,
        "transferred_to": r.transferred_to,
        "marks": json.dumps(r.marks, ensure_ascii=False) if r.marks else None,
    }
    return "finished", detail, params


def _asked(item: Ask) -> Told:
    # Not with which parameters: they may be of the customer, and the journal has them.
    return "asked", f"{item.kind} {item.name}", {"ask": item.ask, "ask_kind": item.kind, "name": item.name}


DECISIONS: dict[type, Callable[[Any], Told]] = {
    Offer: _offered,
    Rescind: lambda i: ("rescinded", f"from {i.agent}: {i.reason}", {"agent": i.agent, "reason": i.reason}),
    ReturnToFlow: _returned,
    Overflow: lambda i: (
        "overflowed",
        f"from queue {i.queue} to queue {i.target}",
        {"queue": i.queue, "target": i.target},
    ),
    Announce: _announced,
    ProposeCallback: _proposed,
    CallbackKept: _kept,
    CallbackOver: lambda i: ("callback over", i.reason, {"reason": i.reason, "queue": i.queue}),
    CallbackFailed: lambda i: ("not reached", f"by {i.agent}", {"agent": i.agent}),
    Ask: _asked,
    Conceal: lambda i: ("hides digits", f"of {i.secret}", {"secret": i.secret}),
    Reveal: lambda i: ("hears digits", "", {}),
    HandOver: lambda i: ("handed over", f"to {i.number}", {"number": i.number}),
    Mark: lambda i: ("marked", f"{i.key}: {i.value}", {"key": i.key, "value": i.value}),
    Dial: lambda i: ("dialled", i.number, {"number": i.number, "leg": i.leg}),
    PriorityChanged: _priority,
    WrapUpDone: _wrapped_up,
    CallChanged: lambda i: ("phase", i.phase, {"phase": i.phase, "queue": i.queue, "agent": i.agent}),
    WrapUpNoted: lambda i: ("noted", f"by {i.agent}: {i.code}", {"agent": i.agent, "code": i.code}),
    Ignored: lambda i: ("ignored", f"{i.fact}: {i.why}", {"fact": i.fact, "why": i.why}),
    CallFinished: _finished,
}


def explain(why: Why) -> str:
    """The reasons of an offer in one sentence."""
    fit = [c for c in why.candidates if not c.filtered]
    out = [f"{c.agent} ({c.filtered})" for c in why.candidates if c.filtered]
    parts = [
        f"{why.strategy}, priority {why.priority:.1f} after {why.waited_s:.1f} s, ahead of {why.ahead_of}"
    ]
    if fit:
        parts.append("considered " + ", ".join(_standing(c) for c in fit))
    if out:
        parts.append("passed over " + ", ".join(out))
    return "; ".join(parts)


def _standing(c: Candidate) -> str:
    return (
        f"{c.agent} {c.handled_s:.0f} s busy, {c.idle_s:.0f} s idle"
        + (", asked for" if c.preferred else "")
        + (f", missed it {c.missed}×" if c.missed else "")
        + (", of the branch" if c.home else "")
        + (f", penalty {c.penalty}" if c.penalty else "")
        + (f", score {'/'.join(f'{one:g}' for one in c.score)}" if c.score else "")
    )
