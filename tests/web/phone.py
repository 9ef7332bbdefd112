"""A telephone with /verify on it, and a site that can be made to lie to it."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Literal

import pypdfium2
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from suyuan.labels.from_facts import write_labels
from suyuan.labels.output import Output
from suyuan.trace.printing.queries import codes_of, facts_of
from suyuan.trace.printing.tables import PrintRun
from tests.live import Live

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

KEYS = "/.well-known/suyuan/keys"
STATUS = "/.well-known/suyuan/status"
Lie = Callable[[bytes], bytes]


def new_phone(
    browser: Browser,
    live: Live,
    locale: str = "en-US",
    service_workers: Literal["allow", "block"] = "allow",
) -> BrowserContext:
    """A telephone with nothing on it. Without service workers its pages open sooner."""
    return browser.new_context(
        base_url=live.url,
        viewport={"width": 360, "height": 780},
        locale=locale,
        service_workers=service_workers,
    )


class Phone:
    """One tab on /verify. ``faults``: what its browser complained of."""

    def __init__(self, context: BrowserContext, address: str = "/verify") -> None:
        self.context = context
        self.tab: Page = context.new_page()
        self.faults: list[str] = []
        self.tab.on("pageerror", lambda error: self.faults.append(str(error)))
        self.tab.on("console", lambda line: self._hear(line.type, line.text))
        self.open(address)

    def _hear(self, kind: str, text: str) -> None:
        # that a list could not be fetched is told by the page itself
        if kind == "error" and "Failed to load resource" not in text:
            self.faults.append(text)

    def open(self, address: str = "/verify") -> None:
        self.tab.goto(address)
        self.settle()

    def reload(self) -> None:
        self.tab.reload()
        self.settle()

    def settle(self) -> None:
        """Wait until the page has tried to renew its lists."""
        expect(self.tab.locator("#lists[data-renewed]")).to_be_attached(timeout=20_000)

    def expect_works(self, *keys: str) -> None:
        """What the page says of itself and of the browser."""
        works = self.tab.locator("#works")
        expect(works).to_have_attribute("data-works", " ".join(keys), timeout=20_000)

    def set_clock(self, now: datetime) -> None:
        self.context.clock.set_fixed_time(now)

    def type(self, code: str) -> Locator:
        """Type or paste a code; returns the answer."""
        self.tab.fill("#code", code)
        self.tab.click("form.ask button")
        return self.result

    @property
    def result(self) -> Locator:
        return self.tab.locator("#result")

    def about(self, key: str) -> Locator:
        """The alarm of this kind."""
        return self.tab.locator(f'#result .alarm[data-about="{key}"]')

    def answer_to(self, question: str) -> Locator:
        return self.tab.locator(f'#result [data-question="{question}"]')

    def expect_verdict(self, verdict: str, doubt: str = "") -> None:
        expect(self.result).to_have_attribute("data-verdict", verdict)
        expect(self.result).to_have_attribute("data-doubt", doubt)

    def expect_nothing_green(self) -> None:
        expect(self.result).to_have_attribute("data-good", "false")
        expect(self.tab.locator("#result .good")).to_have_count(0)


@contextmanager
def lying(live: Live, lies: dict[str, Lie]) -> Iterator[list[str]]:
    """Answer at these paths with what the lies make of the truth; gives the paths asked for."""
    honest = live.app.wsgi_app
    asked: list[str] = []

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        asked.append(path)
        lie = lies.get(path)
        if lie is None:
            return honest(environ, start)
        environ.pop("HTTP_IF_NONE_MATCH", None)
        told: list[tuple[str, list[tuple[str, str]]]] = []

        def hear(status: str, headers: list[tuple[str, str]], _: object = None) -> object:
            told.append((status, headers))
            return lambda _data: None

        body = lie(b"".join(honest(environ, hear)))  # type: ignore[arg-type]  # as far as is used
        headers = [(name, value) for name, value in told[0][1] if name != "Content-Length"]
        start("200 OK", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    setattr(live.app, "wsgi_app", answer)  # noqa: B010 - mypy knows it as a method
    try:
        yield asked
    finally:
        setattr(live.app, "wsgi_app", honest)  # noqa: B010 - as above


def printed(live: Live, trace_code: str, dpi: int) -> bytes:
    """The first label of the newest print run, as a picture at a printer's resolution (PNG)."""
    with live.ledger.database.read() as session:
        newest = sa.select(PrintRun).order_by(PrintRun.id.desc())
        run = next(
            run
            for run in session.scalars(newest)
            if run.batch and run.batch.trace_code == trace_code
        )
        facts, labels = facts_of(session, run.uid), codes_of(session, run.uid)
        document = io.BytesIO()
        write_labels(run.template, facts, labels[:1], document, Output(dpi=dpi))
    page = pypdfium2.PdfDocument(document.getvalue())[0]
    picture = io.BytesIO()
    page.render(scale=dpi / 72).to_pil().save(picture, "PNG")
    return picture.getvalue()


def weight(bodies: Iterable[bytes]) -> int:
    """Bytes on the line, each body compressed."""
    return sum(len(gzip.compress(body)) for body in bodies)
