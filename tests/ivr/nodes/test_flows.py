"""``subflow``, ``go`` and ``return``: from one flow into another, and back to where it came from."""

from domain.flow import FlowStarted
from ivr.flow import Flow
from ivr.load import load_flow
from ivr.machine import Session
from ivr.walk import MOST_FLOWS, Context
from tests.ivr.caller import CALL, START, Caller
from tests.ivr.flows import HEAD, small_flow

MAIN = """
start: {type: subflow, flow: identify, exits: {done: hello, nobody: bye, failed: lost}}
hello: {type: say, prompts: {en: "Hello {who}", zh-CN: 您好}, next: end}
bye: {type: say, prompts: {en: Who are you, zh-CN: 您是谁}, next: end}
lost: {type: say, prompts: {en: Lost, zh-CN: 失败}, next: end}
"""


def flow(name: str, nodes: str, version: int = 1, **more: str) -> Flow:
    """Another flow."""
    head = HEAD.replace("flow: small", f"flow: {name}").replace("version: 1", f"version: {version}")
    lines = "".join(f"{key}: {value}\n" for key, value in more.items())
    body = "".join(f"  {line}\n" for line in nodes.strip().splitlines())
    return load_flow(f"{head}{lines}nodes:\n{body}", f"{name}.yaml")


IDENTIFY = flow(
    "identify",
    """
start: {type: menu, prompts: {en: "Press 1", zh-CN: 按 1}, exits: {1: ada, no_input: nobody, no_match: odd}}
ada: {type: set, values: {who: Ada}, next: found}
found: {type: return}
nobody: {type: return, exit: nobody}
odd: {type: return, exit: odd}
""",
)


def test_a_flow_is_walked_through_and_left_by_the_exit_it_names() -> None:
    """With what was set there, from a session restored at every step."""
    caller = Caller(small_flow(MAIN), others=(IDENTIFY,))
    assert caller.session.state.flow == "identify"
    assert caller.presses("1") == ["hushes", "says: Hello Ada"]
    assert (caller.session.state.flow, caller.session.state.stack) == ("small", [])
    silent = Caller(small_flow(MAIN), others=(IDENTIFY,))
    silent.waits(2000)
    assert silent.path == ["start", "start", "nobody", "bye", "end"]


def test_an_exit_the_caller_does_not_have_is_trouble_there() -> None:
    """Of the node that called: its ``failed`` exit."""
    caller = Caller(small_flow(MAIN.replace("failed: lost", "failed: end, done2: lost")), others=(IDENTIFY,))
    caller.presses("888")
    assert caller.path[-2:] == ["odd", "end"]
    assert caller.session.state.trouble == "start: exit odd leads nowhere"


def test_a_flow_that_fails_fails_the_node_that_called_it() -> None:
    """After its own ``failed`` exits and its own handler; and so on, outwards."""
    broken = flow(
        "identify", "start: {type: hours, calendar: gone, exits: {open: x, closed: x}}\nx: {type: return}"
    )
    caller = Caller(small_flow(MAIN), others=(broken,))
    assert caller.last_prompts() == ["Lost"]
    assert caller.session.state.flow == "small"
    handled = flow(
        "identify",
        """
start: {type: hours, calendar: gone, exits: {open: x, closed: x}}
x: {type: return, exit: nobody}
""",
        on_error="x",
    )
    assert Caller(small_flow(MAIN), others=(handled,)).last_prompts() == ["Who are you"]
    nowhere = Caller(
        small_flow("start: {type: subflow, flow: identify, exits: {done: end}}"), others=(broken,)
    )
    assert nowhere.path[-1] == "$apology"


def test_a_flow_nobody_knows_is_trouble() -> None:
    """For ``subflow`` and for ``go``; and so is a return without a call."""
    assert Caller(small_flow(MAIN)).last_prompts() == ["Lost"]
    for node in ("{type: go, flow: gone, exits: {failed: end}}", "{type: return, exits: {failed: end}}"):
        assert Caller(small_flow(f"start: {node}")).path == ["start", "end"]


def test_go_is_for_good() -> None:
    """Also out of a flow that was called."""
    gone = flow("identify", "start: {type: go, flow: other}")
    other = flow(
        "other",
        """
start: {type: say, prompts: {en: Other, zh-CN: 别的}, next: back}
back: {type: return, exits: {failed: end}}
end: {type: hang_up}
""",
    )
    caller = Caller(small_flow(MAIN), others=(gone, other))
    assert caller.last_prompts() == ["Other"]
    assert caller.session.state.stack == []
    assert caller.listens() == ["hangs up: self_served"]


def test_flows_that_call_one_another_for_ever_are_stopped() -> None:
    """At the eighth; the trouble goes all the way back out, and the caller is served."""
    again = flow(
        "identify", "start: {type: subflow, flow: identify, exits: {done: end}}\nend: {type: return}"
    )
    caller = Caller(small_flow(MAIN), others=(again,))
    assert caller.last_prompts() == ["Lost"]
    assert caller.path == ["start"] * MOST_FLOWS + ["lost"]


def test_a_call_comes_back_to_the_version_it_left() -> None:
    """Though another was published meanwhile; a flow it enters is the newest."""
    old = small_flow(MAIN)
    new = flow(
        "small", MAIN.replace("Hello", "Welcome").replace("end}", "bye2}") + "bye2: {type: hang_up}", 2
    )
    later = flow("identify", "start: {type: return, exit: nobody}", 2)
    versions = {("small", 1): old, ("small", 2): new, ("identify", 1): IDENTIFY, ("identify", 2): later}
    newest = {"small": old, "identify": IDENTIFY}
    context = Context(flows=newest.get, versions=lambda name, version: versions.get((name, version)))
    caller = Caller(old, restoring=False)
    caller.session = Session.start(old, CALL, "1", "2", START, context)
    caller.hears(FlowStarted(CALL))
    newest.update(small=new, identify=later)
    assert caller.presses("1")[-1] == "says: Hello Ada"
    assert caller.session.state.version == 1


def test_a_flow_that_is_gone_when_its_call_comes_back_is_trouble() -> None:
    """There is still the apology."""
    flows = {"small": small_flow(MAIN), "identify": IDENTIFY}
    caller = Caller(flows["small"], restoring=False)
    caller.session = Session.start(flows["small"], CALL, "1", "2", START, Context(flows=flows.get))
    caller.hears(FlowStarted(CALL))
    del flows["small"]
    assert caller.presses("1")[-1].startswith("says: Sorry, something went wrong on our side.")


def test_flows_that_are_called_are_named() -> None:
    """So that a checker can look for them."""
    nodes = {**small_flow(MAIN).nodes, **flow("x", "start: {type: go, flow: other}").nodes}
    assert nodes["start"].names() == (("flow", "other"),)
    assert small_flow(MAIN).nodes["start"].names() == (("flow", "identify"),)
