"""Refusals name what is missing and where to get it in the reader's own language."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from suyuan.api.problems import from_family
from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.errors import SuyuanError
from suyuan.trace.papers.draws import QuotaExceeded
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.parties.actor import Actor
from suyuan.trace.quantities import Quantity
from tests import world
from tests.api_clients import application

CHINESE = re.compile(r"[㐀-鿿、。]")
LICENCE = "SC10154062600016"


def _told(ledger: Ledger, refused: SuyuanError) -> tuple[str, str]:
    """What the API's problem document says of a refusal, in English and in Chinese."""
    details = []
    for language in ("en", "zh"):
        with application(ledger).test_request_context(headers={"Accept-Language": language}):
            document = from_family(refused).get_json()
            faults = [one["detail"] for one in document.get("errors", ())]
            details.append(" ".join([document["detail"], *faults]))
    return details[0], details[1]


def _beyond_the_permit(ledger: Ledger, head: Actor) -> None:
    place = world.make_site(ledger, head)
    permit = PaperFacts(
        "gathering_permit", "0187", str(head.party_uid), valid_from=date(2026, 5, 1),
        valid_to=date(2026, 7, 31), amount=world.kg(120), covers=(Covers("site", place),),
    )  # fmt: skip
    ledger.perform(head, register_paper, permit)
    world.make_batch(ledger, head, world.kg(121), family="cordyceps", variant="fresh", site=place)


def _without_papers(ledger: Ledger, head: Actor) -> None:
    code = world.make_batch(ledger, head, family="grain", variant="millet_milled")
    world.make_event(ledger, head, "sell", code, world.kg(1))


def _under_a_revoked_licence(ledger: Ledger, head: Actor) -> None:
    _revoked(ledger, head, Covers("party", str(head.party_uid)))
    code = world.make_batch(ledger, head, family="grain", variant="millet_milled")
    _print(ledger, head, code)


def _naming_a_revoked_licence(ledger: Ledger, head: Actor) -> None:
    _revoked(ledger, head)
    product = world.make_product(
        ledger, head, variant="sorghum_milled", label={"licence_number": LICENCE}
    )
    _print(ledger, head, world.make_batch(ledger, head, product=product))


def _revoked(ledger: Ledger, head: Actor, *covers: Covers) -> None:
    licence = PaperFacts("sc_licence", LICENCE, str(head.party_uid), covers=covers)
    ledger.perform(head, revoke_paper, ledger.perform(head, register_paper, licence), "lapsed")


def _print(ledger: Ledger, head: Actor, code: str) -> None:
    ledger.perform(head, issue_print_run, code, 1, "trace-50x30", try_out=lambda *_: None)


@pytest.mark.parametrize(
    ("refuse", "kind", "where"),
    [
        (_beyond_the_permit, "gathering_permit", True),
        (_without_papers, "sc_licence", True),
        (_under_a_revoked_licence, "sc_licence", False),
        (_naming_a_revoked_licence, "sc_licence", False),
    ],
)
def test_a_refusal_names_the_paper_and_its_office_as_the_reader_calls_them(
    ledger: Ledger, refuse: Callable[[Ledger, Actor], None], kind: str, where: bool
) -> None:
    with pytest.raises(SuyuanError) as refused:
        refuse(ledger, world.make_producer(ledger))
    english, chinese = _told(ledger, refused.value)
    paper = PaperKinds.load().get(kind)
    assert not CHINESE.search(english), english
    assert paper.names.en in english
    assert paper.names.zh in chinese
    if where:
        assert paper.issuer.names.en in english
        assert paper.issuer.names.zh in chinese


def test_a_refusal_counts_in_the_units_of_its_reader(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    place = world.make_site(ledger, head)
    permit = PaperFacts(
        "gathering_permit", "0188", str(head.party_uid), valid_from=date(2026, 5, 1),
        valid_to=date(2026, 7, 31), amount=Quantity.of(120, "H87"), covers=(Covers("site", place),),
    )  # fmt: skip
    ledger.perform(head, register_paper, permit)
    pieces = Quantity.of(121, "H87")
    with pytest.raises(QuotaExceeded) as refused:
        world.make_batch(ledger, head, pieces, family="cordyceps", variant="fresh", site=place)
    english, chinese = _told(ledger, refused.value)
    assert "121 piece" in english
    assert "121 件" in chinese
    assert "120 件" in chinese
    assert "piece" not in chinese
