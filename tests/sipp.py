"""SIPp as callers and desk telephones, each its own process."""

import socket
import subprocess
from pathlib import Path

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
    ) -> None:
        """Begin at once; ``target`` is the platform's SIP port, ``port`` SIPp's own (0: a free one)."""
        self.port = port or free_port(socket.SOCK_DGRAM)
        self.errors = folder / f"{scenario}-{self.port}.errors"
        filled = [part for key, value in (keys or {}).items() for part in ("-key", key, str(value))]
        address = ("-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", str(self.port))
        self.output = folder / f"{scenario}-{self.port}.out"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [
                    *(need("sipp"), f"127.0.0.1:{target}", "-sf", str(SCENARIOS / f"{scenario}.xml")),
                    *(*address, "-nostdin", "-m", "1", "-trace_err", "-error_file", str(self.errors)),
                    *(*filled, *options),
                ],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> "Sipp":
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
