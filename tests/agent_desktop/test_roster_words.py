"""The page has words of both languages for every sentence of the rosters' judge."""

import json
import re
from pathlib import Path

from hypothesis import given, settings

from scheduling.judge import judge
from scheduling.problem import Problem
from scheduling.roster import Roster
from tests.scheduling.small import cases

SAID = Path(__file__).parents[2] / "agent_desktop/web/src/shared/rosterSaid.ts"


def patterns() -> list[re.Pattern[str]]:
    """The sentences the page knows."""
    source = SAID.read_text(encoding="utf-8")
    told = re.findall(r'\bof\(\s*("(?:[^"\\]|\\.)*"),?\s*\)', source)
    places = {"DAY": r"\w{3} (\d{4}-\d\d-\d\d)", "LASTING": r"(\d+ h \d\d|\d+ h|\d+ min)"}
    known = [json.loads(one) for one in told]
    for name, place in places.items():
        known = [one.replace(name, place) for one in known]
    return [re.compile(f"^{one}$") for one in known]


PATTERNS = patterns()


def test_the_page_knows_many_sentences() -> None:
    """They are found in its source, or the next test would promise nothing."""
    assert len(PATTERNS) > 50


@settings(max_examples=60)
@given(cases())
def test_every_sentence_has_words(case: tuple[Problem, Roster]) -> None:
    """Whatever a roster breaks or pays for."""
    for finding in judge(*case).findings:
        assert any(one.match(finding.words) for one in PATTERNS), finding
