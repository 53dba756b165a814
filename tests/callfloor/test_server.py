"""The platform comes up whole or not at all, ends in order whatever fails, and logs no secrets."""

import asyncio
import errno
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text, update
from websockets.asyncio.client import connect

from acd.api import AGENTS, AgentBody
from acd.store import QueueRow
from callfloor import logs
from callfloor import server as server_of
from callfloor.server import Platform, StartError
from callfloor.settings import Web
from callfloor.switches import embedded
from domain.desk import AgentReady, AgentSignedIn
from domain.ids import AgentId, DeviceId
from telephony.embedded.switch import EmbeddedSwitch
from telephony.simulated import SimulatedSwitch
from tests.callfloor.running import (
    NUMBER,
    PASSWORD,
    LoopTime,
    browser,
    make_platform,
    settings_in,
    switch_of,
)
from tests.hashes import quick_hashes

__all__ = ["quick_hashes"]
pytestmark = pytest.mark.usefixtures("quick_hashes")
PATIENCE_S = 10.0


@asynccontextmanager
async def served(platform: Platform) -> AsyncIterator[str]:
    """The platform serves; gives its base URL without the scheme, and fails if ``serve`` does."""
    up = asyncio.Event()
    serving = asyncio.create_task(platform.serve(up.set))
    waiting = asyncio.create_task(up.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    try:
        if not serving.done():
            yield f"127.0.0.1:{platform.web_port}"
    finally:
        platform.runner.stopped.set()
        await serving


async def until(look: Callable[[], Any]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not look():
            await asyncio.sleep(0.005)


def nothing_is_left() -> bool:
    """No writer of a journal, no task but the one that asks."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    return not others and not any(t.name == "journal" for t in threading.enumerate())


# ------------------------------------------------------------------ start


class HalfSwitch(SimulatedSwitch):
    """A switch that fails half way up."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(LoopTime())
        self.error = error
        self.stopped = 0

    async def start(self, tell: Callable[[Any], None]) -> None:
        raise self.error

    async def stop(self) -> None:
        self.stopped += 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EADDRINUSE, "Address already in use"), "the SIP port 0 on 127.0.0.1 cannot be used"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
        (asyncio.CancelledError(), ""),
    ],
)
def test_a_switch_that_does_not_come_up_leaves_nothing_behind(
    tmp_path: Path, error: BaseException, said: str
) -> None:
    """It is stopped, the journal is closed, and the reason is said."""
    switch = HalfSwitch(error)
    settings = make_platform(tmp_path).settings

    async def main() -> None:
        platform = Platform(settings, lambda _: switch)
        with pytest.raises(BaseException) as caught:
            async with platform.running():
                raise AssertionError("it must not get here")
        assert said in str(caught.value)
        assert isinstance(caught.value, StartError) == ("SIP port" in said)
        assert switch.stopped >= 1
        assert nothing_is_left()

    asyncio.run(main())


def test_a_sip_port_taken_meanwhile_ends_the_media_process_too(tmp_path: Path) -> None:
    """Taken between the check and the bind, with the real switch."""
    make_platform(tmp_path)

    async def main() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("127.0.0.1", 0))
            settings = settings_in(tmp_path)
            settings = replace(settings, sip=replace(settings.sip, port=taken.getsockname()[1]))
            platform = Platform(settings, embedded)
            with pytest.raises(StartError, match=r"the SIP port \d+ on 127.0.0.1 cannot be used"):
                async with platform.running():
                    raise AssertionError("it must not get here")
        assert isinstance(platform.switch, EmbeddedSwitch)
        assert not platform.switch.media.running
        pid = platform.switch.media.pid
        assert pid is None or not Path(f"/proc/{pid}").exists()
        assert nothing_is_left()

    asyncio.run(main())


def test_a_configuration_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    """With calls not yet taken, and nothing left."""

    async def main() -> None:
        platform = make_platform(tmp_path)
        with platform.database.transaction() as session:
            session.execute(text("DROP TABLE queue_intervals"))
            session.execute(text("ALTER TABLE entry_numbers RENAME TO gone"))
        with pytest.raises(Exception, match="entry_numbers"):
            async with platform.running():
                raise AssertionError("it must not get here")
        assert nothing_is_left()

    asyncio.run(main())


