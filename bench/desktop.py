"""How soon does an agent's page show an offered call, with every page of a large floor open?

300 agents sign in, each with an open page (a web socket, in a process of its own) and a telephone
(registered and answered by SIPp); a few supervisors watch the board. Callers whom the records know dial at a
steady rate, are offered to an agent at once, answered after half a second and hang up after a while.
``offer`` is the time from the floor's decision to the arrival of the offer in the page's process, ``card``
from the same moment to the arrival of the customer's card, both by the one wall clock of this machine and
rounded up by as much as a millisecond. They include the journal's commit.

    python bench/desktop.py --agents 300 --rate 10 --seconds 60 --runs 3 [--json]
"""

import hashlib
import json
import secrets
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.shared import (
    HERE,
    HOST,
    BenchPlatform,
    Figures,
    Sipp,
    Spent,
    measure,
    parser,
    rss_mb,
    run_main,
    tell,
)
from tests.running import eventually, free_port

NUMBER = "95501"
RING_S = 15
TALK_S = 5
CUSTOMERS = 500


@dataclass(frozen=True, slots=True)
class Floor:
    """How large, and how busy."""

    agents: int
    boards: int
    rate: int
    seconds: float

    @property
    def names(self) -> list[str]:
        """The agents' ids."""
        return [f"{1000 + n}" for n in range(self.agents)]

    @property
    def setup(self) -> str:
        """Its rows as YAML."""
        agents = "".join(f'- {{id: "{n}", name: Agent {n}, queues: [bench]}}\n' for n in self.names)
        return (
            "format: 1\nqueues:\n"
            f"- {{id: bench, name: Benchmark, ring_s: {RING_S}, wrap_up_s: 0, when_no_agents: wait}}\n"
            f'agents:\n{agents}entry-numbers:\n- {{id: "{NUMBER}", name: Benchmark, flow: bench_desk}}\n'
        )


@dataclass(frozen=True, slots=True)
class Seat:
    """A user who is signed in."""

    cookie: str
    csrf: str
    user: str

    @property
    def session(self) -> str:
        """What the table of sessions knows the cookie by."""
        return hashlib.sha256(self.cookie.encode()).hexdigest()


def seat_people(platform: BenchPlatform, floor: Floor) -> tuple[list[Seat], list[Seat]]:
    """Users with their sessions, and customers, straight into the tables; nobody needs a password.

    In SQL, since this folder's ``calls`` would be taken for the room of that name if the rooms were used.
    """
    now = time.time_ns() // 1000
    agents = [(f"user-{name}", "agent", name) for name in floor.names]
    boards = [(f"supervisor-{n}", "supervisor", None) for n in range(floor.boards)]
    seats = [Seat(secrets.token_urlsafe(), secrets.token_urlsafe(), user) for user, *_ in (*agents, *boards)]
    customers = [(f"bench-{n}", f"Customer {n}", now) for n in range(CUSTOMERS)]
    with closing(sqlite3.connect(platform.database)) as db, db:
        db.executemany(
            "INSERT INTO users (id, name, hash, role, agent, language, disabled) "
            "VALUES (?1, ?1, '', ?2, ?3, 'en', 0)",
            [*agents, *boards],
        )
        db.executemany(
            'INSERT INTO sessions (id, "user", csrf, created, last_seen, expires) '
            "VALUES (?, ?, ?, ?4, ?4, ?5)",
            [(s.session, s.user, s.csrf, now, now + 3_600_000_000) for s in seats],
        )
        db.executemany(
            "INSERT INTO customers "
            "(id, name, branch, language, currency, notes, version, changed, changed_by) "
            "VALUES (?, ?, 'Eastgate branch', 'en', 'CNY', '', 1, ?, '')",
            customers,
        )
        db.executemany(
            "INSERT INTO customer_phones (customer, number, position) VALUES (?, ?, 0)",
            [(id, number(n)) for n, (id, *_) in enumerate(customers)],
        )
    return seats[: floor.agents], seats[floor.agents :]


def number(customer: int) -> str:
    """The telephone of the n-th customer."""
    return f"+86138{customer:08}"


def post_all(platform: BenchPlatform, seats: list[Seat], path: str) -> list[httpx.Response]:
    """Every one of them does this in their page."""
    with httpx.Client(base_url=platform.url, timeout=60) as http, ThreadPoolExecutor(4) as pool:

        def post(seat: Seat) -> httpx.Response:
            headers = {"Cookie": f"callfloor={seat.cookie}", "X-CSRF-Token": seat.csrf}
            return http.post(path, headers=headers).raise_for_status()

        return list(pool.map(post, seats))


