"""The OpenAPI 3.1 description of the API of kiosks and print stations."""

from typing import Any

from salon.entrance.documents.openapi import (
    HASH,
    INSTANT,
    REFUSED,
    TEXT,
    UUID,
    an_object,
    answer,
    schema,
)

VISIT = {**TEXT, "description": "Le jeton de la visite\u00a0; chaque réponse en donne un neuf."}
OPENED = {"visit": VISIT, "seconds": {"type": "integer", "description": "Ce qu’il dure."}}
COUNT = {"type": "integer", "minimum": 0}

SCHEMAS: dict[str, Any] = {
    "KioskScan": an_object(["scan"], scan=schema("Scan")),
    "KioskVisit": an_object(["visit"], visit=VISIT),
    "KioskWelcome": an_object(
        ["verdict", "message", "now"],
        verdict=TEXT,
        message=TEXT,
        person={"type": "object", "description": "Si le badge est bon\u00a0: ce qu’il dit."},
        **OPENED,
        now=INSTANT,
    ),
    "KioskOpened": an_object(["visit", "seconds", "now"], **OPENED, now=INSTANT),
    "KioskRespelling": an_object(
        ["visit", "version", "first_name", "last_name"],
        visit=VISIT,
        version={**TEXT, "pattern": "^[0-9]{1,9}$(?!\\n)"},
        first_name=TEXT,
        last_name=TEXT,
    ),
    "KioskDayAsked": an_object(
        ["visit"], visit=VISIT, near={**TEXT, "description": "La porte près de la borne."}
    ),
    "KioskDay": an_object(
        ["visit", "seconds", "appointments", "talks", "now"],
        **OPENED,
        appointments={"type": "array", "items": {"type": "object"}},
        talks={"type": "array", "items": {"type": "object"}},
        way={"description": "Le chemin vers le prochain rendez-vous."},
        now=INSTANT,
    ),
    "KioskPlaces": an_object(
        ["places", "now"], places={"type": "array", "items": TEXT}, now=INSTANT
    ),
    "KioskRegistration": an_object(
        ["submission_key", "first_name", "last_name", "function", "civility"],
        submission_key=UUID,
        first_name=TEXT,
        last_name=TEXT,
        function=TEXT,
        function_other=TEXT,
        civility=TEXT,
        commune=TEXT,
        place_choice=TEXT,
        organisation=TEXT,
        email=TEXT,
        newsletter={**TEXT, "description": "Présent si la case est cochée."},
        photo={**TEXT, "description": "Présent si la case est cochée."},
    ),
    "KioskRegistered": an_object(
        ["code", "now"],
        code={**TEXT, "description": "Ce que dit le code QR du badge."},
        now=INSTANT,
    ),
    "KioskWrongFields": an_object(
        ["status", "message", "errors", "choices"],
        status={"type": "integer"},
        message=TEXT,
        errors={"type": "object", "additionalProperties": TEXT},
        choices={"type": "array", "items": TEXT},
    ),
    "KioskPrintAsked": an_object(["visit", "job_id"], visit=VISIT, job_id=UUID),
    "KioskPrinting": an_object(["job_id", "code_hash"], job_id=UUID, code_hash=HASH),
    "KioskRecorded": an_object(["recorded", "now"], recorded={"type": "boolean"}, now=INSTANT),
    "KioskWaiting": an_object(["waiting", "now"], waiting=COUNT, **OPENED, now=INSTANT),
    "KioskJob": an_object(
        ["job", "waiting", "now"],
        job={"type": ["object", "null"], "description": "Le badge à imprimer, s’il y en a un."},
        waiting=COUNT,
        now=INSTANT,
    ),
}


WRONG_FIELDS = answer("Ce qu’il faut corriger, champ par champ.", "KioskWrongFields")


def _post(
    operation: str,
    summary: str,
    sent: str,
    answered: str,
    *more: str,
    names_fields: bool = False,
) -> dict[str, Any]:
    """Return a call that sends a JSON object; `more`: the other refusals.

    `names_fields`: an invalid call returns the fields to correct.
    """
    content = {"application/json": {"schema": schema(sent)}}
    return {
        "post": {
            "operationId": operation,
            "summary": summary,
            **({"requestBody": {"required": True, "content": content}} if sent else {}),
            "responses": {
                "200": answer(summary, answered),
                **dict.fromkeys(("400", "401", "403", *more), REFUSED),
                **({"400": WRONG_FIELDS} if names_fields else {}),
            },
        }
    }


PATHS: dict[str, Any] = {
    "/kiosk/visits": _post(
        "beginVisit", "Accueille le porteur d’un badge", "KioskScan", "KioskWelcome"
    ),
    "/kiosk/visits/renew": _post(
        "renewVisit", "Prolonge la visite", "KioskVisit", "KioskOpened", "410"
    ),
    "/kiosk/visits/correct": _post(
        "correctHolder",
        "Corrige l’orthographe d’un nom",
        "KioskRespelling",
        "KioskWelcome",
        "409",
        "410",
        "429",
        names_fields=True,
    ),
    "/kiosk/visits/day": _post(
        "showDay", "La suite de la journée", "KioskDayAsked", "KioskDay", "410"
    ),
    "/kiosk/places": {
        "get": {
            "operationId": "suggestPlaces",
            "summary": "Propose des communes et des intercommunalités",
            "parameters": [{"name": "q", "in": "query", "schema": TEXT}],
            "responses": {
                "200": answer("Au plus six.", "KioskPlaces"),
                **dict.fromkeys(("401", "403", "429"), REFUSED),
            },
        }
    },
    "/kiosk/registrations": _post(
        "registerWalkIn",
        "Inscrit quelqu’un qui n’a pas de badge",
        "KioskRegistration",
        "KioskRegistered",
        "409",
        "429",
        names_fields=True,
    ),
    "/kiosk/print-jobs": _post(
        "askPrint",
        "Demande l’impression du badge",
        "KioskPrintAsked",
        "KioskWaiting",
        "409",
        "410",
        "422",
    ),
    "/kiosk/printings": _post(
        "recordPrinting",
        "Une borne a imprimé d’elle-même",
        "KioskPrinting",
        "KioskRecorded",
        "422",
    ),
    "/kiosk/print-jobs/next": _post("takeNext", "Le prochain badge à imprimer", "", "KioskJob"),
    "/kiosk/print-jobs/{number}/done": {
        "parameters": [
            {
                **{"name": "number", "in": "path", "required": True},
                "schema": {"type": "integer", "minimum": 1},
            }
        ],
        **_post("finishJob", "Ce badge est imprimé", "", "KioskWaiting", "404", "409"),
    },
}
