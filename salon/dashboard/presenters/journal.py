"""The details of a journal entry in French: the name of each field and its value."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from salon.appointments.models import AppointmentStatus
from salon.appointments.models.queue import TicketStatus
from salon.appointments.presenters.labels import GESTURES
from salon.badges.models import Category
from salon.badges.models.badge_layouts import Layout
from salon.billing.models import PaymentMethod
from salon.dashboard.presenters.fields import COLUMNS, VALUES
from salon.entrance.models.conflicts import Settlement
from salon.exhibitors.models import ApplicationStatus, DocumentKind, Task, VatAnswer
from salon.paper.models import Reason as PackReason
from salon.platform.database.consequences import Standing
from salon.platform.database.identity import Role
from salon.platform.database.journal import JournalEntry
from salon.platform.words import formats
from salon.platform.words.labels import LabelledEnum
from salon.staffing.models import ShiftOrigin

ENUMERATIONS: Mapping[str, Sequence[type[LabelledEnum]]] = {
    "after": (Standing,),
    "answer": (VatAnswer,),
    "appointment": (AppointmentStatus,),
    "became": (TicketStatus,),
    "before": (Standing,),
    "category": (Category,),
    "former": (Category,),
    "kind": (DocumentKind,),
    "layout": (Layout,),
    "method": (PaymentMethod,),
    "origin": (ShiftOrigin,),
    "reason": (PackReason,),
    "role": (Role,),
    "settlement": (Settlement,),
    "standing": (Standing,),
    "state": (ApplicationStatus,),
    "status": (TicketStatus, AppointmentStatus),
    "tasks": (Task,),
}
"""The enumerations whose codes a field holds."""

WORDS: Mapping[tuple[str, str], str] = {
    **VALUES,
    **{
        ("reason", reason): words
        for (name, reason), words in VALUES.items()
        if name == "revoked_reason"
    },
    **{("gesture", gesture): words for gesture, words in GESTURES.items()},
    ("effort", "full"): "la meilleure",
    ("effort", "quick"): "rapide",
    ("fields", "all"): "tous",
    ("fields", "kind"): "Organisme",
    ("how", "badge"): "par le badge",
    ("how", "counter"): "au stand",
    ("how", "kept"): "même heure, un collègue",
    ("how", "own"): "par l’agent",
    ("how", "proposed"): "une autre heure",
    ("how", "tap"): "par la coordination",
    ("mark", "absent_at"): "absence",
    ("mark", "arrived_at"): "arrivée",
    ("presence", "absent"): "pas venus",
    ("presence", "came"): "venus",
    ("presence", "inside"): "à l’intérieur",
    ("purpose", "newsletter"): "lettre d’information",
    ("purpose", "photo"): "photographies",
    ("step", "code"): "code reçu par courriel",
    ("step", "provider_abandoned"): "service d’identité, connexion interrompue",
    ("step", "provider_answer"): "service d’identité, réponse qui ne convient pas",
    ("step", "provider_level"): "service d’identité, un seul facteur",
    ("step", "provider_not_ready"): "service d’identité, compte à activer",
    ("step", "provider_organiser"): "service d’identité, fermé à l’organisation",
    ("step", "provider_other"): "service d’identité, compte lié à une autre identité",
    ("step", "provider_unknown"): "service d’identité, adresse inconnue",
    ("step", "provider_unverified"): "service d’identité, adresse non vérifiée",
    ("step", "recovery"): "code de secours",
    ("step", "totp"): "code de l’application",
}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
INTERNAL = ("undo",)
"""Details of entries of 1.0.0 that served to undo an act, hidden from the reader."""


def detail_lines(entry: JournalEntry) -> list[tuple[str, str]]:
    """Return (field, value) of each detail of an entry that says something, in French."""
    return [
        (COLUMNS.get(name, name), value_words(name, value))
        for name, value in entry.details.items()
        if name not in INTERNAL and value not in (None, "", [], {})
    ]


def value_words(name: str, value: object) -> str:
    """Return a value as read on a page: « oui », a label, a time of the fair."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(value_words(name, part) for part in value)
    if isinstance(value, dict):
        parts = ((COLUMNS.get(key, key), value_words(key, part)) for key, part in value.items())
        return ", ".join(f"{label} {words}" for label, words in parts if words)
    text = "" if value is None else str(value)
    for enumeration in ENUMERATIONS.get(name, ()):
        if text in enumeration.choices():
            return enumeration.choices()[text]
    if name == "presence" and ":" in text:
        state, _, moment = text.partition(":")
        return f"{value_words(name, state)}, {formats.short_day(datetime.fromisoformat(moment))}"
    if INSTANT.match(text):
        return formats.short_moment(datetime.fromisoformat(text))
    words = WORDS.get((name, text), text)
    return COLUMNS.get(words, words) if name == "fields" else words
