"""The planner's API, under ``/api/planning``: supervisors read; planners and admins read and write.

Series (``routes.history``)::

    GET    /sources                                 what the platform counts -> [SourceShown]
    GET    /series                                  -> [SeriesShown]
    POST   /series                   SeriesBody     -> 201 SeriesShown
    GET    /series/{series}                         -> SeriesShown
    PUT    /series/{series}          SeriesBody     -> SeriesShown
    DELETE /series/{series}                         -> 204; refused while something of it is published
    POST   /imports?file=NAME&…      the file       -> 201 ImportAnswer, with dry=true 200 and nothing kept
    GET    /series/{series}/imports                 -> [ImportShown]
    DELETE /imports/{number}                        undo -> ImportShown
    POST   /imports/{number}/redo                   -> ImportShown
    GET    /series/{series}/history?from=&to=&by=   -> HistoryShown
    GET    /series/{series}/heat?from=&to=&what=    -> HeatShown

Cleaning (``routes.history``)::

    POST   /series/{series}/clean                   -> 202 JobShown
    GET    /series/{series}/findings?state=         -> [FindingShown]
    PUT    /findings/{number}        DecisionBody   -> FindingShown
    GET    /findings/{number}/trail                 -> [DecisionShown]

Calendars (``routes.calendars``)::

    GET    /calendars                               -> [CalendarShown]
    GET    /calendars/{calendar}                    -> CalendarShown, ETag
    PUT    /calendars/{calendar}     PlannerCalendarBody -> CalendarShown; If-Match: its tag, none: new
    DELETE /calendars/{calendar}                    -> 204
    GET    /calendars/{calendar}/days?from=&to=     -> [CalendarDay]

Jobs (``routes.jobs``)::

    GET    /jobs?series=                            -> [JobShown], the latest first
    GET    /jobs/{number}                           -> JobShown
    POST   /jobs/{number}/cancel                    -> JobShown

Forecasts (``routes.forecasts``)::

    POST   /series/{series}/backtests BacktestBody  -> 202 JobShown
    GET    /series/{series}/backtests               -> [BacktestShown], the latest first
    GET    /backtests/{number}                      -> BacktestShown
    POST   /series/{series}/forecasts ForecastBody  -> 202 JobShown
    GET    /series/{series}/forecasts               -> [ForecastShown], the latest first
    GET    /forecasts/{number}?by=                  -> ForecastColumns, or CSV
    DELETE /forecasts/{number}                      -> 204; refused once it was published

Overrides and what became of them (``routes.overrides``)::

    GET    /forecasts/{number}/overrides            -> [OverrideShown], in the order in which they apply
    POST   /forecasts/{number}/overrides            OverrideBody -> 201 OverrideShown
    POST   /forecasts/{number}/overrides/preview    OverrideBody -> PreviewShown
    POST   /overrides/{number}/withdraw             WithdrawBody -> OverrideShown
    GET    /forecasts/{number}/comparison           -> ComparisonShown
    POST   /forecasts/{number}/publish              PublishBody -> 201 PublishedShown
    GET    /series/{series}/versions                -> [PublishedShown]
    GET    /versions/{number}?by=                   -> ForecastColumns as published, or CSV
    GET    /deadlines                               -> [DeadlineShown]
    GET    /series/{series}/accuracy?of=&from=&to=  -> AccuracyShown
    GET    /alarms                                  -> [AlarmShown]

Staffing (``routes.staffing``)::

    POST   /forecasts/{number}/requirements         RequirementBody -> 201 RequirementColumns
    GET    /forecasts/{number}/requirements         -> [RequirementShown]
    GET    /requirements/{number}                   -> RequirementColumns, or CSV
    DELETE /requirements/{number}                   -> 204
    GET    /series/{series}/patience?days=          -> PatienceShown
    POST   /staffing/case            CaseBody       -> CaseShown
    POST   /staffing/curve           CurveBody      -> CurveShown

Errors are problem+json: 404 for what is not there, 409 for what does not go any more, 412 for a calendar that
was changed meanwhile, 413 for a file that is too large, 422 with ``errors`` (``at``, ``message``) for what is
wrong in a body or a file (``at`` is ``row 12, calls``), 429 where too many jobs wait.
"""

from fastapi import APIRouter

from forecasting.routes import calendars, forecasts, history, jobs, overrides, staffing

router = APIRouter(prefix="/api/planning", tags=["planning"])
for room in (history, calendars, jobs, forecasts, overrides, staffing):
    router.include_router(room.router)
