"""The contract of the Switch port: what ``telephony.port`` and ``domain.switch`` promise, on every switch."""

import pytest

from domain.ids import CallId, DeviceId, LegId, PlayId, RecordingId
from domain.switch import (
    Answer,
    CallArrived,
    Cancel,
    Connect,
    DeviceDown,
    DeviceUp,
    Dial,
    DigitPressed,
    HangUp,
    Hold,
    LegAnswered,
    LegEnded,
    LegRinging,
    Listen,
    Music,
    PickUp,
    Play,
    PlayEnded,
    Record,
    RecordingEnded,
    Ring,
    Shield,
    StopPlay,
    StopRecording,
    SwitchCommand,
    SwitchReady,
    Tone,
    Transfer,
)
from telephony.port import UnsupportedFeature
from tests.contracts.switches import Table, fresh_story, stage, story, watch

__all__ = ["stage"]

NOBODY, CALL = LegId("nobody"), CallId("call-1")

# ------------------------------------------------------------------ starting and stopping


@fresh_story
async def test_a_fresh_switch_is_empty(table: Table) -> None:
    """The first fact is ``SwitchReady``; a switch that just started knows no leg and no device."""
    assert table.facts == [SwitchReady((), ())]


@fresh_story
async def test_stop_hangs_everybody_up(table: Table) -> None:
    """At the end every leg is told as ended: arrived, talking, playing, ringing."""
    _, arrived = await table.arrival("1")
    _, talking = await table.caller("2")
    _, agent = await table.agent("desk-1")
    table.do(Connect(talking, agent))
    _, playing = await table.caller("3")
    table.plays(playing, "long", 60_000)
    table.do(Record(playing, RecordingId("r1")))
    ringing = await table.rings(await table.phone("desk-2"))
    await table.switch.stop()
    for leg in (arrived, talking, agent, playing, ringing):
        assert table.told(LegEnded, leg) == [LegEnded(leg, "told")]


# ------------------------------------------------------------------ a caller


@story
async def test_arrival(table: Table) -> None:
    """A call arrives with number, name and what was dialled; nothing more happens until it is answered."""
    table.switch.dial("13800138000", "95588", "王芳")
    await table.time.until(lambda: table.told(CallArrived), "the arrival")
    await table.settles()
    (fact,) = table.facts[1:]
    assert isinstance(fact, CallArrived)
    assert (fact.caller, fact.dialled, fact.display_name) == ("13800138000", "95588", "王芳")


@story
async def test_calls_have_different_names(table: Table) -> None:
    """Two arrivals of the same number are two calls and two legs."""
    _, one = await table.arrival()
    _, two = await table.arrival()
    assert one != two
    assert len({fact.call for fact in table.told(CallArrived)}) == 2


@story
async def test_answering(table: Table) -> None:
    """An answered leg is told once, and the caller knows; answering again does nothing."""
    caller, leg = await table.arrival()
    seen = watch(caller)
    table.do(Answer(leg), Answer(leg))
    await table.hears(LegAnswered(leg))
    table.do(Answer(leg))
    await table.settles()
    assert table.told(LegAnswered) == [LegAnswered(leg)] and seen == ["answered"]


@story
async def test_unanswered_legs_hear_nothing(table: Table) -> None:
    """Sound for a leg that is not answered is passed over, and not kept for later either."""
    _, leg = await table.arrival()
    table.plays(leg, "p1", 40)
    table.do(Music(leg), Record(leg, RecordingId("r1")))
    await table.settles()
    table.do(Answer(leg))
    await table.hears(LegAnswered(leg))
    await table.settles()
    table.do(HangUp(leg))
    await table.hears(LegEnded(leg, "told"))
    assert not table.told(PlayEnded) and not table.told(RecordingEnded)


