"""Marks that goods claim in words, such as 有机: only with the paper that allows it.

Which words claim what, and which only sound so (有机肥), is data (``standards/mark_claims.json``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from suyuan.trace.doubts import Doubt
from suyuan.trace.errors import Conflict
from suyuan.trace.folding import folded
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.products.attributes import Fact
from suyuan.trace.products.tables import Product
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, read_standard
from suyuan.trace.words import Names, listed, read_names

_WORDS = frozenset({"text", "list"})
"""The types of facts that are written freely."""


class MarkUnproved(Conflict):
    """Goods claim a mark, and no paper in force allows it."""

    kind = "unproved-mark"


@dataclass(frozen=True)
class MarkClaim:
    """A mark: the words that claim it, those in which they mean something else, both folded, and
    the kinds of paper each of which allows it."""

    key: str
    names: Names
    words: tuple[str, ...]
    not_within: tuple[str, ...]
    papers: tuple[str, ...]
    provenance: Provenance

    def is_said_in(self, text: str) -> bool:
        """Whether a text claims the mark."""
        said = folded(text)
        for other in self.not_within:
            said = said.replace(other, " ")
        return any(word in said for word in self.words)


def claimed(texts: Iterable[str]) -> list[MarkClaim]:
    """The marks that any of these texts claims."""
    read = tuple(texts)
    return [one for one in mark_claims() if any(one.is_said_in(text) for text in read)]


def unproved(claims: Iterable[MarkClaim], held: Collection[str]) -> list[MarkClaim]:
    """Those of the marks that none of the kinds of paper held allows."""
    return [claim for claim in claims if not set(held) & set(claim.papers)]


def require_allowed(
    claims: Iterable[MarkClaim], held: Collection[str], field: str = "label"
) -> None:
    """Raises MarkUnproved for the first mark that none of the kinds of paper held allows."""
    for claim in unproved(claims, held):
        raise MarkUnproved(
            "{claim} is said of these goods, and no paper in force that allows it covers them: "
            "{papers}. It comes from: {issuers}. Register it with what it covers, or leave the "
            "word out.",
            field,
            **_what_allows(claim),
        )


def doubted(claim: MarkClaim) -> Doubt:
    """That a product claims a mark which no paper allows it yet."""
    return Doubt.of(
        "mark-unproved",
        "{claim} is said of this product, and no paper in force that allows it covered it when "
        "that was written: {papers}. It comes from: {issuers}. Without one no label says so, and "
        "the page of the goods says that it is not proven.",
        **_what_allows(claim),
    )


def _what_allows(claim: MarkClaim) -> dict[str, Names]:
    """The mark, the papers each of which allows it, and who gives them."""
    papers = [PaperKinds.load().get(key) for key in claim.papers]
    return {
        "claim": claim.names,
        "papers": listed(one.names for one in papers),
        "issuers": listed(dict.fromkeys(one.issuer.names for one in papers)),
    }


def texts_of(product: Product) -> list[str]:
    """What names and label of a product say of the goods; who made them may be called anything."""
    label = (
        value
        for key, value in product.label.items()
        if isinstance(value, str) and key not in _not_read()
    )
    return [product.name, *product.names.values(), *label]


def texts_in(asked: Mapping[str, Fact], facts: Mapping[str, object]) -> list[str]:
    """What facts say in words of their own; a choice among given ones claims nothing."""
    said = (value for key, value in facts.items() if key in asked and asked[key].type in _WORDS)
    return [str(one) for value in said for one in (value if isinstance(value, list) else [value])]


@cache
def mark_claims() -> tuple[MarkClaim, ...]:
    """The marks that are watched. Raises Misconfigured."""
    return _file().list_of("claims", _read)


@cache
def _not_read() -> frozenset[str]:
    return frozenset(_file().list_of("not_read", Row.text))


def _file() -> Row:
    row = read_standard("mark_claims.json")
    row.only("not_read", "claims")
    return row


def _read(row: Row) -> MarkClaim:
    row.only("key", "names", "words", "not_within", "papers", *PROVENANCE)
    known = PaperKinds.load().keys()
    return MarkClaim(
        row.get("key").text(),
        read_names(row),
        tuple(folded(one) for one in row.list_of("words", Row.text)),
        tuple(folded(one) for one in row.list_of("not_within", Row.text)),
        tuple(row.list_of("papers", lambda one: one.one_of(known))),
        row.provenance(),
    )
