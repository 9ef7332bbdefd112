"""Which form of an answer the client wants, and events in the form of EPCIS."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, json, request
from sqlalchemy.orm import Session

from suyuan.api.current import actor, ledger, now
from suyuan.trace.codes.signing import label_host
from suyuan.trace.errors import Forbidden
from suyuan.trace.events.epcis import epcis_document
from suyuan.trace.events.epcis_sources import sources
from suyuan.trace.events.tables import Event
from suyuan.trace.keys.tables import Instance
from suyuan.trace.oversight.sight import event_sight

JSON = "application/json"
PDF = "application/pdf"
PNG = "image/png"
EPCIS = "application/ld+json"


def wants(media: str) -> bool:
    """Whether ``Accept`` likes this media type better than our own JSON."""
    return request.accept_mimetypes.best_match([JSON, media]) == media


def epcis_answer(session: Session, events: Iterable[Event]) -> Response:
    """Events as an EPCIS 2.0 document, for those who may see their trade fields.

    Personal key data are never in it. Raises Forbidden where one of them is not open.
    """
    shown = list(events)
    for event in shown:
        if "trade" not in event_sight(session, actor(), event, now=now()):
            raise Forbidden("These events are open to you in part only: ask for JSON.")
    site = str(label_host(session.get_one(Instance, 1).hosts))
    document = epcis_document(list(sources(session, ledger().families, shown)), site, now())
    return Response(json.dumps(document), content_type=EPCIS)
