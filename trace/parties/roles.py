"""Kinds of organisations, roles of people in them, and what a role may do (``roles.json``).

Two lists must both agree: the kind of organisation bounds what any of its people may do, the
role says what this person does there. So a clerk of a laboratory never ships goods, and no
co-operative gives anybody the right to inspect others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from suyuan.trace.errors import InvalidInput
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard
from suyuan.trace.words import Names, read_names


@dataclass(frozen=True)
class Permission:
    """Something that a person does, by the word under which the code asks for it."""

    key: str
    names: Names
    provenance: Provenance


@dataclass(frozen=True)
class Role:
    """What a person does in an organisation."""

    key: str
    names: Names
    permissions: frozenset[str]
    provenance: Provenance


@dataclass(frozen=True)
class OrganisationKind:
    """A kind of organisation: the roles it has, and the most that its people may do.

    ``serves_division``: its people may do for the parties of its division what they may do
    themselves. ``answers_for_itself``: nobody does anything in its name but its own people,
    because its word on others is worth something only so. ``second_factor``: signing in takes
    more than a password.
    """

    key: str
    names: Names
    roles: tuple[str, ...]
    permissions: frozenset[str]
    serves_division: bool
    answers_for_itself: bool
    second_factor: bool
    provenance: Provenance


@dataclass(frozen=True)
class Rights:
    """Who may do what, apart from where: divisions and competence are asked elsewhere."""

    permissions: Mapping[str, Permission]
    roles: Mapping[str, Role]
    organisation_kinds: Mapping[str, OrganisationKind]

    @classmethod
    def load(cls) -> Rights:
        """The shipped rights, read once. Raises Misconfigured."""
        return _load()

    def organisation_kind(self, key: str) -> OrganisationKind:
        """The kind of organisation with this key. Raises InvalidInput."""
        if key not in self.organisation_kinds:
            raise InvalidInput(
                "There is no kind of organisation {kind}; there are: {known}.",
                field="kind",
                kind=key,
                known=", ".join(self.organisation_kinds),
            )
        return self.organisation_kinds[key]

    def role_in(self, kind: str, role: str) -> Role:
        """A role that this kind of organisation has. Raises InvalidInput."""
        known = self.organisation_kind(kind).roles
        if role not in known:
            raise InvalidInput(
                "There is no role {role} in a {kind}; there are: {known}.",
                field="role",
                role=role,
                kind=kind,
                known=", ".join(known),
            )
        return self.roles[role]

    def allows(self, kind: str, role: str, permission: str) -> bool:
        """Whether this role in this kind of organisation may do this.

        What is not known is not allowed; a permission that is not in the list is a slip of the
        code that asks, and raises KeyError.
        """
        if permission not in self.permissions:
            raise KeyError(permission)
        organisation = self.organisation_kinds.get(kind)
        if organisation is None or role not in organisation.roles:
            return False
        return permission in organisation.permissions & self.roles[role].permissions


@cache
def _load() -> Rights:
    root = read_standard("roles.json")
    permissions = keyed(root.get("permissions").rows(), _read_permission, lambda p: p.key)
    known = tuple(permissions)
    roles = keyed(root.get("roles").rows(), lambda row: _read_role(row, known), lambda r: r.key)
    kinds = keyed(
        root.get("organisation_kinds").rows(),
        lambda row: _read_kind(row, tuple(roles), known),
        lambda kind: kind.key,
    )
    return Rights(permissions, roles, kinds)


def _read_permission(row: Row) -> Permission:
    row.only("key", "names", *PROVENANCE)
    return Permission(row.get("key").text(), read_names(row), row.provenance())


def _read_role(row: Row, known: tuple[str, ...]) -> Role:
    row.only("key", "names", "permissions", *PROVENANCE)
    allowed = row.list_of("permissions", lambda r: r.one_of(known))
    return Role(row.get("key").text(), read_names(row), frozenset(allowed), row.provenance())


def _read_kind(row: Row, roles: tuple[str, ...], known: tuple[str, ...]) -> OrganisationKind:
    flags = ("serves_division", "answers_for_itself", "second_factor")
    row.only("key", "names", "roles", "permissions", *flags, *PROVENANCE)
    return OrganisationKind(
        key=row.get("key").text(),
        names=read_names(row),
        roles=row.list_of("roles", lambda r: r.one_of(roles)),
        permissions=frozenset(row.list_of("permissions", lambda r: r.one_of(known))),
        serves_division=row.get("serves_division").flag(),
        answers_for_itself=row.get("answers_for_itself").flag(),
        second_factor=row.get("second_factor").flag(),
        provenance=row.provenance(),
    )
