"""``tag``: what is this call about?"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from domain.flow import Mark
from ivr.flow import Fields, FlowTrouble, Node
from ivr.walk import Walk

PURPOSES: Final = ("enquiry", "complaint", "suggestion", "confirmation", "survey", "follow_up")
"""What calls are for."""

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag(Node):
    """Mark the call's record: ``purpose`` with one of ``PURPOSES``, and anything else the flow names."""

    marks: dict[str, str]

    TYPE: ClassVar[str] = "tag"
    NEEDS: ClassVar[tuple[str, ...]] = ("done",)
    INSTANT: ClassVar[bool] = True

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``marks``: name to value, with ``{variable}`` filled in."""
        marks = fields.pairs("marks")
        for key, value in marks.items():
            if not _KEY.fullmatch(key):
                fields.wrong(f"marks: {key!r} is no name (letters, digits, _ and -)", "marks")
            if key == "purpose" and "{" not in value and value not in PURPOSES:
                fields.wrong(f"marks: purpose is {value!r}; it may be {', '.join(PURPOSES)}", "marks")
        return {"marks": marks}

    def templates(self) -> Iterable[str]:
        """The values."""
        return self.marks.values()

    def enter(self, walk: Walk) -> str | None:
        """Mark them."""
        for key, text in self.marks.items():
            value = walk.fill(text)
            if key == "purpose" and value not in PURPOSES:
                raise FlowTrouble(f"{value!r} is no purpose of a call")
            walk.out.append(Mark(walk.call, key, value))
        return "done"
