"""What records say of keys and directories."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

DIRECTORY = RecordSchema(
    "directory",
    1,
    public=("seq", "note_sha256", "keys", "hosts", "new_root"),
    subject="directory/{seq}",
)
"""An edition of the key directory: number, hash of the signed note, verifier keys, hosts, and the
root that signs from then on where there is a new one."""

KEY = RecordSchema(
    "key",
    1,
    public=(
        "key", "use", "issuer", "gtin", "division", "from", "to", "revoked_at_size",
    ),
    trade=("typed_by",),
    subject="{key:.64}",
)  # fmt: skip
"""A change of a key as somebody asked for it; the next directory brings it into force."""
