"""People at desks for tests: a signed-in browser, and forms as it would send them."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from PIL import Image
from werkzeug.test import TestResponse, encode_multipart

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches import queries
from suyuan.trace.batches.tables import Batch
from suyuan.trace.parties.actor import Actor
from tests.web_clients import Client, signed_in, site

_ID = re.compile(r'name="id" value="([^"]+)"')
_CODE = re.compile(r"/desk/batches/(\d{16})")


def desk(ledger: Ledger, actor: Actor) -> Client:
    """The browser of somebody signed in for its organisation."""
    return signed_in(site(ledger), ledger, str(actor.person_uid), actor.party_uid)


def form_id(page: str) -> str:
    """The id of the form on a page."""
    found = _ID.search(page)
    assert found, page[:800]
    return found[1]


def code_in(address: str) -> str:
    """The trace code in the address of a batch's page."""
    found = _CODE.search(address)
    assert found, address
    return found[1]


def batch_of(ledger: Ledger, trace_code: str) -> Batch:
    """The batch as it stands in the register."""
    with ledger.database.read() as session:
        found = queries.batch(session, trace_code)
        assert found.party is not None
        session.expunge_all()
        return found


def registered(ledger: Ledger, actor: Actor) -> list[Batch]:
    """The batches of an organisation, newest first."""
    assert actor.party_id is not None
    with ledger.database.read() as session:
        found = queries.batches_of(session, actor.party_id)
        session.expunge_all()
        return found


def register_form(**more: Any) -> dict[str, Any]:
    """What a clerk types for 20 kg of millet."""
    return {
        "goods": "grain/millet",
        "quantity": "20",
        "quantity.unit": "KGM",
        "produced": "2026-05-30",
        "fact.plot": "东坡",
        "fact.crop_year": "2025",
        "fact.harvest_date": "2025-10-02",
        **more,
    }


def send_much(client: Client, address: str, fields: dict[str, Any], page: str) -> TestResponse:
    """As ``client.submit``, without the file on disk that the test client leaves open."""
    boundary, body = encode_multipart({"csrf_token": client.token(page), **fields})
    return client.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def photo(width: int = 60, height: int = 40, kind: str = "JPEG") -> bytes:
    """A small picture."""
    out = BytesIO()
    Image.new("RGB", (width, height), (30, 110, 60)).save(out, kind)
    return out.getvalue()
