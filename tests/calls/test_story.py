"""``callfloor why``: what happened to a call, with the reasons, and nothing of other calls."""

from pathlib import Path

from calls.story import explain, story
from domain.desk import CallNoted, WrapUpEnded
from domain.floor import Candidate, Why
from domain.ids import AgentId, CallId
from tests.calls.floor import Scene


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
    assert "considered li 0 s busy, 1 s idle, wu 0 s busy, 1 s idle" in offers[0]
    assert offers[1].startswith(f"to {second} in queue sales: ")
    assert f"considered {second} 0 s busy, 16 s idle, {first} 0 s busy" in offers[1]
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
        Candidate(AgentId("wu"), "lacks skill english"),
    )
    assert explain(Why("least_busy", 15.0, 12.34, 3, candidates)) == (
        "least_busy, priority 15.0 after 12.3 s, ahead of 3; considered yu 300 s busy, 5 s idle, asked for, "
        "li 120 s busy, 30 s idle, missed it 2×; "
        "passed over wu (lacks skill english)"
    )
