"""What callers type, as the value it stands for: an amount with ``*`` as its point, a date in its order."""

import re
from datetime import date
from typing import Final

from domain.switch import Speak
from ivr.flow import Prompts

KINDS: Final = ("digits", "amount", "date")

FORMATS: Final = ("YYYYMMDD", "DDMMYYYY", "MMDDYYYY", "YYYYMM", "MMYYYY", "MMYY")
"""Orders in which dates are typed; two digits of a year are those of this century."""

_AMOUNT = re.compile(r"([0-9]*)(?:\*([0-9]*))?")

_CONFIRM = {
    "zh-CN": "您输入的是{value}，正确请按 1，重新输入请按 2。",
    "en": "You entered {value}. If that is right, press 1. To enter it again, press 2.",
}


def read_amount(keys: str, decimals: int) -> str | None:
    """``12*5`` as ``12.50``: always so many decimals. None if it is no amount, or has more of them."""
    found = _AMOUNT.fullmatch(keys)
    if found is None:
        return None
    whole, part = found[1], found[2] or ""
    if not whole + part or len(part) > decimals:
        return None
    number = str(int(whole or "0"))
    return f"{number}.{part.ljust(decimals, '0')}" if decimals else number


def read_date(digits: str, order: str) -> str | None:
    """The ISO date (``2026-11-30``), or month (``2026-11``), typed in ``order``; None for no such day."""
    if len(digits) != len(order):
        return None

    def part(letter: str, default: str) -> str:
        return "".join(d for d, o in zip(digits, order, strict=True) if o == letter) or default

    year, month, day = part("Y", ""), part("M", "01"), part("D", "01")
    year = year if len(year) == 4 else f"20{year}"
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return None
    return f"{year}-{month}-{day}" if "D" in order else f"{year}-{month}"


def read_back(variable: str, kind: str, languages: tuple[str, ...]) -> Prompts:
    """Our words that repeat an entry and ask whether it is right."""
    said: Prompts = {}
    for language in languages:
        spoken = language if language in _CONFIRM else "en"
        words = _CONFIRM[spoken].replace("{value}", f"{{{variable}|{kind}}}")
        said[language] = (Speak(words, spoken),)
    return said
