"""A printer behind a queue of CUPS: what the command ``lp`` is told, and what it answers.

The command here is one of our own that writes down what it got, and says what CUPS 2.4 says.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from suyuan.agent.devices import BrokenOff, CupsQueue, NotReached, device

LABELS = b"^XA\xff\x00^XZ\r\n" * 50_000
"""More than a pipe holds."""

_TAKES = """#!/bin/sh
printf '%s\\n' "$@" > "$0.told"
cat > "$0.got"
echo "request id is $2-1 (0 file(s))"
"""


def make_lp(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str = _TAKES) -> Path:
    """A command ``lp`` that is the first on the PATH."""
    place = folder / "lp"
    place.write_text(script, encoding="utf-8")
    place.chmod(place.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return place


def fed(folder: Path, queue: CupsQueue, told: list[None] | None = None) -> int:
    file = folder / "labels"
    file.write_bytes(LABELS)
    alive = told if told is not None else []
    with file.open("rb") as data:
        return queue.print(data, lambda: alive.append(None))


def test_cups_gets_every_byte_raw_and_for_the_queue_that_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lp = make_lp(tmp_path, monkeypatch)
    assert fed(tmp_path, CupsQueue("zebra", 5)) == len(LABELS)
    assert Path(f"{lp}.told").read_text().splitlines() == ["-d", "zebra", "-o", "raw", "--", "-"]
    assert Path(f"{lp}.got").read_bytes() == LABELS


def test_the_name_of_a_queue_is_no_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lp = make_lp(tmp_path, monkeypatch)
    queue = device(f"cups:-x; touch {tmp_path}/broken $(id)", 5)
    assert isinstance(queue, CupsQueue)
    fed(tmp_path, queue)
    told = Path(f"{lp}.told").read_text().splitlines()
    assert told[1] == f"-x; touch {tmp_path}/broken $(id)"
    assert not (tmp_path / "broken").exists()


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (
            "#!/bin/sh\necho 'lp: The printer or class does not exist.' >&2\nexit 1\n",
            "does not exist",
        ),
        ("#!/bin/sh\nexit 3\n", "lp ended with 3"),
        ("no program", "format|Exec"),
    ],
)
def test_what_cups_refuses_did_not_come_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, why: str
) -> None:
    make_lp(tmp_path, monkeypatch, script)
    with pytest.raises(NotReached, match=why):
        fed(tmp_path, CupsQueue("zebra", 5))


def test_a_machine_without_cups_prints_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotReached, match="install CUPS"):
        fed(tmp_path, CupsQueue("zebra", 5))


def test_cups_that_does_not_answer_leaves_it_to_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("suyuan.agent.devices._LOOKS", 0.05)
    make_lp(tmp_path, monkeypatch, "#!/bin/sh\nexec sleep 60\n")
    told: list[None] = []
    with pytest.raises(BrokenOff, match="does not answer"):
        fed(tmp_path, CupsQueue("zebra", 0.05), told)
    assert told, "the server hears meanwhile that the agent lives"
