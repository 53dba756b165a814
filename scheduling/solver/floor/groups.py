"""Groups of people taken out of a roster and planned anew together, against all others."""

from typing import TYPE_CHECKING, Final

import numpy as np

from scheduling.solver.floor.shares import Shares

if TYPE_CHECKING:
    from scheduling.solver.floor.search import FloorSearch

_MOST: Final = 8
"""People of a group; the groups of small rosters are a third of them."""
_EACH: Final = 2
"""In how many groups of a run somebody is, on average."""
_ROUNDS: Final = 3
_STIFF: Final = 2.0


class Groups:
    """Groups of the people of a search: its roster gets better, never worse."""

    def __init__(self, search: "FloorSearch", shares: Shares) -> None:
        self.search, self.shares, self.chance = search, shares, search.chance
        self.shares.stiff = _STIFF
        self.shares.hold(search.plans)
        self._group_of = shares.oracle.group_of
        self._those = np.array([place for place, group in enumerate(self._group_of) if group], np.int64)
        self._size = max(2, min(_MOST, -(-len(self._those) // 3)))

    def run(self) -> None:
        """So many groups that everybody's turn came, as long as there is time."""
        search = self.search
        self.shares.follow(search.plans)
        for _ in range(-(-_EACH * len(self._those) // self._size)):
            if search.budget.over or search.is_proven:
                return
            self._anew(self._some())
            search.offer("groups")

    def _some(self) -> list[int]:
        """People by chance: of all, of those who can serve the same, or of those at work on a day."""
        way = self.chance.integers(3)
        among = self._those
        if way == 1:
            group = self._group_of[self.chance.choice(among)]
            among = np.array([one for one in among if self._group_of[one] == group], np.int64)
        elif way == 2:
            day = self.chance.integers(self.search.problem.days)
            plans = self.search.plans
            working = [one for one in among if (plan := plans[one]) is not None and plan.pattern[day]]
            among = np.array(working, np.int64) if working else among
        return sorted(self.chance.choice(among, min(self._size, len(among)), replace=False).tolist())

    def _anew(self, people: list[int]) -> None:
        """Plan some people anew, and let them come to rest; undone if the roster got worse."""
        search = self.search
        before = search.cost
        old = {person: plan for person in people if (plan := search.plans[person]) is not None}
        found = self.shares.anew({one: search.bare(one) for one in people}, _ROUNDS, self._size // 10 or 1)
        if found is not None:
            for person in people:
                search.take(person)
            for person in people:
                price = search.presence.price(person)
                search.put(person, search.planner.finish(person, found[person], price))
            for person in (*people, *people):
                search.anew(person)
            if search.cost > before:
                for person in people:
                    search.take(person)
                for person in people:
                    search.put(person, old[person])
        for person in people:
            plan = search.plans[person]
            assert plan is not None
            self.shares.people[person].become(plan)
