"""Where a call stands in its flow (the state), and what a node may see and do there (the walk)."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from domain.codec import register
from domain.crm import CallerIdentified
from domain.flow import Ask, Conceal, FlowIntent, PathTaken, Reveal, Say, StopSaying
from domain.ids import CallId, PlayId, RecordingId
from domain.instant import NEVER, Instant, after
from domain.switch import Prompt, Sound, Speak
from ivr.flow import Flow, FlowTrouble, Prompts, Value
from ivr.templates import SECRET, fill, whole_variable

PLAY_LIMIT_S = 300.0
"""A prompt whose end is never reported counts as ended after this long."""

TYPED_LIMIT = 32
"""Keys pressed ahead that are remembered."""

SWALLOW_S = 2.0
"""For this long after a full entry its terminator key is taken as part of it."""


class Hours(Protocol):
    """Business hours, asked of whoever keeps the calendars. Pure: the same answer for the same instant."""

    def is_open(self, calendar: str, now: Instant) -> bool:
        """Whether ``calendar`` is open. Raises LookupError for a calendar nobody knows."""
        ...


@dataclass(frozen=True, slots=True)
class FixedHours:
    """The in-memory twin of ``Hours``: calendars that are always open or always closed."""

    calendars: dict[str, bool] = field(default_factory=dict)

    def is_open(self, calendar: str, now: Instant) -> bool:
        """As it was given. Raises KeyError for a calendar that was not."""
        return self.calendars[calendar]


AskKind = Literal["record", "http", "transaction", "message", "complaint", "secret"]
Standing = tuple[int, float | None, int, int]
"""How a queue stands: calls that wait, the estimated wait in seconds if there is one, agents who could take a
call now, agents on duty."""


class QueueFigures(Protocol):
    """How queues stand, asked of the live floor, so that a replay hears the same."""

    def figures(self, queue: str) -> Standing | None:
        """How ``queue`` stands now; None for a queue nobody knows."""
        ...


@dataclass(frozen=True, slots=True)
class FixedQueues:
    """The in-memory twin of ``QueueFigures``: queues that always stand the same."""

    queues: dict[str, Standing] = field(default_factory=dict)

    def figures(self, queue: str) -> Standing | None:
        """As it was given."""
        return self.queues.get(queue)


def no_flows(name: str) -> Flow | None:
    """Where no other flows are known."""
    return None


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a session and is not part of its state: who to ask, other flows by name, and variables
    to begin with.

    ``flows`` gives a flow as calls enter it now, ``versions`` one that a call is in already; without the
    second there is only one version of each.
    """

    hours: Hours = field(default_factory=FixedHours)
    variables: dict[str, Value] = field(default_factory=dict)
    flows: Callable[[str], Flow | None] = no_flows
    queues: QueueFigures = field(default_factory=FixedQueues)
    versions: Callable[[str, int], Flow | None] | None = None


MOST_FLOWS = 8
"""Flows a call may be in at once, one called by the other."""


@register
@dataclass(frozen=True, slots=True)
class FlowFrame:
    """Where a call returns to: the node that called another flow, in its version of its flow."""

    flow: str
    version: int
    node: str


@register
@dataclass(slots=True)
class FlowSessionState:
    """Everything a session knows. Instants are microseconds UTC; 0 means not set."""

    flow: str
    version: int
    call: str
    caller: str
    dialled: str
    started: Instant
    node: str = ""
    variables: dict[str, Value] = field(default_factory=dict)
    customer: CallerIdentified | None = None
    plays: int = 0
    play: str = ""
    """The prompt being said, if any."""
    recordings: int = 0
    recording: str = ""
    """The message being taken, if any."""
    digits: str = ""
    """Keys of the entry under way."""
    typed: str = ""
    """Keys pressed ahead of the node that will want them."""
    tries: int = 0
    timer: Instant = NEVER
    swallow: str = ""
    swallow_until: Instant = NEVER
    quiet_steps: int = 0
    """Nodes entered since the caller last pressed a key."""
    troubles: int = 0
    trouble: str = ""
    """The last mistake of the flow, in words."""
    ended: bool = False
    to_tell: list[Any] = field(default_factory=list)
    """What the queue wants the waiting caller to hear, once they have heard what is being said."""
    proposed: bool = False
    """Whether the waiting caller was asked if they want to be called back, and has not answered."""
    leaving: str = ""
    """The exit that is taken once the last words are said; of a queue, why it is left."""
    step: str = ""
    """How far a node with several steps has come."""
    concealed: str = ""
    """The variable whose digits nobody may see, while they are typed."""
    asks: int = 0
    asked: Ask | None = None
    """The question to outside that is not answered yet."""
    ask_until: Instant = NEVER
    """When it counts as not answered at all."""
    stack: list[FlowFrame] = field(default_factory=list)
    """Where to return to, the flow that was called last at the end."""


