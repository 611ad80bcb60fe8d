"""Files of the fair itself in an edition's folder; `services.loading` reads them."""

from pathlib import Path

from salon.fair.documents.edition_files import sections, write_columns, write_table, write_toml
from salon.fair.engine.layout import placed
from salon.fair.imports.seed_tables import (
    BODY_COLUMNS,
    DOCUMENT_COLUMNS,
    DOCUMENTS,
    DOOR_COLUMNS,
    FIGURE_COLUMNS,
    HALL_COLUMNS,
    LANDMARK_COLUMNS,
    LINK_COLUMNS,
    LOGO,
    PICTURE,
    PROGRAMME_COLUMNS,
    ROOM_COLUMNS,
    THEME_COLUMNS,
)
from salon.fair.imports.stands import STAND_COLUMNS, stand_cells
from salon.fair.models import Edition, FairFile, ProgrammeItem
from salon.fair.queries import (
    all_bodies_of,
    all_programme_of,
    all_themes_of,
    closed_halls_of,
    doors_of,
    find_mail_choices,
    halls_of,
    landmarks_in,
    landmarks_of,
    rooms_of,
)
from salon.fair.services.messages import FILE as MESSAGES
from salon.fair.services.messages import KEYS as MESSAGE_KEYS
from salon.platform.documents.spreadsheets.cells import clock_time
from salon.platform.files.uploads import upload
from salon.platform.settings.clock import local
from salon.platform.storage.store import FileStore


def write_fair(edition: Edition, folder: Path, store: FileStore) -> None:
    """Write the edition, its floor, its village and its programme; files come from `store`."""
    if edition.logo_name:
        (folder / LOGO).write_bytes(store.read(upload(edition.logo_name)))
    if edition.picture_name:
        (folder / PICTURE).write_bytes(store.read(upload(edition.picture_name)))
    write_toml(folder / "edition.toml", _edition_values(edition))
    write_columns(folder / MESSAGES, find_mail_choices(edition.id), MESSAGE_KEYS)
    _write_floor(edition, folder)
    _write_village(edition, folder)
    _write_programme(edition, folder)
    _write_documents(edition, folder, store)


def _edition_values(edition: Edition) -> dict[str, object]:
    point = {"latitude": edition.latitude, "longitude": edition.longitude}
    return {
        "identifiant": edition.slug,
        "nom": edition.name,
        "nom_court": edition.short_name,
        "lieu": edition.place,
        "adresse": edition.address,
        "ville": edition.city,
        "organisateur": edition.organiser,
        "courriel": edition.contact_email,
        "telephone": edition.contact_phone,
        "departement": edition.department,
        "village": edition.village_name,
        "fuseau": edition.time_zone,
        "acces": edition.access,
        "couleur": edition.main_colour,
        "couleur_accent": edition.accent_colour,
        "logo": LOGO if edition.logo_name else "",
        "image": PICTURE if edition.picture_name else "",
        "image_montre": edition.picture_alt,
        "image_auteur": edition.picture_credit,
        "telephone_demande": edition.phone_asked.value,
        "situation": edition.standing.value,
        **(point if edition.latitude is not None else {}),
        "inscriptions": {
            "ouvrent": edition.registration_opens_at,
            "ferment": edition.registration_closes_at,
        },
        "jours": [
            {"date": day.day_on, "ouvre": day.opens, "ferme": day.closes} for day in edition.days
        ],
        "chiffres": [
            {"valeur": figure["value"], "libelle": figure["label"]} for figure in edition.figures
        ],
        "infos": sections(edition.practical),
        "textes": edition.texts,
        "mentions": edition.legal,
    }


def _write_floor(edition: Edition, folder: Path) -> None:
    halls = [*halls_of(edition), *closed_halls_of(edition)]
    hall_rows = [
        (
            *(hall.name, hall.area, hall.width, hall.depth, hall.x, hall.y, hall.aisle),
            *(hall.power_kw, hall.has_water, hall.description, hall.closed_at is not None),
        )
        for hall in halls
    ]
    write_table(folder / "halls.csv", HALL_COLUMNS, hall_rows)
    stands = [stand_cells(hall.name, stand) for hall in halls for stand in placed(hall.stands)]
    write_table(folder / "stands.csv", STAND_COLUMNS, stands)
    closed = [mark for hall in halls if hall.closed_at for mark in landmarks_in(hall)]
    landmarks = [
        (
            *(mark.kind.label, mark.name, mark.hall.name if mark.hall else ""),
            *(mark.x, mark.y, mark.is_step_free),
        )
        for mark in [*landmarks_of(edition), *closed]
    ]
    write_table(folder / "landmarks.csv", LANDMARK_COLUMNS, landmarks)
    doors = [(door.code, door.label, door.admits) for door in doors_of(edition)]
    write_table(folder / "doors.csv", DOOR_COLUMNS, doors)


def _write_village(edition: Edition, folder: Path) -> None:
    bodies = [
        (
            *(body.slug, body.name, body.short_name, body.stand.number),
            *(body.topics, body.presentation, body.withdrawn_at is not None),
        )
        for body in all_bodies_of(edition)
    ]
    write_table(folder / "bodies.csv", BODY_COLUMNS, bodies)
    themes = all_themes_of(edition)
    theme_rows = [
        (
            *(theme.slug, theme.body.slug, theme.name, theme.summary, theme.details),
            theme.withdrawn_at is not None,
        )
        for theme in themes
    ]
    write_table(folder / "themes.csv", THEME_COLUMNS, theme_rows)
    figures = [
        (theme.slug, figure["value"], figure["label"])
        for theme in themes
        for figure in theme.figures
    ]
    write_table(folder / "figures.csv", FIGURE_COLUMNS, figures)
    links = [
        (theme.slug, link["label"], link["address"]) for theme in themes for link in theme.links
    ]
    write_table(folder / "links.csv", LINK_COLUMNS, links)


def _write_programme(edition: Edition, folder: Path) -> None:
    rooms = [(room.name, room.seats) for room in rooms_of(edition)]
    write_table(folder / "rooms.csv", ROOM_COLUMNS, rooms)
    items = [
        (
            *_place_in_time(item),
            clock_time(item.ends_at),
            item.title,
            item.room.name,
            item.summary,
            item.theme.slug if item.theme else "",
            [
                " / ".join(filter(None, (speaker["name"], speaker["role"])))
                for speaker in item.speakers
            ],
            "oui" if item.is_draft else "",
        )
        for item in all_programme_of(edition)
    ]
    write_table(folder / "programme.csv", PROGRAMME_COLUMNS, items)


def _write_documents(edition: Edition, folder: Path, store: FileStore) -> None:
    """Copy the public documents, each under its name after its number."""
    rows: list[tuple[object, ...]] = []
    for theme in all_themes_of(edition):
        for document in theme.files:
            name = _copy(document, len(rows) + 1, folder / DOCUMENTS, store)
            rows.append((theme.slug, "", "", "", document.label, name))
    for item in all_programme_of(edition):
        for document in item.files:
            name = _copy(document, len(rows) + 1, folder / DOCUMENTS, store)
            rows.append(("", *_place_in_time(item), item.title, document.label, name))
    write_table(folder / "documents.csv", DOCUMENT_COLUMNS, rows)


def _place_in_time(item: ProgrammeItem) -> tuple[object, object]:
    return local(item.starts_at).date(), clock_time(item.starts_at)


def _copy(document: FairFile, number: int, folder: Path, store: FileStore) -> str:
    folder.mkdir(exist_ok=True)
    name = f"{number:02}-{document.name}"
    (folder / name).write_bytes(store.read(upload(document.stored_name)))
    return name
