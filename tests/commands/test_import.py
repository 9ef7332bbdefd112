"""``suyuan import`` as somebody at the machine types it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from suyuan.cli import main
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches.tables import Batch
from suyuan.trace.intake.tables import Upload, WorkItem
from suyuan.trace.intake.template import make_template
from suyuan.trace.settings import Settings
from tests.trace.sheets import xlsx
from tests.world import make_party

MILLET: list[list[Any]] = [
    ["单位：公斤　2025年"],
    ["批号", "农户", "数量", "日期"],
    ["A-01", "张三", "120.5公斤", "2025.10.3"],
    ["A-02", "李四", 88, "2025-10-04"],
]
COOPERATIVE = "喀左县某合作社"
Import = Callable[..., Result]


@pytest.fixture
def run(ledger: Ledger, settings: Settings, tmp_path: Path) -> Import:
    """Types ``suyuan import`` for a cooperative that keeps its own sheet."""
    make_party(ledger, name=COOPERATIVE)
    sheet = tmp_path / "谷子.xlsx"
    sheet.write_bytes(xlsx(MILLET))

    def type_(*words: str, file: Path = sheet, party: str = COOPERATIVE) -> Result:
        environment = {
            "SUYUAN_DATA": str(settings.data),
            "SUYUAN_DATABASE_URL": settings.database_url,
            "SUYUAN_PASSPHRASE_FILE": str(settings.passphrase_file),
            "LC_ALL": "C.UTF-8",
        }
        command = ["import", str(file), "--party", party, *words]
        return CliRunner().invoke(main, command, env=environment)

    return type_


OWN = ("--family", "grain", "--variant", "millet")


def counted(ledger: Ledger, table: type[Any]) -> int:
    with ledger.database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def mapping(tmp_path: Path, run: Import, **changes: Any) -> str:
    """A file with the mapping that is recognised, changed where asked."""
    told = json.loads(run(*OWN, "--dry-run", "--json").stdout)
    file = tmp_path / "mapping.json"
    file.write_text(json.dumps({**told["mapping"], **changes}))
    return str(file)


def test_doubts_are_listed_and_nothing_goes_in(ledger: Ledger, run: Import) -> None:
    told = run(*OWN)
    assert told.exit_code == 1, told.output
    assert "4C:unit-from-title" in told.stderr
    assert counted(ledger, Batch) == counted(ledger, Upload) == 0


def test_accepted_rows_go_in(ledger: Ledger, run: Import, tmp_path: Path) -> None:
    each = ("--mapping", mapping(tmp_path, run, row_is="batch"))
    accept = ("--accept", "unit-from-title=全表按公斤")
    rehearsed = run(*OWN, *each, *accept, "--dry-run")
    assert rehearsed.exit_code == 0, rehearsed.stderr
    assert counted(ledger, Batch) == counted(ledger, Upload) == 0
    told = run(*OWN, *each, *accept, "--json")
    assert told.exit_code == 0, told.stderr
    answer = json.loads(told.stdout)
    assert answer["written"] is True
    assert len(answer["batches"]) == counted(ledger, Batch) == 2
    assert run(*OWN, "--dry-run", "--json").exit_code == 1, "a reason is not remembered"
    remembered = json.loads(run(*OWN, "--dry-run", "--json").stdout)["mapping"]
    assert remembered["row_is"] == "batch"


def test_rows_are_set_aside_by_kind_or_number(ledger: Ledger, run: Import, tmp_path: Path) -> None:
    each = ("--mapping", mapping(tmp_path, run, row_is="batch"))
    told = run(*OWN, *each, "--set-aside", "unit-from-title=等复称")
    assert told.exit_code == 0, told.stderr
    assert (counted(ledger, Batch), counted(ledger, WorkItem)) == (1, 1)
    nothing = run(*OWN, *each, "--set-aside", "3", "--set-aside", "4")
    assert nothing.exit_code == 1, "no row went in"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--family", "stones", "--variant", "x"), "stones"),
        (("--family", "grain"), "Say which variant of grain it is; there are: "),
        ((*OWN, "--accept", "unit-from-title"), "Say why"),
        ((*OWN, "--set-aside", "999"), "999"),
        ((*OWN, "--template"), "not a sheet that was downloaded"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(run: Import, words: tuple[str, ...], says: str) -> None:
    told = run(*words)
    assert told.exit_code == 1
    assert says in told.stderr
    assert "Traceback" not in told.output


def test_an_unknown_organisation_and_a_broken_mapping_are_told(run: Import, tmp_path: Path) -> None:
    assert "nobody" in run(*OWN, party="nobody").stderr
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    assert "not JSON" in run(*OWN, "--mapping", str(broken)).stderr


def test_our_own_sheet_is_told_from_others(ledger: Ledger, run: Import, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(make_template(ledger.families.get("grain"), "millet")))
    table = book.worksheets[0]
    headings = [str(cell.value).rstrip("*") for cell in table[1]]
    table.cell(4, headings.index("数量") + 1, "12.5")
    table.cell(4, headings.index("单位") + 1, "公斤")
    file = tmp_path / "filled.xlsx"
    book.save(file)
    assert run("--dry-run", file=file).exit_code == 0
    assert run(file=file).exit_code == 0
    table.cell(5, headings.index("数量") + 1, "不少")
    table.cell(5, headings.index("单位") + 1, "公斤")
    book.save(file)
    told = run("--json", file=file)
    assert told.exit_code == 1
    assert [one["row"] for one in json.loads(told.stdout)["open"]] == [5]
    assert counted(ledger, Batch) == 1


def test_a_sample_of_others_goes_in(ledger: Ledger, run: Import, shared: Path) -> None:
    file = shared / "samples" / "yak-purchase.xlsx"
    words = ("--family", "yak_meat", "--variant", "live", "--sheet")
    told = json.loads(run(*words, "--dry-run", "--json", file=file).stdout)
    kinds = {one["code"] for one in told["open"]}
    accepts = [word for kind in sorted(kinds) for word in ("--accept", f"{kind}=与原表核对")]
    done = run(*words, *accepts, "--json", file=file)
    assert done.exit_code == 0, done.stderr
    assert counted(ledger, Batch) == 1
