"""Reports: everything is counted once, where it belongs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from calls import reports
from calls.figures import NOTHING, Figures
from calls.reports import AgentFigures, Missed, Span, TooMuch
from common.db import Database
from common.phones import normalise
from domain.config import QueueConfig
from domain.desk import DialAsked
from domain.floor import Offer, Rescind, Why, WrapUpDone
from domain.ids import AgentId, CallId, DeviceId, OfferId
from domain.switch import LegEnded, LegId, Ring
from tests.calls import records
from tests.calls.records import CARDS, SALES, START, at, ended, quarter, record, visit, wrapped_up
from tests.tables import with_tables

HOUR = Span(START, quarter(4))
LI, WU = AgentId("li"), AgentId("wu")
ANONYMOUS = ("", "anonymous")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Every table, on each kind of database we run on, and the queues configured."""
    if request.param == "sqlite":
        database = with_tables(f"sqlite:///{tmp_path / 'records.db'}")
    else:
        database = with_tables(request.getfixturevalue("postgres_tables"))
    records.write(database, [records.configured()])
    yield database
    database.close()


def asked(database: Database, report: Any, *given: Any) -> Any:
    """What a report says."""
    with database.transaction() as session:
        return report(session, *given)


# ------------------------------------------------------------------ queues


def test_a_queue_in_all_is_the_sum_of_its_intervals(database: Database) -> None:
    """Whole quarters of an hour, of the queues that were asked for, in order of time."""
    calls = [
        record("k1", visit("k1", enters=5, waits=10)),
        record("k2", visit("k2", enters=950, waits=40, outcome="abandoned")),
        record("k3", visit("k3", enters=20, waits=3, queue=CARDS, outcome="refused")),
        record("k4", visit("k4", enters=7200, waits=1)),
    ]
    records.write(database, [ended(call) for call in calls])
    span = Span(at(100), at(1000))
    totals = asked(database, reports.queue_totals, span)
    assert list(totals) == ["cards", "sales"]
    assert (totals[SALES].offered, totals[SALES].answered, totals[SALES].abandoned) == (2, 1, 1)
    assert totals[CARDS].refused == 1
    assert totals[SALES].longest_us == 40_000_000
    found = asked(database, reports.queue_intervals, span, 15)
    assert [(q, i.start, i.offered) for q, i in found] == [
        (CARDS, quarter(0), 1),
        (SALES, quarter(0), 1),
        (SALES, quarter(1), 1),
    ]
    for queue in totals:
        assert sum((i for q, i in found if q == queue), NOTHING) == totals[queue]
    assert [q for q, _ in asked(database, reports.queue_intervals, span, 60, [SALES])] == [SALES]
    assert list(asked(database, reports.queue_totals, span, [CARDS])) == [CARDS]


def test_each_queue_has_days_of_its_own(database: Database) -> None:
    """Nine in the morning in Shanghai is the day before in New York."""
    records.write(
        database,
        [
            records.configured(QueueConfig(CARDS, "Cards", timezone="America/New_York"), when=-60),
            *(ended(record(q, visit(q, queue=q))) for q in (SALES, CARDS)),
        ],
    )
    found = dict(asked(database, reports.queue_intervals, HOUR, 24 * 60))
    assert found[SALES].start == START - 9 * 3600 * 1_000_000
    assert found[CARDS].start == START - 21 * 3600 * 1_000_000


