"""The key directory ``suyuan.keys/1``: which keys there are, and what each may sign.

It is served at ``/.well-known/suyuan/keys``, signed by the root key, and says all that a verifier
needs to believe a code with no network. A key signs for one use only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from suyuan.trace.canonical import Json, Members, read_canonical, write_canonical
from suyuan.trace.clock import utc_text
from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys.notes import (
    COSIGNATURE,
    Note,
    VerifierKey,
    parse_note,
    parse_verifier_key,
)

FORMAT = "suyuan.keys/1"

HOST = re.compile(
    r"(?:[0-9a-z](?:[0-9a-z.-]{0,251}[0-9a-z])?|\[[0-9a-f:.]{2,45}\])(?::[1-9][0-9]{0,4})?"
)
"""A host as the directory lists it, in lower case, with its port where it has one."""


class KeyDirectoryError(InvalidInput):
    """A key directory cannot be read, is not to be believed, or would not be one."""


class KeyUse(StrEnum):
    """What a key signs; one key, one use. The root key signs directories and stands in none."""

    CODE = "code"
    LOG = "log"
    STATUS = "status"
    WITNESS = "witness"


@dataclass(frozen=True)
class HostEntry:
    """A host that labels may name. Old labels live long, so ``until`` never ends its being valid.

    ``http``: addresses without TLS are good too (the demonstration on a local network).
    """

    host: str
    since: date
    until: date | None = None
    http: bool = False

    def __post_init__(self) -> None:
        if not HOST.fullmatch(self.host):
            raise KeyDirectoryError(
                "A host is a name or an address in lower case, with its port where it has one.",
                field="host",
            )

    def to_json(self) -> dict[str, Json]:
        """Its line; ``http`` only where it is allowed."""
        line: dict[str, Json] = {
            "host": self.host,
            "from": self.since.isoformat(),
            "to": _day(self.until),
        }
        return line | {"http": True} if self.http else line


@dataclass(frozen=True)
class KeyEntry:
    """A key, who answers for it, and what it may sign.

    ``gtin``: prefixes counted from digit 2 of the GTIN-14; ``division``: prefixes of a division
    code (54, 5406, 540626). An empty one means any. ``since`` and ``until`` (both included, UTC)
    limit signing, never verifying. ``revoked_at_size``: the size of a witnessed log at revocation;
    what was logged below it is still believed. None: in force.
    """

    key: VerifierKey
    use: KeyUse
    issuer: str
    since: date
    until: date | None = None
    gtin: tuple[str, ...] = ()
    division: tuple[str, ...] = ()
    revoked_at_size: int | None = None

    def __post_init__(self) -> None:
        if (self.key.kind == COSIGNATURE) != (self.use == KeyUse.WITNESS):
            raise KeyDirectoryError(
                "A witness's key, and no other, has the signature type 04.", field="use"
            )
        for field, prefixes, longest in (("gtin", self.gtin, 13), ("division", self.division, 6)):
            if not all(re.fullmatch(f"[0-9]{{1,{longest}}}", prefix) for prefix in prefixes):
                raise KeyDirectoryError(
                    "A scope is a list of prefixes of 1 to {most} digits.", field, most=longest
                )

    @property
    def revoked(self) -> bool:
        """Whether the key is revoked, from whatever log size on."""
        return self.revoked_at_size is not None

    def covers_gtin(self, gtin14: str) -> bool:
        """Whether the scope holds this GTIN-14."""
        return not self.gtin or gtin14[1:].startswith(self.gtin)

    def covers_division(self, division: str) -> bool:
        """Whether the scope holds this division, or this trace code, which begins with one."""
        return not self.division or division.startswith(self.division)

    def may_sign_on(self, day: date) -> bool:
        """Whether a new signature may be made on ``day`` (UTC). Never asked of an old one."""
        return not self.revoked and self.since <= day and (self.until is None or day <= self.until)

    def require_signing(self, use: KeyUse, day: date) -> None:
        """Raises KeyDirectoryError unless the key may sign for ``use`` on ``day`` (UTC)."""
        if self.use != use:
            raise KeyDirectoryError(
                "The key {key} is for {is_} and may not sign for {should}.",
                key=self.key.name,
                is_=self.use.value,
                should=use.value,
            )
        if not self.may_sign_on(day):
            raise KeyDirectoryError(
                "The key {key} may not sign on {day}: it is revoked or out of its dates.",
                key=self.key.name,
                day=day,
            )

    def to_json(self) -> dict[str, Json]:
        """Its line."""
        line: dict[str, Json] = {
            "key": str(self.key),
            "use": self.use.value,
            "issuer": self.issuer,
            "gtin": list(self.gtin),
            "division": list(self.division),
            "from": self.since.isoformat(),
            "to": _day(self.until),
            "state": "revoked" if self.revoked else "active",
        }
        return line | {"revoked_at_size": self.revoked_at_size} if self.revoked else line


@dataclass(frozen=True)
class Directory:
    """What one edition of the directory says. ``seq`` grows with each edition.

    ``new_root``: the root that signs from the next edition on; it signs this one beside the old.
    Raises KeyDirectoryError when a public key or a host comes twice.
    """

    origin: str
    seq: int
    issued: datetime
    expires: datetime
    hosts: tuple[HostEntry, ...]
    keys: tuple[KeyEntry, ...]
    new_root: VerifierKey | None = None

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin:
            raise KeyDirectoryError("The origin is one line that is not empty.", field="origin")
        keys = [entry.key for entry in self.keys] + ([self.new_root] if self.new_root else [])
        if len({key.public_key for key in keys}) != len(keys):
            raise KeyDirectoryError("A key is listed twice: one key has one use.", field="key")
        if len({entry.host for entry in self.hosts}) != len(self.hosts):
            raise KeyDirectoryError("A host is listed twice.", field="host")

    def text(self) -> str:
        """The text of the note, to be signed by the root key."""
        header: dict[str, Json] = {
            "seq": self.seq,
            "issued": utc_text(self.issued),
            "expires": utc_text(self.expires),
        }
        if self.new_root is not None:
            header["root"] = str(self.new_root)
        entries = [header, *(h.to_json() for h in self.hosts), *(k.to_json() for k in self.keys)]
        lines = [write_canonical(entry).decode() for entry in entries]
        return "".join(f"{line}\n" for line in (FORMAT, self.origin, *lines))

    def host(self, host: str) -> HostEntry | None:
        """The entry of a host (with port), compared without case."""
        wanted = host.lower()
        return next((entry for entry in self.hosts if entry.host == wanted), None)

    def with_id(self, key_id: bytes) -> tuple[KeyEntry, ...]:
        """Every key with these four bytes, whatever its use."""
        return tuple(entry for entry in self.keys if entry.key.key_id == key_id)

    def keys_for(self, use: KeyUse) -> tuple[VerifierKey, ...]:
        """The keys of one use that are not revoked."""
        return tuple(e.key for e in self.keys if e.use == use and not e.revoked)


def open_directory(
    note: bytes | str | Note, roots: Iterable[VerifierKey], least_seq: int = 0
) -> Directory:
    """Reads a directory that one of ``roots`` signed.

    Where it names a new root, that one must have signed too; whoever calls believes
    ``Directory.new_root`` from then on, and no longer the old. ``least_seq``: the highest ``seq``
    seen before; a lower one is refused, because an old directory would bring back a revoked key.
    Raises NoteError and KeyDirectoryError.
    """
    read = note if isinstance(note, Note) else parse_note(note)
    known = set(read.signed_by(roots))
    directory = parse_directory(read.text)
    new = directory.new_root
    if new is not None and new not in known and not read.has_signature_of(new):
        raise KeyDirectoryError("A new root key is believed where the old and the new one sign.")
    if directory.seq < least_seq:
        raise KeyDirectoryError(
            "This directory has number {is_}; number {should} was seen before.",
            field="seq",
            is_=directory.seq,
            should=least_seq,
        )
    return directory


def introduce_root(
    note: bytes | str | Note, known: VerifierKey, new: VerifierKey, least_seq: int = 0
) -> Directory:
    """Reads the directory by which ``known`` hands over to ``new``: both have signed it.

    From then on ``new`` alone is a root. Raises NoteError and KeyDirectoryError.
    """
    read = note if isinstance(note, Note) else parse_note(note)
    if set(read.signed_by((known, new))) != {known, new}:
        raise KeyDirectoryError("A new root key is believed where the old and the new one sign.")
    return open_directory(read, (new,), least_seq)


def parse_directory(text: str) -> Directory:
    """Reads a directory's text, which nobody has verified here. Raises InvalidInput's family."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[0] != FORMAT or lines[-1]:
        raise KeyDirectoryError("A key directory begins with {should}.", should=FORMAT)
    header, *entries = [Members(read_canonical(line)) for line in lines[2:-1]]
    for entry in entries:
        if ("host" in entry) == ("key" in entry):
            raise KeyDirectoryError("Each line of a directory is either a host or a key.")
    return Directory(
        origin=lines[1],
        seq=header.count("seq"),
        issued=header.moment("issued"),
        expires=header.moment("expires"),
        hosts=tuple(_host(entry) for entry in entries if "host" in entry),
        keys=tuple(_key(entry) for entry in entries if "key" in entry),
        new_root=parse_verifier_key(header.text("root")) if "root" in header else None,
    )


def host_entry(line: Mapping[str, Json]) -> HostEntry:
    """The host of one line. Raises InvalidInput's family."""
    return _host(Members(line))


def _host(entry: Members) -> HostEntry:
    host, since = entry.text("host"), entry.day("from")
    return HostEntry(host, since, entry.day_or_none("to"), entry.flag("http"))


def _key(entry: Members) -> KeyEntry:
    state, use = entry.text("state"), entry.text("use")
    if state not in ("active", "revoked") or (state == "revoked") != ("revoked_at_size" in entry):
        raise KeyDirectoryError(
            "The state of a key is active, or revoked with a revoked_at_size.", field="state"
        )
    if use not in list(KeyUse):
        raise KeyDirectoryError(
            "The use of a key is one of {uses}.", field="use", uses=", ".join(KeyUse)
        )
    return KeyEntry(
        key=parse_verifier_key(entry.text("key")),
        use=KeyUse(use),
        issuer=entry.text("issuer"),
        since=entry.day("from"),
        until=entry.day_or_none("to"),
        gtin=entry.texts("gtin"),
        division=entry.texts("division"),
        revoked_at_size=entry.count("revoked_at_size") if state == "revoked" else None,
    )


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
