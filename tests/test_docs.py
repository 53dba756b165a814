"""The documents are true: examples run, tables agree with the code, commands and links exist."""

import contextlib
import dataclasses
import io
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from sybil import Document
from sybil.parsers.markdown import PythonCodeBlockParser

from acd.api import Absence
from acd.floor import Floor
from acd.floor.queues import PRIORITY_UNIT, effective
from acd.floor.state import FloorCall
from acd.floor.strategies import BUILT_IN
from acd.recipes import LAST, read_recipe
from acd.store import load_config
from agent_desktop.views import Desk
from callfloor import cli, settings, setup
from domain.calls import CallerGone, CallQueued, ContactEnded, DeviceReachable, OfferAccepted
from domain.config import Act, AgentConfig, CallbackRules, Figure, FloorConfigured, QueueConfig
from domain.desk import AgentPaused, AgentReady, AgentSignedIn
from domain.floor import Offer
from domain.ids import AgentId, CallId, CustomerId, DeviceId, QueueId, TierId
from domain.instant import Instant, after
from ivr.flow import Node
from ivr.load import FlowError, load_flow
from ivr.nodes import KINDS
from ivr.nodes.asking import Asking
from ivr.nodes.branch import OPS
from ivr.nodes.hang_up import OUTCOMES
from tests.ivr.caller import Caller
from tests.tables import with_tables

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


def text_of(name: str) -> str:
    """A page of the documents."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return [re.sub(f"(?m)^{pad}", "", body) for pad, found, body in FENCE.findall(text) if found == language]


def sections(text: str, level: int) -> dict[str, str]:
    """Heading to what stands below it, down to the next heading of this or a higher level."""
    outside = FENCE.sub("", text)
    parts = re.split(rf"(?m)^(#{{1,{level}}}) (.*)\n", outside)
    found = zip(parts[1::3], parts[2::3], parts[3::3], strict=True)
    return {name.strip("` "): body for marks, name, body in found if len(marks) == level}


def tables(text: str) -> Iterator[list[list[str]]]:
    """The tables of a text, cells without backticks, the line under the head left out."""
    for table in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
        rows = [[cell.strip("| ") for cell in line[1:-1].split("|")] for line in table.splitlines()]
        yield [[cell.replace("`", "") for cell in row] for row in (rows[0], *rows[2:])]


# ------------------------------------------------------------------ flows


class Reads:
    """A node's parameters as it asks for them: name to (default, limits) as the page writes them."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[str, str]] = {}
        self.cases: Reads | None = None

    def _note(self, key: str, default: Any, limits: str = "") -> Any:
        shown = "required" if default is None else str(default)
        shown = shown.lower() if isinstance(default, bool) else shown
        self.found[key] = (shown, limits)
        return default

    def text(self, key: str, default: str | None = None, among: tuple[str, ...] = ()) -> str:
        limits = ", ".join(one or '""' for one in among)
        return self._note(key, default, "see below" if len(among) > 5 else limits) or ""

    def number(self, key: str, default: float | None, low: float, high: float) -> float:
        shown = None if default is None else f"{default:g}"
        return float(self._note(key, shown, f"{low:g} to {high:g}") or low)

    def whole(self, key: str, default: int | None, low: int, high: int) -> int:
        return int(self.number(key, default, low, high))

    def flag(self, key: str, default: bool) -> bool:
        return bool(self._note(key, default))

    def texts(self, key: str) -> tuple[str, ...]:
        self._note(key, "nothing")
        return ()

    @property
    def languages(self) -> tuple[str, ...]:
        return ()

    def values(self, key: str) -> dict[str, Any]:
        self._note(key, None)
        return {}

    def assignments(self, key: str) -> dict[str, Any]:
        return self.values(key)

    def numbers(self, key: str, low: float, high: float) -> dict[str, float]:
        self._note(key, None, f"{low:g} to {high:g}")
        return {}

    def pairs(self, key: str, required: bool = True) -> dict[str, str]:
        return self.prompts(key, required)

    def words(self, key: str, required: bool = True) -> dict[str, str]:
        return self.prompts(key, required)

    def results(self, key: str) -> dict[str, str]:
        return self.prompts(key, required=False)

    def json(self, key: str) -> None:
        self._note(key, "nothing")

    def expression(self, key: str, required: bool = True) -> None:
        self._note(key, None if required else "nothing")

    def template(self, key: str, default: str | None = None) -> str:
        return self.text(key, default)

    def pattern(self, key: str) -> str:
        return self.text(key, "")

    def variable(self, key: str, default: str | None = None, written: bool = False) -> str:
        return self._note(key, default) or ""

    def prompts(self, key: str, required: bool = True) -> dict[str, Any]:
        self._note(key, None if required else "nothing")
        return {}

    def each(self, key: str) -> "list[Reads]":
        self._note(key, None)
        self.cases = Reads()
        return [self.cases]

    def value(self, key: str) -> str:
        self._note(key, None)
        return "0"

    def has(self, key: str) -> bool:
        return False

    def wrong(self, reason: str, key: str = "") -> None:
        raise AssertionError(f"{key}: {reason}")


