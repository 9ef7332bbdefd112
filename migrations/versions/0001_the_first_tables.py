"""the first tables

Revision: 0001, after , 2026-11-23 12:39:29.238407
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asked",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asker", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "answer", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked")),
        sa.UniqueConstraint("asker", "key", name=op.f("uq_asked_asker")),
    )
    op.create_table(
        "cosigned_head",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_cosigned_head")),
    )
    op.create_table(
        "directory_draft",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_directory_draft")),
    )
    op.create_table(
        "directory_edition",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("issued", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_directory_edition")),
    )
    op.create_table(
        "head",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=False),
        sa.Column("halted", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head")),
    )
    op.create_table(
        "instance",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column(
            "hosts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("root", sa.String(length=255), nullable=False),
        sa.Column(
            "keyring", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("keys_version", sa.Integer(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance")),
    )
    op.create_table(
        "kept_until",
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_kept_until")),
    )
    with op.batch_alter_table("kept_until", schema=None) as batch_op:
        batch_op.create_index("ix_kept_until_day", ["until", "record_id"], unique=False)

    op.create_table(
        "kept_until_reckoned",
        sa.Column("rules", sa.String(length=16), nullable=False),
        sa.Column("leaf_index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("rules", name=op.f("pk_kept_until_reckoned")),
    )
    op.create_table(
        "leaf",
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("idx", name=op.f("pk_leaf")),
    )
    op.create_table(
        "path_state",
        sa.Column("path", sa.String(length=96), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("because", sa.String(length=26), nullable=False),
        sa.Column("token", sa.String(length=11), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("path", "letter", "because", name=op.f("pk_path_state")),
    )
    with op.batch_alter_table("path_state", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_path_state_because"), ["because"], unique=False)
        batch_op.create_index(batch_op.f("ix_path_state_token"), ["token"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("session_name", sa.String(length=64), nullable=False),
        sa.Column("second_factor", sa.LargeBinary(), nullable=True),
        sa.Column("second_factor_step", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("phone", name=op.f("uq_person_phone")),
        sa.UniqueConstraint("session_name", name=op.f("uq_person_session_name")),
        sa.UniqueConstraint("uid", name=op.f("uq_person_uid")),
    )
    op.create_table(
        "pin_device",
        sa.Column("device", sa.LargeBinary(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("queued_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_pin_device")),
    )
    with op.batch_alter_table("pin_device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pin_device_day"), ["day"], unique=False)

    op.create_table(
        "pin_guess",
        sa.Column("guess", sa.LargeBinary(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("guess", name=op.f("pk_pin_guess")),
    )
    with op.batch_alter_table("pin_guess", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pin_guess_day"), ["day"], unique=False)

    op.create_table(
        "record",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("schema", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=True),
        sa.Column(
            "classes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("kept", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column(
            "commitments", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.String(length=26), nullable=True),
        sa.Column("party", sa.String(length=26), nullable=True),
        sa.Column("subject", sa.String(length=64), nullable=True),
        sa.Column("leaf_index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
        sa.UniqueConstraint("leaf_index", name=op.f("uq_record_leaf_index")),
    )
    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_party"), ["party"], unique=False)
        batch_op.create_index(batch_op.f("ix_record_subject"), ["subject"], unique=False)
        batch_op.create_index(batch_op.f("ix_record_type"), ["type"], unique=False)

    op.create_table(
        "scan_tally",
        sa.Column("path", sa.String(length=96), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_scan_tally")),
    )
    op.create_table(
        "signing_key",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("use", sa.String(length=10), nullable=False),
        sa.Column("verifier", sa.String(length=400), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("store", sa.String(length=200), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("gtin", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "division", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revoked_at_size", sa.BigInteger(), nullable=True),
        sa.Column("retire_on", sa.Date(), nullable=True),
        sa.Column("revoke_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
        sa.UniqueConstraint("verifier", name=op.f("uq_signing_key_verifier")),
    )
    with op.batch_alter_table("signing_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signing_key_name"), ["name"], unique=False)

    op.create_table(
        "status_edition",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("delta", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_by", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_status_edition")),
    )
    op.create_table(
        "sweep",
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("swept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rule", name=op.f("pk_sweep")),
    )
    op.create_table(
        "tile",
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("level", "idx", name=op.f("pk_tile")),
    )
    op.create_table(
        "witness_contact",
        sa.Column("witness", sa.String(length=400), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("cosigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("wait_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("witness", name=op.f("pk_witness_contact")),
    )
    op.create_table(
        "cosignature_line",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("witness", sa.String(length=400), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("timestamp", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["size"], ["cosigned_head.size"], name=op.f("fk_cosignature_line_size_cosigned_head")
        ),
        sa.PrimaryKeyConstraint("size", "witness", name=op.f("pk_cosignature_line")),
    )
    op.create_table(
        "county_limit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("standard", sa.String(length=120), nullable=False),
        sa.Column("clause", sa.String(length=120), nullable=False),
        sa.Column("force", sa.String(length=12), nullable=False),
        sa.Column("product_class", sa.String(length=60), nullable=False),
        sa.Column("parameter", sa.String(length=60), nullable=False),
        sa.Column("minimum", sa.String(length=40), nullable=True),
        sa.Column("maximum", sa.String(length=40), nullable=True),
        sa.Column("plan", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("forbidden", sa.Boolean(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("dry", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=False),
        sa.Column("checked_by", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_by_uid", sa.String(length=26), nullable=True),
        sa.Column("answered_by_uid", sa.String(length=26), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_county_limit_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_county_limit")),
        sa.UniqueConstraint("uid", name=op.f("uq_county_limit_uid")),
    )
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_one_time_link_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("hash", name=op.f("uq_one_time_link_hash")),
    )
    op.create_table(
        "party",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "names", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("supervision_phone", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("undertaking_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "checked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("checked_against", sa.String(length=500), nullable=False),
        sa.Column("state_reason", sa.String(length=500), nullable=False),
        sa.Column(
            "warnings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["person.id"], name=op.f("fk_party_checked_by_id_person")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["party.id"], name=op.f("fk_party_parent_id_party")),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_party_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint("uid", name=op.f("uq_party_uid")),
        sa.UniqueConstraint("uscc", name=op.f("uq_party_uscc")),
    )
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_division"), ["division"], unique=False)

    op.create_table(
        "pin_entry",
        sa.Column("path", sa.String(length=96), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tries_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent", sa.LargeBinary(length=32), nullable=True),
        sa.Column("record_id", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_pin_entry_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_pin_entry")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("feeds_only", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_api_token_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_api_token_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_token_hash")),
        sa.UniqueConstraint("uid", name=op.f("uq_api_token_uid")),
    )
    op.create_table(
        "carrier",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("path", sa.String(length=96), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "warnings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unbound_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_uid", sa.String(length=26), nullable=True),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_carrier_party_id_party")),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_carrier_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier")),
        sa.UniqueConstraint("uid", name=op.f("uq_carrier_uid")),
    )
    with op.batch_alter_table("carrier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_carrier_party_id"), ["party_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_carrier_path"), ["path"], unique=False)
        batch_op.create_index(
            "uq_carrier_bound",
            ["number", "kind"],
            unique=True,
            sqlite_where=sa.text("unbound_at IS NULL"),
            postgresql_where=sa.text("unbound_at IS NULL"),
        )

    op.create_table(
        "certificate_issuer",
        sa.Column("code", sa.String(length=11), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_certificate_issuer_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_certificate_issuer_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_certificate_issuer")),
    )
    with op.batch_alter_table("certificate_issuer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_issuer_party_id"), ["party_id"], unique=False
        )

    op.create_table(
        "competence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agency", sa.String(length=100), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("family", sa.String(length=30), nullable=True),
        sa.Column("stage", sa.String(length=30), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_competence_party_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competence")),
    )
    with op.batch_alter_table("competence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_competence_party_id"), ["party_id"], unique=False)

    op.create_table(
        "credit_assessment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column(
            "found", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("again", sa.String(length=500), nullable=False),
        sa.Column(
            "by_party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notice_until", sa.Date(), nullable=False),
        sa.Column("objection", sa.String(length=500), nullable=False),
        sa.Column("objected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("grade", sa.String(length=10), nullable=False),
        sa.Column("veto", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_party_id"], ["party.id"], name=op.f("fk_credit_assessment_by_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["party.id"], name=op.f("fk_credit_assessment_decided_by_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_credit_assessment_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_credit_assessment_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_assessment")),
        sa.UniqueConstraint("uid", name=op.f("uq_credit_assessment_uid")),
    )
    with op.batch_alter_table("credit_assessment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credit_assessment_division"), ["division"], unique=False
        )
        batch_op.create_index("ix_credit_assessment_party_year", ["party_id", "year"], unique=False)
        batch_op.create_index(
            "uq_credit_assessment_open",
            ["party_id", "year"],
            unique=True,
            sqlite_where=sa.text("state <> 'decided'"),
            postgresql_where=sa.text("state <> 'decided'"),
        )

    op.create_table(
        "disclosure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("trace_code", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_disclosure_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_disclosure_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_disclosure_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    with op.batch_alter_table("disclosure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disclosure_trace_code"), ["trace_code"], unique=False)

    op.create_table(
        "evidence_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("disclosure", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_uid", sa.String(length=26), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_evidence_file_party_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
        sa.UniqueConstraint("uid", name=op.f("uq_evidence_file_uid")),
    )
    with op.batch_alter_table("evidence_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_file_erased_at"), ["erased_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_file_party_id"), ["party_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_file_sha256"), ["sha256"], unique=False)

    op.create_table(
        "legal_hold",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column(
            "by_party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("by_person_uid", sa.String(length=26), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_uid", sa.String(length=26), nullable=True),
        sa.Column("lift_reason", sa.String(length=500), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_party_id"], ["party.id"], name=op.f("fk_legal_hold_by_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_legal_hold_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
        sa.UniqueConstraint("uid", name=op.f("uq_legal_hold_uid")),
    )
    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legal_hold_about"), ["about"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_membership_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_party_id"), ["party_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_membership_person_id_party_id_role",
            ["person_id", "party_id", "role"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "notice_contact",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("least", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_uid", sa.String(length=26), nullable=True),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_notice_contact_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_notice_contact_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_contact")),
        sa.UniqueConstraint("uid", name=op.f("uq_notice_contact_uid")),
    )
    with op.batch_alter_table("notice_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_contact_party_id"), ["party_id"], unique=False)

    op.create_table(
        "product",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("family", sa.String(length=30), nullable=False),
        sa.Column("variant", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "names", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column(
            "label", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("items_on_pack", sa.Boolean(), nullable=False),
        sa.Column(
            "warnings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_product_party_id_party")),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_product_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("gtin", name=op.f("uq_product_gtin")),
        sa.UniqueConstraint("uid", name=op.f("uq_product_uid")),
    )
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_party_id"), ["party_id"], unique=False)

    op.create_table(
        "result_layout",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column(
            "layout", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_result_layout_party_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_layout")),
        sa.UniqueConstraint("party_id", "name", name=op.f("uq_result_layout_party_id")),
    )
    op.create_table(
        "sheet_mapping",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column(
            "mapping", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_sheet_mapping_party_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_mapping")),
        sa.UniqueConstraint("party_id", "fingerprint", name=op.f("uq_sheet_mapping_party_id")),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "names", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("latitude", sa.String(length=16), nullable=True),
        sa.Column("longitude", sa.String(length=16), nullable=True),
        sa.Column("altitude_m", sa.Integer(), nullable=True),
        sa.Column("area_m2", sa.BigInteger(), nullable=True),
        sa.Column("capacity", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_site_party_id_party")),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_site_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("uid", name=op.f("uq_site_uid")),
    )
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_division"), ["division"], unique=False)
        batch_op.create_index(batch_op.f("ix_site_party_id"), ["party_id"], unique=False)

    op.create_table(
        "tibetan_text",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("zh", sa.String(length=200), nullable=False),
        sa.Column("bo", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column(
            "by_party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_party_id"], ["party.id"], name=op.f("fk_tibetan_text_by_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_tibetan_text_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tibetan_text")),
        sa.UniqueConstraint("uid", name=op.f("uq_tibetan_text_uid")),
        sa.UniqueConstraint("zh", "bo", "division", name=op.f("uq_tibetan_text_zh")),
    )
    with op.batch_alter_table("tibetan_text", schema=None) as batch_op:
        batch_op.create_index("ix_tibetan_text_division", ["division", "state"], unique=False)

    op.create_table(
        "batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("trace_code", sa.String(length=16), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("family", sa.String(length=30), nullable=False),
        sa.Column("variant", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("lot", sa.String(length=20), nullable=True),
        sa.Column("path", sa.String(length=64), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=3), nullable=False),
        sa.Column(
            "produced", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
        ),
        sa.Column("produced_on", sa.Date(), nullable=True),
        sa.Column("best_before", sa.Date(), nullable=True),
        sa.Column(
            "attributes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("gaps", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "warnings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_batch_party_id_party")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_batch_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_batch_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_batch_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("path", name=op.f("uq_batch_path")),
        sa.UniqueConstraint("trace_code", name=op.f("uq_batch_trace_code")),
    )
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_best_before"), ["best_before"], unique=False)
        batch_op.create_index(batch_op.f("ix_batch_division"), ["division"], unique=False)
        batch_op.create_index(batch_op.f("ix_batch_family"), ["family"], unique=False)
        batch_op.create_index(batch_op.f("ix_batch_lot"), ["lot"], unique=False)
        batch_op.create_index(batch_op.f("ix_batch_party_id"), ["party_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_batch_product_id"), ["product_id"], unique=False)
        batch_op.create_index(
            "ix_batch_registered_at_place", ["registered_at", "division", "family"], unique=False
        )

    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column(
            "happened", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
        ),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_uid", sa.String(length=26), nullable=True),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "payload", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("evidence_grade", sa.String(length=20), nullable=False),
        sa.Column("completeness", sa.Integer(), nullable=False),
        sa.Column(
            "missing", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "warnings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "corrects_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "corrected_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("correction_reason", sa.String(length=500), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["corrected_by_id"], ["event.id"], name=op.f("fk_event_corrected_by_id_event")
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["event.id"], name=op.f("fk_event_corrects_id_event")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_event_party_id_party")),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_event_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_event_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("uid", name=op.f("uq_event_uid")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_happened_at"), ["happened_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_party_id"), ["party_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_record_id"), ["record_id"], unique=False)

    op.create_table(
        "paper",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("plain_number", sa.String(length=80), nullable=False),
        sa.Column(
            "holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("unit", sa.String(length=3), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_reason", sa.String(length=500), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("renews_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "evidence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("checked_by_uid", sa.String(length=26), nullable=True),
        sa.Column(
            "checked_by_party_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("checked_by", sa.String(length=200), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_where", sa.String(length=200), nullable=False),
        sa.Column(
            "warnings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["checked_by_party_id"], ["party.id"], name=op.f("fk_paper_checked_by_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence_file.id"], name=op.f("fk_paper_evidence_id_evidence_file")
        ),
        sa.ForeignKeyConstraint(["holder_id"], ["party.id"], name=op.f("fk_paper_holder_id_party")),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_paper_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["renews_id"], ["paper.id"], name=op.f("fk_paper_renews_id_paper")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("uid", name=op.f("uq_paper_uid")),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_holder_id"), ["holder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_made_at"), ["made_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_renews_id"), ["renews_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_revoked_at"), ["revoked_at"], unique=False)
        batch_op.create_index(
            "uq_paper_kind_plain_number_holder_id",
            ["kind", "plain_number", "holder_id"],
            unique=True,
            sqlite_where=sa.text("plain_number <> ''"),
            postgresql_where=sa.text("plain_number <> ''"),
        )

    op.create_table(
        "printer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=4), nullable=False),
        sa.Column("dpi", sa.Integer(), nullable=False),
        sa.Column("head_dots", sa.Integer(), nullable=False),
        sa.Column("gap_mm", sa.Integer(), nullable=False),
        sa.Column("shift_right", sa.Integer(), nullable=False),
        sa.Column("shift_down", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_printer_party_id_party")),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_printer_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_printer_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printer")),
        sa.UniqueConstraint("uid", name=op.f("uq_printer_uid")),
    )
    with op.batch_alter_table("printer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_printer_party_id"), ["party_id"], unique=False)

    op.create_table(
        "result_sheet",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "evidence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("grid", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("sheet", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("layout_name", sa.String(length=80), nullable=False),
        sa.Column(
            "layout", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
        ),
        sa.Column(
            "answer", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence_file.id"],
            name=op.f("fk_result_sheet_evidence_id_evidence_file"),
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_result_sheet_party_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_sheet")),
        sa.UniqueConstraint("uid", name=op.f("uq_result_sheet_uid")),
    )
    with op.batch_alter_table("result_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_result_sheet_party_id"), ["party_id"], unique=False)

    op.create_table(
        "test_report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column(
            "laboratory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("laboratory", sa.String(length=200), nullable=False),
        sa.Column("cma", sa.String(length=40), nullable=False),
        sa.Column("catl", sa.String(length=40), nullable=False),
        sa.Column("sample_number", sa.String(length=80), nullable=False),
        sa.Column("sampled_on", sa.Date(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("conclusion", sa.String(length=500), nullable=False),
        sa.Column(
            "retest_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "evidence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "warnings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "entered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["party.id"], name=op.f("fk_test_report_entered_by_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence_file.id"],
            name=op.f("fk_test_report_evidence_id_evidence_file"),
        ),
        sa.ForeignKeyConstraint(
            ["laboratory_id"], ["party.id"], name=op.f("fk_test_report_laboratory_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_test_report_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["retest_of_id"],
            ["test_report.id"],
            name=op.f("fk_test_report_retest_of_id_test_report"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_report")),
        sa.UniqueConstraint("laboratory", "number", name=op.f("uq_test_report_laboratory")),
        sa.UniqueConstraint("uid", name=op.f("uq_test_report_uid")),
    )
    with op.batch_alter_table("test_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_test_report_made_at"), ["made_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_test_report_number"), ["number"], unique=False)

    op.create_table(
        "upload",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "evidence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("family", sa.String(length=30), nullable=False),
        sa.Column("variant", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("handed_out", sa.Boolean(), nullable=False),
        sa.Column("grid", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sheet", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "mapping", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
        ),
        sa.Column(
            "decisions", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "answer", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence_file.id"], name=op.f("fk_upload_evidence_id_evidence_file")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_upload_party_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("uid", name=op.f("uq_upload_uid")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_party_id"), ["party_id"], unique=False)

    op.create_table(
        "batch_mark",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.Column("stated", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_batch_mark_batch_id_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_mark")),
    )
    with op.batch_alter_table("batch_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_mark_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_batch_mark_value"), ["value"], unique=False)

    op.create_table(
        "batch_release",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column(
            "covers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "by_party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("by_person_uid", sa.String(length=26), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "answered_party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("answered_by_uid", sa.String(length=26), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_party_id"],
            ["party.id"],
            name=op.f("fk_batch_release_answered_party_id_party"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_batch_release_batch_id_batch")
        ),
        sa.ForeignKeyConstraint(
            ["by_party_id"], ["party.id"], name=op.f("fk_batch_release_by_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_batch_release_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_release")),
        sa.UniqueConstraint("uid", name=op.f("uq_batch_release_uid")),
    )
    with op.batch_alter_table("batch_release", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_batch_release_answered_at"), ["answered_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_batch_release_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_batch_release_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "commitment_certificate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=22), nullable=False),
        sa.Column("style", sa.String(length=10), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "issuer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("product_name", sa.String(length=200), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("contact", sa.String(length=60), nullable=False),
        sa.Column(
            "basis", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_reason", sa.String(length=500), nullable=False),
        sa.Column("void_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "replaces_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_commitment_certificate_batch_id_batch")
        ),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["party.id"], name=op.f("fk_commitment_certificate_issuer_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_commitment_certificate_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["commitment_certificate.id"],
            name=op.f("fk_commitment_certificate_replaces_id_commitment_certificate"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_certificate")),
        sa.UniqueConstraint("number", name=op.f("uq_commitment_certificate_number")),
    )
    with op.batch_alter_table("commitment_certificate", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_commitment_certificate_batch_id"), ["batch_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_commitment_certificate_issued_on"), ["issued_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_commitment_certificate_issuer_id"), ["issuer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_commitment_certificate_made_at"), ["made_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_commitment_certificate_replaces_id"), ["replaces_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_commitment_certificate_void_since"), ["void_since"], unique=False
        )

    op.create_table(
        "event_batch",
        sa.Column(
            "event_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_event_batch_batch_id_batch")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_batch_event_id_event")
        ),
        sa.PrimaryKeyConstraint("event_id", "batch_id", "role", name=op.f("pk_event_batch")),
    )
    with op.batch_alter_table("event_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_batch_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "event_evidence",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "evidence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_evidence_event_id_event")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence_file.id"],
            name=op.f("fk_event_evidence_evidence_id_evidence_file"),
        ),
        sa.PrimaryKeyConstraint("event_id", "evidence_id", name=op.f("pk_event_evidence")),
    )
    op.create_table(
        "holding",
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "party_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("left", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_holding_batch_id_batch")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_holding_party_id_party")),
        sa.PrimaryKeyConstraint("batch_id", "party_id", name=op.f("pk_holding")),
    )
    with op.batch_alter_table("holding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_holding_party_id"), ["party_id"], unique=False)

    op.create_table(
        "link",
        sa.Column(
            "child_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "parent_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["batch.id"], name=op.f("fk_link_child_id_batch")),
        sa.ForeignKeyConstraint(["parent_id"], ["batch.id"], name=op.f("fk_link_parent_id_batch")),
        sa.PrimaryKeyConstraint("child_id", "parent_id", name=op.f("pk_link")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index("ix_link_parent_child", ["parent_id", "child_id"], unique=False)

    op.create_table(
        "objection",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column(
            "report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "by_party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retest_due", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column(
            "decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_party_id"], ["party.id"], name=op.f("fk_objection_by_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["test_report.id"],
            name=op.f("fk_objection_decided_by_id_test_report"),
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_objection_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["test_report.id"], name=op.f("fk_objection_report_id_test_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("uid", name=op.f("uq_objection_uid")),
    )
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objection_report_id"), ["report_id"], unique=False)

    op.create_table(
        "paper_application",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "applicant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("area_m2", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=3), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("renews_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_reason", sa.String(length=500), nullable=False),
        sa.Column(
            "decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["applicant_id"], ["party.id"], name=op.f("fk_paper_application_applicant_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["party.id"], name=op.f("fk_paper_application_decided_by_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["paper.id"], name=op.f("fk_paper_application_paper_id_paper")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_paper_application_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_paper_application_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["renews_id"], ["paper.id"], name=op.f("fk_paper_application_renews_id_paper")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_application")),
        sa.UniqueConstraint("uid", name=op.f("uq_paper_application_uid")),
    )
    with op.batch_alter_table("paper_application", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_paper_application_applicant_id"), ["applicant_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_paper_application_paper_id"), ["paper_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_paper_application_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_paper_application_kind_product_id",
            ["kind", "product_id"],
            unique=True,
            sqlite_where=sa.text("state = 'applied'"),
            postgresql_where=sa.text("state = 'applied'"),
        )

    op.create_table(
        "paper_draw",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("print_run", sa.String(length=26), nullable=True),
        sa.Column("period", sa.String(length=4), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("over", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_paper_draw_batch_id_batch")
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["paper.id"], name=op.f("fk_paper_draw_paper_id_paper")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_paper_draw_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_draw")),
        sa.UniqueConstraint("uid", name=op.f("uq_paper_draw_uid")),
    )
    with op.batch_alter_table("paper_draw", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_draw_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index("ix_paper_draw_paper_period", ["paper_id", "period"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_draw_print_run"), ["print_run"], unique=False)

    op.create_table(
        "paper_reach",
        sa.Column(
            "paper_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_paper_reach_batch_id_batch")
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["paper.id"], name=op.f("fk_paper_reach_paper_id_paper")
        ),
        sa.PrimaryKeyConstraint("paper_id", "batch_id", name=op.f("pk_paper_reach")),
    )
    with op.batch_alter_table("paper_reach", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_reach_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "paper_scope",
        sa.Column(
            "paper_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("target", sa.String(length=10), nullable=False),
        sa.Column("target_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["paper.id"], name=op.f("fk_paper_scope_paper_id_paper")
        ),
        sa.PrimaryKeyConstraint("paper_id", "target", "target_id", name=op.f("pk_paper_scope")),
    )
    with op.batch_alter_table("paper_scope", schema=None) as batch_op:
        batch_op.create_index("ix_paper_scope_target", ["target", "target_id"], unique=False)

    op.create_table(
        "print_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("roll_code", sa.String(length=16), nullable=True),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("key_name", sa.String(length=255), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("manifest_root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("manifest_parts", sa.LargeBinary(), nullable=False),
        sa.Column(
            "content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("pins", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_uid", sa.String(length=26), nullable=True),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_print_run_batch_id_batch")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_print_run_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_print_run_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_run")),
        sa.UniqueConstraint("roll_code", name=op.f("uq_print_run_roll_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_print_run_uid")),
    )
    with op.batch_alter_table("print_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_print_run_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_print_run_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_print_run_party_id"), ["party_id"], unique=False)

    op.create_table(
        "sample",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "taken_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("base", sa.BigInteger(), nullable=True),
        sa.Column("base_unit", sa.String(length=3), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=3), nullable=False),
        sa.Column("reserve", sa.BigInteger(), nullable=True),
        sa.Column("reserve_unit", sa.String(length=3), nullable=True),
        sa.Column("seal", sa.String(length=80), nullable=False),
        sa.Column(
            "samplers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "present", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column(
            "evidence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_sample_batch_id_batch")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence_file.id"], name=op.f("fk_sample_evidence_id_evidence_file")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_sample_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_sample_site_id_site")),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["party.id"], name=op.f("fk_sample_taken_by_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample")),
        sa.UniqueConstraint("taken_by_id", "number", name=op.f("uq_sample_taken_by_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_sample_uid")),
    )
    with op.batch_alter_table("sample", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sample_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sample_number"), ["number"], unique=False)

    op.create_table(
        "share",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("household", sa.String(length=100), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_share_batch_id_batch")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_share_party_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share")),
    )
    with op.batch_alter_table("share", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_share_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "shipment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "from_party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "to_party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("open", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("accepted_quantity", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column(
            "ship_event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "receipt_event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_shipment_batch_id_batch")
        ),
        sa.ForeignKeyConstraint(
            ["from_party_id"], ["party.id"], name=op.f("fk_shipment_from_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_event_id"], ["event.id"], name=op.f("fk_shipment_receipt_event_id_event")
        ),
        sa.ForeignKeyConstraint(
            ["ship_event_id"], ["event.id"], name=op.f("fk_shipment_ship_event_id_event")
        ),
        sa.ForeignKeyConstraint(
            ["to_party_id"], ["party.id"], name=op.f("fk_shipment_to_party_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment")),
        sa.UniqueConstraint("uid", name=op.f("uq_shipment_uid")),
    )
    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shipment_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_shipment_from_party_id"), ["from_party_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_shipment_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_shipment_to_party_id"), ["to_party_id"], unique=False)

    op.create_table(
        "stop_order",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column(
            "by_party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("by_person_uid", sa.String(length=26), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recall_class", sa.String(length=10), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_by_uid", sa.String(length=26), nullable=True),
        sa.Column("outcome", sa.String(length=500), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_uid", sa.String(length=26), nullable=True),
        sa.Column("lift_reason", sa.String(length=500), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_stop_order_batch_id_batch")
        ),
        sa.ForeignKeyConstraint(
            ["by_party_id"], ["party.id"], name=op.f("fk_stop_order_by_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_stop_order_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop_order")),
        sa.UniqueConstraint("uid", name=op.f("uq_stop_order_uid")),
    )
    with op.batch_alter_table("stop_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stop_order_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_stop_order_finished_at"), ["finished_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_stop_order_lifted_at"), ["lifted_at"], unique=False)

    op.create_table(
        "test_item",
        sa.Column(
            "report_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("parameter", sa.String(length=120), nullable=False),
        sa.Column("result", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("lod", sa.String(length=40), nullable=False),
        sa.Column("limit_text", sa.String(length=120), nullable=False),
        sa.Column("method", sa.String(length=120), nullable=False),
        sa.Column("standard", sa.String(length=120), nullable=False),
        sa.Column("conclusion", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["test_report.id"], name=op.f("fk_test_item_report_id_test_report")
        ),
        sa.PrimaryKeyConstraint("report_id", "position", name=op.f("pk_test_item")),
    )
    op.create_table(
        "test_report_batch",
        sa.Column(
            "report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_test_report_batch_batch_id_batch")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["test_report.id"],
            name=op.f("fk_test_report_batch_report_id_test_report"),
        ),
        sa.PrimaryKeyConstraint("report_id", "batch_id", name=op.f("pk_test_report_batch")),
    )
    with op.batch_alter_table("test_report_batch", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_test_report_batch_batch_id"), ["batch_id"], unique=False
        )

    op.create_table(
        "verdict",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column(
            "report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parameter", sa.String(length=60), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("unconfirmed", sa.Boolean(), nullable=False),
        sa.Column("limit_row", sa.String(length=160), nullable=False),
        sa.Column(
            "grounds", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("standards", sa.String(length=16), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column(
            "overturned_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_verdict_batch_id_batch")),
        sa.ForeignKeyConstraint(
            ["overturned_by_id"],
            ["test_report.id"],
            name=op.f("fk_verdict_overturned_by_id_test_report"),
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_verdict_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["test_report.id"], name=op.f("fk_verdict_report_id_test_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
        sa.UniqueConstraint("uid", name=op.f("uq_verdict_uid")),
    )
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verdict_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_verdict_overturned_by_id"), ["overturned_by_id"], unique=False
        )
        batch_op.create_index("ix_verdict_report_batch", ["report_id", "batch_id"], unique=False)
        batch_op.create_index(
            "ix_verdict_verdict_judged_at", ["verdict", "judged_at"], unique=False
        )

    op.create_table(
        "warning",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("family", sa.String(length=30), nullable=True),
        sa.Column("stage", sa.String(length=30), nullable=True),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("level_division", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column(
            "evidence", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_text", sa.String(length=500), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_warning_batch_id_batch")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_warning_party_id_party")),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_warning_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning")),
        sa.UniqueConstraint("uid", name=op.f("uq_warning_uid")),
    )
    with op.batch_alter_table("warning", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_warning_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_warning_closed_at"), ["closed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_warning_opened_at"), ["opened_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_warning_party_id"), ["party_id"], unique=False)
        batch_op.create_index("ix_warning_rule_key", ["rule", "key"], unique=False)
        batch_op.create_index("ix_warning_state_deadline", ["state", "deadline"], unique=False)
        batch_op.create_index(
            "uq_warning_open",
            ["rule", "key"],
            unique=True,
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )

    op.create_table(
        "work_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "upload_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column(
            "content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "doubts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("settled_note", sa.String(length=500), nullable=False),
        sa.Column("settled_by_uid", sa.String(length=26), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_work_item_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_work_item_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_work_item_upload_id_upload")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_item")),
        sa.UniqueConstraint("uid", name=op.f("uq_work_item_uid")),
    )
    with op.batch_alter_table("work_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_item_party_id"), ["party_id"], unique=False)

    op.create_table(
        "carton_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "print_run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("company_prefix", sa.String(length=10), nullable=False),
        sa.Column("first", sa.String(length=17), nullable=False),
        sa.Column("last", sa.String(length=17), nullable=False),
        sa.Column("packages", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_carton_run_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["print_run_id"], ["print_run.id"], name=op.f("fk_carton_run_print_run_id_print_run")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_carton_run_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carton_run")),
        sa.UniqueConstraint("first", name=op.f("uq_carton_run_first")),
        sa.UniqueConstraint("last", name=op.f("uq_carton_run_last")),
    )
    with op.batch_alter_table("carton_run", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_carton_run_company_prefix"), ["company_prefix"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_carton_run_party_id"), ["party_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_carton_run_print_run_id"), ["print_run_id"], unique=False
        )

    op.create_table(
        "collected_certificate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "certificate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("product_name", sa.String(length=200), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("unit", sa.String(length=3), nullable=True),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("contact", sa.String(length=60), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column(
            "doubts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "evidence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("keep_until", sa.Date(), nullable=False),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_collected_certificate_batch_id_batch")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["commitment_certificate.id"],
            name=op.f("fk_collected_certificate_certificate_id_commitment_certificate"),
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence_file.id"],
            name=op.f("fk_collected_certificate_evidence_id_evidence_file"),
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_collected_certificate_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_collected_certificate_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collected_certificate")),
        sa.UniqueConstraint("uid", name=op.f("uq_collected_certificate_uid")),
    )
    with op.batch_alter_table("collected_certificate", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_collected_certificate_batch_id"), ["batch_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_collected_certificate_party_id"), ["party_id"], unique=False
        )

    op.create_table(
        "former_verdict",
        sa.Column(
            "verdict_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["verdict_id"], ["verdict.id"], name=op.f("fk_former_verdict_verdict_id_verdict")
        ),
        sa.PrimaryKeyConstraint("verdict_id", "number", name=op.f("pk_former_verdict")),
    )
    with op.batch_alter_table("former_verdict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_verdict_until"), ["until"], unique=False)
        batch_op.create_index(
            "ix_former_verdict_verdict_judged_at", ["verdict", "judged_at"], unique=False
        )

    op.create_table(
        "issue_job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("per_package", sa.Boolean(), nullable=False),
        sa.Column("unbound", sa.Boolean(), nullable=False),
        sa.Column("pins", sa.Boolean(), nullable=False),
        sa.Column("person_uid", sa.String(length=26), nullable=False),
        sa.Column("party_uid", sa.String(length=26), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=26), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "print_run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "trouble", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_issue_job_batch_id_batch")
        ),
        sa.ForeignKeyConstraint(
            ["print_run_id"], ["print_run.id"], name=op.f("fk_issue_job_print_run_id_print_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_job")),
        sa.UniqueConstraint("uid", name=op.f("uq_issue_job_uid")),
    )
    with op.batch_alter_table("issue_job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issue_job_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index("ix_issue_job_state_id", ["state", "id"], unique=False)

    op.create_table(
        "issued_code",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "print_run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=96), nullable=False),
        sa.Column("within", sa.String(length=16), nullable=False),
        sa.Column("serial", sa.String(length=12), nullable=True),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_as", sa.String(length=10), nullable=True),
        sa.Column("net_content", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(
            ["print_run_id"], ["print_run.id"], name=op.f("fk_issued_code_print_run_id_print_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_code")),
        sa.UniqueConstraint("print_run_id", "position", name=op.f("uq_issued_code_print_run_id")),
        sa.UniqueConstraint("within", "serial", name=op.f("uq_issued_code_within")),
    )
    with op.batch_alter_table("issued_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issued_code_path"), ["path"], unique=False)
        batch_op.create_index(batch_op.f("ix_issued_code_serial"), ["serial"], unique=False)
        batch_op.create_index(
            "ix_issued_code_voided_at",
            ["voided_at"],
            unique=False,
            sqlite_where=sa.text("voided_at IS NOT NULL"),
            postgresql_where=sa.text("voided_at IS NOT NULL"),
        )

    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column(
            "warning_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("occasion", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["notice_contact.id"], name=op.f("fk_notice_contact_id_notice_contact")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_notice_party_id_party")),
        sa.ForeignKeyConstraint(
            ["warning_id"], ["warning.id"], name=op.f("fk_notice_warning_id_warning")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("uid", name=op.f("uq_notice_uid")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_party_id"), ["party_id"], unique=False)
        batch_op.create_index("ix_notice_state_due_at", ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_warning_id"), ["warning_id"], unique=False)

    op.create_table(
        "paper_application_evidence",
        sa.Column(
            "application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "evidence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["paper_application.id"],
            name=op.f("fk_paper_application_evidence_application_id_paper_application"),
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence_file.id"],
            name=op.f("fk_paper_application_evidence_evidence_id_evidence_file"),
        ),
        sa.PrimaryKeyConstraint(
            "application_id", "evidence_id", name=op.f("pk_paper_application_evidence")
        ),
    )
    op.create_table(
        "paper_application_site",
        sa.Column(
            "application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["paper_application.id"],
            name=op.f("fk_paper_application_site_application_id_paper_application"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_paper_application_site_site_id_site")
        ),
        sa.PrimaryKeyConstraint(
            "application_id", "site_id", name=op.f("pk_paper_application_site")
        ),
    )
    op.create_table(
        "print_job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column(
            "print_run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "output", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("labels", sa.Integer(), nullable=False),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=26), nullable=True),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "trouble", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
        ),
        sa.Column("person_uid", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(
            ["print_run_id"], ["print_run.id"], name=op.f("fk_print_job_print_run_id_print_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_job")),
        sa.UniqueConstraint("uid", name=op.f("uq_print_job_uid")),
    )
    with op.batch_alter_table("print_job", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_print_job_print_run_id"), ["print_run_id"], unique=False
        )
        batch_op.create_index("ix_print_job_state_id", ["state", "id"], unique=False)

    op.create_table(
        "reprint",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column(
            "print_run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_uid", sa.String(length=26), nullable=True),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["print_run_id"], ["print_run.id"], name=op.f("fk_reprint_print_run_id_print_run")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_reprint_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reprint")),
        sa.UniqueConstraint("uid", name=op.f("uq_reprint_uid")),
    )
    with op.batch_alter_table("reprint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reprint_print_run_id"), ["print_run_id"], unique=False)

    op.create_table(
        "roll_binding",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column(
            "print_run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("net_content", sa.Text(), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unbound_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_uid", sa.String(length=26), nullable=True),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_roll_binding_batch_id_batch")
        ),
        sa.ForeignKeyConstraint(
            ["print_run_id"], ["print_run.id"], name=op.f("fk_roll_binding_print_run_id_print_run")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_roll_binding_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_binding")),
        sa.UniqueConstraint("uid", name=op.f("uq_roll_binding_uid")),
    )
    with op.batch_alter_table("roll_binding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roll_binding_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_roll_binding_print_run_id"), ["print_run_id"], unique=False
        )

    op.create_table(
        "sample_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column(
            "sample_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("portion", sa.String(length=10), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column(
            "by_party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("person_uid", sa.String(length=26), nullable=True),
        sa.Column(
            "to_party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("laboratory", sa.String(length=200), nullable=False),
        sa.Column("seal", sa.String(length=80), nullable=False),
        sa.Column("intact", sa.Boolean(), nullable=True),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_party_id"], ["party.id"], name=op.f("fk_sample_step_by_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_sample_step_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["sample.id"], name=op.f("fk_sample_step_sample_id_sample")
        ),
        sa.ForeignKeyConstraint(
            ["to_party_id"], ["party.id"], name=op.f("fk_sample_step_to_party_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_step")),
        sa.UniqueConstraint("uid", name=op.f("uq_sample_step_uid")),
    )
    with op.batch_alter_table("sample_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sample_step_sample_id"), ["sample_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_sample_step_to_party_id"), ["to_party_id"], unique=False
        )

    op.create_table(
        "stopped",
        sa.Column(
            "order_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_stopped_batch_id_batch")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["stop_order.id"], name=op.f("fk_stopped_order_id_stop_order")
        ),
        sa.PrimaryKeyConstraint("order_id", "batch_id", name=op.f("pk_stopped")),
    )
    with op.batch_alter_table("stopped", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stopped_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "warning_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column(
            "warning_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person_uid", sa.String(length=26), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column(
            "evidence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("proof_kind", sa.String(length=12), nullable=True),
        sa.Column("proof_record", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence_file.id"],
            name=op.f("fk_warning_step_evidence_id_evidence_file"),
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_warning_step_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_warning_step_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["warning_id"], ["warning.id"], name=op.f("fk_warning_step_warning_id_warning")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning_step")),
        sa.UniqueConstraint("uid", name=op.f("uq_warning_step_uid")),
    )
    with op.batch_alter_table("warning_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_warning_step_warning_id"), ["warning_id"], unique=False
        )

    op.create_table(
        "certificate_source",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "certificate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("issued_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "collected_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["commitment_certificate.id"],
            name=op.f("fk_certificate_source_certificate_id_commitment_certificate"),
        ),
        sa.ForeignKeyConstraint(
            ["collected_id"],
            ["collected_certificate.id"],
            name=op.f("fk_certificate_source_collected_id_collected_certificate"),
        ),
        sa.ForeignKeyConstraint(
            ["issued_id"],
            ["commitment_certificate.id"],
            name=op.f("fk_certificate_source_issued_id_commitment_certificate"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_source")),
    )
    with op.batch_alter_table("certificate_source", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_source_certificate_id"), ["certificate_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_certificate_source_collected_id"), ["collected_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_certificate_source_issued_id"), ["issued_id"], unique=False
        )

    op.create_table(
        "printer_job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column(
            "printer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "print_run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("template", sa.String(length=60), nullable=True),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("last_out", sa.Integer(), nullable=True),
        sa.Column(
            "print_job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("labels", sa.Integer(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("holder", sa.String(length=26), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(length=20), nullable=True),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("person_uid", sa.String(length=26), nullable=True),
        sa.Column("record_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["print_job_id"], ["print_job.id"], name=op.f("fk_printer_job_print_job_id_print_job")
        ),
        sa.ForeignKeyConstraint(
            ["print_run_id"], ["print_run.id"], name=op.f("fk_printer_job_print_run_id_print_run")
        ),
        sa.ForeignKeyConstraint(
            ["printer_id"], ["printer.id"], name=op.f("fk_printer_job_printer_id_printer")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_printer_job_record_id_record"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printer_job")),
        sa.UniqueConstraint("uid", name=op.f("uq_printer_job_uid")),
    )
    with op.batch_alter_table("printer_job", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_printer_job_print_run_id"), ["print_run_id"], unique=False
        )
        batch_op.create_index(
            "ix_printer_job_printer_id_state", ["printer_id", "state"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("printer_job", schema=None) as batch_op:
        batch_op.drop_index("ix_printer_job_printer_id_state")
        batch_op.drop_index(batch_op.f("ix_printer_job_print_run_id"))

    op.drop_table("printer_job")
    with op.batch_alter_table("certificate_source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_source_issued_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_source_collected_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_source_certificate_id"))

    op.drop_table("certificate_source")
    with op.batch_alter_table("warning_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_warning_step_warning_id"))

    op.drop_table("warning_step")
    with op.batch_alter_table("stopped", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stopped_batch_id"))

    op.drop_table("stopped")
    with op.batch_alter_table("sample_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sample_step_to_party_id"))
        batch_op.drop_index(batch_op.f("ix_sample_step_sample_id"))

    op.drop_table("sample_step")
    with op.batch_alter_table("roll_binding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roll_binding_print_run_id"))
        batch_op.drop_index(batch_op.f("ix_roll_binding_batch_id"))

    op.drop_table("roll_binding")
    with op.batch_alter_table("reprint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reprint_print_run_id"))

    op.drop_table("reprint")
    with op.batch_alter_table("print_job", schema=None) as batch_op:
        batch_op.drop_index("ix_print_job_state_id")
        batch_op.drop_index(batch_op.f("ix_print_job_print_run_id"))

    op.drop_table("print_job")
    op.drop_table("paper_application_site")
    op.drop_table("paper_application_evidence")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_warning_id"))
        batch_op.drop_index("ix_notice_state_due_at")
        batch_op.drop_index(batch_op.f("ix_notice_party_id"))

    op.drop_table("notice")
    with op.batch_alter_table("issued_code", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_issued_code_voided_at",
            sqlite_where=sa.text("voided_at IS NOT NULL"),
            postgresql_where=sa.text("voided_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_issued_code_serial"))
        batch_op.drop_index(batch_op.f("ix_issued_code_path"))

    op.drop_table("issued_code")
    with op.batch_alter_table("issue_job", schema=None) as batch_op:
        batch_op.drop_index("ix_issue_job_state_id")
        batch_op.drop_index(batch_op.f("ix_issue_job_batch_id"))

    op.drop_table("issue_job")
    with op.batch_alter_table("former_verdict", schema=None) as batch_op:
        batch_op.drop_index("ix_former_verdict_verdict_judged_at")
        batch_op.drop_index(batch_op.f("ix_former_verdict_until"))

    op.drop_table("former_verdict")
    with op.batch_alter_table("collected_certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_collected_certificate_party_id"))
        batch_op.drop_index(batch_op.f("ix_collected_certificate_batch_id"))

    op.drop_table("collected_certificate")
    with op.batch_alter_table("carton_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_carton_run_print_run_id"))
        batch_op.drop_index(batch_op.f("ix_carton_run_party_id"))
        batch_op.drop_index(batch_op.f("ix_carton_run_company_prefix"))

    op.drop_table("carton_run")
    with op.batch_alter_table("work_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_item_party_id"))

    op.drop_table("work_item")
    with op.batch_alter_table("warning", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_warning_open",
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )
        batch_op.drop_index("ix_warning_state_deadline")
        batch_op.drop_index("ix_warning_rule_key")
        batch_op.drop_index(batch_op.f("ix_warning_party_id"))
        batch_op.drop_index(batch_op.f("ix_warning_opened_at"))
        batch_op.drop_index(batch_op.f("ix_warning_closed_at"))
        batch_op.drop_index(batch_op.f("ix_warning_batch_id"))

    op.drop_table("warning")
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.drop_index("ix_verdict_verdict_judged_at")
        batch_op.drop_index("ix_verdict_report_batch")
        batch_op.drop_index(batch_op.f("ix_verdict_overturned_by_id"))
        batch_op.drop_index(batch_op.f("ix_verdict_batch_id"))

    op.drop_table("verdict")
    with op.batch_alter_table("test_report_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_test_report_batch_batch_id"))

    op.drop_table("test_report_batch")
    op.drop_table("test_item")
    with op.batch_alter_table("stop_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stop_order_lifted_at"))
        batch_op.drop_index(batch_op.f("ix_stop_order_finished_at"))
        batch_op.drop_index(batch_op.f("ix_stop_order_at"))

    op.drop_table("stop_order")
    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shipment_to_party_id"))
        batch_op.drop_index(batch_op.f("ix_shipment_state"))
        batch_op.drop_index(batch_op.f("ix_shipment_from_party_id"))
        batch_op.drop_index(batch_op.f("ix_shipment_batch_id"))

    op.drop_table("shipment")
    with op.batch_alter_table("share", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_share_batch_id"))

    op.drop_table("share")
    with op.batch_alter_table("sample", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sample_number"))
        batch_op.drop_index(batch_op.f("ix_sample_batch_id"))

    op.drop_table("sample")
    with op.batch_alter_table("print_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_print_run_party_id"))
        batch_op.drop_index(batch_op.f("ix_print_run_batch_id"))
        batch_op.drop_index(batch_op.f("ix_print_run_at"))

    op.drop_table("print_run")
    with op.batch_alter_table("paper_scope", schema=None) as batch_op:
        batch_op.drop_index("ix_paper_scope_target")

    op.drop_table("paper_scope")
    with op.batch_alter_table("paper_reach", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_reach_batch_id"))

    op.drop_table("paper_reach")
    with op.batch_alter_table("paper_draw", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_draw_print_run"))
        batch_op.drop_index("ix_paper_draw_paper_period")
        batch_op.drop_index(batch_op.f("ix_paper_draw_batch_id"))

    op.drop_table("paper_draw")
    with op.batch_alter_table("paper_application", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_paper_application_kind_product_id",
            sqlite_where=sa.text("state = 'applied'"),
            postgresql_where=sa.text("state = 'applied'"),
        )
        batch_op.drop_index(batch_op.f("ix_paper_application_state"))
        batch_op.drop_index(batch_op.f("ix_paper_application_paper_id"))
        batch_op.drop_index(batch_op.f("ix_paper_application_applicant_id"))

    op.drop_table("paper_application")
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objection_report_id"))

    op.drop_table("objection")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index("ix_link_parent_child")

    op.drop_table("link")
    with op.batch_alter_table("holding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_holding_party_id"))

    op.drop_table("holding")
    op.drop_table("event_evidence")
    with op.batch_alter_table("event_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_batch_batch_id"))

    op.drop_table("event_batch")
    with op.batch_alter_table("commitment_certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commitment_certificate_void_since"))
        batch_op.drop_index(batch_op.f("ix_commitment_certificate_replaces_id"))
        batch_op.drop_index(batch_op.f("ix_commitment_certificate_made_at"))
        batch_op.drop_index(batch_op.f("ix_commitment_certificate_issuer_id"))
        batch_op.drop_index(batch_op.f("ix_commitment_certificate_issued_on"))
        batch_op.drop_index(batch_op.f("ix_commitment_certificate_batch_id"))

    op.drop_table("commitment_certificate")
    with op.batch_alter_table("batch_release", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_batch_release_batch_id"))
        batch_op.drop_index(batch_op.f("ix_batch_release_at"))
        batch_op.drop_index(batch_op.f("ix_batch_release_answered_at"))

    op.drop_table("batch_release")
    with op.batch_alter_table("batch_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_batch_mark_value"))
        batch_op.drop_index(batch_op.f("ix_batch_mark_batch_id"))

    op.drop_table("batch_mark")
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_upload_party_id"))

    op.drop_table("upload")
    with op.batch_alter_table("test_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_test_report_number"))
        batch_op.drop_index(batch_op.f("ix_test_report_made_at"))

    op.drop_table("test_report")
    with op.batch_alter_table("result_sheet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_result_sheet_party_id"))

    op.drop_table("result_sheet")
    with op.batch_alter_table("printer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_printer_party_id"))

    op.drop_table("printer")
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_paper_kind_plain_number_holder_id",
            sqlite_where=sa.text("plain_number <> ''"),
            postgresql_where=sa.text("plain_number <> ''"),
        )
        batch_op.drop_index(batch_op.f("ix_paper_revoked_at"))
        batch_op.drop_index(batch_op.f("ix_paper_renews_id"))
        batch_op.drop_index(batch_op.f("ix_paper_number"))
        batch_op.drop_index(batch_op.f("ix_paper_made_at"))
        batch_op.drop_index(batch_op.f("ix_paper_kind"))
        batch_op.drop_index(batch_op.f("ix_paper_holder_id"))

    op.drop_table("paper")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_record_id"))
        batch_op.drop_index(batch_op.f("ix_event_party_id"))
        batch_op.drop_index(batch_op.f("ix_event_kind"))
        batch_op.drop_index(batch_op.f("ix_event_happened_at"))

    op.drop_table("event")
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.drop_index("ix_batch_registered_at_place")
        batch_op.drop_index(batch_op.f("ix_batch_product_id"))
        batch_op.drop_index(batch_op.f("ix_batch_party_id"))
        batch_op.drop_index(batch_op.f("ix_batch_lot"))
        batch_op.drop_index(batch_op.f("ix_batch_family"))
        batch_op.drop_index(batch_op.f("ix_batch_division"))
        batch_op.drop_index(batch_op.f("ix_batch_best_before"))

    op.drop_table("batch")
    with op.batch_alter_table("tibetan_text", schema=None) as batch_op:
        batch_op.drop_index("ix_tibetan_text_division")

    op.drop_table("tibetan_text")
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_party_id"))
        batch_op.drop_index(batch_op.f("ix_site_division"))

    op.drop_table("site")
    op.drop_table("sheet_mapping")
    op.drop_table("result_layout")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_party_id"))

    op.drop_table("product")
    with op.batch_alter_table("notice_contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_contact_party_id"))

    op.drop_table("notice_contact")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_person_id_party_id_role",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_membership_person_id"))
        batch_op.drop_index(batch_op.f("ix_membership_party_id"))

    op.drop_table("membership")
    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_legal_hold_about"))

    op.drop_table("legal_hold")
    with op.batch_alter_table("evidence_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_file_sha256"))
        batch_op.drop_index(batch_op.f("ix_evidence_file_party_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_file_erased_at"))

    op.drop_table("evidence_file")
    with op.batch_alter_table("disclosure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disclosure_trace_code"))

    op.drop_table("disclosure")
    with op.batch_alter_table("credit_assessment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_credit_assessment_open",
            sqlite_where=sa.text("state <> 'decided'"),
            postgresql_where=sa.text("state <> 'decided'"),
        )
        batch_op.drop_index("ix_credit_assessment_party_year")
        batch_op.drop_index(batch_op.f("ix_credit_assessment_division"))

    op.drop_table("credit_assessment")
    with op.batch_alter_table("competence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_competence_party_id"))

    op.drop_table("competence")
    with op.batch_alter_table("certificate_issuer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_issuer_party_id"))

    op.drop_table("certificate_issuer")
    with op.batch_alter_table("carrier", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_carrier_bound",
            sqlite_where=sa.text("unbound_at IS NULL"),
            postgresql_where=sa.text("unbound_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_carrier_path"))
        batch_op.drop_index(batch_op.f("ix_carrier_party_id"))

    op.drop_table("carrier")
    op.drop_table("api_token")
    op.drop_table("pin_entry")
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_division"))

    op.drop_table("party")
    op.drop_table("one_time_link")
    op.drop_table("county_limit")
    op.drop_table("cosignature_line")
    op.drop_table("witness_contact")
    op.drop_table("tile")
    op.drop_table("sweep")
    op.drop_table("status_edition")
    with op.batch_alter_table("signing_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signing_key_name"))

    op.drop_table("signing_key")
    op.drop_table("scan_tally")
    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_type"))
        batch_op.drop_index(batch_op.f("ix_record_subject"))
        batch_op.drop_index(batch_op.f("ix_record_party"))

    op.drop_table("record")
    with op.batch_alter_table("pin_guess", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pin_guess_day"))

    op.drop_table("pin_guess")
    with op.batch_alter_table("pin_device", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pin_device_day"))

    op.drop_table("pin_device")
    op.drop_table("person")
    with op.batch_alter_table("path_state", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_path_state_token"))
        batch_op.drop_index(batch_op.f("ix_path_state_because"))

    op.drop_table("path_state")
    op.drop_table("leaf")
    op.drop_table("kept_until_reckoned")
    with op.batch_alter_table("kept_until", schema=None) as batch_op:
        batch_op.drop_index("ix_kept_until_day")

    op.drop_table("kept_until")
    op.drop_table("instance")
    op.drop_table("head")
    op.drop_table("directory_edition")
    op.drop_table("directory_draft")
    op.drop_table("cosigned_head")
    op.drop_table("asked")
