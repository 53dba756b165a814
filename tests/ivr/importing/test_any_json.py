"""Whatever a file holds: a flow that loads, or a reason; nothing else is ever raised."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.importing import SYSTEMS, FlowImportError, Imported, import_flow
from ivr.importing.amazon_connect import _METHODS, _NOT_HERE
from ivr.importing.connect_modules import _MAKERS as MODULES
from ivr.importing.studio import _METHODS as WIDGETS
from ivr.load import load_flow

SIGNS = [
    "",
    " ",
    "1",
    "0",
    "-1",
    "1e400",
    "nan",
    "*",
    "#",
    "<",
    "&amp;",
    "= 1",
    "'\\",
    "\ud800",
    "\0",
    "\u2028\x85\ufeff",
]
WORDS = [
    "True",
    "False",
    "ContinueLooping",
    "DoneLooping",
    "Equals",
    "NumberLessThan",
    "TextContains",
    "regex",
]
THEIRS = ["Joanna", "zh-CN", "en", "NumberOfAgentsStaffed", "GET", "POST", "class", "a/b", '{"a": 1}']
PLACES = [
    "$.Attributes.x",
    "$.Channel",
    "$.StoredCustomerInput",
    "$.",
    "{{widgets.a.Digits}}",
    "{{",
    "{x|amount}",
]
LONG = [
    "{{flow.variables.x | plus: 1}}",
    "{% if x %}",
    "<speak>a<break time='9s'/></speak>",
    "https://x.example/{{a}}",
]
texts = st.one_of(st.text(max_size=12), st.sampled_from([*SIGNS, *WORDS, *THEIRS, *PLACES, *LONG]))
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)
names = st.sampled_from(["a", "b", "c", "d", "", "$x"])


def either(likely: Any) -> Any:
    """What is meant to stand there, or anything at all."""
    return st.one_of(likely, likely, likely, anything)


def objects(**fields: Any) -> Any:
    return either(st.fixed_dictionaries({}, optional=fields))


def named(keys: list[str]) -> Any:
    """An object with some of these keys."""
    return either(st.dictionaries(st.sampled_from(keys), either(texts), max_size=8))


PARAMETERS = [
    *("Text", "SSML", "PromptId", "Media", "QueueId", "AgentId", "Attributes", "LoopCount", "StoreInput"),
    *("InputTimeLimitSeconds", "InputValidation", "DTMFConfiguration", "InputEncryption", "ComparisonValue"),
    *(
        "TimeLimitSeconds",
        "MetricType",
        "HoursOfOperationId",
        "ContactFlowId",
        "FlowModuleId",
        "LanguageCode",
    ),
    *("TextToSpeechVoice", "ThirdPartyPhoneNumber", "CallbackNumber", "LambdaInvocationAttributes"),
]
PROPERTIES = [
    *("say", "play", "digits", "language", "voice", "loop", "number_of_digits", "finish_on_key", "timeout"),
    *("input", "variables", "url", "method", "body", "parameters", "content_type", "queue_name", "workflow"),
    *("to", "noun", "flow_sid", "max_length", "workflow_sid"),
]
pairs = either(st.lists(objects(key=texts, value=texts), max_size=3))
conditions = either(
    st.lists(
        objects(
            NextAction=names,
            Condition=objects(Operator=texts, Operands=either(st.lists(texts, max_size=2))),
        ),
        max_size=3,
    )
)
errors = either(
    st.lists(
        objects(
            NextAction=names,
            ErrorType=st.sampled_from(
                ["NoMatchingError", "NoMatchingCondition", "InputTimeLimitExceeded", "x"]
            ),
        ),
        max_size=3,
    )
)
actions = objects(
    Identifier=names,
    Type=either(st.sampled_from(sorted({*_METHODS, *_NOT_HERE}))),
    Parameters=named(PARAMETERS),
    Transitions=objects(NextAction=names, Conditions=conditions, Errors=errors),
)
parameters = either(
    st.lists(
        objects(
            name=st.sampled_from(
                ["Text", "Queue", "Attribute", "Namespace", "Timeout", "LoopCount", "Parameter"]
            ),
            value=texts,
            key=texts,
            namespace=st.sampled_from(["System", "User Defined", "External", "x y"]),
            resourceName=texts,
        ),
        max_size=4,
    )
)
branches = either(
    st.lists(
        objects(
            condition=st.sampled_from(
                ["Success", "Error", "Evaluate", "NoMatch", "Timeout", "Looping", "True"]
            ),
            conditionType=texts,
            conditionValue=texts,
            transition=names,
        ),
        max_size=4,
    )
)
modules = objects(
    id=names,
    type=either(st.sampled_from(sorted(MODULES))),
    parameters=parameters,
    branches=branches,
    target=st.sampled_from(["Digits", "Lex", "Queue", "Flow", "PhoneNumber", "Lambda", "x"]),
    metadata=anything,
)
tests = either(st.lists(objects(arguments=st.lists(texts, max_size=1), type=texts, value=texts), max_size=2))
ways = either(
    st.lists(
        objects(
            event=st.sampled_from(
                ["keypress", "timeout", "success", "failed", "match", "noMatch", "incomingCall"]
            ),
            next=names,
            conditions=tests,
        ),
        max_size=4,
    )
)
properties = st.tuples(named(PROPERTIES), pairs).map(
    lambda both: (
        {**both[0], "variables": both[1], "parameters": both[1]} if isinstance(both[0], dict) else both[0]
    )
)
widgets = objects(
    name=names, type=either(st.sampled_from(sorted(WIDGETS))), transitions=ways, properties=properties
)


def attempt(text: str, system: str) -> Imported | str:
    """The flow, or why there is none."""
    try:
        return import_flow(text, system, "any")
    except FlowImportError as error:
        return str(error)


def check(export: Any) -> None:
    """For either system."""
    text = json.dumps(export)
    for system in SYSTEMS:
        imported = attempt(text, system)
        if isinstance(imported, str):
            assert not imported.startswith("no flow can be made")
        else:
            load_flow(imported.text, "any.yaml")
            assert 0 <= imported.share <= 100
            assert len(imported.steps) >= imported.reached


@given(anything)
def test_any_json(export: Any) -> None:
    """Of any shape."""
    check(export)


@settings(max_examples=2 * settings().max_examples)
@given(
    st.fixed_dictionaries(
        {"StartAction": names, "Actions": st.lists(actions, max_size=6), "Metadata": anything}
    )
)
def test_any_actions(export: Any) -> None:
    """Nearly right, as files of the next version are."""
    check(export)


@settings(max_examples=2 * settings().max_examples)
@given(st.fixed_dictionaries({"start": names, "modules": st.lists(modules, max_size=6)}))
def test_any_modules(export: Any) -> None:
    """The older form."""
    check(export)


@settings(max_examples=2 * settings().max_examples)
@given(st.fixed_dictionaries({"initial_state": names, "states": st.lists(widgets, max_size=6)}))
def test_any_widgets(export: Any) -> None:
    """Twilio Studio."""
    check(export)
