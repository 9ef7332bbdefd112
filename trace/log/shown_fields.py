"""Which field of which kind of record a value of the passport comes from.

Whoever hands out a proof and whoever checks one go by this table: a proof that leads a shown value
to a field of another meaning proves nothing. Parts and values are JSON pointers into the passport,
``*`` is any place of a list, ``{key}`` the key beside the value. ``web/static/proof/shown.js``
holds the same for browsers, and ``docs/formats.md`` prints it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from suyuan.trace.canonical import Json

SHOWN: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    "": {
        "batch/1": {
            "/record_id": "id",
            "/trace_code": "trace_code",
            "/family": "family",
            "/variant": "variant",
            "/name": "name",
            "/lot": "lot",
            "/quantity": "quantity",
            "/produced": "produced",
            "/best_before": "best_before",
            "/households": "households",
            "/registered_at": "at",
            "/facts/*/value": "fact.{key}",
        },
        "product/1": {"/gtin": "gtin", "/names": "names", "/label": "label"},
    },
    "/producer": {
        "party/1": {
            "/uid": "party",
            "/kind": "kind",
            "/name": "name",
            "/names": "names",
            "/uscc": "uscc",
            "/state": "state",
        },
    },
    "/origin": {
        "site/1": {
            "/uid": "site",
            "/name": "name",
            "/names": "names",
            "/kind": "kind",
            "/division_code": "division",
            "/altitude_m": "altitude_m",
        },
    },
    "/route/*": {
        "site/1": {
            "/place/uid": "site",
            "/place/name": "name",
            "/place/division_code": "division",
            "/place/altitude_m": "altitude_m",
        },
    },
    "/steps/*": {
        "event/1": {
            "/record_id": "id",
            "/uid": "event",
            "/kind": "kind",
            "/happened_at": "happened_at",
            "/happened": "happened",
            "/batches": "batches",
            "/evidence_grade": "evidence_grade",
            "/corrects": "corrects",
            "/correction_reason": "reason",
            "/withdrawn": "withdrawn",
            "/facts/*/value": "kde.{key}",
        },
        "batch/1": {
            "/record_id": "id",
            "/happened_at": "at",
            "/evidence_grade": "evidence_grade",
        },
        "batch_state/1": {
            "/record_id": "id",
            "/happened_at": "at",
            "/correction_reason": "reason",
            "/corrects": "corrects",
            "/withdrawn": "withdrawn",
            "/evidence_grade": "evidence_grade",
        },
        "order/1": {
            "/record_id": "id",
            "/happened_at": "at",
            "/evidence_grade": "evidence_grade",
            "/facts/*/value": "{key}",
        },
        "party/1": {"/who": "name"},
        "site/1": {"/place": "name"},
        "event_evidence/1": {"/evidence_grade": "evidence_grade"},
    },
    "/papers/*": {
        "paper/1": {
            "/uid": "paper",
            "/kind": "kind",
            "/number": "number",
            "/issuer": "issuer",
            "/valid_from": "valid_from",
            "/valid_to": "valid_to",
            "/amount": "amount",
            "/checked_where": "checked_where",
            "/state": "state",
            "/state_reason": "reason",
        },
        "party/1": {"/holder": "name"},
    },
    "/certificates/*": {
        "commitment_certificate/1": {
            "/number": "certificate",
            "/quantity": "quantity",
            "/issued_on": "issued_on",
            "/state": "state",
            "/state_reason": "reason",
        },
    },
    "/tests/*": {
        "test-report/1": {
            "/uid": "report",
            "/number": "number",
            "/kind": "kind",
            "/laboratory": "laboratory",
            "/cma": "cma",
            "/sampled_on": "sampled_on",
            "/issued_on": "issued_on",
            "/valid_to": "valid_to",
            "/conclusion": "conclusion",
            "/items/*/parameter": "items/*/parameter",
            "/items/*/result": "items/*/result",
            "/items/*/unit": "items/*/unit",
            "/items/*/limit": "items/*/limit",
            "/items/*/standard": "items/*/standard",
            "/items/*/conclusion": "items/*/conclusion",
        },
        "verdict/1": {
            "/items/*/verdict/trace_code": "trace_code",
            "/items/*/verdict/verdict": "items/*/verdict",
            "/items/*/verdict/unconfirmed": "items/*/unconfirmed",
            "/items/*/verdict/grounds": "items/*/grounds",
            "/items/*/verdict/standards": "standards",
            "/items/*/verdict/overturned_by": "overturned_by",
        },
    },
}
"""Part of the passport, then schema of the record, then shown value: the field that says it."""

LINKS: Final[Mapping[str, Mapping[str, str]]] = {
    "party": {"party/1": "party"},
    "holder": {"party/1": "party"},
    "by": {"party/1": "party"},
    "site": {"site/1": "site"},
    "product": {"product/1": "product"},
    "event": {"event_evidence/1": "event"},
    "paper": {"paper/1": "paper"},
    "certificate": {"commitment_certificate/1": "certificate"},
    "report": {"verdict/1": "report"},
}
"""A field that names something else: the schema that tells of it, and its name's field there."""

