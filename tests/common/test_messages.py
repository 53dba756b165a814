"""Messages: one contract for every sender, and what each does that others do not."""

import base64
import contextlib
import email
import email.policy
import json
import logging
import os
import socket
import ssl
import stat
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from callfloor import certificate
from common.asks import CannotAnswer
from common.fetch import Fetcher, MemoryFetcher, Response
from common.hosts import Hosts
from common.messages import (
    Delivery,
    GatewaySender,
    MemorySender,
    Message,
    Post,
    Sender,
    SmtpSender,
    SpoolSender,
    check_template,
    read_message,
)
from tests.common.servers import answers, hangs_up, serving

SMS = Message("sms", "+8613800000001", '您的话费余额为 12.50 元。\n"{to}" \\ {text}', key="k1")
MAIL = Message("email", "li.na@example.com", "您好,\n账单见附。", "您的账单", "k1")
TEMPLATE = '{"phone": "{to}", "content": [{"body": "{text}", "no": 7}], "ref": "{key}"}'
Arrived = Callable[[], list[Message]]


# ------------------------------------------------------------------ a mail server of a few lines


@dataclass
class Mails:
    """What a mail server was told."""

    port: int
    mails: list[bytes] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    encrypted: bool = False


@contextlib.contextmanager
def mail_server(
    *, recipient: str = "250 ok", data: str = "250 ok", tls: tuple[Path, Path] | None = None
) -> Iterator[Mails]:
    """On loopback; ``recipient`` and ``data`` are its answers there, ``tls`` its certificate and key."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Mails(listener.getsockname()[1])
        stop = threading.Event()

        def talk(connection: socket.socket) -> None:
            lines = connection.makefile("rb")

            def say(text: str) -> None:
                connection.sendall(text.encode() + b"\r\n")

            say("220 here")
            while line := lines.readline():
                word, _, rest = line.decode().strip().partition(" ")
                match word.upper():
                    case "EHLO":
                        offers = ["250-here", "250-AUTH PLAIN", "250-8BITMIME"]
                        say("\r\n".join([*offers, *(["250-STARTTLS"] if tls else []), "250 ok"]))
                    case "STARTTLS":
                        say("220 go on")
                        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                        assert tls is not None
                        context.load_cert_chain(*tls)
                        connection = context.wrap_socket(connection, server_side=True)
                        lines, server.encrypted = connection.makefile("rb"), True
                    case "AUTH":
                        server.signed_in.append(base64.b64decode(rest.split()[-1]).decode())
                        say("535 no" if "wrong" in server.signed_in[-1] else "235 ok")
                    case "RCPT":
                        say(recipient)
                    case "DATA":
                        say("354 go on")
                        mail = b""
                        while (part := lines.readline()) != b".\r\n":
                            mail += part
                        server.mails.append(mail)
                        say(data)
                    case "QUIT":
                        say("221 bye")
                        break
                    case _:
                        say("250 ok")
            lines.close()
            connection.close()

        def run() -> None:
            while True:
                connection, _ = listener.accept()
                if stop.is_set():
                    connection.close()
                    return
                with contextlib.suppress(OSError):
                    talk(connection)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            stop.set()
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 1):
                pass
            thread.join(5)


def plain(server: Mails, **more: Any) -> SmtpSender:
    return SmtpSender("127.0.0.1", "bank@example.com", server.port, security="none", timeout_s=5.0, **more)


def mails_of(server: Mails) -> list[Message]:
    found = []
    for raw in server.mails:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        text = mail.get_content().replace("\r\n", "\n").strip()
        found.append(Message("email", str(mail["To"]), text, str(mail["Subject"]), "k1"))
    return found


# ------------------------------------------------------------------ the contract


@pytest.fixture(params=["memory", "spool", "smtp", "gateway"])
def carried(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Sender, Message, Arrived]]:
    """A sender, a message it carries, and what has arrived."""
    match request.param:
        case "memory":
            memory = MemorySender()
            yield memory, SMS, lambda: memory.sent
        case "spool":
            folder = tmp_path / "deep" / "outbox"
            yield SpoolSender(folder), SMS, lambda: spooled(folder)
        case "smtp":
            with mail_server() as mails:
                yield plain(mails), MAIL, lambda: mails_of(mails)
        case "gateway":
            with serving(answers('{"id": 1}')) as server:
                fetcher = Fetcher(Hosts.only(f"http://127.0.0.1:{server.port}"))
                sender = GatewaySender(fetcher, f"http://127.0.0.1:{server.port}/send", TEMPLATE)
                yield sender, SMS, lambda: [posted(one) for one in server.asked]


def spooled(folder: Path) -> list[Message]:
    found = []
    for file in sorted(folder.glob("*.json")):
        one = json.loads(file.read_text())
        assert one.pop("at")
        found.append(Message(**one, key="k1"))
    return found


def posted(request: str) -> Message:
    body = json.loads(request.partition("\r\n\r\n")[2].encode("latin-1"))
    assert body["ref"] == SMS.token and body["content"][0]["no"] == 7
    return Message("sms", body["phone"], body["content"][0]["body"], key="k1")


def test_a_message_arrives_as_it_was_written(carried: tuple[Sender, Message, Arrived]) -> None:
    """Letters of any script, quotes, line breaks, and what looks like a field of a template."""
    sender, message, arrived = carried
    assert sender.send(message).state in ("sent", "kept")
    assert arrived() == [message]


def test_nothing_of_a_message_is_logged(
    carried: tuple[Sender, Message, Arrived], caplog: pytest.LogCaptureFixture
) -> None:
    """Nor shown in a representation."""
    sender, message, _ = carried
    with caplog.at_level(logging.DEBUG):
        delivery = sender.send(message)
    for part in (message.to, message.text, message.text[:5]):
        assert part not in caplog.text + repr(delivery) + repr(message)


@pytest.mark.parametrize("kind", ["memory", "spool"])
def test_the_same_key_is_the_same_message(kind: str, tmp_path: Path) -> None:
    """Where we keep it ourselves it is there once; without a key each is its own."""
    sender: Sender = MemorySender() if kind == "memory" else SpoolSender(tmp_path)

    def count() -> int:
        return len(sender.sent) if isinstance(sender, MemorySender) else len(spooled(tmp_path))

    for _ in range(3):
        sender.send(SMS)
    assert count() == 1
    for _ in range(2):
        sender.send(Message("sms", SMS.to, SMS.text))
    assert count() == 3


# ------------------------------------------------------------------ what is a message


def test_numbers_and_addresses_are_made_one_form() -> None:
    """Or nobody can be reached there."""

    def to(channel: str, text: str) -> str | None:
        message = read_message(channel, text, "hello", "about", "", "CN")
        return None if message is None else message.to

    assert [to("sms", n) for n in ("138 0000 0001", "0086-13800000001", "sip:+8613800000001@x")] == [
        "+8613800000001"
    ] * 3
    assert [to("sms", n) for n in ("", "anonymous", "8001", "x@y.example")] == [None] * 4
    assert to("email", " li.na+x@mail.example.com ") == "li.na+x@mail.example.com"
    strange = (
        "",
        "a",
        "a@b",
        "@b.c",
        "a@b..c",
        "a b@c.de",
        "a@b.c\nBcc: d@e.f",
        "<a@b.cd>",
        "a@b.cd, e@f.gh",
        "a@b.1",
        "ä@b.de",
    )
    assert [to("email", n) for n in strange] == [None] * len(strange)


@pytest.mark.parametrize(
    ("channel", "text", "subject", "said"),
    [
        ("fax", "hello", "s", "by nothing else"),
        ("sms", " \0 ", "", "needs a text"),
        ("sms", "x" * 1001, "", "longer than 1000"),
        ("email", "x" * 20_001, "s", "longer than 20000"),
        ("email", "hello", " \n", "needs a subject"),
        ("email", "hello", "x" * 201, "needs a subject"),
    ],
)
def test_what_is_no_message_is_told(channel: str, text: str, subject: str, said: str) -> None:
    """Before any sender sees it."""
    with pytest.raises(CannotAnswer, match=said):
        read_message(channel, "x@y.example", text, subject, "", "CN")


def test_a_subject_is_one_line() -> None:
    """It cannot bring headers of its own."""
    message = read_message("email", "x@y.example", "a\r\nb\tc\x07", "Bill\r\nBcc: d@e.example", "", "CN")
    assert message is not None
    assert (message.subject, message.text) == ("Bill Bcc: d@e.example", "a\nbc")


def test_the_post_takes_each_message_to_its_sender(caplog: pytest.LogCaptureFixture) -> None:
    """In the form of its country; what fails is logged without the message."""

    class Away:
        def send(self, message: Message) -> Delivery:
            return Delivery("failed", "the provider answered 500")

    sms = MemorySender()
    post = Post(sms, Away(), "US")
    assert post.send("sms", "(202) 555-0188", "hello") == ("sent", "")
    assert [one.to for one in sms.sent] == ["+12025550188"]
    assert post.send("sms", "nobody", "hello") == ("refused", "nobody can be reached there")
    assert post.send("email", "x@y.example", "hello", "about") == ("failed", "the provider answered 500")
    assert caplog.messages == ["a message by email was not sent: the provider answered 500"]


def test_nobody_is_flooded(caplog: pytest.LogCaptureFixture) -> None:
    """Six messages to one number however it is written, then one each ten minutes; others get theirs."""
    sms, now = MemorySender(), [0.0]
    post = Post(sms, MemorySender(), "CN", lambda: now[0])
    numbers = ["+86 138 0013 8000", "13800138000"] * 4
    states = [post.send("sms", number, "hello")[0] for number in numbers]
    assert states == ["sent"] * 6 + ["refused"] * 2
    assert "138" not in caplog.text and "too many to one recipient" in caplog.text
    assert post.send("sms", "13800138001", "hello") == ("sent", "")
    now[0] += 601
    assert [post.send("sms", numbers[0], "hello")[0] for _ in range(2)] == ["sent", "refused"]
    assert len(sms.sent) == 8


# ------------------------------------------------------------------ the folder


def test_a_kept_message_is_for_the_owner_alone_and_whole(tmp_path: Path) -> None:
    """No other user reads it, and no half file bears its name."""
    folder = tmp_path / "outbox"
    SpoolSender(folder).send(SMS)
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert file.name == f"sms-{SMS.token}.json"


def test_a_folder_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    """That says so, and leaves nothing behind."""
    (tmp_path / "file").write_text("")
    delivery = SpoolSender(tmp_path / "file" / "outbox").send(SMS)
    assert delivery.state == "failed" and delivery.why.startswith("the outbox cannot be written: ")


def test_a_message_that_was_not_wholly_written_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a full disk."""

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert SpoolSender(tmp_path).send(SMS).why == "the outbox cannot be written: No space left on device"
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------ the mail server


