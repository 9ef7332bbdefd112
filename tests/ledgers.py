"""A freshly opened installation for a test: real migrations, real keys, a clock that stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from suyuan.trace.acts.opening import Opening, open_instance
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from suyuan.trace.database import Database
from suyuan.trace.keys.sealing import ScryptCost
from suyuan.trace.settings import Settings

CHEAP = ScryptCost(n=2)
"""Deriving a key in tests guards nothing and need not cost half a second."""

OPENING = Opening(
    origin="trace.example.cn", label_host="t.example.cn", issuer="索县农业农村局", demo=False
)


@pytest.fixture
def settings(tmp_path: Path, database: Database) -> Settings:
    """Settings whose data folder and passphrase belong to this test alone."""
    return Settings(
        data=tmp_path / "data",
        database_url=database.engine.url.render_as_string(hide_password=False),
        passphrase_file=tmp_path / "secret" / "passphrase",
    )


@pytest.fixture
def ledger(database: Database, settings: Settings, clock: SetClock) -> Ledger:
    """The unlocked ledger of an installation that has just been opened."""
    return open_instance(database, settings, clock, OPENING, CHEAP)
