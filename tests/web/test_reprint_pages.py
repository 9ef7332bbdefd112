"""Labels printed once more: on record with their reason, drawn alone, seen by regulators."""

from __future__ import annotations

import pypdfium2
import pytest

from suyuan.labels.from_facts import try_out
from suyuan.trace.acts.orders import hold
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.reprinting import reprint_labels
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.voiding import end_labels
from suyuan.trace.errors import Forbidden, SuyuanError
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.parties.actor import Actor
from suyuan.trace.printing.queries import codes_of
from suyuan.trace.projections import PROJECTIONS
from tests import world
from tests.api_clients import application
from tests.api_clients import client as program_of
from tests.web_clients import signed_in, site


def _run(ledger: Ledger, head: Actor, count: int = 8) -> tuple[str, str]:
    product = world.make_product(ledger, head, items_on_pack=True)
    code = world.make_batch(ledger, head, product=product)
    run = ledger.perform(head, issue_print_run, code, count, "trace-50x30", try_out=try_out)
    return code, run


def test_a_clerk_prints_jammed_labels_again_and_the_regulator_sees_how_often(
    ledger: Ledger,
) -> None:
    head, regulator = world.make_producer(ledger), world.make_regulator(ledger)
    _, run = _run(ledger, head)
    client = signed_in(site(ledger), ledger, str(head.person_uid))
    address = f"/desk/runs/{run}/reprint"
    assert client.submit(address, {"first": "3", "last": "5"}).status_code == 422
    sent = client.submit(address, {"first": "3", "last": "5", "reason": "卡纸"})
    assert sent.status_code == 302
    assert "Labels 3 to 5" in client.get(sent.headers["Location"]).text
    drawn = client.get(sent.headers["Location"] + "/labels")
    assert len(pypdfium2.PdfDocument(drawn.get_data())) == 3
    assert "卡纸" in client.get(f"/desk/runs/{run}").text
    with ledger.database.read() as session:
        labels = codes_of(session, run)
    inspecting = signed_in(site(ledger), ledger, str(regulator.person_uid))
    first, third = (inspecting.get("/inspect/?q=" + labels[n].path).text for n in (0, 2))
    assert "printed 2 times" in third
    assert "printed 2 times" not in first
    assert str(labels[0].serial) in first


def test_a_program_tells_of_a_reprint_and_reads_it(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    _, run = _run(ledger, head)
    program = program_of(ledger, head, application(ledger))
    body = {"first": 2, "last": 2, "reason": "丢失"}
    assert program.post(f"/api/v1/print-runs/{run}/reprints", json=body).status_code == 201
    (told,) = program.get(f"/api/v1/print-runs/{run}").get_json()["reprints"]
    assert {key: told[key] for key in body} == body
    with ledger.database.read() as session:
        assert not audit_projections(session, PROJECTIONS)


def test_what_may_not_be_printed_is_not_printed_again(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code, run = _run(ledger, head)

    def again(first: int, last: int, why: str = "卡纸") -> None:
        ledger.perform(head, reprint_labels, run, first, last, why)

    ledger.perform(head, end_labels, run, 2, 2, "spoiled", "撕破")
    for first, last, says in (
        (4, 3, "comes before the first"),
        (0, 1, "are 1 to 8"),
        (8, 9, "are 1 to 8"),
        (1, 3, "1 are void: 2"),
    ):
        with pytest.raises(SuyuanError, match=says):
            again(first, last)
    with pytest.raises(SuyuanError, match="Say why"):
        again(1, 1, " ")
    with pytest.raises(Forbidden):
        ledger.perform(world.make_producer(ledger), reprint_labels, run, 1, 1, "x")
    ledger.perform(head, hold, code, "抽检")
    with pytest.raises(SuyuanError):
        again(1, 1)
