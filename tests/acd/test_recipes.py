"""Recipes are what they say, in every form, and a mistake is told where it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.recipes import LAST, RecipeError, Reference, read_recipe, references, write_recipe
from domain.config import Condition, Operation, Step

TEXT = """
- when: [wait >= 30]
  do: [relax english to 2]
- when: [wait >= 60, "tier in gold,silver", "time in 18:00-08:00"]
  do: [raise 10, "announce 感谢您的等候: 请稍候", to queue overflow]
  repeat: true
  every: 30
"""
STEPS = (
    Step((Condition("wait", ">=", 30.0),), (Operation("relax", "english", 2.0),)),
    Step(
        (
            Condition("wait", ">=", 60.0),
            Condition("tier", "in", ("gold", "silver")),
            Condition("time", "in", ("18:00-08:00",)),
        ),
        (
            Operation("raise", amount=10.0),
            Operation("announce", "感谢您的等候: 请稍候"),
            Operation("to_queue", "overflow"),
        ),
        repeat=True,
        every_s=30.0,
    ),
)
JSON = [
    {"when": ["wait >= 30"], "do": ["relax english to 2"], "repeat": False, "every": 15.0},
    {
        "when": ["wait >= 60", "tier in gold,silver", "time in 18:00-08:00"],
        "do": ["raise 10", "announce 感谢您的等候: 请稍候", "to queue overflow"],
        "repeat": True,
        "every": 30.0,
    },
]


def problems(raw: object) -> list[str]:
    with pytest.raises(RecipeError) as caught:
        read_recipe(raw)
    assert str(caught.value) == "; ".join(caught.value.problems)
    return caught.value.problems


# ------------------------------------------------------------------ what is written is what is meant


def test_yaml_text_and_lists_are_the_same_recipe() -> None:
    """And it is kept and shown in one way."""
    assert read_recipe(TEXT) == read_recipe(JSON) == STEPS
    assert write_recipe(STEPS) == JSON


def test_nothing_is_an_empty_recipe() -> None:
    """No text, no list, no steps."""
    for nothing in (None, "", "# only words\n", [], "[]"):
        assert read_recipe(nothing) == ()


@pytest.mark.parametrize(
    "text",
    [
        "- {when: wait >= 60 and tier in gold, do: hang up}",
        "- when: wait >= 60 AND Tier IN gold\n  do: [Hang Up]",
        "- when: [wait>=60, tier in gold]\n  do: hang up",
        "- when: [wait ≥ 1 min, tier in  gold]\n  do: hang  up",
        "- when: [wait >= 60 s, tier in gold]\n  do: hang up\n  every: 15 s\n  repeat: no",
        "- when: [wait ＞＝ 60.0, tier in gold]\n  do: hang up",
    ],
)
def test_people_write_in_many_ways(text: str) -> None:
    """One text or a list, small or large letters, units, signs of a Chinese keyboard."""
    conditions = Condition("wait", ">=", 60.0), Condition("tier", "in", ("gold",))
    assert read_recipe(text) == (Step(conditions, (Operation("hang_up"),)),)


def test_the_text_of_the_page_is_the_recipe() -> None:
    """As ``admin/recipe.ts`` writes it, quotes and all."""
    text = (
        "- when: wait >= 30\n  do: relax english to 2\n\n"
        "- when: wait >= 60 and tier in gold,silver and time in 18:00-08:00\n  do:\n    - raise 10\n"
        '    - "announce 感谢您的等候: 请稍候"\n    - to queue overflow\n  repeat: true\n  every: 30\n'
    )
    assert read_recipe(text) == STEPS


def test_every_operation_can_be_written() -> None:
    """Each with its words."""
    words = {
        "relax english to 2": Operation("relax", "english", 2.0),
        "drop english": Operation("drop", "english"),
        "widen to level 3": Operation("widen_level", amount=3.0),
        "widen to group night": Operation("widen_group", "night"),
        "widen to branch West Lake 支行": Operation("widen_branch", "West Lake 支行"),
        "allow penalty 5": Operation("penalty", amount=5.0),
        "raise 0.5": Operation("raise", amount=0.5),
        "announce One moment, please.": Operation("announce", "One moment, please."),
        "offer callback": Operation("offer_callback"),
        "to queue overflow": Operation("to_queue", "overflow"),
        "to voicemail": Operation("to_voicemail"),
        "to flow night": Operation("to_flow", "night"),
        "hang up": Operation("hang_up"),
    }
    for text, operation in words.items():
        (step,) = read_recipe([{"do": text}])
        assert step.do == (operation,)
        assert write_recipe([step])[0]["do"] == [text]


NAMES = st.from_regex(r"[\w+*#@][\w+*#@.:-]{0,20}", fullmatch=True)
WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=40).filter(
    lambda words: words == words.strip()
)
LEVELS = st.integers(1, 9).map(float)
CLOCK = st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda t: f"{t[0]:02}:{t[1]:02}")
SPANS = st.tuples(CLOCK, CLOCK).filter(lambda pair: pair[0] != pair[1]).map("-".join)
LISTS = st.sampled_from(["in", "not in"])
NUMBERED = {
    "wait": st.floats(0, 86_400),
    "estimate": st.floats(0, 86_400),
    "service_level": st.floats(0, 100),
    **{
        name: st.integers(0, 1_000_000).map(float) for name in ("position", "length", "eligible", "available")
    },
}
CONDITIONS = st.one_of(
    *(
        st.builds(Condition, st.just(figure), st.sampled_from(["<", "<=", ">", ">="]), values)
        for figure, values in NUMBERED.items()
    ),
    st.builds(Condition, st.just("tier"), LISTS, st.lists(NAMES, min_size=1, max_size=4).map(tuple)),
    st.builds(Condition, st.just("time"), LISTS, st.lists(SPANS, min_size=1, max_size=3).map(tuple)),
)
OPERATIONS = st.one_of(
    st.builds(Operation, st.just("relax"), NAMES, LEVELS),
    st.builds(Operation, st.sampled_from(["drop", "widen_group"]), NAMES),
    st.builds(Operation, st.sampled_from(["widen_branch", "announce"]), WORDS),
    st.builds(Operation, st.just("widen_level"), amount=LEVELS),
    st.builds(Operation, st.just("penalty"), amount=st.integers(0, 1000).map(float)),
    st.builds(Operation, st.just("raise"), amount=st.floats(0, 1_000_000)),
    st.just(Operation("offer_callback")),
)
ENDINGS = st.one_of(
    st.builds(Operation, st.sampled_from(["to_queue", "to_flow"]), NAMES),
    st.builds(Operation, st.sampled_from(["to_voicemail", "hang_up"])),
)
DONE = st.one_of(
    st.lists(OPERATIONS, min_size=1, max_size=5),
    st.tuples(st.lists(OPERATIONS, max_size=4), ENDINGS).map(lambda parts: [*parts[0], parts[1]]),
).map(tuple)
STEP = st.builds(
    Step,
    st.lists(CONDITIONS, max_size=4).map(tuple),
    DONE,
    st.booleans(),
    st.one_of(st.just(0.0), st.floats(1, 86_400)),
)


@given(st.lists(STEP, max_size=5).map(tuple))
def test_any_recipe_is_read_as_it_was_written(steps: tuple[Step, ...]) -> None:
    """To the last bit of a number, whatever words are announced; and writing it again changes nothing."""
    written = write_recipe(steps)
    assert read_recipe(written) == steps
    assert write_recipe(read_recipe(written)) == written


# ------------------------------------------------------------------ mistakes


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("wiat > 3", "there is no figure 'wiat'; there are wait, position, length, estimate, "),
        ("wait", "is no condition; write it like wait >= 30, "),
        ("wait >= soon", "'soon' is no number"),
        ("wait >= 100000", "must be between 0 and 86400"),
        ("wait >= 2000 min", "must be between 0 and 1440"),
        ("wait >= 2 h", "'2h' is not understood; write a number; units are s and min"),
        ("wait == 2", "is no condition; "),
        ("wait in 2", "wait is a number; compare it with <, <=, > or >="),
        ("position > 1.5", "must be a whole number"),
        ("position > 1 s", "'1s' is not understood; write a number and no unit"),
        ("service_level < 101", "must be between 0 and 100"),
        ("service_level < -1", "'-1' is no number"),
        ("tier > gold", "tier is no number; write tier in …"),
        ("tier in go ld", "'go ld' cannot be the id of a tier"),
        ("time in 9-17", "'9-17' is no span; write it like 09:00-17:30"),
        ("time in 09:00-09:00", "'09:00-09:00' ends when it begins; a whole day is 00:00-24:00"),
        ("silver", "is no condition; if it belongs to a list such as tier in gold,silver, put quotes "),
    ],
)
def test_a_condition_that_cannot_be_is_told_with_its_reason(condition: str, said: str) -> None:
    """Behind the number of the step and the text."""
    (problem,) = problems([{"do": ["hang up"]}, {"when": [condition], "do": ["hang up"]}])
    assert problem.startswith(f"step 2: {condition!r}: {said}")


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ("dance", "is no operation; there are relax … to N, drop …, widen to level N, "),
        ("", "is no operation; "),
        ("drop a b", "is not understood; write it like drop …"),
        ("widen to moon", "is not understood; write it like widen to level N or widen to group … or "),
        ("relax english to ten", "'ten' is no number"),
        ("relax english to 0", "must be between 1 and 9"),
        ("widen to level 1.5", "must be a whole number"),
        ("allow penalty 1001", "must be between 0 and 1000"),
        ("raise -1", "'-1' is no number"),
        ("raise nan", "'nan' is no number"),
        ("announce a\nb", "must be one line"),
        ("announce " + "x" * 501, "is too long"),
    ],
)
def test_an_operation_that_cannot_be_is_told_with_its_reason(operation: str, said: str) -> None:
    """In the same way."""
    (problem,) = problems([{"do": [operation]}])
    assert problem.startswith(f"step 1: {operation!r}: {said}")


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("hang up", "step 1: 'hang up': must be a mapping with when and do"),
        ({"when": ["wait > 1"]}, "step 1: does nothing; write what to do under do"),
        ({"do": {"raise": 1}}, "step 1: do must be a list of texts, is {'raise': 1}"),
        ({"do": [1]}, "step 1: do must be a list of texts, is [1]"),
        ({"do": ["raise 1"] * 21}, "step 1: do has 21 parts; at most 20 are taken"),
        ({"do": "hang up", "then": "x"}, "step 1: 'then': is no part of a step; they are when, do, "),
        ({"do": "hang up", "repeat": "often"}, "step 1: repeat 'often': must be true or false"),
        ({"do": "hang up", "every": 0.5}, "step 1: every 0.5: must be 0 or at least 1 second"),
        ({"do": "hang up", "every": "x"}, "step 1: every 'x': 'x' is no number"),
        (
            {"do": ["to voicemail", "raise 1"]},
            "step 1: 'raise 1': can never be done, because 'to voicemail' ends the stay",
        ),
    ],
)
def test_a_step_that_cannot_be_is_told_so(step: object, said: str) -> None:
    """What is missing, too much or never reached."""
    assert problems([step])[0].startswith(said)


def test_all_mistakes_are_told_at_once() -> None:
    """Of every step, in order."""
    assert [p[:21] for p in problems("- {when: x, do: y}\n- {do: raise one}\n- z")] == [
        "step 1: 'x': is no co",
        "step 1: 'y': is no op",
        "step 2: 'raise one': ",
        "step 3: 'z': must be ",
    ]


def test_text_that_is_no_list_of_steps_is_told_with_its_line() -> None:
    """As far as it can be read."""
    assert problems("- do: [hang up\n- x: {") == [
        "line 2: this is not YAML: expected ',' or ']', but got ':'"
    ]
    assert problems("hang up") == ["must be a list of steps"]
    assert problems({"do": "hang up"}) == ["must be a list of steps"]
    assert problems([{"do": "hang up"}] * 51) == ["has 51 steps; at most 50 are taken"]
    assert problems("#" * 20_001) == ["line 1: the file is longer than 20000 characters"]


# ------------------------------------------------------------------ what it names


def test_a_recipe_says_what_it_names() -> None:
    """Skills, groups, queues and tiers, each with its step and words; branches and flows are no rows."""
    text = """
    - do: [drop english, relax wealth to 2, widen to group night, widen to branch East, to flow night]
    - {when: "tier not in gold,silver", do: to queue overflow}
    """
    assert list(references(read_recipe(text))) == [
        Reference(1, "drop english", "skills", "english"),
        Reference(1, "relax wealth to 2", "skills", "wealth"),
        Reference(1, "widen to group night", "groups", "night"),
        Reference(2, "tier not in gold,silver", "tiers", "gold"),
        Reference(2, "tier not in gold,silver", "tiers", "silver"),
        Reference(2, "to queue overflow", "queues", "overflow"),
    ]


def test_what_ends_the_stay_stands_last() -> None:
    """The four operations after which a call is no longer in this queue."""
    assert {"to_queue", "to_voicemail", "to_flow", "hang_up"} == LAST
