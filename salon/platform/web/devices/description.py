"""OpenAPI 3.1 description of an API, from its routes and from the types that they declare."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NotRequired, TypeVar

from flask import Flask
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import EnumSchema, ModelSchema, TypedDictSchema, WithDefaultSchema
from typing_extensions import TypedDict
from werkzeug.routing import Rule

from salon.platform.database.identity import Role

View = TypeVar("View", bound=Callable[..., object])
REFUSED = {"$ref": "#/components/responses/Refused"}
TOKENS = {
    Role.STATION: "Jeton donné une fois à l’enrôlement de la station.",
    Role.READER: "Jeton de lecture, donné une fois par les organisateurs.",
}
"""Roles that call an API, and where their tokens come from."""
NOT_CHANGED = "Rien n’a changé depuis l’ETag envoyé dans If-None-Match."
HEADERS: JsonSchemaValue = {
    name: {"description": words, "schema": {"type": "string"}}
    for name, words in (
        ("ETag", "À renvoyer dans If-None-Match : sans changement, la réponse est 304."),
        ("Link", 'RFC 8288. rel="next" : la page suivante, s’il y en a une.'),
    )
}


class Fault(TypedDict):
    index: int
    field: str
    message: str


class Refusal(TypedDict):
    status: int
    message: str
    errors: NotRequired[list[Fault]]


@dataclass(frozen=True)
class Operation:
    """Decorator of a view of the API: its types and its French words.

    `takes`, `query`, `gives`: types of the body, of the parameters and of the answer. `refuses`:
    statuses beside 400 for a body, 401 and 403. `corrects`: type of the 400 that names the fields
    to correct. `is_revalidated`: the answer has an ETag, and is a 304 to whom has it already.
    """

    summary: str
    gives: Any
    answers: str = ""
    details: str = ""
    takes: Any = None
    query: Any = None
    refuses: tuple[int, ...] = ()
    corrects: Any = None
    is_revalidated: bool = False

    def __call__(self, view: View) -> View:
        view.operation = self  # type: ignore[attr-defined]
        return view


class _Schemas(GenerateJsonSchema):
    """Schemas without what is written for developers: names as titles, docstrings, defaults."""

    def field_title_should_be_set(self, schema: object) -> bool:
        return False

    def model_schema(self, schema: ModelSchema) -> JsonSchemaValue:
        return _without(super().model_schema(schema), "title", "description")

    def typed_dict_schema(self, schema: TypedDictSchema) -> JsonSchemaValue:
        return _without(super().typed_dict_schema(schema), "title", "description")

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        return _without(super().default_schema(schema), "default")

    def enum_schema(self, schema: EnumSchema) -> JsonSchemaValue:
        return _without(super().enum_schema(schema), "title", "description")


def _without(schema: JsonSchemaValue, *keys: str) -> JsonSchemaValue:
    return {key: value for key, value in schema.items() if key not in keys}


def description_of(app: Flask, prefix: str, words: dict[str, str]) -> JsonSchemaValue:
    """Return the description of the routes under `prefix`; `words`: title, version, text."""
    routes: list[tuple[Rule, Any]] = [
        (rule, app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(f"{prefix}/")
    ]
    types = {Refusal: Refusal}
    for _, view in routes:
        operation: Operation = view.operation
        parts = (operation.takes, operation.gives, operation.corrects)
        types.update({part: part for part in parts if part not in (None, bytes)})
    references, definitions = TypeAdapter.json_schemas(
        [(kind, "validation", TypeAdapter(kind)) for kind in types],
        ref_template="#/components/schemas/{model}",
        schema_generator=_Schemas,
    )
    schemas = {kind: schema for (kind, _), schema in references.items()}
    named_schemas = definitions.get("$defs", {})
    paths: JsonSchemaValue = {}
    for rule, view in routes:
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix(prefix))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            paths.setdefault(path, {})[method.lower()] = _operation(rule, view, schemas)
    return {
        "openapi": "3.1.0",
        "info": words,
        "servers": [{"url": prefix}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                role.value: {"type": "http", "scheme": "bearer", "description": words}
                for role, words in TOKENS.items()
            },
            "responses": {"Refused": _answer("Refus, en français.", schemas[Refusal])},
            "schemas": named_schemas,
        },
    }


def _operation(rule: Rule, view: Any, schemas: dict[Any, Any]) -> JsonSchemaValue:
    operation: Operation = view.operation
    is_public = view.allowed == "public"
    first, *other_words = view.__name__.split("_")
    described: JsonSchemaValue = {
        "operationId": first + "".join(word.title() for word in other_words),
        "summary": operation.summary,
    }
    if operation.details:
        described["description"] = operation.details
    described["security"] = (
        [] if is_public else [{role.value: []} for role in TOKENS if role in view.allowed]
    )
    if parameters := [*_path(rule), *_query(operation)]:
        described["parameters"] = parameters
    if operation.takes is not None:
        content = _json(schemas[operation.takes])
        described["requestBody"] = {"required": True, "content": content}
    refuses = {*operation.refuses, *(() if is_public else (401, 403))}
    if operation.takes is not None:
        refuses.add(400)
    described["responses"] = {
        "200": _answer(operation.answers or operation.summary, schemas.get(operation.gives)),
        **{str(status): REFUSED for status in sorted(refuses)},
    }
    if operation.is_revalidated:
        described["responses"]["200"]["headers"] = HEADERS
        described["responses"]["304"] = {"description": NOT_CHANGED}
    if operation.corrects is not None:
        words = "Ce qu’il faut corriger, champ par champ."
        described["responses"]["400"] = _answer(words, schemas[operation.corrects])
    return described


def _path(rule: Rule) -> Iterator[JsonSchemaValue]:
    for name in sorted(rule.arguments):
        is_number = f"<int:{name}>" in rule.rule
        schema = {"type": "integer", "minimum": 1} if is_number else {"type": "string"}
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query(operation: Operation) -> Iterator[JsonSchemaValue]:
    if operation.query is None:
        return
    query = TypeAdapter(operation.query).json_schema(schema_generator=_Schemas)
    for name, schema in query["properties"].items():
        words = {"description": schema.pop("description")} if "description" in schema else {}
        is_required = name in query.get("required", ())
        yield {"name": name, "in": "query", "required": is_required, **words, "schema": schema}


def _answer(words: str, schema: JsonSchemaValue | None) -> JsonSchemaValue:
    if schema is None:
        return {"description": words, "content": {"application/octet-stream": {"schema": {}}}}
    return {"description": words, "content": _json(schema)}


def _json(schema: JsonSchemaValue) -> JsonSchemaValue:
    return {"application/json": {"schema": schema}}
