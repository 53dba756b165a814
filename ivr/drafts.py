"""Flow versions as rows: one draft at most per flow, one live version at most, and who did what when.

A version's number is given when its draft begins and written into its text, so that a call, a page and the
text speak of the same version. What was published never changes. Every change of a flow first takes the
lock of its row, and names what its author saw: the draft's tag, the live version. Who saw something older is
told so and has changed nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import yaml
from sqlalchemy import JSON, BigInteger, ForeignKey, Integer, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from common.db import Base
from common.plain_yaml import NotPlain, compose
from common.problems import Problem
from common.rows import Row
from domain.config import FlowText
from domain.instant import Instant
from ivr.load import MAX_CHARACTERS

State = Literal["draft", "published", "retired"]
Deed = Literal["drafted", "draft_deleted", "published", "rolled_back", "withdrawn"]
Format = Literal["yaml", "json"]
MOST_NUMBER = 1_000_000
"""No text talks its way to a higher number."""


class FlowRow(Row):
    """A flow: its live version and its draft, if there are any, and the highest number ever given."""

    __tablename__ = "flows"
    live: Mapped[int | None] = mapped_column(Integer)
    draft: Mapped[int | None] = mapped_column(Integer)
    newest: Mapped[int] = mapped_column(Integer)


class FlowVersionRow(Base):
    """A version of a flow. ``title`` and ``languages`` are read from the text, as far as it can be read."""

    __tablename__ = "flow_versions"
    flow: Mapped[str] = mapped_column(ForeignKey("flows.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    format: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(String(256))
    languages: Mapped[list[str]] = mapped_column(JSON)
    saves: Mapped[int] = mapped_column(Integer)
    """How often the draft was saved: half of its tag."""
    note: Mapped[str] = mapped_column(String(512))
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[int] = mapped_column(BigInteger)
    changed_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[int] = mapped_column(BigInteger)
    published_by: Mapped[str | None] = mapped_column(String(64))
    published_at: Mapped[int | None] = mapped_column(BigInteger)
    """The last time it was made live."""

    @property
    def tag(self) -> str:
        """What a draft is known by until somebody saves it again."""
        return f"{self.number}.{self.saves}"


class FlowEventRow(Base):
    """Something somebody did with a flow; ``before`` was the live version until then."""

    __tablename__ = "flow_events"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    flow: Mapped[str] = mapped_column(ForeignKey("flows.id"), index=True)
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(16))
    version: Mapped[int | None] = mapped_column(Integer)
    before: Mapped[int | None] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(String(512))


@dataclass(frozen=True, slots=True)
class Author:
    """Who does something, and when."""

    user: str
    at: Instant


@dataclass(frozen=True, slots=True)
class Written:
    """A text somebody hands in, and what could be read of it."""

    text: str
    format: Format
    title: str = ""
    languages: tuple[str, ...] = ()


# ------------------------------------------------------------------ reading


def state_of(head: FlowRow, number: int) -> State:
    """What a version of the flow is now."""
    return "draft" if number == head.draft else "published" if number == head.live else "retired"


def heads(session: Session) -> Sequence[FlowRow]:
    """Every flow that is or was in rows, by name."""
    return session.scalars(select(FlowRow).order_by(FlowRow.id)).all()


def versions(session: Session, flow: str) -> Sequence[FlowVersionRow]:
    """A flow's versions, the newest first."""
    of_flow = select(FlowVersionRow).where(FlowVersionRow.flow == flow)
    return session.scalars(of_flow.order_by(FlowVersionRow.number.desc())).all()


def events(session: Session, flow: str, most: int = 500) -> Sequence[FlowEventRow]:
    """What was done with a flow, the latest first."""
    of_flow = select(FlowEventRow).where(FlowEventRow.flow == flow)
    return session.scalars(of_flow.order_by(FlowEventRow.id.desc()).limit(most)).all()


def live_texts(session: Session) -> tuple[FlowText, ...]:
    """The live version of every flow that has one, by name."""
    live = select(FlowVersionRow).join(
        FlowRow, (FlowRow.id == FlowVersionRow.flow) & (FlowRow.live == FlowVersionRow.number)
    )
    rows = session.scalars(live.order_by(FlowVersionRow.flow))
    return tuple(FlowText(row.flow, row.number, row.text) for row in rows)


# ------------------------------------------------------------------ changing (the caller commits)


def save_draft(
    session: Session, flow: str, written: Written, author: Author, *, tag: str | None, above: int, note: str
) -> FlowVersionRow:
    """Begin the flow's draft, or save the one that bears ``tag``.

    A new draft's number is above every number given before and ``above``, the highest among files. Raises a
    409 or 412 Problem where there is another draft than its author thinks.
    """
    head = _locked(session, flow)
    if head is None:
        if tag is not None:
            raise _gone(flow)
        head = FlowRow(id=flow, newest=0)
        session.add(head)
        session.flush()  # who was faster is known now
    row = _draft(session, head, tag, new=True)
    if row is None:
        head.newest = head.draft = max(head.newest, above) + 1
        row = FlowVersionRow(flow=flow, number=head.newest, saves=0)
        row.created_by, row.created_at = author.user, author.at
        session.add(row)
        _note(session, head, author, "drafted", head.newest, note)
    row.text = with_number(written.text, row.number)
    row.format, row.title, row.languages = written.format, written.title, list(written.languages)
    row.note = note
    row.changed_by, row.changed_at = author.user, author.at
    row.saves += 1
    session.flush()
    return row


