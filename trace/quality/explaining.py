"""A verdict in one sentence, and the words for limits: English here, other tongues by catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from suyuan.trace.quality.limits import Limit
from suyuan.trace.quality.readings import unit_within, unreadable
from suyuan.trace.quality.verdicts import Verdict, Why
from suyuan.trace.words import Language

Translate = Callable[[str], str]
"""From an English sentence to the reader's language, as gettext does it."""


def N_(text: str) -> str:  # noqa: N802  # gettext's own name for it, which extractors look for
    """The text itself; it is translated when it is said."""
    return text


_PASSES: Final = N_("{parameter} in {product}: {value} meets the limit {limit} ({where}).")
_PORTION_ASSUMED: Final = N_(
    "{parameter} in {product}: {value} meets the limit {limit}, taking it that such a portion was "
    "searched, which is not stated ({where})."
)
_NONE_FOUND: Final = N_(
    "{parameter} in {product}: {value} finds none of what is forbidden ({where}). How little of it "
    "a method must be able to find is not kept here: see the method's detection limit."
)
_FAILS: Final = N_("{parameter} in {product}: {value} breaks the limit {limit} ({where}).")
_OPEN: Final[Mapping[Why, str]] = {
    "unreadable": N_(
        "{parameter} in {product}: the result {value} cannot be read, so nothing is said of the "
        "limit {limit} ({where})."
    ),
    "unit_missing": N_(
        "{parameter} in {product}: {value} has no unit, so it cannot be compared with the limit "
        "{limit} ({where})."
    ),
    "unit_unknown": N_(
        "{parameter} in {product}: the unit of {value} cannot be converted to that of the limit "
        "{limit} ({where})."
    ),
    "units_differ": N_(
        "{parameter} in {product}: {value} is given with two units that differ, so it cannot be "
        "compared with the limit {limit} ({where})."
    ),
    "portion_small": N_(
        "{parameter} in {product}: {value} does not show that the whole portion of the limit "
        "{limit} was searched ({where})."
    ),
    "detection_limit_missing": N_(
        "{parameter} in {product}: {value} without a detection limit does not tell whether the "
        "limit {limit} is met ({where})."
    ),
    "detection_limit_high": N_(
        "{parameter} in {product}: {value} was measured with a detection limit beyond the limit "
        "{limit}, so it cannot tell ({where})."
    ),
    "moisture_missing": N_(
        "{parameter} in {product}: the limit {limit} is on dry basis, and {value} comes without "
        "the moisture ({where})."
    ),
    "both_sides": N_(
        "{parameter} in {product}: {value} lies on both sides of the limit {limit} ({where})."
    ),
    "too_few": N_(
        "{parameter} in {product}: {value} is fewer results than the limit {limit} asks for "
        "({where})."
    ),
    "amount_missing": N_(
        "{parameter} in {product}: {value} does not say how much, so it cannot be compared with "
        "the limit {limit} ({where})."
    ),
    "kind": N_(
        "The limit for {parameter} hangs on the kind of {product}, one of: {kinds} ({where})."
    ),
    "edition": N_(
        "{parameter} in {product}: no edition for products made on {date} is kept here, so nothing "
        "is said of {value} ({where})."
    ),
    "kept": N_(
        "{parameter} in {product}: not all limits in force on {date} are kept here, so nothing is "
        "said of {value} ({where})."
    ),
}
_GUIDE: Final = N_(
    "{parameter} in {product}: no limit is set; {value} may be held against the guide value "
    "{limit}, which decides nothing ({where})."
)
_NO_LIMIT: Final = N_(
    "The standards kept here set no limit for {parameter} in {product} made on {date}."
)
_UNCONFIRMED: Final = N_("unconfirmed")
_RECOMMENDED: Final = N_("a recommended standard")
_ABSENT: Final = N_("not detectable")
_DRY: Final = N_("on dry basis")
_CARRIED: Final = N_("with the number of {title}")
_APART: Final = N_("detection limit {lod}")
_MOIST: Final = N_("moisture {moisture}")


