"""Evidence files: photos and documents, kept under the hash of their bytes.

What a file is, is told by its first bytes and never by its name. Photos are written anew without
their EXIF data, which would tell where a herder lives and when. A picture that unpacks to more
than ``MOST_PIXELS`` is refused before it is unpacked.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from suyuan.trace.errors import InvalidInput, NotFound, TooLarge

MOST_PIXELS = 40_000_000
"""A telephone's photo has 12 to 50 million; beyond this it may be a bomb."""

_OPENXML = b"PK\x03\x04"
_DOCUMENTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (_OPENXML, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"\xd0\xcf\x11\xe0", "application/vnd.ms-excel"),
)
_IMAGES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


class Unreadable(InvalidInput):
    """The bytes are not of a kind that may be evidence."""


@dataclass(frozen=True)
class Evidence:
    """A file as it will be kept: its bytes, what they are, and their SHA-256 in hex."""

    data: bytes
    media_type: str
    sha256: str


def prepare(data: bytes, limit: int, text: bool = False) -> Evidence:
    """Read what was sent: photos lose their EXIF data, documents stay as they are.

    ``limit`` is in bytes; ``text`` allows plain text (a CSV sheet). Raises TooLarge, Unreadable.
    """
    if len(data) > limit:
        raise TooLarge(
            "The file has {is_} bytes; at most {limit} are taken.",
            "file",
            is_=len(data),
            limit=limit,
        )
    if not data:
        raise Unreadable("The file is empty.", "file")
    for magic, media_type in _DOCUMENTS:
        if data.startswith(magic):
            return _kept(data, media_type)
    picture = _without_exif(data)
    if picture is not None:
        return picture
    if text:
        return _kept(data, "text/csv")
    raise Unreadable("Give a photo (JPEG, PNG, WebP), a PDF or an Excel sheet.", "file")


def store(folder: Path, evidence: Evidence) -> Path:
    """Write the bytes to disk, durably, and return where; the same bytes are written once."""
    place = path_of(folder, evidence.sha256)
    if place.exists():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(evidence.data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, place)
    return place


def path_of(folder: Path, sha256: str) -> Path:
    """Where the bytes with this hash lie."""
    return folder / sha256[:2] / sha256


def load(folder: Path, sha256: str) -> bytes:
    """The bytes with this hash. Raises NotFound where they are missing or were changed."""
    try:
        data = path_of(folder, sha256).read_bytes()
    except OSError as error:
        raise NotFound("The evidence file {hash} is not there.", hash=sha256) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise NotFound("The evidence file {hash} was changed on disk.", hash=sha256)
    return data


def remove(folder: Path, sha256: str) -> bool:
    """Remove the bytes with this hash; whether there were any."""
    try:
        path_of(folder, sha256).unlink()
    except FileNotFoundError:
        return False
    return True


def safe_name(name: str) -> str:
    """A file's name as it may be shown: without folders, controls or direction marks."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    return shown.strip(" .")[-120:] or "file"


def _without_exif(data: bytes) -> Evidence | None:
    try:
        with Image.open(io.BytesIO(data), formats=tuple(_IMAGES)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise TooLarge(
                    "The picture has more than {limit} pixels.", "file", limit=MOST_PIXELS
                )
            kind = str(picture.format)
            upright = ImageOps.exif_transpose(picture)
            clean = io.BytesIO()
            # what is not handed over (EXIF, XMP, comments, thumbnails) is not written
            upright.info.clear()
            if kind == "JPEG":
                upright.convert("RGB").save(clean, "JPEG", quality=88, optimize=True)
            else:
                upright.save(clean, kind)
    except UnidentifiedImageError:
        return None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        # what the library says is for programmers, and in English
        raise Unreadable(
            "The picture is damaged or not whole. Take or export it again.", "file"
        ) from error
    return _kept(clean.getvalue(), _IMAGES[kind])


def _kept(data: bytes, media_type: str) -> Evidence:
    return Evidence(data, media_type, hashlib.sha256(data).hexdigest())
