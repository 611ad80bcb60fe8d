"""Content of the pages of the reads: tokens, and the API from its OpenAPI description."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Flask
from pydantic.json_schema import JsonSchemaValue

from salon.accounts.models import ReadToken
from salon.platform.settings.clock import local
from salon.platform.web.devices.description import description_of
from salon.reads.rules import TokenState, state_of

PREFIX = "/api/v1/editions"
WORDS = {"title": "Lectures", "version": "1.0.0"}
TYPES = {
    "boolean": "vrai ou faux",
    "date": "jour",
    "date-time": "instant",
    "integer": "nombre",
    "string": "texte",
    "uri": "adresse",
}
"""French words of a format or a type of JSON Schema."""
OF_ARCHIVE = "Absent d’une édition passée."


@dataclass(frozen=True)
class TokenLine:
    """A token as the page lists it; `last_day` is the last one on which it reads."""

    token: ReadToken
    state: TokenState
    last_day: date


@dataclass(frozen=True)
class DescribedField:
    """A field of an answer. `depth`: how many objects or lists hold it."""

    name: str
    depth: int
    kind: str
    words: str


@dataclass(frozen=True)
class DescribedRead:
    """An address of the API; `path` follows that of an edition."""

    anchor: str
    title: str
    path: str
    details: str
    is_paged: bool
    fields: Sequence[DescribedField]


def token_line(token: ReadToken, now: datetime) -> TokenLine:
    last_day = local(token.expires_at - timedelta(minutes=1)).date()
    return TokenLine(token, state_of(token.expires_at, token.revoked_at, now), last_day)


def described_reads(app: Flask) -> Sequence[DescribedRead]:
    """Return the addresses of the API; made from the types of its answers, once a process."""
    if "salon_reads" not in app.extensions:
        app.extensions["salon_reads"] = _described_reads(description_of(app, PREFIX, WORDS))
    reads: Sequence[DescribedRead] = app.extensions["salon_reads"]
    return reads


def _described_reads(description: JsonSchemaValue) -> Sequence[DescribedRead]:
    schemas = description["components"]["schemas"]
    return [
        DescribedRead(
            anchor=call["operationId"],
            title=call["summary"],
            path=path.removeprefix("/{edition}"),
            details=call.get("description", ""),
            is_paged=any(parameter["in"] == "query" for parameter in call["parameters"]),
            fields=list(
                _fields(call["responses"]["200"]["content"]["application/json"]["schema"], schemas)
            ),
        )
        for path, methods in description["paths"].items()
        for call in methods.values()
    ]


def _fields(
    schema: JsonSchemaValue, schemas: JsonSchemaValue, depth: int = 0
) -> Iterator[DescribedField]:
    """Yield the fields of an object, each before those that it holds."""
    described = _target(schema, schemas)
    for name, field in described.get("properties", {}).items():
        words = [field.get("description", "")]
        if name not in described.get("required", ()):
            words.append(OF_ARCHIVE)
        target = _target(field, schemas)
        yield DescribedField(name, depth, _kind(target, schemas), " ".join(filter(None, words)))
        yield from _fields(target.get("items", target), schemas, depth + 1)


def _target(schema: JsonSchemaValue, schemas: JsonSchemaValue) -> JsonSchemaValue:
    name = schema.get("$ref", "").rpartition("/")[2]
    target: JsonSchemaValue = schemas[name] if name else schema
    return target


def _kind(schema: JsonSchemaValue, schemas: JsonSchemaValue) -> str:
    if "anyOf" in schema:
        kinds = [_kind(choice, schemas) for choice in schema["anyOf"] if choice["type"] != "null"]
        return f"{' ou '.join(kinds)}, ou rien"
    if "enum" in schema:
        *other_values, last = (f"«\u00a0{value}\u00a0»" for value in schema["enum"])
        return f"{', '.join(other_values)} ou {last}"
    if schema["type"] == "array":
        items = _target(schema["items"], schemas)
        return "liste" if "properties" in items else f"liste ({_kind(items, schemas)})"
    return "objet" if schema["type"] == "object" else TYPES[schema.get("format") or schema["type"]]
