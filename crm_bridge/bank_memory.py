"""The bank's books in memory: the twin of every adapter."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import RLock

from common.auth.passwords import verify
from crm_bridge import queries, recharge
from crm_bridge.bank import Account, Application, Bill, Order, RechargeCard
from crm_bridge.lookup import this_day
from crm_bridge.queries import Values
from domain.ids import CallId
from domain.instant import NEVER, Instant, after


@dataclass(slots=True)
class _Tries:
    wrong: int = 0
    at: Instant = NEVER
    used_by: str | None = None


@dataclass(frozen=True, slots=True)
class _Done:
    call: str
    caller: str
    account: str
    at: Instant
    done: bool
    told: Values = field(repr=False)


class MemoryBank:
    """Everything under one lock. ``clock`` gives the time, ``region`` is the country of short numbers."""

    def __init__(
        self,
        region: str,
        clock: Callable[[], Instant],
        *,
        accounts: Iterable[Account] = (),
        bills: Iterable[Bill] = (),
        applications: Iterable[Application] = (),
        orders: Iterable[Order] = (),
        cards: Iterable[RechargeCard] = (),
        today: Callable[[], date] = this_day,
    ) -> None:
        self._region, self._clock, self._today = region, clock, today
        self._accounts = {one.number: one for one in accounts}
        self._bills = tuple(bills)
        self._applications = {one.number: one for one in applications}
        self._orders = {one.number: one for one in orders}
        self._cards = {one.number: one for one in cards}
        self._tries = {number: _Tries() for number in self._cards}
        self._done: dict[str, _Done] = {}
        self._lock = RLock()

    # ------------------------------------------------------------ looking

    def query(self, name: str, parameters: Mapping[str, str]) -> Values | None:
        """The fields of what was asked for, None if there is none. Raises CannotAnswer."""
        with self._lock:
            return queries.answer(self, name, parameters, self._today(), self._region)

    def account(self, number: str) -> Account | None:
        """The account of this number."""
        return self._accounts.get(number)

    def accounts_of(self, customer: str) -> Sequence[Account]:
        """The accounts of a customer, by number."""
        return sorted((a for a in self._accounts.values() if a.customer == customer), key=lambda a: a.number)

    def bills(self, accounts: Sequence[str]) -> Sequence[Bill]:
        """The bills of these accounts."""
        return [one for one in self._bills if one.account in accounts]

    def application(self, number: str) -> Application | None:
        """The application of this number."""
        return self._applications.get(number)

    def order(self, number: str) -> Order | None:
        """The order of this number."""
        return self._orders.get(number)

    # ------------------------------------------------------------ doing

    def do(self, name: str, key: str, call: CallId, parameters: Mapping[str, str]) -> tuple[bool, Values]:
        """Done or refused, once for ``key``. Raises CannotAnswer."""
        given = recharge.read(name, key, parameters)
        caller = given.get("caller", "")
        with self._lock:
            before = self._done.get(key)
            if before is None:
                account = queries.account_number(self, given["account"], self._region)
                number = given["account"] if account is None else account.number
                done, told = self._recharge(key, call, caller, given, account)
                before = self._done[key] = _Done(call, caller, number, self._clock(), done, told)
            return recharge.told_again(before.call == call, before.done, before.told)

    def _recharge(
        self, key: str, call: str, caller: str, given: Mapping[str, str], account: Account | None
    ) -> tuple[bool, Values]:
        now = self._clock()
        since = after(now, -recharge.COUNTED_S)
        refused = [d for d in self._done.values() if not d.done and d.at > since]
        card = self._cards.get(queries.digits_of(given["card"]))
        tries = _Tries() if card is None else self._tries[card.number]
        if tries.at < after(now, -recharge.CLOSED_S):
            tries.wrong = 0
        mine = sum(d.call == call or (d.caller == caller != "") for d in refused)
        if mine >= recharge.MOST_REFUSED or tries.wrong >= recharge.MOST_WRONG:
            return False, {"reason": recharge.TOO_MANY}
        right = verify("" if card is None else card.hash, given["secret"])
        tries.wrong, tries.at = 0 if right else tries.wrong + 1, now
        why = recharge.why_not(card, right, tries.used_by is not None, account, self._today())
        if why is not None or card is None or account is None:
            return False, {"reason": why or recharge.NOT_VALID}
        tries.used_by = key
        credited = recharge.recharged(account, card, self._today())
        self._accounts[account.number] = credited
        return True, recharge.told(credited, card)
