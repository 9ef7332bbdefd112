"""Moving the labels to another host: drafted like a change of a key, and signed by the root.

What was printed names the host of its day for as long as it lives. So a former host stays in the
directory, and whoever runs the installation keeps it, and has it answered by this site.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from suyuan.trace.acts.directories import begin, draft_directory
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.codes.signed_code import require_label_host
from suyuan.trace.codes.signing import label_host
from suyuan.trace.errors import Conflict
from suyuan.trace.keys.directory import HostEntry, host_entry


def move_labels(w: Writing, host: str) -> str:
    """Have labels name ``host`` from the next directory on; returns the draft's text.

    A former host may be named again. Those that a draft names already give way to this one.
    Raises CodeError for a host that labels may not name, Conflict for the present one.
    """
    instance = begin(w)
    require_label_host(host, demonstration=instance.demo)
    present = label_host(instance.hosts)
    if host == present.host:
        raise Conflict("Labels name {host} already.", field="host", host=host)
    # only a demonstration's labels are opened without TLS, there or here
    entries = [host_entry(one) for one in instance.hosts]
    hosts = _moved(entries, host, w.now.date(), http=present.scheme == "http")
    return draft_directory(w, hosts=hosts)


def _moved(
    hosts: Sequence[HostEntry], host: str, today: date, *, http: bool
) -> tuple[HostEntry, ...]:
    """The hosts with ``host`` as the one that goes on; it stands last."""
    before = next((one for one in hosts if one.host == host), None)
    ended = [replace(one, until=one.until or today) for one in hosts if one is not before]
    return (*ended, HostEntry(host, before.since if before else today, None, http))