def delete_draft(session: Session, flow: str, author: Author, *, tag: str | None) -> None:
    """Throw the draft away. Raises a 404, 409 or 412 Problem."""
    head = _locked(session, flow)
    row = None if head is None else _draft(session, head, tag)
    if head is None or row is None:
        raise Problem(404, "No draft", f"There is no draft of {flow}.")
    _note(session, head, author, "draft_deleted", row.number, "")
    head.draft = None
    session.delete(row)
    session.flush()


def publish(
    session: Session, flow: str, author: Author, *, tag: str | None, live: int | None, note: str
) -> FlowVersionRow:
    """Make the draft that bears ``tag`` the live version, if ``live`` still is.

    Raises a 404, 409 or 412 Problem. That its text can be run is for the caller to know.
    """
    head = _locked(session, flow)
    if head is None:
        raise Problem(404, "No draft", f"There is no draft of {flow}.")
    _need_live(session, head, live)
    row = _draft(session, head, tag)
    if row is None:
        raise Problem(409, "No draft", f"There is no draft of {flow} (any more). {_last(session, flow)}")
    head.draft = None
    row.note = note or row.note
    _make_live(session, head, row, author, "published", note)
    return row


def roll_back(
    session: Session,
    flow: str,
    number: int,
    author: Author,
    *,
    live: int | None,
    note: str,
    file: Written | None = None,
) -> FlowVersionRow:
    """Make an older version live again, if ``live`` still is; of one that lies in a folder, as ``file``
    gives it, a row is made. Raises a 404 or 409 Problem.
    """
    head = _locked(session, flow)
    if head is None:
        if file is None:
            raise Problem(404, "No such flow", f"There is no version {number} of {flow}.")
        head = FlowRow(id=flow, newest=0)
        session.add(head)
        session.flush()
    _need_live(session, head, live)
    row = session.get(FlowVersionRow, (flow, number))
    if row is None and file is not None:
        row = _row_of_file(session, head, number, file, author)
    if row is None:
        raise Problem(404, "No such version", f"There is no version {number} of {flow}.")
    if number == head.draft:
        raise Problem(409, "Not published yet", f"Version {number} of {flow} is a draft; publish it.")
    if number == head.live:
        raise Problem(409, "Already live", f"Version {number} of {flow} is live already.")
    _make_live(session, head, row, author, "rolled_back", note)
    return row


def withdraw(session: Session, flow: str, author: Author, *, live: int | None, note: str) -> None:
    """Let no version be live: callers get the file of that name again, or the default flow.

    Raises a 404 or 409 Problem.
    """
    head = _locked(session, flow)
    if head is None or (head.live is None and live is None):
        raise Problem(404, "Nothing to withdraw", f"No version of {flow} is published.")
    _need_live(session, head, live)
    _note(session, head, author, "withdrawn", head.live, note)
    head.live = None
    session.flush()


def take_in(session: Session, flow: str, written: Written, author: Author, note: str) -> None:
    """Publish a text as a new version at once, unless it is live word for word; a draft stays as it is.

    The version bears the number the text has, if that is higher than every number given before.
    """
    head = _locked(session, flow)
    if head is None:
        head = FlowRow(id=flow, newest=0)
        session.add(head)
        session.flush()
    live = None if head.live is None else session.get(FlowVersionRow, (flow, head.live))
    if live is not None and with_number(written.text, live.number) == live.text:
        return
    head.newest = max(head.newest + 1, min(number_of(written.text), MOST_NUMBER))
    row = _row(head.id, head.newest, written, author)
    row.note = note
    session.add(row)
    _make_live(session, head, row, author, "published", note)


def _locked(session: Session, flow: str) -> FlowRow | None:
    """The flow's row, locked until the commit; None if there is none.

    The lock is a write, since that is what every database waits for; what is read after it is the latest.
    """
    locked = session.execute(update(FlowRow).where(FlowRow.id == flow).values(newest=FlowRow.newest))
    if not locked.rowcount:  # type: ignore[attr-defined]
        return None
    return session.get(FlowRow, flow, populate_existing=True)


