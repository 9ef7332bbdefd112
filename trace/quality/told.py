"""Verdicts and limits as they are told to programs: plain words, numbers as texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from suyuan.trace.errors import NotFound
from suyuan.trace.quality.county_limits import CountyStandard
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
    """One row of a standard, with the days on which its edition holds.

    ``division``: the code of the division to which alone it applies; null: it holds everywhere.
    """

    id: str
    division: str | None
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


def all_limits(
    county: Sequence[CountyStandard] = (), translate: Translate = str
) -> Iterator[ToldLimit]:
    """Every row of every edition, by standard; then the rows of counties."""
    return (_told_limit(one, translate) for one in _placed(standards().values(), county))


@dataclass(frozen=True)
class _Placed:
    """A limit and where it stands."""

    standard: Standard
    edition: Edition
    limit: Limit
    division: str | None


def _told_limit(placed: _Placed, translate: Translate) -> ToldLimit:
    standard, edition, limit = placed.standard, placed.edition, placed.limit
    return ToldLimit(
        id=limit.id,
        division=placed.division,
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
    id_: str, county: Sequence[CountyStandard], translate: Translate = str
) -> tuple[ToldLimit, tuple[ToldLimit, ...]]:
    """A limit, and the others for the same parameter in any class that it is for: editions of the
    same standard, earlier and later, and rows of counties; the newest first. Raises NotFound."""
    everything = _placed(standards().values(), county)
    found = next((one for one in everything if one.limit.id == id_), None)
    if found is None:
        raise NotFound("There is no limit {id}.", field="limit", id=id_[:160])
    family = () if found.division else (found.standard,)
    mine = {one for key in found.limit.classes for one in _related(key)}
    beside = {
        one.limit.id: _told_limit(one, translate)
        for one in _placed(family, county)
        if one.limit.id != id_
        and one.limit.parameter == found.limit.parameter
        and mine & set(one.limit.classes)
    }
    newest_first = sorted(beside.values(), key=lambda one: one.valid_from, reverse=True)
    return _told_limit(found, translate), tuple(newest_first)


def _placed(some: Iterable[Standard], county: Iterable[CountyStandard]) -> Iterator[_Placed]:
    return (
        _Placed(standard, edition, limit, division)
        for standard, division in _everywhere_and_within(some, county)
        for edition in standard.editions
        for limit in edition.limits
    )


def _everywhere_and_within(
    some: Iterable[Standard], county: Iterable[CountyStandard]
) -> Iterator[tuple[Standard, str | None]]:
    yield from ((one, None) for one in some)
    yield from ((one.standard, one.division) for one in county)


def _related(key: str) -> tuple[str, ...]:
    """A class with the wider ones and those within it."""
    return (*product_classes().upwards(key), *product_classes().within(key))


def limits_for(
    product_class: str, county: Sequence[CountyStandard] = (), translate: Translate = str
) -> tuple[ToldLimit, ...]:
    """What every edition says of a class, by parameter, the newest edition first; then what
    counties say."""
    found = [
        _told_limit(_Placed(standard, edition, limit, division), translate)
        for standard, division in _everywhere_and_within(standards().values(), county)
        for edition in reversed(standard.editions)
        for parameter in dict.fromkeys(one.parameter for one in edition.limits)
        if (limit := narrowest(edition, product_class, parameter)) is not None
    ]
    order = list(parameters().by_key)
    return tuple(sorted(found, key=lambda one: order.index(one.parameter)))
