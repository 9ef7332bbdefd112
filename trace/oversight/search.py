"""Finding things by whatever stands on a label or a paper.

An inspector has a package, a certificate or a complaint in hand and types what is written there:
a trace code with any digits and spaces, the whole text of a QR symbol, a serial, a lot, an ear
tag, a jar's number, that of an NFC tag or a hologram, a paper's or a report's number, a GTIN, a
name, a credit code, a telephone number. What it is need not be said; every reading that fits is
tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.tables import Batch
from suyuan.trace.carriers.queries import carriers_by_number
from suyuan.trace.carriers.tables import Carrier
from suyuan.trace.codes.paths import PATH, CodePath, GtinPath, parse_path
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.errors import InvalidInput
from suyuan.trace.events.tables import Event
from suyuan.trace.papers.tables import Paper
from suyuan.trace.parties.identifiers import phone
from suyuan.trace.parties.tables import Party
from suyuan.trace.printers.queries import sent_again
from suyuan.trace.printing.queries import issued_codes
from suyuan.trace.printing.reprints import times_printed
from suyuan.trace.printing.rolls import batch_of_code
from suyuan.trace.printing.tables import IssuedCode, PrintRun
from suyuan.trace.products.identifiers import gtin
from suyuan.trace.products.tables import Product
from suyuan.trace.quality.tables import TestReport
from suyuan.trace.written import compacted, folded

MOST_FOUND = 20
"""How many of each kind one answer holds."""
MOST_TYPED = 2_000
"""Characters; a GS1 QR text is below 300."""
_SERIAL_DIGITS = 12
_CODE_DIGITS = 16
_ELEMENTS = re.compile(
    r"\(01\)(?P<gtin>\d{14})(?:\(\d\d\)[^()]*)*?\(10\)(?P<lot>[^()]{1,20})(?:\(21\)(?P<serial>\d{12}))?"
)
"""A GS1 element string as people read it: (01)…(10)…(21)…"""

By = Literal["trace code", "label", "lot or mark", "GTIN", "producer"]


@dataclass(frozen=True)
class FoundBatch:
    """A batch, and by which of its numbers it was found."""

    batch: Batch
    by: By


@dataclass(frozen=True)
class FoundPackage:
    """A single package's code, the run it was issued in, the batch, if it is bound to one, and how
    often its label was printed."""

    code: IssuedCode
    batch: Batch | None
    printed: int = 1


@dataclass(frozen=True)
class Found:
    """What a text led to, by kind; nothing twice within a kind."""

    asked: str
    batches: tuple[FoundBatch, ...] = ()
    packages: tuple[FoundPackage, ...] = ()
    rolls: tuple[PrintRun, ...] = ()
    parties: tuple[Party, ...] = ()
    products: tuple[Product, ...] = ()
    papers: tuple[Paper, ...] = ()
    reports: tuple[TestReport, ...] = ()
    events: tuple[Event, ...] = ()
    carriers: tuple[Carrier, ...] = ()

    def __bool__(self) -> bool:
        return any(
            (self.batches, self.packages, self.rolls, self.parties, self.products, self.papers,
             self.reports, self.events, self.carriers)
        )  # fmt: skip


def search(session: Session, typed: str, *, most: int = MOST_FOUND) -> Found:
    """Everything that bears what was typed; at most ``most`` of each kind. Nothing for nothing."""
    text = folded(typed[:MOST_TYPED])
    if not text:
        return Found("")
    path = path_in(text)
    parties = _parties(session, text, most)
    products = _products(session, text, most)
    return Found(
        asked=text,
        batches=_batches(session, text, path, parties, products, most),
        packages=_packages(session, text, path, most),
        rolls=_rolls(session, text, path),
        parties=parties,
        products=products,
        papers=_papers(session, text, most),
        reports=_reports(session, text, most),
        events=tuple(session.scalars(sa.select(Event).where(Event.uid == text))),
        carriers=tuple(carriers_by_number(session, text)),
    )


def path_in(text: str) -> CodePath | None:
    """The path of a code inside a scanned text: a URL signed or not, or a GS1 element string.

    Whoever searches with a damaged or forged symbol wants to find what it claims to be, so only
    the path is read here; who issued the code, the verifier says.
    """
    plain = text.replace(" ", "")
    found = re.search(rf"(?:{PATH})(?![0-9A-Za-z/])", plain)
    elements = _ELEMENTS.search(plain)
    try:
        if found:
            return parse_path(found[0])
        if elements:
            return GtinPath(elements["gtin"], elements["lot"], elements["serial"])
    except InvalidInput:
        return None
    return None


def _digits(text: str) -> str:
    """The digits of a number as it is read aloud; nothing where there is more than digits."""
    plain = re.sub(r"[\s\-.]", "", text)
    return plain if plain.isdecimal() and plain.isascii() else ""


def _trace_code(text: str) -> str | None:
    """The trace code typed, alone or with the serial behind it; its check digit need not fit."""
    digits = _digits(text)
    if len(digits) not in (_CODE_DIGITS, _CODE_DIGITS + _SERIAL_DIGITS):
        return None
    try:
        return parse_trace_code(digits[:_CODE_DIGITS])
    except InvalidInput:
        return None


def _batches(
    session: Session,
    text: str,
    path: CodePath | None,
    parties: Iterable[Party],
    products: Iterable[Product],
    most: int,
) -> tuple[FoundBatch, ...]:
    found: dict[int, FoundBatch] = {}

    def add(some: Iterable[Batch | None], by: By) -> None:
        for one in some:
            if one is not None and len(found) < most:
                found.setdefault(one.id, FoundBatch(one, by))

    code = _trace_code(text)
    add(batches.batches_by_code(session, [code]).values() if code else (), "trace code")
    add([batches.batch_by_path(session, str(path.batch))] if path else (), "label")
    if path and not isinstance(path, GtinPath):
        add(batches.batches_by_code(session, [path.code]).values(), "label")
    for form in dict.fromkeys((text, compacted(text), _digits(text))):
        add(batches.found_by(session, form, limit=most) if form else (), "lot or mark")
    made_of = [one.id for one in products]
    newest = sa.select(Batch).order_by(Batch.id.desc()).limit(most)
    add(session.scalars(newest.where(Batch.product_id.in_(made_of))) if made_of else (), "GTIN")
    owners = [one.id for one in parties]
    add(session.scalars(newest.where(Batch.party_id.in_(owners))) if owners else (), "producer")
    return tuple(found.values())


def _packages(
    session: Session, text: str, path: CodePath | None, most: int
) -> tuple[FoundPackage, ...]:
    if path is not None:
        codes = issued_codes(session, str(path)) if path.serial else []
    else:
        digits = _digits(text)
        within, serial = digits[:-_SERIAL_DIGITS], digits[-_SERIAL_DIGITS:]
        if len(serial) != _SERIAL_DIGITS or len(within) not in (0, _CODE_DIGITS):
            return ()
        query = sa.select(IssuedCode).where(IssuedCode.serial == serial)
        if within:
            query = query.where(IssuedCode.within == within)
        codes = list(session.scalars(query.order_by(IssuedCode.id).limit(most)))
    return tuple(_package(session, code) for code in codes[:most])


def _package(session: Session, code: IssuedCode) -> FoundPackage:
    printed = times_printed(session, code) + sent_again(session, code)
    return FoundPackage(code, batch_of_code(session, code), printed)


def _rolls(session: Session, text: str, path: CodePath | None) -> tuple[PrintRun, ...]:
    code = path.code if path and not isinstance(path, GtinPath) else _trace_code(text)
    if code is None:
        return ()
    return tuple(session.scalars(sa.select(PrintRun).where(PrintRun.roll_code == code)))


def _parties(session: Session, text: str, most: int) -> tuple[Party, ...]:
    """By credit code, by the complaint telephone of a label, by part of a name, by uid."""
    wanted = [Party.uscc == compacted(text), Party.uid == text]
    if (number := _phone(text)) is not None:
        wanted += [_digits_of(Party.phone).endswith(number)]
        wanted += [_digits_of(Party.supervision_phone).endswith(number)]
    if len(text) > 1 and not _digits(text):
        wanted.append(Party.name.contains(text, autoescape=True))
    query = sa.select(Party).where(sa.or_(*wanted)).order_by(Party.id)
    return tuple(session.scalars(query.limit(most)))


def _phone(text: str) -> str | None:
    """What a number that can be called ends with, however area and country stand before it."""
    try:
        number = phone(text).number
    except InvalidInput:
        return None
    return re.sub(r"\D", "", number).removeprefix("0")


def _digits_of(column: InstrumentedAttribute[str]) -> sa.ColumnElement[str]:
    """A telephone number as its party wrote it, without hyphens and spaces."""
    return sa.func.replace(sa.func.replace(column, "-", ""), " ", "")


def _products(session: Session, text: str, most: int) -> tuple[Product, ...]:
    try:
        number = gtin(text).value
    except InvalidInput:
        return ()
    query = sa.select(Product).where(Product.gtin == number).order_by(Product.id)
    return tuple(session.scalars(query.options(joinedload(Product.party)).limit(most)))


def _papers(session: Session, text: str, most: int) -> tuple[Paper, ...]:
    forms = {text, compacted(text)}
    query = sa.select(Paper).where(sa.or_(Paper.number.in_(forms), Paper.uid == text))
    ordered = query.order_by(Paper.id).options(joinedload(Paper.holder))
    return tuple(session.scalars(ordered.limit(most)))


def _reports(session: Session, text: str, most: int) -> tuple[TestReport, ...]:
    forms = {text, compacted(text)}
    query = sa.select(TestReport).where(
        sa.or_(
            TestReport.number.in_(forms),
            TestReport.sample_number.in_(forms),
            TestReport.uid == text,
        )
    )
    return tuple(session.scalars(query.order_by(TestReport.id).limit(most)))
