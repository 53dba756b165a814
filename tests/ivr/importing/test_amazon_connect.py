"""The flow language of Amazon Connect, action by action."""

import json
from typing import Any

import pytest

from domain.flow import EndCall, Enqueue, HandOver, Say
from ivr.importing import FlowImportError, import_flow
from ivr.nodes.branch import Case, Condition
from tests.ivr.caller import Caller
from tests.ivr.importing.exports import Json, action, connect, flow_of, made_of, remarks

SYSTEM = "amazon-connect"
ID = "11111111-2222-3333-4444-555555555555"
ARN = f"arn:aws:connect:eu-west-2:1:instance/{ID}"
END = action("end", "DisconnectParticipant")


def node_of(*actions: Json, metadata: Json | None = None) -> Any:
    """What became of the first action."""
    flow = flow_of(connect(*actions, END, metadata=metadata), SYSTEM)
    return flow.nodes[flow.entry]


def kinds(caller: Caller) -> list[str]:
    return [type(intent).__name__ for intent in caller.intents]


# ------------------------------------------------------------------ a whole flow


BANK = connect(
    action("log", "UpdateFlowLoggingBehavior", "voice", FlowLoggingBehavior="Enabled"),
    action("voice", "UpdateContactTextToSpeechVoice", "hello", TextToSpeechVoice="Joanna"),
    action("hello", "MessageParticipant", "sales", Text="Welcome, $.CustomerEndpoint.Address."),
    action(
        "sales", "UpdateContactTargetQueue", "hours", {"NoMatchingError": "sorry"}, QueueId=f"{ARN}/queue/q1"
    ),
    action(
        "hours",
        "CheckHoursOfOperation",
        "sorry",
        {"NoMatchingError": "sorry"},
        HoursOfOperationId=f"{ARN}/operating-hours/h1",
        ways={"True": "menu", "False": "sorry"},
    ),
    action(
        "menu",
        "GetParticipantInput",
        "sorry",
        {"InputTimeLimitExceeded": "sorry", "NoMatchingCondition": "again", "NoMatchingError": "sorry"},
        Text="Press 1 for an agent, 2 for your balance.",
        StoreInput="False",
        InputTimeLimitSeconds="7",
        ways={"1": "queue", "2": "card"},
    ),
    action("again", "Loop", LoopCount="2", ways={"ContinueLooping": "menu", "DoneLooping": "sorry"}),
    action(
        "card",
        "GetParticipantInput",
        "asked",
        {"NoMatchingError": "sorry"},
        SSML="<speak>Your <emphasis>card</emphasis><break time='2s'/>number</speak>",
        StoreInput="True",
        InputTimeLimitSeconds="5",
        InputValidation={"CustomValidation": {"MaximumLength": "4"}},
        DTMFConfiguration={"InputTerminationSequence": "*"},
    ),
    action(
        "asked",
        "Compare",
        errors={"NoMatchingCondition": "lambda"},
        ComparisonValue="$.StoredCustomerInput",
        ways={"Timeout": "sorry"},
    ),
    action(
        "lambda",
        "InvokeLambdaFunction",
        "told",
        {"NoMatchingError": "queue"},
        LambdaFunctionARN="arn:aws:lambda:balance",
        LambdaInvocationAttributes={"card": "$.StoredCustomerInput"},
    ),
    action("told", "MessageParticipant", "end", Text="It is $.External.balance"),
    action(
        "queue", "TransferContactToQueue", errors={"QueueAtCapacity": "sorry", "NoMatchingError": "sorry"}
    ),
    action("sorry", "MessageParticipant", "end", Text="Sorry."),
    END,
    metadata={
        "sales": {"parameters": {"QueueId": {"displayName": "Sales Team"}}},
        "hours": {"parameters": {"HoursOfOperationId": {"displayName": "Office Hours"}}},
    },
)


def test_a_call_walks_through_what_was_a_flow_there() -> None:
    """It says, asks, loops and queues as it did; what is missing takes its failure exit."""
    imported = made_of(BANK, SYSTEM)
    flow = flow_of(BANK, SYSTEM)
    caller = Caller(flow, {"office-hours": True}, number="+8613800000001")
    assert caller.intents[-1].prompts[0].text == "Welcome, +8613800000001."
    caller.listens()
    assert caller.intents[-1].prompts[0].text == "Press 1 for an agent, 2 for your balance."
    caller.listens()
    caller.presses("2")
    assert [getattr(p, "text", p) for p in caller.intents[-1].prompts][::2] == ["Your card", "number"]
    caller.listens()
    caller.presses("12*")
    (queued,) = [intent for intent in caller.intents if isinstance(intent, Enqueue)]
    assert queued.queue == "sales-team"
    assert caller.session.state.trouble == "lambda: it is not written yet; it was InvokeLambdaFunction lambda"
    assert imported.summary() == "13 of 14 nodes mapped (93 %), 2 needed no node of ours, placeholders: 1"
    assert imported.needs == {"queues": ("sales-team",), "calendars": ("office-hours",)}


