"""The form of a transformation: batches go in, batches come out, as rows of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from suyuan.trace.batches.facts import BatchFacts
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.errors import Fault, InvalidInput, SuyuanError
from suyuan.trace.events.facts import Portion, TransformationFacts
from suyuan.trace.events.kinds import EventKind
from suyuan.trace.products.attributes import KeyData
from suyuan.trace.quantities import Quantity
from suyuan.web.desk.forms.typed import FACT, PARAGRAPH, Typed, when
from suyuan.web.desk.goods import Goods

INPUT, OUTPUT = "input", "output"
INPUT_COLUMNS = ("code",)
OUTPUT_COLUMNS = ("quantity",)


def read_making(
    typed: Typed,
    kind: EventKind,
    party: str,
    asked: Sequence[KeyData],
    sites: Sequence[str],
    goods: Callable[[str], Goods],
    now: datetime,
) -> TransformationFacts:
    """What was made of what. Raises Doubtful for all that is wrong or must be asked."""
    inputs = _inputs(typed)
    outputs = tuple(
        made
        for row in typed.rows(OUTPUT, *OUTPUT_COLUMNS)
        if (made := _output(typed, row, party, goods)) is not None
    )
    happened_at, happened = when(typed, now)
    facts = TransformationFacts(
        kind=kind.key,
        party=party,
        inputs=inputs,
        outputs=outputs,
        happened_at=happened_at,
        happened=happened,
        site=typed.one_of("site", sites, required=False) or None,
        payload=typed.facts(asked),
        note=typed.text("note", most=PARAGRAPH),
    )
    if not inputs:
        typed.note(Fault(f"{INPUT}.0.code", "Say which batches went in."))
    if not outputs:
        typed.note(Fault(f"{OUTPUT}.0.quantity", "Say which batches came out."))
    typed.finish()
    return facts


def _inputs(typed: Typed) -> tuple[Portion, ...]:
    portions = []
    for row in typed.rows(INPUT, *INPUT_COLUMNS):
        field = f"{INPUT}.{row}.code"
        quantity = typed.quantity(f"{INPUT}.{row}.quantity")
        try:
            portions.append(Portion(parse_trace_code(typed.text(field)), quantity))
        except InvalidInput as error:
            typed.note(Fault(field, error.message, tuple(error.params.items())))
    return tuple(portions)


def _output(typed: Typed, row: int, party: str, goods: Callable[[str], Goods]) -> BatchFacts | None:
    start = f"{OUTPUT}.{row}."
    what = typed.text(start + "goods", required=True)
    quantity = typed.quantity(start + "quantity", required=True)
    if not what:
        return None
    try:
        chosen = goods(what)
    except SuyuanError as error:
        typed.note(Fault(start + "goods", error.message, tuple(error.params.items())))
        return None
    return BatchFacts(
        party=party,
        quantity=quantity if quantity is not None else Quantity.of(1, chosen.unit),
        product=chosen.product_uid,
        family="" if chosen.product_uid else chosen.family.key,
        variant="" if chosen.product_uid else chosen.variant.key,
        lot=typed.text(start + "lot", most=20) or None,
        produced=typed.stated_date(start + "produced"),
        attributes=typed.facts(chosen.asked, chosen.variant.key, start + FACT),
    )
