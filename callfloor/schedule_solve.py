"""``callfloor schedule solve``: a roster made, with progress, and Ctrl-C to end it early."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from callfloor import interrupts, schedule_show

if TYPE_CHECKING:
    from scheduling.problem import Problem
    from scheduling.roster import Roster
    from scheduling.solver import Progress, Solution
    from scheduling.verdict import Verdict

WELL = 0


class SolveError(Exception):
    """Something to say in one line or several, with exit code 1."""


def solve_it(arguments: argparse.Namespace) -> int:
    """Make a roster of ``arguments.problem`` and write or print it."""
    from scheduling.formats.documents import read_roster

    problem = schedule_show.problem_of(arguments.problem)
    start = None
    if arguments.start is not None:
        text = schedule_show.text_of(arguments.start)
        start = read_roster(problem, text, str(arguments.start)).roster
    _place_for(arguments.out)
    solution, roster, verdict = made(problem, arguments, start)
    if arguments.out is not None:
        arguments.out.write_text(
            schedule_show.written(problem, roster, verdict.cost, arguments), encoding="utf-8"
        )
    else:
        from scheduling.pictures.text import period

        print("\n".join(period(problem, roster)))
    print(summary(solution, verdict))
    return WELL


def made(
    problem: "Problem", arguments: argparse.Namespace, start: "Roster | None" = None
) -> "tuple[Solution, Roster, Verdict]":
    """The best roster found in ``arguments.seconds`` or ``work``, with ``seed`` and ``workers``, and what the
    judge says of it; with a bar, and Ctrl-C to keep the best so far. Raises SolveError without a roster.
    """
    from scheduling.judge import judge

    seconds = arguments.seconds
    if seconds is None and arguments.work is None:
        seconds = 60.0
    with interrupts.held() as asked:
        from scheduling.solver import solve

        with _bar(seconds) as tell:
            solution = asked.while_running(
                lambda: solve(
                    problem,
                    seconds=seconds,
                    work=arguments.work,
                    seed=arguments.seed,
                    workers=arguments.workers,
                    progress=tell,
                    stop=asked.is_set,
                    start=start,
                ),
                "stopping; the best roster so far is kept (once more to break off)",
            )
    if solution.roster is None:
        raise SolveError(_no_roster(solution))
    verdict = judge(problem, solution.roster)
    if not verdict.legal or verdict.cost != solution.objective:
        broken = [one.words for one in verdict.violations[:5]]
        raise SolveError(
            f"a fault of the program: the solver says {solution.objective}, the judge {verdict.cost}; "
            + "; ".join(broken)
        )
    return solution, solution.roster, verdict


def _place_for(out: Path | None) -> None:
    """Complain now of a place nothing can be written to, not after an hour's work."""
    if out is not None and not (out.parent.is_dir() and os.access(out.parent, os.W_OK)):
        raise SolveError(f"{out}: cannot be written; is {out.parent} a folder, and yours?")


def _no_roster(solution: "Solution") -> str:
    if solution.status != "infeasible":
        return f"no legal roster was found in {solution.seconds:.0f} s; give it more time"
    if not solution.conflict:
        return "there is no legal roster; what clashes could not be told in time, so give it more"
    clashes = [f"  {one.words}" for one in solution.conflict]
    return "\n".join(["there is no legal roster; these cannot hold together:", *clashes])


def summary(solution: "Solution", verdict: "Verdict") -> str:
    """What a roster costs and how good it is, in a line."""
    if solution.status == "optimal":
        quality = "optimal"
    elif solution.bound is None:
        quality = "no bound"
    else:
        quality = f"at least {solution.bound}"
    costs = ", ".join(f"{rule} {cost}" for rule, cost in verdict.costs_by_rule().items())
    return f"legal; costs {verdict.cost} ({quality}): {costs or 'nothing'}; {solution.seconds:.1f} s"


@contextmanager
def _bar(seconds: float | None) -> "Iterator[Callable[[Progress], None]]":
    """A bar with seconds, objective and bound on standard error, if somebody looks at it."""
    from tqdm import tqdm

    form = "{desc} {bar} {n:.0f}/{total:.0f} s" if seconds else "{desc} {n:.0f} s"
    with tqdm(total=seconds, bar_format=form, disable=None, file=sys.stderr, leave=False) as bar:

        def tell(one: "Progress") -> None:
            objective = "no roster yet" if one.objective is None else f"costs {one.objective}"
            bound = "" if one.bound is None else f", at least {one.bound}"
            bar.set_description_str(f"{objective}{bound} {one.phase}".rstrip(), refresh=False)
            bar.n = min(one.seconds, seconds) if seconds else one.seconds
            bar.refresh()

        yield tell
