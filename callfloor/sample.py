"""The sample bank: what the flows of ``ivr/flows`` need, a dozen agents, customers, and a seat for you.

Building it into a database that has it already changes nothing but the users' passwords: rows that were
edited stay as they are, and rows that were deleted stay away.
"""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from callfloor import sample_drafts, sample_rosters
from common.auth.sessions import wall_clock
from common.auth.users import USERS, UserBody
from common.rows import KINDS, RetiredRow
from crm_bridge import retail, sample_books
from crm_bridge import sample as customers

ENTRY_NUMBER = "95588"
SEAT = "you"
AGENT_USER, SUPERVISOR_USER, PLANNER_USER, ADMIN_USER = "agent", "supervisor", "planner", "admin"


@dataclass(frozen=True, slots=True)
class Sample:
    """What the demo needs to know. ``agents`` are the simulated ones, ``seat`` is the agent who is you."""

    entry_number: str
    agents: tuple[str, ...]
    seat: str
    agent_user: str
    supervisor_user: str
    planner_user: str
    admin_user: str
    numbers: tuple[str, ...]
    """What callers dial from: customers of every tier, and some strangers."""
    queues: dict[str, str]
    """Names of the queues that are there, by id."""


def build(
    session: Session,
    *,
    seed: int,
    language: str,
    agent_password: str,
    supervisor_password: str,
    planner_password: str,
    admin_password: str,
) -> Sample:
    """Write what is missing of the bank and give the four users you may be these passwords.

    ``seed`` chooses the customers, ``language`` (``zh-CN`` or ``en``) all names. Raises a Problem if a row
    cannot be written, such as for a password that is too short.
    """
    words = 1 if language.startswith("en") else 0
    retail.seed(session, language)  # recipes name tiers
    made = [(kind, row["id"]) for kind, rows in _rows(words) for row in rows if _ensure(session, kind, row)]
    for queue in _QUEUES:
        # Recipes name queues and groups, which have to be there first.
        if ("queues", queue[0]) in made:
            body = {**_queue(words, *queue), "recipe": _HELP[queue[0]]}
            rows = KINDS["queues"]
            rows.update(session, rows.get(session, queue[0]), rows.body.model_validate(body))
    owners = [(id, agent.names[words]) for id, agent in AGENTS.items()]
    bank = customers.fill(session, seed, language=language, agents=[*owners, (SEAT, _SEAT[words])])
    sample_books.fill(session, seed, wall_clock())
    _seat_user(session, AGENT_USER, _SEAT[words], agent_password, language, role="agent", agent=SEAT)
    _seat_user(session, SUPERVISOR_USER, _SUPERVISOR[words], supervisor_password, language, role="supervisor")
    _seat_user(session, PLANNER_USER, _PLANNER[words], planner_password, language, role="planner")
    _seat_user(session, ADMIN_USER, _ADMIN[words], admin_password, language, role="admin")
    there = {row.id: row.name for row in KINDS["agents"].all(session)}
    people = {id: there[id] for id in (*AGENTS, SEAT) if id in there}
    sample_rosters.fill(session, people, words, wall_clock())
    sample_drafts.fill(session, people, words, wall_clock())
    return Sample(
        ENTRY_NUMBER,
        tuple(id for id in AGENTS if id in there),
        SEAT,
        AGENT_USER,
        SUPERVISOR_USER,
        PLANNER_USER,
        ADMIN_USER,
        bank.numbers + bank.strangers,
        {row.id: row.name for row in KINDS["queues"].all(session)},
    )


def _ensure(session: Session, kind: str, row: dict[str, Any]) -> bool:
    """Write the row unless it is there, or was; True if it was written."""
    rows = KINDS[kind]
    deleted = session.get(RetiredRow, (kind, row["id"]))
    if deleted is not None or session.get(rows.model, row["id"]) is not None:
        return False
    rows.create(session, rows.body.model_validate(row))
    return True


def _seat_user(
    session: Session, id: str, name: str, password: str, language: str, **fields: str | None
) -> None:
    row = session.get(USERS.model, id)
    if row is None:
        new = {"id": id, "name": name, "language": language, "password": password, **fields}
        USERS.create(session, UserBody.model_validate(new), revive=True)
        return
    USERS.update(
        session,
        row,
        UserBody.model_validate({**USERS.show(row), "password": password, "disabled": False}),
    )


# ------------------------------------------------------------------ the bank, in Chinese and in English

_SEAT = ("体验坐席", "Your seat")
_SUPERVISOR = ("体验主管", "Your supervisor")
_PLANNER = ("体验排班师", "Your planner")
_ADMIN = ("体验管理员", "Your administrator")
_HOTLINE = ("客服热线", "Hotline")
_NUMBERS = (
    (ENTRY_NUMBER, _HOTLINE, "bank", "hotline"),
    ("95589", ("投诉专线", "Complaints line"), "complaints", "complaints"),
    ("95590", ("企业金融专线", "Business line"), "corporate", "corporate"),
)
"""(number, names, flow, source); the flows greet those who come by their own source."""
_TEAM = ("晚间支援组", "Evening team")
_BRANCHES = (("总行客服中心", "城东支行"), ("Head office", "East Gate"))


