"""What the benchmarks of the whole platform share: a platform of their own, SIPp, figures, and the report."""

import argparse
import csv
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from tests.running import Platform, eventually, free_port, quiet_environment

T = TypeVar("T")
HERE = Path(__file__).parent
HOST = "127.0.0.1"
START_S, QUIET_S = 60, 120
ANSWER_MS = 40_000
"""SIPp gives a call up that hears nothing for so long: longer than SIP itself tries."""
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
Figures = dict[str, float]


# ------------------------------------------------------------------ the platform


class BenchPlatform(Platform):
    """The platform as its users run it, with the flows of ``bench/flows``.

    It is a session of its own: a Ctrl-C is ours to pass on, and Linux shares the processor among sessions,
    so that the load we make does not come out of the platform's share.
    """

    def __init__(self, folder: Path, setup: str, profile: Path | None = None) -> None:
        """``profile``: let cProfile write its statistics of the main thread there."""
        self.profile = profile
        super().__init__(folder, setup, [], f'[flows]\nfolders = ["{HERE / "flows"}"]\n')

    def start(self, *, quiet: bool = True) -> "BenchPlatform":
        """Serve, and wait until it is healthy and (``quiet``) has nothing more to prepare."""
        command = self.command("serve")
        if self.profile is not None:
            command[1:1] = ["-m", "cProfile", "-o", str(self.profile)]
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, env=quiet_environment(), start_new_session=True
            )
        try:
            eventually(self._healthy, START_S, "a healthy platform")
            if quiet:
                eventually(self._is_quiet, QUIET_S, "a platform that has made its prompts")
        except BaseException:
            self.kill()
            raise
        return self

    def _is_quiet(self) -> bool:
        """Whether it has nothing more to prepare: below a twentieth of a core."""
        before = cpu_s(self.pid)
        time.sleep(0.5)
        return cpu_s(self.pid) - before < 0.025

    def __enter__(self) -> "BenchPlatform":
        return self

    def __exit__(self, *_: object) -> None:
        code = self.stop()
        if code:
            raise RuntimeError(f"the platform ended with {code}:\n{self.log()[-4000:]}")

    @property
    def pid(self) -> int:
        """The main process."""
        assert self.process is not None
        return self.process.pid

    @property
    def media_pid(self) -> int:
        """The media process."""
        for child in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split():
            if b"telephony.media" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
        raise RuntimeError("the platform has no media process")

    @property
    def database(self) -> Path:
        """The file of its records."""
        return self.folder / "data" / "callfloor.db"


# ------------------------------------------------------------------ figures of processes


def cpu_s(pid: int) -> float:
    """Seconds of CPU a process has used, in all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def rss_mb(pid: int) -> float:
    """Megabytes of memory a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def udp_dropped() -> int:
    """Datagrams this machine has dropped since its start because a receiver's buffer was full."""
    lines = [line.split() for line in Path("/proc/net/snmp").read_text().splitlines()]
    names, values = [line for line in lines if line[0] == "Udp:"]
    return int(values[names.index("RcvbufErrors")])


class Spent:
    """CPU of the platform's two processes from now on."""

    def __init__(self, platform: BenchPlatform) -> None:
        self._pids = {"main": platform.pid, "media": platform.media_pid}
        self._before = self._read()
        self._begun = time.monotonic()

    def _read(self) -> dict[str, float]:
        return {name: cpu_s(pid) for name, pid in self._pids.items()}

    def seconds(self) -> dict[str, float]:
        """CPU seconds by process."""
        return {name: now - self._before[name] for name, now in self._read().items()}

    def percent(self) -> dict[str, float]:
        """Percent of one core by process."""
        passed = time.monotonic() - self._begun
        return {name: round(100 * used / passed, 1) for name, used in self.seconds().items()}


# ------------------------------------------------------------------ SIPp


