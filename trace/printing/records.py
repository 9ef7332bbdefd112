"""What records say of print runs and of codes that were declared void."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

PRINT_RUN = RecordSchema(
    "print_run",
    1,
    public=("run", "trace_code", "roll_code", "manifest_root", "codes", "key", "host", "pins"),
    trade=("template", "labels", "content_sha256", "channel"),
    subject="{trace_code}|{roll_code}",
)
"""A run, before anything was drawn: the manifest's root (base64), how many codes, by which key, and
whether the labels carry scratch PINs. Where packages were weighed one by one, ``net_contents`` (a
trade field that the record classifies) are those of its labels, in the order of printing."""

CODE_VOIDED = RecordSchema(
    "code_voided", 1, public=("run", "path"), trade=("reason",), subject="{run}"
)
"""The code of one package was declared void: misprinted, lost, or torn off."""

LABELS_ENDED = RecordSchema(
    "labels_ended",
    1,
    public=("run", "first", "last", "ended_as"),
    trade=("reason",),
    subject="{run}",
)
"""Labels of a run, ``first`` to ``last`` in the order of printing (from 1, both included), were
spoiled, returned or lost. Their codes are void from then on."""

ROLL_BOUND = RecordSchema(
    "roll_bound",
    1,
    public=("binding", "run", "first", "last", "trace_code"),
    trade=("net_content", "channel"),
    subject="{binding}",
)
"""Labels of a blank roll, ``first`` to ``last`` in the order of printing (from 1, both included),
were stuck on a batch: whoever scans one sees that batch from then on."""

ROLL_UNBOUND = RecordSchema(
    "roll_unbound", 1, public=("binding",), trade=("reason", "channel"), subject="{binding}"
)
"""They were not, or are there no longer: they are not in use again."""

LABELS_REPRINTED = RecordSchema(
    "labels_reprinted",
    1,
    public=("reprint", "run", "first", "last"),
    trade=("reason", "channel"),
    subject="{reprint}",
)
"""Labels of a run, ``first`` to ``last`` in the order of printing (from 1, both included), were
printed once more: the printer jammed, or they were lost before they were stuck on."""

RUN_VOIDED = RecordSchema(
    "run_voided", 1, public=("run", "codes"), trade=("reason",), subject="{run}"
)
"""All codes of a run that were not void yet were declared so, ``codes`` in number."""
