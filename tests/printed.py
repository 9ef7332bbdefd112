"""Labels that were printed, for tests that look at everything there is."""

from __future__ import annotations

from suyuan.labels.from_facts import try_out
from suyuan.trace.acts.carriers import bind_carrier
from suyuan.trace.acts.cartons import issue_cartons
from suyuan.trace.acts.pins import enter_pin
from suyuan.trace.acts.printer_jobs import send_test_labels
from suyuan.trace.acts.printer_settling import settle_printer_job
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.reprinting import reprint_labels
from suyuan.trace.acts.rolls import bind_labels, issue_blank_roll, unbind_labels
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.voiding import end_labels, void_code
from suyuan.trace.carriers.facts import CarrierFacts
from suyuan.trace.cartons.facts import CartonOrder
from suyuan.trace.parties.actor import STRANGER, Actor
from suyuan.trace.pins.facts import PinTry
from suyuan.trace.printers.facts import Settling
from suyuan.trace.printing.content import IssuedLabel
from suyuan.trace.printing.queries import codes_of
from tests import world
from tests.stations import break_off, make_printer, send


def printed_label(ledger: Ledger, owner: Actor, code: str) -> tuple[str, IssuedLabel]:
    """A run of labels of a batch, and the code of its first."""
    run = ledger.perform(owner, issue_print_run, code, 3, "trace-50x30", try_out=try_out)
    with ledger.database.read() as session:
        return run, codes_of(session, run)[0]


def pinned_label(ledger: Ledger, owner: Actor, code: str) -> dict[str, str]:
    """A package with a scratch PIN."""
    run = ledger.perform(
        owner, issue_print_run, code, 1, "trace-70x40-pin", try_out=try_out, pins=True
    )
    with ledger.database.read() as session:
        (label,) = codes_of(session, run, ledger.keys.secret)
    return {"pinned": label.path, "pin": str(label.pin)}


def rolled_label(ledger: Ledger, owner: Actor) -> dict[str, str]:
    """The second label of a blank roll, not in use yet; the first is bound to a batch."""
    run = ledger.perform(
        owner, issue_blank_roll, str(owner.party_uid), 3, "trace-50x30", try_out=try_out
    )
    with ledger.database.read() as session:
        first, second, _ = codes_of(session, run)
    product = world.make_product(ledger, owner, items_on_pack=True)
    code = world.make_batch(ledger, owner, product=product)
    bound = ledger.perform(owner, bind_labels, code, first.path, first.path)
    again = ledger.perform(owner, reprint_labels, run, 1, 1, "卡纸")
    return {"rolled": second.path, "binding": bound, "reprint": again}


def tell_of_labels(ledger: Ledger, head: Actor) -> None:
    """A run of which a PIN was tried, a code is void and a tag is bound; cartons; a printer."""
    product = world.make_product(ledger, head, items_on_pack=True)
    code = world.make_batch(ledger, head, product=product)
    run = ledger.perform(
        head, issue_print_run, code, 3, "trace-70x40-pin", try_out=try_out, pins=True
    )
    with ledger.database.read() as session:
        first, second, _ = codes_of(session, run, ledger.keys.secret)
    ledger.perform(STRANGER, enter_pin, PinTry(first.path, str(first.pin), "a", "10.0.0.1"))
    ledger.perform(head, void_code, second.path, "撕坏")
    ledger.perform(head, end_labels, run, 3, 3, "spoiled", "印坏")
    ledger.perform(head, bind_carrier, CarrierFacts("nfc", "04A2245BC15E80", first.path))
    ledger.perform(head, reprint_labels, run, 1, 1, "卡纸")
    ledger.perform(head, unbind_labels, rolled_label(ledger, head)["binding"], "拿错")
    rolled_label(ledger, head)
    cartons = CartonOrder(2, 24, "6901234")
    ledger.perform(head, issue_cartons, code, cartons, "carton-100x150", try_out=try_out)
    shop = make_printer(ledger, head, "门市")
    job = send(ledger, head, make_printer(ledger, head))
    ledger.perform(head, settle_printer_job, job, Settling("dropped"))
    broken = break_off(ledger, head, send(ledger, head, shop), shop)
    ledger.perform(head, settle_printer_job, broken, Settling("partly", "卡纸", 1))
    ledger.perform(head, send_test_labels, shop, "trace-50x30", 4)
