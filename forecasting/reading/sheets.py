"""Tables of CSV and Excel files as rows of cells, each with the number it has in the file."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

Cell = str | float | datetime | date | time | None
"""What stands in a cell; text without spaces around it, None for an empty one."""
Row = tuple[int, list[Cell]]
"""The number of a row as an editor or Excel shows it, counted from 1, and its cells."""

_SEPARATORS = ",;\t|"


class SheetError(ValueError):
    """The file is no table that can be read; says what to do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its rows that are not empty, and what separates the cells of a CSV ("" in a workbook)."""

    rows: Iterator[Row]
    separator: str


def open_sheet(path: Path, sheet: str = "", encoding: str = "") -> Sheet:
    """The table in a CSV or XLSX file.

    ``sheet`` names one of a workbook (default: the first). CSV is separated by comma, semicolon, tab or bar,
    in UTF-8, UTF-16 or GB 18030 unless ``encoding`` says what. Raises SheetError, OSError; SheetError also
    while the rows are read.
    """
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return Sheet(_workbook(path, sheet), "")
    if path.suffix.lower() in (".xls", ".ods"):
        raise SheetError(f"{path.suffix} is not read; save it as .xlsx or .csv")
    text = _decoded(path.read_bytes(), encoding)
    separator = separator_of(text)
    return Sheet(_text(text, separator), separator)


def separator_of(text: str) -> str:
    """What separates the cells of a CSV: the character most of its first lines have equally often."""
    lines = [line for line in text[:20_000].splitlines()[:20] if line.strip()]
    best, most = ",", 0
    for one in _SEPARATORS:
        counts = [line.count(one) for line in lines]
        usual = max(set(counts), key=counts.count, default=0)
        found = counts.count(usual) if usual else 0
        if found > most:
            best, most = one, found
    return best


def _text(text: str, separator: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() or None for cell in cells]
    except csv.Error as error:
        raise SheetError(f"row {reader.line_num}: this is no CSV: {error}") from None


def _decoded(raw: bytes, encoding: str) -> str:
    if raw[:4] == b"PK\x03\x04":
        raise SheetError("this is a workbook; its name must end with .xlsx")
    if encoding:
        choices = [encoding]
    elif raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        choices = ["utf-16"]
    else:
        choices = ["utf-8-sig", "gb18030"]
    for choice in choices:
        try:
            text = raw.decode(choice)
        except UnicodeDecodeError:
            continue
        except LookupError:
            raise SheetError(f"{encoding!r} is no encoding; write it like utf-8 or gb18030") from None
        if "\0" in text:
            raise SheetError("this is no text; save it as CSV (UTF-8)")
        return text
    raise SheetError(f"this is not {' or '.join(choices)} text; save it as CSV (UTF-8)")


def _workbook(path: Path, sheet: str) -> Iterator[Row]:
    import openpyxl  # slow to import
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, EOFError, SyntaxError) as error:
        # zipfile, the XML parser and openpyxl each have their own way to say it.
        raise SheetError(f"this is no workbook that can be read: {error}") from None
    try:
        if sheet and sheet not in book.sheetnames:
            raise SheetError(f"there is no sheet {sheet!r}; there are {', '.join(book.sheetnames)}")
        page = book[sheet] if sheet else book.worksheets[0]
        for number, cells in enumerate(page.iter_rows(values_only=True), 1):
            row = [_cell(value) for value in cells]
            if any(value is not None for value in row):
                yield number, row
    finally:
        book.close()


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, (datetime, date, time)):
        return value
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, (int, float)):
        return float(value)
    return str(value).strip() or None
