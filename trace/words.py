"""What things are called in Chinese, Tibetan and English (``standards/words.json``).

Tibetan words carry a grade: A attested in a source, B usual in the region, C composed. A word of
grade C may stand on screens, where it can be corrected, but on a statutory label only when the
language office (藏语委办) has approved it: a wrong word in print cannot be called back.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from suyuan.trace.errors import NotFound
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard

Language = Literal["zh", "bo", "en"]
WordGrade = Literal["A", "B", "C"]
GRADES: tuple[WordGrade, ...] = ("A", "B", "C")


@dataclass(frozen=True)
class Word:
    """A word of the field; ``approved_by`` names the office that approved its Tibetan."""

    key: str
    zh: str
    en: str
    bo: str
    grade: WordGrade
    note: str | None
    approved_by: str | None
    provenance: Provenance

    def say(self, language: Language) -> str:
        """The word for a screen."""
        return {"zh": self.zh, "en": self.en, "bo": self.bo}[language]

    def statutory_bo(self, approved: frozenset[str] = frozenset()) -> str | None:
        """The Tibetan where it may be printed as a mandatory label item, else ``None``.

        ``approved``: keys of the words whose approval an operator has on record.
        """
        if self.grade == "C" and self.approved_by is None and self.key not in approved:
            return None
        return self.bo


@dataclass(frozen=True)
class Names:
    """What a thing is called; ``word`` is the key of the word that gave the Tibetan, if one did."""

    zh: str
    en: str
    bo: str | None = None
    bo_grade: WordGrade | None = None
    word: str | None = None

    def __str__(self) -> str:
        return self.en

    def say(self, language: Language) -> str:
        """The name for a screen; Chinese where no Tibetan is known."""
        return {"zh": self.zh, "en": self.en, "bo": self.bo or self.zh}[language]

    def statutory_bo(self, approved: frozenset[str] = frozenset()) -> str | None:
        """As ``Word.statutory_bo``; a grade C name that is no word of the list never counts."""
        if self.word is not None:
            return standard_words()[self.word].statutory_bo(approved)
        return None if self.bo_grade == "C" else self.bo


def said(params: Mapping[str, object], language: Language) -> dict[str, object]:
    """What fills a sentence's gaps, with things that have names called as in this language."""
    return {k: v.say(language) if isinstance(v, Names) else v for k, v in params.items()}


def listed(names: Iterable[Names]) -> Names:
    """Several things in one gap of a sentence, in each language as it lists them."""
    several = tuple(names)
    return Names(
        "、".join(one.zh for one in several),
        ", ".join(one.en for one in several),
        " ".join(one.bo or one.zh for one in several),
    )


@dataclass(frozen=True)
class StatutoryWord:
    """A word as it may be printed: Chinese always, Tibetan only where allowed."""

    zh: str
    bo: str | None


@cache
def standard_words() -> Mapping[str, Word]:
    """All words by key. Raises Misconfigured where the file is not as it must be."""
    return keyed(read_standard("words.json").get("words").rows(), _read_word, lambda w: w.key)


def word(key: str, language: Language) -> str:
    """The word in one language, for screens. Raises NotFound."""
    return _find(key).say(language)


def statutory(key: str, approved: frozenset[str] = frozenset()) -> StatutoryWord:
    """The word for a mandatory label item. Raises NotFound."""
    entry = _find(key)
    return StatutoryWord(entry.zh, entry.statutory_bo(approved))


def read_names(row: Row, key: str = "names") -> Names:
    """The names ``{zh, en}`` of a row; the Tibetan as ``word``, or outright with its grade."""
    names = row.get(key)
    names.only("zh", "en", "bo", "bo_grade", "word")
    zh, en = names.get("zh").text(), names.get("en").text()
    if names.has("word"):
        name_of_word = names.get("word")
        entry = standard_words().get(name_of_word.text())
        if entry is None:
            name_of_word.wrong("this is no key of words.json.")
        return Names(zh, en, entry.bo, entry.grade, entry.key)
    if not names.has("bo"):
        return Names(zh, en)
    return Names(zh, en, _read_tibetan(names.get("bo")), _read_grade(names.get("bo_grade")))


def read_called(rows: Row) -> Mapping[str, Names]:
    """What the things of a list of ``{key, names}`` are called, by key. Raises Misconfigured."""
    return dict(keyed(rows.rows(), _read_called, lambda one: one[0]).values())


def _read_called(row: Row) -> tuple[str, Names]:
    row.only("key", "names")
    return row.get("key").text(), read_names(row)


def _find(key: str) -> Word:
    try:
        return standard_words()[key]
    except KeyError:
        raise NotFound('There is no word with the key "{key}".', field="word", key=key) from None


def _read_word(row: Row) -> Word:
    row.only("key", "zh", "en", "bo", "grade", "note", "approved_by", *PROVENANCE)
    return Word(
        key=row.get("key").text(),
        zh=row.get("zh").text(),
        en=row.get("en").text(),
        bo=_read_tibetan(row.get("bo")),
        grade=_read_grade(row.get("grade")),
        note=row.maybe("note", Row.text),
        approved_by=row.maybe("approved_by", Row.text),
        provenance=row.provenance(),
    )


def _read_grade(row: Row) -> WordGrade:
    return cast("WordGrade", row.one_of(GRADES))


def _read_tibetan(row: Row) -> str:
    text = row.text()
    if not unicodedata.is_normalized("NFC", text):
        row.wrong("the Tibetan must be in Unicode normal form C.")
    return text
