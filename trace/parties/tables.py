"""The tables of organisations, people, what they may do, and where."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.database import Base, Id, Json, Moment
from suyuan.trace.log.tables import said_in


class Party(Base):
    """An organisation of any kind in ``standards/roles.json``.

    It is applied for, then checked by somebody against papers, then active or suspended;
    until it is checked its codes say so. ``warnings`` keeps what identifiers failed a check
    digit: ``[{field, code, message, params}]``.
    """

    __tablename__ = "party"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(30))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("party.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    names: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    uscc: Mapped[str | None] = mapped_column(sa.String(18), unique=True)
    division: Mapped[str] = mapped_column(sa.String(12), index=True)
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    phone: Mapped[str] = mapped_column(sa.String(30), default="")
    supervision_phone: Mapped[str] = mapped_column(sa.String(30), default="")
    state: Mapped[str] = mapped_column(sa.String(10), default="applied")
    undertaking_at: Mapped[datetime | None] = mapped_column(Moment)
    checked_at: Mapped[datetime | None] = mapped_column(Moment)
    checked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    checked_against: Mapped[str] = mapped_column(sa.String(500), default="")
    state_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    applied_at: Mapped[datetime] = mapped_column(Moment)
    record_id: Mapped[str] = mapped_column(said_in())

    parent: Mapped[Party | None] = relationship(remote_side=[id])


class Site(Base):
    """A place where something happens: pasture, slaughterhouse, workshop, store, shop …"""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(30))
    name: Mapped[str] = mapped_column(sa.String(200))
    names: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    division: Mapped[str] = mapped_column(sa.String(12), index=True)
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    latitude: Mapped[str | None] = mapped_column(sa.String(16))
    longitude: Mapped[str | None] = mapped_column(sa.String(16))
    altitude_m: Mapped[int | None]
    area_m2: Mapped[int | None] = mapped_column(sa.BigInteger)
    capacity: Mapped[str] = mapped_column(sa.String(100), default="")
    made_at: Mapped[datetime] = mapped_column(Moment)
    record_id: Mapped[str] = mapped_column(said_in())

    party: Mapped[Party] = relationship()


class Person(Base):
    """Somebody who signs in, by phone number (E.164, ``+86…``) and PIN or password.

    ``password`` is an Argon2 hash. ``session_name`` is how sessions name the person: a new one
    ends them all. ``second_factor`` is the sealed secret of an authenticator (RFC 6238), and
    ``second_factor_step`` the last time step of which a code was used, so that none serves twice.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    language: Mapped[str] = mapped_column(sa.String(2), default="zh")
    phone: Mapped[str] = mapped_column(sa.String(20), unique=True)
    password: Mapped[str | None] = mapped_column(sa.String(255))
    active: Mapped[bool] = mapped_column(default=True)
    session_name: Mapped[str] = mapped_column(sa.String(64), unique=True)
    second_factor: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    second_factor_step: Mapped[int | None] = mapped_column(sa.BigInteger)
    made_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)

    memberships: Mapped[list[Membership]] = relationship(back_populates="person")


class Membership(Base):
    """A person's role in an organisation (``standards/roles.json``), from one day to another."""

    __tablename__ = "membership"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(30))
    since: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship(back_populates="memberships")
    party: Mapped[Party] = relationship()

    __table_args__ = (
        sa.Index(
            "uq_membership_person_id_party_id_role",
            "person_id",
            "party_id",
            "role",
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        ),
    )


class Competence(Base):
    """What a regulator is competent for: a division, a family and a stage; empty means any."""

    __tablename__ = "competence"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    agency: Mapped[str] = mapped_column(sa.String(100))
    division: Mapped[str] = mapped_column(sa.String(12))
    family: Mapped[str | None] = mapped_column(sa.String(30))
    stage: Mapped[str | None] = mapped_column(sa.String(30))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class ApiToken(Base):
    """A bearer token of a person in an organisation; only its SHA-256 is kept.

    ``feeds_only``: it is for an agent beside printers, and opens nothing else.
    """

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"))
    label: Mapped[str] = mapped_column(sa.String(100), default="")
    feeds_only: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class OneTimeLink(Base):
    """A link that signs a person in once (first sign-in, reset); spent on POST, hash kept only."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    purpose: Mapped[str] = mapped_column(sa.String(20))
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    spent_at: Mapped[datetime | None] = mapped_column(Moment)


class Disclosure(Base):
    """A regulator's reasoned request to see personal fields outside its own division."""

    __tablename__ = "disclosure"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"))
    trace_code: Mapped[str] = mapped_column(sa.String(16), index=True)
    reason: Mapped[str] = mapped_column(sa.String(500))
    at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    record_id: Mapped[str] = mapped_column(said_in())
