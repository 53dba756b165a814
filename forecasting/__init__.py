"""From the history of calls to how many people, when.

``history`` is what all of it works on: arrays of one regular grid, read from the platform's own interval
counts or from files. ``cleaning`` finds what should not teach the future, ``days`` turns a history into a
matrix of days by slots, ``calendar`` says what kind of day each one is. ``models`` hold one way of
forecasting a file, ``backtest`` tells which is best on these data (``rolling``, ``choice``), ``outlook``
makes the forecast with its bands (``spread``), ``handling`` times and the rest of today (``intraday``).
``erlang`` turns a load into people and waits; ``staffing`` adds what the formulas leave out.

What a planner does over the weeks: ``overrides`` on a forecast, ``reviewing`` of those that were made, the
``alarm`` when bias persists, ``deadlines``. ``tables`` and the ``*_store`` modules keep all of it,
``planning`` is the front that turns a history into findings and forecasts, ``job_kinds`` does so in a process
of its own, ``api`` lists the routes.
"""
