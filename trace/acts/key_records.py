"""What records say of keys and directories."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

DIRECTORY = RecordSchema("directory", 1, public=("seq", "note_sha256", "keys", "hosts"))
"""An edition of the key directory: number, hash of the signed note, verifier keys, hosts."""
