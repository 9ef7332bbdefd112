"""Households: what one brings in a season is no more than its land or herd can give."""

from __future__ import annotations

from suyuan.trace.acts.batches import register_batch
from suyuan.trace.acts.parties import add_site
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.balance.explaining import explained
from suyuan.trace.balance.findings import Finding
from suyuan.trace.balance.reckoning import reckon
from suyuan.trace.balance.reports import report
from suyuan.trace.balance.scope import Scope
from suyuan.trace.batches.facts import ShareFacts
from suyuan.trace.batches.queries import batch as batch_with
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.facts import SiteFacts
from suyuan.trace.quantities import Quantity
from suyuan.trace.reading_dates import read_date
from tests import world
from tests.world import kg


def household(ledger: Ledger, owner: Actor, name: str, **place: object) -> str:
    """A household of the co-operative with one place; returns its uid."""
    uid = world.make_party(
        ledger, "household_group", name=name, parent=str(owner.party_uid), active=True
    )
    actor = world.make_actor(ledger, uid)
    facts = SiteFacts(party=uid, name="自家", division=actor.division, **place)  # type: ignore[arg-type]  # by name
    ledger.perform(actor, add_site, facts)
    return uid


def pooled(ledger: Ledger, owner: Actor, share: Quantity, who: str, year: int = 2026) -> str:
    live = share.dimension == "animal"
    facts = world.batch_facts(
        owner, share, family="yak_meat" if live else "grain",
        variant="live" if live else "millet", shares=(ShareFacts("", party=who, quantity=share),),
        produced=read_date(f"{year}-01-20"),
    )  # fmt: skip
    return ledger.perform(owner, register_batch, facts)


def findings(ledger: Ledger, *codes: str) -> list[Finding]:
    with ledger.database.read() as session:
        ids = [batch_with(session, code).id for code in codes]
        found = reckon(session, ledger.families, ids).findings
    return [one for one in found if one.rule == "household_above"]


def test_a_household_brings_no_more_than_its_land_bears(ledger: Ledger) -> None:
    owner = world.make_producer(ledger)
    # three mu, of which each gives 500 kg of millet in a very good year
    who = household(ledger, owner, "扎西家", kind="field", area_m2=2000)
    unknown = household(ledger, owner, "卓玛家", kind="pasture", capacity="")
    full = pooled(ledger, owner, kg(1500), who)
    assert findings(ledger, full) == []
    last_year = pooled(ledger, owner, kg(1500), who, 2025)
    more = pooled(ledger, owner, kg("0.5"), who)
    nothing_said = pooled(ledger, owner, kg(9000), unknown)
    (one,) = findings(ledger, full, last_year, more, nothing_said)
    assert (one.trace_code, str(one.amount), one.unconfirmed) == (more, "0.500", True)
    said = explained(one)
    assert "0.5 kg more than the 1500 kg" in said
    assert "扎西" not in said, "who it is, is a personal fact"
    with ledger.database.read() as session:
        made = report(session, ledger.families, Scope(season=2026), "household")
        by_name = {line.named.name: line.findings for line in made.lines if line.named}
    assert by_name == {"扎西家": 1, "卓玛家": 0}


def test_a_household_brings_no_more_animals_than_it_has(ledger: Ledger) -> None:
    owner = world.make_producer(ledger)
    who = household(ledger, owner, "才仁家", kind="pasture", capacity="20头")
    first = pooled(ledger, owner, Quantity.of(15, "HEA"), who)
    second = pooled(ledger, owner, Quantity.of(6, "HEA"), who)
    (one,) = findings(ledger, first, second)
    assert (one.trace_code, str(one.amount), one.unit) == (second, "1.000", "HEA")
