"""How often a PIN may be tried, and how long an answer waits (``standards/pins.json``).

A device that is known has its five tries a day, whatever others do. Beyond fifty tries on one code
its answers wait, longer and longer up to a cap, and an entry made meanwhile is kept: it is
answered when its own wait is over. So nobody can lock a package's holder out.

Devices are known by cookies, which cost nothing, so a network makes but a few of them known each
day. Who is not known is counted as the network, for each code apart: beyond the five tries its
answers come one behind another, and no queue is longer than a day. So a guesser who drops cookies
gets fewer answers for it, and a holder in the same network still has another device or network.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from suyuan.trace.sourced import PROVENANCE, Row, read_standard


@dataclass(frozen=True)
class PinLimits:
    """The limits in force. ``address_posts_a_minute`` is held by the edges."""

    device_tries: int
    code_tries: int
    wait_doubles_every: int
    address_posts_a_minute: int
    network_devices: int
    wait_first: timedelta
    wait_longest: timedelta
    ticket_holds: timedelta
    tries_halve: timedelta


@cache
def pin_limits() -> PinLimits:
    """The limits, read once. Raises Misconfigured."""
    file = read_standard("pins.json")
    counts = {_key(row, "count"): row.get("count").integer() for row in file.get("counts").rows()}
    spans = {
        _key(row, "minutes"): timedelta(minutes=row.get("minutes").integer())
        for row in file.get("minutes").rows()
    }
    return PinLimits(
        device_tries=counts["device_tries"],
        code_tries=counts["code_tries"],
        wait_doubles_every=counts["wait_doubles_every"],
        address_posts_a_minute=counts["address_posts_a_minute"],
        network_devices=counts["network_devices"],
        wait_first=spans["wait_first"],
        wait_longest=spans["wait_longest"],
        ticket_holds=spans["ticket_holds"],
        tries_halve=spans["tries_halve"],
    )


def wait_after(tries: int, free: int, limits: PinLimits) -> timedelta:
    """How long the next answer waits after so many ``tries``, of which ``free`` cost nothing.

    Nothing at first, then ``wait_first``, doubled every ``wait_doubles_every`` tries, and never
    more than ``wait_longest``.
    """
    if tries < free:
        return timedelta(0)
    doublings = min((tries - free) // limits.wait_doubles_every, 30)
    times: int = 2**doublings
    return min(limits.wait_longest, limits.wait_first * times)


def device_turn(now: datetime, tries: int, code_tries: int, limits: PinLimits) -> datetime | None:
    """When a known device is answered after so many ``tries`` today; None is not today."""
    if tries >= limits.device_tries:
        return None
    return now + wait_after(code_tries, limits.code_tries, limits)


def network_turn(
    now: datetime, tries: int, queued_until: datetime | None, code_tries: int, limits: PinLimits
) -> datetime | None:
    """When a network is answered after so many ``tries`` at this code; None where that is too far.

    Each of its answers comes behind the one before, which is ready at ``queued_until``.
    """
    of_code = wait_after(code_tries, limits.code_tries, limits)
    wait = max(of_code, wait_after(tries, limits.device_tries, limits))
    turn = max(now, queued_until or now) + wait
    return turn if turn - now <= limits.ticket_holds else None


def remembered_tries(
    tries: int, since: datetime, now: datetime, limits: PinLimits
) -> tuple[int, datetime]:
    """What is left of a code's ``tries``, counted ``since``; and since when that is counted.

    Half are forgotten for each ``tries_halve`` that has gone by.
    """
    halvings = max((now - since) // limits.tries_halve, 0)
    return tries >> halvings, since + halvings * limits.tries_halve


def network_of(address: str) -> str:
    """What stands for a device that shows no cookie: its IPv4 address, or its IPv6 /64.

    A household is given a /64 at the least, and takes any address within it.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((int(ip), 64), strict=False))
    return str(ip)


def _key(row: Row, value: str) -> str:
    row.only("key", value, *PROVENANCE)
    row.provenance()
    return row.get("key").text()
