"""A roster out of a linear program: patterns with the largest shares are fixed, a few at a time, and new ones
made for those left, until everybody has one.
"""

from typing import Final

import numpy as np

from scheduling.solver.budget import Budget
from scheduling.solver.columns import Column, Master
from scheduling.solver.generation import generate
from scheduling.solver.options import Ints

_WHOLE: Final = 0.999
_LIKELY: Final = 0.6
_SHARE: Final = 0.1
_ROUNDS: Final = 4


def dive(
    master: Master, budget: Budget, chance: np.random.Generator, late: float = 1.0
) -> dict[int, Ints] | None:
    """A pattern for each person of the master; None if the budget is over first.

    One in ten of those left are fixed at a time, beyond those whose pattern is whole already; ``chance``
    blurs which. When the share ``late`` of the budget is gone, all the rest at once. Raises
    LinearProgramError.
    """
    fixed: dict[int, Column] = {}
    try:
        while len(fixed) < len(master.people):
            if budget.over:
                return None
            generate(master, budget, _ROUNDS)
            if budget.over:
                return None
            best: dict[int, tuple[float, Column]] = {}
            for column, part in master.fractions():
                if column.person not in fixed and part > best.get(column.person, (0.0, column))[0]:
                    best[column.person] = part, column
            blur = dict(zip(best, chance.random(len(best)) * 0.1, strict=True))
            order = sorted(best, key=lambda person: (-best[person][0] + blur[person], person))
            some, all_now = 0, budget.used > late
            for person in order:
                part, column = best[person]
                if part < _WHOLE and not all_now:
                    some += 1
                    if some > 1 and (some > _SHARE * len(order) or part < _LIKELY):
                        break
                master.fix(column)
                fixed[person] = column
        return {person: column.pattern for person, column in fixed.items()}
    finally:
        for column in fixed.values():
            master.release(column)
