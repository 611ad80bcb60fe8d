"""Current edition for registration, communes and EPCI."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from salon.badges.engine import matching
from salon.badges.engine.matching import Place, place_key
from salon.badges.models import (
    Attendee,
    Commune,
    Epci,
)
from salon.fair.models import Edition
from salon.fair.queries import find_current_edition
from salon.platform.db import current_session
from salon.platform.search import FEW, nearest


def get_edition() -> Edition:
    """Return the edition that people register for. Raises NoResultFound."""
    edition = find_current_edition()
    if edition is None:
        raise NoResultFound
    return edition


def all_places() -> list[Place]:
    """Return every commune, then every EPCI, each by name."""
    communes = current_session().execute(
        select(Commune.name, Commune.code).order_by(Commune.search_key)
    )
    epcis = current_session().execute(select(Epci.name, Epci.siren).order_by(Epci.name))
    return [
        *(Place(name, commune_code=code) for name, code in communes),
        *(Place(name, epci_siren=siren) for name, siren in epcis),
    ]


def find_place(text: str) -> Place | list[Place]:
    """Return the commune or EPCI that `text` means, else the closest ones to choose from."""
    return matching.match_place(text, all_places())


def search_places(text: str, limit: int) -> list[Place]:
    """Return communes and EPCI in which each word of `text` begins a word, then those near it."""
    places = all_places()
    keys = [place_key(place.name) for place in places]
    key = place_key(text)
    matches = matching.containing(key, places, keys)[:limit]
    if len(matches) < FEW:
        near = nearest(key, zip(places, keys, strict=True), limit)
        matches += [place for place in near if place not in matches]
    return matches[:limit]


def all_epcis() -> Sequence[Epci]:
    return current_session().scalars(select(Epci).order_by(Epci.name)).all()


def place_of(attendee: Attendee) -> Place:
    """Return the place this person represents."""
    return Place(attendee.on_behalf_of, attendee.commune_code, attendee.epci_siren)
