"""Addresses in headers, read leniently: quoted names, lists, parameters, any case of ``sip:``."""

import re
from dataclasses import dataclass

from sipmessage import URI

SCHEMES = ("sip", "sips", "tel")
LONGEST_URI = 512
"""Characters; the parser's patterns take quadratic time on some texts, so they get short ones only."""

WITHHELD = frozenset({"anonymous", "restricted", "unavailable", "unknown"})
"""What stands in place of a number that is not shown, by RFC 3323 and at gateways to telephone networks."""

_NAME_ADDR = re.compile(r'(?:"((?:[^"\\]|\\.)*)"\s*|([^<"]*))<([^<>]*)>(.*)', re.S)
_EXPIRES = re.compile(r";\s*expires\s*=\s*\"?(\d{1,9})\b", re.I)
_SEPARATORS = re.compile(r"[-.()]")


@dataclass(frozen=True, slots=True)
class Address:
    """One address of a From, To, Contact or Record-Route header; ``parameters`` are the header's own."""

    uri: URI
    name: str = ""
    parameters: str = ""

    @property
    def user(self) -> str:
        """The user or number in it, without what hides behind a semicolon; empty if there is none."""
        user = (self.uri.user or "").partition(";")[0]
        return _SEPARATORS.sub("", user) if self.uri.scheme == "tel" else user

    @property
    def shown(self) -> str:
        """The user or number as far as its owner shows it: empty if it is withheld (RFC 3323, 4.1)."""
        withheld = self.user.lower() in WITHHELD or (self.uri.host or "").lower().endswith(".invalid")
        return "" if withheld else self.user

    @property
    def expires(self) -> int | None:
        """The ``expires`` parameter in seconds, if there is one that can be read."""
        found = _EXPIRES.search(self.parameters)
        return int(found.group(1)) if found else None


def read_uri(text: str) -> URI:
    """A sip, sips or tel URI; raises ValueError."""
    scheme, colon, rest = text.strip().partition(":")
    if scheme.lower() not in SCHEMES or not colon or len(rest) > LONGEST_URI:
        raise ValueError("not a sip or tel URI")
    try:
        return URI.parse(f"{scheme.lower()}:{rest.partition('?')[0]}")
    except TypeError as error:  # what the parser says to a parameter named like one of its own arguments
        raise ValueError("unreadable URI parameter") from error


def read_address(value: str) -> Address:
    """A name-addr or addr-spec with its parameters; raises ValueError."""
    found = _NAME_ADDR.fullmatch(value.strip())
    if found is None:
        spec, semicolon, parameters = value.strip().partition(";")
        return Address(read_uri(spec), "", semicolon + parameters)
    quoted, plain, uri, parameters = found.groups()
    name = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else plain.strip()
    return Address(read_uri(uri), name, parameters)


def split_list(values: list[str]) -> list[str]:
    """The items of a comma-separated header, however they are spread over lines."""
    return [item for value in values for item in _split(value) if item]


def _split(value: str) -> list[str]:
    if "," not in value:
        return [value.strip()]
    items, start, quoted, angled, escaped = [], 0, False, False, False
    for at, letter in enumerate(value):
        if escaped:
            escaped = False
        elif quoted:
            escaped, quoted = letter == "\\", letter != '"'
        elif letter == '"':
            quoted = True
        elif letter in "<>":
            angled = letter == "<"
        elif letter == "," and not angled:
            items.append(value[start:at].strip())
            start = at + 1
    return [*items, value[start:].strip()]
