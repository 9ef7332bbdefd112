"""Messages about warnings: into the outbox with the act, out by mail and webhook, tried again."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from suyuan.trace.acts.contacts import ContactFacts, add_contact, end_contact, reveal_secret
from suyuan.trace.acts.delivering import send_due
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.acts.warnings import warn
from suyuan.trace.clock import SetClock
from suyuan.trace.errors import InvalidInput, Misconfigured, Unavailable
from suyuan.trace.notices.destinations import Destination, Undeliverable
from suyuan.trace.notices.mail import MailSender, read_mail_address, read_server
from suyuan.trace.notices.messages import Message, message, sending
from suyuan.trace.notices.posting import is_open_internet, read_target
from suyuan.trace.notices.queries import outbox, warnings_here
from suyuan.trace.notices.senders import senders_of
from suyuan.trace.notices.tables import Notice
from suyuan.trace.notices.webhook import WebhookSender
from suyuan.trace.notices.wording import Evidence
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.parties.queries import party
from tests import world
from tests.hooks import Hook, hook

__all__ = ["hook"]


def free_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


MESSAGE = Message("01kd", "预警", "一条预警\n", "预警", {"notice": "01kd"})


@dataclass
class Box:
    """What a mail server was handed; it answers with ``reply``."""

    reply: str = "250 OK"
    mails: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.reply.startswith("250"):
            self.mails.append(envelope.content)
        return self.reply


@pytest.fixture
def mails() -> Iterator[tuple[Box, int]]:
    box, port = Box(), free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, port
    server.stop()


def contact(ledger: Ledger, owner: Actor, channel: str, address: str, least: str = "low") -> str:
    facts = ContactFacts(str(owner.party_uid), channel, address, least)
    return ledger.perform(owner, add_contact, facts)


def warned(ledger: Ledger, owner: Actor, key: str = "1", rule: str = "paper_near_end") -> None:
    def act(w: Writing) -> None:
        own = party(w.session, str(owner.party_uid))
        warn(w, rule, key, party=own, evidence={"number": "SC10654062600017"})

    ledger.perform(SYSTEM, act)


def messages(ledger: Ledger) -> list[Notice]:
    with ledger.database.read() as session:
        return list(outbox(session))


def states(ledger: Ledger) -> list[tuple[str, str]]:
    return [(one.channel, one.state) for one in messages(ledger)]


def with_settings(ledger: Ledger, **changed: Any) -> Ledger:
    return replace(ledger, settings=replace(ledger.settings, **changed))


def test_without_a_provider_the_outbox_keeps_what_is_said(ledger: Ledger) -> None:
    owner = world.make_producer(ledger)
    contact(ledger, owner, "email", "a@example.cn")
    contact(ledger, owner, "sms", "13800138000")
    warned(ledger, owner)
    assert states(ledger) == [("email", "waiting"), ("sms", "waiting")]
    assert send_due(ledger) == 0
    assert states(ledger) == [("email", "kept"), ("sms", "kept")]


def test_only_what_is_grave_enough_is_sent(ledger: Ledger) -> None:
    owner = world.make_producer(ledger)
    contact(ledger, owner, "email", "a@example.cn", "high")
    warned(ledger, owner)
    assert messages(ledger) == []
    warned(ledger, owner, rule="over_limit")
    assert len(messages(ledger)) == 1


def test_a_mail_arrives(ledger: Ledger, mails: tuple[Box, int]) -> None:
    box, port = mails
    ledger = with_settings(
        ledger, smtp_url=f"smtp://127.0.0.1:{port}", mail_from="suyuan@example.cn"
    )
    owner = world.make_producer(ledger, name="亚拉镇合作社")
    contact(ledger, owner, "email", "a@example.cn")
    warned(ledger, owner)
    assert send_due(ledger) == 1
    assert send_due(ledger) == 0
    (raw,) = box.mails
    mail = message_from_bytes(raw, policy=policy.default)
    assert (mail["From"], mail["To"]) == ("suyuan@example.cn", "a@example.cn")
    assert "证照将到期" in mail["Subject"]
    text = mail.get_content()
    assert "亚拉镇合作社" in text
    assert "paper near its end" in text
    assert "https://t.example.cn/desk/warnings/" in text
    assert states(ledger) == [("email", "sent")]


def test_evidence_is_told_in_chinese_and_in_english(ledger: Ledger) -> None:
    owner = world.make_producer(ledger)

    def act(w: Writing) -> None:
        own, kind = party(w.session, str(owner.party_uid)), PaperKinds.load().get("sc_licence")
        told: Evidence = {"kind": kind.names, "number": "SC10654062600017"}
        warn(w, "paper_near_end", "1", party=own, evidence=told)

    ledger.perform(SYSTEM, act)
    with ledger.database.read() as session:
        (one,) = warnings_here(session)
        said = message("01kd", one, "opened", one.opened_at, "https://t.example.cn/")
    chinese, english, _ = said.text.split("\n\n")
    assert "种类: 食品生产许可证" in chinese
    assert "食品生产许可证" not in english
    assert "SC10654062600017" in chinese
    assert "kind: " in english


def test_a_mail_that_is_refused_for_now_is_tried_again(
    ledger: Ledger, clock: SetClock, mails: tuple[Box, int]
) -> None:
    box, port = mails
    ledger = with_settings(
        ledger, smtp_url=f"smtp://127.0.0.1:{port}", mail_from="suyuan@example.cn"
    )
    owner = world.make_producer(ledger)
    contact(ledger, owner, "email", "a@example.cn")
    warned(ledger, owner)
    box.reply = "451 later"
    assert send_due(ledger) == 0
    assert send_due(ledger) == 0
    (one,) = messages(ledger)
    assert (one.state, one.tries, "451" in one.trouble) == ("waiting", 1, True)
    clock.move(clock.now() + sending().first_wait)
    box.reply = "250 OK"
    assert send_due(ledger) == 1
    (one,) = messages(ledger)
    assert (one.state, one.tries, one.trouble) == ("sent", 2, "")


def test_a_mail_that_is_refused_for_good_is_not(ledger: Ledger, mails: tuple[Box, int]) -> None:
    box, port = mails
    box.reply = "550 no such person"
    sender = MailSender(f"smtp://127.0.0.1:{port}", "suyuan@example.cn", 5)
    with pytest.raises(Undeliverable, match="550"):
        sender.send(MESSAGE, Destination("c", "a@example.cn"))


def test_a_password_is_not_sent_in_the_clear(mails: tuple[Box, int]) -> None:
    sender = MailSender(f"smtp://me:secret@127.0.0.1:{mails[1]}", "suyuan@example.cn", 5)
    with pytest.raises(Misconfigured, match="no TLS"):
        sender.send(MESSAGE, Destination("c", "a@example.cn"))


def test_a_server_that_is_away_is_asked_again_later() -> None:
    sender = MailSender(f"smtp://127.0.0.1:{free_port()}", "suyuan@example.cn", 1)
    with pytest.raises(Unavailable):
        sender.send(MESSAGE, Destination("c", "a@example.cn"))


@pytest.mark.parametrize(
    "url", ["", "http://mail", "smtp://", "smtp://host:port", "smtp://h:99999"]
)
def test_a_mail_server_that_cannot_be_is_told_to_the_operator(url: str) -> None:
    with pytest.raises(Misconfigured, match="SUYUAN_SMTP_URL"):
        read_server(url)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@",
        "@b.cn",
        "a@b.cn\r\nBcc: c@d.cn",
        "a b@c.cn",
        "a@b.cn,c@d.cn",
        "a@b..cn",
        "甲@b.cn",
    ],
)
def test_what_is_no_mail_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput):
        read_mail_address(address)


def test_a_webhook_is_signed(ledger: Ledger, hook: Hook) -> None:
    ledger = with_settings(ledger, webhook_hosts=("localhost",))
    owner = world.make_producer(ledger)
    uid = contact(ledger, owner, "webhook", f"http://localhost:{hook.port}/w?a=1")
    secret = ledger.perform(owner, reveal_secret, uid)
    warned(ledger, owner)
    assert send_due(ledger) == 1
    ((path, headers, body),) = hook.taken
    assert path == "/w?a=1"
    assert headers["Host"] == f"localhost:{hook.port}"
    at, signed = headers["Suyuan-Signature"].removeprefix("t=").split(",v1=")
    expected = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(signed, expected)
    told = json.loads(body)
    assert told["notice"] == headers["Suyuan-Notice"]
    assert told["warning"]["rule"] == "paper_near_end"
    assert "paper near its end" in told["texts"]["en"]
    assert "证照将到期" in told["texts"]["zh"]
    assert told["warning"]["evidence"] == {"number": "SC10654062600017"}


@pytest.mark.parametrize(
    ("status", "for_good"), [(500, False), (429, False), (404, True), (302, True)]
)
def test_a_webhook_that_refuses(hook: Hook, status: int, for_good: bool) -> None:
    """A redirect is not followed: it could lead anywhere."""
    hook.status, hook.location = status, f"http://localhost:{hook.port}/elsewhere"
    sender = WebhookSender(b"s" * 32, {"localhost"}, 5)
    with pytest.raises(Undeliverable if for_good else Unavailable):
        sender.send(MESSAGE, Destination("c", f"http://localhost:{hook.port}/"))
    assert [path for path, _, _ in hook.taken] == ["/"]


def test_what_is_tried_in_vain_ends(ledger: Ledger, clock: SetClock, hook: Hook) -> None:
    ledger = with_settings(ledger, webhook_hosts=("localhost",))
    hook.status = 503
    owner = world.make_producer(ledger)
    contact(ledger, owner, "webhook", f"http://localhost:{hook.port}/")
    warned(ledger, owner)
    for _ in range(sending().tries + 3):
        send_due(ledger)
        clock.move(clock.now() + sending().longest_wait)
    assert len(hook.taken) == sending().tries
    assert states(ledger) == [("webhook", "failed")]
    assert len({headers["Suyuan-Notice"] for _, headers, _ in hook.taken}) == 1


def test_nothing_goes_to_a_contact_that_was_taken_out(ledger: Ledger, hook: Hook) -> None:
    ledger = with_settings(ledger, webhook_hosts=("localhost",))
    owner = world.make_producer(ledger)
    uid = contact(ledger, owner, "webhook", f"http://localhost:{hook.port}/")
    warned(ledger, owner)
    ledger.perform(owner, end_contact, uid)
    assert send_due(ledger) == 0
    assert (hook.taken, states(ledger)) == ([], [("webhook", "failed")])


def test_two_senders_send_once(ledger: Ledger, hook: Hook) -> None:
    ledger = with_settings(ledger, webhook_hosts=("localhost",))
    owner = world.make_producer(ledger)
    contact(ledger, owner, "webhook", f"http://localhost:{hook.port}/")
    for number in range(12):
        warned(ledger, owner, str(number))
    threads = [threading.Thread(target=send_due, args=(ledger,)) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(hook.taken) == 12


@pytest.mark.parametrize(
    "url",
    [
        "http://example.cn/", "ftp://example.cn/", "https://", "https://a:b@example.cn/",
        "https://example.cn:99999/", "https://例.cn/", "https://example.cn/a b", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_a_web_address_that_may_not_be_asked(url: str) -> None:
    with pytest.raises(InvalidInput):
        read_target(url, ())


@pytest.mark.parametrize(
    ("address", "is_open"),
    [
        ("8.8.8.8", True), ("2400:3200::1", True), ("127.0.0.1", False), ("10.1.2.3", False),
        ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False),
        ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("::1", False),
        ("::", False), ("fe80::1", False), ("fd00::1", False), ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False), ("ff02::1", False),
    ],
)  # fmt: skip
def test_only_the_open_internet_is_asked(address: str, is_open: bool) -> None:
    assert is_open_internet(ipaddress.ip_address(address)) is is_open


def test_a_name_that_leads_home_is_not_asked(hook: Hook) -> None:
    sender = WebhookSender(b"s" * 32, (), 5)
    for host in ("localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"):
        with pytest.raises(Undeliverable, match="open Internet"):
            sender.send(MESSAGE, Destination("c", f"https://{host}:{hook.port}/"))
    assert hook.taken == []


def test_a_short_message_fits_one_text_message(ledger: Ledger) -> None:
    owner = world.make_producer(ledger, name="很长的名字" * 20)
    warned(ledger, owner)
    with ledger.database.read() as session:
        (one,) = warnings_here(session)
        said = message("01kd", one, "opened", one.opened_at, "https://t.example.cn/")
    assert len(said.short) == sending().sms_characters


def test_a_channel_is_sent_where_its_settings_are(ledger: Ledger) -> None:
    assert set(senders_of(ledger.settings, b"s")) == {"webhook"}
    mailing = with_settings(ledger, smtp_url="smtps://h", mail_from="a@b.cn")
    assert set(senders_of(mailing.settings, b"s")) == {"webhook", "email"}
    with pytest.raises(Misconfigured, match="SUYUAN_MAIL_FROM"):
        senders_of(with_settings(ledger, smtp_url="smtps://h").settings, b"s")


def test_the_waits_grow_up_to_the_longest() -> None:
    waits = [sending().wait_after(tries) for tries in range(1, 40)]
    assert waits == sorted(waits)
    assert waits[0] == sending().first_wait
    assert waits[-1] == sending().longest_wait == timedelta(hours=4)
