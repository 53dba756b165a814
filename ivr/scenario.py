"""Scripted callers in YAML: read, played in virtual time, and judged.

A file names a flow and has scenarios; each is a world (who calls, what is open, what is answered) and steps.
docs/flow-tools.md shows all of it.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from common.plain_yaml import NotPlain, compose
from domain.instant import Instant
from ivr.document import FlowProblem, Notes, Section, line_of
from ivr.flow import Flow
from ivr.load import FlowError, load_file
from ivr.rehearsal.call import Event, NotNow, Rehearsal
from ivr.rehearsal.coverage import Watch
from ivr.rehearsal.steps import Step, Unexpected, read_step
from ivr.rehearsal.transcript import clock
from ivr.rehearsal.world import World, read_world
from ivr.walk import no_flows

MAX_CHARACTERS: Final = 1_000_000
SUFFIXES: Final = (".yaml", ".yml", ".json")


class ScenarioError(ValueError):
    """A file cannot be played. ``problems`` has all that is wrong with it, by line."""

    def __init__(self, problems: Iterable[FlowProblem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Written:
    """A step and where it is written."""

    step: Step
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scripted call."""

    name: str
    file: str
    line: int
    world: World
    steps: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """The scenarios of one flow; ``flow`` and ``flows`` are files, relative to this one."""

    file: Path
    flow: Path
    flows: tuple[Path, ...]
    scenarios: tuple[Scenario, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a call did not go as it is written, and how."""

    line: int
    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a scenario; ``events`` is all that happened."""

    scenario: Scenario
    failure: Failure | None
    events: tuple[Event, ...]

    @property
    def transcript(self) -> list[str]:
        """All that happened, a line each."""
        return list(transcript(self.events, self.scenario.world.at))


# ------------------------------------------------------------------ playing


def play(
    scenario: Scenario,
    flow: Flow,
    flows: Callable[[str], Flow | None] = no_flows,
    watch: Watch | None = None,
    restoring: bool = False,
) -> Result:
    """Play one scenario. ``restoring`` saves and restores the session before everything that happens."""
    try:
        call = Rehearsal(flow, scenario.world, flows, watch, restoring)
    except NotNow as trouble:
        return Result(scenario, Failure(scenario.line, "parts", str(trouble)), ())
    call.begin()
    failure = None
    for written in scenario.steps:
        try:
            written.step.play(call)
        except (Unexpected, NotNow) as trouble:
            failure = Failure(written.line, written.text, str(trouble))
            break
    if failure is None and call.state.troubles > call.forgiven:
        failure = Failure(scenario.line, "", f"the flow made a mistake: {call.state.trouble}")
    return Result(scenario, failure, tuple(call.events))


def transcript(events: Iterable[Event], start: Instant) -> Iterator[str]:
    """What happened, a line each; nodes stand in brackets before what was done there first."""
    nodes: list[str] = []
    for event in events:
        if event.kind == "node":
            nodes.append(event.text)
            continue
        yield f"{clock(start, event.at):>7}  {_passed(nodes)}{_line(event)}"
    if nodes:
        yield f"{'':>7}  {_passed(nodes)}".rstrip()


def _passed(nodes: list[str]) -> str:
    path = f"[{' > '.join(nodes)}] " if nodes else ""
    nodes.clear()
    return path


def _line(event: Event) -> str:
    match event.kind:
        case "says":
            return f"says: {event.text}"
        case "caller":
            return f"the caller {event.text}"
        case _:
            return event.text


# ------------------------------------------------------------------ reading


def read_flows(paths: Iterable[Path]) -> dict[str, Flow]:
    """Flows of files and folders by name, each in its newest version. Raises ScenarioError, OSError."""
    found: dict[str, Flow] = {}
    problems: list[FlowProblem] = []
    for file in flow_files(paths):
        try:
            flow = load_file(file)
        except FlowError as error:
            problems += error.problems
            continue
        if flow.name not in found or found[flow.name].version < flow.version:
            found[flow.name] = flow
    if problems:
        raise ScenarioError(problems)
    return found


def flow_files(paths: Iterable[Path]) -> list[Path]:
    """The flow files of folders, not of folders in them, and files themselves."""
    found: list[Path] = []
    for path in paths:
        found += sorted(p for p in path.iterdir() if p.suffix in SUFFIXES) if path.is_dir() else [path]
    return found


def scenario_files(path: Path) -> list[Path]:
    """The scenario files of a folder and the folders in it, or the file itself."""
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES and file.is_file())


