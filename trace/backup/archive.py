"""The archive file: members with their hashes, listed by its last member.

An archive that was cut off has no list and is refused as a whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from suyuan.trace.errors import InvalidInput, Misconfigured

FORMAT = "suyuan.backup/1"
LIST = "backup.json"
_PIECE = 1 << 20


class BadBackup(InvalidInput):
    """A file is no backup, is cut off, or was changed since it was made."""


@dataclass
class ArchiveWriter:
    """Writes members and remembers what was written."""

    file: zipfile.ZipFile
    members: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, pieces: Iterable[bytes], *, packed: bool = True) -> None:
        """Write one member. ``packed`` is for what gets smaller by it; photos do not."""
        digest = hashlib.sha256()
        how = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info = zipfile.ZipInfo(name)
        info.compress_type, info.external_attr = how, 0o600 << 16
        with self.file.open(info, "w", force_zip64=True) as member:
            for piece in pieces:
                digest.update(piece)
                member.write(piece)
        self.members[name] = digest.hexdigest()

    def close_with(self, about: Mapping[str, Any]) -> None:
        """Write the list: the last member, without which there is no backup."""
        listed = {"format": FORMAT, **about, "members": self.members}
        self.file.writestr(LIST, json.dumps(listed, ensure_ascii=False, indent=1))


@contextmanager
def writing_archive(out: Path) -> Iterator[ArchiveWriter]:
    """An archive that stands at ``out`` whole and on disk, or not at all; mode 0600.

    Raises Misconfigured where the file cannot be written.
    """
    part = out.with_name(f".{out.name}.part")
    try:
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w+b") as raw:
            with zipfile.ZipFile(raw, "w") as file:
                yield ArchiveWriter(file)
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(out)
    except OSError as error:
        raise Misconfigured(
            "{file} cannot be written: {why}", file=out, why=error.strerror
        ) from error
    finally:
        part.unlink(missing_ok=True)


@dataclass(frozen=True)
class Archive:
    """A backup that was opened: what it says of itself, and its members."""

    file: zipfile.ZipFile
    about: Mapping[str, Any]
    members: Mapping[str, str]

    def names(self, folder: str) -> list[str]:
        """The members of a folder, sorted."""
        return sorted(name for name in self.members if name.startswith(f"{folder}/"))

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a member that ``check`` has found whole."""
        with self.file.open(name) as member:
            yield from member

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a member. Raises BadBackup at its end where they are not those written."""
        digest = hashlib.sha256()
        try:
            with self.file.open(name) as member:
                while piece := member.read(_PIECE):
                    digest.update(piece)
                    yield piece
        except (zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
            raise BadBackup("{member} in the backup is damaged.", "file", member=name) from error
        if digest.hexdigest() != self.members[name]:
            raise BadBackup("{member} in the backup is damaged.", "file", member=name)

    def check(self) -> None:
        """Read everything once. Raises BadBackup for the first member that is damaged."""
        for name in self.members:
            for _ in self.pieces(name):
                pass


@contextmanager
def reading_archive(path: Path) -> Iterator[Archive]:
    """The backup at ``path``. Raises BadBackup where it is none, or was cut off."""
    try:
        file = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise BadBackup(
            "{file} is no whole backup: give the file that suyuan backup wrote.", "file", file=path
        ) from error
    with file:
        try:
            about = json.loads(file.read(LIST))
            members = {str(name): str(digest) for name, digest in about["members"].items()}
            if about["format"] != FORMAT or any(name not in file.NameToInfo for name in members):
                raise KeyError(LIST)
        except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile) as error:
            raise BadBackup(
                "{file} is no backup of the form {format}.", "file", file=path, format=FORMAT
            ) from error
        yield Archive(file, about, members)
