"""The form of Amazon Connect's exports before the flow language (``modules``), told in the flow language.

A module has ``branches`` (a condition and where it leads) and ``parameters`` (name, value, and a namespace
where the value is a reference). What becomes of the actions is decided in one place, ``amazon_connect``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ivr.importing.reading import Json, mapping, number, objects, words

_SYSTEM = {
    "customer number": "$.CustomerEndpoint.Address",
    "dialed number": "$.SystemEndpoint.Address",
    "stored customer input": "$.StoredCustomerInput",
    "contact id": "$.ContactId",
    "contactid": "$.ContactId",
    "initial contact id": "$.InitialContactId",
    "channel": "$.Channel",
    "contact initiation method": "$.InitiationMethod",
    "queue name": "$.Queue.Name",
    "queue arn": "$.Queue.ARN",
    "language": "$.LanguageCode",
}
_OPERATORS = {
    "Equals": "Equals",
    "NotEquals": "NotEquals",
    "StartsWith": "TextStartsWith",
    "EndsWith": "TextEndsWith",
    "Contains": "TextContains",
    "GreaterThan": "NumberGreaterThan",
    "GreaterOrEqualTo": "NumberGreaterOrEqualTo",
    "GreaterThanOrEqualTo": "NumberGreaterOrEqualTo",
    "LessThan": "NumberLessThan",
    "LessOrEqualTo": "NumberLessOrEqualTo",
    "LessThanOrEqualTo": "NumberLessOrEqualTo",
}
_ERRORS = {
    "Error": "NoMatchingError",
    "NoMatch": "NoMatchingCondition",
    "Timeout": "InputTimeLimitExceeded",
    "AtCapacity": "QueueAtCapacity",
    "InvalidNumber": "InvalidPhoneNumber",
    "InvalidPhoneNumber": "InvalidPhoneNumber",
    "CallFailed": "CallFailed",
}
_RESULTS = {
    "True": "True",
    "False": "False",
    "Looping": "ContinueLooping",
    "Complete": "DoneLooping",
    "WaitCompleted": "WaitCompleted",
    "BotInitiated": "BotInitiated",
}


def as_actions(export: Json) -> dict[str, Any]:
    """The same flow with ``Actions``."""
    actions = [_action(module) for module in objects(export.get("modules"))]
    metadata = mapping(export.get("metadata"))
    return {
        "StartAction": words(export.get("start")) or _first(metadata, actions),
        "Actions": actions,
        "Metadata": {"name": metadata.get("name")},
    }


def _first(metadata: Json, actions: list[dict[str, Any]]) -> str:
    return words(metadata.get("start")) or (actions[0]["Identifier"] if actions else "")


def _action(module: Json) -> dict[str, Any]:
    type, target = words(module.get("type")), words(module.get("target"))
    given = list(objects(module.get("parameters")))
    make = _MAKERS.get(type)
    kind, parameters = make(given, target) if make else (type, _plain(given))
    names = {
        words(one.get("name")): words(one.get("resourceName")) for one in given if one.get("resourceName")
    }
    conditions, errors, next = _ways(module, kind)
    shown = f"{type} {target}".strip()
    return {
        "Identifier": words(module.get("id")),
        "Type": kind,
        "ShownType": shown,
        "Parameters": parameters,
        "Names": {**_named(names), **_titles(mapping(module.get("metadata")))},
        "Transitions": {"NextAction": next, "Conditions": conditions, "Errors": errors},
    }


def _ways(module: Json, kind: str) -> tuple[list[Any], list[Any], str]:
    conditions, errors, next = [], [], ""
    for branch in objects(module.get("branches")):
        condition, target = words(branch.get("condition")), words(branch.get("transition"))
        if condition == "Success" or (condition == "Timeout" and kind == "Wait"):
            next = next or target
        elif condition in _RESULTS:
            conditions.append(_condition("Equals", _RESULTS[condition], target))
        elif condition in _ERRORS:
            errors.append({"ErrorType": _ERRORS[condition], "NextAction": target})
        else:  # Evaluate, CheckQueueTime, a share of Distribute
            operator = words(branch.get("conditionType"))
            value = words(branch.get("conditionValue"))
            if condition == "CheckQueueTime" and (ms := number(value)) is not None:
                value = f"{ms / 1000:g}"
            conditions.append(_condition(_OPERATORS.get(operator, operator), value, target))
    if kind == "Wait" and not any(words(mapping(c)["NextAction"]) for c in conditions):
        conditions = []
    return conditions, errors, next


def _condition(operator: str, operand: str, target: str) -> dict[str, Any]:
    return {"NextAction": target, "Condition": {"Operator": operator, "Operands": [operand]}}


def _named(names: Mapping[str, str]) -> dict[str, str]:
    """Names of what parameters hold as ids, as the metadata of the flow language gives them."""
    ours = {
        "Queue": "queue",
        "ContactFlowId": "contactflow",
        "Hours": "hours",
        "HoursOfOperation": "hours",
        "AudioPrompt": "promptname",
        "Prompt": "promptname",
        "PromptId": "promptname",
    }
    return {ours.get(key, key.lower()): name for key, name in names.items() if name}


def _titles(metadata: Json) -> dict[str, str]:
    """Names that stand in a module's own metadata."""
    found = {}
    for key, value in metadata.items():
        if name := words(mapping(value).get("text")):
            found[key.lower()] = name
    return found


