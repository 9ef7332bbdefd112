"""The forms of the registers: sites, papers, test reports."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.errors import Fault, InvalidInput
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.papers.kinds import PaperKind
from suyuan.trace.parties.facts import SiteFacts
from suyuan.trace.parties.site_kinds import altitudes, site_kinds
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from suyuan.web.desk.forms.typed import Typed
from suyuan.web.places import division_of

ITEM = "item"
ITEM_COLUMNS = ("parameter", "result")
REPORT_KINDS = ("laboratory", "rapid")
_LARGEST_AREA = 10**12


def read_site(typed: Typed, party: str) -> SiteFacts:
    """A place of a party. Raises Doubtful; places.Ambiguous where a name is of several places."""
    division = typed.text("division", required=True)
    facts = SiteFacts(
        party=party,
        kind=typed.one_of("kind", tuple(site_kinds())),
        name=typed.text("name", required=True),
        division=division,
        names={code: text for code in ("bo", "en") if (text := typed.text(f"name_{code}"))},
        address=typed.text("address", most=300),
        latitude=typed.text("latitude", most=16) or None,
        longitude=typed.text("longitude", most=16) or None,
        altitude_m=typed.whole_number("altitude_m", *altitudes()),
        area_m2=typed.whole_number("area_m2", 0, _LARGEST_AREA),
        capacity=typed.text("capacity", most=100),
    )
    typed.finish()
    return replace(facts, division=division_of(division))


def read_paper(
    typed: Typed, holder: str, kind: PaperKind, scope: Collection[str], *, may_check: bool
) -> PaperFacts:
    """A paper of a party. ``scope``: what the form offered as covered. Raises Doubtful."""
    valid_from = typed.day("valid_from")
    facts = PaperFacts(
        kind=kind.key,
        number=typed.text("number", most=80, required=kind.number_rule != "none"),
        holder=holder,
        issuer=typed.text("issuer"),
        issued_on=typed.day("issued_on"),
        valid_from=valid_from,
        valid_to=typed.day("valid_to"),
        amount=typed.quantity("amount"),
        note=typed.text("note", most=500),
        covers=(*_ticked_covers(typed, scope), *_named_batches(typed)),
        checked_by=typed.text("checked_by") if may_check else "",
        checked_where=typed.text("checked_where") if may_check else "",
        renews=typed.text("renews", most=26) or None,
    )
    if not facts.covers:
        typed.note(Fault("covers", "Say what this paper covers."))
    typed.finish()
    return facts


def _ticked_covers(typed: Typed, scope: Collection[str]) -> tuple[Covers, ...]:
    ticked = [one for one in typed.fields.getlist("covers") if one in scope]
    return tuple(Covers(*one.split(":", 1)) for one in ticked)


def _named_batches(typed: Typed) -> tuple[Covers, ...]:
    return tuple(Covers("batch", code) for code in _codes(typed, "batches"))


def read_report(typed: Typed) -> TestReportFacts:
    """A laboratory's report with its lines as written. Raises Doubtful."""
    issued_on = typed.day("issued_on", required=True)
    facts = TestReportFacts(
        number=typed.text("number", most=80, required=True),
        laboratory=typed.text("laboratory", required=True),
        issued_on=issued_on or date.min,
        batches=_codes(typed, "batches", required=True),
        items=_items(typed),
        kind=typed.one_of("kind", REPORT_KINDS),
        cma=typed.text("cma", most=40),
        catl=typed.text("catl", most=40),
        sample_number=typed.text("sample_number", most=80),
        sampled_on=typed.day("sampled_on"),
        valid_to=typed.day("valid_to"),
        conclusion=typed.text("conclusion", most=500),
        retest_of=typed.text("retest_of", most=26) or None,
    )
    if not facts.items:
        typed.note(Fault(f"{ITEM}.0.parameter", "Enter at least one item that was tested."))
    typed.finish()
    return facts


def _items(typed: Typed) -> tuple[TestItemFacts, ...]:
    lines = []
    for row in typed.rows(ITEM, *ITEM_COLUMNS):
        start = f"{ITEM}.{row}."
        lines.append(
            TestItemFacts(
                parameter=typed.text(start + "parameter", most=120, required=True),
                result=typed.text(start + "result", most=120, required=True),
                unit=typed.text(start + "unit", most=30),
                lod=typed.text(start + "lod", most=40),
                limit=typed.text(start + "limit", most=120),
                method=typed.text(start + "method", most=120),
                conclusion=typed.text(start + "conclusion", most=60),
            )
        )
    return tuple(lines)


def _codes(typed: Typed, name: str, *, required: bool = False) -> tuple[str, ...]:
    """Trace codes, one a line or with commas between them."""
    text = typed.text(name, most=5_000, required=required)
    codes = []
    for part in text.replace("，", "\n").replace(",", "\n").split("\n"):
        if not part.strip():
            continue
        try:
            codes.append(parse_trace_code(part))
        except InvalidInput as error:
            typed.note(Fault(name, error.message, tuple(error.params.items())))
    return tuple(dict.fromkeys(codes))
