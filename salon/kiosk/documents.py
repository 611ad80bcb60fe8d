"""Answers of the API of kiosks and print stations."""

from typing import Annotated, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from salon.entrance.documents.answers import Time
from salon.platform.web.devices.fields import Json

Waiting = Annotated[int, Field(ge=0)]


class KioskOpened(Time):
    visit: Annotated[
        str, Field(description="Le jeton de la visite\u00a0; chaque réponse en donne un neuf.")
    ]
    seconds: Annotated[int, Field(description="Ce qu’il dure.")]


class KioskWelcome(Time):
    verdict: str
    message: str
    person: NotRequired[
        Annotated[Json, Field(description="Si le badge est bon\u00a0: ce qu’il dit.")]
    ]
    visit: NotRequired[str]
    seconds: NotRequired[int]


class KioskCorrected(KioskOpened):
    person: Json


class KioskDay(KioskOpened):
    appointments: list[dict[str, str]]
    talks: list[dict[str, str]]
    way: Annotated[dict[str, str], Field(description="Le chemin vers le prochain rendez-vous.")]


class KioskPlaces(Time):
    places: Annotated[list[str], Field(max_length=6)]


class KioskRegistered(Time):
    code: Annotated[str, Field(description="Ce que dit le code QR du badge.")]


class KioskWrongFields(Time):
    status: int
    message: str
    errors: dict[str, str]
    choices: list[str]


class KioskPrintAsked(KioskOpened):
    waiting: Waiting


class KioskWaiting(Time):
    waiting: Waiting


class KioskRecorded(Time):
    recorded: bool


class KioskJob(Time):
    job: Annotated[Json | None, Field(description="Le badge à imprimer, s’il y en a un.")]
    waiting: Waiting


class Typed(TypedDict, total=False):
    q: str
