"""The account of a run on its page and by the API, and telling of labels that were spoiled."""

from __future__ import annotations

from suyuan.labels.from_facts import try_out
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.voiding import end_labels
from suyuan.trace.printing.account import RunAccount, account_of
from suyuan.trace.printing.queries import print_run
from tests import world
from tests.web_clients import signed_in, site


def test_a_clerk_tells_of_spoiled_labels_and_reads_the_account(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    product = world.make_product(ledger, head, items_on_pack=True)
    code = world.make_batch(ledger, head, product=product)
    run = ledger.perform(head, issue_print_run, code, 8, "trace-50x30", try_out=try_out)
    client = signed_in(site(ledger), ledger, str(head.person_uid))
    address = f"/desk/runs/{run}/ended"
    typed = {"first": "3", "last": "5", "fate": "spoiled", "reason": "碳带起皱"}
    reversed_ = client.submit(address, {**typed, "last": "2"})
    assert reversed_.status_code == 422
    assert "comes before the first" in reversed_.text
    assert client.submit(address, typed).status_code == 302
    ledger.perform(head, end_labels, run, 8, 8, "returned", "交回")
    page = client.get(f"/desk/runs/{run}").text
    assert "Labels 3 to 5: spoiled" in page
    assert "Label 8: returned" in page
    with ledger.database.read() as session:
        account = account_of(session, print_run(session, run))
    assert account == RunAccount(8, in_force=4, spoiled=3, returned=1)
