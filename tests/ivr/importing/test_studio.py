"""Twilio Studio, widget by widget."""

from typing import Any

import pytest

from domain.flow import Ask, Enqueue, HandOver, Say, TakeMessage
from ivr.importing import FlowImportError, import_flow
from ivr.nodes.branch import Case, Condition
from tests.ivr.caller import Caller
from tests.ivr.importing.exports import Json, flow_of, made_of, remarks, studio, widget

SYSTEM = "twilio-studio"


def node_of(*widgets: Json) -> Any:
    """What became of the first widget."""
    flow = flow_of(studio(*widgets), SYSTEM)
    return flow.nodes[flow.entry]


CLINIC = studio(
    widget("set", "set-variables", {"next": "ask"}, variables=[{"key": "clinic", "value": "North"}]),
    widget(
        "ask",
        "gather-input-on-call",
        {"keypress": "which", "speech": "which", "timeout": "bye"},
        say="Welcome to {{flow.variables.clinic}}. Press 1 or 2.",
        number_of_digits=1,
        timeout=4,
        loop=2,
        finish_on_key="#",
    ),
    widget(
        "which",
        "split-based-on",
        {"noMatch": "ask"},
        input="{{widgets.ask.Digits}}",
        tests=[
            ("equal_to", "1", "{{widgets.ask.Digits}}", "line"),
            ("equal_to", "2", "{{widgets.ask.Digits}}", "look"),
        ],
    ),
    widget("line", "enqueue-call", {"callComplete": "", "failedToEnqueue": "voicemail"}, queue_name="Nurses"),
    widget(
        "look",
        "make-http-request",
        {"success": "tell", "failed": "bye"},
        method="POST",
        url="https://clinic.example/next?day={{flow.variables.day}}",
        content_type="application/json;charset=utf-8",
        body='{"caller": "{{trigger.call.From}}", "kind": ["a", 1, true, null]}',
        timeout=9,
    ),
    widget(
        "tell",
        "say-play",
        {"audioComplete": "bye"},
        say="Your next visit is on {{widgets.look.parsed.visits[0].day | upcase}}.",
        language="en-GB",
    ),
    widget("voicemail", "record-voicemail", {"recordingComplete": "bye", "noAudio": ""}, max_length=60),
    widget("bye", "say-play", say="Au revoir", language="fr-FR", voice="Polly.Celine"),
)


def test_a_call_walks_through_what_was_a_flow_there() -> None:
    """It asks twice, looks up and tells, queues and takes a message as it did."""
    flow = flow_of(CLINIC, SYSTEM)
    caller = Caller(flow, day="5 May")
    assert caller.intents[-1].prompts[0].text == "Welcome to North. Press 1 or 2."
    caller.listens()
    caller.waits(5)
    assert caller.intents[-1].prompts[0].text == "Welcome to North. Press 1 or 2."
    caller.listens()
    caller.presses("3")
    caller.listens()
    caller.presses("2")
    (asked,) = [intent for intent in caller.intents if isinstance(intent, Ask)]
    assert asked.parameters["url"] == "https://clinic.example/next?day=5%20May"
    assert asked.parameters["result.look_visits_0_day"] == "visits.0.day?"
    caller.is_answered(look_visits_0_day="Monday")
    assert caller.intents[-1].prompts[0].text == "Your next visit is on Monday."
    caller.listens()
    said = caller.last(Say)
    assert (said.prompts[0].text, said.prompts[0].language) == ("Au revoir", "fr")  # type: ignore[union-attr]


def test_who_waits_in_vain_may_leave_a_message() -> None:
    """The queue gives the call back where it failed to enqueue."""
    caller = Caller(flow_of(CLINIC, SYSTEM))
    caller.listens()
    caller.presses("1")
    queued = caller.intents[-1]
    assert isinstance(queued, Enqueue) and queued.queue == "nurses"
    caller.comes_back("nurses", "no_agents")
    caller.listens()
    (message,) = [intent for intent in caller.intents if isinstance(intent, TakeMessage)]
    assert message.max_s == 60


def test_all_of_it_is_counted() -> None:
    """The trigger needs no node; what callers say in words is lost."""
    imported = made_of(CLINIC, SYSTEM)
    assert imported.summary() == "9 of 9 nodes mapped (100 %), 1 of them partly, 1 needed no node of ours"
    assert "spoken answers are not understood" in remarks(imported)
    assert imported.needs == {"queues": ("nurses",)}
    assert "  # gather-input-on-call ask\n  #   spoken answers are not understood\n  ask:\n" in imported.text


