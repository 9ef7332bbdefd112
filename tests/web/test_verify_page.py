"""/verify on a telephone: without network, with old lists, a wrong clock, a lying site."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from suyuan.trace.acts.keys import revoke_key, rotate_key
from suyuan.trace.acts.orders import hold, lift, recall
from suyuan.trace.acts.statuses import publish_status
from suyuan.trace.codes.queries import newest_directory, newest_status
from suyuan.trace.codes.status import note_text
from suyuan.trace.keys.notes import Ed25519Signer, sign_note
from suyuan.trace.keys.tables import Instance
from suyuan.trace.parties.actor import SYSTEM
from tests.jerky import Jerky, make_jerky
from tests.live import Live, live_site
from tests.root_machine import sign_and_accept
from tests.web.mutated_codes import ROOT, directory_note, signer
from tests.web.phone import KEYS, STATUS, Lie, Phone, lying, new_phone

DAY = timedelta(days=1)
ISSUER = "索县农业农村局"


@dataclass(frozen=True)
class Scene:
    """A site with one batch that is in order and one that is recalled; its clock is the real."""

    live: Live
    jerky: Jerky
    recalled: Jerky


@pytest.fixture(scope="module")
def scene(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with live_site(run_folder, tmp_path_factory.mktemp("live")) as live:
        jerky, recalled = make_jerky(live.ledger), make_jerky(live.ledger)
        live.clock.move(datetime.now(UTC))
        live.ledger.perform(recalled.actor, recall, recalled.trace_code, "检出兽药残留")
        yield Scene(live, jerky, recalled)


@pytest.fixture
def context(browser: Browser, scene: Scene) -> Iterator[BrowserContext]:
    opened = new_phone(browser, scene.live, service_workers="block")
    yield opened
    opened.close()


@pytest.fixture
def phone(context: BrowserContext) -> Phone:
    """A telephone with the page open, its lists fetched; whose network may be cut from then on."""
    return Phone(context)


@pytest.fixture
def keeper(browser: Browser, scene: Scene) -> Iterator[Phone]:
    """A telephone that has visited once and keeps the page."""
    opened = new_phone(browser, scene.live)
    phone = Phone(opened)
    phone.expect_works("ready")
    # what it asks for at the opening must not be taken for asking later
    phone.tab.wait_for_load_state("networkidle")
    yield phone
    opened.close()


def _note(live: Live) -> bytes:
    with live.ledger.database.read() as session:
        return newest_status(session).note.encode()


# --- what is said without network ----------------------------------------------------------------


def test_a_label_is_checked_without_network(keeper: Phone, scene: Scene) -> None:
    phone = keeper
    phone.context.set_offline(True)
    # a worker that the browser starts anew may ask once before it is told that it is offline:
    # it hears nothing of worth
    lies: dict[str, Lie] = {KEYS: lambda _: b""}
    with lying(scene.live, lies) as asked:
        phone.reload()
        phone.type(scene.jerky.code)
        phone.expect_verdict("good")
    assert set(asked) <= {KEYS}
    expect(phone.result).to_have_attribute("data-good", "true")
    expect(phone.answer_to("issued")).to_contain_text(f"issued by {ISSUER}")
    expect(phone.answer_to("wrong")).to_contain_text("Not recalled as of")
    expect(phone.answer_to("copied")).to_contain_text("Cannot be told without network")
    expect(phone.answer_to("copied")).not_to_have_class("good")
    assert not phone.faults


def test_a_recall_is_said_first_and_large(phone: Phone, scene: Scene) -> None:
    phone.context.set_offline(True)
    phone.type(scene.recalled.code)
    phone.expect_verdict("good")
    alarm = phone.about("recalled")
    expect(alarm).to_contain_text("Do not use it. Do not sell it.")
    assert phone.result.locator(":scope > *").first.get_attribute("data-about") == "recalled"
    assert alarm.locator("h2").evaluate("e => parseFloat(getComputedStyle(e).fontSize)") > 25
    expect(phone.answer_to("wrong")).to_contain_text("Yes: it is recalled.")


@pytest.mark.parametrize("written", ["plain", "groups", "full width", "tibetan", "address"])
def test_a_trace_code_can_be_typed(phone: Phone, scene: Scene, written: str) -> None:
    code = scene.jerky.trace_code
    typed = {
        "plain": code,
        "groups": f" {code[:4]} {code[4:8]}-{code[8:12]} {code[12:]}",
        "full width": code.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        "tibetan": code.translate(str.maketrans("0123456789", "༠༡༢༣༤༥༦༧༨༩")),
        "address": f"{scene.live.url}/t/{code}",
    }[written]
    phone.context.set_offline(True)
    phone.type(typed)
    phone.expect_verdict("unsigned" if written == "address" else "typed")
    expect(phone.answer_to("issued")).to_contain_text("there is no signature here")
    # nothing says that it was ever issued
    phone.expect_nothing_green()


def test_a_typed_code_of_a_recalled_batch_says_so(phone: Phone, scene: Scene) -> None:
    phone.type(scene.recalled.trace_code)
    expect(phone.about("recalled")).to_be_visible()


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        (lambda code: code[:-1] + ("1" if code[-1] != "1" else "2"), "forged"),
        (lambda code: code.replace("/1", "/2").replace("//2", "//1"), "newer-format"),
        (lambda code: code + "/x", "malformed"),
        (lambda code: "https://evil.example.com" + code[code.index("/", 8) :], "other-host"),
    ],
    ids=["forged", "newer", "malformed", "elsewhere"],
)
def test_what_is_no_label_of_ours_is_never_green(
    phone: Phone, scene: Scene, change: Callable[[str], str], verdict: str
) -> None:
    phone.context.set_offline(True)
    phone.type(change(scene.jerky.code))
    phone.expect_verdict(verdict)
    expect(phone.about(verdict)).to_be_visible()
    phone.expect_nothing_green()
    assert not phone.faults


def test_a_mistyped_trace_code_is_explained(phone: Phone) -> None:
    phone.type("5406 2608 4704 7290")
    phone.expect_verdict("mistyped")
    expect(phone.result).to_contain_text("one of them is mistyped")


def test_it_leads_to_the_full_page(phone: Phone, scene: Scene) -> None:
    phone.type(scene.jerky.code + "?from=chat")
    link = phone.result.locator("a.button")
    expect(link).to_have_attribute("href", scene.live.path_of(scene.jerky.code))
    link.click()
    expect(phone.tab.locator("h1").first).to_be_visible()
    assert phone.tab.url == scene.jerky.code


# --- never a stale green -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "doubt"),
    [
        (2 * DAY, "status-late"),
        (11 * 365 * DAY, "directory-late"),
        (-timedelta(hours=1), "clock-behind"),
        (-400 * DAY, "clock-behind"),
    ],
    ids=["a day late", "years late", "an hour behind", "a year behind"],
)
def test_an_old_list_or_a_wrong_clock_is_amber(
    phone: Phone, scene: Scene, by: timedelta, doubt: str
) -> None:
    phone.context.set_offline(True)
    phone.set_clock(datetime.now(UTC) + by)
    phone.type(scene.jerky.code)
    phone.expect_verdict("good", doubt)
    expect(phone.about(doubt)).to_be_visible()
    phone.expect_nothing_green()
    # what is known to be wrong is said all the same
    phone.type(scene.recalled.code)
    expect(phone.about("recalled")).to_be_visible()


def test_a_green_answer_turns_amber_when_its_time_is_over(phone: Phone, scene: Scene) -> None:
    """The page lies open on the counter, day after day."""
    phone.tab.clock.install(time=datetime.now(UTC))
    phone.reload()
    phone.type(scene.jerky.code)
    expect(phone.result).to_have_attribute("data-good", "true")
    phone.context.set_offline(True)
    phone.tab.clock.fast_forward("47:00:00")
    phone.expect_verdict("good", "status-late")
    phone.expect_nothing_green()


def test_a_clock_that_is_set_back_makes_no_old_list_a_new_one(keeper: Phone, scene: Scene) -> None:
    phone, now = keeper, datetime.now(UTC)
    phone.context.set_offline(True)
    phone.set_clock(now + 5 * DAY)
    phone.type(scene.jerky.code)
    phone.expect_verdict("good", "status-late")
    phone.set_clock(now + timedelta(hours=2))
    for again in (False, True):
        if again:
            phone.reload()
        phone.type(scene.jerky.code)
        phone.expect_verdict("good", "clock-behind")
        phone.expect_nothing_green()
    # the site's own time ends it: the clock may have run ahead before
    phone.set_clock(now)
    phone.context.set_offline(False)
    phone.tab.click("#renew")
    phone.expect_verdict("good")
    expect(phone.result).to_have_attribute("data-good", "true")


def test_a_clock_that_differs_from_the_sites_is_amber(
    context: BrowserContext, scene: Scene
) -> None:
    """Within the dates of the lists; only the site's own time tells."""
    context.clock.set_fixed_time(datetime.now(UTC) + timedelta(hours=3))
    phone = Phone(context)
    phone.type(scene.jerky.code)
    phone.expect_verdict("good", "clock-wrong")
    phone.expect_nothing_green()


