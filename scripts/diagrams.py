"""Write docs/machines.md from the machines' own tables: ``python scripts/diagrams.py > docs/machines.md``.

The floor's tables name every state an event may lead to. The call's table names, for each phase and fact,
the function that acts; which phases that function may enter is read from the source of the machine's package.
The SIP transactions are tabulated on top of their file.
"""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

from acd.floor.tables import AGENT, CALL, OFFER, Table
from calls import machine
from telephony.sip import transaction

PACKAGE = machine.__name__
FOLDER = Path(machine.__file__).parent
Steps = dict[tuple[str, str], list[str]]
"""(from, to) and what leads from the one to the other."""

HEAD = """\
# The machines

Printed from the tables in the code by `scripts/diagrams.py`; do not edit by hand. A test fails when this
page is stale. [architecture.md](architecture.md) says how the machines work together.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    words = _sentences(machine)
    diagram = _diagram(call_steps(), "ivr", "waiting")
    parts.append(_section("The call", "calls/machine/phases.py", words, diagram))
    parts.append(_heard_in_phases())
    for name, table, words in (
        ("An agent", AGENT, "An agent on the floor. `paused` is also where a session begins."),
        ("An offer", OFFER, "One call held out to one agent until a deadline."),
        ("A call on the floor", CALL, "One queue visit, then the contact with an agent."),
    ):
        parts.append(_section(name, "acd/floor/tables.py", words, _diagram(table_steps(table))))
        parts.append(_heard_and_kept(table))
    parts.append(_section("SIP transactions", "telephony/sip/transaction.py", *_transactions()))
    return "\n".join(part for part in parts if part)


# ------------------------------------------------------------------ the floor's tables


def table_steps(table: Table) -> Steps:
    """Every step a table of state, event and targets allows."""
    steps: Steps = {}
    for state, events in table.items():
        for event, targets in events.items():
            for target in targets:
                steps.setdefault((state, target), []).append(event)
    return steps


def _heard_and_kept(table: Table) -> str:
    kept = {state: [event for event, to in events.items() if not to] for state, events in table.items()}
    lines = [f"- `{state}`: {', '.join(events)}" for state, events in kept.items() if events]
    return "\n".join(["Heard without leaving the state:", "", *lines, ""]) if lines else ""


# ------------------------------------------------------------------ the call's table


def call_steps() -> Steps:
    """Every other phase a fact may lead to from each phase, and what the passing of time does."""
    steps: Steps = {}
    for phase, facts in machine.PHASES.items():
        causes: list[tuple[str, Callable[..., object]]] = [
            (fact.__name__, act) for fact, act in facts.items()
        ]
        if phase in machine.TIME_UP:
            causes.append((f"{machine.PATIENCE_S[phase]:g} s pass", machine.TIME_UP[phase]))
        for cause, act in causes:
            for target in _entered(act):
                if target != phase:
                    steps.setdefault((phase, target), []).append(cause)
    return steps


def _entered(act: Callable[..., object]) -> list[str]:
    """The phases a function of the machine may enter, itself or by functions it calls."""
    direct, calls = _sources()

    def reach(name: str, seen: set[str]) -> set[str]:
        if name in seen:
            return set()
        seen.add(name)
        return direct[name].union(*(reach(other, seen) for other in calls[name]))

    order: list[str] = list(machine.PHASES)
    return sorted(reach(_full_name(act.__module__, act.__name__), set()), key=order.index)


@cache
def _sources() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Function of the machine to the phases it enters itself, and to the other functions it names."""
    modules = {file.stem: ast.parse(file.read_text(encoding="utf-8")) for file in FOLDER.glob("*.py")}
    functions = {
        f"{module}.{node.name}": node
        for module, tree in modules.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    calls: dict[str, set[str]] = {}
    for name, function in functions.items():
        known = _names(name.partition(".")[0], modules)
        named = {known.get(one, "") for one in _named(function)}
        calls[name] = named & functions.keys()
    return {name: set(_phases(function)) for name, function in functions.items()}, calls


def _names(module: str, modules: dict[str, ast.Module]) -> dict[str, str]:
    """What the functions of the machine are called in one of its modules."""
    names = {
        node.name: f"{module}.{node.name}"
        for node in modules[module].body
        if isinstance(node, ast.FunctionDef)
    }
    for node in modules[module].body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(PACKAGE):
            source = node.module.removeprefix(PACKAGE).lstrip(".")
            for one in node.names:
                names[one.name] = f"{source}.{one.name}"
                for function in modules[one.name].body if one.name in modules else []:
                    if isinstance(function, ast.FunctionDef):
                        names[f"{one.name}.{function.name}"] = f"{one.name}.{function.name}"
    return names


def _full_name(module: str, function: str) -> str:
    return f"{module.removeprefix(PACKAGE).lstrip('.')}.{function}"


def _named(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


def _phases(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "enter":
            phase = node.args[1]
            assert isinstance(phase, ast.Constant)
            yield str(phase.value)


def _heard_in_phases() -> str:
    """Facts that mean something in a phase and do not leave it."""
    moving: dict[str, set[str]] = {}
    for (left, _), causes in call_steps().items():
        moving.setdefault(left, set()).update(causes)
    lines = []
    for phase, facts in machine.PHASES.items():
        names = [
            name
            for fact, act in facts.items()
            if not _is_nothing(act) and (name := fact.__name__) not in moving.get(phase, set())
        ]
        if names:
            lines.append(f"- `{phase}`: {', '.join(names)}")
    return "\n".join(["Heard without leaving the phase:", "", *lines, ""])


def _is_nothing(act: Callable[..., object]) -> bool:
    return act.__name__ == "nothing"


# ------------------------------------------------------------------ SIP


def _transactions() -> tuple[str, str]:
    """(the sentence above the table, the table) of the module's docstring, the table as Markdown."""
    text = inspect.cleandoc(transaction.__doc__ or "")
    words, rule, rest = text.partition("\n=")
    lines = (rule[1:] + rest).splitlines()
    starts = [n for n, c in enumerate(lines[0]) if c == "=" and (n == 0 or lines[0][n - 1] == " ")]
    rows = [_cells(line, starts) for line in lines if not line.startswith("=")]
    width = len(starts)
    table = [rows[0], ["---"] * width, *_filled(rows[1:])]
    return words.strip(), "\n".join("| " + " | ".join(row) + " |" for row in table)


def _cells(line: str, starts: list[int]) -> list[str]:
    ends = [*starts[1:], None]
    return [line[start:end].strip() for start, end in zip(starts, ends, strict=True)]


def _filled(rows: list[list[str]]) -> list[list[str]]:
    """The kind of transaction is written over two lines, or only once: give every row its own."""
    kinds: list[str] = []
    for row in rows:
        if len(row[0].split()) > 1 and row[0].split()[0].isupper():
            kinds.append(row[0])
        elif row[0]:
            kinds[-1] += f" {row[0]}"
    at, filled = -1, []
    for row in rows:
        at += bool(row[0]) and row[0].split()[0].isupper()
        filled.append([kinds[at], *row[1:]])
    return filled


# ------------------------------------------------------------------ Mermaid


def _diagram(steps: Mapping[tuple[str, str], list[str]], *begins: str) -> str:
    first = begins or (next(iter(steps))[0],)
    lines = ["```mermaid", "stateDiagram-v2", *(f"    [*] --> {state}" for state in first)]
    for (state, target), causes in steps.items():
        lines.append(f"    {state} --> {target}: {', '.join(causes)}")
    return "\n".join([*lines, "```"])


def _sentences(module: object) -> str:
    """The first paragraph of a module's docstring."""
    return inspect.cleandoc(module.__doc__ or "").split("\n\n")[0]


def _section(name: str, file: str, words: str, body: str) -> str:
    return f"## {name}\n\n`{file}`. {words}\n\n{body}\n"


if __name__ == "__main__":
    print(page(), end="")
