"""What does not add up, over all that the reader is competent for: the gravest gap first."""

from __future__ import annotations

from typing import cast, get_args

from flask import Blueprint, render_template, request
from flask_babel import gettext

from suyuan.trace.balance.reports import MOST_RECKONED, By, report
from suyuan.trace.balance.scope import scope_of
from suyuan.trace.balance.told import told_finding, told_line
from suyuan.trace.errors import InvalidInput
from suyuan.trace.parties.queries import party as party_with
from suyuan.web.balances import unit_name
from suyuan.web.ground import db, ledger, today
from suyuan.web.identity import current_actor
from suyuan.web.showing import language

_LINES, _FINDINGS = 100, 50
_SEASONS = 5
"""How many years back a season is offered."""


def add_to(blueprint: Blueprint) -> None:
    """Put this page into ``blueprint``."""
    blueprint.add_url_rule("/balance", "balance", balance_page)


def balance_page() -> str:
    """Lines by party (or ``?by=``) of a season, and the gravest findings in them."""
    actor = current_actor()
    by = _by()
    if by == "household":
        actor.require("read_personal")
    whose = party_with(db(), request.args["party"]) if request.args.get("party") else None
    season = _season()
    scope = scope_of(
        actor,
        family=request.args.get("family") or None,
        division=request.args.get("division") or None,
        season=season,
        party=whose,
    )
    found = report(db(), ledger().families, scope, by, most=MOST_RECKONED)
    year = today().year
    return render_template(
        "inspect/balance.html",
        lines=[told_line(one, language(), gettext) for one in found.lines[:_LINES]],
        findings=[told_finding(one, language(), gettext) for one in found.findings[:_FINDINGS]],
        more=len(found.findings) > _FINDINGS or len(found.lines) > _LINES,
        found=found,
        by=by,
        ways=_ways(actor.may("read_personal")),
        seasons=[str(year - back) for back in range(_SEASONS)],
        season=season,
        families=list(ledger().families),
        family_names={one.key: one.names for one in ledger().families},
        scope=scope,
        whose=whose,
        unit_name=unit_name,
        reckoned=MOST_RECKONED,
    )


def _by() -> By:
    given = request.args.get("by", "party")
    if given not in get_args(By):
        raise InvalidInput(
            "Balances are gathered by one of: {known}.", "by", known=", ".join(get_args(By))
        )
    return cast(By, given)


def _season() -> int | None:
    """The year asked for; this year where nothing is said, all where that is left empty."""
    given = request.args.get("season")
    if given is None:
        return today().year
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) == 4):
        raise InvalidInput("A season is a year such as 2026.", "season")
    return int(given)


def _ways(personal: bool) -> dict[str, str]:
    """By what lines can be gathered, and what that is called."""
    ways = {
        "party": gettext("by organisation"),
        "site": gettext("by place"),
        "process": gettext("by process"),
        "batch": gettext("by batch"),
        "season": gettext("by season"),
        "paper": gettext("by paper"),
    }
    return {**ways, "household": gettext("by household")} if personal else ways
