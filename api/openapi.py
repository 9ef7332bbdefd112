"""The API's description (OpenAPI 3.1) and the page that explains it, both made from the code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from typing import Any, cast

import flask_smorest
from flask import Blueprint, Flask, Response, json, jsonify, render_template

from suyuan import __version__
from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.converters import CONVERTERS

DESCRIPTION = """\
Batches, events, labels and papers of a food chain, for the programs of those who take part in it.

Errors are problem documents (RFC 9457). Quantities are decimal texts with a unit code. A POST with
an `Idempotency-Key` is done once however often it is sent. Lists come in pages with a cursor in
the body. Fields marked `x-disclosure` are there only for those who may see them.
"""


class RestApi(flask_smorest.Api):  # type: ignore[misc]  # flask-smorest has no types
    """flask-smorest's registry; our blueprints answer their errors themselves.

    The description is made when somebody first asks for it: that takes three quarters of the time
    that an application needs to come up, and most processes are never asked.
    """

    DEFAULT_ERROR_RESPONSE_NAME = None  # every operation names its own

    def __init__(self, app: Flask, **options: Any) -> None:
        self._undescribed: list[ApiBlueprint] = []
        self._describing = Lock()
        super().__init__(app, **options)

    def description(self) -> dict[str, Any]:
        """The OpenAPI document of all that is registered."""
        with self._describing:
            while self._undescribed:
                blueprint = self._undescribed.pop(0)
                blueprint.register_views_in_doc(
                    self, self._app, self.spec, name=blueprint.name, parameters=None
                )
                self.spec.tag({"name": blueprint.tag, "description": blueprint.description})
            return cast(dict[str, Any], self.spec.to_dict())

    def _register_error_handlers(self) -> None:
        """None for the whole application: the pages' errors are not ours."""

    def register_blueprint(self, blueprint: ApiBlueprint, **options: Any) -> None:
        """As flask-smorest's, under the blueprint's tag; described later."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blueprint.name] = self
        self._app.register_blueprint(blueprint, **options)
        self._undescribed.append(blueprint)


@dataclass(frozen=True)
class Operation:
    """One operation, as the page shows it."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Mapping[str, Any], ...]
    example: str | None
    answers: tuple[tuple[str, str, str], ...]
    public: bool


def describe(
    app: Flask, blueprints: Iterable[ApiBlueprint], schemas: Mapping[str, Mapping[str, Any]]
) -> None:
    """Register the blueprints with their description under /api/openapi.json and /api/docs."""
    app.url_map.converters.update({name: one for name, (one, _) in CONVERTERS.items()})
    api = RestApi(
        app,
        spec_kwargs={
            "title": "Suyuan",
            "version": __version__,
            "openapi_version": "3.1.0",
            "info": {"description": DESCRIPTION, "license": {"name": "Apache-2.0"}},
        },
        config_prefix="SUYUAN",
    )
    for converter, pattern in CONVERTERS.values():
        shape = {"type": "string", "pattern": pattern}
        api.register_converter(converter, lambda _, shape=shape: shape)
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    for name, schema in schemas.items():
        api.spec.components.schema(name, dict(schema))
    for blueprint in blueprints:
        api.register_blueprint(blueprint)
    app.register_blueprint(_pages(api))


def operations(spec: Mapping[str, Any]) -> dict[str, list[Operation]]:
    """The operations of a description by tag, in order of the tags."""
    by_tag: dict[str, list[Operation]] = {tag["name"]: [] for tag in spec["tags"]}
    for path, item in spec["paths"].items():
        shared = item.get("parameters", [])
        for method, said in item.items():
            if method in ("get", "post"):
                found = _operation(method, path, said, shared)
                by_tag[said["tags"][0]].append(found)
    return by_tag


def _operation(
    method: str, path: str, said: Mapping[str, Any], shared: list[Mapping[str, Any]]
) -> Operation:
    bodies = said.get("requestBody", {}).get("content", {})
    example = next((body["example"] for body in bodies.values() if "example" in body), None)
    return Operation(
        method=method.upper(),
        path=path,
        summary=said.get("summary", ""),
        description=said.get("description", ""),
        parameters=(*shared, *said.get("parameters", ())),
        example=json.dumps(example, indent=2) if example is not None else None,
        answers=tuple(_answers(said["responses"])),
        public=not said.get("security"),
    )


def _answers(responses: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for status, response in sorted(responses.items()):
        media = ", ".join(response.get("content", {}))
        yield status, HTTPStatus(int(status)).phrase, media


def _pages(api: RestApi) -> Blueprint:
    pages = Blueprint(
        "api_docs", __name__, url_prefix="/api", template_folder="templates", static_folder="static"
    )

    @pages.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(api.description())

    @pages.get("/docs")
    def docs() -> str:
        spec = api.description()
        return render_template(
            "api/docs.html", spec=spec, tags=spec["tags"], operations=operations(spec)
        )

    return pages
