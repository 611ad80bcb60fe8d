"""What pages and files say of who registered a person, and of the days on which they came."""

from collections.abc import Iterable, Sequence
from datetime import date

from salon.badges.models import Attendee
from salon.platform.database.day_presences import DayPresence
from salon.platform.words import formats

ONLINE = "public"
"""Who registered a person, as stored, when nobody was signed in."""


def registration_words(person: Attendee) -> str:
    """Return « 01/10/2021 à 8 h 45, en ligne, dossier de 3 personnes (mairie@mons.example) »."""
    group = person.group
    author = "en ligne" if person.registered_by == ONLINE else f"par {person.registered_by}"
    words = [formats.short_moment(person.registered_at), author]
    if len(group.attendees) > 1:
        words.append(f"dossier de {len(group.attendees)} personnes ({group.contact_email})")
    elif group.contact_email.casefold() != person.email.casefold():
        words.append(f"contact {group.contact_email}")
    return ", ".join(words)


def presence_words(presence: DayPresence) -> str:
    """Return « Entrée à 8 h 46 par la porte A, sortie à 17 h 02 »."""
    parts = []
    if presence.entered_at:
        parts.append(f"entrée à {formats.hour(presence.entered_at)} par la porte {presence.door}")
    if presence.seen_at:
        parts.append(f"{presence.place} à {formats.hour(presence.seen_at)}")
    if presence.left_at:
        parts.append(f"sortie à {formats.hour(presence.left_at)}")
    words = ", ".join(parts)
    return words[:1].upper() + words[1:]


def presence_rows(presences: Sequence[DayPresence], days: Iterable[date]) -> list[tuple[str, str]]:
    """Return (day, words) of each day on which a person came, and of these days of the fair."""
    words = {
        **dict.fromkeys(days, "Aucun passage lu"),
        **{presence.day_on: presence_words(presence) for presence in presences},
    }
    return [(formats.day(day).capitalize(), words[day]) for day in sorted(words)]


def last_presence(presences: Sequence[DayPresence], days: int) -> str:
    """Return « Entrée à 8 h 46 » of the last day on which a person came, with the day when the fair
    has several; "" when they never came."""
    if not presences:
        return ""
    last = presences[-1]
    at = last.entered_at or last.seen_at or last.left_at
    if at is None:
        return ""
    word = "Entrée" if last.entered_at else "Vu" if last.seen_at else "Sortie"
    day = f" le {last.day_on:%d/%m}" if days > 1 else ""
    return f"{word}{day} à {formats.hour(at)}"
