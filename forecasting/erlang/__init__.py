"""Erlang's formulas and those after him: how many people, and how long callers wait.

``blocking`` is Erlang B (who finds no line is lost), ``delay`` Erlang C (who finds no agent waits for ever),
``patience`` Erlang A (who waits too long gives up). ``measures`` gives every figure of one choice of agents,
``requirement`` the least number of agents that keeps given targets; ``service_levels`` has the definitions.
``gamma`` is the numerical ground: every formula is a ratio of incomplete gamma functions, taken so that
nothing overflows, underflows or cancels for any load from 0 to 100,000 erlangs and any number of agents,
fractions included.

All of it works on arrays and broadcasts them (a scalar gives an array of shape ``()``). Loads are in erlangs,
times in seconds, shares from 0 to 1. What cannot be computed for what was given raises ValueError and says
which element it was.
"""

from forecasting.erlang.blocking import blocking, lines_for, load_for
from forecasting.erlang.delay import ErlangC
from forecasting.erlang.measures import Measures, erlang, measures
from forecasting.erlang.patience import ErlangA
from forecasting.erlang.requirement import Targets, agents_for
from forecasting.erlang.service_levels import Definition

__all__ = [
    "Definition",
    "ErlangA",
    "ErlangC",
    "Measures",
    "Targets",
    "agents_for",
    "blocking",
    "erlang",
    "lines_for",
    "load_for",
    "measures",
]
