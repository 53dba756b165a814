"""Profiles of Hypothesis: ``fast`` for every day, ``deep`` by HYPOTHESIS_PROFILE=deep; shared fixtures."""

import logging
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import _postgres_migrated, postgres, postgres_tables, postgres_url

__all__ = ["_postgres_migrated", "postgres", "postgres_tables", "postgres_url"]

# One thread of linear algebra, said before numpy is loaded: matrices here are small, tests run beside others.
for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

settings.register_profile(
    "fast", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.register_profile("deep", max_examples=2000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys last: the browser's driver keeps an event loop in this thread, where others run their own."""
    items.sort(key=lambda item: "journeys" in item.path.parts)


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """What a test does to logging ends with it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    named = {k: v for k, v in root.manager.loggerDict.items() if isinstance(v, logging.Logger)}
    levels = {name: logger.level for name, logger in named.items()}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    for name, before in levels.items():
        named[name].setLevel(before)
