"""What hostile people send: junk, wrong encodings, numbers and dates beyond all measure, bombs.

Never is the answer a defect of ours (5xx), what is refused leaves every table as it was, and who
is refused is told why. On both databases, which refuse different things.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle, islice
from urllib.parse import quote_from_bytes

import hypothesis
import pytest
import sqlalchemy as sa
from hypothesis import strategies as st
from PIL import Image
from werkzeug.test import TestResponse, encode_multipart

from suyuan.trace.acts.opening import open_instance
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from suyuan.trace.database import Base, open_database
from suyuan.trace.settings import Settings
from suyuan.web.protection import MACHINES, OPEN_FORMS
from tests import databases, world
from tests.conftest import KINDS
from tests.opened import CHEAP, OPENING
from tests.trace.sheets import xlsx
from tests.web.every_page import Things, make_things, views
from tests.web_clients import Client, another, signed_in, site

JUNK = 10 * 1024 * 1024
EXAMPLES = 4
"""Forms with something wrong in them, for each of some eighty views."""

NASTY = [
    "谷子".encode("gbk"),
    b"\xff\xfe\x80",
    b"\xed\xa0\x80",
    b"\xc0\x80",
    b"a\0b",
    "\u202e3001 gk".encode(),
    "\ud7ff\uffff".encode(),
    b"1e400",
    b"-1e-400",
    b"nan",
    b"Infinity",
    b"0",
    b"-5",
    b"-0.0000001",
    b"9" * 400,
    "९".encode(),
    "１２０．５公斤".encode(),
    "五百万亿斤".encode(),
    b"9999-99-99",
    b"9999-12-31T23:59",
    b"0001-01-01",
    b"0001-01-01T00:00",
    b"2026-06-01T07:00+99:99",
    b"10000-01-01",
    b"../../etc/passwd",
    b"{0.__class__}",
    b"%s%n",
    b"{{7*7}}",
    b"'; drop table batch; --",
    b"<script>alert(1)</script>",
    b"=cmd|'/c calc'!A1",
    b"a" * 20_000,
    "溯".encode() * 5_000,
    b"\r\nSet-Cookie: a=b",
    b"9223372036854775808",
    b"-9223372036854775809",
    b" ",
    b"",
]
PATHS = [
    "%00", "%ff", "%C0%80", "%ED%A0%80", "%E2%80%AE", "%F0%9F%92%A9", "..%2f..%2fetc%2fpasswd",
    "%252e%252e", "%0d%0aX:%20y", "%EF%BC%91", "%E0%A5%AF" * 16, "1" * 16, "1" * 400, "a" * 8000,
    "-1", "9223372036854775808", "%", "%zz", "%u8c37", "a%5Cb", ";x=1", "%3Cscript%3E", "{0}",
    "%C2%B2" * 16,
]  # fmt: skip
QUERY = (
    "after", "before", "page", "steps", "way", "q", "code", "party", "of", "kind", "goods",
    "batch", "again", "next", "linkType", "lang", "layout", "dpi", "serial", "state", "purpose",
)  # fmt: skip
HEADERS = [
    {"Host": "evil.example"},
    {"Host": "evil.example:99999999"},
    {"Host": "a b\t<script>"},
    {"Host": "[::1"},
    {"Host": ""},
    {"X-Forwarded-For": ", ".join(["10.0.0.1"] * 500), "X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Proto": "javascript", "Forwarded": 'for="[::1";host=evil'},
    {"Accept-Language": "zh;q=nan, bo;q=1e999, " + "x-" * 3000},
    {"Accept": "application/json;q=abc, */*;q=-1, ,;;"},
    {"Cookie": "suyuan=.eJ; lang=../../x; lang=%00"},
    {"If-None-Match": 'W/"' + "x" * 9000, "If-Modified-Since": "yesterday", "Range": "bytes=9-1"},
    {"Authorization": "Bearer \xff\xfe", "User-Agent": "\x01" * 100},
    {"Referer": "http://[", "Origin": "null"},
]
TRICKS = [
    "../../etc/passwd", "..\\..\\windows\\win.ini", "CON", "NUL.jpg", "a.jpg...", ".", "..",
    "名" * 300 + ".jpg", "a\0.jpg", "\u202egpj.exe", "a\r\nX: y.jpg", '"; x="', "/dev/zero",
    "C:\\x.jpg", "\ufffd", " ",
]  # fmt: skip


@dataclass(frozen=True)
class Attacked:
    """A site with one of everything, and the browsers of those who may most.

    ``stood``: the rows that a refusal left, which are those that the next one must leave.
    """

    ledger: Ledger
    things: Things
    clients: dict[str, Client]
    forms: tuple[tuple[str, str], ...]
    pages: tuple[tuple[str, str], ...]
    tokens: dict[Client, str] = field(default_factory=dict)
    stood: list[dict[str, int]] = field(default_factory=list)

    def client(self, endpoint: str) -> Client:
        area = endpoint.partition(".")[0]
        who = {"inspect": "regulator", "admin": "operator", "sign_in": "nobody"}.get(area, "head")
        return self.clients["operator" if endpoint.startswith("parties.") else who]

    def token(self, client: Client, endpoint: str) -> str:
        """The form token of the client's session; a new PIN and signing in begin a new one."""
        if client not in self.tokens:
            self.tokens[client] = client.token("/sign-in")
        token = self.tokens[client]
        if endpoint.startswith(("account.", "sign_in.")):
            del self.tokens[client]
        return token

    def counts(self) -> dict[str, int]:
        """How many rows every table has."""
        tables = sorted(Base.metadata.tables)
        columns = [
            sa.select(sa.func.count()).select_from(Base.metadata.tables[name]).scalar_subquery()
            for name in tables
        ]
        with self.ledger.database.read() as session:
            return dict(zip(tables, session.execute(sa.select(*columns)).one(), strict=True))

    def post(
        self, endpoint: str, address: str, body: bytes, content_type: str, *, token: bool = True
    ) -> TestResponse:
        """Send this, and hold the answer to what every answer must be."""
        client, before = self.client(endpoint), self.stood.pop() if self.stood else self.counts()
        headers = {"X-CSRFToken": self.token(client, endpoint)} if token else {}
        answer = client.post(address, data=body, content_type=content_type, headers=headers)
        self.check(answer, f"{endpoint} {content_type} {body[:300]!r}")
        if answer.status_code >= 400:
            self.stood.append(self.counts())
            assert self.stood == [before], f"{endpoint} {body[:300]!r}"
        return answer

    @staticmethod
    def check(answer: TestResponse, asked: str) -> None:
        """No defect, and a refusal that says something."""
        assert answer.status_code < 500, f"{answer.status_code} {asked}\n{answer.text[-800:]}"
        if answer.status_code >= 400:
            assert len(answer.data) > 20, f"{answer.status_code} {asked}"
        answer.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "attacked" in metafunc.fixturenames:
        kinds = metafunc.config.getoption("database") or KINDS
        metafunc.parametrize("attacked", kinds, indirect=True, scope="module")


