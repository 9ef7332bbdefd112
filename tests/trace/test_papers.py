"""Papers and test reports: entered as written, checked where they can be, never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from suyuan.trace.acts.papers import check_paper, register_paper, revoke_paper
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.shipments import receive
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches.queries import batch
from suyuan.trace.canonical import read_canonical
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, InvalidInputs, NotFound
from suyuan.trace.events.facts import ReceiptFacts
from suyuan.trace.log.tables import Record
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.papers.facts import CheckFacts, Covers, PaperFacts
from suyuan.trace.papers.queries import paper, papers_of_batches, papers_of_holder, state_on
from suyuan.trace.papers.tables import Paper
from suyuan.trace.parties.actor import Actor
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from suyuan.trace.quality.queries import report, reports_of_batches
from suyuan.trace.quantities import Quantity
from tests import world

LICENCE = "SC10141132500016"


def _licence(holder: Actor, **more: object) -> PaperFacts:
    facts = PaperFacts(
        "sc_licence",
        LICENCE,
        str(holder.party_uid),
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
        covers=(Covers("party", str(holder.party_uid)),),
    )
    return replace(facts, **more)  # type: ignore[arg-type]  # fields by name


def _report(code: str, **more: object) -> TestReportFacts:
    facts = TestReportFacts(
        "JC-2026-001",
        "市检测中心",
        date(2026, 5, 30),
        (code,),
        (TestItemFacts("镉", "未检出(<0.002)", "mg/kg", "0.002", "≤0.1"),),
    )
    return replace(facts, **more)  # type: ignore[arg-type]  # fields by name


def test_a_paper_covers_its_batches_until_its_last_day(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code = world.make_batch(ledger, head)
    uid = ledger.perform(head, register_paper, _licence(head))
    with ledger.database.read() as session:
        assert [one.uid for one in papers_of_batches(session, [batch(session, code)])] == [uid]
        found = paper(session, uid)
        states = [state_on(found, date(year, 12, 31)) for year in (2025, 2026, 2027)]
    assert states == ["not_yet", "valid", "expired"]


def test_a_wrong_check_digit_warns_and_a_wrong_form_refuses(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    uid = ledger.perform(head, register_paper, _licence(head, number="SC10141132500017"))
    with ledger.database.read() as session:
        assert [one["field"] for one in paper(session, uid).warnings] == ["number"]
    with pytest.raises(InvalidInput, match="number"):
        ledger.perform(head, register_paper, _licence(head, number="SC123"))


def test_the_same_paper_is_entered_once(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    first = ledger.perform(head, register_paper, _licence(head))
    assert ledger.perform(head, register_paper, _licence(head)) == first
    with pytest.raises(Conflict, match=first):
        ledger.perform(head, register_paper, _licence(head, valid_to=date(2027, 12, 31)))
    with ledger.database.read() as session:
        [row] = papers_of_holder(session, head.party_id or 0)
    copy = {c.key: getattr(row, c.key) for c in Paper.__table__.columns if c.key != "id"}
    with pytest.raises(IntegrityError), ledger.database.write() as session:
        session.execute(sa.insert(Paper).values({**copy, "uid": "0" * 26}))


@pytest.mark.parametrize(
    "written", [" 54000 12399B", "54-00012399B", "5400012399b", "５４０００１２３９９B"]
)
def test_a_number_written_otherwise_is_no_other_paper(ledger: Ledger, written: str) -> None:
    head = world.make_producer(ledger)
    facts = _licence(head, kind="quarantine_product_b", number="5400012399B", covers=())
    first = ledger.perform(head, register_paper, facts)
    assert ledger.perform(head, register_paper, replace(facts, number=written)) == first
    more = replace(facts, number=written, amount=Quantity.of(10, "KGM"))
    with pytest.raises(Conflict, match=first):
        ledger.perform(head, register_paper, more)


@pytest.mark.parametrize(
    "written", ["CJ－1", "ＣＪ-１", "CJ—1", "CJ–1", "CJ−1", "CJ‐1", "CJ\u200b-1", "cj 1"]
)
def test_no_revoked_paper_comes_back_in_another_writing(ledger: Ledger, written: str) -> None:
    head = world.make_producer(ledger)
    facts = _licence(head, kind="gathering_permit", number="CJ-1", covers=())
    first = ledger.perform(head, register_paper, facts)
    ledger.perform(world.make_regulator(ledger), revoke_paper, first, "吊销")
    with pytest.raises(Conflict, match=first):
        ledger.perform(head, register_paper, replace(facts, number=written))


def test_a_number_that_another_holder_has_too_is_remarked(ledger: Ledger) -> None:
    for shared in (False, True):
        head = world.make_producer(ledger)
        facts = _licence(head, kind="gathering_permit", number="采 1", covers=())
        uid = ledger.perform(head, register_paper, facts)
        with ledger.database.read() as session:
            codes = [one["code"] for one in paper(session, uid).warnings]
        assert ("number-shared" in codes) is shared


def test_what_has_no_number_may_be_there_more_than_once(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    pledge = PaperFacts(
        "commitment_certificate", "", str(head.party_uid), issued_on=date(2026, 1, 1)
    )
    first = ledger.perform(head, register_paper, pledge)
    assert ledger.perform(head, register_paper, pledge) != first


@pytest.mark.parametrize(
    "wrong",
    [
        {"valid_to": date(2025, 1, 1)},
        {"issued_on": date(2099, 1, 1)},
        {"kind": "passport"},
        {"covers": (Covers("batch", "5406260847047297"),)},
        {"checked_by": "我自己"},
        {"amount": Quantity.of(-5, "KGM")},
        {"amount": Quantity.of(0, "KGM")},
    ],
)
def test_what_cannot_be_of_a_paper_is_refused(ledger: Ledger, wrong: dict[str, object]) -> None:
    head = world.make_producer(ledger)
    with pytest.raises(InvalidInput):
        ledger.perform(head, register_paper, _licence(head, **wrong))


def test_a_revoked_paper_is_revoked_once_and_for_a_reason(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    uid = ledger.perform(head, register_paper, _licence(head))
    with pytest.raises(InvalidInput):
        ledger.perform(head, revoke_paper, uid, " ")
    ledger.perform(head, revoke_paper, uid, "企业注销")
    with ledger.database.read() as session:
        assert state_on(paper(session, uid), date(2026, 6, 1)) == "revoked"
    with pytest.raises(Conflict):
        ledger.perform(head, revoke_paper, uid, "再次")


def checked(ledger: Ledger, actor: Actor, uid: str, **how: object) -> str:
    return ledger.perform(actor, check_paper, uid, CheckFacts("原件", **how))  # type: ignore[arg-type]  # fields by name


def test_who_is_competent_serves_or_certifies_checks_a_paper(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    uid = ledger.perform(head, register_paper, _licence(head))
    checkers = (
        world.make_regulator(ledger),
        world.make_actor(ledger, world.make_party(ledger, "county_station"), "inspector"),
        world.make_actor(ledger, world.make_party(ledger, "certifier"), "auditor"),
    )
    for actor in checkers:
        assert checked(ledger, actor, uid) == uid
        with ledger.database.read() as session:
            found = paper(session, uid)
            assert found.checked_by_uid == actor.person_uid
            assert found.checked_by_party is not None
            assert found.checked_by_party.uid == actor.party_uid
            assert (found.checked_at, found.checked_where) == (ledger.clock.now(), "原件")
            said = session.scalars(
                sa.select(Record).where(Record.type == "paper.checked", Record.subject == uid)
            ).all()[-1]
            body = read_canonical(said.body or b"")
            assert body["checked_by_party"] == actor.party_uid  # type: ignore[index,call-overload]  # an object
            assert said.classes["checked_by"] == "personal"


def test_nobody_else_checks_a_paper(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    uid = ledger.perform(head, register_paper, _licence(head))
    others = (
        head,
        world.make_producer(ledger),
        world.make_regulator(ledger, world.KAZUO),
        world.make_actor(ledger, world.make_party(ledger, "certifier", active=False), "auditor"),
        world.make_producer(ledger, "laboratory"),
    )
    for actor in others:
        with pytest.raises(Forbidden):
            checked(ledger, actor, uid)


def test_a_check_says_where_and_lies_between_issue_and_today(ledger: Ledger) -> None:
    head, regulator = world.make_producer(ledger), world.make_regulator(ledger)
    uid = ledger.perform(head, register_paper, _licence(head, issued_on=date(2026, 1, 1)))
    for wrong in (date(2026, 6, 2), date(2025, 12, 31)):
        with pytest.raises(InvalidInput) as refused:
            checked(ledger, regulator, uid, on=wrong)
        assert refused.value.field == "on"
    with pytest.raises(InvalidInput, match="where"):
        ledger.perform(regulator, check_paper, uid, CheckFacts(" "))
    checked(ledger, regulator, uid, on=date(2026, 2, 1))
    with ledger.database.read() as session:
        at = paper(session, uid).checked_at
        assert at is not None
        assert at.date() == date(2026, 2, 1)
    ledger.perform(head, revoke_paper, uid, "注销")
    with pytest.raises(Conflict):
        checked(ledger, regulator, uid)


@pytest.mark.parametrize("revoked_first", [True, False])
def test_a_number_revoked_for_another_is_warned_of_where_it_is_used(
    ledger: Ledger, *, revoked_first: bool
) -> None:
    one, other = world.make_producer(ledger), world.make_producer(ledger)
    uid = ledger.perform(one, register_paper, _licence(one))
    if revoked_first:
        ledger.perform(one, revoke_paper, uid, "吊销")
    used = ledger.perform(other, register_paper, _licence(other))
    if not revoked_first:
        ledger.perform(one, revoke_paper, uid, "吊销")
    query = sa.select(EarlyWarning).where(EarlyWarning.rule == "revoked_number_in_use")
    with ledger.database.read() as session:
        (warning,) = session.scalars(query)
        assert (warning.party_id, warning.evidence["paper"]) == (other.party_id, used)
        assert paper(session, used).state == "valid"


def test_another_organisation_enters_no_papers_for_this_one(ledger: Ledger) -> None:
    head, other = world.make_producer(ledger), world.make_producer(ledger)
    with pytest.raises(Forbidden):
        ledger.perform(other, register_paper, _licence(head))
    uid = ledger.perform(head, register_paper, _licence(head))
    with pytest.raises(Forbidden, match="by its holder"):
        ledger.perform(other, revoke_paper, uid, "假的")


def test_a_paper_covers_only_what_is_its_holders_business(ledger: Ledger) -> None:
    """Else anybody could spoil a stranger's page by revoking a paper of his own."""
    head, other = world.make_producer(ledger), world.make_producer(ledger)
    code = world.make_batch(ledger, head)
    paper_of = PaperFacts(
        "quarantine_product_b", "5400012345", str(other.party_uid), covers=(Covers("batch", code),)
    )
    with pytest.raises(Forbidden, match="another organisation"):
        ledger.perform(other, register_paper, paper_of)
    shipment = world.make_shipment(ledger, head, str(other.party_uid), code)
    ledger.perform(other, receive, ReceiptFacts(shipment, ledger.clock.now(), accepted=True))
    assert ledger.perform(other, register_paper, paper_of)


