"""Vinegar: sorghum of one season becomes vats of two ages, blended and filled in bottles."""

from __future__ import annotations

from suyuan.demo import sorghum
from suyuan.demo.documents import document
from suyuan.demo.moves import happens, print_labels, send, take
from suyuan.demo.papers import inspected
from suyuan.demo.scene import Scene, Story
from suyuan.trace.acts.batches import register_batch
from suyuan.trace.acts.papers import register_paper
from suyuan.trace.acts.products import add_product
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.transformations import transform
from suyuan.trace.batches.facts import BatchFacts, MarkFacts
from suyuan.trace.events.facts import TransformationFacts
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.products.facts import ProductFacts
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from suyuan.trace.quantities import Quantity

LICENCE = "SC10321132400010"
GTIN = "06901234567892"
LABEL = {
    "ingredients": "水、高粱、麸皮、大曲、食用盐",
    "net_content": "500 mL",
    "storage_conditions": "阴凉干燥处密封保存",
    "licence_number": LICENCE,
    "product_standard": "GB/T 18187(固态发酵)",
    "fermentation_process": "固态发酵",
    "total_acid": "≥5.0 g/100 mL",
    "allergens": "含有麸皮(含麸质的谷物)",
}


def tell(scene: Scene) -> Story:
    """From the sorghum fields of Dachengzi to bottles that leave the brewery."""
    yield from _product(scene)
    yield from sorghum.tell(scene)
    yield from _vats(scene)
    yield from _bottles(scene)


def _product(scene: Scene) -> Story:
    yield scene.time(4, 29)
    scene.products["vinegar"] = scene.do(
        "brewer",
        add_product,
        ProductFacts(
            scene.parties["brewery"],
            "vinegar",
            "solid_state_aged",
            "喀左陈醋",
            {"bo": "སྐྱུར་ཁུ་རྙིང་པ།", "en": "Kazuo aged vinegar"},
            GTIN,
            LABEL,
            items_on_pack=True,
        ),
    )
    scene.do(
        "brewer",
        register_paper,
        PaperFacts(
            "sc_licence",
            LICENCE,
            scene.parties["brewery"],
            "喀左县市场监督管理局",
            scene.day(6, 1, scene.year - 1),
            scene.day(6, 1, scene.year - 1),
            scene.day(5, 31, scene.year + 4),
            covers=(Covers("product", scene.products["vinegar"]),),
            evidence=document(scene, "brewer", "食品生产许可证", LICENCE),
        ),
    )


def _vats(scene: Scene) -> Story:
    brewery = scene.parties["brewery"]
    yield scene.time(5, 8, 10)
    scene.batches["old_vat"] = scene.do(
        "brewer",
        register_batch,
        BatchFacts(
            brewery,
            Quantity.of("2400", "LTR"),
            family="vinegar",
            variant="solid_state_aged",
            name="三年陈缸(12-16号)",
            site=scene.sites["cellar"],
            lot="CG-12",
            produced=scene.stated(f"{scene.year - 3}年"),
            attributes={
                "process": "solid_state",
                "aging_start": scene.day(4, 10, scene.year - 3).isoformat(),
                "raw_materials": ["高粱", "麸皮", "大曲"],
                "jar": ["12", "13", "14", "15", "16"],
            },
            marks=tuple(MarkFacts("jar", f"缸{number}") for number in range(12, 17)),
            note="入库前的原粮记录已不在",
        ),
    )
    yield scene.time(5, 12, 8)
    young = scene.do(
        "brewer",
        transform,
        TransformationFacts(
            "process",
            brewery,
            (scene.part("sorghum", "5200"),),
            (
                BatchFacts(
                    brewery,
                    Quantity.of("11800", "LTR"),
                    family="vinegar",
                    variant="solid_state_aged",
                    name="新醋(31-40号缸)",
                    lot="CG-31",
                    produced=scene.stated(f"{scene.year}-05-12"),
                    attributes={
                        "process": "solid_state",
                        "fermentation_start": scene.day(3, 20).isoformat(),
                        "aging_start": scene.day(5, 12).isoformat(),
                        "raw_materials": ["高粱", "麸皮", "大曲"],
                        "jar": [str(n) for n in range(31, 41)],
                    },
                ),
            ),
            scene.now(),
            site=scene.sites["cellar"],
            payload={
                "step": "leaching",
                "licence_number": LICENCE,
                "started_on": scene.day(5, 7).isoformat(),
                "ended_on": scene.day(5, 12).isoformat(),
                "jar": [str(n) for n in range(31, 41)],
                "by_products": "醋糟 4100 kg",
            },
            evidence=(document(scene, "brewer", "淋醋记录", "CG-31"),),
            evidence_grade="documented",
        ),
    )
    (scene.batches["young_vat"],) = young["batches"]


