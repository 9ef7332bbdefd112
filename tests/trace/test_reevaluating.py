"""After a new edition only what it governs is judged anew; each change is on record and acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from suyuan.trace.acts import judging, reevaluating
from suyuan.trace.acts.reevaluating import Reevaluated, reevaluate
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.log.tables import Record
from suyuan.trace.projections import PROJECTIONS
from suyuan.trace.quality import governing
from suyuan.trace.quality.limits import standards
from suyuan.trace.quality.product_classes import product_classes
from tests import world
from tests.trace.test_judged import enter, line, made_on, make_millet, orders, verdicts

BEFORE, SINCE = date(2026, 4, 30), date(2026, 5, 1)


def publish(monkeypatch: pytest.MonkeyPatch, lead: str) -> None:
    """An edition of GB 2762 of another number for lead in millet, from the first of May on."""
    shipped = standards()["gb_2762"]
    editions, millet = [], set(product_classes().upwards("millet"))
    for edition in shipped.editions:
        if not edition.valid_on(SINCE):
            editions.append(edition)
            continue
        limits = tuple(
            replace(one, maximum=Decimal(lead), id=f"{one.id}-new")
            if one.parameter == "lead" and millet & set(one.classes)
            else one
            for one in edition.limits
        )
        new = replace(edition, year="2026", title="GB 2762-2026", valid_from=SINCE, limits=limits)
        editions += [replace(edition, valid_to=BEFORE), new]
    newer = {**standards(), "gb_2762": replace(shipped, editions=tuple(editions))}
    governing.governing.cache_clear()
    monkeypatch.setattr(governing, "standards", lambda: newer)
    for module in (judging, reevaluating):
        monkeypatch.setattr(module, "standards_state", lambda: f"with-{lead}")


@pytest.fixture(autouse=True)
def _as_shipped_again() -> Iterator[None]:
    yield
    governing.governing.cache_clear()


def test_only_what_the_edition_governs_changes_and_each_change_is_on_record(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = world.make_producer(ledger)
    old, new = (make_millet(ledger, head, produced=made_on(day)) for day in (BEFORE, SINCE))
    for code in (old, new):
        enter(ledger, head, code, line("铅", "0.31", "mg/kg"), line("镉", "0.05", "mg/kg"))
        assert orders(ledger, code) == [("hold", "over_limit")]
    assert reevaluate(ledger) == Reevaluated(2, 0), "nothing changed"
    publish(monkeypatch, "0.4")
    heard: list[tuple[int, int]] = []
    assert reevaluate(ledger, lambda done, of: heard.append((done, of))) == Reevaluated(2, 2)
    assert heard == [(2, 2)]
    assert [one.verdict for one in verdicts(ledger, old)] == ["fail", "pass"]
    lead, cadmium = verdicts(ledger, new)
    assert (lead.verdict, lead.standards) == ("pass", "with-0.4")
    assert lead.as_verdict().standard == cadmium.as_verdict().standard == "GB 2762-2026"
    assert (orders(ledger, old), orders(ledger, new)) == ([("hold", "over_limit")], [])
    assert reevaluate(ledger) == Reevaluated(2, 0), "and again nothing"
    with ledger.database.read() as session:
        changed = sa.select(Record.type).where(Record.type == "verdicts.changed")
        assert len(session.scalars(changed).all()) == 1
        assert audit_projections(session, PROJECTIONS) == ()


def test_what_fails_now_is_held(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    head = world.make_producer(ledger)
    code = make_millet(ledger, head, produced=made_on(SINCE))
    enter(ledger, head, code, line("铅", "0.15", "mg/kg"))
    assert orders(ledger, code) == []
    publish(monkeypatch, "0.1")
    assert reevaluate(ledger).changed == 1
    assert orders(ledger, code) == [("hold", "over_limit")]
    with ledger.database.read() as session:
        assert audit_projections(session, PROJECTIONS) == ()


def test_what_was_not_known_before_is_judged_now(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = world.make_producer(ledger)
    code = make_millet(ledger, head, produced=made_on(SINCE))
    known = judging.judged_now
    with monkeypatch.context() as patched:
        patched.setattr(judging, "judged_now", lambda items, *more: known(items[:1], *more))
        enter(ledger, head, code, line("镉", "0.05", "mg/kg"), line("铅", "0.31", "mg/kg"))
    assert [one.position for one in verdicts(ledger, code)] == [1]
    assert reevaluate(ledger) == Reevaluated(1, 1)
    assert [one.verdict for one in verdicts(ledger, code)] == ["pass", "fail"]
    assert orders(ledger, code) == [("hold", "over_limit")]
    with ledger.database.read() as session:
        assert audit_projections(session, PROJECTIONS) == ()
