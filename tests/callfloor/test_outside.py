"""Whom flows may ask and how messages leave, as the settings say; what is wrong with them is told."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from callfloor import check, outside
from callfloor.server import Platform
from callfloor.settings import Flows, Messages, Settings, SettingsError, load
from calls.runner import wall_clock
from common.db import Database
from crm_bridge import sample_books
from crm_bridge.bank_models import ComplaintRow, TransactionRow
from domain.flow import Ask
from domain.ids import CallId
from telephony.simulated import SimulatedSwitch
from tests.callfloor.running import NUMBER, LoopTime, make_platform, settings_in, switch_of
from tests.common.servers import answers, serving
from tests.common.test_messages import mail_server, spooled
from tests.hashes import quick_hashes

__all__ = ["quick_hashes"]
PHONE = "+8613800000001"

SMS_BODY = '{"phone": "{to}", "content": "{text}"}'
GATEWAY = "https://sms.example/send"


@pytest.fixture
def good(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


def with_flows(good: Settings, **more: Any) -> Settings:
    return replace(good, flows=replace(good.flows, **more))


def with_messages(good: Settings, **more: Any) -> Settings:
    return replace(good, messages=Messages(**more))


def test_settings_that_are_well_have_nothing_to_mend(good: Settings) -> None:
    """Without anything, and with everything."""
    hosts = ("api.bank.example", "*.partner.example", "core.lan:8443")
    whole = with_flows(
        good, http_hosts=hosts, http_plain=("a.partner.example",), http_internal=("core.lan:8443",)
    )
    whole = replace(
        whole,
        messages=Messages(
            "/tmp/outbox",
            "mail.example",
            465,
            "tls",
            "me",
            "password",
            "bank@example.com",
            GATEWAY,
            SMS_BODY,
            {"Authorization": "Bearer x"},
        ),
    )
    assert [outside.problems(one) for one in (good, whole)] == [[], []]
    assert [outside.unencrypted(one) for one in (good, whole)] == [[], []]


def test_every_problem_is_told_at_once(good: Settings, tmp_path: Path) -> None:
    """By the name of its setting; ``config check`` has them, and nothing starts with them."""
    (tmp_path / "file").write_text("")
    wrong = with_flows(
        good,
        http_hosts=("https://x.example", "*.example", "8443"),
        http_plain=("a.example",),
        http_internal=("x.example:1",),
    )
    wrong = replace(
        wrong,
        messages=Messages(
            str(tmp_path / "file" / "outbox"),
            "mail.example",
            0,
            "ssl",
            "me",
            "",
            "nobody",
            "sms.example/send",
            '{"to": "{to}"}',
        ),
    )
    found = outside.problems(wrong)
    assert [one.split(": ")[0] for one in found] == [
        *["flows.http_hosts"] * 3,
        "flows.http_plain",
        "flows.http_internal",
        "messages.outbox",
        "messages.smtp_security",
        "messages.smtp_port",
        "messages.smtp_from",
        "messages.smtp_user and messages.smtp_password",
        "messages.sms_url",
        "messages.sms_body",
    ]
    assert found[3] == "flows.http_plain: a.example is not among flows.http_hosts"
    assert found[6] == "messages.smtp_security: must be starttls, tls or none, is 'ssl'"
    assert check.problems(wrong) == found
    assert outside.unencrypted(wrong) == []
    database = Database("sqlite://")
    with pytest.raises(SettingsError):
        outside.make_asker(wrong, database)
    database.close()


def test_what_others_on_the_network_can_read_is_warned_of(good: Settings) -> None:
    """A password without encryption, messages without it; on this machine nobody else listens."""
    mail = {"smtp_from": "bank@example.com", "smtp_user": "me", "smtp_password": "x", "smtp_security": "none"}
    sms = {"sms_body": SMS_BODY}
    near = with_messages(good, smtp_host="127.0.0.1", sms_url="http://localhost:8080/", **mail, **sms)
    far = with_messages(good, smtp_host="mail.example", sms_url="http://sms.example/", **mail, **sms)
    assert outside.unencrypted(near) == []
    told = outside.unencrypted(far)
    assert [one.split(" ")[0] for one in told] == ["messages.smtp_security", "messages.sms_url"]
    assert check.warnings(far) == told


def test_secrets_are_not_shown(good: Settings) -> None:
    """Settings may end up in a log."""
    said = with_messages(good, smtp_password="271828", sms_headers={"Authorization": "271828"})
    assert "271828" not in repr(said)


def test_settings_come_from_file_and_environment(tmp_path: Path) -> None:
    """Secrets best from the environment."""
    file = tmp_path / "callfloor.toml"
    file.write_text(
        '[flows]\nhttp_hosts = ["core.lan:8443"]\n[messages]\nsms_url = "https://sms.example/"\n'
        "sms_headers = {A = 'b'}\nsmtp_port = 25\n"
    )
    environment = {
        "CALLFLOOR_FLOWS_HTTP_PLAIN": "a.example:b.example",
        "CALLFLOOR_MESSAGES_SMTP_PASSWORD": "x",
        "CALLFLOOR_MESSAGES_SMS_HEADERS": "Authorization=Bearer a=b",
    }
    settings = load(file, environment)
    assert settings.flows == Flows(http_hosts=("core.lan:8443",), http_plain=("a.example", "b.example"))
    assert settings.messages.sms_headers == {"Authorization": "Bearer a=b"}
    assert (settings.messages.smtp_port, settings.messages.smtp_password) == (25, "x")


def test_messages_wait_in_the_data_folder_unless_there_is_a_provider(good: Settings, tmp_path: Path) -> None:
    """By SMS and by e-mail each."""
    post = outside.make_post(good)
    assert post.send("sms", "13800000001", "hello")[0] == "kept"
    assert post.send("email", "li@example.com", "hello", "about")[0] == "kept"
    assert sorted(one.channel for one in spooled(good.folder / "outbox")) == ["email", "sms"]
    elsewhere = with_messages(good, outbox=str(tmp_path / "elsewhere"))
    outside.make_post(elsewhere).send("sms", "13800000001", "hello")
    assert len(spooled(tmp_path / "elsewhere")) == 1


def test_messages_go_to_the_providers_of_the_settings(good: Settings) -> None:
    """A gateway in the own network too, since the settings name it."""
    with serving(answers()) as gateway, mail_server() as mails:
        said = with_messages(
            good,
            smtp_host="127.0.0.1",
            smtp_port=mails.port,
            smtp_security="none",
            smtp_from="bank@example.com",
            sms_url=f"http://127.0.0.1:{gateway.port}/send",
            sms_body=SMS_BODY,
            sms_headers={"X-Key": "k"},
        )
        post = outside.make_post(said)
        assert post.send("sms", "13800000001", "hello") == ("sent", "")
        assert post.send("email", "li@example.com", "hello", "about") == ("sent", "")
    assert "X-Key: k" in gateway.asked[0] and '"phone": "+8613800000001"' in gateway.asked[0]
    assert len(mails.mails) == 1


def test_flows_reach_the_hosts_of_the_settings(good: Settings) -> None:
    """And no others."""
    database = Database("sqlite://")
    with serving(answers('{"a": 7}')) as server:
        near = f"127.0.0.1:{server.port}"
        asker = outside.make_asker(
            with_flows(good, http_hosts=(near,), http_plain=(near,), http_internal=(near,)), database
        )
        given = {"url": f"http://{near}/", "result.a": "a"}
        told = asker(Ask(CallId("c"), "q", "http", "GET", given), given)
        assert told.values == {"status": 200, "a": 7}
        given = {"url": f"http://localhost:{server.port}/"}
        assert "flows.http_hosts" in asker(Ask(CallId("c"), "q", "http", "GET", given), given).why
    database.close()


ASKING = """
flow: straight
version: 2
languages: [en]
entry: secret
default_queue: personal
nodes:
  secret:
    type: collect
    into: secret
    sensitive: true
    min: 6
    max: 6
    prompts: {en: "The secret, please."}
    exits: {done: recharge, no_input: end, no_match: end}
  recharge:
    type: transaction
    transaction: recharge
    parameters: {card: "880000000001", secret: "{secret}", account: "10020001", caller: "{caller}"}
    into: {amount: amount}
    exits: {done: result, refused: end}
  result:
    type: record
    query: result
    parameters: {application: "20260001", language: en}
    into: {text: text}
    exits: {found: complaint, none: end}
  complaint:
    type: complaint
    category: service
    exits: {taken: message}
  message:
    type: message
    text: {en: "Your complaint has the number {complaint}."}
    exits: {sent: told}
  told:
    type: say
    prompts: {en: "{amount} was added. {text} {complaint}"}
    next: end
  end:
    type: hang_up
