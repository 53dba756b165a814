"""How long does one step of a caller in a flow take, with 10,000 of them in one process, and what does a
caller who waits weigh?

The sample bank's flows, with callers who listen, press keys, are looked up, get answers, wait in queues,
leave messages and hang up, by chance (seeded). When one call is over another begins, so there are always as
many. A step is one fact (or the end of a timer) given to a session and the intents it answers with; only that
is timed, not what makes the facts. ``steps_per_s`` is steps over the CPU time of this thread spent in them;
``…_us`` is time on the clock, with whatever else the machine did in it; ``max_cpu_us`` is without.
The garbage collector is set as on the platform, and is in all of them.

``waiting_bytes`` is what Python allocated for each of as many sessions that wait in a queue, by tracemalloc;
``waiting_rss_bytes`` the same by how much the process grew; each in a process of its own. ``scenarios_per_s``
are the sample bank's scripted callers, played from begin to end.

    python -m bench.ivr [--sessions 10000] [--steps 500000] [--runs 5] [--json] [--profile]
"""

import argparse
import cProfile
import gc
import json
import os
import pstats
import random
import statistics
import subprocess
import sys
import tracemalloc
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter_ns, process_time, thread_time_ns
from typing import Any

from callfloor.asking import known_asks
from domain.codec import dumps
from domain.config import CalendarConfig, EntryNumber, FrontDoorConfigured
from domain.crm import CallerIdentified
from domain.flow import (
    Answered,
    Ask,
    Conceal,
    ContactOver,
    DigitHeard,
    EndCall,
    Enqueue,
    FlowStarted,
    HandOver,
    HandOverFailed,
    LookUpCustomer,
    MessageTaken,
    PromptEnded,
    QueueReturned,
    Reveal,
    Say,
    SecretHeard,
    TakeMessage,
)
from domain.ids import AgentId, CallId, CustomerId, TierId
from domain.instant import Instant, after
from ivr.book import SAMPLE_FLOWS, FlowBook
from ivr.machine import Session
from ivr.scenario import load_scenarios, play, read_flows, scenario_files
from ivr.walk import FixedQueues

START = Instant(1_790_125_200_000_000)
NUMBERS = ("95588", "95589", "95590")
FLOWS = ("bank", "complaints", "corporate")
QUEUES = ("personal", "complaints", "business")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
COLLECTOR = (20_000, 50, 1000)
"""Thresholds of the garbage collector, as the platform sets them."""
GIVEN = {
    (known.kind, known.name): {
        name: "2026-11-30" if any(word in name for word in ("date", "until", "period")) else "128.50"
        for name in known.gives
    }
    for known in known_asks()
}


class Caller:
    """One call, and what happens to it next."""

    __slots__ = ("call", "concealed", "question", "secret_digits", "session", "what")

    def __init__(self, session: Session, call: CallId) -> None:
        self.session = session
        self.call = call
        self.what: Any = None
        """What the session waits for: an intent that asks for something."""
        self.concealed = ""
        self.secret_digits = 0

    def heard(self, intents: Iterable[Any]) -> bool:
        """Take notice of what the session wants; True if the call is over."""
        for intent in intents:
            if isinstance(intent, EndCall):
                return True
            if isinstance(intent, Say | LookUpCustomer | Ask | Enqueue | TakeMessage | HandOver):
                # Words said while an answer is awaited are not what is waited for.
                if not (isinstance(intent, Say) and isinstance(self.what, Ask)):
                    self.what = intent
            elif isinstance(intent, Conceal):
                self.concealed, self.secret_digits = intent.secret, 0
            elif isinstance(intent, Reveal):
                self.concealed = ""
        return False

    def next(self, chance: random.Random) -> Any:
        """A fact that may come now, or None for the end of a timer."""
        call, what = self.call, self.what
        self.what = None
        playing = self.session.state.play
        match what:
            case LookUpCustomer():
                return self._identified(chance)
            case Ask():
                values = GIVEN.get((what.kind, what.name), {})
                nothing = what.kind in ("record", "transaction") and chance.random() < 0.1
                outcome = "none" if nothing else "ok"
                return Answered(call, what.ask, outcome, dict(values))  # type: ignore[arg-type]
            case Enqueue() if chance.random() < 0.3 and what.comes_back:
                return ContactOver(call, AgentId("a1"))
            case Enqueue():
                reason = chance.choice(("no_agents", "timeout", "full"))
                return QueueReturned(call, what.queue, reason)  # type: ignore[arg-type]
            case TakeMessage():
                return MessageTaken(call, what.recording, chance.choice((0, 4000, 9000)))
            case HandOver():
                return HandOverFailed(call, what.number)
        if playing and chance.random() < 0.6:
            return PromptEnded(call, playing)  # type: ignore[arg-type]
        if chance.random() < 0.1:
            return None
        digit = chance.choice("0123456789#")
        if self.concealed and digit != "#":
            self.secret_digits += 1
            return SecretHeard(call, self.concealed, self.secret_digits)
        return DigitHeard(call, digit)

    def _identified(self, chance: random.Random) -> CallerIdentified:
        if chance.random() < 0.4:
            return CallerIdentified(self.call, "none")
        return CallerIdentified(
            self.call,
            "one",
            CustomerId("k1"),
            "王芳",
            TierId("retail-wealth"),
            30.0,
            AgentId("a3"),
            chance.choice(("zh-CN", "en")),
        )


