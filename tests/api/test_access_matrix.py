"""Who may ask what of the API: every operation, for every kind of asker.

An operation that is missing here fails the test, so that nobody adds one without saying who may.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import Rule

from suyuan.trace.acts.carriers import bind_carrier
from suyuan.trace.acts.certifying import apply_for_certification
from suyuan.trace.acts.credit import announce_assessment
from suyuan.trace.acts.evidence import keep_evidence
from suyuan.trace.acts.issue_jobs import order_print_run
from suyuan.trace.acts.orders import hold
from suyuan.trace.acts.papers import register_paper
from suyuan.trace.acts.print_jobs import order_print_job
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.releasing import ask_override
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.acts.warnings import warn
from suyuan.trace.batches.queries import batch
from suyuan.trace.carriers.facts import CarrierFacts
from suyuan.trace.papers.facts import PaperFacts
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from tests.api_clients import Program, application, client
from tests.certifying import certify, make_yaks
from tests.language_office import make_office
from tests.own_certifying import wanted
from tests.printed import rolled_label
from tests.stations import make_printer, send
from tests.world import (
    make_actor,
    make_batch,
    make_event,
    make_party,
    make_producer,
    make_product,
    make_regulator,
    make_sample,
    make_shipment,
    make_site,
)

ASKERS = ("nobody", "owner", "stranger", "lab", "regulator", "elsewhere", "office", "operator")
"""Nobody signed in; the head of the party that owns everything asked about; the head of another;
a laboratory's; the regulator of the place and one of another place; the language
office of the place; the platform's operator."""

OPEN = frozenset(ASKERS)
SIGNED_IN = OPEN - {"nobody"}
OWNER = frozenset({"owner"})
OVERSEEN = OWNER | {"regulator"}
ADMITS = frozenset({"regulator", "operator"})
PRODUCERS = OWNER | {"stranger"}

