"""What waits for an organiser, a line for each kind of thing: on the overview and in the digest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from salon.billing.engine.ledger import SaleStep
from salon.billing.models import SalesKind
from salon.billing.queries.batches import ready_for
from salon.billing.queries.ledger import Figure
from salon.dashboard.queries.exhibitor_figures import ExhibitorFigures, exhibitors_of
from salon.dashboard.queries.meeting_figures import MeetingFigures, meetings_of
from salon.dashboard.queries.overview import Waiting
from salon.dashboard.queries.village_figures import VillageFigures, village_of
from salon.fair.models import Edition
from salon.platform.settings.clock import local
from salon.platform.words.formats import euros, plural


@dataclass(frozen=True)
class Line:
    """A number of things that wait, in words, what to do about them, and the page that has them."""

    key: str
    count: int
    words: str
    advice: str
    endpoint: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class WorkFigures:
    """Figures of an edition at one time, which the lines are made of."""

    edition: Edition
    is_over: bool
    to_credit: Figure
    exhibitors: ExhibitorFigures
    village: VillageFigures
    meetings: MeetingFigures


def work_figures(edition: Edition, now: datetime) -> WorkFigures:
    return WorkFigures(
        edition,
        edition.is_over(now),
        ready_for(edition, SalesKind.CREDIT_NOTE, local(now).date()),
        exhibitors_of(edition, now),
        village_of(edition, now),
        meetings_of(edition, now),
    )


LINES: Mapping[str, tuple[tuple[str, str], str, str, Mapping[str, str]]] = {
    "to_credit": (
        ("avoir à établir", "avoirs à établir"),
        "Le salon est annulé : rien ne part sans vous.",
        "billing.issue_together",
        {"kind": "avoirs"},
    ),
    "study": (
        ("candidature à étudier", "candidatures à étudier"),
        "Acceptez, demandez un complément ou refusez.",
        "exhibitors.review",
        {"waits": "study"},
    ),
    "returned": (
        ("candidature complétée", "candidatures complétées"),
        "Revenues avec ce que vous aviez demandé.",
        "exhibitors.review",
        {"waits": "returned"},
    ),
    "ending": (
        ("place proposée bientôt échue", "places proposées bientôt échues"),
        "Sans réponse, la place se libère seule.",
        "exhibitors.review",
        {"waits": "ending"},
    ),
    "documents": (
        ("document à vérifier", "documents à vérifier"),
        "Contrats et attestations envoyés par les exposants.",
        "exhibitor_space.documents",
        {"status": "waiting"},
    ),
    "no_stand": (
        ("exposant sans stand", "exposants sans stand"),
        "Placez-les à la main ou demandez une proposition de plan.",
        "placement.placement",
        {},
    ),
    "late_forms": (
        ("fiche de sécurité en retard", "fiches de sécurité en retard"),
        "Relancez en un clic, avant le passage du chargé de sécurité.",
        "exhibitor_space.late",
        {"task": "safety"},
    ),
    "to_invoice": (
        ("commande à facturer", "commandes à facturer"),
        "Le bon de commande est là, la facture manque.",
        "billing.money",
        {"step": "to_invoice"},
    ),
    "late": (
        ("facture échue", "factures échues"),
        "{amount} à réclamer.",
        "billing.ageing",
        {},
    ),
    "to_fill": (
        ("vacation à pourvoir", "vacations à pourvoir"),
        "Un agent est absent, ou ne peut pas venir.",
        "village_day.stand_ins",
        {},
    ),
    "untended": (
        ("rendez-vous sans agent", "rendez-vous sans agent"),
        "Un plan de sauvetage attend d’être confirmé.",
        "appointments.rescue",
        {},
    ),
    "to_choose": (
        ("visiteur doit choisir une autre heure", "visiteurs doivent choisir une autre heure"),
        "Un appel va plus vite qu’un courriel.",
        "appointments.rescue",
        {"_anchor": "a-repondre"},
    ),
    "waiting": (
        ("visiteur en attente d’une heure", "visiteurs en attente d’une heure"),
        "Les propositions partent seules ; un agent de plus les débloque.",
        "appointments.waiting_lists",
        {},
    ),
    "to_complete": (
        ("compte rendu à compléter", "comptes rendus à compléter"),
        "Des rendez-vous passés n’ont pas leur issue.",
        "appointments.evening",
        {},
    ),
    "to_send": (
        ("visiteur attend ce qui a été convenu", "visiteurs attendent ce qui a été convenu"),
        "Les suites promises partent en un courriel chacune.",
        "appointments.evening",
        {},
    ),
    "uncovered": (
        ("demi-heure de stand sans assez d’agents", "demi-heures de stand sans assez d’agents"),
        "Posez une vacation, ou demandez un planning.",
        "staffing.grid",
        {},
    ),
    "untold": (
        ("agent à prévenir", "agents à prévenir"),
        "Le brouillon diffère de ce qui leur a été envoyé.",
        "staffing.publication",
        {},
    ),
    "refused_mails": (
        ("courriel refusé", "courriels refusés"),
        "Vérifiez l’adresse, puis renvoyez.",
        "dashboard.messages",
        {"status": "refused"},
    ),
    "late_mails": (
        ("courriel en retard", "courriels en retard"),
        "En file depuis plus de dix minutes : vérifiez que l’envoi fonctionne.",
        "dashboard.messages",
        {"status": "waiting"},
    ),
    "unprinted_badges": (
        ("badge à imprimer", "badges à imprimer"),
        "Jamais imprimés à ce jour.",
        "badges.print_runs",
        {},
    ),
    "unenrolled_stations": (
        ("station à enrôler", "stations à enrôler"),
        "Ouvrez son QR code et lisez-le avec l’appareil.",
        "entrance.stations",
        {},
    ),
    "accounts_to_activate": (
        ("compte à activer", "comptes à activer"),
        "Leur lien d’invitation vaut 48 heures ; renvoyez-le au besoin.",
        "accounts.accounts",
        {},
    ),
}
"""By key, in their order: words for one and for several, advice, endpoint, arguments."""


def lines_of(figures: WorkFigures, waiting: Waiting, may_open: Callable[[str], bool]) -> list[Line]:
    """Return what waits in an edition and its messages, of what a person may open."""
    counts = _counts(figures, waiting)
    amount = euros(figures.exhibitors.money[SaleStep.LATE].amount)
    return [
        Line(key, count, plural(count, *words), advice.format(amount=amount), endpoint, values)
        for key, (words, advice, endpoint, values) in LINES.items()
        if (count := counts.get(key, 0)) and may_open(endpoint)
    ]


def _counts(figures: WorkFigures, waiting: Waiting) -> dict[str, int]:
    """Return the number of each kind; a fair that is over or cancelled waits for less."""
    exhibitors, village, meetings = figures.exhibitors, figures.village, figures.meetings
    counts = {
        "to_credit": figures.to_credit.count,
        "refused_mails": waiting.refused_mails,
        "late_mails": waiting.late_mails,
        "accounts_to_activate": waiting.accounts_to_activate,
    }
    if figures.edition.is_cancelled:
        return counts
    counts |= {
        **{wait.value: count for wait, count in exhibitors.waits.items()},
        "to_invoice": exhibitors.money[SaleStep.TO_INVOICE].count,
        "late": exhibitors.money[SaleStep.LATE].count,
        **{name: getattr(village, name) for name in ("to_fill", "uncovered", "untold")},
    }
    for name in ("untended", "to_choose", "waiting", "to_complete", "to_send"):
        counts[name] = getattr(meetings, name)
    if figures.is_over:
        return counts | {"no_stand": 0}
    return counts | {
        "late_forms": exhibitors.late_forms,
        "unprinted_badges": waiting.unprinted_badges,
        "unenrolled_stations": waiting.unenrolled_stations,
    }
