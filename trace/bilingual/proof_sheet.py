"""The bilingual proof sheet: what Tibetan waits for the language office of a division, and what it
has said so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from suyuan.trace.bilingual.tables import TibetanText
from suyuan.trace.parties.queries import inside
from suyuan.trace.parties.tables import Party
from suyuan.trace.products.families import Families
from suyuan.trace.products.label_items import BESIDE_THE_CODE, label_item_names
from suyuan.trace.products.tables import Product
from suyuan.trace.words import Names

Kind = Literal["word", "organisation", "product"]


@dataclass(frozen=True)
class Waiting:
    """A Tibetan text that nobody has looked at: of which ``kind``, and the name of whose it is
    (empty for a word of the catalogue)."""

    kind: Kind
    zh: str
    bo: str
    whose: str = ""


def waiting(session: Session, families: Families, division: str, limit: int = 200) -> list[Waiting]:
    """What the office of a division has not looked at: words of the catalogue, then the names of
    organisations and products of the division, each kind at most ``limit``."""
    query = sa.select(TibetanText.zh, TibetanText.bo).where(TibetanText.division == division)
    looked_at = {(zh, bo) for zh, bo in session.execute(query)}
    words = [one for one in _words(families) if (one.zh, one.bo) not in looked_at]
    return [
        *words[:limit],
        *_names(session, division, "organisation", Party.names, limit),
        *_names(session, division, "product", Product.names, limit),
    ]


def looked_at(
    session: Session, division: str, *, before: int | None = None, limit: int = 50
) -> list[TibetanText]:
    """What the office of a division has said, the newest first."""
    query = sa.select(TibetanText).where(TibetanText.division == division)
    if before is not None:
        query = query.where(TibetanText.id < before)
    return list(session.scalars(query.order_by(TibetanText.id.desc()).limit(limit)))


def _words(families: Families) -> Iterator[Waiting]:
    """Words that labels have and that are printed only once they are approved."""
    known: Iterable[Names] = (
        *(names for key, names in label_item_names().items() if key not in BESIDE_THE_CODE),
        *(variant.names for family in families for variant in family.variants.values()),
    )
    seen: set[tuple[str, str]] = set()
    for names in known:
        if names.bo and names.statutory_bo() is None and (names.zh, names.bo) not in seen:
            seen.add((names.zh, names.bo))
            yield Waiting("word", names.zh, names.bo)


def _names(
    session: Session,
    division: str,
    kind: Kind,
    column: InstrumentedAttribute[dict[str, str]],
    limit: int,
) -> Iterator[Waiting]:
    named: Any = Party.name if kind == "organisation" else Product.name
    bo = sa.cast(column["bo"].as_string(), sa.String)
    seen = (
        sa.select(TibetanText.id)
        .where(TibetanText.zh == named, TibetanText.bo == bo, TibetanText.division == division)
        .exists()
    )
    query = sa.select(named, bo, sa.func.min(Party.name)).where(
        inside(Party.division, division), bo.is_not(None), bo != "", ~seen
    )
    if kind == "product":
        query = query.join(Product, Product.party_id == Party.id)
    grouped = query.group_by(named, bo).order_by(named, bo).limit(limit)
    for zh, text, whose in session.execute(grouped):
        yield Waiting(kind, zh, text, whose)
