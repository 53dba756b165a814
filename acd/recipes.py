"""Recipes as people write them, to and from the steps the floor follows (``domain.config.Step``)::

    - when: [wait >= 30]
      do: [relax english to 2]
    - when: [wait >= 60, "tier in gold,silver"]
      do: [raise 10, "announce Thank you for waiting, we are with you soon."]
      repeat: true
      every: 30

``when`` holds conditions, all of which must be true; ``do`` holds operations, done in order; a single one
needs no list, and conditions may also stand in one text with ``and`` between. The same is taken as YAML text
and as JSON. Every mistake is told with the number of the step, the text and the reason, all at once.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, get_args

import yaml

from common.hours import parse_span
from common.plain_yaml import NotPlain, compose
from domain.config import Act, Condition, Figure, Operation, Step

MOST_STEPS: Final = 50
MOST_OF_A_STEP: Final = 20
LONGEST_TEXT: Final = 20_000
LONGEST_WORDS: Final = 500
"""Characters of an announcement, or of a branch's name."""
LONGEST_S: Final = 86_400.0


class RecipeError(ValueError):
    """A recipe cannot be read; ``problems`` are all of them, each with its step, text and reason."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = list(problems)


class Reference(NamedTuple):
    """That a step names a row of another kind: a skill, group, queue or tier."""

    step: int
    text: str
    kind: str
    id: str


# ------------------------------------------------------------------ the language


@dataclass(frozen=True, slots=True)
class _Measure:
    """What a figure may be compared with; ``units`` may follow the number."""

    most: float
    whole: bool = False
    units: Mapping[str, float] | None = None


_TIME = {"s": 1.0, "min": 60.0}
_MEASURES: Final[dict[str, _Measure]] = {
    "wait": _Measure(LONGEST_S, units=_TIME),
    "position": _Measure(1_000_000, whole=True),
    "length": _Measure(1_000_000, whole=True),
    "estimate": _Measure(LONGEST_S, units=_TIME),
    "service_level": _Measure(100, units={"%": 1.0}),
    "eligible": _Measure(1_000_000, whole=True),
    "available": _Measure(1_000_000, whole=True),
}
"""The figures that are numbers; ``time`` and ``tier`` are looked up in a list."""


@dataclass(frozen=True, slots=True)
class _Form:
    """How an operation is written: ``{name}`` is an id (``free``: any words), ``{amount}`` a number."""

    words: str
    least: float = 0
    most: float = 0
    whole: bool = True
    free: bool = False
    kind: str = ""
    """The kind of row the name belongs to; empty where it is nobody's row."""


_FORMS: Final[dict[Act, _Form]] = {
    "relax": _Form("relax {name} to {amount}", 1, 9, kind="skills"),
    "drop": _Form("drop {name}", kind="skills"),
    "widen_level": _Form("widen to level {amount}", 1, 9),
    "widen_group": _Form("widen to group {name}", kind="groups"),
    "widen_branch": _Form("widen to branch {name}", free=True),
    "penalty": _Form("allow penalty {amount}", 0, 1000),
    "raise": _Form("raise {amount}", 0, 1_000_000, whole=False),
    "announce": _Form("announce {name}", free=True),
    "offer_callback": _Form("offer callback"),
    "to_queue": _Form("to queue {name}", kind="queues"),
    "to_voicemail": _Form("to voicemail"),
    "to_flow": _Form("to flow {name}"),
    "hang_up": _Form("hang up"),
}
LAST: Final[frozenset[Act]] = frozenset({"to_queue", "to_voicemail", "to_flow", "hang_up"})
"""Operations that end the stay in the queue."""


def _pattern(form: _Form) -> re.Pattern[str]:
    words = re.escape(form.words).replace(r"\ ", r"\s+")
    name = r"(?P<name>\S.*)" if form.free else r"(?P<name>\S+)"
    return re.compile(
        words.replace(r"\{name\}", name).replace(r"\{amount\}", r"(?P<amount>\S+)"), re.IGNORECASE
    )


_PATTERNS: Final = {act: _pattern(form) for act, form in _FORMS.items()}
_COMPARED = re.compile(r"(\w+)\s*(<=|>=|<|>)\s*(\S+?)\s*([^\d\s.]*)", re.IGNORECASE)
_LISTED = re.compile(r"(\w+)\s+(not\s+in|in)\s+(.*\S)", re.IGNORECASE)
_NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.ASCII | re.IGNORECASE)
_WIDE = str.maketrans("＜＞＝，：－～％　", "<>=,:--% ", "")


# ------------------------------------------------------------------ reading


