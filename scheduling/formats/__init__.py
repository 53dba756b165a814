"""Problems and rosters as files.

* ``documents``: problems and rosters as JSON, and the JSON Schema of problems
* ``curtois``: the shift-scheduling benchmark of Curtois and Qu, as text
* ``people_csv``, ``requirement_csv``: people, and what they are needed for, as CSV
* ``books``: rules as TOML, ready-made ones in ``scheduling/laws``
* ``sheets``: rosters as XLSX, in and out; ``calendars``: as iCalendar

Whatever cannot be read raises ``FormatError`` with the file, the line and the reason of all that is wrong.
"""

from scheduling.formats.errors import FormatError, Wrong

__all__ = ["FormatError", "Wrong"]
