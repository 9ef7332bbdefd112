"""Collection cards of the household groups that one works for."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, request, url_for

from suyuan.labels.card import CardContent, write_cards
from suyuan.labels.model import Bilingual
from suyuan.trace.bilingual.approvals import approvals
from suyuan.trace.codes.signing import label_host
from suyuan.trace.errors import NotFound
from suyuan.trace.keys.tables import Instance
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.parties.tables import Party
from suyuan.web.desk import whom
from suyuan.web.ground import db

HOUSEHOLDS = "household_group"
SHOWN_OF_NUMBER = 6

views = Blueprint("cards", __name__, url_prefix="/cards")


@views.get("/collection-cards.pdf")
def pdf() -> Response:
    """The cards of the groups whose name has ``?q=`` in it, on sheets to be cut apart."""
    whom.require("record_event")
    text = request.args.get("q", "")[:100]
    groups = [one for one in whom.choices(text) if one.kind == HOUSEHOLDS]
    if not groups:
        raise NotFound("There is no household group of this name that you may work for.", "q")
    out, host = BytesIO(), str(label_host(db().get_one(Instance, 1).hosts))
    write_cards((_card(one, host) for one in groups), out)
    response = Response(out.getvalue(), mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="collection-cards.pdf"'
    response.cache_control.no_store = True
    return response


def _card(group: Party, host: str) -> CardContent:
    approved = approvals(db(), group.division, (group.name,))
    above = db().get(Party, group.parent_id) if group.parent_id is not None else None
    return CardContent(
        name=Bilingual(group.name, approved.typed(group.name, group.names.get("bo"))),
        place="".join(one.name for one in divisions().path(group.division)[1:]),
        member_of=above.name if above is not None else "",
        number=group.uid[-SHOWN_OF_NUMBER:],
        address=f"{host}{url_for('desk.home.choose', uid=group.uid)}",
    )
