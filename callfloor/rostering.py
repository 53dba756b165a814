"""The rosters' part of the platform, wired: who the agents are, long work."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from acd.store import AgentRow
from common.auth.sessions import wall_clock
from common.db import Database
from common.jobs import Jobs
from domain.instant import Instant
from scheduling.records.proposals import ProposalKinds
from scheduling.records.solving import SolveKinds
from scheduling.routes.parts import Rostering
from scheduling.tables import ProposalRow, RosterJobRow


def make_rostering(database: Database, clock: Callable[[], Instant] = wall_clock) -> Rostering:
    """What the rosters' routes need; it is to be started."""
    jobs = Jobs(RosterJobRow, database, SolveKinds(), clock, name="rosters' jobs")
    proposals = Jobs(ProposalRow, database, ProposalKinds(), clock, name="rosters' proposals")
    return Rostering(jobs, proposals, agents, clock)


def agents(session: Session) -> dict[str, str]:
    """The platform's agents: id to name."""
    return {id: name for id, name in session.execute(select(AgentRow.id, AgentRow.name))}  # noqa: C416
