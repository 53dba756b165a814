"""The rosters' API, under ``/api/rosters``: supervisors read and decide requests; planners and admins write;
everybody who is an agent sees their own roster and requests.

Problems (``routes.problems``); they never change, a change makes another one::

    GET    /problems?group=                        -> [RosterProblemShown], the latest first
    POST   /problems              RosterProblemBody -> 201 RosterProblemShown
    GET    /problems/{number}                      -> RosterProblemWhole
    GET    /books                                  the ready-made rule books -> [RosterBookShown]
    POST   /problems/assemble RosterAssembleBody   of requirements, people and books -> 201 RosterAssembled
    DELETE /problems/{number}                      -> 204; refused while a roster is of it
    POST   /problems/{number}/teams RosterTeamsBody teams that rotate -> RosterTeamsMade
    POST   /problems/{number}/solve RosterSolveBody -> 202 RosterJobShown
    GET    /jobs?problem=                          -> [RosterJobShown], the latest first
    GET    /jobs/{number}                          -> RosterJobShown
    POST   /jobs/{number}/stop                     end now, with the best roster so far -> RosterJobShown
    POST   /jobs/{number}/cancel                   give it up -> RosterJobShown

Drafts (``routes.drafts``)::

    GET    /drafts?problem=                        -> [RosterDraftShown], the latest first
    POST   /drafts                RosterDraftBody  -> 201 RosterDraftShown
    GET    /drafts/{number}                        -> RosterDraftWhole, ETag
    DELETE /drafts/{number}                        -> 204
    POST   /drafts/{number}/changes RosterChangesBody -> RosterChanged; If-Match: its tag, if you like
    GET    /drafts/{number}/verdict                -> RosterVerdict, without the roster
    GET    /drafts/{number}/cover                  requirement against cover -> RosterCoverWhole
    GET    /drafts/{number}/helpers?day=&name=&minute=&minutes=
                                                   who is short and why -> [RosterHelper]
    GET    /drafts/{number}/trail                  -> [RosterTrailShown], the latest first
    GET    /drafts/{number}/sheet                  -> XLSX
    PUT    /drafts/{number}/sheet?dry=             XLSX -> RosterChanged; If-Match as above
    GET    /drafts/{number}/against                what publishing it would change -> [RosterChange]
    POST   /drafts/{number}/publish RosterPublishBody -> 201 RosterVersionShown

Proposals: a day anew, breaks anew, duties for the reserve; looked at, then accepted (``routes.proposals``)::

    POST   /drafts/{number}/proposals RosterProposalBody -> 202 RosterProposalShown
    POST   /versions/{number}/proposals RosterProposalBody of the one in force -> 202 RosterProposalShown
    GET    /proposals?draft=&version=              -> [RosterProposalShown], the latest first
    GET    /proposals/{number}                     -> RosterProposalShown
    POST   /proposals/{number}/cancel              -> RosterProposalShown
    POST   /proposals/{number}/accept RosterAcceptBody the draft changes, or the next version is published
                                                   -> RosterProposalShown

Published rosters (``routes.versions``)::

    GET    /versions?group=&current=               -> [RosterVersionShown], the latest first
    GET    /versions/{number}                      -> RosterVersionWhole
    GET    /versions/{number}/verdict              -> RosterVerdict
    GET    /versions/{number}/cover                -> RosterCoverWhole
    GET    /versions/{number}/helpers              as of drafts -> [RosterHelper]
    GET    /versions/{number}/sheet                -> XLSX
    POST   /versions/{number}/next RosterNextBody  the problem after its period -> 201 RosterProblemShown
    GET    /versions/{number}/adherence?from=&to=&by= -> AdherenceShown or CSV; of its group and period
    GET    /versions/{number}/adherence/{person}?from=&to= -> PersonAdherence

Who was excused, such as by illness, so that adherence does not count it (``routes.absences``)::

    GET    /absences?from=&to=                     -> [AbsenceShown], the latest first; withdrawn ones too
    POST   /absences              AbsenceBody      entered beforehand or afterwards -> 201 AbsenceShown
    POST   /absences/{number}/withdraw             -> AbsenceShown

Open shifts (``routes.openings``); they are given by approving a bid, which is a request::

    POST   /versions/{number}/openings RosterOpeningBody -> 201 RosterOpeningShown
    GET    /openings?group=&open=                  -> [RosterOpeningShown], the latest first
    GET    /openings/{number}                      its bids in turn, judged now -> RosterOpeningWhole
    POST   /openings/{number}/close                no more bids -> RosterOpeningShown
    GET    /mine/openings                          an agent's -> [MyOpening], by day
    POST   /mine/openings/{number}/bid MyBidBody   an agent's -> 201 RosterRequestShown

Requests (``routes.requests``)::

    GET    /requests?state=&group=&open=           -> [RosterRequestShown], the latest first
    GET    /requests/{number}                      judged against the roster as it is -> RosterRequestWhole
    POST   /requests/{number}/approve RosterDecisionBody -> RosterRequestShown
    POST   /requests/{number}/refuse RosterDecisionBody -> RosterRequestShown

An agent's own (``routes.mine``)::

    GET    /mine?from=&to=                         -> MyRoster
    GET    /mine/waiting                           how many requests wait for me -> MyWaiting
    GET    /mine/adherence?from=&to=               -> [PersonAdherence], period by period
    GET    /mine/colleagues?day=                   -> [RosterColleague]
    GET    /mine/requests                          mine, and those I am asked in -> [RosterRequestShown]
    POST   /mine/requests         RosterRequestBody -> 201 RosterRequestShown
    POST   /mine/requests/preview RosterRequestBody -> RosterRequestVerdict
    POST   /mine/requests/{number}/agree           the other's -> RosterRequestShown
    POST   /mine/requests/{number}/decline         the other's -> RosterRequestShown
    POST   /mine/requests/{number}/withdraw        -> RosterRequestShown
    GET    /mine/feed                              -> MyFeed
    POST   /mine/feed                              a new address, the old one ends -> 201 MyFeed
    DELETE /mine/feed                              -> 204
    GET    /feeds/{token}                          iCalendar, without signing in

Errors are problem+json: 404 for what is not there, 409 for what does not go (any more), 412 for a draft that
was changed meanwhile, 422 with ``errors`` (``at``, ``message``) for what is wrong in a body, a problem or a
sheet, 429 where too many jobs wait or too many wrong feeds are asked for.
"""

from fastapi import APIRouter

from scheduling.routes import (
    absences,
    assembling,
    cover,
    drafts,
    mine,
    openings,
    problems,
    proposals,
    requests,
    rotating,
    versions,
)

router = APIRouter(prefix="/api/rosters", tags=["rosters"])
for room in (
    assembling,
    problems,
    drafts,
    versions,
    proposals,
    rotating,
    cover,
    absences,
    requests,
    openings,
    mine,
):
    router.include_router(room.router)
