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
    (``sealing.Keyring.stored``) and ``root`` the root's verifier key.
    """

    __tablename__ = "instance"

    id: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    origin: Mapped[str] = mapped_column(sa.String(255))
    hosts: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    root: Mapped[str] = mapped_column(sa.String(255))
    keyring: Mapped[dict[str, Any]] = mapped_column(Json)
    demo: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(Moment)


class SigningKey(Base):
    """A key of this installation: one key, one use. The private half is sealed.

    ``use``: ``code``, ``log``, ``status``, ``witness``; and ``secret``, a key that signs nothing
    and never stands in a directory: sign-in sessions and keyed hashes are derived from it.
    """

    __tablename__ = "signing_key"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(255), unique=True)
    use: Mapped[str] = mapped_column(sa.String(10))
    verifier: Mapped[str] = mapped_column(sa.String(400))
    sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    issuer: Mapped[str] = mapped_column(sa.String(255))
    gtin: Mapped[list[str]] = mapped_column(Json)
    division: Mapped[list[str]] = mapped_column(Json)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    state: Mapped[str] = mapped_column(sa.String(10), default="active")
    revoked_at_size: Mapped[int | None] = mapped_column(sa.BigInteger)


class DirectoryEdition(Base):
    """A key directory as the root signed it; ``seq`` only grows."""

    __tablename__ = "directory_edition"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    note: Mapped[str] = mapped_column(sa.Text)
    issued: Mapped[datetime] = mapped_column(Moment)
    expires: Mapped[datetime] = mapped_column(Moment)
