"""Twilio Studio: widgets (``states``) with transitions by event, and texts with Liquid templates.

Each type of widget is one method of ``_Widgets``; what it cannot say in our nodes raises ``Computed`` or
``Unsaid`` with the reason.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ivr.importing.building import Goto, Made, Part, Plan, placeholder, queue_id
from ivr.importing.liquid import Computed, Liquid
from ivr.importing.reading import MOST_NODES, FlowImportError, Json, mapping, number, objects, whole, words
from ivr.importing.words import (
    Names,
    Variables,
    id_of,
    in_language,
    language_of,
    language_of_voice,
    node_name,
    prompt,
    sound_name,
    spoken,
)
from ivr.patterns import BadPattern, compile_pattern

_BEGINNINGS = (
    "incomingCall",
    "incomingRequest",
    "incomingParent",
    "incomingConversationMessage",
    "incomingMessage",
)
_OPS = {
    "equal_to": "is",
    "not_equal_to": "is_not",
    "matches_any_of": "in",
    "does_not_match_any_of": "not_in",
    "less_than": "less",
    "greater_than": "more",
    "is_blank": "not_set",
    "is_not_blank": "set",
    "starts_with": "starts_with",
}
_FAILURES = (
    "failed",
    "fail",
    "deliveryFailure",
    "failedToEnqueue",
    "callFailure",
    "timeout",
    "noInput",
    "noMatch",
)


class Unsaid(Exception):
    """Nothing of ours does what the widget did; the text says why."""


@dataclass(frozen=True, slots=True)
class Condition:
    """If ``value`` compares like this with what is looked at, the call goes on at ``target``."""

    looked_at: str
    type: str
    value: str
    target: str


@dataclass(frozen=True, slots=True)
class Widget:
    """One widget. ``ways`` are events and where they lead; those with conditions stand in ``conditions``."""

    name: str
    type: str
    properties: Json
    ways: dict[str, str]
    conditions: tuple[Condition, ...]

    def text(self, *keys: str) -> str:
        """The first of these properties that is there, as text."""
        return next((found for key in keys if (found := words(self.properties.get(key)))), "")

    def to(self, *events: str) -> Goto:
        """Where the first of these events that leads anywhere goes on; the call ends if none does."""
        return Goto(next((self.ways[event] for event in events if event in self.ways), None))

    @property
    def failure(self) -> Goto:
        """Where it goes on when it fails, else wherever it goes on at all."""
        return self.to(*_FAILURES, *self.ways)


def plan(export: Json) -> Plan:
    """What a file says. Raises FlowImportError if it is no flow of Twilio Studio."""
    definition = export.get("definition")
    export = mapping(definition) or export
    if not isinstance(export.get("states"), list):
        raise FlowImportError("this is no flow of Twilio Studio: it has no states")
    widgets = _read(export)
    if len(widgets) > MOST_NODES:
        raise FlowImportError(f"the flow has more than {MOST_NODES} widgets")
    start = words(export.get("initial_state"))
    if start not in widgets:
        raise FlowImportError(f"the flow begins at {start or 'no widget'}, which is not in the file")
    return _Widgets(widgets, start, words(export.get("description"))).plan()


def _read(export: Json) -> dict[str, Widget]:
    widgets: dict[str, Widget] = {}
    for one in objects(export.get("states")):
        name = words(one.get("name"))
        if not name or name in widgets:
            continue
        properties = mapping(one.get("properties"))
        ways: dict[str, str] = {}
        conditions: list[Condition] = []
        for way in objects(one.get("transitions")):
            target = words(way.get("next"))
            if not target:
                continue
            tests = list(objects(way.get("conditions")))
            for test in tests:
                arguments = test.get("arguments")
                argument = words(arguments[0]) if isinstance(arguments, list) and arguments else ""
                looked_at = argument or words(test.get("variable")) or words(properties.get("input"))
                conditions.append(
                    Condition(looked_at, words(test.get("type")), words(test.get("value")), target)
                )
            if not tests:
                ways.setdefault(words(way.get("event")), target)
        type = words(one.get("type")) or "a widget without a type"
        widgets[name] = Widget(name, type, properties, ways, tuple(conditions))
    return widgets


class _Widgets:
    """The widgets of one flow, and what becomes of each."""

    def __init__(self, widgets: dict[str, Widget], start: str, title: str) -> None:
        self._widgets = widgets
        self._start = start
        self._title = title
        self._liquid = Liquid(Variables())
        self._notes: list[str] = []
        self._losses: list[str] = self._liquid.losses
        spoken_in = Counter(language for one in widgets.values() if (language := _language(one)))
        self._language = spoken_in.most_common(1)[0][0] if spoken_in else "en"

    def plan(self) -> Plan:
        """All of it."""
        parts = {name: self._part(widget) for name, widget in self._widgets.items()}
        return Plan(Goto(self._start), parts, (self._language,), self._title)

    def _part(self, widget: Widget) -> Part:
        self._notes, self._losses = [], []
        self._liquid.losses = self._losses
        method = _METHODS.get(widget.type)
        try:
            if method is None:
                raise Unsaid("nothing here does what it did")
            made = method(self, widget)
        except (Unsaid, Computed) as unsaid:
            self._losses = []
            made = self._placeholder(widget, str(unsaid))
        if isinstance(made, Made):
            made.hint = widget.name
        return Part(widget.name, f"{widget.type[:40]} {widget.name[:60]}", made, self._notes, self._losses)

    def _placeholder(self, widget: Widget, why: str) -> Made:
        self._notes.append(f"placeholder: {why}")
        shown = {key: words(value) for key, value in widget.properties.items() if key != "offset"}
        self._notes += [f"{words(key)[:40]}: {value[:120]}" for key, value in shown.items() if value][:8]
        failure = widget.failure
        others = {event or "next": Goto(target) for event, target in widget.ways.items()}
        for number_, one in enumerate(widget.conditions, start=1):
            others.setdefault(f"{one.type} {one.value}".strip()[:40] or f"case {number_}", Goto(one.target))
        kept = {_exit(exit): target for exit, target in others.items() if target != failure}
        return placeholder(
            f"{widget.type} {widget.name}"[:120], failure, {e: t for e, t in kept.items() if e != "failed"}
        )

    # ------------------------------------------------------------ what is said

    def _prompts(self, parts: list[Any], widget: Widget) -> dict[str, Any]:
        language = _language(widget)
        if language and language != self._language:
            parts = in_language(parts, language)
        return {self._language: prompt(parts)}

    def _said(self, widget: Widget) -> list[Any]:
        """What the widget says or plays, as parts. Raises Computed."""
        if text := widget.text("say"):
            return spoken(self._liquid.template(text))
        if sound := widget.text("play"):
            if "{{" in sound:
                raise Unsaid(f"which recording is played is decided in the call ({sound[:60]})")
            self._notes.append(f"take the recording over: {sound[:120]}")
            return [{"sound": sound_name(sound)}]
        if digits := widget.text("digits"):
            raise Unsaid(f"it sends the keys {digits[:40]}")
        return []

    # ------------------------------------------------------------ what becomes of each type

    def trigger(self, widget: Widget) -> Goto:
        """trigger: where calls begin."""
        event = next((event for event in _BEGINNINGS if event in widget.ways), "")
        if event in ("incomingMessage", "incomingConversationMessage"):
            self._notes.append("the flow was for messages: a call begins where a message did")
        elif event and event != "incomingCall":
            self._notes.append(f"calls begin where {event} did")
        return widget.to(event)

    def say(self, widget: Widget) -> Made | Goto:
        """say-play."""
        parts = self._said(widget)
        target = widget.to("audioComplete")
        if not parts:
            self._notes.append("it says nothing")
            return target
        times = whole(widget.properties.get("loop"), 1, 1, 10)
        return Made("say", {"prompts": self._prompts(parts * times, widget)}, {"done": target})

    def gather(self, widget: Widget) -> Made:
        """gather-input-on-call: keys into a variable; what is spoken is not understood."""
        if "keypress" not in widget.ways and "speech" in widget.ways:
            raise Unsaid("it asks for spoken words: ask by keys, with a menu")
        if "speech" in widget.ways:
            self._losses.append("spoken answers are not understood")
        parts = self._said(widget)
        ends = widget.text("finish_on_key", "finishOnKey")
        if ends not in ("", "#", "*"):
            self._losses.append(f"the entry ends with # and not with {ends[:20]}")
        most = number(widget.text("number_of_digits", "num_digits", "numDigits"))
        silence = widget.to("timeout", "noInput")
        fields: dict[str, Any] = {
            "prompts": self._prompts(parts, widget),
            "into": self._liquid.name(f"widgets.{widget.name}.Digits"),
            "max": whole(most, 20, 1, 64),
            "timeout_s": whole(widget.properties.get("timeout"), 5, 1, 120),
            "retries": whole(widget.properties.get("loop"), 1, 1, 10) - 1,
            **({"terminator": "*"} if ends == "*" else {}),
        }
        return Made(
            "collect", fields, {"done": widget.to("keypress"), "no_input": silence, "no_match": silence}
        )

    def split(self, widget: Widget) -> Made:
        """split-based-on."""
        names = Names(frozenset({"otherwise", "failed"}))
        cases, exits = [], dict[str, Goto | Made]()
        for one in widget.conditions:
            exit = names.new(id_of(one.value or one.type, "case", 30))
            cases.append({**self._case(one), "exit": exit})
            exits[exit] = Goto(one.target)
        otherwise = widget.to("noMatch", *widget.ways)
        if not cases:
            cases, exits = [{"if": "false", "exit": "never"}], {"never": otherwise}
        return Made("branch", {"cases": cases}, {**exits, "otherwise": otherwise, "failed": otherwise})

    def _case(self, one: Condition) -> dict[str, Any]:
        output = self._liquid.output(one.looked_at)
        value = one.value
        lowered = any(name == "downcase" for name, _ in output.filters)
        looked_at = f"lower({output.variable})" if lowered else output.variable
        op = _OPS.get(one.type, "") if "{{" not in value else ""
        listed = [part for text in value.split(",") if (part := text.strip())]
        if op in ("set", "not_set") and not lowered:
            return {"variable": output.variable, "op": op}
        if op in ("less", "more"):
            if (found := number(value)) is not None:
                limit = int(found) if found.is_integer() else found
                return {"variable": output.variable, "op": op, "value": limit}
        elif op in ("in", "not_in") and listed:
            if not lowered:
                return {"variable": output.variable, "op": op, "value": listed}
            if len(value) < 200:
                return {"if": f"{looked_at} {op.replace('_', ' ')} {listed!r}"}
        elif op in ("is", "is_not", "starts_with") and not lowered:
            return {"variable": output.variable, "op": op, "value": value}
        elif "{{" in value and one.type in ("equal_to", "not_equal_to"):
            sign = "==" if one.type == "equal_to" else "!="
            return {"if": f"{looked_at} {sign} {self._liquid.output(value).variable}"}
        elif "{{" not in value and (held := _expression(one.type, looked_at, value)):
            return {"if": held}
        self._losses.append(f"it never holds here: {one.type[:40]} {value[:40]}")
        return {"if": "false"}

    def set_variables(self, widget: Widget) -> Made | Goto:
        """set-variables."""
        values: dict[str, str] = {}
        for one in objects(widget.properties.get("variables")):
            if key := words(one.get("key")):
                values[self._liquid.name(f"flow.variables.{key}")] = self._liquid.value(
                    words(one.get("value"))
                )
        reserved = [name for name in values if name in ("caller", "dialled", "call")]
        for name in reserved:
            del values[name]
        if not values:
            self._notes.append("it sets nothing")
            return widget.to("next")
        return Made("set", {"values": values}, {"done": widget.to("next")})

    def http(self, widget: Widget) -> Made:
        """make-http-request."""
        url = widget.text("url")
        method = widget.text("method").upper() or "GET"
        if not re.match(r"https?://[^/?#{}\s]+", url):
            raise Unsaid(f"the host of its address is decided in the call ({url[:60]})")
        if method not in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            raise Unsaid(f"there is no method {method[:20]}")
        fields: dict[str, Any] = {"method": method, "url": self._liquid.template(url)}
        given = {
            words(one.get("key")): self._liquid.template(words(one.get("value")))
            for one in objects(widget.properties.get("parameters"))
            if words(one.get("key"))
        }
        if given and method == "GET":
            fields["query"] = given
        elif given:
            fields["body"] = given
        elif body := widget.text("body"):
            fields["body"] = self._body(body)
        if "form" in widget.text("content_type", "contentType") and "body" in fields:
            self._losses.append("it sent a form; here it is JSON")
        if words(widget.properties.get("add_twilio_auth")) == "true":
            self._losses.append("it signed in at Twilio")
        if results := self._results(widget.name):
            fields["into"] = results
        if (wait := widget.properties.get("timeout")) is not None:
            fields["timeout_s"] = whole(wait, 5, 1, 60)
        self._notes.append("its host must be allowed in the settings")
        success, failed = widget.to("success"), widget.to("failed", "fail")
        ways: dict[str, Goto | Made] = {"ok": success, "failed": failed}
        if not widget.conditions:
            return Made("http", fields, ways)
        return Made("http", fields, {**ways, "ok": self._answered(widget, success, failed)})

    def _answered(self, widget: Widget, success: Goto, failed: Goto) -> Made:
        """A request whose ways depend on the answer."""
        branch = self.split(widget)
        branch.exits |= {"otherwise": success, "failed": failed}
        branch.hint = f"{widget.name}_answer"
        return branch

    def _body(self, body: str) -> Any:
        """A body as JSON of ours. Raises Unsaid if it is none."""
        try:
            made = json.loads(body)
        except (ValueError, RecursionError):
            raise Unsaid("what it sends is no JSON") from None
        found = self._filled(made, 0)
        if not isinstance(found, dict | list):
            raise Unsaid("what it sends is no JSON object")
        return found

    def _filled(self, value: Any, depth: int) -> Any:
        if depth > 8:
            raise Unsaid("what it sends is nested too deeply")
        if isinstance(value, dict):
            return {words(key) or "value": self._filled(one, depth + 1) for key, one in value.items()}
        if isinstance(value, list):
            return [self._filled(one, depth + 1) for one in value]
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int | float):
            found = number(value)
            return 0 if found is None else int(found) if found.is_integer() else found
        return self._liquid.template(words(value))

    def _results(self, name: str) -> dict[str, str]:
        """What other widgets read of a request's answer: our variable and the place in the JSON."""
        found: dict[str, str] = {}
        pattern = re.compile(
            r"widgets\s*\.\s*" + re.escape(name) + r"\s*\.\s*parsed((?:\s*\.\s*[\w-]+|\[[0-9]+\])+)"
        )
        for one in self._widgets.values():
            for text in _texts(one):
                for match in pattern.finditer(text):
                    parts = [part for part in re.split(r"[\s.\[\]]+", match[1]) if part]
                    variable = self._liquid.name(".".join(["widgets", name, "parsed", *parts]))
                    found[variable] = ".".join(parts) + "?"
        return dict(list(found.items())[:50])

    def function(self, widget: Widget) -> Made:
        """run-function."""
        raise Unsaid("functions of theirs do not run here: ask by an http or a record node")

    def queue(self, widget: Widget) -> Made:
        """enqueue-call, send-to-flex."""
        named = widget.text("queue_name", "queueName", "workflow", "workflow_sid")
        if "{{" in named:
            self._losses.append(f"which queue is decided in the call ({named[:60]}); it is the default queue")
            named = "default"
        back = widget.to("failedToEnqueue", "callFailure", "callComplete", "queued")
        if "callComplete" in widget.ways and widget.ways["callComplete"] != back.node:
            self._losses.append("what comes after the agent has hung up")
        return Made("queue", {"queue": queue_id(named)}, {"default": back})

    def dial(self, widget: Widget) -> Made:
        """connect-call-to."""
        noun = widget.text("noun") or "number"
        if noun not in ("number", "number-multi"):
            raise Unsaid(f"it connects with no number but a {noun[:20]}")
        number = self._liquid.template(widget.text("to"))
        if not number.strip():
            raise Unsaid("there is no number to dial")
        after = widget.to("callCompleted", "hangup")
        if after.node is not None:
            self._losses.append("what comes after the conversation: it is where calls go that reach nobody")
        return Made("transfer", {"number": number}, {"failed": after})

    def subflow(self, widget: Widget) -> Made | Goto:
        """run-subflow: and back."""
        named = widget.text("flow_sid", "flow")
        if not named or "{{" in named:
            raise Unsaid(f"which flow is decided in the call ({named[:60]})")
        values: dict[str, str] = {}
        for one in objects(widget.properties.get("parameters")):
            if key := words(one.get("key")):
                name = self._liquid.name(f"trigger.parent.parameters.{key}")
                values[name] = self._liquid.value(words(one.get("value")))
        self._losses.append("its flow has to be brought over too, and end in return nodes")
        done, failed = widget.to("completed"), widget.to("failed")
        made = Made("subflow", {"flow": node_name(named, "flow")}, {"done": done, "failed": failed})
        if not values:
            return made
        made.hint = f"{widget.name}_flow"
        return Made("set", {"values": values}, {"done": made})

    def voicemail(self, widget: Widget) -> Made:
        """record-voicemail."""
        longest = number(widget.text("max_length", "maxLength"))
        fields = {
            "prompts": self._prompts(self._said(widget), widget),
            "max_s": whole(longest, 120, 3, 1800),
        }
        taken, failed = widget.to("recordingComplete"), widget.to("noAudio", "recordingError", "hangup")
        return Made("voicemail", fields, {"taken": taken, "failed": failed})

    def message(self, widget: Widget) -> Made:
        """send-message: an SMS."""
        text = self._liquid.template(widget.text("body"))
        if not text.strip():
            raise Unsaid("what it sends is a template of theirs")
        to = self._liquid.template(widget.text("to"))
        fields: dict[str, Any] = {"text": {self._language: text}}
        if to and to != "{caller}":
            fields["to"] = to
        return Made("message", fields, {"sent": widget.to("sent"), "failed": widget.to("failed")})

    def reply(self, widget: Widget) -> Made:
        """send-and-wait-for-reply."""
        raise Unsaid("who calls does not answer by message: ask by keys")

    def hang_up(self, widget: Widget) -> Made:
        """What some files have for the end of a call."""
        return Made("hang_up")