def test_who_types_nothing_where_digits_are_kept_is_told_apart_as_there() -> None:
    """By the word Timeout."""
    caller = Caller(flow_of(BANK, SYSTEM), {"office-hours": True})
    caller.listens()
    caller.listens()
    caller.presses("2")
    caller.listens()
    caller.waits(6)
    assert caller.intents[-1].prompts[0].text == "Sorry."
    assert caller.session.state.variables["stored_input"] == "Timeout"


def test_wrong_keys_go_round_as_often_as_there() -> None:
    """Then the loop is done."""
    caller = Caller(flow_of(BANK, SYSTEM), {"office-hours": True})
    caller.listens()
    for _ in range(3):
        caller.listens()
        caller.presses("9")
    assert caller.intents[-1].prompts[0].text == "Sorry."


def test_the_text_reads_like_the_flow_it_came_from() -> None:
    """Every node says what it was; names come from the file; what is missing says what it did."""
    text = made_of(BANK, SYSTEM).text
    assert text.startswith("# Brought over from Amazon Connect: 13 of 14 nodes mapped (93 %)")
    assert "  # MessageParticipant sorry: Sorry.\n  sorry:\n    type: say\n" in text
    assert (
        "  # InvokeLambdaFunction lambda\n"
        "  #   placeholder: functions of theirs do not run here: ask by an http or a record node\n"
        "  #   LambdaFunctionARN: arn:aws:lambda:balance\n"
        "  #   it was given card: {stored_input}\n"
        "  lambda:\n"
        "    type: placeholder\n"
        "    was: InvokeLambdaFunction lambda\n"
        "    exits: {failed: queue, done: told}\n"
    ) in text


# ------------------------------------------------------------------ what is said


def test_recordings_become_sounds_of_the_name_they_have() -> None:
    """With a note; without a name the id serves."""
    say = action("a", "MessageParticipant", "end", PromptId=f"{ARN}/prompt/p1")
    named = node_of(say, metadata={"a": {"promptName": "Welcome Music.wav"}})
    assert named.prompts["en"][0].name == "welcome-music"
    assert node_of(say).prompts["en"][0].name == "p1"
    assert "record p1 anew, or take the file over" in remarks(made_of(connect(say, END), SYSTEM))


def test_a_recording_chosen_in_the_call_is_a_placeholder() -> None:
    """Our sounds have names."""
    node = node_of(action("a", "MessageParticipant", "end", PromptId="$.Attributes.prompt"))
    assert (node.TYPE, node.exits) == ("placeholder", {"failed": "end"})


def test_what_says_nothing_needs_no_node() -> None:
    """Nor does a voice where only one language is spoken."""
    imported = made_of(
        connect(
            action("a", "MessageParticipant", "b", Text=" "),
            action("b", "UpdateContactTextToSpeechVoice", "end", TextToSpeechVoice="Amy"),
            END,
        ),
        SYSTEM,
    )
    assert [step.fate for step in imported.steps] == ["unneeded", "unneeded", "mapped"]
    assert imported.share == 100


def test_voices_change_the_language_of_what_follows() -> None:
    """Each text may be spoken in each of them, as there."""
    flow = flow_of(
        connect(
            action("en", "UpdateContactTextToSpeechVoice", "es", TextToSpeechVoice="Joanna"),
            action("es", "UpdateContactTextToSpeechVoice", "code", TextToSpeechVoice="Mia"),
            action("code", "UpdateContactData", "say", LanguageCode="cmn-CN"),
            action("say", "MessageParticipant", "end", Text="Hola"),
            END,
        ),
        SYSTEM,
    )
    assert flow.languages == ("en", "es", "zh-CN")
    caller = Caller(flow)
    said = caller.intents[-1]
    assert isinstance(said, Say)
    assert (said.prompts[0].text, said.prompts[0].language) == ("Hola", "zh-CN")  # type: ignore[union-attr]


