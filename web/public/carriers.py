"""The passport by the number of a foreign carrier: an NFC tag, a hologram, an organic code."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from suyuan.trace.carriers.queries import carrier_at
from suyuan.trace.carriers.tables import Carrier
from suyuan.trace.errors import InvalidInput, NotFound
from suyuan.web.ground import db
from suyuan.web.public.scan import answer_code


def by_carrier(kind: str, number: str) -> Response:
    """The answer about what a carrier is bound to; a number written otherwise is led there."""
    try:
        bound = carrier_at(db(), kind, number)
    except InvalidInput as error:
        raise NotFound("Nothing here is bound to this number.", field="number") from error
    if bound.number != number:
        return redirect(carrier_address(bound), 301)
    return answer_code(bound.path, (bound.kind, bound.number))


def carrier_address(bound: Carrier) -> str:
    """Where the passport of what a carrier is bound to is found by its number."""
    return url_for("public.by_carrier", kind=bound.kind, number=bound.number)
