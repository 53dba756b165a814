"""What the options of ``callfloor staff`` may say, and the words for what they may not."""

import argparse
import math
import re
from dataclasses import dataclass
from typing import Any

from common.service_level import DEFINITIONS

UNITS = {"s": 1, "sec": 1, "min": 60, "m": 60, "h": 3600, "hour": 3600, "d": 86_400}


def number(least: float, most: float = float("inf"), *, above: bool = False) -> Any:
    """A reader of numbers from ``least`` (or above it) to ``most``."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not (least < value if above else least <= value) or not value <= most or not math.isfinite(value):
            bound = f"above {least:g}" if above else f"{least:g} or more"
            limit = f", at most {most:g}" if math.isfinite(most) else ""
            raise argparse.ArgumentTypeError(f"{text!r} is wrong; it must be a number, {bound}{limit}")
        return value

    return read


def whole(text: str) -> int:
    """A whole number, 0 or more."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is wrong; it must be a whole number, 0 or more")
    return int(text)


def duration_s(text: str) -> float:
    """Seconds, or a number with a unit: 1800, 30min, 1h."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*", text.lower())
    unit = UNITS.get(found[2] or "s") if found else None
    if found is None or unit is None or not float(found[1]) > 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; write it like 30min, 1h or 1800 (seconds)")
    return float(found[1]) * unit


def share(text: str) -> float:
    """A share: 0.3 or 30%."""
    found = re.fullmatch(r"\s*(\d*\.?\d+)\s*(%?)\s*", text)
    value = float(found[1]) / (100 if found[2] else 1) if found else -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no share; write it like 0.3 or 30%")
    return value


def target(text: str) -> tuple[float, float]:
    """A service level: 80/20 is 80 % within 20 s. (share, seconds)."""
    found = re.fullmatch(r"\s*(\d*\.?\d+)\s*%?\s*/\s*(\d+(?:\.\d+)?)\s*s?\s*", text)
    value = float(found[1]) if found else 0.0
    value = value / 100 if value >= 1 else value
    if found is None or not 0 < value < 1:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no service level; write it like 80/20 (80 % within 20 s)"
        )
    return value, float(found[2])


@dataclass(frozen=True, slots=True)
class Away:
    """Shrinkage as it was said: reasons with their shares, of whom, and from when to when (minutes of the
    day)."""

    reasons: tuple[tuple[str, float, str, tuple[int, int] | None], ...]

    @property
    def by_time(self) -> bool:
        """Whether it changes through the day."""
        return any(window is not None for *_, window in self.reasons)

    def at(self, minutes: Any = 0.0) -> Any:
        """What the reasons come to at times of the day, an array as ``minutes`` is. Raises ValueError."""
        import numpy as np  # slow to import, as is what follows

        from forecasting.staffing.shrinkage import Reason, shrinkage

        when = np.asarray(minutes, dtype=np.float64)
        reasons = []
        for name, amount, of, window in self.reasons:
            begins, ends = window or (0, 24 * 60)
            inside = (when >= begins) & (when < ends)
            reasons.append(Reason(name, np.where(inside, amount, 0.0), of))  # type: ignore[arg-type]
        return shrinkage(reasons)


def away(text: str) -> Away:
    """A share, or reasons: leave=10%,illness=5%,breaks=8%@present,lunch=30%@present@12:00-14:00."""
    if "=" not in text:
        found = Away((("", share(text), "paid", None),))
    else:
        reasons = []
        for part in text.split(","):
            name, _, rest = part.partition("=")
            amount, *said = (one.strip() for one in rest.split("@"))
            windows = [window(one) for one in said if "-" in one]
            kinds = [one for one in said if "-" not in one]
            reasons.append(
                (name.strip(), share(amount), kinds[0] if kinds else "paid", windows[0] if windows else None)
            )
        found = Away(tuple(reasons))
    try:
        found.at([60.0 * n + m for n in range(24) for m in range(60)])
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if len(found.reasons) == 1 and found.reasons[0][1] >= 1:
        raise argparse.ArgumentTypeError(f"{text!r} leaves nobody")
    return found


def window(text: str) -> tuple[int, int]:
    """Times of the day, 12:00-14:00, as minutes."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", text)
    begins, ends = (60 * int(found[n]) + int(found[n + 1]) for n in (1, 3)) if found else (1, 0)
    if not begins < ends <= 24 * 60:
        raise argparse.ArgumentTypeError(f"{text!r} are no times of the day; write them like 12:00-14:00")
    return begins, ends


def sites(text: str) -> dict[str, float]:
    """Sites with their weights: north=60,south=40."""
    found: dict[str, float] = {}
    for part in text.split(","):
        name, _, weight = part.partition("=")
        if not name.strip() or name.strip() in found:
            raise argparse.ArgumentTypeError(
                f"{text!r}: each site needs a name of its own, like north=60,south=40"
            )
        found[name.strip()] = number(0)(weight)
    if not sum(found.values()) > 0:
        raise argparse.ArgumentTypeError(f"{text!r}: no site has a share")
    return found


