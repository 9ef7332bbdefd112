"""Telling organisations of warnings: where they want to hear of them, and what goes into the
outbox with the act that brings it about."""

from __future__ import annotations

from collections.abc import Iterable

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.notices import queries
from suyuan.trace.notices.levels import OWNER
from suyuan.trace.notices.rules import SEVERITIES, warning_rule
from suyuan.trace.notices.tables import EarlyWarning, Notice
from suyuan.trace.parties.tables import Party


def tell_of(w: Writing, warning: EarlyWarning, occasion: str) -> None:
    """Put messages about a warning into the outbox: to whom it is with, and to its owner."""
    for party in _concerned(w, warning):
        _put(w, warning, party, occasion)


def _concerned(w: Writing, warning: EarlyWarning) -> Iterable[Party]:
    rule = warning_rule(warning.rule)
    told: dict[int, Party] = {}
    if rule.tells_owner or warning.level == OWNER:
        told[warning.party_id] = w.session.get_one(Party, warning.party_id)
    if warning.level != OWNER:
        today = w.today
        at = warning.level_division, warning.family, warning.stage
        found = queries.regulators_for(w.session, *at, today)
        told |= {party.id: party for party in found}
    return told.values()


def _put(w: Writing, warning: EarlyWarning, party: Party, occasion: str) -> None:
    w.session.add(
        Notice(
            uid=w.new_uid(),
            warning_id=warning.id,
            party_id=party.id,
            channel="page",
            occasion=occasion,
            state="sent",
            tries=0,
            made_at=w.now,
            due_at=w.now,
            sent_at=w.now,
        )
    )
    for contact in queries.contacts_of(w.session, party.id):
        if SEVERITIES.index(warning.severity) > SEVERITIES.index(contact.least):
            continue
        w.session.add(
            Notice(
                uid=w.new_uid(),
                warning_id=warning.id,
                party_id=party.id,
                contact_id=contact.id,
                channel=contact.channel,
                occasion=occasion,
                state="waiting",
                tries=0,
                made_at=w.now,
                due_at=w.now,
            )
        )