@story
async def test_digits(table: Table) -> None:
    """Keys come one by one in order, also while something plays, which they do not stop."""
    caller, leg = await table.caller()
    play = table.plays(leg, "p1", 400)
    caller.press("12#")
    caller.press("*0D")
    await table.hears(PlayEnded(leg, play))
    assert "".join(fact.digit for fact in table.told(DigitPressed, leg)) == "12#*0D"


@story
async def test_no_keys_of_the_gone(table: Table) -> None:
    """Who has hung up presses no keys."""
    caller, leg = await table.caller()
    caller.hang_up()
    caller.press("1")
    await table.hears(LegEnded(leg, "hangup"))
    await table.settles()
    assert not table.told(DigitPressed)


# ------------------------------------------------------------------ sound


@story
async def test_a_play_ends_once(table: Table) -> None:
    """Prompts played to their natural end are told once, not before they have all been heard."""
    _, leg = await table.caller()
    begun_s = table.time.now_s()
    table.do(Play(leg, PlayId("p1"), (Tone(440, 200), Tone(0, 100), Tone(600, 200))))
    await table.hears(PlayEnded(leg, PlayId("p1")))
    assert table.time.now_s() - begun_s > 0.45
    await table.settles()
    assert table.told(PlayEnded) == [PlayEnded(leg, PlayId("p1"))]


@story
async def test_an_empty_play_ends(table: Table) -> None:
    """A play of nothing is over at once, and says so."""
    _, leg = await table.caller()
    table.do(Play(leg, PlayId("p1"), ()))
    await table.hears(PlayEnded(leg, PlayId("p1")))


@story
async def test_a_stopped_play_says_nothing(table: Table) -> None:
    """Who stops a play knows; nothing is told. Stopping what does not play does nothing."""
    _, leg = await table.caller()
    table.plays(leg, "p1", 120)
    table.do(StopPlay(leg), StopPlay(leg))
    await table.settles()
    table.do(Music(leg), StopPlay(leg))
    await table.settles()
    assert not table.told(PlayEnded)


@story
async def test_a_play_replaces_a_play(table: Table) -> None:
    """Of two plays only the second ends."""
    _, leg = await table.caller()
    table.plays(leg, "p1", 120)
    table.plays(leg, "p2", 100)
    await table.hears(PlayEnded(leg, PlayId("p2")))
    await table.settles()
    assert [fact.play for fact in table.told(PlayEnded)] == ["p2"]


@story
async def test_music_and_plays_replace_one_another(table: Table) -> None:
    """Music ends a play without a word, and a play ends music."""
    caller, leg = await table.caller()
    seen = watch(caller)
    table.plays(leg, "p1", 120)
    table.do(Music(leg))
    await table.settles()
    table.plays(leg, "p2", 60)
    await table.hears(PlayEnded(leg, PlayId("p2")))
    assert [fact.play for fact in table.told(PlayEnded)] == ["p2"]
    assert seen == ["heard", "music", "heard"]


@story
async def test_legs_play_on_their_own(table: Table) -> None:
    """What one caller hears, and how it ends, is no business of another."""
    _, one = await table.caller("1")
    _, two = await table.caller("2")
    table.plays(one, "p", 120)
    table.plays(two, "p", 100)
    table.do(StopPlay(two))
    await table.hears(PlayEnded(one, PlayId("p")))
    assert not table.told(PlayEnded, two)


# ------------------------------------------------------------------ devices


@story
async def test_devices_come_and_go(table: Table) -> None:
    """A device that registers is up, one that unregisters is down, once."""
    phone = await table.phone()
    await table.hears(DeviceUp(DeviceId("desk-1")))
    phone.unregister()
    phone.unregister()
    await table.hears(DeviceDown(DeviceId("desk-1")))
    await table.settles()
    assert len(table.told(DeviceDown)) == 1


