"""Jerky: cooked and raw-dried from the same carcasses, kept apart, tested, sent to two shops."""

from __future__ import annotations

from suyuan.demo.documents import document
from suyuan.demo.moves import happens, print_labels, send, take
from suyuan.demo.papers import inspected
from suyuan.demo.scene import Scene, Story
from suyuan.trace.acts.bilingual import approve_tibetan
from suyuan.trace.acts.events import correct_event
from suyuan.trace.acts.papers import register_paper
from suyuan.trace.acts.products import add_product
from suyuan.trace.acts.releasing import release_batch
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.transformations import transform
from suyuan.trace.batches.facts import BatchFacts
from suyuan.trace.events.facts import CorrectionFacts, TransformationFacts
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.products.facts import ProductFacts
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from suyuan.trace.quantities import Quantity

LICENCE = "SC10454062600014"
JERKY_LABEL = {
    "ingredients": "牦牛肉、食用盐、白砂糖、花椒、辣椒",
    "net_content": "200 g",
    "shelf_life": "12个月",
    "storage_conditions": "常温干燥处避光保存",
    "licence_number": LICENCE,
    "product_standard": "GB/T 23969",
    "nutrition_panel": {
        "per": "100 g",
        "energy": {"amount": "1420", "nrv": "17"},
        "protein": {"amount": "58.0", "nrv": "97"},
        "fat": {"amount": "6.5", "nrv": "11"},
        "saturated_fat": {"amount": "2.9", "nrv": "15"},
        "carbohydrate": {"amount": "11.2", "nrv": "4"},
        "sugars": {"amount": "8.4"},
        "sodium": {"amount": "1680", "nrv": "84"},
    },
}


def tell(scene: Scene) -> Story:
    """From the cut meat to the shops of Nagqu and Lhasa."""
    yield from _jerky(scene)
    yield from _shops(scene)


def products(scene: Scene) -> Story:
    yield scene.time(4, 28)
    plant = scene.parties["plant"]
    scene.products["jerky"] = scene.do(
        "plant_head",
        add_product,
        ProductFacts(
            plant,
            "yak_meat",
            "cooked_jerky",
            "风干牦牛肉(熟)",
            {"bo": "གཡག་ཤ་སྐམ་པོ།", "en": "Yak jerky, cooked"},
            label=JERKY_LABEL,
            items_on_pack=True,
        ),
    )
    scene.do("translator", approve_tibetan, "风干牦牛肉(熟)", "གཡག་ཤ་སྐམ་པོ།")
    scene.products["raw_dried"] = scene.do(
        "plant_head",
        add_product,
        ProductFacts(
            plant,
            "yak_meat",
            "raw_air_dried",
            "生风干牦牛肉",
            {"bo": "གཡག་ཤ་སྐམ་པོ།", "en": "Yak meat, raw air-dried"},
        ),
    )
    licence = PaperFacts(
        "sc_licence",
        LICENCE,
        plant,
        "那曲市市场监督管理局",
        scene.day(3, 1, scene.year - 2),
        scene.day(3, 1, scene.year - 2),
        scene.day(2, 28, scene.year + 3),
        covers=(Covers("product", scene.products["jerky"]),),
        evidence=document(scene, "plant_head", "食品生产许可证", LICENCE),
    )
    scene.do("plant_head", register_paper, licence)