def explained(verdict: Verdict, language: Language = "en", translate: Translate = str) -> str:
    """The verdict in one sentence, with standard, edition, clause, limit and value."""
    said = translate(_template(verdict)).format_map(
        {
            "parameter": verdict.parameter.names.say(language),
            "product": verdict.product_class.names.say(language),
            "value": _value(verdict, translate),
            "limit": limit_text(verdict.limit, translate) if verdict.limit else "",
            "where": _where(verdict, language, translate),
            "kinds": ", ".join(one.names.say(language) for one in verdict.kinds),
            "date": verdict.asked.production_date.isoformat(),
        }
    )
    return said[:1].upper() + said[1:]


def limit_text(limit: Limit, translate: Translate = str) -> str:
    """The limit as it is written beside a value: ``≤ 0.2 mg/kg``."""
    if limit.forbidden:
        return translate(_ABSENT)
    unit = limit.unit or ""
    if limit.plan is not None:
        return f"{limit_value(limit)} {unit}"
    ends = [
        f"{sign} {plain_number(end)}"
        for sign, end in (("≥", limit.minimum), ("≤", limit.maximum))
        if end is not None
    ]
    basis = f" ({translate(_DRY)})" if limit.basis == "dry" else ""
    return f"{', '.join(ends)} {unit}{basis}"


def limit_value(limit: Limit) -> str | None:
    """The limit without its unit: ``3.5``, ``3~8``, ``n=5 c=2 m=10000 M=100000``."""
    if limit.plan is not None:
        most = "" if limit.plan.most is None else f" M={plain_number(limit.plan.most)}"
        return f"n={limit.plan.n} c={limit.plan.c} m={plain_number(limit.plan.m)}{most}"
    ends = [plain_number(end) for end in (limit.minimum, limit.maximum) if end is not None]
    return "~".join(ends) or None


def plain_number(number: Decimal) -> str:
    """Without exponent and trailing zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _template(verdict: Verdict) -> str:
    if verdict.verdict == "not_regulated":
        return _GUIDE if verdict.why == "guide" else _NO_LIMIT
    if verdict.verdict == "inconclusive":
        return _OPEN[verdict.why]
    if verdict.verdict == "fail":
        return _FAILS
    if verdict.why == "portion_assumed":
        return _PORTION_ASSUMED
    limit = verdict.limit
    return _NONE_FOUND if limit is not None and limit.forbidden else _PASSES


def _value(verdict: Verdict, translate: Translate) -> str:
    """The results as they were written, with their unit and what is said beside them."""
    asked = verdict.asked
    shown = unreadable(asked.results) if verdict.why == "unreadable" else asked.results
    apart = ", " if not any("," in one for one in shown) else "; "
    written = apart.join(shown)
    if verdict.why == "units_differ" or not any(map(unit_within, shown)):
        written = f"{written} {asked.unit}".strip()
    beside = []
    if asked.lod.strip():
        beside.append(translate(_APART).format(lod=asked.lod.strip()))
    if asked.moisture.strip() and verdict.limit is not None and verdict.limit.basis == "dry":
        beside.append(translate(_MOIST).format(moisture=asked.moisture.strip()))
    return f"{written} ({', '.join(beside)})" if beside else written


def _where(verdict: Verdict, language: Language, translate: Translate) -> str:
    parts = [str(verdict.standard)]
    if verdict.limit is not None:
        parts.append(verdict.limit.clause)
        if verdict.limit.condition is not None:
            parts.append(verdict.limit.condition.say(language))
        if verdict.limit.carried_from is not None:
            parts.append(translate(_CARRIED).format(title=verdict.limit.carried_from))
    if verdict.force == "recommended":
        parts.append(translate(_RECOMMENDED))
    if verdict.unconfirmed:
        parts.append(translate(_UNCONFIRMED))
    return ", ".join(parts)