@story
async def test_ringing_a_device(table: Table) -> None:
    """The telephone rings with the call's name; picked up, its leg is answered."""
    phone = await table.phone()
    seen = watch(phone)
    leg = await table.rings(phone)
    assert phone.call == CALL
    await table.settles()
    assert table.of_leg(leg) == [LegRinging(leg)]
    phone.answer()
    await table.hears(LegAnswered(leg))
    assert seen == ["ringing", "answered"]


@story
async def test_answered_in_the_same_breath(table: Table) -> None:
    """A telephone picked up the moment it rings has rung first."""
    phone = await table.phone()
    phone.on_change = lambda party, what: party.answer() if what == "ringing" else None
    leg = table.new_leg()
    table.do(Ring(leg, phone.device, CALL, "13800138000"))
    await table.hears(LegAnswered(leg))
    await table.settles()
    assert table.of_leg(leg)[-1] == LegAnswered(leg)


@story
async def test_auto_answer(table: Table) -> None:
    """A device told to answer by itself does."""
    phone = await table.phone()
    leg = table.new_leg()
    table.do(Ring(leg, phone.device, CALL, "13800138000", auto_answer=True))
    await table.hears(LegAnswered(leg))


@story
async def test_ringing_is_taken_back(table: Table) -> None:
    """A cancelled leg ends as cancelled, the telephone is free, and a late pick-up does nothing."""
    phone = await table.phone()
    seen = watch(phone)
    leg = await table.rings(phone)
    table.do(Cancel(leg), Cancel(leg))
    await table.hears(LegEnded(leg, "cancelled"))
    phone.answer()
    await table.settles()
    assert table.of_leg(leg) == [LegRinging(leg), LegEnded(leg, "cancelled")]
    assert seen == ["ringing", "ended"]
    again = await table.rings(phone)
    phone.answer()
    await table.hears(LegAnswered(again))


@story
async def test_cancelled_in_the_same_breath(table: Table) -> None:
    """A leg cancelled before it could ring ends once and is never answered."""
    phone = await table.phone()
    leg = table.new_leg()
    table.do(Ring(leg, phone.device, CALL, "13800138000"), Cancel(leg))
    await table.hears(LegEnded(leg, "cancelled"))
    await table.settles()
    assert not table.told(LegAnswered)


@story
async def test_a_cancel_that_comes_too_late(table: Table) -> None:
    """A leg that was answered meanwhile is hung up: nobody is left in it."""
    _, leg = await table.agent()
    table.do(Cancel(leg))
    await table.hears(LegEnded(leg, "told"))


@story
async def test_rejected(table: Table) -> None:
    """The red button ends the leg as rejected."""
    phone = await table.phone()
    leg = await table.rings(phone)
    phone.reject()
    await table.hears(LegEnded(leg, "rejected"))


@story
async def test_unreachable(table: Table) -> None:
    """A device nobody registered, or that is gone, ends the leg as unreachable, without ringing."""
    phone = await table.phone()
    phone.unregister()
    for device in (phone.device, DeviceId("desk-of-nobody")):
        leg = table.new_leg()
        table.do(Ring(leg, device, CALL, "13800138000"))
        await table.hears(LegEnded(leg, "unreachable"))
        assert table.of_leg(leg) == [LegEnded(leg, "unreachable")]


@story
async def test_busy(table: Table) -> None:
    """A telephone that rings or talks is busy to others, and goes on undisturbed."""
    phone = await table.phone()
    first = await table.rings(phone)
    second, third = table.new_leg(), table.new_leg()
    table.do(Ring(second, phone.device, CallId("other"), "1"))
    await table.hears(LegEnded(second, "busy"))
    phone.answer()
    await table.hears(LegAnswered(first))
    table.do(Ring(third, phone.device, CallId("other"), "1"))
    await table.hears(LegEnded(third, "busy"))
    assert phone.call == CALL
    phone.hang_up()
    await table.hears(LegEnded(first, "hangup"))


@story
async def test_a_device_that_vanishes(table: Table) -> None:
    """A page that is closed without a word loses its leg and goes down."""
    phone, leg = await table.agent()
    phone.vanish()
    await table.hears(LegEnded(leg, "lost"))
    await table.hears(DeviceDown(phone.device))