@pytest.mark.parametrize(
    ("type", "value", "looked_at", "case"),
    [
        ("equal_to", "1", "{{flow.variables.x}}", Case("x", "is", "1", "1")),
        ("not_equal_to", "a", "{{flow.variables.x}}", Case("x", "is_not", "a", "a")),
        ("matches_any_of", "a, b", "{{flow.variables.x}}", Case("x", "in", ("a", "b"), "a-b")),
        ("does_not_match_any_of", "a,b", "{{flow.variables.x}}", Case("x", "not_in", ("a", "b"), "a-b")),
        ("less_than", "5", "{{flow.variables.x}}", Case("x", "less", 5, "5")),
        ("greater_than", "5.5", "{{flow.variables.x}}", Case("x", "more", 5.5, "5-5")),
        ("starts_with", "a", "{{flow.variables.x}}", Case("x", "starts_with", "a", "a")),
        ("is_blank", "", "{{flow.variables.x}}", Case("x", "not_set", "", "is-blank")),
        ("is_not_blank", "", "{{flow.variables.x}}", Case("x", "set", "", "is-not-blank")),
    ],
)
def test_comparisons_are_cases(type: str, value: str, looked_at: str, case: Case) -> None:
    """As data, where our cases have the same."""
    node = node_of(
        widget("a", "split-based-on", {"noMatch": ""}, tests=[(type, value, looked_at, "b")]),
        widget("b", "say-play", say="B"),
    )
    assert node.cases == (case,)
    assert node.exits == {case.exit: "b", "otherwise": "end", "failed": "end"}


@pytest.mark.parametrize(
    ("type", "value", "holds", "fails"),
    [
        ("contains", "it's", "so it's so", "no"),
        ("does_not_contain", "x", "no", "xx"),
        ("does_not_start_with", "x", "no", "xx"),
        ("regex", "^[0-9]{3}$", "123", "1234"),
        ("equal_to", "yes", "YES", "no"),
        ("not_equal_to", "yes", "no", "YES"),
        ("matches_any_of", "yes,ja", "JA", "no"),
        ("starts_with", "y", "Yes", "no"),
    ],
)
def test_the_others_are_expressions(type: str, value: str, holds: str, fails: str) -> None:
    """And so are those that look at a text in small letters."""
    looked_at = "{{flow.variables.x | strip | downcase}}"
    node = node_of(widget("a", "split-based-on", {"noMatch": ""}, tests=[(type, value, looked_at, "a")]))
    (case,) = node.cases
    assert isinstance(case, Condition)
    assert (case.holds({"x": holds}), case.holds({"x": fails})) == (True, False)


@pytest.mark.parametrize(("type", "value"), [("regex", "(a+)+"), ("is_before_time", "9"), ("less_than", "x")])
def test_what_cannot_be_compared_never_holds_and_is_told(type: str, value: str) -> None:
    """Its way stays in the flow."""
    export = studio(
        widget("a", "split-based-on", {"noMatch": ""}, tests=[(type, value, "{{flow.variables.x}}", "b")]),
        widget("b", "say-play", say="B"),
    )
    assert "b" in flow_of(export, SYSTEM).nodes
    assert made_of(export, SYSTEM).steps[1].remarks == (f"it never holds here: {type} {value}",)


def test_sums_are_worked_out() -> None:
    """A counter counts, and text is text."""
    node = node_of(
        widget(
            "a",
            "set-variables",
            {"next": ""},
            variables=[
                {"key": "tries", "value": "{{flow.variables.tries | plus: 1}}"},
                {"key": "low", "value": "{{widgets.b.SpeechResult | downcase}}"},
                {"key": "said", "value": "{{flow.data.who | default: 'you'}} = {x}"},
                {"key": "equal", "value": "= 1"},
                {"key": "caller", "value": "no"},
            ],
        )
    )
    assert node.values["said"] == "{who} = (x)"
    assert node.values["equal"] == " = 1"
    assert node.values["tries"].value({"tries": 2}) == 3
    assert node.values["tries"].value({}) == 1
    assert node.values["low"].value({"b_SpeechResult": "YES"}) == "yes"
    assert node.values["caller_"] == "no"


def test_a_request_whose_ways_depend_on_the_answer_is_followed_by_a_branch() -> None:
    """Which takes the first that holds, else the plain way."""
    export = studio(
        {
            **widget(
                "a",
                "make-http-request",
                {"success": "no", "failed": ""},
                url="https://x.example/",
                method="GET",
            ),
        },
        widget("yes", "say-play", say="Yes"),
        widget("no", "say-play", say="No"),
    )
    export["states"][1]["transitions"].insert(
        0,
        {
            "event": "success",
            "next": "yes",
            "conditions": [{"type": "equal_to", "value": "true", "variable": "{{widgets.a.parsed.ok}}"}],
        },
    )
    flow = flow_of(export, SYSTEM)
    for answer, said in ((True, "Yes"), (False, "No")):
        caller = Caller(flow)
        caller.is_answered(a_ok=answer)
        assert caller.intents[-1].prompts[0].text == said


def test_parameters_of_a_request_go_where_its_method_wants_them() -> None:
    """Into the address, or as JSON; a form is told."""
    parameters = [{"key": "from", "value": "{{contact.channel.address}}"}]
    common = {
        "url": "https://x.example/a",
        "parameters": parameters,
        "content_type": "application/x-www-form-urlencoded",
    }
    get = node_of(widget("a", "make-http-request", method="GET", **common))
    assert (get.query, get.body) == ({"from": "{caller}"}, None)
    export = studio(widget("a", "make-http-request", method="POST", **common))
    post: Any = flow_of(export, SYSTEM).nodes["a"]
    assert post.body == {"from": "{caller}"}
    assert "it sent a form; here it is JSON" in remarks(made_of(export, SYSTEM))


