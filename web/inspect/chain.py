"""The chain of a batch: as a drawing and as a table, as steps, and as files to take away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_babel import gettext, ngettext
from markupsafe import Markup

from suyuan.trace.batches.tables import Batch
from suyuan.trace.codes.trace_code import show_trace_code
from suyuan.trace.lineage.queries import DIRECTIONS, Direction, Edge, Node
from suyuan.trace.log.schemas import Class
from suyuan.trace.oversight.chain_sight import chain_sight
from suyuan.trace.oversight.package import Package, package_of
from suyuan.trace.oversight.whole_chain import WholeChain, whole_chain
from suyuan.trace.parties.tables import Party
from suyuan.trace.quantities import Quantity
from suyuan.web.ground import db, ledger, now
from suyuan.web.identity import current_actor
from suyuan.web.inspect.asked import batch_of, shown_states
from suyuan.web.inspect.downloads import download
from suyuan.web.inspect.exports import as_csv, as_json, as_xlsx
from suyuan.web.inspect.graph_layout import layout
from suyuan.web.inspect.graph_svg import Box, Line, draw_chain
from suyuan.web.inspect.saying import batch_state
from suyuan.web.inspect.steps import steps_seen
from suyuan.web.public.saying import quantity as quantity_text
from suyuan.web.showing import division_name

MOST_DRAWN = 60
"""Beyond so many boxes a drawing shows nothing any more; the table goes on."""
ROWS = 100
MOST_STEPS = 300
_AT_ONCE = 500

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS: Mapping[str, tuple[str, Callable[[Package], bytes]]] = {
    "csv": ("text/csv", lambda package: as_csv(package.events)),
    "xlsx": (_XLSX, as_xlsx),
    "json": ("application/json", as_json),
}


@dataclass(frozen=True)
class ChainRow:
    """A batch of the chain as the table shows it; what came into it, with quantities."""

    node: Node
    party: Party
    state: str
    quantity: Quantity
    came_from: tuple[tuple[Node, Quantity | None], ...]


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into ``blueprint``."""
    blueprint.add_url_rule("/batches/<trace_code>/chain", "chain", chain_page)
    blueprint.add_url_rule("/batches/<trace_code>/chain.<form>", "chain_file", chain_file)


