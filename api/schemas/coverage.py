"""What is asked of a report on the stations of a division."""

from __future__ import annotations

from suyuan.api.paging import PageQuery
from suyuan.api.schemas.fields import Text


class CoverageQuery(PageQuery):
    """Which division: a province, prefecture, county or township by its code; all that you look
    after where it is not said."""

    division = Text(12, load_default=None)
