"""What a sampling sheet and a step must say, apart from tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from suyuan.trace.errors import Conflict, Fault, InvalidInput, InvalidInputs
from suyuan.trace.quantities import Quantity
from suyuan.trace.samples.chain import PORTIONS, Chain
from suyuan.trace.samples.facts import SampleFacts, StepFacts
from suyuan.trace.samples.kinds import SamplingKind, called, sampling_kinds

_NAMES = 20
_NAME = 60


def kind_of(key: str) -> SamplingKind:
    """The kind of sampling. Raises InvalidInput naming those there are."""
    known = sampling_kinds()
    if key not in known:
        raise InvalidInput(
            "There is no kind of sampling {kind}; there are: {known}.",
            "kind",
            kind=key,
            known=", ".join(known),
        )
    return known[key]


def require_whole(facts: SampleFacts, kind: SamplingKind, today: date) -> None:
    """Raises InvalidInputs naming all that a sheet lacks."""
    faults = list(_faults(facts, kind, today))
    if faults:
        raise InvalidInputs(faults)


def require_portion(portion: str) -> None:
    """Raises InvalidInput for what is no part of a sample."""
    if portion not in PORTIONS:
        raise InvalidInput(
            "There is no such part of a sample; there are: {known}.",
            "portion",
            known=", ".join(PORTIONS),
        )


def require_next(chain: Chain, facts: StepFacts, today: date) -> None:
    """Raises InvalidInputs for what a step lacks, Conflict where it is not its turn."""
    due = chain.following(facts.portion)
    # whoever seals a sample that needs no seal does more than is asked
    sealing = facts.kind == "sealed" and not chain.sealed and not chain.of(facts.portion)
    if facts.kind != due and not sealing:
        raise Conflict(
            "This is not the next step of the chain: next comes {due}."
            if due
            else "Nothing more happens to this part of the sample.",
            "kind",
            due=called("steps")[due] if due else "",
        )
    faults = list(_step_faults(chain, facts, today))
    if faults:
        raise InvalidInputs(faults)


def require_within(facts: SampleFacts, lot: Quantity) -> None:
    """Raises InvalidInput where more was taken than the whole batch; what is measured otherwise is
    not compared."""
    parts = (facts.quantity, facts.reserve)
    taken = [one.to(lot.unit).amount for one in parts if one and one.dimension == lot.dimension]
    if sum(taken) > lot.amount:
        message = "More was taken than the batch holds: {lot}."
        raise InvalidInput(message, "quantity", lot=lot.names)


def _faults(facts: SampleFacts, kind: SamplingKind, today: date) -> Iterator[Fault]:
    if not facts.number.strip():
        yield Fault("number", "A sample has a number, as it stands on the sheet.")
    samplers = {one.strip() for one in facts.samplers} - {""}
    if len(samplers) < kind.samplers:
        message = "{kind}: at least {least} samplers sign the sheet; {count} are named."
        params = (("kind", kind.names), ("least", kind.samplers), ("count", len(samplers)))
        yield Fault("samplers", message, params)
    if kind.reserve and facts.reserve is None:
        message = "{kind}: a reserve sample is laid by; say how much it is."
        yield Fault("reserve", message, (("kind", kind.names),))
    for name in ("base", "quantity", "reserve"):
        stated: Quantity | None = getattr(facts, name)
        if stated is not None and stated.amount <= 0:
            yield Fault(name, "This must be more than nothing.")
    if facts.taken_on > today:
        yield Fault("taken_on", "This day is still to come: enter what has happened.")
    for name in ("samplers", "present"):
        if _too_many(getattr(facts, name)):
            message = "At most {most} names of at most {length} characters."
            yield Fault(name, message, (("most", _NAMES), ("length", _NAME)))
    if facts.base is not None and facts.base.dimension == facts.quantity.dimension:
        taken = facts.quantity
        if facts.reserve is not None and facts.reserve.dimension == taken.dimension:
            taken = taken + facts.reserve.to(taken.unit)
        if taken > facts.base:
            message = "More was taken than the {base} that the sample stands for."
            yield Fault("base", message, (("base", facts.base),))


def _too_many(names: tuple[str, ...]) -> bool:
    return len(names) > _NAMES or any(len(one) > _NAME for one in names)


def _step_faults(chain: Chain, facts: StepFacts, today: date) -> Iterator[Fault]:
    if facts.on > today:
        yield Fault("on", "This day is still to come: enter what has happened.")
    before = [one.on for one in chain.of(facts.portion)] or [chain.taken_on]
    if facts.on < before[-1]:
        message = "This was before the step before it, on {day}."
        yield Fault("on", message, (("day", before[-1].isoformat()),))
    if facts.kind == "sealed" and not facts.seal.strip():
        yield Fault("seal", "Give the number of the seal.")
    if facts.kind == "sent" and not (facts.to or facts.to_name.strip()):
        yield Fault("to", "Name the laboratory that it is sent to.")
    if facts.kind == "received" and facts.intact is None:
        yield Fault("intact", "Say whether the seal was whole when it came.")
    if facts.keep_until is not None and facts.keep_until < facts.on:
        yield Fault("keep_until", "It is kept at least until the day on which it was laid by.")