def test_a_web_port_in_use_is_found_before_anything_is_started(tmp_path: Path) -> None:
    """One line that says what to do."""

    async def main() -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            platform = make_platform(tmp_path, Web(port=taken.getsockname()[1]))
            with pytest.raises(StartError, match=r"the web port .* another with the setting web\.port"):
                await platform.serve()
        assert not platform.settings.journal_path.exists()

    asyncio.run(main())


@pytest.mark.parametrize("broken", ["certificate", "key"])
def test_a_certificate_that_cannot_be_used_is_said_before_the_start(tmp_path: Path, broken: str) -> None:
    """No traceback of OpenSSL."""
    files = {name: tmp_path / name for name in ("certificate", "key")}
    made = server_of.certificate_of.make(tmp_path, "127.0.0.1")
    for (_, path), good in zip(files.items(), made, strict=True):
        path.write_bytes(good.read_bytes())
    files[broken].write_text("no PEM")
    web = Web(port=0, certificate=str(files["certificate"]), key=str(files["key"]))

    async def main() -> None:
        with pytest.raises(StartError, match=r"the certificate .* cannot be used"):
            await make_platform(tmp_path, web).serve()

    asyncio.run(main())


def test_encrypted_pages_have_a_cookie_of_their_own(tmp_path: Path) -> None:
    """Secure, HttpOnly, same site, and named so that no other host can set it."""

    async def main() -> None:
        platform = make_platform(tmp_path, Web(port=0, self_signed=True))
        async with served(platform) as place:
            trusted = ssl.create_default_context(cafile=str(platform.folder / "certificate.pem"))
            async with httpx.AsyncClient(base_url=f"https://{place}", verify=trusted) as http:
                answer = await http.post("/api/session", json={"user": "agent", "password": PASSWORD})
                cookie = answer.headers["set-cookie"].lower()
        assert cookie.startswith("__host-callfloor=")
        assert all(part in cookie for part in ("secure", "httponly", "samesite=strict", "path=/"))
        assert "domain" not in cookie

    asyncio.run(main())


# ------------------------------------------------------------------ configuration


def test_changed_rows_reach_the_floor_even_when_the_database_was_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Tried again until it is read; many changes at once end with the last state."""
    monkeypatch.setattr(server_of, "RETRY_S", 0.01)

    async def main() -> None:
        platform = make_platform(tmp_path)
        async with platform.running():
            real, fails = platform._read_configuration, iter([True, True])

            def away() -> Any:
                if next(fails, False):
                    raise OSError("the database is away")
                return real()

            monkeypatch.setattr(platform, "_read_configuration", away)
            for n in range(20):
                with platform.database.transaction() as session:
                    row = AGENTS.get(session, "agent")
                    AGENTS.update(
                        session, row, AgentBody.model_validate({**AGENTS.show(row), "name": f"Ada {n}"})
                    )
                await asyncio.to_thread(platform.rows_changed, "agents")
            await until(lambda: platform.hub.desk.names.agents["agent"] == "Ada 19")
        assert caplog.text.count("the configuration cannot be read now") == 2

    asyncio.run(main())


def test_rows_the_floor_cannot_take_are_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Pages let none of them in, but somebody may write to the database; the floor goes on as it was."""

    async def main() -> None:
        platform = make_platform(tmp_path)
        async with platform.running():
            with platform.database.transaction() as session:
                session.execute(update(QueueRow).values(ring_s=0))
            await platform.configure()
        assert "the floor keeps its old configuration: queue personal: ring_s is 0.0" in caplog.text
        assert platform.runner.engine.floor.state.queues["personal"].config.ring_s == 5

    asyncio.run(main())


# ------------------------------------------------------------------ end


