"""Tables as CSV for spreadsheets: Chinese stays Chinese, and no cell is run as a formula."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Request, Response

BOM = "\ufeff"
"""Without it Excel reads UTF-8 as something else."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
AS_CSV: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "JSON, or as CSV (UTF-8 with a BOM) for `Accept: text/csv` or `format=csv`",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}


def _wants_csv(
    request: Request,
    format: Annotated[Literal["json", "csv"] | None, Query(description="instead of `Accept`")] = None,
) -> bool:
    if format is not None:
        return format == "csv"
    return "text/csv" in request.headers.get("accept", "").lower()


WantsCsv = Annotated[bool, Depends(_wants_csv)]
"""Whether the answer should be CSV."""


def csv_text(head: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """A header line and a line for each row: the values of ``head``, empty where a row has none."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow(head)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in head])
    return out.getvalue()


def csv_response(name: str, head: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Response:
    """The file ``name``.csv to be kept."""
    return Response(
        csv_text(head, rows),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def local(at_ms: int | None, zone: ZoneInfo) -> str:
    """Milliseconds since the epoch as a time on the wall with its distance from UTC; empty for None."""
    if at_ms is None:
        return ""
    return datetime.fromtimestamp(at_ms // 1000, zone).isoformat(" ")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    if isinstance(value, int):
        return str(value)
    text = " ".join(value) if isinstance(value, list | tuple) else str(value)
    # What callers and agents wrote must not be run by the spreadsheet of who reads it.
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
