"""Two versions of a flow compared."""

from hypothesis import given
from hypothesis import strategies as st

from ivr.compare import NodeChange, compare

OLD = """\
flow: x
version: 1
entry: a
nodes:
  a: {type: set, values: {v: 1}, next: b}
  b: {type: menu, prompts: {en: One}, exits: {1: c, 2: c}}
  c: {type: hang_up}
"""


def test_the_same_is_no_difference() -> None:
    """Nor is another version number, another order, or ``next`` written as an exit."""
    new = OLD.replace("version: 1", "version: 2").replace("next: b", "exits: {done: b}")
    found = compare(OLD, new, "a", "b")
    assert (found.readable, found.head, found.added, found.removed, found.changed) == (True, (), (), (), ())
    assert compare(OLD, OLD, "a", "b").text == ""


def test_nodes_that_came_went_and_changed_are_named() -> None:
    """With the parameters and the exits that differ."""
    new = (
        OLD.replace("entry: a", "entry: b\ntitle: T")
        .replace("2: c", "3: c")
        .replace("One", "Two")
        .replace("  a: {type: set, values: {v: 1}, next: b}\n", "")
    ) + "  d: {type: hang_up}\n"
    found = compare(OLD, new, "a", "b")
    assert found.head == ("entry", "title")
    assert (found.added, found.removed) == (("d",), ("a",))
    assert found.changed == (NodeChange("b", ("prompts", "exits.2", "exits.3")),)
    assert found.text.startswith("--- a\n+++ b\n@@ -1,7 +1,8 @@\n")


def test_what_is_no_yaml_is_compared_by_line_only() -> None:
    """And it is said that there is no more to it."""
    found = compare(OLD, "{", "a", "b")
    assert not found.readable
    assert found.text.splitlines()[-1] == "+{"
    assert not compare("[]", OLD, "a", "b").readable


@given(st.text(max_size=100), st.text(max_size=100))
def test_any_two_texts_can_be_compared(old: str, new: str) -> None:
    """Whatever they are."""
    compare(old, f"nodes: {new}", "a", "b")
