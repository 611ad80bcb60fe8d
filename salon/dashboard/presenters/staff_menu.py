"""The menu of the staff: its entries by subject. Pages show those that the person may open."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from salon.dashboard.engine.seasons import Season
from salon.platform.database.identity import Role


@dataclass(frozen=True)
class Entry:
    endpoint: str
    label: str
    icon: str


@dataclass(frozen=True)
class EntryGroup:
    """Entries under a title; those of a group that is not open are one click away."""

    title: str
    entries: Sequence[Entry]
    is_open: bool = True


def _group(title: str, *entries: tuple[str, str, str]) -> EntryGroup:
    return EntryGroup(title, [Entry(*entry) for entry in entries])


FIRST = _group(
    "",
    ("dashboard.overview", "Vue d’ensemble", "house-door"),
    ("dashboard.settings", "Réglages", "gear"),
    ("accounts.accounts", "Comptes", "person-gear"),
)
DAY = _group(
    "Le jour du salon",
    ("entrance.live", "Jour J en direct", "broadcast"),
    ("badges.desk", "Accueil sur place", "person-plus"),
    ("entrance.conflicts", "À vérifier", "inbox"),
    ("village_day.day", "Jour J du village", "people"),
    ("village_day.stand_ins", "Remplacements", "arrow-left-right"),
    ("entrance.stations", "Stations", "qr-code-scan"),
    ("entrance.zones", "Zones et portes", "door-open"),
    ("paper.packs", "Dossier papier", "file-earmark-text"),
)
VILLAGE = _group(
    "Village",
    ("staffing.grid", "Planning du village", "table"),
    ("staffing.agents", "Agents", "person-lines-fill"),
    ("staffing.needs", "Besoins des stands", "sliders"),
    ("staffing.publication", "Publication", "send"),
    ("appointments.board", "Rendez-vous", "calendar2-week"),
)
VISITORS = _group(
    "Visiteurs",
    ("badges.attendees", "Inscrits", "people"),
    ("invitations.communes", "Communes et EPCI", "building"),
    ("mailings.mailings", "Écrire", "pencil-square"),
    ("badges.print_runs", "Impression des badges", "printer"),
)
EXHIBITORS = _group(
    "Exposants",
    ("exhibitors.review", "Exposants", "shop"),
    ("placement.placement", "Placement", "geo-alt"),
    ("fair.floors", "Plan des halls", "map"),
    ("exhibitor_space.documents", "Documents", "file-earmark-check"),
    ("safety.safety", "Sécurité", "shield-check"),
    ("billing.money", "Facturation", "receipt"),
)
AFTER = _group(
    "Après le salon",
    ("invitations.invitations", "Inviter de nouveau", "envelope-paper"),
    ("open_data.releases", "Données ouvertes", "database"),
    ("fair.editions", "Éditions", "calendar3"),
    ("dashboard.destructions", "Données à détruire", "eraser"),
)
FOLLOW_UP = _group(
    "Suivi",
    ("dashboard.messages", "Messages", "envelope"),
    ("duplicates.duplicates", "Doublons", "person-check"),
    ("dashboard.journal", "Journal", "journal-text"),
    ("accounts.choose_digest", "Mon récapitulatif", "newspaper"),
    ("accounts.change_password", "Mon mot de passe", "key"),
    ("accounts.recovery_codes", "Codes de secours", "life-preserver"),
)
ORDER: Mapping[Season, tuple[Sequence[EntryGroup], Sequence[EntryGroup]]] = {
    Season.PREPARING: ((EXHIBITORS, VILLAGE), (VISITORS, DAY, AFTER, FOLLOW_UP)),
    Season.WEEKS_BEFORE: ((VISITORS, VILLAGE, EXHIBITORS), (DAY, AFTER, FOLLOW_UP)),
    Season.DAY: ((DAY, VISITORS), (VILLAGE, EXHIBITORS, AFTER, FOLLOW_UP)),
    Season.AFTER: ((AFTER, EXHIBITORS), (VISITORS, VILLAGE, DAY, FOLLOW_UP)),
}
"""Of each season: the groups that are open, then those that are not."""
BELOW: Sequence[EntryGroup] = (
    _group(
        "Planning du village",
        ("staffing.runs", "Proposer un planning", "magic"),
        ("staffing.papers", "Papiers", "printer"),
    ),
    _group(
        "Agents",
        ("staffing.import_agents", "Importer une liste d’agents", "upload"),
    ),
    _group(
        "Exposants",
        ("exhibitor_space.late", "Relancer les exposants en retard", "alarm"),
        ("invitations.invite_from_file", "Inviter des exposants d’un fichier", "envelope-paper"),
    ),
    _group(
        "Communes et EPCI",
        ("invitations.import_communes", "Importer une liste de communes", "upload"),
        ("invitations.communes_calls", "Liste d’appels", "telephone"),
        ("invitations.guests", "Autres invités", "envelope-heart"),
        ("invitations.import_guests", "Importer une liste d’autres invités", "upload"),
    ),
    _group(
        "Facturation",
        ("billing.ageing", "Factures échues", "receipt"),
    ),
    _group(
        "Messages",
        ("dashboard.oppositions", "À qui ne plus écrire", "envelope-slash"),
    ),
)
"""Pages that other pages lead to: the search finds them."""
FEW = 12
"""A person who opens no more pages sees them all at once."""
AGENT_MENU: Sequence[EntryGroup] = (
    _group(
        "",
        ("village_day.my_rota", "Mon planning", "calendar-check"),
        ("appointments.agenda", "Mes rendez-vous", "calendar2-week"),
        ("appointments.queues", "File du stand", "people"),
    ),
)
UNNAMED_MENU = (EntryGroup("", AGENT_MENU[0].entries[:1]),)
"""Of an account that no body has named among its agents yet."""
COORDINATOR_MENU: Sequence[EntryGroup] = (
    *AGENT_MENU,
    _group(
        "Mon organisme",
        ("staffing.grid", "Planning du village", "table"),
        ("staffing.agents", "Agents", "person-lines-fill"),
        ("staffing.needs", "Besoins de mon stand", "sliders"),
        ("village_day.day", "Jour J du village", "people"),
        ("staffing.publication", "Publication", "send"),
        ("village_day.stand_ins", "Remplacements", "arrow-left-right"),
        ("appointments.board", "Rendez-vous", "calendar2-week"),
    ),
)
STATION_MENU: Sequence[EntryGroup] = (
    _group(
        "",
        ("entrance.scanner", "Contrôle des entrées", "qr-code-scan"),
        ("badges.desk", "Accueil sur place", "person-plus"),
        ("entrance.conflicts", "À vérifier", "inbox"),
        ("entrance.arrivals", "Pointer les agents", "person-check"),
        ("paper.type_codes", "Ressaisir le papier", "123"),
        ("entrance.live", "Jour J en direct", "broadcast"),
    ),
)


def organiser_menu(season: Season, may_open: Callable[[str], bool]) -> list[EntryGroup]:
    """Return the groups of a season, with the entries that a person may open."""
    first, then = ORDER[season]
    groups = [
        replace(group, entries=entries)
        for group in (FIRST, *first, *then)
        if (entries := [entry for entry in group.entries if may_open(entry.endpoint)])
    ]
    open_titles = {group.title for group in (FIRST, *first)}
    is_short = sum(len(group.entries) for group in groups) <= FEW
    return [replace(group, is_open=is_short or group.title in open_titles) for group in groups]


def menu_of(role: Role | None, *, is_named: bool, is_coordinator: bool) -> Sequence[EntryGroup]:
    """Return the menu of an agent, or of a welcome desk.

    `is_named`: an agent whom a body has named; `is_coordinator`: one who has the body's part too.
    """
    if role == Role.STATION:
        return STATION_MENU
    if not is_named:
        return UNNAMED_MENU
    return COORDINATOR_MENU if is_coordinator else AGENT_MENU