def test_a_mail_has_what_mail_programs_want() -> None:
    """From, date, an id that is the same for the same message, and that nobody sits behind it."""
    with mail_server() as server:
        for _ in range(2):
            plain(server).send(MAIL)
        first, second = (email.message_from_bytes(raw, policy=email.policy.default) for raw in server.mails)
    assert first["From"] == "bank@example.com" and first["Date"] and first["Auto-Submitted"]
    assert first["Message-ID"] == second["Message-ID"] == f"<{MAIL.token}@example.com>"


@pytest.mark.parametrize(
    ("answers_there", "expected"),
    [
        ({"recipient": "550 no such li.na"}, Delivery("refused", "the mail server answered 550")),
        ({"recipient": "451 later"}, Delivery("failed", "the mail server answered 451")),
        ({"data": "554 li.na: spam"}, Delivery("failed", "the mail server answered 554")),
    ],
)
def test_what_the_server_says_is_told_by_its_code(answers_there: dict[str, str], expected: Delivery) -> None:
    """Its words would repeat the message."""
    with mail_server(**answers_there) as server:  # type: ignore[arg-type]
        assert plain(server).send(MAIL) == expected


def test_signing_in_is_encrypted(tmp_path: Path) -> None:
    """STARTTLS with a certificate that is looked at; a server without it, or with another's, gets nothing."""
    pair = certificate.make(tmp_path, "127.0.0.1")
    known = ssl.create_default_context(cafile=str(pair[0]))

    def through(server: Mails, context: ssl.SSLContext | None) -> Delivery:
        sender = SmtpSender(
            "127.0.0.1", "bank@example.com", server.port, "me", "pass-word", context=context, timeout_s=5.0
        )
        assert "pass-word" not in repr(sender)
        return sender.send(MAIL)

    with mail_server(tls=pair) as server:
        assert through(server, known) == Delivery("sent")
        assert server.encrypted and server.signed_in == ["\0me\0pass-word"]
        assert through(server, None).state == "failed"
        assert len(server.signed_in) == 1
    with mail_server() as server:
        assert "SMTPNotSupportedError" in through(server, known).why
        assert server.signed_in == []


