"""The UDP socket: read in bounded gulps, written without waiting."""

import asyncio
import socket
from collections.abc import Callable

from telephony.sip.events import Peer

LARGEST_DATAGRAM = 65_535
DATAGRAMS_PER_WAKE = 64
"""Read at one go before the loop gets its turn: timers and pages must not wait behind a flood."""
BUFFER_BYTES = 4 * 1024 * 1024
"""Asked of the kernel, which may grant less: room for a burst while the loop is busy elsewhere."""
_MAPPED = "::ffff:"


class UdpSocket:
    """One bound socket. IPv4 peers of an IPv6 socket are shown by their IPv4 address."""

    def __init__(
        self,
        host: str,
        port: int,
        received: Callable[[list[tuple[bytes, Peer]]], None],
        failed: Callable[[str], None],
    ) -> None:
        """Bind; raises OSError when the address is not ours or the port is taken.

        ``received`` gets what came in at one go, ``failed`` a word about what could not be sent or read.
        """
        self._received, self._failed = received, failed
        self._six = ":" in host
        self._socket = socket.socket(socket.AF_INET6 if self._six else socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            if self._six:
                self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if host == "::" else 1)
            for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
                self._socket.setsockopt(socket.SOL_SOCKET, option, BUFFER_BYTES)
            self._socket.bind((host, port))
        except OSError:
            self._socket.close()
            raise
        self.port: int = self._socket.getsockname()[1]
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._readable)

    def _readable(self) -> None:
        batch: list[tuple[bytes, Peer]] = []
        for _ in range(DATAGRAMS_PER_WAKE):
            try:
                data, address = self._socket.recvfrom(LARGEST_DATAGRAM)
            except (BlockingIOError, InterruptedError):
                break
            except OSError as error:
                # An earlier datagram of ours that bounced (ICMP) is reported here; the next read is fine.
                self._failed(f"reading: {error.strerror}")
                continue
            host = address[0]
            if self._six and host.startswith(_MAPPED) and "." in host:
                host = host[len(_MAPPED) :]
            batch.append((data, Peer("UDP", host, address[1])))
        if batch:
            self._received(batch)

    def send(self, data: bytes, peer: Peer) -> None:
        """Send one datagram; what the kernel does not take is lost, as on any network, and sent again."""
        host = _MAPPED + peer.host if self._six and ":" not in peer.host else peer.host
        try:
            self._socket.sendto(data, (host, peer.port))
        except (BlockingIOError, InterruptedError):
            self._failed("the send buffer is full")
        except OSError as error:
            self._failed(f"sending: {error.strerror}")

    def close(self) -> None:
        """Stop reading and release the port."""
        self._loop.remove_reader(self._socket)
        self._socket.close()
