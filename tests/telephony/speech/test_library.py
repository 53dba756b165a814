"""Prompts become sound, each made once, and nothing that is missing stops a call."""

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from domain.switch import Prompt, Sound, Speak, Tone
from telephony.media.protocol import Beep, Clip
from telephony.speech.espeak import EspeakVoice
from telephony.speech.library import FALLBACK, PAUSE, RECHECK_S, Prompts
from telephony.speech.voice import Speech, ToneVoice, Voice, VoiceError
from tests.telephony.speech.test_recorded import write_wav

HELLO, ADIEU = Speak("hello", "en"), Speak("再见。", "zh-CN")


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class CountingVoice(ToneVoice):
    """A voice that counts, and speaks only while ``open`` is set."""

    def __init__(self) -> None:
        self.spoke: Counter[str] = Counter()
        self.open = threading.Event()
        self.open.set()
        self.at_once = self.most = 0
        self._lock = threading.Lock()

    def speak(self, text: str, language: str) -> Speech:
        with self._lock:
            self.spoke[text] += 1
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        assert self.open.wait(10)
        with self._lock:
            self.at_once -= 1
        return super().speak(text, language)


def play(
    folder: Path, voice: Voice | None, act: Callable[[Prompts], Awaitable[None]], **more: object
) -> None:
    async def whole() -> None:
        prompts = Prompts(folder / "cache", folder / "sounds", voice, **more)  # type: ignore[arg-type]
        try:
            await act(prompts)
        finally:
            await prompts.close()

    asyncio.run(whole())


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]


def test_found_once_known_ever_after(tmp_path: Path) -> None:
    """Unknown prompts are made in order; then they are known at once, and to the next process too."""
    voice = CountingVoice()

    async def act(prompts: Prompts) -> None:
        wanted = (HELLO, Tone(1000, 300), ADIEU, HELLO)
        assert prompts.known(wanted) is None
        pieces = await prompts.find(wanted)
        assert pieces[1] == Beep(1000, 300) and pieces[0] == pieces[3] != pieces[2]
        assert prompts.known(wanted) == pieces
        for piece in pieces:
            if isinstance(piece, Clip):
                assert len(Path(piece.path).read_bytes()) > 800 and Path(piece.path).is_absolute()

    play(tmp_path, voice, act)
    play(tmp_path, voice, act)
    assert voice.spoke == {"hello": 1, "再见。": 1}


def test_what_needs_no_making(tmp_path: Path) -> None:
    """Tones and pauses are known from the start, and so is nothing at all."""

    async def act(prompts: Prompts) -> None:
        assert prompts.known((Tone(0, 500), Speak("…", "en"))) == (Beep(0, 500), PAUSE)
        assert prompts.known(()) == () == await prompts.find(())

    play(tmp_path, None, act)


def test_equal_requests_share_one_making(tmp_path: Path) -> None:
    """Fifty callers who need the same words wait for one voice."""
    voice = CountingVoice()

    async def act(prompts: Prompts) -> None:
        found = await asyncio.gather(*(prompts.find((HELLO,)) for _ in range(50)))
        assert len(set(found)) == 1

    play(tmp_path, voice, act)
    assert voice.spoke == {"hello": 1}


def test_at_most_two_at_once(tmp_path: Path) -> None:
    """Many different prompts are spoken two at a time."""
    voice = CountingVoice()

    async def act(prompts: Prompts) -> None:
        await prompts.find([Speak(f"number {n}", "en") for n in range(12)])

    play(tmp_path, voice, act)
    assert voice.most <= 2 and len(voice.spoke) == 12


def test_one_who_hangs_up_takes_nothing_from_the_others(tmp_path: Path) -> None:
    """A cancelled request leaves the shared making to those who still wait."""
    voice = CountingVoice()
    voice.open.clear()

    async def act(prompts: Prompts) -> None:
        first = asyncio.ensure_future(prompts.find((HELLO,)))
        second = asyncio.ensure_future(prompts.find((HELLO,)))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.wait([first])
        voice.open.set()
        assert isinstance((await second)[0], Clip)
        assert first.cancelled()

    play(tmp_path, voice, act)
    assert voice.spoke == {"hello": 1}


