"""One batch as an inspector sees it: facts, shares, papers, reports, holders, orders, steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.tables import Batch, Holding
from suyuan.trace.certificates.queries import certificates_of_batch
from suyuan.trace.events.queries import shipments_of
from suyuan.trace.log.schemas import Class
from suyuan.trace.oversight.chain_sight import chain_sight
from suyuan.trace.oversight.proof import checks, record_proof
from suyuan.trace.oversight.sight import ALL, open_disclosure, sight
from suyuan.trace.papers.queries import papers_of_batches, state_on
from suyuan.trace.parties.tables import Party
from suyuan.trace.passport.facts import Fact
from suyuan.trace.passport.steps import fact_of, family_of
from suyuan.trace.products.attributes import Fact as Asked
from suyuan.trace.quality.grading import grades_of
from suyuan.trace.quality.queries import judged, reports_of_batches
from suyuan.trace.quantities import Quantity
from suyuan.trace.release.queries import order_history, orders_of
from suyuan.trace.samples.queries import samples_of_batches
from suyuan.trace.stated_dates import StatedDate
from suyuan.web.balances import balance_of, unit_name
from suyuan.web.desk.releasing import shown as shown_release
from suyuan.web.ground import db, ledger, now, today
from suyuan.web.identity import current_actor
from suyuan.web.inspect.asked import batch_of, may_stop, root, shown_states
from suyuan.web.inspect.downloads import proof_file
from suyuan.web.inspect.steps import concerned, steps_seen
from suyuan.web.samples import shown as shown_sample

MOST_STEPS = 200


@dataclass(frozen=True)
class Held:
    """So much of a batch with one organisation."""

    party: Party
    left: Quantity


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into ``blueprint``."""
    blueprint.add_url_rule("/batches/<trace_code>", "batch", batch_page)
    blueprint.add_url_rule("/batches/<trace_code>/record", "batch_record", record_page)
    blueprint.add_url_rule("/batches/<trace_code>/proof.json", "batch_proof", proof_json)


def batch_page(trace_code: str) -> ResponseReturnValue:
    """The batch with all that the actor may see of it."""
    return shown(batch_of(trace_code))


def shown(batch: Batch, faults: dict[str, str] | None = None) -> ResponseReturnValue:
    """The page of ``batch``; ``faults`` are of the request for its personal fields."""
    actor = current_actor()
    seen = dict(chain_sight(db(), actor, root() or batch, concerned(batch), now=now()))
    classes = seen.setdefault(batch.id, sight(db(), actor, batch, now=now()))
    steps, more = steps_seen(actor, [batch.id], seen, MOST_STEPS)
    family = family_of(ledger().families, batch)
    page = render_template(
        "inspect/batch.html",
        batch=batch,
        quantity=Quantity(batch.quantity, batch.unit),
        produced=StatedDate.from_json(batch.produced) if batch.produced else None,
        state=shown_states({batch.id: (batch.trace_code, batch.state)})[batch.id],
        family=family,
        facts=_facts(batch, classes),
        grades=grades_of(family, batch),
        hidden=_hidden(batch, classes),
        gaps=_gaps(batch),
        marks=batches.marks(db(), batch.id) if "trade" in classes else [],
        shares=_shares(batch, classes),
        classes=classes,
        may_ask=actor.may("read_personal") and "trade" in classes and classes != ALL,
        disclosure=open_disclosure(db(), actor, batch.trace_code, now()),
        held=_held(batch) if "trade" in classes else [],
        shipments=shipments_of(db(), [batch.id]) if "trade" in classes else [],
        orders=orders_of(db(), batch.id),
        lifted=[one for one in order_history(db(), batch.id) if one.lifted_at is not None],
        may={kind: may_stop(actor, kind, batch) for kind in ("hold", "recall")},
        may_inspect=actor.may("record_event")
        and (actor.party_kind != "regulator" or actor.competent(batch.division, batch.family)),
        papers=[(one, state_on(one, today())) for one in papers_of_batches(db(), [batch])],
        certificates=certificates_of_batch(db(), batch.id),
        reports=reports_of_batches(db(), [batch.id]),
        samples=[shown_sample(one) for one in samples_of_batches(db(), [batch.id])],
        judged=judged(db(), [batch.id]),
        **shown_release(batch),
        balance=balance_of(batch) if "trade" in classes else None,
        unit_name=unit_name,
        steps=steps,
        more_steps=more,
        of=request.args.get("of"),
        faults=faults or {},
        given=request.form,
    )
    return (page, 422) if faults else page


def record_page(trace_code: str) -> str:
    """The record of the batch's coming: fields, commitments, and its proof from the log."""
    batch = batch_of(trace_code)
    proof = record_proof(db(), batch.record_id, _classes(batch))
    return render_template("inspect/record.html", batch=batch, proof=proof, fault=checks(proof))


def proof_json(trace_code: str) -> Response:
    """The proof of the batch's record, to be checked elsewhere."""
    batch = batch_of(trace_code)
    return proof_file(record_proof(db(), batch.record_id, _classes(batch)))


def _classes(batch: Batch) -> frozenset[Class]:
    actor, start = current_actor(), root()
    if start is None:
        return sight(db(), actor, batch, now=now())
    return chain_sight(db(), actor, start, [batch], now=now())[batch.id]


def _asked(batch: Batch) -> dict[str, Asked]:
    family = family_of(ledger().families, batch)
    return {one.key: one for one in family.asked(batch.variant)} if family else {}


def _facts(batch: Batch, classes: frozenset[Class]) -> list[Fact]:
    asked = _asked(batch)
    return [
        fact_of(asked[key], value)
        for key, value in batch.attributes.items()
        if key in asked and asked[key].disclosure in classes
    ]


def _hidden(batch: Batch, classes: frozenset[Class]) -> list[Asked]:
    """The facts that are recorded and not for these eyes: what is asked, never its value."""
    asked = _asked(batch)
    return [
        asked[key]
        for key in batch.attributes
        if key in asked and asked[key].disclosure not in classes
    ]


def _gaps(batch: Batch) -> list[Asked]:
    asked = _asked(batch)
    return [asked[key] for key in batch.gaps if key in asked]


def _shares(batch: Batch, classes: frozenset[Class]) -> Sequence[dict[str, Any]]:
    """The households' shares; who they are is personal, how many there are is not."""
    personal, trade = "personal" in classes, "trade" in classes
    return [
        {
            "household": one.household if personal else None,
            "quantity": Quantity(one.quantity, batch.unit)
            if trade and one.quantity is not None
            else None,
        }
        for one in batches.shares(db(), batch.id)
    ]


def _held(batch: Batch) -> list[Held]:
    rows: list[Holding] = [one for one in batches.holdings(db(), batch.id) if one.left]
    return [Held(db().get_one(Party, one.party_id), Quantity(one.left, batch.unit)) for one in rows]
