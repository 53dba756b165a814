"""What happened in a call, as lines people read; how long things take to say."""

import re
from collections.abc import Callable
from typing import Any, Final

from domain.calls import CallbackChosen
from domain.crm import CallerIdentified
from domain.floor import Announce, CallbackKept, ProposeCallback
from domain.flow import (
    Answered,
    Ask,
    Conceal,
    EndCall,
    Enqueue,
    HandOver,
    LookUpCustomer,
    Mark,
    Reprioritise,
    SecretLost,
    TakeMessage,
)
from domain.instant import Instant, seconds_between
from domain.switch import Prompt, Sound, Speak, Tone

CHINESE_S: Final = 0.22
LETTER_S: Final = 0.06
SOUND_S: Final = 2.0
"""A recorded sound of which nothing is known."""

_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


def spoken(prompt: Prompt) -> str:
    """A prompt as text; sounds without words and tones stand in ``<>``."""
    if isinstance(prompt, Speak):
        return prompt.text
    if isinstance(prompt, Sound):
        return prompt.text or f"<{prompt.name}>"
    return f"<{prompt.hz} Hz, {prompt.ms} ms>" if prompt.hz else f"<silence, {prompt.ms} ms>"


def length_s(prompt: Prompt) -> float:
    """About how long it takes to say."""
    if isinstance(prompt, Tone):
        return prompt.ms / 1000
    if not prompt.text:
        return SOUND_S
    wide = len(_WIDE.findall(prompt.text))
    return wide * CHINESE_S + (len(prompt.text) - wide) * LETTER_S


def clock(start: Instant, at: Instant) -> str:
    """Minutes and seconds since the call began: ``1:04.5``."""
    tenths = round(seconds_between(start, at) * 10)
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"


def told(what: Any) -> str:
    """One intent or fact in a few words; '' for what needs none."""
    words = _WORDS.get(type(what))
    return "" if words is None else words(what)


def _pairs(values: Any) -> str:
    return ", ".join(f"{key}={value}" for key, value in values.items())


def _ask(ask: Ask) -> str:
    return f"asks {ask.kind} {ask.name}" + (f" ({_pairs(ask.parameters)})" if ask.parameters else "")


def _enqueue(wait: Enqueue) -> str:
    said = [f"queue {wait.queue}", f"priority {wait.base_priority:g}"]
    if wait.skills:
        said.append(f"skills {' '.join(wait.skills)}")
    said += [f"tier {wait.tier}"] * bool(wait.tier)
    said += [f"prefer {wait.preferred}"] * bool(wait.preferred)
    said += [f"backup {wait.backup}"] * bool(wait.backup)
    said += [f"branch {wait.branch}"] * bool(wait.branch)
    return "waits in " + ", ".join(said)


def _identified(fact: CallerIdentified) -> str:
    return f"answer: {fact.match}" + (f", {fact.name}" if fact.name else "")


def _answered(fact: Answered) -> str:
    said = f"answer: {fact.outcome}"
    if fact.values:
        said += f" ({_pairs(fact.values)})"
    return said + (f", {fact.why}" if fact.why else "")


def _announced(fact: Announce) -> str:
    place = "" if fact.position is None else f" position {fact.position}"
    wait = "" if fact.wait_s is None else f" wait {fact.wait_s:g} s"
    return f"the queue tells:{place}{wait}{' ' * bool(fact.message)}{fact.message}"


_WORDS: Final[dict[type, Callable[[Any], str]]] = {
    LookUpCustomer: lambda i: f"looks up {i.number}",
    Ask: _ask,
    Enqueue: _enqueue,
    Reprioritise: lambda i: f"is worth {i.base_priority:g} as {i.tier or 'nobody'}",
    TakeMessage: lambda i: f"records at most {i.max_s} s",
    EndCall: lambda i: f"ends the call: {i.outcome}",
    Conceal: lambda i: "hides the digits that follow",
    HandOver: lambda i: f"hands over to {i.number}",
    Mark: lambda i: f"marks {i.key} {i.value}",
    CallbackChosen: lambda i: f"keeps the place of {i.number}",
    CallerIdentified: _identified,
    Answered: _answered,
    Announce: _announced,
    ProposeCallback: lambda f: "the queue proposes to call back",
    CallbackKept: lambda f: "the place is kept",
    SecretLost: lambda f: "hidden digits are lost",
}
