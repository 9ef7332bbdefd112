"""A division's report as a workbook: what it is of, its figures, and those of each place."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from suyuan.trace.balance.explaining import N_
from suyuan.trace.clock import shown
from suyuan.trace.oversight.sheets import Cell
from suyuan.trace.oversight.told_reports import ToldReport
from suyuan.trace.words import Language, Names
from suyuan.web.workbooks import Page, workbook

Translate = Callable[[str], str]

_OF = N_("What this is of")
_FIGURES = N_("Figures")
_PLACES = N_("By place and family")


def report_workbook(
    told: ToldReport, families: Mapping[str, Names], language: Language, translate: Translate
) -> bytes:
    """The file, in a language; ``families``: what each is called, by its key."""
    keys = [one.key for one in told.figures]
    places: list[list[Cell]] = [
        [
            one.division,
            one.name,
            _called(one.family, families, language) if one.family else None,
            *(one.figures[key].now if key in one.figures else 0 for key in keys),
        ]
        for one in told.lines
    ]
    figures: list[list[Cell]] = [
        [
            one.names.say(language),
            translate(N_("as the period ended")) if one.at_end else None,
            one.now,
            one.before,
            one.now - one.before,
        ]
        for one in told.figures
    ]
    names = [one.names.say(language) for one in told.figures]
    return workbook(
        (
            Page(translate(_OF), ("", ""), _about(told, families, language, translate)),
            Page(
                translate(_FIGURES),
                [translate(N_("Figure")), "", told.period, told.before, translate(N_("Change"))],
                figures,
            ),
            Page(
                translate(_PLACES),
                [
                    translate(N_("Division code")),
                    translate(N_("Part of the division")),
                    translate(N_("Family")),
                    *names,
                ],
                places,
            ),
        )
    )


def _called(key: str, families: Mapping[str, Names], language: Language) -> str:
    return families[key].say(language) if key in families else key


def _about(
    told: ToldReport, families: Mapping[str, Names], language: Language, translate: Translate
) -> list[list[Cell]]:
    """What the report is of, up to when it counts, and what it cannot tell."""
    whose = told.families
    counted = (
        translate(N_("all"))
        if whose is None
        else ", ".join(_called(key, families, language) for key in whose)
    )
    rows: list[list[Cell]] = [
        [translate(N_("Division")), f"{told.name} {told.division}"],
        [translate(N_("Period")), told.period],
        [translate(N_("From")), told.first_day.isoformat()],
        [translate(N_("To")), told.last_day.isoformat()],
        [translate(N_("Counted up to")), shown(told.as_of)],
        [translate(N_("Over")), translate(N_("yes")) if told.over else translate(N_("no"))],
        [translate(N_("Families")), counted],
    ]
    rows += [
        [f"{translate(N_('Not in it'))}: {one.names.say(language)}", one.why.say(language)]
        for one in told.not_counted
    ]
    return rows
