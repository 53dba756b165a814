"""How many callers does the platform carry, with real sound, and what does a call cost?

SIPp dials a number of a running platform; every caller hears a word and is put into a queue with music,
speaks a tone all the while, and hangs up. A receiver process of its own holds the callers' sockets and notes
by the kernel's time stamps when packets come. ``up``: 10 new calls per second of 20 s each, so 200 are up.
``rush``: 100 new calls per second of 2 s each. Calls are counted by SIPp, by the far ends and in the
platform's own history.

    python bench/calls.py --mode both --runs 3 [--seconds 60] [--json]
"""

import json
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bench.shared import (
    HERE,
    BenchPlatform,
    Figures,
    Sipp,
    Spent,
    measure,
    parser,
    percentile,
    rss_mb,
    run_main,
    tell,
    udp_dropped,
)
from tests.running import eventually

NUMBER = "95500"
SETUP = f"""\
format: 1
queues:
- {{id: bench, name: Benchmark, ring_s: 15, when_no_agents: wait}}
entry-numbers:
- {{id: "{NUMBER}", name: Benchmark, flow: bench, source: bench}}
"""
SETTLE_S = 1.0
"""Packets count from so long after the first calls reached their end, when as many are up as ever will be."""


@dataclass(frozen=True, slots=True)
class Load:
    """``rate`` new calls per second, each ``hold_s`` long, arriving for ``arrive_s`` seconds."""

    rate: int
    hold_s: float
    arrive_s: float

    @property
    def calls(self) -> int:
        """How many in all."""
        return int(self.rate * self.arrive_s)

    @property
    def slots(self) -> int:
        """Far ends needed so that none has two calls, though some be answered late."""
        return min(self.calls, int(self.rate * (self.hold_s + 2)) + 50)


def load(mode: str, seconds: float, *, quick: bool) -> Load:
    """What ``mode`` asks for, measured for ``seconds``."""
    if quick:
        return Load(5, 1.5, 3)
    # Calls come until the window is over.
    return Load(10, 20, 20 + SETTLE_S + seconds) if mode == "up" else Load(100, 2, seconds)


@contextmanager
def far_ends(slots: int) -> Iterator[tuple["subprocess.Popen[str]", list[int]]]:
    """The receiver process and its ports."""
    with subprocess.Popen(
        [sys.executable, str(HERE / "receiver.py"), "--slots", str(slots)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


def run(load: Load, profile: Path | None = None) -> Figures:
    """One run on a fresh platform."""
    with tempfile.TemporaryDirectory(prefix="callfloor-bench-") as name:
        platform = BenchPlatform(Path(name), SETUP, profile)
        with platform.start(), far_ends(load.slots) as (receiver, ports):
            return _drive(platform, load, receiver, ports)


def _drive(
    platform: BenchPlatform, load: Load, receiver: "subprocess.Popen[str]", ports: list[int]
) -> Figures:
    rows = [f"+86138{n:08};{ports[n % len(ports)]}" for n in range(len(ports))]
    dropped = udp_dropped()
    memory = rss_mb(platform.pid), rss_mb(platform.media_pid)
    begun = time.time()
    window = (begun + load.hold_s + SETTLE_S, begun + load.arrive_s)
    _say(receiver, {"from": window[0], "to": window[1]})
    whole = Spent(platform)
    options = ("-s", NUMBER, "-r", str(load.rate), "-m", str(load.calls), "-l", str(load.slots))
    with Sipp(
        platform.folder, "caller", platform.sip_port, *options, "-d", str(int(load.hold_s * 1000)), rows=rows
    ) as sipp:
        time.sleep(max(0.0, window[0] - time.time()))
        in_window = Spent(platform)
        calls_up = _metric(platform, "callfloor_calls")
        time.sleep(max(0.0, window[1] - time.time()))
        busy = in_window.percent()
        counts = sipp.wait(load.hold_s + 60)
        answers = sipp.response_ms()
    eventually(lambda: _metric(platform, "callfloor_calls") == 0, 30, "no call left")
    eventually(lambda: _history(platform)["in_history"] >= counts["made"] - counts["failed"], 60, "history")
    spent = whole.seconds()
    assert receiver.stdin is not None and receiver.stdout is not None
    receiver.stdin.close()
    heard: Figures = json.loads(receiver.stdout.read())
    return {
        **counts,
        **_history(platform),
        "calls_up": calls_up,
        "answered_p50_ms": percentile(answers, 50),
        "answered_p99_ms": percentile(answers, 99),
        **heard,
        "udp_dropped_machine": udp_dropped() - dropped,
        **{f"{name}_cpu_ms_per_call": round(1000 * s / counts["made"], 2) for name, s in spent.items()},
        **{f"{name}_core_percent": percent for name, percent in busy.items()},
        "main_grew_mb": round(rss_mb(platform.pid) - memory[0], 1),
        "media_grew_mb": round(rss_mb(platform.media_pid) - memory[1], 1),
    }


def _say(receiver: "subprocess.Popen[str]", message: dict[str, Any]) -> None:
    assert receiver.stdin is not None
    receiver.stdin.write(json.dumps(message) + "\n")
    receiver.stdin.flush()


def _metric(platform: BenchPlatform, name: str) -> float:
    text = httpx.get(f"{platform.url}/metrics", timeout=10).text
    found = [line.split() for line in text.splitlines() if re.match(rf"{name}[ {{]", line)]
    assert found, f"no figure is named {name}"
    return sum(float(value) for _, value in found)


def _history(platform: BenchPlatform) -> Figures:
    """What the platform itself says of the calls: all of them should have given up in the queue."""
    with closing(sqlite3.connect(platform.database, timeout=10)) as db:
        calls = db.execute("SELECT count(*) FROM calls").fetchone()[0]
        queued = db.execute(
            "SELECT count(*) FROM calls JOIN queue_visits ON call = id WHERE calls.outcome = 'abandoned' "
            "AND queue_visits.outcome = 'abandoned' AND queue_visits.queue = 'bench'"
        ).fetchone()[0]
    return {"in_history": calls, "abandoned_in_queue": queued}


def main() -> None:
    """Read the arguments, run, print."""
    arguments = parser(__doc__, seconds=60, runs=3)
    arguments.add_argument("--mode", choices=("up", "rush", "both"), default="both")
    given = arguments.parse_args()
    runs = 1 if given.quick else given.runs
    report: dict[str, Any] = {"runs": runs}
    for mode in ("up", "rush") if given.mode == "both" else (given.mode,):
        one = load(mode, given.seconds, quick=given.quick)
        words = {"calls_per_s": one.rate, "hold_s": one.hold_s, "arrive_s": one.arrive_s}
        report[mode] = measure(words, runs, lambda one=one: run(one, given.profile))  # type: ignore[misc]
    tell(report, as_json=given.json)


if __name__ == "__main__":
    run_main(main)
