"""The benchmarks of the whole platform run; how fast it is is not asked here."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.peers import need
from tests.running import quiet_environment

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.peer


def quick(script: str, *options: str) -> dict[str, Any]:
    """What ``bench/SCRIPT --quick --json`` says."""
    need("sipp")
    run = subprocess.run(
        [sys.executable, str(ROOT / "bench" / script), "--quick", "--json", *options],
        capture_output=True,
        text=True,
        timeout=180,
        env=quiet_environment(),
    )
    assert run.returncode == 0, run.stderr
    report: dict[str, Any] = json.loads(run.stdout)
    return report


def test_every_call_of_the_bench_is_heard_and_in_the_history() -> None:
    """SIPp, the far ends and the history count the same calls, and sound went both ways."""
    report = quick("calls.py", "--mode", "up")["up"]
    assert report["failed"] == 0
    made = report["made"]
    assert made == report["in_history"] == report["abandoned_in_queue"] == report["streams"] > 0
    assert report["packets"] > 0
    assert report["packets_sent"] > 0


def test_every_offer_of_the_bench_reaches_its_page_with_the_card() -> None:
    """Each call is offered to one page, shown on the board, brings its card and is answered."""
    report = quick("desktop.py")
    assert report["failed"] == report["pages_lost"] == 0
    made = report["made"]
    assert made == report["answered"] == report["offers_seen"] == report["cards_seen"] > 0
    assert report["board_offers_seen"] == made * report["boards"]
