"""What the history counts of a simulated hour is what the live floor counted, call by call and in all."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from callfloor.people import Crowd, Team
from callfloor.simulation import VirtualFloor
from calls import reports
from calls.history import Projector
from calls.reports import Span
from calls.tables import CallRow, OfferRow, VisitRow, WrapUpRow
from common.db import Base, Database
from domain.calls import CallFinished
from domain.desk import CallbackAsked, DialAsked, PickUpAsked, TransferAsked
from domain.floor import AgentChanged, Offer, QueueChanged, Rescind, WrapUpDone
from domain.ids import AgentId, CallId
from domain.instant import Instant
from domain.switch import Dial
from telephony.simulated import VirtualCaller
from tests.calls import records
from tests.simulation.test_confusion import HABITS, confused
from tests.simulation.test_day import AGENTS, NUMBERS, QUEUES, START, make_floor, run

DAY = Span(Instant(START - START % 86_400_000_000), Instant(START + 3 * 86_400_000_000))
LIVE = ("offered", "answered", "missed", "rejected", "transferred", "contact_us", "wrap_us")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'records.db'}")
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


def project(floor: VirtualFloor, database: Database, folder: Path) -> None:
    """The whole hour, by way of a journal."""
    Projector(records.journal(folder / "j.db", floor.steps), database).catch_up()


def counted_live(floor: VirtualFloor) -> dict[str, Counter[str]]:
    """What each agent's counters rose by, over whatever midnights there were."""
    rose: defaultdict[str, Counter[str]] = defaultdict(Counter)
    before: defaultdict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(LIVE, 0))
    for changed in floor.made(AgentChanged):
        for name in LIVE:
            value = getattr(changed, name)
            was = before[changed.agent][name]
            rose[changed.agent][name] += value - was if value >= was else value
            before[changed.agent][name] = value
    return {agent: counts for agent, counts in rose.items() if counts.total()}


def own_dials(floor: VirtualFloor) -> dict[str, str]:
    """Offers that are calls an agent dialled: which agent's."""
    return {
        one.offer: one.agent
        for _, fact, made in floor.steps
        for one in made
        if isinstance(one, Offer) and isinstance(fact, DialAsked) and fact.call == one.call
    }


def agree(floor: VirtualFloor, session: Session) -> None:
    """Each offer became what the floor says, each wrap-up is at its visit, each call is there once."""
    calls = [made.record for made in floor.made(CallFinished)]
    assert session.scalars(select(CallRow.id).order_by(CallRow.id)).all() == sorted(r.call for r in calls)
    offers = {row.offer: row for row in session.scalars(select(OfferRow))}
    own = own_dials(floor)
    assert set(offers) == {offer.offer for offer in floor.made(Offer)} - set(own)
    done = {one.offer: one for one in floor.made(WrapUpDone)}
    assert {key for key, row in offers.items() if row.outcome == "accepted"} == set(done) - set(own)
    rescinded = {one.offer: one.reason for one in floor.made(Rescind)}
    for key, row in offers.items():
        if key in rescinded:
            expected = {"timed_out": "missed", "declined": "rejected"}.get(rescinded[key], "withdrawn")
            assert row.outcome == expected, key
        elif key not in done:
            assert row.outcome in ("rejected", "unreachable"), key
    assert {(w.offer, w.wrap_us) for w in session.scalars(select(WrapUpRow))} == {
        (key, one.wrap_us) for key, one in done.items()
    }
    visits = list(session.scalars(select(VisitRow)))
    assert len(visits) == sum(len(record.visits) for record in calls)
    for visit in visits:
        assert (visit.outcome == "answered") == (visit.offer is not None)
        assert visit.wrap_us == (done[visit.offer].wrap_us if visit.offer else 0)
    for record in calls:
        told = sum(v.talk_us + v.hold_us for v in visits if v.call == record.call)
        assert told == record.talk_us + record.hold_us or record.direction == "out"


def agents_agree(floor: VirtualFloor, session: Session) -> None:
    """The report of agents is the sum of their live counters, which count what they dial as offers too."""
    told = reports.agents(session, DAY)
    live = counted_live(floor)
    own = own_dials(floor)
    done = {one.offer for one in floor.made(WrapUpDone)}
    ended = {one.offer: one.reason for one in floor.made(Rescind)}
    talked = sum(one.record.talk_us + one.record.hold_us for one in floor.made(CallFinished))
    assert talked == sum(
        one.talk_us + one.hold_us + one.outgoing_talk_us + one.outgoing_hold_us for one in told.values()
    )
    for agent, counts in live.items():
        one, mine = told[agent], [offer for offer, whose in own.items() if whose == agent]
        missed = sum(ended.get(offer) == "timed_out" for offer in mine)
        assert one.offered + len(mine) == counts["offered"], agent
        assert one.accepted + sum(offer in done for offer in mine) == counts["answered"], agent
        assert one.missed + missed == counts["missed"], agent
        contact_us = one.talk_us + one.hold_us + one.outgoing_talk_us + one.outgoing_hold_us
        if not floor.made(Dial):  # else the ringing of the other party is of the contact, but no talk
            assert (one.rejected, one.transferred) == (counts["rejected"], counts["transferred"]), agent
            assert contact_us == counts["contact_us"], agent
        assert one.wrap_us + one.outgoing_wrap_us == counts["wrap_us"], agent


