"""The older form of Amazon Connect's exports says the same."""

from typing import Any

import pytest

from domain.flow import Enqueue
from tests.ivr.caller import Caller
from tests.ivr.importing.exports import Json, flow_of, made_of, module, modules, remarks

SYSTEM = "amazon-connect"
END = module("end", "Disconnect")


def value(name: str, value: Any, namespace: str | None = None, **more: Any) -> Json:
    return {"name": name, "value": value, "namespace": namespace, **more}


def text(said: str, namespace: str | None = None) -> tuple[Json, Json]:
    return value("Text", said, namespace), value("TextToSpeechType", "text")


def node_of(*listed: Json) -> Any:
    """What became of the first module."""
    flow = flow_of(modules(*listed, END), SYSTEM)
    return flow.nodes[flow.entry]


HOTEL = modules(
    module("log", "SetLoggingBehavior", value("LoggingBehavior", "Enable"), Success="voice"),
    module("voice", "SetVoice", value("GlobalVoice", "Miguel"), Success="attributes"),
    module(
        "attributes",
        "SetAttributes",
        value("Attribute", "Customer Number", "System", key="from"),
        value("Attribute", "gold", key="tier"),
        Success="queue",
        Error="queue",
    ),
    module("queue", "SetQueue", value("Queue", "", resourceName="Front Desk"), Success="ask", Error="bye"),
    module(
        "ask",
        "GetUserInput",
        *text("Pulse 1 o 2."),
        value("Timeout", "6"),
        value("MaxDigits", "1"),
        target="Digits",
        Timeout="bye",
        NoMatch="bye",
        Error="bye",
    ),
    module(
        "room",
        "StoreUserInput",
        *text("Room?"),
        value("CustomerInputType", "Custom"),
        value("Timeout", "5"),
        value("MaxDigits", 4),
        value("EncryptEntry", True),
        Success="look",
        Error="bye",
    ),
    module(
        "look",
        "CheckAttribute",
        value("Attribute", "Stored customer input"),
        value("Namespace", "System"),
        NoMatch="in",
    ),
    module("in", "Transfer", target="Queue", AtCapacity="bye", Error="bye"),
    module("bye", "PlayPrompt", *text("Hasta luego, $.Attributes.from"), Success="end"),
    END,
)
HOTEL["modules"][4]["branches"] += [
    {"condition": "Evaluate", "conditionType": "Equals", "conditionValue": "1", "transition": "room"},
    {"condition": "Evaluate", "conditionType": "Equals", "conditionValue": "2", "transition": "in"},
]
HOTEL["modules"][6]["branches"] += [
    {"condition": "Evaluate", "conditionType": "GreaterThan", "conditionValue": "500", "transition": "bye"}
]


def test_a_call_walks_through_it() -> None:
    """As through the newer form."""
    flow = flow_of(HOTEL, SYSTEM)
    assert flow.languages == ("es",)
    caller = Caller(flow, number="+34")
    caller.listens()
    caller.presses("1")
    caller.listens()
    caller.presses("123")
    caller.waits(6)
    queued = caller.intents[-1]
    assert isinstance(queued, Enqueue) and queued.queue == "front-desk"
    caller = Caller(flow, number="+34")
    caller.listens()
    caller.presses("1")
    caller.listens()
    caller.presses("7777")
    assert caller.intents[-1].prompts[0].text == "Hasta luego, +34"
    variables = caller.session.state.variables
    assert (variables["stored_input"], variables["tier_"]) == ("7777", "gold")


def test_everything_is_counted_under_its_old_name() -> None:
    """And told where it was encrypted."""
    imported = made_of(HOTEL, SYSTEM)
    assert imported.summary() == "10 of 10 nodes mapped (100 %), 1 of them partly, 2 needed no node of ours"
    assert [step.origin for step in imported.steps][:3] == [
        "SetLoggingBehavior log",
        "SetVoice voice",
        "SetAttributes attributes",
    ]
    assert "it was encrypted: see sensitive in the page on flows" in remarks(imported)


@pytest.mark.parametrize(
    ("listed", "type"),
    [
        (
            module("a", "InvokeExternalResource", value("FunctionArn", "x"), target="Lambda", Success="end"),
            "placeholder",
        ),
        (module("a", "Loop", value("LoopCount", "3"), Looping="end", Complete="end"), "loop"),
        (module("a", "Wait", value("TimeoutSeconds", "20"), Timeout="end"), "say"),
        (module("a", "CheckHoursOfOperation", value("Hours", "h"), True_="end"), "hours"),
        (
            module("a", "Transfer", value("PhoneNumber", "Phone", "External"), target="PhoneNumber"),
            "transfer",
        ),
        (module("a", "Transfer", value("ContactFlowId", "", resourceName="Other"), target="Flow"), "go"),
        (module("a", "Transfer", target="Task", Success="end"), "placeholder"),
        (module("a", "GetUserInput", *text("Say it"), target="Lex", Success="end"), "placeholder"),
        (
            module(
                "a", "PlayPrompt", value("AudioPrompt", "arn:x/y", resourceName="Jazz.wav"), Success="end"
            ),
            "say",
        ),
        (module("a", "PlayPrompt", *text("GREETING", "User Defined"), Success="end"), "say"),
        (
            module("a", "CheckAttribute", value("Attribute", "x"), value("Namespace", "User Defined")),
            "branch",
        ),
        (module("a", "SetRecordingBehavior", Success="end"), "placeholder"),
        (module("a", "Resume"), "hang_up"),
        (module("a", "Unheard", value("x", "y"), Success="end"), "placeholder"),
    ],
)
def test_each_type_becomes_what_the_newer_one_becomes(listed: Json, type: str) -> None:
    """Unknown ones are placeholders under the name they have."""
    assert type == node_of(listed).TYPE


def test_agents_on_duty_are_asked_for_by_yes_and_no() -> None:
    """As the newer form asks for a number."""
    flow = flow_of(
        modules(
            module("q", "SetQueue", value("Queue", "x/Sales"), Success="a"),
            module("a", "CheckStaffing", value("Status", "Staffed"), True_="in", False_="end", Error="end"),
            module("in", "Transfer", target="Queue", Error="end"),
            END,
        ),
        SYSTEM,
    )
    flow_text = flow.nodes["a"]
    assert flow_text.TYPE == "queue_state"
    assert isinstance(Caller(flow, queues={"sales": (0, None, 0, 1)}).intents[-1], Enqueue)