MATRIX: dict[str, frozenset[str]] = {
    "GET /api/openapi.json": OPEN,
    "GET /api/docs": OPEN,
    "GET /api/static/<path:filename>": OPEN,
    "GET /api/v1/passport": OPEN,
    "GET /api/v1/families": OPEN,
    "GET /api/v1/families/<string:key>": OPEN,
    "GET /api/v1/divisions": OPEN,
    "GET /api/v1/standards": OPEN,
    "POST /api/v1/verdicts": OPEN,
    "GET /api/v1/papers/needed": OPEN,
    "GET /api/v1/parties": SIGNED_IN,
    "POST /api/v1/parties": PRODUCERS | {"lab", "operator"},
    "GET /api/v1/parties/<uid:uid>": SIGNED_IN,
    "POST /api/v1/parties/<uid:uid>/check": ADMITS,
    "POST /api/v1/parties/<uid:uid>/suspend": ADMITS,
    "POST /api/v1/parties/<uid:uid>/reinstate": ADMITS,
    "GET /api/v1/sites": SIGNED_IN,
    "POST /api/v1/sites": OWNER,
    "GET /api/v1/sites/<uid:uid>": SIGNED_IN,
    "GET /api/v1/products": SIGNED_IN,
    "POST /api/v1/products": OWNER,
    "GET /api/v1/products/<uid:uid>": SIGNED_IN,
    "POST /api/v1/products/<uid:uid>/label": OWNER,
    "GET /api/v1/batches": OVERSEEN,
    "POST /api/v1/batches": OWNER,
    "POST /api/v1/batches/together": OWNER,
    "GET /api/v1/batches/<trace_code:trace_code>": SIGNED_IN,
    "GET /api/v1/batches/<trace_code:trace_code>/lineage": OVERSEEN,
    "POST /api/v1/batches/<trace_code:trace_code>/withdraw": OWNER,
    "POST /api/v1/batches/<trace_code:trace_code>/disclosures": frozenset({"regulator"}),
    "GET /api/v1/batches/<trace_code:trace_code>/orders": SIGNED_IN,
    "POST /api/v1/batches/<trace_code:trace_code>/orders": OVERSEEN,
    "GET /api/v1/batches/<trace_code:trace_code>/release": OVERSEEN,
    "POST /api/v1/batches/<trace_code:trace_code>/release": OWNER,
    "POST /api/v1/batches/<trace_code:trace_code>/override": OWNER,
    "GET /api/v1/releases/<uid:uid>": OVERSEEN,
    "POST /api/v1/releases/<uid:uid>/approve": frozenset({"regulator"}),
    "POST /api/v1/releases/<uid:uid>/refuse": frozenset({"regulator"}),
    "GET /api/v1/recalls": SIGNED_IN,
    "GET /api/v1/orders/<uid:uid>": SIGNED_IN,
    "POST /api/v1/orders/<uid:uid>/lift": OVERSEEN,
    "POST /api/v1/orders/<uid:uid>/finish": OVERSEEN,
    "GET /api/v1/events": OVERSEEN,
    "POST /api/v1/events": OWNER,
    "GET /api/v1/events/<event_uid:uid>": SIGNED_IN,
    "POST /api/v1/events/<event_uid:uid>/corrections": OWNER,
    "POST /api/v1/transformations": OWNER,
    "GET /api/v1/shipments": SIGNED_IN,
    "POST /api/v1/shipments/<uid:uid>/receipts": frozenset({"stranger"}),  # it is the receiver
    "POST /api/v1/evidence": OWNER,
    "GET /api/v1/evidence/<uid:uid>": SIGNED_IN,
    "GET /api/v1/evidence/<uid:uid>/file": OVERSEEN,
    "GET /api/v1/papers": SIGNED_IN,
    "POST /api/v1/papers": OWNER,
    "GET /api/v1/papers/<uid:uid>": SIGNED_IN,
    "POST /api/v1/papers/<uid:uid>/checks": frozenset({"regulator"}),
    "POST /api/v1/papers/<uid:uid>/revoke": OVERSEEN,
    "GET /api/v1/paper-applications": SIGNED_IN,
    "POST /api/v1/paper-applications": OWNER,
    "GET /api/v1/paper-applications/<uid:uid>": SIGNED_IN,
    "POST /api/v1/paper-applications/<uid:uid>/certify": frozenset({"regulator"}),
    "POST /api/v1/paper-applications/<uid:uid>/refuse": frozenset({"regulator"}),
    "GET /api/v1/credit": frozenset({"regulator", "elsewhere"}),
    "POST /api/v1/credit": frozenset({"regulator"}),
    "GET /api/v1/credit/<uid:uid>": OVERSEEN,
    "POST /api/v1/credit/<uid:uid>/objection": OWNER,
    "POST /api/v1/credit/<uid:uid>/decision": frozenset({"regulator"}),
    "GET /api/v1/parties/<uid:uid>/credit": OVERSEEN,
    "GET /api/v1/test-reports": SIGNED_IN,
    "POST /api/v1/test-reports": OWNER | {"lab"},
    "GET /api/v1/test-reports/<uid:uid>": SIGNED_IN,
    "POST /api/v1/test-reports/<uid:uid>/objections": OWNER,
    "GET /api/v1/samples": SIGNED_IN,
    "POST /api/v1/samples": frozenset({"lab", "regulator"}),
    "GET /api/v1/samples/<uid:uid>": SIGNED_IN,
    "POST /api/v1/samples/<uid:uid>/steps": OWNER,
    "GET /api/v1/commitment-certificates": OVERSEEN,
    "POST /api/v1/commitment-certificates": OWNER,
    "GET /api/v1/commitment-certificates/<certificate:number>": SIGNED_IN,
    "POST /api/v1/commitment-certificates/<certificate:number>/void": OVERSEEN,
    "POST /api/v1/commitment-certificates/<certificate:number>/reissue": OWNER,
    "GET /api/v1/collected-certificates": OVERSEEN,
    "POST /api/v1/collected-certificates": OWNER,
    "POST /api/v1/cartons": OWNER,
    "GET /api/v1/cartons": SIGNED_IN,
    "POST /api/v1/print-runs": OWNER,
    "GET /api/v1/print-runs/<uid:uid>": OWNER,
    "POST /api/v1/print-runs/<uid:uid>/labels": OWNER,
    "POST /api/v1/print-runs/<uid:uid>/void": OWNER,
    "POST /api/v1/print-runs/<uid:uid>/ended": OWNER,
    "POST /api/v1/print-runs/<uid:uid>/reprints": OWNER,
    "POST /api/v1/print-runs/<uid:uid>/jobs": OWNER,
    "GET /api/v1/print-runs/<uid:uid>/jobs": OWNER,
    "GET /api/v1/issue-jobs/<uid:uid>": OWNER,
    "POST /api/v1/issue-jobs/<uid:uid>/cancel": OWNER,
    "GET /api/v1/print-jobs/<uid:uid>": OWNER,
    "POST /api/v1/print-jobs/<uid:uid>/cancel": OWNER,
    "GET /api/v1/print-jobs/<uid:uid>/file": OWNER,
    "POST /api/v1/print-jobs/<uid:uid>/file": OWNER,
    "GET /api/v1/printer-test": SIGNED_IN,
    "GET /api/v1/printers": PRODUCERS,
    "POST /api/v1/printers": OWNER,
    "POST /api/v1/printers/<uid:uid>/change": OWNER,
    "POST /api/v1/printers/<uid:uid>/remove": PRODUCERS,
    "GET /api/v1/printers/<uid:uid>/jobs": PRODUCERS,
    "POST /api/v1/printers/<uid:uid>/jobs": OWNER,
    "POST /api/v1/printers/<uid:uid>/test": PRODUCERS,
    "POST /api/v1/printers/<uid:uid>/take": PRODUCERS,
    "GET /api/v1/printer-jobs/<uid:uid>": PRODUCERS,
    "GET /api/v1/printer-jobs/<uid:uid>/labels": PRODUCERS,
    "POST /api/v1/printer-jobs/<uid:uid>/settle": PRODUCERS,
    "POST /api/v1/printer-jobs/<uid:uid>/hold": PRODUCERS,
    "POST /api/v1/printer-jobs/<uid:uid>/end": PRODUCERS,
    "POST /api/v1/blank-rolls": OWNER,
    "POST /api/v1/roll-bindings": OWNER,
    "GET /api/v1/roll-bindings/<uid:uid>": OWNER,
    "POST /api/v1/roll-bindings/<uid:uid>/unbind": OWNER,
    "GET /api/v1/carriers": OVERSEEN,
    "POST /api/v1/carriers": OWNER,
    "GET /api/v1/carriers/<uid:uid>": SIGNED_IN,
    "POST /api/v1/carriers/<uid:uid>/unbind": OWNER,
    "POST /api/v1/passport/pin": OPEN,
    "GET /api/v1/scans": OVERSEEN,
    "GET /api/v1/warnings": SIGNED_IN - {"office", "operator"},
    "GET /api/v1/warnings/<uid:uid>": SIGNED_IN,
    "POST /api/v1/warnings/<uid:uid>/acknowledge": frozenset({"regulator"}),
    "POST /api/v1/warnings/<uid:uid>/act": OVERSEEN,
    "POST /api/v1/warnings/<uid:uid>/close": frozenset({"regulator"}),
    "POST /api/v1/warnings/<uid:uid>/escalate": frozenset({"regulator"}),
    "GET /api/v1/batches/<trace_code:trace_code>/balance": OVERSEEN,
    "POST /api/v1/result-sheets": frozenset({"lab"}),
    "GET /api/v1/reports/balance": SIGNED_IN - {"office", "operator"},
    "GET /api/v1/reports/stations": frozenset({"regulator", "elsewhere"}),
    "GET /api/v1/reports": frozenset({"regulator"}),
    "GET /api/v1/tibetan-texts": frozenset({"office"}),
    "POST /api/v1/tibetan-texts": frozenset({"office"}),
}
"""For each operation the askers that get anything but 401 and 403."""


