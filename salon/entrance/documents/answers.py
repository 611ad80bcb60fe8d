"""Answers of the stations' API, and the parameters of its addresses."""

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from salon.badges.models import Category
from salon.entrance.models import Verdict
from salon.platform.web.devices.fields import CodeHash, Json, Moment, Uuid


class Time(TypedDict):
    now: Moment


class Kept(Time):
    kept: list[str]


class Reported(Time):
    list_serial: Annotated[int, Field(description="Le numéro de la liste la plus récente.")]
    lets_unknown_in: bool


class Station(Time):
    station: Json
    edition: Json
    closed: Annotated[str, Field(description="Pourquoi personne n’entre, ou rien.")]
    doors: list[Json]
    lets_unknown_in: bool
    code_key: NotRequired[
        Annotated[
            CodeHash, Field(description="La clé des codes, aux contrôles de badges seulement.")
        ]
    ]
    kiosk: NotRequired[Annotated[Json, Field(description="Aux bornes d’accueil seulement.")]]
    categories: dict[str, list[str]]
    needs: dict[str, str]
    qr_prefix: str
    list_serial: int


class Holder(TypedDict):
    name: str
    function: str
    on_behalf_of: Annotated[str, Field(description="Commune, EPCI ou organisme.")]
    category: Annotated[str, Field(examples=["Élu"])]
    colour: Annotated[str, Field(pattern="^#[0-9A-F]{6}$")]
    vip: bool
    needs: Annotated[list[str], Field(description="Besoins d’accessibilité.")]


class Result(TypedDict):
    scan_id: Uuid
    verdict: Verdict
    word: Annotated[
        str, Field(description="Le verdict en un ou deux mots.", examples=["Déjà entré"])
    ]
    message: Annotated[str, Field(examples=["Déjà entré à 9 h 12, porte A"])]
    warning: NotRequired[
        Annotated[str, Field(description="Laissé passer, contre une règle de la zone.")]
    ]
    first_entry_at: NotRequired[Moment]
    first_door: NotRequired[str]
    holder: NotRequired[Holder]


class Results(TypedDict):
    results: list[Result]
    now: Annotated[Moment, Field(description="L’heure du salon à la réponse.")]


class Attendee(Holder):
    code_hash: Annotated[CodeHash, Field(description="À envoyer comme `code_hash` d’un passage.")]
    category_code: Category
    state: Literal["valid", "inside", "revoked"]
    state_label: str


class Attendees(TypedDict):
    attendees: Annotated[list[Attendee], Field(max_length=20)]


class Names(Time):
    edition: int
    serial: Annotated[int, Field(description="Le numéro à donner la fois suivante.")]
    names: list[
        Annotated[
            list[object],
            Field(
                description="SHA-256 du code, prénom, nom, fonction, organisme, catégorie, invité, "
                "besoins\u00a0; le SHA-256 seul si le badge est annulé."
            ),
        ]
    ]


class RollCall(Time):
    words: Annotated[str, Field(description="Combien sont à l’intérieur, et ce qui manque.")]
    groups: list[
        Annotated[
            list[object],
            Field(
                description="Un lieu, puis par badge\u00a0: SHA-256 du code, nom, lieu, besoins."
            ),
        ]
    ]


class Search(TypedDict):
    q: Annotated[
        str,
        Field(
            description="Trois lettres d’un nom ou d’une commune, ou le numéro d’un badge.",
            pattern="([0-9A-Za-z\u00c0-\u024f][^0-9A-Za-z\u00c0-\u024f]*){3}",
        ),
    ]


class Version(TypedDict, total=False):
    """Version of the list that a device has."""

    edition: Annotated[int, Field(description="L’édition de la liste que l’appareil a.")]
    since: Annotated[int, Field(ge=0, description="Son numéro\u00a0; sans lui, la liste entière.")]
