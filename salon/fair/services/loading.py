"""Load an edition from its folder of files."""

import re
from datetime import date, datetime, time
from pathlib import Path
from typing import TypeVar
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from salon.fair import queries, rules
from salon.fair.actions import FairAction
from salon.fair.imports.seed_tables import (
    BODY_COLUMNS,
    DOCUMENT_COLUMNS,
    DOCUMENTS,
    FIGURE_COLUMNS,
    LINK_COLUMNS,
    PROGRAMME_COLUMNS,
    ROOM_COLUMNS,
    THEME_COLUMNS,
    FileNotUnderstood,
    read_table,
    read_table_if_any,
    read_toml,
    value_of,
)
from salon.fair.models import (
    DEFAULT_VILLAGE,
    Edition,
    EditionDay,
    EditionState,
    FairFile,
    PartnerBody,
    PhoneAsked,
    ProgrammeItem,
    Room,
    Stand,
    Theme,
)
from salon.fair.services.floor_loading import load_floor, now_if_yes
from salon.fair.services.look import save_picture
from salon.platform.database.act import Act
from salon.platform.database.consequences import Standing
from salon.platform.database.db import violation_as
from salon.platform.database.journal import write_entry
from salon.platform.files.uploads import (
    SUFFIXES,
    LogoRefused,
    check_document,
    save_file,
)
from salon.platform.settings.clock import current_zone, in_zone, paris
from salon.platform.web.access import settings
from salon.platform.words.labels import LabelledEnum
from salon.platform.words.territory import is_department_code, zone_of
from untrusted_files.apart import Task

Choice = TypeVar("Choice", bound=LabelledEnum)

ItemKey = tuple[datetime | None, str]
"""Start and title of an item of the programme."""
NUMBER = re.compile(r"^[0-9]+-")


def load_edition(act: Act, folder: Path) -> Edition:
    """Write the edition of a folder (see seed_data/README.md): a draft, or an edition held
    when its last day is over.

    All or nothing. Raises EditionAlreadyLoaded, FileNotUnderstood, or the error of the rule that
    the files break.
    """
    path = folder / "edition.toml"
    with in_zone(_read_territory(path, read_toml(path))["time_zone"]):
        return _load_edition(act, folder)


def _load_edition(act: Act, folder: Path) -> Edition:
    edition = _read_edition(folder / "edition.toml")
    rules.check_dates_are_in_order(edition)
    edition.state = EditionState.HELD if edition.is_over(act.now) else EditionState.DRAFT
    if queries.find_edition(edition.slug) is not None:
        raise rules.EditionAlreadyLoaded
    unique = "uq_editions_slug", "editions.slug"
    with violation_as(rules.EditionAlreadyLoaded, *unique), act.transaction() as session:
        session.add(edition)
        session.flush()
        stands = load_floor(session, folder, edition)
        themes = _load_village(session, folder, edition, stands)
        items = _load_programme(session, folder, edition, themes)
        session.flush()
        _load_documents(session, folder, edition, themes, items)
        write_entry(
            session,
            act.actor,
            FairAction.EDITION_LOADED,
            f"edition:{edition.id}",
            slug=edition.slug,
        )
    return edition


def _read_edition(path: Path) -> Edition:
    content = read_toml(path)
    opening = value_of(path, content, "inscriptions", dict)
    days = value_of(path, content, "jours", list)
    return Edition(
        slug=value_of(path, content, "identifiant", str),
        name=value_of(path, content, "nom", str),
        short_name=value_of(path, content, "nom_court", str),
        place=value_of(path, content, "lieu", str),
        address=value_of(path, content, "adresse", str),
        city=value_of(path, content, "ville", str),
        organiser=value_of(path, content, "organisateur", str),
        contact_email=value_of(path, {"courriel": "", **content}, "courriel", str),
        contact_phone=value_of(path, {"telephone": "", **content}, "telephone", str),
        latitude=content.get("latitude"),
        longitude=content.get("longitude"),
        texts=value_of(path, {"textes": {}, **content}, "textes", dict),
        legal=value_of(path, {"mentions": {}, **content}, "mentions", dict),
        main_colour=value_of(path, {"couleur": "", **content}, "couleur", str),
        accent_colour=value_of(path, {"couleur_accent": "", **content}, "couleur_accent", str),
        logo_name=_read_picture(path, content, "logo", Task.LOGO),
        picture_name=_read_picture(path, content, "image", Task.PICTURE),
        small_picture_name=_read_picture(path, content, "image", Task.SMALL_PICTURE),
        picture_alt=value_of(path, {"image_montre": "", **content}, "image_montre", str),
        picture_credit=value_of(path, {"image_auteur": "", **content}, "image_auteur", str),
        phone_asked=_read_choice(path, content, "telephone_demande", PhoneAsked.OPTIONAL),
        standing=_read_choice(path, content, "situation", Standing.AS_PLANNED),
        access=value_of(path, content, "acces", str),
        **_read_territory(path, content),
        registration_opens_at=_moment(value_of(path, opening, "ouvrent", datetime)),
        registration_closes_at=_moment(value_of(path, opening, "ferment", datetime)),
        days=[_read_day(path, entry) for entry in days],
        figures=[
            {
                "value": value_of(path, entry, "valeur", str),
                "label": value_of(path, entry, "libelle", str),
            }
            for entry in content.get("chiffres", [])
        ],
        practical=[
            {
                "title": value_of(path, entry, "titre", str),
                "text": value_of(path, entry, "texte", str),
            }
            for entry in content.get("infos", [])
        ],
    )


