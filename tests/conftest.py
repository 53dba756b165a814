"""Profiles of Hypothesis: ``fast`` for every day, ``deep`` by HYPOTHESIS_PROFILE=deep; shared fixtures."""

import os

from hypothesis import HealthCheck, settings

from tests.postgres import postgres, postgres_url

__all__ = ["postgres", "postgres_url"]

settings.register_profile(
    "fast", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.register_profile("deep", max_examples=2000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))
