"""Problem in, roster out.

``solve`` chooses the way (``front``): whole patterns of people where every rule concerns one person alone and
shifts are to be covered (``pattern_search``); one person after another where there is demand by the interval,
for many people (``floor``); the model of all rules for CP-SAT for everything small (``model``, ``exact``).
``explain`` says why there is no roster (``narrowing``, ``conflict_words``). For a roster that stands,
``breaks`` moves its breaks and ``replan`` plans a day anew. Read on in

* ``options``: what each person can be given each day; ``layouts``: where breaks may be
* ``patterns``: a person's whole period at once, exactly
* ``incumbent``, ``pool``, ``generation``, ``diving``, ``choosing``: the steps of the search by patterns
* ``linear``: the linear programs of periods (``columns``) and of whole days (``floor``)
* ``budget``, ``progress``: how long, and what is told meanwhile
"""

from scheduling.solver.front import solve
from scheduling.solver.progress import Clash, Progress, Solution

__all__ = ["Clash", "Progress", "Solution", "solve"]
