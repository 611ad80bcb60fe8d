"""The file of a person (RGPD art. 15 and 20): all that is known of them, as JSON and as PDF."""

import io
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, inspect, or_, select

from salon.accounts.models import Account
from salon.badges.models import (
    Attendee,
    AttendeeStatus,
    Badge,
    Category,
    Consent,
    HalfDay,
    Printing,
)
from salon.badges.models.labels import Civility, Need, Purpose, printed_function
from salon.dashboard.documents.lead_file import leads_of
from salon.dashboard.documents.meeting_file import meetings_of
from salon.dashboard.presenters import COLUMNS, VALUES, action_label
from salon.dashboard.queries.persons import Person, accounts_of, addresses_alone, person_of
from salon.entrance.models import Presence, Scan
from salon.exhibitors.models import Contact, Document
from salon.platform import formats
from salon.platform.db import Model, current_session
from salon.platform.journal import JournalEntry
from salon.platform.mail.outbox import Message
from salon.staffing.models import Agent, AgentNeed, AgentPeriod, Language, Shift, ShiftStatus

Facts = dict[str, str]
Words = Callable[[Message], tuple[str, str]]

TECHNICAL = {
    *("attendee_id", "badge_id", "edition_id", "group_id", "print_run_id", "station_id"),
    *("exhibitor_id", "invitation_id", "account_id", "agent_id", "body_id", "publication_id"),
    *("theme_id", "appointment_id", "waiting_id", "called_by_id", "stored_name", "sha256"),
    *("media_type", "eve_told_at", "hour_told_at", "untended_told_at", "booked_by"),
    *("stand_id", "calendar_token", "rota_version", "sequence", "uid", "noted_by"),
    *("commune_code", "epci_siren", "replaced_by_id", "scan_id", "message_id"),
    *("email_key", "name_key", "private_token", "version"),
    *("printed_by", "registered_by"),
    *("lead_id", "reading_id", "changed_by"),
    *("context", "leased_until", "next_attempt_at", "urgent", "held_until", "act", "author"),
}
"""Columns that say nothing of a person: keys, secrets, what the software needs, our own staff."""


def file_of(attendee_id: int, words_of: Words) -> dict[str, list[Facts]]:
    """The file of the person of a registration."""
    return file_of_person(person_of(attendee_id), words_of)


def file_of_person(person: Person, words_of: Words) -> dict[str, list[Facts]]:
    """Title → rows of what is known of a person; `words_of` gives subject and text of a message."""
    badges = person.badge_ids
    theirs = or_(
        Message.about.in_(person.subjects),
        func.lower(Message.recipient).in_(addresses_alone(person)),
    )
    accounts = accounts_of(person)
    acting = [f"{one.role}:{one.id}" for one in accounts]
    agents = [one.id for one in person.agents]
    about_them = or_(JournalEntry.subject.in_(person.subjects), JournalEntry.actor.in_(acting))
    return {
        "Inscriptions": [_attendee(one) for one in person.attendees],
        "Dossiers": [_facts(group) for group in _groups(person)],
        "Badges": _rows(select(Badge).where(Badge.id.in_(badges))),
        "Impressions": _rows(select(Printing).where(Printing.badge_id.in_(badges))),
        "Passages": _rows(select(Scan).where(Scan.badge_id.in_(badges)).order_by(Scan.id)),
        "Présence": _rows(select(Presence).where(Presence.badge_id.in_(badges))),
        "Contact d’exposants": [_contact(one) for one in person.contacts],
        "Agent du village": [_agent(one) for one in person.agents],
        "Absences et souhaits": _rows(
            select(AgentPeriod).where(AgentPeriod.agent_id.in_(agents)).order_by(AgentPeriod.id)
        ),
        "Vacations": [
            _shift(one)
            for one in current_session().scalars(
                select(Shift)
                .where(Shift.agent_id.in_(agents), Shift.status != ShiftStatus.DRAFT)
                .order_by(Shift.starts_at)
            )
        ],
        **meetings_of(person, _facts),
        **leads_of(person, _facts),
        "Compte": [_account(one) for one in accounts],
        "Documents envoyés": [
            _document(one)
            for one in current_session().scalars(
                select(Document).where(Document.uploaded_by.in_(acting)).order_by(Document.id)
            )
        ],
        "Consentements": [
            {**_facts(one), COLUMNS["purpose"]: _label(Purpose, one.purpose)}
            for one in current_session().scalars(
                select(Consent).where(Consent.attendee_id.in_(person.ids)).order_by(Consent.id)
            )
        ],
        "Messages": [
            _message(one, words_of)
            for one in current_session().scalars(select(Message).where(theirs).order_by(Message.id))
        ],
        "Journal": [
            _entry(one, acting)
            for one in current_session().scalars(
                select(JournalEntry).where(about_them).order_by(JournalEntry.id)
            )
        ],
    }


def _groups(person: Person) -> Iterable[Model]:
    return {one.group_id: one.group for one in person.attendees}.values()


def _rows(statement: Any) -> list[Facts]:
    return [_facts(row) for row in current_session().scalars(statement)]


def _facts(row: Model) -> Facts:
    """Every column of a row that says something, by its French name."""
    found = {}
    for column in inspect(type(row)).columns:
        shown = "" if column.name in TECHNICAL else _shown(column.name, getattr(row, column.name))
        if shown:
            found[COLUMNS.get(column.name, column.name)] = shown
    return found