# ------------------------------------------------------------------ conversations


@story
async def test_connecting(table: Table) -> None:
    """Two legs are connected; what either heard before is over without a word."""
    caller, one = await table.caller()
    phone, two = await table.agent()
    table.plays(one, "p1", 120)
    table.do(Music(two))
    heard, said = watch(caller), watch(phone)
    table.do(Connect(one, two))
    await table.settles()
    assert heard == ["connected"] and said == ["connected"]
    assert not table.told(PlayEnded)
    assert not table.told(LegEnded)


@story
async def test_connecting_needs_two_answered_legs(table: Table) -> None:
    """With a leg that rings or is gone nobody is connected, and the other hears on what it heard."""
    caller, one = await table.caller()
    phone = await table.phone()
    ringing = await table.rings(phone)
    play = table.plays(one, "p1", 120)
    seen = watch(caller)
    table.do(Connect(one, ringing), Connect(NOBODY, one))
    await table.hears(PlayEnded(one, play))
    assert "connected" not in seen


@story
async def test_hold_and_resume(table: Table) -> None:
    """On hold the leg hears music and its partner is parted from it; connected again, both talk on."""
    caller, one = await table.caller()
    phone, two = await table.agent()
    table.do(Connect(one, two))
    heard, said = watch(caller), watch(phone)
    table.do(Hold(one))
    await table.settles()
    assert heard == ["music"] and said == ["parted"]
    table.do(Connect(one, two))
    await table.settles()
    assert heard == ["music", "connected"] and said == ["parted", "connected"]


@story
async def test_a_prompt_in_a_conversation(table: Table) -> None:
    """Who is connected and is played something stays connected; stopped, it says nothing, else it ends."""
    caller, one = await table.caller()
    phone, two = await table.agent()
    table.do(Connect(one, two))
    heard, said = watch(caller), watch(phone)
    ended, stopped = table.plays(one, "p1", 40), table.plays(two, "p2", 120)
    table.do(StopPlay(two))
    await table.hears(PlayEnded(one, ended))
    await table.settles()
    assert PlayEnded(two, stopped) not in table.facts
    assert heard == said == ["heard"]
    table.do(Music(one))
    assert said == ["heard", "parted"]


@story
async def test_a_third_party(table: Table) -> None:
    """Who is connected to a third leaves the second in silence, with the leg still up."""
    _, one = await table.caller("1")
    phone, two = await table.agent("desk-1")
    _, three = await table.agent("desk-2")
    table.do(Connect(one, two))
    seen = watch(phone)
    table.do(Connect(one, three))
    await table.settles()
    assert seen == ["parted"]
    play = table.plays(two, "p1", 40)
    await table.hears(PlayEnded(two, play))


@story
async def test_the_other_stays(table: Table) -> None:
    """When one of two hangs up the other's leg stays up and can be spoken to."""
    caller, one = await table.caller()
    phone, two = await table.agent()
    table.do(Connect(one, two))
    seen = watch(caller)
    phone.hang_up()
    await table.hears(LegEnded(two, "hangup"))
    play = table.plays(one, "p1", 40)
    await table.hears(PlayEnded(one, play))
    assert seen == ["parted", "heard"]


# ------------------------------------------------------------------ keys nobody else may hear


@story
async def test_keys_are_heard_by_the_other_but_not_from_behind_a_shield(table: Table) -> None:
    """All of them are told; who is connected hears those from before the shield and from after it."""
    caller, one = await table.caller()
    phone, two = await table.agent()
    table.do(Connect(one, two))
    caller.press("12")
    table.do(Shield(one, True), Shield(one, True))
    caller.press("345")
    phone.press("9")
    table.do(Shield(one, False))
    caller.press("6")
    await table.hears(DigitPressed(one, "6"))
    assert "".join(fact.digit for fact in table.told(DigitPressed, one)) == "123456"
    assert (phone.keys, caller.keys) == ("126", "9")


