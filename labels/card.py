"""The collection card of a household group: who collects scans it and records for the right one.

It is of the size of a bank card (ISO/IEC 7810, ID-1) and hangs at home or is carried. It names no
telephone and nobody's identity number; its symbol leads to the desk of whoever is signed in, and a
stranger who scans it learns nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from suyuan.labels.layout import LaidOut, lay_out_items
from suyuan.labels.model import Bilingual, BilingualOrder, LabelItem
from suyuan.labels.pdf import full_sheet, write_pages
from suyuan.labels.templates import page_template

CARD = "collection-card-86x54"
DPI = 300
_ORDER = BilingualOrder("zh", 1.0)


@dataclass(frozen=True)
class CardContent:
    """What one card says: ``address`` is where its symbol leads to, ``number`` the end of the
    group's own number, by which two of one name are told apart."""

    name: Bilingual
    place: str
    member_of: str
    number: str
    address: str


def write_cards(cards: Iterable[CardContent], out: BinaryIO) -> int:
    """Write cards on sheets of A4, to be cut apart; returns how many.

    :raises InvalidInput: where there is no card, and naming what does not fit or cannot be drawn.
    """
    template = page_template(CARD)
    drawn = (lay_out_card(one) for one in cards)
    return write_pages(template, drawn, full_sheet(template), DPI, out)


def lay_out_card(card: CardContent, dpi: int = DPI) -> LaidOut:
    """One card laid out; raises as ``write_cards``."""
    template, nothing = page_template(CARD), Bilingual("")

    def item(key: str, heading: str, text: Bilingual) -> LabelItem:
        return LabelItem(key, Bilingual(heading), text, template.code_height_mm)

    items = [
        LabelItem("title", nothing, Bilingual("收购卡"), template.code_height_mm),
        LabelItem("name", nothing, card.name, template.code_height_mm),
        item("place", "地点", Bilingual(card.place)),
        *([item("member_of", "所属", Bilingual(card.member_of))] if card.member_of else []),
        item("note", "收购时请扫码", Bilingual("由收购员登录后扫描")),
        item("number", "编号", Bilingual(card.number)),
    ]
    by_key = {one.key: one for one in items}
    return lay_out_items(template, by_key, card.address, dpi, order=_ORDER)
