"""Flow versions as rows: one draft, one live version, who was faster."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from common.db import Database
from common.problems import Problem
from domain.config import FlowText
from domain.instant import Instant
from ivr import drafts
from ivr.drafts import Author, FlowRow, FlowVersionRow
from ivr.load import load_flow
from tests.ivr.flows import small_text
from tests.tables import with_tables

ANN, BOB = Author("ann", Instant(1_000)), Author("bob", Instant(2_000))
TEXT = small_text("start: {type: hang_up}", title="Small talk")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = with_tables(f"sqlite:///{tmp_path / 'flows.db'}")
    yield database
    database.close()


def save(
    session: Session, text: str = TEXT, who: Author = ANN, tag: str | None = None, above: int = 0
) -> FlowVersionRow:
    return drafts.save_draft(session, "small", drafts.written(text), who, tag=tag, above=above, note="")


def published(database: Database, text: str = TEXT) -> int:
    """A new version, live."""
    with database.transaction() as session:
        head = session.get(FlowRow, "small")
        live = None if head is None else head.live
        row = save(session, text)
        return drafts.publish(session, "small", ANN, tag=row.tag, live=live, note="").number


@contextmanager
def refused(status: int, said: str) -> Iterator[None]:
    with pytest.raises(Problem, match=said) as caught:
        yield
    assert caught.value.status == status


def deeds(session: Session) -> list[tuple[str, str, int | None, int | None]]:
    return [(e.by, e.what, e.version, e.before) for e in reversed(drafts.events(session, "small"))]


def test_a_draft_gets_the_next_number_and_bears_it_in_its_text(database: Database) -> None:
    """Above all rows and all files; nothing else of the text changes."""
    with database.transaction() as session:
        row = save(session, above=6)
        assert (row.number, row.title, row.languages, row.format) == (
            7,
            "Small talk",
            ["en", "zh-CN"],
            "yaml",
        )
        assert row.text == TEXT.replace("version: 1", "version: 7")
        again = save(session, TEXT.replace("hang_up", "nonsense"), BOB, tag=row.tag)
        assert (again.number, again.created_by, again.changed_by, again.changed_at) == (
            7,
            "ann",
            "bob",
            2_000,
        )
        assert drafts.live_texts(session) == ()
        assert deeds(session) == [("ann", "drafted", 7, None)]


def test_nobody_overwrites_a_draft_they_have_not_seen(database: Database) -> None:
    """Without a tag, with an old one, and with that of a draft that is gone; the answers say whose it is."""
    with database.transaction() as session:
        first = save(session).tag
    with database.transaction() as session, refused(409, "ann has a draft of small"):
        save(session, who=BOB)
    with database.transaction() as session:
        save(session, who=BOB, tag=first)
    with database.transaction() as session, refused(412, "bob saved the draft of small meanwhile"):
        save(session, tag=first)
    with database.transaction() as session, refused(412, "bob saved the draft"):
        drafts.delete_draft(session, "small", ANN, tag=first)
    with database.transaction() as session:
        drafts.delete_draft(session, "small", ANN, tag="1.2")
    with database.transaction() as session, refused(412, "ann deleted the draft, version 1"):
        save(session, tag="1.2")
    with database.transaction() as session, refused(404, "There is no draft of small"):
        drafts.delete_draft(session, "small", ANN, tag="1.2")
    with database.transaction() as session, refused(412, "There is no draft of other any more"):
        drafts.save_draft(session, "other", drafts.written(TEXT), ANN, tag="1.1", above=0, note="")


def test_a_number_is_never_given_twice(database: Database) -> None:
    """Not even that of a draft that was thrown away: its tag must not fit another draft."""
    with database.transaction() as session:
        drafts.delete_draft(session, "small", ANN, tag=save(session).tag)
    with database.transaction() as session:
        assert save(session).tag == "2.1"


def test_publishing_makes_the_draft_the_live_version(database: Database) -> None:
    """There is no draft after it, and the version before is retired."""
    assert [published(database), published(database)] == [1, 2]
    with database.transaction() as session:
        head = session.get_one(FlowRow, "small")
        assert (head.live, head.draft) == (2, None)
        assert [drafts.state_of(head, row.number) for row in drafts.versions(session, "small")] == [
            "published",
            "retired",
        ]
        (text,) = drafts.live_texts(session)
        assert text == FlowText("small", 2, TEXT.replace("version: 1", "version: 2"))
        assert load_flow(text.text, "").version == 2
        assert deeds(session) == [
            ("ann", "drafted", 1, None),
            ("ann", "published", 1, None),
            ("ann", "drafted", 2, 1),
            ("ann", "published", 2, 1),
        ]


def test_who_saw_another_version_live_changes_nothing(database: Database) -> None:
    """Publishing, going back and withdrawing name what was live, and are told what is."""
    published(database)
    published(database)
    with database.transaction() as session:
        tag = save(session).tag
    said = "Version 2 of small is live now. ann began a draft, version 3"
    with database.transaction() as session, refused(409, said):
        drafts.publish(session, "small", BOB, tag=tag, live=1, note="")
    with database.transaction() as session, refused(409, said):
        drafts.roll_back(session, "small", 1, BOB, live=None, note="")
    with database.transaction() as session, refused(409, said):
        drafts.withdraw(session, "small", BOB, live=7, note="")
    with database.transaction() as session:
        assert session.get_one(FlowRow, "small").live == 2


def test_an_older_version_may_be_live_again(database: Database) -> None:
    """Under its own number; it is recorded, and a draft stays."""
    published(database)
    published(database)
    with database.transaction() as session:
        save(session)
    with database.transaction() as session:
        drafts.roll_back(session, "small", 1, BOB, live=2, note="the menu was wrong")
    with database.transaction() as session:
        assert [text.version for text in drafts.live_texts(session)] == [1]
        row = session.get_one(FlowVersionRow, ("small", 1))
        assert (row.published_by, row.published_at) == ("bob", 2_000)
        last = drafts.events(session, "small")[0]
        assert (last.what, last.version, last.before, last.note) == (
            "rolled_back",
            1,
            2,
            "the menu was wrong",
        )
        assert session.get_one(FlowRow, "small").draft == 3
    for number, said in ((3, "is a draft; publish it"), (1, "is live already")):
        with database.transaction() as session, refused(409, said):
            drafts.roll_back(session, "small", number, BOB, live=1, note="")
    with database.transaction() as session, refused(404, "no version 9 of small"):
        drafts.roll_back(session, "small", 9, BOB, live=1, note="")
    with database.transaction() as session, refused(404, "no version 1 of other"):
        drafts.roll_back(session, "other", 1, BOB, live=None, note="")


def test_a_version_of_a_folder_becomes_a_row_when_it_is_live_again(database: Database) -> None:
    """It keeps its number, and later drafts are above it."""
    file = drafts.written(TEXT.replace("version: 1", "version: 4"))
    with database.transaction() as session:
        row = drafts.roll_back(session, "small", 4, ANN, live=None, note="", file=file)
        assert (row.number, row.text) == (4, file.text)
    assert published(database) == 5


def test_a_flow_can_be_withdrawn(database: Database) -> None:
    """Then no version is live; its versions stay, and one can be live again."""
    published(database)
    with database.transaction() as session:
        drafts.withdraw(session, "small", BOB, live=1, note="")
    with database.transaction() as session:
        assert drafts.live_texts(session) == ()
        assert deeds(session)[-1] == ("bob", "withdrawn", 1, 1)
    for flow in ("small", "other"):
        with database.transaction() as session, refused(404, f"No version of {flow} is published"):
            drafts.withdraw(session, flow, BOB, live=None, note="")
    with database.transaction() as session:
        drafts.roll_back(session, "small", 1, ANN, live=None, note="")


def test_publishing_nothing_says_what_happened_to_the_draft(database: Database) -> None:
    """Whoever comes second learns who was first."""
    published(database)
    with database.transaction() as session, refused(409, "There is no draft .* ann published version 1"):
        drafts.publish(session, "small", BOB, tag="1.1", live=1, note="")
    with database.transaction() as session, refused(404, "There is no draft of other"):
        drafts.publish(session, "other", BOB, tag="1.1", live=None, note="")
    with database.transaction() as session:
        save(session)
    with database.transaction() as session, refused(409, "ann has a draft of small"):
        drafts.publish(session, "small", BOB, tag=None, live=1, note="")


def test_a_text_taken_in_is_live_at_once_and_once(database: Database) -> None:
    """As from a setup file: it keeps its number where it can, and a draft stays as it is."""
    text = TEXT.replace("version: 1", "version: 7")
    with database.transaction() as session:
        assert save(session).number == 1
    for _ in range(2):
        with database.transaction() as session:
            drafts.take_in(session, "small", drafts.written(text), BOB, "moved")
    with database.transaction() as session:
        assert drafts.live_texts(session) == (FlowText("small", 7, text),)
        assert deeds(session) == [("ann", "drafted", 1, None), ("bob", "published", 7, None)]
        drafts.take_in(session, "small", drafts.written(text.replace("Small", "Big")), BOB, "")
        drafts.take_in(session, "other", drafts.written("version: 99999999999"), BOB, "")
        assert [(t.name, t.version) for t in drafts.live_texts(session)] == [("other", 1), ("small", 8)]


def race(database: Database, tag: str, live: int) -> list[str]:
    """What eight admins are told who publish one draft or go back, all at once."""
    barrier, told = threading.Barrier(8), []

    def act(number: int) -> None:
        who = Author(f"admin-{number}", Instant(3_000))
        barrier.wait()
        try:
            with database.transaction() as session:
                if number % 2:
                    drafts.publish(session, "small", who, tag=tag, live=live, note="")
                else:
                    drafts.roll_back(session, "small", 1 if live > 1 else 2, who, live=live, note="")
            told.append(f"won: {who.user}")
        except Problem as problem:
            told.append(f"{problem.status} {problem.detail}")

    threads = [threading.Thread(target=act, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def check_races(database: Database) -> None:
    """Exactly one wins each time, and it is the one the history names."""
    for _ in range(2):
        published(database)
    for _ in range(5):
        with database.transaction() as session:
            head = session.get_one(FlowRow, "small")
            assert head.live is not None
            live = head.live
            tag = save(session).tag
        told = race(database, tag, live)
        winners = [said.removeprefix("won: ") for said in told if said.startswith("won")]
        assert len(told) == 8 and len(winners) == 1, told
        assert all(said.startswith("409 ") for said in told if not said.startswith("won"))
        with database.transaction() as session:
            last = drafts.events(session, "small")[0]
            assert (last.by, last.before) == (winners[0], live)
            head = session.get_one(FlowRow, "small")
            assert head.live == last.version
            if head.draft is not None:
                drafts.delete_draft(session, "small", ANN, tag=tag)


def test_of_several_admins_at_once_exactly_one_wins(database: Database) -> None:
    """The others are told who did and what, and have changed nothing."""
    check_races(database)


def test_the_same_on_postgresql(postgres_tables: str) -> None:
    """Its transactions run side by side in earnest."""
    database = with_tables(postgres_tables)
    try:
        check_races(database)
    finally:
        database.close()


def test_two_who_begin_the_same_flow_make_one(database: Database) -> None:
    """The other is told that there is a draft, or that somebody was faster."""
    barrier, told = threading.Barrier(4), []

    def act() -> None:
        barrier.wait()
        try:
            with database.transaction() as session:
                told.append(save(session).tag)
        except Exception as error:  # noqa: BLE001
            told.append(type(error).__name__)

    threads = [threading.Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.count("1.1") == 1
    assert set(told) <= {"1.1", "Problem", "IntegrityError"}


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("version: 1\nflow: x", "version: 12\nflow: x"),
        ("{flow: x, version: '1'}", "{flow: x, version: 12}"),
        ('{"version":1}', '{"version":12}'),
        ("# 版本\nflow: x\nversion: 三  # three", "# 版本\nflow: x\nversion: 12  # three"),
        ("flow: x", "flow: x"),
        ("version:", "version:"),
        ("version: [1]", "version: [1]"),
        ("- version: 1", "- version: 1"),
        ("version: 1\n\t- x: {", "version: 1\n\t- x: {"),
        ("", ""),
    ],
)
def test_the_number_is_written_where_the_version_stands(text: str, after: str) -> None:
    """In YAML and JSON; a text that says none, or cannot be read, stays as it is."""
    assert drafts.with_number(text, 12) == after


@given(st.text(max_size=200), st.integers(1, 10**6))
def test_any_text_can_be_a_draft(text: str, number: int) -> None:
    """Reading what can be read of it never fails."""
    made = drafts.written(drafts.with_number(text, number))
    assert drafts.number_of(made.text) >= 0
    assert drafts.line_of(text, "flow") >= 1
