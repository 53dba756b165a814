"""A sample bank's customers: some hundred people of all tiers, none of them real.

Everything follows from the seed and ``now``. Chinese numbers are of the block +86 138 0000 xxxx, English
ones of the 555-01xx numbers kept for fiction.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_bridge import contacts, customers, retail
from crm_bridge.models import CustomerRow
from crm_bridge.money import hundredths
from crm_bridge.records import Contact, Customer, Owner, Product
from crm_bridge.sample_words import EN, ZH, Words
from crm_bridge.schemes import Scheme, Tier
from domain.ids import AgentId, CustomerId
from domain.instant import Instant

SHARES = (6, 34, 28, 18, 11, 3)
"""Of a hundred customers: below every tier, then by tier from the lowest."""

SHOWN = 0.85
"""At least this share of a customer's assets stands in the products shown."""

DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Sample:
    """What was made. ``numbers`` are what callers dial from, ``shared`` the one of two customers."""

    customers: int
    numbers: tuple[str, ...]
    shared: str
    strangers: tuple[str, ...]
    """Numbers of nobody in the records."""


def fill(
    session: Session,
    seed: int,
    *,
    customers: int = 300,
    language: str = "zh-CN",
    agents: Sequence[tuple[str, str]] = (),
    now: Instant | None = None,
) -> Sample:
    """Write the retail scheme and that many customers (6 to 900) with products, owners and contacts.

    ``agents`` are (id, name) of agents who look after customers; ``now`` (by default this moment) is when
    the newest contacts were. In a bank that is there already customers stay as they have become since.
    """
    if not 6 <= customers <= 900:
        raise ValueError(f"the sample bank has 6 to 900 customers, not {customers}")
    at = now if now is not None else Instant(time.time_ns() // 1000)
    retail.seed(session, language)
    bank = _Bank(random.Random(f"{seed} {language}"), language, agents, at)
    return bank.fill(session, customers)


class _Bank:
    def __init__(
        self, chance: random.Random, language: str, agents: Sequence[tuple[str, str]], now: Instant
    ) -> None:
        self._chance = chance
        self._language = "en" if language.startswith("en") else "zh-CN"
        self._words: Words = EN if self._language == "en" else ZH
        self._scheme: Scheme = retail.scheme(language)
        self._agents = list(agents)
        self._now = now
        self._today = datetime.fromtimestamp(now / 1e6, UTC).date()
        self._staff = [self._name() for _ in range(24)]

    def fill(self, session: Session, count: int) -> Sample:
        numbers = self._numbers(count + count // 3 + 20)
        strangers = tuple(numbers.pop() for _ in range(10))
        there = set(session.scalars(select(CustomerRow.id)))
        callers: list[str] = []
        shared = ""
        for at in range(count):
            phones = [numbers.pop()]
            if self._chance.random() < 0.2:
                phones.append(numbers.pop())
            if at == 1:  # the second customer has the first one's telephone beside their own
                phones.append(shared)
            if at == 0:
                shared = phones[0]
            customer = self._customer(at, tuple(phones))
            said = self._contacts(customer)
            if customer.id not in there:
                customers.put(session, customer, self._now, "sample")
                for contact in said:
                    contacts.add(session, customer.id, contact)
            callers.append(phones[0])
        return Sample(count, tuple(callers), shared, strangers)

    # ------------------------------------------------------------ one customer

    def _customer(self, at: int, phones: tuple[str, ...]) -> Customer:
        tier, assets = self._assets(at)
        return Customer(
            id=CustomerId(f"c-{at + 1:05d}"),
            name=self._name(),
            branch=self._chance.choice(self._words.branches),
            language=self._language,
            assets=assets,
            born=self._born(),
            notes=self._chance.choice(self._words.notes) if self._chance.random() < 0.4 else "",
            phones=phones,
            owners=self._owners(tier),
            products=self._products(assets),
        )

    def _assets(self, at: int) -> tuple[Tier | None, int]:
        # The first customers stand one in each class, so that even a small bank has all of them.
        classes: list[Tier | None] = [None, *self._scheme.tiers]
        tier = classes[at] if at < len(classes) else self._chance.choices(classes, SHARES)[0]
        low, high = (0, self._scheme.tiers[0].low) if tier is None else (tier.low, tier.high or tier.low * 6)
        # Few are rich within a class too: the cube leans to its lower edge.
        return tier, low + int((high - low) * self._chance.random() ** 3)

    def _owners(self, tier: Tier | None) -> tuple[Owner, ...]:
        if tier is None:
            return ()
        owners = []
        for place, role in enumerate(tier.owner_roles):
            if place == 0 and self._agents and self._chance.random() < 0.6:
                id, name = self._chance.choice(self._agents)
                owners.append(Owner(role, name, AgentId(id)))
            else:
                owners.append(Owner(role, self._chance.choice(self._staff)))
        return tuple(owners)

    def _products(self, assets: int) -> tuple[Product, ...]:
        """Products whose balances add up to nearly all of the assets."""
        chance = self._chance
        left = int(assets * chance.uniform(SHOWN, 1.0))
        products: list[Product] = []
        for name, prefix, smallest, share in self._words.products:
            if left < hundredths(smallest) or (products and chance.random() > share):
                continue
            part = left if name == self._words.products[-1][0] else int(left * chance.uniform(0.2, 0.7))
            part -= part % 100
            left -= part
            number = f"{prefix} **** {chance.randrange(10_000):04d}"
            products.append(Product(name, number, part, "CNY", self._opened()))
        return tuple(products)

    def _contacts(self, customer: Customer) -> list[Contact]:
        chance = self._chance
        made = []
        for _ in range(min(int(chance.expovariate(0.3)), 14)):
            purpose, summary = chance.choice(self._words.talks)
            outward = chance.random() < 0.3
            owner = customer.owners[0] if outward and customer.owners else None
            agent, name = (owner.agent, owner.name) if owner else (None, chance.choice(self._staff))
            if owner is None and self._agents:
                id, name = chance.choice(self._agents)
                agent = AgentId(id)
            made.append(
                Contact(
                    at=Instant(self._now - int(chance.uniform(0.1, 400) * DAY_US)),
                    channel=chance.choice(("phone", "phone", "phone", "branch", "sms", "email")),
                    direction="out" if outward else "in",
                    purpose=purpose,
                    summary=summary,
                    agent=agent,
                    agent_name=name,
                    outcome=chance.choice(("answered", "answered", "answered", "resolved", "promised")),
                )
            )
        return made

    # ------------------------------------------------------------ small things

    def _numbers(self, count: int) -> list[str]:
        if self._language == "en":
            areas = (
                "202",
                "212",
                "303",
                "305",
                "312",
                "404",
                "415",
                "503",
                "512",
                "602",
                "617",
                "702",
                "713",
            )
            block = [f"+1{area}55501{last:02d}" for area in areas for last in range(100)]
        else:
            block = [f"+861380000{last:04d}" for last in range(1, 10_000)]
        return self._chance.sample(block, count)

    def _name(self) -> str:
        words, chance = self._words, self._chance
        if self._language == "en":
            return f"{chance.choice(words.given)} {chance.choice(words.family)}"
        given = "".join(chance.sample(words.given, chance.choice((1, 2, 2, 2))))
        return chance.choice(words.family) + given

    def _born(self) -> date:
        return self._today - timedelta(days=int(self._chance.triangular(19, 88, 44) * 365.25))

    def _opened(self) -> date:
        return self._today - timedelta(days=int(self._chance.triangular(10, 5000, 700)))
