"""Balances on pages: what desk and inspection share of them."""

from __future__ import annotations

from flask_babel import gettext

from suyuan.trace.balance.reckoning import reckon
from suyuan.trace.balance.told import ToldBalance, told_balance
from suyuan.trace.batches.tables import Batch
from suyuan.trace.quantities import units
from suyuan.web.ground import db, ledger
from suyuan.web.showing import language, named


def balance_of(batch: Batch) -> ToldBalance | None:
    """The balance of one batch in the reader's language; None where it was withdrawn."""
    return told_balance(reckon(db(), ledger().families, [batch.id]), batch.id, language(), gettext)


def unit_name(code: str) -> str:
    """A unit as it stands behind a number."""
    unit = units()[code]
    return unit.symbol or named({"zh": unit.zh, "en": unit.en, "bo": unit.bo or ""})
