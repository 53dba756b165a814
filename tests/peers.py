"""Real programs the tests talk to. A missing one skips its tests; under CI it fails them."""

import os
import shutil

import pytest

PACKAGES = {
    "sipp": "sip-tester",
    "espeak-ng": "espeak-ng",
    "chromium": "chromium",
    "initdb": "postgresql",
    "ip": "iproute2",
}
"""Program to the Debian package that brings it."""


def missing(why: str) -> None:
    """Skip the test, or fail it where everything must be there (CI=true)."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{why}; nothing may be missing under CI")
    pytest.skip(why)


def need(program: str) -> str:
    """The path of a program."""
    path = shutil.which(program)
    if path is None:
        missing(f"{program} is not installed (Debian: {PACKAGES.get(program, program)})")
    assert path is not None
    return path
