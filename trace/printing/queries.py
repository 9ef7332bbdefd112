"""Reading print runs and the codes that were issued in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Generator, Sequence
from itertools import repeat

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.codes.pin import pin_key, pin_of
from suyuan.trace.codes.signing import LabelHost, write_code
from suyuan.trace.codes.trace_code import SERIAL_LENGTH
from suyuan.trace.errors import InvalidInput, NotFound
from suyuan.trace.keys.notes import parse_verifier_key
from suyuan.trace.keys.tables import Instance, SigningKey
from suyuan.trace.printing.content import IssuedLabel, LabelFacts
from suyuan.trace.printing.tables import IssuedCode, PrintRun

_AT_ONCE = 5_000
"""Values in one IN list: both databases' drivers take more, but not without end."""
_PORTION = 1_000
"""Codes that are read at a time."""


def print_run(session: Session, uid: str) -> PrintRun:
    """The run with this uid. Raises NotFound."""
    found = session.scalar(sa.select(PrintRun).where(PrintRun.uid == uid))
    if found is None:
        raise NotFound("There is no print run {uid}.", field="print_run", uid=uid)
    return found


def runs_of_batch(session: Session, batch_id: int) -> list[PrintRun]:
    """The runs of a batch, the newest first."""
    runs = sa.select(PrintRun).where(PrintRun.batch_id == batch_id).order_by(PrintRun.id.desc())
    return list(session.scalars(runs))


def facts_of(session: Session, run_uid: str) -> LabelFacts:
    """What stands on the labels of a run, as it was frozen. Raises NotFound."""
    return LabelFacts.from_json(print_run(session, run_uid).content)


def codes_of(
    session: Session,
    run_uid: str,
    secret: bytes | None = None,
    *,
    first: int = 1,
    last: int | None = None,
) -> list[IssuedLabel]:
    """Every label of a run, in order; voided ones are left out. Raises NotFound.

    ``first`` and ``last``, both included, count from 1 in the order of printing: only these.

    Those of a batch label all carry the same code, and it comes as often as it was asked for.
    With the installation's ``secret`` the labels of a run with PINs carry them: only for drawing,
    once ``suyuan.trace.acts.pins.draw_pins`` has put it on record.
    """
    return list(labels_of(session, run_uid, secret, first=first, last=last))


def labels_of(
    session: Session,
    run_uid: str,
    secret: bytes | None = None,
    *,
    first: int = 1,
    last: int | None = None,
) -> Generator[IssuedLabel]:
    """As ``codes_of``, a portion at a time: however many there are, few are in memory.

    Close it, or read it to its end, before the session is closed.
    """
    run = print_run(session, run_uid)
    last = run.count if last is None else last
    verifier = session.scalars(
        sa.select(SigningKey.verifier).where(SigningKey.name == run.key_name)
    ).one()
    key_id = parse_verifier_key(verifier).key_id
    host = _host(session, run)
    trace_code = run.roll_code or (run.batch.trace_code if run.batch else "")
    codes = sa.select(
        IssuedCode.path,
        IssuedCode.serial,
        IssuedCode.signature,
        IssuedCode.salt,
        IssuedCode.net_content,
    ).where(*_drawn(run, first, last))
    pins = pin_key(secret) if secret is not None and run.pins else None
    ordered = codes.order_by(IssuedCode.position).execution_options(yield_per=_PORTION)
    with session.execute(ordered) as rows:
        for path, serial, signature, salt, net in rows:
            label = IssuedLabel(
                write_code(host, path, key_id, signature),
                path,
                trace_code,
                serial,
                pin_of(pins, path, salt) if pins else None,
                net,
            )
            yield from repeat(label, last - first + 1 if serial is None else 1)