def _draft(session: Session, head: FlowRow, tag: str | None, *, new: bool = False) -> FlowVersionRow | None:
    """The draft that bears ``tag``; with ``new`` None may be meant. Raises a 409 or 412 Problem."""
    row = None if head.draft is None else session.get(FlowVersionRow, (head.id, head.draft))
    if row is None:
        if tag is not None and new:
            raise _gone(head.id, _last(session, head.id))
        return None
    if tag is None:
        raise Problem(
            409,
            "There is a draft",
            f"{row.changed_by} has a draft of {head.id} (version {row.number}); reload to see it. "
            "Who knows it sends its tag as If-Match.",
            draft=_shown(row),
        )
    if tag != row.tag:
        raise Problem(
            412,
            "The draft was changed",
            f"{row.changed_by} saved the draft of {head.id} meanwhile; reload it.",
            draft=_shown(row),
        )
    return row


def _shown(row: FlowVersionRow) -> dict[str, Any]:
    return {"version": row.number, "tag": row.tag, "by": row.changed_by, "at": row.changed_at}


def _gone(flow: str, last: str = "") -> Problem:
    return Problem(412, "The draft is gone", f"There is no draft of {flow} any more. {last}".strip())


def _need_live(session: Session, head: FlowRow, live: int | None) -> None:
    if head.live == live:
        return
    now = "No version" if head.live is None else f"Version {head.live}"
    raise Problem(
        409,
        "Somebody was faster",
        f"{now} of {head.id} is live now. {_last(session, head.id)} Reload and look again.",
        live=head.live,
    )


def _last(session: Session, flow: str) -> str:
    """The last deed, as a sentence."""
    said = {
        "drafted": "began a draft, version {}",
        "draft_deleted": "deleted the draft, version {}",
        "published": "published version {}",
        "rolled_back": "rolled back to version {}",
        "withdrawn": "withdrew version {}",
    }
    for event in events(session, flow, 1):
        return f"{event.by} {said[event.what].format(event.version)}."
    return ""


def _make_live(
    session: Session, head: FlowRow, row: FlowVersionRow, author: Author, what: Deed, note: str
) -> None:
    _note(session, head, author, what, row.number, note)
    head.live = row.number
    row.published_by, row.published_at = author.user, author.at
    session.flush()


def _note(
    session: Session, head: FlowRow, author: Author, what: Deed, version: int | None, note: str
) -> None:
    session.add(
        FlowEventRow(
            flow=head.id,
            at=author.at,
            by=author.user,
            what=what,
            version=version,
            before=head.live,
            note=note,
        )
    )


def _row_of_file(
    session: Session, head: FlowRow, number: int, file: Written, author: Author
) -> FlowVersionRow:
    row = _row(head.id, number, file, author)
    session.add(row)
    head.newest = max(head.newest, number)
    return row


def _row(flow: str, number: int, written: Written, author: Author) -> FlowVersionRow:
    return FlowVersionRow(
        flow=flow,
        number=number,
        format=written.format,
        text=with_number(written.text, number),
        title=written.title,
        languages=list(written.languages),
        saves=1,
        note="",
        created_by=author.user,
        created_at=author.at,
        changed_by=author.user,
        changed_at=author.at,
    )


# ------------------------------------------------------------------ texts


def written(text: str) -> Written:
    """A text with what can be read of it, however wrong the rest is."""
    title = ""
    languages: tuple[str, ...] = ()
    top = _top(text)
    if isinstance(node := top.get("title"), yaml.ScalarNode):
        title = str(node.value)
    if (node := top.get("languages")) is not None:
        parts = node.value if isinstance(node, yaml.SequenceNode) else (node,)
        languages = tuple(str(part.value) for part in parts if isinstance(part, yaml.ScalarNode))
    return Written(
        text, format_of(text), clean(title)[:256], tuple(clean(one)[:16] for one in languages[:20])
    )


def clean(words: str) -> str:
    """Words out of a text as they can be kept and sent: escapes in it may stand for what is no character."""
    return words.encode("utf-8", "replace").decode().replace("\0", "?")


def format_of(text: str) -> Format:
    """Whether a text is written as JSON: a flow's outermost value is a mapping."""
    return "json" if text.lstrip().startswith("{") else "yaml"


def line_of(text: str, key: str) -> int:
    """The line in which the document writes ``key``, counted from 1; 1 if it does not."""
    node = _top(text).get(key)
    return 1 if node is None else int(node.start_mark.line) + 1


def number_of(text: str) -> int:
    """The version a text says it is; 0 if it says none."""
    node = _top(text).get("version")
    said = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
    return int(said) if re.fullmatch("[0-9]{1,9}", said) else 0


def with_number(text: str, number: int) -> str:
    """``text`` with its version set to ``number``; a text that says none, or is no YAML, stays as it is."""
    node = _top(text).get("version")
    if not isinstance(node, yaml.ScalarNode) or node.start_mark.index == node.end_mark.index:
        return text
    return f"{text[: node.start_mark.index]}{number}{text[node.end_mark.index :]}"


def _top(text: str) -> dict[str, yaml.Node]:
    """What stands under each name of the document; nothing if it is no mapping."""
    try:
        root = compose(text, MAX_CHARACTERS)
    except NotPlain:
        return {}
    pairs = root.value if isinstance(root, yaml.MappingNode) else ()
    return {key.value: value for key, value in pairs if isinstance(key, yaml.ScalarNode)}
