"""Bringing the players in: they apply, are checked by their supervisors, and open their places."""

from __future__ import annotations

from datetime import date

from suyuan.demo.players import PLAYERS, REGULATORS, SITES, Player
from suyuan.demo.scene import Scene
from suyuan.trace.acts.parties import add_site, apply_for_party, check_party, set_competences
from suyuan.trace.acts.people import add_person
from suyuan.trace.checkdigits import organisation_code, uscc
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.parties.facts import CompetenceFacts, PartyFacts, PersonFacts, SiteFacts

_FIRST_PHONE = 13900540000
LANGUAGE_OFFICE = Player(
    "nagqu_language",
    "language_office",
    "那曲市藏语文工作委员会办公室(编译局)",
    "540600",
    "11",
    "0896-3821236",
    (("translator", "格桑卓玛", "head"),),
    (("en", "Nagqu Language Office"),),
    "那曲市色尼区浙江中路",
)


def assemble(scene: Scene) -> None:
    """Open the organisations, their people and places; those with a supervisor are checked."""
    scene.at(4, 20)
    _join(
        scene,
        Player(
            "platform",
            "platform_operator",
            "西藏自治区农产品溯源平台运营中心",
            "540000",
            "12",
            "0891-6320000",
            (
                ("operator", "索朗旺姆", "administrator"),
                ("second_operator", "次旦", "administrator"),
            ),
            address="拉萨市",
        ),
    )
    scene.ledger.perform(SYSTEM, check_party, scene.parties["platform"], "编制批复文件")
    for player in REGULATORS:
        _join(scene, player)
        scene.do("operator", check_party, scene.parties[player.key], "机构编制批复")
        scope = CompetenceFacts(player.name, player.division, date(scene.year - 3, 1, 1))
        scene.do("operator", set_competences, scene.parties[player.key], (scope,))
    _join(scene, LANGUAGE_OFFICE)
    scene.do("operator", check_party, scene.parties[LANGUAGE_OFFICE.key], "机构编制批复")
    scene.at(4, 22)
    for player in PLAYERS:
        _join(scene, player)
        if player.checked_by:
            papers = "营业执照与承诺书原件" if player.parent == "" else "合作社成员名册"
            scene.do(player.checked_by, check_party, scene.parties[player.key], papers)
    scene.at(4, 25)
    for key, owner, kind, name, division, latitude, longitude, altitude in SITES:
        facts = SiteFacts(
            scene.parties[owner],
            kind,
            name,
            division,
            latitude=latitude,
            longitude=longitude,
            altitude_m=altitude,
        )
        head = next(player.people[0][0] for player in PLAYERS if player.key == owner)
        scene.sites[key] = scene.do(head, add_site, facts)


def _join(scene: Scene, player: Player) -> None:
    number = len(scene.parties)
    code = None if player.parent else _credit_code(player.entity, player.division[:6], number)
    scene.parties[player.key] = uid = scene.ledger.perform(
        SYSTEM,
        apply_for_party,
        PartyFacts(
            kind=player.kind,
            name=player.name,
            division=player.division,
            names=dict(player.names),
            uscc=code,
            address=player.address,
            phone=player.phone,
            supervision_phone=player.supervision,
            parent=scene.parties.get(player.parent),
            undertaking=True,
        ),
    )
    for key, name, role in player.people:
        phone = str(_FIRST_PHONE + len(scene.people))
        scene.people[key] = (
            scene.ledger.perform(SYSTEM, add_person, PersonFacts(name, phone), uid, role),
            uid,
        )


def _credit_code(entity: str, division: str, number: int) -> str:
    """A well-formed social credit code that no one has."""
    body = f"MADEMO{number:02d}".replace("O", "0")
    first = entity + division + body + organisation_code(body)
    return first + uscc(first)
