"""What the media process is told (commands) and what it tells (facts), all about legs.

Sound files are raw µ-law at 8,000 Hz without a header. A command for a leg that is not open is passed
over in silence: its ending is already on its way. ``CloseLeg`` ends a leg without a fact.
"""

from dataclasses import dataclass

from domain.codec import register
from domain.ids import LegId, PlayId, RecordingId


@register
@dataclass(frozen=True, slots=True)
class Clip:
    """A sound file."""

    path: str


@register
@dataclass(frozen=True, slots=True)
class Beep:
    """A tone of ``hz`` for ``ms`` milliseconds (0 Hz is silence)."""

    hz: int
    ms: int


Piece = Clip | Beep

# ------------------------------------------------------------------ commands


@register
@dataclass(frozen=True, slots=True)
class OpenRtp:
    """Open a plain RTP leg; answered by ``RtpOpened`` or ``MediaFailed``."""

    leg: LegId


@register
@dataclass(frozen=True, slots=True)
class AimRtp:
    """Send the leg's sound there, as payload type 0 (PCMU) or 8 (PCMA); ``dtmf`` carries its digits.

    An unspecified address (``0.0.0.0``) is sent nothing.
    """

    leg: LegId
    host: str
    port: int
    payload_type: int
    dtmf: int | None = None


@register
@dataclass(frozen=True, slots=True)
class OfferBrowser:
    """Open a browser's leg and describe it as an offer; answered by ``BrowserDescribed``."""

    leg: LegId


@register
@dataclass(frozen=True, slots=True)
class AnswerBrowser:
    """Open a browser's leg from its offer; answered by ``BrowserDescribed`` or ``MediaFailed``."""

    leg: LegId
    sdp: str


@register
@dataclass(frozen=True, slots=True)
class AcceptBrowser:
    """The browser's answer to our offer."""

    leg: LegId
    sdp: str


@register
@dataclass(frozen=True, slots=True)
class OpenLocal:
    """Open a leg without a wire: somebody simulated, who speaks by ``Utter`` and hears nothing."""

    leg: LegId


@register
@dataclass(frozen=True, slots=True)
class PlaySound:
    """Play these pieces in order, replacing what the leg hears; ``SoundEnded`` tells the natural end."""

    leg: LegId
    play: PlayId
    pieces: tuple[Piece, ...]


@register
@dataclass(frozen=True, slots=True)
class StopSound:
    """Silence the prompt or music of a leg."""

    leg: LegId


@register
@dataclass(frozen=True, slots=True)
class PlayMusic:
    """Music until told otherwise; a joined leg is parted first, its partner hears silence.

    Who hears music already hears it on without a break.
    """

    leg: LegId


@register
@dataclass(frozen=True, slots=True)
class Join:
    """Let two legs hear each other, ending what either heard before."""

    leg: LegId
    other: LegId


@register
@dataclass(frozen=True, slots=True)
class Utter:
    """A leg without a wire says this to whoever hears it, after what it is saying already."""

    leg: LegId
    piece: Piece


@register
@dataclass(frozen=True, slots=True)
class StartRecording:
    """Write what the leg says (mixed with what its partner says, when joined) to ``path`` as WAV.

    It ends by ``EndRecording``, the end of the leg or after ``max_s`` seconds (0: no limit);
    ``RecordingClosed`` tells when the file is complete.
    """

    leg: LegId
    recording: RecordingId
    path: str
    max_s: int = 0


@register
@dataclass(frozen=True, slots=True)
class EndRecording:
    """Close the recording of a leg."""

    leg: LegId


@register
@dataclass(frozen=True, slots=True)
class ShieldKeys:
    """While ``on`` a leg's keys are told and go no further: its events are not passed on, and what it says is
    not recorded, since keys can be heard in it.
    """

    leg: LegId
    on: bool


@register
@dataclass(frozen=True, slots=True)
class CloseLeg:
    """Forget a leg: its socket is closed, its partner hears silence."""

    leg: LegId


MediaCommand = (
    OpenRtp
    | AimRtp
    | OfferBrowser
    | AnswerBrowser
    | AcceptBrowser
    | OpenLocal
    | PlaySound
    | StopSound
    | PlayMusic
    | Join
    | Utter
    | StartRecording
    | EndRecording
    | ShieldKeys
    | CloseLeg
)

# ------------------------------------------------------------------ facts


@register
@dataclass(frozen=True, slots=True)
class MediaReady:
    """The process is up."""

    pid: int


@register
@dataclass(frozen=True, slots=True)
class RtpOpened:
    """A plain leg listens on this port."""

    leg: LegId
    port: int


@register
@dataclass(frozen=True, slots=True)
class BrowserDescribed:
    """A browser's leg is described by this SDP (our offer, or our answer)."""

    leg: LegId
    sdp: str


@register
@dataclass(frozen=True, slots=True)
class MediaUp:
    """Sound can pass on this leg: the browser's connection stands, or the first RTP packet came."""

    leg: LegId


@register
@dataclass(frozen=True, slots=True)
class MediaLost:
    """A browser's connection broke or never stood."""

    leg: LegId


@register
@dataclass(frozen=True, slots=True)
class MediaQuiet:
    """A plain leg brought no RTP for some time: held, muted, never heard of or gone. Told repeatedly."""

    leg: LegId


@register
@dataclass(frozen=True, slots=True)
class MediaFailed:
    """A leg could not be opened, and why; it is closed."""

    leg: LegId
    why: str


@register
@dataclass(frozen=True, slots=True)
class KeyPressed:
    """One key of the telephone by RFC 4733: ``0-9 * # A-D``."""

    leg: LegId
    digit: str


@register
@dataclass(frozen=True, slots=True)
class SoundEnded:
    """A ``PlaySound`` came to its natural end (a stopped or replaced one says nothing)."""

    leg: LegId
    play: PlayId


@register
@dataclass(frozen=True, slots=True)
class RecordingClosed:
    """The recording's file is complete."""

    leg: LegId
    recording: RecordingId
    duration_ms: int


@register
@dataclass(frozen=True, slots=True)
class MediaFigures:
    """Told every few seconds: open legs, packets since the start, the worst lateness of a tick."""

    legs: int
    packets_in: int
    packets_out: int
    late_ms: float
    cpu_s: float


MediaFact = (
    MediaReady
    | RtpOpened
    | BrowserDescribed
    | MediaUp
    | MediaLost
    | MediaQuiet
    | MediaFailed
    | KeyPressed
    | SoundEnded
    | RecordingClosed
    | MediaFigures
)
