"""Expressions are checked when a flow is loaded, read the call's variables only, and never take long."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.expressions import FUNCTIONS, LONGEST, BadExpression, read_expression
from ivr.flow import FlowTrouble
from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow, small_text
from tests.ivr.test_load import problems

CALL: dict[str, Any] = {
    "amount": "150.50",
    "tier": "gold",
    "n": 3,
    "card": "6222020000000001",
    "vip": True,
    "rate": 2.0,
    "long": "x" * 900,
}


def value(text: str) -> Any:
    return read_expression(text).value(CALL)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("amount > 100 and tier == 'gold'", True),
        ("amount > 100 and not tier in ['silver', 'bronze']", True),
        ("tier not in ('gold', 'silver') or vip", True),
        ("'ol' in tier", True),
        ("n + 1", 4),
        ("n * 2 - 10 // 3 + 10 % 4", 5),
        ("amount / 2", 75.25),
        ("'0' + card", "06222020000000001"),
        ("-n + +1", -2),
        ("1 < n <= 3", True),
        ("'big' if amount >= 150.5 else 'small'", "big"),
        ("nobody == ''", True),
        ("default(nobody, 0) + 1", 1),
        ("default(n, 0) + 1", 4),
        ("len(card)", 16),
        ("left(card, 4) + right(card, 4)", "62220001"),
        ("right(card, 0)", ""),
        ("substring(card, 4, 2) + substring('abc', 1)", "02bc"),
        ("starts_with(card, '62') and ends_with(card, 1)", True),
        (r"matches(card, '62\d{14,17}|4\d{15}')", True),
        (r"matches(card, '62\d{3}')", False),
        ("lower('ABC') + upper('abc') + str(rate)", "abcABC2"),
        ("int('12') + float('0.5') + round(2.567, 2) + round(2.5)", 17.07),
        ("min(3, n, '2') + max(1, 2) + abs(-1)", 5),
        ("n == '3' and n != 'three' and '007' != '7'", True),
        ("vip == 'true' and vip == true and vip != false", True),
    ],
)
def test_what_expressions_come_to(text: str, said: Any) -> None:
    """Texts written like numbers count as numbers beside numbers; two texts are texts."""
    assert value(text) == said
    assert type(value(text)) is type(said)


@pytest.mark.parametrize(
    "text",
    [
        "n + 'a'",
        "amount > tier + 1",
        "nobody > 1",
        "1 / 0",
        "n % 0",
        "vip + 1",
        "'a' * 3",
        "'%s' % n",
        "-tier",
        "10000000000000 * 10000000",
        "int('x')",
        "left(card, -1)",
        "left(card, 1.5)",
        "long + long",
    ],
)
def test_what_cannot_be_worked_out_is_trouble(text: str) -> None:
    """Never another exception, never a value that grows."""
    with pytest.raises(FlowTrouble, match="cannot be worked out"):
        value(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "the expression is empty"),
        ("n +", "'n +' is no expression: invalid syntax"),
        ("n = 1", "is no expression"),
        ("1; 2", "is no expression"),
        ("x" * (LONGEST + 1), f"the expression is longer than {LONGEST} characters"),
        ("-" * 40 + "1", "the expression is nested more than 20 deep"),
        ("(" * 300 + "1", "is no expression"),
        ("2 ** 9", "such an operator may not be written in an expression"),
        ("1 << 9", "such an operator may not be written in an expression"),
        ("call.caller", "a dot after a name may not be written in an expression"),
        ("card[0]", "[ ] after a value may not be written in an expression"),
        ("[n]", "a list but after in may not be written in an expression"),
        ("n in [*card]", "Starred may not be written in an expression"),
        ("[x for x in card]", "ListComp may not be written in an expression"),
        ("lambda: 1", "lambda may not be written in an expression"),
        ("f'{n}'", "a text with f before it may not be written in an expression"),
        ("(n := 1)", ":= may not be written in an expression"),
        ("None", "such a constant may not be written in an expression"),
        ("b'x'", "such a constant may not be written in an expression"),
        ("n is 1", "write == for is, != for is not"),
        ("9" * 17, "numbers go up to 1,000,000,000,000,000"),
        ("1e400", "numbers go up to 1,000,000,000,000,000"),
        ("open('x')", f"there is no function open; there are {', '.join(sorted(FUNCTIONS))}"),
        ("__import__('os')", "there is no function __import__"),
        ("min(1)", "min takes 2 to 8 values"),
        ("len()", "len takes 1 value"),
        ("len(*card)", "len takes 1 value"),
        ("round(1, ndigits=2)", "such a call may not be written in an expression"),
        ("'a'.join(card)", "such a call may not be written in an expression"),
        ("len", "len is a function: write len(…)"),
        ("matches(card, tier)", "the pattern of matches must be written out"),
        ("matches(card, '(a+)+')", "is nothing a pattern may hold"),
        ("a\x00b", "is no expression"),
    ],
)
def test_what_may_not_be_written_is_said_with_its_reason(text: str, why: str) -> None:
    """Attributes, powers, lists, lambdas and strange functions are not part of the language."""
    with pytest.raises(BadExpression) as refused:
        read_expression(text)
    assert why in str(refused.value)


def test_the_names_are_the_variables_it_reads() -> None:
    """Functions and true and false are none; two expressions with the same text are the same."""
    one = read_expression(" default(a, 0) + b > c and true ")
    assert one.names == {"a", "b", "c"}
    assert one == read_expression("default(a, 0) + b > c and true")
    assert repr(one) == "Expression(text='default(a, 0) + b > c and true')"


ANYTHING = st.text(max_size=60) | st.lists(
    st.sampled_from(
        [
            *FUNCTIONS,
            "(",
            ")",
            "'",
            "a",
            " ",
            "1",
            "**",
            "[",
            "]",
            ".",
            ",",
            "==",
            "and ",
            "if ",
            "else ",
            "\\d",
        ]
    ),
    max_size=30,
).map("".join)


@given(
    ANYTHING, st.dictionaries(st.sampled_from("ab"), st.text() | st.integers() | st.floats() | st.booleans())
)
def test_whatever_is_written_is_an_expression_or_refused(text: str, variables: dict[str, Any]) -> None:
    """And whatever the variables are, it comes to a value or is trouble."""
    try:
        expression = read_expression(text)
    except BadExpression:
        return
    try:
        expression.value(variables)
    except FlowTrouble:
        pass


# ------------------------------------------------------------------ in a flow

FLOW = """
start: {type: set, values: {n: "= default(n, 0) + 1", text: "{n} of =3", m: "=n * 2"}, next: which}
which:
  type: branch
  cases:
    - {if: "m > 3", exit: big}
    - {variable: text, op: is, value: 1 of =3, exit: small}
  exits: {big: end, small: start, otherwise: queue_end, failed: queue_end}
