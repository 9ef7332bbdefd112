"""A run that is too long to be issued at once: ordered once, watched, called off, issued."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from suyuan.labels.from_facts import try_out
from suyuan.trace.acts.issue_jobs import issue_next
from suyuan.trace.acts.orders import hold
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from suyuan.trace.jobs.rules import job_limits
from suyuan.trace.parties.actor import Actor
from tests import api_clients, world
from tests.web.desk_world import desk
from tests.web_clients import Client

AT_ONCE = 5


@pytest.fixture
def few(ledger: Ledger) -> Ledger:
    """An installation where few labels are issued in a request."""
    return replace(ledger, settings=replace(ledger.settings, print_run_codes=AT_ONCE))


@pytest.fixture
def owner(few: Ledger) -> Actor:
    return world.make_producer(few)


@pytest.fixture
def code(few: Ledger, owner: Actor) -> str:
    product = world.make_product(few, owner, items_on_pack=True)
    return world.make_batch(few, owner, product=product)


def order(client: Client, code: str, count: int = AT_ONCE + 1) -> str:
    """The address that the form of the page leads to, sent twice as impatient people do."""
    address = f"/desk/batches/{code}/print"
    (form_id,) = re.findall(r'name="id" value="([^"]+)"', client.get(address).text)
    sent = {
        "csrf_token": client.token(address), "id": form_id, "template": "trace-50x30",
        "count": str(count),
    }  # fmt: skip
    first, again = (client.post(address, data=sent) for _ in range(2))
    assert (first.status_code, again.status_code) == (302, 302), first.text
    assert first.headers["Location"] == again.headers["Location"]
    return str(first.headers["Location"])


def test_a_long_run_is_ordered_watched_and_issued(
    few: Ledger, owner: Actor, code: str, clock: SetClock
) -> None:
    client = desk(few, owner)
    assert order(client, code, AT_ONCE).startswith("/desk/runs/"), "a short one is issued at once"
    job = order(client, code)
    assert job.startswith("/desk/issue-jobs/")
    waiting = client.get(job).text
    assert "wait to be issued" in waiting
    assert 'http-equiv="refresh"' in waiting
    assert "suyuan worker" not in waiting
    assert job in client.get(f"/desk/batches/{code}/print").text
    clock.move(clock.at + job_limits().lease * 2)
    assert "suyuan worker" in client.get(job).text
    assert issue_next(few, try_out)
    assert not issue_next(few, try_out), "the form that came twice ordered once"
    done = client.get(job)
    assert done.headers["Location"].startswith("/desk/runs/")
    assert f"{AT_ONCE + 1} labels" in client.get(done.headers["Location"]).text


def test_it_is_called_off_or_says_why_it_was_not_issued(
    few: Ledger, owner: Actor, code: str
) -> None:
    client = desk(few, owner)
    job = order(client, code)
    assert client.submit(job + "/cancel", page=job).headers["Location"] == job
    assert "no code was issued" in client.get(job).text
    other = order(client, code)
    few.perform(owner, hold, code, "抽检")
    issue_next(few, try_out)
    told = client.get(other).text
    assert "were not issued" in told
    assert "held" in told or "stopped" in told or "hold" in told


def test_more_than_a_season_is_refused(few: Ledger, owner: Actor, code: str) -> None:
    client, most = desk(few, owner), job_limits().most_issued
    typed = {"template": "trace-50x30", "count": str(most + 1)}
    refused = client.submit(f"/desk/batches/{code}/print", typed)
    assert refused.status_code == 422
    assert str(most) in refused.text


def test_a_program_orders_a_long_run(few: Ledger, owner: Actor, code: str) -> None:
    api = api_clients.client(few, owner)
    body = {"trace_code": code, "count": AT_ONCE + 1, "template": "trace-50x30"}
    first, again = (api.send("/print-runs", body, key="key-00000001") for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.get_json()["uid"] == again.get_json()["uid"]
    href = first.headers["Location"].removeprefix("/api/v1")
    waiting = api.read(href)
    assert waiting.get_json()["state"] == "waiting"
    assert waiting.headers["Cache-Control"] == "no-store"
    issue_next(few, try_out)
    done = api.read(href).get_json()
    assert done["state"] == "done"
    assert api.read(f"/print-runs/{done['print_run']}").get_json()["count"] == AT_ONCE + 1
    api_clients.problem(api.send(href + "/cancel", {}), 409, "conflict")
    other = api.send("/print-runs", body, key="key-00000002").headers["Location"]
    assert api.send(other.removeprefix("/api/v1") + "/cancel", {}).status_code == 201
