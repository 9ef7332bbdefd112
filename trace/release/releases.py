"""Reading releases: whether a batch may go now, and what was said of that before.

Facts are stored, the answer is not: it is worked out each time it is asked for, so a paper that
was revoked or a test that failed since takes a release back at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import NotFound
from suyuan.trace.products.families import Families
from suyuan.trace.release.gate import Checklist
from suyuan.trace.release.reading import Occasion, checklist
from suyuan.trace.release.tables import Release

State = Literal["released", "overridden", "taken_back", "not_released"]


@dataclass(frozen=True)
class Standing:
    """Whether a batch may go on an occasion.

    ``released``: nothing is missing, and somebody or the rule let it go. ``overridden``: two
    persons let it go without what ``passed`` names. ``taken_back``: it was let go, and something
    is missing since. ``not_released``: nobody let it go yet; ``missing`` says whether the rule
    would. ``given`` is the newest release, ``asked`` an override that waits for its answer.
    """

    state: State
    missing: Checklist
    passed: Checklist
    given: Release | None
    asked: Release | None

    @property
    def may_go(self) -> bool:
        """Whether it may be shipped and sold: by what was decided, or by the rule."""
        return self.missing.clear


def release(session: Session, uid: str, field: str | None = "release") -> Release:
    """The release with this uid. Raises NotFound."""
    found = session.scalar(sa.select(Release).where(Release.uid == uid))
    if found is None:
        raise NotFound("There is no release {uid}.", field=field, uid=uid)
    return found


def releases_of(session: Session, batch_id: int) -> list[Release]:
    """All that was ever said of letting a batch go, the oldest first."""
    query = sa.select(Release).where(Release.batch_id == batch_id).order_by(Release.id)
    return list(
        session.scalars(
            query.options(joinedload(Release.by_party), joinedload(Release.answered_party))
        )
    )


def standing(
    session: Session,
    families: Families,
    batch: Batch,
    occasion: Occasion,
    *,
    stated: Mapping[str, Any] | None = None,
) -> Standing:
    """Whether a batch may go on an occasion, and what is missing."""
    whole = checklist(session, families, batch, occasion, stated=stated)
    return judge(whole, releases_of(session, batch.id))


def judge(whole: Checklist, told: Sequence[Release]) -> Standing:
    """What follows from a checklist and all that was said of letting the batch go."""
    given = [one for one in told if one.state == "given"]
    asked = [one for one in told if one.state == "asked"]
    covered = {key for one in given if one.how == "override" for key in one.covers}
    missing = whole.without(covered)
    passed = Checklist(
        whole.trace_code,
        whole.moment,
        whole.checks,
        tuple(one for one in whole.items if one not in missing.items),
    )
    state: State = "not_released"
    if given and missing.items:
        state = "taken_back"
    elif given:
        state = "overridden" if passed.items else "released"
    return Standing(
        state, missing, passed, given[-1] if given else None, asked[-1] if asked else None
    )
