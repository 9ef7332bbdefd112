"""Print jobs, as they are answered."""

from __future__ import annotations

from marshmallow import fields

from suyuan.api.schemas.shapes import Answer


class TroubleAnswer(Answer):
    """Why a job failed: a kind that stays, and a sentence in the language of the reader."""

    kind = fields.String(required=True)
    text = fields.String(required=True)


class PrintJobAnswer(Answer):
    """Labels that are drawn in the background: ``made`` of ``labels`` are.

    ``state``: ``waiting``, ``running``, ``done``, ``failed`` or ``cancelled``. ``tries``: how often
    a worker took it; the last one was heard of at ``beat_at``. ``file`` is the address of the file
    while it is kept, until ``kept_until``; ``sha256`` is in hex.
    """

    uid = fields.String(required=True)
    print_run = fields.String(required=True)
    output = fields.Dict(keys=fields.String(), required=True)
    state = fields.String(
        required=True,
        metadata={"enum": ["waiting", "running", "done", "failed", "cancelled"]},
    )
    labels = fields.Integer(required=True)
    made = fields.Integer(required=True)
    tries = fields.Integer(required=True)
    ordered_at = fields.AwareDateTime(required=True)
    beat_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    kept_until = fields.AwareDateTime(required=True, allow_none=True)
    file = fields.String(required=True, allow_none=True)
    size = fields.Integer(required=True, allow_none=True)
    sha256 = fields.String(required=True, allow_none=True)
    trouble = fields.Nested(TroubleAnswer, required=True, allow_none=True)


class IssueJobAnswer(Answer):
    """A run that is issued in the background: all of it, or none.

    ``state``: as of a print job; ``print_run`` is the run once it is ``done``.
    """

    uid = fields.String(required=True)
    trace_code = fields.String(required=True)
    template = fields.String(required=True)
    count = fields.Integer(required=True)
    state = fields.String(
        required=True,
        metadata={"enum": ["waiting", "running", "done", "failed", "cancelled"]},
    )
    ordered_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    print_run = fields.String(required=True, allow_none=True)
    trouble = fields.Nested(TroubleAnswer, required=True, allow_none=True)


class PrintJobsAnswer(Answer):
    """The jobs of a run, the newest first; those of long ago are left out."""

    print_jobs = fields.List(fields.Nested(PrintJobAnswer), required=True)
