"""The description of the stations' API (OpenAPI 3.1), written by hand and checked by tests."""

import re
from collections.abc import Mapping
from typing import Any

from salon.badges.models import Category
from salon.entrance.imports import scans
from salon.entrance.imports.scans import LONGEST_CODE, MOST_SCANS
from salon.entrance.models import Direction, Verdict

TEXT = {"type": "string"}
INSTANT = {"type": "string", "format": "date-time"}


def spelt(expression: re.Pattern[str]) -> dict[str, str]:
    """Return the schema of a text that matches this expression from end to end."""
    return {"type": "string", "pattern": f"^(?:{expression.pattern})$(?!\\n)"}


HASH = spelt(scans.HASH)
UUID = {**spelt(scans.UUID), "format": "uuid"}


def schema(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def answer(description: str, name: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": schema(name)}},
    }


def an_object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


REFUSED = {"$ref": "#/components/responses/Refused"}

SCHEMAS: dict[str, Any] = {
    "Scan": {
        "anyOf": [
            {
                "required": ["code"],
                "properties": {"code": TEXT, "code_hash": False},
            },
            {"required": ["code_hash"], "properties": {"code": {"type": "null"}}},
        ],
        **an_object(
            ["scan_id", "scanned_at", "door", "direction"],
            scan_id={
                **UUID,
                "description": "Choisi par la station\u00a0; renvoyé, il n’a plus d’effet et "
                "reçoit la même réponse.",
            },
            code={
                "type": ["string", "null"],
                "maxLength": LONGEST_CODE,
                "description": "Ce que le lecteur a lu, tel quel (adresse du QR ou code seul).",
            },
            scanned_at={
                **spelt(scans.INSTANT),
                "description": "Heure de la station, avec son décalage. Le jour doit exister.",
                "examples": ["2021-10-01T09:12:00+02:00"],
            },
            door={**spelt(scans.DOOR), "examples": ["A"]},
            direction={"type": "string", "enum": [direction.value for direction in Direction]},
            code_hash={
                **HASH,
                "description": "À la place de `code` : le SHA-256 des 26 caractères du badge. Un "
                "appareil sans réseau ne garde rien d’autre.",
            },
            shown={**spelt(scans.SHOWN), "description": "Le verdict donné sans réseau."},
            let_in={"type": "boolean", "description": "L’appareil a laissé passer la personne."},
        ),
    },
    "Oddities": an_object(
        ["oddities"],
        oddities={
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_SCANS,
            "items": an_object(
                ["scan_id", "sent", "problem"],
                scan_id=UUID,
                sent={**TEXT, "description": "Le passage refusé, tel qu’il a été envoyé."},
                problem={**TEXT, "description": "Le motif du refus."},
            ),
        },
    ),
    "Kept": an_object(["kept", "now"], kept={"type": "array", "items": TEXT}, now=INSTANT),
    "Report": {
        "minProperties": 1,
        "description": "Un nombre hors de ses bornes y est ramené\u00a0; ce qui n’est pas du type "
        "dit est passé sous silence\u00a0: une station malade doit pouvoir le dire.",
        **an_object(
            [],
            waiting={"type": "integer", "description": "Passages pas encore envoyés."},
            to_check={"type": "integer", "description": "Passages refusés, gardés."},
            clock_offset_ms={"type": "integer", "description": "L’heure du salon moins la sienne."},
            battery={"type": "integer", "minimum": 0, "maximum": 100},
            is_charging={"type": "boolean"},
            storage_left={"type": "integer", "description": "Octets."},
            is_persisted={"type": "boolean"},
            list_serial={"type": "integer"},
            pages_version=TEXT,
        ),
    },
    "Reported": an_object(
        ["list_serial", "lets_unknown_in", "now"],
        list_serial={"type": "integer", "description": "Le numéro de la liste la plus récente."},
        lets_unknown_in={"type": "boolean"},
        now=INSTANT,
    ),
    "Station": an_object(
        ["station", "edition", "doors", "lets_unknown_in", "list_serial", "now"],
        station={"type": "object"},
        edition={"type": "object"},
        doors={"type": "array", "items": {"type": "object"}},
        lets_unknown_in={"type": "boolean"},
        code_key={
            **HASH,
            "description": "La clé des codes, aux contrôles de badges seulement.",
        },
        kiosk={"type": "object", "description": "Aux bornes d’accueil seulement."},
        list_serial={"type": "integer"},
        now=INSTANT,
    ),
    "Scans": an_object(
        ["scans"],
        scans={
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_SCANS,
            "items": schema("Scan"),
        },
    ),
    "Holder": an_object(
        ["name", "function", "on_behalf_of", "category", "colour", "vip", "needs"],
        name=TEXT,
        function=TEXT,
        on_behalf_of={**TEXT, "description": "Commune, EPCI ou organisme."},
        category={**TEXT, "examples": ["Élu"]},
        colour={"type": "string", "pattern": "^#[0-9A-F]{6}$"},
        vip={"type": "boolean"},
        needs={"type": "array", "items": TEXT, "description": "Besoins d’accessibilité."},
    ),
    "Result": an_object(
        ["scan_id", "verdict", "word", "message"],
        scan_id=UUID,
        verdict={"type": "string", "enum": [verdict.value for verdict in Verdict]},
        word={**TEXT, "description": "Le verdict en un ou deux mots.", "examples": ["Déjà entré"]},
        message={**TEXT, "examples": ["Déjà entré à 9 h 12, porte A"]},
        warning={**TEXT, "description": "Laissé passer, contre une règle de la zone."},
        first_entry_at=INSTANT,
        first_door=TEXT,
        holder=schema("Holder"),
    ),
    "Results": an_object(
        ["results", "now"],
        results={"type": "array", "items": schema("Result")},
        now={**INSTANT, "description": "L’heure du salon à la réponse."},
    ),
    "Attendee": {
        "allOf": [
            schema("Holder"),
            an_object(
                ["code_hash", "category_code", "state", "state_label"],
                code_hash={**HASH, "description": "À envoyer comme `code_hash` d’un passage."},
                category_code={"type": "string", "enum": [category.value for category in Category]},
                state={"type": "string", "enum": ["valid", "inside", "revoked"]},
                state_label=TEXT,
            ),
        ]
    },
    "Attendees": an_object(
        ["attendees"],
        attendees={"type": "array", "maxItems": 20, "items": schema("Attendee")},
    ),
    "Names": an_object(
        ["edition", "serial", "names", "now"],
        edition={"type": "integer"},
        serial={"type": "integer", "description": "Le numéro à donner la fois suivante."},
        names={
            "type": "array",
            "items": {
                "type": "array",
                "description": "SHA-256 du code, prénom, nom, fonction, organisme, catégorie, "
                "invité, besoins\u00a0; le SHA-256 seul si le badge est annulé.",
            },
        },
        now=INSTANT,
    ),
    "Time": an_object(["now"], now=INSTANT),
    "Refusal": an_object(
        ["status", "message"],
        status={"type": "integer"},
        message=TEXT,
        errors={
            "type": "array",
            "items": an_object(
                ["index", "field", "message"],
                index={"type": "integer", "description": "Rang du passage, depuis 0."},
                field=TEXT,
                message=TEXT,
            ),
        },
    ),
}

DOORS: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Salon des maires\u00a0: stations de contrôle et bornes",
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
                    "content": {"application/json": {"schema": schema("Scans")}},
                },
                "responses": {
                    "200": answer("Un verdict par passage.", "Results"),
                    "400": REFUSED,
                    "401": REFUSED,
                    "413": REFUSED,
                    "415": REFUSED,
                    "503": REFUSED,
                },
            }
        },
        "/station": {
            "get": {
                "operationId": "describeStation",
                "summary": "Ce que la station doit savoir : portes, zones, règles",
                "responses": {"200": answer("La station.", "Station"), "401": REFUSED},
            }
        },
        "/badges": {
            "get": {
                "operationId": "listBadges",
                "summary": "La liste scellée des badges, ou ce qui en a changé",
                "parameters": [
                    {"name": "edition", "in": "query", "schema": {"type": "integer"}},
                    {"name": "since", "in": "query", "schema": {"type": "integer", "minimum": 0}},
                ],
                "responses": {
                    "200": {
                        "description": "En-tête de 16 octets (SDM1, édition, numéro, nombre), puis "
                        "par badge : 8 octets du SHA-256 du code, 1 si annulé, longueur, étiquette "
                        "chiffrée.",
                        "content": {"application/octet-stream": {"schema": {}}},
                    },
                    "401": REFUSED,
                },
            }
        },
        "/station/report": {
            "post": {
                "operationId": "report",
                "summary": "La station dit son état",
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": schema("Report")}},
                },
                "responses": {
                    "200": answer("Reçu.", "Reported"),
                    "400": REFUSED,
                    "401": REFUSED,
                },
            }
        },
        "/oddities": {
            "post": {
                "operationId": "keepOddities",
                "summary": "Confie les passages refusés : ils vont « à vérifier », jamais à la "
                "corbeille",
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": schema("Oddities")}},
                },
                "responses": {"200": answer("Gardés.", "Kept"), "400": REFUSED, "401": REFUSED},
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
                        "schema": {
                            **TEXT,
                            "pattern": "([A-Za-z\u00c0-\u024f][^A-Za-z\u00c0-\u024f]*){3}",
                        },
                    }
                ],
                "responses": {
                    "200": answer("Au plus vingt personnes.", "Attendees"),
                    "400": REFUSED,
                    "401": REFUSED,
                    "429": REFUSED,
                },
            }
        },
        "/names": {
            "get": {
                "operationId": "listNames",
                "summary": "Les noms qu’un contrôle de badges tient en mémoire (journalisé)",
                "parameters": [
                    {
                        "name": name,
                        "in": "query",
                        "description": words,
                        "schema": {"type": "integer"},
                    }
                    for name, words in (
                        ("edition", "L’édition de la liste que l’appareil a."),
                        ("since", "Son numéro\u00a0; sans lui, tous les noms."),
                    )
                ],
                "responses": {
                    "200": answer("Au plus quelques milliers\u00a0: redemandez.", "Names"),
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
                "responses": {"200": answer("L’heure, avec son décalage.", "Time")},
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
        "responses": {"Refused": answer("Refus, en français.", "Refusal")},
        "schemas": SCHEMAS,
    },
}


def description_with(paths: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """Return the description of the doors' API and of the features built on it."""
    components = {**DOORS["components"], "schemas": {**SCHEMAS, **schemas}}
    return {**DOORS, "paths": {**DOORS["paths"], **paths}, "components": components}