def test_results_are_kept_as_the_laboratory_wrote_them(ledger: Ledger) -> None:
    head, lab = world.make_producer(ledger), world.make_producer(ledger, "laboratory")
    code = world.make_batch(ledger, head)
    uid = ledger.perform(lab, enter_test_report, _report(code))
    with ledger.database.read() as session:
        found = reports_of_batches(session, [batch(session, code).id])
        assert [(one.uid, one.items[0].result) for one in found] == [(uid, "未检出(<0.002)")]
        assert report(session, uid).laboratory_id == lab.party_id


def test_one_report_is_entered_once(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code = world.make_batch(ledger, head)
    ledger.perform(head, enter_test_report, _report(code))
    with pytest.raises(Conflict):
        ledger.perform(head, enter_test_report, _report(code))


def test_every_fault_of_a_report_is_named_at_once(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code = world.make_batch(ledger, head)
    wrong = _report(
        code,
        number=" ",
        kind="taste",
        items=(TestItemFacts("", ""),),
        sampled_on=date(2026, 6, 30),
    )
    with pytest.raises(InvalidInputs) as refused:
        ledger.perform(head, enter_test_report, wrong)
    fields = {fault.field for fault in refused.value.faults}
    assert fields == {"number", "kind", "items.0", "sampled_on"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"issued_on": date(2099, 1, 1)}, "issued_on"),
        ({"valid_to": date(2026, 5, 29)}, "valid_to"),
    ],
)
def test_a_report_is_of_a_day_that_has_been(
    ledger: Ledger, wrong: dict[str, object], field: str
) -> None:
    head = world.make_producer(ledger)
    with pytest.raises(InvalidInputs) as refused:
        ledger.perform(head, enter_test_report, _report(world.make_batch(ledger, head), **wrong))
    assert [fault.field for fault in refused.value.faults] == [field]


def test_a_report_names_batches_that_there_are_and_that_one_may_speak_of(ledger: Ledger) -> None:
    head, other = world.make_producer(ledger), world.make_producer(ledger)
    code = world.make_batch(ledger, head)
    with pytest.raises(NotFound):
        ledger.perform(head, enter_test_report, _report("5406260847047297"))
    with pytest.raises(Forbidden):
        ledger.perform(other, enter_test_report, _report(code))
