"""Balances as they are told to programs and pages: numbers as texts, findings in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from suyuan.trace.balance.accounts import Account, Basis
from suyuan.trace.balance.bands import step_account
from suyuan.trace.balance.explaining import Translate, explained
from suyuan.trace.balance.findings import Finding
from suyuan.trace.balance.reckoning import Reckoned
from suyuan.trace.balance.reports import Line
from suyuan.trace.sourced import Confidence
from suyuan.trace.words import Language, Names


@dataclass(frozen=True)
class ToldAccount:
    """An account: ``closing`` = ``opening`` + ``taken_in`` − ``given_out`` − ``by_products`` −
    ``loss`` − ``samples`` − ``returns``, exactly; ``gap`` = ``stock`` − ``closing``.
    """

    unit: str
    basis: Basis
    opening: Decimal
    taken_in: Decimal
    given_out: Decimal
    by_products: Decimal
    loss: Decimal
    samples: Decimal
    returns: Decimal
    closing: Decimal
    stock: Decimal
    gap: Decimal


@dataclass(frozen=True)
class ToldFinding:
    """Something that does not add up, the gravest having ``gravity`` 1.

    ``amount`` is how much is unexplained, below zero where it is missing. ``unconfirmed``: the
    band or bound rests on knowledge that nobody has checked yet.
    """

    rule: str
    names: Names
    gravity: int
    trace_code: str
    event: str | None
    at: datetime
    amount: Decimal | None
    unit: str | None
    source: str
    confidence: Confidence
    unconfirmed: bool
    explanation: str


@dataclass(frozen=True)
class ToldStep:
    """A step that made the batch, with its account where its goods can be added up."""

    event: str
    kind: str
    at: datetime
    account: ToldAccount | None


@dataclass(frozen=True)
class ToldBalance:
    """The account of one batch in all hands, of the steps that made it, and what was found."""

    trace_code: str
    account: ToldAccount
    steps: tuple[ToldStep, ...]
    findings: tuple[ToldFinding, ...]


@dataclass(frozen=True)
class ToldLine:
    """One line of a report: of a party, site, batch, process, household, season or paper.

    ``uid`` is its outside name. ``gain`` and ``missing``: what is unexplained in all, in the unit
    of the account. ``gravest`` is the gravest of its ``findings``.
    """

    uid: str
    name: str
    kind: str
    family: str
    batches: int
    account: ToldAccount
    findings: int
    gain: Decimal
    missing: Decimal
    gravest: ToldFinding | None


def told_account(account: Account) -> ToldAccount:
    """The account with what follows from it."""
    return ToldAccount(
        unit=account.unit,
        basis=account.basis,
        opening=_plain(account.opening),
        taken_in=_plain(account.taken_in),
        given_out=_plain(account.given_out),
        by_products=_plain(account.by_products),
        loss=_plain(account.loss),
        samples=_plain(account.samples),
        returns=_plain(account.returns),
        closing=_plain(account.closing),
        stock=_plain(account.stock),
        gap=_plain(account.gap),
    )


def told_finding(
    one: Finding, language: Language = "en", translate: Translate = str
) -> ToldFinding:
    """The finding with its sentence in the reader's language."""
    return ToldFinding(
        rule=one.rule,
        names=one.kind.names,
        gravity=one.kind.gravity,
        trace_code=one.trace_code,
        event=one.event or None,
        at=one.at,
        amount=_plain(one.amount) if one.amount is not None else None,
        unit=one.unit,
        source=one.provenance.source,
        confidence=one.provenance.confidence,
        unconfirmed=one.unconfirmed,
        explanation=explained(one, language, translate),
    )


def told_balance(
    reckoned: Reckoned, batch_id: int, language: Language = "en", translate: Translate = str
) -> ToldBalance | None:
    """The balance of one of the batches that were reckoned; None where it was withdrawn."""
    book = reckoned.books.by_batch.get(batch_id)
    if book is None:
        return None
    code = book.batch.trace_code
    steps = [
        step
        for step in reckoned.books.steps
        if any(goods.batch_id == batch_id for goods in step.made)
    ]
    events = {step.event for step in steps}
    return ToldBalance(
        trace_code=code,
        account=told_account(book.whole()),
        steps=tuple(
            ToldStep(
                step.event,
                step.kind,
                step.at,
                told_account(account) if (account := step_account(step)) is not None else None,
            )
            for step in steps
        ),
        findings=tuple(
            told_finding(one, language, translate)
            for one in reckoned.findings
            if one.trace_code == code or one.event in events
        ),
    )


def told_line(line: Line, language: Language = "en", translate: Translate = str) -> ToldLine:
    """A line of a report with its gravest finding in the reader's language."""
    named = line.named
    gravest = line.gravest
    return ToldLine(
        uid=named.uid if named else line.key,
        name=named.name if named else line.key,
        kind=named.kind if named else "",
        family=line.family,
        batches=line.batches,
        account=told_account(line.account),
        findings=line.findings,
        gain=_plain(line.gain),
        missing=_plain(line.missing),
        gravest=told_finding(gravest, language, translate) if gravest is not None else None,
    )


def _plain(amount: Decimal) -> Decimal:
    """The number without trailing zeros and without an exponent."""
    whole = amount.to_integral_value()
    return whole.quantize(Decimal(1)) if amount == whole else amount.normalize()
