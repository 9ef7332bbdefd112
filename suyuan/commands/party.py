"""``suyuan party``: add organisations at the command line, above all the operator's own."""

from __future__ import annotations

import json
from pathlib import Path

import click

from suyuan.commands.opened import data_option, opened_ledger, writing_ledger
from suyuan.trace.acts.parties import apply_for_party, check_party
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.parties import queries
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.parties.facts import PartyFacts
from suyuan.trace.parties.roles import Rights


@click.group()
def party() -> None:
    """Add organisations, and see their uids."""


@party.command(
    epilog="Example: suyuan party add --kind platform_operator --name 索县农业农村局信息中心 "
    "--division 540626 --checked-against 法人证书"
)
@click.option("--kind", required=True, type=click.Choice(sorted(Rights.load().organisation_kinds)))
@click.option("--name", required=True, help="The name, as on the licence.")
@click.option("--division", required=True, help="The code of its county or township: 540626.")
@click.option(
    "--checked-against",
    "against",
    help="The papers that it was checked against; without them it stands as applied for.",
)
@data_option
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def add(
    kind: str, name: str, division: str, against: str | None, data: Path | None, as_json: bool
) -> None:
    """Add an organisation whose head has given the undertaking; print its uid."""
    facts = PartyFacts(kind, name, division, undertaking=True)
    with writing_ledger(data) as ledger:
        uid = ledger.perform(SYSTEM, _add, facts, against)
    if as_json:
        click.echo(json.dumps({"party": uid}))
    else:
        roles = "|".join(Rights.load().organisation_kind(kind).roles)
        click.echo(
            f"{uid}\nNext: suyuan user add --party {uid} --role {roles} --name NAME --phone NUMBER"
        )


@party.command("list", epilog="Example: suyuan party list --data /srv/suyuan")
@data_option
def list_(data: Path | None) -> None:
    """Print every organisation: uid, kind, state and name."""
    with opened_ledger(data) as ledger, ledger.database.read() as session:
        after = 0
        while found := queries.parties(session, after=after):
            for one in found:
                click.echo(f"{one.uid}  {one.kind}  {one.state}  {one.name}")
            after = found[-1].id


def _add(w: Writing, facts: PartyFacts, against: str | None) -> str:
    uid = apply_for_party(w, facts)
    if against is not None:
        check_party(w, uid, against)
    return uid
