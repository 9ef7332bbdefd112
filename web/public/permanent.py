"""Permanent names: the pages of a party, a site and an event, as far as everybody may see them."""

from __future__ import annotations

from flask import render_template

from suyuan.trace.events.queries import event as event_with
from suyuan.trace.parties import queries as parties
from suyuan.trace.passport.read import place, who
from suyuan.trace.passport.steps import steps_of
from suyuan.web.ground import db, ledger


def party(uid: str) -> str:
    """An organisation: its name, kind, division and whether somebody checked it."""
    found = parties.party(db(), uid, None)
    sites = () if is_household(found.kind) else parties.sites_of(db(), found.id)
    return render_template("public/party.html", party=who(found), sites=[place(s) for s in sites])


def site(uid: str) -> str:
    """A place: to the township and its altitude, never to the metre."""
    found = parties.site(db(), uid, None)
    return render_template("public/site.html", site=place(found), party=who(found.party))


def event(uid: str) -> str:
    """An event: what everybody may know of it, and its place in the log."""
    found = event_with(db(), uid)
    (step,) = steps_of(db(), ledger().families, [found.id])
    return render_template("public/event.html", step=step)


def is_household(kind: str) -> bool:
    """Whether a party of this kind is people at home, whose places are nobody's business."""
    return kind == "household_group"
