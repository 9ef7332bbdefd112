"""Cordyceps: gathered by hand at 4 650 m, pooled, dried, sorted into grades. No food."""

from __future__ import annotations

from suyuan.demo.documents import document
from suyuan.demo.moves import happens, print_labels, send, take
from suyuan.demo.papers import approved_for_sale
from suyuan.demo.scene import Scene, Story
from suyuan.trace.acts.batches import register_batch
from suyuan.trace.acts.bilingual import approve_tibetan
from suyuan.trace.acts.orders import hold
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

PERMIT = "藏野采 2026-SX-0187"
SORTED = (
    ("best", "精选虫草(头草)", "1720", 2322, "hand_picked", "0", "0"),
    ("middle", "选货虫草", "3105", 5620, "selected", "3.2", "1.1"),
    ("loose", "统货虫草", "2480", None, "unsorted", "", ""),
)
"""Name, grams and pieces of what the sorting gave; nobody counted the last."""


def tell(scene: Scene) -> Story:
    """From the slopes of Rongbu to a shop in Lhasa."""
    yield from _gather(scene)
    yield from _dry_and_sort(scene)
    yield from _test_and_sell(scene)


def _gather(scene: Scene) -> Story:
    owner = scene.parties["gatherers"]
    yield scene.time(4, 28, 11)
    scene.products["cordyceps"] = scene.do(
        "gather_head",
        add_product,
        ProductFacts(
            owner,
            "cordyceps",
            "dried",
            "那曲冬虫夏草",
            {"bo": "དབྱར་རྩྭ་དགུན་འབུ།", "en": "Nagqu cordyceps"},
            label={"net_content": "10 g", "gathering_permit": PERMIT},
            items_on_pack=True,
        ),
    )
    scene.do("translator", approve_tibetan, "那曲冬虫夏草", "དབྱར་རྩྭ་དགུན་འབུ།")
    yield scene.time(5, 18, 8)
    scene.do(
        "gather_head",
        register_paper,
        PaperFacts(
            "gathering_permit",
            PERMIT,
            owner,
            "索县林业和草原局",
            scene.day(5, 10),
            scene.day(5, 15),
            scene.day(7, 15),
            Quantity.of("120", "KGM"),
            "采集区域:荣布镇三个村",
            (Covers("site", scene.sites["slopes"]),),
            document(scene, "gather_head", "野生植物采集证", PERMIT),
        ),
    )
    yield scene.time(6, 16, 19)
    scene.batches["fresh_cordyceps"] = scene.do(
        "gather_head",
        register_batch,
        BatchFacts(
            owner,
            Quantity.of("24600", "GRM"),
            family="cordyceps",
            variant="fresh",
            name="鲜虫草(六户合收)",
            site=scene.sites["slopes"],
            lot="RB0616",
            produced=scene.stated(f"{scene.year}年6月上旬"),
            attributes={
                "gathering_area": "荣布镇虫草采集区",
                "altitude": 4650,
                "gathered_from": scene.day(6, 2).isoformat(),
                "gathered_to": scene.day(6, 14).isoformat(),
                "gathering_permit": PERMIT,
                "weight": "24600",
            },
            shares=tuple(
                ShareFacts(name, None, Quantity.of(grams, "GRM"))
                for name, grams in (
                    ("洛桑家", "6200"),
                    ("白玛家", "5100"),
                    ("次仁卓嘎家", "4300"),
                    ("旺久家", "3900"),
                    ("格桑曲珍家", "3000"),
                    ("普布家", "2100"),
                )
            ),
        ),
    )
    happens(
        scene,
        "gather_head",
        "gatherers",
        "gather",
        "fresh_cordyceps",
        site="slopes",
        payload={
            "area": "荣布镇三个村",
            "permit_number": PERMIT,
            "method": "手工挖采,回填草皮",
            "gatherers": 31,
        },
    )


