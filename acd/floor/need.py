"""What a waiting call asks of an agent, and whether an agent fits.

A call is for the members of its queue up to its level and penalty who have its skills, and for the agents
of the groups it was widened to who have its skills. While it is held for somebody it is for them alone: an
agent asked for by name needs neither membership nor skill; agents of the home branch need both.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from acd.floor.state import FloorAgent, FloorCall
from domain.config import Operation, QueueConfig

BRANCH = "branch:"
"""Before a branch's name where it stands for its agents, as a group does. No group's id begins so."""


class Need(NamedTuple):
    """Calls of one queue that need the same wait in one lane."""

    skills: tuple[tuple[str, int], ...]
    level: int
    max_penalty: int | None
    groups: tuple[str, ...]
    held_for: str | None


def need_of(call: FloorCall) -> Need:
    """What the call asks now."""
    skills = tuple(sorted(call.skills.items()))
    return Need(skills, call.level, call.max_penalty, call.groups, call.held_for)


def read_skills(texts: Iterable[str]) -> dict[str, int]:
    """``english`` or ``english/3`` to skill and least level; said twice, the higher one counts."""
    skills: dict[str, int] = {}
    for text in texts:
        name, _, level = text.partition("/")
        least = int(level) if level.isdecimal() else 1
        skills[name] = max(least, skills.get(name, 0))
    return dict(sorted(skills.items()))


def has_skills(agent: FloorAgent, skills: Iterable[tuple[str, int]]) -> bool:
    """Whether the agent has all of these at their levels."""
    own = agent.skills
    for name, level in skills:  # noqa: SIM110 - a generator costs more than the question itself
        if own.get(name, 0) < level:
            return False
    return True


def in_group(agent: FloorAgent, group: str, groups: Mapping[str, frozenset[str]]) -> bool:
    """Whether the agent is of a group, or of a branch (``branch:NAME``)."""
    if group.startswith(BRANCH):
        return agent.branch == group[len(BRANCH) :]
    return agent.id in groups.get(group, ())


def why_not(
    agent: FloorAgent, queue: str, need: Need, groups: Mapping[str, frozenset[str]], *, held: bool = True
) -> str:
    """Why the agent is not for calls of this need, whatever they are doing; empty if they are.

    ``held`` False looks past whom the call is held for at the moment.
    """
    if held and need.held_for is not None:
        if not need.held_for.startswith(BRANCH):
            return "" if agent.id == need.held_for else f"held for {need.held_for}"
        if agent.branch != need.held_for[len(BRANCH) :]:
            return f"branch: held for {need.held_for[len(BRANCH) :]}"
    if not has_skills(agent, need.skills):
        return "skill: " + ", ".join(
            f"{name}/{level}" if level > 1 else name
            for name, level in need.skills
            if agent.skills.get(name, 0) < level
        )
    member = agent.memberships.get(queue)
    if any(in_group(agent, group, groups) for group in need.groups):
        return ""
    if member is None:
        return "no member of the queue"
    if member[0] > need.level:
        return f"level: {member[0]}, now asked up to {need.level}"
    if need.max_penalty is not None and member[1] > need.max_penalty:
        return f"penalty: {member[1]}, now allowed up to {need.max_penalty}"
    return ""


def applied(need: Need, operation: Operation) -> Need:
    """The need after one relaxing operation of a recipe; others leave it as it is."""
    name, amount = operation.name, int(operation.amount)
    if operation.act in ("relax", "drop"):
        skills = dict(need.skills)
        if name in skills:
            skills[name] = min(skills[name], amount) if operation.act == "relax" else 0
        return need._replace(skills=tuple((s, level) for s, level in skills.items() if level > 0))
    if operation.act == "widen_level":
        return need._replace(level=max(need.level, amount))
    if operation.act in ("widen_group", "widen_branch"):
        group = name if operation.act == "widen_group" else BRANCH + name
        return need if group in need.groups else need._replace(groups=(*need.groups, group))
    if operation.act == "penalty":
        return need._replace(max_penalty=amount)
    return need


def loosest(need: Need, queue: QueueConfig) -> Need:
    """What the call may come to ask if every step of the recipe is done: whoever fits that is worth waiting
    for.
    """
    loose = need._replace(held_for=None)
    for step in queue.recipe:
        for operation in step.do:
            loose = applied(loose, operation)
    # A later step may lift what an earlier one narrowed.
    limits = [int(o.amount) for s in queue.recipe for o in s.do if o.act == "penalty"]
    if need.max_penalty is not None and limits:
        loose = loose._replace(max_penalty=max(need.max_penalty, *limits))
    elif limits:
        loose = loose._replace(max_penalty=None)
    return loose
