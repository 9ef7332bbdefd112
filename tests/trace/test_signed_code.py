"""Signed codes: what is printed, what is read, and the verdict on both."""

from __future__ import annotations

import json
import random
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from suyuan.trace.checkdigits import gs1_mod10
from suyuan.trace.codes import manifest, paths, signed_code
from suyuan.trace.codes.manifest import LoggedRun, ManifestError, PrintedItem
from suyuan.trace.codes.paths import CodeError, CodePath, GtinPath, TracePath
from suyuan.trace.codes.trace_code import new_trace_code
from suyuan.trace.codes.verify import Verdict, verify
from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys import notes
from suyuan.trace.keys.directory import Directory, HostEntry, KeyEntry, KeyUse, open_directory
from suyuan.trace.keys.notes import Ed25519Signer
from suyuan.trace.log.merkle import ProofError

SINCE = date(2026, 1, 1)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
HOST = "t.example.cn"
SIGNER = Ed25519Signer("trace.example.cn/codes-1", bytes(range(32)))
KEY = KeyEntry(SIGNER.verifier, KeyUse.CODE, "索县", SINCE, date(2026, 2, 1))
DIRECTORY = Directory(
    origin="trace.example.cn",
    seq=1,
    issued=datetime(2026, 1, 1, tzinfo=UTC),
    expires=datetime(2027, 1, 1, tzinfo=UTC),
    hosts=(HostEntry(HOST, SINCE, SINCE), HostEntry("[2001:db8::1]:8771", SINCE, http=True)),
    keys=(KEY,),
)
TRACE = TracePath("5406260847047297")
PACKAGE = GtinPath("06901872446702", "Y266200-A", "005932402442")
URL = signed_code.sign_code(HOST, PACKAGE, SIGNER)

SERIALS = st.none() | st.from_regex("[0-9]{12}", fullmatch=True)
PATHS: st.SearchStrategy[CodePath] = st.builds(
    GtinPath,
    st.from_regex("[0-9]{13}", fullmatch=True).map(lambda body: body + gs1_mod10(body)),
    st.from_regex(paths.LOT, fullmatch=True),
    SERIALS,
) | st.builds(
    TracePath,
    st.integers().map(lambda seed: new_trace_code("540626", random.Random(seed))),
    SERIALS,
)


def verdict(url: str, directory: Directory = DIRECTORY) -> Verdict:
    return verify(url, directory, now=NOW).verdict


def test_every_worked_code_has_the_published_verdict(shared: Path) -> None:
    published = json.loads((shared / "vectors/suyuan/codes.json").read_text("utf-8"))
    root = notes.parse_verifier_key(published["root"])
    directory = open_directory(published["directory"], [root])
    wrong = [
        (case["why"], found.value)
        for case in published["cases"]
        if (found := verdict(case["url"], directory)) != case["verdict"]
    ]
    assert not wrong
    assert len(published["cases"]) == 36


@given(PATHS)
def test_what_is_signed_is_good_whatever_messengers_add(path: CodePath) -> None:
    url = signed_code.sign_code(HOST, path, SIGNER)
    assert paths.parse_path(str(path)) == path
    for seen in (url, url + "?from=x&y#z", url.replace("https://t.ex", "HTTPS://T.EX")):
        answer = verify(seen, DIRECTORY, now=NOW)
        assert (answer.verdict, answer.path, answer.issuer) == (Verdict.GOOD, path, "索县")
        assert answer.clear
    assert verdict(f"https://{HOST}{path}") is Verdict.UNSIGNED
    assert str(path).startswith(str(path.batch))
    assert path.batch.serial is None


def test_the_number_always_has_its_164_digits() -> None:
    assert len(URL) == len(f"https://{HOST}/1") + 164 + len(str(PACKAGE))
    lengths = {
        len(signed_code.sign_code(HOST, TracePath(TRACE.code, f"{n:012d}"), SIGNER))
        for n in range(200)
    }
    assert len(lengths) == 1


def mutated(url: str, rng: random.Random) -> str:
    """One or two places replaced, removed, doubled or swapped."""
    text = url
    for _ in range(rng.randint(1, 2)):
        place = rng.randrange(len(text))
        put = rng.choice(["", *"0123456789/\\@:.?#%aZ- \t\n１é\u202e\ud800", text[place] * 2])
        text = text[:place] + put + text[place + 1 :]
    return text


def test_ten_thousand_altered_codes_are_never_good_unless_they_say_the_same() -> None:
    rng = random.Random(20261101)
    for _ in range(10_000):
        text = mutated(URL, rng)
        answer = verify(text, DIRECTORY, now=NOW)
        if answer.verdict is Verdict.GOOD:
            assert (answer.path, answer.host) == (PACKAGE, HOST)
            assert text.lower().startswith(URL.lower())


