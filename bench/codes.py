"""Signing, writing and checking codes, against bare Ed25519 of the same library.

One run is a hundred packages of one batch. Signed and written: what stands between a print run and
the text of its symbols. Verified: from the raw text to the verdict, with directory and status list
in hand.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from _measure import Figure, in_turn, keep, per_second
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from suyuan.trace.codes.paths import TracePath
from suyuan.trace.codes.signed_code import signed_message
from suyuan.trace.codes.signing import LabelHost, sign_paths, write_code
from suyuan.trace.codes.status import State, list_states
from suyuan.trace.codes.trace_code import new_trace_code
from suyuan.trace.codes.verify import Verdict, verify
from suyuan.trace.keys.directory import Directory, HostEntry, KeyEntry, KeyUse
from suyuan.trace.keys.notes import Ed25519Signer

RUNS = 60
CODES = 100
NOW = datetime(2026, 6, 1, tzinfo=UTC)
HOST = LabelHost("t.example.cn")


def main() -> None:
    keep("codes", [signed(), verified()])


def signed() -> Figure:
    """Codes signed and written, against as many bare signatures."""
    signer, paths = Ed25519Signer.generate("trace.example.cn/codes-1"), some_paths()
    bare = Ed25519PrivateKey.generate()
    messages = [signed_message(signer.key_id, path) for path in paths]

    def ours(_run: int) -> object:
        signatures = sign_paths(paths, signer)
        return [
            write_code(HOST, path, signer.key_id, one)
            for path, one in zip(paths, signatures, strict=True)
        ]

    figure = in_turn(
        "codes signed and written",
        ours,
        lambda _run: [bare.sign(message) for message in messages],
        other_is="bare Ed25519 signatures",
        runs=RUNS,
    )
    return per_second(figure, CODES)


def verified() -> Figure:
    """Codes verified, against as many bare verifications."""
    signer, paths = Ed25519Signer.generate("trace.example.cn/codes-1"), some_paths()
    today = NOW.date()
    entry = KeyEntry(signer.verifier, KeyUse.CODE, "县局", today, None)
    directory = Directory(
        "trace.example.cn",
        1,
        NOW,
        NOW + timedelta(days=1),
        (HostEntry(HOST.host, today),),
        (entry,),
    )
    listed = [(TracePath(new_trace_code("540626")), State.HELD) for _ in range(1000)]
    status = list_states(
        listed, origin="trace.example.cn", seq=1, as_of=NOW, next_by=NOW + timedelta(days=1)
    )
    signatures = sign_paths(paths, signer)
    codes = [
        write_code(HOST, path, signer.key_id, one)
        for path, one in zip(paths, signatures, strict=True)
    ]
    bare = Ed25519PrivateKey.generate()
    public = bare.public_key()
    pairs = [(bare.sign(message), message) for message in (str(path).encode() for path in paths)]

    def ours(_run: int) -> None:
        for code in codes:
            assert verify(code, directory, status, NOW).verdict is Verdict.GOOD

    def other(_run: int) -> None:
        for signature, message in pairs:
            public.verify(signature, message)

    figure = in_turn(
        "codes verified", ours, other, other_is="bare Ed25519 verifications", runs=RUNS
    )
    return per_second(figure, CODES)


def some_paths() -> list[TracePath]:
    """Packages of one batch."""
    digits = random.Random(1)
    batch = new_trace_code("540626")
    return [TracePath(batch, f"{digits.randrange(10**12):012}") for _ in range(CODES)]


if __name__ == "__main__":
    main()