def test_an_unknown_voice_is_a_placeholder() -> None:
    """Nobody knows what it speaks."""
    node = node_of(action("a", "UpdateContactTextToSpeechVoice", "end", TextToSpeechVoice="Zaphod"))
    assert node.TYPE == "placeholder"


def test_a_short_wait_is_silence_and_a_long_one_a_placeholder() -> None:
    """In pieces of ten seconds."""
    node = node_of(action("a", "Wait", TimeLimitSeconds="25", ways={"WaitCompleted": "end"}))
    assert [tone.ms for tone in node.prompts["en"]] == [10_000, 10_000, 5_000]
    assert node_of(action("a", "Wait", "end", TimeLimitSeconds="900")).TYPE == "placeholder"


# ------------------------------------------------------------------ what is remembered and compared


def test_attributes_become_variables_of_our_own_names() -> None:
    """Theirs may have any letters, or names we have a use for."""
    flow = flow_of(
        connect(
            action(
                "a",
                "UpdateContactAttributes",
                "say",
                Attributes={
                    "Kunden-Nr": "7",
                    "kunden nr": "$.External.x.y",
                    "language": "Elvish",
                    "客户": "=1",
                },
            ),
            action(
                "say",
                "MessageParticipant",
                "end",
                Text="$.Attributes.Kunden-Nr and {braces} $.Attributes.客户",
            ),
            END,
        ),
        SYSTEM,
    )
    node: Any = flow.nodes["a"]
    assert node.values == {
        "Kunden_Nr": "7",
        "kunden_nr": "{external_x_y}",
        "language_": "Elvish",
        "value": " =1",
    }
    said: Any = flow.nodes["say"]
    assert said.prompts["en"][0].text == "{Kunden_Nr} and (braces) {value}"


@pytest.mark.parametrize(
    ("operator", "operand", "case"),
    [
        ("Equals", "x", Case("kind", "is", "x", "x")),
        ("NotEquals", "x", Case("kind", "is_not", "x", "x")),
        ("TextStartsWith", "x", Case("kind", "starts_with", "x", "x")),
        ("NumberGreaterThan", "5", Case("kind", "more", 5, "5")),
        ("NumberGreaterOrEqualTo", "5.5", Case("kind", "at_least", 5.5, "5-5")),
        ("NumberLessThan", "5", Case("kind", "less", 5, "5")),
        ("NumberLessOrEqualTo", "5", Case("kind", "at_most", 5, "5")),
    ],
)
def test_comparisons_are_cases(operator: str, operand: str, case: Case) -> None:
    """Where nothing can be compared the call goes where nothing matches."""
    node = node_of(
        action(
            "a",
            "Compare",
            errors={"NoMatchingCondition": "no"},
            ComparisonValue="$.Attributes.kind",
            ways={(operator, operand): "end"},
        ),
        action("no", "DisconnectParticipant"),
    )
    assert node.cases == (case,)
    assert node.exits == {case.exit: "end", "otherwise": "no", "failed": "no"}


@pytest.mark.parametrize(
    ("operator", "held", "not_held"), [("TextContains", "a-x'-b", "ab"), ("TextEndsWith", "ax'", "x'a")]
)
def test_parts_of_texts_are_looked_for_by_expressions(operator: str, held: str, not_held: str) -> None:
    """Whatever signs they have."""
    node = node_of(
        action("a", "Compare", "end", ComparisonValue="$.Attributes.kind", ways={(operator, "x'"): "end"})
    )
    (case,) = node.cases
    assert isinstance(case, Condition)
    assert (case.holds({"kind": held}), case.holds({"kind": not_held})) == (True, False)


def test_what_cannot_be_compared_never_holds_and_is_told() -> None:
    """Its way stays in the flow for whoever mends it."""
    export = connect(
        action(
            "a",
            "Compare",
            "end",
            ComparisonValue="$.Attributes.kind",
            ways={("NumberLessThan", "many"): "say", ("Sounds", "x"): "end"},
        ),
        action("say", "MessageParticipant", "end", Text="Few"),
        END,
    )
    imported = made_of(export, SYSTEM)
    assert remarks(imported) == [
        "it never holds here: NumberLessThan many",
        "it never holds here: Sounds x",
    ]
    assert imported.steps[0].fate == "partly"
    assert "say" in flow_of(export, SYSTEM).nodes


