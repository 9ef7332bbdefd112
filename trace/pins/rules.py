"""How often a PIN may be tried, and how long an answer waits (``standards/pins.json``).

Nobody can lock a package's holder out. Beyond fifty tries on one code each further answer waits,
longer and longer up to a cap, and an entry made meanwhile is kept: it is answered when its own
wait is over, whatever strangers enter in between. So who has the right number has the answer
within the longest wait, and who guesses gets a handful of answers for each device and day.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from suyuan.trace.sourced import PROVENANCE, Row, read_standard


@dataclass(frozen=True)
class PinLimits:
    """The limits in force. ``address_posts_a_minute`` is held by the edges."""

    device_tries: int
    code_tries: int
    wait_doubles_every: int
    address_posts_a_minute: int
    wait_first: timedelta
    wait_longest: timedelta
    ticket_holds: timedelta


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
        wait_first=spans["wait_first"],
        wait_longest=spans["wait_longest"],
        ticket_holds=spans["ticket_holds"],
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