class Floor:
    """Many calls in their flows at once."""

    def __init__(self, seed: int) -> None:
        self.book = FlowBook([SAMPLE_FLOWS])
        self.book.configure(
            FrontDoorConfigured(
                tuple(EntryNumber(number, flow, flow) for number, flow in zip(NUMBERS, FLOWS, strict=True)),
                (CalendarConfig("bank", hours=dict.fromkeys(DAYS, ("00:00-24:00",))),),
                "bank",
            )
        )
        self.book.queues = FixedQueues(dict.fromkeys(QUEUES, (3, 90.0, 1, 2)))
        self.chance = random.Random(seed)
        self.callers: list[Caller] = []
        self.now = START
        self.spent_ns: list[int] = []
        """What each step took on the clock."""
        self.cpu_ns = 0
        """What all of them took of this thread's CPU time."""
        self.longest_cpu_ns = 0
        self.calls = 0
        self.troubles = 0

    def arrive(self, at: int) -> None:
        """A new call takes the place of the one there."""
        self.calls += 1
        call = CallId(f"c{self.calls}")
        number = f"+86138{self.calls % 10**8:08}"
        _, session = self.book.open(call, number, self.chance.choice(NUMBERS), self.now)
        caller = Caller(session, call)
        if at < len(self.callers):
            self.troubles += self.callers[at].session.state.troubles
            self.callers[at] = caller
        else:
            self.callers.append(caller)
        self.step(at, FlowStarted(call))

    def step(self, at: int, fact: Any) -> None:
        """One step of a call; a new one begins where it ends."""
        caller = self.callers[at]
        session = caller.session
        if fact is None:
            due = session.wake_at()
            if due is None:
                return
            now = max(self.now, due)
            cpu, began = thread_time_ns(), perf_counter_ns()
            intents = session.wake(now)
        else:
            cpu, began = thread_time_ns(), perf_counter_ns()
            intents = session.handle(fact, self.now)
        session.wake_at()
        self.spent_ns.append(perf_counter_ns() - began)
        took = thread_time_ns() - cpu
        self.cpu_ns += took
        self.longest_cpu_ns = max(self.longest_cpu_ns, took)
        if caller.heard(intents):
            self.arrive(at)

    def go_on(self, steps: int) -> None:
        """So many steps, each of a call by chance."""
        count, chance = len(self.callers), self.chance
        while len(self.spent_ns) < steps:
            self.now = after(self.now, 0.001)
            at = chance.randrange(count)
            self.step(at, self.callers[at].next(chance))


def full(sessions: int, seed: int = 1) -> Floor:
    """As many calls as there shall be, each somewhere in its flow."""
    floor = Floor(seed)
    for at in range(sessions):
        floor.arrive(at)
    floor.go_on(10 * sessions)
    floor.spent_ns.clear()
    floor.cpu_ns = floor.longest_cpu_ns = 0
    return floor


