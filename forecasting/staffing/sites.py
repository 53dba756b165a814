"""Several places: one plan split among them, or a plan for each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from forecasting.erlang import Targets, agents_for
from forecasting.erlang.gamma import floats
from forecasting.history import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A place of work: its ``share`` of the whole, as a weight, and how many agents it can seat at ``most``.

    One number, or one per interval: a place that is closed has the share 0.
    """

    name: str
    share: ArrayLike = 1.0
    most: ArrayLike | None = None


def pooled(agents: ArrayLike, sites: Sequence[Site]) -> Ints:
    """One plan, (n,) agents of one queue that any place answers, split among s sites: (s, n) whole agents.

    Every interval adds up to the plan. Each site has its share rounded down or up; who is rounded up is whom
    the roundings before have left short most, so the hours of a day are split by share as well. Where a site
    is full the others take what is left, by their shares. Raises ValueError if all of them are.
    """
    needed = np.atleast_1d(floats("agents", agents, 0)).round().astype(np.int64)
    share, room = _shares(sites, len(needed)), _room(sites, len(needed))
    found = np.zeros((len(sites), len(needed)), dtype=np.int64)
    owed = np.zeros(len(sites))
    for n, all_ in enumerate(needed.tolist()):
        quota = _filled(all_, share[:, n], room[:, n], n)
        whole = np.floor(quota + 1e-9)
        owed += quota - whole
        more = int(all_ - whole.sum())
        may = quota - whole > 1e-9
        order = np.lexsort((np.arange(len(sites)), -owed, ~may))[:more]
        whole[order] += 1
        owed[order] -= 1
        found[:, n] = whole
    return found


def apart(
    load: ArrayLike,
    aht_s: ArrayLike,
    targets: Targets,
    sites: Sequence[Site],
    patience_s: ArrayLike | None = None,
) -> Ints:
    """A plan for each place that answers its own share of the calls: (s, n) agents for a load of (n,)
    erlangs.

    Together they are more than a plan for all of them, because one may idle while callers wait at another.
    ``most`` is not looked at. Raises ValueError as ``agents_for`` does.
    """
    whole = np.atleast_1d(floats("load", load, 0))
    return agents_for(whole * _shares(sites, len(whole)), aht_s, targets, patience_s)


def _shares(sites: Sequence[Site], n: int) -> Floats:
    if not sites:
        raise ValueError("there is no site")
    weight = np.stack([np.broadcast_to(floats(f"share of {one.name}", one.share, 0), n) for one in sites])
    total = weight.sum(0)
    if (total == 0).any():
        raise ValueError(
            f"all sites are closed in interval {int(np.flatnonzero(total == 0)[0])}: no share is above 0"
        )
    shares: Floats = weight / total
    return shares


def _room(sites: Sequence[Site], n: int) -> Floats:
    seats = [
        np.inf if one.most is None else np.floor(floats(f"most of {one.name}", one.most, 0)) for one in sites
    ]
    return np.stack([np.broadcast_to(one, n) for one in seats])


def _filled(all_: int, share: Floats, room: Floats, n: int) -> Floats:
    """(s,) fractions of agents that add up to ``all_``: by share, none above its room."""
    quota = np.zeros(len(share))
    open_ = share > 0
    left = float(all_)
    while left > 1e-9:
        if not open_.any():
            raise ValueError(
                f"the sites seat {quota.sum():g} agents in interval {n}, but {all_} are needed there"
            )
        quota[open_] += left * share[open_] / share[open_].sum()
        over = np.maximum(quota - room, 0.0)
        quota -= over
        left = float(over.sum())
        open_ &= quota < room
    return quota
