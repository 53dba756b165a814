"""How evenly does the media process send, and what does a leg cost?

A peer process of its own holds one real socket for each leg, sends it a packet every 20 ms and notes when
packets come back (by the kernel's time stamps). ``music``: every leg hears music. ``bridge``: the legs are
joined in pairs and packets are passed on. Prints the median of several runs.

    python bench/media.py --legs 200 --seconds 10 --runs 3 [--json]
"""

import argparse
import asyncio
import json
import random
import select
import socket
import statistics
import struct
import sys
import time
from array import array
from itertools import pairwise
from typing import Any

from domain.ids import LegId
from telephony.media.process import MediaProcess
from telephony.media.protocol import (
    AimRtp,
    CloseLeg,
    Join,
    MediaFact,
    MediaFigures,
    OpenRtp,
    PlayMusic,
    RtpOpened,
)
from telephony.media.settings import MediaSettings

HOST = "127.0.0.1"
SETTLE_S = 1.5
_HEADER = struct.Struct(">BBHII")
# Linux's SO_TIMESTAMPNS, which the socket module does not name.
_SO_TIMESTAMPNS = 35


def peer(legs: int) -> None:
    """The far ends of all legs: says its ports, is told where to send, says what came back and when."""
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(legs)]
    poll = select.poll()
    numbers: dict[int, int] = {}
    for index, sock in enumerate(sockets):
        sock.bind((HOST, 0))
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        poll.register(sock.fileno(), select.POLLIN)
        numbers[sock.fileno()] = index
    print(json.dumps([sock.getsockname()[1] for sock in sockets]), flush=True)
    told = json.loads(sys.stdin.readline())
    for sock, port in zip(sockets, told["ports"], strict=True):
        sock.connect((HOST, port))
    print(json.dumps(_talk(sockets, poll, numbers, told["seconds"])), flush=True)


def _talk(
    sockets: list[socket.socket], poll: Any, numbers: dict[int, int], seconds: float
) -> dict[str, float]:
    legs = len(sockets)
    voice = bytes(random.getrandbits(8) for _ in range(160))
    arrivals = [array("d") for _ in range(legs)]
    begun = time.monotonic()
    counted_from = time.time() + SETTLE_S
    sent = 0
    # Every leg has its own moment within the 20 ms.
    while (passed := time.monotonic() - begun) < seconds + SETTLE_S:
        due = int(passed / 0.02 * legs)
        while sent < due:
            turn, index = divmod(sent, legs)
            header = _HEADER.pack(0x80, 0, turn & 0xFFFF, turn * 160, 1000 + index)
            sockets[index].send(header + voice)
            sent += 1
        wait = begun + (sent + 1) * 0.02 / legs - time.monotonic()
        for number, _ in poll.poll(max(0.0, wait * 1000)):
            index = numbers[number]
            _data, notes, _flags, _from = sockets[index].recvmsg(200, 64)
            seconds_, nanos = struct.unpack("qq", notes[0][2][:16])
            arrivals[index].append(seconds_ + nanos / 1e9)
    gaps = [
        (later - earlier) * 1000
        for times in arrivals
        for earlier, later in pairwise(times)
        if earlier >= counted_from
    ]
    gaps.sort()
    return {
        "packets": len(gaps),
        "expected": int(legs * seconds * 50),
        "gap_p50_ms": round(gaps[len(gaps) // 2], 2),
        "gap_p99_ms": round(gaps[len(gaps) * 99 // 100], 2),
        "gap_max_ms": round(gaps[-1], 2),
    }


async def run(mode: str, legs: int, seconds: float) -> dict[str, float]:
    """One run with a fresh media process and a fresh peer."""
    facts: asyncio.Queue[MediaFact] = asyncio.Queue()
    media = MediaProcess(MediaSettings(host=HOST), lambda why: sys.exit(why))
    await media.start(facts.put_nowait)
    far = await asyncio.create_subprocess_exec(
        *(sys.executable, __file__, "--peer", "--legs", str(legs)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert far.stdin is not None and far.stdout is not None
    far_ports = json.loads(await far.stdout.readline())
    names = [LegId(f"leg-{index}") for index in range(legs)]
    ports: dict[str, int] = {}
    for name in names:
        media.do(OpenRtp(name))
    while len(ports) < legs:
        fact = await facts.get()
        if isinstance(fact, RtpOpened):
            ports[fact.leg] = fact.port
    for name, port in zip(names, far_ports, strict=True):
        media.do(AimRtp(name, HOST, port, 0, 101))
        if mode == "music":
            media.do(PlayMusic(name))
    if mode == "bridge":
        for one, other in zip(names[::2], names[1::2], strict=True):
            media.do(Join(one, other))
    far.stdin.write(json.dumps({"ports": [ports[n] for n in names], "seconds": seconds}).encode() + b"\n")
    cpu, late = await _cpu_between(facts, seconds)
    result: dict[str, float] = json.loads(await far.stdout.readline())
    await far.wait()
    for name in names:
        media.do(CloseLeg(name))
    await media.stop()
    return {
        **result,
        "cpu_percent": round(cpu, 1),
        "cpu_percent_per_leg": round(cpu / legs, 3),
        "late_ms": late,
    }


async def _cpu_between(facts: asyncio.Queue[MediaFact], seconds: float) -> tuple[float, float]:
    """CPU of the media process (% of one core) and its worst lateness, between its own figures."""
    loop = asyncio.get_running_loop()
    seen: list[tuple[float, MediaFigures]] = []
    until = loop.time() + SETTLE_S + seconds
    while loop.time() < until or len(seen) < 2:
        fact = await facts.get()
        if isinstance(fact, MediaFigures):
            seen.append((loop.time(), fact))
            if loop.time() + 5 > until:
                break
    (began, first), (ended, last) = seen[0], seen[-1]
    if first is last:
        fact = await facts.get()
        while not isinstance(fact, MediaFigures):
            fact = await facts.get()
        ended, last = loop.time(), fact
    late = max(fact.late_ms for _, fact in seen[1:] or seen)
    return 100 * (last.cpu_s - first.cpu_s) / (ended - began), late


def main() -> None:
    """Read the arguments, run, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--legs", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--mode", choices=("music", "bridge", "both"), default="both")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.peer:
        peer(given.legs)
        return
    report: dict[str, Any] = {"legs": given.legs, "seconds": given.seconds, "runs": given.runs}
    for mode in ("music", "bridge") if given.mode == "both" else (given.mode,):
        runs = [asyncio.run(run(mode, given.legs, given.seconds)) for _ in range(given.runs)]
        report[mode] = {key: statistics.median(one[key] for one in runs) for key in runs[0]}
    if given.json:
        print(json.dumps(report))
        return
    for mode in ("music", "bridge"):
        if mode in report:
            print(f"{mode}: {given.legs} legs, median of {given.runs} runs of {given.seconds:g} s")
            for key, value in report[mode].items():
                print(f"  {key:20} {value:g}")


if __name__ == "__main__":
    main()
