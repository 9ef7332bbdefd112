"""``suyuan import``: let the rows of a sheet go in as batches."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.commands.opened import acting_for, data_option, writing_ledger
from suyuan.trace.acts.intake import import_sheet
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import day_of
from suyuan.trace.errors import InvalidInput, NotFound
from suyuan.trace.intake.decisions import Accept, Decision, SetAside
from suyuan.trace.intake.facts import SheetFile, TablePlace, read_sheet_file
from suyuan.trace.intake.mapping import ColumnMapping
from suyuan.trace.intake.queries import mapping_kept
from suyuan.trace.intake.review import Review, likeliest
from suyuan.trace.intake.template_reading import is_template, read_template
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.tables import Party

_NO_AMOUNT = "The rows do not add up to one quantity: give it on the desk's page."


@dataclass
class Outcome:
    """What a sheet holds, what is open about it, and what of it went in."""

    rows: int = 0
    mapping: dict[str, Any] | None = None
    open: list[dict[str, Any]] = field(default_factory=list)
    batches: list[str] = field(default_factory=list)
    work_items: list[str] = field(default_factory=list)
    written: bool = False

    @property
    def clean(self) -> bool:
        """Whether everything of it may go in."""
        return not self.open and self.rows > 0


@click.command(
    "import",
    epilog="Example: suyuan import 谷子.xlsx --party 某合作社 --family grain --variant millet "
    "--accept unit-from-title=全表按公斤 --dry-run",
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--party", required=True, help="The organisation: its uid or its whole name.")
@click.option("--family", default="", help="Such as grain; a filled-in sheet of ours says it.")
@click.option("--variant", default="", help="Such as millet.")
@click.option(
    "--template/--sheet",
    "as_template",
    default=None,
    help="A sheet of ours, filled in, or one of the organisation's own; else what it looks like.",
)
@click.option(
    "--mapping",
    "mapping_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="What the columns mean, as JSON (--json prints it); else as remembered or recognised.",
)
@click.option("--accept", multiple=True, metavar="CODE=REASON", help="A doubt, or all of a kind.")
@click.option(
    "--set-aside",
    multiple=True,
    metavar="ROW|CODE[=REASON]",
    help="A row, or all rows with a kind of doubt: they become work to do.",
)
@click.option("--dry-run", is_flag=True, help="Only say what is in the sheet; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@data_option
def import_(
    file: Path,
    party: str,
    family: str,
    variant: str,
    as_template: bool | None,
    mapping_file: Path | None,
    accept: tuple[str, ...],
    set_aside: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    data: Path | None,
) -> None:
    """Read the sheet FILE and register its rows as batches, all or none.

    Every doubt is listed with its row and column and must be accepted with a reason, or its row
    set aside, before anything goes in. Ends with 0 only where rows went in, or could have in a
    dry run.
    """
    with writing_ledger(data) as ledger:
        actor = _acting_for(ledger, party)
        sheet = read_sheet_file(
            str(actor.party_uid), family, variant, file.name, file.read_bytes(), ledger.settings
        )
        if is_template(sheet.book) if as_template is None else as_template:
            outcome = _filled_in(ledger, actor, sheet, dry_run)
        else:
            review = _review(ledger, actor, sheet, mapping_file)
            review = replace(review, decisions=_decisions(review, accept, set_aside))
            outcome = _own_sheet(ledger, actor, sheet, review, dry_run)
    _tell(outcome, dry_run, as_json)
    if not (outcome.clean if dry_run else outcome.batches):
        raise click.exceptions.Exit(1)


def _acting_for(ledger: Ledger, name: str) -> Actor:
    """The one at the machine's command line, acting for an organisation."""
    with ledger.database.read() as session:
        return replace(acting_for(_party(session, name)), channel="import")


def _party(session: Session, name: str) -> Party:
    known = sa.select(Party).where(sa.or_(Party.uid == name, Party.name == name)).limit(2)
    found = list(session.scalars(known))
    if not found:
        raise NotFound("There is no organisation {name}.", field="party", name=name)
    if len(found) > 1:
        raise InvalidInput("Several are called {name}: give its uid.", "party", name=name)
    return found[0]


