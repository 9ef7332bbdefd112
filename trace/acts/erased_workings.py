"""Erased texts in what is no record: sheets that are being read, and answers that are kept."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.intake.tables import Upload, WorkItem
from suyuan.trace.log.tables import Asked, Record

LEAST = 2
"""Characters of a text that is looked for elsewhere: one alone is found everywhere."""


def texts_of(values: Iterable[Any]) -> frozenset[str]:
    """The texts in erased values that are long enough to be looked for elsewhere."""
    return frozenset(text for value in values for text in _texts(value) if len(text) >= LEAST)


def mentions(value: Any, texts: Collection[str]) -> bool:
    """Whether a JSON value holds one of these texts somewhere."""
    return any(one in text for text in _texts(value) for one in texts)


def clear_workings(w: Writing, record: Record, texts: Collection[str]) -> None:
    """Take erased texts out of what is no record: sheets being read, and kept answers.

    A sheet's rows and the answers to requests held them before they became a record.
    """
    asker = f"{record.person}@{record.party}"
    own = sa.and_(Asked.asker == asker, Asked.at == record.at)
    w.session.execute(sa.delete(Asked).where(own))
    if not texts:
        return
    for asked in w.session.scalars(sa.select(Asked).where(_mentions(Asked.answer, texts))):
        w.session.delete(asked)
    held = (_mentions(each, texts) for each in (Upload.grid, Upload.decisions, Upload.answer))
    for upload in w.session.scalars(sa.select(Upload).where(sa.or_(*held))):
        upload.grid, upload.answer = _without(upload.grid, texts), _without(upload.answer, texts)
        upload.decisions = _without(upload.decisions, texts)
    stays = (_mentions(each, texts) for each in (WorkItem.content, WorkItem.doubts))
    for item in w.session.scalars(sa.select(WorkItem).where(sa.or_(*stays))):
        item.content, item.doubts = _without(item.content, texts), _without(item.doubts, texts)


def _mentions(column: InstrumentedAttribute[Any], texts: Collection[str]) -> Any:
    """Whether a JSON column holds one of these texts somewhere, as it is written in the row."""
    written = sa.cast(column, sa.Text)
    return sa.or_(
        *(written.contains(form, autoescape=True) for one in texts for form in _forms(one))
    )


def _forms(text: str) -> Sequence[str]:
    """A text as JSON writes it, with and without escapes for what is not ASCII."""
    return sorted({json.dumps(text, ensure_ascii=plain)[1:-1] for plain in (True, False)})


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    below = value.values() if isinstance(value, Mapping) else value
    return (
        [text for one in below for text in _texts(one)] if isinstance(value, Mapping | list) else []
    )


def _without(value: Any, texts: Collection[str]) -> Any:
    """A JSON value in which every text that holds one of these is empty."""
    if isinstance(value, str):
        return "" if any(one in value for one in texts) else value
    if isinstance(value, Mapping):
        return {key: _without(below, texts) for key, below in value.items()}
    return [_without(below, texts) for below in value] if isinstance(value, list) else value