def test_a_report_that_would_be_too_long_is_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it is read."""
    records.write(database, [ended(record(f"k{n}", visit(f"k{n}", enters=n * 900))) for n in range(3)])
    monkeypatch.setattr(reports, "MOST_QUARTERS", 2)
    with pytest.raises(TooMuch, match="3 quarters of an hour"):
        asked(database, reports.queue_intervals, HOUR, 15)
    monkeypatch.setattr(reports, "MOST_QUARTERS", 3)
    monkeypatch.setattr(reports, "MOST_INTERVALS", 2)
    with pytest.raises(TooMuch, match="3 intervals"):
        asked(database, reports.queue_intervals, HOUR, 15)
    assert len(asked(database, reports.queue_intervals, HOUR, 30)) == 2
    records.write(database, [tried(f"m{n}", n, "abandoned") for n in range(3)])
    monkeypatch.setattr(reports, "MOST_MISSED", 2)
    with pytest.raises(TooMuch, match="more than 2 calls"):
        asked(database, reports.missed, HOUR)


# ------------------------------------------------------------------ agents


def offer(call: str, name: str, agent: str, seconds: float, leg: str = "", dial: str = "") -> records.Step:
    """An offer, and the telephone that rings."""
    device = DeviceId(f"desk-{agent}")
    made = Offer(
        OfferId(name),
        CallId(call),
        SALES,
        AgentId(agent),
        device,
        at(seconds + 15),
        Why("x", 0, 0, 0),
        dial=dial,
    )
    return at(seconds), None, [made, Ring(LegId(leg or f"{call}.1"), device, CallId(call), "")]


def rescinded(call: str, name: str, agent: str, seconds: float, reason: Any) -> records.Step:
    return at(seconds), None, [Rescind(OfferId(name), CallId(call), AgentId(agent), reason)]


def test_an_agent_has_what_they_were_offered_and_what_they_did(database: Database) -> None:
    """Offers count with the visit they were made in, although they were made in the next quarter."""
    stay = visit("k1", enters=890, waits=60)
    call = record("k1", stay)
    records.write(
        database,
        [
            offer("k1", "o1", "wu", 900),
            rescinded("k1", "o1", "wu", 915, "timed_out"),
            offer("k1", "o2", "wu", 920),
            rescinded("k1", "o2", "wu", 921, "declined"),
            offer("k1", "o3", "wu", 922, "k1.3"),
            (at(923), LegEnded(LegId("k1.3"), "busy"), []),
            offer("k1", "o4", "wu", 924, "k1.4"),
            (at(925), LegEnded(LegId("k1.4"), "unreachable"), []),
            offer("k1", "o5", "wu", 926),
            rescinded("k1", "o5", "wu", 927, "picked_up"),
            offer("k1", "k1-1", "li", 930),
            ended(call),
            wrapped_up(stay, 30),
        ],
    )
    first = Span(START, quarter(1))
    assert asked(database, reports.agents, first) == {
        "li": AgentFigures(
            offered=1, accepted=1, answered=1, talk_us=60_000_000, hold_us=5_000_000, wrap_us=30_000_000
        ),
        "wu": AgentFigures(offered=5, missed=1, rejected=2, unreachable=1, withdrawn=1),
    }
    assert asked(database, reports.agents, first)["li"].aht_s == 95
    assert asked(database, reports.agents, first)["wu"].aht_s is None
    assert asked(database, reports.agents, Span(quarter(1), quarter(2))) == {}


def outgoing(call: str, agent: str | None, seconds: float, **values: Any) -> records.Step:
    """The end of a call that began with us."""
    given: dict[str, Any] = {
        "direction": "out",
        "agent": agent,
        "outcome": "answered",
        "started": at(seconds),
        "talk_us": 20_000_000,
        "queue": SALES,
    } | values
    return ended(record(call, **given))


def test_outgoing_calls_stand_apart(database: Database) -> None:
    """What an agent dialled and whom they called back; what nobody got to is nobody's."""
    done = {n: WrapUpDone(OfferId(f"o{n}"), CallId(f"k{n}"), LI, SALES, n * 1_000_000) for n in (1, 2)}
    dialled = offer("k1", "o1", "li", 1, dial="123")
    records.write(
        database,
        [
            (dialled[0], DialAsked(LI, CallId("k1"), "123", SALES), dialled[2]),
            outgoing("k1", "li", 1),
            (at(60), None, [done[1]]),
            offer("k2", "o2", "li", 100, dial="456"),
            outgoing("k2", "li", 90),
            (at(200), None, [done[2]]),
            outgoing("k3", "li", 300, outcome="not_reached", talk_us=0, answered=0),
            outgoing("k4", None, 300, outcome="not_reached", talk_us=0, answered=0),
        ],
    )
    assert asked(database, reports.agents, HOUR) == {
        "li": AgentFigures(
            offered=1,
            accepted=1,
            outgoing=3,
            reached=2,
            outgoing_talk_us=40_000_000,
            outgoing_wrap_us=3_000_000,
        )
    }
    assert asked(database, reports.queue_totals, HOUR) == {}


# ------------------------------------------------------------------ sources


def test_a_number_has_its_calls_and_their_visits(database: Database) -> None:
    """Calls where they began, visits where they entered; served by the flow counts too, outgoing does not."""
    records.write(
        database,
        [
            ended(record("k1", visit("k1", 1, outcome="overflowed"), visit("k1", 2, enters=10))),
            ended(record("k2", dialled="4008")),
            ended(record("k3", visit("k3", waits=3, outcome="abandoned"), dialled="4008")),
            ended(record("k4", visit("k4", enters=3700), started=at(3599), dialled="4009")),
            outgoing("k5", "li", 5),
        ],
    )
    found = asked(database, reports.sources, HOUR)
    assert {number: (one.calls, one.outcomes) for number, one in found.items()} == {
        "4008": (2, {"abandoned": 1, "self_served": 1}),
        "4009": (1, {"answered": 1}),
        "95588": (1, {"answered": 1}),
    }
    assert (found["95588"].figures.offered, found["95588"].figures.overflowed) == (2, 1)
    assert (found["4008"].figures.short_abandoned, found["4008"].figures.abandoned_in_target) == (1, 1)
    assert found["4009"].figures == Figures()
    totals = asked(database, reports.queue_totals, HOUR)
    assert sum((one.figures for one in found.values()), NOTHING) == totals[SALES]


