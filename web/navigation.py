"""The ways between areas that the one signed in may take."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, request, url_for
from flask_babel import gettext

from suyuan.trace.errors import SuyuanError
from suyuan.trace.parties.tables import Party
from suyuan.web.identity import acting_for, current_actor, signed_in


@dataclass(frozen=True)
class Entry:
    """One way: where it leads, what it is called, and whether the reader is there."""

    href: str
    text: str
    here: bool


@dataclass(frozen=True)
class Who:
    """The one signed in, and the organisation acted for where there is one."""

    name: str
    party: Party | None


def who_is_signed_in() -> Who | None:
    """Name and organisation for the head of the page."""
    who = signed_in()
    if who is None:
        return None
    try:
        return Who(who.name, acting_for())
    except SuyuanError:
        return Who(who.name, None)


def navigation() -> list[Entry]:
    """The areas that the actor may enter; none for a stranger."""
    try:
        actor = current_actor()
    except SuyuanError:
        return []
    entries = []
    if actor.may("register_batch") or actor.may("record_event"):
        entries.append(("/desk", gettext("Desk")))
    if actor.may("inspect"):
        entries.append(("/inspect", gettext("Inspection")))
    if actor.may("approve_party") and actor.party_kind != "platform_operator":
        entries.append((url_for("parties.listed", area="inspect"), gettext("Organisations")))
    if actor.may("approve_tibetan"):
        entries.append((url_for("proof_sheet.page"), gettext("Bilingual proof sheet")))
    if actor.may("administer"):
        entries.append(("/admin", gettext("Administration")))
    if actor.may("manage_members"):
        entries.append((url_for("members.listed"), gettext("Members")))
    entries.append((url_for("account.overview"), gettext("My account")))
    nearest = max((len(href) for href, _ in entries if request.path.startswith(href)), default=0)
    return [
        Entry(href, text, request.path.startswith(href) and len(href) == nearest)
        for href, text in entries
    ]


def first_area() -> str:
    """Where the one signed in begins: an authority with what it inspects, others at their work."""
    open_to = [entry.href for entry in navigation()] or [url_for("account.overview")]
    inspects = "/inspect" in open_to and current_actor().party_kind == "regulator"
    return "/inspect" if inspects else open_to[0]


def install(app: Flask) -> None:
    """Give the signed-in frame its ways."""
    app.jinja_env.globals.update(navigation=navigation, who_is_signed_in=who_is_signed_in)
