"""One call's walk through its flow: a pure machine, serialisable at every step.

Facts of ``domain.flow`` and ``CallerIdentified`` go in with the time, intents come out. A mistake in a
flow never drops a caller: it takes the node's ``failed`` exit, else the flow's ``on_error`` node, else (in a
flow that another called) the ``failed`` exit of the node that called it, and so on, else the last resort (an
apology, the default queue, a message). Steps that take neither time nor input are
bounded, and so are steps the caller answers nothing to, so a walk always ends.
"""

from typing import Any

from domain.crm import CallerIdentified
from domain.flow import (
    Answered,
    Ask,
    DigitHeard,
    EndCall,
    FlowIntent,
    FlowStarted,
    MessageTaken,
    PathTaken,
    PromptEnded,
    SecretHeard,
)
from domain.ids import CallId, PlayId
from domain.instant import NEVER, Instant
from ivr.flow import ENTRY, RETURN, Flow, FlowTrouble, Node
from ivr.nodes.last_resort import APOLOGY, END, QUEUE, last_resort
from ivr.walk import Context, FlowSessionState, Walk

MAX_STEPS = 100
"""Nodes entered for one fact before the flow counts as going in circles."""

MAX_QUIET_STEPS = 300
"""Nodes entered without a key from the caller before the flow counts as going in circles."""

HANDLER_TRIES = 3
"""Times a call is handed to the flow's own handler before the last resort takes over."""


