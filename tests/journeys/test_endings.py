"""How calls end: the caller gives up at each step, nobody answers or somebody refuses, a message is left."""

import io
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.conftest import PASSWORD
from tests.journeys.desk import Desk
from tests.journeys.telephones import (
    call_of,
    caller,
    last_call,
    metrics,
    nothing_is_up,
    ready,
    register,
    state_of,
    story_of,
    voice,
)
from tests.running import Platform, Seat, eventually
from tests.sipp import Sipp
from tests.sound import RATE, SoundPeer, from_ulaw, share_of

pytestmark = pytest.mark.peer
CALLER_HZ, AGENT_HZ = 440.0, 660.0
PERSONAL, COMPLAINTS, BUSINESS = "1", "2", "3"


@pytest.fixture(scope="module")
def new_number(platform: Platform) -> Iterator[Callable[[], str]]:
    """Numbers of customers whose language is known, so that the menu comes at once; each used once."""
    root = platform.seat("root", PASSWORD)
    numbers = (f"137000000{n:02}" for n in range(100))

    def make() -> str:
        number = next(numbers)
        phones = ["+86" + number]
        root.post("/api/customers", name=f"Caller {number}", language="en", assets="1", phones=phones)
        return number

    yield make
    root.close()


def at_work(platform: Platform, user: str) -> Iterator[Seat]:
    """An agent who ends the work afterwards."""
    seat = platform.seat(user, PASSWORD)
    yield seat
    seat.post("/api/desk/sign-out")
    seat.close()


@pytest.fixture
def mina(platform: Platform) -> Iterator[Seat]:
    """An agent of business banking, where calls ring for 3 s and no wrap-up follows."""
    yield from at_work(platform, "mina")


@pytest.fixture
def ray(platform: Platform) -> Iterator[Seat]:
    """The other agent of business banking."""
    yield from at_work(platform, "ray")


def welcomed(sound: SoundPeer) -> None:
    """Wait until the caller hears the platform speak."""
    eventually(lambda: len(sound.heard) > 25, what="the welcome")


def has(story: list[str], begin: str) -> bool:
    """Whether a line of the story begins so."""
    return any(line.startswith(begin) for line in story)


def ended(platform: Platform, supervisor: Seat, number: str) -> dict[str, Any]:
    """What is left of a call that ended: nothing but one entry in the history."""
    nothing_is_up(platform)
    assert not supervisor.snapshot()["calls"]
    return last_call(supervisor, number)


def test_while_the_welcome_plays(
    platform: Platform, supervisor: Seat, new_number: Callable[[], str], tmp_path: Path
) -> None:
    """Abandoned by the caller, in no queue."""
    number = new_number()
    with SoundPeer() as sound, caller(platform, tmp_path, sound, number) as sipp:
        welcomed(sound)
        sipp.hang_up()
        call = ended(platform, supervisor, number)
    assert (call["outcome"], call["ended_by"], call["queue"]) == ("abandoned", "caller", None)
    assert "main" not in call["path"]


def test_in_the_menu(
    platform: Platform, supervisor: Seat, new_number: Callable[[], str], tmp_path: Path
) -> None:
    """Abandoned by the caller, in no queue, with the key that was pressed."""
    number = new_number()
    with SoundPeer() as sound, caller(platform, tmp_path, sound, number) as sipp:
        welcomed(sound)
        live = call_of(supervisor, number)
        # Whose language is known is in the menu as soon as they are recognised.
        eventually(lambda: has(story_of(supervisor, live["id"]), "identified"), what="the menu")
        sound.press("9")  # hear it again
        eventually(lambda: "digit 9" in story_of(supervisor, live["id"]), what="the key")
        sipp.hang_up()
        call = ended(platform, supervisor, number)
    assert (call["outcome"], call["ended_by"], call["queue"]) == ("abandoned", "caller", None)
    assert call["path"][-1] == "main"
    assert call["digits"] == "9"


def test_in_the_queue(
    platform: Platform, supervisor: Seat, new_number: Callable[[], str], tmp_path: Path
) -> None:
    """Abandoned while music plays: the visit says so too."""
    number = new_number()
    with SoundPeer() as sound, caller(platform, tmp_path, sound, number) as sipp:
        welcomed(sound)
        sound.press(BUSINESS)
        call_of(supervisor, number, "waiting")
        eventually(lambda: float(np.std(sound.last(0.3))) > 0.003, what="music")
        sipp.hang_up()
        call = ended(platform, supervisor, number)
    assert (call["outcome"], call["ended_by"], call["queue"]) == ("abandoned", "caller", "business")
    (visit,) = supervisor.get(f"/api/history/calls/{call['id']}")["visits"]
    assert (visit["outcome"], visit["agent"]) == ("abandoned", None)
    assert supervisor.snapshot()["queues"]["business"]["waiting"] == 0


