"""Organisations and their places, as sent and as answered."""

from __future__ import annotations

from marshmallow import fields

from suyuan.api.paging import PageQuery
from suyuan.api.schemas.fields import (
    INT32,
    INT53,
    OneOf,
    Text,
    Uid,
    Whole,
    YesNo,
    names,
)
from suyuan.api.schemas.shapes import PERSONAL, TRADE, Answer, Input
from suyuan.trace.parties.facts import PartyFacts, SiteFacts
from suyuan.trace.parties.tables import Party, Site

STATES = ("applied", "active", "suspended")
REASON = 500


class PartyInput(Input):
    """An application of an organisation."""

    facts = PartyFacts
    kind = Text(Party.kind, required=True, metadata={"examples": ["cooperative"]})
    name = Text(Party.name, least=1, required=True)
    division = Text(Party.division, required=True, metadata={"examples": ["540626"]})
    names = names()
    uscc = Text(40, allow_none=True)
    address = Text(Party.address)
    phone = Text(Party.phone)
    supervision_phone = Text(Party.supervision_phone)
    parent = Uid(allow_none=True)
    undertaking = YesNo()


class PartyQuery(PageQuery):
    """Which parties."""

    state = OneOf(*STATES, load_default=None)


class PartyAnswer(Answer):
    """An organisation. ``warnings`` say which of its numbers look odd."""

    uid = fields.String(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    division = fields.String(required=True)
    uscc = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    warnings = fields.List(fields.Dict(), required=True)
    parent = fields.String(attribute="parent.uid", metadata=TRADE)
    address = fields.String(metadata=TRADE)
    supervision_phone = fields.String(metadata=TRADE)
    state_reason = fields.String(metadata=TRADE)
    checked_against = fields.String(metadata=TRADE)
    phone = fields.String(metadata=PERSONAL)


class CheckInput(Input):
    """Against which papers a party was checked."""

    against = Text(Party.checked_against, least=1, required=True)


class ReasonInput(Input):
    """Why something is done; it is kept in the log."""

    reason = Text(REASON, least=1, required=True)


class SiteInput(Input):
    """A place. Latitude and longitude are decimal degrees (WGS 84) as text."""

    facts = SiteFacts
    party = Uid(required=True)
    kind = Text(Site.kind, least=1, required=True, metadata={"examples": ["pasture"]})
    name = Text(Site.name, least=1, required=True)
    division = Text(Site.division, required=True)
    names = names()
    address = Text(Site.address)
    latitude = Text(Site.latitude, allow_none=True, metadata={"examples": ["31.8872"]})
    longitude = Text(Site.longitude, allow_none=True, metadata={"examples": ["93.7851"]})
    altitude_m = Whole(-INT32, INT32, allow_none=True)
    area_m2 = Whole(0, INT53, allow_none=True)
    capacity = Text(Site.capacity)


class OwnQuery(Input):
    """Whose; one's own where nobody is named."""

    party = Uid(load_default=None)


class OwnPageQuery(PageQuery):
    """Whose, one's own where nobody is named, and which page."""

    party = Uid(load_default=None)


class SiteAnswer(Answer):
    """A place of a party."""

    uid = fields.String(required=True)
    party = fields.String(attribute="party.uid", required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    division = fields.String(required=True)
    altitude_m = fields.Integer(allow_none=True)
    area_m2 = fields.Integer(allow_none=True)
    address = fields.String(metadata=TRADE)
    latitude = fields.String(allow_none=True, metadata=TRADE)
    longitude = fields.String(allow_none=True, metadata=TRADE)
    capacity = fields.String(metadata=TRADE)
