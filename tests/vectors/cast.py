"""Who appears in the published test vectors: keys from fixed seeds, one key directory, some paths.

Every private key is published with the vectors, so that others can make further cases. None of
them may sign anything that somebody relies on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from suyuan.trace.codes.paths import GtinPath, TracePath
from suyuan.trace.keys.cosigning import Cosigner
from suyuan.trace.keys.directory import Directory, HostEntry, KeyEntry, KeyUse
from suyuan.trace.keys.notes import COSIGNATURE, Ed25519Signer, VerifierKey, sign_note

ORIGIN = "trace.example.cn"
HOST = "t.example.cn"
WITH_PORT = "t.example.cn:8443"
FORMER = "old.example.cn"
LAN = "192.0.2.7:8771"
LAN6 = "[2001:db8::7]:8771"
SINCE = date(2026, 1, 1)
ISSUED = datetime(2026, 6, 1, tzinfo=UTC)
EXPIRES = datetime(2027, 6, 1, tzinfo=UTC)
REVOKED_AT = 5
NEXT_LOG = 1 << 40
"""The position at which the second log of an installation begins."""


def seeded(name: str, number: int) -> Ed25519Signer:
    """A key whose seed is 32 times the byte ``number``."""
    return Ed25519Signer(name, bytes([number]) * 32)


ROOT = seeded(f"{ORIGIN}/root", 0x01)
ROOT_2 = seeded(f"{ORIGIN}/root-2", 0x02)
CODES = seeded(f"{ORIGIN}/codes-1", 0x03)
NARROW = seeded(f"{ORIGIN}/codes-sog", 0x04)
GTIN_ONLY = seeded(f"{ORIGIN}/codes-gtin", 0x05)
PAST = seeded(f"{ORIGIN}/codes-0", 0x06)
REVOKED = seeded(f"{ORIGIN}/codes-stolen", 0x07)
LOG = seeded(f"{ORIGIN}/log", 0x08)
STATUS = seeded(f"{ORIGIN}/status", 0x09)
STRANGER = seeded(f"{ORIGIN}/codes-1", 0x0A)
REVOKED_LATER = seeded(f"{ORIGIN}/codes-stolen-2", 0x0B)
TWIN_A = seeded(f"{ORIGIN}/twin-a347230", 0x0C)
TWIN_B = seeded(f"{ORIGIN}/twin-b4956", 0x0D)
LOG_2 = seeded(f"{ORIGIN}/log/2-01jx3v8k2m7q0c5t9a4e6g1h8n", 0x0E)
WITNESS = seeded("witness.example.org/w1", 0x11)
WITNESS_2 = seeded("witness.example.net/w2", 0x12)
FIRST, SECOND = Cosigner(WITNESS), Cosigner(WITNESS_2)
LOW_ORDER = VerifierKey(f"{ORIGIN}/codes-low", (1).to_bytes(32, "little"))
"""The neutral point as a public key: whoever checks carelessly finds any signature by it right."""


@dataclass(frozen=True)
class Part:
    """A key with what it does in the vectors."""

    role: str
    signer: Ed25519Signer
    kind: int = 1

    def to_json(self) -> dict[str, object]:
        public = self.signer.verifier.public_key
        key = VerifierKey(self.signer.name, public, self.kind)
        return {
            "role": self.role,
            "name": key.name,
            "type": self.kind,
            "seed": self.signer.seed().hex(),
            "public": public.hex(),
            "key_id": key.key_id.hex(),
            "verifier_key": str(key),
        }


PARTS = (
    Part("root", ROOT),
    Part("the root that follows", ROOT_2),
    Part("codes, any scope", CODES),
    Part("codes of division 5406 and of GTINs 690187…", NARROW),
    Part("codes of GTINs 690187…, any division", GTIN_ONLY),
    Part("codes, retired by its dates", PAST),
    Part("codes, revoked at size 5 of the first log", REVOKED),
    Part("codes, revoked at size 5 of the second log", REVOKED_LATER),
    Part("codes, one of two with the same id", TWIN_A),
    Part("codes, the other of two with the same id", TWIN_B),
    Part("on no list, under the name of one that is", STRANGER),
    Part("log", LOG),
    Part("the second log of the installation", LOG_2),
    Part("status list", STATUS),
    Part("witness", WITNESS, COSIGNATURE),
    Part("another witness", WITNESS_2, COSIGNATURE),
)

GTIN = "06901872446702"
BATCH = GtinPath(GTIN, "Y266200-A")
PACKAGE = GtinPath(GTIN, "Y266200-A", "005932402442")
TRACE = TracePath("5406260847047297")
TRACE_PACKAGE = TracePath("5406260847047297", "731904455120")


def entry(
    key: VerifierKey,
    use: KeyUse = KeyUse.CODE,
    gtin: tuple[str, ...] = (),
    division: tuple[str, ...] = (),
    until: date | None = date(2028, 12, 31),
    revoked_at_size: int | None = None,
) -> KeyEntry:
    return KeyEntry(key, use, "索县农业农村局", SINCE, until, gtin, division, revoked_at_size)


HOSTS = (
    HostEntry(HOST, SINCE),
    HostEntry(FORMER, date(2025, 1, 1), date(2026, 2, 1)),
    HostEntry(WITH_PORT, SINCE),
    HostEntry(LAN, SINCE, http=True),
    HostEntry(LAN6, SINCE, http=True),
)
KEYS = (
    entry(CODES.verifier, until=None),
    entry(NARROW.verifier, gtin=("690187", "0690"), division=("5406", "62")),
    entry(GTIN_ONLY.verifier, gtin=("690187",)),
    entry(PAST.verifier, until=date(2026, 1, 31)),
    entry(REVOKED.verifier, revoked_at_size=REVOKED_AT),
    entry(REVOKED_LATER.verifier, revoked_at_size=NEXT_LOG + REVOKED_AT),
    entry(TWIN_A.verifier, division=("54",)),
    entry(TWIN_B.verifier),
    entry(LOW_ORDER),
    entry(LOG.verifier, KeyUse.LOG),
    entry(LOG_2.verifier, KeyUse.LOG),
    entry(STATUS.verifier, KeyUse.STATUS),
    entry(FIRST.verifier, KeyUse.WITNESS),
)


def directory(seq: int = 4, new_root: VerifierKey | None = None) -> Directory:
    """The directory of the vectors."""
    return Directory(ORIGIN, seq, ISSUED, EXPIRES, HOSTS, KEYS, new_root)


def directory_note() -> str:
    """It, signed by the root."""
    return str(sign_note(directory().text(), (ROOT,)))
