"""What a message about a warning says, and how hard it is tried to send it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from suyuan.trace.clock import shown, utc_text
from suyuan.trace.notices.rules import called, read_rules, warning_rule
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.notices.wording import worded
from suyuan.trace.sourced import PROVENANCE, Row
from suyuan.trace.words import Language

LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True)
class Sending:
    """How messages are sent: ``tries`` in all, the waits between them, and how long another
    machine may take to answer. ``claimed``: for how long a message is one sender's own."""

    tries: int
    first_wait: timedelta
    longest_wait: timedelta
    claimed: timedelta
    seconds: int
    most_contacts: int
    sms_characters: int
    sweep_every: timedelta

    def wait_after(self, tries: int) -> timedelta:
        """How long to wait after so many tries: twice as long each time, up to the longest."""
        doublings: int = 2 ** min(tries - 1, 30)
        return min(self.longest_wait, self.first_wait * doublings)


@dataclass(frozen=True)
class Message:
    """A message as it goes out. ``short`` is for telephones, ``data`` for programs."""

    uid: str
    subject: str
    text: str
    short: str
    data: Mapping[str, object]


@cache
def sending() -> Sending:
    """How messages are sent here (``standards/warning_rules.json``). Raises Misconfigured."""
    row = read_rules().get("sending")
    row.provenance()
    row.only(
        "tries", "first_wait_minutes", "longest_wait_minutes", "claimed_minutes", "seconds",
        "most_contacts", "sms_characters", "sweep_minutes", *PROVENANCE,
    )  # fmt: skip

    def minutes(key: str) -> timedelta:
        return timedelta(minutes=_number(row, key))

    return Sending(
        tries=_number(row, "tries"),
        first_wait=minutes("first_wait_minutes"),
        longest_wait=minutes("longest_wait_minutes"),
        claimed=minutes("claimed_minutes"),
        seconds=_number(row, "seconds"),
        most_contacts=_number(row, "most_contacts"),
        sms_characters=_number(row, "sms_characters"),
        sweep_every=minutes("sweep_minutes"),
    )


def message(uid: str, warning: EarlyWarning, occasion: str, at: datetime, link: str) -> Message:
    """The message ``uid`` about a warning as it stands; ``link`` leads to its page."""
    texts = {language: _text(warning, occasion, language) for language in LANGUAGES}
    first_line = texts["zh"].split("\n", 1)[0]
    return Message(
        uid=uid,
        subject=first_line,
        text="\n\n".join([*texts.values(), link]) + "\n",
        short=_cut(first_line, sending().sms_characters),
        data={
            "notice": uid,
            "occasion": occasion,
            "at": utc_text(at),
            "link": link,
            "texts": texts,
            "warning": {
                "uid": warning.uid,
                "rule": warning.rule,
                "severity": warning.severity,
                "state": warning.state,
                "level": warning.level,
                "division": warning.level_division,
                "stage": warning.stage,
                "deadline": utc_text(warning.deadline),
                "party": warning.party.uid,
                "trace_code": warning.batch.trace_code if warning.batch else None,
                "evidence": warning.evidence,
            },
        },
    )


def _text(warning: EarlyWarning, occasion: str, language: Language) -> str:
    """One line that says all, then a line for each piece of evidence."""

    def says(group: str, key: str) -> str:
        return called(group)[key].say(language)

    about = warning.batch.trace_code if warning.batch else warning.party.name
    rule = warning_rule(warning.rule).names.say(language)
    head = f"【{says('occasions', occasion)}·{says('severities', warning.severity)}】{rule} {about}"
    if occasion != "closed":
        head += f" → {shown(warning.deadline)}"
    words = called("evidence")
    lines = [
        f"{words[key].say(language) if key in words else key}: {worded(value, language)}"
        for key, value in warning.evidence.items()
    ]
    return "\n".join([head, warning.party.name, *lines])


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _number(row: Row, key: str) -> int:
    return row.get(key).integer()
