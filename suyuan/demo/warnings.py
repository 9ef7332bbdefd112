"""A warning of the season: a paper of the mill ends soon, is asked for anew, and that is proved."""

from __future__ import annotations

from suyuan.demo.documents import document
from suyuan.demo.scene import Scene
from suyuan.trace.acts.contacts import ContactFacts, add_contact
from suyuan.trace.acts.papers import register_paper
from suyuan.trace.acts.sweeping import sweep
from suyuan.trace.acts.warnings import acknowledge, act_on, close
from suyuan.trace.notices.queries import warnings_here
from suyuan.trace.papers.facts import Covers, PaperFacts

_RULE = "paper_near_end"


def settle_one(scene: Scene) -> None:
    """Sweep once, and let the mill take up what is found about it, to the end."""
    scene.at(11, 6, 18)
    mill = scene.parties["mill"]
    scene.do("miller", add_contact, ContactFacts(mill, "email", "miller@wanxi.example", "low"))
    paper = _trading_paper(scene, mill)
    sweep(scene.ledger, [_RULE])
    with scene.ledger.database.read() as session:
        open_now = warnings_here(session, rule=_RULE)
        found = next(one for one in open_now if one.evidence["paper"] == paper)
    scene.at(11, 7, 8, 30)
    scene.do("miller", acknowledge, found.uid)
    scene.at(11, 10, 15)
    scene.do("miller", act_on, found.uid, "已向县市场监督管理局提交延续申请,资料齐全")
    scene.at(11, 18, 16)
    proof = document(scene, "miller", "食品经营许可延续受理通知书", f"XZ{scene.year}-318", "trade")
    scene.do("miller", close, found.uid, "延续申请已受理", proof)


def _trading_paper(scene: Scene, mill: str) -> str:
    """The licence under which the mill sells, which ends before the year does; its uid."""
    facts = PaperFacts(
        "food_trading",
        "JY14113250012348",
        mill,
        "内乡县市场监督管理局",
        scene.day(12, 16, scene.year - 5),
        scene.day(12, 16, scene.year - 5),
        scene.day(12, 15),
        covers=(Covers("party", mill),),
    )
    return scene.do("miller", register_paper, facts)
