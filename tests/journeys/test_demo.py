"""``callfloor demo`` as somebody runs it who has just cloned the repository."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, expect

from callfloor.sample import AGENTS
from crm_bridge import sample_books
from tests.journeys.telephones import call_of, caller, last_call, rate, ready, register, story_of, voice
from tests.running import Seat, eventually, free_port, quiet_environment
from tests.sipp import Sipp
from tests.sound import RATE, SoundPeer, from_ulaw, share_of

pytestmark = pytest.mark.peer
VOUCHER = sample_books.VOUCHERS[0]
_HEARING_CTRL_C = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Starts a program as a terminal does: what a shell put into the background, as these tests may be, ignores
Ctrl-C, and so does all that it starts."""


class Demo:
    """A running ``callfloor demo``; its own ``TMPDIR`` shows what it leaves behind."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.temporary = folder / "tmp"
        self.temporary.mkdir(exist_ok=True)
        self.web_port, self.sip_port = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_DGRAM)
        ports = ("--port", str(self.web_port), "--sip-port", str(self.sip_port))
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                _HEARING_CTRL_C,
                sys.executable,
                "-m",
                "callfloor",
                "demo",
                *ports,
                *options,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=quiet_environment() | {"TMPDIR": str(self.temporary), "PYTHONIOENCODING": "utf-8"},
            # A terminal of its own, as it were: Ctrl-C goes to every process in it.
            start_new_session=True,
        )
        self.said = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line

    def up(self) -> "Demo":
        """Wait until it has said where everything is."""
        eventually(lambda: "Ctrl-C" in self.said or self.process.poll() is not None, 90, "the welcome text")
        assert self.process.poll() is None, self.said
        return self

    def printed(self, pattern: str) -> tuple[str, ...]:
        """The groups of a pattern in what was printed."""
        found = re.search(pattern, self.said)
        assert found, self.said
        return found.groups()

    def seat(self, who: str) -> Seat:
        """Sign in with what was printed."""
        user, password = self.printed(rf"as an? {who} +(\S+) +(\S+)\n")
        return Seat(f"http://127.0.0.1:{self.web_port}", user, password)

    def members(self) -> list[int]:
        """The processes that are alive of all it started: they share its ``TMPDIR``, if not its session."""
        mark = f"TMPDIR={self.temporary}".encode()
        found = []
        for environment in Path("/proc").glob("[0-9]*/environ"):
            try:
                if mark in environment.read_bytes().split(b"\0"):
                    found.append(int(environment.parent.name))
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue  # gone meanwhile, or somebody else's
        return found

    def ctrl_c(self) -> int:
        """As the terminal does it: SIGINT to all processes of the session's foreground; the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        code = self.process.wait(30)
        self._reader.join(10)
        return code

    def last_words(self) -> str:
        """All it said, once it is over."""
        self.process.wait(10)
        self._reader.join(10)
        return self.said

    def end(self) -> None:
        """Let nothing of it stay, whatever the test found."""
        for member in self.members():
            os.kill(member, signal.SIGKILL)
        self.process.wait(10)
        self._reader.join(10)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    """Starts demos that are over after the test."""
    demos: list[Demo] = []

    def make(*options: str) -> Demo:
        demos.append(Demo(tmp_path, *options))
        return demos[-1]

    yield make
    for demo in demos:
        demo.end()


