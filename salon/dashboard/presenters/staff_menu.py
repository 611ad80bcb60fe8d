"""The menu of the staff: its entries by subject. Pages show those that the person may open."""

from collections.abc import Sequence
from dataclasses import dataclass

from salon.platform.database.identity import Role


@dataclass(frozen=True)
class Entry:
    endpoint: str
    label: str
    icon: str


@dataclass(frozen=True)
class EntryGroup:
    title: str
    entries: Sequence[Entry]


def _group(title: str, *entries: tuple[str, str, str]) -> EntryGroup:
    return EntryGroup(title, [Entry(*entry) for entry in entries])


ORGANISER_MENU: Sequence[EntryGroup] = (
    _group(
        "",
        ("dashboard.overview", "Vue d’ensemble", "house-door"),
        ("dashboard.settings", "Réglages", "gear"),
    ),
    _group(
        "Le jour du salon",
        ("entrance.live", "Jour J en direct", "broadcast"),
        ("badges.desk", "Accueil sur place", "person-plus"),
        ("entrance.conflicts", "À vérifier", "inbox"),
        ("entrance.stations", "Stations", "qr-code-scan"),
        ("entrance.zones", "Zones et portes", "door-open"),
        ("paper.packs", "Dossier papier", "file-earmark-text"),
    ),
    _group(
        "Village",
        ("staffing.grid", "Planning du village", "table"),
        ("staffing.agents", "Agents", "person-lines-fill"),
        ("staffing.needs", "Besoins des stands", "sliders"),
        ("village_day.day", "Jour J du village", "people"),
        ("village_day.stand_ins", "Remplacements", "arrow-left-right"),
        ("appointments.board", "Rendez-vous", "calendar2-week"),
        ("staffing.runs", "Proposer un planning", "magic"),
        ("staffing.publication", "Publication", "send"),
        ("staffing.papers", "Papiers", "printer"),
    ),
    _group(
        "Visiteurs",
        ("badges.attendees", "Inscrits", "people"),
        ("duplicates.duplicates", "Doublons", "person-check"),
        ("badges.print_runs", "Impression des badges", "printer"),
        ("invitations.invitations", "Inviter de nouveau", "envelope-paper"),
    ),
    _group(
        "Exposants",
        ("exhibitors.review", "Exposants", "shop"),
        ("placement.placement", "Placement", "geo-alt"),
        ("fair.floors", "Plan des halls", "map"),
        ("exhibitor_space.documents", "Documents", "file-earmark-check"),
        ("safety.safety", "Sécurité", "shield-check"),
        ("billing.money", "Facturation", "receipt"),
    ),
    _group(
        "Suivi",
        ("dashboard.messages", "Messages", "envelope"),
        ("accounts.accounts", "Comptes", "person-gear"),
        ("dashboard.journal", "Journal", "journal-text"),
        ("open_data.releases", "Données ouvertes", "database"),
        ("dashboard.destructions", "Données à détruire", "eraser"),
        ("accounts.change_password", "Mon mot de passe", "key"),
        ("accounts.recovery_codes", "Codes de secours", "life-preserver"),
    ),
)
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
        ("staffing.papers", "Papiers", "printer"),
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


def menu_of(role: Role | None, *, is_named: bool, is_coordinator: bool) -> Sequence[EntryGroup]:
    """Return the menu of a member of the staff, or of a welcome desk.

    `is_named`: an agent whom a body has named; `is_coordinator`: one who has the body's part too.
    """
    if role == Role.ORGANISER:
        return ORGANISER_MENU
    if role == Role.STATION:
        return STATION_MENU
    if not is_named:
        return UNNAMED_MENU
    return COORDINATOR_MENU if is_coordinator else AGENT_MENU
