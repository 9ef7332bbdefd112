"""The tables of early warning: warnings, the steps taken, who is told where, and what was sent."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.batches.tables import Batch
from suyuan.trace.database import Base, Id, Json, Moment
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.tables import said_in
from suyuan.trace.notices.wording import Kept
from suyuan.trace.parties.tables import Party


class EarlyWarning(Base):
    """A warning (预警): what rule found it, on what, who has it in hand, and until when.

    ``key`` names the cause, so that one cause opens one warning. ``party`` is the organisation
    concerned. ``division``, ``family`` and ``stage`` are those of what it is about; no ``stage``:
    the regulators of any have it. ``level`` and ``level_division`` say whose turn it is
    (``rules.LEVELS``). ``state``: ``open`` →
    ``acknowledged`` → ``acted_on`` → ``closed``; going up a level it is ``open`` again.
    ``public_text`` is what consumers are told, from ``published_at`` on.
    """

    __tablename__ = "warning"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    rule: Mapped[str] = mapped_column(sa.String(40))
    key: Mapped[str] = mapped_column(sa.String(120))
    severity: Mapped[str] = mapped_column(sa.String(10))
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("batch.id"), index=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    division: Mapped[str] = mapped_column(sa.String(12))
    family: Mapped[str | None] = mapped_column(sa.String(30))
    stage: Mapped[str | None] = mapped_column(sa.String(30))
    level: Mapped[str] = mapped_column(sa.String(12))
    level_division: Mapped[str] = mapped_column(sa.String(12))
    state: Mapped[str] = mapped_column(sa.String(12), default="open")
    evidence: Mapped[Kept] = mapped_column(Json, default=dict)
    opened_at: Mapped[datetime] = mapped_column(Moment, index=True)
    deadline: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    public_text: Mapped[str] = mapped_column(sa.String(500), default="")
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    record_id: Mapped[str] = mapped_column(said_in())

    batch: Mapped[Batch | None] = relationship()
    party: Mapped[Party] = relationship()
    steps: Mapped[list[WarningStep]] = relationship(order_by="WarningStep.id")

    __table_args__ = (
        sa.Index("ix_warning_rule_key", "rule", "key"),
        sa.Index("ix_warning_state_deadline", "state", "deadline"),
        sa.Index(
            "uq_warning_open",
            "rule",
            "key",
            unique=True,
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        ),
    )


class WarningStep(Base):
    """What was done about a warning: by whom, when, with what proof; nobody where it went up by
    the clock. ``level`` is where it stood then. ``proof_kind`` and ``proof_record``: the record
    that shows it, by its uid (``proofs.Proof``)."""

    __tablename__ = "warning_step"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    warning_id: Mapped[int] = mapped_column(sa.ForeignKey("warning.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    level: Mapped[str] = mapped_column(sa.String(12))
    party_id: Mapped[int | None] = mapped_column(sa.ForeignKey("party.id"))
    person_uid: Mapped[str | None] = mapped_column(sa.String(26))
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence_file.id"))
    proof_kind: Mapped[str | None] = mapped_column(sa.String(12))
    proof_record: Mapped[str | None] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(Moment)
    record_id: Mapped[str] = mapped_column(said_in())

    party: Mapped[Party | None] = relationship()
    evidence: Mapped[EvidenceFile | None] = relationship()


class NoticeContact(Base):
    """Where an organisation wants to hear of its warnings beside the pages.

    ``channel``: ``email``, ``sms`` or ``webhook``; ``address`` the mail address, telephone number
    or web address. ``least`` is the severity from which on.
    """

    __tablename__ = "notice_contact"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    channel: Mapped[str] = mapped_column(sa.String(10))
    address: Mapped[str] = mapped_column(sa.String(300))
    least: Mapped[str] = mapped_column(sa.String(10))
    made_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    person_uid: Mapped[str | None] = mapped_column(sa.String(26))
    record_id: Mapped[str] = mapped_column(said_in())

    party: Mapped[Party] = relationship()


class Notice(Base):
    """A message about a warning, for one organisation by one way: the outbox.

    ``channel`` ``page`` has no contact: it is there for whoever signs in. ``state``: ``waiting``
    → ``sent``, ``failed`` when it was tried often enough, or ``kept`` where no provider sends
    this channel: then it is read in the outbox only. ``due_at``: not to be tried before.
    """

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    warning_id: Mapped[int] = mapped_column(sa.ForeignKey("warning.id"), index=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("notice_contact.id"))
    channel: Mapped[str] = mapped_column(sa.String(10))
    occasion: Mapped[str] = mapped_column(sa.String(12))
    state: Mapped[str] = mapped_column(sa.String(10))
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    trouble: Mapped[str] = mapped_column(sa.String(300), default="")

    warning: Mapped[EarlyWarning] = relationship()
    party: Mapped[Party] = relationship()
    contact: Mapped[NoticeContact | None] = relationship()

    __table_args__ = (sa.Index("ix_notice_state_due_at", "state", "due_at"),)


class Sweep(Base):
    """When a rule last looked for what it warns of, and how many warnings that opened."""

    __tablename__ = "sweep"

    rule: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    swept_at: Mapped[datetime] = mapped_column(Moment)
    opened: Mapped[int] = mapped_column(default=0)
