"""The sample bank's retail scheme: five tiers by assets in CNY, each with who looks after it.

Bands are half-open: exactly 50,000 yuan belongs to the second tier. Below 1,000 yuan there is no tier.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_bridge import tiers
from crm_bridge.models import SchemeRow
from crm_bridge.schemes import Scheme, Tier
from domain.ids import TierId

SCHEME = "retail"
WAN = 10_000 * 100
"""Ten thousand yuan (万), in fen."""

_ZH = {
    "scheme": "个人客户分层",
    "mass": "大众客户",
    "emerging": "潜力客户",
    "affluent": "理财客户",
    "wealth": "财富客户",
    "private": "私人银行客户",
    "high_counter": "网点高柜柜员",
    "low_counter": "低柜/VIP柜台柜员",
    "manager": "网点客户经理",
    "lobby": "大堂经理",
    "customer_manager": "客户经理",
    "supervisor": "客户经理主管",
    "branch_manager": "网点经理",
}
_EN = {
    "scheme": "Retail tiers",
    "mass": "Mass",
    "emerging": "Emerging",
    "affluent": "Affluent",
    "wealth": "Wealth",
    "private": "Private banking",
    "high_counter": "High-counter teller",
    "low_counter": "Low-counter or VIP teller",
    "manager": "Branch customer manager",
    "lobby": "Lobby manager",
    "customer_manager": "Customer manager",
    "supervisor": "Customer manager supervisor",
    "branch_manager": "Branch manager",
}
_TIERS: tuple[tuple[str, int, int | None, float, tuple[str, ...]], ...] = (
    ("mass", WAN // 10, 5 * WAN, 0.0, ("high_counter",)),
    ("emerging", 5 * WAN, 20 * WAN, 10.0, ("low_counter",)),
    ("affluent", 20 * WAN, 50 * WAN, 20.0, ("manager", "lobby")),
    ("wealth", 50 * WAN, 300 * WAN, 40.0, ("customer_manager", "supervisor")),
    ("private", 300 * WAN, None, 80.0, ("branch_manager", "supervisor")),
)


def scheme(language: str = "zh-CN") -> Scheme:
    """The scheme with its words in Chinese, or in English for ``en``."""
    words = _EN if language.startswith("en") else _ZH
    return Scheme(
        SCHEME,
        words["scheme"],
        "CNY",
        tuple(
            Tier(TierId(f"{SCHEME}-{name}"), words[name], low, high, priority, tuple(words[r] for r in roles))
            for name, low, high, priority, roles in _TIERS
        ),
    )


def seed(session: Session, language: str = "zh-CN") -> bool:
    """Write the scheme unless it is there already (edited rows stay as they are); True if written."""
    if session.scalar(select(SchemeRow.id).where(SchemeRow.id == SCHEME)) is not None:
        return False
    tiers.put(session, scheme(language))
    return True
