"""A Gaussian process over days whose covariance is a sum of respects, each with a variance that is learned.

The variances and the noise are those of greatest posterior density: marginal likelihood times a log-normal
prior around the share each respect is expected to have (Rasmussen & Williams, *Gaussian Processes for Machine
Learning*, 2006, ch. 2 and 5.4). Days that do not fit, by their leave-one-out residual (there, 5.4.2), count
less: the noise of such a day is larger.
"""

from dataclasses import dataclass

import numpy as np

from forecasting.history import Floats
from forecasting.models.features import DayFeatures
from forecasting.models.kernels import Respect

SURE = 1.5
"""Standard deviation of the prior of a log-variance."""
NOISE_SHARE = 0.2
OUTLYING = 3.0
"""Leave-one-out residuals beyond so many deviations make a day count less."""
LEARN_DAYS = 260
"""Variances are learned from this many of the last days at most; a year of working days."""
STEPS = 30


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """``mean`` (h, k) of the days ahead, and ``without`` (n, k): each past day as foretold by the others."""

    mean: Floats
    without: Floats


class Process:
    """The covariances of some days, of which the first n have been; used for several series of them."""

    def __init__(self, features: DayFeatures, n: int, respects: list[Respect]) -> None:
        past, ahead = np.arange(n), np.arange(n, len(features))
        self._respects = respects
        self._past = np.stack([one.like(features, past, past) for one in respects])
        self._ahead = np.stack([one.like(features, ahead, past) for one in respects])

    def predict(self, series: Floats, noise: Floats, learn_days: int = LEARN_DAYS) -> Fitted:
        """``series`` (n, k) share their variances, mean 0; ``noise`` (n,) is that of a day to others'."""
        scale = float(np.sqrt(np.mean(series**2))) or 1.0
        y = series / scale
        recent = slice(max(len(y) - learn_days, 0), len(y))
        covariances = self._past[:, recent, recent]
        shares = np.array([*(one.share for one in self._respects), NOISE_SHARE])
        variances = learn(covariances, y[recent], noise[recent], shares)
        noise = self._doubted(y, variances, noise)
        variances = learn(covariances, y[recent], noise[recent], shares, begin=variances)
        solved, precision = self._solve(y, variances, noise)
        mean = np.tensordot(variances[:-1], self._ahead, 1) @ solved
        return Fitted(mean * scale, (y - solved / precision[:, None]) * scale)

    def _doubted(self, y: Floats, variances: Floats, noise: Floats) -> Floats:
        solved, precision = self._solve(y, variances, noise)
        deviations = np.sqrt(np.mean(solved**2, axis=1) / precision)
        return np.asarray(noise * np.maximum(deviations / OUTLYING, 1.0) ** 2)

    def _solve(self, y: Floats, variances: Floats, noise: Floats) -> tuple[Floats, Floats]:
        """The inverse covariance times ``y``, and its diagonal."""
        covariance = np.tensordot(variances[:-1], self._past, 1)
        covariance[np.diag_indices(len(y))] += variances[-1] * noise
        inverse = _inverse(covariance)[0]
        return inverse @ y, np.diagonal(inverse)


def learn(
    covariances: Floats, y: Floats, noise: Floats, shares: Floats, begin: Floats | None = None
) -> Floats:
    """The variances (r + 1,) of r respects and of the noise.

    ``covariances`` (r, n, n), ``y`` (n, k) series that share them, ``noise`` (n,) relative to each other,
    ``shares`` (r + 1,) the middle of the prior, ``begin`` where to start (the prior).
    """
    from scipy.optimize import minimize

    n, k = y.shape
    middle = np.log(shares)
    flat = covariances.reshape(len(covariances), -1)
    diagonal = np.diag_indices(n)

    def badness(logs: Floats) -> tuple[float, Floats]:
        variances = np.exp(logs)
        covariance = (variances[:-1] @ flat).reshape(n, n)
        covariance[diagonal] += variances[-1] * noise
        inverse, half_log = _inverse(covariance)
        solved = inverse @ y
        slope = k * inverse - solved @ solved.T
        off = (logs - middle) / SURE
        value = 0.5 * np.sum(y * solved) + k * half_log + 0.5 * np.sum(off**2)
        by_respect = flat @ slope.reshape(-1)
        by_noise = np.sum(slope[diagonal] * noise)
        return float(value), 0.5 * np.append(by_respect, by_noise) * variances + off / SURE

    found = minimize(
        badness,
        middle if begin is None else np.log(begin),
        jac=True,
        method="L-BFGS-B",
        bounds=[(one - 9.0, one + 6.0) for one in middle],
        options={"maxiter": STEPS, "ftol": 1e-5, "gtol": 1e-2},
    )
    return np.asarray(np.exp(found.x))


def _inverse(covariance: Floats) -> tuple[Floats, float]:
    """The inverse of a covariance, and half the logarithm of its determinant."""
    from scipy.linalg import lapack

    lower, failed = lapack.dpotrf(covariance, lower=True, clean=False, overwrite_a=False)
    if failed:
        raise ArithmeticError("a covariance of days is not positive definite")
    half_log = float(np.log(np.diagonal(lower)).sum())
    inverse, _ = lapack.dpotri(lower, lower=True, overwrite_c=True)
    inverse = np.tril(inverse)
    return inverse + np.tril(inverse, -1).T, half_log
