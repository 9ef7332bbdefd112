"""A long print run on the desk's pages: ordered once, watched, called off, downloaded."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

import pytest

from suyuan.labels.from_facts import draw_job
from suyuan.labels.output import MEDIA_TYPES
from suyuan.trace.acts.drawing_jobs import draw_next
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from suyuan.trace.jobs.rules import job_limits
from tests import world
from tests.trace.test_print_jobs import issue
from tests.web_clients import Client, another, signed_in, site

LONG = 6


@pytest.fixture(autouse=True)
def _six_labels_are_long(monkeypatch: pytest.MonkeyPatch) -> None:
    few = replace(job_limits(), at_once=MappingProxyType(dict.fromkeys(MEDIA_TYPES, LONG - 1)))
    monkeypatch.setattr("suyuan.web.desk.print_jobs.job_limits", lambda: few)


def _order(client: Client, run: str, layout: str = "roll") -> str:
    """The address of the job that the page of a run leads to, sent twice as impatient people do."""
    page = client.get(f"/desk/runs/{run}")
    (form_id,) = re.findall(r'name="id" value="([^"]+)"', page.text)
    sent = {"csrf_token": client.token(f"/desk/runs/{run}"), "id": form_id, "layout": layout}
    first, again = (client.post(f"/desk/runs/{run}/labels", data=sent) for _ in range(2))
    assert (first.status_code, again.status_code) == (302, 302)
    assert first.headers["Location"] == again.headers["Location"]
    return str(first.headers["Location"])


def test_a_long_run_is_ordered_watched_and_downloaded(ledger: Ledger, clock: SetClock) -> None:
    owner = world.make_producer(ledger)
    client = signed_in(site(ledger), ledger, str(owner.person_uid))
    run = issue(ledger, owner, LONG)
    assert client.get(f"/desk/runs/{run}/labels").status_code == 409, "no reading orders anything"
    job = _order(client, run)
    waiting = client.get(job).text
    assert "wait to be drawn" in waiting
    assert f"0 of {LONG}" in waiting
    assert 'http-equiv="refresh"' in waiting
    assert "suyuan worker" not in waiting
    clock.move(clock.at + job_limits().lease * 2)
    assert "suyuan worker" in client.get(job).text
    draw_next(ledger, draw_job)
    done = client.get(job).text
    assert "are drawn" in done
    assert 'http-equiv="refresh"' not in done
    with client.get(job + "/file") as file:
        assert file.mimetype == "application/pdf"
        assert file.data.startswith(b"%PDF")
    assert job in client.get(f"/desk/runs/{run}").text
    clock.move(clock.at + job_limits().kept)
    assert client.get(job + "/file").status_code == 200, "until the worker drops it"


def test_a_short_run_is_answered_at_once(ledger: Ledger) -> None:
    owner = world.make_producer(ledger)
    client = signed_in(site(ledger), ledger, str(owner.person_uid))
    answer = client.get(f"/desk/runs/{issue(ledger, owner, LONG - 1)}/labels")
    assert answer.mimetype == "application/pdf"


def test_labels_are_called_off_and_nobody_else_sees_them(ledger: Ledger) -> None:
    owner = world.make_producer(ledger)
    client = signed_in(site(ledger), ledger, str(owner.person_uid))
    job = _order(client, issue(ledger, owner, LONG), "zpl")
    stranger = world.make_producer(ledger)
    other = signed_in(another(client), ledger, str(stranger.person_uid))
    assert other.get(job).status_code == 403
    assert other.get(job + "/file").status_code == 403
    sent = {"csrf_token": other.token("/desk/members/"), "id": "a-form-of-its-own"}
    assert other.post(job + "/cancel", data=sent).status_code == 403
    sent["csrf_token"] = client.token(job)
    assert client.post(job + "/cancel", data=sent).headers["Location"] == job
    assert "called off" in client.get(job).text


def test_pins_are_downloaded_on_record_only(ledger: Ledger) -> None:
    owner = world.make_producer(ledger)
    client = signed_in(site(ledger), ledger, str(owner.person_uid))
    job = _order(client, issue(ledger, owner, LONG, pins=True))
    draw_next(ledger, draw_job)
    assert client.get(job + "/file").status_code == 409
    sent = {"csrf_token": client.token(job), "id": "a-form-of-its-own"}
    with client.post(job + "/file", data=sent) as file:
        assert file.data.startswith(b"%PDF")
