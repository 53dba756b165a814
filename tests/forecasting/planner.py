"""A planner's house: the API over a real database, jobs done in this process, and a year of hours."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from common import auth
from domain.instant import Instant
from forecasting import api
from forecasting.bodies import SourceShown
from forecasting.days import starts_of
from forecasting.files import to_csv
from forecasting.history import History
from forecasting.job_kinds import PlannerKinds
from forecasting.jobs import Jobs
from forecasting.routes.parts import Planning
from forecasting.working import here
from tests.common.web import House, TestClient, make_house  # type: ignore[attr-defined]

PLANNING = "/api/planning"
ZONE = "Asia/Shanghai"
NOW = Instant(1_795_575_600_000_000)
"""Wednesday, 25 November 2026, 11:00 in Shanghai."""
TODAY = np.datetime64("2026-11-25")


@dataclass
class Counted:
    """What the platform counted, by series."""

    histories: dict[str, History] = field(default_factory=dict)

    def __call__(self, session: Any, row: Any) -> History | None:
        """Of one series."""
        return self.histories.get(row.id)


@dataclass
class PlannerHouse:
    """The house, its jobs, and a clock that can be set."""

    house: House
    planning: Planning
    counted: Counted
    clock: list[Instant]

    def signed_in(self, user: str = "paul") -> TestClient:
        """A browser of a user."""
        return self.house.signed_in(user)

    def at(self, day: str, hour: int = 11) -> None:
        """Make it this day and hour in Shanghai."""
        start = starts_of(np.array([day], dtype="datetime64[D]"), np.array([hour * 60]), ZONE)
        self.clock[0] = Instant(int(start[0, 0]) * 1_000_000)


def planner_house(where: str | Path, do: Callable[..., Any] = here) -> PlannerHouse:
    """A house with one user of each role: ann (agent), sue (supervisor), paul (planner), root (admin)."""
    house = make_house(where, auth.router, api.router)
    clock, counted = [NOW], Counted()
    tell = lambda: clock[0]  # noqa: E731
    sources = [SourceShown(source="queue", key="sales", name="Sales", series=None)]
    jobs = Jobs(house.database, PlannerKinds(counted, tell), tell, do)
    planning = Planning(jobs, counted, lambda session: sources, tell)
    house.app.state.planning = planning
    for user, role in (("ann", "agent"), ("sue", "supervisor"), ("paul", "planner"), ("root", "admin")):
        house.add(user, role)  # type: ignore[arg-type]
    return PlannerHouse(house, planning, counted, clock)


def hours(days: int = 84, level: float = 20.0, until: np.datetime64 = TODAY, seed: int = 1) -> History:
    """Hours of so many days before ``until``: busier by day, quiet on Sundays, by chance."""
    rng = np.random.default_rng(seed)
    dates = until - np.arange(days, 0, -1)
    slots = np.arange(0, 1440, 60)
    weekday = (dates.astype(np.int64) + 3) % 7
    shape = 1 + np.sin((slots / 60 - 9) / 24 * 2 * np.pi)
    mean = level * np.where(weekday == 6, 0.5, 1.0)[:, None] * shape
    calls = rng.poisson(mean).ravel().astype(np.float64)
    aht_s = np.where(calls > 0, 180 + 20 * rng.standard_normal(calls.shape), np.nan)
    return History(starts_of(dates, slots, ZONE).ravel(), calls, 3600, ZONE, {"aht_s": aht_s.round(1)})


def as_file(history: History, name: str = "") -> bytes:
    """A history as a CSV file."""
    return to_csv({name: history}).encode()


def send(browser: TestClient, data: bytes, code: int = 201, **query: Any) -> Any:
    """Import a file."""
    query = {"file": "calls.csv", **{k: v for k, v in query.items() if v is not None}}
    answer = browser.post(f"{PLANNING}/imports", params=query, content=data)
    assert answer.status_code == code, answer.text
    return answer.json()
