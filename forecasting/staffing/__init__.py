"""What the formulas leave out when a forecast becomes people.

``plan`` makes a plan of a forecast: agents per interval for given targets, and people to schedule for them.
``shrinkage`` is why more are paid than are on the telephone; ``sites`` splits a plan among places. ``curve``
shows what one more agent buys. ``uncertain`` keeps targets on average over what a forecast leaves open.
``backlog`` follows the queue from one interval into the next, where the steady state of the formulas does not
hold, with ``transient`` (the equations) and ``places`` (who waits where). ``patience`` learns from the
history how long callers wait, ``acd_patience`` from the platform's own records.

``skills``, ``bounds`` and ``search`` are for agents who serve several queues, for which there is no formula:
they ask a ``Floor`` that plays days (the real router, wired in ``callfloor.staffing_floor``) and add and move
people until the targets hold. ``forecast_file`` and ``files`` read forecasts and calls and write plans as
CSV.
"""

from forecasting.staffing.plan import Plan, Staffing, plan
from forecasting.staffing.shrinkage import Reason, scheduled, shrinkage

__all__ = ["Plan", "Reason", "Staffing", "plan", "scheduled", "shrinkage"]
