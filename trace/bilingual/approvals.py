"""Which Tibetan may stand on a label.

A word of the catalogue stands there by its grade (``words``); a name that somebody typed, and a
word of grade C, only where the language office has approved just this text for just this Chinese.
Whatever has not been approved is left out, and the item stands in Chinese alone: a wrong word in
print cannot be called back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.bilingual.tables import TibetanText
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.words import Names


@dataclass(frozen=True)
class Approvals:
    """The pairs of a Chinese and a Tibetan text that are approved where goods come from."""

    pairs: frozenset[tuple[str, str]] = frozenset()

    def typed(self, zh: str, bo: str | None) -> str | None:
        """The Tibetan of a name that somebody typed, where it may be printed."""
        return bo if bo and (zh, bo) in self.pairs else None

    def catalogued(self, names: Names) -> str | None:
        """The Tibetan of a word of the catalogue, where it may be printed."""
        return names.statutory_bo() or self.typed(names.zh, names.bo)


NONE_APPROVED = Approvals()


def approvals(session: Session, division: str, texts: Collection[str]) -> Approvals:
    """What is approved for these Chinese texts of an organisation in a division.

    Of several offices the nearest decides: a county's before its prefecture's.
    """
    above = [one.code for one in divisions().path(division)]
    query = sa.select(TibetanText).where(
        TibetanText.zh.in_(sorted(set(texts))), TibetanText.division.in_(above)
    )
    said: dict[tuple[str, str], str] = {}
    for one in sorted(session.scalars(query), key=lambda row: above.index(row.division)):
        said[one.zh, one.bo] = one.state
    return Approvals(frozenset(pair for pair, state in said.items() if state == "approved"))