"""


@pytest.mark.usefixtures("quick_hashes")
def test_a_caller_has_things_done(tmp_path: Path) -> None:
    """A whole platform: the card is used, the answers are heard, the message lies in the outbox."""
    platform = make_platform(tmp_path)
    (tmp_path / "flows" / "straight.yaml").write_text(ASKING, encoding="utf-8")
    with platform.database.transaction() as session:
        sample_books.fill(session, 7, wall_clock())
    platform = Platform(platform.settings, lambda _: SimulatedSwitch(LoopTime()))
    said: list[str] = []

    async def main() -> None:
        platform.runner.listen(lambda intent, at: said.append(str(intent)))
        async with platform.running(), asyncio.timeout(20):
            caller = switch_of(platform).dial(PHONE, NUMBER)
            while not any("The secret" in one for one in said):
                await asyncio.sleep(0.01)
            caller.press("135791")
            while not any("was added" in one for one in said):
                await asyncio.sleep(0.01)
            caller.hang_up()

    asyncio.run(main())
    (told,) = (one for one in said if "was added" in one)
    (message,) = spooled(platform.settings.outbox)
    number = message.text.removeprefix("Your complaint has the number ").rstrip(".")
    assert f"50.00 was added. Your credit card application was approved. {number}" in told
    assert message.to == PHONE
    assert "135791" not in "".join(said)
    database = Database(platform.settings.database_url)
    with database.transaction() as session:
        assert session.scalars(select(ComplaintRow.number)).all() == [number]
        assert session.scalar(select(TransactionRow.done)) is True
    database.close()