def documented(body: str) -> list[dict[str, tuple[str, str]]]:
    """The tables of parameters of a section: name to (default, limits)."""
    return [{row[0]: (row[1], row[2]) for row in table[1:]} for table in tables(body)]


def test_every_node_type_is_documented() -> None:
    """A section for each kind of node, and none for others."""
    nodes = text_of("docs/flows.md").split("## The nodes")[1].split("\n## ")[0]
    assert list(sections(nodes, 3)) == list(KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_nodes_parameters_and_exits_are_documented(kind: type[Node]) -> None:
    """Each with its default and limits as the code reads them, and every exit by its name."""
    body = sections(text_of("docs/flows.md"), 3)[kind.TYPE]
    reads = Reads()
    kind.read(reads)
    told = documented(body)
    parameters = dict(told[0]) if told else {}
    if "parameters of `menu`" in body:
        assert issubclass(kind, Asking)
        parameters |= documented(sections(text_of("docs/flows.md"), 3)["menu"])[0]
    assert parameters == reads.found
    if reads.cases is not None and kind.TYPE == "branch":
        assert told[1] == reads.cases.found
        assert set(re.findall(r"`(\w+)`", body.split("Ops:")[1].split("\n\n")[0])) == set(OPS)
    exits = body.split("Exits:")[1]
    assert {exit for exit in (*kind.NEEDS, *kind.MAY) if f"`{exit}`" not in exits} == set()
    if kind.TYPE == "hang_up":
        assert all(f"`{outcome}`" in body for outcome in OUTCOMES)


def test_the_example_flow_is_lived_through() -> None:
    """The worked example loads, and a caller hears what the page says they hear."""
    page = text_of("docs/flows.md")
    flow = load_flow(blocks(page, "yaml")[0], "school.yaml")
    caller = Caller(flow, {"school": True})
    heard = ["says: Welcome to the language school."]
    heard += caller.listens()
    heard += caller.is_known_as(customer=CustomerId("k1"), name="Ada", tier=TierId("t"), owner=AgentId("a"))
    heard += caller.listens()
    heard += caller.presses("1")
    heard += caller.presses("912345")
    heard += caller.listens()
    assert heard == blocks(page, "text")[0].splitlines()


def test_mistakes_are_told_as_the_page_tells_them() -> None:
    """File, line and reason of everything that is wrong, at once."""
    page = text_of("docs/flows.md")
    wrong = (
        blocks(page, "yaml")[0]
        .replace("calendar:", "calender:")
        .replace("{1: number,", "{1: number, 01: who,")
    )
    with pytest.raises(FlowError) as caught:
        load_flow(wrong, "school.yaml")
    assert [str(p) for p in caught.value.problems] == blocks(page, "text")[1].splitlines()


def test_the_prompts_of_the_page_are_prompts() -> None:
    """Tones, sounds, other languages and variables as shown."""
    shown = blocks(text_of("docs/flows.md"), "yaml")[1].replace("\n", "\n      ")
    text = (
        "flow: f\nversion: 1\nlanguages: [en]\ndefault_queue: q\nentry: a\nnodes:\n"
        f"  a:\n    type: say\n    prompts:\n      {shown.strip()}\n    next: b\n  b: {{type: hang_up}}\n"
    )
    assert len(list(load_flow(text, "f.yaml").fixed_prompts())) == 2


# ------------------------------------------------------------------ words and rooms


def test_the_words_of_the_glossary_are_words_of_the_code() -> None:
    """Every code word of the glossary stands somewhere in the packages."""
    code = "\n".join(
        file.read_text(encoding="utf-8")
        for room in rooms()
        for file in sorted((ROOT / room).rglob("*.py"))
        if "node_modules" not in file.parts
    )
    known = set(re.findall(r"\w+", code)) | {f"retail-{word}" for word in re.findall(r'\("(\w+)", ', code)}
    named = [
        word
        for table in re.findall(r"(?:^\|.*\|\n)+", text_of("docs/glossary.md"), re.MULTILINE)
        for word in re.findall(r"`([\w-]+)`", table)
    ]
    assert len(named) > 60
    assert [word for word in named if word not in known] == []


def rooms() -> list[str]:
    """The packages, as the project names them."""
    project = tomllib.loads(text_of("pyproject.toml"))
    return list(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])


