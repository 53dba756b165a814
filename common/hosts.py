"""Which hosts may be asked over HTTP, and at which addresses."""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from common.asks import CannotAnswer

PORTS = {"https": 443, "http": 80}
LONGEST_URL = 2_000

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*\Z")
_ENTRY = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(?::(\d{1,5}))?")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Place:
    """Where a URL leads; ``host`` in small ASCII letters, an IPv6 address without its brackets."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.scheme}://{self.name}"

    @property
    def name(self) -> str:
        """Host and port, the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list: a host, or everything below a domain (``*.bank.example``), at one port.

    ``port`` None: the scheme's own.
    """

    host: str
    below: bool = False
    port: int | None = None

    @classmethod
    def read(cls, text: str) -> "Entry":
        """``api.bank.example``, ``*.bank.example``, ``core.lan:8443``, ``[fd00::1]``. Raises ValueError."""
        found = _ENTRY.fullmatch(text.strip().lower())
        if found is None:
            raise ValueError(f"{text!r} is no host; write it like api.bank.example or *.bank.example:8443")
        host, below = found[1], found[1].startswith("*.")
        port = None if found[2] is None else int(found[2])
        if port is not None and not 1 <= port <= 65_535:
            raise ValueError(f"{text!r} has no port between 1 and 65535")
        host = _ascii(host[2:] if below else host.strip("[]"))
        if _address(host) is not None and not below:
            return cls(str(_address(host)), port=port)
        # No name ends in a number; it would be a port that was torn off.
        torn = host.rpartition(".")[2].isdecimal()
        if found[1].startswith("[") or torn or not _NAME.match(host):
            raise ValueError(f"{text!r} is no host; write it like api.bank.example or *.bank.example:8443")
        if below and "." not in host:
            raise ValueError(f"{text!r} names too many hosts; write at least two names after the star")
        return cls(host, below, port)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else f"{'*.' * self.below}{self.host}"
        return host if self.port is None else f"{host}:{self.port}"

    def covers(self, other: "Entry") -> bool:
        """Whether every place the other means is meant by this one too."""
        if self.port != other.port:
            return False
        if (self.host, self.below) == (other.host, other.below):
            return True
        return self.below and other.host.endswith(f".{self.host}")

    def fits(self, place: Place) -> bool:
        """Whether the place is meant."""
        if place.port != (PORTS[place.scheme] if self.port is None else self.port):
            return False
        return place.host.endswith(f".{self.host}") if self.below else place.host == self.host


@dataclass(frozen=True, slots=True)
class Hosts:
    """The list. ``plain`` ones may be asked without TLS too, ``internal`` ones may have private addresses."""

    hosts: tuple[Entry, ...] = ()
    plain: tuple[Entry, ...] = ()
    internal: tuple[Entry, ...] = ()

    @classmethod
    def read(cls, hosts: Iterable[str], plain: Iterable[str] = (), internal: Iterable[str] = ()) -> "Hosts":
        """The list as it is written. Raises ValueError with the first entry that is none."""
        return cls(*(tuple(Entry.read(one) for one in part) for part in (hosts, plain, internal)))

    @classmethod
    def only(cls, url: str) -> "Hosts":
        """A list of just this URL's host, which may be plain and internal. Raises CannotAnswer."""
        place = place_of(split(url))
        entry = (Entry(place.host, port=place.port),)
        return cls(entry, entry if place.scheme == "http" else (), entry)

    def allow(self, place: Place) -> None:
        """Raises CannotAnswer if the place must not be asked."""
        if not _any(self.hosts, place):
            raise CannotAnswer(f"{place.name} is not among the hosts that may be asked (flows.http_hosts)")
        if place.scheme != "https" and not _any(self.plain, place):
            raise CannotAnswer(
                f"{place.name} may only be asked with https (or is missing in flows.http_plain)"
            )

    def allow_addresses(self, place: Place, addresses: Iterable[str]) -> None:
        """Raises CannotAnswer if one of the addresses the place has must not be asked."""
        internal = _any(self.internal, place)
        if not all(_may_be_asked(address, internal) for address in addresses):
            raise CannotAnswer(
                f"{place.name} has an address that is not public; name a host of your own network in "
                "flows.http_internal"
            )


def split(url: str) -> SplitResult:
    """The parts of an absolute URL. Raises CannotAnswer, without the URL, which may hold anything."""
    # urlsplit drops line breaks and tabs in silence, and takes a backslash for part of a name.
    if len(url) > LONGEST_URL or any(c <= " " or c in "\\\x7f" for c in url):
        raise CannotAnswer(f"the URL has spaces or control characters, or more than {LONGEST_URL} characters")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise CannotAnswer("the URL cannot be read") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise CannotAnswer("the URL must begin with https:// and a host")
    if "@" in parts.netloc:
        raise CannotAnswer("the URL must hold no user name or password")
    return parts


def place_of(parts: SplitResult) -> Place:
    """Where the URL leads. Raises CannotAnswer."""
    host = _ascii(parts.hostname or "")
    address = _address(host)
    if address is None and not _NAME.match(host):
        raise CannotAnswer("the URL's host is no name of a host")
    port = PORTS[parts.scheme] if parts.port is None else parts.port
    return Place(parts.scheme, host if address is None else str(address), port)


def _ascii(host: str) -> str:
    if host.isascii():
        return host.lower()
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return ""


def _any(entries: tuple[Entry, ...], place: Place) -> bool:
    return any(entry.fits(place) for entry in entries)


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _may_be_asked(text: str, internal: bool) -> bool:
    address = _address(text)
    if address is None:
        return False
    address = _inner(address)
    # Never, whoever is called so: a group, nobody, or what clouds tell their machines at 169.254.169.254.
    if address.is_multicast or address.is_unspecified or address.is_link_local:
        return False
    return internal or (address.is_global and not address.is_reserved)


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 address leads to, where it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    mapped = address.ipv4_mapped or address.sixtofour
    if mapped is not None:
        return mapped
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    if address.teredo is not None:
        return ipaddress.IPv4Address(0)  # a tunnel to anywhere
    return address
