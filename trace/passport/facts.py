"""The passport: the one answer about a code, whatever channel asks.

Three questions are answered apart, never as one tick: who issued this code (``Issued``), is
anything wrong with it (``Standing``), could it be a copy (``Copies``). Then what is known of the
batch, and, as plainly, what is not recorded. How values are shown is an edge's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from suyuan.trace.carriers.facts import BoundCarrier
from suyuan.trace.errors import InvalidInput
from suyuan.trace.passport.box import BoxItem
from suyuan.trace.passport.risks import Risk
from suyuan.trace.passport.sheets import TestSheet
from suyuan.trace.pins.facts import Confirmation
from suyuan.trace.products.grades import Grade
from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_dates import StatedDate
from suyuan.trace.words import Names


@dataclass(frozen=True)
class Issued:
    """Who issued this code. ``verdict`` is one of design's verdicts (``codes.verify.Verdict``);
    ``typed`` for a trace code that was typed in: there is then no signature to check.
    ``revoked_at_size``: the key was revoked later, at this size of the log; the code is good
    because its print run stands in the log from before."""

    verdict: str
    issuer: str | None = None
    typed: bool = False
    revoked_at_size: int | None = None


@dataclass(frozen=True)
class Unvouched:
    """A code that nothing can be vouched for: what is wrong with it, and nothing of a batch.

    ``verdict`` is one of ``codes.verify.Verdict``, or ``not-issued`` (right in form and unknown
    here) or ``not-in-use`` (of a blank roll that is bound to no batch yet). Showing a batch beside
    a forged code would lend it the batch's good name. ``hint`` says what the form lacks.
    """

    verdict: str
    issuer: str | None = None
    host: str | None = None
    trace_code: str | None = None
    hint: InvalidInput | None = None

    @property
    def alarms(self) -> bool:
        """Whether somebody seems to have made a label that was not theirs to make."""
        return self.verdict in ("forged", "unknown-key", "out-of-scope", "revoked-key")


@dataclass(frozen=True)
class Standing:
    """What is wrong, the gravest first: recalled, voided, withdrawn, held, paper_revoked (it leans
    on a paper that was), expired; ``clear`` where nothing is. ``as_of`` is when that was looked up.

    ``rule``: what gave the order, where no person did; ``by`` is then empty.
    """

    state: str
    as_of: datetime
    reason: str = ""
    since: datetime | None = None
    by: str = ""
    rule: Names | None = None


@dataclass(frozen=True)
class Released:
    """Whether the batch may be shipped and sold: ``released``, ``overridden`` (two persons let it
    go ``without`` something, and why), ``taken_back`` or ``not_released`` (yet)."""

    state: str
    since: datetime | None = None
    by: str = ""
    reason: str = ""
    without: tuple[Names, ...] = ()


@dataclass(frozen=True)
class Copies:
    """How often this package's code was opened before, and first when; batches have None."""

    count: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True)
class Fact:
    """One fact of the batch: what is asked, and its value as kept (numbers are texts)."""

    key: str
    names: Names
    value: Any
    unit: str | None = None
    value_names: Names | None = None


@dataclass(frozen=True)
class Place:
    """A site. Coordinates are decimal degrees as text; ``division`` its names from the top down."""

    uid: str
    name: str
    names: Mapping[str, str]
    kind: str
    division_code: str
    division: str
    altitude_m: int | None = None
    latitude: str | None = None
    longitude: str | None = None


@dataclass(frozen=True)
class Who:
    """A party as shown to the public. ``checked``: somebody has checked it against papers."""

    uid: str
    name: str
    names: Mapping[str, str]
    kind: str
    state: str
    division: str
    phone: str = ""
    supervision_phone: str = ""
    uscc: str | None = None
    warnings: tuple[Mapping[str, Any], ...] = ()

    @property
    def checked(self) -> bool:
        return self.state == "active"


