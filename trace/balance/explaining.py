"""A finding in one sentence: English here, other tongues by catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from suyuan.trace.balance.findings import Finding
from suyuan.trace.words import Language, said

Translate = Callable[[str], str]
"""From an English sentence to the reader's language, as gettext does it."""


def N_(text: str) -> str:  # noqa: N802  # gettext's own name for it, which extractors look for
    """The text itself; it is translated when it is said."""
    return text


_SENTENCES: Final[Mapping[str, str]] = {
    "gain": N_(
        "{made} came out of {taken}: {beyond} more than went in, and nothing recorded explains it."
    ),
    "yield_above": N_(
        "{step}: {made} came out of {taken}, {beyond} more than the {minimum} to {maximum} of what "
        "goes in that is usual."
    ),
    "yield_below": N_(
        "{step}: {made} came out of {taken}, {beyond} less than the {minimum} to {maximum} of what "
        "goes in that is usual."
    ),
    "dry_gain": N_(
        "{taken} of dry matter went in and {made} came out: {beyond} more, where a share of "
        "{allowance} more is believed."
    ),
    "animals_above": N_(
        "{carcasses} carcasses came of {animals} animals that were named by ear tag, or counted "
        "where none was: {beyond} too many."
    ),
    "tag_twice": N_(
        "The ear tag {tag} is on this batch and on batch {other}, and neither was made of the "
        "other."
    ),
    "tag_slaughtered_twice": N_(
        "The ear tag {tag} went into two slaughters, this one and that of batch {other}."
    ),
    "tag_unknown": N_("The ear tag {tag} is on what came out and on nothing that went in."),
    "labels_above": N_(
        "{printed} labels of {net} each are in force for {lot}, where at most {most} can be: "
        "{beyond} too many."
    ),
    "weights_above": N_(
        "{printed} packages that were weighed one by one hold {weight} by their labels, where "
        "{lot} can fill at most {most}: {beyond} too much."
    ),
    "surplus": N_("A stocktake found {beyond} more than the books left."),
    "shortage": N_("A stocktake found {beyond} less than the books left."),
    "books_differ": N_("{stock} are in hand, where {closing} follow from what was recorded."),
    "overdrawn": N_(
        "{drawn} of this batch lean on the paper {number}, which covers {amount} in all: {beyond} "
        "more than was left."
    ),
    "household_above": N_(
        "One household is said to have brought {brought} here; with what it brought before, that "
        "is {beyond} more than the {most} that its land or herd can give in {season}."
    ),
    "inside_interval": N_("Taken on {day}, inside an interval that ends on {ends}."),
    "before_made": N_("This happened on {day}, before the batch was made on {made}."),
    "sampled_early": N_(
        "The sample of report {number} was taken on {day}, before the batch was made on {made}."
    ),
    "too_fast": N_(
        "{one} and {other} are {km} km apart, with {hours} hours between: nothing goes faster than "
        "{fastest} km/h."
    ),
}
_WHERE: Final = N_("Source: {source}.")
_WHERE_UNCONFIRMED: Final = N_("Source: {source} ({confidence}, unconfirmed).")


def sentence(finding: Finding) -> str:
    """The English sentence of a finding, with its gaps."""
    if _is_of_slaughter(finding):
        return _SENTENCES["tag_slaughtered_twice"]
    if finding.rule == "labels_above" and "weight" in finding.told:
        return _SENTENCES["weights_above"]
    return _SENTENCES[finding.rule]


def _is_of_slaughter(finding: Finding) -> bool:
    return finding.rule == "tag_twice" and bool(finding.event)


def explained(finding: Finding, language: Language = "en", translate: Translate = str) -> str:
    """What was found with its numbers, and where its bound comes from."""
    told = translate(sentence(finding)).format_map(said(finding.told, language))
    where = translate(_WHERE_UNCONFIRMED if finding.unconfirmed else _WHERE)
    provenance = finding.provenance
    return f"{told} " + where.format(source=provenance.source, confidence=provenance.confidence)
