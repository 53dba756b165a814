"""Complaints as they are taken in, by whatever channel and at any hour (客户投诉记录单).

Each has a number by day that can be read to the customer (``C20261124-0001``), and is written once for its
key. What becomes of it afterwards is not told here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Final, Literal, get_args

from common.asks import CannotAnswer
from crm_bridge.queries import Spec
from domain.instant import Instant

Category = Literal["service", "work", "product", "other"]
"""服务行为 how somebody behaved, 营业人员专业工作事务 how they worked, 产品质量 what was sold, other."""
CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)
Channel = Literal["phone", "email", "on_the_spot", "other"]
Status = Literal["new"]

LONGEST_TEXT: Final = 4_000
LONGEST_KEY: Final = 160

COMPLAINT = Spec(
    "complaint",
    needs=("category",),
    may=("text", "recording", "customer", "caller", "contact", "purpose", "language", "read_back"),
    gives={"number": "C20261124-0001, the day and the day's number"},
)
"""``contact`` is where to call back; ``read_back`` is ``true`` if what was understood was read back."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint. ``recording`` names what the customer said, ``text`` what was written down or typed."""

    number: str
    taken: Instant
    category: Category
    call: str = ""
    customer: str | None = None
    caller: str = ""
    contact: str = ""
    channel: Channel = "phone"
    purpose: str = "complaint"
    text: str = field(default="", repr=False)
    recording: str = ""
    language: str = ""
    read_back: bool = False
    status: Status = "new"


def read(key: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """What is to be written down. Raises CannotAnswer."""
    if not 0 < len(key) <= LONGEST_KEY:
        raise CannotAnswer(f"a complaint needs a key of up to {LONGEST_KEY} characters")
    # The text alone may be long.
    text = "".join(c for c in parameters.get("text", "") if c == "\n" or c.isprintable()).strip()
    if len(text) > LONGEST_TEXT:
        raise CannotAnswer(f"the text of a complaint is longer than {LONGEST_TEXT} characters")
    given = COMPLAINT.read({name: value for name, value in parameters.items() if name != "text"})
    if given["category"] not in CATEGORIES:
        raise CannotAnswer(f"the category of a complaint must be one of {', '.join(CATEGORIES)}")
    return given | {"text": text}


def made(number: str, taken: Instant, call: str, given: Mapping[str, str]) -> Complaint:
    """The complaint."""
    category: Category = given["category"]  # type: ignore[assignment]
    return Complaint(
        number,
        taken,
        category,
        call,
        given.get("customer"),
        given.get("caller", ""),
        given.get("contact", "") or given.get("caller", ""),
        purpose=given.get("purpose", "complaint"),
        text=given["text"],
        recording=given.get("recording", ""),
        language=given.get("language", ""),
        read_back=given.get("read_back", "") == "true",
    )


def day_of(at: Instant, zone: tzinfo | None) -> str:
    """The day by which a complaint is numbered: ``20261124``. ``zone`` None: this machine's."""
    moment = datetime.fromtimestamp(at / 1e6, UTC).astimezone(zone)
    return moment.strftime("%Y%m%d")


def number_of(day: str, last: int) -> str:
    """``C20261124-0001``."""
    return f"C{day}-{last:04d}"


def summary_of(complaint: Complaint) -> str:
    """A line for the customer's history."""
    return f"{complaint.number} {complaint.text}".strip()[:500]
