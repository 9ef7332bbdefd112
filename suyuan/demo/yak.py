"""Yak: nine animals of two herders' groups become jerky in two shops, from ear tag to counter."""

from __future__ import annotations

from suyuan.demo import jerky
from suyuan.demo.documents import document
from suyuan.demo.moves import happens, send, take
from suyuan.demo.papers import committed
from suyuan.demo.scene import Scene, Story
from suyuan.trace.acts.batches import register_batch
from suyuan.trace.acts.papers import register_paper
from suyuan.trace.acts.transformations import transform
from suyuan.trace.batches.facts import BatchFacts, MarkFacts, ShareFacts
from suyuan.trace.events.facts import TransformationFacts
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.quantities import Quantity

TAGS = tuple(f"2540626{number:08d}" for number in range(10231, 10238))
"""Seven of the nine yaks have tags; two are known by their herder's word only."""


def tell(scene: Scene) -> Story:
    """From the summer pasture to the shops of Nagqu and Lhasa."""
    yield from jerky.products(scene)
    yield from _herd(scene)
    yield from _slaughter(scene)
    yield from jerky.tell(scene)


def _herd(scene: Scene) -> Story:
    coop = scene.parties["yak_coop"]
    yield scene.time(9, 12, 10)
    scene.batches["herd"] = scene.do(
        "yak_clerk",
        register_batch,
        BatchFacts(
            coop,
            Quantity.of(9, "HEA"),
            family="yak_meat",
            variant="live",
            name="活牦牛(联户)",
            site=scene.sites["pasture"],
            lot="YL0912",
            attributes={
                "ear_tags": list(TAGS),
                "herd_count": 9,
                "breed": "西藏高山牦牛",
                "sex": "castrated",
                "age_months": 62,
                "pasture": "亚拉雪山夏季牧场",
                "altitude": 4480,
                "feeding": "grazing",
            },
            shares=(
                ShareFacts("", scene.parties["herders_a"], Quantity.of(5, "HEA")),
                ShareFacts("", scene.parties["herders_b"], Quantity.of(3, "HEA")),
                ShareFacts("散户 洛追", None, Quantity.of(1, "HEA"), "两头无耳标,按群登记"),
            ),
            marks=tuple(MarkFacts("ear_tag", tag) for tag in TAGS),
        ),
    )
    happens(
        scene,
        "yak_clerk",
        "yak_coop",
        "treat",
        "herd",
        site="pasture",
        payload={
            "ear_tags": list(TAGS),
            "drug": "伊维菌素注射液",
            "approval_number": "兽药字260036782",
            "dose": "0.2 mg/kg 皮下注射",
            "withdrawal_end": scene.day(10, 20).isoformat(),
            "veterinarian": "边巴",
        },
    )
    yield scene.time(10, 26, 8)
    quarantine = PaperFacts(
        "quarantine_animal_b",
        "5400188231",
        coop,
        "索县动物卫生监督所",
        scene.day(10, 26),
        scene.day(10, 26),
        scene.day(10, 26),
        amount=Quantity.of(9, "HEA"),
        covers=(Covers("batch", scene.batches["herd"]),),
        evidence=document(scene, "yak_head", "动物检疫合格证明(动物B)", "5400188231"),
    )
    scene.do("yak_head", register_paper, quarantine)
    committed(scene, "yak_head", "yak_coop", "herd", "YL0912")
    send(
        scene,
        "yak_head",
        "yak_coop",
        "plant",
        "herd",
        {
            "carrier": "西藏羌塘冷链物流有限公司",
            "vehicle": "藏E·D2631",
            "handed_over_by": "扎西次仁",
            "promised_hours": 24,
        },
    )
    yield scene.time(10, 26, 19)
    take(
        scene,
        "plant_clerk",
        "plant",
        "abattoir",
        {
            "received_by": "王建国",
            "arrived": "当日19:00",
            "condition": "精神状态良好",
        },
    )


def _slaughter(scene: Scene) -> Story:
    moment = yield scene.time(10, 27, 7)
    made = scene.do(
        "plant_clerk",
        transform,
        TransformationFacts(
            "slaughter",
            scene.parties["plant"],
            (scene.part("herd"),),
            (
                BatchFacts(
                    scene.parties["plant"],
                    Quantity.of("1168", "KGM"),
                    family="yak_meat",
                    variant="fresh",
                    name="牦牛胴体(鲜)",
                    lot="QT1027",
                    produced=scene.stated(f"{scene.year}-10-27"),
                    attributes={
                        "ear_tags": list(TAGS),
                        "herd_count": 9,
                        "slaughter_date": scene.day(10, 27).isoformat(),
                        "slaughterhouse": "羌塘屠宰车间",
                        "quarantine_mark": "藏检 06-10271",
                        "withdrawal_end": scene.day(10, 20).isoformat(),
                    },
                ),
            ),
            moment,
            site=scene.sites["abattoir"],
            payload={
                "ear_tags_in": list(TAGS),
                "carcasses_out": 9,
                "quarantine_number": "5400990127",
                "ante_mortem": "pass",
                "post_mortem": "pass",
            },
            evidence=(document(scene, "plant_clerk", "屠宰检验记录", "QT1027"),),
            evidence_grade="documented",
        ),
    )
    (scene.batches["carcass"],) = made["batches"]
    meat = PaperFacts(
        "quarantine_product_b",
        "5400990127",
        scene.parties["plant"],
        "那曲市动物卫生监督所",
        scene.day(10, 27),
        scene.day(10, 27),
        scene.day(10, 27),
        amount=Quantity.of("1168", "KGM"),
        covers=(Covers("batch", scene.batches["carcass"]),),
        evidence=document(scene, "plant_clerk", "动物检疫合格证明(产品B)", "5400990127"),
    )
    scene.do("plant_head", register_paper, meat)
    yield scene.time(10, 27, 20)
    happens(
        scene,
        "plant_clerk",
        "plant",
        "precool",
        "carcass",
        site="abattoir",
        payload={"core_temperature": "4", "hours": "12"},
    )
    moment = yield scene.time(10, 28, 9)
    cut = TransformationFacts(
        "process",
        scene.parties["plant"],
        (scene.part("carcass"),),
        tuple(
            BatchFacts(
                scene.parties["plant"],
                Quantity.of(kilograms, "KGM"),
                family="yak_meat",
                variant="fresh",
                name=name,
                lot=lot,
                produced=scene.stated(f"{scene.year}-10-28"),
                attributes={
                    "cut": name,
                    "slaughter_date": scene.day(10, 27).isoformat(),
                    "slaughterhouse": "羌塘屠宰车间",
                    "quarantine_mark": "藏检 06-10271",
                },
            )
            for name, lot, kilograms in (
                ("牦牛后腿肉", "QT1028A", "412"),
                ("牦牛腱子肉", "QT1028B", "218.5"),
            )
        ),
        moment,
        site=scene.sites["abattoir"],
        payload={
            "recipe": "分割",
            "licence_number": "动防合字 06-016",
            "by_products": "骨 251 kg、内脏另册",
            "loss": "12.5",
        },
    )
    scene.batches["hind"], scene.batches["shank"] = scene.do("plant_clerk", transform, cut)[
        "batches"
    ]
