"""Service level: five definitions, one set of counts, each its own figure."""

from hypothesis import given
from hypothesis import strategies as st

from common.service_level import DEFAULT, DEFINITIONS, Counts, service_levels

EXAMPLE = Counts(
    answered=1000, abandoned=60, answered_in_target=860, abandoned_in_target=20, short_abandoned=10
)
NOBODY = Counts(0, 0, 0, 0, 0)


@st.composite
def any_counts(draw: st.DrawFn) -> Counts:
    """Counts that can be: no part is larger than its whole."""
    answered, abandoned = (draw(st.integers(0, 10**6)) for _ in range(2))
    return Counts(
        answered,
        abandoned,
        draw(st.integers(0, answered)),
        draw(st.integers(0, abandoned)),
        draw(st.integers(0, abandoned)),
    )


def test_each_definition_gives_its_own_figure() -> None:
    """The known example, to a hundredth of a percent."""
    percent = {name: round(100 * (share or 0), 2) for name, share in service_levels(EXAMPLE).items()}
    assert percent == {
        "in_target_of_all": 83.02,
        "answered_in_target_of_answered": 86.00,
        "answered_in_target_of_all": 81.13,
        "answered_in_target_of_all_but_abandoned_in_target": 82.69,
        "answered_in_target_or_short_of_all": 82.08,
    }


def test_each_definition_says_its_formula_in_a_line() -> None:
    """And is known by its own name."""
    assert {name: d.formula for name, d in DEFINITIONS.items()} == {
        "in_target_of_all": "(ans+ab in T)/(ans+ab)",
        "answered_in_target_of_answered": "ans in T/ans",
        "answered_in_target_of_all": "ans in T/(ans+ab)",
        "answered_in_target_of_all_but_abandoned_in_target": "ans in T/(ans+ab after T)",
        "answered_in_target_or_short_of_all": "(ans in T + ab within short)/(ans+ab)",
    }
    assert all(d.share.__name__ == name for name, d in DEFINITIONS.items())
    assert DEFAULT in DEFINITIONS


def test_where_nobody_counts_there_is_no_figure() -> None:
    """None, which is neither 0 % nor 100 %; each definition by its own denominator."""
    assert set(service_levels(NOBODY).values()) == {None}
    only_abandoned = service_levels(Counts(0, 3, 0, 3, 1))
    assert only_abandoned["answered_in_target_of_answered"] is None
    assert only_abandoned["answered_in_target_of_all_but_abandoned_in_target"] is None
    assert only_abandoned["answered_in_target_of_all"] == 0
    assert only_abandoned["in_target_of_all"] == 1


@given(any_counts())
def test_a_share_is_from_0_to_1(counts: Counts) -> None:
    """Whatever the counts; and no definition is below the strictest."""
    levels = service_levels(counts)
    shares = [share for share in levels.values() if share is not None]
    assert all(0 <= share <= 1 for share in shares)
    strictest = levels["answered_in_target_of_all"]
    assert strictest is None or all(share >= strictest for share in shares)
