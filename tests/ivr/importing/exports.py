"""Exports of other systems in the shape they have, written by hand; and flows made of them."""

import json
from typing import Any

from ivr.flow import Flow
from ivr.importing import Imported, import_flow
from ivr.load import load_flow

Json = dict[str, Any]


def action(id: str, type: str, next: str = "", /, errors: Json | None = None, **parameters: Any) -> Json:
    """An action of Amazon Connect; ``ways`` are conditions: operand, or (operator, operand), to target."""
    ways = parameters.pop("ways", {})
    conditions = []
    for key, target in ways.items():
        operator, operand = key if isinstance(key, tuple) else ("Equals", key)
        conditions.append({"NextAction": target, "Condition": {"Operator": operator, "Operands": [operand]}})
    return {
        "Identifier": id,
        "Type": type,
        "Parameters": parameters,
        "Transitions": {
            **({"NextAction": next} if next else {}),
            "Conditions": conditions,
            "Errors": [{"NextAction": to, "ErrorType": error} for error, to in (errors or {}).items()],
        },
    }


def connect(*actions: Json, metadata: Json | None = None) -> Json:
    """A flow of Amazon Connect that begins with the first of these."""
    return {
        "Version": "2019-10-30",
        "StartAction": actions[0]["Identifier"],
        "Metadata": {"entryPointPosition": {"x": 1, "y": 2}, "ActionMetadata": metadata or {}},
        "Actions": list(actions),
    }


def module(
    id: str, type: str, /, *parameters: Json, target: str = "", metadata: Json | None = None, **branches: str
) -> Json:
    """A module of the older form; ``branches`` are conditions and where they lead."""
    return {
        "id": id,
        "type": type,
        "branches": [{"condition": c.rstrip("_"), "transition": to} for c, to in branches.items()],
        "parameters": list(parameters),
        "metadata": {"position": {"x": 1, "y": 1}, **(metadata or {})},
        **({"target": target} if target else {}),
    }


def modules(*listed: Json) -> Json:
    """A flow of the older form that begins with the first of these."""
    return {"modules": list(listed), "version": "1", "type": "contactFlow", "start": listed[0]["id"]}


def widget(name: str, type: str, /, ways: Json | None = None, **properties: Any) -> Json:
    """A widget of Twilio Studio; ``tests`` are (type, value, argument, target)."""
    tests = properties.pop("tests", ())
    return {
        "name": name,
        "type": type,
        "transitions": [
            *({"event": event, **({"next": to} if to else {})} for event, to in (ways or {}).items()),
            *(
                {
                    "event": "match",
                    "next": to,
                    "conditions": [
                        {"friendly_name": "If", "arguments": [looked_at], "type": kind, "value": value}
                    ],
                }
                for kind, value, looked_at, to in tests
            ),
        ],
        "properties": {"offset": {"x": 0, "y": 0}, **properties},
    }


def studio(*widgets: Json) -> Json:
    """A flow of Twilio Studio whose calls begin with the first of these."""
    trigger = widget("Trigger", "trigger", {"incomingMessage": "", "incomingCall": widgets[0]["name"]})
    return {
        "description": "A new flow",
        "states": [trigger, *widgets],
        "initial_state": "Trigger",
        "flags": {"allow_concurrent_calls": True},
    }


def made_of(export: Json, system: str) -> Imported:
    return import_flow(json.dumps(export), system, "made")


def flow_of(export: Json, system: str) -> Flow:
    return load_flow(made_of(export, system).text, "made.yaml")


def remarks(imported: Imported) -> list[str]:
    """Everything said of the nodes."""
    return [remark for step in imported.steps for remark in step.remarks]
