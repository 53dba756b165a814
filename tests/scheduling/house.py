"""A house with rosters: the API over a real database, solving in this process, a small team for a week."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common import auth
from common.auth.tables import UserRow
from common.jobs import Jobs
from common.rate import Rate
from common.working import here
from domain.instant import Instant
from scheduling import api
from scheduling.records.proposals import ProposalKinds
from scheduling.records.solving import SolveKinds
from scheduling.routes.parts import Rostering
from scheduling.tables import ProposalRow, RosterJobRow
from tests.common.web import House, TestClient, make_house  # type: ignore[attr-defined]

ROSTERS = "/api/rosters"
NOW = Instant(1_795_575_600_000_000)
"""Wednesday, 25 November 2026, 11:00 in Shanghai."""
MONDAY = "2026-11-30"
AGENTS = {"amy": "Amy Ash", "ben": "Ben Birch", "cem": "Cem Cedar"}


def day(number: int) -> str:
    """A day of the week that is planned."""
    return f"2026-{'11-30' if number == 0 else f'12-{number:02}'}"


def problem(**more: Any) -> dict[str, Any]:
    """A week of three people, early and late shifts, and eleven hours of rest."""
    lunch = {"name": "lunch", "minutes": 60, "earliest": 180, "latest": 300, "paid": False}
    return {
        "start": MONDAY,
        "days": 7,
        "zone": "Asia/Shanghai",
        "interval_minutes": 60,
        "shifts": [
            {"id": "E", "start": 420, "length": 480, "breaks": [lunch], "name": "Early", "marks": ["early"]},
            {"id": "L", "start": 900, "length": 480, "breaks": [lunch], "marks": ["late"]},
        ],
        "people": [{"id": id, "name": name} for id, name in AGENTS.items()],
        "covers": [{"day": number, "shift": "E", "required": 1} for number in range(5)],
        "rules": [{"rule": "rest", "least_minutes": 660}],
        **more,
    }


@dataclass
class RosterHouse:
    """The house, its rosters, and a clock that can be set."""

    house: House
    rostering: Rostering
    clock: list[Instant]

    def signed_in(self, user: str) -> "Browser":
        """A browser of a user."""
        return Browser(self.house.signed_in(user))

    def link(self, user: str, agent: str) -> None:
        """Let a user be an agent."""
        with self.house.database.transaction() as session:
            session.get_one(UserRow, user).agent = agent


@dataclass
class Browser:
    """Somebody at the API; answers are checked for their code."""

    client: TestClient

    def get(self, path: str, code: int = 200, **query: Any) -> Any:
        """What a path shows."""
        answer = self.client.get(f"{ROSTERS}/{path}", params=query)
        assert answer.status_code == code, answer.text
        return answer.json()

    def post(self, path: str, code: int = 200, tag: str = "", **body: Any) -> Any:
        """What comes of sending a body."""
        headers = {"If-Match": f'"{tag}"'} if tag else {}
        answer = self.client.post(f"{ROSTERS}/{path}", json=body, headers=headers)
        assert answer.status_code == code, answer.text
        return answer.json()

    def delete(self, path: str, code: int = 204) -> None:
        """Delete it."""
        answer = self.client.delete(f"{ROSTERS}/{path}")
        assert answer.status_code == code, answer.text

    def plan(self, **more: Any) -> int:
        """A problem; its number."""
        body = {"group": "bank", "name": "A week", "problem": problem(**more)}
        return int(self.post("problems", 201, **body)["id"])

    def draft(self, number: int, *cells: tuple[str, int, str]) -> int:
        """A draft with these shifts: person, day, shift."""
        made = self.post("drafts", 201, problem=number, name="By hand")
        changes = [{"person": who, "day": day(on), "shift": shift} for who, on, shift in cells]
        if changes:
            self.post(f"drafts/{made['id']}/changes", changes=changes)
        return int(made["id"])

    def published(self, *cells: tuple[str, int, str], **more: Any) -> Any:
        """A published roster with these shifts."""
        draft = self.draft(self.plan(**more), *cells)
        return self.post(f"drafts/{draft}/publish", 201, note="Final")


def roster_house(where: str | Path, do: Callable[..., Any] = here) -> RosterHouse:
    """A house with users of each role; amy, ben and cem are agents, linked to the agents of their names."""
    house = make_house(where, auth.router, api.router)
    clock = [NOW]
    tell = lambda: clock[0]  # noqa: E731
    jobs = Jobs(RosterJobRow, house.database, SolveKinds(), tell, do, name="rosters' jobs")
    proposals = Jobs(ProposalRow, house.database, ProposalKinds(), tell, do, name="rosters' proposals")
    agents: Mapping[str, str] = AGENTS
    house.app.state.rostering = Rostering(jobs, proposals, lambda session: agents, tell, Rate(3, 0.0))
    made = RosterHouse(house, house.app.state.rostering, clock)
    for user in AGENTS:
        house.add(user)
        made.link(user, user)
    for user, role in (("ann", "agent"), ("sue", "supervisor"), ("paul", "planner"), ("root", "admin")):
        house.add(user, role)  # type: ignore[arg-type]
    return made
