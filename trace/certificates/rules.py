"""By which rules a commitment certificate may be issued, apart from tables (order 2025-4).

Each rule answers with what stands in the way and what would put it right; all are asked, so that
the clerk reads one list and not one refusal after another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from suyuan.trace.certificates.facts import Lot
from suyuan.trace.certificates.inputs import ForbiddenUse, covered, is_tested_for
from suyuan.trace.certificates.texts import Basis, Style, certificate_texts
from suyuan.trace.errors import Conflict, Fault, InvalidInputs
from suyuan.trace.events.intervals import InputUsed
from suyuan.trace.quantities import Quantity
from suyuan.trace.words import Names


class NotCertifiable(InvalidInputs):
    """Something stands in the way of a certificate; ``faults`` names each, with what is to do."""

    kind = "not-certifiable"


@dataclass(frozen=True)
class Tested:
    """A test report on the batch. ``by_others``: of a laboratory, and not the issuer's own.

    ``taken_on``: the day from which it can tell. ``passed``: what was tested for and passed, as it
    was written; ``failed``: what did not. A line that tells neither is in none of them.
    """

    number: str
    by_others: bool
    issued_on: date
    taken_on: date
    valid_to: date | None
    passed: tuple[str, ...]
    failed: tuple[str, ...]

    def counts_on(self, day: date) -> bool:
        """Whether a certificate of this day can rest on it."""
        earliest = day - timedelta(days=certificate_texts().rules.report_days)
        return earliest <= self.issued_on <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Grounds:
    """All that the rules look at.

    ``listed``: the issuer was checked by the county and is on its list. ``required``: whether the
    law knows a certificate for this class of products at all. Quantities are in ``unit``.
    ``free_by``: the day on which intervals must be over: of harvest or slaughter, or for live
    animals that of issue. ``unended``: inputs whose interval must be stated and is not. ``made``
    and so on: what came to be, what certificates stand for, what
    the issuer has in hand.
    """

    issuer: str
    listed: bool
    product: Names
    required: bool
    unit: str
    made: Decimal
    certified: Decimal
    left: Decimal
    free_by: date
    inputs: tuple[InputUsed, ...]
    unended: tuple[InputUsed, ...]
    forbidden: tuple[ForbiddenUse, ...]
    tests: tuple[Tested, ...]
    lots: tuple[Lot, ...]

    @property
    def uncertified(self) -> Decimal:
        """For how much a certificate may still be issued."""
        return max(min(self.made - self.certified, self.left), Decimal(0))

    @property
    def style(self) -> Style:
        """Whose commitment it is: the purchaser's where anything came from others."""
        return "purchaser" if any(lot.others for lot in self.lots) else "producer"


def obstacles(
    grounds: Grounds, *, quantity: Decimal, basis: Iterable[Basis], style: str, day: date
) -> tuple[Fault, ...]:
    """What stands in the way of a certificate; nothing where it may be issued."""
    chosen = tuple(basis)
    return (
        *_of_issuer(grounds),
        *_of_quantity(grounds, quantity),
        *_of_inputs(grounds),
        *_of_failures(grounds),
        *_of_basis(grounds, chosen, day),
        *_of_lots(grounds, style),
    )


def require_none(found: Iterable[Fault]) -> None:
    """Raises NotCertifiable where anything stands in the way.

    Where one field has several faults each keeps a place of its own: ``basis``, ``basis.2`` …
    """
    faults: list[Fault] = []
    times: Counter[str] = Counter()
    for fault in found:
        times[fault.field] += 1
        again = times[fault.field]
        faults.append(replace(fault, field=f"{fault.field}.{again}") if again > 1 else fault)
    if faults:
        raise NotCertifiable(faults)


def require_printable(state: str) -> None:
    """Raises Conflict where a certificate is void: nobody is to have it in hand."""
    if state == "void":
        raise Conflict("This certificate is void: it is not printed any more.", "number")


def _of_issuer(grounds: Grounds) -> Iterator[Fault]:
    if not grounds.listed:
        yield Fault(
            "issuer",
            "{issuer} is not on the county's list: the county's agriculture office checks it "
            "against its papers first.",
            (("issuer", grounds.issuer),),
        )
    if not grounds.required:
        yield Fault(
            "trace_code",
            "{product} is not among the products that bear a commitment certificate: other papers "
            "are asked for.",
            (("product", grounds.product),),
        )


