"""The root key in a file of its own: all that another machine needs to sign a directory.

The file holds the sealed key with the keyring that it was sealed by, so that the passphrase alone
opens it, with no database. It is JSON, so that a person sees whose key it is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from suyuan.trace.canonical import Json, Members, read_base64, write_base64
from suyuan.trace.errors import Conflict
from suyuan.trace.keys.notes import Ed25519Signer, parse_verifier_key
from suyuan.trace.keys.sealing import Keyring, SealError

FORMAT = "suyuan.root-key/1"


def write_root(file: Path, root: Ed25519Signer, keyring: Keyring) -> None:
    """Keep ``root`` in a file of mode 0600. Raises Conflict where there is such a file already."""
    content = {
        "format": FORMAT,
        "key": str(root.verifier),
        "keyring": keyring.stored,
        "sealed": write_base64(keyring.seal(root)),
    }
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Conflict("There is a file {path} already.", path=file) from error
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def read_root(text: str, passphrase: str) -> Ed25519Signer:
    """The root key of a file's text. Raises SealError, WrongPassphrase and NotCanonical."""
    try:
        content = cast("Json", json.loads(text))
    except (ValueError, RecursionError) as error:
        raise SealError("A file of a root key is JSON.") from error
    members = Members(content)
    assert isinstance(content, Mapping)  # else there would be no members
    if members.text("format") != FORMAT:
        raise SealError("A file of a root key has the format {should}.", should=FORMAT)
    verifier = parse_verifier_key(members.text("key"))
    stored = content.get("keyring")
    if not isinstance(stored, Mapping):
        raise SealError("A file of a root key holds the keyring that sealed it.")
    keyring = Keyring.unlock(stored, passphrase)
    root = keyring.open(verifier.name, read_base64(members.text("sealed")))
    if root.verifier != verifier:
        raise SealError("The sealed key {name} is another one.", name=verifier.name)
    return root