def _shown(name: str, value: Any) -> str:
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, datetime):
        return formats.short_moment(value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return " ; ".join(f"{key} : {one}" for key, one in value.items())
    label = getattr(value, "label", None)
    return str(label) if label else VALUES.get((name, str(value)), str(value))


def _label(words: Any, value: str) -> str:
    """The French word of a value; the value itself when it is of another time."""
    return str(words(value).label) if value in list(words) else value


def _attendee(one: Attendee) -> Facts:
    function = printed_function(one.function, one.function_other, one.civility)
    needs = [_label(Need, need) for need in one.needs]
    labelled = {
        "category": _label(Category, one.category),
        "civility": _label(Civility, one.civility),
        "function": function,
        "half_day": _label(HalfDay, one.half_day),
        "needs": ", ".join(needs),
        "place": one.on_behalf_of,
        "status": _label(AttendeeStatus, one.status),
    }
    return {**_facts(one), **{COLUMNS[name]: text for name, text in labelled.items() if text}}


def _contact(one: Contact) -> Facts:
    facts = {COLUMNS["exhibitor"]: one.exhibitor.name, COLUMNS["role"]: one.kind.label}
    named = {name: text for name, text in _facts(one).items() if name != COLUMNS["kind"]}
    civility = _label(Civility, one.civility)
    return {**facts, **named, **({COLUMNS["civility"]: civility} if civility else {})}


def _agent(one: Agent) -> Facts:
    labelled = {
        "body": one.body.name,
        "civility": _label(Civility, one.civility),
        "languages": ", ".join(_label(Language, language) for language in one.languages),
        "needs": ", ".join(_label(AgentNeed, need) for need in one.needs),
        "themes": ", ".join(theme.name for theme in one.themes),
        "stands": ", ".join(place.stand.number for place in one.places),
    }
    return {**_facts(one), **{COLUMNS[name]: text for name, text in labelled.items() if text}}


def _shift(one: Shift) -> Facts:
    return {COLUMNS["stand"]: one.stand.number, **_facts(one)}


def _document(one: Document) -> Facts:
    """What they sent for their stand; the file itself is in their space, for them to download."""
    return {
        COLUMNS["exhibitor"]: one.exhibitor.name,
        COLUMNS["document"]: one.kind.label,
        COLUMNS["name"]: one.name,
        COLUMNS["given_at"]: formats.short_moment(one.uploaded_at),
        COLUMNS["status"]: one.status.label,
        **({COLUMNS["reason"]: one.reason} if one.reason else {}),
    }


def _account(one: Account) -> Facts:
    """What opens their space; never what proves it is them."""
    return {
        COLUMNS["email"]: one.email,
        COLUMNS["name"]: one.display_name,
        COLUMNS["created_at"]: formats.short_moment(one.created_at),
    }


def _entry(one: JournalEntry, acting: Collection[str]) -> Facts:
    """What was done; not by whom when it was one of ours, who are persons too."""
    facts = {**_facts(one), COLUMNS["action"]: action_label(one.action)}
    if one.actor not in acting and not one.actor.startswith(("public:", "exhibitor:")):
        facts[COLUMNS["actor"]] = "organisation"
        facts.pop(COLUMNS["actor_name"], None)
        facts.pop(COLUMNS["address"], None)
    return facts


def _message(one: Message, words_of: Words) -> Facts:
    subject, text = words_of(one)
    return {COLUMNS["subject"]: subject, **_facts(one), COLUMNS["text"]: text}


def write_pdf(title: str, kicker: str, sections: dict[str, list[Facts]], author: str) -> bytes:
    """The file on paper: A4, embedded fonts, numbered pages, nothing cut."""
    from reportlab.lib.pagesizes import A4

    from salon.platform.pdf_text import Block, draw, new_sheet, printable, wrap

    margin, foot = 50, 60
    width = A4[0] - 2 * margin
    stream = io.BytesIO()
    canvas = new_sheet(stream, A4, title, author)
    top, page = A4[1] - margin, 1

    def end_page() -> None:
        draw(canvas, Block((f"{kicker} – page {page}",), printable(kicker)[1], 8), margin, 40)
        canvas.showPage()

    for text, size, bold, indent in _lines(title, kicker, sections):
        clean, name = printable(text, bold=bold)
        lines = wrap(clean, name, size, width - indent) or [""]
        for line in lines:
            block = Block((line,), name, size)
            if top - block.height < foot:
                end_page()
                top, page = A4[1] - margin, page + 1
            top = draw(canvas, block, margin + indent, top)
    end_page()
    canvas.save()
    return stream.getvalue()


def _lines(
    title: str, kicker: str, sections: dict[str, list[Facts]]
) -> Iterator[tuple[str, float, bool, float]]:
    """(text, size, bold, indent) from top to bottom."""
    yield title, 18, True, 0
    yield kicker, 10, False, 0
    for name, rows in sections.items():
        yield "", 10, False, 0
        yield f"{name} ({len(rows)})", 13, True, 0
        for number, facts in enumerate(rows):
            if number:
                yield "", 5, False, 0
            for label, text in facts.items():
                first, *rest = text.splitlines() or [""]
                yield f"{label} : {first}", 10, False, 8
                for line in rest:
                    yield line, 10, False, 16