@dataclass(frozen=True)
class Things:
    """What is asked about, by the names that stand in addresses and bodies."""

    owner: str
    uids: dict[str, str]
    trace_code: str
    event: str

    def address(self, rule: str) -> str:
        """The address of a rule, filled with the thing that belongs there."""
        resource = rule.split("/")[3] if rule.startswith("/api/v1/") else ""
        filled = rule.replace("<trace_code:trace_code>", self.trace_code)
        filled = filled.replace("<event_uid:uid>", self.event)
        filled = filled.replace("<uid:uid>", self.uids.get(resource, ""))
        filled = filled.replace("<certificate:number>", self.uids["commitment-certificates"])
        filled = filled.replace("<string:key>", "grain").replace("<path:filename>", "docs.css")
        return filled + self._query(rule)

    def _query(self, rule: str) -> str:
        return {
            "/api/v1/passport": f"?code={self.trace_code}",
            "/api/v1/scans": f"?trace_code={self.trace_code}",
            "/api/v1/carriers": f"?party={self.owner}",
            "/api/v1/divisions": "?q=540626",
            "/api/v1/reports": "?division=540626",
            "/api/v1/batches": f"?party={self.owner}",
            "/api/v1/commitment-certificates": f"?party={self.owner}",
            "/api/v1/collected-certificates": f"?party={self.owner}",
            "/api/v1/events": f"?party={self.owner}",
            "/api/v1/batches/<trace_code:trace_code>/lineage": "?direction=back",
            "/api/v1/printer-jobs/<uid:uid>/labels": f"?holder={'0' * 26}",
        }.get(rule, "")

    def body(self, rule: str) -> dict[str, object]:
        """A body that its schema takes; whether the act then finds fault does not matter here."""
        owner = self.owner
        reason: dict[str, object] = {"reason": "抽检"}
        quantity: dict[str, object] = {"amount": "1", "unit": "KGM"}
        batch: dict[str, object] = {
            "party": owner,
            "family": "grain",
            "variant": "millet",
            "quantity": quantity,
        }
        told: dict[str, object] = {"party": owner, "happened_at": "2026-06-01T07:00:00+08:00"}
        portion: dict[str, object] = {"trace_code": self.trace_code, "quantity": quantity}
        certificate: dict[str, object] = {
            "trace_code": self.trace_code, "quantity": quantity, "basis": ["quality_control"],
        }  # fmt: skip
        bodies: dict[str, dict[str, object]] = {
            "/parties": {"kind": "buyer", "name": "粮站", "division": "540626"},
            "/check": {"against": "营业执照"},
            "/checks": {"where": "原件"},
            "/sites": {"party": owner, "kind": "store", "name": "库", "division": "540626"},
            "/products": {"party": owner, "family": "grain", "variant": "millet", "name": "小米"},
            "/label": {"label": {}},
            "/batches": batch,
            "/together": {"batches": [batch]},
            "/orders": {"kind": "hold", **reason},
            "/events": {"kind": "store", "batches": [portion], **told},
            "/transformations": {
                "kind": "split", "inputs": [portion], "outputs": [batch], **told,
            },
            "/receipts": {"happened_at": told["happened_at"], "accepted": True},
            "/papers": {"kind": "undertaking", "number": "1", "holder": owner},
            "/paper-applications": {
                "kind": "official_certification", "applicant": owner,
                "product": self.uids["products"], "amount": quantity, "months": 12,
            },
            "/tibetan-texts": {"zh": "牦牛肉", "bo": "གཡག་ཤ།", "state": "approved"},
            "/credit": {"party": owner, "year": 2025},
            "/objection": {"objection": "不属实"},
            "/decision": reason,
            "/certify": {"against": "合同"},
            "/commitment-certificates": certificate,
            "/reissue": {"certificate": certificate, **reason},
            "/collected-certificates": {
                "party": owner, "trace_code": self.trace_code, "issuer": "次仁",
            },
            "/test-reports": {
                "number": "2", "laboratory": "市检测中心", "issued_on": "2026-05-01",
                "batches": [self.trace_code], "items": [{"parameter": "铅", "result": "未检出"}],
            },
            "/samples": {
                "trace_code": self.trace_code, "kind": "supervision", "number": "2",
                "taken_on": "2026-05-01", "samplers": ["扎西", "卓玛"], "quantity": quantity,
            },
            "/steps": {"kind": "sent", "on": "2026-05-01", "to_name": "市检测中心"},
            "/verdicts": {
                "product_class": "maize", "production_date": "2026-10-03", "parameter": "铅",
                "result": "0.1",
            },
            "/carriers": {"kind": "nfc", "number": "04A2245BC15E80", "code": self.trace_code},
            "/blank-rolls": {"party": owner, "count": 1, "template": "trace-50x30"},
            "/roll-bindings": {"trace_code": self.trace_code, "first": "1", "last": "1"},
            "/labels": {},
            "/jobs": {},
            "/release": {},
            "/acknowledge": {"note": ""},
            "/act": {"note": "已停售"},
            "/pin": {"code": self.trace_code, "pin": "12345678"},
            "/cartons": {
                "trace_code": self.trace_code, "cartons": 1, "packages": 24,
                "company_prefix": "6901234", "template": "carton-148x210",
            },
            "/reprints": {"first": 1, "last": 1, "reason": "x"},
            "/ended": {"first": 1, "last": 1, "fate": "spoiled", "reason": "x"},
            "/print-runs": {
                "trace_code": self.trace_code, "count": 1, "template": "batch-100x70",
                "per_package": False,
            },
        }  # fmt: skip
        if rule.startswith("/api/v1/printer"):
            return self._for_printers(rule)
        last = "/" + rule.rsplit("/", 1)[-1]
        return bodies.get(last, reason)

    def _for_printers(self, rule: str) -> dict[str, object]:
        nobody: dict[str, object] = {"holder": "0" * 26}
        bodies: dict[str, dict[str, object]] = {
            "/jobs": {"print_run": self.uids["print-runs"]},
            "/settle": {"outcome": "dropped"},
            "/take": {},
            "/test": {},
            "/remove": {},
            "/hold": nobody,
            "/end": {**nobody, "state": "printed"},
        }
        printer: dict[str, object] = {
            "site": self.uids["sites"], "name": "另一台", "language": "zpl", "dpi": 203,
            "head_dots": 832,
        }  # fmt: skip
        return bodies.get("/" + rule.rsplit("/", 1)[-1], printer)


