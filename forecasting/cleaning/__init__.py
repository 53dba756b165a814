"""Cleaning (话务量清洗): what in a history should not teach the future.

``usual`` says what is usual. Each method is a file and says what it suspects: ``residuals`` (further from the
usual than ever), ``outages``, ``spikes``, ``level_shifts``, ``repeats`` and ``missing``; ``explained`` tells
of holidays and events, which are modelled apart. ``findings`` puts what several methods say of the same thing
into one record, on which a planner decides. The raw history stays; ``apply`` makes a new one.
"""

from forecasting.cleaning.applying import apply
from forecasting.cleaning.cleaner import METHODS, clean
from forecasting.cleaning.findings import Decision, Finding, decided

__all__ = ["METHODS", "Decision", "Finding", "apply", "clean", "decided"]
