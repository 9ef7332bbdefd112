"""One of everything that an address of the site can name, and a form that each view takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from suyuan.trace.acts.carriers import bind_carrier
from suyuan.trace.acts.certifying import apply_for_certification
from suyuan.trace.acts.credit import announce_assessment
from suyuan.trace.acts.evidence import keep_evidence
from suyuan.trace.acts.intake import accept_upload, map_upload, take_upload
from suyuan.trace.acts.orders import hold, recall
from suyuan.trace.acts.papers import register_paper
from suyuan.trace.acts.people import make_link
from suyuan.trace.acts.releasing import ask_override
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.acts.warnings import warn
from suyuan.trace.batches.queries import batch
from suyuan.trace.carriers.facts import CarrierFacts
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.intake.decisions import SetAside
from suyuan.trace.intake.facts import SheetFile, read_sheet_file
from suyuan.trace.intake.queries import review, upload
from suyuan.trace.intake.tables import WorkItem
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.parties.tables import Party
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from tests import world
from tests.certifying import certify, make_yaks
from tests.own_certifying import wanted
from tests.printed import pinned_label, printed_label, rolled_label
from tests.root_machine import signed_draft
from tests.sending_results import FORM as RESULT_FORM
from tests.sending_results import result_sheet, row, sheets_at_each_step
from tests.trace.sheets import xlsx
from tests.web.desk_world import photo
from tests.web.drawn_jobs import make_jobs
from tests.web.fed_printers import FORMS as PRINTER_FORMS
from tests.web.fed_printers import make_printers
from tests.web.keys_and_tokens import make_some_token, some_key

SHEET: list[list[Any]] = [["批号", "数量"], ["B1", "12公斤"], ["B2", "7公斤"]]
HOLOGRAM = "HG20260601"
_UPLOADS = ("columns", "table", "rows", "accept", "drop", "seen", "settle")
_ROOMS = re.compile(r"<(?:[^:<>]+:)?([a-z_]+)>")


@dataclass(frozen=True)
class Things:
    """What stands in addresses and forms, all of it of one co-operative unless it says otherwise.

    ``spare`` are batches for what happens to a batch once only. ``arriving`` is a shipment to the
    co-operative, ``applied`` an organisation nobody has checked, ``regulator`` one elsewhere;
    ``paper_falling`` covers nothing that anything else is about.
    """

    owner: str
    member: str
    code: str
    spare: dict[str, str]
    event: str
    told_wrong: str
    public_file: str
    trade_file: str
    paper: str
    paper_unchecked: str
    paper_falling: str
    application: str
    assessed: str
    site: str
    product: str
    report: str
    report_failed: str
    sample: str
    order: str
    order_here: str
    recalled: str
    run: str
    run_ending: str
    serial: str
    signed: str
    packed: str
    arriving: str
    applied: str
    regulator: str
    link: str
    token: str
    key: str
    directory: str
    uploads: dict[str, str]
    work: str
    pinned: str
    pin: str
    rolled: str
    reprint: str
    binding: str
    carrier: str
    warning_here: str
    warning_own: str
    certificates: dict[str, str]
    override: str
    laboratory: Actor
    result_sheets: dict[str, str]
    jobs: dict[str, str]
    printers: dict[str, str]

    def address(self, endpoint: str, rule: Rule) -> str:
        """The address of a view, about these things."""
        if rule.rule.startswith("/01/<gtin>/10"):
            return self.packed if "serial" in rule.arguments else self.packed.partition("/21/")[0]
        filled = _ROOMS.sub(lambda room: self._room(endpoint, room[1]), rule.rule)
        return filled + QUERIES.get(endpoint, "").format(**vars(self))

    def form(self, endpoint: str) -> dict[str, Any]:
        """What the view of this name takes; files are fresh each time."""
        return {name: _filled(value, self) for name, value in FORMS.get(endpoint, {}).items()}

    def _room(self, endpoint: str, room: str) -> str:
        area = endpoint.rpartition(".")[0]
        known: dict[str, str] = {
            "area": "inspect", "kind": "hold", "form": "json", "family": "grain",
            "word": "approve", "limit_id": "gb_2719/2018/acid.vinegar",
            "variant": "millet", "serial": self.serial,
            "seq": "1", "older": "1", "newer": "2", "address": "0/000.p/1",
            "number": "1", "index": "0",
            "filename": "suyuan.css", "language": "zh",
            "token": self.link, "person": self.member, "file_uid": self.trade_file,
            "key_id": self.key,
            "code": self.signed if endpoint == "public.signed" else self._batch(endpoint),
            "trace_code": self._batch(endpoint),
        }  # fmt: skip
        if room == "gtin":
            return self.packed.split("/")[2]
        if endpoint == "public.by_carrier":
            return {"kind": "hologram", "number": HOLOGRAM}[room]
        if room == "number" and "certificate" in endpoint:
            return self.certificates.get(endpoint, self.certificates["page"])
        if room in known:
            return known[room]
        if area == "desk.result_sheets":
            return self.result_sheets.get(endpoint.rpartition(".")[2], self.result_sheets["page"])
        if area in ("desk.print_jobs", "desk.issue_jobs"):
            return self.jobs.get(endpoint) or self.jobs[endpoint.rpartition(".")[2]]
        if area in ("desk.printers", "desk.printer_jobs"):
            name = endpoint.rpartition(".")[2]
            return self.printers[name if area == "desk.printers" else f"printer_jobs.{name}"]
        if area == "desk.sheets":
            return self.work if endpoint.endswith("settle") else self._upload(endpoint)
        return {
            "parties.one": self.applied, "desk.events.correct": self.told_wrong,
            "account.revoke": self.token,
            "admin.competences": self.regulator, "desk.orders.lift": self.order,
            "inspect.warning": self.warning_here, "desk.warnings.page": self.warning_own,
            "inspect.order": self.order_here, "desk.orders.finish": self.recalled,
            "desk.papers.page": self.paper,
            "desk.certifications.page": self.application, "inspect.application": self.application,
            "desk.papers.revoke": self.paper_falling, "inspect.paper": self.paper,
            "inspect.check": self.paper_unchecked,
            "desk.products.page": self.product, "desk.reports.page": self.report,
            "desk.reports.objection": self.report_failed, "inspect.report": self.report,
            "desk.samples.page": self.sample, "desk.samples.step": self.sample,
            "inspect.sample": self.sample, "inspect.sample_proof": self.sample,
            "inspect.paper_proof": self.paper, "inspect.report_proof": self.report,
            "desk.printing.run": self.run, "desk.releasing.answer": self.override,
            "desk.printing.labels": self.run, "desk.printing.void": self.run,
            "desk.printing.void_all": self.run, "desk.run_account.ended": self.run_ending,
            "desk.carriers.unbind": self.carrier, "desk.rolls.unbind": self.binding,
            "desk.reprints.page": self.reprint, "desk.reprints.labels": self.reprint,
            "desk.reprints.new": self.run_ending,
            "desk.shipments.page": self.arriving, "desk.evidence.file": self.trade_file,
            "inspect.evidence": self.trade_file, "public.evidence": self.public_file,
            "public.party": self.owner, "public.site": self.site, "inspect.credit_of": self.owner,
        }.get(endpoint, self.event)  # fmt: skip

    def _batch(self, endpoint: str) -> str:
        return self.spare.get(endpoint, self.code)

    def _upload(self, endpoint: str) -> str:
        return self.uploads.get(endpoint.rpartition(".")[2], self.uploads["seen"])


ONCE = (
    "desk.batches.withdraw", "desk.orders.order", "inspect.stop", "desk.events.new",
    "desk.making.new", "desk.cartons.new", "desk.printing.new", "desk.releasing.give",
    "desk.releasing.ask",
)  # fmt: skip
"""Views after which a batch is not what it was."""

VOID = ("page", "desk.certificates.again", "desk.certificates.void", "inspect.void_certificate")
"""The certificate that others look at, and the views after which one is void."""

QUERIES = {
    "public.pin": "?path={pinned}",
    "channels.kiosk": "?code={code}",
    "public.check": "?code={code}",
    "desk.events.new": "?batch={spare[desk.events.new]}&kind=sell",
    "desk.making.new": "?batch={spare[desk.making.new]}&kind=split",
    "desk.batches.new": "?goods=grain/millet",
    "desk.products.new": "?goods=grain/millet",
    "desk.papers.new": "?kind=undertaking",
    "desk.certifications.new": "?kind=official_certification",
    "inspect.event_evidence": "?of={code}",
    "members.listed": "?party={owner}",
    "members.link": "?party={owner}",
    "members.change_role": "?party={owner}",
    "members.undertaking": "?party={owner}",
}

_NOW = "2026-06-01T07:00"
_REASON = {"reason": "登记有误"}
_CERTIFICATE = {"party": "{owner}", "quantity": "1", "quantity.unit": "HEA",
                "basis": "quality_control", "contact": "0896-3732210"}  # fmt: skip
_FILE = "file"
"""Stands in a form for a picture."""
FORMS: dict[str, dict[str, str]] = PRINTER_FORMS | {
    "channels.message": {"text": "{code}"},
    "parties.one": {"act": "check", "reason": "营业执照"},
    "parties.apply": {
        "kind": "buyer", "name": "粮站", "division": "540626", "undertaking": "yes",
        "phone": "0896-3731234",
    },
    "parties.apply_at_desk": {
        "kind": "buyer", "name": "粮站", "division": "540626", "undertaking": "yes",
        "phone": "0896-3731234",
    },
    "account.language": {"language": "bo"},
    "account.choose_organisation": {"party": "{mine}"},
    "account.pin": {"password": "270914", "again": "270914"},
    "account.second_factor": {"code": "000000"},
    "account.tokens": {"label": "称重台", "days": "30"},
    "admin.make_signing_key": {"use": "code", "division": "540626"},
    "admin.change_signing_key": {"act": "rotate"},
    "admin.change_draft": {"act": "renew"},
    "admin.bring_directory": {"note": "{directory}"},
    "admin.erase_personal": {"act": "look", "party": "{applied}"},
    "admin.limits": {
        "act": "propose", "division": "540626", "standard": "DBS54/2003-2026", "clause": "表1",
        "product_class": "millet", "parameter": "lead", "maximum": "0.04", "unit": "mg/kg",
        "force": "mandatory", "valid_from": "2026-01-01", "source": "公告", "confidence": "K-med",
    },
    "admin.kept": {"act": "place", "about": "{code}", **_REASON},
    "inspect.kept": {"act": "place", "about": "{code}", **_REASON},
    "admin.competences": {"agency": "农业农村局", "division": "540626"},
    **dict.fromkeys(("desk.orders.order", "desk.orders.lift", "desk.orders.finish"), _REASON),
    "desk.cartons.new": {
        "cartons": "2", "packages": "6", "company_prefix": "6901234", "template": "carton-100x150",
    },
    "desk.weighing.new": {"weight": "0.482", "unit": "KGM", "template": "trace-70x50-net"},
    "desk.printing.new": {"template": "batch-100x70", "count": "1"},
    "desk.printing.void": {"serial": "{serial}", **_REASON},
    "desk.printing.void_all": _REASON,
    "desk.run_account.ended": {"first": "2", "last": "3", "fate": "spoiled", **_REASON},
    "desk.carriers.new": {
        "party": "{owner}", "kind": "nfc", "number": "04A2245BC15E80", "code": "{code}",
    },
    "desk.carriers.unbind": _REASON,
    "desk.rolls.new": {"party": "{owner}", "template": "trace-50x30", "count": "2"},
    "desk.rolls.bind": {"first": "{rolled}", "last": "3"},
    "desk.rolls.unbind": _REASON,
    "desk.reprints.new": {"first": "1", **_REASON},
    "public.pin": {"path": "{pinned}", "pin": "{pin}"},
    "desk.batches.withdraw": _REASON,
    "desk.batches.new": {
        "party": "{owner}", "goods": "grain/millet", "quantity": "20", "quantity.unit": "KGM",
        "photos": _FILE,
    },
    "desk.events.new": {
        "party": "{owner}", "batch": "{spare[desk.events.new]}", "kind": "sell",
        "happened_at": _NOW, "quantity": "5", "quantity.unit": "KGM", "photos": _FILE,
    },
    "desk.events.correct": {"happened_at": _NOW, "note": "第二个库房", **_REASON},
    "desk.events.photos": {"photos": _FILE},
    "desk.home.choose": {"for": "{owner}"},
    "desk.making.new": {
        "party": "{owner}", "batch": "{spare[desk.making.new]}", "kind": "split",
        "happened_at": _NOW, "input.0.code": "{spare[desk.making.new]}", "input.0.quantity": "10",
        "input.0.quantity.unit": "KGM", "output.0.goods": "grain/millet", "output.0.quantity": "10",
        "output.0.quantity.unit": "KGM",
    },
    "members.listed": {
        "party": "{owner}", "name": "扎西", "phone": "13900000000", "role": "viewer",
    },
    "members.link": {"party": "{owner}"},
    "members.change_role": {"party": "{owner}", "role": "viewer"},
    "members.undertaking": {"party": "{owner}"},
    "desk.papers.new": {
        "party": "{owner}", "kind": "undertaking", "number": "1", "covers": "party:{owner}",
        "photos": _FILE,
    },
    "desk.papers.revoke": _REASON,
    "desk.certifications.new": {
        "party": "{owner}", "kind": "official_certification", "product": "{product}",
        "amount": "100", "amount.unit": "KGM", "months": "12", "photos": _FILE,
    },
    "desk.releasing.give": {},
    "desk.releasing.ask": _REASON,
    "desk.releasing.answer": _REASON,
    "desk.certificates.new": _CERTIFICATE,
    "desk.certificates.again": {**_CERTIFICATE, **_REASON},
    "desk.certificates.void": _REASON,
    "desk.certificates.collect": {
        "party": "{owner}", "batch": "{code}", "issuer": "次仁", "photos": _FILE,
    },
    "inspect.void_certificate": _REASON,
    "desk.products.new": {"party": "{owner}", "goods": "grain/millet", "name": "朝阳小米"},
    "desk.products.page": {"label.net_content": "500 g", "items_on_pack": "yes"},
    "desk.reports.new": {
        "number": "2", "laboratory": "市检测中心", "issued_on": "2026-05-01", "batches": "{code}",
        "kind": "laboratory", "item.0.parameter": "铅", "item.0.result": "未检出",
        "photos": _FILE,
    },
    "desk.reports.objection": _REASON,
    "desk.samples.new": {
        "party": "{owner}", "batch": "{code}", "kind": "commissioned", "number": "S1",
        "taken_on": "2026-05-01", "samplers": "扎西", "quantity": "1", "quantity.unit": "KGM",
        "photos": _FILE,
    },
    "desk.samples.step": {"kind": "sent", "on": "2026-05-02", "to_name": "市检测中心"},
    "desk.sheets.listed": {"party": "{owner}", "goods": "grain/millet", "file": "sheet"},
    "desk.sheets.columns": {"row_is": "batch", "column.0": "batch_number", "column.1": "quantity"},
    "desk.sheets.table": {"table": "0.0"},
    "desk.sheets.rows": {"aside.2": "yes", "aside-why.2": "等复称"},
    "desk.sheets.settle": {"note": "已复称"},
    "desk.result_sheets.listed": {"file": "results"},
    "desk.result_sheets.columns": RESULT_FORM,
    "desk.result_sheets.table": {"table": "0.0"},
    "desk.result_sheets.words": {"word.六六六": "="},
    "desk.shipments.page": {"party": "{owner}", "happened_at": _NOW, "word": "accept"},
    "desk.sites.new": {"party": "{owner}", "kind": "store", "name": "库", "division": "540626"},
    "sign_in.enter": {"phone": "13812345678", "password": "270914"},
    "sign_in.enter_code": {"code": "000000"},
    "inspect.warning": {"act": "acknowledge"},
    "desk.warnings.page": {"act": "act", "note": "已申请延续"},
    "desk.warnings.contacts": {
        "party": "{owner}", "act": "add", "channel": "email", "address": "a@example.cn",
        "least": "low",
    },
    "inspect.stop": {**_REASON, "confirm": "1"},
    "inspect.order": {**_REASON, "confirm": "yes"},
    "inspect.ask": _REASON,
    "desk.credit.page": {"party": "{owner}", "assessment": "{assessed}", "objection": "不属实"},
    "inspect.application": {"act": "refuse", **_REASON}, "inspect.credit_of": {"act": "announce"},
    "proof_sheet.page": {"act": "approve", "zh": "牦牛肉", "bo": "གཡག་ཤ།"},
    "inspect.check": {"where": "原件", "on": "2026-06-01"},
    "inspect.inspection": {"happened_at": _NOW, "note": "抽样", "evidence": _FILE},
}  # fmt: skip
"""For each view the fields that it takes, as one who may would type them."""


def _filled(value: str, things: Things) -> Any:
    if value == _FILE:
        return BytesIO(photo()), "照片.jpg"
    if value == "sheet":
        return BytesIO(xlsx([*SHEET, ["B3", "1公斤"]])), "登记表.xlsx"
    if value == "results":
        return BytesIO(result_sheet(row(things.code, "R-9"))), "结果.xlsx"
    return value.format(**vars(things), mine=things.owner)


def views(app: Flask) -> Iterator[tuple[str, str, Rule]]:
    """Method, name and rule of every view of the site; the API has a matrix of its own."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api"):
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule.endpoint, rule


