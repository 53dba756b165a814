"""Which column of a table is what: headings the field uses, and a column map for all others."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from forecasting.history import MEASURES

ROLES = ("timestamp", "date", "time", "offset", "queue", "calls", *MEASURES)
"""What a column can be. ``date`` and ``time`` together stand for ``timestamp``; ``offset`` is from UTC."""
OPTIONS = ("date_order", "decimal")

_KNOWN: dict[str, str] = {
    "timestamp": "timestamp time datetime date_time date_and_time start start_time interval_start "
    "interval period ds begin zeitstempel 时间 日期时间 时段 开始时间 时间段 统计时间 起始时间",
    "date": "date day datum tag 日期 统计日期",
    "time": "time interval start start_time interval_start period time_of_day uhrzeit zeit 时刻 时间 时段 "
    "时间段 开始时间 起始时间 统计时间",
    "offset": "offset utc_offset utcoffset 时区偏移",
    "queue": "queue queue_name skill split vdn business business_type warteschlange "
    "队列 技能组 业务 业务类型 业务组",
    "calls": "calls offered calls_offered call_volume volume calls_received received contacts "
    "contacts_offered incoming inbound y anrufe 来电量 呼入量 话务量 进线量 呼叫量 来话量 接入量 "
    "来电数 呼入数",
    "abandoned": "abandoned abandons aband calls_abandoned abandoned_calls lost aufgelegt 放弃量 放弃数 "
    "呼损 呼损量",
    "answered": "answered calls_answered handled calls_handled acd_calls answered_calls angenommen 接听量 "
    "接通量 应答量 人工接听量 接起量",
    "ivr": "ivr ivr_calls self_served self_service calls_ivr contained ivr处理量 自助量 ivr量 自助服务量",
    "aht_s": "aht_s aht aht_sec aht_seconds average_handle_time average_handling_time avg_handle_time "
    "mean_handle_time 平均处理时长 平均处理时间 平均处理时长_秒",
    "talk_s": "talk_s avg_talk_time average_talk_time att 平均通话时长 平均通话时间",
    "acw_s": "acw_s acw avg_acw average_acw avg_wrap_time 话后处理时长 平均话后时长 平均话后处理时长",
}
_ROLES_OF: dict[str, list[str]] = {}
for _role, _headings in _KNOWN.items():
    for _heading in _headings.split():
        _ROLES_OF.setdefault(_heading, []).append(_role)


class ColumnError(ValueError):
    """The columns of a table, or the map of them, do not say what is needed."""


@dataclass(frozen=True, slots=True)
class Columns:
    """A column map: headings by role, and how dates and numbers are written.

    ``date_order`` is "dmy" or "mdy" where the year stands last, "" if it need not be known; ``decimal`` is
    "," or ".", "" to see it from the numbers. Raises ColumnError for a role or a value there is not.
    """

    headings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    date_order: str = ""
    decimal: str = ""

    def __post_init__(self) -> None:
        for role in self.headings:
            if role not in ROLES:
                known = ", ".join((*ROLES, *OPTIONS))
                raise ColumnError(f"a column map says {role}=…, but a column is one of {known}")
        if self.date_order not in ("", "dmy", "mdy", "ymd"):
            raise ColumnError(f"date_order is dmy, mdy or ymd, not {self.date_order!r}")
        if self.decimal not in ("", ",", "."):
            raise ColumnError(f"decimal is a comma or a point, not {self.decimal!r}")

    @classmethod
    def parse(cls, text: str) -> "Columns":
        """``timestamp=Datum,calls=Anrufe,date_order=dmy``; a comma itself is written ``comma``.

        Raises ColumnError with the part that cannot be read.
        """
        found: dict[str, str] = {}
        for part in filter(None, (part.strip() for part in text.split(","))):
            role, equals, heading = (piece.strip() for piece in part.partition("="))
            if not equals or not heading:
                raise ColumnError(f"{part!r} is no part of a column map; write it like calls=Anrufe")
            if role in found:
                raise ColumnError(f"the column map says twice what {role} is")
            found[role] = heading
        decimal = {"comma": ",", "point": "."}.get(found.get("decimal", ""), found.get("decimal", ""))
        order = found.get("date_order", "")
        return cls({role: h for role, h in found.items() if role not in OPTIONS}, order, decimal)


def find(cells: Iterable[object], columns: Columns) -> dict[str, int]:
    """The place of each role in a row of headings, as the map says and else as headings are known.

    Raises ColumnError for a heading of the map that is not there, or a role two columns claim.
    """
    names = ["" if cell is None else str(cell).strip() for cell in cells]
    places: dict[str, int] = {}
    for role, heading in columns.headings.items():
        there = [n for n, name in enumerate(names) if name == heading]
        there = there or [n for n, name in enumerate(names) if plain(name) == plain(heading)]
        if not there:
            raise ColumnError(f"there is no column {heading!r}; there are {', '.join(filter(None, names))}")
        places[role] = there[0]
    taken = set(places.values())
    claims: dict[str, list[int]] = {}
    for n, name in enumerate(names):
        for role in _ROLES_OF.get(plain(name), []) if n not in taken else []:
            claims.setdefault(role, []).append(n)
    _dates_and_times(claims, places)
    for role, there in claims.items():
        if role not in places and there:
            if len(there) > 1:
                both = " and ".join(repr(names[n]) for n in there[:2])
                raise ColumnError(f"columns {both} both look like {role}; say with a column map which it is")
            places[role] = there[0]
    return {role: places[role] for role in ROLES if role in places}


def _dates_and_times(claims: dict[str, list[int]], places: Mapping[str, int]) -> None:
    """A heading such as "time" is the whole timestamp if no other column is the date."""
    unused: tuple[str, ...]
    date = places.get("date", next(iter(claims.get("date", [])), None))
    if "timestamp" in places:
        unused = ("date", "time")
    elif date is not None and (claims.get("time") or "time" in places):
        unused = ("timestamp",)
    else:
        if "timestamp" not in claims and date is not None:
            claims["timestamp"] = [date]
        unused = ("date", "time")
    for role in unused:
        claims.pop(role, None)


def plain(heading: str) -> str:
    """A heading without capitals, marks between words, and what stands in brackets unless it is minutes."""
    text = re.sub(r"[(（\[](?!\s*(?:min|分|h|小时)).*?[)）\]]", " ", heading.casefold())
    return re.sub(r"[\s_\-./:#]+", "_", text).strip("_")
