"""SIPp as callers and desk telephones, each its own process."""

import secrets
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

from tests.peers import need
from tests.running import free_port

SCENARIOS = Path(__file__).parent / "journeys" / "sipp"


class Sipp:
    """One SIPp. ``keys`` fill ``[name]`` in the scenario; more options go through as they are."""

    def __init__(
        self,
        folder: Path,
        scenario: str,
        target: int,
        *options: str,
        keys: dict[str, object] | None = None,
        port: int = 0,
        host: str = "127.0.0.1",
        to: str = "127.0.0.1",
        before: tuple[str, ...] = (),
    ) -> None:
        """Begin at once; ``target`` is the platform's SIP port at ``to``.

        ``host`` and ``port`` are SIPp's own (0: a free port), ``before`` is a command that starts it, as in
        another network namespace.
        """
        self.port = port or free_port(socket.SOCK_DGRAM)
        self.errors = folder / f"{scenario}-{self.port}.errors"
        filled = [part for key, value in (keys or {}).items() for part in ("-key", key, str(value))]
        address = ("-i", host, "-mi", host, "-p", str(self.port))
        self.output = folder / f"{scenario}-{self.port}.out"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [
                    *(*before, need("sipp"), f"{to}:{target}", "-sf", str(SCENARIOS / f"{scenario}.xml")),
                    *(*address, "-nostdin", "-aa", "-m", "1", "-trace_err", "-error_file", str(self.errors)),
                    *(*filled, *options),
                ],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(5)

    def finish(self, seconds: float = 30) -> None:
        """Wait for its end; AssertionError unless every step of the scenario came about."""
        code = self.process.wait(seconds)
        errors = self.errors.read_text() if self.errors.is_file() else ""
        assert code == 0, (
            f"sipp ended with {code}\n{errors}\n{self.output.read_text(errors='replace')[-2000:]}"
        )


class ObedientSipp(Sipp):
    """A caller who waits in ``caller_obeys`` until told to hang up, over SIPp's third-party control."""

    def __init__(
        self, folder: Path, target: int, *options: str, keys: dict[str, object] | None = None
    ) -> None:
        """Begin at once, as ``Sipp`` does."""
        control = free_port(socket.SOCK_STREAM)
        self._call = f"obedient-{secrets.token_hex(6)}"
        third = ("-3pcc", f"127.0.0.1:{control}", "-cid_str", self._call)
        super().__init__(folder, "caller_obeys", target, *third, *options, keys=keys)
        self._control = self._connect(control)

    def _connect(self, port: int) -> socket.socket:
        end = time.monotonic() + 10
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port))
            except ConnectionRefusedError:
                assert self.process.poll() is None, self.output.read_text(errors="replace")
                assert time.monotonic() < end, "sipp does not listen to its third party"
                time.sleep(0.02)

    def __exit__(self, *_: object) -> None:
        self._control.close()
        super().__exit__()

    def hang_up(self) -> None:
        """Hang up now; returns when the platform has confirmed it."""
        self._control.sendall(f"Call-ID: {self._call}\r\n\r\n\x1b".encode())
        self.finish(10)
