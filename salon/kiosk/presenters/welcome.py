"""What a kiosk says to the person who presents a badge, and shows of them: to them alone."""

from typing import Any

from salon.badges.models import Attendee, Badge, Category
from salon.badges.models.labels import printed_function, salutation
from salon.badges.queries import short_code
from salon.entrance.services.scans import ScanResult
from salon.fair.models import ProgrammeItem
from salon.platform import formats
from salon.platform.clock import local
from salon.platform.engagements import Engagement

WELCOMED = ("accepted", "already_inside", "re_entry", "exit", "not_allowed_here")
"""The verdicts on a valid badge of this fair: its holder may use the kiosk."""

SAID = {
    "accepted": "Votre entrée est enregistrée.",
    "already_inside": "Votre entrée est déjà enregistrée.",
    "re_entry": "Bon retour au salon.",
    "exit": "Votre sortie est enregistrée.",
    "revoked": "Ce badge est annulé ou remplacé. Adressez-vous à l’accueil.",
    "wrong_edition": "Ce badge est celui d’une autre édition du salon. Adressez-vous à l’accueil.",
    "not_allowed_here": "On n’entre pas ici avec ce badge. Adressez-vous à l’accueil.",
    "invalid": "Ce code n’est pas celui d’un badge du salon. Adressez-vous à l’accueil.",
}


def verdict_said(result: ScanResult) -> str:
    """The verdict, said to the holder: « Votre entrée est déjà enregistrée, à 9 h 12, porte A. »"""
    known = result.presence
    if result.verdict == "already_inside" and known is not None and known.first_entry_at:
        when = f"à {formats.hour(known.first_entry_at)}, porte {known.first_door}"
        if local(known.first_entry_at).date() != local(result.happened_at).date():
            when = f"le {local(known.first_entry_at):%d/%m} {when}"
        return f"Votre entrée est déjà enregistrée, {when}."
    return SAID[result.verdict]


def greeting(holder: Attendee) -> str:
    """« Bonjour Madame la Maire »; without civility, by name."""
    title = salutation(holder.civility, holder.function)
    return f"Bonjour {holder.full_name}" if title == "Bonjour" else f"Bonjour {title}"


def holder_shown(badge: Badge) -> dict[str, Any]:
    """What the kiosk shows to the holder, and prints."""
    holder = badge.attendee
    category = Category(holder.category)
    return {
        "greeting": greeting(holder),
        "first_name": holder.first_name,
        "last_name": holder.last_name,
        "function": printed_function(holder.function, holder.function_other, holder.civility),
        "on_behalf_of": holder.on_behalf_of,
        "category": category.label,
        "colour": category.colour,
        "version": holder.version,
        "correctable": holder.agent_id is None,
    }


def face_shown(badge: Badge, payload: str) -> dict[str, Any]:
    """What a print station prints."""
    shown = holder_shown(badge)
    names = ("first_name", "last_name", "function", "on_behalf_of", "category", "colour")
    return {
        **{name: shown[name] for name in names},
        "payload": payload,
        "short_code": short_code(badge.code),
    }


def appointment_shown(one: Engagement) -> dict[str, str]:
    """An appointment on the kiosk's page of the day."""
    return {
        "hour": formats.hour(one.starts_at) if one.is_firm else "",
        "title": one.theme or one.title,
        "more": f"Avec {one.whom}. {one.place}"
        if one.is_firm
        else "Une autre heure est à choisir\u00a0: adressez-vous à l’accueil.",
    }


def talk_shown(one: ProgrammeItem) -> dict[str, str]:
    return {"hour": formats.hour(one.starts_at), "title": one.title, "more": one.room}