def test_a_stranger_tries_it(start: Callable[..., Demo], context: BrowserContext, tmp_path: Path) -> None:
    """What is printed is right, people talk, a call is answered, Ctrl-C leaves nothing."""
    demo = start("--speed", "8", "--lang", "en").up()
    assert demo.printed(r"(\d+) simulated agents") == ("12",)
    (page,) = demo.printed(r"The page +(http://\S+)\n")
    assert page == f"http://127.0.0.1:{demo.web_port}/"
    assert demo.printed(r"Dial +(sip:\S+)\n") == (f"sip:95588@127.0.0.1:{demo.sip_port}",)
    (folder,) = demo.printed(r"Data +(\S+)\n")
    assert Path(folder).parent == demo.temporary
    assert (Path(folder) / "callfloor.db").is_file()
    assert "Traceback" not in demo.said
    assert len(demo.members()) >= 2  # the platform and its media process

    # People talk: the board in a browser moves by itself.
    user, password = demo.printed(r"as a supervisor +(\S+) +(\S+)\n")
    board = context.new_page()
    board.goto(page)
    board.get_by_test_id("sign-in-user").fill(user)
    board.get_by_test_id("sign-in-password").fill(password)
    board.get_by_test_id("sign-in-submit").click()
    expect(board.get_by_test_id("board")).to_be_visible()
    expect(board.get_by_test_id("tile-talking").locator(".num")).not_to_have_text("0", timeout=30_000)
    expect(board.get_by_text("Grace Chen").first).to_be_visible()

    # A call to what was printed: a simulated agent answers, speaks, and hangs up; how was it?
    supervisor = demo.seat("supervisor")
    number = "13900008888"
    with SoundPeer() as sound:
        keys = {"number": number, "rtp_port": sound.port}
        with Sipp(tmp_path, "caller", demo.sip_port, "-s", "95588", keys=keys) as sipp:
            eventually(lambda: len(sound.heard) > 25, what="the welcome")
            sound.press("21")  # English, personal banking
            rate(supervisor, sound, number, 120)
            sipp.finish()
        heard = from_ulaw(b"".join(payload for _, payload in sound.heard))
    assert float(np.std(heard[-RATE * 20 :])) > 0.01
    (call,) = eventually(lambda: supervisor.get("/api/history/calls", q=number), what="the history")
    assert (call["outcome"], call["ended_by"], call["queue"]) == ("answered", "flow", "personal")
    assert call["agent"] in AGENTS
    supervisor.close()
    administrator = demo.seat("administrator")
    assert {flow["name"] for flow in administrator.get("/api/ivr/flows")} == {
        "bank",
        "complaints",
        "corporate",
    }
    administrator.close()

    assert demo.ctrl_c() == 0, demo.said
    assert demo.members() == []
    assert list(demo.temporary.iterdir()) == []
    assert "Traceback" not in demo.said


def test_the_seat_rings_and_the_data_is_kept(start: Callable[..., Demo], tmp_path: Path) -> None:
    """Ready at the printed seat I am rung by a customer of mine; ``--data`` keeps all but a card's secret."""
    folder = tmp_path / "kept"
    demo = start("--data", str(folder), "--speed", "0.01").up()
    assert demo.printed(r"Data +(\S+)\n") == (str(folder),)
    seat, supervisor = demo.seat("agent"), demo.seat("supervisor")
    assert seat.me["agent"] == "you"
    assert supervisor.snapshot()["agents"]["1001"]["name"] == "陈静"
    number = _number_of_mine(supervisor).removeprefix("+86")
    port = register(demo, seat, tmp_path)
    ready(seat)
    phone = Sipp(voice(tmp_path, 660.0), "agent", demo.sip_port, port=port)
    with phone, SoundPeer() as sound, caller(demo, tmp_path, sound, number) as sipp:
        eventually(lambda: len(sound.heard) > 25, what="the welcome")
        sound.press("1")
        assert call_of(supervisor, number, "talking")["agent"] == "you"
        eventually(lambda: share_of(sound.last(0.5), 660.0) > 0.5, what="the voice at my seat")
        sipp.hang_up()
        phone.finish()
    call = last_call(supervisor, number)
    assert (call["outcome"], call["agent"]) == ("answered", "you")
    _recharge(demo, supervisor, tmp_path)
    assert _balance(folder, sample_books.PREPAID) == 1_250 + VOUCHER.amount
    seat.close()
    supervisor.close()
    assert demo.ctrl_c() == 0, demo.said
    assert demo.members() == []
    assert list(demo.temporary.iterdir()) == []
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert not [path for path in kept if VOUCHER.secret.encode() in path.read_bytes()]
    assert {"callfloor.db", "journal.db", "recordings"} <= {path.name for path in folder.iterdir()}

    again = start("--data", str(folder), "--speed", "0.01").up()
    supervisor = again.seat("supervisor")
    assert last_call(supervisor, number)["id"] == call["id"]
    supervisor.close()
    assert again.ctrl_c() == 0, again.said


