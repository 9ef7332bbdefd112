"""Where an organisation wants to hear of its warnings beside the pages."""

from __future__ import annotations

from dataclasses import dataclass

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.notices import queries
from suyuan.trace.notices.destinations import CHANNELS
from suyuan.trace.notices.mail import read_mail_address
from suyuan.trace.notices.messages import sending
from suyuan.trace.notices.posting import read_target
from suyuan.trace.notices.records import NOTICE_CONTACT
from suyuan.trace.notices.rules import SEVERITIES
from suyuan.trace.notices.tables import NoticeContact
from suyuan.trace.notices.webhook import signing_secret
from suyuan.trace.parties import queries as parties
from suyuan.trace.parties.identifiers import mobile_number


@dataclass(frozen=True)
class ContactFacts:
    """A channel, its address, and the severity from which on something is sent there."""

    party: str
    channel: str
    address: str
    least: str = "medium"


def add_contact(w: Writing, facts: ContactFacts) -> str:
    """Have warnings of an organisation sent to an address; returns the contact's uid.

    Raises Forbidden, InvalidInput for an address that the channel cannot have, Conflict where it
    is there already or there are as many as may be.
    """
    party = parties.party(w.session, facts.party)
    w.actor.require("manage_members", party)
    if facts.channel not in CHANNELS:
        raise InvalidInput(
            "A channel is one of: {channels}.", "channel", channels=", ".join(CHANNELS)
        )
    if facts.least not in SEVERITIES:
        raise InvalidInput(
            "A severity is one of: {severities}.", "least", severities=", ".join(SEVERITIES)
        )
    address = _address(w, facts)
    known = queries.contacts_of(w.session, party.id)
    if any((one.channel, one.address) == (facts.channel, address) for one in known):
        raise Conflict("Warnings are sent there already.", "address")
    if len(known) >= sending().most_contacts:
        raise Conflict("At most {most}: take one out first.", most=sending().most_contacts)
    added = NoticeContact(
        uid=w.new_uid(),
        party_id=party.id,
        channel=facts.channel,
        address=address,
        least=facts.least,
        made_at=w.now,
        person_uid=w.actor.person_uid,
    )
    said = {"contact": added.uid, "party": party.uid, "channel": added.channel}
    more = {"least": added.least, "address": address, "typed_by": w.actor.person_uid}
    added.record_id = w.record(NOTICE_CONTACT, "contact.added", {**said, **more}, subject=added.uid)
    w.session.add(added)
    w.session.flush()
    return added.uid


def end_contact(w: Writing, uid: str) -> str:
    """Have nothing sent there any more; returns the contact's uid. Raises NotFound, Forbidden,
    Conflict where that is so already."""
    found = queries.contact(w.session, uid)
    w.actor.require("manage_members", found.party)
    w.session.refresh(found, with_for_update=True)
    if found.ended_at is not None:
        raise Conflict("Nothing is sent there any more.", "contact")
    found.ended_at = w.now
    w.record(NOTICE_CONTACT, "contact.ended", {"contact": uid}, subject=uid)
    return uid


def reveal_secret(w: Writing, uid: str) -> str:
    """The secret that a webhook's messages are signed with, for whoever manages its organisation.

    Raises NotFound, Forbidden.
    """
    found = queries.contact(w.session, uid)
    w.actor.require("manage_members", found.party)
    return signing_secret(w.keys.secret, uid)


def _address(w: Writing, facts: ContactFacts) -> str:
    if facts.channel == "email":
        return read_mail_address(facts.address)
    if facts.channel == "sms":
        return mobile_number(facts.address, "address")
    address = facts.address.strip()
    if len(address) > _ADDRESS:
        raise InvalidInput("At most {limit} characters.", "address", limit=_ADDRESS)
    read_target(address, w.settings.webhook_hosts)
    return address


_ADDRESS = 300
