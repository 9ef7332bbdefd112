"""Limits that operators add for a division: proposed by one person, approved by a second.

From the approval on, every result on goods of the division made in its days is judged by it too;
reports that were judged before are judged anew by ``suyuan standards reevaluate``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal, get_args

import sqlalchemy as sa

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.errors import Conflict, Fault, Forbidden, InvalidInput, InvalidInputs
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.quality.county_limits import county_limit
from suyuan.trace.quality.limits import Force, standards
from suyuan.trace.quality.parameters import parameters
from suyuan.trace.quality.product_classes import product_classes
from suyuan.trace.quality.records import COUNTY_LIMIT
from suyuan.trace.quality.result_units import ResultUnit, result_units
from suyuan.trace.quality.tables import CountyLimit
from suyuan.trace.quality.verdicts import MOST_RESULTS
from suyuan.trace.release.rules import require_reason
from suyuan.trace.sourced import Confidence

Answer = Literal["approve", "refuse"]
_FORCES: Final = tuple(one for one in get_args(Force) if one != "guide")
_A_NUMBER: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,14})?")
_WHAT_IT_IS: Final = (
    "division", "standard", "product_class", "parameter", "minimum", "maximum", "forbidden", "unit",
    "dry", "valid_from", "valid_to",
)  # fmt: skip
_LENGTHS: Final = {"standard": 120, "clause": 120, "source": 500, "checked_by": 120}


@dataclass(frozen=True)
class CountyLimitFacts:
    """A limit as somebody proposes it. ``product_class``, ``parameter`` and ``unit`` in any of the
    words that results are written with; ``minimum`` and ``maximum`` are decimals or empty;
    ``n``, ``c``, ``m`` and ``most`` (M): a sampling plan in place of them, as in
    ``quality.limits``; ``forbidden``: nothing of it may be found, and there is neither."""

    division: str
    standard: str
    clause: str
    product_class: str
    parameter: str
    valid_from: date | None
    source: str
    minimum: str = ""
    maximum: str = ""
    n: str = ""
    c: str = ""
    m: str = ""
    most: str = ""
    unit: str = ""
    forbidden: bool = False
    dry: bool = False
    force: str = "mandatory"
    valid_to: date | None = None
    confidence: str = "K-med"
    checked_by: str = ""


def propose_county_limit(w: Writing, facts: CountyLimitFacts) -> str:
    """Propose a limit for a division; it decides nothing before a second person approves it.

    Returns its uid. Raises Forbidden for all but operators, InvalidInput, InvalidInputs.
    """
    person = _person(w)
    said = _checked(facts)
    _require_new(w, said)
    row = CountyLimit(
        uid=w.new_uid(), state="proposed", asked_by_uid=person, proposed_at=w.now, **said
    )
    told = {name: value.isoformat() if isinstance(value, date) else value
            for name, value in said.items()}  # fmt: skip
    row.record_id = _say(w, row, "proposed", told)
    w.session.add(row)
    w.session.flush()
    return row.uid


def _require_new(w: Writing, said: Mapping[str, Any]) -> None:
    """Raises Conflict where the same limit is in force or proposed already: two would have to be
    withdrawn one by one."""
    same = (getattr(CountyLimit, name) == said[name] for name in _WHAT_IT_IS)
    there = sa.select(CountyLimit.plan).where(
        *same, CountyLimit.state.in_(("proposed", "approved", "withdrawing"))
    )
    if any(plan == said["plan"] for plan in w.session.scalars(there)):
        raise Conflict("This limit is proposed or in force already.", "standard")


def ask_county_limit_withdrawal(w: Writing, uid: str, reason: str) -> str:
    """Ask for the end of a limit; it goes on deciding until a second person agrees.

    Raises NotFound, Forbidden, Conflict where it is not in force, InvalidInput.
    """
    person = _person(w)
    row = county_limit(w.session, uid)
    w.session.refresh(row, with_for_update=True)
    if row.state != "approved":
        raise Conflict("Only a limit in force is withdrawn; this one is {state}.", "limit",
                       state=row.state)  # fmt: skip
    row.state, row.reason, row.asked_by_uid = "withdrawing", require_reason(reason), person
    _say(w, row, "withdrawal_asked", {"reason": row.reason})
    return row.uid


def answer_county_limit(w: Writing, uid: str, word: Answer, reason: str = "") -> str:
    """Approve or refuse what another person proposed, a limit or its withdrawal.

    Never the person who asked, in whatever organisation or role it acts. Returns the uid. Raises
    NotFound, Forbidden, Conflict where nothing waits.
    """
    person = _person(w)
    row = county_limit(w.session, uid)
    w.session.refresh(row, with_for_update=True)
    if row.state not in ("proposed", "withdrawing"):
        raise Conflict("Nothing of this limit waits for a second person.", "limit")
    # of a proposer whose name was erased nobody knows any more who it was: ask again
    if row.asked_by_uid is None or row.asked_by_uid == person:
        raise Forbidden("A second person decides on this: never the one who asked for it.", "limit")
    if word not in get_args(Answer):
        raise InvalidInput("Say approve or refuse.", "word")
    state, type_ = _AFTER[row.state, word]
    # what was asked for, and what was answered: whoever reads the row later wants both
    reasons = dict.fromkeys((row.reason if row.state == "withdrawing" else "", reason.strip()))
    row.state, row.answered_by_uid = state, person
    row.reason = " / ".join(one for one in reasons if one)[:500]
    if type_ == "approved":
        row.approved_at = w.now
    elif type_ == "withdrawn":
        row.withdrawn_at = w.now
    _say(w, row, type_, {"reason": row.reason})
    return row.uid


_AFTER: Final = {
    ("proposed", "approve"): ("approved", "approved"),
    ("proposed", "refuse"): ("refused", "refused"),
    ("withdrawing", "approve"): ("withdrawn", "withdrawn"),
    ("withdrawing", "refuse"): ("approved", "kept"),
}


def _say(w: Writing, row: CountyLimit, what: str, fields: dict[str, Any]) -> str:
    said = {"limit": row.uid, **fields, "state": row.state, "typed_by": w.actor.person_uid}
    return w.record(COUNTY_LIMIT, f"county_limit.{what}", said, subject=row.uid)


def _person(w: Writing) -> str:
    """The person who does it: four eyes are two known persons' eyes."""
    w.actor.require("administer")
    if w.actor.person_uid is None:
        raise Forbidden("Only a person who is signed in decides on limits.")
    return w.actor.person_uid


