"""The book: which flow answers which number, in which version."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.codec import dumps, loads
from domain.config import CalendarConfig, EntryNumber, FlowText, FrontDoorConfigured
from domain.floor import Announce
from domain.flow import FlowStarted, PathTaken, QueueReturned, Say
from domain.ids import QueueId
from domain.instant import Instant
from ivr.book import SAMPLE_FLOWS, FlowBook, read_published, versions_used, with_versions_in_use
from ivr.load import FlowError
from ivr.walk import FixedHours, FixedQueues
from tests.ivr.caller import CALL, START, Caller
from tests.ivr.flows import small_flow

SHOP = """\
flow: shop
version: {version}
languages: [en]
default_queue: everybody
entry: start
nodes:
  start: {{type: set, values: {{seen: {version}}}, next: talk}}
  talk: {{type: say, prompts: {{en: "Version {version}"}}, next: open}}
  open: {{type: hours, calendar: shop, exits: {{open: queue, closed: end}}}}
  queue: {{type: queue, queue: sales, exits: {{default: end}}}}
  end: {{type: hang_up}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for version in (1, 2):
        (tmp_path / f"shop-{version}.yaml").write_text(SHOP.format(version=version), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no flow", encoding="utf-8")
    return tmp_path


def front_door(
    *entries: EntryNumber, default: str = "", calendars: tuple[str, ...] = ()
) -> FrontDoorConfigured:
    return FrontDoorConfigured(entries, tuple(CalendarConfig(c) for c in calendars), default)


def test_new_calls_take_the_newest_version_and_old_calls_keep_theirs(folder: Path) -> None:
    """Also over a restart; a version that is gone becomes the newest."""
    book = FlowBook([folder])
    assert [(f.name, f.version) for f in book.flows] == [("shop", 2)]
    assert [book.flow("shop", v).version for v in (1, 2, 7, None)] == [1, 2, 2, 2]  # type: ignore[union-attr]
    book.configure(front_door(EntryNumber("1", "shop")))
    name, session = book.open(CALL, "2", "1", START)
    assert (name, session.state.version) == ("shop", 2)
    old = replace(session.state, version=1)
    assert book.restore(old).flow.version == 1


def test_the_dialled_number_chooses_flow_and_source(folder: Path) -> None:
    """And the source is a variable of the call."""
    book = FlowBook([SAMPLE_FLOWS, folder])
    book.configure(front_door(EntryNumber("800", "shop", "tv"), EntryNumber("95588", "bank")))
    assert [book.flow_for(n)[0].name for n in ("800", "95588")] == ["shop", "bank"]
    assert book.open(CALL, "2", "800", START)[1].state.variables["source"] == "tv"
    assert book.open(CALL, "2", "95588", START)[1].state.variables["source"] == ""


def test_an_unknown_number_or_flow_takes_the_default_and_without_one_the_last_resort(folder: Path) -> None:
    """A number that points to a deleted flow is still answered."""
    book = FlowBook([folder])
    book.configure(front_door(EntryNumber("1", "gone", "press"), default="shop"))
    assert book.flow_for("999")[0].name == "shop"
    assert (book.flow_for("1")[0].name, book.flow_for("1")[1]) == ("shop", "press")
    bare = FlowBook([], default_queue="personal")
    name, session = bare.open(CALL, "2", "1", START)
    assert name == ""
    said = session.handle(FlowStarted(CALL), START)
    assert said[0] == PathTaken(CALL, "$apology")
    assert bare.restore(session.state).state == session.state


def test_a_new_front_door_is_for_calls_that_begin_from_now_on_but_calendars_are_for_all(folder: Path) -> None:
    """A restored session asks the same calendars as the living one."""
    opened: dict[str, bool] = {}
    book = FlowBook(
        [folder], hours=lambda calendars: FixedHours({c.id: opened.get(c.id, True) for c in calendars})
    )
    book.configure(front_door(EntryNumber("1", "shop"), calendars=("shop",)))
    _, session = book.open(CALL, "2", "1", START)
    session.handle(FlowStarted(CALL), START)
    twin = book.restore(session.state)
    opened["shop"] = False
    book.configure(front_door(calendars=("shop",)))
    wake: Instant = twin.wake_at() or START
    assert PathTaken(CALL, "end") in twin.wake(wake)


def test_how_queues_stand_is_asked_of_whom_the_book_knows(folder: Path) -> None:
    """Also by sessions that began before."""
    (folder / "rush.yaml").write_text(
        """\
flow: rush
version: 1
languages: [en]
default_queue: everybody
entry: start
nodes:
  start: {type: say, prompts: {en: Hello}, next: look}
  look:
    type: queue_state
    queue: sales
    cases: [{if: "queue_waiting > 3", exit: busy}]
    exits: {busy: busy, otherwise: end}
  busy: {type: say, prompts: {en: "{queue_waiting} wait."}, next: end}
  end: {type: hang_up}
""",
        encoding="utf-8",
    )
    book = FlowBook([folder])
    book.configure(front_door(EntryNumber("1", "rush")))
    _, session = book.open(CALL, "2", "1", START)
    session.handle(FlowStarted(CALL), START)
    book.queues = FixedQueues({"sales": (4, None, 0, 1)})
    said = session.wake(session.wake_at() or START)
    assert [i.prompts[0].text for i in said if isinstance(i, Say)] == ["4 wait."]  # type: ignore[union-attr]


def test_the_simplest_calendars_are_always_open(folder: Path) -> None:
    """Without a maker of hours every configured calendar is open, and the others are unknown."""
    book = FlowBook([folder])
    book.configure(front_door(EntryNumber("1", "shop"), calendars=("shop",)))
    _, session = book.open(CALL, "2", "1", START)
    caller = Caller(session.flow, restoring=False)
    caller.session = session
    caller.hears(FlowStarted(CALL))
    assert caller.listens() == ["queues sales at 0"]


def test_all_problems_of_all_files_are_told_at_once(folder: Path) -> None:
    """Each with its file."""
    (folder / "a.yaml").write_text("flow: a", encoding="utf-8")
    (folder / "b.json").write_text("[]", encoding="utf-8")
    with pytest.raises(FlowError) as caught:
        FlowBook([folder])
    assert {Path(p.file).name for p in caught.value.problems} == {"a.yaml", "b.json"}


def test_one_version_in_two_files_is_an_error_unless_they_say_the_same(folder: Path) -> None:
    """A copy does no harm, two truths do."""
    copy = folder / "copy.yaml"
    copy.write_text(SHOP.format(version=2), encoding="utf-8")
    FlowBook([folder])
    copy.write_text(SHOP.format(version=2).replace("Version 2", "Another"), encoding="utf-8")
    with pytest.raises(FlowError, match="version 2 of flow shop is already defined in"):
        FlowBook([folder])


def test_a_flow_can_be_added_by_hand() -> None:
    """As tests and tools do."""
    book = FlowBook([])
    book.add(small_flow("start: {type: hang_up}"))
    assert book.flow("small") is not None
    assert book.flow("none") is None


def test_calls_that_begin_with_us_have_a_session_too(folder: Path) -> None:
    """It speaks the language asked for, if the book does; restored it is the same."""
    book = FlowBook([folder])
    for asked, spoken in (("en", "en"), ("", "zh-CN"), ("fr", "zh-CN")):
        session = book.stand_in(CALL, "+8613800000001", "95588", asked, START)
        (said,) = session.handle(Announce(CALL, QueueId("sales"), 1), START)
        assert isinstance(said, Say) and said.prompts[0].language == spoken  # type: ignore[union-attr]
        assert book.restore(session.state).state == session.state


def test_a_call_may_go_on_in_another_flow_of_the_book(folder: Path) -> None:
    """In its newest version, which it keeps from then on; the book restores it there."""
    book = FlowBook([folder, SAMPLE_FLOWS])
    book.configure(front_door(EntryNumber("1", "bank"), calendars=("shop",)))
    session = book.stand_in(CALL, "+8613800000001", "1", "en", START)
    back = session.handle(QueueReturned(CALL, QueueId("sales"), "flow", "shop"), START)
    assert [i.node for i in back if isinstance(i, PathTaken)] == ["start", "talk"]
    assert book.restore(session.state).flow == book.flow("shop", 2)


# ------------------------------------------------------------------ published flows


def shop(version: int, *, live: bool = True, text: str = SHOP) -> FlowText:
    return FlowText("shop", version, text.format(version=version), live)


def door(*flows: FlowText) -> FrontDoorConfigured:
    return FrontDoorConfigured((EntryNumber("1", "shop"),), flows=flows)


def test_what_is_published_wins_over_files_of_its_name(folder: Path) -> None:
    """Until it is not published any more; the files' versions stay for the calls that walk through them."""
    book = FlowBook([folder])
    book.configure(door(shop(3)))
    assert [(f.name, f.version) for f in book.flows] == [("shop", 3)]
    assert [book.flow("shop", v).version for v in (1, 2, 3, 7, None)] == [1, 2, 3, 3, 3]  # type: ignore[union-attr]
    assert [f.version for f in book.file_flows] == [1, 2]
    book.configure(door())
    assert [book.flow("shop", v).version for v in (3, None)] == [2, 2]  # type: ignore[union-attr]


def test_a_published_flow_needs_no_file() -> None:
    """It comes and goes with the front door, over a journal too."""
    book = FlowBook([])
    book.configure(loads(dumps(door(shop(3)))))
    assert book.open(CALL, "2", "1", START)[0] == "shop"
    book.configure(door())
    assert book.open(CALL, "2", "1", START)[0] == ""


def test_an_older_published_version_may_be_live_again(folder: Path) -> None:
    """The highest number is not always the one for new calls."""
    book = FlowBook([folder])
    book.configure(door(shop(1, text=SHOP + "# again"), shop(5, live=False)))
    assert [book.flow("shop", v).version for v in (5, None)] == [5, 1]  # type: ignore[union-attr]


def test_calls_keep_their_published_version_over_changes_and_restarts(folder: Path) -> None:
    """What a call walks through stays in the front door, as long as it does."""
    before = door(shop(3))
    book = FlowBook([folder])
    book.configure(before)
    _, session = book.open(CALL, "2", "1", START)
    session.handle(FlowStarted(CALL), START)
    after = with_versions_in_use(door(shop(4)), before, [session.state])
    assert after.flows == (shop(3, live=False), shop(4))
    again = FlowBook([folder])
    again.configure(loads(dumps(after)))
    twin = again.restore(session.state)
    assert twin.flow == session.flow
    assert twin.flow.version == 3
    assert again.open(CALL, "2", "1", START)[1].flow.version == 4
    assert with_versions_in_use(door(shop(5)), after, [session.state]).flows == (shop(3, live=False), shop(5))
    assert with_versions_in_use(door(shop(5)), after, []) == door(shop(5))
    assert with_versions_in_use(door(shop(3)), after, [session.state]) == door(shop(3))
    assert with_versions_in_use(door(shop(5)), None, [session.state]) == door(shop(5))


def test_a_text_that_cannot_be_read_is_as_if_it_were_not_there(folder: Path) -> None:
    """It was published under another program: callers get the file of that name, else the default flow."""
    wrong = shop(3, text=SHOP.replace("type: say", "type: sing"))
    assert isinstance(read_published(wrong), FlowError)
    book = FlowBook([folder])
    book.configure(door(wrong))
    assert book.flow_for("1")[0].version == 2
    bare = FlowBook([])
    bare.configure(door(wrong))
    assert bare.flow_for("1")[0].name == ""


def test_a_text_is_read_once(folder: Path) -> None:
    """However often the front door changes for other reasons."""
    book, texts = FlowBook([folder]), [shop(3), loads(dumps(shop(3)))]
    found = []
    for text in texts:
        book.configure(door(text))
        found.append(book.flow("shop"))
    assert found[0] is found[1]


def test_the_text_of_a_file_is_kept_as_it_was_read(folder: Path) -> None:
    """Pages show it, whatever became of the file."""
    book = FlowBook([folder])
    (folder / "shop-2.yaml").unlink()
    assert book.file_text("shop", 2) == SHOP.format(version=2)
    assert book.file_text("shop", 3) is None


def test_the_flows_a_call_stands_in_are_known() -> None:
    """With their versions."""
    state = FlowBook([]).stand_in(CALL, "2", "1", "en", START).state
    assert list(versions_used(replace(state, flow="shop", version=3))) == [("shop", 3)]
