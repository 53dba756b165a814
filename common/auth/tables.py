"""Users and their sessions as tables."""

from typing import Literal, get_args

from sqlalchemy import BigInteger, Boolean, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from common.db import Base
from common.rows import Row

Role = Literal["agent", "supervisor", "planner", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
Language = Literal["zh-CN", "en"]


class UserRow(Row):
    """Somebody who signs in. ``id`` is the sign-in name, ``name`` the full one; no hash: no way in yet."""

    __tablename__ = "users"
    name: Mapped[str] = mapped_column(String(128))
    hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[Role] = mapped_column(String(16))
    agent: Mapped[str | None] = mapped_column(String(64), index=True)
    language: Mapped[str] = mapped_column(String(16))
    disabled: Mapped[bool] = mapped_column(Boolean)


class SessionRow(Base):
    """A signed-in browser. ``id`` is the SHA-256 of its token; times are microseconds UTC."""

    __tablename__ = "sessions"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created: Mapped[int] = mapped_column(BigInteger)
    last_seen: Mapped[int] = mapped_column(BigInteger)
    expires: Mapped[int] = mapped_column(BigInteger, index=True)
