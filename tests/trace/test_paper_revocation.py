"""A revoked paper reaches all that leans on it at once: list, page, labels, what comes later."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.batches.queries import batch
from suyuan.trace.clock import SetClock
from suyuan.trace.codes.status import State, token_of
from suyuan.trace.codes.tables import PathState, StatusEdition
from suyuan.trace.codes.trace_code import new_trace_code
from suyuan.trace.derived import audit_derived
from suyuan.trace.errors import Conflict
from suyuan.trace.log.findings import Kind
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.papers.leaning import leaning_on
from suyuan.trace.papers.queries import paper
from suyuan.trace.papers.tables import PaperReach
from suyuan.trace.parties.actor import Actor
from suyuan.trace.passport import passport_of_typed
from suyuan.trace.passport.facts import Passport
from suyuan.trace.printing.online import check_online
from suyuan.trace.printing.paper_checks import PaperNotCovering, PaperNotInForce, PaperRevoked
from suyuan.trace.printing.queries import codes_of
from suyuan.trace.projections import PROJECTIONS
from tests import world

LICENCES = ("SC10141132500016", "SC10121132400016", "SC10141132500024")


def _licence(ledger: Ledger, head: Actor, number: str = LICENCES[0], **more: object) -> str:
    own = str(head.party_uid)
    given = {"covers": (Covers("party", own),), "valid_from": date(2026, 1, 1),
             "valid_to": date(2026, 12, 31), **more}  # fmt: skip
    facts = PaperFacts("sc_licence", number, own, **given)  # type: ignore[arg-type]  # by name
    return ledger.perform(head, register_paper, facts)


def _flour(ledger: Ledger, head: Actor) -> str:
    """Milled grain, which needs a production licence; sorghum as it is harvested needs none."""
    return world.make_batch(ledger, head, family="grain", variant="millet_milled")


def _listed(ledger: Ledger) -> set[str]:
    with ledger.database.read() as session:
        rows = session.scalars(sa.select(PathState).where(PathState.letter == "P"))
        return {row.path.removeprefix("/t/") for row in rows}


def _passport(ledger: Ledger, code: str) -> Passport:
    with ledger.database.read() as session:
        now = ledger.clock.now()
        return passport_of_typed(session, ledger.families, code, now=now)


def _print(ledger: Ledger, head: Actor, code: str, count: int = 2) -> str:
    return ledger.perform(
        head, issue_print_run, code, count, "trace-50x30", try_out=lambda *_: None
    )


def _made_of(ledger: Ledger, head: Actor, kind: str, *codes: str) -> str:
    """All of some batches, made into one of the same goods."""
    parts = dict.fromkeys(codes)
    output = world.batch_facts(
        head, world.kg(100 * len(codes)), family="grain", variant="millet_milled"
    )
    facts = world.transformation(ledger, head, kind, parts, (output,))
    made: list[str] = ledger.perform(head, transform, facts)["batches"]
    return made[0]


def _audited(ledger: Ledger) -> set[tuple[Kind, str]]:
    with ledger.database.read() as session:
        found = (*audit_derived(session), *audit_projections(session, PROJECTIONS))
        return {(one.kind, one.at) for one in found}


def test_all_that_leans_on_it_and_was_made_of_that_falls_and_nothing_else(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    licence = _licence(ledger, head)
    flour = _flour(ledger, head)
    packed = _made_of(ledger, head, "repack", flour)
    raw = world.make_batch(ledger, head, family="grain", variant="sorghum")
    other = _flour(ledger, world.make_producer(ledger))
    ledger.perform(head, revoke_paper, licence, "证照过期未换")
    assert _listed(ledger) == {flour, packed}
    for code in (flour, packed):
        standing = _passport(ledger, code).standing
        assert (standing.state, standing.since) == ("paper_revoked", ledger.clock.now())
        assert LICENCES[0] in standing.reason
        assert "证照过期未换" in standing.reason
    assert {_passport(ledger, code).standing.state for code in (raw, other)} == {"clear"}
    assert _audited(ledger) == set()


def test_goods_made_while_it_did_not_hold_stand(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    licence = _licence(ledger, head, valid_to=date(2026, 6, 30))
    before = _flour(ledger, head)
    assert isinstance(ledger.clock, SetClock)
    ledger.clock.move(ledger.clock.now() + timedelta(days=60))
    _flour(ledger, head)
    ledger.perform(head, revoke_paper, licence, "注销")
    assert _listed(ledger) == {before}


def test_a_package_is_told_by_its_batch_in_the_edition_of_the_same_commit(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    licence = _licence(ledger, head)
    product = world.make_product(ledger, head, variant="millet_milled", gtin="06901234567892")
    code = world.make_batch(ledger, head, product=product, lot="L1")
    run = _print(ledger, head, code, 3)
    ledger.perform(head, revoke_paper, licence, "注销")
    with ledger.database.read() as session:
        newest = sa.select(StatusEdition.body).order_by(StatusEdition.seq.desc()).limit(1)
        paths = (f"/t/{code}", "/01/06901234567892/10/L1")
        assert session.scalar(newest) == "".join(sorted(f"{token_of(one)} P\n" for one in paths))
        states = {
            check_online(session, label.url, ledger.clock.now()).state
            for label in codes_of(session, run)
        }
    assert states == {State.PAPER_REVOKED}


@pytest.mark.parametrize(
    ("valid", "printed"),
    [
        ({"valid_to": date(2026, 5, 31)}, False),
        ({"valid_from": date(2026, 6, 2)}, False),
        ({"valid_from": date(2026, 6, 1), "valid_to": date(2026, 6, 1)}, True),
    ],
)
def test_a_paper_that_a_label_names_held_on_the_day_of_making(
    ledger: Ledger, valid: dict[str, date], printed: bool
) -> None:
    head = world.make_producer(ledger)
    _licence(ledger, head)
    _licence(ledger, head, LICENCES[1], covers=(), **valid)
    label = {"licence_number": LICENCES[1]}
    naming = world.make_product(ledger, head, variant="sorghum_milled", label=label)
    code = world.make_batch(ledger, head, product=naming)
    if printed:
        assert _print(ledger, head, code)
        return
    with pytest.raises(PaperNotInForce, match="not in force on 2026-06-01") as refused:
        _print(ledger, head, code)
    assert LICENCES[1] in str(refused.value)


def test_a_paper_that_a_label_names_covers_the_product_or_what_it_was_made_of(
    ledger: Ledger,
) -> None:
    head = world.make_producer(ledger)
    _licence(ledger, head)
    label = {"licence_number": LICENCES[1]}
    other = world.make_product(ledger, head, name="高粱", variant="sorghum")
    naming = world.make_product(ledger, head, variant="sorghum_milled", label=label)
    _licence(ledger, head, LICENCES[1], covers=(Covers("product", other),))
    with pytest.raises(PaperNotCovering, match=LICENCES[1]):
        _print(ledger, head, world.make_batch(ledger, head, product=naming))
    raw = world.make_batch(ledger, head, product=other)
    facts = world.transformation(
        ledger,
        head,
        "process",
        {raw: None},
        (world.batch_facts(head, world.kg(90), product=naming),),
    )
    assert _print(ledger, head, ledger.perform(head, transform, facts)["batches"][0])


def test_a_paper_of_another_that_a_label_names_held_too(ledger: Ledger) -> None:
    head, maker = world.make_producer(ledger), world.make_producer(ledger)
    _licence(ledger, head)
    label = {"licence_number": LICENCES[1]}
    naming = world.make_product(ledger, head, variant="sorghum_milled", label=label)
    licence = _licence(ledger, maker, LICENCES[1])
    code = world.make_batch(ledger, head, product=naming)
    assert _print(ledger, head, code)
    ledger.perform(maker, revoke_paper, licence, "注销")
    with pytest.raises(PaperRevoked, match=LICENCES[1]):
        _print(ledger, head, code)


def test_no_labels_are_printed_that_lean_on_it_or_name_it(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    licence = _licence(ledger, head)
    other = _licence(ledger, head, LICENCES[1], covers=())
    label = {"licence_number": LICENCES[1]}
    naming = world.make_product(ledger, head, variant="sorghum_milled", label=label)
    leaning = _flour(ledger, head)
    assert _print(ledger, head, leaning)
    ledger.perform(head, revoke_paper, licence, "注销")
    ledger.perform(head, revoke_paper, other, "注销")
    with pytest.raises(PaperRevoked, match=LICENCES[0]):
        _print(ledger, head, leaning)
    _licence(ledger, head, LICENCES[2])
    with pytest.raises(PaperRevoked, match="change what the product's label says"):
        _print(ledger, head, world.make_batch(ledger, head, product=naming))


def test_a_number_is_named_as_a_whole_and_not_within_a_date_or_a_code(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    own = str(head.party_uid)
    digits = (PaperFacts("commitment_certificate", number, own) for number in "0123456789")
    for facts in digits:
        ledger.perform(head, revoke_paper, ledger.perform(head, register_paper, facts), "注销")
    assert _print(ledger, head, world.make_batch(ledger, head))


def test_what_is_registered_or_made_later_under_it_leans_on_it_aloud(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    licence = _licence(ledger, head)
    before = _flour(ledger, head)
    ledger.perform(head, revoke_paper, licence, "注销")
    late = _flour(ledger, head)
    made = _made_of(ledger, head, "merge", before, late)
    assert _listed(ledger) == {before, late, made}
    with ledger.database.read() as session:
        (warning,) = batch(session, late).warnings
    assert (warning["code"], warning["params"]["paper"]) == ("paper-revoked", LICENCES[0])
    assert _audited(ledger) == set()


def test_a_new_paper_of_the_kind_stands_in_its_place_for_what_comes_later(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    licence = _licence(ledger, head)
    before = _flour(ledger, head)
    ledger.perform(head, revoke_paper, licence, "注销")
    _licence(ledger, head, LICENCES[1])
    _flour(ledger, head)
    assert _listed(ledger) == {before}
    assert _audited(ledger) == set()


def test_it_is_revoked_once_and_for_good_whoever_comes_at_once(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    licence = _licence(ledger, head)
    codes: list[str] = []
    refused: list[Conflict] = []

    def register() -> None:
        codes.append(_flour(ledger, head))

    def revoke() -> None:
        try:
            ledger.perform(head, revoke_paper, licence, "注销")
        except Conflict as error:
            refused.append(error)

    threads = [threading.Thread(target=one) for one in (register, revoke, register, revoke)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(refused) == 1
    assert _listed(ledger) == set(codes)
    assert _audited(ledger) == set()


def test_a_thousand_batches_fall_together(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    licence = _licence(ledger, head)
    code = _flour(ledger, head)
    with ledger.database.write() as session:
        first = batch(session, code)
        copy = {c.key: getattr(first, c.key) for c in first.__table__.columns if c.key != "id"}
        codes = [new_trace_code("540626") for _ in range(999)]
        rows = [{**copy, "trace_code": one, "path": f"/t/{one}"} for one in codes]
        session.execute(sa.insert(type(first)), rows)
        session.commit()
    ledger.perform(head, revoke_paper, licence, "注销")
    with ledger.database.read() as session:
        found = paper(session, licence)
        leaning = session.scalars(leaning_on(found, ledger.families)).all()
        fell = session.scalars(sa.select(PaperReach.batch_id)).all()
        assert len(leaning) == 1000
        assert sorted(fell) == sorted(leaning)
    assert len(_listed(ledger)) == 1000


def test_who_takes_a_batch_out_of_its_reach_by_sql_is_found(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    licence = _licence(ledger, head)
    code = _flour(ledger, head)
    assert isinstance(ledger.clock, SetClock)
    ledger.clock.move(ledger.clock.now() + timedelta(days=1))
    ledger.perform(head, revoke_paper, licence, "注销")
    with ledger.database.write() as session:
        session.execute(sa.delete(PaperReach))
        session.commit()
    gone = (Kind.DELETED_ROW, f"paper_reach/{licence}/{code}")
    left = (Kind.INSERTED_ROW, f"path_state//t/{code}")
    assert _audited(ledger) == {gone, left}