@story
async def test_a_shield_is_of_one_leg_and_goes_with_it(table: Table) -> None:
    """Prompts are heard and recordings go on behind it; the next call of the same caller has none."""
    caller, leg = await table.caller()
    table.do(Shield(leg, True), Record(leg, RecordingId("r1")))
    play = table.plays(leg, "p1", 40)
    await table.hears(PlayEnded(leg, play))
    table.do(StopRecording(leg))
    await table.time.until(lambda: table.told(RecordingEnded), "the end of the recording")
    caller.hang_up()
    await table.hears(LegEnded(leg, "hangup"))
    table.do(Shield(leg, True))
    again, one = await table.caller()
    phone, two = await table.agent()
    table.do(Shield(two, True), Connect(one, two))
    again.press("1")
    phone.press("2")
    await table.hears(DigitPressed(two, "2"))
    assert (phone.keys, again.keys) == ("1", "")


@story
async def test_unanswered_legs_are_not_shielded(table: Table) -> None:
    """A shield for a leg that is not answered is passed over, and not kept for later either."""
    caller, one = await table.arrival()
    table.do(Shield(one, True), Answer(one))
    await table.hears(LegAnswered(one))
    phone, two = await table.agent()
    table.do(Connect(one, two))
    caller.press("1")
    await table.hears(DigitPressed(one, "1"))
    assert phone.keys == "1"


# ------------------------------------------------------------------ endings


@story
async def test_callers_may_leave_at_any_step(table: Table) -> None:
    """Before the answer, while something plays, in music, connected, recorded: a leg ends once."""
    for step in ("arrived", "answered", "playing", "music", "connected", "recorded"):
        caller, leg = await (table.arrival(step) if step == "arrived" else table.caller(step))
        if step == "playing":
            table.plays(leg, f"p-{step}", 120)
        elif step == "music":
            table.do(Music(leg))
        elif step == "connected":
            _, agent = await table.agent(f"desk-{step}")
            table.do(Connect(leg, agent))
        elif step == "recorded":
            table.do(Record(leg, RecordingId("r1")))
        caller.hang_up()
        caller.hang_up()
        await table.time.until(lambda leg=leg: table.told(LegEnded, leg), f"the end of a leg {step}")
        (ended,) = table.told(LegEnded, leg)
        assert ended.reason in (("hangup", "cancelled") if step == "arrived" else ("hangup",))
    await table.settles()
    assert not table.told(PlayEnded)


@story
async def test_both_sides_hang_up(table: Table) -> None:
    """Hung up twice by us and by the caller in the same breath, a leg ends once."""
    caller, leg = await table.caller()
    seen = watch(caller)
    table.do(HangUp(leg), HangUp(leg))
    caller.hang_up()
    await table.hears(LegEnded(leg, "told"))
    await table.settles()
    assert len(table.told(LegEnded, leg)) == 1 and seen == ["ended"]


@story
async def test_refusing_a_call(table: Table) -> None:
    """A call that is hung up before it was answered is over, and was never answered."""
    _, leg = await table.arrival()
    table.do(HangUp(leg))
    await table.hears(LegEnded(leg, "told"))
    assert not table.told(LegAnswered)


_COMMANDS: list[SwitchCommand] = [
    Answer(NOBODY),
    Play(NOBODY, PlayId("p"), (Tone(440, 40),)),
    StopPlay(NOBODY),
    Music(NOBODY),
    Cancel(NOBODY),
    Connect(NOBODY, LegId("nobody-else")),
    Hold(NOBODY),
    Transfer(NOBODY, "13900139000"),
    Listen(NOBODY, LegId("nobody-else")),
    HangUp(NOBODY),
    Record(NOBODY, RecordingId("r")),
    StopRecording(NOBODY),
    Shield(NOBODY, True),
]