def _warned(w: Writing, code: str) -> str:
    """A warning about a batch, which the regulator has."""
    found = batch(w.session, code)
    uid = warn(w, "over_limit", code, batch=found, evidence={"trace_code": code})
    assert uid is not None
    return uid


def make_things(ledger: Ledger, owner: Actor, receiver: Actor) -> Things:
    party, code = str(owner.party_uid), make_batch(ledger, owner)
    item = TestItemFacts("铅", "未检出")
    report = TestReportFacts("1", "市检测中心", ledger.clock.now().date(), (code,), (item,))
    stopped = make_batch(ledger, owner)
    food = make_batch(ledger, owner, family="grain", variant="millet_milled")
    run = ledger.perform(
        owner, issue_print_run, code, 1, "batch-100x70", False, try_out=lambda *_: None
    )
    printer = make_printer(ledger, owner)
    return Things(
        owner=party,
        trace_code=code,
        event=make_event(ledger, owner, "store", code),
        uids={
            "parties": party,
            "sites": make_site(ledger, owner),
            "products": make_product(ledger, owner),
            "orders": ledger.perform(owner, hold, stopped, "抽检"),
            "releases": ledger.perform(owner, ask_override, food, "证照换发中"),
            "warnings": ledger.perform(SYSTEM, _warned, code),
            "shipments": make_shipment(
                ledger, owner, str(receiver.party_uid), make_batch(ledger, owner)
            ),
            "evidence": ledger.perform(owner, keep_evidence, party, b"%PDF-1.7", "a.pdf"),
            "carriers": ledger.perform(
                owner, bind_carrier, CarrierFacts("hologram", "HG2026", code)
            ),
            "papers": ledger.perform(
                owner, register_paper, PaperFacts("undertaking", "0", party)
            ),
            "paper-applications": ledger.perform(
                owner, apply_for_certification, wanted(ledger, owner)
            ),
            "credit": ledger.perform(
                make_regulator(ledger), announce_assessment, party, 2024
            ),
            "test-reports": ledger.perform(owner, enter_test_report, report),
            "samples": make_sample(ledger, owner, code),
            "commitment-certificates": certify(ledger, owner, make_yaks(ledger, owner)),
            "print-runs": run,
            "roll-bindings": rolled_label(ledger, owner)["binding"],
            "printers": printer,
            "printer-jobs": send(ledger, owner, printer),
            "issue-jobs": ledger.perform(
                owner, order_print_run, code, 2, "trace-50x30", try_out=lambda *_: None
            ),
            "print-jobs": ledger.perform(
                owner, order_print_job, run, {"form": "pdf"}, try_out=lambda *_: None
            ),
        },
    )  # fmt: skip