def test_while_the_telephone_rings(
    platform: Platform, supervisor: Seat, mina: Seat, new_number: Callable[[], str], tmp_path: Path
) -> None:
    """The ringing is taken back, the agent is available at once, nobody missed anything."""
    number, before = new_number(), metrics(platform)
    port = register(platform, mina, tmp_path)
    ready(mina)
    phone = Sipp(tmp_path, "phone_rings", platform.sip_port, port=port)
    with phone, SoundPeer() as sound, caller(platform, tmp_path, sound, number) as sipp:
        welcomed(sound)
        sound.press(BUSINESS)
        assert call_of(supervisor, number, "offered")["agent"] == "1003"
        sipp.hang_up()
        phone.finish()
        call = ended(platform, supervisor, number)
    assert (call["outcome"], call["ended_by"], call["agent"]) == ("abandoned", "caller", None)
    assert state_of(mina, "1003") == "available"
    assert metrics(platform)["callfloor_offers_made_total"] == before["callfloor_offers_made_total"] + 1
    assert any("rescinded from 1003: caller_gone" in line for line in story_of(supervisor, call["id"]))


@pytest.mark.parametrize("after_s", [0.42, 0.5])
def test_just_as_the_agent_answers(
    platform: Platform,
    supervisor: Seat,
    mina: Seat,
    new_number: Callable[[], str],
    tmp_path: Path,
    after_s: float,
) -> None:
    """Whoever is first, the two sides agree: answered with an agent or abandoned without, nothing left up."""
    number = new_number()
    port = register(platform, mina, tmp_path)
    ready(mina)
    phone = Sipp(voice(tmp_path, AGENT_HZ), "agent", platform.sip_port, port=port)
    with phone, SoundPeer() as sound, caller(platform, tmp_path, sound, number) as sipp:
        welcomed(sound)
        sound.press(BUSINESS)
        call_of(supervisor, number, "offered")
        time.sleep(after_s)  # the race itself: the telephone answers half a second after it begins to ring
        sipp.hang_up()
        call = ended(platform, supervisor, number)
    assert call["ended_by"] == "caller"
    assert (call["outcome"], call["agent"]) in (("answered", "1003"), ("abandoned", None))
    (visit,) = supervisor.get(f"/api/history/calls/{call['id']}")["visits"]
    assert visit["outcome"] == call["outcome"]
    assert state_of(mina, "1003") == "available"


def test_on_hold(
    platform: Platform, supervisor: Seat, mina: Seat, new_number: Callable[[], str], tmp_path: Path
) -> None:
    """Answered, ended by the caller, with the seconds on hold; both telephones are told."""
    number = new_number()
    port = register(platform, mina, tmp_path)
    ready(mina)
    phone = Sipp(voice(tmp_path, AGENT_HZ), "agent", platform.sip_port, port=port)
    with phone, SoundPeer(CALLER_HZ) as sound, caller(platform, tmp_path, sound, number) as sipp:
        welcomed(sound)
        sound.press(BUSINESS)
        live = call_of(supervisor, number, "talking")
        eventually(lambda: share_of(sound.last(0.5), AGENT_HZ) > 0.5, what="the agent's voice")
        mina.post("/api/desk/hold", call=live["id"])
        call_of(supervisor, number, "held")
        eventually(lambda: share_of(sound.last(0.5), AGENT_HZ) < 0.1, what="music instead of the agent")
        sipp.hang_up()
        phone.finish()
        call = ended(platform, supervisor, number)
    assert (call["outcome"], call["ended_by"], call["agent"]) == ("answered", "caller", "1003")
    assert call["hold_s"] > 0.4
    assert state_of(mina, "1003") == "available"


def test_wrap_up_follows_a_caller_who_hangs_up(
    platform: Platform, supervisor: Seat, new_number: Callable[[], str], tmp_path: Path
) -> None:
    """Where the queue gives time for it, the agent writes after the call, whoever ended it."""
    number = new_number()
    leo = platform.seat("leo", PASSWORD)
    port = register(platform, leo, tmp_path)
    ready(leo)
    phone = Sipp(voice(tmp_path, AGENT_HZ), "agent", platform.sip_port, port=port)
    with phone, SoundPeer(CALLER_HZ) as sound, caller(platform, tmp_path, sound, number) as sipp:
        welcomed(sound)
        sound.press(PERSONAL)
        call_of(supervisor, number, "talking")
        sipp.hang_up()
        phone.finish()
        call = ended(platform, supervisor, number)
    assert state_of(leo, "1002") == "wrap_up"
    leo.post("/api/desk/wrap-up", call=call["id"], code="enquiry", note="", done=True)
    leo.post("/api/desk/sign-out")
    leo.close()