def read_recipe(raw: object) -> tuple[Step, ...]:
    """The steps of a recipe as lists and mappings, or as YAML text. Raises RecipeError."""
    problems: list[str] = []
    if isinstance(raw, str):
        raw = _from_text(raw)
    if raw is None:
        return ()
    if not isinstance(raw, list | tuple):
        raise RecipeError(["must be a list of steps"])
    if len(raw) > MOST_STEPS:
        raise RecipeError([f"has {len(raw)} steps; at most {MOST_STEPS} are taken"])
    steps = [_step(one, f"step {number}", problems) for number, one in enumerate(raw, 1)]
    if problems:
        raise RecipeError(problems)
    return tuple(steps)


def _from_text(text: str) -> object:
    try:
        return _plain(compose(text, LONGEST_TEXT))
    except NotPlain as problem:
        raise RecipeError([f"line {problem.line}: {problem.reason}"]) from None


def _plain(node: yaml.Node | None) -> object:
    """Texts, lists and mappings; every value of a recipe is read as text."""
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(getattr(key, "value", "")): _plain(value) for key, value in node.value}
    if node is None or node.tag.endswith(":null"):
        return None
    return str(node.value)


def _step(raw: object, place: str, problems: list[str]) -> Step:
    if not isinstance(raw, Mapping):
        problems.append(f"{place}: {raw!r}: must be a mapping with when and do")
        return Step((), ())
    for key in raw:
        if key not in ("when", "do", "repeat", "every"):
            problems.append(f"{place}: {key!r}: is no part of a step; they are when, do, repeat and every")
    when: list[Condition] = []
    for text in _texts(raw.get("when"), "when", place, problems):
        for part in re.split(r"\s+and\s+", text, flags=re.IGNORECASE):
            _try(_condition, part, place, problems, when)
    do: list[Operation] = []
    for text in _texts(raw.get("do"), "do", place, problems):
        if do and do[-1].act in LAST:
            problems.append(
                f"{place}: {text!r}: can never be done, because {_written(do[-1])!r} ends the stay"
            )
            break
        _try(_operation, text, place, problems, do)
    if not raw.get("do"):
        problems.append(f"{place}: does nothing; write what to do under do")
    return Step(tuple(when), tuple(do), _flag(raw, place, problems), _every(raw, place, problems))


def _try(read: Any, text: str, place: str, problems: list[str], into: list[Any]) -> None:
    try:
        into.append(read(text))
    except ValueError as error:
        problems.append(f"{place}: {text!r}: {error}")


def _texts(raw: object, key: str, place: str, problems: list[str]) -> list[str]:
    listed = [] if raw in (None, "") else [raw] if isinstance(raw, str) else raw
    if not isinstance(listed, list | tuple) or not all(isinstance(one, str) for one in listed):
        problems.append(f"{place}: {key} must be a list of texts, is {raw!r}")
        return []
    if len(listed) > MOST_OF_A_STEP:
        problems.append(f"{place}: {key} has {len(listed)} parts; at most {MOST_OF_A_STEP} are taken")
        return []
    return [one.strip() for one in listed]


def _flag(raw: Mapping[str, object], place: str, problems: list[str]) -> bool:
    value = raw.get("repeat")
    if value is None or isinstance(value, bool):
        return bool(value)
    word = str(value).strip().lower()
    if word not in ("true", "false", "yes", "no"):
        problems.append(f"{place}: repeat {value!r}: must be true or false")
    return word in ("true", "yes")


def _every(raw: Mapping[str, object], place: str, problems: list[str]) -> float:
    value = raw.get("every")
    if value is None:
        return Step((), ()).every_s
    try:
        seconds = _amount(*_split_unit(str(value)), _MEASURES["wait"])
        if 0 < seconds < 1:
            raise ValueError("must be 0 or at least 1 second")
    except ValueError as error:
        problems.append(f"{place}: every {value!r}: {error}")
        return Step((), ()).every_s
    return seconds


# ------------------------------------------------------------------ conditions


def _condition(text: str) -> Condition:
    plain = text.translate(_WIDE).replace("≥", ">=").replace("≤", "<=").strip()
    compared, listed = _COMPARED.fullmatch(plain), _LISTED.fullmatch(plain)
    if compared:
        figure = _figure(compared[1])
        measure = _MEASURES.get(figure)
        if measure is None:
            raise ValueError(f"{figure} is no number; write {figure} in …")
        return Condition(figure, compared[2], _amount(compared[3], compared[4], measure))  # type: ignore[arg-type]
    if listed:
        figure = _figure(listed[1])
        if figure in _MEASURES:
            raise ValueError(f"{figure} is a number; compare it with <, <=, > or >=")
        op = " ".join(listed[2].lower().split())
        values = tuple(part.strip() for part in listed[3].split(",") if part.strip())
        return Condition(figure, op, _spans(values) if figure == "time" else _ids(values))  # type: ignore[arg-type]
    if re.fullmatch(r"[\w+*#@.:-]+", plain) and plain.lower() not in get_args(Figure):
        raise ValueError(
            "is no condition; if it belongs to a list such as tier in gold,silver, put quotes around it all"
        )
    raise ValueError("is no condition; write it like wait >= 30, tier in gold,silver or time in 18:00-08:00")


