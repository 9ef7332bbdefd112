"""The key directory from draft to being in force: drafted here, signed elsewhere, accepted here."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from suyuan.trace.acts.opening import keep_directory
from suyuan.trace.acts.statuses import publish_status
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.codes.queries import newest_directory
from suyuan.trace.errors import Conflict, NotFound
from suyuan.trace.keys import queries
from suyuan.trace.keys.directory import (
    Directory,
    HostEntry,
    KeyDirectoryError,
    host_entry,
    open_directory,
    parse_directory,
)
from suyuan.trace.keys.notes import parse_note, parse_verifier_key
from suyuan.trace.keys.tables import DirectoryDraft, Instance
from suyuan.trace.keys.unlocked import entry_of
from suyuan.trace.spans import years


def begin(w: Writing) -> Instance:
    """The installation's row, held to the end: who changes keys waits for the others.

    Raises Forbidden for all but the operator.
    """
    w.actor.require("administer")
    return w.session.scalars(
        sa.select(Instance).with_for_update().execution_options(populate_existing=True)
    ).one()


def draft_directory(w: Writing, least: int = 0, hosts: tuple[HostEntry, ...] | None = None) -> str:
    """Draft the next directory from the keys and hosts as they are to be; returns its text.

    It takes the place of a draft that waits already. Without any change of a key it renews the
    directory's dates. ``least``: the lowest number that it may have. ``hosts``: the label hosts,
    where they are to be others than in the draft that waits, or else now.
    """
    instance = begin(w)
    instance.keys_version += 1
    directory = Directory(
        origin=instance.origin,
        seq=max(newest_directory(w.session).seq + 1, least),
        issued=w.now,
        expires=w.now + timedelta(days=365 * years("directory_holds")),
        hosts=hosts or _hosts_to_be(w, instance),
        keys=tuple(entry_of(row, drafted=True) for row in queries.signing_keys(w.session)),
    )
    w.session.execute(sa.delete(DirectoryDraft))
    w.session.add(DirectoryDraft(seq=directory.seq, text=directory.text(), made_at=w.now))
    w.session.flush()
    return directory.text()


def request_directory(w: Writing) -> str:
    """The text of the draft that waits for the root; a renewal is drafted where none waits."""
    begin(w)
    draft = queries.draft(w.session)
    return draft_directory(w) if draft is None else draft.text


def accept_directory(w: Writing, note: str) -> int:
    """Publish the draft as the root has signed it; returns its number.

    From here on its keys are in force. Where it names a new root, that is the root from now on.
    Raises NotFound where nothing was drafted, KeyDirectoryError and NoteError for what the root
    has not signed, Conflict for anything but the newest draft.
    """
    instance = begin(w)
    draft = queries.draft(w.session)
    if draft is None:
        raise NotFound("No directory waits for the root's signature.")
    read = parse_note(note)
    directory = open_directory(read, (parse_verifier_key(instance.root),))
    _require_drafted(directory, draft)
    _bring_into_force(w, directory)
    keep_directory(w, directory, str(read))
    instance.hosts = [one.to_json() for one in directory.hosts]
    if directory.new_root is not None:
        instance.root = str(directory.new_root)
    instance.keys_version += 1
    w.session.delete(draft)
    w.session.flush()
    _go_on_with(w)
    return directory.seq


def write_root_file(ledger: Ledger) -> None:
    """Bring ``root.vkey`` in the data folder up to the root that signs now."""
    with ledger.database.read() as session:
        root = session.scalars(sa.select(Instance.root)).one()
    file = ledger.settings.root_key_file
    if not file.exists() or file.read_text(encoding="utf-8").split() != [root]:
        file.write_text(f"{root}\n", encoding="utf-8")


def _hosts_to_be(w: Writing, instance: Instance) -> tuple[HostEntry, ...]:
    waiting = queries.draft(w.session)
    if waiting is not None:
        return parse_directory(waiting.text).hosts
    return tuple(host_entry(one) for one in instance.hosts)


def _require_drafted(directory: Directory, draft: DirectoryDraft) -> None:
    if directory.seq != draft.seq:
        raise KeyDirectoryError(
            "This directory has number {is_}; the one that waits has number {should}.",
            field="seq",
            is_=directory.seq,
            should=draft.seq,
        )
    if replace(directory, new_root=None).text() != draft.text:
        raise Conflict(
            "The root signed another directory than the one that was drafted last. Get the draft "
            "again and sign that.",
            field="directory",
        )


def _bring_into_force(w: Writing, directory: Directory) -> None:
    listed = {str(entry.key): entry for entry in directory.keys}
    for row in queries.signing_keys(w.session):
        entry = listed[row.verifier]
        row.state = "revoked" if entry.revoked else "active"
        row.valid_to, row.revoked_at_size = entry.until, entry.revoked_at_size
        row.retire_on = row.revoke_at = None


def _go_on_with(w: Writing) -> None:
    """Sign with the new keys at once: the list and the checkpoint that follow are theirs."""
    before = w.keys
    if before.holder is None:
        return
    w.keys = before.holder.open_all(w.session)
    if w.keys.status.key_id != before.status.key_id:
        publish_status(w)
