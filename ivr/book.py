"""Which flow answers which number: flows from YAML files, published flows, entry numbers and calendars.

A flow comes from the folders, or from what was published on the pages; what was published wins over files of
the same name. Published texts come in with ``FrontDoorConfigured`` and from nowhere else, so a replay of the
journal has the same flows. A call keeps the version it started with: several versions of a flow lie side by
side, new calls take the live one, which of files is the newest.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from domain.config import CalendarConfig, EntryNumber, FlowText, FrontDoorConfigured
from domain.ids import CallId
from domain.instant import Instant
from ivr.document import FlowProblem
from ivr.flow import Flow
from ivr.load import FlowError, load_file, load_flow
from ivr.machine import Session
from ivr.nodes.last_resort import APOLOGY
from ivr.walk import Context, FixedHours, FixedQueues, FlowSessionState, Hours, QueueFigures, Standing

SAMPLE_FLOWS = Path(__file__).parent / "flows"
"""The flows of the sample bank, shipped with the package."""

TEXTS_REMEMBERED = 256
"""Published texts whose reading is remembered: each change of the front door brings all of them again."""

HoursMaker = Callable[[tuple[CalendarConfig, ...]], Hours]
"""Makes the answerer of ``hours`` nodes from the configured calendars."""


def always_open(calendars: tuple[CalendarConfig, ...]) -> Hours:
    """The simplest ``HoursMaker``: every configured calendar is open."""
    return FixedHours({calendar.id: True for calendar in calendars})


@lru_cache(TEXTS_REMEMBERED)
def read_published(text: FlowText) -> Flow | FlowError:
    """The flow of a published text, or why this program cannot run it (it was published under another).

    Reading takes some ten milliseconds: who is about to tell a front door reads its texts beforehand, in a
    thread of their own.
    """
    try:
        flow = load_flow(text.text, f"{text.name} version {text.version}")
    except FlowError as error:
        return error
    return replace(flow, name=text.name, version=text.version)


def versions_used(state: FlowSessionState) -> Iterator[tuple[str, int]]:
    """The flows, with their versions, that a call stands in or will return to."""
    yield state.flow, state.version
    for frame in state.stack:
        yield frame.flow, frame.version


def with_versions_in_use(
    front_door: FrontDoorConfigured, before: FrontDoorConfigured | None, states: Iterable[FlowSessionState]
) -> FrontDoorConfigured:
    """``front_door``, and of the one before what calls under way (their ``states``) still walk through."""
    known = {(text.name, text.version) for text in front_door.flows}
    in_use = {used for state in states for used in versions_used(state)} - known
    kept = [replace(t, live=False) for t in (before.flows if before else ()) if (t.name, t.version) in in_use]
    if not kept:
        return front_door
    flows = sorted([*front_door.flows, *kept], key=lambda t: (t.name, t.version))
    return replace(front_door, flows=tuple(flows))


class FlowBook:
    """Named flows in all their versions, and who gets which. Raises FlowError if a file is no flow."""

    def __init__(
        self,
        paths: Iterable[Path] = (SAMPLE_FLOWS,),
        hours: HoursMaker = always_open,
        default_queue: str = "default",
        languages: tuple[str, ...] = ("zh-CN", "en"),
    ) -> None:
        self.queues: QueueFigures = FixedQueues()
        """Who is asked how queues stand: the floor, where there is one."""
        self._versions: dict[str, dict[int, Flow]] = {}
        self._texts: dict[tuple[str, int], str] = {}
        self._published: dict[str, dict[int, Flow]] = {}
        self._live: dict[str, Flow] = {}
        self._entries: dict[str, EntryNumber] = {}
        self._default = ""
        self._make_hours = hours
        self._hours = hours(())
        self._now_hours = _NowHours(self)
        self._now_queues = _NowQueues(self)
        # With no flow at all a caller still gets a person or a voicemail.
        self._nothing = Flow("", 0, languages, APOLOGY, {}, default_queue)
        problems: list[FlowProblem] = []
        for file in _files(paths):
            try:
                self.add(load_file(file), file.read_text(encoding="utf-8"))
            except FlowError as error:
                problems += error.problems
        if problems:
            raise FlowError(problems)

    def add(self, flow: Flow, text: str = "") -> None:
        """Take in one flow as if from a file. Raises FlowError if another file has the same version."""
        versions = self._versions.setdefault(flow.name, {})
        other = versions.get(flow.version)
        if other is not None and replace(other, file="") != replace(flow, file=""):
            reason = f"version {flow.version} of flow {flow.name} is already defined in {other.file}"
            raise FlowError([FlowProblem(1, reason, flow.file)])
        versions[flow.version] = flow
        self._texts[flow.name, flow.version] = text

    # ------------------------------------------------------------ looking things up

    @property
    def flows(self) -> Sequence[Flow]:
        """Every flow as new calls get it, by name."""
        names = sorted({*self._versions, *self._live})
        return [flow for name in names if (flow := self.flow(name)) is not None]

    @property
    def file_flows(self) -> Sequence[Flow]:
        """Every version of every flow that lies in the folders, by name and version."""
        return [
            flow for _, versions in sorted(self._versions.items()) for _, flow in sorted(versions.items())
        ]

    def file_text(self, name: str, version: int) -> str | None:
        """The text of a version that lies in the folders, as it was when it was read."""
        return self._texts.get((name, version))

    def flow(self, name: str, version: int | None = None) -> Flow | None:
        """A flow by name; as new calls get it if no version is given or that version is gone."""
        published, files = self._published.get(name, {}), self._versions.get(name, {})
        if version:
            found = published.get(version) or files.get(version)
            if found is not None:
                return found
        return self._live.get(name) or (files[max(files)] if files else None)

    # ------------------------------------------------------------ the engine's side

    def configure(self, front_door: FrontDoorConfigured) -> None:
        """Take over published flows and entry numbers for calls that begin from now on, and calendars.

        A text that cannot be read is as if it were not there: callers get the file of that name, or the
        default flow.
        """
        self._entries = {entry.number: entry for entry in front_door.entries}
        self._default = front_door.default_flow
        self._hours = self._make_hours(front_door.calendars)
        published: dict[str, dict[int, Flow]] = {}
        live: dict[str, Flow] = {}
        for text in front_door.flows:
            flow = read_published(text)
            if isinstance(flow, FlowError):
                continue
            published.setdefault(text.name, {})[text.version] = flow
            if text.live:
                live[text.name] = flow
        # At once: pages look at a book from threads of their own.
        self._published, self._live = published, live

    def flow_for(self, dialled: str) -> tuple[Flow, str]:
        """The flow that answers ``dialled`` and the source it counts for."""
        entry = self._entries.get(dialled)
        flow = (self.flow(entry.flow) if entry else None) or self.flow(self._default)
        return flow or self._nothing, entry.source if entry else ""

    def open(self, call: CallId, caller: str, dialled: str, now: Instant) -> tuple[str, Session]:
        """The flow's name and a session at its start (``FlowStarted`` sets it going)."""
        flow, source = self.flow_for(dialled)
        context = replace(self._context(), variables={"source": source})
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
        return Context(self._now_hours, {}, self.flow, self._now_queues, self.flow)


class _NowHours:
    """The calendars as they are now, so that a restored session is told what the living one would be."""

    def __init__(self, book: FlowBook) -> None:
        self._book = book

    def is_open(self, calendar: str, now: Instant) -> bool:
        """As the book's calendars say."""
        return self._book._hours.is_open(calendar, now)


class _NowQueues:
    """The queues as they are now, wherever the book gets them from."""

    def __init__(self, book: FlowBook) -> None:
        self._book = book

    def figures(self, queue: str) -> Standing | None:
        """As whoever the book asks says."""
        return self._book.queues.figures(queue)


def _files(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        found += sorted(p for p in path.iterdir() if _is_flow(p)) if path.is_dir() else [path]
    return found


def _is_flow(path: Path) -> bool:
    return path.suffix in (".yaml", ".yml", ".json")
