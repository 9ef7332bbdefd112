"""Labels drawn once more: refused where printing would be, and told in the reader's language."""

from __future__ import annotations

import re
from datetime import date

import pytest

from suyuan.labels.from_facts import try_out
from suyuan.trace.acts.orders import hold, lift
from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.papers.facts import Covers, PaperFacts
from tests import world
from tests.web_clients import signed_in, site

NUMBER = "SC10141132500016"


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", rf"leans on food production licence .*{NUMBER}, which was revoked"),
        ("zh", rf"食品生产许可证.*{NUMBER}"),
    ],
)
def test_a_run_is_not_drawn_again_once_its_paper_is_revoked(
    ledger: Ledger, language: str, says: str
) -> None:
    head = world.make_producer(ledger)
    own = str(head.party_uid)
    paper = PaperFacts("sc_licence", NUMBER, own, covers=(Covers("party", own),),
                       valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31))  # fmt: skip
    licence = ledger.perform(head, register_paper, paper)
    product = world.make_product(
        ledger, head, family="grain", variant="millet_milled", items_on_pack=True
    )
    code = world.make_batch(ledger, head, product=product)
    run = ledger.perform(head, issue_print_run, code, 2, "trace-50x30", try_out=try_out)
    client = signed_in(site(ledger), ledger, str(head.person_uid))
    address, spoken = f"/desk/runs/{run}/labels", {"Accept-Language": language}
    assert client.get(address).status_code == 200
    order = ledger.perform(head, hold, code, "lab")
    assert client.get(address).status_code == 409
    ledger.perform(head, lift, order, "lab")
    assert client.get(address).status_code == 200
    ledger.perform(head, revoke_paper, licence, "expired")
    refused = client.get(address, headers=spoken)
    assert refused.status_code == 409
    assert re.search(says, refused.text, re.IGNORECASE), refused.text
