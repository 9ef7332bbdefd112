"""What a shopper is told: three answers apart, what is wrong first, and what nobody recorded."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from suyuan.trace.acts.orders import hold, lift, recall
from suyuan.trace.acts.papers import register_paper
from suyuan.trace.acts.parties import suspend_party
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.voiding import void_code
from suyuan.trace.clock import SetClock
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.scans.counter import ScanCounter
from tests import world
from tests.jerky import Jerky, make_jerky
from tests.web.scanning import HOST, open_code
from tests.web_clients import site

BUDGET = 30_000
"""Bytes of HTML and CSS that a page may take: a second on a poor 3G line."""


@pytest.fixture
def jerky(ledger: Ledger) -> Jerky:
    return make_jerky(ledger)


@pytest.fixture
def client(ledger: Ledger) -> FlaskClient:
    return site(ledger)


def _counter(client: FlaskClient) -> ScanCounter:
    counter: ScanCounter = client.application.extensions["suyuan-scans"]
    return counter


def _alarm(page: str) -> str:
    """The block that stands first where something is wrong; '' where there is none."""
    found = re.search(r'<section class="alarm.*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def _tampered(code: str) -> str:
    """The same code with another serial: its signature no longer fits."""
    return code[:-1] + str((int(code[-1]) + 1) % 10)


@pytest.mark.parametrize("kept", [2, 8, 20, 60])
def test_a_code_that_was_cut_short_is_told_so(client: FlaskClient, jerky: Jerky, kept: int) -> None:
    """Part of the signature is lost: by a fold of the label, or by whoever typed it."""
    signature, _, rest = jerky.code.removeprefix(HOST + "/").partition("/")
    for code in (f"/{signature[:kept]}/{rest}", f"/{signature[: max(kept, 6)]}"):
        page = open_code(client, code)
        assert page.status_code == 404
        assert "This is not written like a code of ours" in page.text, code


def test_a_paper_that_has_done_its_work_is_not_said_to_have_run_out(
    client: FlaskClient, jerky: Jerky, ledger: Ledger
) -> None:
    """A quarantine certificate is good for a day or a few: the day on which the animals went."""
    assert "run out" in open_code(client, jerky.code).text, "nothing happened while it was valid"
    own = str(jerky.actor.party_uid)
    paper = PaperFacts(
        "quarantine_animal_b", "5424280099", own, "索县动物卫生监督所",
        valid_from=date(2026, 5, 22), valid_to=date(2026, 5, 22),
        covers=(Covers("batch", jerky.animals),),
    )  # fmt: skip
    ledger.perform(jerky.actor, register_paper, paper)
    page = open_code(client, jerky.code).text
    assert "was valid on 2026-05-22" in page
    assert page.count("run out") == 1


def test_a_good_code_says_it_is_real_and_not_that_the_product_is_safe(
    client: FlaskClient, jerky: Jerky
) -> None:
    page = open_code(client, jerky.code)
    assert page.status_code == 200
    assert "The code is real: issued by 索县农业农村局." in page.text
    assert "Nothing is recorded against it." in page.text
    assert "nothing of how good or safe the product is" in page.text
    assert _alarm(page.text) == ""


def test_the_batch_behind_the_code_is_told_with_what_is_missing(
    client: FlaskClient, jerky: Jerky
) -> None:
    text = open_code(client, jerky.code, accept_language="zh").text
    for said in (
        "风干牦牛肉", "གཡག་ཤ་སྐམ་པོ།", "Air-dried yak meat", "118.5 kg", "2027-02-24",
        "索县亚拉镇夏季牧场", "4520 m", "5424280012", "已过期", "沙门氏菌", "未检出",
        "有凭证", "自报", "未记录", "日期写错了", "本生产线也加工含大豆的产品",
    ):  # fmt: skip
        assert said in text, said
    assert 'role="img"' in text
    assert 'href="tel:+8618989960001"' in text
    assert 'href="tel:12315"' in text


def test_an_unsigned_address_does_not_claim_who_issued_it(
    client: FlaskClient, jerky: Jerky
) -> None:
    text = open_code(client, f"/t/{jerky.trace_code}").text
    assert "The code is real" not in text
    assert "there is no signature here" in text
    assert "This code cannot tell." in text


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_tampered, "was not issued by who it seems"),
        (lambda code: code.replace("/1", "/2", 1), "of a newer kind"),
        (lambda code: code[:100], "not written like a code"),
        (lambda _: "/t/5406260000000000", "not written like a code"),
        (lambda _: "/t/5406261234567890/123", "not written like a code"),
        (lambda _: "/01/06901234567892/10/A1", "Nothing is recorded under this code"),
    ],
)
def test_a_code_that_nothing_vouches_for_gets_an_honest_page(
    client: FlaskClient, jerky: Jerky, spoil: object, says: str
) -> None:
    assert callable(spoil)
    page = open_code(client, spoil(jerky.code))
    assert page.status_code == 404
    assert says in _alarm(page.text)
    assert 'href="tel:12315"' in page.text
    assert "合作社" not in page.text, "a false code must not borrow a producer's name"
    assert page.headers["Cache-Control"] == "no-store"


def test_a_code_opened_on_another_host_says_so(client: FlaskClient, jerky: Jerky) -> None:
    path = jerky.code.removeprefix(HOST)
    page = client.get(path, base_url="https://t.example-cn.com")
    assert page.status_code == 404
    assert "t.example-cn.com is not one that labels of ours carry" in page.text


def test_only_the_raw_text_of_an_address_counts(client: FlaskClient, jerky: Jerky) -> None:
    """%74 is a t to a server, and not to the one who signed."""
    path = jerky.code.removeprefix(HOST)
    spoiled = path.replace("/t/", "/%74/")
    page = client.get(path, base_url=HOST, environ_overrides={"RAW_URI": spoiled})
    assert page.status_code == 404
    followed = client.get(path + "?from=wechat#x", base_url=HOST)
    assert followed.status_code == 200


def test_a_recall_stands_first_and_large_and_ends_with_its_lifting(
    client: FlaskClient, ledger: Ledger, jerky: Jerky
) -> None:
    before = open_code(client, jerky.code)
    order = ledger.perform(jerky.actor, recall, jerky.animals, "检出兽药残留")
    page = open_code(client, jerky.code)
    assert page.status_code == 200
    alarm = _alarm(page.text)
    assert "Recalled" in alarm
    assert "检出兽药残留" in alarm
    assert 'href="tel:+8618989960001"' in alarm
    assert page.text.index(alarm) < page.text.index("<h1>")
    assert "Nothing is recorded against it." not in page.text
    assert page.headers["ETag"] != before.headers["ETag"]
    ledger.perform(jerky.actor, lift, order, "复检合格")
    assert _alarm(open_code(client, jerky.code).text) == ""


def test_a_batch_on_hold_and_a_void_label_say_so(
    client: FlaskClient, ledger: Ledger, jerky: Jerky
) -> None:
    path = "/t/" + jerky.codes[1].split("/t/")[1]
    ledger.perform(jerky.actor, void_code, path, "标签破损")
    assert "declared void" in _alarm(open_code(client, jerky.codes[1]).text)
    assert _alarm(open_code(client, jerky.code).text) == ""
    ledger.perform(jerky.actor, hold, jerky.trace_code, "等待检测")
    assert "On hold" in _alarm(open_code(client, jerky.code).text)


def test_a_date_that_passes_is_noticed_though_nothing_was_written(
    client: FlaskClient, jerky: Jerky, clock: SetClock
) -> None:
    assert _alarm(open_code(client, jerky.code).text) == ""
    clock.move(clock.now() + timedelta(days=300))
    assert "Past its date" in _alarm(open_code(client, jerky.code).text)


def test_a_suspended_producer_is_not_shown_as_checked(
    client: FlaskClient, ledger: Ledger, jerky: Jerky
) -> None:
    assert "Checked against its papers." in open_code(client, jerky.code).text
    ledger.perform(SYSTEM, suspend_party, str(jerky.actor.party_uid), "整改")
    text = open_code(client, jerky.code).text
    assert "suspended at present" in text
    assert "Checked against its papers." not in text


def test_openings_of_a_package_are_counted_and_those_of_a_batch_are_not(
    client: FlaskClient, jerky: Jerky, clock: SetClock
) -> None:
    assert "opened for the first time" in open_code(client, jerky.code).text
    open_code(client, jerky.code)
    open_code(client, f"/t/{jerky.trace_code}")
    open_code(client, _tampered(jerky.code))
    _counter(client).flush()
    clock.move(clock.now() + timedelta(days=1))
    page = open_code(client, jerky.code)
    assert "Opened 2 times before, first at 2026-06-01 08:00." in page.text
    etag = {"if_none_match": page.headers["ETag"]}
    assert open_code(client, jerky.code, **etag).status_code == 304
    _counter(client).flush()
    assert "Opened 3 times before" in open_code(client, jerky.code).text, "a reload is no opening"
    assert "first time" in open_code(client, jerky.codes[1]).text


def test_caches_may_keep_a_batch_and_must_ask_about_a_package(
    client: FlaskClient, jerky: Jerky
) -> None:
    batch = open_code(client, f"/t/{jerky.trace_code}")
    assert "public" in batch.headers["Cache-Control"]
    assert batch.headers["ETag"].startswith('W/"')
    etag = {"if_none_match": batch.headers["ETag"]}
    again = open_code(client, f"/t/{jerky.trace_code}", **etag)
    assert (again.status_code, again.data) == (304, b"")
    other = open_code(client, f"/t/{jerky.trace_code}", accept_language="zh", **etag)
    assert other.status_code == 200
    package = open_code(client, jerky.code).headers["Cache-Control"]
    assert "no-cache" in package
    assert "public" not in package


@pytest.mark.parametrize("language", ["zh", "bo", "en"])
def test_a_page_is_light_and_runs_nothing(client: FlaskClient, jerky: Jerky, language: str) -> None:
    page = open_code(client, jerky.code, accept_language=language)
    assert "<script" not in page.text
    assert " style=" not in page.text
    assert "Set-Cookie" not in page.headers
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.text)
    assert styles
    weight = len(page.data)
    for style in styles:
        with client.get(style) as sheet:
            weight += len(sheet.data)
    assert weight < BUDGET


def test_the_language_can_be_chosen_by_hand_and_is_kept(client: FlaskClient, jerky: Jerky) -> None:
    chosen = open_code(client, f"{jerky.code}?lang=bo")
    assert '<html lang="bo">' in chosen.text
    assert "ཐོན་ས།" in chosen.text
    assert "སྤྱི་ལོ་2027 ཟླ་2 ཚེས་24" in chosen.text
    assert "这个码是谁发的？" in chosen.text, "what has no Tibetan yet is Chinese"
    kept = open_code(client, f"/t/{jerky.trace_code}")
    assert '<html lang="bo">' in kept.text
    ways = re.findall(r'hreflang="(\w+)"[^>]*href="([^"]+)"', chosen.text)
    assert ("zh", f"{jerky.code.removeprefix(HOST)}?lang=zh") in ways


def test_a_corrected_entry_stays_to_be_seen(client: FlaskClient, jerky: Jerky) -> None:
    text = open_code(client, jerky.code).text
    assert "This entry was corrected later." in text
    assert "What stood there first" in text
    assert f'href="/e/{jerky.mended}"' in text


def test_only_of_goods_whose_label_was_scanned_is_it_said_that_they_are_labelled(
    ledger: Ledger, client: FlaskClient, jerky: Jerky
) -> None:
    assert "It is labelled; its producer has not said" in open_code(client, jerky.code).text
    never_printed = f"/t/{world.make_batch(ledger, world.make_producer(ledger))}"
    for language, told in (("en", "Its producer has not said yet"), ("zh", "生产者尚未说明")):
        text = open_code(client, never_printed, accept_language=language).text
        assert told in text
        assert "It is labelled" not in text
        assert "已贴标签" not in text
