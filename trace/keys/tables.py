"""The tables of keys: the instance, its keyring, its sealed keys, its signed directories."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from suyuan.trace.database import Base, Id, Json, Moment


class Instance(Base):
    """This installation: one row, written by ``init``.

    ``hosts`` lists every label host it has had, ``{host, from, to, http}``; the last without
    ``to`` is the one that is printed. ``keyring`` is the locked keyring
    (``sealing.Keyring.stored``) and ``root`` the root's verifier key. ``keys_version`` counts
    changes of keys, so that other processes notice them.
    """

    __tablename__ = "instance"

    id: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    origin: Mapped[str] = mapped_column(sa.String(255))
    hosts: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    root: Mapped[str] = mapped_column(sa.String(255))
    keyring: Mapped[dict[str, Any]] = mapped_column(Json)
    keys_version: Mapped[int] = mapped_column(default=1)
    demo: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(Moment)


class SigningKey(Base):
    """A key of this installation: one key, one use.

    ``use``: ``code``, ``log``, ``status``, ``witness``; and ``secret``, a key that signs nothing
    and never stands in a directory: sign-in sessions and keyed hashes are derived from it.
    ``store``: empty where ``sealed`` is the private key, sealed by the keyring; else the name of
    the key store (HSM, KMS) that knows it by the handle in ``sealed``. None: somebody else's key.

    ``state``: ``drafted`` until a directory that the root signed lists it, then ``active``, at
    last ``revoked``. ``retire_on`` and ``revoke_at`` (a size of the log) wait for the root too.
    """

    __tablename__ = "signing_key"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    # the keys of the log follow each other under one name, its origin
    name: Mapped[str] = mapped_column(sa.String(255), index=True)
    use: Mapped[str] = mapped_column(sa.String(10))
    verifier: Mapped[str] = mapped_column(sa.String(400), unique=True)
    sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    store: Mapped[str] = mapped_column(sa.String(200), default="")
    issuer: Mapped[str] = mapped_column(sa.String(255))
    gtin: Mapped[list[str]] = mapped_column(Json)
    division: Mapped[list[str]] = mapped_column(Json)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    state: Mapped[str] = mapped_column(sa.String(10), default="active")
    revoked_at_size: Mapped[int | None] = mapped_column(sa.BigInteger)
    retire_on: Mapped[date | None]
    revoke_at: Mapped[int | None] = mapped_column(sa.BigInteger)


class DirectoryEdition(Base):
    """A key directory as the root signed it; ``seq`` only grows."""

    __tablename__ = "directory_edition"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    note: Mapped[str] = mapped_column(sa.Text)
    issued: Mapped[datetime] = mapped_column(Moment)
    expires: Mapped[datetime] = mapped_column(Moment)


class DirectoryDraft(Base):
    """The next directory, as the root is to sign it; at most one, and gone once it is accepted."""

    __tablename__ = "directory_draft"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(sa.Text)
    made_at: Mapped[datetime] = mapped_column(Moment)
