"""What goes through the codec comes back as it went in, the same bytes in every process."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calls import CallQueued
from domain.codec import CodecError, capture, decode, dumps, encode, loads, register, state_hash
from domain.config import CalendarConfig, FloorConfigured, FrontDoorConfigured, QueueConfig
from domain.ids import CallId, LegId, PlayId, QueueId
from domain.instant import Instant
from domain.switch import Play, Prompt, Sound, Speak, Tone

NAMES = st.text(max_size=12).filter(lambda name: not name.startswith("$"))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
PROMPTS: st.SearchStrategy[Prompt] = (
    st.builds(Speak, st.text(max_size=5), st.sampled_from(["en", "zh-CN"]))
    | st.builds(Sound, st.text(max_size=5), st.just("en"))
    | st.builds(Tone, st.integers(0, 4000), st.integers(10, 500))
)
VALUES = st.recursive(
    SCALARS | PROMPTS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(NAMES, inner, max_size=4)
        | st.builds(Play, st.just(LegId("l")), st.just(PlayId("p")), st.lists(PROMPTS, max_size=3).map(tuple))
    ),
    max_leaves=20,
)


@given(VALUES)
def test_values_come_back_equal_and_of_the_same_types(value: object) -> None:
    """Tuples stay tuples, 1 stays 1 and 1.0 stays 1.0, dataclasses are themselves again."""
    back = loads(dumps(value))
    assert back == value
    assert dumps(back) == dumps(value)  # where 1, 1.0 and true are written apart


@given(st.dictionaries(NAMES, SCALARS, max_size=6))
def test_the_order_of_a_dict_is_no_part_of_it(value: dict[str, object]) -> None:
    """Equal states have equal texts and hashes, in whatever order they were built."""
    turned = dict(reversed(value.items()))
    assert dumps(turned) == dumps(value)
    assert state_hash(turned) == state_hash(value)


def test_facts_of_several_rooms_come_back() -> None:
    """Nested dataclasses, dicts of tuples and defaults included."""
    facts = [
        CallQueued(CallId("c1"), QueueId("q"), Instant(5), 1.5, ("english",), attributes={"language": "en"}),
        FloorConfigured((QueueConfig(QueueId("q"), "Q"),), ()),
        FrontDoorConfigured((), (CalendarConfig("bank", hours={"mon": ("09:00-17:00",)}),)),
    ]
    assert loads(dumps(facts)) == facts


def test_the_text_is_canonical_json() -> None:
    """Sorted keys, no spaces, the class under ``$``, tuples under ``$t``, letters as they are."""
    assert dumps(Speak("您好", "zh-CN")) == '{"$":"Speak","language":"zh-CN","text":"您好"}'
    assert dumps({"b": (1, 2.0), "a": [None, True]}) == '{"a":[null,true],"b":{"$t":[1,2.0]}}'


def test_hashes_are_the_same_under_another_hash_seed() -> None:
    """A fresh process with another PYTHONHASHSEED computes the same state hash."""
    code = (
        "from domain.codec import state_hash; from domain.switch import Speak;"
        "print(state_hash({'b': (Speak('x', 'en'),), 'a': [1, 2.5, None]}))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "4242"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert said == state_hash({"a": [1, 2.5, None], "b": (Speak("x", "en"),)})


@dataclass(frozen=True)
class Stranger:
    """A dataclass nobody registered."""

    name: str


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({1, 2}, "set has no JSON form"),
        (b"bytes", "bytes has no JSON form"),
        (Stranger("x"), "Stranger is not registered"),
        ({1: "a"}, "dict key 1 is not a plain string"),
        ({"$": "Speak"}, r"dict key '\$' is not a plain string"),
        ([{"a": (object(),)}], "object has no JSON form"),
    ],
)
def test_what_has_no_form_is_refused(value: object, words: str) -> None:
    """At encoding, by its name, however deep it lies."""
    with pytest.raises(CodecError, match=words):
        encode(value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"$": "Nobody"}, "nobody registered a class named 'Nobody'"),
        ({"$": "Speak", "text": "x", "language": "en", "voice": "y"}, "Speak: .*voice"),
        ({"$": "Speak", "text": "x"}, "Speak: .*language"),
    ],
)
def test_a_document_of_other_code_is_refused(data: object, words: str) -> None:
    """An unknown class or field, or one that is missing, is said by name."""
    with pytest.raises(CodecError, match=words):
        decode(data)


def test_a_field_with_a_default_may_be_missing() -> None:
    """Older journals stay readable when a field is added with a default."""
    assert decode({"$": "Sound", "name": "chime", "language": "en"}) == Sound("chime", "en", "")


def test_two_classes_may_not_share_a_name() -> None:
    """A name in the journal must mean one class."""
    with pytest.raises(CodecError, match="two classes are named Speak"):
        register(type("Speak", (), {"__module__": "elsewhere"}))


@register
@dataclass
class Desk:
    """A state that changes, with everything a state may hold."""

    name: str
    calls: list[object]
    seats: dict[str, object]
    says: Speak


def test_a_capture_stays_as_it_was() -> None:
    """What changes later does not reach it, and its text is the text of that moment."""
    desk = Desk("a", [[1], Desk("b", [], {}, Speak("x", "en"))], {"k": [1.5]}, Speak("您好", "zh-CN"))
    text, copy = dumps(desk), capture(desk)
    assert dumps(copy) == text
    desk.calls[0].append(2)  # type: ignore[attr-defined]
    desk.calls[1].name = "c"  # type: ignore[attr-defined]
    desk.seats["k"].append(2)  # type: ignore[attr-defined]
    desk.name, desk.says = "z", Speak("bye", "en")
    assert dumps(copy) == text
    assert dumps(desk) != text


@given(VALUES)
def test_the_text_is_what_json_makes_of_the_tree(value: object) -> None:
    """The fast writers say byte for byte what ``json`` says of the same tree with sorted keys."""
    tree = json.dumps(encode(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert dumps(value) == tree
    assert dumps(capture(value)) == tree


@pytest.mark.parametrize("text", ["\ud800", "a\udfff您", '"\\\n\x00\x7f\u2028'])
def test_broken_text_is_written_whole(text: str) -> None:
    """Half a character pair or a control character from the wire neither fails nor is lost."""
    written = dumps(Speak(text, "en"))
    assert written.encode()
    assert loads(written) == Speak(text, "en")


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), 1e300, -0.0, 10**30, 5e-324])
def test_numbers_are_exact(number: float) -> None:
    """Every number comes back bit for bit."""
    assert repr(loads(dumps(number))) == repr(number)
