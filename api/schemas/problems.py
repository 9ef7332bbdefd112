"""The shape of a problem document (RFC 9457)."""

from __future__ import annotations

import marshmallow as ma

from suyuan.api.schemas.shape import Shape


class WrongField(Shape):
    """One field that is wrong: its path in what was sent, and what would be right."""

    field = ma.fields.String(required=True, metadata={"examples": ["items.0.result"]})
    detail = ma.fields.String(required=True)


class Problem(Shape):
    """Why a request was not done. ``type`` is stable; texts are in the language asked for."""

    type = ma.fields.String(required=True, metadata={"examples": ["/problems/invalid-input"]})
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True)
    instance = ma.fields.String()
    errors = ma.fields.List(ma.fields.Nested(WrongField))
