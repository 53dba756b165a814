"""Process settings: one TOML file plus environment (``CALLFLOOR_WEB_PORT=8443`` for ``[web] port``).

Everything else (users, queues, numbers …) is rows in the database.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any


class SettingsError(Exception):
    """The settings cannot be used; the message names every line to mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Web:
    """Where pages are served. Without a certificate only loopback gives browsers a microphone.

    ``metrics_token`` lets another machine's Prometheus read ``/metrics`` (``Authorization: Bearer …``).
    """

    host: str = "127.0.0.1"
    port: int = 8000
    certificate: str = ""
    key: str = ""
    self_signed: bool = False
    metrics_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Sip:
    """Where telephones are heard. ``advertised`` is the media address told to the far end."""

    host: str = "127.0.0.1"
    port: int = 5060
    advertised: str = ""
    media_ports_from: int = 20_000
    media_ports_to: int = 29_999


@dataclass(frozen=True, slots=True)
class Data:
    """Where things are kept. ``database`` is an SQLAlchemy URL; empty: SQLite in ``folder``."""

    folder: str = "data"
    database: str = ""


@dataclass(frozen=True, slots=True)
class Speech:
    """Prompts: the folder of recorded sounds, by language; what it lacks is spoken by the voice."""

    sounds: str = ""


@dataclass(frozen=True, slots=True)
class Flows:
    """Folders of flow files besides the sample flows, and the flow of numbers that name none.

    ``http_hosts`` are those flows may ask, ``http_plain`` of them without TLS, ``http_internal`` at addresses
    of the own network.
    """

    folders: tuple[str, ...] = ()
    default: str = "bank"
    http_hosts: tuple[str, ...] = ()
    http_plain: tuple[str, ...] = ()
    http_internal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Messages:
    """How SMS and e-mail leave the house; what has no way out is kept as files in ``outbox``."""

    outbox: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_from: str = ""
    sms_url: str = ""
    sms_body: str = ""
    sms_headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Acd:
    """Rules of the whole floor: after how many missed calls in a row an agent counts as away, and strategies
    of your own, name to ``package.module:function``.
    """

    missed_limit: int = 2
    strategies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it."""

    web: Web = field(default_factory=Web)
    sip: Sip = field(default_factory=Sip)
    data: Data = field(default_factory=Data)
    speech: Speech = field(default_factory=Speech)
    flows: Flows = field(default_factory=Flows)
    acd: Acd = field(default_factory=Acd)
    messages: Messages = field(default_factory=Messages)
    log_level: str = "info"
    region: str = "CN"
    """Country of telephone numbers written without one."""

    @property
    def folder(self) -> Path:
        """The data folder."""
        return Path(self.data.folder)

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.data.database or f"sqlite:///{self.folder / 'callfloor.db'}"

    @property
    def outbox(self) -> Path:
        """Where messages lie that somebody else fetches."""
        return Path(self.messages.outbox) if self.messages.outbox else self.folder / "outbox"

    @property
    def journal_path(self) -> Path:
        """The journal's file."""
        return self.folder / "journal.db"


def load(path: Path | None, environment: Mapping[str, str] | None = None) -> Settings:
    """Settings of a file (None: defaults) and the environment. Raises SettingsError with every problem."""
    environment = os.environ if environment is None else environment
    raw: dict[str, Any] = {}
    if path is not None:
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise SettingsError([f"{path}: there is no such file"]) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError([f"{path}: {error}"]) from None
    problems: list[str] = []
    settings = _fill(Settings(), raw, str(path or "settings"), "", problems)
    settings = _from_environment(settings, environment, problems)
    problems += _check(settings)
    if problems:
        raise SettingsError(problems)
    return settings


def _fill(target: Any, raw: Mapping[str, Any], where: str, prefix: str, problems: list[str]) -> Any:
    known = {f.name: getattr(target, f.name) for f in fields(target)}
    changes: dict[str, Any] = {}
    for key, value in raw.items():
        name = f"{prefix}{key}"
        if key not in known:
            problems.append(f"{where}: {name}: unknown setting; known are {', '.join(sorted(known))}")
        elif is_dataclass(known[key]):
            if isinstance(value, Mapping):
                changes[key] = _fill(known[key], value, where, f"{name}.", problems)
            else:
                problems.append(f"{where}: {name}: must be a table [{name}]")
        else:
            changes[key] = _value(known[key], value, f"{where}: {name}", problems)
    return replace(target, **changes)


