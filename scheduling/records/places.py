"""Places of open shifts: given one by one, and who bid in vain is told once there are none left."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from common.problems import Problem as Refusal
from scheduling.records.archive import Author
from scheduling.tables import OpeningRow, RequestRow


def get_opening(session: Session, id: int) -> OpeningRow:
    """An open shift. Raises a 404 Problem."""
    row = session.get(OpeningRow, id, populate_existing=True)
    if row is None:
        raise Refusal(404, "No such open shift", f"There is no open shift {id}.")
    return row


def locked(session: Session, id: int) -> OpeningRow:
    """An open shift, locked until the commit: of two who change it or its bids the second sees the first.

    Who locks one of its bids too locks that afterwards. Raises a 404 Problem.
    """
    session.execute(update(OpeningRow).where(OpeningRow.id == id).values(given=OpeningRow.given))
    return get_opening(session, id)


def take(session: Session, id: int) -> None:
    """Give a place away. Raises a 409 Problem if there is none, or the shift is not open any more."""
    row = locked(session, id)
    row.given += 1
    session.flush()
    if row.state == "closed":
        raise Refusal(409, "Not open any more", f"{row.name} on {row.day} was closed to bids.")
    if row.given > row.places:
        places = f"{row.places} place{'s' * (row.places > 1)}"
        raise Refusal(409, "All places are given", f"{row.name} on {row.day} had {places}.")


def close_if_full(session: Session, id: int, author: Author) -> None:
    """Once the last place is given, bids that wait are refused."""
    row = get_opening(session, id)
    if row.given >= row.places:
        close(session, row, "filled", author)


def close(session: Session, row: OpeningRow, state: str, author: Author) -> None:
    """No more bids: ``filled`` or ``closed``; those that wait are refused."""
    row.state = state
    session.flush()
    session.execute(
        update(RequestRow)
        .where(RequestRow.opening == row.id, RequestRow.state == "asked")
        .values(state="refused", decided_at=author.at, decided_by=author.user, decision=state)
    )


def bids_of(session: Session, id: int) -> list[RequestRow]:
    """The bids that wait for an open shift, the first one first."""
    waiting = select(RequestRow).where(RequestRow.opening == id, RequestRow.state == "asked")
    return list(session.scalars(waiting.order_by(RequestRow.id)))
