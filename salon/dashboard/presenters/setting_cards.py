"""The cards of « Réglages »: the pages of settings in groups, each with its present value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from salon.accounts.queries import read_tokens_of
from salon.appointments.queries import settings as appointments
from salon.badges import queries as badges
from salon.badges.models.badge_layouts import Layout
from salon.badges.queries.accepted_texts import texts_in_force
from salon.badges.queries.registration_settings import places_of
from salon.billing.queries.sales import prices_of
from salon.entrance.queries import places
from salon.entrance.queries import stations as entrance
from salon.exhibitors.engine.seller import gaps_of_seller
from salon.exhibitors.engine.vat import supplies_to_check
from salon.exhibitors.queries.exhibitors import find_terms
from salon.fair import queries as fair
from salon.fair.models import Edition
from salon.fair.services.settings import count_rewritten_texts, ways_described
from salon.platform.settings.clock import real_now
from salon.platform.words.formats import plural, short_moment
from salon.platform.words.typography import sentence


@dataclass(frozen=True)
class SettingCard:
    """A page of settings; `value` is the current value, in a line."""

    endpoint: str
    title: str
    icon: str
    value: str


@dataclass(frozen=True)
class SettingGroup:
    title: str
    cards: Sequence[SettingCard]


Value = Callable[[Edition], str]


def _identity(edition: Edition) -> str:
    return f"{edition.short_name}, par {edition.organiser}"


def _days(edition: Edition) -> str:
    return f"{edition.day_label}, {edition.hours_label}"


def _standing(edition: Edition) -> str:
    return f"salon {edition.standing.label.lower()}"


def _place(edition: Edition) -> str:
    on_map = "" if edition.latitude is None else ", repéré sur la carte"
    return f"{edition.place}, {edition.city}{on_map}"


def _territory(edition: Edition) -> str:
    if not edition.department:
        return "pas encore de département"
    communes = plural(sum(badges.loaded_departments().values()), "commune")
    return f"département {edition.department}, {communes}, {edition.village_name}"


def _arrival(edition: Edition) -> str:
    ways = [title.lower() for title in ways_described(edition)]
    return ", ".join([*ways, plural(len(edition.practical), "rubrique")])


def _texts(edition: Edition) -> str:
    changed_count, total = count_rewritten_texts(edition)
    if not changed_count:
        return "textes d’origine"
    return f"{plural(changed_count, 'texte réécrit', 'textes réécrits')} sur {total}"


def _state(edition: Edition) -> str:
    return f"{edition.starts_at.year} : {edition.state.label.lower()}"


def _registration(edition: Edition) -> str:
    return f"jusqu’au {short_moment(edition.registration_closes_at)}"


def _badges(edition: Edition) -> str:
    settings = badges.settings_of(edition.id)
    paper = Layout(settings.print_layout).label
    if not settings.colours:
        return f"{paper}, couleurs d’origine"
    return f"{paper}, {plural(len(settings.colours), 'couleur choisie', 'couleurs choisies')}"


def _categories(edition: Edition) -> str:
    online = places_of(edition)
    names = ", ".join(row.label for row in online.open_categories)
    has_limits = online.has_limits and online.places is None
    if online.places is not None:
        return f"{names} ; {plural(online.places, 'place')} en tout"
    return f"{names} ; {'places limitées' if has_limits else 'sans limite de places'}"


def _messages(edition: Edition) -> str:
    choices = fair.find_mail_choices(edition.id)
    sender = f"de {choices.sender_name}, " if choices.sender_name else ""
    if not choices.texts:
        return f"{sender}textes d’origine"
    return f"{sender}{plural(len(choices.texts), 'message réécrit', 'messages réécrits')}"


def _accepted(edition: Edition) -> str:
    texts = texts_in_force(edition.id).values()
    dated = [text for text in texts if text.written_at is not None]
    if not dated:
        return "textes d’origine"
    return f"{plural(len(dated), 'texte réécrit', 'textes réécrits')} sur {len(texts)}"


def _legal(edition: Edition) -> str:
    return f"éditeur : {edition.legal.get('publisher') or 'celui du serveur'}"


def _look(edition: Edition) -> str:
    colours = [colour for colour in (edition.main_colour, edition.accent_colour) if colour]
    words = ["un logo"] if edition.logo_name else []
    return ", ".join([*words, *colours]) or "couleurs et logo d’origine"


def _halls(edition: Edition) -> str:
    halls = fair.halls_of(edition)
    stands = sum(len(hall.stands) for hall in halls)
    return f"{plural(len(halls), 'hall')}, {plural(stands, 'stand')}"


def _doors(edition: Edition) -> str:
    zones = plural(len(places.zones_of(edition.id)), "zone")
    return f"{plural(len(fair.doors_of(edition)), 'porte')}, {zones}"


def _village(edition: Edition) -> str:
    bodies = plural(len(fair.bodies_of(edition)), "organisme")
    return f"{bodies}, {plural(len(fair.themes_of(edition)), 'thème')}"


def _programme(edition: Edition) -> str:
    items = plural(len(fair.all_programme_of(edition)), "moment")
    return f"{items}, {plural(len(fair.rooms_of(edition)), 'salle ou lieu', 'salles ou lieux')}"


def _appointments(edition: Edition) -> str:
    settings = appointments.settings_of(edition)
    limit = plural(settings.per_visitor, "rendez-vous", "rendez-vous")
    topics = plural(len(appointments.topics_of(edition)), "besoin")
    return f"au plus {limit} par personne ; {topics} en mots de maire"


def _terms(edition: Edition) -> str:
    terms = find_terms(edition)
    if terms is None:
        return "pas encore de dates"
    lacking = " ; émetteur ou TVA à compléter" if gaps_of_seller(terms.seller) else ""
    return f"candidatures jusqu’au {short_moment(terms.applications_close_at)}{lacking}"


def _tasks(edition: Edition) -> str:
    terms = find_terms(edition)
    if terms is None or not terms.live_tasks:
        return "celles du dossier"
    return f"celles du dossier et {plural(len(terms.live_tasks), 'ajoutée')}"


def _prices(edition: Edition) -> str:
    prices = prices_of(edition)
    doubtful = len(supplies_to_check(prices))
    to_check = f" ; {plural(doubtful, 'nature', 'natures')} à vérifier" if doubtful else ""
    return f"{plural(len(prices), 'prix', 'prix')}{to_check}"


def _entrance(edition: Edition) -> str:
    if entrance.settings_of(edition).lets_unknown_in:
        return "sans réseau, un badge inconnu entre"
    return "sans réseau, un badge inconnu n’entre pas"


def _reads(edition: Edition) -> str:
    tokens = [token for token in read_tokens_of(edition.id) if token.is_live(real_now())]
    return plural(len(tokens), "jeton en service", "jetons en service") if tokens else "aucun jeton"


def _limits(edition: Edition) -> str:
    return "la loi, et les règles de chaque organisme"


def _weights(edition: Edition) -> str:
    return "ce que le calcul du planning préfère"


GROUPS: Sequence[tuple[str, Sequence[tuple[str, str, str, Value]]]] = (
    (
        "Le salon",
        (
            ("fair.change_identity", "Nom, organisateur, contacts", "building", _identity),
            ("fair.change_days", "Jours et heures", "calendar-event", _days),
            ("fair.change_standing", "Reporter ou annuler", "calendar-x", _standing),
            ("fair.change_place", "Lieu", "geo-alt", _place),
            ("badges.territory", "Territoire et village", "map", _territory),
            ("fair.change_arrival", "Venir au salon", "signpost-2", _arrival),
            ("fair.change_look", "Apparence", "palette", _look),
            ("fair.change_texts", "Textes des pages publiques", "pencil", _texts),
            ("fair.editions", "Éditions", "calendar3", _state),
        ),
    ),
    (
        "Visiteurs",
        (
            ("fair.change_registration", "Inscriptions", "person-plus", _registration),
            ("badges.change_categories", "Catégories et places", "ticket-perforated", _categories),
            ("badges.change_accepted_texts", "Textes acceptés", "file-earmark-check", _accepted),
            ("badges.badge_settings", "Badges", "person-badge", _badges),
        ),
    ),
    (
        "Halls et portes",
        (
            ("fair.hall_settings", "Halls", "map", _halls),
            ("entrance.zones", "Zones et portes", "door-open", _doors),
            ("entrance.settings", "Entrées et bornes", "qr-code-scan", _entrance),
        ),
    ),
    (
        "Village et programme",
        (
            ("fair.village_settings", "Organismes et thèmes", "people", _village),
            ("staffing.limits", "Temps de travail", "clock", _limits),
            ("fair.programme_settings", "Programme et salles", "calendar2-week", _programme),
        ),
    ),
    (
        "Exposants",
        (
            ("exhibitors.terms", "Dates et règlement", "shop", _terms),
            ("exhibitor_space.task_settings", "Tâches", "check2-square", _tasks),
            ("billing.prices", "Prix et options", "receipt", _prices),
        ),
    ),
    (
        "Rendez-vous",
        (
            (
                "appointments.settings",
                "Durées, limites et besoins",
                "calendar2-check",
                _appointments,
            ),
        ),
    ),
    (
        "Messages",
        (("fair.mail_settings", "Courriels", "envelope", _messages),),
    ),
    (
        "Obligations",
        (("fair.change_legal", "Mentions légales", "shield-check", _legal),),
    ),
    (
        "Avancé",
        (
            ("reads.read_tokens", "Lectures par d’autres services", "plug", _reads),
            ("staffing.rota_settings", "Poids du planning", "sliders", _weights),
        ),
    ),
)


def setting_groups(edition: Edition) -> list[SettingGroup]:
    """Return the groups with the present values of the edition."""
    return [
        SettingGroup(
            title,
            [
                SettingCard(endpoint, name, icon, sentence(value(edition)))
                for endpoint, name, icon, value in cards
            ],
        )
        for title, cards in GROUPS
    ]
