"""Who is paid and who is there: reasons come together as they do in a house."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.staffing import Reason, scheduled, shrinkage


def test_reasons_of_one_kind_add_up_and_the_kinds_follow_one_another() -> None:
    """10 % on leave and 5 % ill leave 85 %; a tenth of these is at a break, another tenth in a meeting."""
    reasons = [
        Reason("leave", 0.10),
        Reason("illness", 0.05),
        Reason("breaks", 0.10, "present"),
        Reason("meetings", 0.10, "present"),
    ]
    assert shrinkage(reasons) == pytest.approx(1 - 0.85 * 0.80)
    assert shrinkage([]) == 0


def test_a_reason_may_change_through_the_day() -> None:
    """Lunch takes a third at noon and nobody else; the others stay."""
    lunch = np.array([0, 0, 1 / 3, 0])
    found = shrinkage([Reason("leave", 0.1), Reason("lunch", lunch, "present")])
    assert found == pytest.approx([0.1, 0.1, 0.4, 0.1])
    assert scheduled([9, 9, 9, 9], found).tolist() == [10, 10, 15, 10]


def test_a_rounding_error_is_no_person() -> None:
    """21 with 30 % away are 30 people, though 21 / 0.7 is a little more in binary."""
    assert 21 / (1 - 0.3) > 30
    assert scheduled([14, 21], 0.3).tolist() == [20, 30]
    assert scheduled(14.001, 0.3) == 21
    assert scheduled([0, 5], 0.9999).tolist() == [0, 50_000]


@given(st.integers(0, 10_000), st.floats(0, 0.99))
def test_enough_remain_and_one_less_would_not_do(agents: int, share: float) -> None:
    """The least whole number of people."""
    people = int(scheduled(agents, share))
    assert people * (1 - share) >= agents * (1 - 2e-9)
    assert people == 0 or (people - 1) * (1 - share) < agents


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: shrinkage([Reason("leave", [0.1, -0.1])]), "shrinkage 'leave' at 1 is -0.1"),
        (lambda: shrinkage([Reason("a", 0.6), Reason("b", 0.4)]), "those paid comes to 1 and leaves nobody"),
        (lambda: shrinkage([Reason("a", 0.6, "all")]), "must be of paid or of present"),  # type: ignore[arg-type]
        (lambda: scheduled(5, 1), "a shrinkage of 1 leaves nobody"),
        (lambda: scheduled(-5, 0.1), "agents is -5"),
    ],
)
def test_what_is_wrong_is_said(call: object, said: str) -> None:
    """Which reason, and what would be right."""
    with pytest.raises(ValueError, match=said):
        call()  # type: ignore[operator]
