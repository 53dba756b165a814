"""What becomes of the actions of Amazon Connect.

Each type of action is one method of ``_Actions``, or has its reason in ``_NOT_HERE``. What a method cannot
say in our nodes raises ``Unsaid`` with the reason.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from ivr.importing import connect_file
from ivr.importing.building import Goto, Made, Part, Plan, placeholder, queue_id
from ivr.importing.connect_file import Action, Condition, agent_of, exit_name, targets
from ivr.importing.reading import (
    Json,
    mapping,
    number,
    whole,
    words,
)
from ivr.importing.words import (
    Names,
    Variables,
    id_of,
    language_of,
    language_of_voice,
    node_name,
    prompt,
    sound_name,
    spoken,
    without_braces,
)

_REFERENCE = re.compile(r"\$\.([A-Za-z]+)((?:\.[\w:-]+|\['[^']*'\]|\[[0-9]+\])*)")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_OURS = {
    "CustomerEndpoint.Address": "caller",
    "SystemEndpoint.Address": "dialled",
    "ContactId": "call",
    "InitialContactId": "call",
    "LanguageCode": "language",
    "Queue.Name": "working_queue",
    "Queue.ARN": "working_queue",
}
"""Their references that we have already."""
_ALWAYS = {"Channel": "VOICE", "InitiationMethod": "INBOUND"}
"""Their references that are the same in every call of ours."""
_OPS = {
    "Equals": "is",
    "NotEquals": "is_not",
    "TextStartsWith": "starts_with",
    "NumberGreaterThan": "more",
    "NumberGreaterOrEqualTo": "at_least",
    "NumberLessThan": "less",
    "NumberLessOrEqualTo": "at_most",
}
_FIGURES = {
    "NumberOfAgentsAvailable": "queue_available",
    "NumberOfAgentsStaffed": "queue_staffed",
    "NumberOfAgentsOnline": "queue_staffed",
    "NumberOfContactsInQueue": "queue_waiting",
    "OldestContactInQueueAgeSeconds": "queue_wait_s",
}
ANY_QUEUE, AN_AGENT = "?", "@"
"""A queue that is known only while the call runs, and the queue of one agent."""


_NOT_HERE = {
    "InvokeLambdaFunction": "functions of theirs do not run here: ask by an http or a record node",
    "UpdateContactRecordingBehavior": "what is recorded is not decided by a flow here",
    "UpdateContactMediaStreamingBehavior": "sound is not streamed elsewhere",
    "UpdateContactEventHooks": "what waiting callers and agents hear is configured at the queue",
    "UpdateContactRoutingBehavior": "write priority at the queue node",
    "ConnectParticipantWithLexBot": "there is no bot: ask by keys, with a menu",
    "MessageParticipantIteratively": "what is played again and again to who waits is configured at the queue",
    "CreateCallbackContact": "a callback node offers it, and keeps the place",
}
"""Why what they have is not here."""


class Unsaid(Exception):
    """Nothing of ours does what the node did; the text says why."""


def plan(export: Json) -> Plan:
    """What a file says. Raises FlowImportError if it is no export of Amazon Connect."""
    file = connect_file.read(export)
    return _Actions(file.actions, file.start, file.title).plan()


class _Actions:
    """The actions of one flow, and what becomes of each."""

    def __init__(self, actions: dict[str, Action], start: str, title: str) -> None:
        self._actions = actions
        self._start = start
        self._title = title
        self._variables = Variables()
        self._working_queue = self._variables.name("$.Queue", "working_queue")
        self._always: dict[str, str] = {}
        self._languages = self._spoken()
        self._working_agent = self._variables.name("$.Agent of the queue", "working_agent")
        self._to_agents = any(
            one.type == "UpdateContactTargetQueue" and agent_of(one) for one in actions.values()
        )
        self._queues = self._queues_at()
        self._notes: list[str] = []
        self._losses: list[str] = []

    def plan(self) -> Plan:
        """All of it."""
        parts = {id: self._part(action) for id, action in self._actions.items()}
        return Plan(Goto(self._start), parts, self._languages, self._title, self._always)

    def _part(self, action: Action) -> Part:
        self._notes, self._losses = [], []
        method = _METHODS.get(action.type)
        try:
            if method is None:
                raise Unsaid(_NOT_HERE.get(action.type, "nothing here does what it did"))
            made = method(self, action)
        except Unsaid as unsaid:
            self._losses = []
            made = self._placeholder(action, str(unsaid))
        if isinstance(made, Made) and not _UUID.fullmatch(action.id):
            made.hint = action.id
        return Part(action.id, self._origin(action), made, self._notes, self._losses)

    def _origin(self, action: Action) -> str:
        what = words(action.parameters.get("Text")) or next(iter(action.names.values()), "")
        id = action.id[:8] if _UUID.fullmatch(action.id) else action.id[:50]
        return f"{action.shown[:50]} {id}" + (f": {what[:60]}" if what else "")

    def _placeholder(self, action: Action, why: str) -> Made:
        self._notes.append(f"placeholder: {why}")
        shown = {key: value for key, value in action.parameters.items() if words(value)}
        self._notes += [f"{words(key)[:60]}: {words(value)[:120]}" for key, value in list(shown.items())[:6]]
        for key, value in mapping(action.parameters.get("LambdaInvocationAttributes")).items():
            self._notes.append(f"it was given {words(key)[:60]}: {self._template(words(value)[:120])}")
        others: dict[str, Goto] = {}
        if action.next and action.next != action.failure:
            others["done"] = Goto(action.next)
        for condition in action.conditions:
            others.setdefault(
                exit_name(" ".join(condition.operands) or condition.operator), Goto(condition.target)
            )
        for error, target in action.errors.items():
            others.setdefault(exit_name(error), Goto(target))
        others = {e: t for e, t in others.items() if t.node != action.failure and e != "failed"}
        return placeholder(f"{action.shown} {action.id}"[:120], Goto(action.failure), others)

    # ------------------------------------------------------------ looking at the whole flow

    def _spoken(self) -> tuple[str, ...]:
        """The languages of its voices, the one it begins with first."""
        found: dict[str, None] = {}
        todo, seen = [self._start], set()
        while todo:
            id = todo.pop(0)
            action = self._actions.get(id)
            if action is None or id in seen:
                continue
            seen.add(id)
            if language := self._language(action):
                found[language] = None
            todo += targets(action)
        return tuple(found) or ("en",)

    def _language(self, action: Action) -> str:
        if action.type == "UpdateContactTextToSpeechVoice":
            return language_of_voice(words(action.parameters.get("TextToSpeechVoice")))
        if action.type == "UpdateContactData":
            return language_of(words(action.parameters.get("LanguageCode")))
        return ""

    def _queues_at(self) -> dict[str, frozenset[str]]:
        """For each action, the queues that may be the working queue when a call comes there."""
        found: dict[str, frozenset[str]] = {self._start: frozenset()}
        todo = [self._start]
        while todo:
            id = todo.pop()
            action = self._actions.get(id)
            if action is None:
                continue
            after = found[id]
            if action.type == "UpdateContactTargetQueue":
                after = frozenset({self._queue_named(action)})
            for target in targets(action):
                before = found.get(target)
                now = after if before is None else before | after
                if now != before:
                    found[target] = now
                    todo.append(target)
        return found

    def _queue_named(self, action: Action) -> str:
        """The name of the queue an action speaks of; ``ANY_QUEUE`` if it is known only in the call."""
        if agent_of(action):
            return AN_AGENT
        queue = words(action.parameters.get("QueueId"))
        if not queue or queue.startswith("$."):
            return ANY_QUEUE
        return self._named(action, queue, "QueueId", "queue", "queuename")

    def _named(self, action: Action, id: str, *keys: str) -> str:
        """The name of something the file has the id of."""
        for key in keys:
            if name := action.names.get(key):
                return name
        return id.rpartition("/")[2]

    # ------------------------------------------------------------ texts and values

    def _template(self, text: str) -> str:
        """Text with their references as places of ours."""
        last, pieces = 0, []
        for found in _REFERENCE.finditer(text):
            pieces += [without_braces(text[last : found.start()]), "{" + self._variable(found) + "}"]
            last = found.end()
        return "".join([*pieces, without_braces(text[last:])])

    def _variable(self, found: re.Match[str]) -> str:
        path = [part for part in re.split(r"[.\[\]']+", found[2]) if part]
        theirs = ".".join([found[1], *path])
        if theirs in _ALWAYS:
            name = self._variables.name(theirs, f"contact_{found[1]}")
            self._always[name] = _ALWAYS[theirs]
            return name
        if theirs in _OURS:
            return self._working_queue if _OURS[theirs] == "working_queue" else _OURS[theirs]
        if found[1] in ("Attributes", "FlowAttributes", "SegmentAttributes") and path:
            return self._variables.name(theirs, "_".join(path))
        wish = {"StoredCustomerInput": "stored_input"}.get(theirs, "_".join([found[1].lower(), *path]))
        return self._variables.name(theirs, wish)

    def _reference(self, text: str) -> str:
        """The variable a whole text stands for. Raises Unsaid if it is none."""
        found = _REFERENCE.fullmatch(text)
        if found is None:
            raise Unsaid(f"it looks at {text[:60] or 'nothing'}, which is no variable")
        return self._variable(found)

    def _value(self, text: str) -> str:
        """Text a variable is set to."""
        made = self._template(text)
        return f" {made}" if made.startswith("=") else made

    def _said(self, parameters: Json, action: Action) -> list[Any]:
        """What a prompt says, as parts. Raises Unsaid for a recording chosen in the call."""
        for key in ("Text", "SSML"):
            if text := words(parameters.get(key)):
                return spoken(self._template(text))
        sound = words(parameters.get("PromptId")) or words(mapping(parameters.get("Media")).get("Uri"))
        if not sound:
            return []
        if sound.startswith("$."):
            raise Unsaid(f"which recording is played is decided in the call ({sound[:60]})")
        title = self._named(action, sound, "PromptId", "promptname", "prompt", "audio")
        self._notes.append(f"record {title[:60]} anew, or take the file over")
        return [{"sound": sound_name(title)}]

    def _prompts(self, parts: list[Any]) -> dict[str, Any]:
        return {language: prompt(parts) for language in self._languages}

    def _failing(self, action: Action, *past: str | None) -> dict[str, Goto | Made]:
        """The exit ``failed``, where the failure leads elsewhere than what follows anyway."""
        target = action.errors.get("NoMatchingError")
        return {} if target is None or target in past else {"failed": Goto(target)}

    # ------------------------------------------------------------ what becomes of each type

    def message(self, action: Action) -> Made | Goto:
        """MessageParticipant."""
        parts = self._said(action.parameters, action)
        if not parts:
            self._notes.append("it says nothing")
            return Goto(action.next)
        exits: dict[str, Goto | Made] = {"done": Goto(action.next)}
        return Made(
            "say", {"prompts": self._prompts(parts)}, exits | self._failing(action, action.next), "say"
        )

    def disconnect(self, action: Action) -> Made:
        """DisconnectParticipant, EndFlowExecution."""
        return Made("hang_up", hint="hang_up")

    def come_back(self, action: Action) -> Made:
        """EndFlowModuleExecution: a module goes back to the flow that invoked it."""
        return Made("return", hint="back")

    def ask(self, action: Action) -> Made:
        """GetParticipantInput: a choice by key, or digits to be kept."""
        keys = {
            c.operands[0]: c
            for c in action.conditions
            if c.operands and re.fullmatch("[0-9*#]", c.operands[0])
        }
        stored = words(action.parameters.get("StoreInput")).lower() == "true"
        return self._collect(action) if stored or not keys else self._menu(action, keys)

    def _menu(self, action: Action, keys: dict[str, Condition]) -> Made:
        silence = action.errors.get("InputTimeLimitExceeded") or action.failure
        wrong = action.errors.get("NoMatchingCondition") or action.failure
        exits: dict[str, Goto | Made] = {key: Goto(one.target) for key, one in keys.items()}
        exits |= {"no_input": Goto(silence), "no_match": Goto(wrong)}
        lost = [c.operands for c in action.conditions if not c.operands or c.operands[0] not in keys]
        if lost:
            self._losses.append(
                "only keys are understood, not " + ", ".join(" ".join(o)[:30] for o in lost[:5])
            )
        return Made("menu", self._asking(action), exits | self._failing(action, silence, wrong), "menu")

    def _collect(self, action: Action) -> Made:
        parameters = action.parameters
        stored = words(parameters.get("StoreInput")).lower() == "true"
        checks = mapping(parameters.get("InputValidation"))
        most = mapping(checks.get("CustomValidation")).get("MaximumLength")
        keys = mapping(parameters.get("DTMFConfiguration"))
        ends = words(keys.get("InputTerminationSequence"))
        into = self._variables.name("StoredCustomerInput", "stored_input")
        fields = {**self._asking(action), "into": into, "max": whole(most, 20, 1, 64) if stored else 1}
        if ends == "*":
            fields["terminator"] = "*"
        elif ends not in ("", "#"):
            self._losses.append(f"the entry ends with # and not with {ends[:20]}")
        if "PhoneNumberValidation" in checks:
            self._losses.append("that it is a telephone number is not looked at")
        if mapping(parameters.get("InputEncryption")):
            self._losses.append("it was encrypted: see sensitive in the page on flows")
        silence = action.errors.get("InputTimeLimitExceeded") or action.next
        wrong = action.errors.get("InvalidPhoneNumber") or silence
        # Who types nothing is told apart by this word there.
        timeout = Made("set", {"values": {into: "Timeout"}}, {"done": Goto(silence)}, "no_entry")
        done = action.next if stored else action.errors.get("NoMatchingCondition") or action.next
        exits: dict[str, Goto | Made] = {
            "done": Goto(done),
            "no_input": timeout,
            "no_match": timeout if wrong == silence else Goto(wrong),
        }
        return Made("collect", fields, exits | self._failing(action, done, silence, wrong), "collect")

    def _asking(self, action: Action) -> dict[str, Any]:
        keys = mapping(action.parameters.get("DTMFConfiguration"))
        wait = action.parameters.get("InputTimeLimitSeconds") or keys.get("InterdigitTimeLimitSeconds")
        parts = self._said(action.parameters, action)
        return {"prompts": self._prompts(parts), "timeout_s": whole(wait, 5, 1, 120), "retries": 0}

    def set_attributes(self, action: Action) -> Made | Goto:
        """UpdateContactAttributes."""
        values: dict[str, str] = {}
        for name, value in mapping(action.parameters.get("Attributes")).items():
            if words(name):
                key = f"Attributes.{words(name)}"
                values[self._variables.name(key, words(name))] = self._value(words(value))
        if words(action.parameters.get("TargetContact")) == "Related":
            self._losses.append("the related contact does not get them")
        return self._set(action, values, "set")

    def _set(self, action: Action, values: Mapping[str, str], hint: str) -> Made | Goto:
        if not values:
            self._notes.append("it sets nothing")
            return Goto(action.next)
        exits: dict[str, Goto | Made] = {"done": Goto(action.next)}
        return Made("set", {"values": dict(values)}, exits | self._failing(action, action.next), hint)

    def set_queue(self, action: Action) -> Made | Goto:
        """UpdateContactTargetQueue."""
        queue, name = words(action.parameters.get("QueueId")), self._queue_named(action)
        if name == AN_AGENT:
            self._notes.append("agents are asked by their ids")
            return self._set(action, {self._working_agent: self._value(agent_of(action))}, "set_agent")
        values = {self._working_queue: self._value(queue) if name == ANY_QUEUE else without_braces(name)}
        if self._to_agents:
            values[self._working_agent] = ""
        return self._set(action, values, "set_queue")

    def to_queue(self, action: Action) -> Made:
        """TransferContactToQueue: one node, or one for each queue that may have been set before."""
        given = words(action.parameters.get("QueueId"))
        queues = frozenset({self._queue_named(action)}) if given else self._queues.get(action.id, frozenset())
        if AN_AGENT not in queues:
            return self._to_queues(action, queues)
        agent = self._queue(action, "default", self._working_agent)
        if queues == {AN_AGENT}:
            return agent
        case = {"variable": self._working_agent, "op": "set", "exit": "agent"}
        exits: dict[str, Goto | Made] = {
            "agent": agent,
            "otherwise": self._to_queues(action, queues - {AN_AGENT}),
        }
        return Made("branch", {"cases": [case]}, exits, "whom")

    def _to_queues(self, action: Action, queues: frozenset[str]) -> Made:
        named = sorted(queues - {ANY_QUEUE})
        if ANY_QUEUE in queues:
            self._losses.append(
                "which queue is decided in the call; only those named in the flow are known here"
            )
        if not queues:
            self._losses.append("no queue was set before it: it is the default queue")
        if len(named) == 1 and ANY_QUEUE not in queues:
            return self._queue(action, queue_id(named[0]))
        otherwise = self._queue(action, "default")
        if not named:
            return otherwise
        cases, exits = [], dict[str, Goto | Made]()
        names = Names(frozenset({"otherwise", "failed"}))
        for name in named:
            exit = names.new(queue_id(name))
            value = without_braces(name)
            cases.append({"variable": self._working_queue, "op": "is", "value": value, "exit": exit})
            exits[exit] = self._queue(action, queue_id(name))
        return Made("branch", {"cases": cases}, exits | {"otherwise": otherwise}, "which_queue")

    def _queue(self, action: Action, id: str, agent: str = "") -> Made:
        exits: dict[str, Goto | Made] = {"default": Goto(action.errors.get("NoMatchingError") or action.next)}
        if full := action.errors.get("QueueAtCapacity"):
            exits["full"] = Goto(full)
        if agent:
            return Made("transfer", {"agent": f"{{{agent}}}", "queue": id}, exits, "agent")
        return Made("queue", {"queue": id}, exits, f"queue_{id}")

    def to_number(self, action: Action) -> Made:
        """TransferParticipantToThirdParty."""
        number = self._template(words(action.parameters.get("ThirdPartyPhoneNumber")))
        if not number.strip():
            raise Unsaid("there is no number to dial")
        if words(action.parameters.get("ContinueFlowExecution")).lower() == "true" and action.next:
            self._losses.append("what comes after the conversation")
        if words(action.parameters.get("ThirdPartyDTMFDigits")):
            self._losses.append("the keys it presses once it is answered")
        return Made("transfer", {"number": number}, {"failed": Goto(action.failure)}, "transfer")

    def to_flow(self, action: Action) -> Made:
        """TransferToFlow: for good."""
        return Made(
            "go", {"flow": self._flow(action, "ContactFlowId")}, {"failed": Goto(action.failure)}, "go"
        )

    def call_flow(self, action: Action) -> Made:
        """InvokeFlowModule: and back."""
        flow = self._flow(action, "FlowModuleId", "ContactFlowModuleId")
        exits: dict[str, Goto | Made] = {"done": Goto(action.next)}
        for one in action.conditions:
            exits.setdefault(exit_name(" ".join(one.operands)), Goto(one.target))
        self._losses.append("its module has to be brought over too")
        return Made("subflow", {"flow": flow}, exits | self._failing(action, action.next), "subflow")

    def _flow(self, action: Action, *keys: str) -> str:
        """The name of the flow an action names. Raises Unsaid if it is known only in the call."""
        id = next((found for key in keys if (found := words(action.parameters.get(key)))), "")
        if not id or id.startswith("$."):
            raise Unsaid(f"which flow is decided in the call ({id[:60]})")
        title = self._named(action, id, *keys, "contactflow", "flowmodule", "contactflowname")
        if template := re.search(r"[\"']([\w -]+)[\"']\]?\}?$", title):
            title = template[1]  # where a tool fills in the id: ${flows["main"]}
        return node_name(title, "flow")

    def check_hours(self, action: Action) -> Made:
        """CheckHoursOfOperation."""
        id = words(action.parameters.get("HoursOfOperationId"))
        if id.startswith("$."):
            raise Unsaid("which calendar is asked is decided in the call")
        if id:
            calendar = id_of(self._named(action, id, "HoursOfOperationId", "hours"), "hours")
        else:
            queues = sorted(self._queues.get(action.id, frozenset()) - {ANY_QUEUE, AN_AGENT})
            calendar = queue_id(queues[0]) if len(queues) == 1 else "hours"
            self._notes.append("it asked for the hours of the queue: make a calendar for them")
        open, closed = self._way(action, "True"), self._way(action, "False")
        exits: dict[str, Goto | Made] = {"open": Goto(open), "closed": Goto(closed)}
        return Made("hours", {"calendar": calendar}, exits | self._failing(action, open, closed), "hours")

    def _way(self, action: Action, operand: str) -> str | None:
        found = (c.target for c in action.conditions if operand in c.operands)
        return next(found, action.errors.get("NoMatchingCondition") or action.failure)

    def check_metric(self, action: Action) -> Made:
        """CheckMetricData."""
        queue, figure = self._looked_at(action)
        made = self._branch(action, figure)
        return Made("queue_state", {"queue": queue, **made.fields}, made.exits, "queue_state")

    def check_staffing(self, action: Action) -> Made:
        """CheckMetricData of agents, as the older form has it: is there any?"""
        queue, figure = self._looked_at(action)
        yes, no = Goto(self._way(action, "True")), Goto(self._way(action, "False"))
        cases = [{"variable": figure, "op": "more", "value": 0, "exit": "yes"}]
        exits: dict[str, Goto | Made] = {"yes": yes, "otherwise": no, "failed": Goto(action.failure)}
        return Made("queue_state", {"queue": queue, "cases": cases}, exits, "queue_state")

    def _looked_at(self, action: Action) -> tuple[str, str]:
        """The queue and the figure of it. Raises Unsaid."""
        metric = words(action.parameters.get("MetricType"))
        figure = _FIGURES.get(metric)
        if figure is None:
            raise Unsaid(f"there is no figure {metric[:60]}")
        if agent_of(action):
            raise Unsaid("whether one agent is there is not asked beforehand: write prefer at the queue node")
        if metric in ("OldestContactInQueueAgeSeconds", "NumberOfAgentsOnline"):
            self._losses.append(f"{figure} is much like {metric} and not quite the same")
        given = words(action.parameters.get("QueueId"))
        queues = {self._queue_named(action)} if given else self._queues.get(action.id, frozenset())
        if len(queues) != 1 or queues & {ANY_QUEUE, AN_AGENT}:
            raise Unsaid("which queue is looked at is decided in the call, or none was set before it")
        return queue_id(next(iter(queues))), figure

    def compare(self, action: Action) -> Made:
        """Compare."""
        return self._branch(action, self._reference(words(action.parameters.get("ComparisonValue"))))

    def _branch(self, action: Action, variable: str) -> Made:
        names = Names(frozenset({"otherwise", "failed"}))
        cases, exits = [], dict[str, Goto | Made]()
        for one in action.conditions:
            exit = names.new(id_of(" ".join(one.operands), "case", 30))
            cases.append({**self._case(variable, one), "exit": exit})
            exits[exit] = Goto(one.target)
        otherwise = Goto(action.errors.get("NoMatchingCondition") or action.failure)
        if not cases:
            cases, exits = [{"if": "false", "exit": "never"}], {"never": otherwise}
        return Made(
            "branch", {"cases": cases}, {**exits, "otherwise": otherwise, "failed": otherwise}, "branch"
        )

    def _case(self, variable: str, one: Condition) -> dict[str, Any]:
        values = list(one.operands)
        op, first = _OPS.get(one.operator, ""), values[0] if values else ""
        if op == "is" and (other := _REFERENCE.fullmatch(first)):
            return {"if": f"{variable} == {self._variable(other)}"}
        if op in ("more", "at_least", "less", "at_most"):
            found = number(first)
            if found is not None:
                return {"variable": variable, "op": op, "value": int(found) if found.is_integer() else found}
        elif op == "is" and len(values) > 1:
            return {"variable": variable, "op": "in", "value": values}
        elif op:
            return {"variable": variable, "op": op, "value": first}
        elif one.operator in ("TextContains", "TextEndsWith") and len(first) < 200:
            held = f"{first!r} in {variable}"
            return {"if": held if one.operator == "TextContains" else f"ends_with({variable}, {first!r})"}
        self._losses.append(f"it never holds here: {one.operator[:40]} {first[:40]}")
        return {"if": "false"}

    def loop(self, action: Action) -> Made:
        """Loop."""
        count = number(action.parameters.get("LoopCount"))
        if count is None:
            raise Unsaid("how often it loops is decided in the call")
        if count > 50:
            self._losses.append("a loop of ours goes round 50 times at most")
        variable = self._variables.name(f"loop {action.id}", "loops")
        again, done = self._way(action, "ContinueLooping"), self._way(action, "DoneLooping")
        exits: dict[str, Goto | Made] = {"again": Goto(again), "done": Goto(done)}
        return Made("loop", {"variable": variable, "times": whole(count, 1, 1, 50)}, exits, "loop")

    def split(self, action: Action) -> Made:
        """DistributeByPercentage: a number from 1 to 100, held against rising bounds."""
        bounds: list[tuple[float, str]] = []
        for one in action.conditions:
            bound = number(one.operands[0]) if one.operands else None
            if bound is None or not one.operator.endswith("LessThan"):
                raise Unsaid("its shares cannot be read")
            bounds.append((min(max(bound - 1, 0), 100), one.target))
        parts, exits, before = dict[str, float](), dict[str, Goto | Made](), 0.0
        names = Names(frozenset({"failed"}))
        rest = action.errors.get("NoMatchingCondition") or action.failure
        for bound, target in [*sorted(bounds), (100.0, rest or "")]:
            share = bound - before
            if share > 0:
                exit = names.new(f"share_{share:g}".replace(".", "_"))
                parts[exit], exits[exit] = share, Goto(target or None)
                before = bound
        return Made("split", {"parts": parts}, exits, "split")

    def wait(self, action: Action) -> Made:
        """Wait: a short one is silence."""
        seconds = number(action.parameters.get("TimeLimitSeconds"))
        if seconds is None or not 0 < seconds <= 60:
            raise Unsaid("a wait of more than a minute")
        ms = int(seconds * 1000)
        parts = [{"tone": 0, "ms": min(10_000, ms - done)} for done in range(0, ms - 9, 10_000)]
        done = self._way(action, "WaitCompleted") if action.conditions else action.next
        exits: dict[str, Goto | Made] = {"done": Goto(done)}
        if any("CustomerReturned" in one.operands for one in action.conditions):
            self._losses.append("that the customer comes back meanwhile is of chats")
        fields = {"prompts": self._prompts(parts or [{"tone": 0, "ms": 100}]), "barge_in": False}
        return Made("say", fields, exits | self._failing(action, done), "wait")

    def voice(self, action: Action) -> Made | Goto:
        """UpdateContactTextToSpeechVoice, UpdateContactData: the language spoken from here on."""
        language = self._language(action)
        if not language:
            raise Unsaid("the voice's language is not known")
        if len(self._languages) == 1:
            self._notes.append(f"the flow speaks {language} all through")
            return Goto(action.next)
        return self._set(action, {"language": language}, f"speak_{language}")

    def callback_number(self, action: Action) -> Made | Goto:
        """UpdateContactCallbackNumber."""
        name = self._variables.name("callback number", "callback_number")
        value = self._value(words(action.parameters.get("CallbackNumber")))
        for error in ("InvalidCallbackNumber", "CallbackNumberNotDialable"):
            if target := action.errors.get(error):
                self._losses.append("whether the number can be dialled is not looked at")
                exits: dict[str, Goto | Made] = {"done": Goto(action.next), "failed": Goto(target)}
                return Made("set", {"values": {name: value}}, exits, "callback_number")
        return self._set(action, {name: value}, "callback_number")

    def nothing(self, action: Action) -> Goto:
        """UpdateFlowLoggingBehavior."""
        self._notes.append("every call is journaled here")
        return Goto(action.next)


_METHODS: dict[str, Callable[[Any, Action], Made | Goto]] = {
    "MessageParticipant": _Actions.message,
    "DisconnectParticipant": _Actions.disconnect,
    "EndFlowExecution": _Actions.disconnect,
    "EndFlowModuleExecution": _Actions.come_back,
    "GetParticipantInput": _Actions.ask,
    "UpdateContactAttributes": _Actions.set_attributes,
    "UpdateFlowAttributes": _Actions.set_attributes,
    "UpdateContactTargetQueue": _Actions.set_queue,
    "TransferContactToQueue": _Actions.to_queue,
    "DequeueContactAndTransferToQueue": _Actions.to_queue,
    "TransferParticipantToThirdParty": _Actions.to_number,
    "TransferToFlow": _Actions.to_flow,
    "TransferContactToFlow": _Actions.to_flow,
    "InvokeFlowModule": _Actions.call_flow,
    "CheckHoursOfOperation": _Actions.check_hours,
    "CheckMetricData": _Actions.check_metric,
    "CheckStaffing": _Actions.check_staffing,
    "Compare": _Actions.compare,
    "Loop": _Actions.loop,
    "DistributeByPercentage": _Actions.split,
    "Wait": _Actions.wait,
    "UpdateContactTextToSpeechVoice": _Actions.voice,
    "UpdateContactData": _Actions.voice,
    "UpdateContactCallbackNumber": _Actions.callback_number,
    "UpdateFlowLoggingBehavior": _Actions.nothing,
}
