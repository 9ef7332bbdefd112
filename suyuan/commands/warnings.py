"""``suyuan warnings``: look for what is to be warned of, and read warnings and the outbox."""

from __future__ import annotations

import json
from pathlib import Path

import click

from suyuan.commands.opened import data_option, opened_ledger, writing_ledger
from suyuan.commands.speech import language
from suyuan.trace.acts.delivering import send_due
from suyuan.trace.acts.escalating import escalate_due
from suyuan.trace.acts.sweeping import LOOKERS
from suyuan.trace.acts.sweeping import sweep as sweep_for
from suyuan.trace.clock import shown, utc_text
from suyuan.trace.notices import queries
from suyuan.trace.notices.rules import called, warning_rules
from suyuan.trace.notices.tables import EarlyWarning, Notice

_STATES = click.Choice(["open", "acknowledged", "acted_on", "closed"])
_json = click.option("--json", "as_json", is_flag=True, help="Answer as JSON, one object a line.")


@click.group()
def warnings() -> None:
    """Early warning: look for causes, hand up what is late, read warnings and the outbox."""


@warnings.command("list", epilog="Example: suyuan warnings list --rule paper_near_end")
@click.option("--state", type=_STATES, help="In this state only; without it all but closed ones.")
@click.option("--rule", type=click.Choice(sorted(warning_rules())), help="Of this rule only.")
@data_option
@_json
def list_(state: str | None, rule: str | None, data: Path | None, as_json: bool) -> None:
    """Print the warnings, the newest first."""
    with opened_ledger(data) as ledger, ledger.database.read() as session:
        before = None
        while found := queries.warnings_here(
            session, state=state or "", rule=rule or "", before=before
        ):
            for one in found:
                click.echo(json.dumps(_said(one), ensure_ascii=False) if as_json else _line(one))
            before = found[-1].id


@warnings.command(epilog="Example: suyuan warnings sweep --rule paper_near_end --data /srv/suyuan")
@click.option("--rule", "rules", multiple=True, type=click.Choice(sorted(LOOKERS)), help="For it.")
@data_option
@_json
def sweep(rules: tuple[str, ...], data: Path | None, as_json: bool) -> None:
    """Look now, whenever it was looked last; then hand up what is late.

    The worker does the same by the clock. Without --rule, for all rules that are swept for.
    """
    with writing_ledger(data) as ledger:
        opened = sweep_for(ledger, rules)
        late = escalate_due(ledger)
    if as_json:
        click.echo(json.dumps({"opened": opened, "escalated": late}))
        return
    for rule, number in opened.items():
        click.echo(f"{number:6d}  {warning_rules()[rule].names.say(language())}")
    click.echo(f"{late:6d}  {called('steps')['escalated'].say(language())}")


@warnings.command(epilog="Example: suyuan warnings outbox --state kept")
@click.option("--state", type=click.Choice(sorted(called("outgoing"))), help="In this state only.")
@data_option
@_json
def outbox(state: str | None, data: Path | None, as_json: bool) -> None:
    """Print the messages about warnings, also those that no provider sends."""
    with opened_ledger(data) as ledger, ledger.database.read() as session:
        after = 0
        while found := queries.outbox(session, state=state or "", after=after):
            for one in found:
                said = _message(one)
                click.echo(
                    json.dumps(said, ensure_ascii=False)
                    if as_json
                    else "  ".join(str(value) for value in said.values())
                )
            after = found[-1].id


@warnings.command(epilog="Example: suyuan warnings send --data /srv/suyuan")
@data_option
def send(data: Path | None) -> None:
    """Send the messages that are due now, as the worker does by the clock."""
    with opened_ledger(data) as ledger:
        click.echo(send_due(ledger))


def _said(one: EarlyWarning) -> dict[str, object]:
    return {
        "uid": one.uid,
        "rule": one.rule,
        "severity": one.severity,
        "state": one.state,
        "level": one.level,
        "division": one.level_division,
        "deadline": utc_text(one.deadline),
        "party": one.party.uid,
        "trace_code": one.batch.trace_code if one.batch else None,
        "evidence": one.evidence,
    }


def _line(one: EarlyWarning) -> str:
    spoken = language()
    about = one.batch.trace_code if one.batch else ""
    return "  ".join(
        (
            one.uid,
            called("severities")[one.severity].say(spoken),
            warning_rules()[one.rule].names.say(spoken),
            called("states")[one.state].say(spoken),
            called("levels")[one.level].say(spoken),
            shown(one.deadline),
            one.party.name,
            about,
        )
    ).rstrip()


def _message(one: Notice) -> dict[str, object]:
    return {
        "uid": one.uid,
        "channel": one.channel,
        "state": one.state,
        "address": one.contact.address if one.contact else "",
        "warning": one.warning.uid,
        "occasion": one.occasion,
        "tries": one.tries,
        "trouble": one.trouble,
    }