def test_numbers_are_dialled_messages_sent_and_flows_called() -> None:
    """As far as they are not decided in the call."""
    dial = widget("a", "connect-call-to", {"callCompleted": ""}, noun="number", to="+1 (800) 555", timeout=30)
    caller = Caller(flow_of(studio(dial), SYSTEM))
    assert isinstance(caller.intents[-1], HandOver) and caller.intents[-1].number == "+1800555"
    sms = node_of(
        widget(
            "a",
            "send-message",
            {"sent": ""},
            to="{{contact.channel.address}}",
            body="Hi {{flow.variables.x}}",
        )
    )
    assert (sms.TYPE, sms.to, sms.text) == ("message", "{caller}", {"en": "Hi {x}"})
    sub = widget(
        "a",
        "run-subflow",
        {"completed": "", "failed": ""},
        flow_sid="FW1",
        parameters=[{"key": "name", "value": "Ada"}],
    )
    flow = flow_of(studio(sub), SYSTEM)
    assert [node.TYPE for node in flow.nodes.values()] == ["set", "subflow", "hang_up"]


def test_a_text_said_several_times_is_said_several_times() -> None:
    """And a recording is a sound of its name."""
    assert [p.text for p in node_of(widget("a", "say-play", say="Ho", loop=3)).prompts["en"]] == ["Ho"] * 3
    node = node_of(widget("a", "say-play", play="https://x.example/jingle%20bells.mp3?x=1"))
    assert node.prompts["en"][0].name == "jingle-20bells"


@pytest.mark.parametrize(
    "made",
    [
        widget("a", "run-function", {"success": "b", "fail": ""}, url="https://x.example/"),
        widget("a", "capture-payments", {"success": "b"}),
        widget("a", "add-twiml-redirect", {"return": "b", "fail": "b"}),
        widget("a", "send-and-wait-for-reply", {"incomingMessage": "b", "timeout": ""}, body="Hi"),
        widget("a", "gather-input-on-call", {"speech": "b"}, say="Tell us"),
        widget("a", "say-play", {"audioComplete": "b"}, say="{% if flow.variables.x %}Hi{% endif %}"),
        widget("a", "say-play", {"audioComplete": "b"}, say="{{ 'now' | date: '%Y' }}"),
        widget("a", "say-play", {"audioComplete": "b"}, play="{{flow.variables.file}}"),
        widget("a", "say-play", {"audioComplete": "b"}, digits="1w2"),
        widget("a", "split-based-on", {"noMatch": "b"}, tests=[("equal_to", "1", "constant", "b")]),
        widget("a", "connect-call-to", {"callCompleted": "b"}, noun="client", to="x"),
        widget(
            "a", "make-http-request", {"success": "b"}, url="https://{{flow.variables.host}}/x", method="GET"
        ),
        widget(
            "a", "make-http-request", {"success": "b"}, url="https://x.example/", method="POST", body="a=b"
        ),
        widget("a", "send-message", {"sent": "b"}, body="", content_sid="HX1"),
        widget("a", "run-subflow", {"completed": "b"}, flow_sid=""),
    ],
    ids=lambda made: str(made["type"]),
)
def test_what_we_do_not_have_is_a_placeholder_with_its_ways(made: Json) -> None:
    """The reason stands at it; what follows it is still there."""
    export = studio(made, widget("b", "say-play", say="B"))
    flow = flow_of(export, SYSTEM)
    assert flow.nodes["a"].TYPE == "placeholder"
    assert "b" in flow.nodes
    assert made_of(export, SYSTEM).steps[1].remarks[0].startswith("placeholder: ")


def test_a_flow_for_messages_begins_where_a_message_did() -> None:
    """It is told; what only messages come to in a flow for calls is left out."""
    export = studio(widget("a", "say-play", say="A"), widget("b", "send-message", body="B"))
    export["states"][0]["transitions"] = [{"event": "incomingMessage", "next": "b"}]
    imported = made_of(export, SYSTEM)
    assert "the flow was for messages: a call begins where a message did" in remarks(imported)
    assert [step.fate for step in imported.steps] == ["unneeded", "unreached", "mapped"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "this is no flow of Twilio Studio: it has no states"),
        ('{"states": []}', "the flow begins at no widget, which is not in the file"),
        ('{"states": [{"name": "a"}], "initial_state": "b"}', "the flow begins at b"),
        ('{"definition": {"states": [], "initial_state": "b"}}', "the flow begins at b"),
    ],
)
def test_what_is_no_export_is_refused_with_the_reason(text: str, said: str) -> None:
    """In a sentence."""
    with pytest.raises(FlowImportError, match=said):
        import_flow(text, SYSTEM, "x")
