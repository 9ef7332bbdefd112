"""Who acts: a person in an organisation, with what that combination may do.

Rights are by role × organisation × division and are data (``standards/roles.json``). A person
acts for one organisation at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from suyuan.trace.errors import Forbidden
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.parties.roles import Rights
from suyuan.trace.parties.tables import Party


@dataclass(frozen=True)
class Competent:
    """One competence of a regulator: a division, and a family and stage or None for any.

    Asked without a stage, a competence for one stage counts: a batch has been through many.
    """

    division: str
    family: str | None = None
    stage: str | None = None

    def covers(self, division: str, family: str | None = None, stage: str | None = None) -> bool:
        return (
            divisions().contains(self.division, division)
            and self.family in (None, family)
            and (stage is None or self.stage in (None, stage))
        )


@dataclass(frozen=True)
class Actor:
    """A person acting for an organisation; ``channel``: ``web``, ``api``, ``cli``, ``import``.

    ``feeds_only``: an agent beside printers acts in the person's name, and does nothing else.
    """

    person_id: int | None
    person_uid: str | None
    party_id: int | None
    party_uid: str | None
    party_kind: str
    party_state: str
    division: str
    roles: frozenset[str]
    competences: tuple[Competent, ...] = ()
    channel: str = "web"
    feeds_only: bool = False

    def may(self, permission: str) -> bool:
        """Whether any of the actor's roles in its kind of organisation allows this."""
        rights = Rights.load()
        return any(rights.allows(self.party_kind, role, permission) for role in self.roles)

    def may_for(self, permission: str, party: Party) -> bool:
        """Whether the actor may do this for ``party``: its own, its member's, or one it serves."""
        if not self.may(permission):
            return False
        if self.party_kind == "platform_operator" or party.id == self.party_id:
            return True
        kinds = Rights.load()
        if kinds.organisation_kind(party.kind).answers_for_itself:
            return False  # who judges the goods of others speaks through its own people only
        if party.parent_id is not None and party.parent_id == self.party_id:
            return True
        serves = kinds.organisation_kind(self.party_kind).serves_division
        return serves and divisions().contains(self.division, party.division)

    def require(self, permission: str, party: Party | None = None) -> None:
        """Raises Forbidden unless the actor may do this (for ``party``, where one is given)."""
        allowed = self.may(permission) if party is None else self.may_for(permission, party)
        if not allowed:
            rights = Rights.load()
            raise Forbidden(
                'Your role does not allow "{permission}" here. Ask the head of the organisation '
                "or the county station.",
                permission=rights.permissions[permission].names,
            )

    def supervised(self) -> tuple[str, ...]:
        """The divisions whose organisations the actor looks through, where it may approve them.

        Those it is competent for; of one that was checked and serves its division, that one.
        """
        mine = tuple(one.division for one in self.competences if one.covers(one.division))
        if self.party_state != "active":
            return mine
        serves = Rights.load().organisation_kind(self.party_kind).serves_division
        return (*mine, self.division) if serves else mine

    def competent(self, division: str, family: str | None = None, stage: str | None = None) -> bool:
        """Whether a regulator may act on something of this division, family and stage."""
        return any(one.covers(division, family, stage) for one in self.competences)


def in_force(valid_from: date, valid_to: date | None, on: date) -> bool:
    """Whether something valid over these days (both inclusive) holds on that day."""
    return valid_from <= on and (valid_to is None or on <= valid_to)


SYSTEM = Actor(
    person_id=None,
    person_uid=None,
    party_id=None,
    party_uid=None,
    party_kind="platform_operator",
    party_state="active",
    division="",
    roles=frozenset({"administrator"}),
    channel="cli",
)
"""The installation itself, at its opening and at the operator's command line."""

STRANGER = Actor(
    person_id=None,
    person_uid=None,
    party_id=None,
    party_uid=None,
    party_kind="",
    party_state="",
    division="",
    roles=frozenset(),
)
"""Somebody who is not signed in, or is about to: may do only what acts leave open to all."""