@pytest.mark.parametrize("voice", [None, EspeakVoice("espeak-of-nowhere")])
def test_no_voice(tmp_path: Path, voice: Voice | None, caplog: pytest.LogCaptureFixture) -> None:
    """A machine without a voice says so once, whatever is asked for, and beeps; recordings still play."""
    write_wav(tmp_path / "sounds/en/welcome.wav")

    async def act(prompts: Prompts) -> None:
        assert await prompts.find((HELLO, ADIEU, HELLO)) == (FALLBACK,) * 3
        assert prompts.known((HELLO,)) == (FALLBACK,)
        assert isinstance((await prompts.find((Sound("welcome", "en"),)))[0], Clip)

    play(tmp_path, voice, act)
    (warning,) = warnings(caplog)
    assert "apt install espeak-ng" in warning and "beep" in warning


def test_a_voice_that_comes_back(tmp_path: Path) -> None:
    """After a failure the voice is asked again within a minute."""
    clock = Clock()

    class Moody(ToneVoice):
        well = False

        def speak(self, text: str, language: str) -> Speech:
            if not self.well:
                raise VoiceError("not today")
            return super().speak(text, language)

    voice = Moody()

    async def act(prompts: Prompts) -> None:
        assert await prompts.find((HELLO,)) == (FALLBACK,)
        voice.well = True
        assert await prompts.find((HELLO,)) == (FALLBACK,)
        clock.now += RECHECK_S + 1
        assert prompts.known((HELLO,)) is None
        assert isinstance((await prompts.find((HELLO,)))[0], Clip)

    play(tmp_path, voice, act, now=clock)


def test_a_deleted_cache_is_made_again(tmp_path: Path) -> None:
    """Files somebody deleted are missed and made anew within a minute."""
    clock, voice = Clock(), CountingVoice()

    async def act(prompts: Prompts) -> None:
        (clip,) = await prompts.find((HELLO,))
        assert isinstance(clip, Clip)
        Path(clip.path).unlink()
        clock.now += RECHECK_S + 1
        assert await prompts.find((HELLO,)) == (clip,)
        assert Path(clip.path).exists()

    play(tmp_path, voice, act, now=clock)
    assert voice.spoke == {"hello": 2}


def test_recordings_come_first(tmp_path: Path) -> None:
    """A recorded sound is played, not spoken; without a recording its text is spoken."""
    voice = CountingVoice()
    write_wav(tmp_path / "sounds/en/welcome.wav")

    async def act(prompts: Prompts) -> None:
        first, second = await prompts.find(
            (Sound("welcome", "en", "never spoken"), Sound("other", "en", "hello"))
        )
        assert isinstance(first, Clip) and isinstance(second, Clip)
        assert (await prompts.find((HELLO,)))[0] == second

    play(tmp_path, voice, act)
    assert voice.spoke == {"hello": 1}


