"""Blank rolls: labels printed before anybody knows what they are stuck on, and bound later."""

from __future__ import annotations

import sqlalchemy as sa

from suyuan.trace.acts.balancing import require_filled, warn_of_labels
from suyuan.trace.acts.drawing import write_draws
from suyuan.trace.acts.giving_back import give_back
from suyuan.trace.acts.happenings import require_active
from suyuan.trace.acts.issuing import TryOut, blank_order, issue, require_count
from suyuan.trace.acts.printing import draws_of_labels, require_printable
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.acts.weighing import held_by
from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.rules import COUNTY_DIGITS
from suyuan.trace.batches.tables import Batch
from suyuan.trace.codes.trace_code import SERIAL_LENGTH, parse_trace_code
from suyuan.trace.codes.typed import read_typed
from suyuan.trace.errors import Conflict, InvalidInput, NotFound, SuyuanError
from suyuan.trace.oversight.search import path_in
from suyuan.trace.parties.queries import party as party_with
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing.content import LabelFacts
from suyuan.trace.printing.gathering import net_told
from suyuan.trace.printing.label_range import require_in_order
from suyuan.trace.printing.paper_checks import require_papers_hold
from suyuan.trace.printing.queries import first_issued, number_of
from suyuan.trace.printing.records import ROLL_BOUND, ROLL_UNBOUND
from suyuan.trace.printing.rolls import binding
from suyuan.trace.printing.tables import IssuedCode, PrintRun, RollBinding
from suyuan.trace.products.queries import product as product_with
from suyuan.trace.release.queries import require_not_stopped
from suyuan.trace.written import folded

_NAMED = 10
"""So many labels are named one by one in a refusal."""


def issue_blank_roll(
    w: Writing,
    party_uid: str,
    count: int,
    template: str,
    product_uid: str | None = None,
    *,
    try_out: TryOut,
    pins: bool = False,
) -> str:
    """Issue the codes of a blank roll of ``count`` labels of a party; returns the uid of the run.

    They are of no batch until ``bind_labels`` says so, and name the product or, without one, the
    party. Raises NotFound, Forbidden, InvalidInput, TooLarge, and what ``try_out`` raises.
    """
    party = party_with(w.session, party_uid)
    w.actor.require("print_labels", party)
    require_active(party)
    require_count(w, count)
    product = product_with(w.session, product_uid) if product_uid else None
    if product is not None and product.party_id not in (party.id, party.parent_id):
        raise InvalidInput("This product is of another organisation.", field="product")
    county = party.division.ljust(COUNTY_DIGITS, "0")[:COUNTY_DIGITS]
    return issue(w, blank_order(w, party, county, template, count, pins, product), try_out)


def bind_labels(
    w: Writing, trace_code: str, first: str, last: str, run_uid: str | None = None
) -> str:
    """Say that labels of a blank roll were stuck on a batch; returns the uid of the binding.

    ``first`` and ``last`` are the two ends as scanned or typed, both included, in the order of
    printing: the text of the symbol, or the roll code with the 12 digits behind it; where the run
    is given, or the roll is known by the first, those digits alone or the label's number do.
    Raises NotFound, Forbidden, InvalidInput for ends that do not fit, Conflict where some of them
    are void or bound already or the batch may carry no labels, LabelsOverdrawn, QuotaExceeded.
    """
    batch = batches.batch(w.session, parse_trace_code(trace_code))
    w.actor.require("print_labels", batch.party)
    require_active(batch.party)
    # of two who label a batch, or bind of a roll, at once, the second sees what the first did
    w.session.refresh(batch, with_for_update={"key_share": True, "of": Batch})
    run, start, end = _ends(w, first, last, run_uid)
    w.session.refresh(run, with_for_update={"key_share": True, "of": PrintRun})
    _require_ours(w, run, batch)
    _require_free(w, run, start, end)
    require_printable(w, batch)
    facts = LabelFacts.from_json(run.content)
    _require_named(facts, run, batch)
    _require_items_on_pack(batch)
    require_papers_hold(w.session, batch, facts)
    count, net = end - start + 1, net_told(batch, w.families.get(batch.family))
    require_filled(w, batch, net, count)
    draws = draws_of_labels(w, batch, held_by(batch, (), count))
    uid = w.new_uid()
    said = {
        "binding": uid, "run": run.uid, "first": start, "last": end,
        "trace_code": batch.trace_code, "net_content": net, "channel": w.actor.channel,
    }  # fmt: skip
    record_id = w.record(ROLL_BOUND, "roll_bound", said, subject=uid)
    w.session.add(
        RollBinding(
            uid=uid, print_run_id=run.id, batch_id=batch.id, first=start, last=end,
            net_content=net, bound_at=w.now, person_uid=w.actor.person_uid, record_id=record_id,
        )
    )  # fmt: skip
    w.session.flush()
    write_draws(w, batch, draws, "printing", uid)
    warn_of_labels(w, batch, uid)
    return uid


