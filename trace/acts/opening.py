"""Opening an installation, once, and unlocking it, each time a writing process starts.

At the opening five keys are made: the root, which signs the first key directory and then leaves
this machine, and the keys for the log, for codes, for the status list, and a secret. All but the
root's verifier key are kept sealed under a passphrase that lies in a file of its own.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.acts.key_records import DIRECTORY
from suyuan.trace.acts.statuses import publish_status
from suyuan.trace.acts.transaction import Ledger, Unlocked, Writing
from suyuan.trace.clock import Clock
from suyuan.trace.database import Database
from suyuan.trace.errors import Conflict, Misconfigured
from suyuan.trace.keys.directory import Directory, HostEntry, KeyEntry, KeyUse
from suyuan.trace.keys.notes import Ed25519Signer, parse_verifier_key, sign_note
from suyuan.trace.keys.sealing import Keyring, ScryptCost
from suyuan.trace.keys.tables import DirectoryEdition, Instance, SigningKey
from suyuan.trace.log.append import open_log
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.products.families import Families
from suyuan.trace.settings import Settings
from suyuan.trace.spans import years

SEALED_ROOT = "root-key.sealed"
"""File in the data folder in which ``init`` leaves the sealed root key, to be carried away."""


@dataclass(frozen=True)
class Opening:
    """What an installation is opened with.

    ``origin`` names it for ever (a host name it owns); ``label_host`` is what its labels carry,
    with the port where it is not 443; ``http`` allows labels without TLS (the demo on a LAN).
    """

    origin: str
    label_host: str
    issuer: str
    http: bool = False
    demo: bool = False


def passphrase(path: Path) -> str:
    """The passphrase in ``path``. Raises Misconfigured where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Misconfigured(
            "The passphrase file {path} cannot be read ({why}). Set SUYUAN_PASSPHRASE_FILE to the "
            "file that init made.",
            path=path,
            why=error.strerror,
        ) from error


def make_passphrase(path: Path) -> str:
    """The passphrase in ``path``; where there is no such file, a fresh one, mode 0600."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
    return passphrase(path)


def open_instance(
    database: Database,
    settings: Settings,
    clock: Clock,
    opening: Opening,
    cost: ScryptCost | None = None,
) -> Ledger:
    """Open an installation in an empty, migrated database; returns its unlocked ledger.

    Leaves ``root.vkey`` and the sealed root key in the data folder. Raises Conflict where the
    database holds an installation already.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    keyring = Keyring.create(make_passphrase(settings.passphrase_file), cost)
    origin = opening.origin
    root = Ed25519Signer.generate(f"{origin}/root")
    made = {
        KeyUse.LOG: Ed25519Signer.generate(f"{origin}/log"),
        KeyUse.CODE: Ed25519Signer.generate(f"{origin}/codes-1"),
        KeyUse.STATUS: Ed25519Signer.generate(f"{origin}/status-1"),
    }
    secret = Ed25519Signer.generate(f"{origin}/secret")
    today = clock.now().date()
    entries = tuple(
        KeyEntry(
            key=signer.verifier,
            use=use,
            issuer=opening.issuer,
            since=today,
            until=today.replace(year=today.year + years("key_signs"), day=min(today.day, 28)),
        )
        for use, signer in made.items()
    )
    directory = Directory(
        origin=origin,
        seq=1,
        issued=clock.now(),
        expires=clock.now() + timedelta(days=365 * years("directory_holds")),
        hosts=(HostEntry(opening.label_host, today, None, opening.http),),
        keys=entries,
    )
    note = str(sign_note(directory.text(), (root,)))

    def opened(w: Writing) -> None:
        if w.session.get(Instance, 1) is not None:
            raise Conflict("This database holds an installation already.")
        w.session.add(
            Instance(
                id=1,
                origin=origin,
                hosts=[directory.hosts[0].to_json()],
                root=str(root.verifier),
                keyring=keyring.stored,
                demo=opening.demo,
                made_at=w.now,
            )
        )
        for entry in entries:
            w.session.add(_row(entry, keyring.seal(made[entry.use])))
        w.session.add(_secret_row(secret, keyring, opening.issuer, entries[0]))
        open_log(w.session, made[KeyUse.LOG].name, made[KeyUse.LOG])
        keep_directory(w, directory, note)
        publish_status(w)

    ledger = Ledger(
        database,
        clock,
        settings,
        Families.load(settings.families_folder),
        _unlocked(entries, made, secret),
    )
    ledger.perform(SYSTEM, opened)
    settings.root_key_file.write_text(f"{root.verifier}\n", encoding="utf-8")
    sealed_root = settings.data / SEALED_ROOT
    sealed_root.touch(mode=0o600)
    sealed_root.write_bytes(keyring.seal(root))
    return ledger


