"""Problem in, roster out.

``solve`` chooses the way: whole patterns of people where every rule concerns one person alone
(``pattern_search``), and the model of all rules for CP-SAT (``model``, ``exact``). ``explain`` says why there
is no roster. Read on in

* ``options``: what each person can be given each day; ``layouts``: where breaks may be
* ``patterns``: a person's whole period at once, exactly
* ``incumbent``, ``pool``, ``generation``, ``diving``, ``choosing``: the steps of the search by patterns
* ``budget``, ``progress``: how long, and what is told meanwhile
"""

from scheduling.solver.front import solve
from scheduling.solver.progress import Clash, Progress, Solution

__all__ = ["Clash", "Progress", "Solution", "solve"]
