"""The other machine, which has the root key: signs the draft that waits, as an operator would.

sign_and_accept(ledger)  # the keys that were drafted are in force
"""

from __future__ import annotations

from dataclasses import replace

from suyuan.trace.acts.directories import accept_directory, request_directory
from suyuan.trace.acts.opening import SEALED_ROOT
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.keys.directory import parse_directory
from suyuan.trace.keys.notes import Ed25519Signer, sign_note
from suyuan.trace.keys.root_file import read_root
from suyuan.trace.parties.actor import SYSTEM


def root_of(ledger: Ledger) -> Ed25519Signer:
    """The root key, from the file that ``init`` left."""
    file = ledger.settings.data / SEALED_ROOT
    return read_root(file.read_text(), ledger.settings.passphrase_file.read_text().strip())


def signed_draft(
    ledger: Ledger, root: Ed25519Signer | None = None, new: Ed25519Signer | None = None
) -> str:
    """The draft that waits, as the root (and a new one, where given) signs it."""
    directory = parse_directory(ledger.perform(SYSTEM, request_directory))
    signers = [root or root_of(ledger)]
    if new is not None:
        directory = replace(directory, new_root=new.verifier)
        signers.append(new)
    return str(sign_note(directory.text(), signers))


def sign_and_accept(
    ledger: Ledger, root: Ed25519Signer | None = None, new: Ed25519Signer | None = None
) -> int:
    """Bring into force what waits; returns the number of the directory."""
    return ledger.perform(SYSTEM, accept_directory, signed_draft(ledger, root, new))
