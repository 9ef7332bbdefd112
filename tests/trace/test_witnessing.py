"""The log is witnessed: asked after commits, served with cosignatures, halted by a larger tree."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from suyuan.commands.doctor import examine
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.acts.witnessing import (
    ask_witnesses,
    is_late,
    policy_of,
    resume_log,
    witnessing_of,
)
from suyuan.trace.clock import SetClock
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, NotFound
from suyuan.trace.keys.cosigning import cosignatures
from suyuan.trace.keys.notes import parse_note
from suyuan.trace.log.append import LogHalted
from suyuan.trace.log.audit import check_log, log_key
from suyuan.trace.log.policy import LogLine, Policy
from suyuan.trace.log.proof_file import check_proof_file, parse_proof_file
from suyuan.trace.log.queries import head
from suyuan.trace.log.schemas import RecordSchema
from suyuan.trace.log.tables import (
    CosignatureLine,
    CosignedHead,
)
from suyuan.trace.log.witnesses import proof_file_of
from suyuan.trace.parties.actor import SYSTEM
from tests.web_clients import signed_in, site
from tests.witnesses import as_it_was_before, base_of, witnessed_by
from tests.world import make_operator, make_producer

REMARK = RecordSchema("remark", 1, public=("text",))


def _remark(w: Writing, count: int, text: str = "x") -> None:
    for _ in range(count):
        w.record(REMARK, "remark", {"text": text})


def grow(ledger: Ledger, count: int = 1, text: str = "x") -> int:
    """Append so many remarks; the size of the log then."""
    ledger.perform(SYSTEM, _remark, count, text)
    return size(ledger)


def size(ledger: Ledger) -> int:
    with ledger.database.read() as session:
        return head(session).size


def believed(ledger: Ledger) -> Policy:
    """The log's policy as an outsider has it: with the log's key."""
    policy = policy_of(ledger.settings)
    with ledger.database.read() as session:
        return Policy((LogLine(log_key(session)),), policy.witnesses, policy.groups, policy.quorum)


def served(ledger: Ledger) -> tuple[int, list[str]]:
    """Size and cosigning witnesses of the checkpoint that outsiders are given."""
    note = parse_note(site(ledger).get("/log/checkpoint").data)
    policy = policy_of(ledger.settings)
    names = {one.key: one.name for one in policy.witnesses}
    return int(note.text.split("\n")[1]), [
        names[one.key] for one in cosignatures(note, policy.witness_keys)
    ]


def test_a_log_without_witnesses_serves_its_newest_checkpoint(ledger: Ledger) -> None:
    assert ask_witnesses(ledger) == ()
    newest = grow(ledger)
    assert served(ledger) == (newest, [])
    assert not is_late(witnessing_of(ledger), ledger.clock.now())


def test_the_newest_checkpoint_with_the_quorum_is_served(ledger: Ledger, tmp_path: Path) -> None:
    with witnessed_by(ledger, tmp_path, 2, "a", "b", "c") as wired:
        first = size(ledger)
        assert served(ledger) == (first, [])
        assert is_late(witnessing_of(ledger), ledger.clock.now())
        assert all(one.cosignature for one in ask_witnesses(ledger, wired))
        assert served(ledger) == (first, ["a", "b", "c"])
        assert not is_late(witnessing_of(ledger), ledger.clock.now())
        second = grow(ledger, 300)
        wired.down |= {base_of("a"), base_of("b")}
        ask_witnesses(ledger, wired)
        assert served(ledger) == (first, ["a", "b", "c"]), "one of three is not enough"
        wired.down.clear()
        wired.down.add(base_of("c"))
        assert isinstance(ledger.clock, SetClock)
        ledger.clock.move(ledger.clock.now() + timedelta(minutes=1))
        ask_witnesses(ledger, wired)
        assert served(ledger) == (second, ["a", "b", "c"])
        with ledger.database.read() as session:
            assert list(session.scalars(sa.select(CosignedHead.size))) == [second]
            assert set(session.scalars(sa.select(CosignatureLine.size))) == {second}


def test_who_cosigned_or_is_waited_for_is_not_asked_again(ledger: Ledger, tmp_path: Path) -> None:
    assert isinstance(ledger.clock, SetClock)
    with witnessed_by(ledger, tmp_path, 1, "a", "b") as wired:
        wired.down.add(base_of("b"))
        assert len(ask_witnesses(ledger, wired)) == 2
        assert ask_witnesses(ledger, wired) == ()
        waits = []
        for _ in range(10):
            (standing,) = (one for one in witnessing_of(ledger).standings if one.failures)
            assert standing.wait_until is not None
            waits.append(standing.wait_until - ledger.clock.now())
            ledger.clock.move(standing.wait_until)
            assert [one.witness.name for one in ask_witnesses(ledger, wired)] == ["b"]
        minutes = [wait / timedelta(minutes=1) for wait in waits]
        assert minutes == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
        assert {one.witness.name for one in ask_witnesses(ledger, wired, everyone=True)} == {
            "a",
            "b",
        }
        ledger.clock.move(ledger.clock.now() + timedelta(days=1))
        assert len(ask_witnesses(ledger, wired)) == 2, "an old cosignature is renewed"


def test_a_log_that_lost_its_memory_of_a_witness_finds_it_again(
    ledger: Ledger, tmp_path: Path
) -> None:
    with witnessed_by(ledger, tmp_path, 1, "a") as wired:
        ask_witnesses(ledger, wired)
        with ledger.database.write() as session:
            session.execute(sa.text("DELETE FROM witness_contact"))
            session.commit()
        second = grow(ledger, 5)
        (heard,) = ask_witnesses(ledger, wired)
        assert heard.cosignature is not None, heard.trouble
        assert served(ledger) == (second, ["a"])


def test_a_signature_of_another_key_is_not_believed(ledger: Ledger, tmp_path: Path) -> None:
    with witnessed_by(ledger, tmp_path, 1, "a", "b") as wired:
        wired.apps = {base_of("a"): wired.apps[base_of("b")]}
        (first, _) = ask_witnesses(ledger, wired)
        assert (first.cosignature, first.trouble) == (
            None,
            "It answered without a signature of its key.",
        )
        assert served(ledger) == (size(ledger), [])


def test_an_old_copy_that_a_witness_has_seen_larger_may_not_append(
    ledger: Ledger, tmp_path: Path
) -> None:
    with witnessed_by(ledger, tmp_path, 1, "a") as wired, as_it_was_before(ledger) as come_back:
        grow(ledger, 3)
        ask_witnesses(ledger, wired)
        come_back()
        (heard,) = ask_witnesses(ledger, wired, everyone=True)
        assert heard.evidence is not None, "the log's own signature is shown"
        before = size(ledger)
        with pytest.raises(LogHalted, match="a.example/w has cosigned"):  # noqa: RUF043 - a name
            grow(ledger)
        assert size(ledger) == before
        assert site(ledger).get("/log/checkpoint").status_code == 200, "what is there is read"


def test_of_two_copies_that_both_went_on_the_second_is_halted(
    ledger: Ledger, tmp_path: Path
) -> None:
    with witnessed_by(ledger, tmp_path, 1, "a") as wired, as_it_was_before(ledger) as come_back:
        grow(ledger, 3, "here")
        assert ask_witnesses(ledger, wired)[0].cosignature is not None
        come_back()
        grow(ledger, 9, "there")
        assert ask_witnesses(ledger, wired)[0].cosignature is None
        with pytest.raises(LogHalted, match="another tree"):
            grow(ledger)


def test_an_operator_may_let_a_halted_log_go_on_and_that_is_logged(ledger: Ledger) -> None:
    operator, other = make_operator(ledger), make_producer(ledger)
    with pytest.raises(Conflict):
        ledger.perform(operator, resume_log, "why not")
    with ledger.database.write() as session:
        head(session).halted = "w.example/w has cosigned 9 entries, here are 3"
        session.commit()
    with pytest.raises(LogHalted):
        grow(ledger)
    with pytest.raises(Forbidden):
        ledger.perform(other, resume_log, "mine is better")
    with pytest.raises(InvalidInput):
        ledger.perform(operator, resume_log, " ")
    before = size(ledger)
    ledger.perform(operator, resume_log, "the witness was another log's")
    assert grow(ledger) == before + 2
    with ledger.database.read() as session:
        assert check_log(session).sound


def test_a_proof_of_any_entry_is_served_as_a_file(ledger: Ledger, tmp_path: Path) -> None:
    with witnessed_by(ledger, tmp_path, 2, "a", "b") as wired:
        witnessed = grow(ledger, 300)
        ask_witnesses(ledger, wired)
        newest = grow(ledger, 5)
        client = site(ledger)
        for index in (0, 1, 255, 256, witnessed - 1):
            answer = client.get(f"/log/proof/{index}")
            proof = parse_proof_file(answer.data)
            assert proof.extra is not None
            shown = check_proof_file(proof, proof.extra, believed(ledger))
            assert (shown.checkpoint.size, len(shown.cosigned)) == (witnessed, 2)
            assert f"{index}.tlog-proof" in answer.headers["Content-Disposition"]
        late = parse_proof_file(client.get(f"/log/proof/{newest - 1}").data)
        with pytest.raises(InvalidInput, match="witnesses"):
            check_proof_file(late, late.extra or b"", believed(ledger))
        assert client.get(f"/log/proof/{newest}").status_code == 404
        with ledger.database.read() as session, pytest.raises(NotFound):
            proof_file_of(session, newest, Policy())


def test_a_policy_that_cannot_be_read_is_told_to_operators_alone(ledger: Ledger) -> None:
    file = ledger.settings.policy_file
    file.write_text("quorum nobody\n")
    for address in ("/log/checkpoint", "/log/proof/0", "/metrics"):
        answer = site(ledger).get(address)
        assert answer.status_code == 500
        assert "not set up rightly" in answer.text
        assert file.name not in answer.text
    operator = str(make_operator(ledger).person_uid)
    page = signed_in(site(ledger), ledger, operator).get("/admin/")
    assert page.status_code == 200
    assert str(file) in page.text


def test_a_witness_without_an_address_is_told_of(ledger: Ledger, tmp_path: Path) -> None:
    with witnessed_by(ledger, tmp_path, 1, "a", "b") as wired:
        file = ledger.settings.policy_file
        file.write_text(file.read_text().replace(f" {base_of('b')}", ""))
        assert [one.witness.name for one in ask_witnesses(ledger, wired)] == ["a"]
        operator = str(make_operator(ledger).person_uid)
        assert "never asked" in signed_in(site(ledger), ledger, operator).get("/admin/").text
        (check,) = [
            one for one in examine(ledger.settings, ledger.clock.now()) if one.name == "witnesses"
        ]
        assert check.state == "warning"
        assert "no address" in check.says


def test_how_it_stands_is_told_to_operators_and_machines(ledger: Ledger, tmp_path: Path) -> None:
    operator = str(make_operator(ledger).person_uid)
    assert (
        "Nobody watches this log" in signed_in(site(ledger), ledger, operator).get("/admin/").text
    )
    with witnessed_by(ledger, tmp_path, 2, "a", "b") as wired:
        wired.down.add(base_of("b"))
        ask_witnesses(ledger, wired)
        cosigned = size(ledger)
        page = signed_in(site(ledger), ledger, operator).get("/admin/").text
        assert "a.example/w" in page
        assert "did not answer" in page
        figures = site(ledger).get("/metrics").text
        assert f'suyuan_witness_entries{{witness="a.example/w"}} {cosigned}.0' in figures
        assert 'suyuan_witness_failures{witness="b.example/w"} 1.0' in figures
        assert "suyuan_log_entries_witnessed 0.0" in figures
        assert "suyuan_log_halted 0.0" in figures
