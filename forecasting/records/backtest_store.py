"""Backtests that are kept."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from common.problems import Problem
from forecasting.bodies import BacktestShown
from forecasting.records.store import Author
from forecasting.tables import BacktestRow


def add_backtest(session: Session, made: BacktestShown, author: Author) -> BacktestRow:
    """Keep a backtest; its number, author and time are those of the row."""
    table = made.model_dump(mode="json", exclude={"id", "series", "at", "by"})
    row = BacktestRow(series=made.series, at=author.at, by=author.user, table=table, chosen=made.chosen)
    session.add(row)
    session.flush()
    return row


def backtests(session: Session, series: str, most: int = 50) -> Sequence[BacktestRow]:
    """A series' backtests, the latest first."""
    of_series = select(BacktestRow).where(BacktestRow.series == series)
    return session.scalars(of_series.order_by(BacktestRow.id.desc()).limit(most)).all()


def get_backtest(session: Session, id: int) -> BacktestRow:
    """One backtest. Raises a 404 Problem."""
    row = session.get(BacktestRow, id)
    if row is None:
        raise Problem(404, "No such backtest", f"There is no backtest {id}.")
    return row


def shown(row: BacktestRow) -> BacktestShown:
    """A backtest as a page gets it."""
    return BacktestShown.model_validate(
        {**row.table, "id": row.id, "series": row.series, "at": row.at // 1000, "by": row.by}
    )