KNOWN_OF_CUSTOMER = (
    *("match", "customer", "customer_name", "customer_language", "customer_branch"),
    *("tier", "tier_priority", "owner", "last_agent"),
)
"""The variables an answer of the customer records sets."""


class Walk:
    """What a node may see and do. Intents gather in ``out`` in the order they were asked for."""

    __slots__ = ("context", "flow", "now", "out", "state")

    def __init__(self, flow: Flow, state: FlowSessionState, context: Context) -> None:
        self.flow = flow
        self.state = state
        self.context = context
        self.now = state.started
        self.out: list[FlowIntent] = []

    @property
    def call(self) -> CallId:
        """The call this walk is of."""
        return CallId(self.state.call)

    @property
    def language(self) -> str:
        """The language spoken now: the variable ``language`` if the flow speaks it, else its first."""
        wanted = self.state.variables.get("language")
        return wanted if isinstance(wanted, str) and wanted in self.flow.languages else self.flow.languages[0]

    @property
    def saying(self) -> bool:
        """Whether a prompt is being said."""
        return self.state.play != ""

    # ------------------------------------------------------------ saying

    def say(self, *parts: Prompts) -> bool:
        """Say these one after the other in the call's language; False if there is nothing to say."""
        prompts = tuple(
            p for part in parts for item in part.get(self.language, ()) for p in self._filled(item)
        )
        if not prompts:
            return False
        self.state.plays += 1
        self.state.play = f"{self.state.call}-p{self.state.plays}"
        self.out.append(Say(self.call, PlayId(self.state.play), prompts))
        self.wait(PLAY_LIMIT_S)
        return True

    def hush(self) -> None:
        """Stop what is being said."""
        if self.saying:
            self.out.append(StopSaying(self.call))
            self.said()

    def said(self) -> None:
        """The prompt is over."""
        self.state.play = ""
        self.state.timer = NEVER

    def fill(self, text: str, language: str = "", encode: Callable[[str], str] = str) -> str:
        """``text`` with every ``{variable}`` replaced (by nothing where it is not set)."""
        return fill(text, self.state.variables, language or self.language, encode)

    def _filled(self, prompt: Prompt) -> tuple[Prompt, ...]:
        if isinstance(prompt, Speak):
            text = self.fill(prompt.text, prompt.language).strip()
            return (replace(prompt, text=text),) if text else ()
        if isinstance(prompt, Sound) and prompt.text:
            return (replace(prompt, text=self.fill(prompt.text, prompt.language)),)
        return (prompt,)

    # ------------------------------------------------------------ asking outside

    @property
    def asking(self) -> bool:
        """Whether outside owes an answer."""
        return self.state.asked is not None

    def ask(self, kind: AskKind, name: str, parameters: dict[str, str], timeout_s: float) -> None:
        """Put a question to outside; ``time_up`` is called if there is no answer in time."""
        self.state.asks += 1
        name_of_it = f"{self.state.call}-a{self.state.asks}"
        self.state.asked = Ask(self.call, name_of_it, kind, name, parameters)
        self.state.ask_until = after(self.now, timeout_s)
        if not self.saying:
            self.state.timer = NEVER  # what was waited for until now has come
        self.out.append(self.state.asked)

    def ask_again(self, timeout_s: float) -> None:
        """Put the same question again, word for word: the first answer to either counts."""
        if self.state.asked is not None:
            self.state.ask_until = after(self.now, timeout_s)
            self.out.append(self.state.asked)

    def give_up_asking(self) -> None:
        """An answer is not wanted any more."""
        self.state.asked, self.state.ask_until = None, NEVER

    def parameter(self, template: str) -> str:
        """``template`` filled in for outside: there alone the name of a secret may stand, and by itself."""
        name = whole_variable(template)
        if name and self.state.variables.get(name) == SECRET + name:
            return SECRET + name
        return self.fill(template).replace(SECRET, "")

    def conceal(self, secret: str, most: int) -> None:
        """Let nobody see what the caller types, from the next key on until the node is left."""
        self.state.concealed = secret
        self.out.append(Conceal(self.call, secret, most))

    def reveal(self) -> None:
        """Keys are keys again."""
        if self.state.concealed:
            self.state.concealed = ""
            self.out.append(Reveal(self.call))

    # ------------------------------------------------------------ waiting and remembering

    def wait(self, seconds: float) -> None:
        """Let ``time_up`` be called in ``seconds``, unless something else happens first."""
        self.state.timer = after(self.now, seconds)

    def new_recording(self) -> RecordingId:
        """The name of a new recording of this call."""
        self.state.recordings += 1
        self.state.recording = f"{self.state.call}-m{self.state.recordings}"
        return RecordingId(self.state.recording)

    def understood(self, digits: str) -> None:
        """The caller's keys made sense here: they become part of the call's path."""
        self.out.append(PathTaken(self.call, self.state.node, digits))

    def put(self, variable: str, value: Value) -> None:
        """Set a variable of the call."""
        self.state.variables[variable] = value

    def enter_flow(self, name: str) -> bool:
        """Walk on in another flow for good, with all that is known of the call; False if nobody knows it."""
        flow = self.context.flows(name) if name else None
        if flow is None:
            return False
        self.state.stack = []
        self._stand_in(flow)
        return True

    def call_flow(self, name: str) -> None:
        """Walk on in another flow and return to this node. Raises FlowTrouble if that cannot be done."""
        flow = self.context.flows(name)
        if flow is None:
            raise FlowTrouble(f"there is no flow {name}")
        if len(self.state.stack) >= MOST_FLOWS - 1:
            raise FlowTrouble(f"more than {MOST_FLOWS} flows call one another")
        self.state.stack.append(FlowFrame(self.state.flow, self.state.version, self.state.node))
        self._stand_in(flow)

    def come_back(self) -> FlowFrame | None:
        """Return to the flow that called this one; None if none did. Raises FlowTrouble if it is gone."""
        if not self.state.stack:
            return None
        frame = self.state.stack.pop()
        versions, flows = self.context.versions, self.context.flows
        flow = versions(frame.flow, frame.version) if versions else flows(frame.flow)
        if flow is None:
            raise FlowTrouble(f"the flow {frame.flow} is gone")
        self._stand_in(flow)
        return frame

    def _stand_in(self, flow: Flow) -> None:
        self.flow = flow
        self.state.flow, self.state.version = flow.name, flow.version

    def get(self, variable: str) -> Value:
        """A variable of the call. Raises FlowTrouble if it is not set."""
        value = self.state.variables.get(variable)
        if value is None:
            raise FlowTrouble(f"variable {variable} is not set")
        return value

    def identified(self, fact: CallerIdentified) -> None:
        """Remember who the caller is; their variables are there for branches and prompts."""
        self.state.customer = fact
        known: dict[str, Value] = {
            "match": fact.match,
            "customer": fact.customer or "",
            "customer_name": fact.name,
            "customer_language": fact.language or "",
            "tier": fact.tier or "",
            "tier_priority": fact.priority,
            "owner": fact.owner or "",
            "last_agent": fact.last_agent or "",
            "customer_branch": fact.branch,
        }
        self.state.variables.update(known)
