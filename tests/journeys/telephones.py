"""Desk telephones and callers that are SIPp, and what the platform says of them."""

from pathlib import Path
from typing import Any, Protocol

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.running import TRUSTING, Platform, Seat, eventually
from tests.sipp import ObedientSipp, Sipp
from tests.sound import SoundPeer, to_ulaw, tone


class Listening(Protocol):
    """Where SIP is heard."""

    sip_port: int


def register(platform: Listening, seat: Seat, folder: Path, sip_port: int = 0) -> int:
    """Register a SIPp telephone for the agent; give the port it will be rung at."""
    device = seat.post("/api/desk/device")
    name = device["uri"].removeprefix("sip:").partition("@")[0]
    login = ("-au", name, "-ap", device["password"])
    with Sipp(folder, "register", sip_port or platform.sip_port, *login, keys={"device": name}) as sipp:
        sipp.finish()
    return sipp.port


def ready(seat: Seat) -> None:
    """Begin to take calls."""
    seat.post("/api/desk/sign-in")
    seat.post("/api/desk/ready")


def voice(folder: Path, hz: float) -> Path:
    """A folder whose ``tone.ulaw`` SIPp speaks."""
    folder.mkdir(exist_ok=True)
    (folder / "tone.ulaw").write_bytes(to_ulaw(tone(hz, 5)))
    return folder


def caller(
    platform: Listening, folder: Path, sound: SoundPeer, number: str, dialled: str = "95588"
) -> ObedientSipp:
    """A SIPp caller whose sound is ours, and who hangs up when told."""
    keys = {"number": number, "rtp_port": sound.port}
    return ObedientSipp(folder, platform.sip_port, "-s", dialled, keys=keys)


def state_of(seat: Seat, agent: str) -> str:
    """What the floor says of an agent."""
    return str(seat.snapshot()["agents"][agent]["state"])


def call_of(supervisor: Seat, number: str, phase: str = "", seconds: float = 40) -> dict[str, Any]:
    """The live call of this number, once it is there (and in ``phase``)."""

    def look() -> dict[str, Any] | None:
        for call in supervisor.snapshot()["calls"].values():
            if call["caller"] == number and call["phase"] == (phase or call["phase"]):
                return dict(call)
        return None

    found = eventually(look, seconds, f"the call of {number} {phase}", every_s=0.1)
    assert found is not None
    return found


def rate(supervisor: Seat, sound: SoundPeer, number: str, seconds: float = 40) -> None:
    """The agent hangs up, the caller is asked how it was, and presses 5."""
    call_of(supervisor, number, "survey", seconds)
    sound.press("5")


def last_call(supervisor: Seat, number: str) -> dict[str, Any]:
    """The call of this number in the history, once it is there: there must be one only."""
    found = eventually(lambda: supervisor.get("/api/history/calls", q=number), 30, f"the call of {number}")
    assert len(found) == 1, found
    return dict(found[0])


def story_of(supervisor: Seat, call: str) -> list[str]:
    """A call's story as lines of text."""
    story = supervisor.get(f"/api/history/calls/{call}/why")["story"]
    return [f"{line['what']} {line['detail']}" for line in story]


def metrics(platform: Platform) -> dict[str, float]:
    """Every figure of ``/metrics`` by its name, those with labels summed up."""
    text = httpx.get(f"{platform.url}/metrics", timeout=10, verify=TRUSTING).text
    sums: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            sums[sample.name] = sums.get(sample.name, 0.0) + sample.value
    return sums


def nothing_is_up(platform: Platform) -> None:
    """Wait until no call and no leg is left."""

    def look() -> bool:
        figures = metrics(platform)
        return figures["callfloor_calls"] == 0 and figures["callfloor_media_legs"] == 0

    # How many legs there are is told every few seconds: no need to ask twenty times in each.
    eventually(look, 30, "a platform without calls and legs", every_s=0.2)