def add(staff: argparse.ArgumentParser) -> None:
    """Give the parser of ``callfloor staff`` its options."""

    def options(words: str, *those: tuple[str, dict[str, Any]]) -> None:
        group = staff.add_argument_group(words)
        for name, how in those:
            group.add_argument(name, **how)

    options(
        "a forecast",
        ("--forecast", {"metavar": "FILE", "help": "CSV or XLSX: timestamp,calls,lo80,hi80,aht_s"}),
        (
            "--column",
            {"default": "calls", "metavar": "NAME", "help": "the figure to staff for (calls, hi80)"},
        ),
        ("--queue", {"metavar": "NAME", "help": "which, if the file has several"}),
        ("--out", {"metavar": "FILE", "help": "write the plan there (CSV; default: standard output)"}),
        ("--uncertain", {"action": "store_true", "help": "keep targets on average over lo80 to hi80"}),
        ("--sites", {"type": sites, "metavar": "A=60,B=40", "help": "split the agents among places"}),
        ("--backlog", {"action": "store_true", "help": "plan with the queue each interval inherits"}),
    )
    options(
        "several skills",
        ("--skills", {"metavar": "FILE", "help": "queues and groups of agents (YAML): simulate"}),
        ("--days", {"type": whole, "default": 20, "metavar": "N", "help": "days played a trial, at most"}),
        ("--seed", {"type": whole, "default": 1, "metavar": "N", "help": "another seed, other days"}),
    )
    options(
        "one case",
        ("--calls", {"type": number(0), "metavar": "N", "help": "calls expected"}),
        ("--per", {"type": duration_s, "metavar": "TIME", "help": "in this time (30min)"}),
        ("--aht", {"type": number(0, above=True), "metavar": "S", "help": "mean handling time"}),
        ("--agents", {"type": number(0), "metavar": "N", "help": "what callers find with so many"}),
        ("--within", {"type": number(0), "metavar": "S", "help": "service level is within so long (20)"}),
        ("--lines", {"type": number(0), "metavar": "N", "help": "Erlang B: lines, with --erlangs"}),
        ("--erlangs", {"type": number(0), "metavar": "A", "help": "load, instead of --calls and --per"}),
        ("--blocking", {"type": share, "metavar": "P", "help": "Erlang B: lines that lose at most this"}),
    )
    options(
        "targets, all of them kept",
        ("--target", {"type": target, "metavar": "P/S", "help": "service level, 80/20: 80 %% within 20 s"}),
        (
            "--definition",
            {
                "choices": (*DEFINITIONS, "virtual"),
                "default": "answered_in_target_of_all",
                "metavar": "NAME",
                "help": "which service level (default: answered_in_target_of_all)",
            },
        ),
        ("--short", {"type": number(0), "default": 5.0, "metavar": "S", "help": "a short abandon (5)"}),
        ("--answered", {"type": share, "metavar": "P", "help": "at least this share answered"}),
        ("--asa", {"type": number(0, above=True), "metavar": "S", "help": "at most this mean wait"}),
        ("--abandonment", {"type": share, "metavar": "P", "help": "at most this share gives up"}),
        ("--occupancy", {"type": share, "metavar": "P", "help": "agents busy at most so much"}),
    )
    options(
        "callers and people",
        ("--patience", {"type": number(0, above=True), "metavar": "S", "help": "mean patience (Erlang A)"}),
        ("--patience-from", {"metavar": "FILE", "help": "estimate it from calls: wait_s,abandoned (CSV)"}),
        ("--model", {"choices": ("A", "C"), "help": "Erlang A or C (default: A with --patience)"}),
        (
            "--shrinkage",
            {
                "type": away,
                "default": Away(()),
                "metavar": "P",
                "help": "0.3, or leave=10%%,breaks=8%%@present,lunch=30%%@present@12:00-14:00",
            },
        ),
        ("--min-agents", {"type": whole, "default": 0, "metavar": "N", "help": "at least so many"}),
        ("--max-agents", {"type": whole, "metavar": "N", "help": "at most so many"}),
    )
    options(
        "what one more buys",
        ("--curve", {"action": "store_true", "help": "print the cost curve as CSV"}),
        ("--plot", {"metavar": "FILE", "help": "draw the cost curve (.svg or .png)"}),
        ("--agent-cost", {"type": number(0), "default": 1.0, "metavar": "C", "help": "of an agent's hour"}),
        ("--waiting-cost", {"type": number(0), "default": 0.0, "metavar": "C", "help": "of an hour waited"}),
        ("--lost-cost", {"type": number(0), "default": 0.0, "metavar": "C", "help": "of a call abandoned"}),
    )
    staff.add_argument("--json", action="store_true", help="print one JSON object")