@pytest.fixture(scope="module")
def attacked(request: pytest.FixtureRequest, run_folder: object) -> Iterator[Attacked]:
    folder = request.getfixturevalue("tmp_path_factory").mktemp("attacked")
    with databases.fresh(request.param, request.getfixturevalue("run_folder"), folder) as url:
        database = open_database(url)
        settings = Settings(folder / "data", url, folder / "passphrase")
        clock = SetClock(datetime(2026, 6, 1, tzinfo=UTC))
        yield attack(open_instance(database, settings, clock, OPENING, CHEAP))
        database.close()


def attack(ledger: Ledger) -> Attacked:
    head, first = world.make_producer(ledger), site(ledger)
    member = world.make_actor(ledger, str(head.party_uid), "operator")
    things = make_things(ledger, head, member)
    people = {
        "head": head, "regulator": world.make_regulator(ledger),
        "operator": world.make_operator(ledger),
    }  # fmt: skip
    clients = {
        name: signed_in(another(first), ledger, str(one.person_uid)) for name, one in people.items()
    }
    addresses = [
        (method, endpoint, things.address(endpoint, rule))
        for method, endpoint, rule in views(first.application)
    ]
    return Attacked(
        ledger,
        things,
        {"nobody": another(first), **clients},
        tuple((name, address) for method, name, address in addresses if method == "POST"),
        tuple((name, address) for method, name, address in addresses if method == "GET"),
    )


def urlencoded(fields: dict[str, bytes]) -> bytes:
    return b"&".join(f"{name}={quote_from_bytes(value)}".encode() for name, value in fields.items())


FORM = "application/x-www-form-urlencoded"


