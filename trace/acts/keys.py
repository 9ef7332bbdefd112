"""Changing keys: made, rotated, retired or revoked, and in force once the root has signed.

The root key is not here. So every change goes into a draft of the next directory; the operator
carries the draft to the machine that has the root key, and brings it back signed
(``acts.directories``). Each change is a record, and so is each directory.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from suyuan.trace.acts.directories import begin, draft_directory
from suyuan.trace.acts.key_records import KEY
from suyuan.trace.acts.opening import instance_of, made_row
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.acts.witnessing import believed_size
from suyuan.trace.errors import Conflict, InvalidInput, Misconfigured, NotFound
from suyuan.trace.keys import queries
from suyuan.trace.keys.directory import KeyUse
from suyuan.trace.keys.facts import KeyFacts
from suyuan.trace.keys.tables import DirectoryDraft, SigningKey
from suyuan.trace.keys.unlocked import entry_of
from suyuan.trace.log import queries as log
from suyuan.trace.log.positions import start_of
from suyuan.trace.spans import span, years


def make_key(w: Writing, facts: KeyFacts) -> str:
    """Make a key, or list a witness's; returns its verifier key. Raises KeyDirectoryError."""
    begin(w)
    use = _use(facts.use)
    if (use is KeyUse.WITNESS) != (facts.public is not None):
        raise InvalidInput(
            "Of a witness give its verifier key; all other keys are made here.", field="public"
        )
    since = facts.since or w.now.date()
    _require_dates(w, use, facts, since)
    row = _witness(facts, since) if facts.public else _fresh(w, use, since)
    row.issuer = facts.issuer.strip() or (_issuer(w) if facts.public is None else row.name)
    row.gtin, row.division = list(facts.gtin), list(facts.division)
    row.valid_to = facts.until or row.valid_to
    entry_of(row)  # refuses a scope that is none
    w.session.add(row)
    return _changed(w, row, "made")


def rotate_key(w: Writing, name: str) -> str:
    """Make the successor of a key, with its scope; returns the successor's verifier key.

    The old key retires some days after, so that there is time for the root's signature. A revoked
    key may be rotated: that is how one goes on after a theft. Raises NotFound, Conflict.
    """
    begin(w)
    old = _own(w, name)
    row = _fresh(w, KeyUse(old.use), w.now.date())
    row.issuer, row.gtin, row.division = old.issuer, old.gtin, old.division
    w.session.add(row)
    if old.state == "active" and old.revoke_at is None:
        last = w.now.date() + span("key_overlaps")
        old.retire_on = last if old.valid_to is None else min(last, old.valid_to)
        _record(w, old, "retired")
    return _changed(w, row, "made")


def retire_key(w: Writing, name: str, on: date | None = None) -> str:
    """Let a key sign for the last time ``on`` a day, today where none is named.

    What it signed stays good. Returns its verifier key. Raises NotFound, Conflict.
    """
    begin(w)
    row = _own(w, name)
    last = on or w.now.date()
    if last < row.valid_from or (row.valid_to is not None and last > row.valid_to):
        raise InvalidInput("A key retires within its dates.", field="on")
    _require_active(row)
    _require_another(w, row)
    row.retire_on = last
    return _changed(w, row, "retired")


def revoke_key(w: Writing, name: str, size: int | None = None, number: int | None = None) -> str:
    """Revoke a key: what was logged below ``size`` is still believed, and nothing after.

    ``size`` is the newest that enough witnesses have cosigned where none is named, the present
    one where the policy asks for none; no larger one is taken, since nobody else could tell what
    was there. Name an older one where the server itself was in wrong hands. It is of log
    ``number``, the open one where none is named, and kept as a position through all logs
    (``log.positions``). A code key signs nothing more from now on, whether or not the root has
    signed. Returns its verifier key. Raises NotFound, InvalidInput, Conflict.
    """
    begin(w)
    row = queries.key(w.session, name)
    size = _revoked_at(w, size, number)
    if row.state == "drafted":
        raise Conflict("The key {name} is in no directory yet: drop the draft.", name=row.name)
    before = row.revoked_at_size if row.revoke_at is None else row.revoke_at
    if before is not None and size >= before:
        raise Conflict("The key {name} is revoked at {size}.", name=row.name, size=before)
    if row.use in (KeyUse.LOG, KeyUse.STATUS) and row.state == "active":
        _require_another(w, row)
    row.revoke_at = size
    return _changed(w, row, "revoked")


def _revoked_at(w: Writing, size: int | None, number: int | None) -> int:
    """The position for a size of a log. Raises InvalidInput, and Conflict for want of witnesses."""
    opened = log.head(w.session)
    of = log.log_numbered(w.session, number) if number else opened
    if size is not None and not 0 <= size <= of.size:
        raise InvalidInput(
            "The log has {present} entries: a key is revoked at a size of 0 to that.",
            field="size",
            present=of.size,
        )
    # the first entry of a log commits to all of the one before
    most = believed_size(w.session, w.settings) if of.id == opened.id else of.size
    if size is None and most == 0:
        raise Conflict(
            "No size of the log was cosigned by enough witnesses yet: have them asked, or name "
            "size 0, below which nothing is believed.",
            field="size",
        )
    if size is not None and size > most:
        raise InvalidInput(
            "Enough witnesses have cosigned {most} of {present} entries: a key is revoked at a "
            "size that they have seen, of 0 to that.",
            field="size",
            most=most,
            present=of.size,
        )
    return start_of(of.id) + (most if size is None else size)


