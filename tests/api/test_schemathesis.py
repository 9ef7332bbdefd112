"""Whatever the description allows, and much that it does not, the API never fails with a 5xx.

On SQLite only: this is about the edge; what databases refuse is met on both in the other files.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok

from suyuan.trace.acts.opening import open_instance
from suyuan.trace.clock import SetClock
from suyuan.trace.database import open_database
from suyuan.trace.settings import Settings
from tests import databases
from tests.api_clients import application, token
from tests.opened import CHEAP, OPENING
from tests.world import make_batch, make_producer

Described = tuple[schemathesis.BaseSchema, dict[str, str], dict[str, str]]
"""The schema, the headers that sign in, and the things that are there, by field."""
EXAMPLES = 6
"""Requests for each of some fifty operations: all of them are to take well under 90 seconds."""


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory, run_folder: Path) -> Iterator[Described]:
    """The description of an API over an installation that these requests change as they like."""
    folder = tmp_path_factory.mktemp("schemathesis")
    with databases.fresh("sqlite", run_folder, folder) as url:
        database = open_database(url)
        settings = Settings(folder / "data", url, folder / "passphrase", rate_api="1000000/minute")
        clock = SetClock(datetime(2026, 6, 1, tzinfo=UTC))
        ledger = open_instance(database, settings, clock, OPENING, CHEAP)
        head = make_producer(ledger)
        things = {"party": str(head.party_uid), "trace_code": make_batch(ledger, head)}
        bearer = {"Authorization": f"Bearer {token(ledger, head)}"}
        yield (
            schemathesis.openapi.from_wsgi("/api/openapi.json", application(ledger)),
            bearer,
            things,
        )
        database.close()


def aim(case: schemathesis.Case[Any], things: dict[str, str]) -> None:
    """Let the request be about things that are there: drawn names never meet one."""
    if "{trace_code}" in case.path:
        case.path_parameters = {"trace_code": things["trace_code"]}
    if "{uid}" in case.path and "/parties/" in case.path:
        case.path_parameters = {"uid": things["party"]}
    if isinstance(case.body, dict):
        case.body |= {field: uid for field, uid in things.items() if field in case.body}


def test_no_request_makes_the_api_fail(described: Described) -> None:
    schema, headers, things = described
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @hypothesis.settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
            phases=[hypothesis.Phase.generate],
        )
        @hypothesis.given(case=operation.as_strategy(), aimed=st.booleans())
        def try_it(case: schemathesis.Case[Any], aimed: bool) -> None:
            if aimed:
                aim(case, things)
            case.call_and_validate(headers=headers, checks=[not_a_server_error])

        try_it()
