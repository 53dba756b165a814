"""The rows of a request: one transaction, committed before the answer."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from common.db import Database
from common.problems import Problem


def transaction(request: Request) -> Iterator[Session]:
    """The request's transaction, committed before the answer; a 409 Problem where somebody was faster."""
    database: Database = request.app.state.database
    try:
        with database.transaction() as session:
            yield session
    except IntegrityError:
        said = "Somebody else changed this at the same time; reload and try again."
        raise Problem(409, "Somebody was faster", said) from None


Rows = Annotated[Session, Depends(transaction, scope="function")]