def count_labels(session: Session, run: PrintRun, first: int = 1, last: int | None = None) -> int:
    """How many labels ``labels_of`` gives."""
    last = run.count if last is None else last
    one_of_all = sa.case((IssuedCode.serial.is_(None), last - first + 1), else_=1)
    return session.scalar(sa.select(sa.func.sum(one_of_all)).where(*_drawn(run, first, last))) or 0


def numbers_in_force(session: Session, run: PrintRun, first: int, last: int) -> list[int]:
    """The numbers of the labels that ``labels_of`` gives."""
    codes = sa.select(IssuedCode.position, IssuedCode.serial).where(*_drawn(run, first, last))
    found = session.execute(codes.order_by(IssuedCode.position)).all()
    if any(serial is None for _, serial in found):
        return list(range(first, last + 1))
    return [position + 1 for position, _ in found]


def _drawn(run: PrintRun, first: int, last: int) -> tuple[sa.ColumnElement[bool], ...]:
    """The codes of these labels that are in force; the one code of a batch's labels is of all."""
    asked = sa.or_(IssuedCode.serial.is_(None), IssuedCode.position.between(first - 1, last - 1))
    return IssuedCode.print_run_id == run.id, IssuedCode.voided_at.is_(None), asked


def issued_codes(session: Session, path: str) -> list[IssuedCode]:
    """Each time this path was issued, the first one first."""
    found = sa.select(IssuedCode).where(IssuedCode.path == path).order_by(IssuedCode.id)
    return list(session.scalars(found))


def first_issued(session: Session, path: str) -> IssuedCode | None:
    """The first time that this path was issued; None where it never was."""
    found = sa.select(IssuedCode).where(IssuedCode.path == path).order_by(IssuedCode.id).limit(1)
    return session.scalar(found)


def path_of(session: Session, run_uid: str, serial: str) -> str:
    """The path of the package with this serial in a run. Raises NotFound."""
    query = (
        sa.select(IssuedCode.path)
        .join(PrintRun, PrintRun.id == IssuedCode.print_run_id)
        .where(PrintRun.uid == run_uid, IssuedCode.serial == serial)
    )
    path = session.scalar(query)
    if path is None:
        raise NotFound("No label of this run has the serial {serial}.", "serial", serial=serial)
    return path


def number_of(session: Session, run: PrintRun, said: str, field: str) -> int:
    """Which label of a run is meant, from 1 in the order of printing.

    ``said``: that number, or the 12 digits of its serial. Raises InvalidInput.
    """
    text = "".join(unicodedata.normalize("NFKC", said).split())
    if not text.isdecimal():
        raise InvalidInput("Give the number of the label in the run, or its 12 digits.", field)
    if len(text) == SERIAL_LENGTH:
        at = sa.select(IssuedCode.position).where(
            IssuedCode.print_run_id == run.id, IssuedCode.serial == text
        )
        position = session.scalar(at)
        if position is None:
            raise InvalidInput("No label of this run has the serial {serial}.", field, serial=text)
        return position + 1
    number = int(text) if len(text) < SERIAL_LENGTH else 0
    if not 1 <= number <= run.count:
        raise InvalidInput("The labels of this run are 1 to {last}.", field, last=run.count)
    return number


def taken_serials(session: Session, within: str, serials: Sequence[str]) -> set[str]:
    """Those of ``serials`` that were issued within this GTIN, trace code or roll code."""
    taken: set[str] = set()
    for at in range(0, len(serials), _AT_ONCE):
        some = serials[at : at + _AT_ONCE]
        taken.update(
            serial
            for serial in session.scalars(
                sa.select(IssuedCode.serial).where(
                    IssuedCode.within == within, IssuedCode.serial.in_(some)
                )
            )
            if serial is not None
        )
    return taken


def _host(session: Session, run: PrintRun) -> LabelHost:
    """The host that the run was printed with, with the scheme it had then."""
    hosts = session.get_one(Instance, 1).hosts
    http = any(entry["host"] == run.host and entry.get("http") for entry in hosts)
    return LabelHost(run.host, "http" if http else "https")
