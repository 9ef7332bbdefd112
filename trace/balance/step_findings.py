"""What does not add up in a step: gains, yields beyond their bands, dry matter, animals."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from suyuan.trace.balance.animals import animals_in, carcasses_beyond, tags_from_nowhere
from suyuan.trace.balance.bands import Measured, Step, dry_matter, gain, measured, total
from suyuan.trace.balance.findings import Finding, amount_said, finding
from suyuan.trace.balance.rules import balance_rules
from suyuan.trace.words import Names


def of_step(step: Step) -> Iterator[Finding]:
    """All that is found of one step; it is told of the first batch that came out."""
    bands = measured(step.kind, step.taken, step.made)
    beside = (*step.by_products, *((step.loss,) if step.loss else ()))
    more = gain(step.kind, step.taken, step.made, beside)
    if more is not None:
        yield _gain(step, more)
    for one in bands:
        if one.side is not None:
            yield _yield(step, one)
    yield from _dry_gain(step, bands)
    beyond = carcasses_beyond(step)
    if beyond:
        yield _found(
            "animals_above",
            step,
            {
                "carcasses": str(step.carcasses),
                "animals": str(animals_in(step)),
                "beyond": str(beyond),
            },
            amount=Decimal(beyond),
            of=Decimal(animals_in(step) or 1),
        )
    for tag in sorted(tags_from_nowhere(step)):
        yield _found("tag_unknown", step, {"tag": tag})


def _gain(step: Step, more: Decimal) -> Finding:
    went_in, came_out = total(g.weighed for g in step.taken), total(g.quantity for g in step.made)
    assert went_in is not None
    assert came_out is not None
    return _found(
        "gain",
        step,
        {
            "made": amount_said(went_in.amount + more, went_in.unit),
            "taken": amount_said(went_in.amount, went_in.unit),
            "beyond": amount_said(more, went_in.unit),
        },
        amount=more,
        unit=went_in.unit,
        of=went_in.amount,
    )


def _yield(step: Step, one: Measured) -> Finding:
    went_in = total(g.weighed for g in step.taken)
    told: dict[str, str | Names] = {
        "step": one.band.names,
        "made": amount_said(one.made, one.unit),
        "taken": amount_said(one.taken, went_in.unit if went_in else one.unit),
        "beyond": amount_said(abs(one.beyond), one.unit),
        "minimum": str(one.band.minimum),
        "maximum": str(one.band.maximum),
    }
    rule = "yield_above" if one.side == "above" else "yield_below"
    return _found(
        rule,
        step,
        told,
        provenance=one.band.provenance,
        amount=one.beyond,
        unit=one.unit,
        of=one.taken,
        refused=balance_rules().entry(rule, one.band.step) == "refuse",
    )


def _dry_gain(step: Step, bands: list[Measured]) -> Iterator[Finding]:
    dry = dry_matter(step)
    if dry is None:
        return
    rules = balance_rules()
    allowances = [rules.dry_allowance(one.band.step) for one in bands] or [rules.dry_matter]
    allowance = max(allowances, key=lambda one: one.share)
    went_in, came_out = dry
    if came_out <= went_in * (1 + allowance.share):
        return
    yield _found(
        "dry_gain",
        step,
        {
            "taken": amount_said(went_in, "KGM"),
            "made": amount_said(came_out, "KGM"),
            "beyond": amount_said(came_out - went_in, "KGM"),
            "allowance": str(allowance.share),
        },
        provenance=allowance.provenance,
        amount=came_out - went_in,
        unit="KGM",
        of=went_in,
    )


def _found(rule: str, step: Step, told: dict[str, str | Names], **more: object) -> Finding:
    batch = step.made[0]
    refused = balance_rules().entry(rule) == "refuse"
    given: dict[str, object] = {"refused": refused, **more}
    return finding(
        rule,
        told,
        trace_code=batch.trace_code,
        batch_id=batch.batch_id,
        party_id=step.party_id,
        at=step.at,
        event=step.event,
        site_id=step.site_id,
        **given,
    )
