"""Long print runs by API: 202, progress, cancelling, the file with its hash, and who may."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from types import MappingProxyType

import pytest

from suyuan.labels.from_facts import draw_job
from suyuan.trace.acts.drawing_jobs import draw_next
from suyuan.trace.acts.orders import hold
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.jobs.rules import job_limits
from suyuan.trace.printing.queries import print_run
from tests.api_clients import client, problem
from tests.trace.test_print_jobs import issue
from tests.world import make_producer

LONG = 6


@pytest.fixture(autouse=True)
def _six_labels_are_long(monkeypatch: pytest.MonkeyPatch) -> None:
    few = replace(job_limits(), at_once=MappingProxyType({"pdf": LONG - 1}))
    monkeypatch.setattr("suyuan.api.resources.printing.job_limits", lambda: few)


def test_a_long_run_is_drawn_in_the_background_and_a_short_one_at_once(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    api = client(ledger, actor)
    run = issue(ledger, actor, LONG)
    problem(api.read(f"/print-runs/{run}", headers={"Accept": "application/pdf"}), 409, "conflict")
    told = api.send(f"/print-runs/{run}/labels", {"sheet": True}, key="first-order")
    again = api.send(f"/print-runs/{run}/labels", {"sheet": True}, key="first-order")
    assert (told.status_code, told.json["state"], told.json["labels"]) == (202, "waiting", LONG)
    assert again.headers["Location"] == told.headers["Location"]
    address = told.headers["Location"].removeprefix("/api/v1")
    problem(api.read(address + "/file"), 409, "conflict")
    assert api.read(address).headers["Retry-After"]
    draw_next(ledger, draw_job)
    done = api.read(address)
    assert (done.json["state"], done.json["made"], done.json["trouble"]) == ("done", LONG, None)
    assert done.json["output"]["sheet"] is True
    with api.read(address + "/file") as file:
        assert file.content_type == "application/pdf"
        assert file.data.startswith(b"%PDF")
        assert hashlib.sha256(file.data).hexdigest() == done.json["sha256"]
        digest = base64.b64encode(hashlib.sha256(file.data).digest()).decode()
        assert file.headers["Repr-Digest"] == f"sha-256=:{digest}:"
        assert len(file.data) == done.json["size"]
    listed = api.read(f"/print-runs/{run}/jobs").json["print_jobs"]
    assert listed == [done.json]
    short = issue(ledger, actor, LONG - 1)
    assert api.send(f"/print-runs/{short}/labels", {}).status_code == 201
    assert api.send(f"/print-runs/{short}/jobs", {}).status_code == 202, "where it is asked for"


def test_why_a_job_failed_is_told_in_the_readers_language(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    api = client(ledger, actor)
    run = issue(ledger, actor, LONG)
    address = api.send(f"/print-runs/{run}/labels").headers["Location"].removeprefix("/api/v1")
    with ledger.database.read() as session:
        batch = print_run(session, run).batch
        assert batch is not None
        ledger.perform(actor, hold, batch.trace_code, "霉变")
    draw_next(ledger, draw_job)
    english = api.read(address).json
    chinese = api.read(address, headers={"Accept-Language": "zh"}).json
    assert english["state"] == "failed"
    assert english["trouble"]["kind"] == chinese["trouble"]["kind"]
    for told, word in ((english, "held"), (chinese, "暂停")):
        assert word in told["trouble"]["text"]
        assert batch.trace_code in told["trouble"]["text"]


def test_a_job_is_called_off(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    api = client(ledger, actor)
    address = api.send(f"/print-runs/{issue(ledger, actor, LONG)}/labels").json["uid"]
    assert api.send(f"/print-jobs/{address}/cancel").status_code == 201
    assert api.read(f"/print-jobs/{address}").json["state"] == "cancelled"
    problem(api.send(f"/print-jobs/{address}/cancel"), 409, "conflict")


def test_pins_are_downloaded_on_record_only(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    api = client(ledger, actor)
    run = issue(ledger, actor, 2, pins=True)
    job = api.send(f"/print-runs/{run}/jobs").json["uid"]
    draw_next(ledger, draw_job)
    assert "record" in problem(api.read(f"/print-jobs/{job}/file"), 409, "conflict")["detail"]
    with api.send(f"/print-jobs/{job}/file") as file:
        assert file.status_code == 201
        assert file.data.startswith(b"%PDF")


def test_nobody_elses_jobs_are_seen(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    run = issue(ledger, actor, LONG)
    uid = client(ledger, actor).send(f"/print-runs/{run}/labels").json["uid"]
    draw_next(ledger, draw_job)
    other = client(ledger, make_producer(ledger))
    for address in (f"/print-jobs/{uid}", f"/print-jobs/{uid}/file", f"/print-runs/{run}/jobs"):
        problem(other.read(address), 403, "forbidden")
    for address in (
        f"/print-jobs/{uid}/cancel",
        f"/print-jobs/{uid}/file",
        f"/print-runs/{run}/jobs",
        f"/print-runs/{run}/labels",
    ):
        problem(other.send(address), 403, "forbidden")
