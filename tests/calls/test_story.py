"""``callfloor why``: what happened to a call, with the reasons, and nothing of other calls."""

import json
from pathlib import Path

from calls.story import Line, explain, story
from domain.config import CallbackRules, Condition, Operation, Step
from domain.crm import CallerIdentified
from domain.desk import (
    AgentPaused,
    CallAssigned,
    CallNoted,
    CallPrioritised,
    DialAsked,
    PickUpAsked,
    TransferAsked,
    WrapUpEnded,
)
from domain.floor import Candidate, Why
from domain.ids import AgentId, CallId, CustomerId, TierId
from tests.calls.floor import Scene

S1 = CallId("S1")


def test_the_story_tells_each_offer_with_its_reasons(tmp_path: Path) -> None:
    """From ring to note, in order: who was asked, why them, who was passed over and why."""
    scene = Scene(("li", "wu"))
    caller = scene.queued()
    first = scene.rung()
    scene.run(15.5)
    second = scene.rung()
    scene.phones[second].answer()
    scene.run(30)
    scene.phones[second].hang_up()
    scene.run(1)
    scene.tell(CallNoted(AgentId(second), CallId("S1"), "enquiry", "rate"))
    lines = story(scene.journal(tmp_path / "j.db"), "S1")
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    words = [line.what for line in lines if line.what != "phase"]
    assert words == [
        "arrived",
        "leg answered",
        "identified",
        "digit",
        "offered",
        "rescinded",
        "offered",
        "leg ended",
        "leg answered",
        "leg ended",
        "finished",
        "leg ended",
        "noted",
    ]
    told = {line.what: line.detail for line in lines}
    assert told["arrived"] == f"{caller.number} dialled 95588"
    assert told["identified"] == "Wang Fang (k1), tier gold"
    assert told["rescinded"] == f"from {first}: timed_out"
    offers = [line.detail for line in lines if line.what == "offered"]
    assert offers[0].startswith(f"to {first} in queue sales: ")
    assert "considered li 0 s busy, 1 s idle, score 0, wu 0 s busy, 1 s idle, score 0" in offers[0]
    assert offers[1].startswith(f"to {second} in queue sales: ")
    assert f"considered {second} 0 s busy, 16 s idle, score 0, {first} 0 s busy" in offers[1]
    assert told["finished"] == "answered, ended by agent"
    assert told["noted"] == f"by {second}: enquiry"
    phases = [line.detail for line in lines if line.what == "phase"]
    assert phases[-6:] == ["waiting", "offered", "waiting", "offered", "talking", "ended"]


def test_a_story_tells_of_one_call_only(tmp_path: Path) -> None:
    """The end of one call frees the agent for the next: one step, told in two stories."""
    scene = Scene(("li",), answers_after_s=1)
    first, second = scene.queued(), scene.queued()
    scene.run(5)
    first.hang_up()
    scene.tell(WrapUpEnded(AgentId("li")))
    scene.run(5)
    second.hang_up()
    scene.run(1)
    path = scene.journal(tmp_path / "j.db")
    for call, other in (("S1", "S2"), ("S2", "S1")):
        lines = story(path, call)
        assert not [line for line in lines if other in line.detail]
        assert [line.what for line in lines].count("arrived") == 1
        assert [line.what for line in lines].count("finished") == 1


def test_a_story_does_not_steer_the_terminal(tmp_path: Path) -> None:
    """A number may hold any character somebody sent; what cannot be printed is a space."""
    scene = Scene(("li",))
    scene.floor.switch.dial("8\r\n\x1b[31m\u009b2J1", "95588")
    scene.run(1)
    arrived = story(scene.journal(tmp_path / "j.db"), "S1")[0]
    assert arrived.detail == "8   [31m 2J1 dialled 95588"


def test_an_unknown_call_has_no_story(tmp_path: Path) -> None:
    """Empty, not an error."""
    assert story(Scene(("li",)).journal(tmp_path / "j.db"), "S99") == []


