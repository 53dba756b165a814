"""Texts with places to fill in: ``{name}``, and ``{balance|amount}`` for how it is said in the language.

``amount`` reads 12.5 as 12元5角 or ¥12.50; another currency stands behind it (``{fee|amount:USD}``), or the
variable that holds it (``{fee|amount:currency}``). ``date`` and ``time`` read ISO text, ``digits`` one digit
after the other, ``number`` counts where digits alone would be taken for a name. What cannot be read so is
said as it stands: a caller hears more than nothing.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ivr.flow import Value

PLACE: Final = re.compile(r"\{(\w+)(?:\|(\w+)(?::(\w+))?)?\}")
"""A place to fill in: the variable, how it is said, and more about that."""

SECRET: Final = "$secret:"  # noqa: S105
"""Stands, before the variable's own name, in a variable for digits nobody may see. It is never filled in."""

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DATE = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d)(?:[T ].*)?)?", re.ASCII)
_TIME = re.compile(r"(?:.*[T ])?([01]?\d|2[0-3]):([0-5]\d).*", re.ASCII)
_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}
_UNITS = {"USD": "美元", "EUR": "欧元", "GBP": "英镑", "HKD": "港元", "JPY": "日元"}
_SAID = str.maketrans("0123456789", "零幺二三四五六七八九")


def variables_in(text: str) -> set[str]:
    """The variables ``text`` has places for."""
    found: set[str] = set()
    for variable, filter_, more in PLACE.findall(text):
        found.add(variable)
        if filter_ == "amount" and more and not _is_currency(more):
            found.add(more)
    return found


def whole_variable(text: str) -> str:
    """The variable of a ``text`` that is nothing but its place ('' if there is more to it)."""
    found = PLACE.fullmatch(text)
    return found[1] if found and not found[2] else ""


def unknown_filter(text: str) -> str:
    """The first way of saying in ``text`` that there is not ('' if there is none)."""
    return next((how for _, how, _ in PLACE.findall(text) if how and how not in FILTERS), "")


def fill(
    text: str, variables: "Mapping[str, Value]", language: str, encode: Callable[[str], str] = str
) -> str:
    """``text`` with every place filled in, with nothing where the variable is not set."""

    def put(found: re.Match[str]) -> str:
        value = plain(variables.get(found[1], ""))
        read = FILTERS.get(found[2] or "")
        if value.startswith(SECRET):
            return ""
        if read is None or not value:
            return encode(value)
        more = found[3] or ""
        if more and not _is_currency(more):
            more = plain(variables.get(more, ""))
        return encode(read(value, language.startswith("zh"), more))

    return PLACE.sub(put, text) if "{" in text else text


def plain(value: "Value") -> str:
    """A value as text: whole numbers without a point, true and false as flows write them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


# ------------------------------------------------------------------ how it is said


def _is_currency(text: str) -> bool:
    return len(text) == 3 and text.isascii() and text.isupper()


def _amount(value: str, chinese: bool, currency: str) -> str:
    try:
        exact = Decimal(value.replace(",", ""))
        hundredths = int((abs(exact) * 100).to_integral_value()) if exact.is_finite() else None
    except (InvalidOperation, ValueError):
        return value
    if hundredths is None or hundredths >= 10**17:
        return value
    whole, part = divmod(hundredths, 100)
    currency = currency or "CNY"
    minus = hundredths > 0 and exact < 0
    if not chinese:
        sign = _SIGNS.get(currency)
        number = f"{whole:,}.{part:02d}" if part else f"{whole:,}"
        return ("minus " if minus else "") + (f"{sign}{number}" if sign else f"{number} {currency}")
    if currency != "CNY":
        number = f"{whole}.{part:02d}".rstrip("0").rstrip(".")
        return ("负" if minus else "") + number + _UNITS.get(currency, f" {currency}")
    return ("负" if minus else "") + _yuan(whole, part)


def _yuan(whole: int, part: int) -> str:
    jiao, fen = divmod(part, 10)
    said = f"{whole}元" if whole or not part else ""
    if jiao:
        said += f"{jiao}角"
    elif fen and whole:
        said += "零"
    return said + (f"{fen}分" if fen else "")


def _date(value: str, chinese: bool, more: str) -> str:
    found = _DATE.fullmatch(value)
    if found is None:
        return value
    year, month, day = int(found[1]), int(found[2]), int(found[3] or 1)
    try:
        date(year, month, day)
    except ValueError:
        return value
    if chinese:
        return f"{year}年{month}月" + (f"{day}日" if found[3] else "")
    return (f"{day} " if found[3] else "") + f"{_MONTHS[month - 1]} {year}"


def _time(value: str, chinese: bool, more: str) -> str:
    found = _TIME.fullmatch(value)
    return value if found is None else f"{int(found[1])}:{found[2]}"


def _digits(value: str, chinese: bool, more: str) -> str:
    groups = [value[n : n + 4] for n in range(0, len(value), 4)]
    if chinese:
        return "，".join(groups).translate(_SAID)
    return ", ".join(" ".join(group) for group in groups)


def _number(value: str, chinese: bool, more: str) -> str:
    try:
        exact = Decimal(value)
    except InvalidOperation:
        return value
    return f"{exact:,f}" if exact.is_finite() and abs(exact) < 10**17 else value


FILTERS: Final[Mapping[str, Callable[[str, bool, str], str]]] = {
    "amount": _amount,
    "date": _date,
    "time": _time,
    "digits": _digits,
    "number": _number,
}
"""How a value may be said: (value, in Chinese, what stands behind the colon) to words."""
