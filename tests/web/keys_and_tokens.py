"""A token of somebody and the id of a key, for tests that look at every page."""

from __future__ import annotations

import sqlalchemy as sa

from suyuan.trace.acts.people import make_token
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.keys import queries as keys
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.tables import ApiToken


def make_some_token(ledger: Ledger, owner: Actor) -> str:
    ledger.perform(owner, make_token, str(owner.person_uid), str(owner.party_uid), "称重台", 30)
    with ledger.database.read() as session:
        return session.scalars(sa.select(ApiToken.uid)).one()


def some_key(ledger: Ledger) -> str:
    with ledger.database.read() as session:
        return keys.id_of(keys.key(session, "trace.example.cn/codes-1"))
