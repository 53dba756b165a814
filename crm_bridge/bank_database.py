"""The bank's books as tables of the platform's own database."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from threading import BoundedSemaphore
from typing import Any

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from common.asks import CannotAnswer
from common.auth.passwords import verify
from common.db import Database
from crm_bridge import queries, recharge
from crm_bridge.bank import Account, Application, Bill, Order, RechargeCard
from crm_bridge.bank_models import (
    AccountRow,
    ApplicationRow,
    BillRow,
    OrderRow,
    RechargeCardRow,
    TransactionRow,
)
from crm_bridge.lookup import this_day
from crm_bridge.queries import Values
from domain.ids import CallId
from domain.instant import Instant, after

_verifying = BoundedSemaphore(2)
"""A look at a secret takes 64 MiB and a core for tens of milliseconds."""


class DatabaseBank:
    """Each query is one transaction of the database. ``clock`` gives the time, ``region`` is the country of
    telephone numbers without a country code.
    """

    def __init__(
        self,
        database: Database,
        region: str,
        clock: Callable[[], Instant],
        today: Callable[[], date] = this_day,
    ) -> None:
        self._database, self._region, self._clock, self._today = database, region, clock, today

    def query(self, name: str, parameters: Mapping[str, str]) -> Values | None:
        """The fields of what was asked for, None if there is none. Raises CannotAnswer."""
        with self._database.transaction() as session:
            return queries.answer(_Books(session), name, parameters, self._today(), self._region)

    def do(self, name: str, key: str, call: CallId, parameters: Mapping[str, str]) -> tuple[bool, Values]:
        """Done or refused, once for ``key``. Raises CannotAnswer.

        A try is counted before the secret is looked at, so that tries side by side count too; everything else
        happens in one transaction with the row that bears the key, or not at all.
        """
        given = recharge.read(name, key, parameters)
        with self._database.transaction() as session:
            before = session.get(TransactionRow, key)
            if before is not None:
                return _again(before, name, call)
            closed = self._refused_often(session, call, given.get("caller", ""))
            card = None if closed else self._count_try(session, queries.digits_of(given["card"]))
            closed = closed or (card is None and self._is_card(session, given))
        right = False
        if not closed:
            with _verifying:
                right = verify("" if card is None else card.hash, given["secret"])
        with self._database.transaction() as session:
            return self._settle(session, name, key, call, given, card, right, closed)

    # ------------------------------------------------------------ one attempt

    def _refused_often(self, session: Session, call: str, caller: str) -> bool:
        who = TransactionRow.call == call
        if caller:
            who = or_(who, TransactionRow.caller == caller)
        since = after(self._clock(), -recharge.COUNTED_S)
        query = select(func.count()).where(who, TransactionRow.at > since, TransactionRow.done.is_(False))
        return (session.scalar(query) or 0) >= recharge.MOST_REFUSED

    def _count_try(self, session: Session, number: str) -> RechargeCard | None:
        """The card, one wrong try more until it proves right; None if it takes none now, or is not there."""
        now = self._clock()
        long_ago = RechargeCardRow.wrong_at < after(now, -recharge.CLOSED_S)
        counted = session.execute(
            update(RechargeCardRow)
            .where(
                RechargeCardRow.number == number,
                or_(RechargeCardRow.wrong < recharge.MOST_WRONG, long_ago),
            )
            .values(wrong=case((long_ago, 1), else_=RechargeCardRow.wrong + 1), wrong_at=now)
            .returning(RechargeCardRow)
            .execution_options(synchronize_session=False)
        )
        row = counted.scalar_one_or_none()
        return None if row is None else _card(row)

    def _is_card(self, session: Session, given: Mapping[str, str]) -> bool:
        return session.get(RechargeCardRow, queries.digits_of(given["card"])) is not None

    def _settle(
        self,
        session: Session,
        name: str,
        key: str,
        call: CallId,
        given: Mapping[str, str],
        card: RechargeCard | None,
        right: bool,
        closed: bool,
    ) -> tuple[bool, Values]:
        account = queries.account_number(_Books(session), given["account"], self._region)
        number = given["account"] if account is None else account.number
        # The row with the key first: who comes second waits here, and then has the answer of the first.
        row = {
            "key": key,
            "name": name,
            "call": call,
            "caller": given.get("caller", ""),
            "account": number,
            "card_tail": queries.tail(queries.digits_of(given["card"])),
            "done": False,
            "told": {},
            "at": self._clock(),
        }
        insert = _insert(session)(TransactionRow).values(**row).on_conflict_do_nothing(index_elements=["key"])
        if session.scalar(insert.returning(TransactionRow.key)) is None:
            return _again(session.get_one(TransactionRow, key), name, call)
        done, told = False, Values(reason=recharge.TOO_MANY)
        if not closed:
            done, told = self._use(session, key, card, right, number)
        kept = update(TransactionRow).where(TransactionRow.key == key)
        session.execute(kept.values(done=done, told=told).execution_options(synchronize_session=False))
        return done, told

    def _use(
        self, session: Session, key: str, card: RechargeCard | None, right: bool, number: str
    ) -> tuple[bool, Values]:
        """Use the card up for the account of this number, if nothing speaks against it."""
        used = False
        if card is not None and right:
            row = session.scalars(_locked(RechargeCardRow, card.number)).one()
            used, row.wrong = row.used_by is not None, 0
        found = session.scalars(_locked(AccountRow, number)).one_or_none()
        account = None if found is None else _account(found)
        why = recharge.why_not(card, right, used, account, self._today())
        if why is not None or card is None or account is None or found is None:
            return False, {"reason": why or recharge.NOT_VALID}
        credited = recharge.recharged(account, card, self._today())
        row.used_by = key
        found.balance, found.valid_until = credited.balance, credited.valid_until
        session.flush()
        return True, recharge.told(credited, card)


class _Books:
    """The tables as ``queries`` wants them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def account(self, number: str) -> Account | None:
        """The account of this number."""
        row = self._session.get(AccountRow, number)
        return None if row is None else _account(row)

    def accounts_of(self, customer: str) -> Sequence[Account]:
        """The accounts of a customer, by number."""
        query = select(AccountRow).where(AccountRow.customer == customer).order_by(AccountRow.number)
        return [_account(row) for row in self._session.scalars(query)]

    def bills(self, accounts: Sequence[str]) -> Sequence[Bill]:
        """The bills of these accounts."""
        rows = self._session.scalars(select(BillRow).where(BillRow.account.in_(accounts)))
        return [Bill(r.account, r.period, r.amount, r.due, r.paid, r.currency) for r in rows]

    def application(self, number: str) -> Application | None:
        """The application of this number."""
        row = self._session.get(ApplicationRow, number)
        return None if row is None else Application(row.number, row.kind, row.status, row.changed)

    def order(self, number: str) -> Order | None:
        """The order of this number."""
        row = self._session.get(OrderRow, number)
        return None if row is None else Order(row.number, row.status, row.expected)


def _again(row: TransactionRow, name: str, call: CallId) -> tuple[bool, Values]:
    if row.name != name:
        raise CannotAnswer(f"{name}: the key was used for another transaction")
    return recharge.told_again(row.call == call, row.done, row.told)


def _locked(model: type[Any], number: str) -> Any:
    """The row as it is once nobody else changes it, whatever this session has read before."""
    query = select(model).where(model.number == number).with_for_update()
    return query.execution_options(populate_existing=True)


def _account(row: AccountRow) -> Account:
    return Account(row.number, row.balance, row.customer, row.currency, row.valid_until)


def _card(row: RechargeCardRow) -> RechargeCard:
    return RechargeCard(row.number, row.hash, row.amount, row.days, row.currency, row.expires)


def _insert(session: Session) -> Any:
    return (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
