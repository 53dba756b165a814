"""What callers are told of applications and orders, Chinese and English."""

from datetime import date

KINDS = {
    "credit_card": ("信用卡", "credit card"),
    "loan": ("个人贷款", "personal loan"),
    "mortgage": ("住房贷款", "mortgage"),
}
"""What is applied for."""

RESULTS = {
    "received": ("您的{kind}申请已受理。", "Your {kind} application was received."),
    "in_review": ("您的{kind}申请正在审核中。", "Your {kind} application is being looked at."),
    "papers_missing": (
        "您的{kind}申请需要补充资料，请联系受理网点。",
        "Your {kind} application lacks some papers. Please ask your branch.",
    ),
    "approved": ("您的{kind}申请已通过。", "Your {kind} application was approved."),
    "refused": ("很抱歉，您的{kind}申请未通过。", "We are sorry: your {kind} application was not approved."),
}
"""Where an application stands."""

ORDERS = {
    "received": ("您的订单已受理。", "Your order was received."),
    "preparing": ("您的订单正在处理中。", "Your order is being prepared."),
    "sent": ("您的订单已发货。", "Your order was sent."),
    "delivered": ("您的订单已送达。", "Your order was delivered."),
    "cancelled": ("您的订单已取消。", "Your order was cancelled."),
}
"""Where an order stands."""

EXPECTED = ("预计{month}月{day}日送达。", "It should arrive on {day} {name}.")
MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


def of_result(kind: str, status: str, language: str) -> str:
    """A sentence about an application."""
    which = _which(language)
    return RESULTS[status][which].format(kind=KINDS[kind][which])


def of_order(status: str, expected: date | None, language: str) -> str:
    """A sentence or two about an order."""
    which = _which(language)
    said = ORDERS[status][which]
    if expected is None:
        return said
    when = EXPECTED[which].format(month=expected.month, day=expected.day, name=MONTHS[expected.month - 1])
    return f"{said}{when}" if which == 0 else f"{said} {when}"


def _which(language: str) -> int:
    return 0 if language.lower().startswith("zh") else 1
