"""A second host on this machine: a network namespace at the other end of a cable (Linux, as root)."""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.peers import missing, need

CLONE_NEWNET = 0x40000000


class Lan:
    """``here`` and ``there`` are the addresses of the two hosts; ``name`` is the namespace of the other."""

    def __init__(self) -> None:
        self.name = f"callfloor-{os.getpid()}"
        number = os.getpid() % 256  # two test runs beside one another
        self.here, self.there = f"10.213.{number}.1", f"10.213.{number}.2"
        self._cable = f"cf{os.getpid() % 100_000}h", f"cf{os.getpid() % 100_000}t"

    def __enter__(self) -> "Lan":
        if os.geteuid() != 0:
            # Under CI too: that is no program somebody forgot to install.
            pytest.skip("a second host needs root, to make a network namespace")
        need("ip")
        if _ip("netns", "add", self.name).returncode != 0:
            missing("this machine makes no network namespaces")
        here, there = self._cable
        for words in (
            ("link", "add", here, "type", "veth", "peer", "name", there),
            ("link", "set", there, "netns", self.name),
            ("address", "add", f"{self.here}/24", "dev", here),
            ("link", "set", here, "up"),
            ("-n", self.name, "address", "add", f"{self.there}/24", "dev", there),
            ("-n", self.name, "link", "set", there, "up"),
            ("-n", self.name, "link", "set", "lo", "up"),
        ):
            done = _ip(*words)
            if done.returncode != 0:
                self.__exit__()
                missing(f"no cable to a second host: ip {' '.join(words)}: {done.stderr.strip()}")
        return self

    def __exit__(self, *_: object) -> None:
        _ip("link", "delete", self._cable[0])
        _ip("netns", "delete", self.name)

    @property
    def command(self) -> tuple[str, ...]:
        """What starts a program on the other host."""
        return ("ip", "netns", "exec", self.name)

    def program(self, folder: Path, path: str) -> Path:
        """A program that is started on the other host by whoever calls it."""
        script = folder / f"{Path(path).name}-over-there"
        script.write_text(f'#!/bin/sh\nexec {" ".join(self.command)} {path} "$@"\n')
        script.chmod(0o755)
        return script

    @contextmanager
    def over_there(self) -> Iterator[None]:
        """Sockets that this thread makes meanwhile are the other host's."""
        libc = ctypes.CDLL(None, use_errno=True)
        with (
            Path("/proc/thread-self/ns/net").open("rb") as home,
            Path("/run/netns", self.name).open("rb") as ns,
        ):
            if libc.setns(ns.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")
            try:
                yield
            finally:
                if libc.setns(home.fileno(), CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), "setns home")


def _ip(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["ip", *words], capture_output=True, text=True, timeout=10, check=False)
