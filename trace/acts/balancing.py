"""What the mass balance says of an act as it is recorded: refused, or taken with a warning.

Part of the acts, never called by edges. How much is usual of what stands in ``balance.json`` and
in the bands of the families; what cannot be explained is told to whoever watches over the place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from suyuan.trace.acts.happenings import Part
from suyuan.trace.acts.holdings import NOTHING, holding
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.acts.warnings import warn
from suyuan.trace.balance import queries
from suyuan.trace.balance.bands import Goods
from suyuan.trace.balance.batch_findings import of_labels
from suyuan.trace.balance.books import goods_of, step_of
from suyuan.trace.balance.explaining import sentence
from suyuan.trace.balance.findings import Finding, amount_said, evidence_of, ranked
from suyuan.trace.balance.labels import as_amount, held, labels_left, most_labels, room_left
from suyuan.trace.balance.rules import balance_rules
from suyuan.trace.balance.splits import split_groups
from suyuan.trace.balance.step_findings import of_step
from suyuan.trace.batches.rules import EAR_TAG_FACTS
from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import Conflict
from suyuan.trace.events.facts import Portion
from suyuan.trace.events.kinds import EventKind
from suyuan.trace.events.tables import Event
from suyuan.trace.notices.wording import Evidence
from suyuan.trace.parties.chain_stages import stage_of_event
from suyuan.trace.parties.tables import Party
from suyuan.trace.products.net_content import read_net_content
from suyuan.trace.quantities import Quantity, units


class OutOfBalance(Conflict):
    """More came out of a step than can have."""

    kind = "out-of-balance"


class LabelsOverdrawn(Conflict):
    """More labels were ordered than the batch can fill packages."""

    kind = "labels-overdrawn"


def weigh_up(w: Writing, event: Event, taken: Sequence[Part], made: Sequence[Batch]) -> None:
    """Reckon a transformation that was just written, and warn of what does not add up.

    Raises OutOfBalance where the rule of a finding is that it is refused.
    """
    found = ranked(_found(w, event, taken, made))
    for one in found:
        if one.refused:
            raise OutOfBalance(sentence(one), "outputs", **one.told)
    for one in found:
        evidence = evidence_of(one)
        warn(
            w, "balance_gap", one.cause, batch=made[0], party=event.party, evidence=evidence,
            stage=stage_of_event(event.kind),
        )  # fmt: skip


def _found(w: Writing, event: Event, taken: Sequence[Part], made: Sequence[Batch]) -> list[Finding]:
    parents = [part.batch for part in taken]
    tagged = "ear_tags_in" in event.payload or any(
        EAR_TAG_FACTS & set(batch.attributes) for batch in (*parents, *made)
    )
    ids = [batch.id for batch in (*parents, *made)]
    tags = queries.tags(w.session, ids) if tagged else {}

    def goods(batch: Batch, quantity: Decimal | None) -> Goods:
        return goods_of(w.families, batch, quantity or NOTHING, tags.get(batch.id, frozenset()))

    step = step_of(
        queries.Telling(
            event.id, event.uid, event.kind, event.party_id, event.site_id, event.happened_at,
            event.payload, withdrawn=False,
        ),
        tuple(goods(part.batch, part.quantity) for part in taken),
        tuple(goods(batch, batch.quantity) for batch in made),
    )  # fmt: skip
    return list(of_step(step))


def surpluses(
    w: Writing,
    kind: EventKind,
    party: Party,
    found: Mapping[str, Batch],
    counted: Sequence[Portion],
) -> list[tuple[Batch, Quantity]]:
    """How much more is counted of each batch than the books leave, asked before they change."""
    if kind.effect != "adjusts":
        return []
    more = []
    for one in counted:
        held = holding(w, found[one.trace_code], party)
        if held is None or one.quantity is None:
            continue
        batch = found[one.trace_code]
        beyond = one.quantity.to(batch.unit).amount - held.left
        if beyond > NOTHING:
            more.append((batch, Quantity(beyond, batch.unit)))
    return more


def warn_of_surpluses(w: Writing, event: Event, more: Sequence[tuple[Batch, Quantity]]) -> None:
    """Warn of what a stocktake found beyond the books."""
    for batch, beyond in more:
        evidence: Evidence = {
            "finding": balance_rules().findings["surplus"].names,
            "event": event.uid,
            "quantity": amount_said(beyond.amount, beyond.unit),
        }
        key = f"surplus:{event.uid}:{batch.trace_code}"
        warn(w, "balance_gap", key, batch=batch, party=event.party, evidence=evidence)


def require_filled(w: Writing, batch: Batch, said: str, count: int) -> None:
    """Raises LabelsOverdrawn where the batch cannot fill so many more packages, each of the net
    content that its label says, or a batch cannot that it was split off of together with all that
    was. The caller holds the batch, so that no two orders share a rest."""
    if balance_rules().entry("labels_above") != "refuse":
        return
    labelled = {batch.id: [batch.id]} | split_groups(w.session, batch.id)
    for whole, parts in labelled.items():
        _require_room(w, w.session.get_one(Batch, whole), parts, said, count)


def _require_room(w: Writing, whole: Batch, parts: Sequence[int], said: str, count: int) -> None:
    lot, piece = Quantity(whole.quantity, whole.unit), _piece(w, whole)
    labelled = queries.labelled(w.session, parts).values()
    before = [(one.net, one.labels) for some in labelled for one in some]
    left = labels_left(lot, said, balance_rules().labels.share, before, piece)
    if left is not None and count > left:
        raise LabelsOverdrawn(
            "Batch {code} is {lot}, and packages hold {net} each: with {printed} labels in force, "
            "{left} more can be printed. Labels that were spoiled make room once that is recorded."
            if len(parts) == 1
            else "Batch {code} was {lot} before it was split, and packages hold {net} each: with "
            "{printed} labels in force on its parts, {left} more can be printed. Packages that "
            "were labelled before need no second label; those that were spoiled make room once "
            "that is recorded.",
            "count",
            code=whole.trace_code,
            lot=lot,
            net=held(lot, said, piece),
            printed=sum(labels for _, labels in before),
            left=max(left, 0),
        )


def _piece(w: Writing, batch: Batch) -> Quantity | None:
    """One of the goods where they are things by nature, each with a label of its own at most: a
    gift box, a teapot. None for what is measured, and for what merely comes in bags or cases."""
    usual = w.families.get(batch.family).variant(batch.variant).default_unit
    counted = batch.unit == usual and units()[usual].whole
    return Quantity.of(1, usual) if counted else None


def require_weights_filled(w: Writing, batch: Batch, nets: Sequence[str]) -> None:
    """As ``require_filled``, for packages that were weighed: what they really hold is summed.

    ``nets``: the net content of each. Names the first that the batch cannot fill any more.
    """
    if _piece(w, batch) is not None:
        require_filled(w, batch, "", len(nets))
        return
    if balance_rules().entry("labels_above") != "refuse":
        return
    labelled = {batch.id: [batch.id]} | split_groups(w.session, batch.id)
    for whole, parts in labelled.items():
        _require_room_by_weight(w, w.session.get_one(Batch, whole), parts, nets)


def _require_room_by_weight(
    w: Writing, whole: Batch, parts: Sequence[int], nets: Sequence[str]
) -> None:
    lot = Quantity(whole.quantity, whole.unit)
    labelled = queries.labelled(w.session, parts).values()
    before = [(one.net, one.labels) for some in labelled for one in some]
    room = room_left(lot, balance_rules().labels.share, before)
    one = Quantity.of(1, whole.unit)
    for line, said in enumerate(nets, 1):
        net = read_net_content(said)
        if net is None or net.dimension != lot.dimension:
            return
        if net.ratio(one) > room:
            raise LabelsOverdrawn(
                "Batch {code} is {lot}, and with {printed} labels in force {left} are left to fill "
                "packages with: line {line}, {net}, is more than that. Labels that were spoiled "
                "make room once that is recorded."
                if len(parts) == 1
                else "Batch {code} was {lot} before it was split, and with {printed} labels in "
                "force on its parts {left} are left to fill packages with: line {line}, {net}, is "
                "more than that. Packages that were labelled before need no second label.",
                "net_contents",
                code=whole.trace_code,
                lot=lot,
                printed=sum(labels for _, labels in before) + line - 1,
                left=Quantity(max(as_amount(room), NOTHING), whole.unit),
                line=line,
                net=net,
            )
        room -= net.ratio(one)


def require_cartons_filled(
    w: Writing, batch: Batch, said: str, packages: int, cartons: int, weight: Quantity | None
) -> None:
    """Raises LabelsOverdrawn where the batch cannot fill so many cartons, all of one order: of so
    many ``packages`` each, of the net content that is ``said``, and of this net ``weight``.

    What was packed once may be packed anew, so earlier orders do not count.
    """
    if balance_rules().entry("labels_above") != "refuse":
        return
    lot = Quantity(batch.quantity, batch.unit)
    package = held(lot, said, _piece(w, batch))
    for net in (package * packages if package is not None else None, weight):
        most = most_labels(lot, net, balance_rules().labels.share) if net is not None else None
        if most is not None and cartons > most:
            raise LabelsOverdrawn(
                "Batch {code} is {lot}, and cartons hold {net} each: it fills {most} of them.",
                "cartons",
                code=batch.trace_code,
                lot=lot,
                net=net,
                most=most,
            )


def warn_of_labels(w: Writing, batch: Batch, run: str) -> None:
    """Warn of a print run (uid) after which more labels are in force than the batch fills."""
    ids = [batch.id]
    row = queries.batch_rows(w.session, ids)[batch.id]
    for one in of_labels(row, queries.labelled(w.session, ids).get(batch.id, ())):
        key = f"{one.rule}:{run}"
        warn(w, "balance_gap", key, batch=batch, evidence=evidence_of(one))
