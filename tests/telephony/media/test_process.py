"""The media process from outside: start, work, death, a new start, and an end without a trace."""

import asyncio
import contextlib
import logging
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from domain.codec import dumps
from domain.ids import LegId, PlayId, RecordingId
from telephony.media.process import MediaDied, MediaProcess
from telephony.media.protocol import (
    Beep,
    BrowserDescribed,
    Clip,
    Join,
    MediaReady,
    OfferBrowser,
    OpenLocal,
    OpenRtp,
    PlaySound,
    RecordingClosed,
    RtpOpened,
    SoundEnded,
    StartRecording,
    Utter,
)
from telephony.media.settings import MediaSettings
from tests.telephony.media.far_end import Facts, FarEnd, call, on_loop

SETTINGS = MediaSettings(first_port=21000, last_port=21999)
A, B = LegId("a"), LegId("b")


class Deaths(list[str]):
    """Why the process died, with a way to wait for it."""

    def __init__(self) -> None:
        self._came = asyncio.Event()

    def __call__(self, why: str) -> None:
        self.append(why)
        self._came.set()

    async def wait(self) -> None:
        await self._came.wait()
        self._came.clear()


@pytest.fixture(autouse=True)
def strict_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process treats warnings as errors and watches its loop, like we do."""
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setenv("PYTHONASYNCIODEBUG", "1")


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged as a warning or worse, slow callbacks of a busy machine aside."""
    return [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING and " took " not in r.msg]


@on_loop
async def test_sound_through_the_process(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """Commands go in and facts come out; stopping completes recordings, and nothing is complained about."""
    facts, deaths = Facts(), Deaths()
    media = MediaProcess(SETTINGS, deaths)
    await media.start(facts.tell)
    assert media.running and (await facts.next(MediaReady)).pid == media.pid
    far = await call(media, facts, "a")
    media.do(OpenLocal(B))
    media.do(Join(A, B))
    media.do(Utter(B, Beep(440, 600)))
    await far.hears_tone(440)
    media.do(OfferBrowser(LegId("page")))
    assert "127.0.0.1" in (await facts.next(BrowserDescribed, "page")).sdp
    media.do(StartRecording(A, RecordingId("r"), str(tmp_path / "r.wav")))
    await asyncio.gather(far.hears(10), far.talk(700, 10))
    await media.stop()
    assert (await facts.next(RecordingClosed, "a")).duration_ms > 100
    assert not media.running and (tmp_path / "r.wav").stat().st_size > 44
    media.do(Utter(B, Beep(440, 600)))
    await media.stop()
    FarEnd.opened.pop().close()
    assert not deaths and complaints(caplog) == []


@on_loop
async def test_death_and_a_new_start() -> None:
    """A killed process is told once, with why; commands in between are passed over; the next start works."""
    facts, deaths = Facts(), Deaths()
    media = MediaProcess(SETTINGS, deaths)
    await media.start(facts.tell)
    pid = (await facts.next(MediaReady)).pid
    media.do(OpenLocal(A))
    os.kill(pid, signal.SIGKILL)
    await deaths.wait()
    assert not media.running and deaths == ["the media process was killed by 9"]
    media.do(PlaySound(A, PlayId("p"), ()))
    await media.start(facts.tell)
    media.do(OpenLocal(A))
    media.do(PlaySound(A, PlayId("p"), (Beep(440, 40),)))
    await facts.next(SoundEnded, "a")
    await media.stop()
    assert len(deaths) == 1


@on_loop
async def test_signals_and_log(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """Ctrl-C at the terminal is passed over, SIGTERM ends in order; what it logs has its own names."""
    facts, deaths = Facts(), Deaths()
    media = MediaProcess(SETTINGS, deaths)
    await media.start(facts.tell)
    pid = (await facts.next(MediaReady)).pid
    assert os.getpgid(pid) != os.getpgid(0)
    os.kill(pid, signal.SIGINT)
    media.do(OpenLocal(A))
    media.do(PlaySound(A, PlayId("p"), (Clip("/nowhere/at all"),)))
    await facts.next(SoundEnded, "a")
    assert not deaths
    media.do(StartRecording(A, RecordingId("r"), str(tmp_path / "r.wav")))
    media.do(PlaySound(A, PlayId("p"), (Beep(440, 40),)))
    await facts.next(SoundEnded, "a")
    os.kill(pid, signal.SIGTERM)
    await facts.next(RecordingClosed, "a")
    await deaths.wait()
    assert deaths == ["the media process ended with 0"] and (tmp_path / "r.wav").exists()
    assert ("telephony.media.engine", logging.ERROR) in [(r.name, r.levelno) for r in caplog.records]
    assert "/nowhere/at all" in caplog.text


@on_loop
async def test_a_process_that_cannot_start_says_why(caplog: pytest.LogCaptureFixture) -> None:
    """An address that is no address: MediaDied, and the reason is in the log."""
    media = MediaProcess(MediaSettings(host="nonsense"), Deaths())
    with pytest.raises(MediaDied, match="ended with 1"):
        await media.start(Facts().tell)
    assert "nonsense" in caplog.text
    await media.stop()


@on_loop
async def test_a_process_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that says nothing any more counts as dead."""
    facts, deaths = Facts(), Deaths()
    media = MediaProcess(SETTINGS, deaths)
    await media.start(facts.tell)
    monkeypatch.setattr("telephony.media.process.SILENT_S", 0.2)
    os.kill((await facts.next(MediaReady)).pid, signal.SIGSTOP)
    await deaths.wait()
    assert deaths == ["the media process was killed by 9"]


@on_loop
async def test_an_owner_that_was_stopped_does_not_blame_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while in which we ourselves did nothing, what the process told is still to be read."""
    facts, deaths = Facts(), Deaths()
    media = MediaProcess(SETTINGS, deaths)
    await media.start(facts.tell)
    monkeypatch.setattr("telephony.media.process.SILENT_S", 0.5)
    monkeypatch.setattr("telephony.media.process._LOOK_S", 0.1)
    time.sleep(1.2)
    media.do(OpenRtp(A))
    await facts.next(RtpOpened)
    await media.stop()
    assert deaths == []


def test_it_ends_with_its_owner() -> None:
    """When the owner is killed the process sees the end of its pipe and ends, too."""
    owner = (
        "import asyncio\n"
        "from domain.codec import loads\n"
        "from telephony.media.process import MediaProcess\n"
        "async def main():\n"
        f"    media = MediaProcess(loads({dumps(SETTINGS)!r}), print)\n"
        "    await media.start(lambda fact: print(fact.pid, flush=True))\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    code = "import telephony.media.settings\n" + owner
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        process.kill()
    with contextlib.suppress(ProcessLookupError):
        # Nobody here is its parent, so its end can only be seen by its number.
        handle = os.pidfd_open(pid)
        poll = select.poll()
        poll.register(handle)
        ended = poll.poll(10_000)
        os.close(handle)
        assert ended
