"""Reports: accounts and findings of many batches, gathered and told the gravest first.

Batches are read some hundred at a time and forgotten, so that a season of a hundred thousand takes
no more memory than its organisations do. What is told of each batch or step keeps only the first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from heapq import nsmallest
from typing import Final, Literal

from sqlalchemy.orm import Session

from suyuan.trace.balance.accounts import NOTHING, Account
from suyuan.trace.balance.bands import BASE_UNITS, step_account, used_up
from suyuan.trace.balance.books import Book
from suyuan.trace.balance.findings import Finding, ranked
from suyuan.trace.balance.households import shares_of
from suyuan.trace.balance.naming import Named, names_of
from suyuan.trace.balance.reckoning import Reckoned, reckon
from suyuan.trace.balance.rules import balance_rules
from suyuan.trace.balance.scope import Scope, batch_ids
from suyuan.trace.clock import day_of
from suyuan.trace.products.families import Families
from suyuan.trace.quantities import units

By = Literal["party", "batch", "process", "site", "household", "season", "paper"]
MOST_LINES: Final = 1_000
"""Lines of a report on single batches or steps: the gravest of them."""
MOST_FINDINGS: Final = 1_000
MOST_RECKONED: Final = 5_000
"""Batches that are reckoned while somebody waits for a page."""

Key = tuple[str, str, str, str]
"""What a line is of (an id or code), family, unit, basis."""


@dataclass
class Line:
    """One line of a report: an account in one unit, and what was found.

    ``gain`` and ``missing`` are the sums of what is unexplained, in that unit.
    """

    key: str
    family: str
    account: Account
    batches: int = 0
    findings: int = 0
    gravest: Finding | None = None
    gain: Decimal = NOTHING
    missing: Decimal = NOTHING
    named: Named | None = None

    def order(self) -> tuple[int, Decimal, Decimal, str]:
        """The gravest first, then the greatest gap of what there was."""
        none = len(balance_rules().findings) + 1
        gravity = self.gravest.kind.gravity if self.gravest is not None else none
        share = self.gravest.share if self.gravest is not None else NOTHING
        return gravity, -share, -self._gap_share(), self.key

    def _gap_share(self) -> Decimal:
        there = self.account.opening + self.account.taken_in
        return abs(self.account.gap) / there if there else NOTHING

    def add(self, other: Line) -> None:
        """Put another line of the same key into this one."""
        self.account += other.account
        self.batches += other.batches

    def note(self, one: Finding) -> None:
        """Count a finding."""
        self.findings += 1
        if self.gravest is None or ranked((self.gravest, one))[0] is one:
            self.gravest = one
        if one.amount is not None and one.unit is not None:
            amount = in_base_unit(one.amount, one.unit)
            self.gain += max(amount, NOTHING)
            self.missing -= min(amount, NOTHING)


@dataclass
class Report:
    """Lines, the gravest first, and the gravest findings; ``truncated``: not all were reckoned."""

    by: By
    lines: list[Line] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    batches: int = 0
    truncated: bool = False


def report(
    session: Session,
    families: Families,
    scope: Scope,
    by: By,
    *,
    most: int | None = None,
    watched: Callable[[int], None] | None = None,
) -> Report:
    """Reckon all batches of a scope, at most ``most``, and gather them ``by`` what is asked.

    ``watched`` is told after each part how many batches it had.
    """
    made = Report(by)
    gathered: dict[Key, Line] = {}
    singles = by in ("batch", "process")
    seen = _Seen()
    for ids in batch_ids(session, scope):
        if most is not None and made.batches >= most:
            made.truncated = True
            break
        reckoned = reckon(session, families, ids)
        found = [
            one for one in reckoned.findings if scope.holds(one.at) and _name(one) not in seen.told
        ]
        lines = _lines(session, reckoned, scope, by, seen)
        if singles:
            _note(lines, found, by)
            made.lines = nsmallest(MOST_LINES, (*made.lines, *lines.values()), key=Line.order)
        else:
            for key, line in lines.items():
                if key in gathered:
                    gathered[key].add(line)
                else:
                    gathered[key] = line
            _note(gathered, found, by)
        made.findings = ranked((*made.findings, *found))[:MOST_FINDINGS]
        made.batches += len(ids)
        # what one event made stands side by side: it is met again in the next part or never
        seen = _Seen(
            {step.event for step in reckoned.books.steps}, {_name(one) for one in reckoned.findings}
        )
        session.expunge_all()
        if watched is not None:
            watched(len(ids))
    if not singles:
        made.lines = sorted(gathered.values(), key=Line.order)
    names_of(session, by, made.lines)
    return made


@dataclass(frozen=True)
class _Seen:
    """The steps and findings of the part before."""

    steps: Collection[str] = frozenset()
    told: Collection[tuple[str, str, str]] = frozenset()


def _name(one: Finding) -> tuple[str, str, str]:
    return one.rule, one.trace_code, one.event


def _lines(
    session: Session, reckoned: Reckoned, scope: Scope, by: By, seen: _Seen
) -> dict[Key, Line]:
    """The lines of one part, by key."""
    found: dict[Key, Line] = {}
    for key, family, account in _accounts(session, reckoned, scope, by, seen):
        line = Line(key, family, based(account), batches=1)
        at = (key, family, line.account.unit, line.account.basis)
        if at in found:
            found[at].add(line)
        else:
            found[at] = line
    return found


def _accounts(
    session: Session, reckoned: Reckoned, scope: Scope, by: By, seen: _Seen
) -> Iterator[tuple[str, str, Account]]:
    books = list(reckoned.books.by_batch.values())
    match by:
        case "party":
            yield from _of_parties(books, scope)
        case "batch":
            for book in books:
                if any(scope.holds(one.at) for one in book.movements):
                    yield book.batch.trace_code, book.batch.family, book.whole()
        case "season":
            for book in books:
                yield str(_year(book)), book.batch.family, book.whole()
        case "household":
            yield from shares_of(session, books, scope)
        case "paper":
            for drawn in reckoned.drawn:
                if scope.season is None or drawn.period in ("", str(scope.season)):
                    yield drawn.key, "", drawn.account()
        case "process" | "site":
            for step in reckoned.books.steps:
                account = step_account(step) or used_up(step)
                if step.event in seen.steps or not scope.holds(step.at) or account is None:
                    continue
                key = step.event if by == "process" else str(step.site_id or "")
                yield key, step.made[0].family.key, account


def _of_parties(books: Iterable[Book], scope: Scope) -> Iterator[tuple[str, str, Account]]:
    for book in books:
        for party in sorted({one.party_id for one in book.movements}):
            account = book.of_party(party, scope.since, scope.until)
            if any(
                (account.opening, account.taken_in, account.given_out, account.stock, account.gap)
            ):
                yield str(party), book.batch.family, account


def _year(book: Book) -> int:
    """The season of a batch: the year in which it was produced, or else registered."""
    return (book.batch.produced_on or day_of(book.batch.registered_at)).year


def _note(lines: dict[Key, Line], found: Iterable[Finding], by: By) -> None:
    """Count each finding at the first line that it concerns."""
    by_key: dict[str, Line] = {}
    for (key, *_), line in lines.items():
        by_key.setdefault(key, line)
    for one in found:
        concerned = by_key.get(_key_of(one, by) or "")
        if concerned is not None:
            concerned.note(one)


def _key_of(one: Finding, by: By) -> str | None:
    match by:
        case "party":
            return str(one.party_id)
        case "batch":
            return one.trace_code
        case "process":
            return one.event
        case "site":
            return str(one.site_id or "")
        case "season":
            return str(day_of(one.at).year)
        case "paper" | "household":
            return one.account
    return None


def based(account: Account) -> Account:
    """The account in the base unit of its dimension, so that grams and kilograms add up."""
    unit = BASE_UNITS.get(units()[account.unit].dimension, account.unit)
    if unit == account.unit:
        return account
    moved = {
        name: in_base_unit(getattr(account, name), account.unit)
        for name in (
            "opening", "taken_in", "given_out", "by_products", "loss", "samples", "returns",
            "stock",
        )
    }  # fmt: skip
    return Account(unit=unit, basis=account.basis, **moved)


def in_base_unit(amount: Decimal, unit: str) -> Decimal:
    """So much of a unit in the base unit of its dimension, exactly."""
    known = units()
    base = BASE_UNITS.get(known[unit].dimension, unit)
    return amount * known[unit].factor / known[base].factor
