"""``callfloor flow …``: flows checked, tried out, tested and drawn, without a platform."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callfloor import flow_import

if TYPE_CHECKING:
    from ivr.check import Surroundings
    from ivr.document import FlowProblem
    from ivr.rehearsal.coverage import Covered, Watch
    from ivr.rehearsal.world import World
    from ivr.scenario import Result, ScenarioFile

WELL, PROBLEM = 0, 1
Run = Callable[[argparse.Namespace], int]


def add(flow: argparse.ArgumentParser) -> None:
    """Give ``callfloor flow`` its verbs, and a help that shows all of them with their options."""
    verbs = flow.add_subparsers(metavar="WHAT", required=True)
    flow.formatter_class = argparse.RawDescriptionHelpFormatter
    usages: list[str] = []

    def verb(name: str, words: str, run: Run, *options: tuple[tuple[str, ...], dict[str, Any]]) -> None:
        one = verbs.add_parser(name, help=words, description=words)
        one.set_defaults(run=_telling(run))
        for names, how in options:
            one.add_argument(*names, **how)
        usages.append(" ".join(one.format_usage().split()[1:]) + "\n")

    config = _option("--config", type=Path, metavar="FILE", help="settings file (TOML)")
    flows = _option(
        "--flows",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="a folder or file of other flows, which this one may lead to (may be repeated)",
    )
    verb(
        "check",
        "tell every problem of flows, with file, line and reason",
        _check,
        _option("files", nargs="+", type=Path, metavar="FILE", help="flows, or folders of them"),
        _option("--data", type=Path, metavar="DIR", help="the platform's folder: whose queues there are"),
        _option("--strict", action="store_true", help="warnings count as problems"),
        _option("--json", action="store_true", help="print one JSON object"),
        config,
    )
    verb("schema", "print the JSON Schema of flows", _schema)
    verb(
        "try",
        "talk to a flow in the terminal",
        _try,
        _option("file", type=Path, metavar="FILE", help="the flow"),
        _option("--answers", type=Path, metavar="FILE", help="who calls, what is open and what is answered"),
        _option("--caller", metavar="NUMBER", help="the caller's number (empty: withheld)"),
        _option("--dialled", metavar="NUMBER", help="the number they dialled"),
        flows,
        _option("-v", "--verbose", action="store_true", help="show nodes and times"),
    )
    verb(
        "test",
        "play scripted callers and show what of the flows they saw",
        _test,
        _option("path", nargs="+", type=Path, metavar="DIR", help="folders of scenarios, or files"),
        _option("--only", metavar="TEXT", default="", help="scenarios whose name has this text"),
        _option("--coverage-below", type=_percent, metavar="PERCENT", help="fail if a flow was seen less"),
        _option("--junit", type=Path, metavar="FILE", help="write JUnit XML"),
        _option("-v", "--verbose", action="store_true", help="show every call"),
    )
    verb(
        "draw",
        "draw a flow",
        _draw,
        _option("file", type=Path, metavar="FILE", help="the flow"),
        _option("--svg", type=Path, metavar="FILE", help="write a picture (SVG) there"),
        _option("--mermaid", action="store_true", help="print Mermaid text (as without --svg)"),
    )
    flow_import.add(verb)
    flow.epilog = "".join(usages)


def _telling(run: Run) -> Run:
    """``run``, whose problems with files are told on standard error, each with file, line and reason."""

    def told(arguments: argparse.Namespace) -> int:
        from ivr.load import FlowError
        from ivr.scenario import ScenarioError

        if isinstance(sys.stdout, TextIOWrapper):
            # A flow may hold halves of characters; they are shown and break nothing.
            sys.stdout.reconfigure(errors="backslashreplace")
        try:
            return run(arguments)
        except (FlowError, ScenarioError) as error:
            print(error, file=sys.stderr)
            return PROBLEM

    return told


def _option(*names: str, **how: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    return names, how


def _percent(text: str) -> float:
    try:
        percent = float(text)
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is no share; it is a number from 0 to 100")
    return percent


# ------------------------------------------------------------------ check and schema


def _check(arguments: argparse.Namespace) -> int:
    from ivr.check import check_all

    documents, unread = _documents(arguments.files)
    found = check_all(documents, _surroundings(arguments))
    problems = [*unread, *(one for checked in found for one in checked.problems)]
    warnings = [one for checked in found for one in checked.warnings]
    if arguments.json:
        told = {"problems": _as_json(problems), "warnings": _as_json(warnings)}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        by_line = sorted(
            [(one, "") for one in problems] + [(one, "warning: ") for one in warnings], key=_place
        )
        for one, word in by_line:
            print(f"{one.file}:{one.line}: {word}{one.reason}")
        names = [f"{c.flow.name} {c.flow.version}" for c in found if c.flow is not None and not c.problems]
        said = (
            _many(len(documents), "flow"),
            _many(len(problems), "problem"),
            _many(len(warnings), "warning"),
        )
        print(", ".join(said) + (f"; good: {', '.join(names)}" if names else ""))
    return PROBLEM if problems or (arguments.strict and warnings) else WELL


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _place(told: "tuple[FlowProblem, str]") -> tuple[str, int, str]:
    return told[0].file, told[0].line, told[0].reason


def _as_json(told: "list[FlowProblem]") -> list[dict[str, Any]]:
    return [{"file": one.file, "line": one.line, "reason": one.reason} for one in told]


def _documents(paths: list[Path]) -> "tuple[list[tuple[str, str]], list[FlowProblem]]":
    """The texts of files and folders with their names, and what cannot be read as text."""
    from ivr.document import FlowProblem
    from ivr.scenario import flow_files

    documents, unread = [], []
    for file in flow_files(paths):
        try:
            documents.append((file.read_text(encoding="utf-8"), str(file)))
        except UnicodeDecodeError as error:
            unread.append(FlowProblem(1, f"the file is not UTF-8: {error}", str(file)))
        except OSError as error:
            unread.append(FlowProblem(1, f"the file cannot be read: {error.strerror}", str(file)))
    return documents, unread


def _surroundings(arguments: argparse.Namespace) -> "Surroundings":
    """What the platform of the settings has; of a platform that is not there yet nothing is known."""
    from callfloor import settings as all_settings
    from ivr.check import NOTHING_KNOWN

    settings = all_settings.load(arguments.config)
    if arguments.data is not None:
        settings = replace(settings, data=all_settings.Data(str(arguments.data)))
    there = settings.data.database or (settings.folder / "callfloor.db").is_file()
    if not there:
        if arguments.data is not None:
            raise all_settings.SettingsError([f"there is no platform in {settings.folder}"])
        return NOTHING_KNOWN
    from callfloor.flow_names import Unreadable, surroundings

    try:
        return surroundings(settings)
    except Unreadable as why:
        print(f"callfloor: queues and other names are not looked up: {why}", file=sys.stderr)
        return NOTHING_KNOWN


def _schema(arguments: argparse.Namespace) -> int:
    from ivr.schema import schema

    print(json.dumps(schema(), ensure_ascii=False, indent=2))
    return WELL


# ------------------------------------------------------------------ try and draw


def _try(arguments: argparse.Namespace) -> int:
    from ivr.load import load_file
    from ivr.scenario import read_flows
    from ivr.terminal import Terminal

    flow = load_file(arguments.file)
    others = {**read_flows(arguments.flows), flow.name: flow}
    world = _world(arguments)
    typed = sys.stdin.isatty()
    read = _ask if typed else _next_line
    print(f"{flow.name} {flow.version}; help shows what can be typed")
    Terminal(flow, world, print, read, others.get, arguments.verbose, echo=not typed).run()
    return WELL


def _ask(words: str) -> str | None:
    try:
        return input(words)
    except EOFError:
        print()
        return None


def _next_line(words: str) -> str | None:
    line = sys.stdin.buffer.readline()
    return line.decode("utf-8", "replace") if line else None


def _world(arguments: argparse.Namespace) -> "World":
    from ivr.rehearsal.world import World
    from ivr.scenario import load_world

    world = World() if arguments.answers is None else load_world(arguments.answers)
    if arguments.caller is not None:
        world = replace(world, caller=arguments.caller)
    return world if arguments.dialled is None else replace(world, dialled=arguments.dialled)


def _draw(arguments: argparse.Namespace) -> int:
    from ivr.drawing import mermaid, svg
    from ivr.load import load_file

    flow = load_file(arguments.file)
    if arguments.svg is not None:
        arguments.svg.write_text(svg(flow), encoding="utf-8")
    if arguments.mermaid or arguments.svg is None:
        sys.stdout.write(mermaid(flow))
    return WELL


# ------------------------------------------------------------------ test


def _test(arguments: argparse.Namespace) -> int:
    from ivr.junit import junit
    from ivr.rehearsal.coverage import Watch
    from ivr.scenario import ScenarioError, load_scenarios, scenario_files

    watch = Watch()
    results: list[tuple[Result, float]] = []
    broken: list[tuple[str, str]] = []
    for path in arguments.path:
        for file in scenario_files(path):
            try:
                results += _play(load_scenarios(file), watch, arguments.only)
            except ScenarioError as error:
                broken.append((str(file), str(error)))
                print(error, file=sys.stderr)
    for result, _ in results:
        if result.failure is not None or arguments.verbose:
            _show(result)
    if arguments.junit is not None:
        arguments.junit.write_text(junit(results, broken), encoding="utf-8")
    failed = sum(result.failure is not None for result, _ in results)
    took = sum(seconds for _, seconds in results)
    if not results and not broken:
        print("there are no scenarios", file=sys.stderr)
        return PROBLEM
    print(f"{_many(len(results), 'scenario')}, {failed} failed, {took:.3f} s")
    below = [_tell(covered, arguments.coverage_below) for covered in watch.flows.values()]
    return PROBLEM if failed or broken or any(below) else WELL


def _play(written: "ScenarioFile", watch: "Watch", only: str) -> "list[tuple[Result, float]]":
    """Every scenario of a file whose name has ``only``, with its seconds."""
    from ivr.scenario import play, read_flows

    (flow,) = read_flows([written.flow]).values()
    others = {**read_flows(written.flows), flow.name: flow}
    results = []
    for scenario in written.scenarios:
        if only in scenario.name:
            began = time.perf_counter()
            result = play(scenario, flow, others.get, watch)
            results.append((result, time.perf_counter() - began))
    return results


def _show(result: "Result") -> None:
    scenario, failure = result.scenario, result.failure
    if failure is None:
        print(f"{scenario.file}:{scenario.line}: {scenario.name}")
    else:
        print(f"{scenario.file}:{failure.line}: {scenario.name}")
        print(f"    {failure.step}".rstrip())
        print(f"    FAILED: {failure.reason}")
    for line in result.transcript:
        print(f"  {line}")
    print()


def _tell(covered: "Covered", least: float | None) -> bool:
    """Print what of a flow was seen; True if that is too little."""
    flow = covered.flow
    nodes, exits = len(flow.nodes), len(covered.all_exits)
    seen = nodes - len(covered.missed_nodes)
    taken = sum(one in covered.exits for one in covered.all_exits)
    print(
        f"{flow.name} {flow.version}: {seen} of {nodes} nodes, {taken} of {exits} exits, "
        f"{covered.percent:.0f} %"
    )
    for node in covered.missed_nodes:
        print(f"  {flow.file}:{node.line}: node {node.id} was not visited")
    missed: dict[str, list[str]] = {}
    for name, exit in covered.missed_exits:
        missed.setdefault(name, []).append(exit)
    for name, exits_ in missed.items():
        print(f"  {flow.file}:{flow.nodes[name].line}: node {name} was not left by {', '.join(exits_)}")
    if least is not None and covered.percent < least:
        print(f"  {covered.percent:.1f} % is below {least:g} %")
        return True
    return False
