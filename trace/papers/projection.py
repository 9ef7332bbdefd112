"""What rows of papers hold, by their records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.projection import amount_said
from suyuan.trace.batches.tables import Batch
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.identifiers import stripped
from suyuan.trace.log.projections import (
    Column,
    Projection,
    by_owner,
    first,
    gathered,
    name_of,
    newest,
    said_by,
)
from suyuan.trace.papers.records import PAPER, PAPER_APPLICATION, PAPER_DRAW
from suyuan.trace.papers.tables import (
    Paper,
    PaperApplication,
    PaperDraw,
    PaperScope,
    paper_application_evidence,
    paper_application_site,
)
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.products.tables import Product

_LOOKED_AT = ("paper.registered", "paper.checked")
_KEYS: Mapping[str, Any] = {
    "party": Party.uid, "site": Site.uid, "product": Product.uid, "batch": Batch.trace_code,
}  # fmt: skip
"""How records name what a paper covers, by its kind."""


def _scope(session: Session, papers: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    key = sa.case(
        *((PaperScope.target == target, name_of(one, PaperScope.target_id))
          for target, one in _KEYS.items())
    )  # fmt: skip
    query = sa.select(PaperScope.paper_id, PaperScope.target, sa.func.coalesce(key, ""))
    rows = by_owner(session, query.where(PaperScope.paper_id.in_(papers)))
    return {owner: sorted((one[0], one[1]) for one in several) for owner, several in rows.items()}


def _covers(said: Mapping[str, str]) -> tuple[str, str]:
    key = parse_trace_code(said["key"]) if said["target"] == "batch" else said["key"]
    return said["target"], key


PAPERS = Projection(
    Paper,
    Paper.uid,
    PAPER,
    names=said_by("paper"),
    references=(Paper.record_id,),
    types=frozenset({"paper.registered"}),
    later=(PAPER,),
    columns=(
        Column("kind", Paper.kind, newest("kind")),
        Column("number", Paper.number, newest("number")),
        Column("plain_number", Paper.plain_number, newest("number", read=stripped)),
        Column("holder_id", name_of(Party.uid, Paper.holder_id), newest("holder")),
        Column("issuer", Paper.issuer, newest("issuer", absent="")),
        Column("issued_on", Paper.issued_on, newest("issued_on")),
        Column("valid_from", Paper.valid_from, newest("valid_from")),
        Column("valid_to", Paper.valid_to, newest("valid_to")),
        Column("amount", Paper.amount, newest("amount", read=amount_said)),
        Column("unit", Paper.unit, newest("amount", read=lambda said: said["unit"])),
        Column("note", Paper.note, newest("note", absent="")),
        Column("state", Paper.state, newest("state")),
        Column("state_reason", Paper.state_reason, newest("reason", absent="")),
        Column("revoked_at", Paper.revoked_at, newest("at", types=("paper.revoked",))),
        Column("renews_id", name_of(Paper.uid, Paper.renews_id), newest("renews")),
        Column("evidence_id", name_of(EvidenceFile.uid, Paper.evidence_id), newest("evidence")),
        Column("checked_by", Paper.checked_by, newest("checked_by", types=_LOOKED_AT, absent="")),
        Column(
            "checked_by_party_id",
            name_of(Party.uid, Paper.checked_by_party_id),
            newest("checked_by_party", types=_LOOKED_AT),
        ),
        Column("checked_at", Paper.checked_at, newest("checked_at", types=_LOOKED_AT)),
        Column(
            "checked_where",
            Paper.checked_where,
            newest("checked_where", types=_LOOKED_AT, absent=""),
        ),
        Column("made_at", Paper.made_at, newest("at", types=("paper.registered",))),
        Column("paper_scope", _scope, gathered("covers", _covers)),
    ),
)

DRAWS = Projection(
    PaperDraw,
    PaperDraw.uid,
    PAPER_DRAW,
    names=said_by("draw"),
    references=(PaperDraw.record_id,),
    subject=name_of(Paper.uid, PaperDraw.paper_id),
    columns=(
        Column("paper_id", name_of(Paper.uid, PaperDraw.paper_id), first("paper")),
        Column("batch_id", name_of(Batch.trace_code, PaperDraw.batch_id), first("trace_code")),
        Column("print_run", PaperDraw.print_run, first("run")),
        Column("period", PaperDraw.period, first("period", absent="")),
        Column("amount", PaperDraw.amount, first("quantity", read=amount_said)),
        Column("over", PaperDraw.over, first("over", read=amount_said, absent=Decimal(0))),
        Column("why", PaperDraw.why, first("why")),
        Column("at", PaperDraw.at, first("at")),
    ),
)

_DECIDED = ("certification.approved", "certification.refused")


def _land(session: Session, applications: Sequence[int]) -> dict[int, list[str]]:
    link = paper_application_site.c
    query = sa.select(link.application_id, sa.func.coalesce(name_of(Site.uid, link.site_id), ""))
    return _uids(session, query.where(link.application_id.in_(applications)))


def _documents(session: Session, applications: Sequence[int]) -> dict[int, list[str]]:
    link = paper_application_evidence.c
    uid = sa.func.coalesce(name_of(EvidenceFile.uid, link.evidence_id), "")
    query = sa.select(link.application_id, uid)
    return _uids(session, query.where(link.application_id.in_(applications)))


def _uids(session: Session, query: sa.Select[tuple[int, str]]) -> dict[int, list[str]]:
    rows = by_owner(session, query)
    return {owner: sorted(one[0] for one in several) for owner, several in rows.items()}


APPLICATIONS = Projection(
    PaperApplication,
    PaperApplication.uid,
    PAPER_APPLICATION,
    names=said_by("application"),
    references=(PaperApplication.record_id,),
    types=frozenset({"certification.applied"}),
    later=(PAPER_APPLICATION,),
    columns=(
        Column("kind", PaperApplication.kind, first("kind")),
        Column(
            "applicant_id", name_of(Party.uid, PaperApplication.applicant_id), first("applicant")
        ),
        Column("product_id", name_of(Product.uid, PaperApplication.product_id), first("product")),
        Column("division", PaperApplication.division, first("division")),
        Column("area_m2", PaperApplication.area_m2, newest("area_m2")),
        Column("amount", PaperApplication.amount, newest("amount", read=amount_said)),
        Column("unit", PaperApplication.unit, newest("amount", read=lambda said: said["unit"])),
        Column("months", PaperApplication.months, newest("months")),
        Column("note", PaperApplication.note, first("note", absent="")),
        Column("renews_id", name_of(Paper.uid, PaperApplication.renews_id), first("renews")),
        Column("state", PaperApplication.state, newest("state")),
        Column("state_reason", PaperApplication.state_reason, newest("reason", absent="")),
        Column(
            "decided_by_id",
            name_of(Party.uid, PaperApplication.decided_by_id),
            newest("by", types=_DECIDED),
        ),
        Column("decided_at", PaperApplication.decided_at, newest("at", types=_DECIDED)),
        Column("paper_id", name_of(Paper.uid, PaperApplication.paper_id), newest("paper")),
        Column("applied_at", PaperApplication.applied_at, first("at")),
        Column("paper_application_site", _land, gathered("sites")),
        Column("paper_application_evidence", _documents, gathered("evidence")),
    ),
)

PROJECTIONS = (PAPERS, DRAWS, APPLICATIONS)
