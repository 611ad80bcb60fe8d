"""Communes and EPCI."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select

from salon.badges.engine.matching import Affiliation, place_key
from salon.badges.engine.places import KnownPlace, containing, known_from, match_place
from salon.badges.models import (
    Attendee,
    Commune,
    Epci,
)
from salon.platform.database.db import current_session
from salon.platform.pages.public_pages import REVISION
from salon.platform.pages.stored_reads import StoredRead
from salon.platform.words.search import FEW, nearest
from salon.platform.words.territory import department_of, former_communes
from salon.platform.words.texts import folded


def all_places() -> list[Affiliation]:
    """Return every commune, then every EPCI, each by name.

    Communes that share a name are told apart: « Saint-Hilaire (11) », « Saint-Hilaire (46) ».
    """
    return [known.place for known in known_places()]


def known_places() -> tuple[KnownPlace, ...]:
    """Return the same places with all by which people call them."""
    return StoredRead("places", (REVISION,), _read_places).get()


def _read_places() -> tuple[KnownPlace, ...]:
    session = current_session()
    communes = session.scalars(select(Commune).order_by(Commune.search_key, Commune.code)).all()
    epcis = sorted(session.scalars(select(Epci)), key=lambda epci: folded(epci.name))
    return known_from(communes, epcis, former_communes())


def find_place(text: str) -> Affiliation | list[Affiliation]:
    """Return the commune or EPCI that `text` means, else the closest ones to choose from."""
    return match_place(text, known_places())


def search_places(text: str, limit: int) -> list[Affiliation]:
    """Return communes and EPCI in which each word of `text` begins a word, then those near it; the
    one that a code, an acronym or a former name means comes first."""
    places = all_places()
    keys = [place_key(place.name) for place in places]
    key = place_key(text)
    meant = find_place(text)
    matches = [meant] if isinstance(meant, Affiliation) else []
    matches += [place for place in containing(key, places, keys) if place not in matches][:limit]
    if len(matches) < FEW:
        near_places = nearest(key, zip(places, keys, strict=True), limit)
        matches += [place for place in near_places if place not in matches]
    return matches[:limit]


def of_department(code: str) -> ColumnElement[bool]:
    """Return the condition that a commune lies in a département."""
    return Commune.code.startswith(code, autoescape=True)


def loaded_departments() -> dict[str, int]:
    """Return how many communes are loaded, by code of their département."""
    codes = current_session().scalars(select(Commune.code))
    return dict(sorted(Counter(map(department_of, codes)).items()))


def count_epcis() -> int:
    return current_session().scalar(select(func.count()).select_from(Epci)) or 0


def all_epcis() -> Sequence[Epci]:
    return sorted(current_session().scalars(select(Epci)), key=lambda epci: folded(epci.name))


def place_of(attendee: Attendee) -> Affiliation:
    """Return the place this person represents."""
    return Affiliation(attendee.on_behalf_of, attendee.commune_code, attendee.epci_siren)
