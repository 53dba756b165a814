"""Routes of team cycles, and of the period after a published one."""

from fastapi import APIRouter

from common.faults import NamedFaults
from common.request_rows import Rows
from scheduling.bodies.revising import RosterCycle, RosterNextBody, RosterTeamsBody, RosterTeamsMade
from scheduling.bodies.rosters import RosterProblemShown
from scheduling.judge import judge
from scheduling.records import rotating as store
from scheduling.records.differences import shown_roster, verdict_shown
from scheduling.routes.parts import Number, Planner, Rostered, author_of
from scheduling.routes.problems import problem_shown
from scheduling.routes.shown import draft_shown

router = APIRouter(route_class=NamedFaults)


@router.post("/problems/{number}/teams")
def rotate_teams(
    number: Number, body: RosterTeamsBody, who: Planner, rows: Rows, rostering: Rostered
) -> RosterTeamsMade:
    """Let teams rotate through a cycle, or take turns at each shift; a draft has what comes of it."""
    made = store.rotate_teams(rows, number, body, author_of(who, rostering))
    problem = draft = None
    if made.problem_row is not None and made.draft is not None:
        problem = problem_shown(rows, made.problem_row, rostering.agents(rows).keys())
        draft = draft_shown(made.draft, made.problem_row)
    return RosterTeamsMade(
        problem=problem,
        draft=draft,
        cycles=[RosterCycle(team=one.team, days=list(one.days), begins=one.begins) for one in made.cycles],
        shifts=len(made.roster.assignments),
        roster=shown_roster(made.problem, made.roster),
        verdict=verdict_shown(made.problem, judge(made.problem, made.roster)),
    )


@router.post("/versions/{number}/next", status_code=201)
def create_next(
    number: Number, body: RosterNextBody, who: Planner, rows: Rows, rostering: Rostered
) -> RosterProblemShown:
    """The problem of the period after it: its people with what they worked and what fairness has counted."""
    row = store.create_next(rows, number, body, author_of(who, rostering))
    return problem_shown(rows, row, rostering.agents(rows).keys())
