"""The demonstration's installation: opened and told once, found again afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from suyuan.demo.season import opening_day, season, tell_season
from suyuan.migrations.run import upgrade
from suyuan.trace.acts.opening import Opening, instance_of, open_instance, unlock
from suyuan.trace.acts.statuses import publish_status
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.canonical import read_canonical, write_canonical
from suyuan.trace.clock import Clock, SetClock, day_of
from suyuan.trace.codes.signing import label_host
from suyuan.trace.database import Database
from suyuan.trace.errors import Conflict
from suyuan.trace.keys.tables import Instance
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.settings import DEMO_PASSPHRASE, Settings

ORIGIN = "demo.suyuan"
ISSUER = "溯源演示平台"
TOLD = "told.json"
"""File in the data folder that says which uid and code each name of the story stands for."""


@dataclass(frozen=True)
class Demo:
    """A demonstration that is ready: its ledger, and the names of its story."""

    ledger: Ledger
    people: dict[str, tuple[str, str]]
    batches: dict[str, str]
    runs: dict[str, str]


def demo_settings(settings: Settings, authority: str = ISSUER) -> Settings:
    """``settings`` with the passphrase beside the data, as only a demonstration may have it."""
    return replace(
        settings,
        passphrase_file=settings.data / DEMO_PASSPHRASE,
        authority=settings.authority or authority,
    )


def make_or_find(
    database: Database,
    settings: Settings,
    clock: Clock,
    host: str,
    *,
    http: bool,
    watched: Callable[[datetime], None],
) -> Demo:
    """The demonstration in this data folder, opened and told first where there is none.

    Raises Conflict for a folder that holds another installation, or whose labels name another
    host: they could not be opened here.
    """
    upgrade(database)
    with database.read() as session:
        there = session.scalar(sa.select(Instance.id)) is not None
    if there:
        return _find(database, settings, clock, host)
    return _make(database, settings, clock, host, http=http, watched=watched)


def _make(
    database: Database,
    settings: Settings,
    clock: Clock,
    host: str,
    *,
    http: bool,
    watched: Callable[[datetime], None],
) -> Demo:
    year = season(day_of(clock.now()))
    past = SetClock(opening_day(year).astimezone(UTC))
    opening = Opening(ORIGIN, host, ISSUER, http=http, demo=True)
    ledger = open_instance(database, settings, past, opening)
    scene = tell_season(ledger, past, year, watched)
    told = {"people": scene.people, "batches": scene.batches, "runs": scene.runs}
    (settings.data / TOLD).write_bytes(write_canonical(told))
    present = replace(ledger, clock=clock)
    present.perform(SYSTEM, publish_status)
    return Demo(present, scene.people, scene.batches, scene.runs)


def _find(database: Database, settings: Settings, clock: Clock, host: str) -> Demo:
    with database.read() as session:
        instance = instance_of(session)
        printed = label_host(instance.hosts).host
    if not instance.demo or not (settings.data / TOLD).exists():
        raise Conflict("This data folder holds an installation that is no demonstration.", "data")
    if printed != host:
        raise Conflict(
            "The labels in this folder name {printed} and this machine is {host} now. Use another "
            "folder for a new demonstration.",
            "data",
            printed=printed,
            host=host,
        )
    ledger = unlock(database, settings, clock)
    ledger.perform(SYSTEM, publish_status)
    told = _told(settings.data / TOLD)
    people = {name: (one[0], one[1]) for name, one in told["people"].items()}
    return Demo(ledger, people, told["batches"], told["runs"])


def _told(file: Path) -> dict[str, dict[str, str]]:
    told = read_canonical(file.read_bytes())
    assert isinstance(told, dict)  # this program wrote it
    return told
