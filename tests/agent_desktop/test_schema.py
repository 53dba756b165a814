"""The page's types are the server's own."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(
    not (ROOT / "agent_desktop/web/node_modules").is_dir(), reason="needs the page's tools: make web"
)
def test_the_pages_types_are_what_the_server_describes() -> None:
    """``schema.ts`` is what `make types` would write now."""
    script, npm = (ROOT / "scripts" / name for name in ("openapi.py", "npm.py"))
    described = subprocess.run([sys.executable, script], capture_output=True, check=True, cwd=ROOT)
    checked = subprocess.run(
        [sys.executable, npm, "run", "--silent", "types", "--", "--check"],
        input=described.stdout,
        capture_output=True,
        cwd=ROOT,
    )
    assert checked.returncode == 0, f"run `make types`\n{checked.stderr.decode()}"
