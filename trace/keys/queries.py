"""Reading which keys there are, and which directory waits for the root."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.errors import Conflict, NotFound
from suyuan.trace.keys.tables import DirectoryDraft, SigningKey


def signing_keys(session: Session) -> list[SigningKey]:
    """Every key that signs something outsiders see, in order of coming; not the secret."""
    shown = sa.select(SigningKey).where(SigningKey.use != "secret")
    return list(session.scalars(shown.order_by(SigningKey.id)))


def key(session: Session, name: str) -> SigningKey:
    """The key with this name, or with this verifier key or its beginning ``name+id``.

    Raises NotFound; Conflict where several keys have the name.
    """
    found = [row for row in signing_keys(session) if _is_named(row, name)]
    if not found:
        raise NotFound("There is no key {name}; suyuan keys list tells all.", "name", name=name)
    if len(found) > 1:
        raise Conflict(
            "Several keys have the name {name}: say {each}.",
            field="name",
            name=name,
            each=" / ".join(row.verifier.rsplit("+", 1)[0] for row in found),
        )
    return found[0]


def key_with_id(session: Session, key_id: str) -> SigningKey:
    """The key with these eight hex digits, the newest of several. Raises NotFound."""
    found = [row for row in signing_keys(session) if id_of(row) == key_id]
    if not found:
        raise NotFound("There is no key with the id {key_id}.", key_id=key_id)
    return found[-1]


def id_of(row: SigningKey) -> str:
    """The eight hex digits of a key's id."""
    return row.verifier.split("+", 2)[1]


def draft(session: Session) -> DirectoryDraft | None:
    """The directory that waits for the root's signature."""
    return session.scalar(sa.select(DirectoryDraft))


def log_verifiers(
    session: Session, origin: str | None = None, *, revoked: bool = True
) -> list[str]:
    """The verifier keys of the logs, or of the one with this origin; that which signs now first.

    ``revoked``: also those that the root has revoked.
    """
    states = ("active", "revoked") if revoked else ("active",)
    listed = sa.select(SigningKey).where(SigningKey.use == "log", SigningKey.state.in_(states))
    if origin is not None:
        listed = listed.where(SigningKey.name == origin)
    rows = session.scalars(listed.order_by(SigningKey.id.desc())).all()
    # as ``unlocked`` chooses: in force, not about to be revoked, without a last day, the newest
    rows = sorted(
        rows,
        key=lambda row: (
            row.state != "active",
            row.revoke_at is not None,
            row.valid_to is not None,
        ),
    )
    return [row.verifier for row in rows]


def _is_named(row: SigningKey, name: str) -> bool:
    return name in (row.name, row.verifier, row.verifier.rsplit("+", 1)[0])