def test_what_is_the_same_in_every_call_is_set_at_the_start() -> None:
    """A call of ours is a call: the way of chats is not taken."""
    export = connect(
        action("a", "Compare", "voice", ComparisonValue="$.Channel", ways={"CHAT": "chat", "VOICE": "voice"}),
        action("chat", "MessageParticipant", "end", Text="Chat"),
        action("voice", "MessageParticipant", "end", Text="Voice"),
        END,
    )
    caller = Caller(flow_of(export, SYSTEM))
    assert caller.intents[-1].prompts[0].text == "Voice"


def test_what_is_no_variable_is_not_compared() -> None:
    """A placeholder keeps all its ways."""
    node = node_of(
        action("a", "Compare", "end", ComparisonValue="constant", ways={"1": "end", "$2": "say"}),
        action("say", "MessageParticipant", "end", Text="Hi"),
    )
    assert (node.TYPE, node.exits) == ("placeholder", {"failed": "end", "2": "say"})


def test_shares_are_those_between_rising_bounds() -> None:
    """A number from 1 to 100, as there."""
    node = node_of(
        action(
            "a",
            "DistributeByPercentage",
            errors={"NoMatchingCondition": "end"},
            ways={("NumberLessThan", "21"): "end", ("NumberLessThan", "61"): "say"},
        ),
        action("say", "MessageParticipant", "end", Text="Hi"),
    )
    assert node.parts == {"share_20": 20.0, "share_40": 40.0, "share_40_2": 40.0}
    assert [node.exits[exit] for exit in node.parts] == ["end", "say", "end"]


@pytest.mark.parametrize("count", ["$.Attributes.n", "", "many"])
def test_a_loop_without_a_number_is_a_placeholder(count: str) -> None:
    """It would have no bound."""
    ways = {"ContinueLooping": "end", "DoneLooping": "end"}
    assert node_of(action("a", "Loop", LoopCount=count, ways=ways)).TYPE == "placeholder"


# ------------------------------------------------------------------ where calls go


def queueing(*before: Json) -> Json:
    return connect(*before, action("queue", "TransferContactToQueue", errors={"NoMatchingError": "end"}), END)


def which(*ways: str) -> Json:
    return action(
        "a", "Compare", "queue", ComparisonValue="$.Attributes.kind", ways={way: way for way in ways}
    )


def test_the_queue_is_the_one_that_was_set_before() -> None:
    """On whichever way the call came; the default queue where none was."""
    export = queueing(
        which("Sales", "Service"),
        action("Sales", "UpdateContactTargetQueue", "queue", QueueId=f"{ARN}/queue/Sales"),
        action("Service", "UpdateContactTargetQueue", "queue", QueueId=f"{ARN}/queue/Service"),
    )
    flow = flow_of(export, SYSTEM)
    for kind, queue in (("Sales", "sales"), ("Service", "service"), ("", "default")):
        caller = Caller(flow, kind=kind)
        assert caller.intents[-1].queue == queue


def test_a_queue_decided_in_the_call_is_told() -> None:
    """Callers are queued all the same."""
    export = queueing(action("a", "UpdateContactTargetQueue", "queue", QueueId="$.Attributes.QueueArn"))
    imported = made_of(export, SYSTEM)
    assert [step.fate for step in imported.steps] == ["mapped", "partly", "mapped"]
    assert Caller(flow_of(export, SYSTEM)).intents[-1].queue == "default"


def test_the_queue_of_an_agent_asks_that_agent_first() -> None:
    """Unless a queue was set instead."""
    export = queueing(
        which("agent", "Sales"),
        action("agent", "UpdateContactTargetQueue", "queue", AgentId="$.Attributes.last"),
        action("Sales", "UpdateContactTargetQueue", "queue", QueueId=f"{ARN}/queue/Sales"),
    )
    flow = flow_of(export, SYSTEM)
    queued = Caller(flow, kind="agent", last="wang").intents[-1]
    assert (queued.queue, queued.preferred) == ("default", "wang")
    queued = Caller(flow, kind="Sales", last="wang").intents[-1]
    assert (queued.queue, queued.preferred) == ("sales", None)


def test_the_figures_of_a_queue_are_asked_for() -> None:
    """Agents on duty, agents free, calls that wait."""
    export = connect(
        action("a", "UpdateContactTargetQueue", "check", QueueId=f"{ARN}/queue/Sales"),
        action(
            "check",
            "CheckMetricData",
            errors={"NoMatchingCondition": "end"},
            MetricType="NumberOfAgentsStaffed",
            ways={("NumberGreaterThan", "0"): "queue"},
        ),
        action("queue", "TransferContactToQueue", "end"),
        END,
    )
    flow = flow_of(export, SYSTEM)
    assert isinstance(Caller(flow, queues={"sales": (0, None, 0, 3)}).intents[-1], Enqueue)
    assert isinstance(Caller(flow, queues={"sales": (0, None, 0, 0)}).intents[-1], EndCall)


