"""The tables of the log: records, leaves, full tiles, the head, its witnesses, and what was asked
for once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from suyuan.trace.database import Base, Id, Json, Moment


def said_in() -> sa.ForeignKey:
    """The reference of a row to the record that made it.

    Checked at commit: a record's place in the log, and so its row, comes last in a transaction.
    """
    return sa.ForeignKey("record.id", deferrable=True, initially="DEFERRED")


class Record(Base):
    """What was said, as it was committed to: RFC 8785 bytes that nothing ever rewrites.

    ``classes`` names the disclosure class (public, trade, personal) of each top-level field.
    ``body`` and ``salt`` are dropped when a personal field is erased; ``kept`` then holds the
    other fields' values and salts, and ``commitments`` all commitments.
    """

    __tablename__ = "record"

    id: Mapped[str] = mapped_column(sa.String(26), primary_key=True)
    schema: Mapped[str] = mapped_column(sa.String(40))
    type: Mapped[str] = mapped_column(sa.String(40), index=True)
    body: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    salt: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16))
    classes: Mapped[dict[str, str]] = mapped_column(Json)
    kept: Mapped[dict[str, Any] | None] = mapped_column(Json)
    commitments: Mapped[dict[str, str] | None] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Moment)
    person: Mapped[str | None] = mapped_column(sa.String(26))
    party: Mapped[str | None] = mapped_column(sa.String(26), index=True)
    subject: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    leaf_index: Mapped[int] = mapped_column(sa.BigInteger, unique=True)


class Leaf(Base):
    """One leaf of the tree: its data as published and its RFC 6962 hash.

    ``index`` counts through all logs, see ``positions``.
    """

    __tablename__ = "leaf"

    index: Mapped[int] = mapped_column("idx", sa.BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    data: Mapped[bytes] = mapped_column(sa.LargeBinary)


class Tile(Base):
    """A full tile of 256 hashes, written once; partial tiles are read from what is below them.

    ``root`` is the root of the tile's 256 hashes: one hash of a tile of the level above.
    """

    __tablename__ = "tile"

    level: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column("idx", sa.BigInteger, primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(sa.LargeBinary)
    root: Mapped[bytes] = mapped_column(sa.LargeBinary(32))


class Head(Base):
    """A log's head. The newest is open, and locked as the last lock before each commit.

    ``id`` is the log's number: a restored backup closes its log and opens the next.

    ``halted``: why nothing may be appended, where a witness has shown that another history of
    this log exists; else none.
    """

    __tablename__ = "head"

    id: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    origin: Mapped[str] = mapped_column(sa.String(255))
    size: Mapped[int] = mapped_column(sa.BigInteger)
    frontier: Mapped[bytes] = mapped_column(sa.LargeBinary)
    checkpoint: Mapped[str] = mapped_column(sa.Text)
    halted: Mapped[str | None] = mapped_column(sa.Text)


class CosignedHead(Base):
    """A head that was shown to witnesses: its checkpoint as the log signed it."""

    __tablename__ = "cosigned_head"

    size: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    checkpoint: Mapped[str] = mapped_column(sa.Text)


class CosignatureLine(Base):
    """A witness's signature line over a cosigned head; ``timestamp`` is its POSIX time."""

    __tablename__ = "cosignature_line"

    size: Mapped[int] = mapped_column(
        sa.ForeignKey("cosigned_head.size"), primary_key=True, autoincrement=False
    )
    witness: Mapped[str] = mapped_column(sa.String(400), primary_key=True)
    line: Mapped[str] = mapped_column(sa.Text)
    timestamp: Mapped[int] = mapped_column(sa.BigInteger)


class WitnessContact(Base):
    """How it stands with one witness, named by its verifier key.

    ``size`` and ``cosigned_at``: what it cosigned last, and when. ``failures``: how often in a row
    it did not; ``trouble`` says why, and ``wait_until`` when it is asked again.
    """

    __tablename__ = "witness_contact"

    witness: Mapped[str] = mapped_column(sa.String(400), primary_key=True)
    size: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    cosigned_at: Mapped[datetime | None] = mapped_column(Moment)
    failures: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None] = mapped_column(sa.Text)
    wait_until: Mapped[datetime | None] = mapped_column(Moment)


class Asked(Base):
    """A request that came with an idempotency key, and its answer: asked again, answered alike."""

    __tablename__ = "asked"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    asker: Mapped[str] = mapped_column(sa.String(64))
    key: Mapped[str] = mapped_column(sa.String(255))
    digest: Mapped[str] = mapped_column(sa.String(64))
    answer: Mapped[Any] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (sa.UniqueConstraint("asker", "key"),)
