"""The periods known of one person, and which share of each they take."""

from typing import Final

import numpy as np
import numpy.typing as npt

from scheduling.solver.floor.plan import Plan
from scheduling.solver.options import Floats, Ints

Rows = npt.NDArray[np.float32]
_NONE: Final = 1e-9
_SWAPS: Final = 6
_IDLE: Final = 8
"""Rounds without a share after which a period is forgotten."""
_MANY: Final = 40


class Block:
    """``presence[period, interval]``; ``shares`` are together ``mass``: 1, or how many people are alike."""

    def __init__(self, group: tuple[int, ...], mass: float, intervals: int) -> None:
        self.group, self.mass = group, mass
        self.presence: Rows = np.zeros((0, intervals), np.float32)
        self.costs: Floats = np.zeros(0)
        self.shares: Floats = np.zeros(0)
        self.plans: list[Plan | None] = []
        self._products: Floats = np.zeros((0, 0))
        self._idle: Ints = np.zeros(0, np.int64)
        self._known: set[bytes] = set()

    def add(self, times: Ints, cost: float, plan: Plan | None = None, sign: float = 1.0) -> bool:
        """Make a period known; the first takes all. Whether it was new."""
        key = times.tobytes()
        if key in self._known:
            return False
        self._known.add(key)
        row = np.zeros(self.presence.shape[1], np.float32)
        row[times] = sign
        size = len(self.costs)
        products = np.zeros((size + 1, size + 1))
        products[:size, :size] = self._products
        products[size, :size] = products[:size, size] = self.presence[:, times].sum(axis=1) * sign
        products[size, size] = len(times)
        self._products = products
        self.presence = np.vstack([self.presence, row[None]])
        self.costs = np.append(self.costs, cost)
        self.shares = np.append(self.shares, 0.0 if size else self.mass)
        self._idle = np.append(self._idle, 0)
        self.plans.append(plan)
        return True

    def share(self, prices: Floats, stiff: float) -> Rows | None:
        """Shift shares to where they cost least at ``prices`` that rise by ``stiff`` with each who is there;
        how the presence changes, None if it does not.

        Between the best and the worst that has a share, a few times (Platt 1998).
        """
        if len(self.costs) < 2:
            return None
        slopes = self.costs + self.presence @ prices.astype(np.float32)
        shares = self.shares.copy()
        moved = False
        for _ in range(_SWAPS):
            best = int(slopes.argmin())
            worst = int(np.where(shares > _NONE, slopes, -np.inf).argmax())
            gain = slopes[worst] - slopes[best]
            if gain < 1e-3:
                break
            curve = (
                self._products[best, best] + self._products[worst, worst] - 2 * self._products[best, worst]
            )
            step = min(shares[worst], gain / max(stiff * curve, 1e-9))
            shares[best] += step
            shares[worst] -= step
            slopes += stiff * step * (self._products[best] - self._products[worst])
            moved = True
        return self._become(shares) if moved else None

    def settle(self, prices: Floats, stiff: float) -> Rows:
        """Take the one period wholly that is nearest in cost; how the presence changes."""
        slopes = self.costs + self.presence @ prices.astype(np.float32)
        away = np.eye(len(self.costs)) * self.mass - self.shares
        costs = away @ slopes + stiff / 2 * ((away @ self._products) * away).sum(axis=1)
        return self.take(int(costs.argmin()))

    def take(self, period: int) -> Rows:
        """Take one period wholly; how the presence changes."""
        shares = np.zeros(len(self.costs))
        shares[period] = self.mass
        return self._become(shares)

    def become(self, plan: Plan) -> None:
        """Have this plan wholly, whether it is known or not."""
        self.add(plan.times, plan.own, plan)
        key = plan.times.tobytes()
        self.take(next(k for k, row in enumerate(self.presence) if np.nonzero(row)[0].tobytes() == key))
        self.plans[int(self.shares.argmax())] = plan
        self.costs[int(self.shares.argmax())] = plan.own

    def _become(self, shares: Floats) -> Rows:
        change: Rows = (shares - self.shares).astype(np.float32) @ self.presence
        self.shares = shares
        return change

    def forget(self) -> None:
        """Forget periods that had no share for long, the longest first where there are many."""
        self._idle = np.where(self.shares > _NONE, 0, self._idle + 1)
        keep = self._idle < _IDLE
        if keep.sum() > _MANY:
            keep &= self._idle <= np.sort(self._idle)[_MANY]
        if keep.all():
            return
        self.presence, self.costs, self.shares = self.presence[keep], self.costs[keep], self.shares[keep]
        self._products, self._idle = self._products[np.ix_(keep, keep)], self._idle[keep]
        self.plans = [plan for plan, kept in zip(self.plans, keep, strict=True) if kept]
        self._known = {np.nonzero(row)[0].tobytes() for row in self.presence}
