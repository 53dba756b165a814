"""Poisson weights and the two ratios every Erlang formula is made of, for arguments of any size.

With p(n; a) = a**n exp(-a) / Gamma(n + 1), the Poisson weight continued to fractional n, and the regularised
incomplete gamma functions P and Q:

* 1/B = Q(n + 1, a) / p(n; a) is the reciprocal of Erlang's loss formula (Jagerman 1974),
* A(x, y) = P(x, y) / p(x; y) = 1F1(1; x + 1; y) is Palm's function (Palm 1957; Garnett, Mandelbaum & Reiman
  2002), which carries patience.

Where numerator and denominator would both vanish, Legendre's continued fraction (DLMF 8.9.2) and the
M-fraction of 1F1(1; x + 1; y) (Cuyt et al., Handbook of Continued Fractions, 16.1.17) give the ratio itself,
with positive terms only.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from forecasting.history import Floats

FAR = 4.0
"""Standard deviations from which on the continued fractions are used."""
TERMS = 60
"""Terms of them; from ``FAR`` on far fewer give all digits."""


TINY = 1e-290
"""A load below which ten or more are in the system with a probability no float can hold."""


def floats(name: str, value: ArrayLike, least: float, *, above: bool = False) -> Floats:
    """``value`` as an array of finite numbers, none below ``least`` (nor equal to it, if ``above``).

    Raises ValueError naming the first element that is not such a number.
    """
    try:
        found = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: {value!r} is not a number") from None
    wrong = ~np.isfinite(found) | (found <= least if above else found < least)
    if wrong.any():
        where = tuple(int(one[0]) for one in np.nonzero(np.atleast_1d(wrong)))
        one = float(np.atleast_1d(found)[where])
        place = f" at {', '.join(map(str, where))}" if found.ndim else ""
        bound = f"above {least:g}" if above else f"{least:g} or more"
        raise ValueError(f"{name}{place} is {one:g}; it must be a finite number, {bound}")
    return found


def divided(part: Floats, whole: Floats, otherwise: float) -> Floats:
    """part / whole, and ``otherwise`` where the whole is not above 0; arrays of one shape."""
    result: Floats = np.divide(part, whole, out=np.full(part.shape, otherwise), where=whole > 0)
    return result


def log_poisson(n: Floats, a: Floats) -> Floats:
    """The logarithm of p(n; a), for n >= 0 and a > 0, to an absolute error of about 1e-15 max(1, |a - n|).

    Stirling's series and the deviance (Loader 2000), so that large terms do not cancel.
    """
    large = n >= 10
    m = np.where(large, n, 10.0)
    over = (a - m) / m
    deviance = np.where(
        over > -0.5, np.log1p(np.maximum(over, -0.5)) - over, np.log(np.maximum(a, TINY) / m) - over
    )
    square = 1 / (m * m)
    series = 1 / 1260 - square * (1 / 1680 - square / 1188)
    stirling = (1 / 12 - square * (1 / 360 - square * series)) / m
    result: Floats = m * deviance - stirling - 0.5 * np.log(2 * np.pi * m)
    if not large.all():
        few = np.where(large, 1.0, n)
        result = np.where(large, result, few * np.log(a) - a - special.gammaln(few + 1))
    return result


def odds_free(n: Floats, a: Floats) -> Floats:
    """1/B - 1, the odds that one of n >= 0 lines is free under a load a >= 0; what finds none is lost.

    Infinite where B is smaller than a float can be. Arrays of one shape.
    """
    result = np.full(a.shape, np.inf)
    result[n == 0] = 0.0
    some = (a > 0) & (n > 0)
    crowded = some & (a - n > FAR * np.sqrt(n + 1))
    if crowded.any():
        result[crowded] = _legendre(n[crowded], a[crowded])
    near = some & ~crowded
    if near.any():
        lines, load = n[near], a[near]
        with np.errstate(over="ignore"):
            result[near] = special.gammaincc(lines + 1, load) * np.exp(-log_poisson(lines, load)) - 1
    odds: Floats = np.maximum(result, 0.0)
    return odds


def _legendre(n: Floats, a: Floats) -> Floats:
    """1/B = a/(a - n + n/w), of which 1 is taken before it could cancel."""
    spare = a - n
    w = spare + 2.0 * TERMS
    for k in range(TERMS, 1, -1):
        w = spare + 2.0 * (k - 1) + k * (n - (k - 1)) / w
    result: Floats = n * (1 - 1 / w) / (spare + n / w)
    return result


def abandons(x: Floats, y: Floats, d: Floats) -> Floats:
    """1 - (x/y)(1 - 1/A(x, y)): who waits gives up with this probability, x >= 0, y >= 0, and ``d`` = x - y.

    ``d`` is given apart because the caller knows it without rounding. Arrays of one shape. Of the result
    follow x/A = d + y times it, and the mean queue of those who wait, y times it.
    """
    result = np.empty(x.shape)
    far = _is_far(y, d)
    if far.any():
        result[far] = 1 / _fraction(y[far], d[far])
    near = ~far
    if near.any():
        a, b = x[near], y[near]
        reciprocal = np.exp(log_poisson(a, b)) / special.gammainc(a, b)
        result[near] = (a * reciprocal - d[near]) / b
    return np.clip(result, 0.0, 1.0, out=result)


def _is_far(y: Floats, d: Floats) -> NDArray[np.bool_]:
    """Where the M-fraction converges at once: the load well below the service, or a small one below it."""
    far: NDArray[np.bool_] = (d >= 0) & ((d * d >= FAR * FAR * y) | (y <= 10))
    return far


def _fraction(y: Floats, d: Floats) -> Floats:
    """The tail d + 1 + 2y/(d + 2 + 3y/(d + 3 + ...)) of the M-fraction."""
    tail = d + TERMS
    for k in range(TERMS - 1, 0, -1):
        tail = d + k + (k + 1) * y / tail
    return tail


def log_still_waiting(x: Floats, y: Floats, d: Floats, z: Floats) -> Floats:
    """log of P(x, y exp(-z)) / P(x, y), for z >= 0: who waits would still wait at z, in units of patience.

    Arrays of one shape.
    """
    left = -np.expm1(-z)
    later, e = y * np.exp(-z), d + y * left
    result = np.zeros(x.shape)
    rare = _is_far(y, d) & (x > 0)  # then the later load is far as well
    if rare.any():
        u, v, w = x[rare], y[rare], z[rare]
        shares = v / _fraction(v, d[rare]), later[rare] / _fraction(later[rare], e[rare])
        with np.errstate(divide="ignore"):
            ratio = np.log(d[rare] + shares[0]) - np.log(e[rare] + shares[1])
        result[rare] = np.where(u > 0, ratio - d[rare] * w - v * excess(w), 0.0)
    full = ~rare & (x > 0)
    thin = full & _is_far(later, e)
    if thin.any():
        u, v, w = x[thin], later[thin], e[thin]
        with np.errstate(divide="ignore", invalid="ignore"):  # nothing is left of the load after a long time
            tail = log_poisson(u, v) + np.log(u) - np.log(w + v / _fraction(v, w))
        result[thin] = tail - np.log(special.gammainc(u, y[thin]))
    thick = full & ~thin
    if thick.any():
        ratio = special.gammainc(x[thick], later[thick]) / special.gammainc(x[thick], y[thick])
        result[thick] = np.log(ratio)
    return result


def excess(z: Floats) -> Floats:
    """z - 1 + exp(-z), without cancellation."""
    small = np.abs(z) < 0.1
    s = np.where(small, z, 0.0)
    series = (
        s
        * s
        * (1 / 2 - s * (1 / 6 - s * (1 / 24 - s * (1 / 120 - s * (1 / 720 - s * (1 / 5040 - s / 40320))))))
    )
    result: Floats = np.where(small, series, z + np.expm1(-z))
    return result
