"""What is asked of a balance report."""

from __future__ import annotations

from typing import get_args

from suyuan.api.paging import PageQuery
from suyuan.api.schemas.fields import OneOf, Text, Uid, Whole
from suyuan.trace.balance.reports import By
from suyuan.trace.balance.scope import EARLIEST, LATEST


class BalanceQuery(PageQuery):
    """Whose balance, gathered by what.

    `by`: `party`, `batch`, `process` (single transformations), `site`, `household` (for those who
    may read personal fields), `season` or `paper` (what leans on papers that cover an amount).
    `season` is a calendar year in China.
    """

    by = OneOf(*get_args(By), load_default="party")
    season = Whole(EARLIEST, LATEST, strict=False, load_default=None)
    family = Text(30, load_default=None)
    division = Text(12, load_default=None)
    party = Uid(load_default=None)
