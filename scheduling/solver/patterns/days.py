"""What a person's rules say to other kinds on one day, the rest of the period as it is."""

import numpy as np

from scheduling.solver.options import FORBIDDEN, Floats, Ints, Options
from scheduling.solver.patterns.families import Families

_IMPOSSIBLE = FORBIDDEN / 2


def costs_of_day(options: Options, place: int, pattern: Ints, day: int) -> Floats:
    """What the person at ``place`` would cost by themselves, in wishes and all counted rules, with each kind
    (0: free) on ``day`` and ``pattern`` on all others; infinite if it is not legal.

    No automaton is built: the counters go along the pattern once, from ``day`` on for all kinds at a time.
    """
    person = options.problem.people[place]
    own = options.cost[place].astype(float)
    found = np.full(own.shape[1], np.inf)
    others = np.delete(np.arange(len(pattern)), day)
    besides = own[others, pattern[others]]
    if besides.max(initial=0.0) >= _IMPOSSIBLE:
        return found
    asked = np.nonzero(own[day] < _IMPOSSIBLE)[0]
    kinds = sorted({*asked.tolist(), *pattern.tolist()} - {0})
    number = {kind: place for place, kind in enumerate([0, *kinds])}
    families = Families(options.problem, [options.kinds[kind - 1] for kind in kinds], person)
    total = np.full(len(asked), besides.sum()) + own[day, asked]
    for counter in families.counters(options.rules[person.id], options.contract(person)):
        states = np.array([counter.initial])
        for on, kind in enumerate(pattern):
            if on != day:
                states, cost = counter.step(states, on, number[int(kind)])
                total += cost
                continue
            steps = [counter.step(states, on, number[int(one)]) for one in asked]
            states = np.concatenate([after for after, _ in steps])
            total += np.concatenate([cost for _, cost in steps])
    found[asked] = np.where(total < _IMPOSSIBLE, total, np.inf)
    return found
