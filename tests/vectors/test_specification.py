"""The pages of the specification: each worked example is what the vectors say, each link leads."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from suyuan.trace.codes.status import State
from suyuan.trace.codes.verify import Verdict
from suyuan.trace.keys.directory import KeyUse

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = sorted((DOCS / "specification").glob("*.md"))
EXAMPLE = re.compile(
    r"<!-- (?P<file>[a-z-]+\.json) (?P<member>\w+) -->\n"
    r"(?:```text\n(?P<text>.*?)\n```|"
    r"\| step \| value \|\n\| --- \| --- \|\n(?P<rows>(?:\|[^\n]*\n)+))",
    re.DOTALL,
)
ROW = re.compile(r"\| (.+?) \| `(.+)` \|")
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")


def examples() -> list[tuple[str, str, Any, Any]]:
    """File, member, what the page says, what the vectors say."""
    found = []
    for page in PAGES:
        for match in EXAMPLE.finditer(page.read_text("utf-8")):
            vectors = json.loads((DOCS / "vectors" / match["file"]).read_text("utf-8"))
            said: Any = match["text"]
            if said is None:
                said = dict(ROW.findall(match["rows"]))
            found.append((match["file"], match["member"], said, vectors[match["member"]]))
    return found


def test_every_worked_example_is_what_the_vectors_say() -> None:
    for file, member, said, vector in examples():
        wanted = vector.rstrip("\n") if isinstance(vector, str) else vector
        assert said == wanted, (file, member)


def test_every_worked_vector_stands_in_a_page() -> None:
    told = {(file, member) for file, member, _, _ in examples()}
    there = {
        (file.name, member)
        for file in (DOCS / "vectors").glob("*.json")
        for member in json.loads(file.read_text("utf-8"))
        if member.startswith("worked")
    }
    assert told == there
    marks = sum(page.read_text("utf-8").count("<!-- ") for page in PAGES)
    assert marks == len(examples())


def test_the_verdicts_stand_in_their_order() -> None:
    page = (DOCS / "specification" / "codes.md").read_text("utf-8")
    rows = re.findall(r"^\| ([1-9]) \| `([a-z-]+)` \|", page, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 10))
    assert {verdict for _, verdict in rows} == {one.value for one in Verdict}
    after_malformed = [
        one.value for one in Verdict if one not in (Verdict.UNSIGNED, Verdict.MALFORMED)
    ]
    assert [verdict for _, verdict in rows][2:] == after_malformed


def test_the_states_stand_the_gravest_first() -> None:
    page = (DOCS / "specification" / "directory-and-status.md").read_text("utf-8")
    (rule,) = re.findall(r"^state = (.+)$", page, re.MULTILINE)
    assert re.findall('"(.)"', rule) == [one.value for one in State]
    for use in KeyUse:
        assert f"`{use.value}`" in page


@pytest.mark.parametrize(
    "page", [*PAGES, DOCS / "formats.md", DOCS / "README.md", DOCS / "vectors" / "README.md",
             DOCS / "log.md", DOCS / "integrators.md"], ids=lambda page: page.name
)  # fmt: skip
def test_every_link_leads_somewhere(page: Path) -> None:
    for target, heading in LINK.findall(re.sub("`[^`\n]*`", "", page.read_text("utf-8"))):
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), target
        if heading:
            headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE)
            assert heading in {_anchor(one) for one in headings}, (target, heading)


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