def test_a_list_that_is_due_is_renewed_before_the_answer(phone: Phone, scene: Scene) -> None:
    live = scene.live
    phone.context.set_offline(True)
    tomorrow = datetime.now(UTC) + 2 * DAY
    phone.set_clock(tomorrow)
    phone.type(scene.jerky.code)
    phone.expect_verdict("good", "status-late")
    before = live.clock.now()
    live.clock.move(tomorrow)
    try:
        live.ledger.perform(SYSTEM, publish_status)
        with lying(live, {}) as asked:
            phone.context.set_offline(False)
            phone.tab.click("#renew")
            expect(phone.tab.locator('[data-doubt="status-late"]')).to_have_count(0)
    finally:
        live.clock.move(before)
        live.ledger.perform(SYSTEM, publish_status)
    assert any(path.startswith(f"{STATUS}/") and "-" in path for path in asked)


def test_nothing_is_green_before_the_first_list(context: BrowserContext, scene: Scene) -> None:
    broken = {KEYS: lambda _: b"nothing", STATUS: lambda _: b"nothing"}
    with lying(scene.live, broken):
        phone = Phone(context)
        phone.type(scene.jerky.code)
        phone.expect_verdict("unchecked", "no-directory")
        phone.expect_nothing_green()
    phone.tab.click("#renew")
    phone.expect_verdict("good")


