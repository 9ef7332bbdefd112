"""Pages of a list: ``{"items": […], "next": cursor or null}``, in the body."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import marshmallow as ma
from flask import Response, jsonify

from suyuan.api.schemas.fields import Text, Whole
from suyuan.api.schemas.shapes import Answer, Input
from suyuan.trace.errors import InvalidInput

T = TypeVar("T")
PAGE = 50
LARGEST_PAGE = 200


class PageQuery(Input):
    """Which page: ``after`` is the ``next`` of the page before."""

    limit = Whole(1, LARGEST_PAGE, strict=False, load_default=PAGE)
    after = Text(64, load_default=None)


@dataclass(frozen=True)
class Page:
    """A page that is asked for: rows after (or before) this id, and how many."""

    after: int | None
    limit: int


def page(query: dict[str, Any]) -> Page:
    """Which page a query asks for. Raises InvalidInput for a cursor that no page gave."""
    return Page(_read(query["after"]) if query["after"] else None, query["limit"])


def listed(
    asked: Page,
    rows: Sequence[T],
    key: Callable[[T], int],
    show: Callable[[T], Any],
    **said: object,
) -> Response:
    """One page as a response. ``rows`` were asked for with one row more than the page holds;
    what is ``said`` stands beside them."""
    shown = rows[: asked.limit]
    more = len(rows) > asked.limit
    return jsonify(
        items=[show(row) for row in shown],
        next=_write(key(shown[-1])) if more else None,
        **said,
    )


def page_of(item: type[Answer], name: str) -> type[ma.Schema]:
    """The shape of a page of these."""
    return Answer.from_dict(
        {
            "items": ma.fields.List(ma.fields.Nested(item), required=True),
            "next": ma.fields.String(required=True, allow_none=True),
        },
        name=name,
    )


def _write(row: int) -> str:
    return base64.urlsafe_b64encode(f"after:{row}".encode()).decode().rstrip("=")


def _read(cursor: str) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        text = ""
    word, _, row = text.partition(":")
    if word != "after" or not (row.isascii() and row.isdigit() and len(row) < 16):
        raise InvalidInput("This is no cursor of this list: begin again without one.", "after")
    return int(row)
