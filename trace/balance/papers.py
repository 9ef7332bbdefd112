"""What batches draw from papers that cover an amount, and where that is more than they cover."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.balance.accounts import Account
from suyuan.trace.balance.books import Book
from suyuan.trace.balance.findings import Finding, amount_said, finding
from suyuan.trace.balance.queries import parts_of
from suyuan.trace.papers.tables import Paper, PaperDraw


@dataclass(frozen=True)
class Drawn:
    """So much drawn for a batch from a paper, and so much more wanted than was left, in its unit.

    ``period`` is the year of an amount that is for each year, else empty.
    """

    batch_id: int
    paper_id: int
    period: str
    amount: Decimal
    over: Decimal
    number: str
    covers: Decimal
    unit: str

    @property
    def key(self) -> str:
        """The account that it is drawn from."""
        return f"{self.paper_id}:{self.period}"

    def account(self) -> Account:
        """What it takes from the account; what was over is not there."""
        return Account(self.unit, given_out=self.amount, stock=-self.amount - self.over)


def draws(session: Session, ids: Iterable[int]) -> list[Drawn]:
    """What these batches draw, what was given back taken off; of papers with an amount."""
    found: list[Drawn] = []
    draw = PaperDraw.__table__.c
    for some in parts_of(ids):
        query = (
            sa.select(
                draw.batch_id,
                draw.paper_id,
                draw.period,
                sa.func.sum(PaperDraw.amount),
                sa.func.sum(PaperDraw.over),
                Paper.number,
                Paper.amount,
                Paper.unit,
            )
            .join(Paper, Paper.id == draw.paper_id)
            .where(draw.batch_id.in_(some), Paper.amount.is_not(None), Paper.unit.is_not(None))
            .group_by(
                draw.batch_id, draw.paper_id, draw.period, Paper.number, Paper.amount, Paper.unit
            )
            .order_by(draw.batch_id, draw.paper_id, draw.period)
        )
        found += [Drawn(*row) for row in session.execute(query)]
    return found


def overdrawn(book: Book, drawn: Iterable[Drawn]) -> Iterator[Finding]:
    """A batch for which more was wanted than its paper had left."""
    batch = book.batch
    for one in drawn:
        if one.over <= 0:
            continue
        yield finding(
            "overdrawn",
            {
                "drawn": amount_said(one.amount + one.over, one.unit),
                "number": one.number or "–",
                "amount": amount_said(one.covers, one.unit),
                "beyond": amount_said(one.over, one.unit),
            },
            trace_code=batch.trace_code,
            batch_id=batch.id,
            party_id=batch.party_id,
            site_id=batch.site_id,
            at=batch.registered_at,
            amount=one.over,
            unit=one.unit,
            of=one.covers,
            account=one.key,
        )
