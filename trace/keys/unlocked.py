"""The keys that a writing process holds, and how it learns of those that came or went meanwhile.

A process derives the keyring's key once, when it starts. Each change of a key counts the
installation's ``keys_version`` up; whoever begins to write sees that and opens the keys anew. So a
key that was revoked at one place signs nothing more anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.errors import Misconfigured
from suyuan.trace.keys.directory import KeyEntry, KeyUse
from suyuan.trace.keys.notes import Signer, parse_verifier_key
from suyuan.trace.keys.sealing import Keyring
from suyuan.trace.keys.store import KeyStore, MadeKey, SealedKeys, named_store, open_tried
from suyuan.trace.keys.tables import Instance, SigningKey

_VERSION = sa.select(Instance.__table__.c.keys_version)
"""Made once and asked past the ORM: every act begins with it."""


@dataclass(frozen=True)
class Unlocked:
    """The keys in force, open.

    ``log_others`` are further keys of the same log, each until its last day. ``codes`` are the
    code keys with what each may sign, in order of their coming; ``secret`` (32 bytes) is what
    sign-in sessions and keyed hashes are derived from. ``version`` is the installation's count of
    key changes that they belong to.
    """

    log: Signer
    status: Signer
    codes: tuple[tuple[KeyEntry, Signer], ...]
    secret: bytes = field(repr=False)
    version: int = 0
    holder: KeyHolder | None = field(default=None, repr=False)
    log_others: tuple[tuple[KeyEntry, Signer], ...] = ()

    def log_signers(self, day: date) -> tuple[Signer, ...]:
        """The keys that sign a checkpoint on ``day`` (UTC), that which goes on first.

        A key that was rotated signs beside its successor to its last day, so that whoever knows
        it alone can read on and has the time to learn of the new one.
        """
        return (self.log, *(key for entry, key in self.log_others if entry.may_sign_on(day)))

    def in_force(self, session: Session) -> Unlocked:
        """These keys, or those that are in force since some were changed."""
        if self.holder is None:
            return self
        version = session.connection().scalar(_VERSION)
        if version is None or version == self.version:
            return self
        return self.holder.at(session, version)


class KeyHolder:
    """Makes and opens keys: an unlocked keyring, and another store where one is configured.

    ``elsewhere``: the setting that names the store in which new keys are made; empty for the
    database.
    """

    def __init__(self, keyring: Keyring, elsewhere: str = "") -> None:
        self.sealed = SealedKeys(keyring)
        self.elsewhere = elsewhere
        self._store: KeyStore | None = None
        self._last: Unlocked | None = None

    def make(self, name: str) -> tuple[MadeKey, str]:
        """A fresh key, and the name of the store it is in (empty: sealed in the database)."""
        store = self._other() if self.elsewhere else self.sealed
        return store.make(name), self.elsewhere

    def at(self, session: Session, version: int) -> Unlocked:
        """The keys of this version, opened once. Not for a transaction that changes keys."""
        if self._last is None or self._last.version != version:
            self._last = self.open_all(session)
        return self._last

    def open_all(self, session: Session) -> Unlocked:
        """Every key in force as the session sees it.

        Raises Misconfigured where the log, the status list or the secret has no key.
        """
        rows = list(session.scalars(sa.select(SigningKey).order_by(SigningKey.id)))
        return self.open_rows(rows, session.scalar(sa.select(Instance.keys_version)) or 0)

    def open_rows(self, rows: Sequence[SigningKey], version: int) -> Unlocked:
        """The keys in force among ``rows``, which are in order of their coming. Raises as above."""
        codes = [row for row in rows if row.use == KeyUse.CODE and row.state == "active"]
        log, log_others = _keys_of_log(rows)
        secret = next(row for row in rows if row.use == "secret")
        assert secret.sealed is not None  # init sealed it
        return Unlocked(
            log=self._open(log),
            status=self._open(_newest(rows, KeyUse.STATUS)),
            codes=tuple((entry_of(row), self._open(row)) for row in codes),
            secret=self.sealed.open(parse_verifier_key(secret.verifier), secret.sealed).seed(),
            version=version,
            holder=self,
            # one in a store that is no longer named cannot sign, and need not
            log_others=tuple(
                (entry_of(row), self._open(row))
                for row in log_others
                if row.store in ("", self.elsewhere)
            ),
        )

    def _open(self, row: SigningKey) -> Signer:
        verifier, kept = parse_verifier_key(row.verifier), row.sealed or b""
        if not row.store:
            return self.sealed.open(verifier, kept)
        if row.store != self.elsewhere:
            # a row of the database must not decide which program is loaded
            raise Misconfigured(
                "The key {name} is kept in {store}: set SUYUAN_KEY_STORE to that, or rotate the "
                "key first.",
                name=row.name,
                store=row.store,
            )
        return open_tried(self._other(), verifier, kept)

    def _other(self) -> KeyStore:
        if self._store is None:
            self._store = named_store(self.elsewhere)
        return self._store


def entry_of(row: SigningKey, *, drafted: bool = False) -> KeyEntry:
    """What a key may sign; ``drafted``: its line in the next directory, with what waits there.

    A key that is to be revoked signs nothing more from that moment, whether or not the root has
    signed it yet; one that is to be retired signs until then.
    """
    return KeyEntry(
        key=parse_verifier_key(row.verifier),
        use=KeyUse(row.use),
        issuer=row.issuer,
        since=row.valid_from,
        until=(row.retire_on if drafted else None) or row.valid_to,
        gtin=tuple(row.gtin),
        division=tuple(row.division),
        revoked_at_size=row.revoked_at_size if row.revoke_at is None else row.revoke_at,
    )


def _keys_of_log(rows: Sequence[SigningKey]) -> tuple[SigningKey, list[SigningKey]]:
    """The key that signs for the log that is open, and the others that may sign beside it.

    The keys of logs that were closed have other names, and sign nothing more.
    """
    logs = [row for row in rows if row.use == KeyUse.LOG and row.state != "drafted"]
    named = [row for row in logs if row.name == logs[-1].name]
    first = _newest(named, KeyUse.LOG)
    others = [row for row in reversed(named) if row.state == "active" and row.revoke_at is None]
    return first, [row for row in others if row is not first]


def _newest(rows: Sequence[SigningKey], use: KeyUse) -> SigningKey:
    """The key that signs for this use: the newest that has no last day.

    One that has, or is to be revoked, signs only for want of others: log and status list must not
    fall silent while the root's signature is on its way.
    """
    active = [row for row in rows if row.use == use and row.state == "active"]
    if not active:
        raise Misconfigured("No key is in force for {use}.", use=use.value)
    # of equals max takes the first
    return max(reversed(active), key=lambda row: (row.revoke_at is None, row.valid_to is None))
