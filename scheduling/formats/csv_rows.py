"""Rows of a CSV file with a line of headings, whatever it is separated by."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduling.formats.errors import FormatError, Wrong


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its line in the file, and its cells by column."""

    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        return self.cells.get(column, "")


def lines(
    text: str, file: str, columns: Mapping[str, Sequence[str]], needed: Sequence[str], *, strict: bool
) -> Iterator[Line]:
    """The rows of a text. ``columns`` gives the headings each column may have, in small letters; ``strict``:
    there may be no others. Raises FormatError.
    """
    text = text.removeprefix("\ufeff")
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True)
    try:
        headings = [cell.strip().lower() for cell in next(reader, [])]
        names = {word: name for name, words in columns.items() for word in (name, *words)}
        found = [names.get(heading, "") for heading in headings]
        _check(file, headings, found, needed, columns, strict)
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if len(cells) > len(found):
                raise FormatError(
                    file, [Wrong(reader.line_num, f"has {len(cells)} cells; there are {len(found)} headings")]
                )
            yield Line(
                reader.line_num, {name: cell for name, cell in zip(found, cells, strict=False) if name}
            )
    except csv.Error as error:
        raise FormatError(file, [Wrong(reader.line_num, f"is not CSV: {error}")]) from None


def _check(
    file: str,
    headings: Sequence[str],
    found: Sequence[str],
    needed: Sequence[str],
    columns: Mapping[str, Sequence[str]],
    strict: bool,
) -> None:
    wrongs = [
        Wrong(1, f"no column is {name}; there are {', '.join(headings) or 'none'}")
        for name in needed
        if name not in found
    ]
    wrongs += [Wrong(1, f"two columns are {name}") for name in columns if found.count(name) > 1]
    if strict:
        wrongs += [
            Wrong(1, f"there is no column {heading!r}; there may be {', '.join(columns)}")
            for heading, name in zip(headings, found, strict=True)
            if not name and heading
        ]
    if wrongs:
        raise FormatError(file, wrongs)
