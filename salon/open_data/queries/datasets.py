"""The datasets of an edition: published facts and counts, nothing of a person."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from salon.appointments.models import Appointment, AppointmentStatus
from salon.entrance.queries.attendance import Attendance, GroupCount, attendance_of
from salon.exhibitors.queries.open_data import SEPARATOR, public_exhibitors
from salon.fair.models import Edition
from salon.fair.queries import programme_of, themes_of
from salon.open_data.engine import (
    CATEGORIES,
    DAYS,
    ENTERED,
    EPCIS,
    QUARTERS,
    THEMES,
    Addresses,
    Dataset,
    Field,
)
from salon.platform.database.db import current_session
from salon.platform.settings.clock import local
from salon.platform.words.formats import plural
from salon.platform.words.small_counts import REST, SMALLEST, hidden_groups

QUARTER = timedelta(minutes=15)
INSTANT = "%Y-%m-%dT%H:%M:%S%z"
FEW = f"moins de {SMALLEST} personnes"
SO_THAT = "s’il le faut pour qu’on ne les déduise pas"
ENTRIES = Field(
    ENTERED,
    "Visiteurs",
    "integer",
    description="Personnes entrées au moins une fois, chacune comptée une fois",
    is_required=True,
)
LISTED = f"Valeurs séparées par « {SEPARATOR.strip()} »"
NO_ATTENDANCE = f"Elle se compte après la fin du salon, à partir de {SMALLEST} personnes entrées."


def datasets_of(edition: Edition, addresses: Addresses, now: datetime) -> list[Dataset]:
    """Return every dataset as it would be published now; those with nothing to say are empty."""
    attendance = attendance_of(edition, now)
    return [
        _exhibitors(edition, addresses),
        _programme(edition),
        _themes(edition, addresses),
        *([_days(attendance)] if len(edition.days) > 1 else []),
        _quarters(attendance),
        _categories(attendance),
        _epcis(attendance),
    ]


def _exhibitors(edition: Edition, addresses: Addresses) -> Dataset:
    return Dataset(
        key="exposants",
        title="Exposants",
        description="Les exposants du catalogue, leur stand, leurs thèmes et leurs co-exposants.",
        keywords=("exposants", "entreprises", "collectivités"),
        fields=(
            Field("nom", "Nom", is_required=True),
            Field("categorie", "Catégorie"),
            Field("hall", "Hall"),
            Field("stand", "Stand"),
            Field("pavillon", "Pavillon", description="Pavillon qui regroupe plusieurs exposants"),
            Field("themes", "Thèmes", description=LISTED),
            Field("co_exposants", "Co-exposants", description=LISTED),
            Field("presentation", "Présentation"),
            Field("site", "Site"),
            Field("page", "Page au catalogue", format="uri", is_required=True),
        ),
        rows=[row.as_cells() for row in public_exhibitors(edition, addresses.catalogue)],
        masked="Aucun contact, aucune adresse, aucun numéro SIRET.",
        absence="Aucun exposant n’est au catalogue.",
    )


def _programme(edition: Edition) -> Dataset:
    return Dataset(
        key="programme",
        title="Programme",
        description="Les moments du programme : heures, titre, salle, thème.",
        keywords=("programme", "conférences", "ateliers"),
        fields=(
            Field("debut", "Début", "datetime", INSTANT, is_required=True),
            Field("fin", "Fin", "datetime", INSTANT, is_required=True),
            Field("titre", "Titre", is_required=True),
            Field("salle", "Salle ou lieu", is_required=True),
            Field("theme", "Thème"),
            Field("resume", "Résumé"),
        ),
        rows=[
            (
                _instant(item.starts_at),
                _instant(item.ends_at),
                item.title,
                item.room.name,
                item.theme.name if item.theme else "",
                item.summary,
            )
            for item in programme_of(edition)
        ],
        masked="Les noms des intervenants n’y sont pas.",
        absence="Le programme est vide.",
    )


def _themes(edition: Edition, addresses: Addresses) -> Dataset:
    themes = themes_of(edition)
    counts = appointments_by_theme(edition)
    hidden = hidden_groups({theme.slug: counts.get(theme.id, (0, 0))[1] for theme in themes})
    masked = f"Chaque nombre de rendez-vous est connu : aucun thème n’en a reçu de {FEW}."
    if hidden:
        masked = (
            f"Le nombre de rendez-vous manque pour {plural(len(hidden), 'thème')} : ceux de {FEW},"
            f" et d’autres {SO_THAT}."
        )
    return Dataset(
        key=THEMES,
        title="Thèmes du village",
        description="Les thèmes sur lesquels les élus sont reçus, et leurs rendez-vous.",
        keywords=("thèmes", "rendez-vous", "ingénierie territoriale"),
        fields=(
            Field("identifiant", "Identifiant", is_required=True),
            Field("theme", "Thème", is_required=True),
            Field("organisme", "Organisme", is_required=True),
            Field("resume", "Résumé"),
            Field("page", "Page du thème", format="uri", is_required=True),
            Field(
                "rendez_vous",
                "Rendez-vous",
                "integer",
                description=f"Rendez-vous pris et non annulés ; vide s’ils disent {FEW}",
            ),
        ),
        rows=[
            (
                theme.slug,
                theme.name,
                theme.body.short_name,
                theme.summary,
                addresses.theme_pages[theme.slug],
                "" if theme.slug in hidden else counts.get(theme.id, (0, 0))[0],
            )
            for theme in themes
        ],
        masked=masked,
        absence="Le village n’a pas de thème.",
    )


def _days(attendance: Attendance | None) -> Dataset:
    return Dataset(
        key=DAYS,
        title="Fréquentation par jour",
        description="Visiteurs entrés chaque jour ; qui vient deux jours compte chaque jour.",
        keywords=("fréquentation", "affluence"),
        fields=(
            Field("jour", "Jour", "date", is_required=True),
            Field(
                ENTERED,
                "Visiteurs",
                "integer",
                description="Personnes entrées ce jour, chacune comptée une fois par jour",
                is_required=True,
            ),
        ),
        rows=[
            (day.isoformat(), people)
            for day, people in (attendance.by_day.items() if attendance else ())
        ],
        masked=f"On n’en déduit aucun groupe de {FEW}.",
        absence=f"{NO_ATTENDANCE} Elle manque aussi s’il en ressortait un groupe de {FEW}.",
    )


def _quarters(attendance: Attendance | None) -> Dataset:
    counts = attendance.by_quarter if attendance else ()
    merged = sum(count.ends_at - count.starts_at > QUARTER for count in counts)
    masked = f"Aucun quart d’heure n’a compté {FEW}."
    if merged:
        verb = "réunit" if merged == 1 else "réunissent"
        masked = f"{plural(merged, 'ligne')} {verb} des quarts d’heure de {FEW}."
    return Dataset(
        key=QUARTERS,
        title="Fréquentation par quart d’heure",
        description="Premières entrées des visiteurs, par quart d’heure.",
        keywords=("fréquentation", "affluence"),
        fields=(
            Field("debut", "Début", "datetime", INSTANT, is_required=True),
            Field("fin", "Fin", "datetime", INSTANT, is_required=True),
            ENTRIES,
        ),
        rows=[
            (_instant(count.starts_at), _instant(count.ends_at), count.people) for count in counts
        ],
        masked=masked,
        absence=NO_ATTENDANCE,
    )


def _categories(attendance: Attendance | None) -> Dataset:
    groups = attendance.by_category if attendance else ()
    return Dataset(
        key=CATEGORIES,
        title="Fréquentation par catégorie",
        description="Visiteurs entrés, par catégorie de badge.",
        keywords=("fréquentation", "élus"),
        fields=(Field("categorie", "Catégorie de badge", is_required=True), ENTRIES),
        rows=[(group.label, group.people) for group in groups],
        masked=_merged(groups, "catégories"),
        absence=NO_ATTENDANCE,
    )


def _epcis(attendance: Attendance | None) -> Dataset:
    groups = attendance.by_epci if attendance else ()
    return Dataset(
        key=EPCIS,
        title="Fréquentation par intercommunalité",
        description="Visiteurs entrés, par intercommunalité de la commune qu’ils représentent.",
        keywords=("fréquentation", "EPCI", "intercommunalité"),
        fields=(
            Field("siren", "SIREN", description="De l’intercommunalité, vide pour les autres"),
            Field("intercommunalite", "Intercommunalité", is_required=True),
            ENTRIES,
        ),
        rows=[(group.siren, group.label, group.people) for group in groups],
        masked=_merged(groups, "intercommunalités"),
        absence=NO_ATTENDANCE,
    )


def _merged(groups: Sequence[GroupCount], name: str) -> str:
    if any(group.label == REST for group in groups):
        return f"Les {name} de {FEW} sont réunies sous « {REST} », avec d’autres {SO_THAT}."
    return f"Aucune des {name} n’a compté {FEW}."


def _instant(at: datetime) -> str:
    return local(at).isoformat(timespec="seconds")


def appointments_by_theme(edition: Edition) -> dict[int, tuple[int, int]]:
    """Return (appointments taken, people who took them) by theme, cancelled ones left out."""
    statement = (
        select(
            Appointment.theme_id,
            func.count(),
            func.count(Appointment.attendee_id.distinct()),
        )
        .where(
            Appointment.edition_id == edition.id,
            Appointment.status != AppointmentStatus.CANCELLED,
        )
        .group_by(Appointment.theme_id)
    )
    rows = current_session().execute(statement)
    return {theme_id: (taken, people) for theme_id, taken, people in rows}
