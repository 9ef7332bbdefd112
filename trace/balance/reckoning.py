"""Reckoning: the accounts of batches with all that does not add up in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from suyuan.trace.balance import queries
from suyuan.trace.balance.animals import Tagged, first_bearers, slaughtered_twice
from suyuan.trace.balance.batch_findings import of_labels, of_places, of_stock, of_times
from suyuan.trace.balance.books import Book, Books, open_books
from suyuan.trace.balance.capacity import of_households
from suyuan.trace.balance.findings import Finding, finding, ranked
from suyuan.trace.balance.papers import Drawn, draws, overdrawn
from suyuan.trace.balance.queries import Labelled, Sampled
from suyuan.trace.balance.step_findings import of_step
from suyuan.trace.balance.uncovered import uncovered
from suyuan.trace.lineage.queries import ancestors
from suyuan.trace.products.families import Families


@dataclass(frozen=True)
class Reckoned:
    """Some batches reckoned: their books, the findings, the gravest first, and what they draw from
    papers."""

    books: Books
    findings: tuple[Finding, ...]
    drawn: tuple[Drawn, ...] = ()


def reckon(session: Session, families: Families, ids: Collection[int]) -> Reckoned:
    """Reckon up to some hundred batches at once, in a number of statements that is theirs alone."""
    books = open_books(session, families, ids)
    known = list(books.by_batch)
    labelled = queries.labelled(session, known)
    reports = queries.sampled(session, known)
    drawn = [*draws(session, known), *uncovered(session, families, known)]
    of_batch: defaultdict[int, list[Drawn]] = defaultdict(list)
    for one in drawn:
        of_batch[one.batch_id].append(one)
    found: list[Finding] = [one for step in books.steps for one in of_step(step)]
    for id_, book in books.by_batch.items():
        found += of_book(families, book, labelled.get(id_, ()), reports.get(id_, ()))
        found += of_places(book, books.places)
        found += overdrawn(book, of_batch[id_])
    found += of_households(session, books)
    found += _tags_twice(session, books)
    found += _slaughtered_twice(books)
    return Reckoned(books, tuple(ranked(found)), tuple(drawn))


def of_book(
    families: Families, book: Book, labelled: Iterable[Labelled], reports: Iterable[Sampled]
) -> Iterator[Finding]:
    """What does not add up in the stock, the labels and the times of one batch."""
    yield from of_stock(book)
    yield from of_labels(book.batch, labelled)
    if book.batch.family in families:
        yield from of_times(book, families.get(book.batch.family), reports)


def _tags_twice(session: Session, books: Books) -> Iterator[Finding]:
    """Ear tags on batches of which neither was made of the other; told of the later one."""
    here = {tag for id_, tags in books.tags.items() if id_ in books.by_batch for tag in tags}
    several = queries.bearers(session, here)
    parents = queries.parents(session, (one for ids in several.values() for one in ids))
    for tag, ids in sorted(several.items()):
        tagged = [Tagged(one, frozenset(parents.get(one, ()))) for one in ids]
        first = first_bearers(tagged)
        for one in first[1:]:
            book = books.by_batch.get(one)
            if book is None:
                continue
            # what lies between may bear no tag: then it came from the first all the same
            unrelated = set(first) - {one} - set(ancestors(session, one))
            earlier = [other for other in unrelated if other < one]
            if earlier:
                yield _twice(session, tag, book, min(earlier))


def _twice(session: Session, tag: str, book: Book, other: int) -> Finding:
    row = queries.batch_rows(session, [other])[other]
    return finding(
        "tag_twice",
        {"tag": tag, "other": row.trace_code},
        trace_code=book.batch.trace_code,
        batch_id=book.batch.id,
        party_id=book.batch.party_id,
        site_id=book.batch.site_id,
        at=book.batch.registered_at,
    )


def _slaughtered_twice(books: Books) -> Iterable[Finding]:
    slaughters = [step for step in books.steps if step.kind == "slaughter"]
    for tag, steps in sorted(slaughtered_twice(slaughters).items()):
        first, *later = steps
        for step in later:
            batch = step.made[0]
            yield finding(
                "tag_twice",
                {"tag": tag, "other": first.made[0].trace_code},
                trace_code=batch.trace_code,
                batch_id=batch.batch_id,
                party_id=step.party_id,
                site_id=step.site_id,
                at=step.at,
                event=step.event,
            )
