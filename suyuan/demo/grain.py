"""Grain: millet pooled, milled and repacked, one shipment disputed."""

from __future__ import annotations

from suyuan.demo.documents import document
from suyuan.demo.moves import happens, print_labels, send, take
from suyuan.demo.papers import inspected
from suyuan.demo.scene import Scene, Story
from suyuan.trace.acts.batches import register_batch
from suyuan.trace.acts.papers import register_paper
from suyuan.trace.acts.products import add_product
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.transformations import transform
from suyuan.trace.batches.facts import BatchFacts, ShareFacts
from suyuan.trace.events.facts import TransformationFacts
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.products.facts import ProductFacts
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from suyuan.trace.quantities import Quantity

LICENCE = "SC10141132500016"
LABEL = {
    "ingredients": "谷子",
    "net_content": "1 kg",
    "shelf_life": "12个月",
    "storage_conditions": "阴凉干燥处",
    "licence_number": LICENCE,
    "product_standard": "GB/T 11766",
    "quality_grade": "一级",
    "nutrition_panel": {
        "per": "100 g",
        "energy": {"amount": "1511", "nrv": "18"},
        "protein": {"amount": "9.0", "nrv": "15"},
        "fat": {"amount": "3.1", "nrv": "5"},
        "saturated_fat": {"amount": "0.6", "nrv": "3"},
        "carbohydrate": {"amount": "75.1", "nrv": "25"},
        "sugars": {"amount": "1.2"},
        "sodium": {"amount": "4", "nrv": "0"},
    },
}


def tell(scene: Scene) -> Story:
    """Millet from Chimei to Baisha."""
    yield from _products(scene)
    yield from _harvest(scene)
    yield from _mill(scene)
    yield from _dispute(scene)


def _harvest(scene: Scene) -> Story:
    coop = scene.parties["millet_coop"]
    yield scene.time(9, 25, 17)
    scene.batches["millet"] = scene.do(
        "millet_head",
        register_batch,
        BatchFacts(
            coop,
            Quantity.of("9240", "KGM"),
            family="grain",
            variant="millet",
            name="赤眉谷子",
            site=scene.sites["terraces"],
            lot="GZ-0925",
            produced=scene.stated(f"{scene.year}年9月下旬"),
            attributes={
                "plot": "赤眉基地东坡",
                "crop_year": scene.year,
                "harvest_date": scene.day(9, 22).isoformat(),
                "cultivar": "豫谷18",
                "moisture": "13.4",
                "preharvest_end": scene.day(9, 1).isoformat(),
            },
            shares=(
                ShareFacts("张秀英", None, Quantity.of("3620", "KGM")),
                ShareFacts("王庆福", None, Quantity.of("2980", "KGM")),
                ShareFacts("周桂兰", None, Quantity.of("2640", "KGM")),
            ),
        ),
    )
    happens(
        scene,
        "millet_head",
        "millet_coop",
        "harvest",
        "millet",
        site="terraces",
        payload={"plot": "赤眉基地东坡", "method": "机械收割", "moisture": "15.1"},
    )
    yield scene.time(9, 28, 9)
    halves = scene.do(
        "millet_head",
        transform,
        TransformationFacts(
            "split",
            coop,
            (scene.part("millet"),),
            tuple(
                BatchFacts(
                    coop,
                    Quantity.of(kilograms, "KGM"),
                    family="grain",
                    variant="millet",
                    name=name,
                    lot=lot,
                    produced=scene.stated(f"{scene.year}年9月下旬"),
                    attributes={
                        "plot": "赤眉基地东坡",
                        "crop_year": scene.year,
                        "moisture": "13.2",
                    },
                )
                for name, lot, kilograms in (
                    ("赤眉谷子(加工用)", "GZ-0928A", "6000"),
                    ("赤眉谷子(留种)", "GZ-0928B", "3240"),
                )
            ),
            scene.now(),
            site=scene.sites["terraces"],
        ),
    )
    scene.batches["for_milling"], scene.batches["seed"] = halves["batches"]
    send(
        scene,
        "millet_head",
        "millet_coop",
        "mill",
        "for_milling",
        {"carrier": "合作社自运", "vehicle": "豫R·C1907", "handed_over_by": "张秀英"},
    )
    yield scene.time(9, 28, 14)
    take(scene, "miller", "mill", "mill", {"received_by": "赵国强", "condition": "干燥,无霉变"})


