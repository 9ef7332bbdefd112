"""The status list: what is listed, under which paths, and how lists and deltas are believed."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.codes import signed_code, status
from suyuan.trace.codes.paths import CodePath, GtinPath, TracePath, parse_path
from suyuan.trace.codes.status import State, StatusList, StatusListError
from suyuan.trace.codes.trace_code import new_trace_code
from suyuan.trace.codes.verify import Verdict, verify
from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys import notes
from suyuan.trace.keys.directory import Directory, HostEntry, KeyEntry, KeyUse
from suyuan.trace.keys.notes import Ed25519Signer, NoteError
from suyuan.trace.spans import span

SIGNER = Ed25519Signer("trace.example.cn/status", bytes(range(32)))
KEYS = [SIGNER.verifier]
AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
NEXT_BY = AS_OF + timedelta(days=1)
LOT = GtinPath("06901872446702", "Y266200-A")
BATCH = TracePath("5406260847047297")
PATHS = [TracePath(new_trace_code("540626", random.Random(seed))) for seed in range(30)]
STATES = st.dictionaries(st.sampled_from(PATHS), st.sampled_from(State), max_size=12)


def edition(states: dict[CodePath, State], seq: int = 1) -> StatusList:
    return status.list_states(
        states.items(), origin="trace.example.cn", seq=seq, as_of=AS_OF, next_by=NEXT_BY
    )


def signed(listed: StatusList) -> str:
    return str(notes.sign_note(listed.text(), [SIGNER]))


def test_the_published_list_is_read_and_says_what_its_authors_say(shared: Path) -> None:
    case = json.loads((shared / "vectors/suyuan/status.json").read_text("utf-8"))
    listed = status.open_status(case["note"], case["body"], [notes.parse_verifier_key(case["key"])])
    assert listed.body() == case["body"]
    for path, state in case["states"].items():
        assert listed.states[status.status_token(parse_path(path))] == state
    made = edition({parse_path(path): State(s) for path, s in case["states"].items()}, seq=9)
    assert made.body() == case["body"]


@given(STATES)
def test_a_list_is_read_as_it_was_written(states: dict[CodePath, State]) -> None:
    listed = edition(states)
    read = status.open_status(signed(listed).encode(), listed.body(), KEYS)
    assert read == listed
    assert {path: read.state_of(path) for path in PATHS if read.state_of(path)} == states


def test_a_package_has_the_state_of_its_batch_and_a_batch_not_that_of_its_package() -> None:
    package, other = replace(LOT, serial="000000000001"), replace(BATCH, serial="000000000001")
    listed = edition({LOT: State.RECALLED, other: State.HELD})
    assert listed.state_of(package) is State.RECALLED
    assert listed.state_of(other) is State.HELD
    assert listed.state_of(BATCH) is None
    assert listed.state_of(replace(LOT, lot="Y266200-B")) is None


def test_of_several_states_the_gravest_is_told() -> None:
    package = replace(LOT, serial="000000000001")
    for mild, grave in ((State.EXPIRED_EARLY, State.HELD), (State.HELD, State.RECALLED)):
        assert edition({LOT: grave, package: mild}).state_of(package) is grave
        assert edition({LOT: mild, package: grave}).state_of(package) is grave
    twice = status.list_states(
        [(LOT, State.RECALLED), (LOT, State.HELD)],
        origin="o", seq=1, as_of=AS_OF, next_by=NEXT_BY,
    )  # fmt: skip
    assert twice.state_of(LOT) is State.RECALLED


def test_a_body_that_was_not_signed_is_refused() -> None:
    listed = edition({LOT: State.RECALLED, BATCH: State.HELD})
    lines = listed.body().splitlines(keepends=True)
    wrong = [
        "", lines[0], listed.body()[:-1], "".join(lines[::-1]), listed.body() + lines[0],
        listed.body().replace(" H", " R"), listed.body().replace(" H", " X"),
        listed.body().replace("\n", "\r\n"), listed.body() + "\n", "x" * 20 + "\n", "\ud800\n",
    ]  # fmt: skip
    for body in wrong:
        with pytest.raises(StatusListError):
            status.open_status(signed(listed), body, KEYS)


def test_a_list_is_believed_from_a_status_key_and_never_an_older_one() -> None:
    listed = edition({LOT: State.RECALLED}, seq=7)
    other = Ed25519Signer(SIGNER.name, bytes(32)).verifier
    for keys in ([], [other]):
        with pytest.raises(NoteError):
            status.open_status(signed(listed), listed.body(), keys)
    assert status.open_status(signed(listed), listed.body(), KEYS, least_seq=7) == listed
    with pytest.raises(StatusListError, match="number 7"):
        status.open_status(signed(listed), listed.body(), KEYS, least_seq=8)


def test_the_list_of_another_installation_is_refused_though_the_same_key_signed_it() -> None:
    listed = edition({LOT: State.RECALLED})
    note, body = signed(listed), listed.body()
    assert status.open_status(note, body, KEYS, origin="trace.example.cn") == listed
    with pytest.raises(StatusListError, match=r"of trace\.example\.cn, the key .* other"):
        status.open_status(note, body, KEYS, origin="other.example.cn")


@given(STATES, STATES)
def test_a_delta_rebuilds_the_newer_list(
    before: dict[CodePath, State], after: dict[CodePath, State]
) -> None:
    old, new = edition(before, 1), edition(after, 2)
    assert status.apply_delta(old, old.delta_to(new), signed(new), KEYS) == new
    if old.body() != new.body():
        with pytest.raises(StatusListError):
            status.apply_delta(old, "", signed(new), KEYS)


@pytest.mark.parametrize("delta", ["x\n", "+\n", "+AAAAAAAAAAA R", "*AAAAAAAAAAA R\n", "\n"])
def test_a_line_that_is_no_change_is_refused(delta: str) -> None:
    old = edition({LOT: State.RECALLED})
    with pytest.raises(StatusListError):
        status.apply_delta(old, delta, signed(old), KEYS)


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_comes_is_a_list_or_refused_in_words(header: str, body: str) -> None:
    try:
        text = notes.sign_note(f"suyuan.status/1\norigin\n{header}\n", [SIGNER])
        said = repr(status.open_status(text, body, KEYS))
    except InvalidInput as error:
        said = str(error)
    assert said


@pytest.mark.parametrize(
    ("what", "instead"),
    [
        ("suyuan.status/1", "suyuan.status/2"), ('"count":1', '"count":2'),
        ('"seq":1', '"seq":"1"'), ("T00:", "T24:"), ("Z", ""), ('{"as_of"', '{ "as_of"'),
        ("}\n", "}\nmore\n"), ("}\n", "}\n\n"),
    ],
)  # fmt: skip
def test_a_header_that_says_something_else_is_refused(what: str, instead: str) -> None:
    listed = edition({LOT: State.RECALLED})
    changed = listed.text().replace(what, instead, 1)
    note = notes.sign_note(changed, [SIGNER])
    with pytest.raises(InvalidInput):
        status.open_status(note, listed.body(), KEYS)


def test_a_hundred_thousand_entries_are_as_small_as_promised() -> None:
    packages = [(replace(BATCH, serial=f"{n:012d}"), State.HELD) for n in range(100_000)]
    listed = status.list_states(packages, origin="o", seq=1, as_of=AS_OF, next_by=NEXT_BY)
    assert len(listed.body()) == 1_400_000
    assert status.open_status(signed(listed), listed.body(), KEYS) == listed


# --- what a verdict says of it -------------------------------------------------------------------

CODES = Ed25519Signer("trace.example.cn/codes-1", bytes(32))
SINCE = date(2026, 1, 1)
DIRECTORY = Directory(
    origin="trace.example.cn",
    seq=1,
    issued=AS_OF,
    expires=datetime(2036, 1, 1, tzinfo=UTC),
    hosts=(HostEntry("t.example.cn", SINCE),),
    keys=(KeyEntry(CODES.verifier, KeyUse.CODE, "索县", SINCE),),
)
URL = signed_code.sign_code("t.example.cn", LOT, CODES)


def test_a_good_code_of_a_recalled_batch_stays_good_and_is_not_clear() -> None:
    answer = verify(URL, DIRECTORY, edition({LOT: State.RECALLED}), AS_OF)
    assert (answer.verdict, answer.state) == (Verdict.GOOD, State.RECALLED)
    assert (answer.as_of, answer.clear) == (AS_OF, False)


def test_past_its_date_a_list_leaves_nothing_clear() -> None:
    listed = edition({})
    assert verify(URL, DIRECTORY, listed, NEXT_BY).clear
    for now in (NEXT_BY + timedelta(seconds=1), None):
        answer = verify(URL, DIRECTORY, listed, now)
        assert (answer.verdict, answer.stale, answer.clear) == (Verdict.GOOD, True, False)


def test_a_clock_that_was_set_back_leaves_nothing_clear() -> None:
    differ = span("clocks_differ")
    assert verify(URL, DIRECTORY, edition({}), AS_OF - differ).clear
    set_back = AS_OF - differ - timedelta(seconds=1)
    answer = verify(URL, DIRECTORY, edition({}), set_back)
    assert (answer.verdict, answer.clock_behind, answer.clear) == (Verdict.GOOD, True, False)
    alone = verify(URL, DIRECTORY, None, DIRECTORY.issued - differ - timedelta(seconds=1))
    assert (alone.verdict, alone.clock_behind, alone.clear) == (Verdict.GOOD, True, False)


def test_an_unsigned_address_has_its_state_too() -> None:
    answer = verify(f"https://t.example.cn{LOT}", DIRECTORY, edition({LOT: State.VOIDED}), AS_OF)
    assert (answer.verdict, answer.state) == (Verdict.UNSIGNED, State.VOIDED)
