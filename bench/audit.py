"""Auditing a log of a million entries from outside: time, and memory at a tenth of it and at all.

The log is served from memory by the same process, which is not counted: memory is what the audit
itself has taken at its peak, as tracemalloc counts it, in a run of its own.
"""

from __future__ import annotations

import json
import platform
import sys
import time
import tracemalloc
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# behind everything else: our folder trace/ must not stand before the standard library's module
sys.path.append(str(ROOT))

from suyuan.trace.log.outside_audit import audit  # noqa: E402 - needs the path above
from suyuan.trace.log.policy import LogLine, Policy  # noqa: E402 - as above
from suyuan.trace.log.remote import RemoteLog  # noqa: E402 - as above
from tests.made_logs import SIGNER, URL, Forgetful, MadeLog  # noqa: E402 - as above

SIZES = (100_000, 1_000_000)
TRUST = Policy(logs=(LogLine(SIGNER.verifier),))


def main() -> None:
    """Measure, print, and keep the figures."""
    rows = []
    for size in SIZES:
        log = MadeLog(size)
        log.asked = Forgetful()
        began = time.perf_counter()
        seconds = _audited(log) - began
        tracemalloc.start()
        _audited(log)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        rows.append(
            {
                "entries": size,
                "seconds": round(seconds, 1),
                "peak_mib": round(peak / 2**20, 2),
                "machine": f"{platform.machine()}, Python {platform.python_version()}",
            }
        )
        print(rows[-1], flush=True)
    file = ROOT / "bench" / "results" / "audit.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _audited(log: MadeLog) -> float:
    done = audit(RemoteLog(log, URL), TRUST)
    assert not done.findings
    return time.perf_counter()


if __name__ == "__main__":
    main()
