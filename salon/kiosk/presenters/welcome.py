"""Present the badge and the day of the person at the kiosk."""

from salon.badges.models import Attendee, Badge, Category
from salon.badges.models.labels import printed_function, salutation
from salon.badges.queries import (
    colours_of,
    edition_of,
    settings_of,
    short_code,
    stand_number_of,
    stand_words,
)
from salon.badges.queries.visit_days import visit_labels
from salon.entrance.models import Verdict
from salon.entrance.services.scan_items import ScanResult
from salon.fair.models import ProgrammeItem
from salon.platform.database.engagements import Engagement
from salon.platform.settings.clock import local
from salon.platform.words import formats

WELCOMED = ("accepted", "already_inside", "re_entry", "exit", "not_allowed_here")
"""The verdicts on a valid badge of this fair: its holder may use the kiosk."""

VERDICT_SENTENCES = {
    "accepted": "Votre entrée est enregistrée.",
    "already_inside": "Votre entrée est déjà enregistrée.",
    "re_entry": "Bon retour au salon.",
    "exit": "Votre sortie est enregistrée.",
    "revoked": "Ce badge est annulé ou remplacé. Adressez-vous à l’accueil.",
    "wrong_edition": "Ce badge est celui d’une autre édition du salon. Adressez-vous à l’accueil.",
    "not_allowed_here": "On n’entre pas ici avec ce badge. Adressez-vous à l’accueil.",
    "invalid": "Ce code n’est pas celui d’un badge du salon. Adressez-vous à l’accueil.",
}

REPLACED_SENTENCE = "Votre badge est maintenant le {}. Présentez-le, ou adressez-vous à l’accueil."
"""To the holder of a badge that another of theirs replaced, by its printed number."""

VERDICT_WORDS = {
    verdict: (Verdict(verdict).label, sentence)
    for verdict, sentence in {
        **VERDICT_SENTENCES,
        "accepted": "Votre entrée est notée.",
        "already_inside": "Votre entrée est déjà notée.",
    }.items()
} | {
    "to_confirm": (
        "À confirmer",
        "Sans réseau, la borne ne connaît pas encore ce badge. Adressez-vous à l’accueil.",
    ),
    "replaced": ("Badge remplacé", REPLACED_SENTENCE),
}
"""Word and sentence of each verdict, for a kiosk that judges without network; `replaced`: of a
revoked badge whose holder has another one."""


def verdict_sentence(result: ScanResult) -> str:
    """Return the verdict, addressed to the holder."""
    presence = result.presence
    if result.verdict == "already_inside" and presence is not None and presence.first_entry_at:
        entry_text = f"à {formats.hour(presence.first_entry_at)}, porte {presence.first_door}"
        if local(presence.first_entry_at).date() != local(result.happened_at).date():
            entry_text = f"le {local(presence.first_entry_at):%d/%m} {entry_text}"
        return f"Votre entrée est déjà enregistrée, {entry_text}."
    if result.verdict == "revoked" and result.holder and result.holder.successor:
        return REPLACED_SENTENCE.format(short_code(result.holder.successor))
    return VERDICT_SENTENCES[result.verdict]


def greeting(holder: Attendee) -> str:
    """Return « Bonjour Madame la Maire »; without civility, by name."""
    title = salutation(holder.civility, holder.function)
    return f"Bonjour {holder.full_name}" if title == "Bonjour" else f"Bonjour {title}"


def holder_shown(badge: Badge) -> dict[str, object]:
    """Return the fields of a badge that the kiosk shows to the holder, and prints."""
    holder = badge.attendee
    category = Category(holder.category)
    return {
        "greeting": greeting(holder),
        "first_name": holder.first_name,
        "last_name": holder.last_name,
        "function": printed_function(holder.function, holder.function_other, holder.civility),
        "on_behalf_of": holder.on_behalf_of,
        "stand": stand_words(stand_number_of(holder.id)),
        "day": visit_labels(edition_of(holder), holder.visit_days)[0],
        "category": category.word(holder.civility),
        "colour": colours_of(badge.edition_id)[category],
        "version": holder.version,
        "correctable": holder.agent_id is None,
    }


def face_shown(badge: Badge, payload: str) -> dict[str, object]:
    """Return the fields that a print station prints."""
    facts = holder_shown(badge)
    names = (
        "first_name",
        "last_name",
        "function",
        "on_behalf_of",
        "stand",
        "day",
        "category",
        "colour",
    )
    return {
        **{name: facts[name] for name in names},
        "payload": payload,
        "short_code": short_code(badge.code),
        "lines": settings_of(badge.edition_id).lines,
    }


def appointment_shown(appointment: Engagement) -> dict[str, str]:
    """Return an appointment for the kiosk's page of the day."""
    return {
        "hour": formats.hour(appointment.starts_at) if appointment.is_firm else "",
        "title": appointment.theme or appointment.title,
        "more": f"Avec {appointment.party}. {appointment.place}"
        if appointment.is_firm
        else "Une autre heure est à choisir\u00a0: adressez-vous à l’accueil.",
    }


def talk_shown(talk: ProgrammeItem) -> dict[str, str]:
    return {"hour": formats.hour(talk.starts_at), "title": talk.title, "more": talk.room.name}
