"""What the telephone switch says (facts) and what it may be told (commands), all about legs."""

from dataclasses import dataclass
from typing import Literal

from domain.codec import register
from domain.ids import CallId, DeviceId, LegId, PlayId, RecordingId

EndReason = Literal[
    "hangup",  # the far end hung up (BYE)
    "cancelled",  # the caller gave up before we answered, or we took our own ringing back
    "busy",
    "rejected",
    "no_answer",
    "unreachable",
    "lost",  # no BYE: the device or its connection went away
    "failed",
    "told",  # we hung up
]

# ------------------------------------------------------------------ prompts


@register
@dataclass(frozen=True, slots=True)
class Speak:
    """Words to be spoken by the voice of a language (``zh-CN``, ``en``)."""

    text: str
    language: str


@register
@dataclass(frozen=True, slots=True)
class Sound:
    """A recorded file, by its name in the prompt library; spoken from ``text`` if it is missing."""

    name: str
    language: str
    text: str = ""


@register
@dataclass(frozen=True, slots=True)
class Tone:
    """A plain tone of ``hz`` for ``ms`` milliseconds (0 Hz is silence)."""

    hz: int
    ms: int


Prompt = Speak | Sound | Tone

# ------------------------------------------------------------------ facts


@register
@dataclass(frozen=True, slots=True)
class CallArrived:
    """A caller rang an entry number; the leg is not answered yet. ``caller`` is empty when it is withheld."""

    call: CallId
    leg: LegId
    caller: str
    dialled: str
    display_name: str = ""


@register
@dataclass(frozen=True, slots=True)
class LegRinging:
    """The far end of an outgoing leg is ringing."""

    leg: LegId


@register
@dataclass(frozen=True, slots=True)
class LegAnswered:
    """The leg is up: for a caller's leg after ``Answer``, for an outgoing one when the far end picked up."""

    leg: LegId


@register
@dataclass(frozen=True, slots=True)
class LegEnded:
    """The leg is gone, once and for good."""

    leg: LegId
    reason: EndReason


@register
@dataclass(frozen=True, slots=True)
class DigitPressed:
    """One key of the telephone: ``0-9 * # A-D``."""

    leg: LegId
    digit: str


@register
@dataclass(frozen=True, slots=True)
class SecretPressed:
    """A digit of a shielded leg: it went to the vault before anybody saw it; ``count`` are there now."""

    leg: LegId
    secret: str
    count: int


@register
@dataclass(frozen=True, slots=True)
class PlayEnded:
    """A ``Play`` came to its natural end (a stopped one says nothing)."""

    leg: LegId
    play: PlayId


@register
@dataclass(frozen=True, slots=True)
class RecordingEnded:
    """A recording was closed and its file is complete."""

    leg: LegId
    recording: RecordingId
    duration_ms: int


@register
@dataclass(frozen=True, slots=True)
class DeviceUp:
    """A device registered (or registered again)."""

    device: DeviceId


@register
@dataclass(frozen=True, slots=True)
class DeviceDown:
    """A device's registration ended or its connection broke."""

    device: DeviceId


@register
@dataclass(frozen=True, slots=True)
class SwitchReady:
    """The switch started or came back: these legs and devices are alive, all others are not."""

    legs: tuple[LegId, ...]
    devices: tuple[DeviceId, ...]


SwitchFact = (
    CallArrived
    | LegRinging
    | LegAnswered
    | LegEnded
    | DigitPressed
    | PlayEnded
    | RecordingEnded
    | DeviceUp
    | DeviceDown
    | SwitchReady
)

# ------------------------------------------------------------------ commands


@register
@dataclass(frozen=True, slots=True)
class Answer:
    """Pick up an arrived leg."""

    leg: LegId


@register
@dataclass(frozen=True, slots=True)
class Play:
    """Play prompts in order; replaces whatever the leg was hearing."""

    leg: LegId
    play: PlayId
    prompts: tuple[Prompt, ...]


@register
@dataclass(frozen=True, slots=True)
class StopPlay:
    """Silence the prompt or music of a leg."""

    leg: LegId


@register
@dataclass(frozen=True, slots=True)
class Music:
    """Music on hold until told otherwise."""

    leg: LegId


@register
@dataclass(frozen=True, slots=True)
class Ring:
    """Ring a registered device as the new leg ``leg``; ``call`` reaches it as the header ``X-Call``."""

    leg: LegId
    device: DeviceId
    call: CallId
    caller: str
    auto_answer: bool = False


@register
@dataclass(frozen=True, slots=True)
class Dial:
    """Dial an outside number as the new leg ``leg``."""

    leg: LegId
    number: str
    caller: str


@register
@dataclass(frozen=True, slots=True)
class Cancel:
    """Take back an outgoing leg that has not been answered."""

    leg: LegId


@register
@dataclass(frozen=True, slots=True)
class Connect:
    """Let two answered legs hear each other, ending what either heard before."""

    leg: LegId
    other: LegId


@register
@dataclass(frozen=True, slots=True)
class Hold:
    """Part a connected leg from its partner: the leg hears music, the partner silence."""

    leg: LegId


@register
@dataclass(frozen=True, slots=True)
class Transfer:
    """Hand an answered leg to an outside number and leave it to the far end."""

    leg: LegId
    number: str


@register
@dataclass(frozen=True, slots=True)
class PickUp:
    """Let another device take over a leg that is still ringing, as the new leg ``new_leg``."""

    leg: LegId
    device: DeviceId
    new_leg: LegId


@register
@dataclass(frozen=True, slots=True)
class Listen:
    """Let ``leg`` hear the conversation of ``target``; whisper reaches the target only, barge both."""

    leg: LegId
    target: LegId
    mode: Literal["spy", "whisper", "barge"] = "spy"


@register
@dataclass(frozen=True, slots=True)
class Shield:
    """Keep a leg's keys from everybody else while ``on``: they are neither forwarded nor recorded."""

    leg: LegId
    on: bool


@register
@dataclass(frozen=True, slots=True)
class HangUp:
    """End a leg."""

    leg: LegId


@register
@dataclass(frozen=True, slots=True)
class Record:
    """Record what a leg says (and, when connected, hears) until stopped, ended or ``max_s`` seconds."""

    leg: LegId
    recording: RecordingId
    max_s: int = 0


@register
@dataclass(frozen=True, slots=True)
class StopRecording:
    """Close the recording of a leg."""

    leg: LegId


SwitchCommand = (
    Answer
    | Play
    | StopPlay
    | Music
    | Ring
    | Dial
    | Cancel
    | Connect
    | Hold
    | Transfer
    | PickUp
    | Listen
    | Shield
    | HangUp
    | Record
    | StopRecording
)