# ------------------------------------------------------------------ missed callers


def tried(
    call: str, seconds: float, outcome: str, caller: str = "13800000001", **values: Any
) -> records.Step:
    """A call that ended in some way."""
    stay = visit(call, enters=seconds, outcome="abandoned" if outcome != "answered" else "answered")
    return ended(record(call, stay, caller=caller, outcome=outcome, **values))


def missed(database: Database, span: Span = HOUR) -> dict[str, Missed]:
    """Missed callers by the call that stands for them, the last one first."""
    found = asked(database, reports.missed, span, lambda n: normalise(n, "CN") or n)
    assert [one.call.started for one in found] == sorted((one.call.started for one in found), reverse=True)
    return {one.call.id: one for one in found}


@pytest.mark.parametrize("outcome", reports.MISSED)
def test_who_spoke_with_nobody_was_missed(database: Database, outcome: str) -> None:
    """Once, however often they tried, by their last call, with the messages they left."""
    records.write(
        database,
        [
            tried("k1", 0, "voicemail", recording="r1"),
            tried("k2", 100, outcome, caller="+86 138 0000 0001", recording=""),
            tried("k3", 200, outcome, caller="13900000009", recording="r3"),
        ],
    )
    found = missed(database)
    assert list(found) == ["k3", "k2"]
    assert (found["k2"].tries, found["k2"].first, found["k2"].recordings) == (2, START, ("r1",))
    assert (found["k3"].tries, found["k3"].callable) == (1, True)


@pytest.mark.parametrize("outcome", ["answered", "self_served", "transferred", "callback", "not_reached"])
def test_who_was_served_was_not_missed(database: Database, outcome: str) -> None:
    """Or will be called back anyway, or was not the one who called."""
    records.write(database, [tried("k1", 0, outcome)])
    assert missed(database) == {}


@pytest.mark.parametrize("written", ["13800000001", "+8613800000001", "008613800000001", "8613800000001"])
@pytest.mark.parametrize("outcome", reports.SPOKEN)
def test_who_was_spoken_with_since_is_missed_no_more(database: Database, outcome: str, written: str) -> None:
    """However the number was written, though it was after the span; what came after that counts anew."""
    records.write(database, [tried("k1", 0, "abandoned"), tried("k2", 9000, outcome, caller=written)])
    assert missed(database) == {}
    records.write(database, [tried("k3", 9100, "abandoned", caller="+8613800000001")])
    assert [(k, one.tries) for k, one in missed(database, Span(START, at(10_000))).items()] == [("k3", 1)]


def test_who_was_called_back_is_missed_no_more(database: Database) -> None:
    """If they were reached."""
    calls = [
        tried("k1", 0, "abandoned"),
        outgoing("k2", "li", 500, outcome="not_reached", caller="+8613800000001"),
    ]
    records.write(database, calls)
    assert list(missed(database)) == ["k1"]
    records.write(database, [outgoing("k3", "li", 900, caller="+8613800000001")])
    assert missed(database) == {}


def test_who_withheld_their_number_cannot_be_called(database: Database) -> None:
    """Nor be told from others who did: each of their calls stands for itself."""
    calls = [
        tried(f"k{n}", n, "abandoned", caller=caller) for n, caller in enumerate((*ANONYMOUS, *ANONYMOUS))
    ]
    records.write(database, [*calls, tried("k9", 500, "answered", caller="")])
    found = missed(database)
    assert sorted(found) == ["k0", "k1", "k2", "k3"]
    assert {(one.tries, one.callable) for one in found.values()} == {(1, False)}


def test_many_callers_are_many_lines(database: Database) -> None:
    """More than fit into one question to the database."""
    count = 150
    numbers = [f"138{n:08}" for n in range(count)]
    records.write(database, [tried(f"k{n}", n, "abandoned", caller=one) for n, one in enumerate(numbers)])
    records.write(database, [tried("s", 1000, "answered", caller=f"+86{numbers[7]}")])
    found = missed(database)
    assert len(found) == count - 1
    assert "k7" not in found
