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
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from suyuan.trace.acts.key_records import DIRECTORY
from suyuan.trace.acts.statuses import publish_status
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.clock import Clock
from suyuan.trace.database import Database
from suyuan.trace.errors import Conflict, Misconfigured
from suyuan.trace.keys.directory import Directory, HostEntry, KeyUse
from suyuan.trace.keys.notes import Ed25519Signer, sign_note
from suyuan.trace.keys.root_file import write_root
from suyuan.trace.keys.sealing import Keyring, ScryptCost
from suyuan.trace.keys.tables import DirectoryEdition, Instance, SigningKey
from suyuan.trace.keys.unlocked import KeyHolder, entry_of
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
    holder = KeyHolder(keyring, settings.key_store)
    origin, today = opening.origin, clock.now().date()
    root = Ed25519Signer.generate(f"{origin}/root")
    secret = Ed25519Signer.generate(f"{origin}/secret")
    named = {KeyUse.LOG: "log", KeyUse.CODE: "codes-1", KeyUse.STATUS: "status-1"}
    rows = [
        made_row(holder, f"{origin}/{name}", use, opening.issuer, today)
        for use, name in named.items()
    ]
    for row in rows:
        row.state = "active"
    secret_row = _secret_row(secret, keyring, opening.issuer, today)
    keys = holder.open_rows([*rows, secret_row], 1)
    directory = Directory(
        origin=origin,
        seq=1,
        issued=clock.now(),
        expires=clock.now() + timedelta(days=365 * years("directory_holds")),
        hosts=(HostEntry(opening.label_host, today, None, opening.http),),
        keys=tuple(entry_of(row) for row in rows),
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
        w.session.add_all([*rows, secret_row])
        open_log(w.session, keys.log.name, keys.log)
        keep_directory(w, directory, note)
        publish_status(w)
        write_root(settings.data / SEALED_ROOT, root, keyring)

    families = Families.load(settings.families_folder)
    ledger = Ledger(database, clock, settings, families, keys)
    ledger.perform(SYSTEM, opened)
    settings.root_key_file.write_text(f"{root.verifier}\n", encoding="utf-8")
    return ledger


def unlock(database: Database, settings: Settings, clock: Clock) -> Ledger:
    """The ledger of an opened installation, with its keys unlocked.

    Raises Misconfigured where nothing was opened yet, WrongPassphrase for another passphrase.
    """
    with database.read() as session:
        instance = instance_of(session)
        keyring = Keyring.unlock(instance.keyring, passphrase(settings.passphrase_file))
        keys = KeyHolder(keyring, settings.key_store).open_all(session)
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
            "new_root": str(directory.new_root) if directory.new_root else None,
        },
        subject=f"directory/{directory.seq}",
    )


def made_row(holder: KeyHolder, name: str, use: KeyUse, issuer: str, since: date) -> SigningKey:
    """A key of any scope that was just made and that no directory lists yet.

    Code keys sign for some years; the keys of the log and the status list, without which nothing
    could be written, until they are rotated.
    """
    made, store = holder.make(name)
    last = since.replace(year=since.year + years("key_signs"), day=min(since.day, 28))
    return SigningKey(
        name=name,
        use=use.value,
        verifier=str(made.verifier),
        sealed=made.kept,
        store=store,
        issuer=issuer,
        gtin=[],
        division=[],
        valid_from=since,
        valid_to=last if use is KeyUse.CODE else None,
        state="drafted",
    )


def _secret_row(secret: Ed25519Signer, keyring: Keyring, issuer: str, since: date) -> SigningKey:
    return SigningKey(
        name=secret.name,
        use="secret",
        verifier=str(secret.verifier),
        sealed=keyring.seal(secret),
        issuer=issuer,
        gtin=[],
        division=[],
        valid_from=since,
        valid_to=None,
    )