def _language(widget: Widget) -> str:
    return language_of(widget.text("language")) or language_of_voice(widget.text("voice"))


def _exit(event: str) -> str:
    return re.sub(r"^\$+", "", event)[:40].strip() or "next"


def _texts(widget: Widget) -> list[str]:
    """Every text of a widget."""
    found: list[str] = [text for one in widget.conditions for text in (one.looked_at, one.value)]
    todo: list[Any] = [widget.properties]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            todo += value.values()
        elif isinstance(value, list):
            todo += value
        elif isinstance(value, str):
            found.append(value)
    return found


def _expression(type: str, looked_at: str, value: str) -> str:
    """A comparison our ops do not have; '' if expressions do not have it either."""
    if not value or len(value) > 150:
        return ""
    text = repr(value)
    if type == "regex":
        pattern = value.removeprefix("^").removesuffix("$")
        try:
            compile_pattern(pattern)
        except BadPattern:
            return ""
        return f"matches({looked_at}, {pattern!r})"
    return {
        "contains": f"{text} in {looked_at}",
        "does_not_contain": f"{text} not in {looked_at}",
        "starts_with": f"starts_with({looked_at}, {text})",
        "does_not_start_with": f"not starts_with({looked_at}, {text})",
        "equal_to": f"{looked_at} == {text}",
        "not_equal_to": f"{looked_at} != {text}",
    }.get(type, "")


_METHODS: dict[str, Callable[[Any, Widget], Made | Goto]] = {
    "trigger": _Widgets.trigger,
    "say-play": _Widgets.say,
    "gather-input-on-call": _Widgets.gather,
    "split-based-on": _Widgets.split,
    "set-variables": _Widgets.set_variables,
    "make-http-request": _Widgets.http,
    "http-request": _Widgets.http,
    "run-function": _Widgets.function,
    "enqueue-call": _Widgets.queue,
    "send-to-flex": _Widgets.queue,
    "connect-call-to": _Widgets.dial,
    "run-subflow": _Widgets.subflow,
    "record-voicemail": _Widgets.voicemail,
    "send-message": _Widgets.message,
    "send-and-wait-for-reply": _Widgets.reply,
    "hangup": _Widgets.hang_up,
    "hang-up": _Widgets.hang_up,
}
