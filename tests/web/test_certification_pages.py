"""A certification from the producer's form to the inspector's decision, and its withdrawal."""

from __future__ import annotations

from suyuan.trace.acts.certifying import apply_for_certification
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.papers.applications import application
from tests import world
from tests.own_certifying import TEN_MU, certified, make_field, wanted
from tests.web.desk_world import desk
from tests.web_clients import signed_in, site
from tests.world import kg


def test_it_is_asked_for_approved_drawn_and_withdrawn_by_form(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    product, land = world.make_product(ledger, head), make_field(ledger, head)
    client = desk(ledger, head)
    page = "/desk/certifications/new?kind=origin_certification"
    assert page in client.get("/desk/certifications/new").text
    form = {
        "kind": "origin_certification", "product": product, "sites": land,
        "area_m2": str(TEN_MU), "amount": "9000", "amount.unit": "KGM", "months": "12",
    }  # fmt: skip
    refused = client.submit("/desk/certifications/new", {**form, "months": "99"}, page=page)
    assert refused.status_code == 422
    sent = client.submit("/desk/certifications/new", form, page=page)
    assert sent.status_code == 302, sent.text
    uid = sent.location.rpartition("/")[2]
    assert "under review" in client.get("/desk/papers/").text

    inspector = world.make_regulator(ledger)
    office = signed_in(site(ledger), ledger, str(inspector.person_uid))
    review = f"/inspect/applications/{uid}"
    assert review in office.get("/inspect/applications").text
    sheet = office.get(review).text
    for told in ("5000.25 kg", "500 kg from one mu", "unconfirmed", "6667 m²"):
        assert told in sheet, told
    vague = office.submit(review, {"act": "approve", "against": "x", "amount": "6000 kg"})
    assert vague.status_code == 422
    assert "500 kg from one mu" in vague.text
    done = office.submit(review, {"act": "approve", "against": "承包合同", "amount": "4000 kg"})
    assert done.status_code == 302, done.text
    with ledger.database.read() as session:
        paper = application(session, uid).paper
        assert paper is not None
        number, address = paper.number, f"/desk/papers/{paper.uid}"
    own = client.get(address).text
    assert number in own
    assert "holds no longer" not in own
    assert f"{page}&amp;renews={paper.uid}" in own

    code = world.make_batch(ledger, head, kg(1500), product=product)
    scan = site(ledger)
    assert "1500 kg of 4000 kg drawn" in scan.get(f"/t/{code}").text
    out = office.submit(review, {"act": "withdraw", "reason": "地块改种"})
    assert out.status_code == 302, out.text
    after = scan.get(f"/t/{code}").text
    assert "A paper behind it was revoked" in after
    assert "地块改种" in after


def test_a_refusal_is_read_by_who_applied(ledger: Ledger) -> None:
    head, inspector = world.make_producer(ledger), world.make_regulator(ledger)
    uid = ledger.perform(head, apply_for_certification, wanted(ledger, head))
    office = signed_in(site(ledger), ledger, str(inspector.person_uid))
    review = f"/inspect/applications/{uid}"
    assert office.submit(review, {"act": "refuse", "reason": ""}).status_code == 422
    assert office.submit(review, {"act": "refuse", "reason": "缺合同"}).status_code == 302
    client = desk(ledger, head)
    assert "缺合同" in client.get(f"/desk/certifications/{uid}").text
    assert "refused" in client.get("/desk/papers/").text


def test_another_authority_sees_no_form_to_decide_or_to_withdraw(ledger: Ledger) -> None:
    head, issuer = world.make_producer(ledger), world.make_regulator(ledger)
    other = world.make_regulator(ledger)
    paper, _ = certified(ledger, head, issuer)
    office = signed_in(site(ledger), ledger, str(other.person_uid))
    listed = office.get("/inspect/applications?all=1").text
    uid = listed.partition("/inspect/applications/")[2][:26]
    sheet = office.get(f"/inspect/applications/{uid}").text
    assert "approved" in sheet
    assert 'value="withdraw"' not in sheet
    sent = office.submit(
        f"/inspect/applications/{uid}", {"act": "withdraw", "reason": "x"}, page="/inspect/orders"
    )
    assert sent.status_code == 403
    assert f"/inspect/applications/{uid}" in office.get(f"/inspect/papers/{paper}").text