@story
async def test_commands_for_unknown_legs_do_nothing(table: Table) -> None:
    """Nothing fails and nothing is told."""
    for command in _COMMANDS:
        if type(command) not in table.cannot:
            table.do(command)
    await table.settles()
    assert len(table.facts) == 1


@story
async def test_commands_for_ended_legs_do_nothing(table: Table) -> None:
    """The same for a leg that is over: its ending was the last word."""
    caller, leg = await table.caller()
    caller.hang_up()
    await table.hears(LegEnded(leg, "hangup"))
    count = len(table.facts)
    table.do(Answer(leg), Music(leg), StopPlay(leg), Hold(leg), Cancel(leg), HangUp(leg))
    table.plays(leg, "p1", 40)
    table.do(Record(leg, RecordingId("r1")), StopRecording(leg))
    await table.settles()
    assert len(table.facts) == count


# ------------------------------------------------------------------ recording


def near(ms: int, wanted_ms: int) -> bool:
    """Whether a recording has about the wanted length; a busy machine may begin and stop it late."""
    return wanted_ms / 2 <= ms <= wanted_ms + 1_500


@story
async def test_recording_until_stopped(table: Table) -> None:
    """A stopped recording is complete once and says how long it is."""
    _, leg = await table.caller()
    table.do(Record(leg, RecordingId("r1")))
    await table.time.pass_by(0.5)
    table.do(StopRecording(leg))
    await table.time.until(lambda: table.told(RecordingEnded), "the end of the recording")
    table.do(StopRecording(leg))
    await table.settles()
    (fact,) = table.told(RecordingEnded)
    assert (fact.leg, fact.recording) == (leg, "r1") and near(fact.duration_ms, 500)


@story
async def test_recording_until_the_end(table: Table) -> None:
    """A leg that ends completes its recording, whoever hangs up."""
    caller, one = await table.caller("1")
    _, two = await table.caller("2")
    table.do(Record(one, RecordingId("r1")), Record(two, RecordingId("r2")))
    await table.time.pass_by(0.3)
    caller.hang_up()
    table.do(HangUp(two))
    await table.time.until(lambda: len(table.told(RecordingEnded)) == 2, "the end of both recordings")
    assert all(near(fact.duration_ms, 300) for fact in table.told(RecordingEnded))


@story
async def test_recording_has_a_limit(table: Table) -> None:
    """After ``max_s`` seconds a recording ends by itself, once, and the leg stays up."""
    caller, leg = await table.caller()
    table.do(Record(leg, RecordingId("r1"), max_s=1))
    await table.time.until(lambda: table.told(RecordingEnded), "the end of the recording")
    (fact,) = table.told(RecordingEnded)
    assert near(fact.duration_ms, 1000)
    caller.hang_up()
    await table.hears(LegEnded(leg, "hangup"))
    await table.settles()
    assert len(table.told(RecordingEnded)) == 1


@story
async def test_recording_goes_on(table: Table) -> None:
    """Being connected, put on hold and played to does not end a recording."""
    _, one = await table.caller()
    _, two = await table.agent()
    table.do(Record(one, RecordingId("r1")), Connect(one, two))
    await table.time.pass_by(0.2)
    table.do(Hold(one))
    await table.time.pass_by(0.2)
    table.do(Connect(one, two), StopRecording(one))
    await table.time.until(lambda: table.told(RecordingEnded), "the end of the recording")
    assert near(table.told(RecordingEnded)[0].duration_ms, 400)


# ------------------------------------------------------------------ what a switch may be unable to do


def cannot(table: Table, command: SwitchCommand) -> bool:
    """Whether this adapter says it cannot; then it must raise, naming the command, and do nothing."""
    if type(command) not in table.cannot:
        return False
    count = len(table.facts)
    with pytest.raises(UnsupportedFeature, match=type(command).__name__) as caught:
        table.switch.do(command)
    assert caught.value.switch and len(table.facts) == count
    return True


