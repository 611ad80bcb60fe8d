"""What an organiser has to do in a season, each point ticked once it is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.accounts.queries import full_organisers, stations_of
from salon.appointments.presenters.offered import hours_of
from salon.appointments.queries.offered import offered_themes
from salon.billing.queries.sales import prices_of
from salon.dashboard.engine.seasons import Season, season_of
from salon.dashboard.queries.exhibitor_figures import dues_of
from salon.entrance.queries.conflicts import count_open
from salon.exhibitors.engine.seller import gaps_of_seller
from salon.exhibitors.queries.exhibitors import find_terms
from salon.fair import queries as fair
from salon.fair.models import Edition, EditionState
from salon.fair.presenters.legal_notices import notice_of
from salon.fair.services.settings import ways_described
from salon.mailings.queries.campaign import campaign_of, due_steps
from salon.open_data.queries.releases import releases_of
from salon.platform.settings.clock import now
from salon.platform.web.access import settings
from salon.platform.words.formats import euros, plural
from salon.staffing.queries.agents import agents_of
from salon.staffing.queries.rota import find_publication, needs_of


@dataclass(frozen=True)
class CheckPoint:
    """A point and its page; `lacking` says what is missing, "" once it is done."""

    title: str
    endpoint: str
    lacking: str

    @property
    def is_done(self) -> bool:
        return not self.lacking


@dataclass(frozen=True)
class Checklist:
    title: str
    points: Sequence[CheckPoint]

    @property
    def done_count(self) -> int:
        return sum(point.is_done for point in self.points)

    @property
    def is_done(self) -> bool:
        return self.done_count == len(self.points)


def _listed(missing: Sequence[str]) -> str:
    return f"Il manque {', '.join(missing)}." if missing else ""


def _place(edition: Edition) -> str:
    facts = {"le lieu": edition.place, "l’adresse": edition.address, "la ville": edition.city}
    missing = [word for word, value in facts.items() if not value]
    return _listed([*missing, *([] if edition.halls else ["un hall"])])


def _colleague(edition: Edition) -> str:
    return "" if len(full_organisers()) > 1 else "Une seule personne a tous les droits."


def _contacts(edition: Edition) -> str:
    facts = {"l’adresse électronique": edition.contact_email, "le téléphone": edition.contact_phone}
    return _listed([word for word, value in facts.items() if not value])


def _legal(edition: Edition) -> str:
    missing = len(notice_of(edition, settings().legal).missing)
    return f"{plural(missing, 'mention manque', 'mentions manquent')}." if missing else ""


def _arrival(edition: Edition) -> str:
    return "" if ways_described(edition) else "Aucune manière de venir n’est dite."


def _terms(edition: Edition) -> str:
    terms = find_terms(edition)
    if terms is None:
        return "Sans dates ni règlement, personne ne peut candidater."
    return _listed(gaps_of_seller(terms.seller))


def _prices(edition: Edition) -> str:
    return "" if prices_of(edition) else "Aucun prix n’est dit."


def _plan(edition: Edition) -> str:
    has_stands = any(stand.body is None for stand in fair.stands_on_plan(edition))
    return "" if has_stands else "Aucun stand d’exposant n’est dessiné."


def _village(edition: Edition) -> str:
    facts = {"un organisme": fair.bodies_of(edition), "un thème": fair.themes_of(edition)}
    return _listed([word for word, rows in facts.items() if not rows])


def _programme(edition: Edition) -> str:
    items = fair.all_programme_of(edition)
    drafts = sum(item.is_draft for item in items)
    if drafts:
        return f"{plural(drafts, 'moment')} en brouillon, que le public ne voit pas."
    return "" if items else "Rien n’est au programme."


def _agents(edition: Edition) -> str:
    return "" if agents_of(edition) else "Aucun agent n’est nommé."


def _needs(edition: Edition) -> str:
    return "" if needs_of(edition) else "Aucun stand ne demande d’agents."


def _rota(edition: Edition) -> str:
    return "" if find_publication(edition) else "Le planning n’est pas publié."


def _campaign(edition: Edition) -> str:
    if not campaign_of(edition):
        return "Aucun message n’est prévu pour inviter les communes."
    due = len(due_steps(edition, now()))
    return f"{plural(due, 'message')} à envoyer." if due else ""


def _hours(edition: Edition) -> str:
    hours = hours_of(offered_themes(edition, now()))
    if not hours.count:
        return "Le public n’a aucune heure à réserver."
    closed = sum(len(themes.names) for themes in hours.closed)
    return f"{plural(closed, 'thème n’en a', 'thèmes n’en ont')} aucune." if closed else ""


def _stations(edition: Edition) -> str:
    return "" if stations_of(edition.id) else "Aucune station ne lit les badges."


def _opening(edition: Edition) -> str:
    return "Le public ne voit encore rien." if edition.state == EditionState.DRAFT else ""


def _conflicts(edition: Edition) -> str:
    count = count_open(edition.id)
    return f"{plural(count, 'passage')} à vérifier." if count else ""


def _dues(edition: Edition) -> str:
    figures = [figure for _, figure in dues_of([edition], now())]
    return "".join(
        f"{plural(figure.count, 'facture')}, {euros(figure.amount)} à encaisser."
        for figure in figures
    )


def _release(edition: Edition) -> str:
    is_due = edition.is_as_planned and not releases_of(edition)
    return "Les chiffres du salon ne sont pas publiés." if is_due else ""


def _following(edition: Edition) -> str:
    has_following = any(later.starts_at > edition.starts_at for later in fair.editions())
    return "" if has_following else "L’édition suivante n’est pas préparée."


Check = tuple[str, str, Callable[[Edition], str]]
PREPARATION: Sequence[Check] = (
    ("Le lieu et les halls", "fair.change_place", _place),
    ("Un second organisateur", "accounts.accounts", _colleague),
    ("Les contacts", "fair.change_identity", _contacts),
    ("Les mentions légales", "fair.change_legal", _legal),
    ("Le plan : les stands des exposants", "fair.floors", _plan),
    ("Exposants : dates, règlement, émetteur", "exhibitors.terms", _terms),
    ("Exposants : prix et options", "billing.prices", _prices),
    ("Ouvrir le salon au public", "fair.editions", _opening),
    ("Venir au salon", "fair.change_arrival", _arrival),
    ("Inviter : la campagne", "mailings.campaign", _campaign),
    ("Village : organismes et thèmes", "fair.village_settings", _village),
    ("Programme et salles", "fair.programme_settings", _programme),
    ("Village : les agents", "staffing.agents", _agents),
    ("Village : les besoins des stands", "staffing.needs", _needs),
    ("Village : le planning publié", "staffing.publication", _rota),
    ("Rendez-vous : des heures à réserver", "appointments.settings", _hours),
    ("Entrées : les stations", "entrance.stations", _stations),
)
CLOSING: Sequence[Check] = (
    ("Les passages à vérifier", "entrance.conflicts", _conflicts),
    ("Les factures", "billing.ageing", _dues),
    ("Les données ouvertes", "open_data.releases", _release),
    ("L’édition suivante", "fair.editions", _following),
)
CHECKS = {
    Season.PREPARING: ("Préparer le salon", PREPARATION),
    Season.WEEKS_BEFORE: ("Préparer le salon", PREPARATION),
    Season.AFTER: ("Après le salon", CLOSING),
}


def season_in(edition: Edition, at: datetime) -> Season:
    """Return the season of an edition at a time."""
    is_over = edition.is_cancelled or edition.is_over(at)
    is_coming = edition.state != EditionState.DRAFT and edition.is_as_planned
    return season_of(edition.starts_at, is_over, is_coming, at)


def checklist_of(
    edition: Edition, season: Season, may_open: Callable[[str], bool]
) -> Checklist | None:
    """Return the points of a season that a person may open; None on the day, or when there are
    none."""
    title, checks = CHECKS.get(season, ("", ()))
    points = [
        CheckPoint(name, endpoint, lacking(edition))
        for name, endpoint, lacking in checks
        if may_open(endpoint)
    ]
    return Checklist(title, points) if points else None