def _dry_and_sort(scene: Scene) -> Story:
    owner = scene.parties["gatherers"]
    yield scene.time(6, 24, 18)
    dried = scene.do(
        "gather_head",
        transform,
        TransformationFacts(
            "process",
            owner,
            (scene.part("fresh_cordyceps"),),
            (
                BatchFacts(
                    owner,
                    Quantity.of("7460", "GRM"),
                    product=scene.products["cordyceps"],
                    name="干虫草(未分拣)",
                    lot="RB0624",
                    produced=scene.stated(f"{scene.year}-06-24"),
                    attributes={
                        "gathering_area": "荣布镇虫草采集区",
                        "gathering_permit": PERMIT,
                        "weight": "7460",
                        "moisture": "5.8",
                        "gathered_from": scene.day(6, 2).isoformat(),
                        "gathered_to": scene.day(6, 14).isoformat(),
                    },
                ),
            ),
            scene.now(),
            site=scene.sites["slopes"],
            payload={"method": "阴凉通风晾干", "moisture_before": "71", "moisture_after": "5.8"},
        ),
    )
    (scene.batches["dry_cordyceps"],) = dried["batches"]
    yield scene.time(7, 2, 15)
    outputs = []
    for _key, name, grams, pieces, sorting, broken, sticked in SORTED:
        facts: dict[str, object] = {
            "gathering_area": "荣布镇虫草采集区",
            "gathering_permit": PERMIT,
            "weight": grams,
            "sorting": sorting,
            "gathered_from": scene.day(6, 2).isoformat(),
            "altitude": 4650,
        }
        if pieces:
            facts |= {"pieces": pieces, "pieces_per_kg": str(round(pieces * 1000 / int(grams)))}
        facts |= {key: value for key, value in (("broken", broken), ("sticked", sticked)) if value}
        outputs.append(
            BatchFacts(
                owner,
                Quantity.of(grams, "GRM"),
                product=scene.products["cordyceps"],
                name=name,
                produced=scene.stated(f"{scene.year}-07-02"),
                attributes=facts,
            )
        )
    made = scene.do(
        "gather_head",
        transform,
        TransformationFacts(
            "sort",
            owner,
            (scene.part("dry_cordyceps"),),
            tuple(outputs),
            scene.now(),
            site=scene.sites["slopes"],
            payload={"rule": "按每公斤条数与断草率", "broken": "2.4"},
        ),
    )
    for (key, *_), code in zip(SORTED, made["batches"], strict=True):
        scene.batches[key] = code
    yield scene.time(7, 6, 11)
    scene.do("sog_inspector", hold, scene.batches["loose"], "统货未计条数,掺杂情况不明,待复检")


def _test_and_sell(scene: Scene) -> Story:
    yield scene.time(7, 15, 16)
    scene.do(
        "lab_head",
        enter_test_report,
        TestReportFacts(
            f"GY{scene.year}-0715",
            "西藏高原农产品质量检测中心",
            scene.day(7, 15),
            (scene.batches["best"],),
            (
                TestItemFacts("腺苷", "0.021", "%", "", "≥0.010", "HPLC", "中国药典 一部", "符合"),
                TestItemFacts("水分", "5.6", "%", "", "", "药典通则 0832", "", ""),
                TestItemFacts(
                    "总砷", "5.2", "mg/kg", "0.01", "", "GB 5009.11", "", "未设限量,仅供参考"
                ),
            ),
            sample_number="S0709-02",
            sampled_on=scene.day(7, 9),
            conclusion="腺苷含量符合药典规定",
            evidence=document(scene, "lab_head", "检验报告", f"GY{scene.year}-0715"),
        ),
    )
    yield scene.time(7, 18, 10)
    approved_for_sale(scene, "gather_head", "gatherers")
    yield scene.time(7, 20, 10)
    print_labels(scene, "gather_head", "best", 170, "trace-50x30")
    yield scene.time(8, 3, 10)
    send(
        scene,
        "gather_head",
        "gatherers",
        "lhasa_shop",
        "best",
        {"carrier": "西藏羌塘冷链物流有限公司", "vehicle": "藏E·D2631", "handed_over_by": "洛桑"},
        "1000",
        "GRM",
    )
    yield scene.time(8, 4, 17)
    take(scene, "lhasa_clerk", "lhasa_shop", "lhasa", {"received_by": "央金", "seal_intact": True})
    yield scene.time(9, 20, 12)
    happens(
        scene,
        "lhasa_clerk",
        "lhasa_shop",
        "sell",
        "best",
        "120",
        "GRM",
        site="lhasa",
        payload={"channel": "门店零售"},
    )