def _figure(word: str) -> Figure:
    figures: tuple[Figure, ...] = get_args(Figure)
    for figure in figures:
        if figure == word.lower():
            return figure
    raise ValueError(f"there is no figure {word!r}; there are {', '.join(figures)}")


def _split_unit(text: str) -> tuple[str, str]:
    found = re.fullmatch(r"\s*(\S+?)\s*([^\d\s.]*)\s*", text)
    return (found[1], found[2]) if found else (text, "")


def _amount(number: str, unit: str, measure: _Measure) -> float:
    units = measure.units or {}
    if number[:1].isalpha():
        raise ValueError(f"{number + unit!r} is no number")
    if unit and unit.lower() not in units:
        known = f"; units are {' and '.join(units)}" if units else " and no unit"
        raise ValueError(f"{number + unit!r} is not understood; write a number{known}")
    scale = units[unit.lower()] if unit else 1.0
    return _number(number, 0, measure.most / scale, measure.whole) * scale


def _number(text: str, least: float, most: float, whole: bool) -> float:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is no number")
    value = float(text)
    if not least <= value <= most:
        raise ValueError(f"must be between {least:g} and {most:g}")
    if whole and not value.is_integer():
        raise ValueError("must be a whole number")
    return value


def _spans(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        parse_span(value)
    return values


def _ids(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not re.fullmatch(r"[\w+*#@.:-]{1,64}", value):
            raise ValueError(f"{value!r} cannot be the id of a tier")
    return values


# ------------------------------------------------------------------ operations


def _operation(text: str) -> Operation:
    if len(text.splitlines()) > 1 or "\0" in text:
        raise ValueError("must be one line")
    for act, pattern in _PATTERNS.items():
        found = pattern.fullmatch(text)
        if found is None:
            continue
        form, parts = _FORMS[act], found.groupdict()
        name = (parts.get("name") or "").strip()
        if len(name) > (LONGEST_WORDS if act == "announce" else 128):
            raise ValueError("is too long")
        amount = parts.get("amount")
        if amount is None:
            return Operation(act, name)
        return Operation(act, name, _number(amount, form.least, form.most, form.whole))
    first = text.split()[0].lower() if text else ""
    near = [_shown(form) for form in _FORMS.values() if form.words.split()[0] == first]
    if near:
        raise ValueError(f"is not understood; write it like {' or '.join(near)}")
    raise ValueError(f"is no operation; there are {', '.join(_shown(form) for form in _FORMS.values())}")


def _shown(form: _Form) -> str:
    return form.words.replace("{name}", "…").replace("{amount}", "N")


# ------------------------------------------------------------------ writing


def write_recipe(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """A recipe as lists, mappings and texts, in the one way it is kept and shown."""
    return [
        {
            "when": [_condition_text(condition) for condition in step.when],
            "do": [_written(operation) for operation in step.do],
            "repeat": step.repeat,
            "every": step.every_s,
        }
        for step in steps
    ]


def _condition_text(condition: Condition) -> str:
    value = condition.value
    shown = ",".join(value) if isinstance(value, tuple) else _plain_number(value)
    return f"{condition.figure} {condition.op} {shown}"


def _written(operation: Operation) -> str:
    form = _FORMS[operation.act]
    return form.words.format(name=operation.name, amount=_plain_number(operation.amount))


def _plain_number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


# ------------------------------------------------------------------ what a recipe names


def kind_of(operation: Operation) -> str:
    """The kind of row an operation names, empty if it names none."""
    return _FORMS[operation.act].kind


def references(steps: Sequence[Step]) -> Iterator[Reference]:
    """Every skill, group, queue and tier the steps name; branches and flows are nobody's rows."""
    for number, step in enumerate(steps, 1):
        for condition in step.when:
            if condition.figure == "tier" and isinstance(condition.value, tuple):
                for tier in condition.value:
                    yield Reference(number, _condition_text(condition), "tiers", tier)
        for operation in step.do:
            kind = kind_of(operation)
            if kind:
                yield Reference(number, _written(operation), kind, operation.name)