@dataclass(frozen=True)
class PaperLine:
    """A paper that covers the batch or what it was made of. ``state``: valid, expired, not_yet,
    revoked. ``checked_by`` is the organisation that compared it. ``used_on``: the last day on which
    something that it covers happened while it was valid; a paper for one day's journey has done
    its work when it runs out. ``batch`` names the batch it covers, where it is not this one.
    ``drawn`` and ``left``, where ``amount`` is an account: of that for the year ``period``, if it
    is one for each year."""

    uid: str
    kind: str
    names: Names
    number: str
    holder: str
    issuer: str
    valid_from: date | None
    valid_to: date | None
    state: str
    state_reason: str
    used_on: date | None
    amount: Quantity | None
    checked: bool
    checked_at: datetime | None
    checked_by: str
    checked_where: str
    evidence_uid: str | None
    warnings: tuple[Mapping[str, Any], ...]
    batch: str | None = None
    drawn: Quantity | None = None
    left: Quantity | None = None
    period: str = ""


@dataclass(frozen=True)
class CertificateLine:
    """A commitment certificate of the batch or of what it was made of. ``state``: issued or void.
    ``grouped``: its number as it is printed. ``batch`` names the batch it is of, where it is not
    this one."""

    number: str
    grouped: str
    issuer: str
    quantity: Quantity
    issued_on: date
    state: str
    state_reason: str
    batch: str | None = None


@dataclass(frozen=True)
class StepBatch:
    """A batch in a step: its trace code, name, role (subject, input, output) and quantity."""

    trace_code: str
    name: str
    role: str
    quantity: Quantity | None


@dataclass(frozen=True)
class Step:
    """Something that happened. ``missing`` names what the kind asks for and nobody recorded.

    ``record_id`` and ``leaf_index`` lead to its proof; ``corrects`` and ``corrected_by`` to the
    event that it mends or that mends it; ``withdrawn`` says that it never happened. ``facts`` are
    those the asker may see, ``warnings`` what is hard to believe.
    """

    uid: str
    kind: str
    names: Names
    happened_at: datetime
    happened: StatedDate | None
    who: str
    place: str
    evidence_grade: str
    completeness: int
    missing: tuple[Names, ...]
    facts: tuple[Fact, ...]
    note: str
    batches: tuple[StepBatch, ...]
    evidence: tuple[str, ...]
    record_id: str
    leaf_index: int
    corrects: str | None = None
    corrected_by: str | None = None
    correction_reason: str = ""
    withdrawn: bool = False
    warnings: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Stop:
    """A stop of the schematic route, in order: where, who, and what happened there first."""

    place: Place
    who: str
    kind: Names
    at: datetime


@dataclass(frozen=True)
class Passport:
    """The one answer about a code. ``pin``: None where the label carries none; ``net_content``:
    that of a package that was weighed. ``carriers`` of other systems are bound to what the code
    names; ``asked`` is the one that was asked by. ``unproved``: marks (有机) said of it that no
    paper in force when it was made allows. ``items``: what is in a box of several batches."""

    trace_code: str
    path: str
    serial: str | None
    net_content: str | None
    issued: Issued
    standing: Standing
    risks: tuple[Risk, ...]
    released: Released
    copies: Copies | None
    pin: Confirmation | None
    carriers: tuple[BoundCarrier, ...]
    asked: BoundCarrier | None
    name: str
    names: Mapping[str, str]
    family: str
    variant: str
    family_names: Names
    variant_names: Names
    is_food: bool
    gtin: str | None
    lot: str | None
    quantity: Quantity
    produced: StatedDate | None
    best_before: date | None
    grades: tuple[Grade, ...]
    unproved: tuple[Names, ...]
    facts: tuple[Fact, ...]
    label: Mapping[str, Any]
    producer: Who
    origin: Place | None
    items: tuple[BoxItem, ...]
    households: int
    route: tuple[Stop, ...]
    papers: tuple[PaperLine, ...]
    certificates: tuple[CertificateLine, ...]
    tests: tuple[TestSheet, ...]
    steps: tuple[Step, ...]
    not_recorded: tuple[Names, ...]
    truncated: bool
    supervision_phone: str
    registered_at: datetime
    record_id: str
    leaf_index: int
    log_size: int