def _reference(name: str, namespace: object) -> str:
    """A value with its namespace as a reference of the flow language."""
    space = words(namespace)
    if not space or not name:
        return name
    if space == "System":
        return _SYSTEM.get(name.lower(), f"$.System.{_path(name)}")
    scope = {"User Defined": "Attributes", "External": "External", "Lex": "Lex"}.get(space, _path(space))
    return f"$.{scope}.{_path(name)}"


def _path(name: str) -> str:
    """A name as a reference may hold it."""
    return "".join(c if c.isalnum() and c.isascii() else "_" for c in name) or "_"


def _parameter(given: list[Json], *names: str) -> str:
    for one in given:
        if words(one.get("name")) in names:
            return _reference(words(one.get("value")), one.get("namespace"))
    return ""


def _plain(given: list[Json]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in given:
        name = words(one.get("key")) if words(one.get("name")) == "Parameter" else words(one.get("name"))
        found.setdefault(name or "value", _reference(words(one.get("value")), one.get("namespace")))
    return found


def _speech(given: list[Json]) -> dict[str, Any]:
    text = _parameter(given, "Text")
    ssml = _parameter(given, "TextToSpeechType") == "ssml"
    audio = _parameter(given, "AudioPrompt", "Prompt", "PromptId")
    return {"SSML" if ssml else "Text": text} if text else {"PromptId": audio} if audio else {}


# ------------------------------------------------------------------ each type

_Made = tuple[str, dict[str, Any]]


def _prompt(given: list[Json], target: str) -> _Made:
    return "MessageParticipant", _speech(given)


def _input(given: list[Json], target: str) -> _Made:
    asked = {**_speech(given), "StoreInput": "False", "InputTimeLimitSeconds": _parameter(given, "Timeout")}
    return ("ConnectParticipantWithLexBot" if target == "Lex" else "GetParticipantInput"), asked


def _stored(given: list[Json], target: str) -> _Made:
    number = _parameter(given, "CustomerInputType").lower().startswith("phone")
    checks: dict[str, Any] = {"PhoneNumberValidation": {}} if number else {}
    if most := _parameter(given, "MaxDigits"):
        checks["CustomValidation"] = {"MaximumLength": most}
    asked: dict[str, Any] = {
        **_speech(given),
        "StoreInput": "True",
        "InputTimeLimitSeconds": _parameter(given, "Timeout"),
        "InputValidation": checks,
        "DTMFConfiguration": {"InputTerminationSequence": _parameter(given, "TerminatorDigits")},
    }
    if _parameter(given, "EncryptEntry") == "true":
        asked["InputEncryption"] = {"EncryptionKeyId": _parameter(given, "EncryptionKeyId") or "key"}
    return "GetParticipantInput", asked


def _attributes(given: list[Json], target: str) -> _Made:
    values = {
        words(one.get("key")): _reference(words(one.get("value")), one.get("namespace"))
        for one in given
        if words(one.get("name")) == "Attribute"
    }
    return "UpdateContactAttributes", {"Attributes": values}


def _compare(given: list[Json], target: str) -> _Made:
    name, space = _parameter(given, "Attribute"), _parameter(given, "Namespace")
    return "Compare", {"ComparisonValue": _reference(name, space or "User Defined")}


def _lambda(given: list[Json], target: str) -> _Made:
    values = {
        words(one.get("key")): _reference(words(one.get("value")), one.get("namespace"))
        for one in given
        if words(one.get("name")) == "Parameter"
    }
    found = {"LambdaFunctionARN": _parameter(given, "FunctionArn"), "LambdaInvocationAttributes": values}
    return ("InvokeLambdaFunction" if target in ("Lambda", "") else f"InvokeExternalResource {target}"), found


def _queue(given: list[Json], target: str) -> _Made:
    agent = _parameter(given, "Agent")
    if agent:
        return "UpdateContactTargetQueue", {"AgentId": agent}
    queue = next((one for one in given if words(one.get("name")) == "Queue"), {})
    id = _parameter(given, "Queue") or words(queue.get("resourceName"))
    return "UpdateContactTargetQueue", {"QueueId": id}


def _transfer(given: list[Json], target: str) -> _Made:
    if target == "Queue":
        return "TransferContactToQueue", {}
    if target == "Flow":
        flow: Json = next((one for one in given if words(one.get("name")) == "ContactFlowId"), {})
        return "TransferToFlow", {
            "ContactFlowId": _parameter(given, "ContactFlowId") or words(flow.get("resourceName"))
        }
    if target == "PhoneNumber":
        blind = _parameter(given, "BlindTransfer") == "true"
        return "TransferParticipantToThirdParty", {
            "ThirdPartyPhoneNumber": _parameter(given, "PhoneNumber"),
            "ThirdPartyConnectionTimeLimitSeconds": _parameter(given, "TimeLimit"),
            "ContinueFlowExecution": "False" if blind else "True",
        }
    return f"Transfer {target}".strip(), _plain(given)


def _staffing(given: list[Json], target: str) -> _Made:
    status = {"Available": "Available", "Online": "Online"}.get(_parameter(given, "Status"), "Staffed")
    return "CheckStaffing", {"MetricType": f"NumberOfAgents{status}", **_where(given)}


def _queue_status(given: list[Json], target: str) -> _Made:
    return "CheckMetricData", {"MetricType": "OldestContactInQueueAgeSeconds", **_where(given)}


def _where(given: list[Json]) -> dict[str, str]:
    agent, queue = _parameter(given, "Agent"), _parameter(given, "Queue")
    return {"AgentId": agent} if agent else {"QueueId": queue} if queue else {}


def _hours(given: list[Json], target: str) -> _Made:
    id = _parameter(given, "Hours", "HoursOfOperation", "HoursOfOperationId")
    return "CheckHoursOfOperation", {"HoursOfOperationId": id} if id else {}


def _renamed(kind: str, **names: str) -> Callable[[list[Json], str], _Made]:
    """A maker of ``kind`` whose parameters only have other names: ours to theirs."""

    def make(given: list[Json], target: str) -> _Made:
        return kind, {ours: _parameter(given, theirs) for ours, theirs in names.items()} or _plain(given)

    return make


_MAKERS: dict[str, Callable[[list[Json], str], _Made]] = {
    "PlayPrompt": _prompt,
    "GetUserInput": _input,
    "StoreUserInput": _stored,
    "SetAttributes": _attributes,
    "CheckAttribute": _compare,
    "InvokeExternalResource": _lambda,
    "SetQueue": _queue,
    "Transfer": _transfer,
    "CheckStaffing": _staffing,
    "CheckQueueStatus": _queue_status,
    "CheckHoursOfOperation": _hours,
    "Disconnect": _renamed("DisconnectParticipant"),
    "Resume": _renamed("EndFlowExecution"),
    "Loop": _renamed("Loop", LoopCount="LoopCount"),
    "Wait": _renamed("Wait", TimeLimitSeconds="TimeoutSeconds"),
    "SetVoice": _renamed("UpdateContactTextToSpeechVoice", TextToSpeechVoice="GlobalVoice"),
    "SetLoggingBehavior": _renamed("UpdateFlowLoggingBehavior"),
    "SetRecordingBehavior": _renamed("UpdateContactRecordingBehavior"),
    "SetContactFlow": _renamed("UpdateContactEventHooks"),
    "SetEventHook": _renamed("UpdateContactEventHooks"),
    "LoopPrompts": _renamed("MessageParticipantIteratively"),
    "StartMediaStreaming": _renamed("UpdateContactMediaStreamingBehavior"),
    "StopMediaStreaming": _renamed("UpdateContactMediaStreamingBehavior"),
    "UpdateRoutingPriority": _renamed("UpdateContactRoutingBehavior"),
    "Distribute": _renamed("DistributeByPercentage"),
    "SplitByPercentage": _renamed("DistributeByPercentage"),
    "SetCallBackNumber": _renamed("UpdateContactCallbackNumber", CallbackNumber="CallBackNumber"),
    "SetCustomerCallbackNumber": _renamed("UpdateContactCallbackNumber", CallbackNumber="CallbackNumber"),
}