def test_without_its_token_no_form_does_anything(attacked: Attacked) -> None:
    for endpoint, address in attacked.forms:
        if endpoint in OPEN_FORMS | MACHINES:
            continue  # they hold none: test_pin_page.py and test_channels.py send them wrongly
        boundary, body = encode_multipart(attacked.things.form(endpoint))
        kind = f"multipart/form-data; boundary={boundary}"
        answer = attacked.post(endpoint, address, body, kind, token=False)
        assert answer.status_code == 422, endpoint
        assert "csrf" in answer.text or "came from another site" in answer.text


def test_junk_by_the_ten_megabytes_is_refused(attacked: Attacked) -> None:
    junk = random.Random(1).randbytes(JUNK)
    part = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
    for number, (endpoint, address) in enumerate(attacked.forms):
        fields = attacked.things.form(endpoint)
        files = [name for name, value in fields.items() if isinstance(value, tuple)]
        if files or number % 2:
            names = ((files or ["reason"])[0].encode(), b'; filename="a.jpg"')
            closed = part % names + junk + b"\r\n--x--\r\n"
            attacked.post(endpoint, address, closed, "multipart/form-data; boundary=x")
        if not number % 2:
            attacked.post(endpoint, address, junk, FORM)


def test_forms_that_are_no_forms_are_refused(attacked: Attacked) -> None:
    many = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="reason"\r\n\r\na\r\n' for _ in range(2000)
    )
    headless = b"--x\r\n" + b"A: " + b"b" * 70_000 + b"\r\n\r\n\r\n--x--\r\n"
    bodies = [
        (many + b"--x--\r\n", "multipart/form-data; boundary=x"),
        (headless, "multipart/form-data; boundary=x"),
        (b"--x\r\n\r\n", "multipart/form-data"),
        (b"x", "multipart/form-data; boundary=" + "é" * 200),
        (b"{", "application/json"),
        (b"reason=a&" * 5000, FORM),
        ("reason=原因".encode("gbk"), FORM + "; charset=gbk"),
        (b"%&=&%zz=%&reason=%ff", FORM),
    ]
    turn = cycle(bodies)
    for endpoint, address in attacked.forms:
        for body, kind in islice(turn, 2):
            attacked.post(endpoint, address, body, kind)


def plain_form(attacked: Attacked, endpoint: str) -> dict[str, bytes]:
    """The form that the view takes, without its files."""
    form = attacked.things.form(endpoint)
    return {key: str(one).encode() for key, one in form.items() if not isinstance(one, tuple)}


def test_no_value_of_any_field_makes_the_site_fail(attacked: Attacked) -> None:
    for endpoint, address in attacked.forms:
        send_nonsense(attacked, endpoint, address)


def send_nonsense(attacked: Attacked, endpoint: str, address: str) -> None:
    plain = plain_form(attacked, endpoint)
    fields = st.sampled_from([*plain, "id", "party"])
    values = st.sampled_from(NASTY) | st.binary(max_size=40)

    @hypothesis.settings(
        max_examples=EXAMPLES, derandomize=True, database=None,
        suppress_health_check=list(hypothesis.HealthCheck), phases=[hypothesis.Phase.generate],
    )  # fmt: skip
    @hypothesis.given(wrong=st.dictionaries(fields, values, min_size=1, max_size=2))
    def send(wrong: dict[str, bytes]) -> None:
        attacked.post(endpoint, address, urlencoded({**plain, **wrong}), FORM)

    send()


def test_every_field_bears_every_kind_of_nonsense(attacked: Attacked) -> None:
    values = cycle(NASTY)
    for endpoint, address in attacked.forms:
        plain = plain_form(attacked, endpoint)
        for name in plain:
            for _ in range(2):
                wrong = {name: next(values)}
                attacked.post(endpoint, address, urlencoded({**plain, **wrong}), FORM)


def test_names_of_files_lead_nowhere(attacked: Attacked) -> None:
    out = io.BytesIO()
    Image.new("RGB", (9, 9), (30, 110, 60)).save(out, "JPEG")
    for endpoint, address in attacked.forms:
        fields = attacked.things.form(endpoint)
        for held in [name for name, value in fields.items() if isinstance(value, tuple)]:
            for name in TRICKS:
                data = xlsx([["批号", "数量"], ["B1", 1]]) if held == "file" else out.getvalue()
                sent = {**fields, held: (io.BytesIO(data), name)}
                boundary, body = encode_multipart(sent)
                kind = f"multipart/form-data; boundary={boundary}"
                attacked.post(endpoint, address, body, kind)
    kept = attacked.ledger.settings.data
    assert not [path for path in kept.parent.rglob("*") if "passwd" in path.name]


