"""Files that inspectors take away: proofs, packages of a chain, evidence."""

from __future__ import annotations

import json
from urllib.parse import quote

from flask import Response

from suyuan.trace.evidence.files import load
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.oversight.proof import RecordProof
from suyuan.web.ground import settings

_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})


def download(content: bytes, media_type: str, name: str, *, inline: bool = False) -> Response:
    """``content`` as a file to be saved under ``name``; nothing in it is run by a browser."""
    response = Response(content, mimetype=media_type)
    how = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(name)}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def proof_file(proof: RecordProof) -> Response:
    """A proof as JSON."""
    content = json.dumps(proof.to_json(), ensure_ascii=False, indent=1).encode()
    return download(content, "application/json", f"proof-{proof.record_id}.json")


def evidence_download(file: EvidenceFile) -> Response:
    """An evidence file's bytes; pictures may be shown, all else is saved."""
    content = load(settings().evidence_folder, file.sha256)
    return download(content, file.media_type, file.name, inline=file.media_type in _PICTURES)
