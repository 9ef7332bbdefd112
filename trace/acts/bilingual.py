"""The language office's word on Tibetan texts: whether they may stand on labels."""

from __future__ import annotations

import re
from typing import Literal

import sqlalchemy as sa

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.bilingual.records import TIBETAN_TEXT
from suyuan.trace.bilingual.tables import MOST_BO, MOST_ZH, TibetanText
from suyuan.trace.errors import Conflict, Fault, Forbidden, InvalidInput, InvalidInputs

State = Literal["approved", "refused"]
_TIBETAN = re.compile("[\u0f00-\u0fff]")
_CHINESE = re.compile("[\u3400-\u9fff]")
_REASON = 500


def approve_tibetan(w: Writing, zh: str, bo: str) -> str:
    """Approve a Tibetan text for the labels of the office's division; returns the text's uid.

    Just this text counts, for just this Chinese: whoever changes either asks anew. Raises
    Forbidden for all but a language office that was checked, InvalidInputs for what is no pair of
    texts, Conflict where it is approved already.
    """
    return _say(w, zh, bo, "approved", "")


def refuse_tibetan(w: Writing, zh: str, bo: str, reason: str) -> str:
    """Refuse a Tibetan text, also one that was approved: labels printed from now on leave it out.

    Returns its uid. Raises as ``approve_tibetan``, and InvalidInput without a reason.
    """
    if not reason.strip() or len(reason.strip()) > _REASON:
        raise InvalidInput("Give the reason, in at most {limit} characters: the organisation "
                           "reads it.", "reason", limit=_REASON)  # fmt: skip
    return _say(w, zh, bo, "refused", reason.strip())


def _say(w: Writing, zh: str, bo: str, state: State, reason: str) -> str:
    w.actor.require("approve_tibetan")
    if w.actor.party_state != "active":
        raise Forbidden("Nobody has checked this language office yet: that comes first.")
    _require_pair(zh, bo)
    row = w.session.scalar(
        sa.select(TibetanText)
        .where(
            TibetanText.zh == zh,
            TibetanText.bo == bo,
            TibetanText.division == w.actor.division,
        )
        .with_for_update()
    )
    if row is not None and row.state == state:
        raise Conflict("That was said of this text already.", "bo")
    if row is None:
        row = TibetanText(uid=w.new_uid(), division=w.actor.division, zh=zh, bo=bo)
        w.session.add(row)
    row.state, row.reason, row.at = state, reason, w.now
    row.by_party_id = w.actor.party_id or 0
    record_id = w.record(
        TIBETAN_TEXT,
        f"tibetan.{state}",
        {
            "text": row.uid,
            "zh": zh,
            "bo": bo,
            "division": row.division,
            "state": state,
            "office": w.actor.party_uid,
            "reason": reason or None,
            "typed_by": w.actor.person_uid,
        },
        subject=row.uid,
    )
    row.record_id = row.record_id or record_id
    w.session.flush()
    return row.uid


def _require_pair(zh: str, bo: str) -> None:
    faults = []
    if not 0 < len(zh) <= MOST_ZH or not _CHINESE.search(zh):
        most = (("limit", MOST_ZH),)
        faults.append(Fault("zh", "Give the Chinese text, in at most {limit} characters.", most))
    if not 0 < len(bo) <= MOST_BO or not _TIBETAN.search(bo) or _CHINESE.search(bo):
        most = (("limit", MOST_BO),)
        faults.append(Fault("bo", "Give the Tibetan text, in at most {limit} characters.", most))
    if faults:
        raise InvalidInputs(faults)
