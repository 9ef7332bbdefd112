"""What households brought into pooled batches. Who they are is a personal fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.balance.accounts import Account
from suyuan.trace.balance.books import Book
from suyuan.trace.balance.queries import parts_of
from suyuan.trace.balance.scope import Scope
from suyuan.trace.batches.tables import Share


def shares_of(
    session: Session, books: Sequence[Book], scope: Scope
) -> Iterator[tuple[str, str, Account]]:
    """For each share: the household, as co-operative and name, its family, and what it brought.

    The account is closed: all of it went into the batch.
    """
    of_batch = {book.batch.id: book for book in books}
    for batch_id, household, party_id, quantity in _shares(session, of_batch):
        book = of_batch[batch_id]
        made = next((one for one in book.movements if one.kind == "made"), None)
        if quantity is None or made is None or not scope.holds(made.at):
            continue
        key = f"{book.batch.party_id}:{party_id or ''}:{household}"
        account = Account(book.batch.unit, taken_in=quantity, given_out=quantity)
        yield key, book.batch.family, account


def _shares(
    session: Session, ids: Iterable[int]
) -> Iterator[tuple[int, str, int | None, Decimal | None]]:
    """The households' shares of these batches: batch, household, party, quantity."""
    for some in parts_of(ids):
        query = sa.select(Share.batch_id, Share.household, Share.party_id, Share.quantity)
        for row in session.execute(query.where(Share.batch_id.in_(some)).order_by(Share.id)):
            yield row[0], row[1], row[2], row[3]