@dataclass(frozen=True, slots=True)
class _Agent:
    names: tuple[str, str]
    queues: tuple[str | dict[str, Any], ...]
    skills: tuple[str, ...] = ()


AGENTS: dict[str, _Agent] = {
    "1001": _Agent(("陈静", "Grace Chen"), ("personal",)),
    "1002": _Agent(("刘洋", "Leo Young"), ("personal",), ("english/3",)),
    "1003": _Agent(("赵敏", "Mina Hart"), ("personal",)),
    "1004": _Agent(("孙磊", "Ray Stone"), ("personal",), ("wealth/2",)),
    "1005": _Agent(
        ("周婷", "Tina Brook"), ("personal", {"queue": "complaints", "level": 2}), ("english/2", "wealth/3")
    ),
    "1006": _Agent(("吴强", "Victor Strong"), ("personal", "complaints")),
    "1007": _Agent(("郑雪", "Snow Carter"), ("personal", "complaints"), ("english",)),
    "1008": _Agent(("冯军", "Adam Field"), ("complaints",), ("mediation",)),
    "1009": _Agent(("何丽", "Lily Ward"), ("complaints",), ("english", "mediation/2")),
    "1010": _Agent(("高翔", "Martin Hill"), ("business",), ("corporate",)),
    "1011": _Agent(("林悦", "Joy Forest"), ("business",), ("corporate/2", "english/2")),
    "1012": _Agent(
        ("罗浩", "Howard Lane"), ("personal", {"queue": "business", "penalty": 1}), ("corporate",)
    ),
}
"""The simulated agents; the first name is Chinese, the second English."""

_EVENING = ("1008", "1009", "1010", "1011")
"""Agents of other queues who help out with personal banking in the evening."""

_HELP: dict[str, list[dict[str, Any]]] = {
    "personal": [
        {"when": ["wait >= 45", "time in 18:00-08:00"], "do": ["widen to group evening"]},
        {"when": ["wait >= 60", "tier in retail-wealth,retail-private"], "do": ["raise 20"]},
    ],
    "complaints": [{"when": ["wait >= 45"], "do": ["widen to level 2"]}],
    "business": [
        {"when": ["wait >= 90"], "do": ["to queue personal"]},
    ],
}
"""What happens to calls that wait long; one that is answered at once meets none of it."""

_TOLD = {"first_s": 45, "every_s": 60, "position": True, "wait": True, "only_improved": True}
_QUEUES: tuple[tuple[str, tuple[str, str], dict[str, Any]], ...] = (
    (
        "personal",
        ("个人业务", "Personal banking"),
        {"target_s": 20, "wrap_up_s": 30, "max_wait_s": 300, "announce": _TOLD, "resume_s": 300},
    ),
    (
        "complaints",
        ("投诉建议", "Complaints"),
        {"target_s": 15, "target_share": 0.9, "wrap_up_s": 60, "announce": _TOLD},
    ),
    (
        "business",
        ("企业业务", "Business banking"),
        {"target_s": 20, "wrap_up_s": 45, "max_wait_s": 300, "home_branch_first": True},
    ),
)
_SKILLS = {
    "english": ("英语", "English"),
    "wealth": ("理财顾问", "Wealth advice"),
    "mediation": ("投诉调解", "Mediation"),
    "corporate": ("对公业务", "Corporate accounts"),
}


def _queue(words: int, id: str, names: tuple[str, str], rules: dict[str, Any]) -> dict[str, Any]:
    return {"id": id, "name": names[words], **rules}


def _rows(words: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """(kind, rows), those pointed to first."""
    for module in ("acd.api", "common.calendars", "ivr.api"):
        importlib.import_module(module)
    yield "skills", [{"id": id, "name": names[words]} for id, names in _SKILLS.items()]
    yield "queues", [_queue(words, *queue) for queue in _QUEUES]
    agents = [
        {
            "id": id,
            "name": agent.names[words],
            "queues": list(agent.queues),
            "skills": list(agent.skills),
            "branch": _BRANCHES[words][number % 2],
        }
        for number, (id, agent) in enumerate(AGENTS.items())
    ]
    queues = [id for id, _, _ in _QUEUES]
    seat = {"id": SEAT, "name": _SEAT[words], "queues": queues, "skills": list(_SKILLS)}
    yield "agents", [*agents, {**seat, "branch": _BRANCHES[words][0], "may_pull": True}]
    yield "groups", [{"id": "evening", "name": _TEAM[words], "agents": list(_EVENING)}]
    # Banks answer their hotline around the clock, and a demo must be alive whenever it is tried.
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    hours = {day: [["00:00", "24:00"]] for day in days}
    yield "calendars", [{"id": "bank", "name": _HOTLINE[words], "hours": hours}]
    yield (
        "entry-numbers",
        [
            {"id": number, "name": names[words], "flow": flow, "source": source}
            for number, names, flow, source in _NUMBERS
        ],
    )
