"""How many whole calls a second does the SIP machine carry on one core?

``call``: INVITE with SDP, accept, ACK and BYE, read, handled and written, without sockets and without
sound. ``refuse``: an INVITE beyond the limit of new calls, refused early or left
unheard. Prints the median of several runs.

    python bench/sip.py --calls 2000 --runs 5 [--json] [--profile]
"""

import argparse
import cProfile
import itertools
import json
import pstats
import secrets
import statistics
import time
from collections.abc import Callable

from domain.instant import Instant, after
from telephony.sip import sdp
from telephony.sip.digest import Digest
from telephony.sip.events import Arrived, Ended, Peer, Send
from telephony.sip.message import parse, tag_of
from telephony.sip.ua import Settings, UserAgent

CALLER = Peer("UDP", "10.0.0.2", 5070)
OFFER, ANSWER = sdp.offer("10.0.0.2", 40_000), sdp.offer("10.0.0.1", 20_000)
CALLS_PER_S = 200
"""In virtual time, so that transactions live and die as they would."""


def user_agent(most_new_per_s: float) -> UserAgent:
    """A user agent for one entry number."""
    names = itertools.count()
    settings = Settings("10.0.0.1", 5060, most_sessions=10**6, most_new_per_s=most_new_per_s)
    digest = Digest("bench", secrets.token_bytes(32), lambda user: None)
    return UserAgent(
        settings, digest, lambda dialled: True, lambda: f"s{next(names)}", lambda: secrets.token_hex(8)
    )


def message(method: str, call: int, number: int, tag: str = "", body: str = "") -> bytes:
    """A telephone's request."""
    lines = [
        f"{method} sip:95588@10.0.0.1:5060 SIP/2.0",
        f"Via: SIP/2.0/UDP 10.0.0.2:5070;branch=z9hG4bK-{call}-{method};rport",
        "Max-Forwards: 70",
        f'From: "Wang Xiaoming" <sip:+8613800000001@10.0.0.2:5070>;tag=f{call}',
        f"To: <sip:95588@10.0.0.1:5060>{f';tag={tag}' if tag else ''}",
        f"Call-ID: {call}@10.0.0.2",
        f"CSeq: {number} {method}",
        "Contact: <sip:+8613800000001@10.0.0.2:5070>",
        "User-Agent: bench",
        *(["Content-Type: application/sdp"] if body else []),
        f"Content-Length: {len(body)}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def calls(count: int) -> float:
    """Seconds for so many whole calls."""
    agent, now = user_agent(10**6), Instant(0)
    spent = 0.0
    for call in range(count):
        now = after(now, 1 / CALLS_PER_S)
        invite = message("INVITE", call, 1, body=OFFER)
        start = time.perf_counter()
        agent.wake(now)
        rings, arrived = agent.handle(invite, CALLER, now)
        spent += time.perf_counter() - start
        assert isinstance(rings, Send) and isinstance(arrived, Arrived)
        tag = tag_of(parse(rings.data).headers["To"])
        ack, bye = message("ACK", call, 1, tag), message("BYE", call, 2, tag)
        start = time.perf_counter()
        agent.accept(arrived.session, ANSWER, now)
        agent.handle(ack, CALLER, now)
        ending = agent.handle(bye, CALLER, now)
        spent += time.perf_counter() - start
        assert isinstance(ending[-1], Ended)
    return spent


def refusals(count: int) -> float:
    """Seconds for so many early refusals."""
    agent, now = user_agent(1), Instant(0)
    agent.handle(message("INVITE", -1, 1, body=OFFER), CALLER, now)
    invites = [message("INVITE", call, 1, body=OFFER) for call in range(count)]
    start = time.perf_counter()
    for invite in invites:
        agent.handle(invite, CALLER, now)
    spent = time.perf_counter() - start
    assert len(agent.sessions()) == 1
    return spent


def per_second(work: Callable[[int], float], count: int, runs: int) -> list[int]:
    """Rates of several runs."""
    return [round(count / work(count)) for _ in range(runs)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--profile", action="store_true", help="show where the time of a call goes")
    arguments = parser.parse_args()
    if arguments.profile:
        with cProfile.Profile() as profile:
            calls(arguments.calls)
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
        return
    figures = {
        "calls": arguments.calls,
        "calls_per_s": per_second(calls, arguments.calls, arguments.runs),
        "early_refusals_per_s": per_second(refusals, arguments.calls, arguments.runs),
    }
    medians = {
        "calls_per_s_median": statistics.median(figures["calls_per_s"]),
        "early_refusals_per_s_median": statistics.median(figures["early_refusals_per_s"]),
    }
    if arguments.json:
        print(json.dumps({**figures, **medians}))
    else:
        print(f"whole calls per second on one core: {medians['calls_per_s_median']} {figures['calls_per_s']}")
        refused = f"{medians['early_refusals_per_s_median']} {figures['early_refusals_per_s']}"
        print(f"early refusals per second on one core: {refused}")


if __name__ == "__main__":
    main()