def make_things(ledger: Ledger, owner: Actor, member: Actor) -> Things:
    """One of everything, of the owner's co-operative."""
    own, sender = str(owner.party_uid), world.make_producer(ledger)
    world.make_party(ledger, "household_group", parent=own)
    product = world.make_product(ledger, owner, items_on_pack=True)
    code = world.make_batch(ledger, owner, product=product)
    coded = world.make_product(ledger, owner, items_on_pack=True, gtin="06901234567892")
    packed = world.make_batch(ledger, owner, product=coded, lot="A1")
    run, printed = printed_label(ledger, owner, code)
    laboratory = world.make_producer(ledger, "laboratory")
    return Things(
        owner=own,
        member=str(member.person_uid),
        code=code,
        spare={
            **{name: world.make_batch(ledger, owner) for name in ONCE},
            "desk.weighing.new": world.make_batch(ledger, owner, product=coded, lot="W1"),
            "desk.certificates.new": make_yaks(ledger, owner),
            "desk.releasing.ask": make_yaks(ledger, owner),
        },
        event=_event_with_file(ledger, owner, code),
        told_wrong=world.make_event(ledger, owner, "store", code),
        public_file=ledger.perform(owner, keep_evidence, own, photo(), "圈舍.jpg", "public"),
        trade_file=_trade_file(ledger, own),
        paper=_paper(ledger, owner, code),
        paper_unchecked=_paper(ledger, owner, code, "1"),
        paper_falling=_paper(ledger, owner, world.make_batch(ledger, owner), "2"),
        application=ledger.perform(owner, apply_for_certification, wanted(ledger, owner)),
        assessed=ledger.perform(world.make_regulator(ledger), announce_assessment, own, 2024),
        site=world.make_site(ledger, owner),
        product=product,
        report=_report(ledger, owner, code),
        report_failed=_report(ledger, owner, world.make_batch(ledger, owner), "9.9"),
        sample=world.make_sample(ledger, owner, code),
        order=ledger.perform(owner, hold, world.make_batch(ledger, owner), "抽检"),
        order_here=ledger.perform(owner, hold, world.make_batch(ledger, owner), "抽检"),
        recalled=ledger.perform(owner, recall, world.make_batch(ledger, owner), "抽检"),
        run=run,
        run_ending=printed_label(ledger, owner, code)[0],
        serial=printed.path.rpartition("/")[2],
        signed=printed.url.split("/", 3)[3],
        packed=printed_label(ledger, owner, packed)[1].path,
        arriving=world.make_shipment(ledger, sender, own, world.make_batch(ledger, sender)),
        applied=world.make_party(ledger, active=False),
        regulator=world.make_party(ledger, "regulator", division=world.KAZUO),
        link=ledger.perform(SYSTEM, make_link, str(member.person_uid), "first", 10),
        token=make_some_token(ledger, owner),
        key=some_key(ledger),
        directory=signed_draft(ledger),
        uploads=_uploads(ledger, owner),
        work=_work(ledger),
        certificates={name: certify(ledger, owner, make_yaks(ledger, owner), 5) for name in VOID},
        carrier=ledger.perform(owner, bind_carrier, CarrierFacts("hologram", HOLOGRAM, code)),
        warning_here=ledger.perform(SYSTEM, _warned, "over_limit", code),
        warning_own=ledger.perform(SYSTEM, _warned, "paper_near_end", code),
        override=ledger.perform(sender, ask_override, make_yaks(ledger, sender), "检疫证明补办中"),
        laboratory=laboratory,
        result_sheets=sheets_at_each_step(ledger, laboratory, code),
        jobs=make_jobs(ledger, owner, run),
        printers=make_printers(ledger, owner),
        **pinned_label(ledger, owner, code),
        **rolled_label(ledger, owner),
    )