def unlock(database: Database, settings: Settings, clock: Clock) -> Ledger:
    """The ledger of an opened installation, with its keys unlocked.

    Raises Misconfigured where nothing was opened yet, WrongPassphrase for another passphrase.
    """
    with database.read() as session:
        instance = instance_of(session)
        rows = list(session.scalars(sa.select(SigningKey).where(SigningKey.state == "active")))
    keyring = Keyring.unlock(instance.keyring, passphrase(settings.passphrase_file))
    signers = {row.name: keyring.open(row.name, row.sealed) for row in rows if row.sealed}
    by_use = {row.use: signers[row.name] for row in rows if row.use != KeyUse.CODE}
    codes = tuple((_entry(row), signers[row.name]) for row in rows if row.use == KeyUse.CODE)
    keys = Unlocked(
        log=by_use["log"], status=by_use["status"], codes=codes, secret=by_use["secret"].seed()
    )
    return Ledger(database, clock, settings, Families.load(settings.families_folder), keys)


def instance_of(session: Session) -> Instance:
    """The installation's row. Raises Misconfigured where ``init`` has not run."""
    instance = session.get(Instance, 1)
    if instance is None:
        raise Misconfigured("Nothing is set up here yet: run suyuan init first.")
    return instance


def keep_directory(w: Writing, directory: Directory, note: str) -> None:
    """Publish a signed directory, with a leaf of its own."""
    w.session.add(
        DirectoryEdition(
            seq=directory.seq, note=note, issued=directory.issued, expires=directory.expires
        )
    )
    w.record(
        DIRECTORY,
        "directory",
        {
            "seq": directory.seq,
            "note_sha256": hashlib.sha256(note.encode()).hexdigest(),
            "keys": [str(entry.key) for entry in directory.keys],
            "hosts": [entry.host for entry in directory.hosts],
        },
        subject=f"directory/{directory.seq}",
    )


def _unlocked(
    entries: tuple[KeyEntry, ...], made: dict[KeyUse, Ed25519Signer], secret: Ed25519Signer
) -> Unlocked:
    return Unlocked(
        log=made[KeyUse.LOG],
        status=made[KeyUse.STATUS],
        codes=tuple((entry, made[entry.use]) for entry in entries if entry.use == KeyUse.CODE),
        secret=secret.seed(),
    )


def _row(entry: KeyEntry, sealed: bytes) -> SigningKey:
    return SigningKey(
        name=entry.key.name,
        use=entry.use.value,
        verifier=str(entry.key),
        sealed=sealed,
        issuer=entry.issuer,
        gtin=list(entry.gtin),
        division=list(entry.division),
        valid_from=entry.since,
        valid_to=entry.until,
    )


def _secret_row(secret: Ed25519Signer, keyring: Keyring, issuer: str, like: KeyEntry) -> SigningKey:
    return SigningKey(
        name=secret.name,
        use="secret",
        verifier=str(secret.verifier),
        sealed=keyring.seal(secret),
        issuer=issuer,
        gtin=[],
        division=[],
        valid_from=like.since,
        valid_to=None,
    )


def _entry(row: SigningKey) -> KeyEntry:
    return KeyEntry(
        key=parse_verifier_key(row.verifier),
        use=KeyUse(row.use),
        issuer=row.issuer,
        since=row.valid_from,
        until=row.valid_to,
        gtin=tuple(row.gtin),
        division=tuple(row.division),
        revoked_at_size=row.revoked_at_size,
    )
