"""SDP for plain G.711 calls (RFC 3264): read an offer, answer it, make our own, read the answer."""

import ipaddress
from dataclasses import dataclass

G711 = {0: "PCMU", 8: "PCMA"}
DTMF = "telephone-event"
_MIRROR = {"sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive", "sendrecv": "sendrecv"}


class SdpError(ValueError):
    """The session description cannot be read."""


class NothingInCommon(SdpError):
    """It can be read, but there is no audio in it that we could talk (488)."""


@dataclass(frozen=True, slots=True)
class Description:
    """The audio of a session description, as far as we care."""

    host: str
    port: int
    profile: str
    payloads: tuple[int, ...]
    dtmf: int | None
    direction: str
    media: tuple[str, ...]
    """The m= lines (without ``m=``), for the answer must mirror each of them."""
    audio_index: int

    @property
    def webrtc(self) -> bool:
        """Whether this is a browser's offer (DTLS-SRTP)."""
        return "SAVP" in self.profile


@dataclass(frozen=True, slots=True)
class Chosen:
    """What both ends agreed on: where to send, which G.711, which payload carries digits."""

    host: str
    port: int
    payload_type: int
    dtmf: int | None


def parse(text: str) -> Description:
    """Read a description; raises ``SdpError`` or, when no audio is in it, ``NothingInCommon``."""
    lines = [line.strip() for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    if not lines or not lines[0].startswith("v="):
        raise SdpError("not a session description")
    session_host = host = ""
    direction = "sendrecv"
    media: list[str] = []
    audio: list[str] | None = None
    audio_index = -1
    rtpmaps: dict[int, str] = {}
    in_audio = False
    for line in lines:
        kind, equals, value = line.partition("=")
        if not equals:
            raise SdpError(f"not a line of a session description: {line[:40]!r}")
        if kind == "m":
            media.append(value)
            words = value.split()
            if len(words) < 4:
                raise SdpError("unreadable media line")
            in_audio = audio is None and words[0] == "audio" and words[1] != "0"
            if in_audio:
                audio, audio_index, host = words, len(media) - 1, session_host
        elif kind == "c" and (in_audio or not media):
            words = value.split()
            if len(words) != 3 or words[0] != "IN":
                raise SdpError("unreadable connection line")
            if in_audio:
                host = words[2]
            else:
                session_host = words[2]
        elif kind == "a" and (in_audio or not media):
            if value in _MIRROR:
                direction = value
            elif value.startswith("rtpmap:"):
                number, _, name = value[7:].partition(" ")
                if number.isdecimal() and len(number) < 4:
                    rtpmaps[int(number)] = name.strip().lower()
    if audio is None:
        raise NothingInCommon("no audio")
    try:
        port = int(audio[1].partition("/")[0])
        payloads = tuple(int(word) for word in audio[3:])
        # A name would have to be looked up, and we never wait for DNS.
        address = ipaddress.ip_address(host)
    except ValueError as error:
        raise SdpError(f"unreadable audio line: {error}") from error
    if not 0 < port < 65536:
        raise SdpError("audio port out of range")
    if address.is_unspecified and "SAVP" not in audio[2]:
        direction = "inactive"
    dtmf = next((number for number in payloads if rtpmaps.get(number, "").startswith(f"{DTMF}/8000")), None)
    return Description(host, port, audio[2], payloads, dtmf, direction, tuple(media), audio_index)


def choose(remote: Description) -> Chosen:
    """The first G.711 of the far end's list (its order is its wish); raises ``NothingInCommon``."""
    if remote.profile != "RTP/AVP":
        raise NothingInCommon(f"profile {remote.profile}")
    for payload in remote.payloads:
        if payload in G711:
            return Chosen(remote.host, remote.port, payload, remote.dtmf)
    raise NothingInCommon("neither PCMU nor PCMA")


def _describe(
    host: str, port: int, version: int, payloads: list[int], dtmf: int | None, direction: str
) -> str:
    family = "IP6" if ":" in host else "IP4"
    numbers = [*payloads, *([dtmf] if dtmf is not None else [])]
    lines = ["v=0", f"o=- {port} {version} IN {family} {host}", "s=-", f"c=IN {family} {host}", "t=0 0"]
    lines.append(f"m=audio {port} RTP/AVP {' '.join(map(str, numbers))}")
    lines += [f"a=rtpmap:{number} {G711[number]}/8000" for number in payloads]
    if dtmf is not None:
        lines += [f"a=rtpmap:{dtmf} {DTMF}/8000", f"a=fmtp:{dtmf} 0-15"]
    lines += ["a=ptime:20", f"a={direction}"]
    return "\r\n".join(lines) + "\r\n"


def offer(host: str, port: int, version: int = 1) -> str:
    """Our own offer: PCMU before PCMA, digits as payload 101."""
    return _describe(host, port, version, [0, 8], 101, "sendrecv")


def answer(remote: Description, host: str, port: int, version: int = 1) -> tuple[str, Chosen]:
    """The answer to an offer, every media line of it mirrored; raises ``NothingInCommon``."""
    chosen = choose(remote)
    direction = _MIRROR[remote.direction]
    text = _describe(host, port, version, [chosen.payload_type], chosen.dtmf, direction)
    if len(remote.media) == 1:
        return text, chosen
    head, _, audio = text.partition("m=")
    refused = [" ".join([line.split()[0], "0", *line.split()[2:]]) for line in remote.media]
    parts = [audio if i == remote.audio_index else line + "\r\n" for i, line in enumerate(refused)]
    return head + "".join(f"m={part}" for part in parts), chosen


def read_answer(text: str) -> Chosen:
    """What the far end chose from our offer."""
    return choose(parse(text))
