"""Requests are looked at by the judge before anybody grants them."""

from datetime import date

import pytest

from scheduling.demand import Cover, flat
from scheduling.people import Person, Wish
from scheduling.problem import Problem
from scheduling.requests import (
    Bid,
    Give,
    LeaveAsked,
    Request,
    RequestError,
    Swap,
    Turn,
    in_turn,
    look_at,
    turn_of,
)
from scheduling.roster import Assignment, Block, Roster
from scheduling.rules import ConsecutiveDays, Rest
from scheduling.shifts import Break, Shift

PROBLEM = Problem(
    date(2026, 11, 2),
    4,
    (Shift("E", 420, 480, breaks=(Break("meal", 30, 180, 240),)), Shift("L", 840, 480)),
    (
        Person("ann", wishes=(Wish(2, False, weight=7),), seniority=1),
        Person("bob", seniority=5),
        Person("eve", shifts=("E",), seniority=5),
    ),
    covers=tuple(Cover(day, shift, 1, flat(100)) for day in (0, 1, 2) for shift in ("E", "L")),
    rules=(Rest(least_minutes=660), ConsecutiveDays(most=3)),
)


def early(person: str, day: int) -> Assignment:
    return Assignment(person, day, "E", 420, 480, (Block("meal", 600, 30),))


def late(person: str, day: int) -> Assignment:
    return Assignment(person, day, "L", 840, 480)


ROSTER = Roster(
    (early("ann", 0), late("bob", 0), early("ann", 1), late("bob", 1), late("ann", 2), early("eve", 2))
)


def test_a_swap() -> None:
    """A swap that breaks a rest is refused with the reason; one that breaks nothing is allowed."""
    answer = look_at(PROBLEM, ROSTER, Swap("ann", "bob", 0))
    assert not answer.allowed
    assert [one.words for one in answer.broken] == ["ann rests 9 h before E on Tue 2026-11-03; at least 11 h"]
    assert look_at(PROBLEM, ROSTER, Swap("ann", "bob", 2)).allowed


def test_a_swap_over_two_days() -> None:
    """Eve may not work late, and is told so; shifts of two days can be exchanged too."""
    answer = look_at(PROBLEM, ROSTER, Swap("ann", "eve", 2))
    assert [one.words for one in answer.broken] == ["eve, Wed 2026-11-04: may not work L"]
    moved = look_at(PROBLEM, ROSTER, Swap("bob", "eve", 1, 2)).roster
    assert {late("eve", 1), early("bob", 2)} <= set(moved.assignments)


def test_a_shift_given_away() -> None:
    """Bob takes Ann's shift on the day she wished to be free: cheaper by her wish, and legal."""
    answer = look_at(PROBLEM, ROSTER, Give("ann", "bob", 2))
    assert answer.allowed
    assert answer.cost == -7
    assert late("bob", 2) in answer.roster.assignments


def test_leave() -> None:
    """Leave is allowed by the rules, and says whom it leaves missing; it is then part of the problem."""
    answer = look_at(PROBLEM, ROSTER, LeaveAsked("eve", 2, 480))
    assert answer.allowed
    assert answer.cost == 100
    assert [one.words for one in answer.dearer] == ["E on Wed 2026-11-04: 0 of 1"]
    assert answer.problem.people[2].leave[0].minutes == 480


def test_a_bid() -> None:
    """An open shift is taken with its breaks; what stands on the roster already blames nobody new."""
    without = Roster(ROSTER.assignments[:4])
    answer = look_at(PROBLEM, without, Bid("eve", 2, "E"))
    assert answer.allowed
    assert answer.cost == -100
    assert early("eve", 2) in answer.roster.assignments


def test_bids_have_their_turns() -> None:
    """Seniority, then who was given fewer open shifts, then who works less, then who came first."""
    turns = [turn_of(PROBLEM, ROSTER, one) for one in ("ann", "eve", "bob", "eve")]
    assert turns == [Turn(1, 0, 1440), Turn(5, 0, 480), Turn(5, 0, 960), Turn(5, 0, 480)]
    assert in_turn(turns) == [1, 3, 2, 0]
    assert in_turn([turn_of(PROBLEM, ROSTER, "eve", 1), *turns]) == [2, 4, 3, 0, 1]


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (Swap("ann", "joe", 0), "there is no person 'joe'"),
        (Swap("ann", "ann", 0), "ann cannot swap with themselves"),
        (Swap("ann", "bob", 3), "neither ann nor bob has a shift to swap"),
        (Swap("ann", "bob", 4), "day 4 is not in the roster, whose days are 0 to 3"),
        (Give("ann", "bob", 3), "ann has no shift on day 3 to give"),
        (Give("ann", "bob", 1), "bob has two shifts on day 1"),
        (Bid("ann", 3, "X"), "there is no shift 'X'"),
        (Bid("ann", 2, "E"), "ann has two shifts on day 2"),
    ],
)
def test_requests_about_nothing(request_: Request, said: str) -> None:
    """A request about what is not there is no request."""
    with pytest.raises(RequestError, match=said):
        look_at(PROBLEM, ROSTER, request_)
