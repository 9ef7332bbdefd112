"""Print runs: codes issued and logged, labels drawn from them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Response, jsonify
from sqlalchemy.orm import Session

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, perform, reading
from suyuan.api.media import PDF, wants
from suyuan.api.schemas.printing import PrintRunAnswer, PrintRunInput, PrintRunQuery
from suyuan.api.schemas.shapes import Named, made
from suyuan.labels.from_facts import try_out, write_labels
from suyuan.trace.acts.printing import issue_print_run as issue
from suyuan.trace.canonical import write_base64
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing import queries
from suyuan.trace.printing.tables import PrintRun

print_runs = ApiBlueprint("print-runs", "Runs of labels: codes signed and logged, then drawn.")

_RUN = {"trace_code": "5406261234567895", "count": 200, "template": "trace-50x30"}


@print_runs.post("/print-runs", body=PrintRunInput, answer=Named, example=_RUN)
def issue_print_run(body: dict[str, Any]) -> Response:
    """Issue the codes of so many labels. Read the run to get their addresses, or the PDF."""
    uid = perform(
        issue,
        body["trace_code"],
        body["count"],
        body["template"],
        body["per_package"],
        try_out=try_out,
        unbound=body["unbound"],
    )
    return made(uid, f"/api/v1/print-runs/{uid}")


@print_runs.get("/print-runs/<uid:uid>", query=PrintRunQuery, answer=PrintRunAnswer, media=(PDF,))
def read_print_run(query: dict[str, Any], uid: str) -> Response:
    """Read a run with the address of each label; with `Accept: application/pdf` its labels."""
    with reading() as session:
        run = queries.print_run(session, uid)
        actor().require("print_labels", session.get_one(Party, run.party_id))
        if wants(PDF):
            return _labels(session, run, sheet=query["sheet"])
        whole = {
            "uid": run.uid,
            "trace_code": run.batch.trace_code if run.batch else None,
            "roll_code": run.roll_code,
            "template": run.template,
            "count": run.count,
            "key": run.key_name,
            "host": run.host,
            "manifest_root": write_base64(run.manifest_root),
            "at": run.at,
            "urls": [label.url for label in queries.codes_of(session, uid)],
        }
        return jsonify(PrintRunAnswer.seen(whole))


def _labels(session: Session, run: PrintRun, *, sheet: bool) -> Response:
    out = BytesIO()
    facts, codes = queries.facts_of(session, run.uid), queries.codes_of(session, run.uid)
    write_labels(run.template, facts, codes, out, sheet=sheet)
    response = Response(out.getvalue(), content_type=PDF)
    response.headers["Content-Disposition"] = f"attachment; filename=labels-{run.uid}.pdf"
    return response
