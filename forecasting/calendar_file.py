"""A planner's calendar as a file (YAML), as the settings pages show it: country, hours, days, events."""

from pathlib import Path

import yaml
from pydantic import ValidationError

from common.plain_yaml import NotPlain, compose
from forecasting.bodies import PlannerCalendarBody
from forecasting.calendar import DayCalendar
from forecasting.records.planner_calendars import as_days

LONGEST = 2_000_000


class CalendarFileError(ValueError):
    """A file is no calendar; every fault with its line."""


def read_calendar(path: Path, zone: str) -> DayCalendar:
    """The calendar in a file, for times in ``zone``. Raises CalendarFileError, OSError."""
    try:
        text = path.read_text(encoding="utf-8")
        root = compose(text, LONGEST)
    except UnicodeDecodeError as error:
        raise CalendarFileError(f"{path}: this is not UTF-8: {error.reason}") from None
    except NotPlain as error:
        raise CalendarFileError(f"{path}:{error.line}: {error.reason}") from None
    try:
        plain = yaml.safe_load(text) or {}
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2026-02-30
        raise CalendarFileError(f"{path}: {str(error).splitlines()[0]}") from None
    if not isinstance(plain, dict):
        raise CalendarFileError(f"{path}:1: a calendar is a mapping: country, hours, days, events, drivers")
    try:
        body = PlannerCalendarBody.model_validate({"name": path.stem or "calendar", "country": "", **plain})
    except ValidationError as error:
        lines = [
            f"{path}:{_line(root, fault['loc'])}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}"
            for fault in error.errors()
        ]
        raise CalendarFileError("\n".join(lines)) from None
    return as_days(body, zone)


def _line(node: yaml.Node | None, place: tuple[int | str, ...]) -> int:
    """The line of the piece at ``place``, or of the nearest around it."""
    line = 1
    for step in place:
        if isinstance(node, yaml.MappingNode):
            pair = next((p for p in node.value if str(p[0].value) == str(step)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line
