"""Patterns a flow may hold an entry against: a small part of regular expressions that never takes long.

Digits, letters, ``.``, ``\\d``, sets like ``[1-9]``, each as often as ``{4}``, ``{2,6}``, ``?``, ``*`` or
``+`` say, and ``|`` between whole alternatives. No brackets, and in each alternative at most one piece of
varying length, so that there is next to nothing to try twice.
"""

import re
from functools import lru_cache

LONGEST = 200
"""Characters of a pattern."""

_PIECE = re.compile(
    r"(?:\\d|\\[.*+?|\[\]{}()\\-]|\.|\[(?:[0-9A-Za-z#*](?:-[0-9A-Za-z])?)+\]|[^\\.\[\](){}|?*+^$])"
    r"(?P<often>\?|\*|\+|\{\d{1,2}(?:,\d{0,2})?\})?"
)


class BadPattern(ValueError):
    """The text is no pattern; the message says why."""


@lru_cache(maxsize=1024)
def compile_pattern(text: str) -> re.Pattern[str]:
    """The pattern as Python knows it, to be held against a whole text. Raises BadPattern."""
    if not text or len(text) > LONGEST:
        raise BadPattern(f"a pattern has 1 to {LONGEST} characters")
    for alternative in text.split("|"):
        _check(alternative)
    try:
        return re.compile(text, re.ASCII)
    except re.error as error:
        raise BadPattern(f"{text!r} is no pattern: {error.msg}") from None


def fits(pattern: str, text: str) -> bool:
    """Whether ``text`` as a whole is of the form ``pattern``. Raises BadPattern."""
    return compile_pattern(pattern).fullmatch(text) is not None


def _check(alternative: str) -> None:
    at, varying = 0, 0
    while at < len(alternative):
        piece = _PIECE.match(alternative, at)
        if piece is None:
            raise BadPattern(
                f"{alternative[at:]!r} is nothing a pattern may hold (digits, \\d, [1-9], {{4}}, |)"
            )
        often = piece["often"] or ""
        varying += often in ("?", "*", "+") or "," in often
        at = piece.end()
    if varying > 1:
        raise BadPattern(f"{alternative!r} has more than one piece of varying length; use | for alternatives")
