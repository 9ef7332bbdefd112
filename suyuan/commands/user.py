"""``suyuan user``: add people from the command line, and let them in."""

from __future__ import annotations

import json
from pathlib import Path

import click

from suyuan.commands.opened import data_option, writing_ledger
from suyuan.trace.acts.people import add_person, e164, make_link, make_token
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.codes.signing import label_host
from suyuan.trace.errors import NotFound
from suyuan.trace.keys.tables import Instance
from suyuan.trace.parties import queries
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.parties.facts import PersonFacts

_MINUTES = 60


@click.group()
def user() -> None:
    """Add people and let them in."""


@user.command(
    epilog="Example: suyuan user add --party 01jd… --role head --name 卓玛 --phone 13800138000"
)
@click.option("--party", required=True, help="The uid of the organisation.")
@click.option("--role", required=True, help="The role there, such as head or clerk.")
@click.option("--name", required=True)
@click.option("--phone", required=True, help="The number by which the person signs in.")
@click.option("--language", type=click.Choice(["zh", "bo", "en"]), default="zh", show_default=True)
@data_option
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def add(
    party: str,
    role: str,
    name: str,
    phone: str,
    language: str,
    data: Path | None,
    as_json: bool,
) -> None:
    """Add a person with a role in an organisation, and print a one-time sign-in link."""
    with writing_ledger(data) as ledger:
        facts = PersonFacts(name=name, phone=phone, language=language)
        uid = ledger.perform(SYSTEM, add_person, facts, party, role)
        _print_link(ledger, uid, "first", _MINUTES, as_json)


@user.command(epilog="Example: suyuan user link 13800138000 --minutes 30")
@click.argument("phone")
@click.option("--minutes", type=click.IntRange(1, 7 * 24 * 60), default=_MINUTES, show_default=True)
@data_option
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def link(phone: str, minutes: int, data: Path | None, as_json: bool) -> None:
    """Print a link by which the person with this PHONE signs in once and sets a new PIN."""
    with writing_ledger(data) as ledger:
        _print_link(ledger, _person_with(ledger, phone), "reset", minutes, as_json)


@user.command(
    epilog="Example: suyuan user token 13800138000 --party 01jd… --label 称重台 --days 90"
)
@click.argument("phone")
@click.option("--party", required=True, help="The uid of the organisation it acts for.")
@click.option("--label", required=True, help="What uses it, to know it by when it is revoked.")
@click.option("--days", type=click.IntRange(1, 365), default=90, show_default=True)
@data_option
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def token(phone: str, party: str, label: str, days: int, data: Path | None, as_json: bool) -> None:
    """Print a token by which a program speaks to the API for the person with this PHONE."""
    with writing_ledger(data) as ledger:
        person = _person_with(ledger, phone)
        secret = ledger.perform(SYSTEM, make_token, person, party, label, days)
    if as_json:
        answer = {"person": person, "party": party, "token": secret, "days": days}
        click.echo(json.dumps(answer))
    else:
        click.echo(f"{secret}\nGood for {days} days. It is shown this once: keep it secret.")


def _person_with(ledger: Ledger, phone: str) -> str:
    """The uid of the one who signs in by this number. Raises NotFound."""
    with ledger.database.read() as session:
        person = queries.person_by_phone(session, e164(phone))
    if person is None:
        raise NotFound("Nobody signs in by this number.", field="phone")
    return person.uid


def _print_link(ledger: Ledger, uid: str, purpose: str, minutes: int, as_json: bool) -> None:
    secret = ledger.perform(SYSTEM, make_link, uid, purpose, minutes)
    with ledger.database.read() as session:
        host = label_host(session.get_one(Instance, 1).hosts)
    address = f"{host.scheme}://{host.host}/in/{secret}"
    if as_json:
        click.echo(json.dumps({"person": uid, "link": address, "minutes": minutes}))
    else:
        click.echo(f"{address}\nGood once, for {minutes} minutes. Give it to nobody else.")