@story
async def test_dialling_out(table: Table) -> None:
    """An outside number rings, answers and is a leg like any other; nobody there is unreachable."""
    first, second = table.new_leg(), table.new_leg()
    if cannot(table, Dial(first, "13900139000", "95588")):
        return
    party = await table.somebody_outside("13900139000")
    table.do(Dial(first, "13900139000", "95588"))
    await table.hears(LegRinging(first))
    party.answer()
    await table.hears(LegAnswered(first))
    play = table.plays(first, "p1", 40)
    await table.hears(PlayEnded(first, play))
    party.hang_up()
    await table.hears(LegEnded(first, "hangup"))
    table.do(Dial(second, "00000", "95588"))
    await table.hears(LegEnded(second, "unreachable"))


@story
async def test_taking_back_a_dialled_leg(table: Table) -> None:
    """An outside number that does not answer can be cancelled."""
    leg = table.new_leg()
    if cannot(table, Dial(leg, "13900139000", "95588")):
        return
    await table.somebody_outside("13900139000")
    table.do(Dial(leg, "13900139000", "95588"))
    await table.hears(LegRinging(leg))
    table.do(Cancel(leg))
    await table.hears(LegEnded(leg, "cancelled"))


@story
async def test_transfer(table: Table) -> None:
    """A transferred leg leaves us, and who was connected to it stays."""
    _, one = await table.caller()
    _, two = await table.agent()
    table.do(Connect(one, two))
    if cannot(table, Transfer(one, "13900139000")):
        return
    table.do(Transfer(one, "13900139000"))
    await table.hears(LegEnded(one, "told"))
    play = table.plays(two, "p1", 40)
    await table.hears(PlayEnded(two, play))


@story
async def test_pick_up(table: Table) -> None:
    """Another device takes over what rings: the first stops ringing, the second is answered."""
    first, second = await table.phone("desk-1"), await table.phone("desk-2")
    seen = watch(first)
    ringing, new = await table.rings(first), table.new_leg()
    if cannot(table, PickUp(ringing, second.device, new)):
        return
    table.do(PickUp(ringing, second.device, new))
    await table.hears(LegEnded(ringing, "cancelled"))
    await table.hears(LegAnswered(new))
    await table.settles()
    assert table.of_leg(new)[-1] == LegAnswered(new)
    assert seen[-1] == "ended" and second.call == CALL


@story
async def test_pick_up_comes_too_late(table: Table) -> None:
    """What is answered already, or gone, cannot be picked up: the new leg ends as unreachable."""
    await table.phone("desk-2")
    _, answered = await table.agent("desk-1")
    one, two = table.new_leg(), table.new_leg()
    if cannot(table, PickUp(answered, DeviceId("desk-2"), one)):
        return
    table.do(PickUp(answered, DeviceId("desk-2"), one), PickUp(NOBODY, DeviceId("desk-2"), two))
    await table.hears(LegEnded(one, "unreachable"))
    await table.hears(LegEnded(two, "unreachable"))
    assert not table.told(LegEnded, answered)


@story
async def test_listening(table: Table) -> None:
    """A supervisor may listen, whisper and barge; the conversation goes on, and its end is theirs alone."""
    caller, one = await table.caller()
    phone, two = await table.agent("desk-1")
    _, listener = await table.agent("desk-2")
    table.do(Connect(one, two))
    if cannot(table, Listen(listener, two)):
        return
    heard, said = watch(caller), watch(phone)
    for mode in ("spy", "whisper", "barge"):
        table.do(Listen(listener, two, mode))
        await table.settles()
    assert heard == said == []
    caller.hang_up()
    phone.hang_up()
    await table.hears(LegEnded(two, "hangup"))
    await table.settles()
    assert not table.told(LegEnded, listener)
    play = table.plays(listener, "p1", 40)
    await table.hears(PlayEnded(listener, play))
