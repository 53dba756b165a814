"""Sessions: begun at sign-in, found by their token, ended by sign-out, time, or a change of the user.

The token is known to the browser alone; the table keeps its SHA-256. Every look goes to the table, so
an end is immediate.
"""

import hashlib
import secrets
import time

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from common.auth.tables import SessionRow, UserRow
from domain.instant import Instant, after

IDLE_S = 4 * 3600.0
"""A session nobody used for this long is over."""

ABSOLUTE_S = 16 * 3600.0
"""A session is over this long after it began: a double shift."""

SEEN_EVERY_S = 60.0
"""How exactly the last use is kept: a write for every request would be one too many."""


def wall_clock() -> Instant:
    """The time now."""
    return Instant(time.time_ns() // 1000)


def begin(session: Session, user: str, now: Instant) -> tuple[str, SessionRow]:
    """A new session of ``user`` and its token; sessions that are over are cleared away."""
    idle = SessionRow.last_seen < after(now, -IDLE_S)
    session.execute(delete(SessionRow).where(or_(SessionRow.expires <= now, idle)))
    token = secrets.token_urlsafe(32)
    row = SessionRow(
        id=id_of(token),
        user=user,
        csrf=secrets.token_urlsafe(24),
        created=now,
        last_seen=now,
        expires=after(now, ABSOLUTE_S),
    )
    session.add(row)
    session.flush()
    return token, row


def find(session: Session, token: str, now: Instant) -> tuple[SessionRow, UserRow] | None:
    """The living session of ``token`` and its user, or None; marks it as used."""
    found = session.execute(
        select(SessionRow, UserRow)
        .join(UserRow, UserRow.id == SessionRow.user)
        .where(
            SessionRow.id == id_of(token),
            SessionRow.expires > now,
            SessionRow.last_seen >= after(now, -IDLE_S),
            UserRow.disabled.is_(False),
        )
    ).one_or_none()
    if found is None:
        return None
    row, user = found
    if row.last_seen < after(now, -SEEN_EVERY_S):
        # Not through the row: it may be deleted meanwhile, and then there is nothing to mark.
        session.execute(
            update(SessionRow)
            .where(SessionRow.id == row.id)
            .values(last_seen=now)
            .execution_options(synchronize_session=False)
        )
    return row, user


def end(session: Session, id: str) -> None:
    """End one session, if it is there."""
    session.execute(delete(SessionRow).where(SessionRow.id == id))


def end_all(session: Session, user: str, *, but: str = "") -> None:
    """End every session of ``user``, except ``but``."""
    session.execute(delete(SessionRow).where(SessionRow.user == user, SessionRow.id != but))


def id_of(token: str) -> str:
    """What the table knows a token by."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