def test_without_a_status_list_nothing_is_green(context: BrowserContext, scene: Scene) -> None:
    with lying(scene.live, {STATUS: lambda _: b"nothing"}):
        phone = Phone(context)
        phone.type(scene.jerky.code)
        phone.expect_verdict("good", "no-status")
        phone.expect_nothing_green()


# --- a site that lies ----------------------------------------------------------------------------


def test_a_status_list_that_is_rolled_back_is_refused(phone: Phone, scene: Scene) -> None:
    live, batch = scene.live, scene.jerky
    older = _note(live)
    order = live.ledger.perform(batch.actor, hold, batch.trace_code, "待查")
    try:
        phone.reload()
        phone.type(batch.code)
        expect(phone.about("held")).to_be_visible()
        with lying(live, {STATUS: lambda _: older}):
            phone.reload()
            expect(phone.tab.locator('[data-trouble="status-older"]')).to_be_visible()
            phone.type(batch.code)
            expect(phone.about("held")).to_be_visible()
            expect(phone.result).to_have_attribute("data-good", "false")
    finally:
        live.ledger.perform(batch.actor, lift, order, "查清")
    phone.reload()
    phone.type(batch.code)
    phone.expect_verdict("good")
    expect(phone.result).to_have_attribute("data-good", "true")