def test_broken_and_missing_recordings(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A broken file is a warning that names it, and its text is heard; without text a beep."""
    (tmp_path / "sounds/en").mkdir(parents=True)
    (tmp_path / "sounds/en/bad.wav").write_bytes(b"this is no sound")

    async def act(prompts: Prompts) -> None:
        wanted = (Sound("bad", "en", "hello"), Sound("bad", "en"), Sound("gone", "en"))
        spoken, *beeps = await prompts.find(wanted)
        assert isinstance(spoken, Clip) and beeps == [FALLBACK, FALLBACK]

    play(tmp_path, ToneVoice(), act)
    said = "\n".join(sorted(warnings(caplog)))
    assert said.count(str(tmp_path / "sounds/en/bad.wav")) == 2
    assert "no recording 'gone' in en" in said


def test_an_unwritable_cache(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A cache folder that cannot be written is a warning that names it, and a beep."""
    (tmp_path / "cache").write_text("a file, not a folder")

    async def act(prompts: Prompts) -> None:
        assert await prompts.find((HELLO,)) == (FALLBACK,)

    play(tmp_path, ToneVoice(), act)
    assert str(tmp_path / "cache") in warnings(caplog)[0]


def test_warming(tmp_path: Path) -> None:
    """Warming makes each different prompt once, counts as it goes, and leaves all of them known."""
    voice, seen = CountingVoice(), []
    wanted: list[Prompt] = [HELLO, ADIEU, HELLO, Tone(440, 100)]

    async def act(prompts: Prompts) -> None:
        await prompts.warm(wanted, lambda done, of: seen.append((done, of)))
        assert prompts.known(wanted) is not None
        await prompts.warm([])

    play(tmp_path, voice, act)
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_changed_voice_speaks_anew(tmp_path: Path) -> None:
    """Another voice, or another version of it, never plays what the former one made."""
    clips = []

    class Newer(ToneVoice):
        def version(self) -> str:
            return "2"

    async def act(prompts: Prompts) -> None:
        clips.append((await prompts.find((HELLO,)))[0])

    play(tmp_path, ToneVoice(), act)
    play(tmp_path, Newer(), act)
    assert clips[0] != clips[1]


@pytest.mark.peer
def test_the_real_voice(tmp_path: Path) -> None:
    """Chinese and English by espeak-ng are files of good level with next to no silence before the words."""
    from telephony.speech.sound import dbfs
    from telephony.speech.wav import from_ulaw
    from tests.peers import need

    need("espeak-ng")

    async def act(prompts: Prompts) -> None:
        for piece in await prompts.find((Speak("Press 1.", "en"), ADIEU)):
            assert isinstance(piece, Clip)
            samples = from_ulaw(Path(piece.path).read_bytes())
            assert 0.5 < len(samples) / 8000 < 3 and len(samples) % 160 == 0
            assert -26 < dbfs(samples) < -17 and abs(samples).max() < 0.95
            assert dbfs(samples[160 : 160 + 1200]) > -45

    play(tmp_path, EspeakVoice(), act)


class SlowVoice(ToneVoice):
    """A voice that takes its time over texts that begin with "slow", and stumbles over "odd" ones."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def speak(self, text: str, language: str) -> Speech:
        if text.startswith("slow"):
            assert self.go_on.wait(10)
        if text.startswith("odd"):
            raise RuntimeError("a fault of somebody's library")
        return super().speak(text, language)


def test_warming_leaves_a_worker_to_callers(tmp_path: Path) -> None:
    """However many prompts are made ahead, the words a caller waits for are not behind them all."""
    voice = SlowVoice()

    async def act(prompts: Prompts) -> None:
        seen: list[tuple[int, int]] = []
        slow = [Speak(f"slow {number}", "en") for number in range(5)]
        warming = asyncio.create_task(prompts.warm(slow, lambda *at: seen.append(at)))
        await asyncio.sleep(0)
        (piece,) = await asyncio.wait_for(prompts.find((HELLO,)), 5)
        assert isinstance(piece, Clip) and not seen
        voice.go_on.set()
        await warming
        assert seen == [(done, 5) for done in range(1, 6)]

    play(tmp_path, voice, act)


def test_a_fault_of_the_voice_is_a_beep(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Even what no voice should do keeps nobody waiting; the log says where."""

    async def act(prompts: Prompts) -> None:
        odd = Speak("odd words", "en")
        assert await prompts.find((odd,)) == (FALLBACK,)
        assert prompts.known((odd,)) == (FALLBACK,)

    play(tmp_path, SlowVoice(), act)
    assert "somebody's library" in caplog.text and "odd words" in caplog.text
