"""A limit of the county's own: one operator proposes it, a second one looks and approves."""

from __future__ import annotations

from suyuan.demo.scene import Scene, Story
from suyuan.trace.acts.county_limits import (
    CountyLimitFacts,
    answer_county_limit,
    propose_county_limit,
)


def tell(scene: Scene) -> Story:
    """Dried cordyceps of Sog may hold at most 8 % of water."""
    yield scene.time(4, 26, 10)
    limit = scene.do(
        "operator",
        propose_county_limit,
        CountyLimitFacts(
            division="540626",
            standard="索县虫草收购公约(示例)",
            clause="第 4 条",
            product_class="干虫草",
            parameter="水分",
            maximum="8",
            unit="%",
            valid_from=scene.day(5, 1),
            source="索县虫草采集户与收购商 4 月座谈会纪要(示例数据,并非真实文件)",
            confidence="OWN",
        ),
    )
    yield scene.time(4, 27, 16)
    scene.do("second_operator", answer_county_limit, limit, "approve")
