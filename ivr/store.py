"""Entry numbers as a table: what callers dial, the flow that answers, the source it counts for."""

import re
import unicodedata

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from common.rows import Row
from domain.config import EntryNumber

_NUMBER = re.compile(r"\+?[0-9]{1,31}")
_MARKS = re.compile(r"[\s\-‐-―−().·/]")


class EntryRow(Row):
    """An entry number; its ``id`` is the number itself, as the switch reports it."""

    __tablename__ = "entry_numbers"
    name: Mapped[str] = mapped_column(String(128))
    flow: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(128))


def read_number(text: str) -> str:
    """A number as it is kept: digits, perhaps after a ``+``. Raises ValueError with the reason.

    No country is added: callers dial ``95588`` and ``+862195588``, and each is its own number.
    """
    number = _MARKS.sub("", unicodedata.normalize("NFKC", text))
    if not _NUMBER.fullmatch(number):
        raise ValueError(f"{text!r} is no number to dial; it is 1 to 31 digits, perhaps after a +")
    return number


def load_entries(session: Session) -> tuple[EntryNumber, ...]:
    """Every entry number, in their order as text."""
    rows = session.scalars(select(EntryRow).order_by(EntryRow.id))
    return tuple(EntryNumber(row.id, row.flow, row.source) for row in rows)