def chain_page(trace_code: str) -> str:
    """The chain back and forward; ``?way=back|forward``, ``?steps=N``, ``?page=N``."""
    batch = batch_of(trace_code)
    ways, steps = _asked_ways(), _asked_steps()
    walked = whole_chain(db(), batch.id, ways=ways, steps=steps)
    page = max(request.args.get("page", 1, type=int), 1)
    shown = walked.nodes[(page - 1) * ROWS : page * ROWS]
    seen = _sight(batch, walked)
    states = shown_states({one.batch_id: (one.trace_code, one.state) for one in walked.nodes})
    happened, more = steps_seen(current_actor(), [one.batch_id for one in shown], seen, MOST_STEPS)
    return render_template(
        "inspect/chain.html",
        batch=batch,
        rows=_rows(walked, shown, states, seen),
        drawing=_drawing(batch, walked, states, seen),
        most_drawn=MOST_DRAWN,
        walked=walked,
        way=ways[0] if len(ways) == 1 else "both",
        steps_asked=steps,
        page=page,
        pages=max(-(-len(walked.nodes) // ROWS), 1),
        happened=happened,
        more_happened=more,
        whole_seen=all("trade" in seen[one.batch_id] for one in walked.nodes),
        may_export=current_actor().may("export_chain"),
    )


def chain_file(trace_code: str, form: str) -> Response:
    """The package of the whole chain, both ways over all hops, as CSV, XLSX or JSON."""
    if form not in FORMS:
        abort(404)
    actor = current_actor()
    actor.require("export_chain")
    batch = batch_of(trace_code)
    package = package_of(db(), ledger().families, actor, batch, now=now())
    media_type, write = FORMS[form]
    return download(write(package), media_type, f"chain-{batch.trace_code}.{form}")


def _asked_ways() -> tuple[Direction, ...]:
    way = request.args.get("way")
    return tuple(one for one in DIRECTIONS if one == way) or DIRECTIONS


def _asked_steps() -> int | None:
    steps = request.args.get("steps", type=int)
    return steps if steps is not None and steps > 0 else None


def _sight(batch: Batch, walked: WholeChain) -> Mapping[int, frozenset[Class]]:
    ids = walked.batch_ids
    rows = [
        row
        for at in range(0, len(ids), _AT_ONCE)
        for row in db().scalars(sa.select(Batch).where(Batch.id.in_(ids[at : at + _AT_ONCE])))
    ]
    return chain_sight(db(), current_actor(), batch, rows, now=now())


def _rows(
    walked: WholeChain,
    shown: tuple[Node, ...],
    states: Mapping[int, str],
    seen: Mapping[int, frozenset[Class]],
) -> list[ChainRow]:
    nodes = {one.batch_id: one for one in walked.nodes}
    parties = {one.id: one for one in _parties({node.party_id for node in shown})}
    into: dict[int, list[tuple[Node, Quantity | None]]] = {}
    for link in walked.links:
        parent = nodes[link.parent_id]
        into.setdefault(link.child_id, []).append((parent, _amount(link, parent, seen)))
    return [
        ChainRow(
            node,
            parties[node.party_id],
            states[node.batch_id],
            Quantity(node.quantity, node.unit),
            tuple(into.get(node.batch_id, ())),
        )
        for node in shown
    ]


def _parties(ids: set[int]) -> list[Party]:
    return list(db().scalars(sa.select(Party).where(Party.id.in_(sorted(ids)))))


def _amount(link: Edge, parent: Node, seen: Mapping[int, frozenset[Class]]) -> Quantity | None:
    """How much of the parent went on, where that is known and for these eyes."""
    if link.quantity is None or "trade" not in seen[link.parent_id] & seen[link.child_id]:
        return None
    return Quantity(link.quantity, parent.unit)


def _drawing(
    batch: Batch,
    walked: WholeChain,
    states: Mapping[int, str],
    seen: Mapping[int, frozenset[Class]],
) -> Markup | None:
    """The chain as SVG; None where it is too large to be drawn."""
    if len(walked.nodes) > MOST_DRAWN:
        return None
    nodes = {one.batch_id: one for one in walked.nodes}
    lines = [
        Line(link.parent_id, link.child_id, quantity_text(amount) if amount else "")
        for link in walked.links
        for amount in [_amount(link, nodes[link.parent_id], seen)]
    ]
    boxes = [_box(one, states[one.batch_id], batch) for one in walked.nodes]
    placed = layout(list(nodes), [(one.parent, one.child) for one in lines])
    back = sum(one.depth < 0 for one in walked.nodes)
    return draw_chain(
        boxes,
        lines,
        placed,
        gettext("Chain of %(name)s", name=batch.name),
        gettext(
            "%(back)s before it above, %(forward)s after it below; the table says the same.",
            back=ngettext("%(num)d batch", "%(num)d batches", back),
            forward=ngettext("%(num)d batch", "%(num)d batches", len(walked.nodes) - back - 1),
        ),
    )


def _box(node: Node, state: str, batch: Batch) -> Box:
    said = batch_state(state)
    amount = quantity_text(Quantity(node.quantity, node.unit))
    place = division_name(node.division)
    return Box(
        key=node.batch_id,
        name=node.name,
        code=show_trace_code(node.trace_code),
        quantity=amount,
        state=state,
        state_text=said,
        href=url_for("inspect.batch", trace_code=node.trace_code, of=batch.trace_code),
        label=f"{node.name}, {show_trace_code(node.trace_code)}, {amount}, {said}, {place}",
        here=node.batch_id == batch.id,
    )