def drop_draft(w: Writing) -> int:
    """Take back every change that waits for the root; returns the number it would have had.

    Raises NotFound where nothing waits.
    """
    instance = begin(w)
    draft = queries.draft(w.session)
    if draft is None:
        raise NotFound("No directory waits for the root's signature.")
    for row in queries.signing_keys(w.session):
        if row.state == "drafted" or row.retire_on or row.revoke_at is not None:
            _record(w, row, "dropped")
        if row.state == "drafted":
            w.session.delete(row)
        row.retire_on = row.revoke_at = None
    w.session.execute(sa.delete(DirectoryDraft))
    instance.keys_version += 1
    return draft.seq


def _require_dates(w: Writing, use: KeyUse, facts: KeyFacts, since: date) -> None:
    today, most = w.now.date(), years("key_signs")
    if not today <= since < today.replace(year=today.year + most, day=1):
        raise InvalidInput(
            "A key begins today or later, and within {most} years.", field="since", most=most
        )
    if facts.until is not None and facts.until < since:
        raise InvalidInput("The last day of a key is before its first.", field="until")
    lasting = use in (KeyUse.LOG, KeyUse.STATUS)
    if lasting and (facts.gtin or facts.division or facts.until or since != today):
        raise InvalidInput(
            "A key of the log or the status list signs everything from today until it is rotated: "
            "it has neither scope nor dates.",
            field="use",
        )


def _fresh(w: Writing, use: KeyUse, since: date) -> SigningKey:
    if w.keys.holder is None:
        raise Misconfigured("This process has no keyring to make keys with.")
    return made_row(w.keys.holder, _next_name(w, use), use, _issuer(w), since)


def _witness(facts: KeyFacts, since: date) -> SigningKey:
    assert facts.public is not None  # its use was checked
    return SigningKey(
        name=facts.public.name, use=KeyUse.WITNESS.value, verifier=str(facts.public), store="",
        valid_from=since, state="drafted",
    )  # fmt: skip


def _next_name(w: Writing, use: KeyUse) -> str:
    """The keys of the log share its origin as their name; the others are numbered."""
    if use is KeyUse.LOG:
        return log.head(w.session).origin
    stem = {KeyUse.CODE: "codes", KeyUse.STATUS: "status"}[use]
    taken = {row.name for row in queries.signing_keys(w.session)}
    number = 1 + sum(row.use == use for row in queries.signing_keys(w.session))
    while (name := f"{instance_of(w.session).origin}/{stem}-{number}") in taken:
        number += 1
    return name


def _issuer(w: Writing) -> str:
    return [row for row in queries.signing_keys(w.session) if row.use == KeyUse.CODE][-1].issuer


def _use(use: str) -> KeyUse:
    if use not in list(KeyUse):
        raise InvalidInput("The use of a key is one of {uses}.", "use", uses=", ".join(KeyUse))
    return KeyUse(use)


def _own(w: Writing, name: str) -> SigningKey:
    """A key that signs here. Raises NotFound; Conflict for a witness's."""
    row = queries.key(w.session, name)
    if row.use == KeyUse.WITNESS:
        raise Conflict("The key {name} is a witness's: it is revoked, or not.", name=row.name)
    return row


def _require_active(row: SigningKey) -> None:
    if row.state != "active" or row.revoke_at is not None:
        raise Conflict("The key {name} is not in force.", field="name", name=row.name)


def _require_another(w: Writing, row: SigningKey) -> None:
    """The open log and the status list must have a key that goes on."""
    if row.use == KeyUse.CODE or _is_of_closed_log(w, row):
        return
    others = [
        one
        for one in queries.signing_keys(w.session)
        if one.use == row.use and one.id != row.id and one.state != "revoked"
        and not _is_of_closed_log(w, one)
        and one.revoke_at is None and one.retire_on is None and one.valid_to is None
    ]  # fmt: skip
    if not others:
        raise Conflict(
            "The key {name} is the only one for its use: rotate it first.", "name", name=row.name
        )


def _is_of_closed_log(w: Writing, row: SigningKey) -> bool:
    return row.use == KeyUse.LOG and row.name != log.head(w.session).origin


def _changed(w: Writing, row: SigningKey, what: str) -> str:
    w.session.flush()
    _record(w, row, what)
    draft_directory(w)
    return row.verifier


def _record(w: Writing, row: SigningKey, what: str) -> None:
    entry = entry_of(row, drafted=True)
    said = {
        "key": row.verifier,
        "use": row.use,
        "issuer": row.issuer,
        "gtin": list(row.gtin),
        "division": list(row.division),
        "from": row.valid_from.isoformat(),
        "to": entry.until.isoformat() if entry.until else None,
        "revoked_at_size": entry.revoked_at_size,
        "typed_by": w.actor.person_uid,
    }
    w.record(KEY, f"key.{what}", said, subject=KEY.subject_of(said))