@settings(max_examples=300)
@given(st.text(max_size=80))
@example("\ud800")
@example("https://" + "a." * 50_000 + "/t/5406260847047297")
@example("https://t.example.cn/1" + "9" * 100_000)
def test_whatever_is_scanned_gets_a_verdict(text: str) -> None:
    prefix = URL.partition("/01/")[0]
    tails = (text, prefix + text, f"{prefix}/t/{text}", f"{prefix}/01/{text}", URL + text)
    for candidate in tails:
        answer = verify(candidate, DIRECTORY, now=NOW)
        assert (answer.fault is not None) == (answer.verdict is Verdict.MALFORMED)
        if answer.fault is not None:
            assert str(answer.fault)


@pytest.mark.parametrize(
    "url",
    [
        URL + "\n", URL + "?\n", URL + "?é", "\t" + URL, URL.replace("https:", "ftp:"),
        URL.replace("https://", "https:/"), URL.replace(HOST, ""), URL.replace(HOST, "t_x.cn"),
        URL.replace(HOST, HOST + ":"), URL.replace(HOST, HOST + ":123456"),
        URL.replace(HOST, "t.example.cn%2eevil"), URL.replace("/01/", "//01/"),
        URL.replace("/01/", "/t/../01/"), URL.replace("/01/", "/O1/"), URL.replace("/1", "/0", 1),
        URL.replace("/1", "/11", 1),
        URL.replace("https", "\u017fhttps"), URL.replace("s:", "\u017f:"),
    ],
)  # fmt: skip
def test_what_other_readers_of_urls_might_mend_is_malformed(url: str) -> None:
    assert verdict(url) is Verdict.MALFORMED


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "/01/06901872446702", "/01/6901872446702/10/A", "/01/06901872446702/10/-A",
        "/01/06901872446702/10/A-", "/01/06901872446702/10/" + "A" * 21,
        "/01/06901872446702/10/A/21/1", "/01/06901872446702/10/A b", "/01/06901872446702/10/批",
        "/01/06901872446703/10/A", "/t/5406260847047290", "/t/540626084704729",
        "/t/5406260847047297/1", "/t/5406260847047297/", "/t/5406 2608 4704 7297",
        "/T/5406260847047297", "/t/༥༤༠༦༢༦༠༨༤༧༠༤༧༢༩༧", "/01/06901872446702/10/A\n",
    ],
)  # fmt: skip
def test_a_path_has_one_writing(path: str) -> None:
    with pytest.raises(InvalidInput):
        paths.parse_path(path)


def test_a_lot_that_a_path_cannot_hold_is_told_before() -> None:
    assert paths.lot_fits_path("Y266200-A")
    assert paths.lot_fits_path("7")
    assert not any(map(paths.lot_fits_path, ["", "..", "A/B", "批次", "A ", "a" * 21]))
    with pytest.raises(CodeError):
        GtinPath("06901872446702", "..")
    with pytest.raises(CodeError):
        TracePath(TRACE.code, "12")


# --- the order of verdicts -----------------------------------------------------------------------


def test_each_verdict_comes_before_those_after_it() -> None:
    """Everything is wrong at first; mended one by one, the verdicts appear in their order."""
    stranger = Ed25519Signer("other.example/codes", bytes(32))
    narrow = replace(KEY, gtin=("000",), revoked_at_size=5)
    directory = replace(DIRECTORY, keys=(narrow,))
    elsewhere = signed_code.sign_code("evil.example", PACKAGE, stranger)
    assert verdict(elsewhere.replace("/1", "/2", 1), directory) is Verdict.NEWER_FORMAT
    assert verdict(elsewhere, directory) is Verdict.UNKNOWN_KEY
    signed = signed_code.sign_code("evil.example", PACKAGE, SIGNER)
    assert verdict(signed.replace("Y266200-A", "Y266200-B"), directory) is Verdict.FORGED
    assert verdict(signed, directory) is Verdict.OUT_OF_SCOPE
    wide = replace(DIRECTORY, keys=(replace(narrow, gtin=()),))
    assert verdict(signed, wide) is Verdict.OTHER_HOST
    assert verdict(URL, wide) is Verdict.REVOKED_KEY
    assert verdict(URL) is Verdict.GOOD
    assert [each for each in Verdict if each.alarms] == [Verdict.UNKNOWN_KEY, Verdict.FORGED]


def test_a_key_past_its_dates_still_verifies_what_it_signed() -> None:
    assert KEY.until is not None
    assert KEY.until < NOW.date()
    assert verdict(URL) is Verdict.GOOD