def _warned(w: Writing, rule: str, code: str) -> str:
    """A warning of the rule about the batch."""
    uid = warn(w, rule, code, batch=batch(w.session, code), evidence={"trace_code": code})
    assert uid is not None
    return uid


def _event_with_file(ledger: Ledger, owner: Actor, code: str) -> str:
    uid = ledger.perform(owner, keep_evidence, str(owner.party_uid), photo(50), "入库.jpg")
    return world.make_event(ledger, owner, "store", code, evidence=(uid,))


def _trade_file(ledger: Ledger, owner: str) -> str:
    with ledger.database.read() as session:
        query = sa.select(EvidenceFile.uid).join(Party).where(Party.uid == owner)
        return session.scalars(query.where(EvidenceFile.name == "入库.jpg")).one()


def _paper(ledger: Ledger, owner: Actor, code: str, number: str = "0") -> str:
    facts = PaperFacts(
        "commitment_certificate", number, str(owner.party_uid), covers=(Covers("batch", code),)
    )
    return ledger.perform(owner, register_paper, facts)


def _report(ledger: Ledger, owner: Actor, code: str, lead: str = "未检出") -> str:
    item = TestItemFacts("铅", lead, "mg/kg")
    today = ledger.clock.now().date()
    facts = TestReportFacts(f"1-{lead}", "市检测中心", today, (code,), (item,))
    return ledger.perform(owner, enter_test_report, facts)


def _uploads(ledger: Ledger, owner: Actor) -> dict[str, str]:
    """Sheets at the step that each view of them asks for; one has gone in, less a row."""
    data = xlsx(SHEET)
    read = read_sheet_file(
        str(owner.party_uid), "grain", "millet", "登记表.xlsx", data, ledger.settings
    )
    found = {}
    for number, name in enumerate(_UPLOADS):
        # the same file is the same upload; what follows the end of an archive is not read
        file: SheetFile = replace(read, data=data + b"\n" * number)
        uid = found[name] = ledger.perform(owner, take_upload, file)
        if name in ("rows", "accept", "settle"):
            with ledger.database.read() as session:
                kept = upload(session, uid)
                mapping = review(session, kept, ledger.families, date(2026, 6, 1)).mapping
            ledger.perform(owner, map_upload, uid, replace(mapping, row_is="batch"))
    ledger.perform(owner, accept_upload, found["settle"], (SetAside(2, "等复称"),))
    return found


def _work(ledger: Ledger) -> str:
    with ledger.database.read() as session:
        return session.scalars(sa.select(WorkItem.uid)).one()
