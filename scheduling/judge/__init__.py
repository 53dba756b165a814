"""The judge: what a roster breaks and costs, in plain Python and without a line of the solver's code.

``judge(problem, roster)`` answers with a ``Verdict``: every hard violation and every soft cost, by rule,
person and day. Read in this order:

* ``book``: a roster laid out by person and day, with what is known of the time before
* ``shapes``: each assignment by itself: hours, breaks, activities, absences, what is fixed
* ``days``, ``hours``, ``groups``: the rules, a function for each family
* ``matching``: whom present people serve; ``staffing``: how many there are for each demand; ``cover``: what
  too few and too many cost
* ``bench``: which function judges which rule
"""

from scheduling.judge.bench import judge
from scheduling.judge.staffing import staffing

__all__ = ["judge", "staffing"]
