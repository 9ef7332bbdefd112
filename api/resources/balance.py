"""Balances: of one batch, and of all that one may look after, the gravest gap first."""

from __future__ import annotations

from typing import Any, cast

from flask import Response, jsonify
from flask_babel import gettext

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, ledger, now, reading
from suyuan.api.paging import listed, page
from suyuan.api.plain import plain, schema_of
from suyuan.api.schemas.balance import BalanceQuery
from suyuan.api.words import language
from suyuan.trace.balance.reckoning import reckon
from suyuan.trace.balance.reports import MOST_RECKONED, By, report
from suyuan.trace.balance.scope import scope_of
from suyuan.trace.balance.told import ToldBalance, ToldLine, told_balance, told_line
from suyuan.trace.batches.queries import batch as batch_with
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.errors import Forbidden, NotFound
from suyuan.trace.oversight.sight import sight
from suyuan.trace.parties.queries import party as party_with

balances = ApiBlueprint("reports", "Balances: what came, what went, and what does not add up.")

_PAGE = {
    "type": "object",
    "required": ["items", "next", "batches", "truncated"],
    "properties": {
        "items": {"type": "array", "items": schema_of(ToldLine)},
        "next": {"type": ["string", "null"]},
        "batches": {"type": "integer"},
        "truncated": {"type": "boolean"},
    },
}


@balances.get("/batches/<trace_code:trace_code>/balance", answer=schema_of(ToldBalance))
def read_balance(trace_code: str) -> Response:
    """Read the account of a batch, of the steps that made it, and what does not add up in it.

    `closing` = `opening` + `taken_in` − `given_out` − `by_products` − `loss` − `samples` −
    `returns`, exactly; `gap` is what is in stock beyond that. Findings come the gravest first,
    each with its numbers, source and confidence, in the language of `Accept-Language`.
    """
    with reading() as session:
        found = batch_with(session, parse_trace_code(trace_code))
        if "trade" not in sight(session, actor(), found, now=now()):
            raise Forbidden("The balance of this batch is not open to you.", field="trace_code")
        reckoned = reckon(session, ledger().families, [found.id])
        told = told_balance(reckoned, found.id, language(), gettext)
    if told is None:
        raise NotFound("Batch {code} was withdrawn: it has no balance.", code=trace_code)
    return jsonify(plain(told))


@balances.get("/reports/balance", query=BalanceQuery, answer=_PAGE)
def report_balance(query: dict[str, Any]) -> Response:
    """List balances, the gravest gap first: of your competence, or of your own batches.

    The newest batches are reckoned, up to a number: `batches` says how many were, `truncated`
    whether there are more. Choose a season, a family, a division or an organisation then;
    `suyuan report balance` reckons them all.
    """
    asked = page(query)
    after = asked.after or 0
    by = cast(By, query["by"])
    if by == "household":
        actor().require("read_personal")
    with reading() as session:
        whose = party_with(session, query["party"]) if query["party"] else None
        scope = scope_of(
            actor(),
            family=query["family"],
            division=query["division"],
            season=query["season"],
            party=whose,
        )
        found = report(session, ledger().families, scope, by, most=MOST_RECKONED)
    lines = list(enumerate(found.lines, start=1))[after : after + asked.limit + 1]
    return listed(
        asked,
        lines,
        lambda numbered: numbered[0],
        lambda numbered: plain(told_line(numbered[1], language(), gettext)),
        batches=found.batches,
        truncated=found.truncated,
    )
