"""A file that shows that a code's print run was logged before its key was revoked.

Whoever holds it confirms a code of a revoked key without the label host: the log's own signature,
and the witnesses', stand for the place of the run; the run's manifest for the code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from suyuan.trace.canonical import Members, read_base64, read_canonical, write_base64
from suyuan.trace.codes.manifest import (
    SALT_SIZE,
    LoggedRun,
    ManifestProof,
    PrintedItem,
    check_item,
)
from suyuan.trace.codes.paths import parse_path
from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys.directory import Directory, KeyUse
from suyuan.trace.log.commitments import Commitments, Disclosure, check_disclosures
from suyuan.trace.log.merkle import HASH_SIZE
from suyuan.trace.log.policy import LogLine, Policy
from suyuan.trace.log.positions import number_in, start_of
from suyuan.trace.log.proof_file import ProofFile, check_proof_file, parse_proof_file
from suyuan.trace.printing.records import PRINT_RUN

FORMAT = "suyuan.run-proof/1"
OPENED = ("schema", "manifest_root")
"""The fields of the run's record that are opened: that it is one, and the manifest's root."""
MAX_RUN_PROOF = 1 << 20
"""Bytes of such a file; one has some five thousand."""

ANYBODY = Policy()
"""No witness need have cosigned."""


class RunProofError(InvalidInput):
    """A proof of a print run is not written as it should be, or does not show what it should."""

    kind = "unproven-run"


@dataclass(frozen=True)
class RunProof:
    """What the file says; nothing of it is believed before ``check``.

    ``opened`` are fields of the run's record by name, ``commitments`` those of all its fields,
    ``logged`` the place of that record in the log.
    """

    code: ManifestProof
    opened: Mapping[str, Disclosure]
    commitments: Commitments
    logged: ProofFile

    def check(self, directory: Directory, policy: Policy = ANYBODY) -> LoggedRun:
        """The logged run that holds the code, by the log keys of ``directory``.

        ``policy`` says which witnesses must have cosigned. Raises InvalidInput's family.
        """
        if self.logged.extra is None or not set(OPENED) <= set(self.opened):
            raise RunProofError("The proof does not bring along the record of its print run.")
        said = Members(read_canonical(self.logged.extra))
        digest = read_base64(said.text("digest"), HASH_SIZE)
        check_disclosures(self.opened.values(), self.commitments, digest)
        if self.opened["schema"].value != str(PRINT_RUN):
            raise RunProofError("The record of this proof is of no print run.")
        logs = tuple(LogLine(key) for key in directory.keys_for(KeyUse.LOG))
        shown = check_proof_file(self.logged, self.logged.extra, replace(policy, logs=logs))
        root = read_base64(str(self.opened["manifest_root"].value), HASH_SIZE)
        check_item(self.code, root)
        number = number_in(shown.checkpoint.origin, directory.origin)
        return LoggedRun(start_of(number) + self.logged.index, root, self.code)

    def to_json(self) -> dict[str, Any]:
        """The file; bytes in base64."""
        return {
            "format": FORMAT,
            "path": str(self.code.item.path),
            "salt": write_base64(self.code.item.salt),
            "index": self.code.index,
            "codes": self.code.size,
            "hashes": [write_base64(one) for one in self.code.hashes],
            "opened": {
                one.field: {"value": one.value, "salt": write_base64(one.salt)}
                for one in self.opened.values()
            },
            "commitments": {
                name: write_base64(value) for name, value in self.commitments.by_field.items()
            },
            "logged": self.logged.text(),
        }


def parse_run_proof(data: bytes) -> RunProof:
    """Reads the file. Raises InvalidInput's family."""
    if len(data) > MAX_RUN_PROOF:
        raise RunProofError("A proof of a print run has at most {most} bytes.", most=MAX_RUN_PROOF)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise RunProofError("A proof of a print run is JSON.") from error
    said = Members(document)
    if said.text("format") != FORMAT:
        raise RunProofError("A proof of a print run has the format {should}.", should=FORMAT)
    opened, committed = _members(document, "opened"), _members(document, "commitments")
    item = PrintedItem(parse_path(said.text("path")), read_base64(said.text("salt"), SALT_SIZE))
    hashes = tuple(read_base64(one, HASH_SIZE) for one in said.texts("hashes"))
    return RunProof(
        ManifestProof(item, said.count("index"), said.count("codes"), hashes),
        {name: _disclosure(name, _members(opened, name)) for name in OPENED},
        Commitments(
            {name: read_base64(Members(committed).text(name), HASH_SIZE) for name in committed}
        ),
        parse_proof_file(said.text("logged")),
    )


def _members(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = document.get(name)
    if not isinstance(found, Mapping):
        raise RunProofError("The proof of a print run has no {name}.", field=name, name=name)
    return found


def _disclosure(name: str, said: Mapping[str, Any]) -> Disclosure:
    shown = Members(said)
    return Disclosure(name, shown.text("value"), read_base64(shown.text("salt"), SALT_SIZE))
