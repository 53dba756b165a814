"""Files people write are read with their lines, and cannot make us work long."""

import time

import pytest

from common.plain_yaml import DEEPEST, NotPlain, compose


def test_a_file_becomes_a_tree_that_knows_its_lines() -> None:
    """Every piece has the mark where it begins."""
    root = compose("a: 1\nb: [2]\n", 100)
    assert root is not None
    assert [key.start_mark.line for key, _ in root.value] == [0, 1]
    assert compose("# nothing\n", 100) is None


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: &x 2\nc: *x", 3, "aliases (*name) are not taken"),
        ("\n\tflow: x", 2, "this is not YAML: found character"),
        ("a: \x00", 1, "this is not YAML: unacceptable character"),
        ("x" * 101, 1, "the file is longer than 100 characters"),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), 1, "the file is nested too deeply"),
    ],
)
def test_what_is_not_plain_is_said_with_its_line(text: str, line: int, said: str) -> None:
    """And what is wrong with it."""
    with pytest.raises(NotPlain) as caught:
        compose(text, max(100, len(text)) if said != "the file is longer than 100 characters" else 100)
    assert caught.value.line == line
    assert caught.value.reason.startswith(said)


@pytest.mark.parametrize("open_", ["[", "{a: ", "- "])
def test_a_bomb_goes_off_at_once(open_: str) -> None:
    """A hundred thousand lists within one another: no minutes of work, no RecursionError."""
    begun = time.process_time()
    with pytest.raises(NotPlain, match="nested too deeply"):
        compose(open_ * 100_000, 1_000_000)
    assert time.process_time() - begun < 5
