"""A language office that approves Tibetan texts, for tests whose labels carry them."""

from __future__ import annotations

from suyuan.trace.acts.bilingual import approve_tibetan, refuse_tibetan
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.actor import Actor
from tests import world


def make_office(ledger: Ledger, division: str = "540626") -> Actor:
    """The head of a checked language office."""
    return world.make_actor(ledger, world.make_party(ledger, "language_office", division=division))


def approve(ledger: Ledger, division: str, zh: str, bo: str | None) -> None:
    """Have the office of a division approve a Tibetan text."""
    ledger.perform(make_office(ledger, division), approve_tibetan, zh, str(bo))


def refuse(ledger: Ledger, division: str, zh: str, bo: str) -> None:
    """Have the office of a division refuse a Tibetan text."""
    ledger.perform(make_office(ledger, division), refuse_tibetan, zh, bo, "用字有误")