def test_reasons_read_as_a_sentence() -> None:
    """Priority and wait, those considered with their figures, those passed over with the filter's name."""
    candidates = (
        Candidate(AgentId("yu"), "", 300.0, 5.0, preferred=True),
        Candidate(AgentId("li"), "", 120.4, 30.0, missed=2),
        Candidate(AgentId("ma"), "", 0.0, 9.0, penalty=5, home=True, score=(1.5, -2.0)),
        Candidate(AgentId("wu"), "lacks skill english"),
    )
    assert explain(Why("least_busy", 15.0, 12.34, 3, candidates)) == (
        "least_busy, priority 15.0 after 12.3 s, ahead of 3; considered yu 300 s busy, 5 s idle, asked for, "
        "li 120 s busy, 30 s idle, missed it 2×, "
        "ma 0 s busy, 9 s idle, of the branch, penalty 5, score 1.5/-2; "
        "passed over wu (lacks skill english)"
    )


# ------------------------------------------------------------------ what else happens to calls


def words_of(lines: list[Line]) -> dict[str, str]:
    """What was told, the last of each word."""
    return {line.what: line.detail for line in lines}


def test_every_line_is_a_kind_with_its_particulars(tmp_path: Path) -> None:
    """A page words them itself: a stable word, and names and numbers as texts; candidates as a list."""
    scene = Scene(("li", "wu"))
    scene.queued()
    lines = story(scene.journal(tmp_path / "j.db"), "S1")
    assert all(line.kind == line.what.replace(" ", "_") for line in lines)
    (offered,) = [line for line in lines if line.kind == "offered"]
    candidates = json.loads(offered.params["candidates"])
    assert {c["agent"] for c in candidates} == {"li", "wu"}
    assert {k: v for k, v in offered.params.items() if k != "candidates"} == {
        "offer": "o1",
        "agent": "li",
        "queue": "sales",
        "strategy": "least_busy",
        "priority": "10.0",
        "waited_s": "0.0",
        "ahead_of": "0",
    }
    (arrived,) = [line for line in lines if line.kind == "arrived"]
    assert arrived.params == {"caller": "+8613800000001", "dialled": "95588"}
    assert all(isinstance(value, str) for line in lines for value in line.params.values())


def test_who_was_passed_over_and_why(tmp_path: Path) -> None:
    """Also those whom the floor did not ask."""
    scene = Scene(("li", "wu"))
    scene.tell(AgentPaused(AgentId("wu"), "lunch"))
    scene.queued()
    (offered,) = [line for line in story(scene.journal(tmp_path / "j.db"), "S1") if line.kind == "offered"]
    assert "passed over wu (" in offered.detail
    (wu,) = [c for c in json.loads(offered.params["candidates"]) if c["agent"] == "wu"]
    assert wu["filtered"]


def test_the_story_of_a_caller_who_is_called_back(tmp_path: Path) -> None:
    """The promise stands in both stories; the callback's own tells each attempt."""
    scene = Scene(
        ("li",),
        recipe=(Step((), (Operation("announce", "Thank you."), Operation("offer_callback"))),),
        callback=CallbackRules(quiet=("00:00", "00:00"), attempts=2, retry_s=60),
    )
    scene.phones["li"].vanish()
    caller = scene.queued()
    scene.run(3)
    caller.press("1")
    scene.run(10)
    scene.phones["li"].register()
    for _ in range(2):
        scene.run(1)
        scene.phones["li"].answer()
        scene.run(61)
    path = scene.journal(tmp_path / "j.db")
    first, back = story(path, "S1"), story(path, "S1-back")
    told = words_of(first)
    assert told["announced"] == "Thank you."
    assert told["callback proposed"].startswith("at position 1")
    assert told["callback kept"] == "as S1-back for +8613800000001 in queue sales"
    assert told["finished"] == "callback, ended by flow"
    assert [line.kind for line in back if line.kind != "phase"] == [
        "callback_kept",
        *["offered", "leg_answered", "dialled", "leg_ended", "not_reached", "wrapped_up", "leg_ended"],
        *["offered", "leg_answered", "dialled", "leg_ended", "not_reached", "wrapped_up"],
        *["callback_over", "finished", "leg_ended"],
    ]
    assert words_of(back)["callback over"] == "gave_up"
    assert words_of(back)["finished"] == "not_reached, ended by platform"


