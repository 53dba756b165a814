"""A small bank to test with: customers as the tests name them, finished calls, counted statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from common.db import Database
from crm_bridge import customers
from crm_bridge.records import Customer, Owner, Product
from domain.calls import CallRecord
from domain.ids import AgentId, CallId, CustomerId
from domain.instant import Instant

NOW = Instant(1_760_000_000_000_000)
WAN = 1_000_000
"""Ten thousand yuan, in fen."""
HOME = "+862087654321"
WANG, LI = "+8613800000001", "+8613800000002"


def customer(id: str, *phones: str, name: str = "王伟", **more: Any) -> Customer:
    """A customer with these numbers."""
    return Customer(CustomerId(id), name, phones=phones, **{"language": "zh-CN", **more})


def wang() -> Customer:
    """60 万 yuan, two owners of whom the second takes calls, two products, a mobile and the home number."""
    return customer(
        "c-1",
        WANG,
        HOME,
        branch="城东支行",
        assets=60 * WAN,
        owners=(Owner("客户经理", "陈静"), Owner("客户经理主管", "赵敏", AgentId("zhao"))),
        products=(Product("借记卡", "6222 **** 0001", 123_456), Product("基金", "FD **** 0002")),
    )


def li() -> Customer:
    """Shares the home number, 3 万 yuan."""
    return customer("c-2", LI, HOME, name="李娜", assets=3 * WAN)


def record(call: str, of: str | None = "c-1", started: int = NOW, **more: Any) -> CallRecord:
    """A finished call, answered by the agent ``zhao``."""
    return CallRecord(
        call=CallId(call),
        caller=WANG,
        dialled="95588",
        started=Instant(started),
        answered=Instant(started + 5),
        ended=Instant(started + 9),
        outcome="answered",
        ended_by="caller",
        customer=None if of is None else CustomerId(of),
        agent=AgentId("zhao"),
        **more,
    )


def write(database: Database, *some: Customer) -> None:
    """Write customers."""
    with database.transaction() as session:
        for one in some:
            customers.put(session, one, NOW)


@contextmanager
def counted(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are sent meanwhile, each with its parameters."""
    sent: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        sent.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