def _recharge(demo: Demo, supervisor: Seat, folder: Path) -> None:
    """A stranger uses a recharge card by telephone, and tries to use it again in the same call."""
    number = "13900007777"
    with SoundPeer() as sound, caller(demo, folder, sound, number) as sipp:
        eventually(lambda: len(sound.heard) > 25, what="the welcome")
        call = call_of(supervisor, number)["id"]

        def told(line: str, times: int = 1) -> None:
            eventually(lambda: story_of(supervisor, call).count(line) == times, 40, f"{times} x {line}")

        # Chinese, recharging, another account; then from the main menu once more.
        ways = (("162", "answer ok"), ("962", "answer none (refused: used)"))
        for times, (keys, answer) in enumerate(ways, 1):
            sound.press(f"{keys}{sample_books.PREPAID}#1")
            told("hides digits of voucher", times)
            sound.press(VOUCHER.number)
            told("hides digits of secret", times)
            sound.press(VOUCHER.secret)
            told(f"hidden digit secret, number {len(VOUCHER.secret)}", times)
            sound.press("1")
            told(answer)
        told("hides digits of voucher", 3)  # it was used before: is there another?
        sipp.hang_up()
    record = last_call(supervisor, number)
    assert record["marks"] == {"purpose": "enquiry", "service": "recharge"}
    hidden = "*" * len(VOUCHER.number + VOUCHER.secret)
    assert record["digits"] == "".join(f"{keys}{sample_books.PREPAID}{hidden}1" for keys, _ in ways)


def _balance(folder: Path, account: str) -> int:
    """What is on an account, in fen."""
    with closing(sqlite3.connect(folder / "callfloor.db")) as books:
        (found,) = books.execute("SELECT balance FROM bank_accounts WHERE number = ?", (account,)).fetchone()
    return int(found)


def _number_of_mine(supervisor: Seat) -> str:
    """The telephone of a customer whose calls go to the seat first."""
    after = ""
    while True:
        page = supervisor.get("/api/customers", after=after, limit=50)
        for found in page["customers"]:
            owners = supervisor.get(f"/api/customers/{found['id']}")["owners"]
            agents = [owner["agent"] for owner in owners if owner["agent"]]
            if agents and agents[0] == "you" and found["phones"]:
                return str(found["phones"][0])
        assert page["next"], "the seat owns no customer"
        after = page["next"]


@pytest.mark.parametrize(
    ("kind", "option"), [(socket.SOCK_STREAM, "--port"), (socket.SOCK_DGRAM, "--sip-port")]
)
def test_a_port_in_use_is_said_in_one_line(
    start: Callable[..., Demo], kind: socket.SocketKind, option: str
) -> None:
    """Which port, and with which option another can be chosen; exit code 1, and nothing is left."""
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            taken.listen()
        port = taken.getsockname()[1]
        demo = start(option, str(port))
        assert demo.process.wait(60) == 1
    (line,) = demo.last_words().splitlines()
    assert str(port) in line
    assert line.endswith(option)
    assert list(demo.temporary.iterdir()) == []


def test_ctrl_c_while_it_starts(start: Callable[..., Demo]) -> None:
    """Ends at once and leaves nothing, whatever it was doing: as an interrupted program or as a good one."""
    demo = start("--speed", "0.01")
    eventually(lambda: list(demo.temporary.glob("*/callfloor.db")), 60, "a database being made")
    assert demo.ctrl_c() in (0, 130), demo.said
    assert demo.members() == []
    assert list(demo.temporary.iterdir()) == []
    assert "Traceback" not in demo.last_words()
