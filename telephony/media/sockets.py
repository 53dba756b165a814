"""The sockets of plain RTP: even ports out of a range, and one poll for all of them."""

import ipaddress
import select
import socket
from collections import deque
from collections.abc import Callable
from errno import EACCES, EADDRINUSE
from typing import Any

EXPEDITED = 0xB8
"""DSCP EF (RFC 4594): voice goes first."""
_RECEIVE_BUFFER = 1 << 17

Address = tuple[Any, ...]


class NoPort(Exception):
    """Every port of the range is taken."""


class Ports:
    """Sockets on even ports of a range. The port that was free longest is taken first.

    So packets of a call that is over find nobody for as long as the range allows.
    """

    def __init__(self, host: str, first: int, last: int) -> None:
        address = ipaddress.ip_address(host)
        self.host = host
        self.family = socket.AF_INET if address.version == 4 else socket.AF_INET6
        self._both = address.version == 6 and address.is_unspecified
        self._first, self._last = first, last
        self._free = deque(range(first + first % 2, last + 1, 2))

    @property
    def free(self) -> int:
        """How many ports are not taken by us."""
        return len(self._free)

    def take(self) -> socket.socket:
        """A bound, non-blocking socket. Raises NoPort, or OSError when the host is not ours."""
        for _ in range(len(self._free)):
            port = self._free.popleft()
            sock = socket.socket(self.family, socket.SOCK_DGRAM)
            try:
                self._prepare(sock)
                sock.bind((self.host, port))
            except OSError as error:
                sock.close()
                self._free.append(port)
                if error.errno not in (EADDRINUSE, EACCES):
                    raise
                continue
            return sock
        raise NoPort(f"no RTP port is free between {self._first} and {self._last} on {self.host}")

    def give_back(self, sock: socket.socket) -> None:
        """Close a socket that ``take`` gave; its port is free again."""
        port: int = sock.getsockname()[1]
        sock.close()
        self._free.append(port)

    def reach(self, host: str, port: int) -> Address | None:
        """Where to send for ``host``; None for the unspecified address. Raises ValueError if out of reach."""
        address = ipaddress.ip_address(host)
        if address.is_unspecified:
            return None
        if self.family == socket.AF_INET:
            if address.version == 6:
                raise ValueError(f"{host} is IPv6 and RTP is sent from {self.host}")
            return (str(address), port)
        if address.version == 4:
            if not self._both:
                raise ValueError(f"{host} is IPv4 and RTP is sent from {self.host}")
            return (f"::ffff:{address}", port, 0, 0)
        return (str(address), port, 0, 0)

    def _prepare(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        if self.family == socket.AF_INET:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, EXPEDITED)
        else:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(not self._both))
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, EXPEDITED)


class Poll:
    """Which of many sockets can be read, without the cost of an event loop's callback for each packet."""

    ROUNDS = 4
    """So many packets of one socket are read at one time; a flood waits in (or falls out of) its buffer."""

    def __init__(self) -> None:
        # epoll where there is one; both are asked with a timeout of 0, in whatever unit.
        self._poll: Any = getattr(select, "epoll", select.poll)()
        self._readers: dict[int, Callable[[int], None]] = {}

    def add(self, sock: socket.socket, read: Callable[[int], None]) -> None:
        """Call ``read`` when a packet is there; it reads exactly one."""
        self._readers[sock.fileno()] = read
        self._poll.register(sock.fileno(), select.POLLIN)

    def remove(self, sock: socket.socket) -> None:
        """Forget a socket, before it is closed."""
        self._poll.unregister(sock.fileno())
        del self._readers[sock.fileno()]

    def read(self, now: int) -> None:
        """Let everything that has arrived be read; ``now`` is handed on."""
        readers = self._readers
        for _ in range(self.ROUNDS):
            ready = self._poll.poll(0)
            if not ready:
                return
            for number, _event in ready:
                read = readers.get(number)
                if read is not None:
                    read(now)

    def close(self) -> None:
        """Forget them all."""
        self._readers.clear()
        if hasattr(self._poll, "close"):
            self._poll.close()