def test_the_map_names_every_room() -> None:
    """The table of rooms is the packages, in the order of who may know whom, and each file there exists."""
    table = next(tables(text_of("docs/architecture.md")))
    assert [row[0] for row in table[1:]] == rooms()
    for room, _, first in table[1:]:
        for name in first.split(", "):
            assert (ROOT / room / name).exists(), f"{room}/{name}"


def test_the_layers_of_the_map_are_the_contract() -> None:
    """The line of layers is what import-linter holds."""
    contracts = tomllib.loads(text_of("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    line = " → ".join(f"({layer})" if "|" in layer else layer for layer in layers)
    assert line in blocks(text_of("docs/architecture.md"), "text")[0]


def _anchors(text: str) -> set[str]:
    heads = re.findall(r"(?m)^#+ (.*)$", FENCE.sub("", text))
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every link to a file or a heading of ours has its end."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        end = (page.parent / file).resolve() if file else page
        assert end.exists(), target
        if anchor:
            assert anchor in _anchors(end.read_text(encoding="utf-8")), target


# ------------------------------------------------------------------ the desk

WORDS = ROOT / "agent_desktop/web/src/shared/words"


def words(language: str) -> dict[str, str]:
    """The page's words by their key."""
    texts = (file.read_text(encoding="utf-8") for file in sorted(WORDS.glob(f"*{language}.ts")))
    return dict(re.findall(r'^  "([\w.]+)": "(.*)",$', "\n".join(texts), re.MULTILINE))


DESKS = [("docs/desk.md", "en"), ("docs/desk.zh-CN.md", "zh")]


@pytest.mark.parametrize(("page", "language"), DESKS)
def test_the_keyboard_is_the_pages_own(page: str, language: str) -> None:
    """Each key with the words the page's own list has for it."""
    source = (WORDS.parent / "Keys.tsx").read_text(encoding="utf-8")
    keys = [[key, words(language)[word]] for key, word in re.findall(r'\["(.+)", "(keys\.[\w.]+)"\]', source)]
    assert len(keys) > 8
    assert keys in [table[1:] for table in tables(text_of(page))]


@pytest.mark.parametrize(("page", "language"), DESKS)
def test_states_and_figures_are_called_what_the_page_calls_them(page: str, language: str) -> None:
    """Every state of an agent, every column of the board and every button has the page's own word."""
    said, text = words(language), text_of(page)
    bar = {"bar.signin", "bar.ready", "bar.pause_after", "bar.signout", "wrap.done", "phone.takeover"}
    states = {key for key in said if key.startswith("state.")}
    board = {f"board.{name}" for name in ("waiting", "longest", "staffed", "offered", "service", "asa")}
    assert [said[key] for key in sorted(bar | states | board) if said[key] not in text] == []


def test_both_languages_tell_the_same() -> None:
    """As many headings, tables and rows in Chinese as in English."""
    shapes = [
        (len(re.findall("(?m)^#", text_of(page))), [len(table) for table in tables(text_of(page))])
        for page, _ in DESKS
    ]
    assert shapes[0] == shapes[1]


def test_the_example_of_the_board_is_computed_so() -> None:
    """Six answered, five in target, two abandoned, one in target, 84 s of waiting: on the real floor."""
    floor, now = Floor(), Instant(1_760_000_000_000_000)
    queue, device = QueueId("q"), DeviceId("d")
    agent = AgentConfig(AgentId("a"), "A", device, (queue,))
    floor.handle(FloorConfigured((QueueConfig(queue, "Q", wrap_up_s=0, ring_s=600),), (agent,)), now)
    floor.handle(DeviceReachable(device, True), now)
    floor.handle(AgentSignedIn(agent.id, device), now)
    for number, (wait_s, answered) in enumerate(
        [(10, True), (10, True), (10, True), (12, True), (20, True), (22, True), (5, False), (40, False)]
    ):
        call = CallId(f"c{number}")
        floor.handle(AgentPaused(agent.id, "lunch"), now)
        floor.handle(CallQueued(call, queue, now), now)
        now = after(now, wait_s)
        if not answered:
            floor.handle(CallerGone(call), now)
            continue
        offer = next(m for m in floor.handle(AgentReady(agent.id), now) if isinstance(m, Offer))
        floor.handle(OfferAccepted(offer.offer, agent.id), now)
        floor.handle(ContactEnded(offer.offer, agent.id), now)
    desk = Desk()
    for view in floor.views():
        desk.reduce(view)
    assert desk.queues[queue]["service_level"] == 0.75
    assert desk.queues[queue]["asa_s"] == 14.0


# ------------------------------------------------------------------ queues


def queue_table(head: str) -> dict[str, list[str]]:
    """A table of the page on queues: the first cell of each row to the others."""
    found = next(table for table in tables(text_of("docs/queues.md")) if table[0][0] == head)
    return {row[0]: row[1:] for row in found[1:]}


def taken_in(text: str, folder: Path) -> FloorConfigured:
    """The floor's configuration after the import of a file into an empty database."""
    url = f"sqlite:///{folder / 'callfloor.db'}"
    database = with_tables(url)
    with database.transaction() as session:
        setup.import_text(session, text, "rows.yaml")
    with database.transaction() as session:
        config = load_config(session)
    database.close()
    return config


def test_the_queues_of_the_page_are_taken_by_the_floor(tmp_path: Path) -> None:
    """The whole example, from file to floor."""
    text = next(one for one in blocks(text_of("docs/queues.md"), "yaml") if "format: 1" in one)
    config = taken_in(text, tmp_path)
    assert {queue.id: len(queue.recipe) for queue in config.queues} == {"hotline": 4, "overflow": 0}
    floor = Floor()
    floor.handle(config, Instant(1_760_000_000_000_000))
    assert set(floor.state.queues) == {"hotline", "overflow"}


def test_the_recipes_of_the_page_can_be_saved_as_they_stand(tmp_path: Path) -> None:
    """Each as the recipe of a queue that has what it names."""
    shown = [one for one in blocks(text_of("docs/queues.md"), "yaml") if "format: 1" not in one]
    assert len(shown) >= 4
    rows: dict[str, Any] = {
        "skills": [{"id": "english", "name": "English"}],
        "groups": [{"id": "night", "name": "Night"}],
        "tiers": [
            {"id": "gold", "name": "Gold", "low": 10, "high": 20},
            {"id": "platinum", "name": "Platinum", "low": 20},
        ],
        "queues": [{"id": "overflow", "name": "Overflow"}]
        + [{"id": f"q{n}", "name": "Q", "recipe": text} for n, text in enumerate(shown)],
    }
    config = taken_in(yaml.safe_dump(rows), tmp_path)
    assert all(queue.recipe for queue in config.queues if queue.id != "overflow")


def test_every_strategy_condition_and_operation_is_documented() -> None:
    """And none that is not there; what the tables show can be written so."""
    assert list(queue_table("strategy")) == list(BUILT_IN)
    conditions = [read_recipe([{"when": text, "do": "hang up"}])[0] for text in queue_table("condition")]
    assert [step.when[0].figure for step in conditions] == list(get_args(Figure))
    operations = [read_recipe([{"do": text}])[0] for text in queue_table("operation")]
    assert [step.do[0].act for step in operations] == list(get_args(Act))
    assert [step.do[0].act in LAST for step in operations].index(True) == len(operations) - len(LAST)


def test_the_example_of_priority_is_computed_so() -> None:
    """On the floor's own formula; the caller who waited longest goes first."""
    queue = QueueConfig(QueueId("q"), "Q", base_priority=10, age_rate=0.05, age_cap=200)
    now = Instant(1_760_000_000_000_000)
    for base, waited, priority in queue_table("caller").values():
        call = FloorCall(
            "c", "q", 1, after(now, -float(waited.split()[0])), now, float(base) - 10, {}, "", False
        )
        assert effective(call, queue, now) / PRIORITY_UNIT == float(priority)


def test_the_rules_of_callbacks_are_those_there_are() -> None:
    """Each with its default, as the page writes it."""
    rules = dataclasses.asdict(CallbackRules())
    shown = {name: row[0].replace(" to ", "-").replace("-", "|") for name, row in queue_table("rule").items()}
    assert shown == {
        name: "|".join(value) if isinstance(value, tuple) else f"{value:g}" for name, value in rules.items()
    }


def test_the_states_of_absence_are_named() -> None:
    """Each of them in the section on queues without agents."""
    section = sections(text_of("docs/queues.md"), 2)["When nobody is there"]
    assert [one for one in get_args(Absence) if f"`{one}`" not in section] == []


# ------------------------------------------------------------------ running it


def all_settings() -> dict[str, str]:
    """Every setting and its default, as the page writes them."""

    def shown(value: Any) -> str:
        return str(value).lower() if isinstance(value, bool) else "none" if value in ((), {}) else str(value)

    found = {}
    for group in dataclasses.fields(settings.Settings):
        value = getattr(settings.Settings(), group.name)
        if dataclasses.is_dataclass(value):
            for one in dataclasses.fields(value):
                found[f"{group.name}.{one.name}"] = shown(getattr(value, one.name))
        else:
            found[group.name] = shown(value)
    return found


def test_every_setting_is_documented() -> None:
    """The table of settings has all of them, with their defaults, and no other."""
    listed = next(table for table in tables(text_of("docs/operators.md")) if table[0][0] == "setting")
    assert {row[0]: row[1] for row in listed[1:]} == all_settings()
    assert all(row[2] for row in listed[1:])


@pytest.mark.parametrize("setting", all_settings())
def test_every_setting_has_the_variable_the_page_says(setting: str) -> None:
    """``CALLFLOOR_WEB_PORT`` for ``web.port``: the variable is read, and wins."""
    name = f"CALLFLOOR_{setting}".upper().replace(".", "_")
    default = all_settings()[setting]
    value = str(int(default) + 1) if default.isdecimal() else {"false": "true"}.get(default, "error")
    if setting in ("web.certificate", "web.key"):
        with pytest.raises(settings.SettingsError, match="give both or neither"):
            settings.load(None, {name: __file__})
        return
    special = {
        "web.metrics_token": "a-token-long-enough",
        "acd.strategies": "mine=math:sqrt",
        "messages.sms_headers": "mine=math:sqrt",
    }
    value = special.get(setting, value)
    loaded: Any = settings.load(None, {name: value})
    for part in setting.split("."):
        loaded = getattr(loaded, part)
    assert str(loaded).lower() in (value, f"('{value}',)", "{'mine': 'math:sqrt'}")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_settings_files_of_the_documents_load(page: Path, tmp_path: Path) -> None:
    """Every piece of TOML is a settings file."""
    for number, text in enumerate(blocks(page.read_text(encoding="utf-8"), "toml")):
        file = tmp_path / f"{number}.toml"
        file.write_text(text, encoding="utf-8")
        settings.load(file, {})


def commands() -> list[str]:
    """Every shell line of the documents, and every command written between backticks."""
    found: list[str] = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        found += [line for block in blocks(text, "sh") for line in block.splitlines() if line.strip()]
        found += re.findall(r"`((?:\.venv/bin/)?(?:callfloor|make) [^`\n]+)`", FENCE.sub("", text))
    return sorted(set(found))


def help_of(*verb: str) -> str:
    """What ``callfloor VERB --help`` says."""
    heard = io.StringIO()
    with contextlib.redirect_stdout(heard), pytest.raises(SystemExit) as left:
        cli.main([*verb, "--help"])
    assert left.value.code == 0, verb
    return heard.getvalue()


@pytest.mark.parametrize("line", commands())
def test_commands_of_the_documents_exist(line: str) -> None:
    """Make targets are in the Makefile, verbs and options in ``--help``, scripts and tools are there."""
    for command in re.split(r"&&|\|", line.partition(" #")[0]):
        parts = shlex.split(command)
        while parts and re.fullmatch(r"[A-Z_]+=\S+", parts[0]):
            parts.pop(0)
        program = Path(parts[0]).name
        if program == "make":
            assert re.search(rf"(?m)^{parts[1]}:", text_of("Makefile")), line
        elif program == "callfloor" and parts[1] != "--version":
            assert set(re.findall(r"--[a-z-]+", command)) <= set(re.findall(r"--[a-z-]+", help_of(parts[1])))
            if len(parts) > 2 and parts[1] in ("config", "db", "user", "setup"):
                assert parts[2] in help_of(parts[1])
        elif program == "python" and parts[1].endswith(".py"):
            assert (ROOT / parts[1]).is_file(), line
        elif parts[0].startswith(".venv/bin/"):
            assert shutil.which(program, path=str(Path(sys.executable).parent)), line


def test_every_verb_and_option_is_documented() -> None:
    """The table of the command has each verb, with all of its options."""
    table = next(table for table in tables(text_of("docs/operators.md")) if table[0][0] == "command")
    told: dict[str, str] = {}
    for command, words in table[1:]:
        verb = command.split()[1]
        told[verb] = told.get(verb, "") + f"{command} {words} "
    verbs = re.findall(r"(?m)^    ([\w-]+)(?: |$)", help_of())
    assert sorted(told) == sorted(verbs)
    for verb in verbs:
        options = set(re.findall(r"--[a-z-]+", help_of(verb))) - {"--help", "--config"}
        assert options == set(re.findall(r"--[a-z-]+", told[verb])), verb


def test_the_first_configuration_can_be_taken_in(tmp_path: Path) -> None:
    """The rows of the example are rows, into an empty database."""
    url = f"sqlite:///{tmp_path / 'callfloor.db'}"
    database = with_tables(url)
    text = next(one for one in blocks(text_of("docs/operators.md"), "yaml") if "format: 1" in one)
    with database.transaction() as session:
        setup.import_text(session, text, "setup.yaml")
        exported = setup.export_text(session)
    database.close()
    for kind, rows in yaml.safe_load(text).items():
        if kind != "format":
            assert [row["id"] for row in yaml.safe_load(exported)[kind]] == [row["id"] for row in rows]


def test_every_metric_is_documented() -> None:
    """The table of metrics has each figure of ours under the name Prometheus sees."""
    source = text_of("callfloor/metrics.py")
    found = re.findall(r'(_gauges|_counters|\w+MetricFamily)\(\s*"(callfloor_\w+)"', source)
    names = [name + "_total" * ("ounter" in maker) for maker, name in found]
    table = next(table for table in tables(text_of("docs/operators.md")) if table[0][0] == "metric")
    assert sorted(row[0] for row in table[1:]) == sorted(names)


def test_backups_are_made_as_the_page_says(tmp_path: Path) -> None:
    """The commands for a backup copy what is in the databases, also what only the -wal file has yet."""
    (tmp_path / "data/recordings").mkdir(parents=True)
    (tmp_path / "backup").mkdir()
    open_still = []
    for name in ("callfloor", "journal"):
        database = sqlite3.connect(tmp_path / f"data/{name}.db")
        database.executescript("PRAGMA journal_mode=WAL; CREATE TABLE t (n); INSERT INTO t VALUES (7);")
        open_still.append(database)
    block = next(block for block in blocks(text_of("docs/operators.md"), "sh") if "backup(" in block)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(block, shell=True, check=True, cwd=tmp_path, env={**os.environ, "PATH": path})
    for name in ("callfloor", "journal"):
        with contextlib.closing(sqlite3.connect(tmp_path / f"backup/{name}.db")) as copy:
            assert copy.execute("SELECT n FROM t").fetchall() == [(7,)]
    for database in open_still:
        database.close()
    assert (tmp_path / "backup/recordings").is_dir()


# ------------------------------------------------------------------ examples and pictures


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        *(f"docs/{page}.md" for page in ("developers", "queues", "history", "planning", "staffing")),
    ],
)
def test_python_examples_run(page: str) -> None:
    """Every piece of Python runs, one after the other."""
    for example in Document.parse(str(ROOT / page), PythonCodeBlockParser()).examples():
        example.evaluate()


@pytest.mark.parametrize("picture", sorted((ROOT / "docs/pictures").glob("*.png")), ids=lambda one: one.name)
def test_pictures_are_light(picture: Path) -> None:
    """Nobody waits for a picture: below 300 kB each."""
    assert picture.stat().st_size < 300_000
