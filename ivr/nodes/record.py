"""``record``: look something up in the records."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from ivr.flow import Fields
from ivr.nodes.outside import Outside, read_outside
from ivr.walk import AskKind, Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Outside):
    """Ask a named ``query`` of the records; what it finds goes ``into`` variables."""

    query: str
    parameters: dict[str, str]

    TYPE: ClassVar[str] = "record"
    NEEDS: ClassVar[tuple[str, ...]] = ("found", "none")
    OK: ClassVar[str] = "found"
    NONE: ClassVar[str] = "none"

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``query``, ``parameters``, ``into``, and what every question has."""
        return {
            "query": fields.text("query"),
            "parameters": fields.pairs("parameters", required=False),
            "into": fields.results("into"),
            **read_outside(fields, 5.0),
        }

    def sends(self) -> Iterable[str]:
        """The parameters."""
        return self.parameters.values()

    def names(self) -> tuple[tuple[str, str], ...]:
        """The query."""
        return (("record", self.query),)

    def question(self, walk: Walk) -> tuple[AskKind, str, dict[str, str]]:
        """The query with its parameters."""
        return "record", self.query, {name: walk.parameter(text) for name, text in self.parameters.items()}
