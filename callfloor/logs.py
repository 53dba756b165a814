"""Log records as JSON, one line each, or as plain lines for somebody who looks on."""

import json
import logging
from datetime import UTC, datetime

_CHATTY = ("websockets", "uvicorn", "asyncio", "aioice", "aiortc", "httpcore", "sqlalchemy")
"""Libraries that would write down whole messages, cookies and passwords among them: never asked for all."""


class JsonLines(logging.Formatter):
    """``{"at": ISO 8601 in UTC, "level": …, "from": logger, "said": …, "error": traceback, if any}``."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        at = datetime.fromtimestamp(record.created, UTC)
        line = {
            "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "from": record.name,
            "said": _said(record),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = self.formatException(record.exc_info)
        elif record.exc_text:
            line["error"] = record.exc_text
        if record.stack_info:
            line["stack"] = record.stack_info
        return json.dumps(line, ensure_ascii=False)


class PlainLines(logging.Formatter):
    """``level: what``; a traceback is only its last line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line = f"{record.levelname.lower()}: {_said(record)}"
        if record.exc_info and record.exc_info[1] is not None:
            line += f" ({type(record.exc_info[1]).__name__}: {record.exc_info[1]})"
        return " ".join(line.split())


def _said(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # a wrong format string must not cost us the record
        return f"{record.msg} {record.args}"


def to_stderr(level: str, formatter: logging.Formatter) -> None:
    """Everything of ``level`` and above goes to standard error, in this form."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.captureWarnings(True)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # ``migrate`` tells what it does
    if logging.getLogger().level < logging.INFO:
        for name in _CHATTY:
            logging.getLogger(name).setLevel(logging.INFO)
