"""A minimal part of what clashes, found by leaving out: many at a time while that goes well, else few.

The deletion filter of Chinneck and Dravnieks (1991) in steps that grow and shrink, so that it is asked about
k·log(n) times for few of many as in QuickXplain (Junker, AAAI 2004), and n times where nearly all are needed.
"""

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def _nobody(one: Item, some: Sequence[Item]) -> Collection[Item]:
    return ()


def minimal(
    items: Sequence[Item],
    clashes: Callable[[Sequence[Item]], bool],
    *,
    needed: Collection[Item] = (),
    alike: Callable[[Item, Sequence[Item]], Collection[Item]] = _nobody,
) -> list[Item]:
    """Those of ``items``, which clash all together, that clash still, and none of which can be left out.

    ``clashes`` tells whether some of them clash; more than what clashes clashes. Where it says no because it
    cannot tell, what is found clashes, but more may be in it than must. ``needed`` are known to be; and
    that nothing clashes by itself. ``alike``
    tells which of some items are needed among them if one is. Later items are left out rather than earlier.
    """
    kept = [one for one in items if one in needed]
    rest = [one for one in items if one not in needed]
    step = max(1, len(rest) // 2)
    while rest:
        step = min(step, len(rest))
        fewer = kept + rest[:-step]
        if fewer and clashes(fewer):
            del rest[-step:]
            step *= 2
        elif step == 1:
            same = {rest[-1], *alike(rest[-1], kept + rest)}
            kept += [one for one in rest if one in same]
            rest = [one for one in rest if one not in same]
        else:
            step //= 2
    place = {one: number for number, one in enumerate(items)}
    return sorted(kept, key=lambda one: place[one])