def load_scenarios(file: Path) -> ScenarioFile:
    """The scenarios of a file. Raises ScenarioError, or OSError if the file cannot be read."""
    notes = Notes(str(file))
    try:
        read = read_scenarios(file.read_text(encoding="utf-8"), file, notes)
    except UnicodeDecodeError as error:
        notes.add(1, f"the file is not UTF-8: {error}")
    if notes.problems or read is None:
        raise ScenarioError(notes.problems)
    return read


def load_world(file: Path) -> World:
    """A world written in a file of its own. Raises ScenarioError, or OSError if the file cannot be read."""
    notes = Notes(str(file))
    world = World()
    try:
        root = compose(file.read_text(encoding="utf-8"), MAX_CHARACTERS)
    except UnicodeDecodeError as error:
        notes.add(1, f"the file is not UTF-8: {error}")
    except NotPlain as problem:
        notes.add(problem.line, problem.reason)
    else:
        if root is not None:
            top = Section(root, "answers", notes)
            world = read_world(top, world)
            top.finish()
    if notes.problems:
        raise ScenarioError(notes.problems)
    return world


def read_scenarios(text: str, file: Path, notes: Notes) -> ScenarioFile | None:
    """The scenarios written in ``text``; every problem is noted, None if there is nothing to read."""
    try:
        root = compose(text, MAX_CHARACTERS)
    except NotPlain as problem:
        notes.add(problem.line, problem.reason)
        return None
    if root is None:
        notes.add(1, "the document is empty")
        return None
    top = Section(root, "scenarios", notes)
    if not isinstance(root, yaml.MappingNode):
        return None
    flow = _beside(top, "flow", file, top.text("flow"))
    flows = tuple(_beside(top, "flows", file, name) for name in top.texts("flows"))
    world = read_world(top, World())
    listed = top.take("scenarios")
    top.finish()
    scenarios: list[Scenario] = []
    if isinstance(listed, yaml.SequenceNode):
        for number, item in enumerate(listed.value, start=1):
            scenarios.append(_scenario(Section(item, f"scenario {number}", notes), world, str(file)))
    elif listed is not None:
        top.wrong("scenarios must be a list", "scenarios")
    names = [scenario.name for scenario in scenarios if scenario.name]
    for at, scenario in enumerate(scenarios):
        if scenario.name in names[:at]:
            notes.add(scenario.line, f"there are two scenarios of the name {scenario.name!r}")
    return ScenarioFile(file, flow, flows, tuple(scenarios))


def _beside(top: Section, key: str, file: Path, name: str) -> Path:
    """A path written in ``file``; that there is nothing is noted."""
    path = Path(os.path.normpath(file.parent / name))
    if name and not (path.exists() if key == "flows" else path.is_file()):
        top.wrong(f"there is no {path}", key)
    return path


def _scenario(section: Section, base: World, file: str) -> Scenario:
    name = section.text("scenario")
    if name:
        section.where = f"scenario {name!r}"
    world = read_world(section, base)
    listed = section.take("steps")
    section.finish()
    steps: list[Written] = []
    if isinstance(listed, yaml.SequenceNode) and listed.value:
        for number, item in enumerate(listed.value, start=1):
            step = read_step(item, section, number)
            if step is not None:
                steps.append(Written(step, line_of(item), _as_written(item)))
    elif listed is not None:
        section.wrong("steps must be a list of at least one step", "steps")
    return Scenario(name, file, section.line, world, tuple(steps))


def _as_written(node: yaml.Node) -> str:
    """A step on one line, about as its author wrote it."""
    if isinstance(node, yaml.MappingNode):
        return ", ".join(f"{_as_written(key)}: {_nested(value)}" for key, value in node.value)
    if isinstance(node, yaml.SequenceNode):
        return ", ".join(_nested(part) for part in node.value)
    return " ".join(str(node.value).split())


def _nested(node: yaml.Node) -> str:
    inside = _as_written(node)
    if isinstance(node, yaml.MappingNode):
        return f"{{{inside}}}"
    return f"[{inside}]" if isinstance(node, yaml.SequenceNode) else inside
