"""The description of the stations' API (OpenAPI 3.1), written by hand and checked by tests."""

from typing import Any

from salon.entrance.incoming import LONGEST_CODE, LONGEST_DOOR, MOST_SCANS
from salon.entrance.rules import Direction, Verdict

TEXT = {"type": "string"}
INSTANT = {"type": "string", "format": "date-time"}


def _schema(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(description: str, schema: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": _schema(schema)}},
    }


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


REFUSED = {"$ref": "#/components/responses/Refused"}

SCHEMAS: dict[str, Any] = {
    "Scan": _object(
        ["scan_id", "code", "scanned_at", "door", "direction"],
        scan_id={
            "type": "string",
            "format": "uuid",
            "description": "Choisi par la station ; renvoyé, il n’a plus d’effet et reçoit la même "
            "réponse.",
        },
        code={
            "type": "string",
            "maxLength": LONGEST_CODE,
            "description": "Ce que le lecteur a lu, tel quel (adresse du QR ou code seul).",
        },
        scanned_at={**INSTANT, "description": "Heure de la station, avec son décalage."},
        door={"type": "string", "minLength": 1, "maxLength": LONGEST_DOOR, "examples": ["A"]},
        direction={"type": "string", "enum": [one.value for one in Direction]},
    ),
    "Scans": _object(
        ["scans"],
        scans={
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_SCANS,
            "items": _schema("Scan"),
        },
    ),
    "Holder": _object(
        ["name", "function", "on_behalf_of", "category", "colour", "vip", "needs"],
        name=TEXT,
        function=TEXT,
        on_behalf_of={**TEXT, "description": "Commune, EPCI ou organisme."},
        category={**TEXT, "examples": ["Élu"]},
        colour={"type": "string", "pattern": "^#[0-9A-F]{6}$"},
        vip={"type": "boolean"},
        needs={"type": "array", "items": TEXT, "description": "Besoins d’accessibilité."},
    ),
    "Result": _object(
        ["scan_id", "verdict", "word", "message"],
        scan_id={"type": "string", "format": "uuid"},
        verdict={"type": "string", "enum": [one.value for one in Verdict]},
        word={**TEXT, "description": "Le verdict en un ou deux mots.", "examples": ["Déjà entré"]},
        message={**TEXT, "examples": ["Déjà entré à 9 h 12, porte A"]},
        first_entry_at=INSTANT,
        first_door=TEXT,
        holder=_schema("Holder"),
    ),
    "Results": _object(
        ["results", "now"],
        results={"type": "array", "items": _schema("Result")},
        now={**INSTANT, "description": "L’heure du salon à la réponse."},
    ),
    "Attendee": {
        "allOf": [
            _schema("Holder"),
            _object(
                ["code", "state", "state_label"],
                code={**TEXT, "description": "À envoyer comme `code` d’un passage."},
                state={"type": "string", "enum": ["valid", "inside", "revoked"]},
                state_label=TEXT,
            ),
        ]
    },
    "Attendees": _object(
        ["attendees"],
        attendees={"type": "array", "maxItems": 20, "items": _schema("Attendee")},
    ),
    "Time": _object(["now"], now=INSTANT),
    "Refusal": _object(
        ["status", "message"],
        status={"type": "integer"},
        message=TEXT,
        errors={
            "type": "array",
            "items": _object(
                ["index", "field", "message"],
                index={"type": "integer", "description": "Rang du passage, depuis 0."},
                field=TEXT,
                message=TEXT,
            ),
        },
    ),
}

DESCRIPTION: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Salon des maires\u00a0: stations de contrôle",
        "version": "1.0.0",
        "description": "Enregistre les passages aux portes. Un passage n’est jamais perdu\u00a0: "
        "même refusé, il est gardé. Toutes les réponses sont en JSON, les refus aussi.",
    },
    "servers": [{"url": "/api/v1"}],
    "security": [{"station": []}],
    "paths": {
        "/scans": {
            "post": {
                "operationId": "recordScans",
                "summary": f"Enregistre de 1 à {MOST_SCANS} passages",
                "description": "Les passages sont jugés dans l’ordre de leur heure et répondus "
                "dans l’ordre de l’envoi. Si l’un d’eux est mal formé, aucun n’est enregistré.",
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": _schema("Scans")}},
                },
                "responses": {
                    "200": _answer("Un verdict par passage.", "Results"),
                    "400": REFUSED,
                    "401": REFUSED,
                    "413": REFUSED,
                    "415": REFUSED,
                    "503": REFUSED,
                },
            }
        },
        "/attendees": {
            "get": {
                "operationId": "searchAttendees",
                "summary": "Cherche une personne par son nom (journalisé)",
                "parameters": [
                    {
                        "name": "q",
                        "in": "query",
                        "required": True,
                        "description": "Au moins trois lettres.",
                        "schema": {"type": "string", "minLength": 3},
                    }
                ],
                "responses": {
                    "200": _answer("Au plus vingt personnes.", "Attendees"),
                    "400": REFUSED,
                    "401": REFUSED,
                    "429": REFUSED,
                },
            }
        },
        "/time": {
            "get": {
                "operationId": "tellTime",
                "summary": "L’heure du salon, pour mesurer l’écart de l’horloge d’une station",
                "security": [],
                "responses": {"200": _answer("L’heure, avec son décalage.", "Time")},
            }
        },
        "/openapi.json": {
            "get": {
                "operationId": "describe",
                "summary": "Cette description",
                "security": [],
                "responses": {
                    "200": {
                        "description": "OpenAPI 3.1.",
                        "content": {"application/json": {"schema": {"type": "object"}}},
                    }
                },
            }
        },
    },
    "components": {
        "securitySchemes": {
            "station": {
                "type": "http",
                "scheme": "bearer",
                "description": "Jeton donné une fois à l’enrôlement de la station.",
            }
        },
        "responses": {"Refused": _answer("Refus, en français.", "Refusal")},
        "schemas": SCHEMAS,
    },
}