@pytest.mark.parametrize("what", ["note", "body", "directory"])
def test_a_list_that_was_tampered_with_is_refused(phone: Phone, scene: Scene, what: str) -> None:
    live = scene.live
    live.ledger.perform(SYSTEM, publish_status)
    with live.ledger.database.read() as session:
        seq = newest_status(session).seq
    lies = {
        "note": {STATUS: lambda note: note.replace(b'"count":', b'"count":9')},
        "body": {
            f"{STATUS}/{seq}": lambda _: b"",
            **{f"{STATUS}/{old}-{seq}": lambda _: b"+AAAAAAAAAAA V\n" for old in range(seq)},
        },
        "directory": {KEYS: lambda note: note.replace("索".encode(), "那".encode(), 1)},
    }[what]
    with lying(live, lies):
        phone.reload()
        kind = "directory" if what == "directory" else "status"
        expect(phone.tab.locator(f'[data-trouble="{kind}-refused"]')).to_be_visible()
        phone.type(scene.recalled.code)
        expect(phone.about("recalled")).to_be_visible()


def test_the_list_of_another_installation_is_refused(phone: Phone, scene: Scene) -> None:
    """Signed rightly, and by a key that the directory names: it may stand in two directories."""
    live = scene.live
    live.ledger.perform(SYSTEM, publish_status)

    def of_another(note: bytes) -> bytes:
        text = note.decode().split("\n\n")[0].replace("\n", "\nother.", 1) + "\n"
        return str(sign_note(text, (live.ledger.keys.status,))).encode()

    with lying(live, {STATUS: of_another}):
        phone.reload()
        expect(phone.tab.locator('[data-trouble="status-other-origin"]')).to_be_visible()
        phone.type(scene.recalled.code)
        expect(phone.about("recalled")).to_be_visible()


def test_a_delta_that_leads_nowhere_is_made_good_by_the_whole_list(
    phone: Phone, scene: Scene
) -> None:
    live = scene.live
    with live.ledger.database.read() as session:
        old = newest_status(session).seq
    live.ledger.perform(SYSTEM, publish_status)
    with lying(live, {f"{STATUS}/{old}-{old + 1}": lambda _: b"+AAAAAAAAAAA V\n"}) as asked:
        phone.reload()
        expect(phone.tab.locator("#kept")).to_contain_text(f"number {old + 1} of")
    assert f"{STATUS}/{old + 1}" in asked


def test_another_root_key_is_not_believed(phone: Phone, scene: Scene) -> None:
    """The first visit decides, whatever the page says later."""
    with scene.live.ledger.database.read() as session:
        root = session.get_one(Instance, 1).root
    strange = str(ROOT.verifier)
    lies: dict[str, Lie] = {
        "/verify": lambda page: page.replace(root.encode(), strange.encode()),
        KEYS: lambda _: directory_note().encode(),
    }
    with lying(scene.live, lies):
        phone.reload()
        expect(phone.tab.locator('[data-trouble="other-root"]')).to_be_visible()
        phone.type(scene.jerky.code)
        phone.expect_verdict("good")
        # whoever forgets what is kept begins anew with the root key of now
        phone.tab.click("#lists summary")
        with phone.tab.expect_navigation():  # the page loads itself anew
            phone.tab.click("#forget")
        expect(phone.tab.locator("#kept")).to_contain_text("number 4 of")


def test_a_root_key_is_handed_over_by_a_directory_that_both_sign(
    phone: Phone, scene: Scene
) -> None:
    live = scene.live
    with live.ledger.database.read() as session:
        root, note = session.get_one(Instance, 1).root, newest_directory(session).note
    old, new = signer("root-1", "first"), signer("root-2", "second")
    text = note.rpartition("\n\n")[0] + "\n"
    both = text.replace(',"seq":1}', f',"root":"{new.verifier}","seq":2}}')
    assert both != text
    third = text.replace('"seq":1}', '"seq":3}')
    told: dict[str, str] = {}
    lies: dict[str, Lie] = {
        "/verify": lambda page: page.replace(root.encode(), str(old.verifier).encode()),
        KEYS: lambda _: told["note"].encode(),
    }

    def offer(text: str, *signers: Ed25519Signer) -> None:
        told["note"] = str(sign_note(text, signers))
        phone.reload()

    def has(seq: int) -> None:
        expect(phone.tab.locator("#kept")).to_contain_text(f"number {seq} of")

    with lying(live, lies):
        told["note"] = str(sign_note(text, (old,)))
        phone.tab.click("#lists summary")
        with phone.tab.expect_navigation():  # the page loads itself anew
            phone.tab.click("#forget")
        has(1)
        offer(both, old)  # the new root has not signed
        expect(phone.tab.locator("[data-trouble]")).to_be_visible()
        offer(third, new)  # nobody has introduced it
        expect(phone.tab.locator('[data-trouble="other-root"]')).to_be_visible()
        has(1)
        offer(both, old, new)
        has(2)
        offer(third, old)  # no root any more
        has(2)
        offer(third, new)
        has(3)
        phone.type(scene.jerky.code)
        phone.expect_verdict("good")


