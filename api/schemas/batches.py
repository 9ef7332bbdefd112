"""Batches, their chains and the orders that stop them, as sent and as answered."""

from __future__ import annotations

from marshmallow import fields

from suyuan.api.paging import LARGEST_PAGE, PAGE, PageQuery
from suyuan.api.schemas.fields import (
    Day,
    Inner,
    Members,
    OneOf,
    Several,
    Stated,
    Text,
    Uid,
    Whole,
    YesNo,
    quantity,
)
from suyuan.api.schemas.shapes import PERSONAL, TRADE, Answer, Input
from suyuan.trace.batches.facts import BatchFacts, MarkFacts, ShareFacts
from suyuan.trace.batches.tables import Batch, BatchMark, Share
from suyuan.trace.lineage.queries import DIRECTIONS

MOST_TOGETHER = 500
MOST_SHARES = 2000
TRACE_CODE = {"examples": ["5406261234567895"]}


class ShareInput(Input):
    """One household's part of a pooled batch."""

    facts = ShareFacts
    household = Text(Share.household)
    party = Uid(allow_none=True)
    quantity = quantity(allow_none=True)
    note = Text(Share.note)


class MarkInput(Input):
    """Something else the batch can be found by: ``ear_tag``, ``jar``, ``foreign_lot``."""

    facts = MarkFacts
    kind = Text(BatchMark.kind, required=True)
    value = Text(BatchMark.value, least=1, required=True)


class BatchInput(Input):
    """A batch. Facts that are not known are left out: they become gaps, not errors."""

    facts = BatchFacts
    party = Uid(required=True)
    quantity = quantity(required=True)
    product = Uid(allow_none=True)
    family = Text(Batch.family)
    variant = Text(Batch.variant)
    name = Text(Batch.name)
    site = Uid(allow_none=True)
    lot = Text(Batch.lot, allow_none=True)
    produced = Stated(allow_none=True)
    best_before = Day(allow_none=True)
    attributes = Members()
    shares = Several(Inner(ShareInput), MOST_SHARES)
    marks = Several(Inner(MarkInput), MOST_SHARES)
    note = Text(1000)
    evidence = Several(Uid(), 50)


class BatchesInput(Input):
    """Several batches that are registered together, all or none."""

    batches = Several(Inner(BatchInput), MOST_TOGETHER, least=1, required=True)


class BatchQuery(PageQuery):
    """Which batches: those a party registered, what it has in hand, or by something on a label."""

    party = Uid(load_default=None)
    in_hand = YesNo(load_default=False)
    state = OneOf("registered", "closed", "withdrawn", load_default=None)
    q = Text(64, least=1, load_default=None)


class QuantityAnswer(Answer):
    """An exact quantity: digits in a text and a unit code."""

    amount = fields.String(required=True)
    unit = fields.String(required=True)


class ShareAnswer(Answer):
    """One household's part."""

    household = fields.String()
    party = fields.String(allow_none=True)
    quantity = fields.Nested(QuantityAnswer, allow_none=True)
    note = fields.String()


class MarkAnswer(Answer):
    """Something else the batch can be found by."""

    kind = fields.String()
    value = fields.String()
    stated = fields.String()


class BatchAnswer(Answer):
    """A batch. ``gaps`` name the missing facts; ``in_hand`` is what the asker has of it."""

    trace_code = fields.String(required=True)
    path = fields.String(required=True)
    party = fields.String(required=True)
    site = fields.String(allow_none=True)
    product = fields.String(allow_none=True)
    family = fields.String(required=True)
    variant = fields.String(required=True)
    name = fields.String(required=True)
    division = fields.String(required=True)
    lot = fields.String(allow_none=True)
    quantity = fields.Nested(QuantityAnswer, required=True)
    produced = fields.Dict(allow_none=True)
    best_before = fields.Date(allow_none=True)
    attributes = fields.Dict(required=True)
    gaps = fields.List(fields.String(), required=True)
    warnings = fields.List(fields.Dict(), required=True)
    state = fields.String(required=True)
    households = fields.Integer()
    registered_at = fields.AwareDateTime(required=True)
    sight = fields.List(fields.String(), required=True)
    in_hand = fields.Nested(QuantityAnswer, metadata=TRADE)
    marks = fields.List(fields.Nested(MarkAnswer), metadata=TRADE)
    shares = fields.List(fields.Nested(ShareAnswer), metadata=PERSONAL)


class RegisteredAnswer(Answer):
    """The trace code that a batch was given."""

    trace_code = fields.String(required=True, metadata=TRACE_CODE)
    href = fields.String(required=True)


class RegisteredManyAnswer(Answer):
    """The trace codes that batches were given, in the order in which they were sent."""

    trace_codes = fields.List(fields.String(), required=True)


class LineageQuery(Input):
    """Which way to walk, and which page of the walk."""

    direction = OneOf(*DIRECTIONS, required=True)
    limit = Whole(1, LARGEST_PAGE, strict=False, load_default=PAGE)
    after = Text(10, load_default=None)


class NodeAnswer(Answer):
    """A batch of the chain, ``depth`` steps away."""

    trace_code = fields.String(required=True)
    depth = fields.Integer(required=True)
    name = fields.String(required=True)
    family = fields.String(required=True)
    variant = fields.String(required=True)
    division = fields.String(required=True)
    party = fields.String(required=True)
    quantity = fields.Nested(QuantityAnswer, required=True)
    state = fields.String(required=True)
    produced_on = fields.Date(allow_none=True)


class LinkAnswer(Answer):
    """So much of the parent went into the child."""

    parent = fields.String(required=True)
    child = fields.String(required=True)
    quantity = fields.Nested(QuantityAnswer, allow_none=True)


class LineageAnswer(Answer):
    """One page of a walk. ``truncated``: there is more than the limit on one walk lets us see."""

    items = fields.List(fields.Nested(NodeAnswer), required=True)
    links = fields.List(fields.Nested(LinkAnswer), required=True)
    truncated = fields.Boolean(required=True)
    next = fields.String(required=True, allow_none=True)
