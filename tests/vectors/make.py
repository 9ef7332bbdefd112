"""Writes the published test vectors: ``.venv/bin/python tests/vectors/make.py``.

Every run gives the same bytes: all keys come from fixed seeds, and Ed25519 has no randomness.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

REPOSITORY = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    # the repository has a folder "trace": last, it stands behind the standard library's module
    sys.path.append(str(REPOSITORY))

from tests.vectors import (  # noqa: E402 - needs the path above
    codes,
    lists,
    proof_files,
    records,
    signed_notes,
    trees,
    typed,
)
from tests.vectors.cast import PARTS  # noqa: E402 - as above

FOLDER = REPOSITORY / "docs" / "vectors"


def keys() -> dict[str, Any]:
    """The content of ``keys.json``."""
    return {
        "about": "The keys of all vectors, private ones too: believe nothing that they sign.",
        "keys": [part.to_json() for part in PARTS],
    }


MADE: Final[dict[str, Callable[[], dict[str, Any]]]] = {
    "keys.json": keys,
    "trace-codes.json": typed.vectors,
    "codes.json": codes.vectors,
    "notes.json": signed_notes.vectors,
    "directory.json": lists.directory_vectors,
    "status.json": lists.status_vectors,
    "records.json": records.vectors,
    "log.json": trees.vectors,
    "proof-files.json": proof_files.vectors,
}


def written(name: str) -> str:
    """The text of one file."""
    return json.dumps(MADE[name](), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for file in MADE:
        (FOLDER / file).write_text(written(file), encoding="utf-8")
        print(f"{FOLDER / file}")
