"""The inspector's first page: type whatever stands on the label."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from suyuan.trace.carriers.kinds import carrier_kinds
from suyuan.trace.notices.queries import open_count
from suyuan.trace.oversight.orders import orders
from suyuan.trace.oversight.search import MOST_FOUND, MOST_TYPED, Found, search
from suyuan.web.ground import db
from suyuan.web.identity import current_actor
from suyuan.web.inspect.asked import shown_states

_ORDERS_SHOWN = 5


def add_to(blueprint: Blueprint) -> None:
    """Put this page into ``blueprint``."""
    blueprint.add_url_rule("/", "search", search_page)


def search_page() -> str:
    """What was found by ``?q=``; without it, the orders in force."""
    typed = request.args.get("q", "")
    found = search(db(), typed) if typed.strip() else None
    return render_template(
        "inspect/search.html",
        typed=typed[:MOST_TYPED],
        found=found,
        states=_states(found),
        most=MOST_FOUND,
        orders=orders(db(), in_force=True, limit=_ORDERS_SHOWN) if found is None else [],
        open_warnings=open_count(db(), current_actor()) if found is None else 0,
        actor=current_actor(),
        carrier_kinds=carrier_kinds(),
    )


def _states(found: Found | None) -> dict[int, str]:
    some = [one.batch for one in found.batches] if found else []
    some += [one.batch for one in found.packages if one.batch] if found else []
    return shown_states({one.id: (one.trace_code, one.state) for one in some})
