"""A batch of yak jerky with all that a scan page can show: the animals it was made of, two
places, papers, a test, a correction, something missing, and printed labels."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from PIL import Image

from suyuan.labels.from_facts import try_out
from suyuan.trace.acts.batches import register_batch
from suyuan.trace.acts.events import correct_event, record_event
from suyuan.trace.acts.evidence import keep_evidence
from suyuan.trace.acts.papers import register_paper
from suyuan.trace.acts.parties import add_site, apply_for_party, check_party
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.products import add_product
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.batches.facts import BatchFacts, ShareFacts
from suyuan.trace.codes.signing import label_host, write_code
from suyuan.trace.events.facts import CorrectionFacts, EventFacts, Portion, TransformationFacts
from suyuan.trace.keys.notes import parse_verifier_key
from suyuan.trace.keys.tables import Instance, SigningKey
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.parties.facts import PartyFacts, SiteFacts
from suyuan.trace.printing.tables import IssuedCode, PrintRun
from suyuan.trace.products.facts import ProductFacts
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from suyuan.trace.quantities import Quantity
from tests.world import kg, make_actor

YALA_TOWN = "540626100"
SUO_COUNTY = "540626"
LICENCE = "SC10454062600014"


@dataclass(frozen=True)
class Jerky:
    """The outside names of what was made."""

    actor: Actor
    animals: str
    trace_code: str
    pasture: str
    slaughter: str
    mended: str
    photo: str
    private_photo: str
    codes: tuple[str, ...]

    @property
    def code(self) -> str:
        """The signed address of the first package."""
        return self.codes[0]


def make_jerky(ledger: Ledger, labels: int = 3) -> Jerky:
    """Everything, from the pasture to the printed label."""
    actor = _cooperative(ledger)
    own = str(actor.party_uid)
    pasture = ledger.perform(
        actor,
        add_site,
        SiteFacts(
            own, "pasture", "索县亚拉镇夏季牧场", YALA_TOWN, latitude="31.88672",
            longitude="93.78512", altitude_m=4520,
        ),
    )  # fmt: skip
    workshop = ledger.perform(
        actor, add_site, SiteFacts(own, "workshop", "风干车间", SUO_COUNTY, altitude_m=3980)
    )
    now = ledger.clock.now()
    photo = _photo(ledger, actor, "public")
    private = _photo(ledger, actor, "trade")
    animals = _animals(ledger, actor, pasture)
    slaughter = ledger.perform(
        actor,
        record_event,
        EventFacts(
            "treat", own, (Portion(animals),), now - timedelta(days=40), site=pasture,
            payload={
                "drug": "口蹄疫疫苗",
                "withdrawal_end": (now - timedelta(days=20)).date().isoformat(),
            },
            evidence=(photo, private), evidence_grade="documented",
        ),
    )  # fmt: skip
    stored = ledger.perform(
        actor,
        record_event,
        EventFacts("store", own, (Portion(animals),), now - timedelta(days=12), site=workshop),
    )
    mended = ledger.perform(
        actor,
        correct_event,
        CorrectionFacts(
            stored,
            "日期写错了",
            happened_at=now - timedelta(days=10),
            payload={"store_id": "2号库"},
        ),
    )
    product = ledger.perform(actor, add_product, _product(own))
    made = ledger.perform(
        actor,
        transform,
        TransformationFacts(
            "process", own, (Portion(animals),),
            (
                BatchFacts(
                    own, kg("118.5"), product=product, site=workshop, lot="20260525-A",
                    best_before=date(2027, 2, 24),
                    attributes={"drying_days": 21, "pasture": "亚拉镇夏季牧场", "moisture": "18.2"},
                ),
            ),
            now - timedelta(days=6), site=workshop,
            payload={"recipe": "传统生风干", "licence_number": LICENCE},
        ),
    )  # fmt: skip
    trace_code = made["batches"][0]
    _papers(ledger, actor, animals, trace_code, photo)
    _test(ledger, trace_code)
    run = ledger.perform(actor, issue_print_run, trace_code, labels, "trace-50x30", try_out=try_out)
    return Jerky(
        actor, animals, trace_code, pasture, slaughter, mended, photo, private,
        signed_codes(ledger, run),
    )  # fmt: skip


def signed_codes(ledger: Ledger, run_uid: str) -> tuple[str, ...]:
    """The texts of the symbols of a print run."""
    with ledger.database.read() as session:
        host = label_host(session.get_one(Instance, 1).hosts)
        run = session.scalars(sa.select(PrintRun).where(PrintRun.uid == run_uid)).one()
        key = session.scalars(sa.select(SigningKey).where(SigningKey.name == run.key_name)).one()
        key_id = parse_verifier_key(key.verifier).key_id
        issued = session.scalars(
            sa.select(IssuedCode)
            .where(IssuedCode.print_run_id == run.id)
            .order_by(IssuedCode.position)
        )
        return tuple(write_code(host, one.path, key_id, one.signature) for one in issued)


def _cooperative(ledger: Ledger) -> Actor:
    facts = PartyFacts(
        "cooperative", "索县亚拉镇牦牛养殖农民专业合作社", SUO_COUNTY,
        names={"en": "Yala Yak Co-operative, Suo County"}, phone="+8618989960001",
        undertaking=True,
    )  # fmt: skip
    uid = ledger.perform(SYSTEM, apply_for_party, facts)
    ledger.perform(SYSTEM, check_party, uid, "营业执照")
    return make_actor(ledger, uid)


def _animals(ledger: Ledger, actor: Actor, pasture: str) -> str:
    facts = BatchFacts(
        str(actor.party_uid),
        Quantity.of(420, "KGM"),
        family="yak_meat",
        variant="frozen",
        name="冻牦牛肉(后腿)",
        site=pasture,
        attributes={
            "breed": "类乌齐牦牛",
            "pasture": "亚拉镇夏季牧场",
            "altitude": 4520,
            "feeding": "grazing",
            "herd_count": 4,
        },
        shares=tuple(ShareFacts(f"第{n}户", quantity=kg(140)) for n in "一二三"),
    )
    return ledger.perform(actor, register_batch, facts)


def _product(own: str) -> ProductFacts:
    return ProductFacts(
        own, "yak_meat", "raw_air_dried", "风干牦牛肉",
        names={"bo": "གཡག་ཤ་སྐམ་པོ།", "en": "Air-dried yak meat"},
        label={
            "ingredients": "牦牛肉、食用盐、花椒",
            "net_content": "250 g",
            "shelf_life": "9个月",
            "storage_conditions": "阴凉干燥处",
            "allergens": "本生产线也加工含大豆的产品",
        },
        items_on_pack=True,
    )  # fmt: skip


def _photo(ledger: Ledger, actor: Actor, disclosure: str) -> str:
    picture = io.BytesIO()
    colour = (40, 90, 60) if disclosure == "public" else (90, 40, 60)
    Image.new("RGB", (24, 16), colour).save(picture, "PNG")
    return ledger.perform(
        actor, keep_evidence, str(actor.party_uid), picture.getvalue(), "检疫证明.png", disclosure
    )


def _papers(ledger: Ledger, actor: Actor, animals: str, trace_code: str, photo: str) -> None:
    own = str(actor.party_uid)
    ledger.perform(
        actor,
        register_paper,
        PaperFacts(
            "quarantine_animal_b", "5424280012", own, "索县动物卫生监督所",
            valid_from=date(2026, 5, 10), valid_to=date(2026, 5, 15),
            covers=(Covers("batch", animals),), evidence=photo,
        ),
    )  # fmt: skip
    ledger.perform(
        actor,
        register_paper,
        PaperFacts("commitment_certificate", "", own, valid_from=date(2026, 5, 26),
                   covers=(Covers("batch", trace_code),)),
    )  # fmt: skip


def give_papers_to_go(ledger: Ledger, jerky: Jerky) -> None:
    """What the law asks for before such jerky is shipped or sold."""
    own = str(jerky.actor.party_uid)
    for kind, number, covers in (
        ("sc_licence", LICENCE, Covers("party", own)),
        ("factory_inspection", "CJ-0530", Covers("batch", jerky.trace_code)),
        ("quarantine_product_b", "5424280013", Covers("batch", jerky.animals)),
    ):
        facts = PaperFacts(kind, number, own, covers=(covers,))
        ledger.perform(jerky.actor, register_paper, facts)


def _test(ledger: Ledger, trace_code: str) -> None:
    uid = ledger.perform(
        SYSTEM, apply_for_party,
        PartyFacts("laboratory", "那曲市农产品质量安全检验检测中心", "540602", undertaking=True),
    )  # fmt: skip
    ledger.perform(SYSTEM, check_party, uid, "CMA")
    tester = make_actor(ledger, uid)
    ledger.perform(
        tester,
        enter_test_report,
        TestReportFacts(
            f"NQ-2026-{trace_code[-5:]}",
            "那曲市农产品质量安全检验检测中心",
            date(2026, 5, 30),
            (trace_code,),
            (
                TestItemFacts(
                    "铅(以Pb计)", "0.06", "mg/kg", limit="0.2", standard="GB 2762",
                    conclusion="合格",
                ),
                TestItemFacts(
                    "沙门氏菌", "未检出", "/25g", limit="0/25g", standard="GB 29921",
                    conclusion="合格",
                ),
            ),
            conclusion="所检项目符合要求",
        ),
    )  # fmt: skip
