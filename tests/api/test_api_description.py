"""What the API says of itself: OpenAPI 3.1, and a page made of it without any script."""

from __future__ import annotations

from flask import Flask

from suyuan import api
from suyuan.api.blueprints import ApiBlueprint
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.products.families import Families
from tests.api_clients import application

SCRIPTS = ("<script", "onclick", "onload", " style=", "<style")


def examples(app: Flask) -> dict[str, dict[str, object]]:
    """The example of each body that has one, by operation."""
    spec = app.test_client().get("/api/openapi.json").get_json()
    return {
        said["operationId"]: body["example"]
        for item in spec["paths"].values()
        for said in (item.get("post", {}),)
        for body in said.get("requestBody", {}).get("content", {}).values()
        if "example" in body
    }


def test_the_description_names_every_error_as_a_problem_document(ledger: Ledger) -> None:
    spec = application(ledger).test_client().get("/api/openapi.json").get_json()
    assert spec["openapi"] == "3.1.0"
    for path, item in spec["paths"].items():
        for method in item.keys() & {"get", "post"}:
            said = item[method]
            assert said["summary"], path
            for status, response in said["responses"].items():
                if int(status) >= 400:
                    assert list(response["content"]) == ["application/problem+json"], path
            if method == "post":
                assert "Idempotency-Key" in {one["name"] for one in said["parameters"]}


def test_every_resource_has_its_own_tag_and_operation_names(ledger: Ledger) -> None:
    spec = application(ledger).test_client().get("/api/openapi.json").get_json()
    assert [tag["name"] for tag in spec["tags"]] == [one.tag for one in api.BLUEPRINTS]
    names = [
        said["operationId"]
        for item in spec["paths"].values()
        for method, said in item.items()
        if method in ("get", "post")
    ]
    assert len(names) == len(set(names))
    assert all(isinstance(one, ApiBlueprint) for one in api.BLUEPRINTS)


def test_the_examples_use_words_that_exist(ledger: Ledger) -> None:
    shown = examples(application(ledger))
    families = Families.load()
    for body in (shown["register_batch"], shown["add_product"]):
        assert str(body["variant"]) in families.get(str(body["family"])).variants
    assert PaperKinds.load().get(str(shown["register_paper"]["kind"]))


def test_the_page_explains_every_operation_without_a_script(ledger: Ledger) -> None:
    page = application(ledger).test_client().get("/api/docs")
    assert page.status_code == 200
    assert "/api/v1/batches/{trace_code}/lineage" in page.text
    assert "182.5" in page.text
    assert not [found for found in SCRIPTS if found in page.text]
