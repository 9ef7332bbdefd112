"""Whether a certificate that a buyer was given is whole, and is of the goods it came with.

What is missing or does not match is told to the buyer, who tells the agriculture office of where
the goods come from (order 2025-4); a certificate with such doubts proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from suyuan.trace.certificates.texts import certificate_texts
from suyuan.trace.doubts import Remark
from suyuan.trace.errors import InvalidInput
from suyuan.trace.quantities import Quantity
from suyuan.trace.written import folded


@dataclass(frozen=True)
class Stated:
    """What stands on a certificate; empty or None where it says nothing."""

    issuer: str
    product_name: str
    quantity: Quantity | None
    origin: str
    contact: str
    issued_on: date | None
    has_file: bool


_MUST_SAY: Final[Mapping[str, str]] = {
    "product_name": "The certificate does not say what the product is.",
    "quantity": "The certificate does not say for how much it is.",
    "origin": "The certificate does not say where the goods come from.",
    "issuer": "The certificate does not say who commits.",
    "contact": "The certificate does not say how to reach who commits.",
    "issued_on": "The certificate bears no date.",
}
"""What must stand on a certificate (``fields`` of ``commitment_certificate.json``)."""


@dataclass(frozen=True)
class Goods:
    """The goods it came with: name, how much came, and on which day."""

    name: str
    came: Quantity
    on: date


def doubts_of_foreign(stated: Stated, goods: Goods) -> tuple[Remark, ...]:
    """What is wrong with a certificate that was not issued here."""
    return (*_missing(stated), *_other_name(stated.product_name, goods), *_days(stated, goods),
            *_too_little(stated.quantity, goods))  # fmt: skip


def doubts_of_ours(
    *, void: bool, of_these_goods: bool, quantity: Quantity, issued_on: date, goods: Goods
) -> tuple[Remark, ...]:
    """What is wrong with a certificate that was issued here."""
    found = []
    if void:
        found.append(Remark.of("void", "The certificate is void."))
    if not of_these_goods:
        found.append(Remark.of("other-goods", "The certificate is for other goods."))
    return (*found, *_too_little(quantity, goods), *_too_late(issued_on, goods))


def _missing(stated: Stated) -> Iterator[Remark]:
    for key, message in _MUST_SAY.items():
        if not getattr(stated, key):
            yield Remark.of(f"no-{key.replace('_', '-')}", message)
    if not stated.has_file:
        yield Remark.of("no-file", "There is no photo of the certificate.")


def _other_name(said: str, goods: Goods) -> Iterator[Remark]:
    ours, theirs = folded(goods.name), folded(said)
    if said and ours not in theirs and theirs not in ours:
        yield Remark.of(
            "other-name",
            "The certificate is for {said}, the goods are {goods}.",
            said=said,
            goods=goods.name,
        )


def _days(stated: Stated, goods: Goods) -> Iterator[Remark]:
    if stated.issued_on is None:
        return
    yield from _too_late(stated.issued_on, goods)
    if goods.on - stated.issued_on > timedelta(days=certificate_texts().rules.goods_days):
        yield Remark.of(
            "too-old",
            "The certificate is of {issued}, long before the goods came on {came}: ask whoever "
            "gave it whether it is of these goods.",
            issued=stated.issued_on.isoformat(),
            came=goods.on.isoformat(),
        )


def _too_late(issued_on: date, goods: Goods) -> Iterator[Remark]:
    if issued_on > goods.on:
        yield Remark.of(
            "too-late",
            "The certificate is of {issued}, after the goods came on {came}.",
            issued=issued_on.isoformat(),
            came=goods.on.isoformat(),
        )


def _too_little(quantity: Quantity | None, goods: Goods) -> Iterator[Remark]:
    if quantity is None:
        return
    try:
        enough = quantity >= goods.came
    except InvalidInput:  # heads and kilograms cannot be compared
        enough = False
    if not enough:
        yield Remark.of(
            "too-little",
            "The certificate is for {certified}, and {came} came.",
            certified=str(quantity),
            came=str(goods.came),
        )


def beyond(together: Quantity, certified: Quantity) -> Remark:
    """That all buyers together bought more with one certificate than it is for."""
    return Remark.of(
        "collected-beyond",
        "The certificate is for {certified}, and with it {together} were bought by all its buyers "
        "together.",
        certified=str(certified),
        together=str(together),
    )
