"""Amounts of money as integers: hundredths of the currency's unit (fen, cent)."""

from decimal import Decimal, InvalidOperation

LARGEST = 10**17
"""Hundredths; fits a 64-bit column with room to add."""


def hundredths(amount: Decimal | int | float | str) -> int:
    """``amount`` in currency units as hundredths. Raises ValueError for a third decimal or no number."""
    try:
        # A float stands for the number its shortest text shows, not for its binary neighbour.
        exact = Decimal(str(amount)) * 100
        whole = exact.to_integral_value()
    except InvalidOperation:
        raise ValueError(f"{amount!r} is not an amount of money") from None
    if not exact.is_finite() or exact != whole:
        raise ValueError(f"{amount} is not an amount of money with at most two decimals")
    if abs(whole) > LARGEST:
        raise ValueError(f"{amount} is too large an amount")
    return int(whole)


def as_text(amount: int) -> str:
    """Hundredths as a decimal text in currency units, always with two decimals: ``-0.05``."""
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def as_number(amount: int) -> int | float:
    """Hundredths in currency units, whole where it is whole; for forms. Exact below 2**53 hundredths."""
    return amount // 100 if amount % 100 == 0 else amount / 100
