"""Digits nobody may see: kept in memory by call and name until the call is over, and nowhere else.

While a call conceals, its keys are taken off ``DigitPressed`` before engine, journal or any log sees them;
what goes on is ``SecretPressed`` with the count. ``Ask`` parameters name a secret as ``$secret:NAME``. A
vault shows nothing of itself, cannot be copied or pickled, and is empty after a restart.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final, NoReturn, Protocol

from domain.flow import Answered, Ask, Conceal, SecretLost
from domain.ids import CallId, LegId
from domain.switch import DigitPressed, SecretPressed

REFERENCE: Final = "$secret:"
HIDDEN: Final = "***"
"""Stands in an answer where it would have repeated a secret."""
MOST_DIGITS: Final = 128
MOST_VALUES: Final = 64
MOST_TEXT: Final = 4_000
"""Values of an answer and characters of each: answers are journaled."""
_DIGITS = frozenset("0123456789")
_NOT_DIGITS = re.compile("[^0-9]+")
_ANYWHERE, _SPACED = 4, 8
"""From so many digits on a secret is looked for inside of longer values, and with spaces in between: shorter
ones stand in any number by chance."""


class Concealing(Protocol):
    """What the vault must know of the engine."""

    def conceals(self, leg: LegId) -> str | None:
        """The name under which digits of this leg are kept now; None: they are heard."""

    def secrets(self) -> list[tuple[CallId, str]]:
        """What live calls have typed that nobody may see."""


class _Unseen:
    """Has no text, no copy and no pickle."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} is kept in memory and nowhere else")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Question(_Unseen):
    """An ``Ask`` with its parameters in clear, and every secret of its call, which no answer may repeat.

    ``lost`` names secrets it needs that are not there.
    """

    ask: Ask
    parameters: dict[str, str]
    secrets: tuple[str, ...]
    lost: tuple[str, ...]


class Vault(_Unseen):
    """The digits of all live calls. Used on one thread."""

    __slots__ = ("_kept", "_most")

    def __init__(self) -> None:
        self._kept: dict[CallId, dict[str, str]] = {}
        self._most: dict[CallId, dict[str, int]] = {}

    def hide(self, fact: Any, engine: Concealing) -> Any:
        """``fact`` as anybody may see it: a digit of a call that conceals is kept here, or is too many."""
        if not isinstance(fact, DigitPressed) or _DIGITS.isdisjoint(fact.digit):
            return fact
        name = engine.conceals(fact.leg)
        if name is None:
            return fact
        call = _call_of(fact.leg)
        secrets = self._kept.setdefault(call, {})
        typed = secrets.get(name, "") + "".join(c for c in fact.digit if c in _DIGITS)
        secrets[name] = typed[: self._most.get(call, {}).get(name, MOST_DIGITS)]
        return SecretPressed(fact.leg, name, len(secrets[name]))

    def follow(self, made: Iterable[Any]) -> None:
        """What was decided: a call that begins to conceal begins with nothing."""
        for item in made:
            if isinstance(item, Conceal):
                self._kept.setdefault(item.call, {})[item.secret] = ""
                most = min(item.most, MOST_DIGITS) if item.most > 0 else MOST_DIGITS
                self._most.setdefault(item.call, {})[item.secret] = most

    def lost(self, engine: Concealing) -> list[SecretLost]:
        """What live calls typed that is not here, as after a crash."""
        there = self._kept
        return [SecretLost(call, name) for call, name in engine.secrets() if name not in there.get(call, {})]

    def question(self, ask: Ask) -> Question:
        """The question as it is put to whoever answers."""
        there = self._kept.get(ask.call, {})
        named = {
            key: value.removeprefix(REFERENCE)
            for key, value in ask.parameters.items()
            if value.startswith(REFERENCE)
        }
        clear = {**ask.parameters, **{key: there.get(name, "") for key, name in named.items()}}
        lost = tuple(name for name in named.values() if name not in there)
        return Question(ask, clear, tuple(filter(None, there.values())), lost)

    def forget(self, call: CallId) -> None:
        """The call is over."""
        self._kept.pop(call, None)
        self._most.pop(call, None)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self._most.clear()


def _call_of(leg: LegId) -> CallId:
    return CallId(leg.partition(".")[0])


# ------------------------------------------------------------------ forms


def has_form(form: str, digits: str) -> bool:
    """Whether digits are of a form: ``luhn``, ``length:MIN-MAX`` or ``pattern:REGEX`` (of the whole).

    Raises ValueError for what is no form.
    """
    kind, _, rule = form.partition(":")
    if form == "luhn":
        return _luhn(digits)
    if kind == "length":
        low, _, high = rule.partition("-")
        return int(low) <= len(digits) <= int(high or low)
    if kind == "pattern":
        try:
            return re.fullmatch(rule, digits) is not None
        except re.error as error:
            raise ValueError(f"the pattern is none: {error}") from None
    raise ValueError(f"{form} is no form")


def _luhn(digits: str) -> bool:
    if len(digits) < 2 or not (digits.isascii() and digits.isdecimal()):
        return False  # an amount is typed with a star
    doubled = sum(sum(divmod(2 * int(c), 10)) for c in digits[-2::-2])
    return (doubled + sum(int(c) for c in digits[::-2])) % 10 == 0


# ------------------------------------------------------------------ answers


def without_secrets(answer: Answered, question: Question) -> Answered:
    """The answer as it may be journaled: to this question, of plain values, repeating no secret."""
    ask, values = question.ask, dict[str, str | int | float | bool]()
    for key, value in answer.values.items():
        if len(values) < MOST_VALUES and _is_name(key) and _is_plain(value):
            text = value[:MOST_TEXT] if isinstance(value, str) else value
            if not _tells(key, question.secrets):
                values[key] = HIDDEN if _tells(value, question.secrets) else text
    why = HIDDEN if _tells(answer.why, question.secrets) else answer.why[:MOST_TEXT]
    return Answered(ask.call, ask.ask, answer.outcome, values, why)


def _is_name(key: Any) -> bool:
    return isinstance(key, str) and 0 < len(key) <= 64 and not key.startswith("$")


def _is_plain(value: Any) -> bool:
    return type(value) in (str, int, bool) or (type(value) is float and isfinite(value))


def _tells(value: Any, secrets: Iterable[str]) -> bool:
    """Whether somebody who sees ``value`` sees one of the secrets."""
    text = str(value)
    spaceless = _NOT_DIGITS.sub("", text)
    return any(_is_in(secret, text, spaceless) for secret in secrets)


def _is_in(secret: str, text: str, spaceless: str) -> bool:
    if len(secret) < _ANYWHERE:
        return text.strip() == secret
    return secret in text or (len(secret) >= _SPACED and secret in spaceless)