def _value(default: Any, value: Any, where: str, problems: list[str]) -> Any:
    if isinstance(default, tuple):
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(value)
        problems.append(f"{where}: must be a list of strings, is {value!r}")
    elif isinstance(default, dict):
        if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
            return value
        problems.append(f"{where}: must be a table of texts, is {value!r}")
    elif type(value) is not type(default):
        problems.append(f"{where}: must be {_kind(default)}, is {value!r}")
    else:
        return value
    return default


def _from_environment(settings: Settings, environment: Mapping[str, str], problems: list[str]) -> Settings:
    changes: dict[str, Any] = {}
    for group in fields(settings):
        current = getattr(settings, group.name)
        if not is_dataclass(current):
            text = environment.get(f"CALLFLOOR_{group.name.upper()}")
            if text is not None:
                changes[group.name] = text
            continue
        for one in fields(current):
            name = f"CALLFLOOR_{group.name}_{one.name}".upper()
            text = environment.get(name)
            if text is not None:
                value = _parse(getattr(current, one.name), text, name, problems)
                changes[group.name] = replace(changes.get(group.name, current), **{one.name: value})
    return replace(settings, **changes)


def _parse(default: Any, text: str, where: str, problems: list[str]) -> Any:
    if isinstance(default, bool):
        if text.lower() in ("1", "true", "yes", "0", "false", "no"):
            return text.lower() in ("1", "true", "yes")
    elif isinstance(default, int):
        if text.strip().isdecimal():
            return int(text)
    elif isinstance(default, tuple):
        return tuple(part for part in text.split(os.pathsep) if part)
    elif isinstance(default, dict):
        pairs = [part.partition("=") for part in text.split(",") if part.strip()]
        if all(equals for _, equals, _ in pairs):
            return {name.strip(): value.strip() for name, _, value in pairs}
    else:
        return text
    problems.append(f"{where}: must be {_kind(default)}, is {text!r}")
    return default


def _kind(default: Any) -> str:
    kinds = {bool: "true or false", int: "a whole number", str: "text", dict: "name=value,name=value"}
    return kinds.get(type(default), "a list")


def _check(settings: Settings) -> list[str]:
    problems = []
    for name, port in (("web.port", settings.web.port), ("sip.port", settings.sip.port)):
        if not 0 <= port <= 65_535:
            problems.append(f"{name}: must be between 0 and 65535, is {port}")
    if settings.sip.media_ports_to - settings.sip.media_ports_from < 100:
        problems.append("sip.media_ports_to: must leave at least 100 ports above sip.media_ports_from")
    if bool(settings.web.certificate) != bool(settings.web.key):
        problems.append("web.certificate and web.key: give both or neither")
    for name, file in (("web.certificate", settings.web.certificate), ("web.key", settings.web.key)):
        if file and not Path(file).is_file():
            problems.append(f"{name}: there is no file {file}")
    if settings.web.metrics_token and len(settings.web.metrics_token) < 16:
        problems.append("web.metrics_token: must have at least 16 characters, or be empty")
    if not 1 <= settings.acd.missed_limit <= 100:
        problems.append(f"acd.missed_limit: must be between 1 and 100, is {settings.acd.missed_limit}")
    for name, place in settings.acd.strategies.items():
        if not re.fullmatch(r"[A-Za-z][\w.-]{0,63}", name):
            problems.append(f"acd.strategies: {name!r} cannot be a name; use letters, digits and _ - .")
        if not re.fullmatch(r"[\w.]+:\w+", place):
            problems.append(f"acd.strategies: {name}: must be package.module:function, is {place!r}")
    if settings.log_level not in ("debug", "info", "warning", "error"):
        problems.append(f"log_level: must be debug, info, warning or error, is {settings.log_level!r}")
    return problems
