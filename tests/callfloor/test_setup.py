"""Configuration rows out and in: a round trip changes nothing, a bad file changes nothing either."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from acd.api import QUEUES, QueueBody
from acd.store import load_config
from callfloor import setup
from callfloor.setup import SetupError
from common.auth.users import create_user
from common.calendars import load_calendars
from common.db import Database
from domain.config import (
    CallbackRules,
    Condition,
    GroupConfig,
    Membership,
    Operation,
    QueueConfig,
    Step,
)
from domain.ids import AgentId, QueueId
from domain.instant import Instant
from ivr import drafts
from ivr.drafts import Author, live_texts
from ivr.store import load_entries
from tests.hashes import quick_hashes
from tests.tables import with_tables

__all__ = ["quick_hashes"]
ANN = Author("ann", Instant(1))

HOUSE = """\
skills:
  - {id: english, name: English}
queues:
  - id: personal
    name: 个人业务
    ring_s: 12.5
    when_no_agents: wait
    wrap_up_open: yes
    callback: {quiet: "22:00-07:00", attempts: 5}
    recipe:
      - when: [wait >= 30, "tier in gold,silver"]
        do: [relax english to 2]
      - when: time in 18:00-08:00
        do: [widen to group night, to queue no]
        repeat: true
        every: 60
  - {id: no, name: Norwegian, recipe: [{do: to queue personal}]}
agents:
  - id: 007
    name: James
    queues: [personal, {queue: no, level: 2, penalty: 5}]
    skills: [english/3]
    capacity: {voice: 1, chat: 3}
groups:
  - {id: night, name: Night, agents: [007]}
tiers:
  - {id: gold, name: Gold, scheme: shop, currency: USD, low: 1000.50, high: null, priority: 10}
  - {id: silver, name: Silver, scheme: shop, currency: USD, low: 10, high: 1000.50, priority: 5}
calendars:
  - id: bank
    name: Hotline
    country: NO
    hours: {mon: [[09:00, 12:00], [13:00, 17:30]], sat: ["10:00-11:00"]}
    closed: [2026-10-01]
entry-numbers:
  - {id: +1 555 0100, name: Hotline, flow: bank}
  - {id: 0800123, name: Free, flow: bank, source: tv}
users:
  - {id: james, name: James Bond, role: agent, agent: 007, language: en}
