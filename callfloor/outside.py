"""Whom flows may ask and how messages leave the house, as the settings say."""

import ipaddress
import os
from collections.abc import Callable

from callfloor.asking import Asker
from callfloor.settings import Settings, SettingsError
from calls.runner import wall_clock
from common.asks import CannotAnswer
from common.db import Database
from common.fetch import Fetcher
from common.hosts import Entry, Hosts, place_of, split
from common.messages import SECURITY, GatewaySender, Post, Sender, SmtpSender, SpoolSender, check_template
from common.messages.message import is_address
from crm_bridge.bank_database import DatabaseBank
from crm_bridge.complaints_database import DatabaseComplaints


def make_asker(settings: Settings, database: Database) -> Asker:
    """Who answers the questions of flows. Raises SettingsError with every line to mend."""
    found = problems(settings)
    if found:
        raise SettingsError(found)
    bank = DatabaseBank(database, settings.region, wall_clock)
    complaints = DatabaseComplaints(database, wall_clock)
    return Asker(bank, bank, complaints, make_post(settings), Fetcher(_hosts(settings)))


def make_post(settings: Settings) -> Post:
    """Who sends messages: the provider of the settings, else a folder of files."""
    said, kept = settings.messages, SpoolSender(settings.outbox)
    sms: Sender = kept
    email: Sender = kept
    if said.sms_url:
        fetcher = Fetcher(Hosts.only(said.sms_url))
        sms = GatewaySender(fetcher, said.sms_url, said.sms_body, said.sms_headers)
    if said.smtp_host:
        email = SmtpSender(
            said.smtp_host,
            said.smtp_from,
            said.smtp_port,
            said.smtp_user,
            said.smtp_password,
            said.smtp_security,
        )
    return Post(sms, email, settings.region)


def problems(settings: Settings) -> list[str]:
    """What is wrong with these settings, a line each."""
    return [*_of_hosts(settings), *_of_outbox(settings), *_of_mail(settings), *_of_sms(settings)]


def unencrypted(settings: Settings) -> list[str]:
    """What goes over the network for everybody to read, a line each."""
    if problems(settings):
        return []
    said, told = settings.messages, []
    if said.smtp_host and said.smtp_user and said.smtp_security == "none" and not _is_near(said.smtp_host):
        told.append(
            "messages.smtp_security is none: the password goes over the network for everybody to read; set "
            "starttls or tls"
        )
    if said.sms_url.lower().startswith("http:") and not _is_near(place_of(split(said.sms_url)).host):
        told.append("messages.sms_url begins with http: messages go over the network for everybody to read")
    return told


def _of_hosts(settings: Settings) -> list[str]:
    flows, found = settings.flows, []
    entries: dict[str, list[Entry]] = {}
    for name in ("http_hosts", "http_plain", "http_internal"):
        entries[name] = []
        for text in getattr(flows, name):
            try:
                entries[name].append(Entry.read(text))
            except ValueError as error:
                found.append(f"flows.{name}: {error}")
    for name in ("http_plain", "http_internal"):
        for entry in entries[name]:
            if not any(listed.covers(entry) for listed in entries["http_hosts"]):
                found.append(f"flows.{name}: {entry} is not among flows.http_hosts")
    return found


def _hosts(settings: Settings) -> Hosts:
    flows = settings.flows
    return Hosts.read(flows.http_hosts, flows.http_plain, flows.http_internal)


def _of_outbox(settings: Settings) -> list[str]:
    if not settings.messages.outbox:
        return []  # in the data folder, which is looked at as such
    folder = settings.outbox.absolute()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return []
    return [f"messages.outbox: nothing can be written in {there}"]


def _of_mail(settings: Settings) -> list[str]:
    said, found = settings.messages, []
    if said.smtp_security not in SECURITY:
        found.append(
            f"messages.smtp_security: must be {', '.join(SECURITY[:-1])} or {SECURITY[-1]}, "
            f"is {said.smtp_security!r}"
        )
    if not 1 <= said.smtp_port <= 65_535:
        found.append(f"messages.smtp_port: must be between 1 and 65535, is {said.smtp_port}")
    if said.smtp_host and not is_address(said.smtp_from):
        found.append(f"messages.smtp_from: must be the address mails come from, is {said.smtp_from!r}")
    if bool(said.smtp_user) != bool(said.smtp_password):
        found.append("messages.smtp_user and messages.smtp_password: give both or neither")
    return found


def _of_sms(settings: Settings) -> list[str]:
    said = settings.messages
    if not said.sms_url:
        return []
    found = _refusals("messages.sms_url", lambda: Hosts.only(said.sms_url))
    try:
        check_template(said.sms_body)
    except ValueError as error:
        found.append(f"messages.sms_body: {error}")
    return found


def _refusals(name: str, act: Callable[[], object]) -> list[str]:
    try:
        act()
    except CannotAnswer as error:
        return [f"{name}: {error}"]
    return []


def _is_near(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