class Session:
    """A call in its flow. Facts of other calls, of old prompts and after the end change nothing."""

    __slots__ = ("_walk",)

    def __init__(self, walk: Walk) -> None:
        self._walk = walk

    @classmethod
    def start(
        cls, flow: Flow, call: CallId, caller: str, dialled: str, now: Instant, context: Context | None = None
    ) -> "Session":
        """A session at the door of ``flow``; ``FlowStarted`` sets it going."""
        context = context or Context()
        state = FlowSessionState(flow.name, flow.version, call, caller, dialled, now)
        state.variables = {
            **context.variables,
            "language": flow.languages[0],
            "call": call,
            "caller": caller,
            "dialled": dialled,
        }
        return cls(Walk(flow, state, context))

    @classmethod
    def in_queue(
        cls, flow: Flow, call: CallId, caller: str, dialled: str, now: Instant, context: Context | None = None
    ) -> "Session":
        """A session of a call that came through no flow: it stands in the last resort's queue, and goes on
        from there when a queue gives the call back.
        """
        session = cls.start(flow, call, caller, dialled, now, context)
        session.state.node = QUEUE
        return session

    @classmethod
    def restore(cls, flow: Flow, state: FlowSessionState, context: Context | None = None) -> "Session":
        """A session as it was. A node that ``flow`` has lost is a mistake of the flow."""
        return cls(Walk(flow, state, context or Context()))

    @property
    def state(self) -> FlowSessionState:
        """Everything the session knows; encode it before the next fact, it is not a copy."""
        return self._walk.state

    @property
    def flow(self) -> Flow:
        """The flow it walks through, in the version it started with."""
        return self._walk.flow

    @property
    def unanswered(self) -> Ask | None:
        """What was asked and not answered yet: after a restart it may have to be asked again."""
        return self.state.asked

    # ------------------------------------------------------------ facts and time

    def handle(self, fact: Any, now: Instant) -> list[FlowIntent]:
        """What follows from one fact."""
        walk, state = self._begin(now), self.state
        if state.ended or getattr(fact, "call", None) != state.call:
            return []
        if isinstance(fact, FlowStarted):
            if state.node == "":
                self._go(self.flow.entry)
            return self._done()
        if isinstance(fact, CallerIdentified):
            self._remember(fact)
        if state.node == "":
            return []
        if isinstance(fact, PromptEnded):
            if not walk.saying or fact.play != state.play:
                return []
            walk.said()
        elif isinstance(fact, MessageTaken):
            if fact.recording != state.recording:
                return []
        elif isinstance(fact, Answered):
            if state.asked is None or fact.ask != state.asked.ask:
                return []
            walk.give_up_asking()
        elif isinstance(fact, SecretHeard):
            if not state.concealed or fact.secret != state.concealed:
                return []
            state.quiet_steps = 0
        elif isinstance(fact, DigitHeard):
            if self._swallowed(fact.digit):
                return []
            state.quiet_steps = 0
        self._ask(fact)
        return self._done()

    def wake_at(self) -> Instant | None:
        """When the session next wants to be woken."""
        state = self.state
        times = [at for at in (state.timer, state.ask_until) if at != NEVER]
        return min(times) if times and not state.ended else None

    def wake(self, now: Instant) -> list[FlowIntent]:
        """The time has come: what follows from that (nothing if it has not)."""
        due = self.wake_at()
        if due is None or now < due:
            return []
        walk, state = self._begin(now), self.state
        if state.ask_until != NEVER and state.ask_until <= now:
            state.ask_until = NEVER
            self._ask(None)
            return self._done()
        state.timer = NEVER
        if walk.saying:  # the end of the prompt was never reported
            play = state.play
            walk.said()
            self._ask(PromptEnded(walk.call, PlayId(play)))
        else:
            self._ask(None)
        return self._done()

    def _begin(self, now: Instant) -> Walk:
        self._walk.now = now
        self._walk.out = []
        return self._walk

    def _done(self) -> list[FlowIntent]:
        out, self._walk.out = self._walk.out, []
        return out

    # ------------------------------------------------------------ walking

    def _ask(self, fact: Any) -> None:
        """Let the node the call stands on answer ``fact`` (None: its time is up), and walk on from there."""
        node = self._node(self.state.node)
        if node is None:
            self._go(self._help(f"node {self.state.node} is not in this version of the flow"))
            return
        try:
            exit = node.time_up(self._walk) if fact is None else node.hear(self._walk, fact)
        except FlowTrouble as trouble:
            self._go(self._trouble(node, str(trouble)))
            return
        if exit is not None:
            self._go(self._target(node, exit))

    def _go(self, target: str) -> None:
        """Enter ``target`` and every node that follows at once, until one waits or the call ends."""
        steps, state = 0, self.state
        while not state.ended:
            steps += 1
            state.quiet_steps += 1
            if steps > MAX_STEPS or state.quiet_steps > MAX_QUIET_STEPS:
                steps = state.quiet_steps = 0
                target = self._help(f"the flow goes in circles at node {target}")
            node = self._node(target)
            if node is None:
                target = self._help(f"there is no node {target}")
                continue
            self._stand_on(node)
            try:
                exit = node.enter(self._walk)
            except FlowTrouble as trouble:
                target = self._trouble(node, str(trouble))
                continue
            if self._walk.out and isinstance(self._walk.out[-1], EndCall):
                state.ended = True
            if exit is None:
                return
            target = self._target(node, exit)

    def _stand_on(self, node: Node) -> None:
        state = self.state
        self._walk.reveal()
        self._walk.give_up_asking()
        state.node = node.id
        state.step = ""
        state.play = state.recording = state.digits = ""
        state.tries = 0
        state.timer = NEVER
        state.to_tell, state.proposed, state.leaving = [], False, ""
        if not node.TYPE_AHEAD:
            state.typed = ""
        self._walk.out.append(PathTaken(self._walk.call, node.id))

    def _target(self, node: Node, exit: str) -> str:
        if exit.startswith("$"):  # no name a flow can write: what stands behind every flow
            return self.flow.entry if exit == ENTRY else self._returned(exit)
        target = node.exits.get(exit)
        return target if target is not None else self._trouble(node, f"exit {exit} leads nowhere")

    def _returned(self, exit: str) -> str:
        if not exit.startswith(RETURN):
            return exit
        name, _, by = exit.removeprefix(RETURN).partition(":")
        node = self._node(name)
        return self._help(f"there is no node {name} to return to") if node is None else self._target(node, by)

    def _trouble(self, node: Node, reason: str) -> str:
        """Where a mistake at ``node`` leads: its ``failed`` exit, else the handler, else the last resort."""
        failed = node.exits.get("failed")
        if failed is None:
            return self._help(f"{node.id}: {reason}")
        self.state.trouble = f"{node.id}: {reason}"
        return failed

    def _help(self, reason: str) -> str:
        self.state.trouble = reason
        self.state.troubles += 1
        self.state.typed = ""
        while self.state.troubles <= HANDLER_TRIES:
            if self.flow.on_error:
                return self.flow.on_error
            caller = self._calling_node()
            if caller is None:
                break
            if "failed" in caller.exits:
                return caller.exits["failed"]
        self.state.stack = []
        # The last resort has no way back into the flow, so a second visit can only be its end.
        return APOLOGY if self.state.troubles <= HANDLER_TRIES + 2 else END

    def _calling_node(self) -> Node | None:
        """Back in the flow that called this one, which has failed: the node that called it."""
        try:
            frame = self._walk.come_back()
        except FlowTrouble:
            return self._calling_node()
        if frame is None:
            return None
        return self._node(frame.node) or self._calling_node()

    # ------------------------------------------------------------ small decisions

    def _node(self, name: str) -> Node | None:
        flow = self.flow
        return flow.nodes.get(name) or last_resort(flow.default_queue, flow.languages).get(name)

    def _remember(self, fact: CallerIdentified) -> None:
        """A late answer still helps the queue, but never replaces a better one."""
        known = self.state.customer
        waiting = getattr(self._node(self.state.node), "TYPE", "") == "lookup"
        if waiting or known is None or known.match == "failed":
            self._walk.identified(fact)

    def _swallowed(self, digit: str) -> bool:
        """Whether ``digit`` only closes an entry that was already full."""
        state = self.state
        key, state.swallow = state.swallow, ""
        return key != "" and key == digit and self._walk.now <= state.swallow_until
