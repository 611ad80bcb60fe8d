"""People registered through the services, for the tests of badges."""

import itertools
from typing import Any

from sqlalchemy import select

from salon.badges import services
from salon.badges.engine.matching import Affiliation
from salon.badges.models import Attendee, Badge
from salon.badges.services import Person
from salon.fair.queries import get_public_edition
from salon.platform.database.db import current_session
from salon.platform.database.identity import Identity
from salon.platform.mail.outbox import Message
from tests.factories import act_in, new_key

PUBLIC = Identity(None, None, "public", "192.0.2.7")
BEZIERS = Affiliation("Béziers", commune_code="34032")
MONS = Affiliation("Mons", commune_code="34160")
counter = itertools.count(1)


def make_person(**overrides: Any) -> Person:
    number = next(counter)
    values: dict[str, Any] = {
        "civility": "madame",
        "first_name": "Marie-Hélène",
        "last_name": f"L’Héritier {number}",
        "function": "mayor",
        "place": BEZIERS,
        "email": f"mairie{number}@beziers.example",
        **overrides,
    }
    return Person(**values)


def register(*people: Person, contact: str = "", key: str = "", **options: Any) -> Any:
    """Register through the service, as the public does."""
    contact = contact or people[0].email
    return services.register_visitors(
        act_in(get_public_edition(), PUBLIC),
        contact,
        people,
        key or new_key(),
        **options,
    )


def register_one(**overrides: Any) -> Attendee:
    attendee = register(make_person(**overrides))
    return current_session().get_one(Attendee, attendee.added[0])


def badge_of(attendee_id: int) -> Badge:
    """Return the valid badge of a person."""
    return (
        current_session()
        .scalars(select(Badge).where(Badge.attendee_id == attendee_id, Badge.revoked_at.is_(None)))
        .one()
    )


def all_of(model: Any) -> list[Any]:
    current_session().rollback()
    return list(current_session().scalars(select(model).order_by(model.id)))


def kinds_sent(recipient: str = "") -> list[str]:
    """Return the kinds of messages posted (to one address), oldest first."""
    return [message.kind for message in all_of(Message) if recipient in ("", message.recipient)]