def test_the_story_of_a_caller_who_is_handed_on(tmp_path: Path) -> None:
    """By whom and to whom; where they overflowed to, their priority, who picked up, who wrapped up."""
    scene = Scene(
        ("li", "yu"),
        more={"loans": ("yu",)},
        pullers=("yu",),
        wrap_up_s=5,
        recipe=(Step((Condition("wait", ">=", 3.0),), (Operation("to_queue", "loans"),)),),
    )
    for phone in scene.phones.values():
        phone.vanish()
    scene.queued()
    scene.tell(CallPrioritised(S1, 40.0, "boss"))
    scene.run(5)
    scene.phones["yu"].register()
    scene.run(1)
    scene.phones["yu"].answer()
    scene.run(1)
    scene.phones["li"].register()
    scene.tell(TransferAsked(AgentId("yu"), S1, "queue", "sales"))
    scene.run(6)
    scene.tell(PickUpAsked(AgentId("yu"), S1))
    scene.run(1)
    scene.at_home("+861082345678")
    scene.tell(TransferAsked(AgentId("yu"), S1, "number", "+861082345678"))
    scene.run(1)
    scene.at_home("+861082345678").answer()
    scene.run(5)
    scene.at_home("+861082345678").hang_up()
    scene.run(10)
    lines = story(scene.journal(tmp_path / "j.db"), "S1")
    told = words_of(lines)
    assert told["priority"] == "from 40 on, by boss"
    assert told["overflowed"] == "from queue sales to queue loans"
    assert [line.detail for line in lines if line.what == "transfer"] == [
        "by yu to queue sales",
        "by yu to number +861082345678",
    ]
    assert told["picked up"] == "by yu"
    assert told["dialled"] == "+861082345678"
    assert told["finished"] == "transferred, ended by outside, handed to +861082345678"
    assert [line.detail for line in lines if line.what == "wrapped up"] == ["by yu: 5.0 s"] * 2
    assert told["rescinded"] == "from li: picked_up"


def test_the_story_of_a_call_an_agent_dialled(tmp_path: Path) -> None:
    """From their wish on."""
    scene = Scene(("li",))
    scene.at_home("+8613900000009")
    scene.tell(DialAsked(AgentId("li"), CallId("D1"), "+8613900000009"))
    scene.run(61)
    lines = story(scene.journal(tmp_path / "j.db"), "D1")
    assert lines[0].detail == "+8613900000009 by li"
    assert lines[1].detail.startswith("to li: dialled, priority ")
    assert words_of(lines)["finished"] == "not_reached, ended by platform"


def test_what_a_supervisor_wanted_and_did_not_get(tmp_path: Path) -> None:
    """The wish, and why it meant nothing."""
    scene = Scene(("li",), answers_after_s=1)
    scene.queued()
    scene.run(5)
    scene.tell(CallAssigned(S1, AgentId("li"), "boss"))
    lines = story(scene.journal(tmp_path / "j.db"), "S1")
    assert [line.kind for line in lines[-2:]] == ["assigned", "ignored"]
    assert lines[-1].params["fact"] == "CallAssigned"


def test_a_late_name_is_told_with_the_priority_it_brings(tmp_path: Path) -> None:
    """From the records to the place in the queue."""
    scene = Scene(("li",))
    scene.floor._look_up = lambda question: CallerIdentified(question.call, "failed")
    scene.queued()
    gold = CallerIdentified(S1, "one", CustomerId("k"), "Wu", TierId("gold"), 50.0)
    scene.tell(gold)
    lines = story(scene.journal(tmp_path / "j.db"), "S1")
    assert words_of(lines)["priority"] == "from 50 on, tier gold"
