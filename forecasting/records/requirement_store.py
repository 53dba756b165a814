"""Requirements that were worked out and kept."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from common.problems import Problem
from forecasting.columns import pack
from forecasting.history import Ints
from forecasting.records.store import Author
from forecasting.tables import RequirementRow

if TYPE_CHECKING:
    from forecasting.staffing import Plan


def add_requirement(
    session: Session,
    forecast: int,
    version: int | None,
    starts: Ints,
    made: "Plan",
    asked: dict[str, Any],
    shrinkage: float,
    author: Author,
) -> RequirementRow:
    """Keep the plan of a forecast (or of one of its versions)."""
    told = made.measures
    columns = {
        "calls": made.calls,
        "aht_s": made.aht_s,
        "service_level": told.service_level,
        "asa_s": told.asa_s,
        "occupancy": told.occupancy,
        "abandonment": told.abandonment,
    }
    row = RequirementRow(
        forecast=forecast,
        version=version,
        at=author.at,
        by=author.user,
        asked=asked,
        interval_s=made.interval_s,
        sums={
            "shrinkage": shrinkage,
            "agent_hours": made.agent_hours,
            "scheduled_hours": made.scheduled_hours,
            "peak_agents": int(made.agents.max(initial=0)),
            "peak_scheduled": int(made.scheduled.max(initial=0)),
        },
        columns=pack(
            {
                "starts": starts,
                "agents": made.agents.astype(np.int32),
                "scheduled": made.scheduled.astype(np.int32),
                **{name: values.astype(np.float32) for name, values in columns.items()},
            }
        ),
    )
    session.add(row)
    session.flush()
    return row


def requirements(session: Session, forecast: int) -> Sequence[RequirementRow]:
    """A forecast's requirements, the latest first, without their numbers."""
    of_forecast = select(RequirementRow).where(RequirementRow.forecast == forecast)
    return session.scalars(of_forecast.order_by(RequirementRow.id.desc())).all()


def get_requirement(session: Session, id: int) -> RequirementRow:
    """One requirement with its numbers. Raises a 404 Problem."""
    row = session.get(RequirementRow, id, options=[undefer(RequirementRow.columns)])
    if row is None:
        raise Problem(404, "No such requirement", f"There is no requirement {id}.")
    return row


def delete_requirement(session: Session, id: int) -> None:
    """Delete a requirement. Raises a 404 Problem."""
    session.delete(get_requirement(session, id))
    session.flush()
