"""What the simulated switch promises beyond the contract of ``tests/contracts/test_switch.py``: exact virtual
time, who hears whom, and that no order of commands and of what people do breaks it.
"""

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain.ids import CallId, LegId, PlayId, RecordingId
from domain.instant import Instant, after
from domain.switch import (
    Answer,
    CallArrived,
    Cancel,
    Connect,
    Dial,
    HangUp,
    Hold,
    LegAnswered,
    LegEnded,
    Listen,
    Music,
    Play,
    PlayEnded,
    Record,
    RecordingEnded,
    Ring,
    Speak,
    StopPlay,
    StopRecording,
    SwitchCommand,
    SwitchFact,
    SwitchReady,
    Tone,
    Transfer,
)
from telephony.simulated import SPEECH_S_PER_CHARACTER, SimulatedSwitch, VirtualCaller, VirtualTime
from tests.contracts.switches import check, check_stopped

START = Instant(1_790_125_200_000_000)


def begin() -> tuple[SimulatedSwitch, VirtualTime, list[SwitchFact]]:
    clock = VirtualTime(START)
    switch, facts = SimulatedSwitch(clock), []
    switch.begin(facts.append)
    return switch, clock, facts


def answered(switch: SimulatedSwitch, number: str) -> tuple[VirtualCaller, LegId]:
    caller = switch.dial(number, "95588")
    assert caller.leg is not None
    switch.do(Answer(caller.leg))
    return caller, caller.leg


def test_alarms_ring_in_the_order_they_were_set() -> None:
    """Virtual time rings by time, then by order of setting; alarms taken back are silent."""
    clock, rung = VirtualTime(START), []
    clock.call_later(2, rung.append, "late")
    clock.call_later(1, rung.append, "first")
    clock.call_later(1, rung.append, "second")
    clock.call_later(1, rung.append, "never").cancel()
    clock.call_later(-5, rung.append, "now")
    clock.run_for(1)
    assert rung == ["now", "first", "second"] and clock.now == after(START, 1)
    clock.run_for(10)
    assert rung[-1] == "late" and clock.now == after(START, 11)


def test_alarms_set_by_alarms() -> None:
    """An alarm set while another rings is rung in the same run if its time has come."""
    clock, seen = VirtualTime(START), []
    clock.call_later(1, lambda: clock.call_later(1, lambda: seen.append(clock.now)))
    clock.run_for(3)
    assert seen == [after(START, 2)]


def test_plays_last_as_long_as_their_words() -> None:
    """A play ends to the microsecond when its tones and words are over."""
    switch, clock, facts = begin()
    _, leg = answered(switch, "1")
    switch.do(Play(leg, PlayId("p1"), (Speak("hello", "en"), Tone(440, 300))))
    length_s = 5 * SPEECH_S_PER_CHARACTER + 0.3
    clock.run_until(Instant(after(START, length_s) - 1))
    assert PlayEnded(leg, PlayId("p1")) not in facts
    clock.run_until(after(START, length_s))
    assert facts[-1] == PlayEnded(leg, PlayId("p1"))


def test_recordings_are_exact() -> None:
    """A recording lasts exactly from its command to its end; a limit is exact too."""
    switch, clock, facts = begin()
    _, one = answered(switch, "1")
    switch.do(Record(one, RecordingId("r1")))
    clock.run_for(1.25)
    switch.do(StopRecording(one))
    switch.do(Record(one, RecordingId("r2"), max_s=2))
    clock.run_for(5)
    assert [(f.recording, f.duration_ms) for f in facts if isinstance(f, RecordingEnded)] == [
        ("r1", 1250),
        ("r2", 2000),
    ]


def test_who_hears_what() -> None:
    """Callers can be asked what they hear: silence, a play, music, their partner."""
    switch, clock, _ = begin()
    caller, one = answered(switch, "1")
    assert caller.hears == ""
    switch.do(Play(one, PlayId("p1"), (Tone(440, 100),)))
    assert caller.hears == "play:p1"
    clock.run_for(1)
    assert caller.hears == ""
    switch.do(Music(one))
    assert caller.hears == "music"
    other, two = answered(switch, "2")
    switch.do(Connect(one, two))
    assert (caller.hears, other.hears) == (two, one)
    switch.do(Hold(one))
    assert (caller.hears, other.hears) == ("music", "")
    switch.do(StopPlay(one))
    assert caller.hears == ""


def test_speech_reaches_the_partner_only() -> None:
    """What somebody says is heard by whom they are connected to, and by nobody on hold."""
    switch, _, _ = begin()
    (caller, one), (_, two), (_, three) = (answered(switch, number) for number in "123")
    switch.do(Connect(one, two))
    caller.speak("hello", "en")
    switch.do(Hold(two))
    caller.speak("anybody?", "en")
    assert switch.legs[two].heard == [Speak("hello", "en")]
    assert switch.legs[three].heard == []


def test_telephones_that_answer_by_themselves() -> None:
    """A telephone with ``answers_after_s`` picks up then, unless it stopped ringing."""
    switch, clock, facts = begin()
    phone = switch.phone("desk-1")
    phone.answers_after_s = 3
    phone.register()
    switch.do(Ring(LegId("a"), phone.device, CallId("c"), "1"))
    clock.run_for(2.9)
    assert LegAnswered(LegId("a")) not in facts
    clock.run_for(0.2)
    assert LegAnswered(LegId("a")) in facts
    switch.do(HangUp(LegId("a")))
    switch.do(Ring(LegId("b"), phone.device, CallId("c"), "1"))
    clock.run_for(1)
    switch.do(Cancel(LegId("b")))
    clock.run_for(5)
    assert LegAnswered(LegId("b")) not in facts


