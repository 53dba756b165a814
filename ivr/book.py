"""Which flow answers which number: named flows from YAML files, entry numbers and calendars from outside.

A call keeps the version it started with: several versions of a flow may lie in the folders side by side,
new calls take the newest.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from domain.config import CalendarConfig, EntryNumber, FrontDoorConfigured
from domain.ids import CallId
from domain.instant import Instant
from ivr.document import FlowProblem
from ivr.flow import Flow
from ivr.load import FlowError, load_file
from ivr.machine import Session
from ivr.nodes.last_resort import APOLOGY
from ivr.walk import Context, FixedHours, FlowSessionState, Hours

SAMPLE_FLOWS = Path(__file__).parent / "flows"
"""The flows of the sample bank, shipped with the package."""

HoursMaker = Callable[[tuple[CalendarConfig, ...]], Hours]
"""Makes the answerer of ``hours`` nodes from the configured calendars."""


def always_open(calendars: tuple[CalendarConfig, ...]) -> Hours:
    """The simplest ``HoursMaker``: every configured calendar is open."""
    return FixedHours({calendar.id: True for calendar in calendars})


class FlowBook:
    """Named flows in all their versions, and who gets which. Raises FlowError if a file is no flow."""

    def __init__(
        self,
        paths: Iterable[Path] = (SAMPLE_FLOWS,),
        hours: HoursMaker = always_open,
        default_queue: str = "default",
        languages: tuple[str, ...] = ("zh-CN", "en"),
    ) -> None:
        self._versions: dict[str, dict[int, Flow]] = {}
        self._entries: dict[str, EntryNumber] = {}
        self._default = ""
        self._make_hours = hours
        self._hours = hours(())
        self._now_hours = _NowHours(self)
        # With no flow at all a caller still gets a person or a voicemail.
        self._nothing = Flow("", 0, languages, APOLOGY, {}, default_queue)
        problems: list[FlowProblem] = []
        for file in _files(paths):
            try:
                self.add(load_file(file))
            except FlowError as error:
                problems += error.problems
        if problems:
            raise FlowError(problems)

    def add(self, flow: Flow) -> None:
        """Take in one flow. Raises FlowError if the same version is already there from another file."""
        versions = self._versions.setdefault(flow.name, {})
        other = versions.get(flow.version)
        if other is not None and replace(other, file="") != replace(flow, file=""):
            reason = f"version {flow.version} of flow {flow.name} is already defined in {other.file}"
            raise FlowError([FlowProblem(1, reason, flow.file)])
        versions[flow.version] = flow

    @property
    def flows(self) -> Sequence[Flow]:
        """The newest version of every flow, by name."""
        return [versions[max(versions)] for _, versions in sorted(self._versions.items())]

    def flow(self, name: str, version: int | None = None) -> Flow | None:
        """A flow by name; the newest if no version is given or that version is gone."""
        versions = self._versions.get(name)
        if not versions:
            return None
        return versions.get(version or 0) or versions[max(versions)]

    # ------------------------------------------------------------ the engine's side

    def configure(self, front_door: FrontDoorConfigured) -> None:
        """Take over entry numbers and calendars for calls that begin from now on."""
        self._entries = {entry.number: entry for entry in front_door.entries}
        self._default = front_door.default_flow
        self._hours = self._make_hours(front_door.calendars)

    def flow_for(self, dialled: str) -> tuple[Flow, str]:
        """The flow that answers ``dialled`` and the source it counts for."""
        entry = self._entries.get(dialled)
        flow = (self.flow(entry.flow) if entry else None) or self.flow(self._default)
        return flow or self._nothing, entry.source if entry else ""

    def open(self, call: CallId, caller: str, dialled: str, now: Instant) -> tuple[str, Session]:
        """The flow's name and a session at its start (``FlowStarted`` sets it going)."""
        flow, source = self.flow_for(dialled)
        context = Context(self._now_hours, {"source": source}, self.flow)
        return flow.name, Session.start(flow, call, caller, dialled, now, context)

    def stand_in(self, call: CallId, caller: str, dialled: str, language: str, now: Instant) -> Session:
        """A session for a call that came through no flow, standing in the last resort's queue."""
        session = Session.in_queue(self._nothing, call, caller, dialled, now, self._context())
        if language:
            session.state.variables["language"] = language
        return session

    def restore(self, state: FlowSessionState) -> Session:
        """A session as it was, in its own version of the flow if that is still here."""
        flow = self.flow(state.flow, state.version) or self._nothing
        return Session.restore(flow, state, self._context())

    def _context(self) -> Context:
        return Context(self._now_hours, flows=self.flow)


class _NowHours:
    """The calendars as they are now, so that a restored session is told what the living one would be."""

    def __init__(self, book: FlowBook) -> None:
        self._book = book

    def is_open(self, calendar: str, now: Instant) -> bool:
        """As the book's calendars say."""
        return self._book._hours.is_open(calendar, now)


def _files(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        found += sorted(p for p in path.iterdir() if _is_flow(p)) if path.is_dir() else [path]
    return found


def _is_flow(path: Path) -> bool:
    return path.suffix in (".yaml", ".yml", ".json")
