"""Telling the season: every story in the order of time, and what a newcomer needs afterwards."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import date, datetime

from suyuan.demo import certificates, certified, cordyceps, county_limit, grain, maize, vinegar, yak
from suyuan.demo.cast import assemble
from suyuan.demo.scene import Scene
from suyuan.demo.warnings import settle_one
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.voiding import void_code
from suyuan.trace.clock import SHANGHAI, SetClock
from suyuan.trace.printing.queries import codes_of

STORIES = (
    county_limit.tell,
    cordyceps.tell,
    vinegar.tell,
    grain.tell,
    maize.tell,
    yak.tell,
    certificates.tell,
    certified.tell,
)
LAST_DAY = (11, 20)
"""The season's stories are over by then, so the newest one that is over is told."""


def season(today: date) -> int:
    """The year of the newest season that is over."""
    return today.year if (today.month, today.day) > LAST_DAY else today.year - 1


def opening_day(year: int) -> datetime:
    """The moment at which the demonstration's installation is opened."""
    return datetime(year, 4, 18, 10, tzinfo=SHANGHAI)


def tell_season(
    ledger: Ledger, clock: SetClock, year: int, watched: Callable[[datetime], None]
) -> Scene:
    """Tell every story, earliest first; ``watched`` is told the moment of each step."""
    scene = Scene(ledger, clock, year)
    assemble(scene)
    waiting = []
    for order, begin in enumerate(STORIES):
        story = begin(scene)
        waiting.append((next(story), order, story))
    heapq.heapify(waiting)
    while waiting:
        moment, order, story = heapq.heappop(waiting)
        clock.move(moment)
        watched(moment)
        try:
            heapq.heappush(waiting, (story.send(moment), order, story))
        except StopIteration:
            continue
    _void_one(scene)
    settle_one(scene)
    return scene


def _void_one(scene: Scene) -> None:
    """One jerky label was spoiled at the printer."""
    scene.at(11, 6, 17)
    with scene.ledger.database.read() as session:
        spoiled = codes_of(session, scene.runs["jerky"])[4]
    scene.do("plant_head", void_code, spoiled.path, "打印模糊,作废")