def _of_quantity(grounds: Grounds, quantity: Decimal) -> Iterator[Fault]:
    if quantity <= 0:
        yield Fault("quantity", "The quantity must be more than nothing.")
    free = grounds.made - grounds.certified
    if quantity > free:
        yield Fault(
            "quantity",
            "Certificates stand for {certified} of {made} already: {free} are left for another.",
            (
                ("certified", Quantity(grounds.certified, grounds.unit).names),
                ("made", Quantity(grounds.made, grounds.unit).names),
                ("free", Quantity(max(free, Decimal(0)), grounds.unit).names),
            ),
        )
    elif quantity > grounds.left:
        yield Fault(
            "quantity",
            "Only {left} of this batch are in hand: a certificate goes with goods that are there.",
            (("left", Quantity(grounds.left, grounds.unit).names),),
        )


def _of_inputs(grounds: Grounds) -> Iterator[Fault]:
    for used in grounds.inputs:
        if used.runs_on(grounds.free_by) and used.ends is not None:
            yield Fault(
                "issued_on",
                "{name}: its withdrawal or pre-harvest interval runs until {end}, and the goods "
                "are of {day}. They must be of a later day.",
                (("name", used.name), ("end", used.ends.isoformat()),
                 ("day", grounds.free_by.isoformat())),
            )  # fmt: skip
    for used in grounds.unended:
        yield Fault(
            "trace_code",
            "{name}: nobody recorded the last day of its interval. Correct that record first.",
            (("name", used.name or "?"),),
        )
    for one in grounds.forbidden:
        yield Fault(
            "trace_code",
            "{name} is on record as used here, and {substance} is forbidden ({standard}): no "
            "certificate can be given. Tell the agriculture office.",
            (
                ("name", one.used.name),
                ("substance", one.substance.names),
                ("standard", one.standard),
            ),
        )


def _of_failures(grounds: Grounds) -> Iterator[Fault]:
    """What was found against the goods stands in the way of any commitment."""
    for report in grounds.tests:
        if report.failed:
            yield Fault(
                "trace_code",
                "Report {number} did not pass in: {failed}.",
                (("number", report.number), ("failed", "、".join(report.failed))),
            )


def _of_basis(grounds: Grounds, basis: tuple[Basis, ...], day: date) -> Iterator[Fault]:
    if not basis:
        yield Fault("basis", "Say on what the commitment rests.")
    for one in (each for each in basis if each.tested):
        reports = [
            report
            for report in grounds.tests
            if report.counts_on(day) and (report.by_others or one.key != "commissioned_test")
        ]
        if not reports:
            yield Fault(
                "basis",
                "“{basis}” needs a test report on this batch: enter the report first.",
                (("basis", one.names),),
            )
            continue
        yield from _of_reports(grounds, reports)


def _of_reports(grounds: Grounds, reports: list[Tested]) -> Iterator[Fault]:
    if not any(report.passed for report in reports):
        yield Fault(
            "basis",
            "No line of report {number} passed: a result that does not tell bears no commitment.",
            (("number", "、".join(report.number for report in reports)),),
        )
        return
    for used in dict.fromkeys(one for one in grounds.inputs if is_tested_for(one.name)):
        after = [report for report in reports if report.taken_on >= used.on]
        if not covered(used.name, [line for report in after for line in report.passed]):
            yield Fault(
                "basis",
                "{name} was used on {day}, and no later sample of this batch passed for all that "
                "is in it: have it tested, or let the commitment rest on quality control.",
                (("name", used.name), ("day", used.on.isoformat())),
            )


def _of_lots(grounds: Grounds, style: str) -> Iterator[Fault]:
    if style != grounds.style:
        yield Fault(
            "style",
            "Goods of others went into this: the certificate is the purchaser's (style 2)."
            if grounds.style == "purchaser"
            else "Nothing of others went into this: the certificate is the producer's (style 1).",
        )
    for lot in grounds.lots:
        if lot.others and not lot.sources:
            yield Fault(
                "upstream",
                "No certificate was collected with {code}, which came from others: collect it "
                "first, no goods are bought without one.",
                (("code", lot.trace_code),),
            )