def test_where_ids_collide_every_matching_key_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    namesake = Ed25519Signer("trace.example.cn/codes-2", bytes(32))
    directory = replace(DIRECTORY, keys=(replace(KEY, key=namesake.verifier), KEY))
    monkeypatch.setattr(notes, "key_id", lambda *_: SIGNER.key_id)
    assert len(directory.with_id(SIGNER.key_id)) == 2
    assert verify(URL, directory).key == KEY


def test_a_host_with_http_is_good_either_way_and_others_are_not() -> None:
    host = "[2001:db8::1]:8771"
    assert verdict(signed_code.sign_code(host, TRACE, SIGNER, "http")) is Verdict.GOOD
    assert verdict(signed_code.sign_code(host, TRACE, SIGNER)) is Verdict.GOOD
    for other in (HOST, "evil.example"):
        assert verdict(signed_code.sign_code(other, TRACE, SIGNER, "http")) is Verdict.MALFORMED
        assert verdict(f"http://{other}{TRACE}") is Verdict.MALFORMED


def test_past_its_date_a_directory_leaves_nothing_clear() -> None:
    late = verify(URL, DIRECTORY, now=datetime(2027, 1, 2, tzinfo=UTC))
    assert (late.verdict, late.stale, late.clear) == (Verdict.GOOD, True, False)


# --- revoked keys and print runs -----------------------------------------------------------------

ITEMS = [PrintedItem(TracePath(TRACE.code, f"{n:012d}"), bytes([n] * 16)) for n in range(7)]
REVOKED = replace(DIRECTORY, keys=(replace(KEY, revoked_at_size=17),))


def run_of(index: int, leaf_index: int) -> LoggedRun:
    return LoggedRun(leaf_index, manifest.manifest_root(ITEMS), manifest.prove_item(ITEMS, index))


def test_a_published_manifest_has_the_published_root(shared: Path) -> None:
    case = json.loads((shared / "vectors/suyuan/log.json").read_text("utf-8"))["manifest"]
    items = [
        PrintedItem(paths.parse_path(path), b64decode(salt))
        for path, salt in zip(case["paths"], case["salts"], strict=True)
    ]
    assert manifest.manifest_root(items) == b64decode(case["root"])


@pytest.mark.parametrize(("leaf_index", "expected"), [(16, "good"), (17, "revoked-key")])
def test_a_code_of_a_revoked_key_is_good_if_its_run_was_logged_before(
    leaf_index: int, expected: str
) -> None:
    url = signed_code.sign_code(HOST, ITEMS[3].path, SIGNER)
    answer = verify(url, REVOKED, find_run=lambda _: run_of(3, leaf_index))
    assert answer.verdict == expected


def test_a_run_that_does_not_hold_the_code_confirms_nothing() -> None:
    url = signed_code.sign_code(HOST, ITEMS[3].path, SIGNER)
    other = replace(run_of(3, 1), root=bytes(32))
    short = replace(run_of(3, 1), root=b"")
    for run in (None, run_of(2, 1), other, short, replace(run_of(3, 1), leaf_index=-1)):
        answer = verify(url, REVOKED, find_run=lambda _, run=run: run)  # type: ignore[misc]
        assert answer.verdict is Verdict.REVOKED_KEY


@pytest.mark.parametrize("index", range(7))
def test_each_code_of_a_run_can_be_shown_to_be_in_it(index: int) -> None:
    root = manifest.manifest_root(ITEMS)
    proof = manifest.prove_item(ITEMS, index)
    manifest.check_item(proof, root)
    with pytest.raises(ProofError):
        manifest.check_item(replace(proof, item=ITEMS[index - 1]), root)


def test_a_run_without_codes_and_a_salt_of_another_length_are_refused() -> None:
    with pytest.raises(ManifestError):
        manifest.manifest_root([])
    with pytest.raises(ManifestError):
        manifest.manifest_root([PrintedItem(TRACE, bytes(15))])


# --- label hosts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["t.example.cn", "t.example.cn:8443", "xn--fiqs8s.example"])
def test_a_name_of_ones_own_may_be_printed(host: str) -> None:
    signed_code.require_label_host(host)


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:80", "a.localhost", "127.0.0.1", "10.0.0.7:8771", "[::1]:80"]
)
def test_a_host_that_is_another_machine_elsewhere_is_for_demonstrations(host: str) -> None:
    with pytest.raises(CodeError):
        signed_code.require_label_host(host)
    signed_code.require_label_host(host, demonstration=True)


@pytest.mark.parametrize(
    "host", ["", "T.example.cn", "https://t.example.cn", "t.example.cn/", "a b"]
)
def test_what_is_no_host_may_never_be_printed(host: str) -> None:
    for demonstration in (False, True):
        with pytest.raises(CodeError):
            signed_code.require_label_host(host, demonstration)
