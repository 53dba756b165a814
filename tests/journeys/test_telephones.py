"""SIPp on both sides: a caller and a desk telephone talk through the platform."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import PASSWORD
from tests.journeys.telephones import last_call, ready, register, state_of, voice
from tests.link import BadLink
from tests.running import MEDIA_PORTS, Platform, Seat, eventually
from tests.sipp import Sipp
from tests.sound import Sniffer, SoundPeer, share_of

pytestmark = pytest.mark.peer
CALLER_HZ, AGENT_HZ = 440.0, 660.0


@pytest.fixture
def leo(platform: Platform) -> Iterator[Seat]:
    """An agent at work without a page."""
    seat = platform.seat("leo", PASSWORD)
    yield seat
    seat.post("/api/desk/sign-out")
    seat.close()


def test_two_sipps_talk(platform: Platform, supervisor: Seat, leo: Seat, tmp_path: Path) -> None:
    """Keys as RFC 4733 packets, music, a desk telephone answers, a tone each way, the caller hangs up."""
    port = register(platform, leo, tmp_path)
    ready(leo)
    agent = Sipp(voice(tmp_path / "agent", AGENT_HZ), "agent", platform.sip_port, port=port)
    number = "13800000002"
    caller = Sipp(
        voice(tmp_path / "caller", CALLER_HZ),
        "caller_speaks",
        platform.sip_port,
        *("-s", "95588", "-d", "12000"),
        keys={"number": number},
    )
    with Sniffer() as sniffer, agent, caller:

        def heard(hz: float) -> bool:
            """Somebody outside the platform hears this tone."""
            outside = [p for p in list(sniffer.heard) if p not in MEDIA_PORTS]
            return any(share_of(sniffer.last(p, 0.5), hz) > 0.5 for p in outside)

        eventually(lambda: heard(AGENT_HZ), 25, "the agent's tone at the caller")
        eventually(lambda: heard(CALLER_HZ), 10, "the caller's tone at the agent")
        caller.finish()
        agent.finish()
    call = last_call(supervisor, number)
    assert (call["outcome"], call["ended_by"], call["agent"], call["queue"]) == (
        "answered",
        "caller",
        "1002",
        "personal",
    )
    assert (call["customer_name"], call["tier"]) == ("Charles Babbage", "retail-private")
    assert call["digits"] == "1"
    eventually(lambda: state_of(leo, "1002") == "wrap_up", what="wrap-up")
    leo.post("/api/desk/wrap-up", call=call["id"], code="enquiry", note="ok", done=True)
    eventually(lambda: state_of(leo, "1002") == "available", what="the next call can come")


def test_a_bad_network_gives_one_call_with_the_right_ending(
    platform: Platform, supervisor: Seat, tmp_path: Path
) -> None:
    """20 % lost, 10 % doubled, some late, both ways: each caller has one call, and it ends as it ended."""
    numbers = [f"1390000010{n}" for n in range(8)]
    with BadLink(platform.sip_port, lose=0.2, double=0.1, seed=7) as link, SoundPeer() as sound:
        callers = [
            Sipp(
                tmp_path,
                "caller_hangs_up",
                link.port,
                *("-s", "95588", "-d", "1500", "-default_behaviors", "all,-abortunexp"),
                keys={"number": number, "rtp_port": sound.port},
            )
            for number in numbers
        ]
        for caller in callers:
            with caller:
                caller.finish(60)
        assert link.lost and link.doubled
    for number in numbers:
        call = last_call(supervisor, number)
        assert (call["outcome"], call["ended_by"]) == ("abandoned", "caller")
    assert not supervisor.snapshot()["calls"]
