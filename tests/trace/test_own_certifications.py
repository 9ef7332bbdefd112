"""An authority certifies by itself: applied for, reviewed, numbered, drawn from, withdrawn."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from suyuan.trace.acts.certifying import (
    apply_for_certification,
    approve_certification,
    refuse_certification,
)
from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.acts.people import grant_role
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches.queries import batch
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, InvalidInputs
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.papers.applications import application, applications_for
from suyuan.trace.papers.draws import QuotaExceeded
from suyuan.trace.papers.facts import Covers, PaperFacts, ReviewFacts
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.own_certifications import (
    next_number,
    own_certifications,
    own_number,
)
from suyuan.trace.papers.queries import account_of, paper, revoked_behind
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.projections import PROJECTIONS
from suyuan.trace.quantities import Quantity
from tests import world
from tests.own_certifying import SEEN, TEN_MU, certified, make_field, wanted
from tests.world import kg


def test_what_is_approved_stands_in_the_register_for_what_the_land_gives(ledger: Ledger) -> None:
    head, authority = world.make_producer(ledger), world.make_regulator(ledger, family="grain")
    uid, _ = certified(ledger, head, authority)
    with ledger.database.read() as session:
        found = paper(session, uid)
        assert found.number.startswith("CD")
        assert own_number(found.number).value == found.number
        assert (found.amount, found.unit) == (Decimal("5000.25"), "KGM")
        assert [one["code"] for one in found.warnings] == ["unconfirmed-yield"]
        assert found.checked_by_party_id == authority.party_id
        assert found.checked_where == SEEN.against
        day = found.valid_from
        assert day is not None
        assert found.valid_to is not None
        assert (found.valid_to - day).days in (364, 365)
        assert not audit_projections(session, PROJECTIONS)
    second, _ = certified(ledger, head, authority)
    with ledger.database.read() as session:
        assert int(paper(session, second).number[2:-1]) == int(found.number[2:-1]) + 1


def test_registration_draws_and_no_more_than_was_approved(ledger: Ledger) -> None:
    head, authority = world.make_producer(ledger), world.make_regulator(ledger)
    uid, product = certified(ledger, head, authority)
    code = world.make_batch(ledger, head, kg(4000), product=product)
    with ledger.database.read() as session:
        account = account_of(
            session, paper(session, uid), batch(session, code).registered_at.date()
        )
        assert account is not None
        assert account.left == Decimal("1000.25")
    with pytest.raises(QuotaExceeded):
        world.make_batch(ledger, head, kg(1001), product=product)


def test_the_authority_that_issued_it_alone_withdraws_it(ledger: Ledger) -> None:
    head, authority = world.make_producer(ledger), world.make_regulator(ledger)
    other = world.make_regulator(ledger)
    uid, product = certified(ledger, head, authority)
    code = world.make_batch(ledger, head, kg(4000), product=product)
    for actor in (head, other):
        with pytest.raises(Forbidden):
            ledger.perform(actor, revoke_paper, uid, "不再种植")
    ledger.perform(authority, revoke_paper, uid, "地块改种")
    with ledger.database.read() as session:
        found = revoked_behind(session, [batch(session, code).id])
        assert [(one.uid, one.reason) for one in found] == [(uid, "地块改种")]


def test_only_who_is_competent_for_place_and_family_reviews(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    uid = ledger.perform(head, apply_for_certification, wanted(ledger, head))
    elsewhere = world.make_regulator(ledger, "211324")
    of_meat = world.make_regulator(ledger, family="yak_meat")
    here = world.make_regulator(ledger, family="grain")
    for actor in (head, elsewhere, of_meat):
        with pytest.raises(Forbidden):
            ledger.perform(actor, approve_certification, uid, SEEN)
        with pytest.raises(Forbidden):
            ledger.perform(actor, refuse_certification, uid, "材料不全")
    with ledger.database.read() as session:
        seen = {
            actor: uid in {one.uid for one in applications_for(session, actor, open_only=True)}
            for actor in (elsewhere, of_meat, here)
        }
    assert list(seen.values()) == [False, False, True]


def test_nobody_reviews_an_application_of_their_own_organisation(ledger: Ledger) -> None:
    """Not who works for both, whichever of the two they act for."""
    head, authority = world.make_producer(ledger), world.make_regulator(ledger)
    uid = ledger.perform(head, apply_for_certification, wanted(ledger, head))
    ledger.perform(SYSTEM, grant_role, str(authority.person_uid), str(head.party_uid), "clerk")
    with pytest.raises(Forbidden, match="own organisation"):
        ledger.perform(authority, approve_certification, uid, SEEN)
    ledger.perform(world.make_regulator(ledger), refuse_certification, uid, "材料不全")


def test_a_refusal_is_told_and_one_may_apply_again(ledger: Ledger) -> None:
    head, authority = world.make_producer(ledger), world.make_regulator(ledger)
    facts = wanted(ledger, head)
    uid = ledger.perform(head, apply_for_certification, facts)
    with pytest.raises(Conflict, match="under review"):
        ledger.perform(head, apply_for_certification, facts)
    with pytest.raises(InvalidInput):
        ledger.perform(authority, refuse_certification, uid, " ")
    ledger.perform(authority, refuse_certification, uid, "缺土地承包合同")
    with ledger.database.read() as session:
        one = application(session, uid)
        assert (one.state, one.state_reason) == ("refused", "缺土地承包合同")
        assert one.decided_by_id == authority.party_id
        assert not audit_projections(session, PROJECTIONS)
    for act, said in ((approve_certification, SEEN), (refuse_certification, "再审")):
        with pytest.raises(Conflict, match="decided"):
            ledger.perform(authority, act, uid, said)  # type: ignore[arg-type]
    assert ledger.perform(head, apply_for_certification, facts) != uid


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"sites": ()}, "sites"),
        ({"area_m2": None}, "area_m2"),
        ({"area_m2": TEN_MU + 1}, "area_m2"),
        ({"months": 37}, "months"),
        ({"months": 0}, "months"),
        ({"amount": kg(0)}, "amount"),
    ],
)
def test_an_application_says_all_that_iswanted(
    ledger: Ledger, changed: dict[str, object], field: str
) -> None:
    head = world.make_producer(ledger)
    with pytest.raises(InvalidInputs) as told:
        ledger.perform(head, apply_for_certification, wanted(ledger, head, **changed))
    assert [one.field for one in told.value.faults] == [field]


def test_goods_and_land_of_others_are_not_applied_for(ledger: Ledger) -> None:
    head, other = world.make_producer(ledger), world.make_producer(ledger)
    for changed in (
        {"product": world.make_product(ledger, other)},
        {"sites": (make_field(ledger, other),)},
    ):
        with pytest.raises(Forbidden):
            ledger.perform(head, apply_for_certification, wanted(ledger, head, **changed))


@pytest.mark.parametrize(
    ("review", "field"),
    [
        (ReviewFacts(""), "against"),
        (replace(SEEN, amount=kg(5001)), "amount"),
        (replace(SEEN, amount=kg(9001)), "amount"),
        (replace(SEEN, amount=Quantity.of(3, "HEA")), "amount"),
        (replace(SEEN, area_m2=TEN_MU + 1), "area_m2"),
        (replace(SEEN, months=13), "months"),
    ],
)
def test_no_more_is_approved_than_was_asked_for_or_the_land_gives(
    ledger: Ledger, review: ReviewFacts, field: str
) -> None:
    head, authority = world.make_producer(ledger), world.make_regulator(ledger)
    uid = ledger.perform(head, apply_for_certification, wanted(ledger, head))
    with pytest.raises(InvalidInput) as told:
        ledger.perform(authority, approve_certification, uid, review)
    assert told.value.field == field


def test_goods_without_a_known_yield_say_that_the_amount_is_the_authoritys(ledger: Ledger) -> None:
    head, authority = world.make_producer(ledger), world.make_regulator(ledger)
    herb = world.make_product(ledger, head, "cordyceps", "fresh", name="虫草")
    uid = ledger.perform(head, apply_for_certification, wanted(ledger, head, product=herb))
    issued = ledger.perform(authority, approve_certification, uid, replace(SEEN, amount=kg(3)))
    official = wanted(ledger, head, kind="official_certification", sites=(), area_m2=None)
    uid = ledger.perform(head, apply_for_certification, official)
    whole = ledger.perform(authority, approve_certification, uid, SEEN)
    with ledger.database.read() as session:
        assert [one["code"] for one in paper(session, issued).warnings] == ["unknown-yield"]
        assert paper(session, issued).amount == 3
        assert not paper(session, whole).warnings
        assert paper(session, whole).amount == 9000
        assert paper(session, whole).number.startswith("RZ")


def test_nobody_enters_one_as_a_paper_from_elsewhere(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    facts = PaperFacts("origin_certification", "CD1", str(head.party_uid),
                       covers=(Covers("product", world.make_product(ledger, head)),))  # fmt: skip
    with pytest.raises(InvalidInput, match="apply for it"):
        ledger.perform(head, register_paper, facts)


def test_an_organisation_that_nobody_checked_is_certified_after_its_check(ledger: Ledger) -> None:
    authority = world.make_regulator(ledger)
    uid = world.make_party(ledger, "cooperative", active=False)
    head = world.make_actor(ledger, uid)
    asked = ledger.perform(head, apply_for_certification, wanted(ledger, head))
    with pytest.raises(Conflict, match="checked"):
        ledger.perform(authority, approve_certification, asked, SEEN)


def test_what_is_issued_here_is_a_kind_of_paper_and_says_where_it_comes_from() -> None:
    for key, own in own_certifications().items():
        kind = PaperKinds.load().get(key)
        assert kind.number_rule == "own_certification"
        assert not kind.offered
        assert kind.quota is not None
        assert kind.quota.beyond == "refuse"
        assert own.provenance.unconfirmed
        assert kind.provenance.unconfirmed


def test_a_number_has_a_check_digit_and_ends_after_its_last_serial() -> None:
    start = "CD5406260000126"
    one = next_number(start, None)
    assert own_number(f" {one[:5]}-{one[5:]} ").value == one
    with pytest.raises(InvalidInput):
        own_number(one[:-1] + str((int(one[-1]) + 1) % 10))
    with pytest.raises(InvalidInput):
        own_number("LB" + one[2:])
    with pytest.raises(Conflict):
        next_number(start, f"{start}99990")
