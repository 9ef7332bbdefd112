"""What a newcomer is handed: addresses, codes to scan, tokens, and links that sign in once."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from suyuan.demo.installation import Demo
from suyuan.trace.acts.opening import instance_of
from suyuan.trace.acts.people import make_link, make_token
from suyuan.trace.codes.signing import label_host
from suyuan.trace.keys.queries import log_verifiers
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.printing.queries import codes_of
from suyuan.trace.spans import day_choices, span

SCANNED = {"yak_meat": "jerky", "cordyceps": "best", "vinegar": "vinegar", "grain": "millet_packs"}
"""The batch of each family whose package is offered to be scanned."""
RECALLED = "maize_grits"
BEARERS = {
    "producer": "plant_head",
    "lab": "lab_head",
    "regulator": "nagqu_inspector",
    "operator": "operator",
}
SIGNING_IN = {
    "producer": "plant_head",
    "clerk": "yak_clerk",
    "station": "station_head",
    "shop": "lhasa_clerk",
    "lab": "lab_head",
    "regulator": "nagqu_inspector",
    "translator": "translator",
    "operator": "operator",
}


@dataclass(frozen=True)
class Handout:
    """The content of ``demo.json``; both keys are C2SP verifier keys."""

    base_url: str
    label_host: str
    root_key: str
    log_key: str
    scan_urls: dict[str, str]
    batches: dict[str, str]
    tokens: dict[str, str]
    sign_in: dict[str, str]


def hand_out(demo: Demo, base_url: str) -> Handout:
    """Fresh tokens and links, and where to begin."""
    ledger = demo.ledger
    with ledger.database.read() as session:
        instance = instance_of(session)
        host = label_host(instance.hosts).host
        log_key = log_verifiers(session)[0]
        urls = {
            family: codes_of(session, demo.runs[batch])[0].url for family, batch in SCANNED.items()
        }
    days = min(day_choices("token_lives"))
    minutes = span("one_time_link") // timedelta(minutes=1)
    tokens = {
        role: ledger.perform(SYSTEM, make_token, *demo.people[name], "demo", days)
        for role, name in BEARERS.items()
    }
    links = {
        role: ledger.perform(SYSTEM, make_link, demo.people[name][0], "demo", minutes)
        for role, name in SIGNING_IN.items()
    }
    return Handout(
        base_url=base_url,
        label_host=host,
        root_key=instance.root,
        log_key=log_key,
        scan_urls=urls,
        batches={family: demo.batches[batch] for family, batch in SCANNED.items()},
        tokens=tokens,
        sign_in={role: f"{base_url}/in/{link}" for role, link in links.items()},
    )


def write_handout(handout: Handout, file: Path) -> None:
    """Write ``demo.json``, readable by its owner only: it holds ways in."""
    written = file.with_suffix(".tmp")
    written.touch(mode=0o600)
    written.write_text(
        json.dumps(asdict(handout), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    os.replace(written, file)
