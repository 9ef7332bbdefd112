"""Maize: bought loose, made into grits, let go unmeasured, tested too late, and called back."""

from __future__ import annotations

from suyuan.demo.grain import LICENCE
from suyuan.demo.moves import print_labels, send, take
from suyuan.demo.papers import inspected
from suyuan.demo.scene import Scene, Story
from suyuan.trace.acts.batches import register_batch
from suyuan.trace.acts.keeping import place_legal_hold
from suyuan.trace.acts.orders import recall
from suyuan.trace.acts.releasing import answer_override, ask_override
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.sampling import hand_over, take_sample
from suyuan.trace.acts.transformations import transform
from suyuan.trace.batches.facts import BatchFacts
from suyuan.trace.events.facts import TransformationFacts
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from suyuan.trace.quantities import Quantity
from suyuan.trace.release.recall_clocks import RecallFacts
from suyuan.trace.samples.facts import SampleFacts, StepFacts

LABORATORY = "南阳市农产品质量检测中心"
SAMPLE = "NX-1026-03"


def tell(scene: Scene) -> Story:
    """Maize of unknown fields that fails its test after its grits were sold."""
    mill = scene.parties["mill"]
    yield scene.time(10, 6, 10)
    scene.batches["maize"] = scene.do(
        "miller",
        register_batch,
        BatchFacts(
            mill,
            Quantity.of("12000", "KGM"),
            family="grain",
            variant="maize",
            name="收购玉米",
            site=scene.sites["mill"],
            lot="YM1006",
            attributes={"crop_year": scene.year, "moisture": "15.8"},
            note="三户散粮合收,地块未记",
        ),
    )
    yield scene.time(10, 16, 16)
    made = scene.do(
        "miller",
        transform,
        TransformationFacts(
            "process",
            mill,
            (scene.part("maize", "5000"),),
            (
                BatchFacts(
                    mill,
                    Quantity.of("3550", "KGM"),
                    family="grain",
                    variant="maize_milled",
                    name="玉米糁",
                    lot="YS1016",
                    produced=scene.stated(f"{scene.year}-10-16"),
                    attributes={"crop_year": scene.year},
                ),
            ),
            scene.now(),
            site=scene.sites["mill"],
            payload={
                "process": "破碎、筛分",
                "licence_number": LICENCE,
                "by_products": "皮胚 1320 kg",
            },
        ),
    )
    (scene.batches["maize_grits"],) = made["batches"]
    inspected(scene, "mill_tester", "mill", "maize_grits", "YS-CJ-1016")
    yield scene.time(10, 17, 9)
    print_labels(scene, "miller", "maize_grits", 4, "batch-100x70", per_package=False)
    yield scene.time(10, 17, 15)
    override = scene.do(
        "mill_tester",
        ask_override,
        scene.batches["maize_grits"],
        "水分仪送修,水分与等级未测;客户催货",
    )
    yield scene.time(10, 17, 17)
    scene.do("miller", answer_override, override, True, "入厂时水分 15.8%,同意先发,到货补测")
    yield scene.time(10, 18, 9)
    send(
        scene,
        "miller",
        "mill",
        "baisha_station",
        "maize_grits",
        {"carrier": "南阳捷达物流", "vehicle": "豫R·7K330", "handed_over_by": "赵国强"},
        "800",
    )
    yield scene.time(10, 23, 15)
    take(scene, "baisha_clerk", "baisha_station", "bangxi", {"received_by": "符海英"})
    yield from _sampled(scene)
    yield scene.time(10, 30, 11)
    scene.do(
        "miller",
        enter_test_report,
        TestReportFacts(
            "NY-1030-11",
            LABORATORY,
            scene.day(10, 30),
            (scene.batches["maize"],),
            (
                TestItemFacts(
                    "黄曲霉毒素B1",
                    "31.4",
                    "µg/kg",
                    "0.5",
                    "≤20",
                    "GB 5009.22",
                    "GB 2761-2017",
                    "不合格",
                ),
            ),
            sample_number=SAMPLE,
            sampled_on=scene.day(10, 26),
            conclusion="不合格",
        ),
    )
    yield scene.time(10, 30, 15)
    scene.do(
        "neixiang_inspector",
        recall,
        scene.batches["maize"],
        "黄曲霉毒素B1 31.4 µg/kg,超过 GB 2761-2017 限量 20 µg/kg,停止销售并召回",
        RecallFacts("second", scene.time(10, 30, 11)),
    )
    yield scene.time(10, 31, 9)
    scene.do(
        "neixiang_inspector",
        place_legal_hold,
        scene.batches["maize"],
        "黄曲霉毒素超标案立案调查,有关记录不得删除",
    )


def _sampled(scene: Scene) -> Story:
    """The county samples what is left of it, and sends the sealed sample in."""
    yield scene.time(10, 26, 14)
    day = scene.day(10, 26)
    sample = scene.do(
        "neixiang_inspector",
        take_sample,
        SampleFacts(
            scene.batches["maize"],
            "supervision",
            SAMPLE,
            day,
            ("李卫东", "孙丽"),
            Quantity.of("3", "KGM"),
            base=Quantity.of("7000", "KGM"),
            reserve=Quantity.of("3", "KGM"),
            seal="NX-F-2207",
            present=("赵国强",),
            place="原粮库 2 号仓",
        ),
    )
    sent = StepFacts("sent", day, to_name=LABORATORY)
    scene.do("neixiang_inspector", hand_over, sample, sent)
    yield scene.time(10, 27, 10)
    received = StepFacts("received", scene.day(10, 27), intact=True)
    scene.do("neixiang_inspector", hand_over, sample, received)
