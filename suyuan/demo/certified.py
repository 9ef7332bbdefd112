"""A certification of the county: the mill applies, the bureau approves less, the goods draw it."""

from __future__ import annotations

from suyuan.demo.documents import document
from suyuan.demo.scene import Scene, Story
from suyuan.trace.acts.certifying import apply_for_certification, approve_certification
from suyuan.trace.papers.facts import ApplicationFacts, ReviewFacts
from suyuan.trace.quantities import Quantity


def tell(scene: Scene) -> Story:
    """Chimei millet, certified by Neixiang county for a year."""
    yield scene.time(5, 8, 10)
    asked = scene.do(
        "miller",
        apply_for_certification,
        ApplicationFacts(
            "official_certification",
            scene.parties["mill"],
            scene.products["millet"],
            Quantity.of("30000", "KGM"),
            12,
            note="赤眉镇订单基地,统一收购加工",
            evidence=(document(scene, "miller", "订单种植合同", "订单 2026-05"),),
        ),
    )
    yield scene.time(5, 20, 15)
    scene.do(
        "neixiang_inspector",
        approve_certification,
        asked,
        ReviewFacts("订单合同、现场核查记录", amount=Quantity.of("20000", "KGM")),
    )
