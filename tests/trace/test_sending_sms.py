"""Text messages: through a gateway that really listens, in whatever form it wants them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from suyuan.trace.acts.contacts import ContactFacts, add_contact
from suyuan.trace.acts.delivering import send_due
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.acts.warnings import warn
from suyuan.trace.clock import SetClock
from suyuan.trace.errors import Misconfigured, Unavailable
from suyuan.trace.notices.destinations import Destination, Undeliverable
from suyuan.trace.notices.messages import Message, sending
from suyuan.trace.notices.queries import outbox
from suyuan.trace.notices.sms import SmsSender, read_secret, read_template
from suyuan.trace.notices.webhook import signature
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.parties.queries import party
from tests import world
from tests.hooks import Hook, hook

__all__ = ["hook"]

MESSAGE = Message("01kd", "预警", "一条预警\n", "预警 {secret}", {"notice": "01kd"})
TO = Destination("c", "13800138000")
OWN: dict[str, Any] = {"source": "the provider's manual", "confidence": "WEB", "checked_by": None}
FORM: dict[str, Any] = {
    "encoding": "form",
    "headers": {"X-Signature": "{signature}"},
    "body": {"mobile": "{international}", "content": "【溯源】{text}", "key": "{secret}", "n": 1},
    "taken": {"field": "code", "values": ["0"], "again": ["busy"]},
    **OWN,
}


def file(folder: Path, content: object) -> Path:
    """A template of the operator's."""
    path = folder / "sms.json"
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return path


def gateway(hook: Hook, template: Path | None = None, secret: str = "geheim") -> SmsSender:
    url, own = f"http://localhost:{hook.port}/sms?v=3", {"localhost"}
    return SmsSender(url, secret, read_template(template), own, 5, clock=lambda: 1_780_000_000)


def sms_ledger(ledger: Ledger, hook: Hook, folder: Path) -> Ledger:
    """The ledger of an installation with a gateway."""
    secret = folder / "sms-secret"
    secret.write_text("geheim\n")
    settings = replace(
        ledger.settings, webhook_hosts=("localhost",), sms_secret_file=secret,
        sms_url=f"http://localhost:{hook.port}/sms",
    )  # fmt: skip
    return replace(ledger, settings=settings)


def warned(ledger: Ledger) -> None:
    """A warning about somebody who wants to hear of it by text message."""
    owner = world.make_producer(ledger)
    facts = ContactFacts(str(owner.party_uid), "sms", "138 0013 8000", "low")
    ledger.perform(owner, add_contact, facts)

    def act(w: Writing) -> None:
        own = party(w.session, str(owner.party_uid))
        warn(w, "paper_near_end", "1", party=own, evidence={"number": "SC10654062600017"})

    ledger.perform(SYSTEM, act)


def test_a_text_message_reaches_the_gateway(ledger: Ledger, hook: Hook, tmp_path: Path) -> None:
    ledger = sms_ledger(ledger, hook, tmp_path)
    warned(ledger)
    assert send_due(ledger) == 1
    assert send_due(ledger) == 0
    ((path, headers, body),) = hook.taken
    told = json.loads(body)
    assert (path, headers["Authorization"], told["to"]) == ("/sms", "Bearer geheim", "13800138000")
    assert "证照将到期" in told["text"]
    assert len(told["text"]) <= sending().sms_characters
    assert told["id"] == headers["Suyuan-Notice"]
    with ledger.database.read() as session:
        assert [one.state for one in outbox(session)] == ["sent"]


def test_what_is_tried_in_vain_is_tried_again_and_then_ends(
    ledger: Ledger, clock: SetClock, hook: Hook, tmp_path: Path
) -> None:
    ledger = sms_ledger(ledger, hook, tmp_path)
    hook.status = 503
    warned(ledger)
    for _ in range(sending().tries + 3):
        send_due(ledger)
        clock.move(clock.now() + sending().longest_wait)
    assert len(hook.taken) == sending().tries
    assert len({headers["Suyuan-Notice"] for _, headers, _ in hook.taken}) == 1
    with ledger.database.read() as session:
        (one,) = outbox(session)
    assert (one.state, "503" in one.trouble) == ("failed", True)


def test_the_operators_form_is_filled_in(hook: Hook, tmp_path: Path) -> None:
    hook.status, hook.says = 200, b'{"code": 0}'
    gateway(hook, file(tmp_path, FORM)).send(MESSAGE, TO)
    ((_, headers, body),) = hook.taken
    assert parse_qs(body.decode()) == {
        "mobile": ["+8613800138000"], "content": ["【溯源】预警 {secret}"], "key": ["geheim"],
        "n": ["1"],
    }  # fmt: skip
    assert headers["X-Signature"] == signature("geheim", body, 1_780_000_000)
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        (b'{"code": "busy"}', Unavailable),
        (b'{"code": "no such number"}', Undeliverable),
        (b'{"fine": true}', Unavailable),
        (b"<html>", Unavailable),
    ],
)
def test_a_gateway_that_answers_200_and_did_not_take_it(
    hook: Hook, tmp_path: Path, says: bytes, kind: type[Exception]
) -> None:
    hook.status, hook.says = 200, says
    with pytest.raises(kind):
        gateway(hook, file(tmp_path, FORM)).send(MESSAGE, TO)


@pytest.mark.parametrize(("status", "kind"), [(429, Unavailable), (302, Undeliverable)])
def test_a_gateway_that_refuses(hook: Hook, status: int, kind: type[Exception]) -> None:
    hook.status, hook.location = status, f"http://localhost:{hook.port}/elsewhere"
    with pytest.raises(kind):
        gateway(hook).send(MESSAGE, TO)
    assert len(hook.taken) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": {"to": "{telephone}"}},
        {"headers": {"X": "{text}"}},
        {"encoding": "xml"},
        {"body": ["{phone}"]},
        {"taken": {"values": ["0"]}},
        {"more": 1},
    ],
)
def test_a_template_that_cannot_be_is_told_to_the_operator(
    tmp_path: Path, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Misconfigured, match=r"sms\.json"):
        read_template(file(tmp_path, FORM | wrong))


def test_where_a_secret_may_go(tmp_path: Path) -> None:
    template = read_template(None)
    with pytest.raises(Misconfigured, match="https"):
        SmsSender("http://sms.example.cn/", "geheim", template, (), 5)
    with pytest.raises(Misconfigured, match="SUYUAN_SMS_SECRET_FILE"):
        SmsSender("https://sms.example.cn/", "", template, (), 5)
    with pytest.raises(Misconfigured, match="cannot be read"):
        read_secret(tmp_path / "nothing")
    two = tmp_path / "two"
    two.write_text("one\ntwo")
    with pytest.raises(Misconfigured, match="one line"):
        read_secret(two)
    with pytest.raises(Undeliverable, match="open Internet"):
        SmsSender("https://127.0.0.1/", "geheim", template, (), 5).send(MESSAGE, TO)
