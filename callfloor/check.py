"""What can be found out cheaply before anything is started: for ``callfloor config check`` and ``serve``."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from acd.floor.strategies import BUILT_IN, DEFAULT
from acd.store import load_config
from callfloor import lock, migrate, outside
from callfloor.server import SIP_PORT, WEB_PORT, StartError, bind, certificate_files, port_trouble
from callfloor.settings import Settings, SettingsError
from callfloor.wiring import front_door, make_book, own_strategies
from common.db import Database
from crm_bridge.models import TierRow
from domain.config import FrontDoorConfigured, QueueConfig
from ivr.book import FlowBook, read_published
from ivr.load import FlowError
from telephony.speech.espeak import EspeakVoice
from telephony.speech.voice import Voice, VoiceError

VOICE_TRIED_S = 5.0


def problems(settings: Settings) -> list[str]:
    """Everything in settings, flows and files that would keep the platform from starting, a line each."""
    return [
        *_addresses(settings),
        *_flows(settings),
        *_strategies(settings),
        *outside.problems(settings),
        *_folders(settings),
        *_certificate(settings),
    ]


def more_problems(settings: Settings) -> list[str]:
    """What is only known by trying: the database, and the ports unless a platform runs and has them."""
    taken = () if lock.is_held(settings.folder) else ports(settings)
    return [*_database(settings), *taken]


def warnings(settings: Settings) -> list[str]:
    """What will work, but perhaps not as it is meant, a line each."""
    web, told = settings.web, []
    if not _is_loopback(web.host) and not (web.certificate or web.self_signed):
        told.append(
            f"web.host is {web.host}, without encryption: browsers on other machines give no microphone; "
            "set web.certificate and web.key, or web.self_signed"
        )
    if not _is_loopback(web.host) and _is_loopback(settings.sip.host):
        told.append(
            f"web.host is {web.host} but sip.host is {settings.sip.host}: sound reaches browsers on this "
            "machine only; set sip.host and sip.advertised"
        )
    advertised = settings.sip.advertised
    if advertised and not _is_ours(advertised):
        told.append(
            f"sip.advertised is {advertised}, which is no address of this machine (has it changed?): "
            "browsers get no sound there, and telephones only if a router forwards it"
        )
    return [*told, *outside.unencrypted(settings), *_rows(settings)]


def voice_trouble(settings: Settings, voice: Voice | None = None) -> list[str]:
    """What keeps words that are not recorded from being spoken to callers, in one line. Blocks a moment."""
    voice = voice or EspeakVoice(limit_s=VOICE_TRIED_S)
    languages = {language: None for flow in make_book(settings).flows for language in flow.languages}
    for language in languages:
        try:
            voice.version()
            voice.speak("1", language)
        except VoiceError as error:
            return [f"callers hear beeps instead of words that are not recorded: {error}"]
    return []


def ports(settings: Settings, web: str = WEB_PORT, sip: str = SIP_PORT) -> Iterator[str]:
    """The ports that are taken; ``web`` and ``sip`` are where others can be chosen."""
    for kind, name, host, port, option in (
        (socket.SOCK_STREAM, "web", settings.web.host, settings.web.port, web),
        (socket.SOCK_DGRAM, "SIP", settings.sip.host, settings.sip.port, sip),
    ):
        try:
            with bind(kind, host, port) as probe:
                if kind == socket.SOCK_STREAM:
                    probe.listen(1)
        except OSError as error:
            yield port_trouble(name, host, port, error, option)


def _addresses(settings: Settings) -> Iterator[str]:
    sip = settings.sip
    for name, value in (("sip.host", sip.host), ("sip.advertised", sip.advertised)):
        if value and _address(value) is None:
            yield f"{name}: must be an IP address, is {value!r}"
    host, told = _address(sip.host), _address(sip.advertised or sip.host)
    if host is not None and told is not None and told.is_unspecified:
        yield (
            f"sip.advertised: must be the address telephones reach this machine by, since SIP listens on "
            f"{sip.host}"
        )
    if sip.media_ports_from < 1024 or sip.media_ports_to > 65_535:
        yield "sip.media_ports_from and sip.media_ports_to: must lie between 1024 and 65535"
    if sip.media_ports_from <= sip.port <= sip.media_ports_to:
        yield f"sip.port: {sip.port} lies among the ports of sound; move sip.media_ports_from"


def _flows(settings: Settings) -> Iterator[str]:
    try:
        book = read_flows(settings)
    except StartError as error:
        yield str(error)
        return
    known = {flow.name for flow in book.flows}
    if settings.flows.default not in known and (door := _front_door(settings)) is not None:
        known.update(text.name for text in door.flows)
    if settings.flows.default not in known:
        there = ", ".join(sorted(known))
        yield f"flows.default: there is no flow {settings.flows.default!r}; there are {there}"


def _front_door(settings: Settings) -> FrontDoorConfigured | None:
    """Entry numbers, calendars and published flows, where there is a database of this version."""
    if not _has_tables(settings):
        return None
    database = Database(settings.database_url)
    try:
        with database.transaction() as session:
            return front_door(session, settings)
    finally:
        database.close()


def _has_tables(settings: Settings) -> bool:
    """Whether there is a database of this version; what is wrong with it is told as a problem."""
    file = settings.folder / "callfloor.db"
    if not settings.data.database and not file.exists():
        return False
    try:
        return migrate.is_current(settings.database_url)
    except migrate.MigrationError:
        return False


def _strategies(settings: Settings) -> list[str]:
    try:
        own_strategies(settings)
    except SettingsError as error:
        return error.problems
    return []


def read_flows(settings: Settings) -> FlowBook:
    """The flows. Raises StartError."""
    try:
        return make_book(settings)
    except FlowError as error:
        raise StartError(str(error)) from None
    except OSError as error:
        raise StartError(f"{error.filename}: {error.strerror}") from None


def _folders(settings: Settings) -> Iterator[str]:
    folder = settings.folder.absolute()
    # What is not there yet will be made in the nearest folder that is.
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir():
        yield f"data.folder: {there} is no folder"
    elif not os.access(there, os.W_OK | os.X_OK):
        yield f"data.folder: nothing can be written in {there}"
    sounds = settings.speech.sounds
    if sounds and not Path(sounds).is_dir():
        yield f"speech.sounds: there is no folder {sounds}"


def _certificate(settings: Settings) -> Iterator[str]:
    if not settings.web.certificate:
        return  # a self-signed one is made by ``serve``
    try:
        certificate_files(settings)
    except StartError as error:
        yield str(error)


def _database(settings: Settings) -> Iterator[str]:
    file = settings.folder / "callfloor.db"
    if not settings.data.database and not file.exists():
        return  # made by ``serve``; to look would make it
    try:
        migrate.is_current(settings.database_url)
    except migrate.MigrationError as error:
        yield str(error)


def _rows(settings: Settings) -> Iterator[str]:
    """What queues ask for that only settings, flows or tiers can tell is not there; unreadable flows."""
    door = _front_door(settings)
    if door is None:
        return
    try:
        book = read_flows(settings)
    except StartError:
        return  # told as a problem
    book.configure(door)
    for text in door.flows:
        if isinstance(trouble := read_published(text), FlowError):
            yield from (f"callers do not get the published flow: {problem}" for problem in trouble.problems)
    database = Database(settings.database_url)
    try:
        with database.transaction() as session:
            queues = load_config(session).queues
            highest = session.execute(
                select(TierRow.id, TierRow.priority).order_by(TierRow.priority.desc()).limit(1)
            ).first()
    finally:
        database.close()
    for queue in queues:
        yield from _of_queue(queue, settings, book)
        base = queue.base_priority + highest.priority if highest is not None else 0.0
        if highest is not None and base > queue.age_cap:
            yield (
                f"queue {queue.id}: calls of tier {highest.id} start from {base:g}, above the queue's "
                f"age_cap of {queue.age_cap:g}, which cuts them down"
            )


def _of_queue(queue: QueueConfig, settings: Settings, book: FlowBook) -> Iterator[str]:
    known = {*BUILT_IN, *settings.acd.strategies}
    if queue.strategy not in known:
        yield (
            f"queue {queue.id}: there is no strategy {queue.strategy!r}, so it takes {DEFAULT}; "
            f"known are {', '.join(sorted(known))}"
        )
    for number, step in enumerate(queue.recipe, 1):
        for operation in step.do:
            if operation.act == "to_flow" and book.flow(operation.name) is None:
                yield f"queue {queue.id}: recipe step {number}: there is no flow {operation.name!r}"


def _is_ours(host: str) -> bool:
    """Whether an IP address is one of this machine's (or none that can be read, which is said elsewhere)."""
    address = _address(host)
    if address is None or address.is_unspecified:
        return True
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, 0))
        except OSError:
            return False
    return True


def _is_loopback(host: str) -> bool:
    address = _address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
