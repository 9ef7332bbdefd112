"""The handling history: what happened to some batches, as far as the asker may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.events.kinds import EventKind, EventKinds
from suyuan.trace.log.positions import index_at
from suyuan.trace.parties.roles import Rights
from suyuan.trace.passport.facts import Fact, Step, StepBatch
from suyuan.trace.passport.queries import EventRows, events_by_id
from suyuan.trace.products.attributes import Fact as Asked
from suyuan.trace.products.families import Families, Family
from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_dates import StatedDate
from suyuan.trace.words import Names

PUBLIC = frozenset({"public"})
"""What everybody may see."""


def steps_of(
    session: Session,
    families: Families,
    event_ids: Sequence[int],
    classes: frozenset[str] = PUBLIC,
) -> tuple[Step, ...]:
    """The events with these ids as steps, with those facts and files whose class is in ``classes``.

    In the order in which they are asked for.
    """
    found = events_by_id(session, event_ids)
    return tuple(step(families, found[one], classes) for one in event_ids)


def shown_name(name: str, kind: str, parent: str | None, classes: frozenset[str] = PUBLIC) -> str:
    """What an organisation of this name and kind, member of ``parent``, is called before the asker.

    Behind a household group stands a family, whose name is a personal fact (个人信息保护法): the
    public reads of whom it is a member.
    """
    if kind != "household_group" or "personal" in classes:
        return name
    what = Rights.load().organisation_kind(kind).names.zh
    return f"{parent} {what}" if parent else what


def fact_of(asked: Asked, value: Any) -> Fact:
    """One fact with the names of what was asked and, for a choice, of what was chosen."""
    chosen = {choice.key: choice.names for choice in asked.choices}
    names = chosen.get(value) if isinstance(value, str) else None
    return Fact(asked.key, asked.names, value, asked.unit, names)


def step(families: Families, told: EventRows, classes: frozenset[str] = PUBLIC) -> Step:
    """An event as a step."""
    event = told.event
    kind = EventKinds.load().get(event.kind)
    first = told.batches[0] if told.batches else None
    family = families.get(first.family) if first and first.family in families else None
    asked = {one.key: one for one in kind.all_key_data(family, first.variant if first else None)}
    return Step(
        uid=event.uid,
        kind=event.kind,
        names=kind.names,
        happened_at=event.happened_at,
        happened=StatedDate.from_json(event.happened) if event.happened else None,
        who=shown_name(event.party_name, event.party_kind, event.parent_name, classes),
        place=event.site_name or "",
        evidence_grade=event.evidence_grade,
        completeness=event.completeness,
        missing=_missing(kind, asked, event.missing),
        facts=tuple(
            fact_of(asked[key], value)
            for key, value in event.payload.items()
            if key in asked and asked[key].disclosure in classes
        ),
        note=event.note if "trade" in classes else "",
        batches=tuple(
            StepBatch(
                one.trace_code,
                one.name,
                one.role,
                # how much went where is the trade's: a record says so, and a page must not differ
                Quantity(one.quantity, one.unit)
                if one.quantity is not None and "trade" in classes
                else None,
            )
            for one in told.batches
        ),
        evidence=tuple(file.uid for file in told.files if file.disclosure in classes),
        record_id=event.record_id,
        leaf_index=index_at(event.leaf_index),
        corrects=event.corrects,
        corrected_by=event.corrected_by,
        correction_reason=event.correction_reason,
        withdrawn=event.withdrawn,
        warnings=tuple(event.warnings),
    )


def _missing(
    kind: EventKind, asked: Mapping[str, Asked], missing: Iterable[str]
) -> tuple[Names, ...]:
    names = {gap.key: gap.names for gap in kind.asks} | {k: one.names for k, one in asked.items()}
    return tuple(names[key] for key in missing if key in names)


def family_of(families: Families, batch: Batch) -> Family | None:
    """The batch's family, where its file is still there."""
    return families.get(batch.family) if batch.family in families else None
