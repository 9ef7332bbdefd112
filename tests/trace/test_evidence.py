"""Evidence: kept by its hash, without what a photo tells about its taker, and never half."""

from __future__ import annotations

import hashlib
import io
import zlib

import pytest
from PIL import Image

from suyuan.trace.acts.evidence import keep_evidence
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.errors import InvalidInput, NotFound, SuyuanError, TooLarge
from suyuan.trace.evidence import files
from suyuan.trace.evidence.queries import evidence, evidence_of
from tests import world


def _photo(kind: str = "JPEG", size: tuple[int, int] = (64, 48)) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "TELEPHONE"
    exif.get_ifd(0x8825)[1] = "N"
    made = io.BytesIO()
    Image.new("RGB", size, "#7a5").save(made, kind, exif=exif, comment=b"at home")
    return made.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_loses_what_it_tells_about_its_taker(kind: str) -> None:
    kept = files.prepare(_photo(kind), 1_000_000)
    assert b"TELEPHONE" not in kept.data
    with Image.open(io.BytesIO(kept.data)) as picture:
        assert not picture.getexif()
        assert picture.size == (64, 48)
    assert kept.sha256 == hashlib.sha256(kept.data).hexdigest()


def test_a_photo_is_turned_upright_before_its_orientation_is_dropped() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    made = io.BytesIO()
    Image.new("RGB", (64, 48)).save(made, "JPEG", exif=exif)
    with Image.open(io.BytesIO(files.prepare(made.getvalue(), 100_000).data)) as picture:
        assert picture.size == (48, 64)


def _bomb() -> bytes:
    """A PNG of a few hundred bytes that says it has 100 000 × 100 000 pixels."""
    header = (100_000).to_bytes(4, "big") * 2 + b"\x01\x00\x00\x00\x00"

    def chunk(name: bytes, data: bytes) -> bytes:
        check = zlib.crc32(name + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + name + data + check

    body = zlib.compress(b"\x00" * 100)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "junk",
    [b"", b"\x00" * 2000, b"<script>", b"GIF89a" + b"\x01" * 50, _photo()[:300], _bomb()],
    ids=["empty", "zeros", "markup", "gif", "cut off", "bomb"],
)
def test_what_is_no_evidence_is_refused_with_a_reason(junk: bytes) -> None:
    with pytest.raises((InvalidInput, TooLarge)):
        files.prepare(junk, 1_000_000)


def test_a_picture_that_is_cut_off_is_told_in_our_own_words() -> None:
    """The library's are for programmers, and in no language but English."""
    with pytest.raises(InvalidInput) as refusal:
        files.prepare(_photo()[:-40], 1_000_000)
    assert refusal.value.message.startswith("The picture is damaged or not whole.")
    assert not refusal.value.params


def test_more_bytes_than_the_limit_are_not_read() -> None:
    with pytest.raises(TooLarge):
        files.prepare(b"%PDF-" + b"x" * 100, 100)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\票.png", "票.png"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("", "file"),
        ("...", "file"),
        ("x" * 500, "x" * 120),
    ],
)
def test_a_files_name_leads_nowhere(given: str, shown: str) -> None:
    assert files.safe_name(given) == shown


def test_kept_evidence_is_found_again_and_its_change_on_disk_is_noticed(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    uid = ledger.perform(head, keep_evidence, str(head.party_uid), _photo(), "../单.jpg", "public")
    with ledger.database.read() as session:
        row = evidence(session, uid)
    assert row.name == "单.jpg"
    folder = ledger.settings.evidence_folder
    assert hashlib.sha256(files.load(folder, row.sha256)).hexdigest() == row.sha256
    files.path_of(folder, row.sha256).write_bytes(b"another")
    with pytest.raises(NotFound):
        files.load(folder, row.sha256)


def test_evidence_of_another_organisation_cannot_be_attached(ledger: Ledger) -> None:
    head, other = world.make_producer(ledger), world.make_producer(ledger)
    uid = ledger.perform(head, keep_evidence, str(head.party_uid), _photo(), "a.jpg")
    with ledger.database.read() as session, pytest.raises(NotFound):
        evidence_of(session, (uid,), other.party_id or 0)
    with pytest.raises(SuyuanError):
        ledger.perform(other, keep_evidence, str(head.party_uid), _photo(), "a.jpg")