"""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = with_tables(f"sqlite:///{tmp_path / 'cf.db'}")
    yield database
    database.close()


def export(database: Database) -> str:
    with database.transaction() as session:
        return setup.export_text(session)


def take_in(database: Database, text: str) -> str:
    with database.transaction() as session:
        return setup.import_text(session, text, "house.yaml")


def problems(database: Database, text: str) -> list[str]:
    """What is wrong with the file; nothing may be changed then."""
    before = export(database)
    with pytest.raises(SetupError) as caught:
        take_in(database, text)
    assert export(database) == before
    return [problem.removeprefix("house.yaml:") for problem in caught.value.problems]


# ------------------------------------------------------------------ good files


def test_a_file_written_by_hand_means_what_it_says(database: Database) -> None:
    """``no`` is an id, NO a country, 007 an agent, 12:00 noon, 2026-10-01 a day."""
    take_in(database, HOUSE)
    with database.transaction() as session:
        config = load_config(session)
        (calendar,) = load_calendars(session)
        entries = load_entries(session)
    no, personal = config.queues
    assert [(q.id, q.ring_s, q.leave_empty) for q in (no, personal)] == [
        ("no", 15.0, ("signed_out",)),
        ("personal", 12.5, ()),
    ]
    assert personal.wrap_up_open
    assert personal.callback == CallbackRules(quiet=("22:00", "07:00"), attempts=5)
    assert personal.recipe == (
        Step(
            (Condition("wait", ">=", 30.0), Condition("tier", "in", ("gold", "silver"))),
            (Operation("relax", "english", 2.0),),
        ),
        Step(
            (Condition("time", "in", ("18:00-08:00",)),),
            (Operation("widen_group", "night"), Operation("to_queue", "no")),
            repeat=True,
            every_s=60.0,
        ),
    )
    (agent,) = config.agents
    assert (agent.id, agent.queues, agent.skills) == ("007", ("no", "personal"), ("english/3",))
    assert agent.memberships == (Membership(QueueId("no"), 2, 5),)
    assert agent.capacity == {"chat": 3, "voice": 1}
    assert config.groups == (GroupConfig("night", "Night", (AgentId("007"),)),)
    assert (calendar.country, calendar.closed) == ("NO", ("2026-10-01",))
    assert calendar.hours["mon"] == ("09:00-12:00", "13:00-17:30")
    assert [(e.number, e.source) for e in entries] == [("+15550100", ""), ("0800123", "tv")]


def test_the_sentence_says_what_changed(database: Database) -> None:
    """New, changed, who has no password yet, and when a running platform will notice."""
    assert take_in(database, HOUSE) == (
        "queues: 2 new, 0 changed; skills: 1 new, 0 changed; calendars: 1 new, 0 changed; "
        "entry-numbers: 2 new, 0 changed; tiers: 2 new, 0 changed; agents: 1 new, 0 changed; "
        "groups: 1 new, 0 changed; users: 1 new, 0 changed. New users cannot sign in before they have a "
        "password (james); give each theirs with: callfloor user password NAME. A platform that is running "
        "reads it when it starts again or a row is saved on its pages"
    )
    assert take_in(database, HOUSE.replace("James Bond", "J. Bond")).startswith("users: 0 new, 1 changed.")
    assert take_in(database, HOUSE.replace("James Bond", "J. Bond")) == (
        "nothing changed: every row of the file was there already"
    )


def test_a_round_trip_changes_nothing(database: Database, tmp_path: Path) -> None:
    """The export is what it was after its own import, and the same again from another database."""
    take_in(database, HOUSE)
    text = export(database)
    assert take_in(database, text).startswith("nothing changed")
    assert export(database) == text
    other = with_tables(f"sqlite:///{tmp_path / 'other.db'}")
    take_in(other, text)
    assert export(other) == text
    other.close()


def test_rows_the_file_does_not_name_stay(database: Database) -> None:
    """An import adds and changes, it never deletes."""
    take_in(database, HOUSE)
    take_in(database, "queues:\n  - {id: new, name: New}\n")
    with database.transaction() as session:
        assert [q.id for q in load_config(session).queues] == ["new", "no", "personal"]


def test_passwords_are_not_exported_and_survive_an_import(database: Database, quick_hashes: None) -> None:
    """No hash in the file; the user signs in as before."""
    from common.auth.tables import UserRow

    take_in(database, HOUSE)
    with database.transaction() as session:
        create_user(session, "root", "correct horse", role="admin", name="Root")
        hashed = session.get_one(UserRow, "root").hash
    text = export(database)
    assert hashed not in text
    assert "password:" not in text
    take_in(database, text)
    with database.transaction() as session:
        assert session.get_one(UserRow, "root").hash == hashed


def test_rows_may_trade_places(database: Database) -> None:
    """A band that grows into its neighbour is fine if the file moves the neighbour too, in any order."""
    low = "  - {id: a, name: A, low: 0, high: %s}\n"
    high = "  - {id: b, name: B, low: %s, high: 100}\n"
    take_in(database, "tiers:\n" + low % 50 + high % 50)
    take_in(database, "tiers:\n" + low % 60 + high % 60)
    take_in(database, "tiers:\n" + high % 40 + low % 40)
    assert {row["id"]: row["low"] for row in yaml.safe_load(export(database))["tiers"]} == {"a": 0, "b": 40}


def test_an_empty_file_changes_nothing(database: Database) -> None:
    """And a kind without rows neither."""
    for text in ("", "format: 1\n", "queues:\n", "queues: []\n", "# only words\n"):
        assert take_in(database, text).startswith("nothing changed")


# ------------------------------------------------------------------ bad files

BAD = """\
queues:
  - id: personal
    name: ""
    ring_s: soon
  - {id: good, name: Good, timezone: Mars}
  - {name: Nameless}
  - {id: good, name: Again}
  - just words
  - id: twice
    id: thrice
    name: Twice
agents:
  - {id: zoe, name: Zoe, queues: [personal, gone]}
  - {id: ann, name: Ann}
  - {id: bob, name: Bob}
users:
  - {id: Zoe, name: Zoe, agent: zoe}
  - {id: bob, name: Bob, password: secret, role: king}
entry-numbers:
  - {id: sales, name: Sales, flow: bank}