def bombs() -> dict[str, bytes]:
    """Files that are small and become large."""
    png = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(png, "PNG")
    animated = io.BytesIO()
    frames = [Image.new("P", (400, 400), n % 250) for n in range(150)]
    frames[0].save(animated, "GIF", save_all=True, append_images=frames[1:])
    entities = '<!ENTITY z0 "ha">' + "".join(
        f'<!ENTITY z{n} "{f"&z{n - 1};" * 10}">' for n in range(1, 11)
    )
    laughs = f"<!DOCTYPE a [{entities}]><worksheet>&z10;</worksheet>"
    sheet = xlsx([["批号", "数量"], ["B1", 1]])
    return {
        "picture.png": png.getvalue(),
        "pictures.gif": animated.getvalue(),
        "zeros.xlsx": _with(sheet, "xl/worksheets/sheet1.xml", b"\0" * 300_000_000),
        "laughs.xlsx": _with(sheet, "xl/worksheets/sheet1.xml", laughs.encode()),
        "strings.xlsx": _with(
            sheet, "xl/sharedStrings.xml", b"<sst>" + b"<si><t>a</t></si>" * 9_000_000
        ),
        "broken.xlsx": sheet[: len(sheet) // 2],
        "long.csv": "批号,数量\n".encode() + b"a,1\n" * 2_000_000,
        "wide.csv": b"a," * 3_000_000,
    }


def _with(archive: bytes, name: str, content: bytes) -> bytes:
    """The archive with one member's content exchanged."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for member in old.namelist():
            new.writestr(member, content if member == name else old.read(member))
    return out.getvalue()


def test_bombs_do_not_go_off(attacked: Attacked) -> None:
    for name, data in bombs().items():
        for endpoint in ("desk.sheets.listed", "desk.events.photos"):
            address = dict(attacked.forms)[endpoint]
            fields = attacked.things.form(endpoint)
            held = next(field for field, value in fields.items() if isinstance(value, tuple))
            boundary, body = encode_multipart({**fields, held: (io.BytesIO(data), name)})
            kind = f"multipart/form-data; boundary={boundary}"
            answer = attacked.post(endpoint, address, body, kind)
            assert answer.status_code >= 400, (name, endpoint, answer.location)


def test_no_address_makes_the_site_fail(attacked: Attacked) -> None:
    things = [text for text in vars(attacked.things).values() if isinstance(text, str)]
    things += attacked.things.spare.values()
    things += attacked.things.uploads.values()
    turn = 0
    for endpoint, address in attacked.pages:
        client = attacked.client(endpoint)
        for part in [one for one in address.partition("?")[0].split("/") if one in things]:
            for wrong in PATHS[turn % 4 :: 4]:
                asked = address.replace(part, wrong)
                attacked.check(client.get(asked), asked)
            turn += 1
    for start in ("/t/", "/01/", "/p/", "/1234567890123456789012/t/", "/log/tile/", "/static/"):
        for wrong in PATHS:
            asked = start + wrong
            attacked.check(attacked.clients["nobody"].get(asked), asked)
            raw = attacked.clients["nobody"].get("/", environ_overrides={"RAW_URI": asked})
            attacked.check(raw, asked)


def test_no_question_makes_the_site_fail(attacked: Attacked) -> None:
    names, values = cycle(QUERY), cycle(NASTY)
    for endpoint, address in attacked.pages:
        client = attacked.client(endpoint)
        for name in islice(names, 3):
            wrong = next(values)
            asked = f"{address}{'&' if '?' in address else '?'}{name}={quote_from_bytes(wrong)}"
            attacked.check(client.get(asked), asked)


def test_no_header_makes_the_site_fail_or_leads_elsewhere(attacked: Attacked) -> None:
    turn = cycle(HEADERS)
    for endpoint, address in attacked.pages:
        for headers in islice(turn, 3):
            answer = attacked.client(endpoint).get(address, headers=headers)
            attacked.check(answer, f"{address} {headers}")
            assert "evil" not in answer.headers.get("Location", ""), f"{address} {headers}"


def test_after_all_of_it_people_still_work(attacked: Attacked) -> None:
    assert attacked.clients["head"].get("/desk/").status_code == 200
    assert attacked.clients["regulator"].get("/inspect/").status_code == 200
    assert attacked.clients["operator"].get("/admin/").status_code == 200