def _jerky(scene: Scene) -> Story:
    plant = scene.parties["plant"]
    moment = yield scene.time(10, 30, 16)
    made = scene.do(
        "plant_clerk",
        transform,
        TransformationFacts(
            "process",
            plant,
            (scene.part("hind", "280"),),
            (
                BatchFacts(
                    plant,
                    Quantity.of("98.6", "KGM"),
                    product=scene.products["jerky"],
                    lot="FG1030",
                    produced=scene.stated(f"{scene.year}-10-30"),
                    best_before=scene.day(10, 29, scene.year + 1),
                    attributes={
                        "pasture": "亚拉雪山夏季牧场",
                        "heat_treatment": "85 °C 煮制 40 分钟,65 °C 烘干 14 小时",
                        "moisture": "18.6",
                        "raw_meat_share": "2.84",
                    },
                ),
            ),
            moment,
            site=scene.sites["workshop"],
            payload={
                "recipe": "风干肉 02 号配方",
                "licence_number": LICENCE,
                "temperature": "65",
                "minutes": 840,
                "loss": "181.4",
            },
            evidence=(document(scene, "plant_clerk", "生产记录", "FG1030"),),
            evidence_grade="documented",
        ),
    )
    (scene.batches["jerky"],) = made["batches"]
    yield scene.time(10, 31, 17)
    dried = TransformationFacts(
        "process",
        plant,
        (scene.part("shank", "120"),),
        (
            BatchFacts(
                plant,
                Quantity.of("41", "KGM"),
                product=scene.products["raw_dried"],
                lot="SG1031",
                produced=scene.stated("10月31日"),
            ),
        ),
        scene.now(),
        site=scene.sites["workshop"],
        payload={"recipe": "传统生风干", "loss": "79"},
    )
    (scene.batches["raw_dried"],) = scene.do("plant_clerk", transform, dried)["batches"]
    yield scene.time(11, 4, 15)
    report = TestReportFacts(
        f"GY{scene.year}-1104",
        "西藏高原农产品质量检测中心",
        scene.day(11, 4),
        (scene.batches["jerky"],),
        (
            TestItemFacts(
                "菌落总数",
                "3200, 2800, 4100, 2500, 3600",
                "CFU/g",
                "",
                "n=5 c=2 m=10000 M=100000",
                "GB 4789.2",
                "GB 2726-2016",
                "合格",
            ),
            TestItemFacts(
                "大肠菌群",
                "<10, <10, <10, <10, <10",
                "CFU/g",
                "10",
                "n=5 c=2 m=10 M=100",
                "GB 4789.3",
                "GB 2726-2016",
                "合格",
            ),
            TestItemFacts("铅", "0.06", "mg/kg", "0.02", "≤0.3", "GB 5009.12", "GB 2762", "合格"),
            TestItemFacts("水分", "18.6", "g/100 g", "", "≤20", "GB 5009.3", "GB/T 23969", "合格"),
            TestItemFacts(
                "克伦特罗",
                "未检出(<0.5)",
                "µg/kg",
                "0.5",
                "不得检出",
                "GB/T 22286",
                "农业农村部公告第250号",
                "合格",
            ),
        ),
        sample_number="S1102-07",
        sampled_on=scene.day(11, 2),
        conclusion="所检项目符合要求",
        evidence=document(scene, "lab_head", "检验报告", f"GY{scene.year}-1104"),
    )
    scene.do("lab_head", enter_test_report, report)
    yield scene.time(11, 5, 15)
    inspected(scene, "plant_clerk", "plant", "jerky", "CJ1105-01")
    scene.do("plant_head", release_batch, scene.batches["jerky"], "检验合格,证照齐全,准予出厂")


def _shops(scene: Scene) -> Story:
    yield scene.time(11, 6, 10)
    packed = happens(
        scene,
        "plant_clerk",
        "plant",
        "pack",
        "jerky",
        site="workshop",
        payload={"pack_lot": "FG1030", "net_content": "200 g", "packs": 480},
    )
    yield scene.time(11, 6, 15)
    scene.do(
        "plant_clerk",
        correct_event,
        CorrectionFacts(
            packed,
            "复核后实为 490 袋,前次漏点一箱",
            payload={"packs": 490},
        ),
    )
    yield scene.time(11, 6, 16)
    print_labels(scene, "plant_head", "jerky", 120, "complete-80x60")
    for day, shop, who, site, kilograms in (
        (8, "nagqu_shop", "nagqu_clerk", "nagqu", "30"),
        (9, "lhasa_shop", "lhasa_clerk", "lhasa", "40"),
    ):
        yield scene.time(11, day, 8)
        send(
            scene,
            "plant_head",
            "plant",
            shop,
            "jerky",
            {
                "carrier": "西藏羌塘冷链物流有限公司",
                "vehicle": "藏E·L5518",
                "seal": f"F{day}0771",
                "handed_over_by": "格桑",
                "promised_hours": 24,
                "document": f"送货单 11{day:02d}",
                "temperature_out": "5",
            },
            kilograms,
        )
        yield scene.time(11, day + 1, 11)
        take(
            scene,
            who,
            shop,
            site,
            {"received_by": "店长", "seal_intact": True, "temperature_in": "7"},
        )
    yield scene.time(11, 12, 18)
    happens(
        scene,
        "lhasa_clerk",
        "lhasa_shop",
        "sell",
        "jerky",
        "6.4",
        site="lhasa",
        payload={"channel": "门店零售"},
    )