def _products(scene: Scene) -> Story:
    mill = scene.parties["mill"]
    yield scene.time(4, 29, 15)
    scene.products["millet"] = scene.do(
        "miller",
        add_product,
        ProductFacts(
            mill,
            "grain",
            "millet_milled",
            "赤眉小米",
            {"en": "Chimei millet"},
            label=LABEL,
            items_on_pack=True,
        ),
    )
    scene.do(
        "miller",
        register_paper,
        PaperFacts(
            "sc_licence",
            LICENCE,
            mill,
            "内乡县市场监督管理局",
            scene.day(1, 10, scene.year - 4),
            scene.day(1, 10, scene.year - 4),
            scene.day(1, 9, scene.year + 1),
            covers=(Covers("product", scene.products["millet"]), Covers("party", mill)),
            evidence=document(scene, "miller", "食品生产许可证", LICENCE),
        ),
    )


def _mill(scene: Scene) -> Story:
    mill = scene.parties["mill"]
    yield scene.time(10, 9, 16)
    milled = scene.do(
        "miller",
        transform,
        TransformationFacts(
            "process",
            mill,
            (scene.part("for_milling", "5600"),),
            (
                BatchFacts(
                    mill,
                    Quantity.of("4230", "KGM"),
                    product=scene.products["millet"],
                    lot="XM1009",
                    produced=scene.stated(f"{scene.year}-10-09"),
                    best_before=scene.day(10, 8, scene.year + 1),
                    attributes={
                        "crop_year": scene.year,
                        "moisture": "12.6",
                        "quality_grade": "一级",
                    },
                ),
            ),
            scene.now(),
            site=scene.sites["mill"],
            payload={
                "process": "清理、脱壳、碾米、色选",
                "licence_number": LICENCE,
                "by_products": "谷糠 1180 kg",
                "loss": "190",
            },
            evidence=(document(scene, "miller", "加工记录", "XM1009"),),
            evidence_grade="documented",
        ),
    )
    (scene.batches["bulk_millet"],) = milled["batches"]
    yield scene.time(10, 12, 11)
    packed = scene.do(
        "miller",
        transform,
        TransformationFacts(
            "repack",
            mill,
            (scene.part("bulk_millet", "3000"),),
            tuple(
                BatchFacts(
                    mill,
                    Quantity.of(kilograms, "KGM"),
                    product=scene.products["millet"],
                    name=name,
                    lot=lot,
                    produced=scene.stated(f"{scene.year}-10-12"),
                    best_before=scene.day(10, 8, scene.year + 1),
                    attributes={
                        "crop_year": scene.year,
                        "moisture": "12.6",
                        "quality_grade": "一级",
                        "bags": bags,
                    },
                )
                for name, lot, kilograms, bags in (
                    ("赤眉小米 1 kg 装", "XM1012-1", "1800", 1800),
                    ("赤眉小米 25 kg 装", "XM1012-25", "1200", 48),
                )
            ),
            scene.now(),
            site=scene.sites["mill"],
            payload={"pack_lot": "XM1012"},
        ),
    )
    scene.batches["millet_packs"], scene.batches["millet_bags"] = packed["batches"]
    yield scene.time(10, 20, 15)
    scene.do(
        "miller",
        enter_test_report,
        TestReportFacts(
            "NY-1020-06",
            "南阳市农产品质量检测中心",
            scene.day(10, 20),
            (scene.batches["bulk_millet"], scene.batches["millet_packs"]),
            (
                TestItemFacts(
                    "镉", "0.018", "mg/kg", "0.002", "≤0.1", "GB 5009.15", "GB 2762", "合格"
                ),
                TestItemFacts(
                    "黄曲霉毒素B1",
                    "未检出(<0.5)",
                    "µg/kg",
                    "0.5",
                    "≤5.0",
                    "GB 5009.22",
                    "GB 2761-2017",
                    "合格",
                ),
                TestItemFacts("水分", "12.6", "%", "", "≤13.0", "GB 5009.3", "GB/T 11766", "合格"),
            ),
            sampled_on=scene.day(10, 14),
            conclusion="合格",
        ),
    )


def _dispute(scene: Scene) -> Story:
    yield scene.time(10, 21, 9)
    inspected(scene, "miller", "mill", "bulk_millet", "XM-CJ-1021")
    print_labels(scene, "miller", "millet_packs", 150, "complete-80x60")
    yield scene.time(10, 24, 9)
    send(
        scene,
        "miller",
        "mill",
        "baisha_station",
        "millet_bags",
        {
            "carrier": "南阳捷达物流",
            "vehicle": "豫R·7K330",
            "handed_over_by": "赵国强",
            "promised_hours": 96,
        },
        "600",
    )
    yield scene.time(10, 29, 10)
    take(
        scene,
        "baisha_clerk",
        "baisha_station",
        "bangxi",
        {"received_by": "符海英", "seal_intact": False, "condition": "两袋受潮"},
        Quantity.of("550", "KGM"),
        "到货24袋,其中2袋受潮破损,拒收50 kg",
    )
