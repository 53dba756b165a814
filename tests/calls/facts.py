"""Any outside fact, sensible or not, about a few calls, devices and agents."""

from typing import Any

from hypothesis import strategies as st

from domain.config import Announcements, Condition, Operation, Step
from domain.crm import CallerIdentified
from domain.desk import (
    AgentPaused,
    AgentReady,
    AgentSignedIn,
    AgentSignedOut,
    CallAssigned,
    CallbackAsked,
    CallbackCancelled,
    CallNoted,
    CallPrioritised,
    DialAsked,
    HangUpAsked,
    HoldAsked,
    OfferDeclined,
    PickUpAsked,
    QueueClosed,
    QueueOpened,
    ResumeAsked,
    TransferAsked,
    WrapUpEnded,
)
from domain.flow import Answered, SecretLost
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
    SecretPressed,
    SwitchReady,
)
from tests.calls.floor import NUMBER, START, configuration
from tests.calls.wishes import CARD, WISHES

RULES: dict[str, Any] = {
    "strategy": "ring_all",
    "more": {"loans": ("wu",)},
    "announce": Announcements(2, 4, wait=True),
    "recipe": (
        Step((), (Operation("offer_callback"),)),
        Step((Condition("wait", ">=", 10.0),), (Operation("to_queue", "loans"),)),
    ),
}
CALL = st.sampled_from(["c1", "c2", "c1", "c3", "c.3", ""])
NEW = st.sampled_from(["c1", "n1", "n2", "c1-back", "n.1", ""])
QUEUE = st.sampled_from(["sales", "loans", "gone", ""])
TARGET = st.sampled_from(["sales", "loans", "gone", "li", "nobody", "+86108", ""])
LEGS = [
    "c1",
    "c1.1",
    "c1.2",
    "c1.3",
    "c2",
    "c2.1",
    "c2.2",
    "c3",
    "c3",
    "c3.1",
    "c3.2",
    "n1",
    "n1.1",
    "n1.2",
    "c1-back",
    "c1-back.1",
]
LEG = st.sampled_from([*LEGS, "x", "", ".1"])
DEVICE = st.sampled_from(["desk-li", "desk-wu", "desk-x"])
AGENT = st.sampled_from(["li", "wu", "nobody"])
REASON = st.sampled_from(["hangup", "lost", "told", "unreachable", "busy", "failed"])
ARRIVED = st.sampled_from(["c1", "c2", "c3"]).map(
    lambda c: CallArrived(c, c, "+86138", WISHES if c == "c3" else NUMBER)
)
"""The third may wish anything."""

SWITCH: list[st.SearchStrategy[Any]] = [
    ARRIVED,
    st.builds(CallArrived, CALL, LEG, st.text(max_size=3), st.sampled_from([NUMBER, "0"])),
    st.builds(LegAnswered, LEG),
    st.builds(LegAnswered, LEG),
    st.builds(LegRinging, LEG),
    st.builds(LegEnded, LEG, REASON),
    st.builds(DigitPressed, LEG, st.sampled_from("12#A0") | st.text(max_size=2)),
    st.builds(DigitPressed, st.sampled_from(["c1", "c2"]), st.just("1")),
    st.builds(DigitPressed, st.just("c3"), st.sampled_from("12345690#")),
    st.builds(DigitPressed, st.just("c3"), st.sampled_from("12345690#")),
    st.builds(SecretPressed, LEG, st.sampled_from([CARD, CARD, ""]), st.integers(0, 7)),
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
    st.builds(PickUpAsked, AGENT, CALL),
    st.builds(DialAsked, AGENT, NEW, st.sampled_from(["+8613800000001", ""]), QUEUE | st.none()),
    st.builds(TransferAsked, AGENT, CALL, st.sampled_from(["queue", "agent", "number"]), TARGET),
    st.builds(CallAssigned, CALL, AGENT, st.just("boss")),
    st.builds(CallPrioritised, CALL, st.sampled_from([50.0, float("nan"), -1e300]), st.just("boss")),
    st.builds(QueueClosed, QUEUE, st.text(max_size=3), st.just("boss")),
    st.builds(QueueOpened, QUEUE, st.just("boss")),
    st.builds(QueueOpened, QUEUE, st.just("boss")),
    st.builds(CallbackAsked, NEW, QUEUE, st.sampled_from(["1380000", ""]), st.just(START), st.just("boss")),
    st.builds(CallbackCancelled, NEW, st.just("boss")),
]
OTHER: list[st.SearchStrategy[Any]] = [
    st.builds(CallerIdentified, CALL, st.sampled_from(["one", "none", "many", "failed"])),
    st.builds(Answered, CALL, st.just("c3-1"), st.sampled_from(["ok", "failed"]), st.just({"a": 1.5})),
    st.builds(SecretLost, CALL, st.just(CARD)),
    st.sampled_from([("li", "wu"), ("li",), ()]).flatmap(
        lambda agents: st.sampled_from([*configuration(agents), *configuration(agents, **RULES)])
    ),
    st.just("nonsense"),
]
FACTS = st.one_of(*SWITCH, *DESK, *OTHER)
