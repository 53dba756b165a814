"""What holds between calls, sessions and the floor after every fact."""

from calls.engine import Engine
from calls.machine import CallState


def parts_agree(engine: Engine) -> None:
    """Each call is on the floor as its phase says, its telephones ring for its offers, its agent has it."""
    floor = engine.floor.state
    for call in engine.calls.values():
        _agrees(call.state, floor)
    assert set(floor.calls) <= set(engine.calls)
    assert set(engine.sessions) == set(engine.calls)
    for offer in floor.offers.values():
        if offer.state == "wrapping":
            continue
        state = engine.calls[offer.call].state
        held = (
            {r.offer: r.agent for r in state.ringing}
            if offer.state == "pending"
            else {state.offer: state.agent}
        )
        assert held[offer.id] == offer.agent


def _agrees(s: CallState, floor: object) -> None:
    assert not s.secret or s.phase in ("ivr", "survey")
    calls, offers = floor.calls, floor.offers  # type: ignore[attr-defined]
    assert bool(s.ringing) == (s.phase == "offered")
    assert (s.offer is None) == (s.agent is None)
    if s.phase in ("waiting", "offered"):
        parked = s.nobody_there and calls[s.id].state == "parked"
        assert calls[s.id].state == s.phase or (parked and s.phase == "waiting")
        assert {r.offer for r in s.ringing} == set(calls[s.id].offers)
        assert (s.queue is None) == s.nobody_there
        if s.queue is not None:
            assert s.queue == calls[s.id].queue
    elif s.agent is not None:
        assert (calls[s.id].state, calls[s.id].offers) == ("answered", [s.offer])
        assert offers[s.offer].state == "accepted"
        assert s.queue is None
    else:
        assert s.phase in ("ivr", "message", "survey", "dialling", "talking")
        assert (s.outside_leg is not None) == (s.phase in ("dialling", "talking"))
        assert s.served or s.phase != "survey"
        assert s.id not in calls