def to_the_next(
    platform: Platform,
    supervisor: Seat,
    seats: tuple[Seat, Seat],
    folder: Path,
    number: str,
    scenario: str,
) -> tuple[dict[str, Any], list[str], str]:
    """A call whose first agent's telephone plays ``scenario``, taken by the second: history, story, first."""
    agents = supervisor.snapshot()["agents"]
    # The least busy is asked first, and of equals the one who was ready first.
    first, second = sorted(seats, key=lambda seat: float(agents[seat.me["agent"]]["handled_s"]))
    phone = Sipp(folder, scenario, platform.sip_port, port=register(platform, first, folder))
    with phone:
        ready(first)
        port = register(platform, second, folder)
        talker = Sipp(voice(folder, AGENT_HZ), "agent", platform.sip_port, port=port)
        ready(second)
        with talker, SoundPeer(CALLER_HZ) as sound, caller(platform, folder, sound, number) as sipp:
            welcomed(sound)
            sound.press(BUSINESS)
            assert call_of(supervisor, number, "talking")["agent"] == second.me["agent"]
            phone.finish()
            eventually(lambda: share_of(sound.last(0.5), AGENT_HZ) > 0.5, what="the second agent's voice")
            sipp.hang_up()
            talker.finish()
            call = ended(platform, supervisor, number)
    assert (call["outcome"], call["agent"]) == ("answered", second.me["agent"])
    story = story_of(supervisor, call["id"])
    offers = [line.split()[2] for line in story if line.startswith("offered to")]
    assert offers == [first.me["agent"], second.me["agent"]]
    return call, story, str(first.me["agent"])


def test_no_answer_goes_to_the_next_agent(
    platform: Platform,
    supervisor: Seat,
    mina: Seat,
    ray: Seat,
    new_number: Callable[[], str],
    tmp_path: Path,
) -> None:
    """The first telephone rings out: its ringing is taken back as missed, and the next agent is asked."""
    call, story, first = to_the_next(platform, supervisor, (mina, ray), tmp_path, new_number(), "phone_rings")
    assert f"rescinded from {first}: timed_out" in story
    assert call["wait_s"] > 2.9


@pytest.mark.parametrize(("scenario", "reason"), [("phone_busy", "busy"), ("phone_declines", "rejected")])
def test_a_refusal_goes_to_the_next_agent(
    platform: Platform,
    supervisor: Seat,
    mina: Seat,
    ray: Seat,
    new_number: Callable[[], str],
    tmp_path: Path,
    scenario: str,
    reason: str,
) -> None:
    """Busy or declined: the next agent is asked at once, and the story does not call it missed."""
    call, story, _ = to_the_next(platform, supervisor, (mina, ray), tmp_path, new_number(), scenario)
    assert any(line.startswith("leg ended") and line.endswith(reason) for line in story)
    assert not has(story, "rescinded")
    assert call["wait_s"] < 2.9


def test_nobody_is_there_and_a_message_is_left(
    platform: Platform,
    supervisor: Seat,
    new_number: Callable[[], str],
    context: BrowserContext,
    tmp_path: Path,
) -> None:
    """Voicemail: what was said is in the recording, as long as it was, and it plays in the history."""
    number, speak_s = new_number(), 3.0
    with SoundPeer(CALLER_HZ) as sound:
        keys = {"number": number, "rtp_port": sound.port}
        with Sipp(tmp_path, "caller", platform.sip_port, "-s", "95588", keys=keys) as sipp:
            welcomed(sound)
            sound.press(COMPLAINTS)
            live = call_of(supervisor, number)
            eventually(lambda: has(story_of(supervisor, live["id"]), "returned"), what="nobody there")
            sound.press("1")  # whoever knows what is said may cut it short
            began = _beep_end(sound)
            time.sleep(max(0.0, began + speak_s - time.monotonic()))  # the message
            sound.press("#")
            sipp.finish()
        call = ended(platform, supervisor, number)
    assert (call["outcome"], call["ended_by"], call["agent"]) == ("voicemail", "flow", None)
    assert call["path"][-1] == "end_message"
    assert call["recording"]

    heard = supervisor.http.get(f"/api/history/recordings/{call['recording']}")
    assert heard.headers["content-type"] == "audio/wav"
    with wave.open(io.BytesIO(heard.content)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        length_s = file.getnframes() / RATE
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16) / 32768
    assert abs(length_s - speak_s) < 0.3
    assert share_of(samples, CALLER_HZ) > 0.95

    desk = Desk(context, f"{platform.url}/history/{call['id']}")
    desk.sign_in("vera")
    player = desk.page.get_by_test_id("history-recording")
    expect(player).to_be_visible()
    played = player.evaluate(
        """async (audio) => {
          const over = new Promise((done, fail) => {
            audio.onended = () => done([audio.duration, audio.currentTime]);
            audio.onerror = () => fail(audio.error.message);
          });
          audio.playbackRate = 4;
          await audio.play();
          return over;
        }"""
    )
    assert played == pytest.approx([length_s, length_s], abs=0.05)


def _beep_end(sound: SoundPeer) -> float:
    """When the beep (1000 Hz, 300 ms) was over at the caller's ear, by the arrival of its last packet."""

    def last_beep() -> float | None:
        heard = list(sound.heard)[-100:]
        beeps = [at for at, payload in heard if _is_beep(from_ulaw(payload))]
        # Over: something came after it for a while that is no beep.
        return max(beeps) if len(beeps) >= 10 and time.monotonic() - max(beeps) > 0.1 else None

    found = eventually(last_beep, 20, "the beep")
    assert found is not None
    return found


def _is_beep(samples: Any) -> bool:
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    at = round(1000 / RATE * len(samples))
    near = float(power[at - 1 : at + 2].sum())
    return bool(near > 0.9 * float(power.sum()) and float(np.std(samples)) > 0.01)
