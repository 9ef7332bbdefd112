"""The kinds of papers in the register (``standards/paper_kinds.json``).

A kind says by which rule its number is checked, what it can cover, who issues it, and for how
long it usually holds. The usual term is offered to the clerk and never overrides what the paper
itself states.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal, cast, get_args

from suyuan.trace.errors import InvalidInput
from suyuan.trace.papers.kind_rules import (
    Ending,
    Leaning,
    QuotaRule,
    read_ending,
    read_leaning,
    read_quota,
)
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard
from suyuan.trace.words import Names, read_names

Target = Literal["party", "site", "product", "batch"]


@dataclass(frozen=True)
class Issuer:
    """The kind of office or business that issues a paper."""

    key: str
    names: Names


@dataclass(frozen=True)
class UsualTerm:
    """For how long a paper of this kind usually holds; both ``None``: as the paper states."""

    days: int | None
    months: int | None
    note: str
    provenance: Provenance

    def last_day(self, valid_from: date) -> date | None:
        """The last day of the term: of one day that day, of five years the day before the fifth
        anniversary; ``None`` where there is no usual term."""
        if self.days is not None:
            return valid_from + timedelta(days=self.days - 1)
        if self.months is None:
            return None
        return months_later(valid_from, self.months) - timedelta(days=1)


@dataclass(frozen=True)
class PaperKind:
    """A kind of certificate or permit.

    ``number_rule`` names the check of its number; ``none``: it has no number of its own,
    ``free``: any text. ``historic`` kinds are kept for old stock and no longer issued.
    Kinds that are not ``offered`` come from sheets that do not say what their numbers are of, or
    are issued here upon an application (``own_certifications``).
    ``quota`` is there where the amount on such a paper is an account that is drawn from, and
    ``ending`` where its holder is told in time that it runs out.
    """

    key: str
    names: Names
    number_rule: str
    covers: tuple[Target, ...]
    issuer: Issuer
    historic: bool
    offered: bool
    leaning: Leaning
    quota: QuotaRule | None
    ending: Ending | None
    term: UsualTerm
    provenance: Provenance


class PaperKinds:
    """The catalogue of paper kinds."""

    def __init__(self, kinds: Mapping[str, PaperKind]) -> None:
        self._kinds = dict(kinds)

    @classmethod
    def load(cls) -> PaperKinds:
        """The shipped kinds, read once. Raises Misconfigured."""
        return _load()

    def __iter__(self) -> Iterator[PaperKind]:
        return iter(self._kinds.values())

    def keys(self) -> tuple[str, ...]:
        """The keys of all kinds."""
        return tuple(self._kinds)

    def get(self, key: str) -> PaperKind:
        """The kind with this key. Raises InvalidInput."""
        try:
            return self._kinds[key]
        except KeyError:
            raise InvalidInput(
                "There is no kind of paper {kind}; there are: {known}.",
                field="kind",
                kind=key,
                known=", ".join(self._kinds),
            ) from None


def months_later(day: date, months: int) -> date:
    """The same day so many months later, the last of the month where that month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    first_of_next = date(day.year + years + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(day.year + years, month + 1, min(day.day, last))


@cache
def _load() -> PaperKinds:
    root = read_standard("paper_kinds.json")
    issuers = keyed(root.get("issuers").rows(), _read_issuer, lambda i: i.key)
    rules = root.list_of("number_rules", Row.text)
    return PaperKinds(
        keyed(
            root.get("kinds").rows(),
            lambda row: _read_kind(row, issuers, rules),
            lambda kind: kind.key,
        )
    )


def _read_issuer(row: Row) -> Issuer:
    row.only("key", "names")
    return Issuer(row.get("key").text(), read_names(row))


def _read_kind(row: Row, issuers: Mapping[str, Issuer], rules: tuple[str, ...]) -> PaperKind:
    row.only(
        "key",
        "names",
        "number_rule",
        "covers",
        "issuer",
        "historic",
        "offered",
        "leaning",
        "quota",
        "ending",
        "validity",
        *PROVENANCE,
    )
    targets = row.list_of("covers", lambda r: r.one_of(get_args(Target)))
    return PaperKind(
        key=row.get("key").text(),
        names=read_names(row),
        number_rule=row.get("number_rule").one_of(rules),
        covers=cast("tuple[Target, ...]", targets),
        issuer=issuers[row.get("issuer").one_of(tuple(issuers))],
        historic=row.get("historic").flag(),
        offered=row.maybe("offered", Row.flag) is not False,
        leaning=read_leaning(row.get("leaning")),
        quota=row.maybe("quota", read_quota),
        ending=row.maybe("ending", read_ending),
        term=_read_term(row.get("validity")),
        provenance=row.provenance(),
    )


def _read_term(row: Row) -> UsualTerm:
    row.only("days", "months", "note", *PROVENANCE)
    return UsualTerm(
        row.maybe("days", Row.integer),
        row.maybe("months", Row.integer),
        row.get("note").text(),
        row.provenance(),
    )
