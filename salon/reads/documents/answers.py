"""Types of the answers of the API that others read, and of its parameters."""

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from salon.platform.database.consequences import Standing
from salon.platform.web.access import LAST_ROW
from salon.platform.web.devices.fields import Moment
from salon.platform.web.devices.reading import Sent

MOST = 100
"""Longest page."""

Day = Annotated[str, Field(json_schema_extra={"format": "date"})]
Address = Annotated[str, Field(json_schema_extra={"format": "uri"})]


class PageQuery(Sent):
    """The start of a page and its number of rows."""

    cursor: Annotated[int, Field(ge=0, le=LAST_ROW)] = Field(
        0, description="Donné par l’adresse suivante ; ne le composez pas."
    )
    limit: Annotated[int, Field(ge=1, le=MOST)] = Field(
        MOST, description=f"Lignes par page, au plus {MOST}."
    )


class Licence(TypedDict):
    name: str
    url: Address


class OpeningDay(TypedDict):
    day: Day
    opens_at: Moment
    closes_at: Moment


class EditionFacts(TypedDict):
    edition: Annotated[str, Field(description="Son identifiant, dans les adresses.")]
    name: str
    short_name: str
    organiser: str
    place: str
    address: str
    city: str
    time_zone: Annotated[str, Field(description="Nom IANA : « Europe/Paris ».")]
    days: list[OpeningDay]
    standing: Annotated[
        Standing,
        Field(description="À ses dates, reportée (les jours ne valent plus) ou annulée."),
    ]
    is_current: Annotated[bool, Field(description="Faux : une édition passée, en archive.")]
    licence: Licence


class Page(TypedDict):
    edition: str
    next: Annotated[
        Address | None, Field(description="L’adresse de la page suivante ; vide à la dernière.")
    ]


class Exhibitor(TypedDict):
    """Of a past edition, its name alone."""

    name: str
    sector: NotRequired[Annotated[str, Field(description="Sa catégorie.")]]
    hall: NotRequired[str]
    stand: NotRequired[Annotated[str, Field(description="Vide : pas encore placé.")]]
    pavilion: NotRequired[Annotated[str, Field(description="L’exposant qui l’accueille.")]]
    themes: NotRequired[list[str]]
    co_exhibitors: NotRequired[list[str]]
    presentation: NotRequired[Annotated[str, Field(description="Texte en Markdown.")]]
    website: NotRequired[str]
    page: NotRequired[Annotated[Address, Field(description="Sa page du catalogue.")]]


class Exhibitors(Page):
    exhibitors: list[Exhibitor]


class Item(TypedDict):
    """Of a past edition, without room nor theme."""

    title: str
    summary: Annotated[str, Field(description="Texte en Markdown.")]
    starts_at: Moment
    ends_at: Moment
    room: NotRequired[str]
    theme: NotRequired[Annotated[str | None, Field(description="L’identifiant de son thème.")]]


class Programme(Page):
    items: list[Item]


class Figure(TypedDict):
    value: str
    label: str


class Link(TypedDict):
    label: str
    address: str


class Theme(TypedDict):
    theme: Annotated[str, Field(description="Son identifiant, dans les adresses.")]
    name: str
    summary: str
    details: list[str]
    figures: list[Figure]
    links: list[Link]
    body: Annotated[str, Field(description="L’organisme qui y répond.")]
    hall: str
    stand: str
    page: Annotated[Address, Field(description="Sa page du village.")]
    slots: Annotated[Address, Field(description="Ses créneaux, dans cette API.")]


class Themes(Page):
    themes: list[Theme]


class Slot(TypedDict):
    starts_at: Moment
    ends_at: Moment
    stand: str
    state: Annotated[
        Literal["free", "taken"], Field(description="Offert à la réservation, ou pris.")
    ]


class Slots(TypedDict):
    edition: str
    theme: str
    slots: Annotated[
        list[Slot], Field(description="Une ligne par agent et par heure ; l’agent n’est pas nommé.")
    ]


class TimeCount(TypedDict):
    starts_at: Moment
    ends_at: Moment
    people: Annotated[int, Field(description="Personnes dont c’est la première entrée.")]


class DayCount(TypedDict):
    day: Day
    people: Annotated[int, Field(description="Personnes entrées ce jour, revenues ou non.")]


class GroupCount(TypedDict):
    label: str
    people: int


class EpciCount(GroupCount):
    siren: Annotated[str, Field(description="Vide pour « Autres ».")]


class AttendanceFigures(TypedDict):
    edition: str
    people: Annotated[int, Field(description="Chacun compte une fois, même revenu.")]
    by_day: Annotated[
        list[DayCount], Field(description="Vide d’un salon d’un jour, ou si l’on en déduirait peu.")
    ]
    by_quarter: list[TimeCount]
    by_category: list[GroupCount]
    by_epci: list[EpciCount]
