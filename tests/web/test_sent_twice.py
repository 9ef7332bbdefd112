"""A form that comes twice is taken once: whoever presses again writes nothing more.

Every POST of the site is sent twice as the page gives it, by somebody who may; what it leaves in
the tables after the second time is what it left after the first.
"""

from __future__ import annotations

import re

import sqlalchemy as sa

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.database import Base
from suyuan.trace.parties.actor import Actor
from tests import world
from tests.language_office import make_office
from tests.web.every_page import make_things, views
from tests.web.test_page_access import ASKED_AGAIN, MATRIX, order
from tests.web_clients import Client, another, signed_in, site

NO_ID = {
    "account.choose_organisation": "chooses in the session, where the same choice changes nothing",
    "account.pin": "asks for the PIN until now, which is another after the first time",
    "channels.message": "a gateway's question, which is answered and kept nowhere",
    "desk.home.choose": "chooses in the session, where the same choice changes nothing",
    "sign_in.enter": "proves who one is and writes no record",
    "sign_in.enter_code": "a code opens once, and writes no record",
    "sign_in.enter_by_link": "a link opens once",
    "sign_in.leave": "ends a session, which ends once",
}
"""Views whose forms carry no id of their own, each with the reason why none is needed."""

FORM = re.compile(r'<form[^>]*method="post"[^>]*>.*?</form>', re.DOTALL)
ACTION = re.compile(r'action="([^"?]*)')


def _rows(ledger: Ledger) -> dict[str, int]:
    """How many rows each table has."""
    with ledger.database.read() as session:
        return {
            name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def _clients(ledger: Ledger, owner: Actor, laboratory: Actor) -> dict[str, Client]:
    first = site(ledger)
    who = {
        "h": owner,
        "l": laboratory,
        "r": world.make_regulator(ledger),
        "o": world.make_operator(ledger),
        "b": make_office(ledger),
    }
    return {
        letter: signed_in(another(first), ledger, str(actor.person_uid))
        for letter, actor in who.items()
    }


def test_every_form_sent_twice_is_taken_once(ledger: Ledger) -> None:
    owner = world.make_producer(ledger)
    things = make_things(ledger, owner, world.make_actor(ledger, str(owner.party_uid), "operator"))
    clients = _clients(ledger, owner, things.laboratory)
    wrong = {}
    for method, endpoint, rule in sorted(views(clients["h"].application), key=order):
        if method != "POST" or endpoint in NO_ID:
            continue
        letter = next(one for one in clients if one in MATRIX[f"POST {endpoint}"])
        client, address = clients[letter], things.address(endpoint, rule)
        answers, left = [], []
        for _ in range(2):
            keys = {"csrf_token": client.token("/account/pin"), "id": endpoint.replace(".", "-")}
            answers.append(client.post(address, data={**things.form(endpoint), **keys}))
            left.append(_rows(ledger))
        said = [answer.status_code for answer in answers]
        more = {name: rows - left[0][name] for name, rows in left[1].items()}
        refused = said[0] >= 400 and endpoint not in ASKED_AGAIN
        if refused or any(more.values()) or said[1] not in (said[0], 409):
            told = answers[0].text if refused else ""
            wrong[endpoint] = said, {name: rows for name, rows in more.items() if rows}, told
    assert not wrong, "\n".join(f"{name}: {what}" for name, what in wrong.items())


def test_every_form_that_is_drawn_carries_an_id(ledger: Ledger) -> None:
    owner = world.make_producer(ledger)
    things = make_things(ledger, owner, world.make_actor(ledger, str(owner.party_uid), "operator"))
    clients = _clients(ledger, owner, things.laboratory)
    routes = clients["h"].application.url_map.bind("localhost")
    without, seen = set(), 0
    for method, endpoint, rule in views(clients["h"].application):
        if method != "GET" or endpoint == "static":
            continue
        for client in clients.values():
            answer = client.get(things.address(endpoint, rule))
            for form in FORM.findall(answer.text if answer.mimetype == "text/html" else ""):
                seen += 1
                to = ACTION.search(form)
                target, _ = routes.match(to[1] if to else answer.request.path, method="POST")
                if target not in NO_ID and not re.search(r'name="id" value="[^"]{8,64}"', form):
                    without.add(f"{endpoint} → {target}")
    assert seen > len(NO_ID)
    assert not without, "\n".join(sorted(without))


def test_a_link_is_told_to_be_made_when_its_form_comes_again(ledger: Ledger) -> None:
    """The secret is kept nowhere, so it cannot be shown a second time."""
    owner = world.make_producer(ledger)
    member = world.make_actor(ledger, str(owner.party_uid), "clerk")
    client = signed_in(site(ledger), ledger, str(owner.person_uid))
    sent = {"csrf_token": client.token("/desk/members/"), "id": "a-form-of-its-own"}
    address = f"/desk/members/{member.person_uid}/link"
    first, second = (client.post(address, data=sent) for _ in range(2))
    assert "/in/" in first.text
    assert second.status_code == 409
    assert "shown only once" in second.text


def test_a_form_that_comes_again_with_other_contents_is_drawn_to_be_sent_as_well(
    ledger: Ledger,
) -> None:
    owner = world.make_producer(ledger)
    client = signed_in(site(ledger), ledger, str(owner.person_uid))
    sent = {"csrf_token": client.token("/desk/members/"), "id": "a-form-of-its-own"}
    sent |= {"name": "扎西", "phone": "13900000001", "role": "clerk"}
    assert client.post("/desk/members/", data=sent).status_code == 302
    second = client.post("/desk/members/", data={**sent, "name": "白玛", "phone": "13900000002"})
    assert second.status_code == 409
    assert "with other contents" in second.text
    fresh = re.findall(r'name="id" value="([^"]+)"', second.text)[-1]
    third = client.post(
        "/desk/members/", data={**sent, "name": "白玛", "phone": "13900000002", "id": fresh}
    )
    assert third.status_code == 302