@pytest.mark.parametrize("seed", [1, 2])
def test_a_day_is_counted_as_it_was(seed: int, database: Database, tmp_path: Path) -> None:
    """Queues and agents, to the microsecond."""
    floor = run(seed)
    project(floor, database, tmp_path)
    with database.transaction() as session:
        agree(floor, session)
        agents_agree(floor, session)
        totals = reports.queue_totals(session, DAY)
    last: dict[str, QueueChanged] = {changed.queue: changed for changed in floor.made(QueueChanged)}
    assert sum(one.offered for one in totals.values()) > 40
    for queue, changed in last.items():
        told = totals[queue]
        for name in (
            "offered",
            "answered",
            "abandoned",
            "short_abandoned",
            "answered_in_target",
            "abandoned_in_target",
            "transferred",
        ):
            assert getattr(told, name) == getattr(changed, name), (queue, name)
        assert told.answer_us == changed.wait_us
        assert (told.answered, told.talk_us + told.hold_us + told.wrap_us) == (
            changed.handled,
            changed.handled_us,
        )
        ended_otherwise = told.overflowed + told.callback + told.voicemail + told.refused
        assert ended_otherwise == changed.returned


@pytest.mark.parametrize("seed", [1, 2])
def test_confusion_is_counted_as_it_was(seed: int, database: Database, tmp_path: Path) -> None:
    """Whatever went wrong, no offer, contact or wrap-up is lost or counted twice."""
    floor = confused(seed, 0.15)
    project(floor, database, tmp_path)
    with database.transaction() as session:
        agree(floor, session)
        agents_agree(floor, session)


# ------------------------------------------------------------------ calls that change hands


class Hands:
    """Every few seconds a call changes hands, or somebody is called."""

    def __init__(self, floor: VirtualFloor, team: Team, seed: int) -> None:
        self.floor, self.team, self.chance = floor, team, random.Random(seed)
        self.over = False
        self.made = 0
        for number in OUTSIDE:
            party = floor.switch.outside[number] = VirtualCaller(floor.switch, number)
            party.on_change = self._outside
        self._acts = (self._hand_on, self._hand_on, self._pick_up, self._dial, self._call_back, self._refuse)

    def go_on(self) -> None:
        """Do one thing, and plan the next."""
        if not self.over:
            self.chance.choice(self._acts)()
            self.floor.clock.call_later(self.chance.expovariate(1 / 4), self.go_on)

    def _outside(self, party: VirtualCaller, what: str) -> None:
        act = {"ringing": party.answer, "connected": party.hang_up}.get(what)
        # Not everybody picks up; everybody has said all they wanted to some day.
        if act is not None and (what == "connected" or self.chance.random() < 0.8):
            self.floor.clock.call_later(self.chance.choice((2, 10, 30)), act)

    def _agent(self) -> AgentId:
        return AgentId(self.chance.choice(AGENTS))

    def _name(self) -> CallId:
        self.made += 1
        return CallId(f"D{self.made}")

    def _hand_on(self) -> None:
        had = [c.state for c in self.floor.engine.calls.values() if c.state.agent is not None]
        if had:
            state = self.chance.choice(had)
            to = self.chance.choice(("queue", "agent", "number"))
            target = self.chance.choice({"queue": QUEUES, "agent": AGENTS, "number": NOWHERE}[to])
            self.floor.tell(TransferAsked(state.agent, state.id, to, target))

    def _pick_up(self) -> None:
        calls = list(self.floor.engine.calls)
        if calls:
            self.floor.tell(PickUpAsked(self._agent(), self.chance.choice(calls)))

    def _dial(self) -> None:
        queue = self.chance.choice((None, *QUEUES))
        self.floor.tell(DialAsked(self._agent(), self._name(), self.chance.choice(NOWHERE), queue))

    def _call_back(self) -> None:
        queue, number = self.chance.choice(QUEUES), self.chance.choice(NOWHERE)
        self.floor.tell(CallbackAsked(self._name(), queue, number, self.floor.clock.now, "boss"))

    def _refuse(self) -> None:
        rung = [phone for phone in self.team.phones.values() if phone.leg in self.floor.switch.legs]
        if rung:
            self.chance.choice(rung).reject()  # type: ignore[attr-defined]


OUTSIDE = ("+8613900000001", "+8613900000002")
NOWHERE = (*OUTSIDE, "+8613900000003")


@pytest.mark.parametrize("seed", range(1, 5))
def test_calls_that_change_hands_are_counted_as_they_were(
    seed: int, database: Database, tmp_path: Path
) -> None:
    """Handed on, picked up, dialled, called back, declined at the telephone: each agent has what they did."""
    floor = make_floor()
    chance = random.Random(seed)
    team = Team(floor.switch, floor.clock, chance, AGENTS, floor.tell, HABITS)
    floor.listeners.append(team.on_intent)
    team.start()
    crowd = Crowd(floor.switch, floor.clock, chance, NUMBERS, "95588", HABITS)
    crowd.start()
    hands = Hands(floor, team, seed)
    floor.clock.call_later(3, hands.go_on)
    floor.run_for(900)
    crowd.stop()
    hands.over = True
    floor.run_for(36 * 3600)
    assert not floor.engine.calls
    project(floor, database, tmp_path)
    with database.transaction() as session:
        agree(floor, session)
        agents_agree(floor, session)
        transferred = session.scalars(select(VisitRow).where(VisitRow.transferred)).all()
        outcomes = {row.outcome for row in session.scalars(select(OfferRow))}
    assert transferred
    assert {"accepted", "missed", "rejected", "withdrawn"} <= outcomes
