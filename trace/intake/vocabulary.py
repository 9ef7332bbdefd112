"""The words by which columns, totals and the things around a table are known.

All words are data (``standards/intake/headings.json``); a family's attributes add their own names,
so a new family's columns are recognised without touching either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache, cached_property, lru_cache
from typing import Literal, cast, get_args

from suyuan.trace.products.families import Family
from suyuan.trace.sourced import Row, read_standard
from suyuan.trace.words import Names, read_names
from suyuan.trace.written import folded

ColumnKind = Literal[
    "text",
    "ear_tag",
    "sex",
    "number",
    "quantity",
    "count",
    "unit",
    "date",
    "duration",
    "paper",
    "sequence",
    "attribute",
    "ignore",
]

ATTRIBUTE = "attribute:"
"""Prefix of the keys of columns that hold one attribute of the family."""

_BRACKETS = re.compile(r"[(\[{【〔《<][^)\]}】〕》>]*[)\]}】〕》>]")
_SIGNS = re.compile(r"[\s()\[\]{}【】〔〕《》<>:：,，.。、*_\-/\\|·;；\"'“”‘’་།]+")
_CERTAIN = 1.0
_PLAIN = 0.95
_BUT_FOR_NUMBER = 0.9
_NUMBER_WORD = re.compile(r"(编号|号码|代码|码|号|number|no)$")
_LEAST = 0.55
_ALIKE = 0.86
_LONGEST_HEADING = 60
_REMEMBERED = 4096


@dataclass(frozen=True)
class ColumnField:
    """What a column can mean.

    ``quantity_rank`` and ``date_rank`` order the columns that can give a batch its quantity and
    its date (lower first). ``since`` names date columns that an age is counted from. ``proof`` is
    the form of this column's values. ``confidential`` values (prices) never enter a batch.
    ``attributes`` are the families' attributes that may keep the value, multiplied by ``times``;
    ``mark`` is the kind of mark by which the batch can be found. ``after`` names date columns
    that cannot be later than this one. ``units`` are those that may stand behind a plain number.
    """

    key: str
    kind: ColumnKind
    names: Names
    disclosure: str
    words: tuple[str, ...]
    measures: tuple[str, ...] = ()
    quantity_rank: int | None = None
    date_rank: int | None = None
    since: tuple[str, ...] = ()
    proof: str | None = None
    paper: str | None = None
    confidential: bool = False
    attributes: tuple[str, ...] = ()
    times: int = 1
    mark: str | None = None
    after: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Likeness:
    """A field that a heading may mean, and how sure that is, from 0 to 1."""

    field: str
    confidence: float


@dataclass(frozen=True)
class Vocabulary:
    """All fields, and the words that are no headings."""

    fields: dict[str, ColumnField]
    totals: frozenset[str]
    around: tuple[str, ...]
    nothing: frozenset[str]
    no_ear_tag: frozenset[str]
    ditto: frozenset[str]
    doubtful_notes: tuple[str, ...]
    sexes: dict[str, str]

    def of_family(self, family: Family, variant: str | None = None) -> Vocabulary:
        """The same words and, behind them, the names of the family's attributes."""
        kept = {key for field in self.fields.values() for key in field.attributes}
        added = {
            ATTRIBUTE + fact.key: ColumnField(
                key=ATTRIBUTE + fact.key,
                kind="attribute",
                names=fact.names,
                disclosure=fact.disclosure,
                words=tuple(n for n in (fact.names.zh, fact.names.en, fact.names.bo) if n),
            )
            for fact in family.asked(variant)
            if fact.key not in kept
        }
        return replace(self, fields={**self.fields, **added})

    def likely(self, heading: str) -> tuple[Likeness, ...]:
        """The fields that a heading may mean, the surest first; none when nothing is like it."""
        forms = heading_forms(heading)
        if not forms or len(forms[0]) > _LONGEST_HEADING:
            return ()
        if heading in self._answered:
            return self._answered[heading]
        stems = tuple(_stem(form) for form in forms)
        found = (
            Likeness(key, max(_likeness(forms, stems, *word) for word in words))
            for key, words in self._words.items()
        )
        likely = [one for one in found if one.confidence >= _LEAST]
        answer = tuple(sorted(likely, key=lambda one: -one.confidence))
        if len(self._answered) < _REMEMBERED:
            self._answered[heading] = answer
        return answer

    def knows(self, text: str) -> bool:
        """Whether a text is one of the headings, word for word."""
        return any(form in self._all_words for form in heading_forms(text))

    @cached_property
    def _answered(self) -> dict[str, tuple[Likeness, ...]]:
        """Headings that were asked about before: a sheet asks about the same ones many times."""
        return {}

    @cached_property
    def _words(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Each field's words as they are compared, with their stems."""
        return {
            field.key: tuple((w, _stem(w)) for w in map(comparable, field.words))
            for field in self.fields.values()
            if field.words
        }

    @cached_property
    def _all_words(self) -> frozenset[str]:
        return frozenset(word for words in self._words.values() for word, _ in words)

    def is_total(self, text: str) -> bool:
        """Whether a cell says that its row is a total."""
        return comparable(text) in self.totals

    def says_nothing(self, text: str, field: ColumnField | None = None) -> bool:
        """Whether a cell says that the value is not there (无, -, 未检; 无耳标 for ear tags)."""
        plain = folded(text).lower()
        if field is not None and field.kind == "ear_tag" and plain in self.no_ear_tag:
            return True
        return plain in self.nothing or not plain

    def is_around(self, text: str) -> bool:
        """Whether a text belongs around a table: a stamp, a signature, a note."""
        plain = comparable(text)
        head = comparable(re.split(r"[:：]", text)[0])
        return any(plain == word or head == word for word in self.around) or bool(
            re.search(r"[(（]?(盖章|公章|签字|签名|签章)[)）]?[:：]?\s*$", text)
        )


@lru_cache(maxsize=4096)
def comparable(text: str) -> str:
    """A text as headings are compared: half-width, lower case, without spaces and signs."""
    return _SIGNS.sub("", folded(text).lower())


def heading_forms(heading: str) -> tuple[str, ...]:
    """The whole heading, the heading without brackets, and what stands before a slash."""
    plain = folded(heading).lower()
    without = _BRACKETS.sub("", plain)
    forms = (comparable(plain), comparable(without), comparable(re.split(r"[/／]", without)[0]))
    return tuple(dict.fromkeys(form for form in forms if form))


def _likeness(
    forms: tuple[str, ...], stems: tuple[str, ...], word: str, stem_of_word: str
) -> float:
    if forms[0] == word:
        return _CERTAIN
    if word in forms:
        return _PLAIN
    if stem_of_word in stems:
        return _BUT_FOR_NUMBER
    return max(_partly(form, word) for form in forms)


def _stem(form: str) -> str:
    """A heading without the word for "number" at its end: 检疫证编号 is 检疫证."""
    stem = _NUMBER_WORD.sub("", form)
    return stem if len(stem) >= 2 else form


def _partly(form: str, word: str) -> float:
    """Part of a heading is worth less; Chinese and English names end in what they mean."""
    shorter, longer = sorted((len(form), len(word)))
    if shorter < 2:
        return 0.0
    if form.isascii() and word.isascii():
        if shorter < 4:
            return 0.0
        alike = SequenceMatcher(None, form, word)
        if shorter * 4 >= longer * 3 and alike.quick_ratio() >= _ALIKE <= alike.ratio():
            return 0.8 * alike.ratio()
    if form.endswith(word):
        return 0.6 + 0.3 * shorter / longer
    if word in form or form in word:
        return 0.45 + 0.3 * shorter / longer
    return 0.0


@cache
def shipped_vocabulary() -> Vocabulary:
    """The words of ``standards/intake/headings.json``. Raises Misconfigured when it is wrong."""
    file = read_standard("intake/headings.json")
    missing = file.get("missing")
    return Vocabulary(
        fields={field.key: field for field in read_fields(file)},
        totals=frozenset(comparable(text) for text in file.list_of("totals", Row.text)),
        around=tuple(comparable(text) for text in file.list_of("around", Row.text)),
        nothing=plain_words(missing.list_of("any", Row.text)),
        no_ear_tag=plain_words(missing.list_of("ear_tag", Row.text)),
        ditto=plain_words(file.list_of("ditto", Row.text)),
        doubtful_notes=tuple(file.list_of("doubtful_notes", Row.text)),
        sexes={
            folded(text).lower(): sex
            for sex, words in file.get("sexes").entries()
            for text in (row.text() for row in words.rows())
        },
    )


def plain_words(texts: Iterable[str]) -> frozenset[str]:
    """Words as cells are compared with them: half-width and lower case."""
    return frozenset(folded(text).lower() for text in texts)


def read_fields(file: Row) -> tuple[ColumnField, ...]:
    """The fields of a file of headings. Raises Misconfigured."""
    return tuple(_read_field(row) for row in file.get("fields").rows())


def _read_field(row: Row) -> ColumnField:
    words = row.get("words")
    return ColumnField(
        key=row.get("key").text(),
        kind=cast("ColumnKind", row.get("kind").one_of(get_args(ColumnKind))),
        names=read_names(row),
        disclosure=row.get("disclosure").one_of(("public", "trade", "personal")),
        words=tuple(word for _, listed in words.entries() for word in map(Row.text, listed.rows())),
        measures=row.list_of("measures", Row.text),
        quantity_rank=row.maybe("quantity_rank", Row.integer),
        date_rank=row.maybe("date_rank", Row.integer),
        since=row.list_of("since", Row.text),
        proof=row.maybe("proof", Row.text),
        paper=row.maybe("paper", Row.text),
        confidential=row.maybe("confidential", Row.flag) or False,
        attributes=row.list_of("attributes", Row.text),
        times=row.maybe("times", Row.integer) or 1,
        mark=row.maybe("mark", Row.text),
        after=row.list_of("after", Row.text),
        units=row.list_of("units", Row.text),
    )
