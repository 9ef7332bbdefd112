"""What rows of test reports hold, by their records."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.projections import (
    Column,
    Projection,
    Word,
    by_owner,
    first,
    gathered,
    name_of,
    newest,
    said_by,
)
from suyuan.trace.log.tellings import Fields, Telling
from suyuan.trace.parties.tables import Party
from suyuan.trace.quality.records import COUNTY_LIMIT, OBJECTION, TEST_REPORT, VERDICT
from suyuan.trace.quality.tables import (
    CountyLimit,
    FormerVerdict,
    KeptVerdict,
    Objection,
    TestItem,
    TestReport,
    test_report_batch,
)

_LINE = ("parameter", "result", "unit", "lod", "limit", "method", "standard", "conclusion")


def _items(session: Session, reports: Sequence[int]) -> dict[int, list[Any]]:
    columns = (getattr(TestItem, name) for name in _LINE)
    query = sa.select(TestItem.report_id, *columns).where(TestItem.report_id.in_(reports))
    return by_owner(session, query.order_by(TestItem.report_id, TestItem.position))


def _items_said(said: Sequence[Mapping[str, str]]) -> list[list[str]]:
    return [[one.get(name, "") for name in _LINE] for one in said]


def _batches(session: Session, reports: Sequence[int]) -> dict[int, list[str]]:
    of, batch = test_report_batch.c.report_id, test_report_batch.c.batch_id
    query = sa.select(of, Batch.trace_code).join(Batch, Batch.id == batch).where(of.in_(reports))
    rows = by_owner(session, query)
    return {owner: sorted(code for (code,) in several) for owner, several in rows.items()}


REPORTS = Projection(
    TestReport,
    TestReport.uid,
    TEST_REPORT,
    names=said_by("report"),
    references=(TestReport.record_id,),
    columns=(
        Column("number", TestReport.number, newest("number")),
        Column("kind", TestReport.kind, newest("kind")),
        Column("laboratory", TestReport.laboratory, newest("laboratory")),
        Column(
            "laboratory_id",
            name_of(Party.uid, TestReport.laboratory_id),
            newest("laboratory_party"),
        ),
        Column("cma", TestReport.cma, newest("cma", absent="")),
        Column("catl", TestReport.catl, newest("catl", absent="")),
        Column("sample_number", TestReport.sample_number, newest("sample_number", absent="")),
        Column("sampled_on", TestReport.sampled_on, newest("sampled_on")),
        Column("issued_on", TestReport.issued_on, newest("issued_on")),
        Column("valid_to", TestReport.valid_to, newest("valid_to")),
        Column("conclusion", TestReport.conclusion, newest("conclusion", absent="")),
        Column(
            "evidence_id", name_of(EvidenceFile.uid, TestReport.evidence_id), newest("evidence")
        ),
        Column(
            "retest_of_id", name_of(TestReport.uid, TestReport.retest_of_id), first("retest_of")
        ),
        Column("made_at", TestReport.made_at, newest("at")),
        Column("entered_by_id", name_of(Party.uid, TestReport.entered_by_id), newest("entered_by")),
        Column("test_item", _items, newest("items", read=_items_said, absent=[])),
        Column("test_report_batch", _batches, gathered("batches")),
    ),
)


def _verdicts_named(said: Fields) -> Collection[str]:
    """The verdicts that a record gives, changes or overturns."""
    given = [one["uid"] for one in said.get("items", ()) if one]
    return [*given, *said.get("overturned", ())]


def _of_one(said: Fields, key: str) -> Fields:
    """What a record says of one verdict of a report."""
    about = {name: value for name, value in said.items() if name != "items"}
    for position, one in enumerate(said.get("items", ()), start=1):
        if one and one["uid"] == key:
            return {
                **about,
                **one,
                "position": position,
                "parameter": one["grounds"]["parameter"],
                "row": one["grounds"].get("limit", {}).get("id", ""),
            }
    return about


_JUDGED = ("verdicts.given", "verdicts.changed")


def _former(session: Session, verdicts: Sequence[int]) -> dict[int, list[tuple[Any, ...]]]:
    own = FormerVerdict
    query = sa.select(own.verdict_id, own.number, own.verdict, own.judged_at, own.until)
    rows = query.where(own.verdict_id.in_(verdicts)).order_by(own.verdict_id, own.number)
    return by_owner(session, rows)


def _judgements(tellings: Sequence[Telling]) -> list[Telling]:
    return [one for one in tellings if one.type in _JUDGED]


def _changes_said(tellings: Sequence[Telling]) -> Word:
    heard = _judgements(tellings)
    return Word(len(heard) - 1, heard[-1].id)


def _former_said(tellings: Sequence[Telling]) -> Word:
    """What each change took the place of: the words that a verdict was given before it."""
    heard = _judgements(tellings)
    changes = pairwise(heard)
    former = [
        [number, one.fields["verdict"], one.fields["at"], then.fields["at"]]
        for number, (one, then) in enumerate(changes, start=1)
    ]
    return Word(former, heard[-1].id)


VERDICTS = Projection(
    KeptVerdict,
    KeptVerdict.uid,
    VERDICT,
    names=_verdicts_named,
    about=_of_one,
    references=(KeptVerdict.record_id,),
    types=frozenset({"verdicts.given"}),
    later=(VERDICT,),
    subject=name_of(TestReport.uid, KeptVerdict.report_id),
    columns=(
        Column("report_id", name_of(TestReport.uid, KeptVerdict.report_id), first("report")),
        Column("position", KeptVerdict.position, first("position")),
        Column("batch_id", name_of(Batch.trace_code, KeptVerdict.batch_id), first("trace_code")),
        Column("parameter", KeptVerdict.parameter, newest("parameter", types=_JUDGED)),
        Column("verdict", KeptVerdict.verdict, newest("verdict", types=_JUDGED)),
        Column("unconfirmed", KeptVerdict.unconfirmed, newest("unconfirmed", types=_JUDGED)),
        Column("limit_row", KeptVerdict.row, newest("row", types=_JUDGED)),
        Column("grounds", KeptVerdict.grounds, newest("grounds", types=_JUDGED)),
        Column("standards", KeptVerdict.standards, newest("standards", types=_JUDGED)),
        Column("judged_at", KeptVerdict.judged_at, newest("at", types=_JUDGED)),
        Column("changes", KeptVerdict.changes, _changes_said),
        Column("former_verdict", _former, _former_said),
        Column(
            "overturned_by_id",
            name_of(TestReport.uid, KeptVerdict.overturned_by_id),
            newest("overturned_by"),
        ),
    ),
)

OBJECTIONS = Projection(
    Objection,
    Objection.uid,
    OBJECTION,
    names=said_by("objection"),
    references=(Objection.record_id,),
    types=frozenset({"objection.raised"}),
    later=(OBJECTION,),
    columns=(
        Column("report_id", name_of(TestReport.uid, Objection.report_id), first("report")),
        Column("by_party_id", name_of(Party.uid, Objection.by_party_id), first("by")),
        Column("reason", Objection.reason, first("reason")),
        Column("at", Objection.at, first("at")),
        Column("until", Objection.until, first("until")),
        Column("retest_due", Objection.retest_due, first("retest_due")),
        Column("state", Objection.state, newest("state")),
        Column(
            "decided_by_id", name_of(TestReport.uid, Objection.decided_by_id), newest("decided_by")
        ),
    ),
)
_ASKED = ("county_limit.proposed", "county_limit.withdrawal_asked")
_ANSWERED = (
    "county_limit.approved", "county_limit.refused", "county_limit.withdrawn", "county_limit.kept",
)  # fmt: skip

COUNTY_LIMITS = Projection(
    CountyLimit,
    CountyLimit.uid,
    COUNTY_LIMIT,
    names=said_by("limit"),
    references=(CountyLimit.record_id,),
    types=frozenset({"county_limit.proposed"}),
    later=(COUNTY_LIMIT,),
    columns=(
        *(
            Column(name, getattr(CountyLimit, name), first(name))
            for name in (
                "division", "standard", "clause", "force", "product_class", "parameter", "minimum",
                "maximum", "plan", "forbidden", "unit", "dry", "valid_from", "valid_to", "source",
                "confidence", "checked_by",
            )
        ),
        Column("state", CountyLimit.state, newest("state")),
        Column("reason", CountyLimit.reason, newest("reason", absent="")),
        Column("asked_by_uid", CountyLimit.asked_by_uid, newest("typed_by", types=_ASKED)),
        Column("answered_by_uid", CountyLimit.answered_by_uid, newest("typed_by", types=_ANSWERED)),
        Column("proposed_at", CountyLimit.proposed_at, first("at")),
        Column(
            "approved_at", CountyLimit.approved_at, newest("at", types=("county_limit.approved",))
        ),
        Column(
            "withdrawn_at",
            CountyLimit.withdrawn_at,
            newest("at", types=("county_limit.withdrawn",)),
        ),
    ),
)  # fmt: skip
PROJECTIONS = (REPORTS, VERDICTS, OBJECTIONS, COUNTY_LIMITS)
