"""The address at which somebody's calendar program finds their roster: a token nobody can guess.

The table keeps its SHA-256 only; a new one ends the old one. It works as long as somebody can sign
in as the person.
"""

import hashlib
import hmac
import secrets

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from common.auth.tables import UserRow
from domain.instant import Instant
from scheduling.tables import FeedRow


def renew(session: Session, person: str, now: Instant) -> str:
    """A new token for somebody; the old one is none any more."""
    token = secrets.token_urlsafe(32)
    session.merge(FeedRow(person=person, hash=_hash(token), made_at=now))
    session.flush()
    return token


def end(session: Session, person: str) -> None:
    """Let nobody fetch it any more."""
    session.execute(delete(FeedRow).where(FeedRow.person == person))


def made_at(session: Session, person: str) -> int | None:
    """Since when somebody has a feed, None if they have none."""
    return session.scalar(select(FeedRow.made_at).where(FeedRow.person == person))


def person_of(session: Session, token: str) -> str | None:
    """Whose token it is, None if nobody's, or of one whose user is disabled or gone.

    How long that takes tells nothing of any token.
    """
    sought = _hash(token)
    theirs = exists().where(UserRow.agent == FeedRow.person, UserRow.disabled.is_(False))
    row = session.scalars(select(FeedRow).where(FeedRow.hash == sought, theirs)).first()
    return row.person if row is not None and hmac.compare_digest(row.hash, sought) else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