def test_history_that_cannot_be_written_at_the_end_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is in the journal, and the next start writes it; what went wrong in the house is still raised."""

    async def main() -> None:
        platform = make_platform(tmp_path)

        def full() -> int:
            raise OSError("disk full")

        async def fail() -> None:
            async with platform.running():
                platform.projector.catch_up = full  # type: ignore[method-assign]
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail()
        assert "the history is not up to date" in caplog.text
        assert nothing_is_left()

    asyncio.run(main())


def test_calls_end_before_pages_do(tmp_path: Path) -> None:
    """What happens to calls at the end still reaches the records; open pages are told that we go."""

    async def main() -> None:
        platform = make_platform(tmp_path)
        async with served(platform) as place:
            async with httpx.AsyncClient(base_url=f"http://{place}") as http:
                await http.post("/api/session", json={"user": "supervisor", "password": PASSWORD})
                cookie = "; ".join(f"{k}={v}" for k, v in http.cookies.items())
            page = await connect(f"ws://{place}/api/desk/socket", additional_headers={"Cookie": cookie})
            await page.recv()
            caller = switch_of(platform).dial("+8613800000001", NUMBER)
            await until(lambda: platform.hub.desk.calls)
            platform.runner.stopped.set()
            told = [str(message) async for message in page]
            assert any('"drop"' in message and '"calls"' in message for message in told)
            assert page.close_code == 1001
        assert caller.ended == "told"
        with platform.database.transaction() as session:
            assert list(session.scalars(text("SELECT id FROM calls"))) == [caller.call]
        platform.database.close()

    asyncio.run(main())


SCRIPT = """
import asyncio, sys
from pathlib import Path
from callfloor import logs
from callfloor.server import Platform
from telephony.simulated import SimulatedSwitch
from tests.callfloor.running import LoopTime, settings_in, switch_of, NUMBER

logs.to_stderr("info", logs.JsonLines())
platform = Platform(settings_in(Path(sys.argv[1])), lambda _: SimulatedSwitch(LoopTime()))
if sys.argv[2] == "hangs":
    platform.switch.stop = asyncio.Event().wait

def ready():
    for n in range(20):
        switch_of(platform).dial(f"+86138000000{n:02}", NUMBER)
    print("up", flush=True)

asyncio.run(platform.serve(ready))
print("ended", flush=True)
"""


@asynccontextmanager
async def process(folder: Path, how: str, *options: str) -> AsyncIterator[subprocess.Popen[str]]:
    """A platform with calls up, as a process of its own."""
    make_platform(folder)
    command = [sys.executable, *options, "-c", SCRIPT, str(folder), how]
    running = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    try:
        assert running.stdout is not None
        assert running.stdout.readline() == "up\n", running.communicate()[1]
        yield running
    finally:
        if running.poll() is None:
            running.kill()
        running.communicate()


@pytest.mark.parametrize(
    ("number", "options"), [(signal.SIGINT, ()), (signal.SIGTERM, ("-X", "dev", "-W", "error"))]
)
def test_a_signal_ends_everything_within_seconds_with_calls_up(
    tmp_path: Path, number: signal.Signals, options: tuple[str, ...]
) -> None:
    """Exit code 0, no traceback; in Python's development mode no warning either."""

    async def main() -> None:
        async with process(tmp_path, "ends", *options) as running:
            running.send_signal(number)
            out, err = running.communicate(timeout=8)
        assert (running.returncode, out) == (0, "ended\n"), err
        assert "Traceback" not in err
        assert "never awaited" not in err
        assert "never retrieved" not in err

    asyncio.run(main())


def test_a_second_signal_ends_at_once(tmp_path: Path) -> None:
    """Whatever hangs."""

    async def main() -> None:
        async with process(tmp_path, "hangs") as running:
            running.send_signal(signal.SIGINT)
            assert running.stderr is not None
            while "stopping" not in running.stderr.readline():
                assert running.poll() is None
            running.send_signal(signal.SIGINT)
            assert running.wait(5) == 130

    asyncio.run(main())


# ------------------------------------------------------------------ secrets


def log_at(level: str) -> None:
    """Log as ``serve`` does."""
    logs.to_stderr(level, logs.JsonLines())


