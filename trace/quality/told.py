"""Verdicts and limits as they are told to programs: plain words, numbers as texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from suyuan.trace.errors import NotFound
from suyuan.trace.quality.explaining import Translate, explained, limit_text, limit_value
from suyuan.trace.quality.governing import narrowest
from suyuan.trace.quality.limits import Basis, Edition, Force, Limit, Standard, standards
from suyuan.trace.quality.parameters import parameters
from suyuan.trace.quality.product_classes import product_classes
from suyuan.trace.quality.verdicts import Verdict, Why, Word
from suyuan.trace.sourced import Confidence
from suyuan.trace.words import Language, Names


@dataclass(frozen=True)
class ToldVerdict:
    """A verdict with what it rests on; members without a limit behind them are null.

    ``limit`` is a number, two with ``~`` between them, or a sampling plan; null where the limit is
    that nothing may be found. ``standard`` is the title with its edition, such as GB 2719-2018.
    ``unconfirmed``: nobody has yet compared the row, or the days of its edition, with the text.
    ``rows`` are ids of ``GET /api/v1/standards``, the deciding one first.
    """

    verdict: Word
    reason: Why
    limit: str | None
    limit_unit: str | None
    limit_text: str | None
    standard: str | None
    edition: str | None
    clause: str | None
    force: Force | None
    source: str | None
    confidence: Confidence | None
    unconfirmed: bool
    product_class: str
    parameter: str
    production_date: str
    rows: tuple[str, ...]
    explanation: str


@dataclass(frozen=True)
class ToldLimit:
    """One row of a standard, with the days on which its edition holds."""

    id: str
    standard: str
    standard_names: Names
    edition: str
    force: Force
    valid_from: date
    valid_to: date | None
    parameter: str
    product_classes: tuple[str, ...]
    limit: str | None
    limit_unit: str | None
    limit_text: str
    forbidden: bool
    basis: Basis
    condition: Names | None
    clause: str
    note: str | None
    source: str
    edition_source: str
    confidence: Confidence
    checked_by: str | None
    unconfirmed: bool


def told(verdict: Verdict, language: Language = "en", translate: Translate = str) -> ToldVerdict:
    """The verdict with its sentence in the reader's language."""
    limit, edition = verdict.limit, verdict.edition
    return ToldVerdict(
        verdict=verdict.verdict,
        reason=verdict.why,
        limit=limit_value(limit) if limit else None,
        limit_unit=limit.unit if limit else None,
        limit_text=limit_text(limit, translate) if limit else None,
        standard=verdict.standard,
        edition=edition.year if edition else None,
        clause=limit.clause if limit else None,
        force=verdict.force,
        source=limit.provenance.source if limit else None,
        confidence=verdict.confidence,
        unconfirmed=verdict.unconfirmed,
        product_class=verdict.product_class.key,
        parameter=verdict.parameter.key,
        production_date=verdict.asked.production_date.isoformat(),
        rows=verdict.rows,
        explanation=explained(verdict, language, translate),
    )


def all_limits(translate: Translate = str) -> Iterator[ToldLimit]:
    """Every row of every edition, by standard."""
    for standard in standards().values():
        for edition in standard.editions:
            for limit in edition.limits:
                yield _told_limit(standard, edition, limit, translate)


def _told_limit(
    standard: Standard, edition: Edition, limit: Limit, translate: Translate
) -> ToldLimit:
    return ToldLimit(
        id=limit.id,
        standard=edition.title,
        standard_names=standard.names,
        edition=edition.year,
        force=standard.force,
        valid_from=edition.valid_from,
        valid_to=edition.valid_to,
        parameter=limit.parameter,
        product_classes=limit.classes,
        limit=limit_value(limit),
        limit_unit=limit.unit,
        limit_text=limit_text(limit, translate),
        forbidden=limit.forbidden,
        basis=limit.basis,
        condition=limit.condition,
        clause=limit.clause,
        note=limit.note,
        source=limit.provenance.source,
        edition_source=edition.provenance.source,
        confidence=limit.provenance.confidence,
        checked_by=limit.provenance.checked_by,
        unconfirmed=limit.provenance.unconfirmed or edition.provenance.unconfirmed,
    )


def limit_told(
    id_: str, county: Sequence[Standard], translate: Translate = str
) -> tuple[ToldLimit, tuple[ToldLimit, ...]]:
    """A limit, and the others for the same parameter in any class that it is for: editions of the
    same standard, earlier and later, and rows of counties; the newest first. Raises NotFound."""
    everything = (*standards().values(), *county)
    found = next((one for one in _placed(everything) if one[2].id == id_), None)
    if found is None:
        raise NotFound("There is no limit {id}.", field="limit", id=id_[:160])
    family, _, limit = found
    mine = {one for key in limit.classes for one in _related(key)}
    beside = [
        (standard, edition, other)
        for standard, edition, other in _placed((family, *county))
        if other.id != id_ and other.parameter == limit.parameter and mine & set(other.classes)
    ]
    unique = {other.id: (standard, edition, other) for standard, edition, other in beside}
    told_beside = [_told_limit(*one, translate) for one in unique.values()]
    told_beside.sort(key=lambda one: one.valid_from, reverse=True)
    return _told_limit(*found, translate), tuple(told_beside)


def _placed(some: Iterable[Standard]) -> Iterator[tuple[Standard, Edition, Limit]]:
    return (
        (standard, edition, limit)
        for standard in some
        for edition in standard.editions
        for limit in edition.limits
    )


def _related(key: str) -> tuple[str, ...]:
    """A class with the wider ones and those within it."""
    return (*product_classes().upwards(key), *product_classes().within(key))


def limits_for(
    product_class: str, county: Sequence[Standard] = (), translate: Translate = str
) -> tuple[ToldLimit, ...]:
    """What every edition says of a class, by parameter, the newest edition first; then what
    counties say."""
    found = [
        _told_limit(standard, edition, limit, translate)
        for standard in (*standards().values(), *county)
        for edition in reversed(standard.editions)
        for parameter in dict.fromkeys(one.parameter for one in edition.limits)
        if (limit := narrowest(edition, product_class, parameter)) is not None
    ]
    order = list(parameters().by_key)
    return tuple(sorted(found, key=lambda one: order.index(one.parameter)))
