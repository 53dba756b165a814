"""Numbers in English text as they are said; what a voice says right by itself (``12``, ``1250``) stays."""

import re

NUMBER = re.compile(
    r"(?<![A-Za-z0-9])"
    r"(?P<minus>(?<!\S)-\s?)?"
    r"(?P<sign>[$£€¥]\s?)?"
    r"(?:(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?!:?\d)"
    r"|(?P<groups>\+?\d+(?:-\d+)+|\+\d{2,}(?: \d{2,})*)(?!-?\d)"
    r"|(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?))"
    r"(?P<percent>\s?%)?"
)
"""One number with what belongs to it. Groups are telephone numbers (400-820-8888) or ranges (10-20)."""

_COINS = {"$": ("dollars", "cents"), "£": ("pounds", "pence"), "€": ("euros", "cents"), "¥": ("yuan", "")}
_UNIT = re.compile(r"\s?(?:dollars?|yuan|rmb|usd|cny|euros?|pounds?|points?|percent|people|days?)\b", re.I)
_CODE = re.compile(r"\b(?:ending(?: in)?|extension|code|number|account|card|pin|ticket|id)(?: is)?\s+$", re.I)


def spoken_english(text: str) -> str:
    """``text`` with its numbers, amounts, times, ``#`` and ``*`` as words."""
    text = NUMBER.sub(lambda found: _say(found, text), text)
    return text.replace("#", " hash ").replace("*", " star ")


def _say(found: re.Match[str], text: str) -> str:
    minus = "minus " if found["minus"] else ""
    if found["hour"]:
        return _time(found["hour"], found["minute"])
    if found["groups"]:
        return _groups(found["groups"])
    number = found["number"].replace(",", "")
    whole, _, part = number.partition(".")
    if found["sign"]:
        return minus + _money(whole, part, found["sign"].strip())
    if found["percent"]:
        return f"{minus}{whole}{_point(part)} percent"
    counted = part or "," in found["number"] or minus or _UNIT.match(text, found.end())
    if not counted and (is_name(whole) or _CODE.search(text, 0, found.start())):
        return ", ".join(" ".join(group) for group in groups_of(whole))
    return minus + whole + _point(part)


def _time(hour: str, minute: str) -> str:
    if minute == "00":
        return f"{int(hour)} o'clock"
    return f"{int(hour)} oh {minute[1]}" if minute[0] == "0" else f"{int(hour)} {minute}"


def _money(whole: str, part: str, sign: str) -> str:
    unit, small = _COINS[sign]
    if small and len(part) == 2:
        return f"{whole} {unit}" + (f" and {int(part)} {small}" if int(part) else "")
    return f"{whole}{_point(part.rstrip('0'))} {unit}"


def _point(part: str) -> str:
    return f" point {' '.join(part)}" if part else ""


def _groups(text: str) -> str:
    if is_range(text):
        return text.replace("-", " to ")
    return ", ".join(" ".join(group) for group in groups_of(text))


def is_range(text: str) -> bool:
    """Whether numbers joined by ``-`` say from where to where: two of them, neither long nor from zero on."""
    parts = text.split("-")
    return len(parts) == 2 and all(part.isdigit() and not is_name(part) for part in parts)


def is_name(digits: str) -> bool:
    """Whether digits name something instead of counting it: five and more, or a leading zero."""
    return len(digits) >= 5 or (len(digits) > 1 and digits[0] == "0")


def groups_of(text: str) -> list[str]:
    """The digits in groups, with pauses where they are written or where people make them."""
    groups = re.findall(r"\d+", text)
    if len(groups) > 1 or len(groups[0]) <= 6:
        return groups
    digits = groups[0]
    if len(digits) == 11:
        return [digits[:3], digits[3:7], digits[7:]]
    return [digits[n : n + 4] for n in range(0, len(digits), 4)]