def _bottles(scene: Scene) -> Story:
    brewery = scene.parties["brewery"]
    yield scene.time(10, 15, 9)
    blended = scene.do(
        "brewer",
        transform,
        TransformationFacts(
            "process",
            brewery,
            (scene.part("old_vat", "900", "LTR"), scene.part("young_vat", "2100", "LTR")),
            (
                BatchFacts(
                    brewery,
                    Quantity.of("2960", "LTR"),
                    product=scene.products["vinegar"],
                    lot="C261015",
                    produced=scene.stated(f"{scene.year}-10-15"),
                    attributes={
                        "process": "solid_state",
                        "total_acid": "5.62",
                        "nonvolatile_acid": "0.93",
                        "raw_materials": ["高粱", "麸皮", "大曲"],
                        "fermentation_start": scene.day(3, 20).isoformat(),
                        "aging_start": scene.day(5, 12).isoformat(),
                        "aging_days": 156,
                        "additives": ["无"],
                    },
                ),
            ),
            scene.now(),
            site=scene.sites["cellar"],
            payload={
                "step": "blending",
                "licence_number": LICENCE,
                "started_on": scene.day(10, 13).isoformat(),
                "ended_on": scene.day(10, 15).isoformat(),
                "recipe": "三年陈 30%,新醋 70%",
                "loss": "40",
            },
        ),
    )
    (scene.batches["vinegar"],) = blended["batches"]
    yield scene.time(10, 22, 15)
    scene.do(
        "brewer",
        enter_test_report,
        TestReportFacts(
            "CY-1022-18",
            "朝阳市产品质量检验检测中心",
            scene.day(10, 22),
            (scene.batches["vinegar"],),
            (
                TestItemFacts(
                    "总酸(以乙酸计)",
                    "5.62",
                    "g/100 mL",
                    "",
                    "≥3.5",
                    "GB 12456",
                    "GB 2719-2018",
                    "合格",
                ),
                TestItemFacts(
                    "不挥发酸(以乳酸计)",
                    "0.93",
                    "g/100 mL",
                    "",
                    "≥0.50",
                    "GB/T 18187",
                    "GB/T 18187-2000",
                    "合格",
                ),
                TestItemFacts(
                    "菌落总数",
                    "120, 90, 150, 80, 110",
                    "CFU/mL",
                    "",
                    "n=5 c=2 m=1000 M=10000",
                    "GB 4789.2",
                    "GB 2719-2018",
                    "合格",
                ),
            ),
            sampled_on=scene.day(10, 17),
            conclusion="合格",
            evidence=document(scene, "brewer", "检验报告", "CY-1022-18"),
        ),
    )
    yield scene.time(10, 25, 10)
    happens(
        scene,
        "brewer",
        "brewery",
        "pack",
        "vinegar",
        site="cellar",
        payload={"pack_lot": "C261015", "net_content": "500 mL", "packs": 5880},
    )
    inspected(scene, "brewer", "brewery", "vinegar", "CC1025-3")
    yield scene.time(10, 26, 9)
    print_labels(scene, "brewer", "vinegar", 60, "trace-50x30")
    yield scene.time(11, 2, 9)
    send(
        scene,
        "brewer",
        "brewery",
        "baisha_station",
        "vinegar",
        {
            "carrier": "朝阳物流",
            "vehicle": "辽N·8A216",
            "handed_over_by": "乌兰",
            "promised_hours": 120,
        },
        "300",
        "LTR",
    )
    yield scene.time(11, 7, 16)
    take(
        scene,
        "baisha_clerk",
        "baisha_station",
        "bangxi",
        {"received_by": "符海英", "seal_intact": True},
    )