colours: []
skills: {}
queues: []
"""


def test_every_problem_is_named_with_its_line_and_nothing_is_taken_in(database: Database) -> None:
    """In one pass, and what only follows from another problem is not said as well."""
    no_number = "input should be a valid number, unable to parse string as a number"
    kinds = "agents, calendars, entry-numbers, flows, groups, queues, skills, tiers, users"
    assert problems(database, BAD) == [
        "3: queues personal: name is not right: string should have at least 1 character",
        f"4: queues personal: ring_s is not right: {no_number}",
        "5: queues good: timezone 'Mars' is no time zone; write it like Asia/Shanghai",
        "6: queues: id is missing; rows of a file name theirs",
        "7: queues good: is in this file twice",
        "8: queues: a row must be a mapping of fields to values",
        "10: queues: id is written twice",
        "13: agents zoe: queues is 'gone', which is not among the queues",
        "17: users Zoe: id is a sign-in name and written in small letters: zoe",
        "18: users bob: role is not right: input should be 'agent', 'supervisor', 'planner' or 'admin'",
        "18: users: passwords are not part of a file; set them with: callfloor user password NAME",
        "20: entry-numbers sales: id 'sales' is no number to dial; it is 1 to 31 digits, perhaps after a +",
        f"21: colours is no kind of rows; they are {kinds}",
        "22: skills must be a list of rows",
        "23: queues is written twice",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("queues: [", "1: this is not YAML: "),
        ("- a list", "1: the file must be a mapping of names to values"),
        ("words", "1: the file must be a mapping of names to values"),
        ("format: 2\n", "1: format is not 1: the file was made for another version of Callfloor"),
        ("queues: &q []\nskills: *q\n", "2: aliases (*name) are not taken; write the value out"),
        ("queues:\n - !!python/name:os.system {}\n", "2: "),
        ("queues:\n - {id: !secret x, name: y}\n", "2: !secret is not part of this file's language"),
        ("a: \x00", "1: this is not YAML: "),
        ("? [a]\n: 1\n", "1: the file: a name must be plain text"),
    ],
)
def test_what_is_no_such_file_is_said_so(database: Database, text: str, said: str) -> None:
    """With its line, and without a traceback."""
    assert problems(database, text)[0].startswith(said)


def test_a_row_s_problem_found_by_the_rows_own_rules_has_its_line(database: Database) -> None:
    """Two tiers of a scheme cannot overlap."""
    tier = "  - {id: %s, name: %s, scheme: retail, low: %d, high: %d, priority: 1}\n"
    text = "tiers:\n" + tier % ("low", "Low", 0, 20) + tier % ("high", "High", 10, 30)
    (problem,) = problems(database, text)
    assert problem.startswith("3: tiers high: ")
    assert "low" in problem


def test_a_recipe_s_problem_is_told_with_its_line_and_step(database: Database) -> None:
    """Each recipe at its own line; what it names may stand anywhere in the file, or nowhere."""
    text = (
        "queues:\n"
        "  - id: a\n    name: A\n    ring_s: 5\n    recipe:\n      - {do: to queue b}\n      - {do: dance}\n"
        "  - {id: b, name: B, ring_s: soon}\n"
        "  - {id: c, name: C, recipe: [{do: [to queue a, raise 1]}, {do: to queue gone}]}\n"
        "  - {id: d, name: D, recipe: [{when: tier in gold, do: widen to group night}]}\n"
        "groups: [{id: night, name: Night, agents: [nobody]}]\n"
    )
    found = problems(database, text)
    no_number = "input should be a valid number, unable to parse string as a number"
    assert [one.partition("; there are")[0] for one in found] == [
        "5: queues a: recipe step 2: 'dance': is no operation",
        f"8: queues b: ring_s is not right: {no_number}",
        "9: queues c: recipe step 1: 'raise 1': can never be done, because 'to queue a' ends the stay",
        "10: queues d: recipe step 1: 'tier in gold': 'gold' is not among the tiers",
        "11: groups night: agents is 'nobody', which is not among the agents",
    ]


def test_a_file_of_the_first_version_is_taken_in(database: Database) -> None:
    """As it was exported then: every queue says what it does without agents, and no more than it could."""
    text = (
        "format: 1\nqueues:\n- id: personal\n  name: Personal\n  target_s: 20.0\n  target_share: 0.8\n"
        "  ring_s: 15.0\n  wrap_up_s: 30.0\n  max_wait_s: 0.0\n  max_length: 0\n  when_no_agents: wait\n"
        "  age_rate: 0.05\n  age_cap: 200.0\n  weight: 0\n  busy_window_s: 3600.0\n"
        "  timezone: Asia/Shanghai\n"
        "agents:\n- {id: '1001', name: Ada, queues: [personal], skills: [], branch: ''}\n"
    )
    take_in(database, text)
    with database.transaction() as session:
        (queue,) = load_config(session).queues
    assert queue == QueueConfig(QueueId("personal"), "Personal", join_empty=(), leave_empty=())


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20).filter(
    str.strip
)
IDS = st.text("abcdefgh0123456789", min_size=1, max_size=4)


RECIPES = st.lists(
    st.fixed_dictionaries(
        {
            "when": st.lists(st.floats(0, 86_400).map("wait >= {!r}".format), max_size=2),
            "do": st.lists(
                WORDS.map(lambda words: f"announce {' '.join(words.split())}").filter(
                    lambda text: len(text.splitlines()) == 1 and len(text.split()) > 1
                ),
                min_size=1,
                max_size=3,
            ),
            "repeat": st.booleans(),
        }
    ),
    max_size=2,
)


def queue(id: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "id": st.just(id),
            "name": WORDS,
            "target_s": st.floats(0, 86_400),
            "ring_s": st.floats(1, 600),
            "age_rate": st.floats(0, 10_000),
            "weight": st.integers(-1000, 1000),
            "join_empty": st.lists(st.sampled_from(["signed_out", "paused", "wrap_up"])),
            "callback": st.fixed_dictionaries({"expires_s": st.floats(60, 86_400)}),
            "announce": st.fixed_dictionaries({"first_s": st.floats(0, 600), "wait": st.booleans()}),
            "recipe": RECIPES,
        }
    )


@settings(max_examples=30)
@given(st.lists(IDS, unique=True, max_size=4).flatmap(lambda ids: st.tuples(*map(queue, ids))))
def test_any_rows_survive_the_round_trip(empty: Database, rows: tuple[dict[str, Any], ...]) -> None:
    """Names of any letters and floats to the last bit."""
    with Session(empty.engine) as session:  # never committed
        for row in rows:
            QUEUES.create(session, QueueBody.model_validate(row))
        text = setup.export_text(session)
        assert setup.import_text(session, text, "x").startswith("nothing changed")
        assert setup.export_text(session) == text
        session.rollback()
        setup.import_text(session, text, "x")
        assert setup.export_text(session) == text
        session.rollback()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = with_tables(f"sqlite:///{tmp_path_factory.mktemp('setup') / 'cf.db'}")
    yield database
    database.close()


# ------------------------------------------------------------------ flows

SHOP = """\
# The front door of the shop.
flow: shop
version: 7
languages: [en]   # "only" this
default_queue: everybody
entry: end
nodes:
  end: {type: hang_up}
