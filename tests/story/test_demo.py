"""The main job, as a newcomer does it with the demonstration: print, scan, read, inspect."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
import sqlalchemy as sa
import zxingcpp
from click.testing import CliRunner
from flask import Flask
from PIL.Image import Image

from suyuan.commands.verify import verify
from suyuan.demo.handout import RECALLED, Handout, hand_out, write_handout
from suyuan.demo.installation import Demo, demo_settings, make_or_find
from suyuan.labels.from_facts import write_labels
from suyuan.labels.output import Output
from suyuan.trace.acts.erasing import erase
from suyuan.trace.acts.keeping import StillKept
from suyuan.trace.batches.queries import batch
from suyuan.trace.clock import SystemClock
from suyuan.trace.codes.queries import newest_directory
from suyuan.trace.database import open_database
from suyuan.trace.lineage.queries import chain
from suyuan.trace.log.audit import check_log
from suyuan.trace.notices.queries import warnings_here
from suyuan.trace.papers.queries import drawn
from suyuan.trace.papers.tables import PaperApplication
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.printing.queries import codes_of, facts_of, print_run
from suyuan.trace.quality.grading import grades_of
from suyuan.trace.quality.queries import judged
from suyuan.trace.quality.tables import CountyLimit
from suyuan.trace.release.queries import order_history
from suyuan.trace.release.recall_clocks import clock_of
from suyuan.trace.retention.queries import legal_holds
from suyuan.trace.samples.queries import reports_on
from suyuan.trace.samples.tables import Sample
from suyuan.trace.settings import Settings
from suyuan.web.app import create_app
from tests import databases, missing

HOST = "192.0.2.7:8771"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def demo(
    request: pytest.FixtureRequest, run_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    """The whole season, told once for this module on each database."""
    kinds = request.config.getoption("database") or ("sqlite", "postgresql")
    if request.param not in kinds:
        missing.leave_out(request.param, "the command line asks for the other database only")
    folder = tmp_path_factory.mktemp("demo")
    with databases.fresh(request.param, run_folder, folder, migrated=False) as url:
        settings = demo_settings(Settings(folder / "data", url, folder / "unused"))
        settings.data.mkdir()
        database = open_database(url)
        yield make_or_find(
            database, settings, SystemClock(), HOST, http=True, watched=lambda _moment: None
        )
        database.close()


@pytest.fixture(scope="module")
def handout(demo: Demo) -> Handout:
    return hand_out(demo, f"http://{HOST}")


@pytest.fixture(scope="module")
def app(demo: Demo) -> Flask:
    return create_app(demo.ledger, testing=True)


def test_the_handout_is_what_outside_programs_rely_on(
    demo: Demo, handout: Handout, tmp_path: Path
) -> None:
    write_handout(handout, tmp_path / "demo.json")
    said = json.loads((tmp_path / "demo.json").read_text(encoding="utf-8"))
    assert set(said) == {
        "base_url", "label_host", "root_key", "log_key",
        "scan_urls", "batches", "tokens", "sign_in",
    }  # fmt: skip
    families = {"yak_meat", "cordyceps", "vinegar", "grain"}
    assert set(said["scan_urls"]) == set(said["batches"]) == families
    assert set(said["tokens"]) == {"producer", "lab", "regulator", "operator"}
    assert (tmp_path / "demo.json").stat().st_mode & 0o077 == 0


def test_a_warning_of_the_season_is_closed_with_proof(demo: Demo) -> None:
    with demo.ledger.database.read() as session:
        (closed,) = warnings_here(session, state="closed")
        assert [one.kind for one in closed.steps] == ["acknowledged", "acted_on", "closed"]
        assert closed.steps[-1].evidence is not None


def test_the_county_sampled_the_maize_and_keeps_what_there_is_about_it(demo: Demo) -> None:
    """The sheet and the sealed sample's way lead to the report that failed; then a recall with
    the times of its class, and a legal hold."""
    with demo.ledger.database.read() as session:
        (sample,) = session.scalars(sa.select(Sample))
        maize = sample.batch
        assert (maize.trace_code, sample.kind) == (demo.batches["maize"], "supervision")
        assert len(sample.samplers) == 2
        assert [one.kind for one in sample.steps] == ["sent", "received"]
        (answered,) = reports_on(session, [sample])[sample.id]
        assert answered.doubts == ()
        assert "fail" in {one.verdict for one in judged(session, [maize.id])}
        clock = clock_of(next(one for one in order_history(session, maize.id) if not one.rule))
        assert clock is not None
        assert (clock.of.key, clock.deadlines[0].late(demo.ledger.clock.now())) == ("second", False)
        assert [one.about for one in legal_holds(session, most=10)] == [maize.trace_code]
    with pytest.raises(StillKept, match="legal hold keeps this"):
        demo.ledger.perform(SYSTEM, erase, sample.record_id, ["samplers"], "withdrawn_consent")


def test_a_countys_limit_was_made_by_two_persons_and_judges_its_goods(demo: Demo) -> None:
    with demo.ledger.database.read() as session:
        (limit,) = session.scalars(sa.select(CountyLimit))
        assert limit.state == "approved"
        assert limit.asked_by_uid != limit.answered_by_uid
        best = batch(session, demo.batches["best"])
        (water,) = [one for one in judged(session, [best.id]) if one.parameter == "moisture"]
        told = water.as_verdict()
        assert told.verdict == "pass"
        assert str(told.standard).startswith(limit.standard)


def test_the_cordyceps_are_graded_by_what_was_counted(demo: Demo, app: Flask) -> None:
    with demo.ledger.database.read() as session:
        best = batch(session, demo.batches["best"])
        (grade,) = grades_of(demo.ledger.families.get(best.family), best)
    page = app.test_client().get(f"/t/{best.trace_code}?lang=en").text
    assert str(grade.names.en) in page
    assert str(grade.scheme_names.en) in page
    assert grade.version in page


def test_the_log_of_the_season_is_whole(demo: Demo) -> None:
    with demo.ledger.database.read() as session:
        check_log(session)


def test_begun_again_it_goes_on_with_the_same_data(demo: Demo) -> None:
    ledger = demo.ledger
    again = make_or_find(
        ledger.database,
        ledger.settings,
        ledger.clock,
        HOST,
        http=True,
        watched=lambda _moment: None,
    )
    assert again.batches == demo.batches


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("name", ["jerky", "best", "vinegar", "millet_packs"])
def test_printed_labels_are_read_back_to_the_signed_address(
    demo: Demo, zbar: Callable[[Image], list[str]], name: str, dpi: int
) -> None:
    with demo.ledger.database.read() as session:
        run = demo.runs[name]
        facts, codes = facts_of(session, run), codes_of(session, run)[:2]
        template = print_run(session, run).template
    pdf = io.BytesIO()
    write_labels(template, facts, codes, pdf, Output(dpi=dpi))
    for page, code in zip(pypdfium2.PdfDocument(pdf.getvalue()), codes, strict=True):
        picture = page.render(scale=dpi / 72).to_pil()
        assert [one.text for one in zxingcpp.read_barcodes(picture)] == [code.url]
        assert zbar(picture.convert("L")) == [code.url]


def test_the_verifier_needs_no_network_and_refuses_every_single_change(
    demo: Demo, handout: Handout, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    with demo.ledger.database.read() as session:
        keys.write_text(newest_directory(session).note, encoding="utf-8")

    def verdict(url: str) -> tuple[str, int]:
        arguments = [url, "--keys", str(keys), "--root", handout.root_key, "--json"]
        done = CliRunner().invoke(verify, arguments)
        return json.loads(done.stdout)["verdict"], done.exit_code

    for url in handout.scan_urls.values():
        assert verdict(url) == ("good", 0)
        start = url.index(HOST) + len(HOST) + 1
        places = random.Random(7).sample(range(start, len(url)), 25)
        for place in places:
            other = "1" if url[place] != "1" else "2"
            said, status = verdict(url[:place] + other + url[place + 1 :])
            assert said != "good"
            assert status != 0


def test_a_scan_opens_the_page_in_three_languages(app: Flask, handout: Handout) -> None:
    for url in handout.scan_urls.values():
        path = url.removeprefix(f"http://{HOST}")
        for language in ("zh", "bo", "en"):
            page = app.test_client().get(path, headers={"Host": HOST, "Accept-Language": language})
            assert page.status_code == 200
            assert f'lang="{language}' in page.get_data(as_text=True)


def test_the_page_of_cordyceps_says_how_much_of_the_permit_was_gathered(
    app: Flask, handout: Handout
) -> None:
    page = app.test_client().get(f"/t/{handout.batches['cordyceps']}?lang=en").text
    assert "24.6 kg of 120 kg drawn, 95.4 kg left" in page


def test_the_countys_certification_of_millet_is_drawn_by_what_was_milled(demo: Demo) -> None:
    with demo.ledger.database.read() as session:
        (asked,) = session.scalars(sa.select(PaperApplication))
        assert asked.paper is not None
        assert asked.amount == asked.paper.amount == 20_000
        assert drawn(session, asked.paper.id) == 4230


def test_what_was_made_of_recalled_maize_is_recalled_too(app: Flask, demo: Demo) -> None:
    answer = app.test_client().get(
        f"/t/{demo.batches[RECALLED]}", headers={"Accept": "application/json", "Host": HOST}
    )
    assert answer.get_json()["standing"]["state"] == "recalled"


def test_the_chain_leads_from_the_shop_back_to_the_pasture(demo: Demo) -> None:
    with demo.ledger.database.read() as session:
        jerky = batch(session, demo.batches["jerky"])
        back = chain(session, jerky.id, "back", most=1000)
        assert demo.batches["herd"] in {node.trace_code for node in back.nodes}
        herd = batch(session, demo.batches["herd"])
        forward = chain(session, herd.id, "forward", most=1000)
    assert {demo.batches["jerky"], demo.batches["raw_dried"]} <= {
        node.trace_code for node in forward.nodes
    }


def test_each_link_signs_in_once(app: Flask, demo: Demo) -> None:
    link = hand_out(demo, "").sign_in["regulator"]
    client = app.test_client()
    page = client.get(link).get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert client.post(link, data={"csrf_token": token}).status_code in (302, 303)
    assert client.get("/inspect", follow_redirects=True).status_code == 200
    again = app.test_client()
    assert again.get(link).status_code == 404
