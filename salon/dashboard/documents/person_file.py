"""File of a person (RGPD art. 15 and 20): all data held about them, as JSON and as PDF."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, func, inspect, or_, select

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
from salon.badges.models.labels import Need, printed_function
from salon.badges.queries.accepted_texts import acceptance_of, versions_of
from salon.dashboard.documents.lead_file import leads_of
from salon.dashboard.documents.meeting_file import meetings_of
from salon.dashboard.engine.personal_data import PERSONAL_DATA
from salon.dashboard.presenters.fields import COLUMNS, VALUES
from salon.dashboard.queries.persons import (
    Person,
    accounts_of,
    addresses_alone,
    named_places,
    person_of,
)
from salon.entrance.models import Presence, Scan
from salon.exhibitors.models import Contact, Document
from salon.invitations.models import Guest, OrganisationInvitation
from salon.invitations.queries.territory import authorities_headed_by
from salon.mailings.models import MailingRecipient
from salon.platform.database.db import Model, current_session
from salon.platform.database.edition_scope import across_editions
from salon.platform.database.journal import JournalEntry, action_label
from salon.platform.mail.outbox import Message
from salon.platform.words import formats
from salon.platform.words.labels import LabelledEnum
from salon.platform.words.people import civility_label
from salon.staffing.models import Agent, AgentNeed, AgentPeriod, Language, Shift, ShiftStatus
from salon.staffing.presenters.limits import agent_words

Facts = dict[str, str]
Words = Callable[[Message], tuple[str, str]]


def file_of(attendee_id: int, words_of: Words) -> dict[str, list[Facts]]:
    """Return the file of the person of a registration."""
    return file_of_person(person_of(attendee_id), words_of)


@across_editions()
def file_of_person(person: Person, words_of: Words) -> dict[str, list[Facts]]:
    """Return title → rows of the data held about a person; `words_of` gives subject and text of a
    message."""
    badges = person.badge_ids
    to_person = or_(
        Message.about.in_(person.subjects),
        func.lower(Message.recipient).in_(addresses_alone(person)),
    )
    accounts = accounts_of(person)
    acting = [f"{account.role}:{account.id}" for account in accounts]
    agents = [agent.id for agent in person.agents]
    headed = authorities_headed_by(named_places(person), addresses_alone(person))
    about_them = or_(JournalEntry.subject.in_(person.subjects), JournalEntry.actor.in_(acting))
    return {
        "Inscriptions": [_attendee(attendee) for attendee in person.attendees],
        "Dossiers": [_facts(group) for group in _groups(person)],
        "Badges": _rows(select(Badge).where(Badge.id.in_(badges))),
        "Impressions": _rows(select(Printing).where(Printing.badge_id.in_(badges))),
        "Passages": _rows(select(Scan).where(Scan.badge_id.in_(badges)).order_by(Scan.id)),
        "Présence": _rows(select(Presence).where(Presence.badge_id.in_(badges))),
        "Contact d’exposants": [_contact(contact) for contact in person.contacts],
        "Agent du village": [_agent(agent) for agent in person.agents],
        "Absences et souhaits": _rows(
            select(AgentPeriod).where(AgentPeriod.agent_id.in_(agents)).order_by(AgentPeriod.id)
        ),
        "Vacations": [
            _shift(shift)
            for shift in current_session().scalars(
                select(Shift)
                .where(Shift.agent_id.in_(agents), Shift.status != ShiftStatus.DRAFT)
                .order_by(Shift.starts_at)
            )
        ],
        **meetings_of(person, _facts),
        **leads_of(person, _facts),
        "Compte": [_account(account) for account in accounts],
        "Documents envoyés": [
            _document(document)
            for document in current_session().scalars(
                select(Document).where(Document.uploaded_by.in_(acting)).order_by(Document.id)
            )
        ],
        "Consentements": [
            _consent(consent, person)
            for consent in current_session().scalars(
                select(Consent).where(Consent.attendee_id.in_(person.ids)).order_by(Consent.id)
            )
        ],
        "Invitations au salon": _rows(
            select(OrganisationInvitation)
            .where(
                or_(
                    func.lower(OrganisationInvitation.email).in_(addresses_alone(person)),
                    OrganisationInvitation.commune_code.in_(
                        authority.commune_code for authority in headed if authority.commune_code
                    ),
                    OrganisationInvitation.epci_siren.in_(
                        authority.epci_siren for authority in headed if authority.epci_siren
                    ),
                )
            )
            .order_by(OrganisationInvitation.id)
        ),
        "Autres invités": _rows(
            select(Guest).where(func.lower(Guest.email).in_(addresses_alone(person)))
        ),
        "Carnet des communes": [_facts(authority) for authority in headed],
        "Messages écrits à plusieurs": _rows(
            select(MailingRecipient)
            .where(
                or_(
                    MailingRecipient.address_key.in_(addresses_alone(person)),
                    MailingRecipient.key.in_(person.subjects),
                )
            )
            .order_by(MailingRecipient.id)
        ),
        "Messages": [
            _message(message, words_of)
            for message in current_session().scalars(
                select(Message).where(to_person).order_by(Message.id)
            )
        ],
        "Journal": [
            _entry(entry, acting)
            for entry in current_session().scalars(
                select(JournalEntry).where(about_them).order_by(JournalEntry.id)
            )
        ],
    }


def _groups(person: Person) -> Iterable[Model]:
    return {attendee.group_id: attendee.group for attendee in person.attendees}.values()


Row = TypeVar("Row", bound=Model)


def _rows(statement: Select[Row]) -> list[Facts]:
    return [_facts(row) for row in current_session().scalars(statement)]


def _facts(row: Model) -> Facts:
    """Return the filled columns of a row, by their French name, without keys and internal ones."""
    internal = PERSONAL_DATA[row.__tablename__].internal.split()
    facts = {}
    for column in inspect(type(row)).columns:
        if column.foreign_keys or column.name in internal:
            continue
        if shown_value := _shown(column.name, getattr(row, column.name)):
            facts[COLUMNS.get(column.name, column.name)] = shown_value
    return facts


def _shown(name: str, value: object) -> str:
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, datetime):
        return formats.short_moment(value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return " ; ".join(f"{key} : {text}" for key, text in value.items())
    label = getattr(value, "label", None)
    return str(label) if label else VALUES.get((name, str(value)), str(value))


def _label(words: type[LabelledEnum], value: str) -> str:
    """Return the French label of a value; the value itself when it is outdated."""
    return str(words(value).label) if value in list(words) else value


def _attendee(attendee: Attendee) -> Facts:
    function = printed_function(attendee.function, attendee.function_other, attendee.civility)
    needs = [_label(Need, need) for need in attendee.needs]
    labelled = {
        "category": _label(Category, attendee.category),
        "civility": civility_label(attendee.civility),
        "function": function,
        "half_day": _label(HalfDay, attendee.half_day),
        "needs": ", ".join(needs),
        "place": attendee.on_behalf_of,
        "status": _label(AttendeeStatus, attendee.status),
    }
    return {**_facts(attendee), **{COLUMNS[name]: text for name, text in labelled.items() if text}}


def _contact(contact: Contact) -> Facts:
    facts = {COLUMNS["exhibitor"]: contact.exhibitor.name, COLUMNS["role"]: contact.kind.label}
    named_facts = {name: text for name, text in _facts(contact).items() if name != COLUMNS["kind"]}
    civility = civility_label(contact.civility)
    return {**facts, **named_facts, **({COLUMNS["civility"]: civility} if civility else {})}


def _agent(agent: Agent) -> Facts:
    labelled = {
        "body": agent.body.name,
        "civility": civility_label(agent.civility),
        "languages": ", ".join(_label(Language, language) for language in agent.languages),
        "limits": " ; ".join(agent_words(agent.limits)),
        "needs": ", ".join(_label(AgentNeed, need) for need in agent.needs),
        "themes": ", ".join(theme.name for theme in agent.themes),
        "stands": ", ".join(place.stand.number for place in agent.places),
    }
    return {**_facts(agent), **{COLUMNS[name]: text for name, text in labelled.items() if text}}


def _shift(shift: Shift) -> Facts:
    return {COLUMNS["stand"]: shift.stand.number, **_facts(shift)}


def _document(document: Document) -> Facts:
    """Return a document sent for a stand; the file itself is in the exhibitor's space, for
    download."""
    return {
        COLUMNS["exhibitor"]: document.exhibitor.name,
        COLUMNS["document"]: document.label,
        COLUMNS["name"]: document.name,
        COLUMNS["given_at"]: formats.short_moment(document.uploaded_at),
        COLUMNS["status"]: document.status.label,
        **({COLUMNS["reason"]: document.reason} if document.reason else {}),
    }


def _consent(consent: Consent, person: Person) -> Facts:
    """Return a consent with the words that were read."""
    attendee = next(row for row in person.attendees if row.id == consent.attendee_id)
    accepted = acceptance_of(consent, versions_of(attendee.edition_id))
    words = {COLUMNS["purpose"]: accepted.text, COLUMNS["text_version"]: accepted.version}
    return {**_facts(consent), **words}


def _account(account: Account) -> Facts:
    """Return the account, without its passwords and keys."""
    return {
        COLUMNS["email"]: account.email,
        COLUMNS["name"]: account.display_name,
        COLUMNS["created_at"]: formats.short_moment(account.created_at),
    }


def _entry(entry: JournalEntry, acting: Collection[str]) -> Facts:
    """Return a journal entry, without the name of our own staff, who are persons too."""
    facts = {**_facts(entry), COLUMNS["action"]: action_label(entry.action)}
    if entry.actor not in acting and not entry.actor.startswith(("public:", "exhibitor:")):
        facts[COLUMNS["actor"]] = "organisation"
        facts.pop(COLUMNS["actor_name"], None)
        facts.pop(COLUMNS["address"], None)
    return facts


def _message(message: Message, words_of: Words) -> Facts:
    subject, text = words_of(message)
    return {COLUMNS["subject"]: subject, **_facts(message), COLUMNS["text"]: text}


def write_pdf(title: str, kicker: str, sections: dict[str, list[Facts]], author: str) -> bytes:
    """Return the file as a PDF: A4, embedded fonts, numbered pages, nothing cut."""
    from salon.platform.documents.pdf.report import heading, paragraph, write_report
    from salon.platform.documents.pdf.sheet import About

    story = [paragraph(title, 18, bold=True), paragraph(kicker)]
    for name, rows in sections.items():
        story.append(heading(f"{name} ({len(rows)})", 13, keep=bool(rows)))
        for number, facts in enumerate(rows):
            before = 6 if number else 0
            for label, text in facts.items():
                first, *other_lines = text.splitlines() or [""]
                story.append(paragraph(f"{label} : {first}", before=before, indent=8))
                story += [paragraph(line, indent=16) for line in other_lines]
                before = 0
    return write_report(story, About(title, author, foot=[kicker]))
