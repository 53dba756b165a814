"""Two user agents over a link that loses, doubles and reorders, in virtual time: a call is a seed."""

import heapq
import random
from collections import Counter

import pytest

from domain.instant import Instant, after
from telephony.sip.events import Answered, Arrived, Digit, Ended, Event, Noted, Peer, Reoffered, Send, Told
from tests.telephony.sip.wire import ANSWER, OFFER, Wire, request

A, B = Peer("UDP", "10.0.0.1", 5060), Peer("UDP", "10.0.0.9", 5062)
DROP, DOUBLE, SLOWEST_S = 0.2, 0.1, 0.15


class Link:
    """The caller's user agent (A), the callee's (B) and the network between, driven by one seed."""

    def __init__(self, seed: int, drop: float = DROP, double: float = DOUBLE) -> None:
        self.chance = random.Random(seed)
        self.drop, self.double = drop, double
        self.ends = {A: Wire(host="10.0.0.1"), B: Wire(host="10.0.0.9")}
        self.told: dict[Peer, list[Told]] = {A: [], B: []}
        self.now = self.ends[A].now
        self._flying: list[tuple[Instant, int, Peer, bytes, Peer]] = []
        self._count = 0
        self.plan: list[tuple[Instant, int, Peer, str]] = []
        self.on_arrival: tuple[float, str] | None = None
        self._sign_in()

    def _sign_in(self) -> None:
        """The callee registers with the caller's agent, so that it can be rung."""
        wire = self.ends[A]
        wire.register(source=B, contact="<sip:95588@10.0.0.9:5062>")
        assert wire.codes == [200]

    def after(self, seconds: float, who: Peer, what: str) -> None:
        """Plan a command."""
        self._count += 1
        heapq.heappush(self.plan, (after(self.now, seconds), self._count, who, what))

    def start(self) -> None:
        """A rings B."""
        self._take(A, self.ends[A].ua.invite("out", "desk-wang", "139", OFFER, [], self.now))

    def run(self, seconds: float = 400) -> None:
        """Let everything happen that is going to."""
        end = after(self.now, seconds)
        while True:
            times = [wire.ua.wake_at() for wire in self.ends.values()]
            times += [self._flying[0][0] if self._flying else None, self.plan[0][0] if self.plan else None]
            at = min((time for time in times if time is not None), default=None)
            if at is None or at > end:
                break
            self.now = max(self.now, at)
            if self._flying and self._flying[0][0] <= self.now:
                _, _, to, data, source = heapq.heappop(self._flying)
                self._take(to, self.ends[to].ua.handle(data, source, self.now))
            elif self.plan and self.plan[0][0] <= self.now:
                _, _, who, what = heapq.heappop(self.plan)
                self._do(who, what)
            else:
                for who, wire in self.ends.items():
                    self._take(who, wire.ua.wake(self.now))

    def _do(self, who: Peer, what: str) -> None:
        ua = self.ends[who].ua
        for name in ua.sessions():
            if what == "hang up":
                self._take(who, ua.hang_up(name, self.now))
            elif what == "accept":
                self._take(who, ua.accept(name, ANSWER, self.now))

    def _take(self, who: Peer, events: list[Event]) -> None:
        for event in events:
            assert not isinstance(event, Noted), event
            if isinstance(event, Send):
                self._send(who, event)
                continue
            self.told[who].append(event)
            if isinstance(event, Arrived) and self.on_arrival is not None:
                self.after(self.on_arrival[0], who, self.on_arrival[1])
            if isinstance(event, Reoffered):
                self._take(who, self.ends[who].ua.accept_reoffer(event.session, ANSWER, self.now))

    def _send(self, source: Peer, send: Send) -> None:
        copies = 2 if self.chance.random() < self.double else 1
        for _ in range(copies):
            if self.chance.random() < self.drop:
                continue
            self._count += 1
            # Each packet takes its own time, so that a later one often overtakes.
            at = after(self.now, self.chance.uniform(0.001, SLOWEST_S))
            heapq.heappush(self._flying, (at, self._count, send.peer, send.data, source))

    def count(self, who: Peer, kind: type[Told]) -> int:
        """How often something was told."""
        return sum(isinstance(event, kind) for event in self.told[who])

    def ending(self, who: Peer) -> str:
        """The one ending told; AssertionError if there was none or more than one."""
        (ended,) = [event for event in self.told[who] if isinstance(event, Ended)]
        return ended.reason

    def assert_nothing_left(self) -> None:
        """No session, transaction or timer on either side."""
        for wire in self.ends.values():
            assert set(wire.ua.census().values()) == {0}, wire.ua.census()


