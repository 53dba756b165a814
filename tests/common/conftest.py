"""A house for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from common import auth, calendars
from tests.common.web import House, make_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Sign-in, users and calendars over an empty database file; its first user ``root`` is an admin."""
    house = make_house(tmp_path, auth.router, calendars.router)
    house.add("root", "admin")
    yield house
    house.database.close()
