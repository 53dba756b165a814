"""Numbers in Chinese text as they are said, in Chinese words."""

import re

from telephony.speech.english import NUMBER, groups_of, is_name, is_range

_MONEY = {"$": "美元", "£": "英镑", "€": "欧元", "¥": "元"}
_MEASURE = re.compile(r"\s?(?:个|位|次|块|元|天|小时|分钟|秒|名|条|张|件|笔|人|年内|万|亿|美元|欧元|英镑)")
_UNIT = re.compile(rf"(?:{_MEASURE.pattern})|\s?(?:美金|港币|港元|日元|人民币|积分|分|角|度|米)")
_CODE = re.compile(
    r"(?:尾号|末四位|后四位|号码|电话|热线|卡号|账号|工号|分机|编号|密码|验证码|单号)(?:是|为|：|:)?\s?$"
)
_DIGITS = "零一二三四五六七八九"
_PLACES, _MYRIADS = ("", "十", "百", "千"), ("", "万", "亿", "万亿")


def spoken_chinese(text: str) -> str:
    """``text`` with its numbers, amounts, times and the signs of the telephone's keys in words."""
    text = NUMBER.sub(lambda found: _say(found, text), text)
    for sign, word in (("#", "井号"), ("*", "星号"), ("&", "和"), ("+", "加"), ("@", "艾特")):
        text = text.replace(sign, word)
    return text


def chinese_number(number: int) -> str:
    """A whole number from 0 in Chinese words (10 十, 110 一百一十, 20,005 二万零五); digits from 10**16."""
    if number == 0:
        return "零"
    if number >= 10**16:
        return _one_by_one(str(number))
    said, gap = "", False
    for place in range(3, -1, -1):
        group = number // 10_000**place % 10_000
        if group:
            said += ("零" if said and (gap or group < 1000) else "") + _below_myriad(group) + _MYRIADS[place]
        gap = not group
    if said.startswith("一十"):
        return said[1:]
    return f"两{said[1:]}" if said.startswith("二千") else said


def _say(found: re.Match[str], text: str) -> str:
    minus = "负" if found["minus"] else ""
    if found["hour"]:
        return _time(int(found["hour"]), int(found["minute"]))
    if found["groups"]:
        return _groups(found["groups"])
    number = found["number"].replace(",", "")
    whole, _, part = number.partition(".")
    unit = _MONEY[found["sign"].strip()] if found["sign"] else ""
    measured = bool(unit or _UNIT.match(text, found.end()))
    if measured:
        part = part.rstrip("0")
    if found["percent"]:
        return f"{minus}百分之{chinese_number(int(whole))}{_point(part)}"
    if not (measured or part or minus or "," in found["number"]):
        if len(whole) == 4 and text.startswith("年", found.end()):
            return _plain(whole)
        if is_name(whole) or _CODE.search(text, 0, found.start()):
            return _one_by_one(whole)
    two = whole == "2" and not part and (unit or _MEASURE.match(text, found.end()))
    return minus + ("两" if two else chinese_number(int(whole)) + _point(part)) + unit


def _time(hour: int, minute: int) -> str:
    said = "两点" if hour == 2 else f"{chinese_number(hour)}点"
    if not minute:
        return said + "整"
    return f"{said}{'零' if minute < 10 else ''}{chinese_number(minute)}分"


def _groups(text: str) -> str:
    if is_range(text):
        return "到".join(chinese_number(int(part)) for part in text.split("-"))
    return _one_by_one(text)


def _one_by_one(text: str) -> str:
    """Digits as on the telephone, where 1 is 幺 so that nobody takes it for 七."""
    return "，".join(_plain(group).replace("一", "幺") for group in groups_of(text))


def _plain(digits: str) -> str:
    return "".join(_DIGITS[int(digit)] for digit in digits)


def _point(part: str) -> str:
    return f"点{_plain(part)}" if part else ""


def _below_myriad(number: int) -> str:
    said, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            said += ("零" if gap and said else "") + _DIGITS[digit] + _PLACES[place]
        gap = not digit
    return said
