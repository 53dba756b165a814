"""Log lines that strangers can cause: the first is written at once, the rest are counted."""

import logging

from domain.instant import Instant, seconds_between

QUIET_S = 10.0


class LimitedLog:
    """At most one line per kind in ``QUIET_S`` seconds; the next one tells how many were left out.

    Kinds are a small fixed set of words of ours, so nothing grows with what strangers send.
    """

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._written: dict[str, Instant] = {}
        self._left_out: dict[str, int] = {}

    def warn(self, kind: str, detail: str, now: Instant) -> None:
        """Write or count one line."""
        last = self._written.get(kind)
        if last is not None and seconds_between(last, now) < QUIET_S:
            self._left_out[kind] = self._left_out.get(kind, 0) + 1
            return
        self._written[kind] = now
        missed = self._left_out.pop(kind, 0)
        tail = f" ({missed} more like it since the last line)" if missed else ""
        self._logger.warning("%s: %s%s", kind, detail, tail)
