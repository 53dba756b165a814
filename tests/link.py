"""A bad network: a UDP relay on loopback that loses, doubles and reorders datagrams, by a seed."""

import heapq
import random
import select
import socket
import threading
import time


class BadLink(threading.Thread):
    """Relays between whoever sends to ``port`` and ``target``; each sender gets a socket of its own."""

    def __init__(
        self, target: int, *, lose: float, double: float, reorder: float = 0.1, seed: int = 1
    ) -> None:
        super().__init__(daemon=True)
        self._target = ("127.0.0.1", target)
        self._lose, self._double, self._reorder = lose, double, reorder
        self._chance = random.Random(seed)
        self._near = _bound()
        self.port: int = self._near.getsockname()[1]
        self._far: dict[tuple[str, int], socket.socket] = {}
        self._waiting: list[tuple[float, int, socket.socket, bytes, tuple[str, int]]] = []
        self._count = 0
        self.lost = self.doubled = self.passed = 0
        self._stop_asked = threading.Event()

    def __enter__(self) -> "BadLink":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop_asked.set()
        self.join(5)
        for one in (self._near, *self._far.values()):
            one.close()

    def run(self) -> None:
        """Relay."""
        while not self._stop_asked.is_set():
            wait = 0.2 if not self._waiting else max(0.0, min(0.2, self._waiting[0][0] - time.monotonic()))
            ready, _, _ = select.select([self._near, *self._far.values()], [], [], wait)
            for one in ready:
                data, source = one.recvfrom(65535)
                if one is self._near:
                    self._pass(self._of(source), data, self._target)
                else:
                    back = next(peer for peer, far in self._far.items() if far is one)
                    self._pass(self._near, data, back)
            while self._waiting and self._waiting[0][0] <= time.monotonic():
                _, _, out, data, target = heapq.heappop(self._waiting)
                out.sendto(data, target)
                self.passed += 1

    def _of(self, source: tuple[str, int]) -> socket.socket:
        if source not in self._far:
            self._far[source] = _bound()
        return self._far[source]

    def _pass(self, out: socket.socket, data: bytes, target: tuple[str, int]) -> None:
        if self._chance.random() < self._lose:
            self.lost += 1
            return
        copies = 1
        if self._chance.random() < self._double:
            self.doubled += 1
            copies = 2
        for _ in range(copies):
            late = self._chance.uniform(0.03, 0.12) if self._chance.random() < self._reorder else 0.0
            self._count += 1
            heapq.heappush(self._waiting, (time.monotonic() + late, self._count, out, data, target))


def _bound() -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind(("127.0.0.1", 0))
    return one
