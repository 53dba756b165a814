"""Log lines: JSON whatever is said, plain where somebody looks on, never a library's whole messages."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callfloor import logs


def record(message: str, *args: Any, error: BaseException | None = None) -> logging.LogRecord:
    info = None if error is None else (type(error), error, error.__traceback__)
    return logging.LogRecord("calls.runner", logging.WARNING, "x.py", 1, message, args, info)


@given(st.text())
def test_whatever_is_said_is_one_line_of_json(said: str) -> None:
    """Quotes, line ends, control characters."""
    line = logs.JsonLines().format(record("%s", said))
    assert len(line.splitlines()) == 1 or not set(line) & {"\n", "\r"}
    assert json.loads(line)["said"] == said


def test_a_line_has_time_level_logger_and_the_traceback() -> None:
    """Machines read it."""
    try:
        raise KeyError('a "quoted" key')
    except KeyError as error:
        one = record("the %s failed", "journal", error=error)
    line = json.loads(logs.JsonLines().format(one))
    assert (line["level"], line["from"], line["said"]) == ("warning", "calls.runner", "the journal failed")
    at = datetime.fromisoformat(line["at"].replace("Z", "+00:00"))
    assert abs(at.timestamp() - one.created) < 0.002
    assert at.tzinfo == UTC
    assert "Traceback" in line["error"]
    assert line["error"].endswith("""KeyError: 'a "quoted" key'""")


def test_plain_lines_have_no_traceback() -> None:
    """One line, with what went wrong."""
    try:
        raise OSError("disk full")
    except OSError as error:
        line = logs.PlainLines().format(record("cannot\nwrite", error=error))
    assert line == "warning: cannot write (OSError: disk full)"


def test_a_wrong_format_string_costs_no_record() -> None:
    """What was meant is said."""
    assert json.loads(logs.JsonLines().format(record("%d calls", "many")))["said"] == "%d calls ('many',)"


def test_at_debug_libraries_still_do_not_write_down_messages(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A websocket's handshake has the session's cookie."""
    logs.to_stderr("debug", logs.JsonLines())
    logging.getLogger("websockets.server").debug("< Cookie: callfloor=secret")
    logging.getLogger("calls.runner").debug("ours")
    said = [json.loads(line)["said"] for line in capsys.readouterr().err.splitlines()]
    assert said == ["ours"]