"""


def test_a_branch_and_a_set_take_expressions() -> None:
    """Beside the other form; ``=`` in the middle of a text is part of the text."""
    caller = Caller(small_flow(FLOW))
    assert caller.path == ["start", "which", "start", "which", "end"]
    assert {k: caller.session.state.variables[k] for k in ("n", "m", "text")} == {
        "n": 2,
        "m": 4,
        "text": "2 of =3",
    }


def test_an_expression_that_fails_takes_the_failed_exit() -> None:
    """As every mistake of a flow does."""
    caller = Caller(small_flow(FLOW.replace("m > 3", "m > text")))
    assert caller.path == ["start", "which", "queue_end"]


def test_a_mistake_in_an_expression_has_its_line() -> None:
    """In ``set``, in a case, and beside what else a case holds."""
    text = small_text(
        """\
        start:
          type: set
          values:
            n: "= m."
            m: "= 2 ** 3"
          next: which
        which:
          type: branch
          cases:
            - if: "n >"
              exit: end
            - {if: n, exit: end, value: 3}
            - {if: [n], exit: end}
          exits: {end: end, otherwise: end}
        """
    )
    assert problems(text) == [
        "10: node start: values: 'm.' is no expression: invalid syntax",
        "11: node start: values: such an operator may not be written in an expression",
        "16: node which: cases 1: 'n >' is no expression: invalid syntax",
        "18: node which: cases 2: unknown parameter value",
        "19: node which: cases 3: if must be an expression",
    ]


def test_a_node_knows_what_it_reads_and_writes() -> None:
    """In templates, cases and expressions."""
    flow = small_flow(FLOW)
    start, which = flow.nodes["start"], flow.nodes["which"]
    assert (start.reads(), start.writes()) == ({"n"}, {"n", "m", "text"})
    assert (which.reads(), which.writes()) == ({"m", "text"}, frozenset())
