"""Live yaks with commitment certificates: two herds certified, then mixed and certified anew."""

from __future__ import annotations

from suyuan.demo.scene import Scene, Story
from suyuan.trace.acts.batches import register_batch
from suyuan.trace.acts.certificates import issue_certificate
from suyuan.trace.acts.transformations import transform
from suyuan.trace.batches.facts import BatchFacts
from suyuan.trace.certificates.facts import CertificateFacts
from suyuan.trace.events.facts import TransformationFacts
from suyuan.trace.quantities import Quantity

HERDS = (
    ("herd_east", "活牦牛(东草场)", "YL1024E", 3),
    ("herd_west", "活牦牛(西草场)", "YL1024W", 2),
)


def tell(scene: Scene) -> Story:
    """The co-operative commits for each herd where it grazes, and again for what it sends off."""
    first = 10301
    for key, name, lot, animals in HERDS:
        yield scene.time(10, 24, 9)
        tags = range(first, first + animals)
        first += animals
        scene.batches[key] = scene.do(
            "yak_clerk", register_batch, _herd(scene, name, lot, animals, tags)
        )
        _commit(scene, key, animals)
    moment = yield scene.time(10, 25, 8)
    animals = sum(one[3] for one in HERDS)
    mixed = TransformationFacts(
        "merge",
        scene.parties["yak_coop"],
        tuple(scene.part(key) for key, *_ in HERDS),
        (_herd(scene, "活牦牛(合群)", "YL1025", animals, range(10301, first)),),
        moment,
        site=scene.sites["pasture"],
    )
    (scene.batches["mixed_herd"],) = scene.do("yak_clerk", transform, mixed)["batches"]
    _commit(scene, "mixed_herd", animals)


def _herd(scene: Scene, name: str, lot: str, animals: int, tags: range) -> BatchFacts:
    return BatchFacts(
        scene.parties["yak_coop"],
        Quantity.of(animals, "HEA"),
        family="yak_meat",
        variant="live",
        name=name,
        site=scene.sites["pasture"],
        lot=lot,
        attributes={
            "ear_tags": [f"2540626{number:08d}" for number in tags],
            "herd_count": animals,
            "pasture": "亚拉雪山夏季牧场",
        },
    )


def _commit(scene: Scene, batch: str, animals: int) -> None:
    facts = CertificateFacts(
        scene.batches[batch], Quantity.of(animals, "HEA"), ("quality_control",)
    )
    scene.do("yak_head", issue_certificate, facts)