def test_a_restarted_listener_learns_who_is_there() -> None:
    """Who begins to listen to a switch that lives on is told which legs and devices are alive."""
    switch, _, _ = begin()
    _, leg = answered(switch, "1")
    phone = switch.phone("desk-1")
    phone.register()
    facts: list[SwitchFact] = []
    switch.begin(facts.append)
    assert facts == [SwitchReady((leg,), (phone.device,))]


def test_listening_ends_with_either() -> None:
    """A listener is forgotten when the leg listened to ends, or its own."""
    switch, _, _ = begin()
    (_, one), (_, two) = answered(switch, "1"), answered(switch, "2")
    switch.do(Listen(one, two, "whisper"))
    assert switch.listening == {one: (two, "whisper")}
    switch.do(HangUp(two))
    assert switch.listening == {}


LEG = st.integers(0, 5)
"""Which of the legs that are up; the one beyond them is a leg that never was."""
DEVICES = ("desk-1", "desk-2")


class AnyOrder(RuleBasedStateMachine):
    """Commands and people in any order: what always holds of a switch holds."""

    def __init__(self) -> None:
        super().__init__()
        self.switch, self.clock, self.facts = begin()
        self.sent: list[SwitchCommand] = []
        self.phones = [self.switch.phone(device) for device in DEVICES]
        self.callers: list[VirtualCaller] = []
        self.outside = VirtualCaller(self.switch, "139")
        self.switch.outside["139"] = self.outside
        self.count = 0

    def do(self, command: SwitchCommand) -> None:
        self.sent.append(command)
        self.switch.do(command)

    def new_leg(self) -> LegId:
        self.count += 1
        return LegId(f"o{self.count}")

    def at(self, leg: int) -> LegId:
        legs = [*self.switch.legs, LegId("nobody")]
        return legs[leg % len(legs)]

    @precondition(lambda self: len(self.callers) < 4)
    @rule(answered=st.booleans())
    def somebody_rings(self, answered: bool) -> None:
        self.callers.append(self.switch.dial("138", "95588"))
        if answered:
            self.do(Answer(self.facts[-1].leg))  # type: ignore[union-attr]

    @rule(leg=LEG)
    def answer(self, leg: int) -> None:
        self.do(Answer(self.at(leg)))

    @rule(leg=LEG, ms=st.sampled_from([0, 100, 5000]))
    def play(self, leg: int, ms: int) -> None:
        self.count += 1
        self.do(Play(self.at(leg), PlayId(f"p{self.count}"), (Tone(440, ms),)))

    @rule(leg=LEG, max_s=st.sampled_from([0, 1]))
    def record(self, leg: int, max_s: int) -> None:
        self.count += 1
        self.do(Record(self.at(leg), RecordingId(f"r{self.count}"), max_s))

    @rule(leg=LEG, kind=st.sampled_from([StopPlay, Music, Hold, Cancel, HangUp, StopRecording]))
    def command(self, leg: int, kind: type) -> None:
        self.do(kind(self.at(leg)))

    @rule(leg=LEG, other=LEG)
    def connect(self, leg: int, other: int) -> None:
        if self.at(leg) != self.at(other):
            self.do(Connect(self.at(leg), self.at(other)))

    @rule(leg=LEG, other=LEG, mode=st.sampled_from(["spy", "whisper", "barge"]))
    def listen(self, leg: int, other: int, mode: str) -> None:
        if self.at(leg) != self.at(other):
            self.do(Listen(self.at(leg), self.at(other), mode))  # type: ignore[arg-type]

    @rule(leg=LEG)
    def transfer(self, leg: int) -> None:
        self.do(Transfer(self.at(leg), "139"))

    @rule(device=st.sampled_from([0, 1]), auto=st.booleans())
    def ring(self, device: int, auto: bool) -> None:
        self.do(Ring(self.new_leg(), self.phones[device].device, CallId("c"), "138", auto))

    @rule(number=st.sampled_from(["139", "nobody"]))
    def dial(self, number: str) -> None:
        if self.outside.leg not in self.switch.legs:
            self.do(Dial(self.new_leg(), number, "95588"))

    @rule(person=st.integers(0, 5), act=st.sampled_from(["answer", "hang_up", "press"]))
    def person(self, person: int, act: str) -> None:
        people = [*self.phones, self.outside, *self.callers]
        if person < len(people) and not (act == "answer" and people[person] in self.callers):
            getattr(people[person], act)(*(("1",) if act == "press" else ()))

    @rule(device=st.sampled_from([0, 1]), act=st.sampled_from(["register", "unregister", "reject", "vanish"]))
    def device(self, device: int, act: str) -> None:
        phone = self.phones[device]
        if act == "reject" and phone.leg in self.switch.legs and self.switch.legs[phone.leg].answered:
            return  # nobody rejects what they answered
        getattr(phone, act)()

    @rule(seconds=st.sampled_from([0.0, 0.05, 1.0, 10.0]))
    def time_passes(self, seconds: float) -> None:
        self.clock.run_for(seconds)

    @invariant()
    def what_always_holds(self) -> None:
        check(self.facts, self.sent)

    @invariant()
    def partners_have_one_another(self) -> None:
        for leg in self.switch.legs.values():
            if leg.partner is not None:
                assert self.switch.legs[leg.partner].partner == leg.id
                assert leg.answered

    def teardown(self) -> None:
        for leg in list(self.switch.legs):
            self.switch.end(leg, "told")
        self.clock.run_for(60)
        facts = self.facts
        check(facts, self.sent)
        check_stopped(facts)
        ended = {f.leg for f in facts if isinstance(f, LegEnded)}
        assert {f.leg for f in facts if isinstance(f, CallArrived)} <= ended


AnyOrder.TestCase.settings = settings(stateful_step_count=30)
TestAnyOrder = AnyOrder.TestCase