@pytest.mark.parametrize("level", ["info", "debug"])
def test_no_secret_is_logged(tmp_path: Path, level: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Passwords right and wrong, session and CSRF tokens, telephone passwords, keys that callers press."""
    log_at(level)
    secrets: list[str] = [PASSWORD, "wrong-password-9"]

    async def main() -> None:
        platform = make_platform(tmp_path, Web(port=0, metrics_token="a-token-for-prometheus"))
        secrets.append(platform.settings.web.metrics_token)
        async with served(platform) as place, httpx.AsyncClient(base_url=f"http://{place}") as http:
            wrong = await http.post("/api/session", json={"user": "agent", "password": "wrong-password-9"})
            assert wrong.status_code == 401
            me = await http.post("/api/session", json={"user": "agent", "password": PASSWORD})
            http.headers["X-CSRF-Token"] = me.json()["csrf"]
            secrets.extend((me.json()["csrf"], *http.cookies.values()))
            secrets.append((await http.post("/api/desk/device")).json()["password"])
            await http.put("/api/session", json={"old_password": PASSWORD, "password": "another horse 8"})
            secrets.append("another horse 8")
            await http.get("/metrics", headers={"Authorization": "Bearer a-token-for-prometheus"})
            cookie = "; ".join(f"{k}={v}" for k, v in http.cookies.items())
            socket_url = f"ws://{place}/api/desk/socket"
            async with connect(socket_url, additional_headers={"Cookie": cookie}) as page:
                await page.recv()
            caller = switch_of(platform).dial("+8613800000001", NUMBER)
            await until(lambda: caller.hears)
            caller.press("7391")
            secrets.append("7391")
            await until(lambda: platform.hub.desk.queues["personal"]["waiting"])

    asyncio.run(main())
    written = capsys.readouterr()
    said = written.out + written.err
    assert "Started server process" in said
    assert [secret for secret in secrets if secret in said] == []


def test_settings_do_not_show_their_token(tmp_path: Path) -> None:
    """They may be printed."""
    assert "a-token" not in repr(Web(metrics_token="a-token-for-prometheus"))


# ------------------------------------------------------------------ figures


def test_figures_follow_the_floor(tmp_path: Path) -> None:
    """Calls by phase, agents by state, waiting, offers by what became of them."""

    async def main() -> None:
        platform = make_platform(tmp_path)
        async with platform.running(), browser(platform, address="127.0.0.1") as http:

            async def figure(name: str) -> float:
                lines = (await http.get("/metrics")).text.splitlines()
                return float(next(line for line in lines if line.startswith(name + " ")).rpartition(" ")[2])

            switch = switch_of(platform)
            caller = switch.dial("+8613800000001", NUMBER)
            await until(lambda: caller.hears)
            assert await figure('callfloor_calls{phase="ivr"}') == 1
            caller.press("1234")
            await until(lambda: platform.hub.desk.queues["personal"]["waiting"])
            assert await figure('callfloor_queue_waiting{queue="personal"}') == 1
            assert await figure('callfloor_queue_oldest_wait_seconds{queue="personal"}') >= 0
            phone = switch.phone("desk-agent")
            phone.register()
            platform.runner.tell(AgentSignedIn(AgentId("agent"), DeviceId("desk-agent")))
            platform.runner.tell(AgentReady(AgentId("agent")))
            await until(lambda: phone.rung)
            assert await figure('callfloor_agents{state="offered"}') == 1
            phone.answer()
            await until(lambda: platform.tally.offers["accepted"])
            assert await figure("callfloor_offers_made_total") == 1
            assert await figure('callfloor_offers_ended_total{outcome="accepted"}') == 1
            assert await figure('callfloor_calls{phase="talking"}') == 1
            caller.hang_up()
            await until(lambda: platform.tally.finished["answered"])
            assert await figure('callfloor_calls_finished_total{outcome="answered"}') == 1
            assert await figure("callfloor_up") == 1
            assert await figure("process_cpu_seconds_total") > 0
            text_of_all = (await http.get("/metrics")).text
            assert "agent=" not in text_of_all
            assert "+86" not in text_of_all

    asyncio.run(main())
