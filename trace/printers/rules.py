"""What a job's rows mean at a moment: an agent that is not heard of any more has let go.

Before its first byte may have gone out nothing was printed, and another agent may have the job.
After it nobody but who looks at the paper knows: nothing prints it again by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from suyuan.trace.printers.facts import FED, HANDED, SETTLED
from suyuan.trace.printers.tables import PrinterJob
from suyuan.trace.sourced import PROVENANCE, read_standard


def state_at(job: PrinterJob, now: datetime) -> str:
    """The state that a job is in at this moment."""
    if job.held_until is None or now < job.held_until:
        return job.state
    return {"fetched": "waiting", "printing": "unsure"}.get(job.state, job.state)


def why_at(job: PrinterJob, now: datetime) -> str | None:
    """Why a job was not printed, or is not known to be: one of ``facts.WHYS``."""
    if job.state == "printing" and state_at(job, now) == "unsure":
        return "agent_lost"
    return job.why


def may_become(job: PrinterJob, now: datetime) -> tuple[str, ...]:
    """What a person may make of a job at this moment."""
    state = state_at(job, now)
    handed = state == "waiting" and job.printer.language not in FED
    outcomes = HANDED if handed else SETTLED.get(state, ())
    return outcomes if job.run else tuple(one for one in outcomes if one != "partly")


def sent(job: PrinterJob) -> range:
    """The numbers of the labels of its run that a job is about."""
    return range(job.first, job.last + 1)


def meet(some: range, others: range) -> bool:
    """Whether two stretches of labels have one in common."""
    return max(some.start, others.start) < min(some.stop, others.stop)


def came_out(job: PrinterJob, now: datetime) -> range:
    """The numbers of the labels of a job's run that are known to have come out."""
    state = state_at(job, now)
    if state == "printed":
        return sent(job)
    if state == "partly" and job.last_out is not None:
        return range(job.first, job.last_out + 1)
    return range(0)


@cache
def lease() -> timedelta:
    """How long an agent that is not heard of has a job. Raises Misconfigured."""
    row = read_standard("printers.json").get("lease")
    row.only("seconds", *PROVENANCE)
    row.provenance()
    return timedelta(seconds=row.get("seconds").integer())