def unbind_labels(w: Writing, uid: str, reason: str) -> str:
    """Say that a binding was a mistake: its labels are not in use again; returns its uid.

    Raises NotFound, Forbidden, InvalidInput without a reason, and Conflict where it was taken
    back already or the batch is stopped, withdrawn or leans on a revoked paper: whoever scans such
    a label must go on to read so.
    """
    bound = binding(w.session, uid)
    w.actor.require("print_labels", bound.batch.party)
    if not reason.strip():
        raise InvalidInput("Say why the labels are unbound.", field="reason")
    w.session.refresh(bound.batch, with_for_update={"key_share": True, "of": Batch})
    w.session.refresh(bound.run, with_for_update={"key_share": True, "of": PrintRun})
    w.session.refresh(bound)
    if bound.unbound_at is not None:
        raise Conflict("These labels were unbound already.", field="binding")
    if bound.batch.state == "withdrawn":
        raise Conflict(
            "Batch {code} was withdrawn: its labels stay bound to it, so that they say so.",
            field="binding",
            code=bound.batch.trace_code,
        )
    require_not_stopped(w.session, (bound.batch_id,))
    require_papers_hold(w.session, bound.batch, LabelFacts.from_json(bound.run.content))
    bound.unbound_at = w.now
    said = {"binding": uid, "reason": reason.strip(), "channel": w.actor.channel}
    w.record(ROLL_UNBOUND, "roll_unbound", said, subject=uid)
    give_back(w, bound.batch, "voided", print_run=uid)
    return uid


def _ends(w: Writing, first: str, last: str, run_uid: str | None) -> tuple[PrintRun, int, int]:
    """The roll, and the numbers of both ends in it. Raises NotFound, InvalidInput."""
    run, start = _label(w, first, "first", _run(w, run_uid))
    of_last, end = _label(w, last, "last", run)
    if run_uid is not None and run.uid != run_uid:
        raise InvalidInput("This label is of another roll.", field="first")
    if of_last.id != run.id:
        raise InvalidInput(
            "The two labels are of different rolls: scan two of one roll.", field="last"
        )
    if run.roll_code is None:
        raise InvalidInput(
            "These labels are of a batch already: only those of a blank roll are bound.",
            field="first",
        )
    require_in_order(start, end)
    return run, start, end


def _run(w: Writing, uid: str | None) -> PrintRun | None:
    if uid is None:
        return None
    found = w.session.scalar(sa.select(PrintRun).where(PrintRun.uid == uid))
    if found is None:
        raise NotFound("There is no print run {uid}.", field="print_run", uid=uid)
    return found


def _label(w: Writing, said: str, field: str, run: PrintRun | None) -> tuple[PrintRun, int]:
    """The run of a label, and its number in it, from 1 in the order of printing."""
    text = folded(said)
    path = path_in(text)
    plain = "".join(text.split())
    if path is None and run is not None and plain.isdecimal() and len(plain) <= SERIAL_LENGTH:
        return run, number_of(w.session, run, plain, field)
    if path is None:
        try:
            path = read_typed(text)
        except SuyuanError as error:
            raise InvalidInput(
                "Scan the symbol of the label, or type the 16 digits of its roll and the 12 digits "
                "behind them.",
                field=field,
            ) from error
    if path.serial is None:
        raise InvalidInput(
            "This is the code of a whole roll or batch: add the 12 digits of the label.", field
        )
    code = first_issued(w.session, str(path))
    if code is None:
        raise NotFound("No label with this code was printed here.", field=field)
    return code.run, code.position + 1


def _require_ours(w: Writing, run: PrintRun, batch: Batch) -> None:
    w.actor.require("print_labels", w.session.get_one(Party, run.party_id))
    if run.party_id not in (batch.party_id, batch.party.parent_id):
        raise InvalidInput(
            "This roll is of another organisation than the batch: take a roll of {party}.",
            field="first",
            party=batch.party.name,
        )


def _require_items_on_pack(batch: Batch) -> None:
    """Raises InvalidInput where nobody declared that the pack says what the label cannot."""
    if batch.product is None or not batch.product.items_on_pack:
        raise InvalidInput(
            "The labels of a blank roll have no room for the legal items: declare for the product "
            "that they stand on the pack, or print complete labels.",
            field="trace_code",
        )


def _require_free(w: Writing, run: PrintRun, start: int, end: int) -> None:
    """Raises Conflict where some of these labels are void, or bound already."""
    void = [
        position + 1
        for position in w.session.scalars(
            sa.select(IssuedCode.position)
            .where(
                IssuedCode.print_run_id == run.id,
                IssuedCode.position.between(start - 1, end - 1),
                IssuedCode.voided_at.is_not(None),
            )
            .order_by(IssuedCode.position)
        )
    ]
    if void:
        shown = ", ".join(map(str, void[:_NAMED]))
        raise Conflict(
            "Of these labels {count} are void: {labels}. Bind those before and those after them "
            "by themselves.",
            field="first",
            count=len(void),
            labels=shown if len(void) <= _NAMED else f"{shown} …",
        )
    taken = w.session.scalar(
        sa.select(RollBinding)
        .where(
            RollBinding.print_run_id == run.id,
            RollBinding.unbound_at.is_(None),
            RollBinding.first <= end,
            RollBinding.last >= start,
        )
        .order_by(RollBinding.first)
        .limit(1)
    )
    if taken is not None:
        raise Conflict(
            "Labels {first} to {last} are bound already, to batch {code}. Bind others, or take "
            "that back first.",
            field="first",
            first=taken.first,
            last=taken.last,
            code=taken.batch.trace_code,
        )


def _require_named(facts: LabelFacts, run: PrintRun, batch: Batch) -> None:
    """Raises InvalidInput where the roll names another product than the batch is of."""
    named = next((item.text.zh for item in facts.items if item.key == "product_name"), "")
    maker = next((item.text.zh for item in facts.items if item.key == "producer"), "")
    own = {batch.name, batch.product.name if batch.product else ""}
    if named not in ("", maker, *own):
        raise InvalidInput(
            "The labels of this roll name {named}, and the batch is {goods}.",
            field="trace_code",
            named=named,
            goods=batch.name,
        )