MENDS: Final[frozenset[tuple[str, str]]] = frozenset(
    {("corrects", "event"), ("corrects", ""), ("trace_code", "trace_code")}
)
"""How a later record names the one it corrects: its field, and the earlier one's; '' stands for
the uid of the step that the earlier one made, where the record does not know it."""

STEP_KINDS: Final[Mapping[str, str]] = {
    "batch.registered": "register",
    "batch.withdrawn": "register",
    "hold.ordered": "hold",
    "recall.ordered": "recall",
    "hold.lifted": "release",
    "recall.lifted": "release",
}
"""The kind of step that a record of a type stands behind, where no field of it says so."""

WORKED_OUT: Final[frozenset[str]] = frozenset(
    {"/papers/*/state", "/papers/*/state_reason", "/certificates/*/state",
     "/certificates/*/state_reason", "/steps/*/batches", "/steps/*/kind", "/steps/*/uid"}
)  # fmt: skip
"""What some parts have from a record, and others from the day or from what they are."""

EXPECTED: Final[Sequence[str]] = sorted(
    {f"{part}{shown}" for part, by in SHOWN.items() for said in by.values() for shown in said}
    - WORKED_OUT
)
"""What always comes from a record: shown without a proof, it is not proven."""

_NAMES_OF_PARTIES = frozenset({"holder", "name", "names", "who"})


def step_kind(said: Mapping[str, Json]) -> Json:
    """The kind of the step that a record is behind, by the fields that are opened."""
    kind = said.get("type")
    if said.get("schema") == "event/1":
        return said.get("kind")
    return STEP_KINDS.get(kind) if isinstance(kind, str) else None


def is_untold(shown: str, passport: Mapping[str, Json]) -> bool:
    """Whether the value at ``shown`` only stands for a family's name, which is not told."""
    producer = passport.get("producer")
    kind = producer.get("kind") if isinstance(producer, Mapping) else None
    return kind == "household_group" and shown.rpartition("/")[2] in _NAMES_OF_PARTIES


def part_kind(part: str) -> str:
    """The kind of a part: ``/steps/3`` is a ``/steps/*``."""
    head, _, last = part.rpartition("/")
    return f"{head}/*" if head and last.isascii() and last.isdigit() else part


def places(value: Json, pattern: str) -> Iterator[tuple[str, Json]]:
    """Each place that a pattern means and that is there, with what stands there."""
    yield from _walk(value, pattern.split("/")[1:], "")


def field_of(meant: str, shown: str, part: Json) -> str:
    """The field that ``meant`` names for the shown value at ``shown`` of a part."""
    steps = shown.split("/")
    places = iter([step for step in steps if step.isdigit()])
    named = "/".join(next(places, step) if step == "*" else step for step in meant.split("/"))
    if "{key}" not in named:
        return named
    beside = part
    for step in steps[1:-1]:
        beside = _below(beside, step)
    key = _below(beside, "key")
    return named.replace("{key}", key if isinstance(key, str) else "")


def _walk(value: Json, steps: Sequence[str], at: str) -> Iterator[tuple[str, Json]]:
    if not steps:
        yield at, value
    elif steps[0] == "*":
        for number, below in enumerate(value if isinstance(value, list | tuple) else ()):
            yield from _walk(below, steps[1:], f"{at}/{number}")
    elif isinstance(value, Mapping) and steps[0] in value:
        yield from _walk(value[steps[0]], steps[1:], f"{at}/{steps[0]}")


def _below(value: Json, step: str) -> Json:
    if isinstance(value, Mapping):
        return value.get(step)
    if isinstance(value, list | tuple) and step.isdigit() and int(step) < len(value):
        return value[int(step)]
    return None
