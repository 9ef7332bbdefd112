"""The papers without which goods may not go: inspections, licences, approvals, certificates."""

from __future__ import annotations

from suyuan.demo.documents import document
from suyuan.demo.scene import Scene
from suyuan.trace.acts.papers import register_paper
from suyuan.trace.papers.facts import Covers, PaperFacts

APPROVAL = "藏林草售 2026-0412"


def inspected(scene: Scene, who: str, owner: str, batch: str, number: str) -> None:
    """The factory looked at a batch before it leaves, and says so (食品安全法 Art. 51)."""
    day = scene.now().date()
    scene.do(
        who,
        register_paper,
        PaperFacts(
            "factory_inspection",
            number,
            scene.parties[owner],
            "本厂质检室",
            day,
            day,
            covers=(Covers("batch", scene.batches[batch]),),
            evidence=document(scene, who, "出厂检验记录", number),
        ),
    )


def committed(scene: Scene, who: str, owner: str, batch: str, lot: str) -> None:
    """A co-operative answers for a batch with a commitment certificate on paper."""
    day = scene.now().date()
    scene.do(
        who,
        register_paper,
        PaperFacts(
            "commitment_certificate",
            "",
            scene.parties[owner],
            issued_on=day,
            valid_from=day,
            covers=(Covers("batch", scene.batches[batch]),),
            evidence=document(scene, who, "承诺达标合格证", lot),
        ),
    )


def approved_for_sale(scene: Scene, who: str, owner: str) -> None:
    """The province lets an organisation sell what it gathered of a protected kind this year."""
    scene.do(
        who,
        register_paper,
        PaperFacts(
            "sale_approval",
            APPROVAL,
            scene.parties[owner],
            "西藏自治区林业和草原局",
            scene.day(7, 10),
            scene.day(7, 10),
            scene.day(7, 9, scene.year + 1),
            covers=(Covers("party", scene.parties[owner]),),
            evidence=document(scene, who, "国家重点保护野生植物出售批准", APPROVAL),
        ),
    )