def _read_territory(path: Path, content: dict[str, object]) -> dict[str, str]:
    """Return the département, the village and the time zone, which may be left out."""
    content = {"departement": "", "village": DEFAULT_VILLAGE, **content}
    department = value_of(path, content, "departement", str)
    if department and not is_department_code(department):
        raise FileNotUnderstood(path, f"«\u00a0{department}\u00a0» n’est pas un département.")
    zone = value_of(path, {"fuseau": zone_of(department), **content}, "fuseau", str)
    if zone not in available_timezones():
        raise FileNotUnderstood(path, f"«\u00a0{zone}\u00a0» n’est pas un fuseau horaire.")
    village = value_of(path, content, "village", str)
    return {"department": department, "village_name": village, "time_zone": zone}


def _read_picture(path: Path, content: dict[str, object], key: str, task: Task) -> str:
    """Store the picture that the folder names, written anew; return its name, "" for none."""
    name = value_of(path, {key: "", **content}, key, str)
    if not name:
        return ""
    file = path.parent / Path(name).name
    if not file.is_file():
        words = "le logo" if task is Task.LOGO else "l’image"
        raise FileNotUnderstood(path, f"{words} «\u00a0{name}\u00a0» n’est pas dans le dossier.")
    try:
        return save_picture(settings().file_store, file.read_bytes(), task)
    except LogoRefused as error:
        raise FileNotUnderstood(file, error.message) from error


def _read_choice(path: Path, content: dict[str, object], name: str, default: Choice) -> Choice:
    """Return a value among those of an enumeration, which may be left out."""
    choices, word = type(default), content.get(name, default.value)
    if word not in [choice.value for choice in choices]:
        words = " ou ".join(choice.value for choice in choices)
        raise FileNotUnderstood(path, f"« {name} » attend {words}.")
    return choices(word)


def _read_day(path: Path, entry: dict[str, object]) -> EditionDay:
    return EditionDay(
        day_on=value_of(path, entry, "date", date),
        opens=value_of(path, entry, "ouvre", time),
        closes=value_of(path, entry, "ferme", time),
    )


def _moment(read: datetime) -> datetime:
    """Return a datetime, in the zone of the edition unless it has an offset."""
    return read if read.tzinfo else read.replace(tzinfo=current_zone())


