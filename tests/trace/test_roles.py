"""Rights: organisation and role must both allow."""

from __future__ import annotations

import pytest

from suyuan.trace.errors import InvalidInput
from suyuan.trace.parties.roles import Rights

RIGHTS = Rights.load()


def test_every_kind_of_organisation_of_the_plans_is_there() -> None:
    assert set(RIGHTS.organisation_kinds) == {
        "cooperative", "enterprise", "household_group", "processor", "logistics",
        "county_station", "township_station", "village_station", "laboratory", "certifier",
        "retailer", "buyer", "regulator", "language_office", "platform_operator",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "role", "permission", "allowed"),
    [
        ("cooperative", "head", "register_batch", True),
        ("cooperative", "head", "reset_pin", True),
        ("cooperative", "head", "inspect", False),
        ("cooperative", "operator", "register_batch", True),
        ("cooperative", "operator", "manage_members", False),
        ("cooperative", "viewer", "record_event", False),
        ("household_group", "head", "print_labels", False),
        ("county_station", "clerk", "reset_pin", True),
        ("county_station", "head", "approve_party", True),
        ("laboratory", "analyst", "enter_test_report", True),
        ("laboratory", "analyst", "ship", False),
        ("laboratory", "head", "register_batch", False),
        ("logistics", "operator", "receive", True),
        ("logistics", "operator", "register_batch", False),
        ("regulator", "inspector", "inspect", True),
        ("regulator", "inspector", "recall", False),
        ("regulator", "supervisor", "recall", True),
        ("regulator", "head", "ship", False),
        ("platform_operator", "administrator", "administer", True),
        ("platform_operator", "administrator", "read_personal", False),
        ("cooperative", "supervisor", "read_trade", False),
        ("church", "head", "read_trade", False),
        ("cooperative", "monk", "read_trade", False),
    ],
)
def test_who_may_do_what(kind: str, role: str, permission: str, allowed: bool) -> None:
    assert RIGHTS.allows(kind, role, permission) is allowed


def test_nobody_may_do_what_the_organisation_may_not() -> None:
    for kind in RIGHTS.organisation_kinds.values():
        for role in RIGHTS.roles:
            for permission in RIGHTS.permissions:
                if RIGHTS.allows(kind.key, role, permission):
                    assert permission in kind.permissions
                    assert role in kind.roles


def test_only_the_platform_operator_administers() -> None:
    assert [k.key for k in RIGHTS.organisation_kinds.values() if "administer" in k.permissions] == [
        "platform_operator"
    ]


def test_every_permission_can_be_had_by_somebody() -> None:
    for permission in RIGHTS.permissions:
        assert any(
            RIGHTS.allows(kind.key, role, permission)
            for kind in RIGHTS.organisation_kinds.values()
            for role in kind.roles
        ), permission


def test_a_permission_that_is_not_in_the_list_is_a_slip_of_the_code() -> None:
    with pytest.raises(KeyError):
        RIGHTS.allows("cooperative", "head", "print_money")


def test_offices_and_operators_sign_in_with_a_second_factor() -> None:
    asked = {k.key for k in RIGHTS.organisation_kinds.values() if k.second_factor}
    assert asked == {"regulator", "language_office", "platform_operator"}


def test_stations_serve_their_division() -> None:
    serving = {k.key for k in RIGHTS.organisation_kinds.values() if k.serves_division}
    assert serving == {"county_station", "township_station", "village_station"}


def test_a_role_that_the_organisation_has_not_names_those_it_has() -> None:
    assert RIGHTS.role_in("laboratory", "analyst").names.zh == "检测员"
    with pytest.raises(InvalidInput, match="analyst"):
        RIGHTS.role_in("laboratory", "supervisor")
    with pytest.raises(InvalidInput, match="cooperative"):
        RIGHTS.role_in("church", "head")
