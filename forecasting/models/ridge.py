"""Linear regression with a penalty on each column: the workhorse of the models of levels and scores."""

from dataclasses import dataclass

import numpy as np

from forecasting.history import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Regressors ``x`` (n, p) and how strongly each is held back (p,): 0 not at all, 1 as one row of data."""

    x: Floats
    held: Floats

    def __add__(self, other: "Columns") -> "Columns":
        return Columns(np.hstack([self.x, other.x]), np.append(self.held, other.held))


def columns(held: float, *xs: Floats) -> Columns:
    """Columns (n,) or (n, p), all held back alike."""
    x = np.hstack([one.reshape(len(one), -1).astype(np.float64) for one in xs])
    return Columns(x, np.full(x.shape[1], held))


def ridge(x: Floats, y: Floats, weights: Floats, held: Floats) -> Floats:
    """(p, k) coefficients of least squares of ``y`` (n, k) on ``x`` (n, p) with row ``weights`` (n,)."""
    weighted = x * weights[:, None]
    inner = x.T @ weighted + np.diag(held + 1e-9)
    return np.asarray(np.linalg.solve(inner, weighted.T @ y))


def robust_ridge(x: Floats, y: Floats, weights: Floats, held: Floats, rounds: int = 3) -> Floats:
    """As ``ridge``, with rows that do not fit weighted down (Huber, at 2 robust deviations)."""
    found = ridge(x, y, weights, held)
    for _ in range(rounds):
        off = np.sqrt(np.mean((y - x @ found) ** 2, axis=1))
        usual = 1.4826 * np.median(off) + 1e-12
        found = ridge(x, y, weights / np.maximum(off / (2 * usual), 1.0), held)
    return found
