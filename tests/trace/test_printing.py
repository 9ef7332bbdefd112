"""Print runs: what is issued, what is refused, what is logged, and what a scan is then told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.orders import hold, lift
from suyuan.trace.acts.parties import suspend_party
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.voiding import void_code
from suyuan.trace.clock import SetClock
from suyuan.trace.codes.manifest import PrintedItem, manifest_root
from suyuan.trace.codes.paths import parse_path
from suyuan.trace.codes.queries import newest_directory
from suyuan.trace.codes.signing import NoCodeKey, signer_for
from suyuan.trace.codes.status import State
from suyuan.trace.codes.verify import Verdict, Verification
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, NotFound, SuyuanError, TooLarge
from suyuan.trace.keys.directory import KeyEntry, KeyUse, parse_directory
from suyuan.trace.keys.notes import Ed25519Signer, parse_note, sign_note
from suyuan.trace.keys.tables import DirectoryEdition, Instance
from suyuan.trace.keys.unlocked import Unlocked
from suyuan.trace.log.audit import check_log
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.printing.content import IssuedLabel, LabelFacts
from suyuan.trace.printing.online import check_online
from suyuan.trace.printing.queries import codes_of, facts_of, print_run
from suyuan.trace.printing.tables import IssuedCode, PrintRun
from tests.world import make_actor, make_batch, make_producer, make_product

GTIN = "06901234567892"


def _fits(_template: str, _facts: LabelFacts, _label: IssuedLabel) -> None:
    """A printer on which everything fits."""


def _issue(
    ledger: Ledger,
    actor: Actor,
    code: str,
    count: int = 3,
    per_package: bool = True,
    unbound: bool = False,
) -> str:
    return ledger.perform(
        actor,
        issue_print_run,
        code,
        count,
        "trace-50x30",
        per_package,
        try_out=_fits,
        unbound=unbound,
    )


def _labels(ledger: Ledger, run: str) -> list[IssuedLabel]:
    with ledger.database.read() as session:
        return codes_of(session, run)


def _checked(ledger: Ledger, scanned: str) -> Verification:
    with ledger.database.read() as session:
        return check_online(session, scanned, ledger.clock.now())


def test_each_package_gets_a_code_of_its_own_that_verifies(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    code = make_batch(ledger, actor)
    labels = _labels(ledger, _issue(ledger, actor, code, 50))
    assert len({label.serial for label in labels}) == 50
    for label in labels:
        assert label.path == f"/t/{code}/{label.serial}"
        answer = _checked(ledger, label.url)
        assert answer.clear
        assert str(answer.path) == label.path


def test_a_product_with_a_gtin_is_signed_under_it(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    product = make_product(ledger, actor, gtin=GTIN)
    code = make_batch(ledger, actor, product=product, lot="L2026.06-1")
    (label,) = _labels(ledger, _issue(ledger, actor, code, 1))
    assert label.path == f"/01/{GTIN}/10/L2026.06-1/21/{label.serial}"
    assert label.trace_code == code
    assert _checked(ledger, label.url).clear


def test_batch_labels_carry_one_code_and_may_be_printed_again(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    code = make_batch(ledger, actor)
    first = _labels(ledger, _issue(ledger, actor, code, 4, per_package=False))
    again = _labels(ledger, _issue(ledger, actor, code, 2, per_package=False))
    assert [len(first), len(again)] == [4, 2]
    assert {(label.url, label.serial) for label in first + again} == {(first[0].url, None)}
    assert first[0].path == f"/t/{code}"


def test_a_blank_roll_has_a_code_of_its_own(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    code = make_batch(ledger, actor)
    labels = _labels(ledger, _issue(ledger, actor, code, 2, unbound=True))
    assert labels[0].trace_code == labels[1].trace_code != code
    assert labels[0].trace_code[:6] == code[:6]
    assert all(_checked(ledger, label.url).clear for label in labels)


def test_the_manifest_is_in_the_log_and_holds_exactly_the_codes(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    run_uid = _issue(ledger, actor, make_batch(ledger, actor), 5)
    with ledger.database.read() as session:
        run = print_run(session, run_uid)
        rows = session.execute(sa.select(IssuedCode.path, IssuedCode.salt).order_by("position"))
        items = [PrintedItem(parse_path(path), salt) for path, salt in rows]
        assert manifest_root(items) == run.manifest_root
        assert session.get_one(Record, run.record_id).type == "print_run"
        assert check_log(session).sound


def test_nothing_is_issued_where_the_label_cannot_be_printed(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    code = make_batch(ledger, actor)

    def too_small(_template: str, _facts: LabelFacts, _label: IssuedLabel) -> None:
        raise InvalidInput("It does not fit.")

    with pytest.raises(InvalidInput):
        ledger.perform(actor, issue_print_run, code, 3, "trace-50x30", try_out=too_small)
    with ledger.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(PrintRun)) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(IssuedCode)) == 0


def test_a_stopped_batch_prints_no_labels_until_it_is_released(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    code = make_batch(ledger, actor)
    (label,) = _labels(ledger, _issue(ledger, actor, code, 1))
    order = ledger.perform(actor, hold, code, "抽检不合格")
    with pytest.raises(Conflict, match="抽检不合格"):
        _issue(ledger, actor, code)
    assert _checked(ledger, label.url).state is State.HELD
    ledger.perform(actor, lift, order, "复检合格")
    _issue(ledger, actor, code)
    assert _checked(ledger, label.url).clear


@pytest.mark.parametrize(
    ("count", "error"), [(0, InvalidInput), (-1, InvalidInput), (20_001, TooLarge)]
)
def test_a_run_has_at_least_one_label_and_not_too_many(
    ledger: Ledger, count: int, error: type[SuyuanError]
) -> None:
    actor = make_producer(ledger)
    code = make_batch(ledger, actor)
    with pytest.raises(error):
        _issue(ledger, actor, code, count)


def test_only_who_may_print_for_the_owner_prints(ledger: Ledger) -> None:
    owner, other = make_producer(ledger), make_producer(ledger)
    code = make_batch(ledger, owner)
    for actor in (other, make_actor(ledger, str(owner.party_uid), "viewer")):
        with pytest.raises(Forbidden):
            _issue(ledger, actor, code)


def test_a_suspended_organisation_prints_nothing(ledger: Ledger) -> None:
    owner = make_producer(ledger)
    code = make_batch(ledger, owner)
    ledger.perform(SYSTEM, suspend_party, str(owner.party_uid), "伪造检疫证明")
    for unbound in (False, True):
        with pytest.raises(Forbidden, match="suspended"):
            _issue(ledger, owner, code, unbound=unbound)


def test_nobody_voids_the_blank_roll_of_another(ledger: Ledger) -> None:
    owner = make_producer(ledger)
    run = _issue(ledger, owner, make_batch(ledger, owner), unbound=True)
    with pytest.raises(Forbidden):
        ledger.perform(make_producer(ledger), void_code, _labels(ledger, run)[0].path, "恶作剧")


def test_a_voided_code_says_so_and_the_others_stay_good(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    run = _issue(ledger, actor, make_batch(ledger, actor), 2)
    torn, kept = _labels(ledger, run)
    ledger.perform(actor, void_code, torn.path, "标签破损")
    assert _checked(ledger, torn.url).state is State.VOIDED
    assert _checked(ledger, kept.url).clear
    assert _labels(ledger, run) == [kept]
    with pytest.raises(Conflict):
        ledger.perform(actor, void_code, torn.path, "标签破损")


def test_only_the_code_of_a_printed_package_is_voided(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    code = make_batch(ledger, actor)
    with pytest.raises(InvalidInput):
        ledger.perform(actor, void_code, f"/t/{code}", "印错")
    with pytest.raises(NotFound):
        ledger.perform(actor, void_code, f"/t/{code}/000000000000", "印错")


def test_what_a_label_said_when_it_was_issued_stays_what_it_says(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    product = make_product(
        ledger, actor, label={"net_content": {"amount": "500", "unit": "GRM"}, "specification": "x"}
    )
    run = _issue(ledger, actor, make_batch(ledger, actor, product=product))
    with ledger.database.read() as session:
        facts = facts_of(session, run)
    said = {item.key: item for item in facts.items}
    assert said["product_name"].text.zh == "朝阳小米"
    assert said["net_content"].text.zh == "500 g"
    assert said["net_content"].least_mm == "4"
    assert said["origin"].text.zh.startswith("西藏自治区那曲市")
    assert said["origin"].heading.bo is not None
    assert said["net_content"].heading.bo is None  # composed, and not yet approved
    assert LabelFacts.from_json(facts.to_json()) == facts


def test_an_unsigned_a_forged_and_a_strange_code_are_told_apart(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    (label,) = _labels(ledger, _issue(ledger, actor, make_batch(ledger, actor), 1))
    assert _checked(ledger, label.path).verdict is Verdict.UNSIGNED
    other = label.path[:-1] + str((int(label.path[-1]) + 1) % 10)
    assert _checked(ledger, label.url.replace(label.path, other)).verdict is Verdict.FORGED
    assert _checked(ledger, "https://t.example.cn/../x").verdict is Verdict.MALFORMED
    assert _checked(ledger, label.url.replace("t.ex", "s.ex")).verdict is Verdict.OTHER_HOST


def test_a_revoked_key_keeps_what_was_logged_before(ledger: Ledger, clock: SetClock) -> None:
    actor = make_producer(ledger)
    code = make_batch(ledger, actor)
    (before,) = _labels(ledger, _issue(ledger, actor, code, 1))
    with ledger.database.read() as session:
        size = check_log(session).size
    (after,) = _labels(ledger, _issue(ledger, actor, code, 1))
    _revoke_code_key(ledger, size)
    assert _checked(ledger, before.url).verdict is Verdict.GOOD
    assert _checked(ledger, after.url).verdict is Verdict.REVOKED_KEY


def _revoke_code_key(ledger: Ledger, size: int) -> None:
    """A further directory in which the code key is revoked, signed by a new root."""
    root = Ed25519Signer.generate("trace.example.cn/root-2")
    with ledger.database.write() as session:
        old = parse_directory(parse_note(newest_directory(session).note).text)
        keys = tuple(
            replace(key, revoked_at_size=size) if key.use is KeyUse.CODE else key
            for key in old.keys
        )
        new = replace(old, seq=2, keys=keys)
        session.add(
            DirectoryEdition(
                seq=2,
                note=str(sign_note(new.text(), (root,))),
                issued=new.issued,
                expires=new.expires,
            )
        )
        session.get_one(Instance, 1).root = str(root.verifier)
        session.commit()


def _key(ledger: Ledger, name: str, *division: str) -> tuple[KeyEntry, Ed25519Signer]:
    signer = Ed25519Signer.generate(name)
    since = ledger.clock.now().date()
    until = since + timedelta(30)
    return KeyEntry(signer.verifier, KeyUse.CODE, "县站", since, until, (), division), signer


def test_the_key_with_the_narrowest_scope_signs(ledger: Ledger) -> None:
    anywhere, county = _key(ledger, "a"), _key(ledger, "b", "540628")
    elsewhere = _key(ledger, "c", "2113")
    path, today = parse_path("/t/5406280000000013"), ledger.clock.now().date()
    assert signer_for((anywhere, county, elsewhere), path, today)[0].key.name == "b"
    with pytest.raises(NoCodeKey):
        signer_for((elsewhere,), path, today)
    with pytest.raises(NoCodeKey):
        signer_for((anywhere, county), path, today + timedelta(31))


def test_no_label_is_printed_without_a_key_for_its_place(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    code = make_batch(ledger, actor)
    keys: Unlocked = replace(ledger.keys, codes=(_key(ledger, "c", "2113"),))
    with pytest.raises(NoCodeKey):
        _issue(replace(ledger, keys=keys), actor, code)
