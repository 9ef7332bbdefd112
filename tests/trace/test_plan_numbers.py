"""Which test shows each number of the five plans and of the law that stands behind them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.divisions import Level, divisions
from tests import world

TESTS = Path(__file__).parent.parent

SHOWN = {
    "1 region, 7 prefectures, 74 counties: by division code": (
        "trace/test_plan_numbers.py::test_the_region_its_prefectures_and_its_counties",
        "trace/test_plan_numbers.py::test_rights_roll_up_by_division_code",
        "trace/test_sight.py::test_a_regulator_sees_all_in_its_own_division_and_family",
    ),
    "22 townships of Kazuo": ("trace/test_divisions.py::test_the_places_of_the_plans",),
    "county, township and village stations": (
        "trace/test_roles.py::test_every_kind_of_organisation_of_the_plans_is_there",
        "trace/test_roles.py::test_stations_serve_their_division",
    ),
    "85 % of villages, 100 % of townships; 139, 289 and 50 stations": (
        "trace/test_station_coverage.py::test_the_plans_numbers_are_there_with_their_sources",
        "trace/test_station_coverage.py::"
        "test_village_stations_are_counted_against_the_plans_number",
        "trace/test_station_coverage.py::test_85_percent_of_the_villages_is_reckoned_exactly",
        "trace/test_station_coverage.py::test_every_township_but_one_is_not_every_township",
        "web/test_coverage_page.py::"
        "test_a_regulator_reads_what_is_there_what_is_wanted_and_what_is_not_known",
    ),
    "same day, 24 hours, 48 hours of delivery": (
        "trace/test_warning_sweeps.py::test_the_plans_times_of_delivery",
    ),
    "a trained operator at each station": (
        "trace/test_warning_trends.py::test_a_station_without_a_trained_operator",
    ),
    "nobody records events at a station without a trained operator": (
        "web/test_station.py::test_a_station_enters_its_certificate_of_training_and_then_records",
        "web/test_station.py::"
        "test_a_program_of_the_county_is_told_the_same_and_enters_it_for_the_station",
        "trace/test_station_training.py::"
        "test_a_station_registers_and_records_once_one_of_its_people_was_trained",
    ),
    "recall: 24, 48, 72 hours and 10, 20, 30 working days": (
        "trace/test_recall_clocks.py::test_each_class_has_its_hours_and_its_working_days",
        "trace/test_recall_clocks.py::"
        "test_what_is_missed_is_warned_of_once_and_what_is_finished_is_not",
        "api/test_recall_resource.py::test_a_recall_answers_what_remains_of_its_times",
        "web/test_inspect_orders.py::test_a_recalls_page_says_its_times_and_what_came_of_it",
    ),
    "kept: 6 months, 2, 3 and 20 years": (
        "trace/test_retention.py::test_the_longest_rule_that_applies_keeps_it",
        "trace/test_retention.py::test_erasing_waits_for_the_day_and_names_day_and_rule",
    ),
    "re-test: 5 and 7 working days, 4 hours": (
        "trace/test_objections.py::test_farm_produce_has_five_working_days_and_food_seven",
        "trace/test_objections.py::test_a_rapid_test_is_objected_to_within_four_hours",
    ),
    "n, c, m, M of the three notices": (
        "trace/test_verdict_table.py::test_a_case_of_the_table",
        "trace/test_verdicts.py::test_n_results_are_judged_together_and_never_averaged",
    ),
    "check digits": (
        "trace/test_identifiers.py::test_a_right_number_is_taken_as_it_is",
        "trace/test_identifiers.py::test_one_wrong_digit_of_a_licence_is_always_noticed",
    ),
    "vinegar 3.5 and 3.49, sweet 2.5; maize 20.0 and 20.1; sorghum has no limit": (
        "trace/test_verdict_table.py::test_a_case_of_the_table",
    ),
    "certificates of 2026-01-31 and 2026-02-01": (
        "trace/test_certificates.py::test_the_day_on_it_decides_its_text",
    ),
    "weekly, monthly, quarterly and yearly reports": (
        "trace/test_report_periods.py::test_the_plans_cadences_are_there_and_every_figure_is_counted",
        "api/test_division_reports.py::"
        "test_the_last_second_is_in_one_period_and_the_next_in_the_other",
        "api/test_division_reports.py::"
        "test_what_is_undone_later_counts_then_and_the_period_that_is_over_stays_as_it_was",
    ),
    "the yearly credit round": (
        "trace/test_credit_round.py::test_the_round_of_one_organisation",
        "trace/test_credit_round.py::"
        "test_a_year_that_nobody_assessed_is_warned_of_once_from_its_day_on",
        "trace/test_credit_model.py::test_each_grade_begins_at_its_threshold",
    ),
    "labels of 2027-03-15 and 2027-03-16": (
        "trace/test_label_items.py::test_the_production_date_chooses_the_edition",
    ),
    "six channels of the same answer": (
        "web/test_channels.py::test_every_channel_says_the_same_of_every_code",
        "web/test_verify_agreement.py::test_both_say_the_same_of_every_mutated_code",
    ),
}


@pytest.mark.parametrize("case", SHOWN)
def test_the_test_that_shows_a_number_is_there(case: str) -> None:
    for shown in SHOWN[case]:
        file, _, name = shown.partition("::")
        text = (TESTS / file).read_text(encoding="utf-8")
        assert re.search(rf"^def {name}\(", text, re.MULTILINE), shown


def test_the_region_its_prefectures_and_its_counties() -> None:
    """1 + 7 + 47 of the plan, and the 27 counties of the rounds before: all that there are, but for
    the development zones of Lhasa (540171 and so on), which are none."""
    known = divisions()
    prefectures = known.children("540000")
    counties = [
        one
        for prefecture in prefectures
        for one in known.children(prefecture.code)
        if one.level is Level.COUNTY and one.valid_to is None and one.code[4] != "7"
    ]
    assert (len(prefectures), len(counties)) == (7, 47 + 27)
    assert all(known.contains("540000", one.code) for one in counties)


def test_rights_roll_up_by_division_code(ledger: Ledger) -> None:
    county, prefecture, region = (
        world.make_regulator(ledger, division) for division in ("540626", "540600", "540000")
    )
    places = ("540626100", "540621", "540102")
    for actor, sees in (
        (county, [True, False, False]),
        (prefecture, [True, True, False]),
        (region, [True, True, True]),
    ):
        assert [actor.competent(place, "yak_meat") for place in places] == sees
    assert not region.competent("211324", "vinegar")