"""


def test_published_flows_are_part_of_the_file(database: Database) -> None:
    """As they are read: the live text alone, which is published at once where it is taken in."""
    document = yaml.safe_dump({"flows": [{"id": "shop", "text": SHOP}]})
    assert take_in(database, document).startswith("flows: 1 new, 0 changed")
    assert take_in(database, document).startswith("nothing changed")
    with database.transaction() as session:
        (text,) = live_texts(session)
        assert (text.name, text.version, text.text) == ("shop", 7, SHOP)
        written = drafts.written(SHOP.replace("only", "even"))
        drafts.save_draft(session, "shop", written, ANN, tag=None, above=0, note="")
        drafts.save_draft(session, "other", written, ANN, tag=None, above=0, note="")
    with database.transaction() as session:
        exported = setup.export_text(session)
    assert "- id: shop\n  text: |\n    # The front door of the shop.\n    flow: shop\n" in exported
    assert yaml.safe_load(exported)["flows"] == [{"id": "shop", "text": SHOP}]
    assert take_in(database, exported).startswith("nothing changed")
    changed = take_in(database, exported.replace("only", "just"))
    assert changed.startswith("flows: 0 new, 1 changed")
    with database.transaction() as session:
        assert [(text.version, "just" in text.text) for text in live_texts(session)] == [(9, True)]
        assert [event.by for event in drafts.events(session, "shop")] == [
            "setup import",
            "ann",
            "setup import",
        ]


def test_a_flow_that_cannot_be_run_is_not_taken_in(database: Database) -> None:
    """Nothing is; each problem is told with the line in the flow's own text."""
    wrong = SHOP.replace("hang_up", "hang").replace("everybody", '""')
    with pytest.raises(SetupError) as caught:
        take_in(database, "flows:\n- id: shop\n  text: " + json.dumps(wrong) + "\n")
    assert [problem.split(": ", 2)[2] for problem in caught.value.problems] == [
        "text is wrong in line 5: flow: default_queue must be a text",
        "text is wrong in line 8: node end: unknown type hang"
        + caught.value.problems[1].partition("hang")[2],
    ]
    with pytest.raises(SetupError, match="kept as bank"):
        take_in(database, "flows:\n- id: bank\n  text: " + json.dumps(SHOP) + "\n")


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=80).map(lambda s: s.replace("\0", "")))
def test_any_text_survives_the_file(text: str) -> None:
    """Whatever its line ends, its spaces and its signs."""
    document = yaml.dump({"a": [{"b": text}]}, Dumper=setup._Dumper, allow_unicode=True, width=110)
    assert yaml.safe_load(document) == {"a": [{"b": text}]}
