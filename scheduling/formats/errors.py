"""What is wrong with a file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from scheduling.problem import ProblemError


@dataclass(frozen=True, slots=True)
class Wrong:
    """One mistake, with its line (0: of the file as a whole)."""

    line: int
    reason: str


class FormatError(ValueError):
    """A file that cannot be used; ``wrongs`` are all mistakes that were found."""

    def __init__(self, file: str, wrongs: Iterable[Wrong]) -> None:
        self.file, self.wrongs = file, tuple(wrongs)
        super().__init__("\n".join(f"{place(file, one.line)}: {one.reason}" for one in self.wrongs))


def place(file: str, line: int) -> str:
    """``file:line``, or the file alone."""
    return f"{file}:{line}" if line else file


def unsound(file: str, error: ProblemError, line_of: Callable[[str], int]) -> FormatError:
    """The faults of a problem, each with the line its path stands in."""
    return FormatError(file, (Wrong(line_of(fault.path), str(fault)) for fault in error.faults))