def test_a_wrong_password_is_told_without_it() -> None:
    """By the code."""
    with mail_server() as server:
        delivery = plain(server, user="me", password="wrong").send(MAIL)
    assert delivery == Delivery("failed", "the mail server answered 535")


def test_a_mail_server_that_is_away_is_a_failure() -> None:
    """Whatever way it is away in."""
    with serving(hangs_up) as server:
        delivery = SmtpSender("127.0.0.1", "bank@example.com", server.port, timeout_s=0.3).send(MAIL)
    assert delivery.state == "failed"
    gone = SmtpSender("127.0.0.1", "bank@example.com", server.port, timeout_s=0.3).send(MAIL)
    assert gone == Delivery("failed", "the mail server 127.0.0.1 cannot be reached (Connection refused)")


# ------------------------------------------------------------------ the gateway


def through_gateway(status: int) -> tuple[Delivery, MemoryFetcher]:
    url = "https://sms.example/send"
    fetcher = MemoryFetcher(Hosts.only(url), {("POST", url): Response(status)})
    return GatewaySender(fetcher, url, TEMPLATE, {"Authorization": "Bearer token"}).send(SMS), fetcher


def test_what_the_provider_says_decides() -> None:
    """Taken, never to be taken, not now."""
    states = {status: through_gateway(status)[0].state for status in (200, 202, 400, 404, 422, 401, 429, 500)}
    assert states == {
        **dict.fromkeys((200, 202), "sent"),
        **dict.fromkeys((400, 404, 422), "refused"),
        **dict.fromkeys((401, 429, 500), "failed"),
    }


def test_the_provider_is_asked_once_with_what_it_knows_us_by() -> None:
    """Also after a fault, since it may have sent the message."""
    _, fetcher = through_gateway(503)
    (asked,) = fetcher.asked
    assert asked.headers["Authorization"] == "Bearer token"
    assert (asked.retries, asked.key) == (0, SMS.token)
    sender = GatewaySender(fetcher, "https://sms.example/send", TEMPLATE, {"Authorization": "Bearer token"})
    assert "token" not in repr(sender).replace(SMS.token, "")
    with serving(hangs_up) as server:
        url = f"http://127.0.0.1:{server.port}/"
        assert GatewaySender(Fetcher(Hosts.only(url)), url, TEMPLATE).send(SMS).state == "failed"
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{to} {text}", "is no JSON"),
        ('{"to": "{to}"}', r"has no \{text\} in any text"),
        ('{"{to}": "{text}"}', r"has no \{to\} in any text"),
        ("7", r"has no \{to\} and no \{text\} in any text"),
    ],
)
def test_a_template_that_cannot_be_filled_is_told(template: str, said: str) -> None:
    """Before the first message."""
    with pytest.raises(ValueError, match=said):
        check_template(template)
    check_template(TEMPLATE)
