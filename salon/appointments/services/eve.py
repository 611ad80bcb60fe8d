"""The eve: one message to each address, for the people who come the next day and the appointments
of that day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.queries.appointments import appointments_to_remind
from salon.appointments.queries.eve import is_to_tell, people_to_tell
from salon.appointments.services.messages import (
    addresses_of,
    is_of,
    message_context,
    salutation_for,
)
from salon.badges.models import Attendee
from salon.badges.queries import find_valid_badge
from salon.badges.services.telling import visit_of
from salon.fair.models import Edition
from salon.fair.queries import News, programme_news
from salon.platform.database.db import transaction
from salon.platform.mail import outbox
from salon.platform.mail.outbox import LAPSES_AT
from salon.platform.settings.clock import in_zone, local, paris

EVE_FROM = time(18)
"""Local time of the evening before, from which people are told."""
MOST_NEWS = 5
"""Most items of the programme that a message names as new."""


@dataclass
class Party:
    """People and appointments told together: no other party has one of their addresses.

    `addresses`: as written, by the address without case.
    """

    addresses: dict[str, str] = field(default_factory=dict)
    people: list[Attendee] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)

    def add(self, other: "Party") -> None:
        self.addresses |= other.addresses
        self.people += other.people
        self.appointments += other.appointments


def tell_of_eve(edition: Edition, now: datetime) -> int:
    """Post the messages of the eve that are due and return how many. Idempotent."""
    with in_zone(edition.time_zone):
        today = local(now).date()
        if local(now).time() < EVE_FROM:
            return 0
        tomorrow, eve = today + timedelta(days=1), paris(today, EVE_FROM)
        people = people_to_tell(edition, tomorrow, eve)
        people_ids = {person.id for person in people}
        midnights = paris(tomorrow, time()), paris(tomorrow + timedelta(days=1), time())
        appointments = [
            appointment
            for appointment in appointments_to_remind(edition, *midnights)
            if appointment.eve_told_at is None
            and (appointment.booked_at < eve or appointment.attendee_id in people_ids)
        ]
        parties = parties_of(people, appointments)
        news = programme_news(edition) if parties else []
        return sum(_tell(party, tomorrow, now, news) for party in parties)


def parties_of(people: Iterable[Attendee], appointments: Iterable[Appointment]) -> Sequence[Party]:
    """Return people and appointments so that each address is in one party alone."""
    rows = [
        *(([person.email], Party(people=[person])) for person in people),
        *((addresses_of(meeting), Party(appointments=[meeting])) for meeting in appointments),
    ]
    parties: dict[str, Party] = {}
    for addresses, party in rows:
        party.addresses = {address.casefold(): address for address in addresses}
        joined = [parties[address] for address in party.addresses if address in parties]
        for other in {id(other): other for other in joined}.values():
            other.add(party)
            party = other
        parties |= dict.fromkeys(party.addresses, party)
    return list({id(party): party for party in parties.values()}.values())


def _tell(party: Party, day_on: date, now: datetime, news: Sequence[News]) -> int:
    """Post the messages of a party; another worker may have posted some before."""
    times = {appointment.id: appointment.starts_at for appointment in party.appointments}
    ids = [person.id for person in party.people]
    with transaction(*party.appointments) as session:
        # A row written by its mapper would be a new version, which a form in use would stumble on.
        claim = update(Attendee).where(is_to_tell(day_on), Attendee.id.in_(ids))
        claimed = claim.values(eve_told_on=day_on).returning(Attendee.id)
        told_ids = set(session.scalars(claimed.execution_options(synchronize_session=False)))
        people = [person for person in party.people if person.id in told_ids]
        appointments = [
            appointment
            for appointment in party.appointments
            if appointment.eve_told_at is None
            and is_still_due(appointment)
            and appointment.starts_at == times[appointment.id]
        ]
        for appointment in appointments:
            appointment.eve_told_at = now
        appointments.sort(key=lambda appointment: (appointment.starts_at, appointment.id))
        lapses_at = paris(day_on, time()).isoformat()
        return sum(
            _post(
                session,
                address,
                [person for person in people if person.email.casefold() == key],
                [row for row in appointments if key in map(str.casefold, addresses_of(row))],
                news,
                lapses_at,
            )
            for key, address in party.addresses.items()
        )


def _post(
    session: Session,
    address: str,
    people: Sequence[Attendee],
    appointments: Sequence[Appointment],
    news: Sequence[News],
    lapses_at: str,
) -> int:
    """Post one message to an address, unless it has nothing to say; return how many.

    `lapses_at`: the beginning of the day that it calls tomorrow.
    """
    concerned = {person.id: person for person in people}
    concerned |= {row.attendee_id: row.attendee for row in appointments}
    if not concerned:
        return 0
    first, *others = concerned.values()
    badges = [badge for badge in map(find_valid_badge, [person.id for person in people]) if badge]
    visits = {visit_of(person) for person in people}
    since = min((person.registered_at for person in people), default=None)
    context: dict[str, Any] = {
        "salutation": "Bonjour" if others else salutation_for(first, address),
        "name": "" if others else first.full_name,
        "is_holder": all(is_of(row.attendee, address) for row in appointments),
        "badges": [
            {"name": badge.attendee.full_name, "token": badge.private_token} for badge in badges
        ],
        LAPSES_AT: lapses_at,
        "visit": visits.pop() if len(visits) == 1 else "",
        "news": [item for at, item in news if since and at > since][:MOST_NEWS],
        "appointments": [
            {
                **message_context(row),
                "subject": row.subject,
                "token": row.private_token,
                "visitor": row.attendee.full_name if others else "",
            }
            for row in appointments
        ],
    }
    if len(badges) == 1:
        only = badges[0]
        context |= {"attendee_id": only.attendee_id, "token": only.private_token, "badges": []}
    kind = "appointment_tomorrow" if appointments else "eve_visitor"
    about = f"attendee:{first.id}"
    outbox.post(session, kind, address, about=about, urgent=False, **context)
    return 1


def is_still_due(appointment: Appointment) -> bool:
    """Return whether an appointment is still to come, its visitor not at the stand yet."""
    return appointment.status == AppointmentStatus.BOOKED and appointment.arrived_at is None