def test_numbers_are_dialled_and_other_flows_entered() -> None:
    """By the names the file gives them."""
    transfer = action(
        "a",
        "TransferParticipantToThirdParty",
        "end",
        ThirdPartyPhoneNumber="+1 857 702",
        ContinueFlowExecution="False",
    )
    caller = Caller(flow_of(connect(transfer, END), SYSTEM))
    assert isinstance(caller.intents[-1], HandOver) and caller.intents[-1].number == "+1857702"
    go = action(
        "a", "TransferToFlow", errors={"NoMatchingError": "end"}, ContactFlowId=f"{ARN}/contact-flow/f1"
    )
    names = {"a": {"ContactFlow": {"text": "Main Menu"}}}
    assert (node_of(go, metadata=names).flow, node_of(go).flow) == ("Main_Menu", "f1")
    module = action("a", "InvokeFlowModule", "end", FlowModuleId="m1")
    assert (node_of(module).TYPE, node_of(module).flow) == ("subflow", "m1")
    assert made_of(connect(module, END), SYSTEM).needs["flows"] == ("m1",)


def test_a_module_goes_back_to_the_flow_that_invoked_it() -> None:
    """Its end is a return, and the call goes on where it left."""
    back = action("back", "EndFlowModuleExecution")
    hello = action("hello", "MessageParticipant", "back", Text="Hello from the module")
    assert made_of(connect(hello, back), SYSTEM).summary() == "2 of 2 nodes mapped (100 %)"
    nodes = flow_of(connect(hello, back), SYSTEM).nodes
    assert [node.TYPE for node in nodes.values()] == ["say", "return"]


@pytest.mark.parametrize(
    "type",
    [
        *("UpdateContactRecordingBehavior", "UpdateContactMediaStreamingBehavior", "UpdateContactEventHooks"),
        *("ConnectParticipantWithLexBot", "MessageParticipantIteratively", "CreateCallbackContact"),
        *("UpdateContactRoutingBehavior", "ShowView", "SomethingNew", ""),
    ],
)
def test_what_we_do_not_have_is_a_placeholder_that_fails(type: str) -> None:
    """With where it went on from there, and why."""
    node = node_of(
        action("a", type, "say", {"NoMatchingError": "end", "Odd": "say"}),
        action("say", "MessageParticipant", "end", Text="Hi"),
    )
    assert (node.TYPE, node.exits["failed"], node.exits["done"]) == ("placeholder", "end", "say")


def test_what_nothing_leads_to_is_told_and_left_out() -> None:
    """It is not counted: no call comes there."""
    imported = made_of(connect(END, action("lost", "MessageParticipant", "end", Text="Lost")), SYSTEM)
    assert imported.summary() == "1 of 1 nodes mapped (100 %), left out since no call comes there: 1"
    assert imported.text.endswith(
        "# No call comes to these, so they were left out:\n#   MessageParticipant lost: Lost\n"
    )


# ------------------------------------------------------------------ files


def test_the_answer_of_the_api_is_taken_too() -> None:
    """The content is a text in it; the flow has its name."""
    export = {"ContactFlow": {"Name": "Front", "Content": json.dumps(connect(END))}}
    assert flow_of(export, SYSTEM).title == "Front"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "this is not JSON: line 1: Expecting value"),
        ("{", "this is not JSON: line 1"),
        ("[" * 100_000, "this is not JSON that can be read"),
        ("1", "its outermost value is no object"),
        ("{}", "this is no flow of Amazon Connect: it has neither Actions nor modules"),
        ('{"Actions": []}', "the flow has no actions"),
        ('{"Actions": [{"Identifier": "a"}]}', "the flow begins at no action, which is not in the file"),
        ('{"Actions": [{"Identifier": "a"}], "StartAction": "b"}', "the flow begins at b"),
        ('{"ContactFlow": {"Content": "{"}}', "this is not JSON"),
        (" " * 5_000_001, "longer than 5000000 characters"),
        (
            '{"StartAction": "0", "Actions": '
            + json.dumps([{"Identifier": str(n)} for n in range(3001)])
            + "}",
            "more",
        ),
    ],
)
def test_what_is_no_export_is_refused_with_the_reason(text: str, said: str) -> None:
    """In a sentence."""
    with pytest.raises(FlowImportError, match=said):
        import_flow(text, SYSTEM, "x")
