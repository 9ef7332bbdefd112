"""The verifier in the page and the one in Python say the same of every code, note and number."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from suyuan.trace.canonical import read_canonical
from suyuan.trace.codes.paths import parse_path
from suyuan.trace.codes.status import State, StatusList, list_states, open_status, status_token
from suyuan.trace.codes.trace_code import TraceCodeError
from suyuan.trace.codes.typed import read_typed
from suyuan.trace.codes.verify import Verdict, verify
from suyuan.trace.errors import SuyuanError
from suyuan.trace.keys.directory import open_directory
from suyuan.trace.keys.notes import Ed25519Signer, sign_note
from tests.live import Live, live_site
from tests.web import mutated_codes
from tests.web.mutated_codes import ROOT, cases, directory, directory_note, signer

ENOUGH = 500
AT_LEAST = {
    Verdict.GOOD: 30, Verdict.FORGED: 60, Verdict.MALFORMED: 200, Verdict.OTHER_HOST: 20,
    Verdict.UNKNOWN_KEY: 20, Verdict.NEWER_FORMAT: 10, Verdict.OUT_OF_SCOPE: 5,
    Verdict.REVOKED_KEY: 5, Verdict.UNSIGNED: 5,
}  # fmt: skip
"""How many of each there must be, lest a verdict is agreed upon because it never comes."""

WITHOUT_OWN = "Object.defineProperty(crypto, 'subtle', {value: undefined})"
"""Makes a browser that has no signatures of its own, nor hashes."""


@pytest.fixture(scope="module")
def live(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live_site(run_folder, tmp_path_factory.mktemp("live")) as site:
        yield site


@pytest.fixture(scope="module", params=["WebCrypto", "tweetnacl"])
def tab(request: pytest.FixtureRequest, browser: Browser, live: Live) -> Iterator[Tab]:
    """A page of the site, so that its scripts can be imported there."""
    context = browser.new_context(base_url=live.url)
    if request.param == "tweetnacl":
        context.add_init_script(WITHOUT_OWN)
    page = context.new_page()
    page.goto("/healthz")
    native = page.evaluate(
        """async () => {
          const { isNative, setFallback } = await import("/static/verify/ed25519.js");
          setFallback("/static/vendor/tweetnacl.js");
          return isNative();
        }"""
    )
    assert native == (request.param == "WebCrypto")
    yield page
    context.close()


VERDICTS = """async ({ note, root, texts }) => {
  const { parseVerifierKey } = await import("/static/verify/notes.js");
  const { openDirectory } = await import("/static/verify/directory.js");
  const { verify } = await import("/static/verify/verdict.js");
  const directory = await openDirectory(note, parseVerifierKey(root));
  const verdicts = [];
  for (const text of texts) verdicts.push((await verify(text, directory)).verdict);
  return verdicts;
}"""


def _verdicts(tab: Tab, note: str, root: str, texts: list[str]) -> list[str]:
    asked = {"note": note, "root": root, "texts": texts}
    found: list[str] = tab.evaluate(VERDICTS, asked)
    return found


def test_both_say_the_same_of_every_mutated_code(tab: Tab) -> None:
    tried = cases()
    opened = open_directory(directory_note(), [ROOT.verifier])
    python = [verify(case.text, opened).verdict for case in tried]
    page = _verdicts(tab, directory_note(), str(ROOT.verifier), [case.text for case in tried])
    differ = [
        f"{case.why}: Python {ours.value}, page {theirs}: {case.text}"
        for case, ours, theirs in zip(tried, python, page, strict=True)
        if ours != theirs
    ]
    assert not differ, "\n".join(differ)
    assert len(tried) >= ENOUGH
    counted = Counter(python)
    assert not {one: counted[one] for one, least in AT_LEAST.items() if counted[one] < least}


def test_the_mutated_codes_are_the_same_in_every_run() -> None:
    assert cases() == cases()
    twins = {one.key_id for one in (mutated_codes.TWIN_A, mutated_codes.TWIN_B)}
    assert len(twins) == 1


def test_the_page_decides_the_published_codes(tab: Tab, shared: Path) -> None:
    published = json.loads((shared / "vectors" / "suyuan" / "codes.json").read_text())
    texts = [case["url"] for case in published["cases"]]
    found = _verdicts(tab, published["directory"], published["root"], texts)
    assert found == [case["verdict"] for case in published["cases"]]


def test_the_page_reads_the_published_status_list(tab: Tab, shared: Path) -> None:
    published = json.loads((shared / "vectors" / "suyuan" / "status.json").read_text())
    found = tab.evaluate(
        """async ({ key, note, body, states }) => {
          const { parseVerifierKey } = await import("/static/verify/notes.js");
          const { openStatus, tokenOf } = await import("/static/verify/status.js");
          const signer = { key: parseVerifierKey(key), use: "status", revoked: false };
          const directory = { origin: "trace.example.cn", keys: [signer] };
          const list = await openStatus(note, body, directory);
          return Object.keys(states).map((path) => list.states.get(tokenOf(path)));
        }""",
        published,
    )
    assert found == list(published["states"].values())


# --- trace codes ---------------------------------------------------------------------------------

TYPED = (
    "5406260847047297", "5406 2608 4704 7297", "５４０６２６０８４７０４７２９７",
    "༥༤༠༦༢༦༠༨༤༧༠༤༧༢༩༧",
    "5406-260847047297", "5406\u201126084704\u20147297", "\ufeff5406260847047297\u200b",
    "5406\u30002608\t47047297\n", "5406260847047290", "540626084704729", "54062608470472970",
    "O406260847047297", "", " ", "5406/2608/4704/7297", "٥٤٠٦٢٦٠٨٤٧٠٤٧٢٩٧", "5406260847047297.",
    "0000000000000000", "9999999999999999", "5406_2608_4704_7297", "二维码", "😀406260847047297",
    "5406 2608 4704 7297 0123 4567 8901", "5406260847047297/0123-4567-8901",
    "5406260847047297༠༡༢༣༤༥༦༧༨༩༠༡", "5406 2608 4704 7297 O123 4567 8901",
    "5406260847047297x012345678901", "5406260847047297/012345678901x", "5406260847047297/",
    "5406260847047297/01234567890", "5406260847047297//012345678901",
    "540/6260847047297012345678901",
    "54062608470472970123456789012", "5406260847047297٠٠٠٠٠٠٠٠٠٠٠٠", "5406260847047290012345678901",
    "540626084704729O0123456789O1", "5406260847047297/😀12345678901",
)  # fmt: skip


def _typed(text: str) -> str:
    """The path, or what is wrong, as the page calls it."""
    try:
        return str(read_typed(text))
    except TraceCodeError as error:
        of = "serial-" if error.field == "serial" else ""
        return of + error.problem.replace(" ", "-")


def _typed_in_page(tab: Tab, texts: list[str]) -> list[str]:
    found: list[str] = tab.evaluate(
        """async (texts) => {
          const { parseTyped } = await import("/static/verify/paths.js");
          return texts.map((text) => {
            try {
              return parseTyped(text).text;
            } catch (fault) {
              return fault.kind;
            }
          });
        }""",
        texts,
    )
    return found


def test_both_read_a_typed_trace_code_the_same(tab: Tab) -> None:
    texts = [*TYPED, *(f"54062608470472{n:02d}" for n in range(100))]
    assert _typed_in_page(tab, texts) == [_typed(text) for text in texts]


def test_the_page_decides_the_published_typed_codes(tab: Tab, shared: Path) -> None:
    published = json.loads((shared / "vectors" / "suyuan" / "trace_codes.json").read_text())
    found = _typed_in_page(tab, [case["typed"] for case in published])
    expected = [
        f"/t/{case['code']}" if "code" in case else case["error"].replace(" ", "-")
        for case in published
    ]
    assert found == expected


# --- what is signed ------------------------------------------------------------------------------

STATUS = signer("status-1", "status")


def _directories() -> list[str]:
    """A directory, and texts near it that are signed rightly, wrongly or not at all."""
    text, note = directory().text(), directory_note()
    strange = signer("root", "another root")
    near = [
        note, note[:-1], note + "\n", "\ufeff" + note, note.replace("\n\n", "\n"), "",
        note.replace("索县", "那曲", 1), note.replace("\u2014 ", "- "),
        note.replace(f"{ROOT.name} ", f"{ROOT.name}x "), note + note.splitlines()[-1] + "\n",
        note.replace("=", "", 1), str(sign_note(text, (strange,))),
        str(sign_note(text, (strange, ROOT))), str(sign_note(text, (ROOT, signer("w", "w")))),
    ]  # fmt: skip
    changed = [
        text.replace("suyuan.keys/1", "suyuan.keys/2"), text.replace('"seq":4', '"seq":4.5'),
        text.replace('"seq":4', '"seq":-1'), text.replace('"seq":4', '"seq":"4"'),
        text.replace('"seq":4', '"seq":9007199254740993'), text.replace('"seq":4', '"seq": 4'),
        text.replace('"seq":4', '"seq":4,"zz":[1e21,{"ä":null}]'),
        text.replace("2036-06-01T00", "2036-02-30T00"),
        text.replace("2036-06-01T00", "2036-06-01T24"),
        text.replace("00:00:00Z", "00:00:00+00:00"),
        text.replace('"from":"2026-01-01"', '"from":"2026-13-01"'),
        text.replace('"state":"active"', '"state":"asleep"', 1),
        text.replace('"use":"log"', '"use":"witness"'),
        text.replace('"use":"log"', '"use":"code"'), text.replace('"revoked_at_size":17,', ""),
        text.replace('"http":true', '"http":1'), text.replace('"6909999"', '"69099990000000"'),
        text.replace('"6909999"', "6909999"), text + text.splitlines()[-1] + "\n",
        text + '{"host":"a","key":"b"}\n', text + "[]\n", text + "{}\n", text + "null\n",
        text.replace("t.example.cn", "T.example.cn"), text.replace(f"{CODES_ID}", "00000000"),
        text.replace("\n{", "\n\n{", 1), text.replace("索", "\\u7d22", 1),
    ]  # fmt: skip
    return [*near, *(str(sign_note(one, (ROOT,))) for one in changed)]


CODES_ID = mutated_codes.CODES.key_id.hex()


def _is_taken(opening: Callable[[], Any]) -> bool:
    try:
        opening()
    except SuyuanError:
        return False
    return True


def test_both_believe_the_same_directories(tab: Tab) -> None:
    notes = _directories()
    python = [_is_taken(partial(open_directory, note, [ROOT.verifier])) for note in notes]
    page = tab.evaluate(
        """async ({ notes, root }) => {
          const { parseVerifierKey } = await import("/static/verify/notes.js");
          const { openDirectory } = await import("/static/verify/directory.js");
          const { Refused } = await import("/static/verify/bytes.js");
          const key = parseVerifierKey(root);
          const refused = (fault) => {
            if (fault instanceof Refused) return false;
            throw fault;
          };
          const taken = (note) => openDirectory(note, key).then(() => true, refused);
          return Promise.all(notes.map(taken));
        }""",
        {"notes": notes, "root": str(ROOT.verifier)},
    )
    differ = [
        note for note, ours, theirs in zip(notes, python, page, strict=True) if ours != theirs
    ]
    assert not differ
    assert {True, False} == set(python)


def _list(count: int) -> StatusList:
    states = ((parse_path(_path_number(n)), list(State)[n % len(State)]) for n in range(count))
    return list_states(
        states,
        origin=mutated_codes.ORIGIN,
        seq=9,
        as_of=datetime(2026, 6, 1, tzinfo=UTC),
        next_by=datetime(2026, 6, 2, tzinfo=UTC),
    )


def _path_number(number: int) -> str:
    return f"/01/06901872446702/10/L{number}"


def _signed(text: str, *signers: Ed25519Signer) -> str:
    return str(sign_note(text, signers or (STATUS,)))


def test_both_believe_the_same_status_lists(tab: Tab) -> None:
    found = _list(40)
    body, note = found.body(), _signed(found.text())
    lines = body.splitlines(keepends=True)
    pairs = [
        (note, body), (note, ""), (note, body[:-1]), (note, body + "\n"),
        (note, "".join(lines[1:])), (note, "".join(reversed(lines))), (note, body + lines[-1]),
        (note, body.replace(" R", " V", 1)),
        (_signed(found.text(), ROOT), body), (_signed(found.text(), ROOT, STATUS), body),
        (note.replace('"seq":9', '"seq":10'), body),
        (_signed(found.text().replace('"count":40', '"count":41')), body),
        (_signed(found.text().replace('"seq":9', '"a":1,"seq":9')), body),
        (_signed(found.text().replace("status/1", "status/2")), body),
        (_signed(replace(found, origin="other.example.cn").text()), body),
        (_signed(replace(found, origin="").text()), body),
        (_signed(found.text() + "x\n"), body), (_signed(_list(0).text()), ""), (note, body.lower()),
    ]  # fmt: skip
    keys = [STATUS.verifier]
    opening = partial(open_status, origin=mutated_codes.ORIGIN)
    python = [_is_taken(partial(opening, note, body, keys)) for note, body in pairs]
    page = tab.evaluate(
        """async ({ pairs, key }) => {
          const { parseVerifierKey } = await import("/static/verify/notes.js");
          const { openStatus } = await import("/static/verify/status.js");
          const signer = { key: parseVerifierKey(key), use: "status", revoked: false };
          const directory = { origin: "trace.example.cn", keys: [signer] };
          const opened = pairs.map(([note, body]) => openStatus(note, body, directory));
          return (await Promise.allSettled(opened)).map((one) => one.status === "fulfilled");
        }""",
        {"pairs": [list(pair) for pair in pairs], "key": str(STATUS.verifier)},
    )
    assert page == python
    assert {True, False} == set(python)


def test_a_long_list_is_read_and_brought_up_to_date_by_its_delta(tab: Tab) -> None:
    """5 000 entries: the hash is ours, the browser has none without https."""
    older, newer = _list(4000), _list(5000)
    state = tab.evaluate(
        """async ({ older, delta, note, key, token }) => {
          const { parseVerifierKey } = await import("/static/verify/notes.js");
          const { applyDelta, openStatus } = await import("/static/verify/status.js");
          const signer = { key: parseVerifierKey(key), use: "status", revoked: false };
          const directory = { origin: "trace.example.cn", keys: [signer] };
          const list = await openStatus(note, applyDelta(older, delta), directory);
          return list.states.get(token);
        }""",
        {
            "older": older.body(),
            "delta": older.delta_to(newer),
            "note": _signed(newer.text()),
            "key": str(STATUS.verifier),
            "token": status_token(parse_path(_path_number(4999))),
        },
    )
    assert state == list(State)[4999 % len(State)]


def test_the_hash_is_sha256(tab: Tab) -> None:
    """Every length round the edges of a block."""
    texts = [bytes(range(256))[:length] * 3 for length in range(60)]
    found = tab.evaluate(
        """async (encoded) => {
          const { sha256 } = await import("/static/verify/sha256.js");
          const { hex, readBase64 } = await import("/static/verify/bytes.js");
          return encoded.map((one) => hex(sha256(readBase64(one))));
        }""",
        [base64.b64encode(text).decode() for text in texts],
    )
    assert found == [hashlib.sha256(text).hexdigest() for text in texts]


CANONICAL = (
    "1", "1.0", "-0", "1e21", "1e+21", '{"a":1,"b":2}', '{"b":1,"a":2}', '{"a":1,"a":1}',
    '"\\u0041"', "9007199254740992", "100000000000000000000",
    '"é"', '"\\ud800"', '"\\/"', '"\\u000b"', '"\\u001f"', "[1,[2]]", "[1, 2]", " 1", "NaN", "null",
    '{"\\ud83d\\ude00":1}', '{"😀":1,"ﬀ":2}', '{"ﬀ":2,"😀":1}', "9007199254740991", "0.1", "1E2",
    "100", '{"__proto__":1}', "", "{", "true", '"\x7f"', "333333333.3333333", "1e-7", "0.0000001",
)  # fmt: skip


def test_both_know_the_one_way_of_writing_json(tab: Tab) -> None:
    python = [_is_taken(partial(read_canonical, text)) for text in CANONICAL]
    page = tab.evaluate(
        """async (texts) => {
          const { readCanonical } = await import("/static/verify/canonical.js");
          const isRead = (text) => {
            try {
              readCanonical(text);
              return true;
            } catch {
              return false;
            }
          };
          return texts.map(isRead);
        }""",
        list(CANONICAL),
    )
    differ = [
        text for text, ours, theirs in zip(CANONICAL, python, page, strict=True) if ours != theirs
    ]
    assert not differ
