"""The benchmark of flows runs; how fast it is is not asked here."""

import json
import subprocess
import sys
from pathlib import Path

from tests.running import quiet_environment

ROOT = Path(__file__).parents[2]


def test_every_figure_of_a_short_run_is_there() -> None:
    """As one JSON object and nothing else; no flow of the sample bank makes a mistake."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.ivr", "--sessions", "100", "--steps", "3000", "--runs", "1", "--json"],
        capture_output=True,
        text=True,
        timeout=180,
        cwd=ROOT,
        env=quiet_environment(),
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert 0 < figures["p50_us"] <= figures["p99_us"] <= figures["max_us"]
    assert figures["steps_per_s"] > 0
    assert 100 < figures["waiting_bytes"] < 20_000
    assert figures["state_bytes"] > 0
    assert figures["scenarios_per_s"] > 0
    assert figures["troubles_per_1000_calls"] == 0
