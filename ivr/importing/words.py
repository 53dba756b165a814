"""What another system says and remembers, in our words: SSML as prompts, voices as languages, variables."""

import html
import keyword
import re
import unicodedata
from pathlib import PurePosixPath
from typing import Any

from ivr.flow import RESERVED

LONGEST_SILENCE_MS = 10_000
SILENCE: list[Any] = [{"tone": 0, "ms": 100}]
"""What is said where nothing is, but something must be."""

_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"<break\b[^<>]*?\btime\s*=\s*[\"']?([0-9.]+)(ms|s)[^<>]*>", re.IGNORECASE)
_SUBSTITUTE = re.compile(
    r"<sub\b[^<>]*?\balias\s*=\s*[\"']([^\"']*)[\"'][^<>]*>.*?</sub>", re.IGNORECASE | re.DOTALL
)
_PIECE = re.compile(r"(<break [0-9]+>)")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2,4}).*)?")

# Names an expression or the call itself has a use for.
_TAKEN = (
    RESERVED
    | {word.lower() for word in keyword.kwlist}
    | {"language", "source", "message", "match", "owner", "last_agent", "tier", "tier_priority", "channel"}
    | {"customer", "customer_name", "customer_language", "customer_branch", "queue_reason", "queue_target"}
    | {"queue_waiting", "queue_wait_s", "queue_available", "queue_staffed"}
    | {"len", "lower", "upper", "left", "right", "substring", "starts_with", "ends_with", "matches", "str"}
    | {"int", "float", "round", "abs", "min", "max", "default", "true", "false"}
)

VOICES = {
    "ar": "zeina hala zayd",
    "ca": "arlet",
    "cs": "jitka",
    "cy": "gwyneth",
    "da": "naja mads sofie",
    "de": "marlene vicki hans daniel hannah sabrina",
    "en": "nicole olivia russell amy emma brian arthur aditi raveena kajal niamh aria ayanda danielle "
    "gregory ivy joanna kendra kimberly salli joey justin kevin matthew ruth stephen geraint alice man woman",
    "es": "conchita lucia enrique sergio mia andres andrés lupe penelope penélope miguel pedro raul",
    "fi": "suvi",
    "fr": "celine céline lea léa mathieu remi rémi isabelle chantal gabrielle liam",
    "is": "dora karl",
    "it": "carla bianca giorgio adriano",
    "ja": "mizuki takumi kazuha tomoko",
    "ko": "seoyeon",
    "nb": "liv ida",
    "nl": "lisa laura lotte ruben",
    "pl": "ewa maja jacek jan ola",
    "pt": "ines inês cristiano",
    "pt-BR": "camila vitoria vitória ricardo thiago",
    "ro": "carmen",
    "ru": "tatyana maxim",
    "sv": "astrid elin",
    "tr": "filiz burcu",
    "yue": "hiujin",
    "zh-CN": "zhiyu",
}
"""The language of the voices these systems name (``Joanna``, ``Polly.Mizuki``)."""
_VOICES = {name: language for language, names in VOICES.items() for name in names.split()}


# ------------------------------------------------------------------ speaking


def spoken(text: str) -> list[Any]:
    """SSML, or plain text, as the parts of a prompt: texts, and silence for its longer breaks.

    Places for variables stand in it already; nothing else in braces is left.
    """
    if "<" not in text and "&" not in text:
        return [" ".join(text.split())] if text.strip() else []
    text = _SUBSTITUTE.sub(r" \1 ", text)
    text = _BREAK.sub(_break, text)
    parts: list[Any] = []
    for piece in _PIECE.split(text):
        if _PIECE.fullmatch(piece):
            parts.append({"tone": 0, "ms": int(piece[7:-1])})
        elif said := " ".join(html.unescape(_TAG.sub(" ", piece)).split()):
            parts.append(said)
    return parts


def _break(found: re.Match[str]) -> str:
    try:
        ms = float(found[1]) * (1000 if found[2].lower() == "s" else 1)
    except ValueError:
        return " "
    return f"<break {int(min(ms, LONGEST_SILENCE_MS))}>" if ms >= 500 else " "


def without_braces(text: str) -> str:
    """Text in which nothing is a place to fill in."""
    return text.replace("{", "(").replace("}", ")")


def in_language(parts: list[Any], language: str) -> list[Any]:
    """The parts spoken in a language of their own."""
    return [{"text": part, "language": language} if isinstance(part, str) else part for part in parts]


def prompt(parts: list[Any]) -> Any:
    """The parts as they are written in a flow."""
    parts = parts or SILENCE
    return parts[0] if len(parts) == 1 and isinstance(parts[0], str) else parts


def sound_name(place: str) -> str:
    """The name of a recorded sound from its file, address or title."""
    stem = PurePosixPath(re.sub(r"[?#].*", "", place)).name
    stem = re.sub(r"\.(wav|mp3|ulaw|ogg)$", "", stem, flags=re.IGNORECASE)
    return id_of(stem, "sound")


# ------------------------------------------------------------------ languages


def language_of(tag: str) -> str:
    """A language tag as our flows write it; '' if it is none."""
    found = _LANGUAGE.fullmatch(tag.strip())
    if found is None:
        return ""
    language, region = found[1].lower(), (found[2] or "").upper()
    if language in ("zh", "cmn"):
        return "zh-CN"
    if language == "arb":
        return "ar"
    return "pt-BR" if (language, region) == ("pt", "BR") else language


def language_of_voice(voice: str) -> str:
    """The language of a voice (``Joanna``, ``Polly.Mizuki-Neural``, ``Google.ja-JP-A``); '' if unknown."""
    provider, _, name = voice.rpartition(".")
    if provider.lower().endswith("google") or re.match(r"[a-z]{2,3}-[A-Z]{2}\b", name):
        return language_of("-".join(name.split("-")[:2]))
    return _VOICES.get(name.partition("-")[0].lower(), "")


# ------------------------------------------------------------------ names


def id_of(text: str, otherwise: str, most: int = 48) -> str:
    """``text`` as an id: small letters, digits and ``-``."""
    ascii = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii.lower()).strip("-")[:most].strip("-") or otherwise


class Names:
    """Names nobody has twice."""

    def __init__(self, taken: frozenset[str] = frozenset()) -> None:
        self._taken = set(taken)

    def new(self, wish: str) -> str:
        """``wish``, or with a number behind it."""
        name, count = wish, 1
        while name in self._taken:
            count += 1
            name = f"{wish[:58]}_{count}"
        self._taken.add(name)
        return name


def node_name(text: str, otherwise: str) -> str:
    """``text`` as a node may be called."""
    ascii = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9_]+", "_", ascii).strip("_")[:60]
    if not name:
        return otherwise
    return name if not name[0].isdigit() else f"n_{name}"


class Variables:
    """Their variables under names of ours: the same one for the same thing, and none of those we have."""

    def __init__(self) -> None:
        self._names = Names(frozenset(_TAKEN))
        self._known: dict[str, str] = {}

    def name(self, theirs: str, wish: str) -> str:
        """Our name for ``theirs``, as much like ``wish`` as can be."""
        if theirs not in self._known:
            name = node_name(wish, "value")
            self._known[theirs] = self._names.new(f"{name}_" if name.lower() in _TAKEN else name)
        return self._known[theirs]
