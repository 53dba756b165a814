"""The platform as its own process, used as its users use it: by command line, HTTP, SIP and the page."""

import atexit
import functools
import hashlib
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx
from websockets.sync.client import connect

T = TypeVar("T")


_READY: dict[str, Path] = {}
"""Data folders as the commands left them, by what was set up."""
_SPOKEN = Path(tempfile.mkdtemp(prefix="callfloor-spoken-"))
"""The sound that platforms of this run have made, named by what it was made from: none is made twice."""
atexit.register(shutil.rmtree, _SPOKEN)


TRUSTING = ssl.create_default_context()
"""Takes any certificate, as somebody does who waves the browser's warning away."""
TRUSTING.check_hostname = False
TRUSTING.verify_mode = ssl.CERT_NONE


def free_port(kind: socket.SocketKind) -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


MEDIA_PORTS = range(20_000, 32_000)
"""Where platforms hear sound; below the ports the system gives away."""
_OWN_PORTS = 2_000


@functools.cache
def media_ports() -> tuple[int, int]:
    """The first and last port for sound of this process's platforms, which nobody else's use while it lives.

    A far end may go on speaking for a moment after its call: were the port another platform's by then, a call
    there would take it for its own telephone and speak to it. The first ports are for whoever chose none.
    """
    ours = MEDIA_PORTS[_OWN_PORTS::_OWN_PORTS]
    for first in ours:
        claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            # Sound has even ports: the last one is free to say whose they all are.
            claim.bind(("127.0.0.1", first + _OWN_PORTS - 1))
        except OSError:
            claim.close()
            continue
        atexit.register(claim.close)
        return first, first + _OWN_PORTS - 1
    raise RuntimeError(f"{len(ours)} processes of tests have all ports of {MEDIA_PORTS}: end one of them")


def eventually(look: Callable[[], T], seconds: float = 20.0, what: str = "", every_s: float = 0.05) -> T:
    """What ``look`` gives as soon as that is true; AssertionError after ``seconds``."""
    end = time.monotonic() + seconds
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > end:
            raise AssertionError(f"{what or look} did not come about in {seconds} s; last seen: {seen!r}")
        time.sleep(every_s)


def quiet_environment() -> dict[str, str]:
    """The environment without settings of ours."""
    return {k: v for k, v in os.environ.items() if not k.startswith("CALLFLOOR_")}


class Platform:
    """``folder`` keeps settings, data and log; ``setup`` is configuration as YAML, ``users`` who signs in."""

    def __init__(
        self,
        folder: Path,
        setup: str,
        users: list[tuple[str, str, str, str]],
        extra: str = "",
        lan: str = "",
    ) -> None:
        """``users``: (name, role, agent or "", password); ``extra``: more lines of settings.

        ``lan``: the address other hosts reach this one by, with a self-signed certificate.
        """
        self.folder = folder
        self.web_port = free_port(socket.SOCK_STREAM)
        self.sip_port = free_port(socket.SOCK_DGRAM)
        self.url = f"https://{lan}:{self.web_port}" if lan else f"http://127.0.0.1:{self.web_port}"
        self.config = folder / "callfloor.toml"
        self.log_path = folder / "log"
        self.process: subprocess.Popen[bytes] | None = None
        web = f'host = "{lan}"\nself_signed = true\n' if lan else ""
        sip = f'host = "0.0.0.0"\nadvertised = "{lan}"\n' if lan else ""
        first, last = media_ports()
        sound = f"media_ports_from = {first}\nmedia_ports_to = {last}\n"
        self.config.write_text(
            f'[data]\nfolder = "{folder / "data"}"\n[web]\nport = {self.web_port}\n{web}'
            f"[sip]\nport = {self.sip_port}\n{sound}{sip}{extra}",
            encoding="utf-8",
        )
        key = hashlib.sha256(repr((setup, users)).encode()).hexdigest()
        ready = _READY.get(key)
        if ready is not None and ready.is_dir():
            # The same bank again: a copy is quicker than three commands.
            shutil.copytree(ready, folder / "data")
        else:
            self.run("db", "upgrade")
            self.run("setup", "import", stdin=setup)
            for name, role, agent, password in users:
                seat = ["--agent", agent] if agent else []
                self.run(
                    "user", "add", name, "--role", role, *seat, "--password-stdin", stdin=f"{password}\n"
                )
            _READY[key] = Path(shutil.copytree(folder / "data", folder / "ready"))
        shutil.copytree(_SPOKEN, self._spoken, dirs_exist_ok=True)

    @property
    def _spoken(self) -> Path:
        return self.folder / "data" / "cache"

    def command(self, *verb: str) -> list[str]:
        """A ``callfloor`` command line with this platform's settings."""
        return [sys.executable, "-m", "callfloor", *verb, "--config", str(self.config)]

    def run(self, *verb: str, stdin: str = "", code: int = 0) -> str:
        """Run a verb to its end and give its standard output; AssertionError for another exit code."""
        done = subprocess.run(
            self.command(*verb),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            env=quiet_environment(),
        )
        assert done.returncode == code, f"{verb}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self) -> "Platform":
        """Serve, and wait until it is healthy."""
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                self.command("serve"), stdout=log, stderr=log, env=quiet_environment()
            )
        eventually(self._healthy, 90, "a healthy platform")
        return self

    def _healthy(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log()
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5, verify=TRUSTING).status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """``kill -9``."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            code = self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
            raise AssertionError(f"the platform did not stop:\n{self.log()}") from None
        unfinished = shutil.ignore_patterns("*.draft")
        shutil.copytree(self._spoken, _SPOKEN, ignore=unfinished, dirs_exist_ok=True)
        return code

    def log(self) -> str:
        """What it logged."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def seat(self, user: str, password: str) -> "Seat":
        """Somebody signed in over HTTP."""
        return Seat(self.url, user, password)


class Seat:
    """A signed-in user without a browser."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=10, verify=TRUSTING)
        answer = self.http.post("/api/session", json={"user": user, "password": password})
        assert answer.status_code == 200, answer.text
        self.me: dict[str, Any] = answer.json()
        self.http.headers["X-CSRF-Token"] = self.me["csrf"]

    def post(self, path: str, **body: Any) -> Any:
        """POST and give the JSON answer (None for 204); AssertionError with the problem."""
        answer = self.http.post(path, json=body)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def get(self, path: str, **query: Any) -> Any:
        """GET and give the JSON answer."""
        answer = self.http.get(path, params=query)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def snapshot(self) -> dict[str, Any]:
        """The picture a page gets when it opens its socket."""
        url = str(self.http.base_url).replace("http", "ws", 1).rstrip("/") + "/api/desk/socket"
        cookie = "; ".join(f"{k}={v}" for k, v in self.http.cookies.items())
        tls = TRUSTING if url.startswith("wss:") else None
        with connect(url, additional_headers={"Cookie": cookie}, ssl=tls) as socket:
            picture: dict[str, Any] = json.loads(socket.recv(timeout=10))
        assert picture["type"] == "snapshot"
        return picture

    def close(self) -> None:
        """Give the connections back."""
        self.http.close()