def _checked(facts: CountyLimitFacts) -> dict[str, Any]:
    """The columns of the row. Raises InvalidInput and InvalidInputs."""
    faults = [
        Fault(name, "Say this in 1 to {limit} characters.", (("limit", most),))
        for name, most in _LENGTHS.items()
        if not (name == "checked_by" or getattr(facts, name).strip())
        or len(getattr(facts, name).strip()) > most
    ]
    for name, known in (("force", _FORCES), ("confidence", get_args(Confidence))):
        if getattr(facts, name) not in known:
            params = (("choices", ", ".join(known)),)
            faults.append(Fault(name, "This must be one of: {choices}.", params))
    if facts.valid_from is None:
        faults.append(Fault("valid_from", "Give the first day of production that it is for."))
    elif facts.valid_to is not None and facts.valid_to < facts.valid_from:
        faults.append(Fault("valid_to", "It cannot end before it begins."))
    if faults:
        raise InvalidInputs(faults)
    return {
        "division": divisions().get(facts.division.strip(), "division").code,
        "standard": facts.standard.strip(),
        "clause": facts.clause.strip(),
        "force": facts.force,
        "product_class": product_classes().find(facts.product_class).key,
        "parameter": parameters().find(facts.parameter).key,
        **_ends(facts),
        "valid_from": facts.valid_from,
        "valid_to": facts.valid_to,
        "source": facts.source.strip(),
        "confidence": facts.confidence,
        "checked_by": facts.checked_by.strip(),
    }