def _review(ledger: Ledger, actor: Actor, sheet: SheetFile, mapping_file: Path | None) -> Review:
    """The sheet under the mapping given, remembered or recognised."""
    family = ledger.families.get(sheet.family)
    family.variant(sheet.variant)
    party_id = int(actor.party_id or 0)

    def recall(headings: str) -> dict[str, Any] | None:
        with ledger.database.read() as session:
            return mapping_kept(session, party_id, headings)

    today = day_of(ledger.clock.now())
    review = Review(sheet.book, family, sheet.variant, TablePlace(), None, (), today, recall)
    review = replace(review, place=likeliest(review.tables))
    if mapping_file is None:
        return review
    given = {**_json_of(mapping_file), "family": sheet.family, "variant": sheet.variant}
    return replace(review, confirmed=ColumnMapping.from_json(given, review.vocabulary))


def _json_of(file: Path) -> dict[str, Any]:
    try:
        given = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise InvalidInput("{file} is not JSON: {why}", "mapping", file=file, why=error) from error
    if not isinstance(given, dict):
        raise InvalidInput("{file} holds no mapping.", "mapping", file=file)
    return given


def _decisions(
    review: Review, accept: Iterable[str], set_aside: Iterable[str]
) -> tuple[Decision, ...]:
    """What the options decide. Raises InvalidInput for an option that is not understood."""
    decisions: list[Decision] = []
    for option in accept:
        doubt, _, reason = option.partition("=")
        if not reason.strip():
            raise InvalidInput("Say why this is accepted.", field="accept")
        decisions.append(Accept(doubt.strip(), reason.strip()))
    for option in set_aside:
        named, _, reason = option.partition("=")
        if named.isdecimal():
            decisions.append(SetAside(int(named), reason.strip()))
            continue
        rows = (row.row for row in review.reading.rows if named in {d.code for d in row.doubts})
        decisions.extend(SetAside(row, reason.strip()) for row in rows)
    return tuple(decisions)


def _own_sheet(
    ledger: Ledger, actor: Actor, sheet: SheetFile, review: Review, dry_run: bool
) -> Outcome:
    outcome = Outcome(len(review.reading.rows), review.mapping.to_json())
    outcome.open = [
        {**one.to_json(), "message": str(one.doubt)} for one in review.decided.open_doubts
    ]
    if review.decided.settled:
        outcome.open = [
            {"id": f"{one.rows[0]}:no-amount", "row": one.rows[0], "message": _NO_AMOUNT}
            for one in review.proposals
            if one.quantity is None
        ]
    if not (dry_run or outcome.open):
        _take(ledger, actor, sheet, review.mapping, review.decisions, outcome)
    return outcome


def _filled_in(ledger: Ledger, actor: Actor, sheet: SheetFile, dry_run: bool) -> Outcome:
    reading = read_template(sheet.book, ledger.families)
    bad = {(one.row, one.column) for one in reading.faults}
    outcome = Outcome(len(reading.batches) + len({row for row, _ in bad if row > 1}))
    outcome.open = [
        {
            "id": f"{one.row}{one.column}",
            "row": one.row,
            "column": one.column,
            "field": one.heading,
            "message": one.fault.message.format_map(dict(one.fault.params)),
        }
        for one in reading.faults
    ]
    if not (dry_run or outcome.open):
        _take(ledger, actor, sheet, None, (), outcome)
    return outcome


def _take(
    ledger: Ledger,
    actor: Actor,
    sheet: SheetFile,
    mapping: ColumnMapping | None,
    decisions: tuple[Decision, ...],
    outcome: Outcome,
) -> None:
    answer = ledger.perform(actor, import_sheet, sheet, mapping, decisions)
    outcome.batches, outcome.work_items = answer["batches"], answer["work_items"]
    outcome.written = True


def _tell(outcome: Outcome, dry_run: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(outcome), ensure_ascii=False))
        return
    for one in outcome.open:
        click.echo(f"{one['id']}: {one['message']}", err=True)
    for code in outcome.batches:
        click.echo(code)
    if outcome.written:
        aside = len(outcome.work_items)
        click.echo(f"{len(outcome.batches)} batches registered, {aside} rows set aside.", err=True)
    elif outcome.open:
        click.echo(f"{len(outcome.open)} to decide in {outcome.rows} rows.", err=True)
    elif dry_run:
        click.echo(f"{outcome.rows} rows could go in. Nothing was written.", err=True)
