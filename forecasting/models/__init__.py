"""Ways of forecasting, one a file, all behind ``base.Model``: days that have been in, days ahead out.

``weekday`` (same weekdays), ``svd`` (profiles and scores), ``regression`` (calendar and holidays),
``smoothing`` (Holt–Winters), ``poisson`` (counts with a damped level) and ``gaussian`` (likeness to other
days) are our own. ``features`` say what is known of a day. Which one is best on given data is told by
``forecasting.trials.backtest``.
"""
