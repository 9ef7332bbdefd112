"""Which papers a batch lacks, read from the register with the papers of what it was made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.lineage.ancestry import Ancestry
from suyuan.trace.papers.leaning import made_on
from suyuan.trace.papers.needs import (
    Circumstances,
    Goods,
    Held,
    Lack,
    lacking,
    route_between,
)
from suyuan.trace.papers.queries import papers_of_batches
from suyuan.trace.papers.tables import Paper
from suyuan.trace.products.attributes import Stage
from suyuan.trace.products.families import Families
from suyuan.trace.products.papers_needed import PaperNeed, Route


def missing(
    session: Session,
    families: Families,
    batch: Batch,
    made_of: Ancestry,
    day: date,
    stage: Stage = "release",
    route: Route | None = None,
    *,
    moved: bool = False,
    proved: frozenset[str] = frozenset(),
) -> list[Lack]:
    """The papers that a batch needs up to a stage and lacks on a day, or that do not hold.

    ``route``: whether the goods leave the province, None where they go nowhere; ``moved``: they
    set out on that day. ``proved``: kinds that something else than the register proves.
    """
    needs = needs_of(families, batch)
    if not any(need.necessity != "not_needed" for need in needs):
        return []
    parents = [made_of.rows[one] for one in made_of.parents.get(batch.id, ())]
    case = Circumstances(
        day,
        producer=batch.party.kind,
        route=route,
        origin=_origin(batch, parents, needs, families),
        processed=bool(parents),
        marks=frozenset(),
    )
    goods = _goods(session, families, batch, made_of)
    return lacking(needs, goods, case, stage, moved=day if moved else None, proved=proved)


def needs_of(families: Families, batch: Batch) -> tuple[PaperNeed, ...]:
    """What the table says of goods like this batch; nothing of a family that is there no more."""
    if batch.family not in families:
        return ()
    return families.get(batch.family).papers(batch.variant)


def class_of(families: Families, batch: Batch) -> str:
    """The batch's class in law (``papers_needed.json``); empty where its family is gone."""
    if batch.family not in families:
        return ""
    return families.get(batch.family).variant(batch.variant).product_class


def _goods(session: Session, families: Families, batch: Batch, made_of: Ancestry) -> Goods:
    """The batch with its papers and its ancestors."""
    papers = _papers(session, made_of.rows)
    built: dict[int, Goods] = {}
    # parents are built before their children
    for node in reversed(_children_first(batch.id, made_of.parents)):
        one = made_of.rows[node]
        built[node] = Goods(
            node,
            class_of(families, one),
            made_on(one),
            tuple(papers[node]),
            tuple(built[parent] for parent in made_of.parents.get(node, ())),
        )
    return built[batch.id]


def _children_first(batch_id: int, parents: Mapping[int, Sequence[int]]) -> list[int]:
    """A batch and what it was made of, each before all that it was made of in turn."""
    order: list[int] = []
    waiting: defaultdict[int, int] = defaultdict(int)
    for several in parents.values():
        for parent in several:
            waiting[parent] += 1
    ready = [batch_id]
    while ready:
        here = ready.pop()
        order.append(here)
        for parent in parents.get(here, ()):
            waiting[parent] -= 1
            if not waiting[parent]:
                ready.append(parent)
    return order


def _papers(session: Session, rows: Mapping[int, Batch]) -> Mapping[int, list[Held]]:
    """The papers that cover each batch: itself, its product, its site or its party."""
    found: defaultdict[int, list[Held]] = defaultdict(list)
    for paper in papers_of_batches(session, list(rows.values())):
        covered = {(one.target, one.target_id) for one in paper.scope}
        for one in rows.values():
            keys = (
                ("batch", one.id),
                ("product", one.product_id),
                ("site", one.site_id),
                ("party", one.party_id),
            )
            if any(key in covered for key in keys):
                found[one.id].append(_held(paper))
    return found


def _held(paper: Paper) -> Held:
    return Held(paper.uid, paper.kind, paper.number, paper.state, paper.valid_from, paper.valid_to)


def _origin(
    batch: Batch, parents: Sequence[Batch], needs: Sequence[PaperNeed], families: Families
) -> Route | None:
    """Where the raw material comes from that papers are asked for; None where that is not one."""
    wanted = {need.of for need in needs if need.of}
    routes = {
        route_between(parent.division, batch.division)
        for parent in parents
        if class_of(families, parent) in wanted
    }
    return routes.pop() if len(routes) == 1 else None
