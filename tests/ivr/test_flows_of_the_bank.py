"""The flows of the sample bank beside what surrounds them: they ask what can be asked, and say it in full."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from callfloor.asking import known_asks
from crm_bridge.recharge import DONE_BEFORE, OTHER_CURRENCY, REASONS
from domain.switch import Speak
from ivr.asks import Known
from ivr.book import SAMPLE_FLOWS
from ivr.check import Surroundings, check_all
from ivr.flow import Flow, Node
from ivr.nodes.branch import Branch, Case
from ivr.nodes.collect import Collect
from ivr.nodes.outside import Outside
from ivr.nodes.queue import Queue
from ivr.rehearsal.coverage import Watch
from ivr.scenario import Result, load_scenarios, play, read_flows, scenario_files
from ivr.templates import variables_in

FLOWS = read_flows([SAMPLE_FLOWS])
NODES = [(flow, node) for flow in FLOWS.values() for node in flow.nodes.values()]
ASKS: dict[tuple[str, str], Known] = {(one.kind, one.name): one for one in known_asks()}
SECRETS = ("6222000000000017", "880000000001", "135791")


def played() -> Iterator[Result]:
    """Every scenario of the bank."""
    for file in scenario_files(SAMPLE_FLOWS / "scenarios"):
        written = load_scenarios(file)
        (flow,) = read_flows([written.flow]).values()
        for scenario in written.scenarios:
            yield play(scenario, flow, FLOWS.get, Watch())


def asking(*kinds: str) -> Iterator[tuple[Flow, Outside, str, str]]:
    """The nodes that ask something of outside."""
    for flow, node in NODES:
        for kind, name in node.names():
            if kind in kinds and isinstance(node, Outside):
                yield flow, node, kind, name


def test_the_bank_has_three_flows_in_two_languages() -> None:
    """Those of the demo."""
    assert sorted(FLOWS) == ["bank", "complaints", "corporate"]
    assert {flow.languages for flow in FLOWS.values()} == {("zh-CN", "en")}


def test_nothing_is_to_be_said_of_them_with_all_that_can_be_asked() -> None:
    """No problem and no warning: not of queries either, nor of secrets where they would be kept."""
    names = {
        "queue": frozenset({"personal", "complaints", "business"}),
        "calendar": frozenset({"bank"}),
        "tier": frozenset({"retail-private", "retail-wealth"}),
    }
    texts = [(file.read_text(encoding="utf-8"), file.name) for file in sorted(SAMPLE_FLOWS.glob("*.yaml"))]
    for found in check_all(texts, Surroundings(names=names, asks=tuple(ASKS.values()))):
        assert (found.problems, found.warnings) == ((), ())


def test_they_take_only_what_is_answered() -> None:
    """Each field is one that the records give."""
    seen = set()
    for _, node, kind, name in asking("record", "transaction"):
        seen.add(name)
        assert set(node.into.values()) <= set(ASKS[kind, name].gives), node.id
    assert seen == {"bill", "result", "order_status", "recharge"}


def test_every_refusal_of_a_recharge_is_told() -> None:
    """Each reason a caller can do something about has its own words."""
    refusal = FLOWS["bank"].nodes["refusal"]
    assert isinstance(refusal, Branch)
    told = [case.value for case in refusal.cases if isinstance(case, Case)]
    assert set(REASONS) - set(told) == {OTHER_CURRENCY, DONE_BEFORE}
    assert set(told) < set(REASONS)


@pytest.mark.parametrize(("flow", "node"), NODES, ids=[f"{flow.name} {node.id}" for flow, node in NODES])
def test_both_languages_tell_the_same(flow: Flow, node: Node) -> None:
    """The same values, the same keys, each in its own script; and callers are never left without an exit."""
    for prompts in node.says():
        said = {
            language: " ".join(one.text for one in prompts[language] if isinstance(one, Speak))
            for language in prompts
        }
        if not said:
            continue
        assert set(said) == {"zh-CN", "en"}
        assert variables_in(said["zh-CN"]) == variables_in(said["en"])
        if node.TYPE not in ("language", "survey") and node.id != "language":
            assert re.search("[a-zA-Z]{2}", re.sub(r"\{[^}]*\}", "", said["zh-CN"])) is None
            assert re.search("[\u4e00-\u9fff]", said["en"]) is None
            keys = [set(re.findall(r"(?<![\d{|:])\b\d\b", text)) for text in said.values()]
            assert keys[0] == keys[1]
    if isinstance(node, Collect):
        assert {"done", "no_input", "no_match"} <= set(node.exits)
    if isinstance(node, Queue) and node.TYPE == "queue":
        assert {"no_agents", "default"} <= set(node.exits)


def test_what_is_said_of_keys_is_what_keys_do() -> None:
    """Every choice of a menu is named in its words, and no other."""
    for _, node in NODES:
        if node.TYPE != "menu":
            continue
        (prompts, *_) = node.says()
        text = " ".join(one.text for one in prompts["en"] if isinstance(one, Speak))
        text += " ".join(one.text for one in prompts["zh-CN"] if isinstance(one, Speak))
        named = set(re.findall(r"(?:press|按) (\d)", text))
        assert named == {exit for exit in node.exits if exit.isdigit()}, node.id


def test_cards_and_secret_numbers_are_nowhere_to_be_read() -> None:
    """In nothing that happens in any scenario; and no place in what is said is left unfilled."""
    typed = 0
    for result in played():
        assert result.failure is None, result.scenario.name
        for event in result.events:
            if event.kind == "says":
                assert "{" not in event.text and "$secret" not in event.text
            assert not any(secret in f"{event.text} {event.what}" for secret in SECRETS), result.scenario.name
        typed += any(one in step.text for step in result.scenario.steps for one in SECRETS)
    assert typed > 10


def test_every_call_that_is_not_left_alone_reaches_a_person_or_an_end() -> None:
    """Whatever the caller does not do, from every node on: somebody is asked for, or the call ends."""
    for flow, node in NODES:
        seen, todo = {node.id}, [node.id]
        while todo:
            for target in flow.nodes[todo.pop()].exits.values():
                if target not in seen:
                    seen.add(target)
                    todo.append(target)
        kinds = {flow.nodes[name].TYPE for name in seen}
        assert kinds & {"queue", "hang_up", "go"}, node.id


def test_scenarios_name_their_flows_from_where_they_lie() -> None:
    """So that they play wherever the folder is."""
    for file in scenario_files(SAMPLE_FLOWS / "scenarios"):
        written = load_scenarios(file)
        assert written.flow == Path(SAMPLE_FLOWS / f"{file.stem}.yaml")
        assert written.flows == (SAMPLE_FLOWS,)
