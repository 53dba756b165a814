"""Telephone numbers as E.164 (``+8613800138000``), however they were written or signalled."""

import re
from urllib.parse import unquote

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

LONGEST = 250
"""No way to write a number is longer; what is longer is not looked at."""

_URI = re.compile(r"(?:sips?|tel):([^@;?>]*)", re.IGNORECASE)
_EXTENSION = re.compile(r"(?:;ext=|,|#|\bext\b\.?|\bx\b|转|分机).*$", re.IGNORECASE)
_WRITTEN = re.compile(r"[+＋]?[\d\s()（）\[\].．/·‐-―\-－−~]*\d[\d\s()（）\[\].．/·‐-―\-－−~]*")


def normalise(text: str | None, region: str) -> str | None:
    """``text`` as E.164, read as somebody in ``region`` (``CN``) would; None if it is no subscriber's number.

    Takes ``0086…``, ``+86 138-…``, full-width digits, the user part of a SIP or tel address, and leaves
    extensions away. Words (``anonymous``), withheld and internal numbers give None. Never raises.
    """
    written = _written(text or "")
    if written is None:
        return None
    abroad = written.startswith("+")
    tries = [(written, region)]
    if written.startswith("00"):  # the way out of most countries, also where ``region`` dials another
        tries.append((f"+{written[2:]}", region))
    for candidate, at in tries:
        number = _parse(candidate, at)
        if number is None:
            continue
        known = phonenumbers.is_valid_number(number)
        # New ranges reach the tables late: a number with its country written out only has to be possible.
        new = (abroad or candidate.startswith("+")) and (
            phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
        )
        if known or new:
            return phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return None


def _written(text: str) -> str | None:
    """The digits people would write, from an address or a text; None if there is anything else."""
    if len(text) > LONGEST:
        return None
    uri = _URI.search(text)
    user = unquote(uri[1]) if uri else text.split("@")[0]
    user = _EXTENSION.sub("", user).strip()
    if not _WRITTEN.fullmatch(user):
        return None
    digits = "".join(str(int(c)) for c in user if c.isdecimal())
    return f"+{digits}" if user[0] in "+＋" else digits


def _parse(text: str, region: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region.upper() or None)
    except NumberParseException:
        return None
