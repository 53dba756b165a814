"""Values in prompts are read as people say them, in the language of the prompt."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.templates import fill, unknown_filter, variables_in
from telephony.speech.reading import read
from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow, small_text
from tests.ivr.test_load import problems


@pytest.mark.parametrize(
    ("how", "value", "chinese", "english"),
    [
        ("amount", "1234.50", "1234元5角", "¥1,234.50"),
        ("amount", 12, "12元", "¥12"),
        ("amount", "12.05", "12元零5分", "¥12.05"),
        ("amount", "12.34", "12元3角4分", "¥12.34"),
        ("amount", "0.05", "5分", "¥0.05"),
        ("amount", 0, "0元", "¥0"),
        ("amount", -3.5, "负3元5角", "minus ¥3.50"),
        ("amount:USD", "99.90", "99.9美元", "$99.90"),
        ("amount:HKD", "100", "100港元", "100 HKD"),
        ("amount:currency", "100", "100欧元", "€100"),
        ("amount", "much", "much", "much"),
        ("amount", "1e30", "1e30", "1e30"),
        ("date", "2026-11-30", "2026年11月30日", "30 November 2026"),
        ("date", "2026-11", "2026年11月", "November 2026"),
        ("date", "2026-01-02T10:15:00", "2026年1月2日", "2 January 2026"),
        ("date", "2026-02-30", "2026-02-30", "2026-02-30"),
        ("time", "2026-01-02T09:05:00", "9:05", "9:05"),
        ("time", "soon", "soon", "soon"),
        ("digits", "622202001", "六二二二，零二零零，幺", "6 2 2 2, 0 2 0 0, 1"),
        ("number", "12500", "12,500", "12,500"),
        ("number", "many", "many", "many"),
        ("dance", "12500", "12500", "12500"),
    ],
)
def test_how_values_are_said(how: str, value: Any, chinese: str, english: str) -> None:
    """What cannot be read so is said as it stands."""
    variables = {"x": value, "currency": "EUR"}
    assert fill(f"{{x|{how}}}", variables, "zh-CN") == chinese
    assert fill(f"{{x|{how}}}", variables, "en") == english


@pytest.mark.parametrize(
    ("template", "language", "heard"),
    [
        ("余额{x|amount}。", "zh-CN", "余额一千二百三十四元五角。"),
        ("Your balance is {x|amount}.", "en", "Your balance is 1234 point 5 yuan."),
        ("您输入的是{d|digits}", "zh-CN", "您输入的是六二二二，零二零零，幺"),
        ("{t|date}到期", "zh-CN", "二零二六年十一月三十日到期"),
    ],
)
def test_the_voice_reads_them_so(template: str, language: str, heard: str) -> None:
    """What is filled in passes the reading of numbers as it is meant."""
    variables: dict[str, Any] = {"x": "1234.50", "d": "622202001", "t": "2026-11-30"}
    assert "".join(run.words for run in read(fill(template, variables, language), language)) == heard


def test_what_is_not_set_is_nothing_and_other_brackets_stay() -> None:
    """Also with a way of saying it."""
    assert fill("{a}{a|amount}{b|date}{ c }{}", {}, "en") == "{ c }{}"
    assert fill("{yes} {whole}", {"yes": True, "whole": 3.0}, "en") == "true 3"


def test_a_template_knows_its_variables() -> None:
    """That of the currency is one of them."""
    assert variables_in("{a} {b|amount:USD} {c|amount:unit} {d|digits}") == {"a", "b", "c", "unit", "d"}
    assert unknown_filter("{a|amount} {b|dance}") == "dance"
    assert unknown_filter("{a}") == ""


@given(
    st.text() | st.floats() | st.integers(), st.sampled_from(["amount", "date", "time", "digits", "number"])
)
def test_any_value_is_said_somehow(value: Any, how: str) -> None:
    """No value makes it fail."""
    assert isinstance(fill(f"{{x|{how}}}", {"x": value}, "zh-CN"), str)
    assert isinstance(fill(f"{{x|{how}}}", {"x": value}, "en"), str)


def test_a_prompt_is_read_in_its_own_language() -> None:
    """Not in that of the call."""
    flow = small_flow(
        """
        start:
          type: say
          prompts:
            en: ["{fee|amount}", {text: "{fee|amount}", language: zh-CN}, {sound: fee, text: "{fee|amount}"}]
            zh-CN: 好
          next: end
        """
    )
    assert Caller(flow, fee=2.5).last_prompts() == ["¥2.50", "2元5角", "¥2.50"]


def test_a_way_of_saying_that_there_is_not_is_a_mistake() -> None:
    """With its line, in prompts and in other templates."""
    text = small_text(
        """\
        start:
          type: say
          prompts: {en: "{x|dance}", zh-CN: [{text: "{x|sing}"}]}
          next: then
        then: {type: set, values: {y: "{x|jump}"}, next: end}
        """
    )
    there_are = "there are amount, date, time, digits, number"
    assert problems(text) == [
        f"9: node start: prompts: nothing can be said as dance; {there_are}",
        f"9: node start: prompts: zh-CN: nothing can be said as sing; {there_are}",
        f"11: node then: values: nothing can be said as jump; {there_are}",
    ]
