"""A server asks for its port before it does any work."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from suyuan.commands.demo import demo
from suyuan.commands.serve import require_free
from suyuan.trace.errors import Conflict


def test_a_demonstration_on_a_taken_port_says_so_and_touches_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        words = ["--data", str(tmp_path / "demo"), "--port", str(port)]
        with pytest.raises(Conflict, match="another port"):
            CliRunner().invoke(demo, words, catch_exceptions=False)
    assert not (tmp_path / "demo").exists()


def test_a_port_that_was_just_left_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    require_free("127.0.0.1", port)
