"""What households brought into pooled batches. Who they are is a personal fact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from suyuan.trace.balance import queries
from suyuan.trace.balance.accounts import Account
from suyuan.trace.balance.books import Book
from suyuan.trace.balance.scope import Scope


def shares_of(
    session: Session, books: Sequence[Book], scope: Scope
) -> Iterator[tuple[str, str, Account]]:
    """For each share: the household, as co-operative and name, its family, and what it brought.

    The account is closed: all of it went into the batch.
    """
    of_batch = {book.batch.id: book for book in books}
    for batch_id, household, party_id, quantity in queries.shares(session, of_batch):
        book = of_batch[batch_id]
        made = next((one for one in book.movements if one.kind == "made"), None)
        if quantity is None or made is None or not scope.holds(made.at):
            continue
        key = f"{book.batch.party_id}:{party_id or ''}:{household}"
        account = Account(book.batch.unit, taken_in=quantity, given_out=quantity)
        yield key, book.batch.family, account