@contextmanager
def open_pages(
    platform: BenchPlatform, agents: list[Seat], boards: list[Seat]
) -> Iterator["subprocess.Popen[str]"]:
    """The process of the pages, all of them open."""
    with subprocess.Popen(
        [sys.executable, str(HERE / "pages.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            told = {"agents": [s.cookie for s in agents], "boards": [s.cookie for s in boards]}
            process.stdin.write(json.dumps({"url": platform.url, "ring_s": RING_S, **told}) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
            assert line == "ready\n", f"the pages did not open: {line}"
            yield process
        finally:
            process.kill()


@contextmanager
def sound_sink() -> Iterator[int]:
    """A port where everybody's sound goes and nobody listens."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sink:
        sink.bind((HOST, 0))
        yield sink.getsockname()[1]


def run(floor: Floor, profile: Path | None = None, *, quick: bool = False) -> Figures:
    """One run on a fresh platform; a quick one while it still makes its prompts, which no call hears."""
    with tempfile.TemporaryDirectory(prefix="callfloor-bench-") as name:
        platform = BenchPlatform(Path(name), floor.setup, profile)
        agents, boards = seat_people(platform, floor)
        with (
            platform.start(quiet=not quick),
            open_pages(platform, agents, boards) as pages,
            sound_sink() as sink,
        ):
            port = free_port(socket.SOCK_DGRAM)
            _register(platform, agents, port)
            answering = ("-key", "rtp_port", str(sink))
            with Sipp(platform.folder, "telephones", platform.sip_port, *answering, port=port):
                post_all(platform, agents, "/api/desk/ready")
                return _drive(platform, floor, pages, sink)


def _register(platform: BenchPlatform, agents: list[Seat], port: int) -> None:
    """Everybody begins to work, and their telephones register; they are rung where they register from."""
    post_all(platform, agents, "/api/desk/sign-in")
    devices = [answer.json() for answer in post_all(platform, agents, "/api/desk/device")]
    rows = []
    for device in devices:
        user, password = device["uri"].partition(":")[2].partition("@")[0], device["password"]
        rows.append(f"{user};[authentication username={user} password={password}]")
    many = ("-m", str(len(rows)), "-r", "50")
    with Sipp(platform.folder, "register", platform.sip_port, *many, rows=rows, port=port) as sipp:
        counts = sipp.wait(60)
        assert counts["failed"] == 0, sipp.errors()


def _drive(platform: BenchPlatform, floor: Floor, pages: "subprocess.Popen[str]", sink: int) -> Figures:
    calls = int(floor.rate * floor.seconds)
    rows = [f"{number(n)};{sink}" for n in range(CUSTOMERS)]
    memory = rss_mb(platform.pid)
    options = ("-s", NUMBER, "-r", str(floor.rate), "-m", str(calls), "-d", str(TALK_S * 1000))
    spent = Spent(platform)
    with Sipp(platform.folder, "caller", platform.sip_port, *options, rows=rows) as sipp:
        time.sleep(floor.seconds)
        busy = spent.percent()
        counts = sipp.wait(60)
    eventually(lambda: sum(_history(platform).values()) >= counts["made"], 60, "the history")
    used = spent.seconds()
    history = _history(platform)
    assert pages.stdin is not None and pages.stdout is not None
    pages.stdin.close()
    seen: Figures = json.loads(pages.stdout.read())
    return {
        **counts,
        "answered": history.get("answered", 0),
        **seen,
        **{f"{name}_cpu_ms_per_call": round(1000 * s / counts["made"], 2) for name, s in used.items()},
        **{f"{name}_core_percent": percent for name, percent in busy.items()},
        "main_grew_mb": round(rss_mb(platform.pid) - memory, 1),
    }


def _history(platform: BenchPlatform) -> dict[str, int]:
    with closing(sqlite3.connect(platform.database, timeout=10)) as db:
        return dict(db.execute("SELECT outcome, count(*) FROM calls GROUP BY outcome"))


def main() -> None:
    """Read the arguments, run, print."""
    arguments = parser(__doc__, seconds=60, runs=3)
    arguments.add_argument("--agents", type=int, default=300)
    arguments.add_argument("--boards", type=int, default=2, help="supervisors who watch")
    arguments.add_argument("--rate", type=int, default=10, help="calls per second")
    given = arguments.parse_args()
    floor = Floor(given.agents, given.boards, given.rate, given.seconds)
    if given.quick:
        floor = Floor(20, 1, 3, 2)
    runs = 1 if given.quick else given.runs
    words = {"runs": runs, "agents": floor.agents, "boards": floor.boards, "calls_per_s": floor.rate}
    tell(measure(words, runs, lambda: run(floor, given.profile, quick=given.quick)), as_json=given.json)


if __name__ == "__main__":
    run_main(main)
