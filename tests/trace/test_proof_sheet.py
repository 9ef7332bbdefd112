"""Tibetan stands on a label only where a language office has approved just this text."""

from __future__ import annotations

import pytest

from suyuan.trace.acts.bilingual import approve_tibetan, refuse_tibetan
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches import queries as batches
from suyuan.trace.bilingual.proof_sheet import looked_at, waiting
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, InvalidInputs
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.printing.content import LabelFacts, Said
from suyuan.trace.printing.gathering import approved_for, still_waiting
from suyuan.trace.printing.paper_checks import facts_to_draw
from suyuan.trace.projections import PROJECTIONS
from tests import world
from tests.language_office import make_office

ZH, BO = "风干牦牛肉（原味）", "གཡག་ཤ་སྐམ་པོ།"
COUNTY, PREFECTURE = "540626", "540600"


class Place:
    """A co-operative in Sog with a Tibetan name of a product, and the county's language office."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.head, self.office = world.make_producer(ledger), make_office(ledger)
        product = world.make_product(
            ledger, self.head, name=ZH, names={"bo": BO}, items_on_pack=True
        )
        self.code = world.make_batch(ledger, self.head, product=product)

    def printed(self) -> LabelFacts:
        """What the labels of a run that is ordered now say."""
        uid = self.ledger.perform(
            self.head, issue_print_run, self.code, 1, "trace-50x30", True, try_out=lambda *_: None
        )
        with self.ledger.database.read() as session:
            return facts_to_draw(session, uid)

    def name(self) -> Said:
        (found,) = (item.text for item in self.printed().items if item.key == "product_name")
        return found

    def waits(self, division: str = COUNTY) -> list[tuple[str, str]]:
        with self.ledger.database.read() as session:
            found = waiting(session, self.ledger.families, division)
        return [(one.zh, one.bo) for one in found if one.kind == "product"]


@pytest.fixture
def place(ledger: Ledger) -> Place:
    return Place(ledger)


def test_only_words_that_labels_print_in_tibetan_wait(place: Place) -> None:
    """What heads the digits beside the symbol stands in Chinese alone."""
    with place.ledger.database.read() as session:
        words = {one.zh for one in waiting(session, place.ledger.families, COUNTY)}
    assert "净含量" in words
    assert "追溯码" not in words


def test_a_name_that_nobody_approved_is_left_out_and_chinese_stands_alone(place: Place) -> None:
    assert place.name() == Said(ZH, None)
    assert place.waits() == [(ZH, BO)]
    with place.ledger.database.read() as session:
        batch = batches.batch(session, place.code)
        family = place.ledger.families.get(batch.family)
        assert still_waiting(batch, approved_for(session, batch, family)) == (Said(ZH, BO),)


def test_an_approved_name_stands_and_a_refused_one_no_longer(place: Place) -> None:
    place.ledger.perform(place.office, approve_tibetan, ZH, BO)
    assert place.name() == Said(ZH, BO)
    assert place.waits() == []
    before = place.printed()
    place.ledger.perform(place.office, refuse_tibetan, ZH, BO, "སྐམ་པོ 用字有误")
    assert place.name() == Said(ZH, None)
    assert Said(ZH, BO) in [item.text for item in before.items], "what was printed stays so"
    with place.ledger.database.read() as session:
        (row,) = looked_at(session, COUNTY)
        assert (row.state, row.reason) == ("refused", "སྐམ་པོ 用字有误")


@pytest.mark.parametrize(("zh", "bo"), [(ZH, BO + "།"), ("风干牦牛肉", BO)])
def test_just_this_text_for_just_this_chinese(place: Place, zh: str, bo: str) -> None:
    place.ledger.perform(place.office, approve_tibetan, zh, bo)
    assert place.name() == Said(ZH, None)


def test_of_several_offices_the_nearest_decides(place: Place) -> None:
    above = make_office(place.ledger, PREFECTURE)
    elsewhere = make_office(place.ledger, world.KAZUO)
    place.ledger.perform(elsewhere, approve_tibetan, ZH, BO)
    assert place.name() == Said(ZH, None)
    place.ledger.perform(above, approve_tibetan, ZH, BO)
    assert place.name() == Said(ZH, BO)
    assert place.waits() == [(ZH, BO)], "the county's own has not looked at it"
    assert place.waits(PREFECTURE) == []
    place.ledger.perform(place.office, refuse_tibetan, ZH, BO, "不合规范")
    assert place.name() == Said(ZH, None)


def test_a_composed_word_of_the_catalogue_stands_once_it_is_approved(place: Place) -> None:
    """Net content is of grade C: composed from its parts, attested nowhere."""
    product = world.make_product(
        place.ledger, place.head, name="小米一号", label={"net_content": "500 g"},
        items_on_pack=True,
    )  # fmt: skip
    place.code = world.make_batch(place.ledger, place.head, product=product)

    def heading() -> Said:
        (found,) = (one.heading for one in place.printed().items if one.key == "net_content")
        return found

    zh = heading().zh
    assert heading().bo is None
    with place.ledger.database.read() as session:
        words = waiting(session, place.ledger.families, COUNTY)
    (bo,) = (one.bo for one in words if one.kind == "word" and one.zh == zh)
    place.ledger.perform(place.office, approve_tibetan, zh, bo)
    assert heading() == Said(zh, bo)


def test_only_a_checked_language_office_says_so(place: Place) -> None:
    unchecked = world.make_actor(
        place.ledger, world.make_party(place.ledger, "language_office", active=False)
    )
    regulator = world.make_regulator(place.ledger)
    viewer = world.make_actor(place.ledger, str(place.office.party_uid), "viewer")
    for actor in (place.head, regulator, viewer, unchecked):
        with pytest.raises(Forbidden):
            place.ledger.perform(actor, approve_tibetan, ZH, BO)
        with pytest.raises(Forbidden):
            place.ledger.perform(actor, refuse_tibetan, ZH, BO, "不合规范")


def test_what_is_no_pair_of_texts_is_refused_and_each_word_is_said_once(place: Place) -> None:
    for zh, bo in (("", BO), (ZH, ""), (BO, BO), (ZH, ZH), (ZH, "yak"), (ZH, BO + "肉")):
        with pytest.raises(InvalidInputs):
            place.ledger.perform(place.office, approve_tibetan, zh, bo)
    with pytest.raises(InvalidInput, match="reason"):
        place.ledger.perform(place.office, refuse_tibetan, ZH, BO, " ")
    place.ledger.perform(place.office, approve_tibetan, ZH, BO)
    with pytest.raises(Conflict):
        place.ledger.perform(place.office, approve_tibetan, ZH, BO)
    with place.ledger.database.read() as session:
        assert not list(audit_projections(session, PROJECTIONS))