class Sipp:
    """One SIPp with a scenario of ``bench/sipp``; leaving the ``with`` ends it."""

    def __init__(
        self,
        folder: Path,
        scenario: str,
        target: int,
        *options: str,
        rows: list[str] | None = None,
        port: int = 0,
    ) -> None:
        """``rows`` fill ``[field0]``…, one a call, again from the top after the last.

        ``port`` is SIPp's own (0: any).
        """
        program = shutil.which("sipp")
        if program is None:
            raise SystemExit("sipp is not installed (Debian: sip-tester)")
        self._folder = folder
        self._name = f"{scenario}-{time.monotonic_ns()}"
        self._errors = folder / f"{self._name}.errors"
        self._stat = folder / f"{self._name}.stat"
        words = [program, f"{HOST}:{target}", "-sf", str(HERE / "sipp" / f"{scenario}.xml")]
        words += ["-i", HOST, "-mi", HOST, "-nostdin", "-aa", "-recv_timeout", str(ANSWER_MS)]
        words += ["-trace_err", "-error_file", str(self._errors)]
        words += ["-trace_stat", "-stf", str(self._stat), "-fd", "1", "-trace_rtt", "-rtt_freq", "1"]
        words += ["-p", str(port or free_port(socket.SOCK_DGRAM))]
        if rows is not None:
            table = folder / f"{self._name}.csv"
            table.write_text("SEQUENTIAL\n" + "\n".join(rows) + "\n")
            words += ["-inf", str(table)]
        self._output = folder / f"{self._name}.out"
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [*words, *options],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._rtt = folder / f"{scenario}_{self.process.pid}_rtt.csv"

    def __enter__(self) -> "Sipp":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)

    def wait(self, seconds: float) -> dict[str, float]:
        """Wait until every call is over; calls made and failed, by SIPp's own count."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            said = self._output.read_text(errors="replace")[-2000:]
            raise RuntimeError(f"sipp is not done after {seconds:g} s:\n{self.errors()}\n{said}") from None
        if code not in (0, 1):  # 1: at least one call failed, which is counted
            raise RuntimeError(f"sipp ended with {code}:\n{self.errors()}")
        with self._stat.open(newline="") as file:
            *_, last = csv.DictReader(file, delimiter=";")
        made, failed = int(last["TotalCallCreated"]), int(last["FailedCall(C)"])
        return {"made": made, "failed": failed, "retransmissions": int(last["Retransmissions(C)"])}

    def errors(self) -> str:
        """What it complained about, the end of it."""
        return self._errors.read_text(errors="replace")[-2000:] if self._errors.is_file() else ""

    def response_ms(self) -> list[float]:
        """The times between the points the scenario marks as ``rtd``, in ascending order."""
        with self._rtt.open(newline="") as file:
            return sorted(float(row[1]) for row in list(csv.reader(file, delimiter=";"))[1:])


# ------------------------------------------------------------------ the report


def percentile(ascending: list[float], percent: float) -> float:
    """The value that ``percent`` % of the values do not exceed, in what unit they are; NaN of none."""
    if not ascending:
        return float("nan")
    return round(ascending[min(len(ascending) - 1, int(len(ascending) * percent / 100))], 2)


def medians(runs: list[Figures]) -> Figures:
    """The median of each figure over the runs."""
    return {key: round(statistics.median(run[key] for run in runs), 3) for key in runs[0]}


def parser(words: str | None, *, seconds: float, runs: int) -> argparse.ArgumentParser:
    """The arguments every one of these benchmarks takes."""
    made = argparse.ArgumentParser(description=(words or "").partition("\n")[0])
    made.add_argument("--seconds", type=float, default=seconds, help="length of a measurement")
    made.add_argument("--runs", type=int, default=runs, help="print the median of so many")
    made.add_argument("--quick", action="store_true", help="a few calls, to see that it works")
    made.add_argument("--json", action="store_true", help="print one JSON object")
    made.add_argument("--profile", type=Path, metavar="FILE", help="cProfile of the platform's main thread")
    return made


def measure(words: Mapping[str, Any], runs: int, run: Callable[[], Figures]) -> dict[str, Any]:
    """``words`` with the medians of ``runs`` runs, and how busy the machine was."""
    done = []
    for at in range(runs):
        done.append(run())
        print(f"run {at + 1} of {runs}: {json.dumps(done[-1])}", file=sys.stderr)
    return {**words, **medians(done), "load_average": os.getloadavg()[0]}


def tell(report: Mapping[str, Any], *, as_json: bool) -> None:
    """Print it all: one JSON object, or a table of each part."""
    if as_json:
        print(json.dumps(report))
        return
    for name, value in report.items():
        if isinstance(value, Mapping):
            print(name)
            for key, figure in value.items():
                print(f"  {key:26} {figure}")
        else:
            print(f"{name:28} {value}")


def run_main(main: Callable[[], None]) -> None:
    """Run it; Ctrl-C and ``kill`` end it in order, with everything it started."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
