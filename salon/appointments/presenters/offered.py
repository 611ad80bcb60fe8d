"""Say how many hours the public may book, and how to open those that nothing offers."""

from collections.abc import Sequence
from dataclasses import dataclass

from salon.appointments.engine.slots import Reason
from salon.appointments.queries.offered import OfferedTheme
from salon.platform.words.formats import plural

REMEDIES: dict[Reason | None, tuple[str, str, str]] = {
    None: ("la réservation est fermée", "appointments.settings", "Cocher «\u00a0Réservable\u00a0»"),
    Reason.NOT_COMPETENT: (
        "aucun agent n’y répond",
        "staffing.agents",
        "Dire quels agents y répondent",
    ),
    Reason.NOT_ON_DUTY: (
        "aucun agent qui y répond n’est assez longtemps sur un stand",
        "staffing.grid",
        "Placer ces agents, puis publier le planning",
    ),
    Reason.LEAVING: (
        "les agents qui y répondent cherchent un remplaçant",
        "village_day.stand_ins",
        "Trouver les remplacements",
    ),
    Reason.AWAY: (
        "les agents qui y répondent ne sont pas disponibles",
        "staffing.grid",
        "Placer d’autres agents",
    ),
    Reason.TOO_SOON: (
        "les heures sont passées, ou trop proches",
        "appointments.settings",
        "Raccourcir le délai",
    ),
    Reason.TAKEN: ("toutes les heures sont prises", "staffing.grid", "Ajouter des agents"),
    Reason.COVER: (
        "tous les agents présents sont gardés libres pour le public",
        "appointments.settings",
        "En garder moins de libres",
    ),
}
"""By what closes the hours of themes: the words, the page that opens them, and what to do there."""


@dataclass(frozen=True)
class ClosedThemes:
    """Themes that nothing offers for one reason."""

    names: Sequence[str]
    words: str
    endpoint: str
    remedy: str


@dataclass(frozen=True)
class OfferedHours:
    """`count`: hours that may be booked, of all themes."""

    count: int
    open_themes: int
    closed: Sequence[ClosedThemes]

    @property
    def words(self) -> str:
        """Return « 214 heures à réserver, sur 8 thèmes »."""
        if not self.count:
            return "Aucune heure à réserver"
        themes = plural(self.open_themes, "thème")
        return f"{plural(self.count, 'heure')} à réserver, sur {themes}"


def hours_of(themes: Sequence[OfferedTheme]) -> OfferedHours:
    """Return the hours that themes offer, and what closes the others."""
    closed = []
    for reason, (words, endpoint, remedy) in REMEDIES.items():
        names = [theme.name for theme in themes if not theme.count and theme.reason is reason]
        if names:
            closed.append(ClosedThemes(names, words, endpoint, remedy))
    counts = [theme.count for theme in themes if theme.count]
    return OfferedHours(sum(counts), len(counts), closed)