def _load_village(
    session: Session, folder: Path, edition: Edition, stands: dict[str, Stand]
) -> dict[str, Theme]:
    """Add the bodies on their stands, and the themes; return the themes by identifier.

    A withdrawn row has the rank of the next that takes part: there it is put back.
    """
    open_stands = {
        number: stand for number, stand in stands.items() if stand.hall.closed_at is None
    }
    bodies: dict[str, PartnerBody] = {}
    rank = 0
    for row in read_table(folder / "bodies.csv", *BODY_COLUMNS[:-1]):
        withdrawn_at = now_if_yes(row, "retire")
        stand = row.known("stand", stands if withdrawn_at else open_stands)
        bodies[row.new("identifiant", bodies)] = PartnerBody(
            edition_id=edition.id,
            stand_id=stand.id,
            slug=row.key("identifiant"),
            name=row.text("nom"),
            short_name=row.text("nom_court"),
            topics=row.optional_text("sujets"),
            presentation=row.optional_text("presentation"),
            rank=rank,
            withdrawn_at=withdrawn_at,
        )
        if withdrawn_at is None:
            rank += 1
            del open_stands[row.key("stand")]
    live_bodies = {slug: body for slug, body in bodies.items() if not body.withdrawn_at}
    themes: dict[str, Theme] = {}
    rank = 0
    for row in read_table(folder / "themes.csv", *THEME_COLUMNS[:-1]):
        withdrawn_at = now_if_yes(row, "retire")
        themes[row.new("identifiant", themes)] = Theme(
            edition_id=edition.id,
            body=row.known("organisme", bodies if withdrawn_at else live_bodies),
            slug=row.key("identifiant"),
            name=row.text("nom"),
            summary=row.optional_text("resume"),
            details=row.items("details"),
            figures=[],
            links=[],
            rank=rank,
            withdrawn_at=withdrawn_at,
        )
        rank += withdrawn_at is None
    for row in read_table(folder / "figures.csv", *FIGURE_COLUMNS):
        figure = {"value": row.text("valeur"), "label": row.text("libelle")}
        row.known("theme", themes).figures.append(figure)
    for row in read_table_if_any(folder / "links.csv", *LINK_COLUMNS):
        link = {"label": row.text("libelle"), "address": row.key("adresse")}
        row.known("theme", themes).links.append(link)
    session.add_all([*bodies.values(), *themes.values()])
    return themes


def _load_programme(
    session: Session, folder: Path, edition: Edition, themes: dict[str, Theme]
) -> dict[ItemKey, ProgrammeItem]:
    """Add the rooms and the items; return the items by day, hour and title."""
    rooms = {
        row.text("nom"): Room(
            edition_id=edition.id,
            name=row.text("nom"),
            seats=row.whole("places") if row.raw("places") else None,
        )
        for row in read_table_if_any(folder / "rooms.csv", *ROOM_COLUMNS)
    }
    live_themes = {slug: theme for slug, theme in themes.items() if not theme.withdrawn_at}
    items: dict[ItemKey, ProgrammeItem] = {}
    for row in read_table(folder / "programme.csv", *PROGRAMME_COLUMNS[:-3]):
        room = row.text("lieu")
        rooms.setdefault(room, Room(edition_id=edition.id, name=room))
        item = ProgrammeItem(
            edition_id=edition.id,
            starts_at=paris(row.day("date"), row.hour("debut")),
            ends_at=paris(row.day("date"), row.hour("fin")),
            title=row.text("titre"),
            room=rooms[room],
            theme=row.known("theme", live_themes) if row.optional_text("theme") else None,
            summary=row.optional_text("resume"),
            speakers=[_read_speaker(speaker) for speaker in row.items("intervenants")],
            is_draft=bool(row.cells.get("brouillon")) and row.yes("brouillon"),
        )
        rules.check_item_is_in_opening_hours(item, edition)
        items[item.starts_at, item.title] = item
        session.add(item)
    session.add_all(rooms.values())
    return items


def _read_speaker(cell: str) -> dict[str, str]:
    name, _, role = cell.partition(" / ")
    return {"name": name, "role": role}


def _load_documents(
    session: Session,
    folder: Path,
    edition: Edition,
    themes: dict[str, Theme],
    items: dict[ItemKey, ProgrammeItem],
) -> None:
    """Store the public documents of themes and of the programme."""
    for row in read_table_if_any(folder / "documents.csv", *DOCUMENT_COLUMNS):
        name = row.key("fichier")
        path = folder / DOCUMENTS / Path(name).name
        if not path.is_file():
            raise row.refuse(f"le fichier «\u00a0{name}\u00a0» n’est pas dans {DOCUMENTS}/.")
        content = path.read_bytes()
        media_type = check_document(content, name)
        key = (row.moment("debut", edition.days[0].day_on), row.optional_text("titre"))
        if key not in items and not row.raw("theme"):
            raise row.refuse("aucun moment du programme n’a cette date, cette heure et ce titre.")
        session.add(
            FairFile(
                edition_id=edition.id,
                theme_id=row.known("theme", themes).id if row.raw("theme") else None,
                item_id=None if row.raw("theme") else items[key].id,
                label=row.text("libelle"),
                name=NUMBER.sub("", name),
                stored_name=save_file(settings().file_store, content, SUFFIXES[media_type]),
                media_type=media_type,
                size=len(content),
            )
        )