def operations(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Every operation below /api that the application serves."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api"):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, rule


def programs(ledger: Ledger, app: Flask, owner: Actor, stranger: Actor) -> dict[str, Program]:
    askers = {
        "owner": owner,
        "stranger": stranger,
        "lab": make_producer(ledger, "laboratory"),
        "regulator": make_regulator(ledger, "540000"),
        "elsewhere": make_regulator(ledger, "211324"),
        "office": make_office(ledger),
        "operator": make_actor(ledger, make_party(ledger, "platform_operator"), "administrator"),
    }
    known = {name: client(ledger, actor, app) for name, actor in askers.items()}
    return {"nobody": client(ledger, None, app), **known}


def test_every_operation_says_who_may(ledger: Ledger) -> None:
    app = application(ledger)
    served = {f"{method} {rule.rule}" for method, rule in operations(app)}
    assert served == MATRIX.keys()


@pytest.mark.parametrize("asker", ASKERS)
def test_each_asker_gets_what_the_matrix_says(ledger: Ledger, asker: str) -> None:
    app = application(ledger)
    owner, stranger = make_producer(ledger), make_producer(ledger)
    things = make_things(ledger, owner, stranger)
    program = programs(ledger, app, owner, stranger)[asker]
    wrong = {}
    # what is read first is not yet changed by what is written
    for method, rule in sorted(operations(app), key=lambda one: one[0]):
        name = f"{method} {rule.rule}"
        address = things.address(rule.rule)
        if name == "POST /api/v1/evidence":
            form = {"party": things.owner, "file": (io.BytesIO(b"%PDF-1.7 b"), "b.pdf")}
            answer = program.post(address, data=form)
        else:
            body = things.body(rule.rule) if method == "POST" else None
            answer = program.open(address, method=method, json=body)
        answer.close()
        assert answer.status_code < 500, f"{name}: {answer.text}"
        refused = answer.status_code in (401, 403)
        if refused == (asker in MATRIX[name]):
            wrong[name] = f"{answer.status_code} {answer.text[:200]}"
    assert not wrong, "\n".join(f"{name}: {why}" for name, why in wrong.items())