@pytest.mark.parametrize("who", ["caller", "callee", "both"])
def test_a_call_over_a_bad_link_arrives_once_and_ends_on_both_sides(who: str) -> None:
    """20 % lost, 10 % doubled, out of order: one arrival, one answer, one right ending each; 150 seeds."""
    for seed in range(150):
        link = Link(seed)
        talk_s = 40 + link.chance.random() * 5
        link.on_arrival = (link.chance.uniform(0, 3), "accept")
        link.after(talk_s, A, "hang up") if who != "callee" else None
        link.after(talk_s, B, "hang up") if who != "caller" else None
        link.start()
        link.run()
        assert link.count(B, Arrived) == link.count(A, Answered) == 1, seed
        endings = (link.ending(A), link.ending(B))
        if who == "caller":
            assert endings == ("told", "hangup"), seed
        elif who == "callee":
            assert endings == ("hangup", "told"), seed
        else:
            assert endings == ("told", "told"), seed
        link.assert_nothing_left()


def test_giving_up_at_any_moment_leaves_nobody_ringing() -> None:
    """CANCEL races with the answer: whichever wins, both sides end and nothing is left; 300 seeds."""
    seen: Counter[tuple[str, str]] = Counter()
    for seed in range(300):
        link = Link(seed)
        link.on_arrival = (link.chance.uniform(0, 3), "accept")
        link.after(link.chance.uniform(0, 3), A, "hang up")
        link.start()
        link.run()
        arrived = link.count(B, Arrived)
        assert arrived <= 1, seed
        assert link.ending(A) in ("cancelled", "told"), seed
        if arrived:
            seen[link.ending(A), link.ending(B)] += 1
        link.assert_nothing_left()
    # The callee sees the caller give up, hang up, or (when it was never acknowledged) vanish.
    assert {end for _, end in seen} <= {"cancelled", "hangup", "lost"}
    assert seen["cancelled", "cancelled"] > 50
    assert seen["told", "hangup"] + seen["cancelled", "hangup"] > 50


def test_refusing_over_a_bad_link() -> None:
    """The callee says no while ringing: the caller hears it once as refused; 150 seeds."""
    for seed in range(150):
        link = Link(seed)
        link.on_arrival = (link.chance.uniform(0, 3), "hang up")
        link.start()
        link.run()
        assert (link.ending(A), link.ending(B)) == ("rejected", "told"), seed
        link.assert_nothing_left()


def test_keys_and_reoffers_over_a_bad_link() -> None:
    """An INFO and a re-INVITE repeated by a telephone count once each; 150 seeds."""
    for seed in range(150):
        chance = random.Random(seed)
        wire = Wire()
        tag = wire.talk()
        told: list[Told] = []
        info = request(
            "INFO", branch="z9hG4bK-i", to_tag=tag, number=2, body="5", content_type="application/dtmf"
        )
        offer = request(branch="z9hG4bK-re", to_tag=tag, number=3, body=OFFER)
        for data in (info, offer):
            for _ in range(chance.randint(1, 5)):
                told += wire.hear(data).told
                if wire.told and isinstance(wire.told[0], Reoffered):
                    wire.take(wire.ua.accept_reoffer("s1", ANSWER, wire.now))
                wire.wait(chance.uniform(0, 2))
        assert [type(event) for event in told] == [Digit, Reoffered]


def test_a_dead_link_is_noticed_by_both_sides() -> None:
    """Nothing gets through any more in mid-call: whoever hangs up is done after 32 s, without the other."""
    link = Link(1)
    link.on_arrival = (1, "accept")
    link.start()
    link.run(60)
    link.drop = 1.0
    link.after(0, A, "hang up")
    link.after(0, B, "hang up")
    link.run()
    assert (link.ending(A), link.ending(B)) == ("told", "told")
    link.assert_nothing_left()