def _ends(facts: CountyLimitFacts) -> dict[str, Any]:
    """What the limit is: its ends or its plan, with the unit, or that nothing may be found."""
    low, high = (_number(facts, name) for name in ("minimum", "maximum"))
    plan = _plan(facts)
    bounded = low is not None or high is not None
    if bounded + bool(plan) + facts.forbidden != 1:
        raise InvalidInput(
            "Give a minimum or a maximum, or a sampling plan, or say that nothing may be found.",
            "maximum",
        )
    if low is not None and high is not None and low > high:
        raise InvalidInput("The minimum is above the maximum.", "minimum")
    unit, dry = (None, False) if facts.forbidden else _unit(facts, plan)
    if unit is not None:
        _require_measurable(facts, unit)
    return {
        "minimum": None if low is None else format(low, "f"),
        "maximum": None if high is None else format(high, "f"),
        "plan": plan,
        "forbidden": facts.forbidden,
        "unit": unit.symbol if unit is not None else "",
        "dry": (facts.dry or dry) and not facts.forbidden,
    }


def _unit(facts: CountyLimitFacts, plan: Mapping[str, Any]) -> tuple[ResultUnit, bool]:
    """The unit, and whether it says that it is on dry basis."""
    unit, dry = result_units().find(facts.unit)
    if unit is None or (unit.is_portion and not plan):
        raise InvalidInput(
            "Give a unit of: {known}.",
            "unit",
            known=", ".join(
                n for n, u in result_units().by_symbol.items() if plan or not u.is_portion
            ),
        )
    if unit.is_portion and (Decimal(plan["m"]) or "M" in plan):
        raise InvalidInput("In a portion nothing may be found: m is 0, and there is no M.", "m")
    return unit, dry


def _require_measurable(facts: CountyLimitFacts, unit: ResultUnit) -> None:
    """Raises InvalidInput for a unit in which the standards kept here never give the parameter:
    each result would then be said to have the wrong one."""
    key = parameters().find(facts.parameter).key
    known = {
        str(limit.unit)
        for standard in standards().values()
        for edition in standard.editions
        for limit in edition.limits
        if limit.parameter == key and limit.unit
    }
    by_symbol = result_units().by_symbol
    if known and unit.dimension not in {by_symbol[one].dimension for one in known}:
        raise InvalidInput(
            "This parameter is measured in {known}: no result can be held against {unit}.",
            "unit",
            known=", ".join(sorted(known)),
            unit=unit.symbol,
        )


def _plan(facts: CountyLimitFacts) -> dict[str, Any]:
    """The sampling plan; empty where none is given."""
    if not any(getattr(facts, name).strip() for name in ("n", "c", "m", "most")):
        return {}
    n, c = (_count(facts, name) for name in ("n", "c"))
    m, most = (_number(facts, name) for name in ("m", "most"))
    if m is None:
        raise InvalidInput("A sampling plan has n, c and m; M where it has one.", "m")
    if not c < n <= MOST_RESULTS:
        raise InvalidInput("Of n samples, 1 to {most}, fewer than n are allowed above m.", "c",
                           most=MOST_RESULTS)  # fmt: skip
    if most is not None and most < m:
        raise InvalidInput("M is below m.", "most")
    beyond = {} if most is None else {"M": format(most, "f")}
    return {"n": n, "c": c, "m": format(m, "f"), **beyond}


def _count(facts: CountyLimitFacts, name: str) -> int:
    written = getattr(facts, name).strip()
    if not (written.isascii() and written.isdigit() and len(written) <= 3):
        raise InvalidInput("This must be a whole number like 12.", name)
    return int(written)


def _number(facts: CountyLimitFacts, name: str) -> Decimal | None:
    written = getattr(facts, name).strip()
    if not written:
        return None
    if _A_NUMBER.fullmatch(written) is None:
        raise InvalidInput("This must be a number like 12.5.", name)
    return Decimal(written)
