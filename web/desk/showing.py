"""How the desk writes quantities, values and kinds, and what all its templates have at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from suyuan.api.words import remark_told
from suyuan.trace.batches.tables import Batch
from suyuan.trace.codes.trace_code import show_trace_code
from suyuan.trace.doubts import Remark
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.parties.site_kinds import site_kinds
from suyuan.trace.products.attributes import Fact
from suyuan.trace.quantities import Quantity, unit_table, units
from suyuan.trace.stated_dates import StatedDate
from suyuan.web.desk import whom
from suyuan.web.ground import ledger
from suyuan.web.identity import current_actor, require_signed_in
from suyuan.web.public import saying
from suyuan.web.showing import named


def amount(number: Decimal | None, unit: str) -> str:
    """So much of a unit; nothing where nobody knows how much."""
    return saying.quantity(Quantity(number, unit)) if number is not None else ""


def value(fact: Fact | None, given: Any) -> str:
    """The value of a fact of a batch or an event."""
    if isinstance(given, bool):
        return str(gettext("yes") if given else gettext("no"))
    if isinstance(given, list):
        return "、".join(str(one) for one in given)
    if fact is None:
        return str(given)
    for choice in fact.choices:
        if choice.key == given:
            return named(choice.names)
    return f"{given} {unit_word(fact.unit)}".strip()


def unit_word(unit: str | None) -> str:
    """The unit of a fact as people read it."""
    return {"month": str(gettext("months")), "day": str(gettext("days"))}.get(
        unit or "", unit or ""
    )


def stated(data: Mapping[str, Any] | None) -> str:
    """A stated date as rows keep it."""
    return saying.stated(StatedDate.from_json(data)) if data else ""


def unit_options(first: str) -> list[tuple[str, str]]:
    """The units that a quantity can be typed in; the usual one and those of its kind first."""
    own = units()[first].dimension
    market = [
        (row["word"], f"{row['word']} ({row['amount']} kg)")
        for row in unit_table()["market"]
        if row["word"] in ("斤", "两")
    ]
    rows = [(one.code, _unit_label(one.zh, one.en, one.symbol)) for one in units().values()]
    same = [row for row in rows if units()[row[0]].dimension == own and row[0] != first]
    others = [row for row in rows if units()[row[0]].dimension != own]
    usual = [row for row in rows if row[0] == first]
    if own == "mass":
        return usual + market + same + others
    return usual + same + others + market


def _unit_label(zh: str, en: str, symbol: str) -> str:
    name = named({"zh": zh, "en": en})
    return f"{name} {symbol}" if symbol and symbol != name else name


def event_kind(key: str) -> str:
    """What a kind of event is called."""
    return named(EventKinds.load().get(key).names)


def paper_kind(key: str) -> str:
    """What a kind of paper is called."""
    return named(PaperKinds.load().get(key).names)


def remark(data: Mapping[str, Any]) -> str:
    """A warning as rows keep it, in the reader's language."""
    return remark_told(Remark.from_json(data))


def gap_names(batch: Batch) -> list[str]:
    """What a batch lacks, by name."""
    own = {"produced": gettext("production date"), "site": gettext("place of production")}
    family = ledger().families.get(batch.family)
    return [
        str(own.get(key) or (named(fact.names) if (fact := family.attributes.get(key)) else key))
        for key in batch.gaps
    ]


def missing_names(kind: str, keys: Iterable[str], family: str | None = None) -> list[str]:
    """What an event lacks, by name."""
    row = EventKinds.load().get(kind)
    known = {gap.key: gap.names for gap in row.asks}
    asked = row.all_key_data(ledger().families.get(family) if family else None)
    known |= {one.key: one.names for one in asked}
    return [named(known[key]) if key in known else key for key in keys]


def variant_name(batch: Batch) -> str:
    """The form of the goods: 熟制牦牛肉干."""
    return named(ledger().families.get(batch.family).variant(batch.variant).names)


def state_name(state: str) -> str:
    """What a state of a batch, shipment, order or paper is called."""
    words = {
        "registered": gettext("in hand"),
        "closed": gettext("used up"),
        "withdrawn": gettext("withdrawn"),
        "hold": gettext("held"),
        "recall": gettext("recalled"),
        "sent": gettext("on its way"),
        "accepted": gettext("accepted"),
        "disputed": gettext("disputed"),
        "valid": gettext("valid"),
        "expired": gettext("expired"),
        "not_yet": gettext("not valid yet"),
        "revoked": gettext("revoked"),
        "laboratory": gettext("laboratory"),
        "rapid": gettext("rapid test"),
    }
    return str(words.get(state, state))


def site_kind(kind: str) -> str:
    """What a kind of place is called."""
    known = site_kinds().get(kind)
    return named(known.names) if known else kind


def texts() -> dict[str, object]:
    """What every template of the desk has at hand."""
    return {
        "amount": amount,
        "quantity": saying.quantity,
        "value": value,
        "unit_word": unit_word,
        "stated": stated,
        "unit_options": unit_options,
        "event_kind": event_kind,
        "paper_kind": paper_kind,
        "remark": remark,
        "gap_names": gap_names,
        "missing_names": missing_names,
        "variant_name": variant_name,
        "state_name": state_name,
        "site_kind": site_kind,
        "grouped": show_trace_code,
        "whom": whom.whom,
        "may": whom.may,
        "typist": lambda: require_signed_in().name,
        "who": lambda: f"{current_actor().person_uid}@{current_actor().party_uid}",
    }
