"""Sorghum: three families' harvest of last year, brought to the brewery."""

from __future__ import annotations

from suyuan.demo.moves import send, take
from suyuan.demo.scene import Scene, Story
from suyuan.trace.acts.batches import register_batch
from suyuan.trace.batches.facts import BatchFacts, ShareFacts
from suyuan.trace.quantities import Quantity


def tell(scene: Scene) -> Story:
    """From the fields of Dachengzi to the brewery's scale."""
    coop = scene.parties["sorghum_coop"]
    yield scene.time(5, 6, 14)
    scene.batches["sorghum"] = scene.do(
        "sorghum_head",
        register_batch,
        BatchFacts(
            coop,
            Quantity.of("8600", "KGM"),
            family="grain",
            variant="sorghum",
            name="红高粱(去年新粮)",
            site=scene.sites["fields"],
            lot="GL-25",
            produced=scene.stated(f"{scene.year - 1}年9月下旬"),
            attributes={
                "plot": "大城子基地 3、4 号地",
                "crop_year": scene.year - 1,
                "moisture": "13.2",
                "cultivar": "辽粘3号",
                "harvest_date": scene.day(9, 24, scene.year - 1).isoformat(),
            },
            shares=(
                ShareFacts("白玉山", None, Quantity.of("3400", "KGM")),
                ShareFacts("包铁柱", None, Quantity.of("2900", "KGM")),
                ShareFacts("李凤琴", None, Quantity.of("2300", "KGM")),
            ),
        ),
    )
    send(
        scene,
        "sorghum_head",
        "sorghum_coop",
        "brewery",
        "sorghum",
        {"carrier": "合作社自运", "vehicle": "辽N·T3321", "handed_over_by": "白玉山"},
        "6000",
    )
    yield scene.time(5, 6, 17)
    take(
        scene,
        "brewer",
        "brewery",
        "cellar",
        {"received_by": "乌兰", "condition": "水分 13.1%,无霉变"},
    )
