"""What an auditor remembers between two audits, in a file that is either old or new, never torn."""

from __future__ import annotations

import json
import os
from pathlib import Path

from suyuan.trace.canonical import Members, read_base64, write_base64
from suyuan.trace.errors import InvalidInput, Misconfigured
from suyuan.trace.keys.notes import parse_verifier_key
from suyuan.trace.log.checkpoint import open_checkpoint
from suyuan.trace.log.frontier import Frontier
from suyuan.trace.log.outside_audit import Remembered

FORMAT = "suyuan.log-audit/1"


def read_memory(path: Path) -> Remembered | None:
    """What is remembered in ``path``; none where there is no such file.

    Raises Misconfigured where the file is no memory, or does not hold together.
    """
    try:
        said = Members(json.loads(path.read_text(encoding="utf-8")))
        if said.text("format") != FORMAT:
            raise InvalidInput("The file of an audit has the format {should}.", should=FORMAT)
        key = parse_verifier_key(said.text("key"))
        head = open_checkpoint(said.text("checkpoint"), key)
        edge = Frontier.from_bytes(head.size, read_base64(said.text("edge")))
        if edge.root() != head.root:
            raise InvalidInput("The edge of the tree is not that of the checkpoint.")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, InvalidInput) as error:
        raise Misconfigured(
            "What was remembered in {path} cannot be used: {why}", path=path, why=str(error)
        ) from error
    return Remembered(key, edge, said.text("checkpoint"))


def write_memory(path: Path, remembered: Remembered) -> None:
    """Keep what is to be remembered, on the disk when this returns."""
    said = {
        "format": FORMAT,
        "key": str(remembered.key),
        "checkpoint": remembered.checkpoint,
        "edge": write_base64(remembered.edge.to_bytes()),
    }
    making = path.with_name(f"{path.name}.new")
    with making.open("w", encoding="utf-8") as file:
        json.dump(said, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    making.replace(path)
    folder = os.open(path.absolute().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
