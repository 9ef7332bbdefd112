"""Sending a form that brings files: they are kept in the transaction of what they stand behind."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from flask import request

from suyuan.trace.acts.evidence import keep_evidence
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.errors import TooLarge
from suyuan.web.identity import perform_once
from suyuan.web.once import once

F = TypeVar("F", bound=Any)
T = TypeVar("T")

MOST_FILES = 10


@dataclass(frozen=True)
class SentFile:
    """A file as it came: its bytes, and the name it had on the telephone."""

    data: bytes
    name: str

    def to_json(self) -> dict[str, str]:
        """What makes it the same file again."""
        return {"sha256": hashlib.sha256(self.data).hexdigest(), "name": self.name}


def sent_files(field: str = "photos") -> tuple[SentFile, ...]:
    """The files of this request; an empty choice is none. Raises TooLarge for too many."""
    files = tuple(
        SentFile(data, file.filename or "")
        for file in request.files.getlist(field)
        if file.filename and (data := file.read())
    )
    if len(files) > MOST_FILES:
        raise TooLarge("At most {most} files go with one form.", field, most=MOST_FILES)
    return files


def send_once(
    act: Callable[[Writing, F], T], facts: F, party_uid: str, files: Sequence[SentFile]
) -> T:
    """Do ``act`` with files behind its facts; the same form sent again is answered the same.

    ``facts`` are a dataclass with a field ``evidence``, a tuple of uids or one uid.
    """
    return perform_once(once((facts, files)), with_files, act, facts, party_uid, tuple(files))


def with_files(
    w: Writing,
    act: Callable[[Writing, F], T],
    facts: F,
    party_uid: str,
    files: Sequence[SentFile],
) -> T:
    """Keep the files as evidence of the party, then do ``act`` with them behind its facts."""
    uids = tuple(keep_evidence(w, party_uid, file.data, file.name) for file in files)
    if not uids:
        return act(w, facts)
    several = isinstance(facts.evidence, tuple)
    return act(w, replace(facts, evidence=facts.evidence + uids if several else uids[0]))
