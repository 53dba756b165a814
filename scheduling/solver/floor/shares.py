"""Shares of periods: the linear relaxation of a floor, and the values of people in intervals with it.

Everybody may take several periods in shares. Which, is a linear program with a row for each interval and
demand, too large for a simplex. It is solved by an augmented Lagrangean (Hestenes 1969, Powell 1969;
Bertsekas, Constrained Optimization, ch. 2): the number who serve may differ from those who are there, at
the values v and ``stiff / 2`` times the square of the difference. One person's shares are then a small
quadratic program against all others; everybody's in turn is a pass. Between passes the ``Oracle`` finds
new periods, and its bound at the values of the moment holds for every roster.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np

from scheduling.solver.budget import Budget
from scheduling.solver.floor.blocks import Block, Rows
from scheduling.solver.floor.oracle import Answer, Group, Oracle
from scheduling.solver.floor.plan import Plan
from scheduling.solver.options import Floats

_STIFF: Final = 2.0
"""How stiff, in costs of a person missing by people: the more there are, the less each gives way."""
_PASS: Final = 3e-4
"""Work of one person in a pass."""
_PASSES: Final = 2


class Shares:
    """``values[demand, interval]``: what one more person is worth there. ``bound`` is below every roster."""

    def __init__(self, oracle: Oracle, budget: Budget, chance: np.random.Generator) -> None:
        self.oracle, self.budget, self.chance = oracle, budget, chance
        intervals, demands = oracle.problem.intervals, len(oracle.demands)
        self.values: Floats = np.zeros((demands, intervals))
        self._held: Floats = np.zeros((demands, intervals))
        self._there: Floats = np.zeros((demands, intervals))
        self._of_group: dict[Group, Floats] = {g: n.astype(float) for g, n in oracle.past.items()}
        self._split: dict[Group, Floats] = {
            group: np.full((len(group), intervals), 1 / len(group)) for group in oracle.groups if group
        }
        self.people = [Block(group, 1.0, intervals) for group in oracle.group_of]
        self.doing = {key: Block(key.group, float(many), intervals) for key, many in oracle.doing.items()}
        self.free: set[int] = {person for person, group in enumerate(oracle.group_of) if group}
        steps = [one.under[0].cost for one in oracle.problem.demands if one.under]
        self.stiff = _STIFF * max(1.0, float(np.median(steps or [1]))) / max(1, len(self.free))
        self.bound = -np.inf
        self._others = 0.0
        self._priced = self._held

    @property
    def cost(self) -> float:
        """What the relaxation costs as it is shared now; the best bound lies between it and ``bound``."""
        blocks = (*self.people, *self.doing.values())
        shared = sum(float(block.costs @ block.shares) for block in blocks)
        served = sum(
            float(one.cost(there).sum()) for one, there in zip(self.oracle.demands, self._there, strict=True)
        )
        return self.oracle.options.base + self._others + shared + served

    # ------------------------------------------------------------------ rounds

    def begin(self, plans: Mapping[int, Plan]) -> None:
        """Begin with these plans (without activities) of everybody who is free."""
        for person, plan in plans.items():
            if person in self.free:
                self.people[person].become(plan)
        for key, block in self.doing.items():
            block.add(np.zeros(0, np.int64), float(key.activity.weight or 0))
        self._count()

    def round(self) -> bool:
        """New periods for all who are free at the values of the moment, and shares anew; False if the budget
        ended or somebody has no legal period.
        """
        everybody = len(self.free) == sum(bool(group) for group in self.oracle.group_of)
        answer = self.oracle.ask(self.values, self.budget, None if everybody else self.free)
        if answer is None:
            return False
        if everybody:
            self.bound = max(self.bound, answer.bound)
            self._others = sum(plan.own for one, plan in answer.plans.items() if one not in self.free)
        self._learn(answer)
        for _ in range(_PASSES):
            self.share()
        self._held = self.values.copy()
        for person in self.free:
            self.people[person].forget()
        for block in self.doing.values():
            block.forget()
        return True

    def _learn(self, answer: Answer) -> None:
        first = False
        for person, plan in answer.plans.items():
            if person in self.free:
                first |= not self.people[person].plans
                self.people[person].add(plan.times, plan.own, plan)
        for key, times in answer.doing.items():
            if key not in self.doing:
                continue
            left_out = 0.0 if len(times) else float(key.activity.weight or 0)
            self.doing[key].add(times, left_out, sign=-1.0)
        if first:
            self._count()

    def _count(self) -> None:
        """Who is there, from the shares."""
        self._of_group = {group: there.astype(float) for group, there in self.oracle.past.items()}
        for block in (*self.people, *self.doing.values()):
            if block.group and len(block.shares):
                self._of_group[block.group] += block.shares.astype(np.float32) @ block.presence
        self._add_up()

    def _add_up(self) -> None:
        self._there[:] = 0.0
        for group, there in self._of_group.items():
            for place, demand in enumerate(group):
                self._there[demand] += self._split[group][place] * there
        for demand in range(len(self._there)):
            self._value(demand)

    def _value(self, demand: int) -> None:
        at = self._there[demand] - self._held[demand] / self.stiff
        self.values[demand] = self.stiff * (self.oracle.demands[demand].near(at, self.stiff) - at)

    def share(self, people: Collection[int] | None = None) -> None:
        """One pass: whom those with several skills serve, then everybody's shares in turn."""
        self._serve()
        those = sorted(self.free if people is None else people)
        blocks = [self.people[one] for one in those] + list(self.doing.values())
        self.budget.spend(len(blocks) * _PASS)
        for place in self.chance.permutation(len(blocks)):
            block = blocks[place]
            self._change(block.group, block.share(self.prices(block.group), self.stiff))
        self._add_up()

    def prices(self, group: Group) -> Floats:
        """What being there costs one of a group, as they serve now."""
        if len(group) == 1:
            single: Floats = self.values[group[0]]
            return -single
        worth: Floats = np.einsum("dt,dt->t", self._split[group], self.values[list(group)])
        return worth * -1.0

    def _change(self, group: Group, change: Rows | None) -> None:
        if change is None:
            return
        self._of_group[group] += change
        for place, demand in enumerate(group):
            self._there[demand] += change if len(group) == 1 else self._split[group][place] * change
            self._value(demand)

    def _serve(self) -> None:
        """Move those who can serve several demands to where they are worth more."""
        for group, split in self._split.items():
            there = np.maximum(self._of_group.get(group, 0.0), 0.0)
            if len(group) == 1 or not np.any(there):
                continue
            nobody = there <= 1e-9
            for one, giving in enumerate(group):
                for other, getting in enumerate(group):
                    if one == other:
                        continue
                    gain = self.values[getting] - self.values[giving]
                    moved = np.clip(gain / (2 * self.stiff), 0.0, split[one] * there)
                    part = np.divide(moved, there, out=np.zeros_like(moved), where=~nobody)
                    split[one] -= part
                    split[other] += part
                    self._there[giving] -= moved
                    self._there[getting] += moved
                    self._value(giving)
                    self._value(getting)
            best = self.values[list(group)].argmax(axis=0)
            split[:, nobody] = (np.arange(len(group))[:, None] == best[None, :])[:, nobody]
        self._add_up()

    # ------------------------------------------------------------------ one period each

    def settle(self, at_once: int, ask_each: int) -> dict[int, Plan]:
        """A single period for everybody who is free: ``at_once`` people are settled after each pass, those
        first who are nearest to one; new periods are asked for now and then. Their plans, without activities.
        """
        found: dict[int, Plan] = {}
        left = set(self.free)
        steps = 0
        while left:
            order = sorted(left, key=lambda one: (-float(self.people[one].shares.max(initial=0.0)), one))
            for person in order[:at_once]:
                block = self.people[person]
                self._change(block.group, block.settle(self.prices(block.group), self.stiff))
                plan = block.plans[int(block.shares.argmax())]
                assert plan is not None
                found[person] = plan
                left.discard(person)
            steps += 1
            if self.budget.over:
                continue
            self.share(left)
            if steps % ask_each == 0 and left:
                self._held = self.values.copy()
                answer = self.oracle.ask(self.values, self.budget, left)
                if answer is not None:
                    for person, plan in answer.plans.items():
                        if person in left:
                            self.people[person].add(plan.times, plan.own, plan)
                    self.share(left)
        return found

    def hold(self, plans: Sequence[Plan | None]) -> None:
        """Everybody has this plan, with its activities; nobody is free any more."""
        self.follow(plans)
        self.doing, self.free = {}, set()
        self._priced = self._held.copy()

    def follow(self, plans: Sequence[Plan | None]) -> None:
        """Everybody who is held has this plan now."""
        for person, plan in enumerate(plans):
            if plan is not None and self.people[person].group:
                self.people[person].become(plan)
                self.people[person].forget()

    def anew(self, people: Mapping[int, Plan], rounds: int, at_once: int) -> dict[int, Plan] | None:
        """New plans for some ``people`` against all others who are held, from those they have (without
        activities). None if the budget ended.
        """
        for person, plan in people.items():
            self.people[person].become(plan)
        self.free = set(people)
        self._held = self._priced.copy()
        self._count()
        for _ in range(rounds):
            if not self.round():
                return None
        return self.settle(at_once, 3)
