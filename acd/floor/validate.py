"""What a configuration must be before the floor takes it; faults are said with the queue and the step."""

from collections.abc import Iterator
from math import isfinite
from typing import get_args

from acd.floor.counters import day_of
from acd.floor.figures import minutes_of
from acd.floor.tables import AGENT, Refused
from domain.config import Act, Condition, Figure, FloorConfigured, Operation, QueueConfig
from domain.instant import Instant

CONDITIONS = frozenset({*AGENT, "unreachable"})
"""What ``join_empty`` and ``leave_empty`` may name."""
NUMBERS = {
    "target_s": 0.0,
    "short_s": 0.0,
    "ring_s": 1.0,
    "wrap_up_s": 0.0,
    "wrap_up_cap_s": 0.0,
    "max_wait_s": 0.0,
    "max_length": 0.0,
    "age_rate": 0.0,
    "busy_window_s": 1.0,
    "ring_next_s": 0.1,
    "home_branch_s": 0.0,
    "prefer_s": 0.0,
    "resume_s": 0.0,
}
"""A queue's numbers and the least each may be."""
WORDS = frozenset({"tier", "time"})
LONGEST_S = 366 * 86_400.0


def validate(fact: FloorConfigured, now: Instant) -> None:
    """Raise Refused with the first thing that is wrong."""
    for wrong in faults(fact, now):
        raise Refused(wrong)


def faults(fact: FloorConfigured, now: Instant) -> Iterator[str]:
    """Everything that is wrong with a configuration."""
    if fact.missed_limit < 1:
        yield f"missed_limit is {fact.missed_limit}: it must be at least 1"
    for what, ids in (
        ("queues", [q.id for q in fact.queues]),
        ("agents", [a.id for a in fact.agents]),
        ("groups", [g.id for g in fact.groups]),
    ):
        if len(set(ids)) < len(ids):
            yield f"two {what} have the same id"
    queues: set[str] = {q.id for q in fact.queues}
    groups: set[str] = {g.id for g in fact.groups}
    for queue in fact.queues:
        for wrong in _of_queue(queue, now):
            yield f"queue {queue.id}: {wrong}"
        for n, step in enumerate(queue.recipe, 1):
            for wrong in _of_step(queue, step.when, step.do, step.every_s, queues, groups):
                yield f"queue {queue.id}: recipe step {n}: {wrong}"
    for agent in fact.agents:
        for channel, number in agent.capacity.items():
            if number < 0:
                yield f"agent {agent.id}: capacity for {channel} is {number}"
        if agent.wrap_up_s is not None and not 0 <= agent.wrap_up_s <= LONGEST_S:
            yield f"agent {agent.id}: wrap_up_s is {agent.wrap_up_s}"


def _of_queue(queue: QueueConfig, now: Instant) -> Iterator[str]:
    for name, least in NUMBERS.items():
        value = getattr(queue, name)
        if not isfinite(value) or value < least:
            yield f"{name} is {value}, it must be at least {least:g}"
    for name in ("age_cap", "base_priority"):
        if not isfinite(getattr(queue, name)):
            yield f"{name} is {getattr(queue, name)}"
    if queue.age_cap < queue.base_priority:
        yield f"age_cap {queue.age_cap:g} is below base_priority {queue.base_priority:g}"
    for name in (*queue.join_empty, *queue.leave_empty):
        if name not in CONDITIONS:
            yield f"{name!r} is no condition of an agent"
    rules = queue.callback
    if not (rules.attempts >= 1 and 1 <= rules.retry_s <= LONGEST_S and 1 <= rules.expires_s <= LONGEST_S):
        yield "callback: attempts, retry_s and expires_s must be at least 1"
    for clock in rules.quiet:
        yield from _clock(clock)
    told = queue.announce
    if not (0 <= told.first_s <= LONGEST_S and (told.every_s == 0 or 1 <= told.every_s <= LONGEST_S)):
        yield "announce: first_s must be at least 0, every_s 0 or at least 1"
    try:
        day_of(now, queue.timezone)
    except (KeyError, ValueError, OSError):
        yield f"there is no time zone {queue.timezone!r}"


def _clock(text: str) -> Iterator[str]:
    try:
        minutes_of(text)
    except ValueError as error:
        yield str(error)


def _of_step(
    queue: QueueConfig,
    when: tuple[Condition, ...],
    do: tuple[Operation, ...],
    every_s: float,
    queues: set[str],
    groups: set[str],
) -> Iterator[str]:
    if not (every_s == 0 or 1 <= every_s <= LONGEST_S):
        yield f"every is {every_s:g} s: it must be 0 (never again) or at least 1"
    if not do:
        yield "it does nothing"
    for condition in when:
        yield from _of_condition(condition)
    for operation in do:
        yield from _of_operation(queue, operation, queues, groups)


def _of_condition(condition: Condition) -> Iterator[str]:
    if condition.figure not in get_args(Figure):
        yield f"there is no figure {condition.figure!r}"
    elif condition.figure in WORDS:
        if condition.op not in ("in", "not in") or not isinstance(condition.value, tuple):
            yield f"{condition.figure} takes in or not in, and a list"
        elif condition.figure == "time":
            for span in condition.value:
                start, dash, end = span.partition("-")
                if not dash:
                    yield f"{span!r} is no span of time (HH:MM-HH:MM)"
                else:
                    yield from _clock(start)
                    yield from _clock(end)
    elif condition.op not in ("<", "<=", ">", ">=") or isinstance(condition.value, tuple):
        yield f"{condition.figure} takes <, <=, > or >=, and a number"
    elif not isfinite(condition.value):
        yield f"{condition.figure}: {condition.value} is no number"


def _of_operation(
    queue: QueueConfig, operation: Operation, queues: set[str], groups: set[str]
) -> Iterator[str]:
    act, name = operation.act, operation.name
    if act not in get_args(Act):
        yield f"there is no operation {act!r}"
    if not isfinite(operation.amount):
        yield f"{act}: {operation.amount} is no number"
    if act == "to_queue" and name == queue.id:
        yield "it overflows to its own queue"
    elif act == "to_queue" and name not in queues:
        yield f"there is no queue {name!r}"
    elif act == "widen_group" and name not in groups:
        yield f"there is no group {name!r}"
    elif act in ("relax", "drop", "widen_branch", "to_flow") and not name:
        yield f"{act} names nothing"