def steps(sessions: int, count: int) -> dict[str, float]:
    """What a step takes."""
    floor = full(sessions)
    gc.collect()
    gc.freeze()  # as the platform does with what is there for good
    floor.go_on(count)
    gc.unfreeze()
    spent = sorted(floor.spent_ns)
    return {
        "p50_us": spent[len(spent) // 2] / 1e3,
        "p99_us": spent[len(spent) * 99 // 100] / 1e3,
        "p999_us": spent[len(spent) * 999 // 1000] / 1e3,
        "max_us": spent[-1] / 1e3,
        "max_cpu_us": floor.longest_cpu_ns / 1e3,
        "steps_per_s": round(len(spent) / (floor.cpu_ns / 1e9)),
        "troubles_per_1000_calls": round(1000 * floor.troubles / floor.calls, 2),
    }


# ------------------------------------------------------------------ memory


def waiting(floor: Floor, sessions: int) -> None:
    """So many calls that have come to wait in a queue, each by its own way there."""
    place = 0
    while place < sessions:
        floor.arrive(place)
        for _ in range(500):
            caller = floor.callers[place]
            if isinstance(caller.what, Enqueue):
                break
            floor.step(place, caller.next(floor.chance))
        place += 1
    floor.spent_ns.clear()


def traced(sessions: int) -> float:
    """Bytes Python allocated for each session that waits."""
    floor = Floor(2)
    waiting(floor, 200)  # what is made once is there by now
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    floor.callers = []
    waiting(floor, sessions)
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return grown / sessions


def resident(sessions: int) -> float:
    """Bytes this process grew by for each session that waits."""
    floor = Floor(2)
    waiting(floor, 200)
    gc.collect()
    before = _rss()
    waiting(floor, sessions)
    gc.collect()
    return (_rss() - before) / sessions


def _rss() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def apart(what: str, sessions: int) -> float:
    """A figure measured in a process of its own."""
    argv = [sys.executable, "-m", "bench.ivr", "--only", what, "--sessions", str(sessions)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    return float(done.stdout)


def state_bytes(sessions: int) -> float:
    """What a snapshot writes for each session that waits."""
    floor = Floor(2)
    waiting(floor, min(sessions, 1000))
    return statistics.mean(len(dumps(one.session.state).encode()) for one in floor.callers)


# ------------------------------------------------------------------ scenarios


def scenarios_per_s() -> float:
    """Scripted callers of the sample bank, each from begin to end, on one core."""
    flows = read_flows([SAMPLE_FLOWS])
    files = [load_scenarios(file) for file in scenario_files(SAMPLE_FLOWS / "scenarios")]
    of = {file.flow: next(iter(read_flows([file.flow]).values())) for file in files}
    played, began = 0, process_time()
    while process_time() - began < 1.0:
        for file in files:
            for scenario in file.scenarios:
                play(scenario, of[file.flow], flows.get)
                played += 1
    return played / (process_time() - began)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--sessions", type=int, default=10_000)
    parser.add_argument("--steps", type=int, default=500_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--profile", action="store_true", help="show where the time of a step goes")
    parser.add_argument("--only", choices=("traced", "resident"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    gc.set_threshold(*COLLECTOR)
    if arguments.only:
        print({"traced": traced, "resident": resident}[arguments.only](arguments.sessions))
        return
    if arguments.profile:
        floor = full(arguments.sessions)
        with cProfile.Profile() as profile:
            floor.go_on(arguments.steps)
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)
        return
    runs = [steps(arguments.sessions, arguments.steps) for _ in range(arguments.runs)]
    figures: dict[str, Any] = {
        "sessions": arguments.sessions,
        "steps": arguments.steps,
        "runs": arguments.runs,
        **{key: statistics.median(run[key] for run in runs) for key in runs[0]},
        "steps_per_s_runs": [run["steps_per_s"] for run in runs],
        "p99_us_runs": [run["p99_us"] for run in runs],
        "waiting_bytes": round(apart("traced", arguments.sessions)),
        "waiting_rss_bytes": round(apart("resident", arguments.sessions)),
        "state_bytes": round(state_bytes(arguments.sessions)),
        "scenarios_per_s": round(statistics.median(scenarios_per_s() for _ in range(arguments.runs))),
    }
    if arguments.json:
        print(json.dumps(figures))
        return
    print(
        f"a step: p50 {figures['p50_us']:.1f} us, p99 {figures['p99_us']:.1f} us, longest "
        f"{figures['max_us']:.0f} us; {figures['steps_per_s']} steps a second on one core"
    )
    print(
        f"a waiting session: {figures['waiting_bytes']} bytes by tracemalloc, {figures['waiting_rss_bytes']} "
        f"by the process's growth, {figures['state_bytes']} in a snapshot"
    )
    print(f"scenarios: {figures['scenarios_per_s']} a second on one core")


if __name__ == "__main__":
    main()
