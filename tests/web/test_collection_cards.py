"""Collection cards of households: printed on a sheet, scanned by whoever collects."""

from __future__ import annotations

from urllib.parse import urlsplit

import pypdfium2
import zxingcpp

from suyuan.trace.acts.transaction import Ledger
from tests import world
from tests.web.desk_world import desk
from tests.web_clients import site

PDF = "/desk/cards/collection-cards.pdf"


def test_a_card_leads_whoever_collects_to_the_household(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    groups = {
        name: world.make_party(
            ledger, "household_group", name=name, parent=str(head.party_uid), division="540626100"
        )
        for name in ("加勤乡一组联户", "加勤乡二组联户")
    }
    other = world.make_party(ledger, "household_group", name="外县联户", division=world.KAZUO)
    client = desk(ledger, head)
    assert PDF in client.get("/desk/for").text
    answer = client.get(PDF)
    assert answer.mimetype == "application/pdf"
    page = pypdfium2.PdfDocument(answer.data)[0]
    sheet = page.render(scale=300 / 72).to_pil()
    read = {one.text for one in zxingcpp.read_barcodes(sheet)}
    assert {urlsplit(one).query.removeprefix("uid=") for one in read} == set(groups.values())
    words = page.get_textpage().get_text_range()
    assert all(name in words for name in groups)
    assert "外县" not in words

    for name, uid in groups.items():
        (address,) = (one for one in read if one.endswith(uid))
        opened = client.get(address.partition(urlsplit(address).netloc)[2]).text
        assert name in opened
        assert opened.count('name="for"') == 1
    chosen = client.submit("/desk/for", {"for": groups["加勤乡一组联户"]})
    assert chosen.status_code == 302
    assert "加勤乡一组联户" in client.get("/desk/").text
    assert "You may not work for" in client.get(f"/desk/for?uid={other}").text
    assert "You may not work for" in client.get("/desk/for?uid=nobody").text
    stranger = site(ledger).get(f"/desk/for?uid={groups['加勤乡一组联户']}")
    assert (stranger.status_code, "加勤" in stranger.text) == (302, False)


def test_only_the_households_of_the_name_asked_for_have_cards(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    world.make_party(ledger, "household_group", name="一组联户", parent=str(head.party_uid))
    client = desk(ledger, head)
    assert client.get(f"{PDF}?q=一组").status_code == 200
    assert client.get(f"{PDF}?q=二组").status_code == 404
    viewer = world.make_actor(ledger, str(head.party_uid), "viewer")
    assert desk(ledger, viewer).get(PDF).status_code == 403