def test_who_missed_the_hand_over_of_the_root_is_led_to_it(phone: Phone, scene: Scene) -> None:
    """The site serves an edition of the new root; the phone asks for those between."""
    with scene.live.ledger.database.read() as session:
        root, note = session.get_one(Instance, 1).root, newest_directory(session).note
    old, new = signer("root-1", "first"), signer("root-2", "second")
    text = note.rpartition("\n\n")[0] + "\n"

    def edition(seq: int, *signers: Ed25519Signer, hands_over: bool = False) -> bytes:
        member = f',"root":"{new.verifier}"' if hands_over else ""
        changed = text.replace(',"seq":1}', f'{member},"seq":{seq}}}')
        return str(sign_note(changed, signers)).encode()

    told = {KEYS: edition(1, old), f"{KEYS}/2": edition(2, old), f"{KEYS}/3": edition(3, new)}

    def tell(address: str, _: bytes) -> bytes:
        return told[address]

    lies: dict[str, Lie] = {address: partial(tell, address) for address in told}
    lies["/verify"] = lambda page: page.replace(root.encode(), str(old.verifier).encode())
    kept = phone.tab.locator("#kept")
    with lying(scene.live, lies) as asked:
        phone.tab.click("#lists summary")
        with phone.tab.expect_navigation():  # the page loads itself anew
            phone.tab.click("#forget")
        # the page begins anew, which may take as long as any opening of it
        expect(kept).to_contain_text("number 1 of", timeout=20_000)
        told[KEYS] = edition(4, new)
        phone.reload()  # nobody has introduced the new root
        expect(phone.tab.locator('[data-trouble="other-root"]')).to_be_visible()
        expect(kept).to_contain_text("number 2 of")
        told[f"{KEYS}/3"] = edition(3, old, new, hands_over=True)
        phone.reload()
        expect(kept).to_contain_text("number 4 of")
        expect(phone.tab.locator("[data-trouble]")).to_have_count(0)
        phone.type(scene.jerky.code)
        phone.expect_verdict("good")
    assert asked.count(f"{KEYS}/3") == 2


def test_a_thiefs_list_and_its_number_go_with_the_stolen_key(phone: Phone, scene: Scene) -> None:
    """The last here: the site has other keys afterwards."""
    live, batch = scene.live, scene.recalled
    stolen, now = live.ledger.keys.status, live.clock.now()
    most = 2**53 - 1
    with live.ledger.database.read() as session:
        origin = session.get_one(Instance, 1).origin
    note = str(sign_note(note_text(origin, most, now, now + 9000 * DAY, ""), (stolen,)))
    with lying(live, {STATUS: lambda _: note.encode(), f"{STATUS}/{most}": lambda _: b""}):
        phone.reload()
        phone.type(batch.code)
        expect(phone.about("recalled")).to_have_count(0)
    phone.reload()
    expect(phone.tab.locator('[data-trouble="status-older"]')).to_be_visible()
    live.ledger.perform(SYSTEM, rotate_key, stolen.name)
    live.ledger.perform(SYSTEM, revoke_key, stolen.name)
    sign_and_accept(live.ledger)
    phone.reload()
    expect(phone.tab.locator('[data-trouble="status-older"]')).to_have_count(0)
    phone.type(batch.code)
    expect(phone.about("recalled")).to_be_visible()
    phone.type(scene.jerky.code)
    expect(phone.result).to_have_attribute("data-good", "true")
