"""What is written is read as people say it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.speech.chinese import chinese_number
from telephony.speech.pinyin import pinyin
from telephony.speech.reading import Run, read


def english(text: str) -> str:
    (run,) = read(text, "en")
    assert not run.chinese
    return run.words


def chinese(text: str) -> str:
    (run,) = read(text, "zh-CN")
    assert run.chinese
    return run.words


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Press 1, then 12 or 250.", "Press 1, then 12 or 250."),
        ("Call 95588", "Call 9 5 5 8 8"),
        ("13800138000", "1 3 8, 0 0 1 3, 8 0 0 0"),
        ("call 400-820-8888, please", "call 4 0 0, 8 2 0, 8 8 8 8, please"),
        ("+86 10 5555", "8 6, 1 0, 5 5 5 5"),
        ("code 007", "code 0 0 7"),
        ("card ending in 1234", "card ending in 1 2 3 4"),
        ("extension 250", "extension 2 5 0"),
        ("12,500 people", "12500 people"),
        ("12345 dollars", "12345 dollars"),
        ("$1,250.50", "1250 dollars and 50 cents"),
        ("$1250.00", "1250 dollars"),
        ("¥12.50", "12 point 5 yuan"),
        ("-$5", "minus 5 dollars"),
        ("3.25%", "3 point 2 5 percent"),
        ("10-20 minutes", "10 to 20 minutes"),
        ("at 9:05, 9:30 or 18:00", "at 9 oh 5, 9 30 or 18 o'clock"),
        ("Press # or *", "Press hash or star"),
        ("VIP2 and 4G", "VIP2 and 4G"),
    ],
)
def test_english_numbers(written: str, said: str) -> None:
    """Counts and amounts stay numbers; what names something is said digit by digit, with pauses."""
    assert english(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("普通话服务请按 1。", "普通话服务请按 一。"),
        ("按2", "按二"),
        ("有2位在等", "有两位在等"),
        ("请拨95588", "请拨九五五八八"),
        ("13800138000", "幺三八，零零幺三，八零零零"),
        ("尾号1234", "尾号幺二三四"),
        ("余额12,500.30元", "余额一万二千五百点三元"),
        ("余额20005元", "余额二万零五元"),
        ("-50元", "负五十元"),
        ("¥2", "两元"),
        ("$3.20", "三点二美元"),
        ("3.5%", "百分之三点五"),
        ("2024年", "二零二四年"),
        ("1995年", "一九九五年"),
        ("10-20分钟", "十到二十分钟"),
        ("9:05到18:00", "九点零五分到十八点整"),
        ("２位", "两位"),
        ("按#键", "按井号键"),
    ],
)
def test_chinese_numbers(written: str, said: str) -> None:
    """In Chinese every number is in words, 1 is 幺 in telephone numbers, and two of a thing are 两."""
    assert chinese(written) == said


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"),
        (10, "十"),
        (21, "二十一"),
        (110, "一百一十"),
        (1010, "一千零一十"),
        (2000, "两千"),
        (10_010, "一万零一十"),
        (100_100, "十万零一百"),
        (10_000_001, "一千万零一"),
        (123_456_789, "一亿二千三百四十五万六千七百八十九"),
        (10**8 + 1, "一亿零一"),
    ],
)
def test_chinese_number(number: int, words: str) -> None:
    """Zeros within a number are said once, those at its end not at all."""
    assert chinese_number(number) == words


_VALUES = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def _value(words: str) -> int:
    total = group = digit = 0
    for character in words:
        if character in _VALUES:
            digit = _VALUES[character]
        elif character in _UNITS:
            group += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            step = {"万": 10_000, "亿": 10**8}[character]
            group += digit
            if group:
                total += group * step
            else:
                total *= step
            group = digit = 0
    return total + group + digit


@given(st.integers(0, 10**12 - 1))
def test_chinese_number_means_what_it_says(number: int) -> None:
    """The words of a number, understood again, are that number, without doubled zeros."""
    words = chinese_number(number)
    assert _value(words) == number
    assert "零零" not in words


def test_languages_are_told_apart() -> None:
    """Latin words in Chinese are English, Chinese in English is Chinese, numbers follow their words."""
    assert read("您的ATM卡有2张，Welcome to Sample Bank，再见", "zh-CN") == (
        Run(True, "您的"),
        Run(False, "ATM"),
        Run(True, "卡有两张，"),
        Run(False, "Welcome to Sample Bank"),
        Run(True, "，再见"),
    )
    assert read("For 普通话服务，请按 1。 Press 12345.", "en") == (
        Run(False, "For"),
        Run(True, "普通话服务，请按 一。"),
        Run(False, "Press 1 2 3 4 5."),
    )


@given(st.text(max_size=60), st.sampled_from(["zh-CN", "en"]))
def test_any_text_is_read(text: str, language: str) -> None:
    """No text breaks the reader, and nothing it gives would be taken for phonemes or markup."""
    for run in read(text, language):
        assert run.words and not set(run.words) & set("[]<>{}\n")


@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("您好，欢迎致电示例银行。", "nin2 hao3, huan1 ying2 zhi4 dian4 shi4 li4 yin2 hang2."),
        ("没有这个选项，请重新选择。", "mei2 you3 zhe4 ge5 xuan3 xiang4, qing3 chong2 xin1 xuan3 ze2."),
        ("正在为您转接，请稍候。", "zheng4 zai4 wei4 nin2 zhuan3 jie1, qing3 shao1 hou4."),
        ("还款日还有三天", "huan2 kuan3 ri4 hai2 you3 san1 tian1"),
        ("银行行长的绿卡", "yin2 hang2 hang2 zhang3 de5 lv4 ka3"),
        ("幺三八", "yao1 san1 ba1"),
        ("嗯！真的？", "en2! zhen1 de5?"),
    ],
)
def test_pinyin(text: str, syllables: str) -> None:
    """Chinese becomes the syllables a bank means, with tones, and pauses where it has them."""
    assert pinyin(text) == syllables
