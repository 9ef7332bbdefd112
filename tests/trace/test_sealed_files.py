"""Files with scratch PINs lie sealed: they open whole, to who has the secret, and else not."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.labels.from_facts import draw_job
from suyuan.labels.output import Output
from suyuan.trace.acts.drawing_jobs import draw_next
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.errors import NotFound
from suyuan.trace.jobs.sealed import NotSealed, SealingWriter, unsealed
from suyuan.trace.printing.queries import codes_of
from tests.trace.test_print_jobs import file_of, issue, lying, order
from tests.world import make_producer

SECRET, NAME = b"s" * 32, "job.holder"
PORTION = 64 * 1024
SEALED_PORTION = PORTION + 16
LENGTHS = (0, 1, PORTION - 1, PORTION, PORTION + 1, 2 * PORTION, 2 * PORTION + 5)


def sealed(data: bytes, at_once: int = 10_000) -> bytes:
    out = BytesIO()
    writer = SealingWriter(out, SECRET, NAME)
    for at in range(0, len(data), at_once):
        writer.write(data[at : at + at_once])
    writer.end()
    return out.getvalue()


def opened(data: bytes, secret: bytes = SECRET, name: str = NAME) -> bytes:
    return b"".join(unsealed(BytesIO(data), secret, name))


@pytest.mark.parametrize("length", LENGTHS)
def test_what_was_sealed_opens_as_it_was(length: int) -> None:
    data = bytes(at % 251 for at in range(length))
    assert opened(sealed(data)) == data
    assert opened(sealed(data, 3 * PORTION)) == data


@given(st.binary(max_size=300), st.integers(min_value=1, max_value=50))
def test_the_parts_in_which_it_is_written_make_no_difference(data: bytes, at_once: int) -> None:
    assert opened(sealed(data, at_once)) == data


def _cut(data: bytes) -> bytes:
    return data[: 16 + SEALED_PORTION]


def _exchanged(data: bytes) -> bytes:
    first, second = data[16 : 16 + SEALED_PORTION], data[16 + SEALED_PORTION :][:SEALED_PORTION]
    return data[:16] + second + first + data[16 + 2 * SEALED_PORTION :]


def _left_out(data: bytes) -> bytes:
    return data[:16] + data[16 + SEALED_PORTION :]


def _flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


@pytest.mark.parametrize(
    "change", [_cut, _exchanged, _left_out, _flipped, lambda data: data + b"x", lambda _: b""]
)
def test_what_was_changed_does_not_open(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(NotSealed):
        opened(change(sealed(bytes(2 * PORTION + 5))))


def test_another_secret_or_another_name_opens_nothing() -> None:
    for secret, name in ((b"t" * 32, NAME), (SECRET, "job.other")):
        with pytest.raises(NotSealed):
            opened(sealed(b"PIN 12345678"), secret, name)


def test_what_was_broken_off_does_not_open() -> None:
    out = BytesIO()
    SealingWriter(out, SECRET, NAME).write(bytes(3 * PORTION))
    with pytest.raises(NotSealed):
        opened(out.getvalue())


def test_the_same_file_is_never_sealed_the_same() -> None:
    assert sealed(b"PIN") != sealed(b"PIN")


@pytest.mark.parametrize("form", ["pdf", "zpl", "png", "symbols"])
def test_no_pin_lies_open_on_disk_and_the_download_is_whole(ledger: Ledger, form: str) -> None:
    actor = make_producer(ledger)
    run = issue(ledger, actor, 3, pins=True)
    job = order(ledger, actor, run, Output(form))
    draw_next(ledger, draw_job)
    (name,) = lying(ledger)
    place = Path(ledger.settings.labels_folder) / name
    lain, drawn = place.read_bytes(), file_of(ledger, job)
    assert drawn[:4] in (b"%PDF", b"^XA^", b"PK\x03\x04")
    assert drawn[:64] not in lain
    assert b"PDF" not in lain[:64]
    with ledger.database.read() as session:
        for label in codes_of(session, run, ledger.keys.secret):
            assert str(label.pin).encode() not in lain
    place.write_bytes(_flipped(lain))
    with pytest.raises(NotFound, match="changed on disk"):
        file_of(ledger, job)
    place.write_bytes(drawn)
    with pytest.raises(NotFound, match="changed on disk"):
        file_of(ledger, job)
