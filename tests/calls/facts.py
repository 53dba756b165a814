"""Any outside fact, sensible or not, about a few calls, devices and agents."""

from typing import Any

from hypothesis import strategies as st

from domain.crm import CallerIdentified
from domain.desk import (
    AgentPaused,
    AgentReady,
    AgentSignedIn,
    AgentSignedOut,
    CallNoted,
    HangUpAsked,
    HoldAsked,
    OfferDeclined,
    ResumeAsked,
    WrapUpEnded,
)
from domain.switch import (
    CallArrived,
    DeviceDown,
    DeviceUp,
    DigitPressed,
    LegAnswered,
    LegEnded,
    LegRinging,
    PlayEnded,
    RecordingEnded,
    SwitchReady,
)
from tests.calls.floor import NUMBER, configuration

CALL = st.sampled_from(["c1", "c2", "c1", "c.3", ""])
LEG = st.sampled_from(["c1", "c1.1", "c1.2", "c1.3", "c2", "c2.1", "c2.2", "x", "", ".1"])
DEVICE = st.sampled_from(["desk-li", "desk-wu", "desk-x"])
AGENT = st.sampled_from(["li", "wu", "nobody"])
REASON = st.sampled_from(["hangup", "lost", "told", "unreachable", "busy", "failed"])
ARRIVED = st.sampled_from(["c1", "c2"]).map(lambda c: CallArrived(c, c, "+86138", NUMBER))

SWITCH: list[st.SearchStrategy[Any]] = [
    ARRIVED,
    st.builds(CallArrived, CALL, LEG, st.text(max_size=3), st.sampled_from([NUMBER, "0"])),
    st.builds(LegAnswered, LEG),
    st.builds(LegAnswered, LEG),
    st.builds(LegRinging, LEG),
    st.builds(LegEnded, LEG, REASON),
    st.builds(DigitPressed, LEG, st.sampled_from("12#A0") | st.text(max_size=2)),
    st.builds(DigitPressed, st.sampled_from(["c1", "c2"]), st.just("1")),
    st.builds(PlayEnded, LEG, st.sampled_from(["p1", "p2", "beep", ""])),
    st.builds(RecordingEnded, LEG, st.sampled_from(["c1.r1", "c1-1", ""]), st.integers(0, 9_000)),
    st.builds(DeviceUp, DEVICE),
    st.builds(DeviceDown, DEVICE),
    st.builds(SwitchReady, st.lists(LEG, max_size=4).map(tuple), st.lists(DEVICE, max_size=3).map(tuple)),
]
DESK: list[st.SearchStrategy[Any]] = [
    st.builds(AgentSignedIn, AGENT, DEVICE),
    st.sampled_from(["li", "wu"]).map(lambda a: AgentSignedIn(a, f"desk-{a}")),
    st.builds(AgentSignedOut, AGENT),
    st.builds(AgentReady, AGENT),
    st.builds(AgentReady, AGENT),
    st.builds(AgentPaused, AGENT, st.sampled_from(["lunch", ""])),
    st.builds(OfferDeclined, AGENT, st.sampled_from(["o1", "o2", "o3"])),
    st.builds(WrapUpEnded, AGENT),
    st.builds(CallNoted, AGENT, CALL, st.just("enquiry"), st.text(max_size=3)),
    st.builds(HoldAsked, AGENT, CALL),
    st.builds(ResumeAsked, AGENT, CALL),
    st.builds(HangUpAsked, AGENT, CALL),
]
OTHER: list[st.SearchStrategy[Any]] = [
    st.builds(CallerIdentified, CALL, st.sampled_from(["one", "none", "many", "failed"])),
    st.sampled_from([("li", "wu"), ("li",), ()]).flatmap(
        lambda agents: st.sampled_from(configuration(agents))
    ),
    st.just("nonsense"),
]
FACTS = st.one_of(*SWITCH, *DESK, *OTHER)
