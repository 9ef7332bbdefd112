"""``suyuan verify --passport``: which of the values a saved passport shows are in the log."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click

from suyuan.commands.speech import spoken
from suyuan.trace.canonical import write_canonical
from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys.notes import VerifierKey
from suyuan.trace.log.passport_check import FieldCheck, PassportCheck, verify_passport


def check_passport(text: bytes, keys: Sequence[VerifierKey]) -> PassportCheck:
    """Check the text of a passport. Raises InvalidInput where nothing of it can be believed."""
    try:
        passport: Any = json.loads(text)
        # half of a pair of surrogates is no character, and no terminal can be told of it
        json.dumps(passport, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise InvalidInput("This file is no passport as JSON: {why}", why=error) from error
    return verify_passport(passport, *keys)


def tell(check: PassportCheck, as_json: bool) -> None:
    """Say which values are proven; those that are not come first, each with the reason."""
    if as_json:
        click.echo(json.dumps(_as_json(check), ensure_ascii=False))
        return
    for one in check.not_proven:
        click.echo(f"not proven  {one.shown}: {_why(one)}")
    for one in check.fields:
        if one.proven:
            later = " (corrected later)" if one.corrected_by else ""
            click.echo(f"proven      {one.shown}: {_value(one)}{later}")
    for head in check.checkpoints:
        click.echo(f"Log {head.origin}, {head.size} entries.")
    proven = len(check.fields) - len(check.not_proven)
    click.echo(f"{proven} of {len(check.fields)} values of batch {check.trace_code} are proven.")


def _as_json(check: PassportCheck) -> dict[str, object]:
    return {
        "proven": check.proven,
        "trace_code": check.trace_code,
        "logs": [{"origin": head.origin, "size": head.size} for head in check.checkpoints],
        "fields": [
            {
                "shown": one.shown,
                "value": one.value,
                "proven": one.proven,
                "record": one.record,
                "field": one.field,
                "corrected_by": one.corrected_by,
                "why": None if one.proven else _why(one),
            }
            for one in check.fields
        ],
    }


def _value(one: FieldCheck) -> str:
    return one.value if isinstance(one.value, str) else write_canonical(one.value).decode()


def _why(one: FieldCheck) -> str:
    return "" if one.wrong is None else spoken(one.wrong)
