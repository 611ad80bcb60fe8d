"""The open data of the demonstration name none of its people."""

from collections.abc import Iterator
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from salon.accounts.models import Account
from salon.badges.models import Attendee, Badge
from salon.entrance.services.scans import record_scans
from salon.exhibitors.models import Contact
from salon.fair.models import Edition
from salon.fair.queries import programme_of
from salon.platform.database.db import current_session
from salon.platform.words.texts import folded
from salon.staffing.models import Agent
from tests.entrance.people import NINE, item, make_station
from tests.open_data.make import datasets_by_key, files_of


def people_of(edition: Edition) -> Iterator[str]:
    """Names, addresses and telephones of everybody whom the demonstration knows."""
    session = current_session()
    for person in (
        *session.scalars(select(Attendee)),
        *session.scalars(select(Agent)),
        *session.scalars(select(Contact)),
    ):
        yield f"{person.first_name} {person.last_name}"
        yield f"{person.last_name} {person.first_name}"
        yield person.email
        yield person.phone
    yield from session.scalars(select(Account.email))
    for moment in programme_of(edition):
        for speaker in moment.speakers:
            yield speaker["name"]


def test_no_person_of_the_demonstration_is_in_a_file(app: Flask, edition: Edition) -> None:
    codes = list(current_session().scalars(select(Badge.code).where(Badge.revoked_at.is_(None))))
    batch = [item(code, minute % 60) for minute, code in enumerate(codes)]
    record_scans(make_station(edition), edition.id, batch, NINE + timedelta(hours=2))
    current_session().rollback()
    assert not [key for key, dataset in datasets_by_key(edition).items() if dataset.is_empty]
    text = folded("\n".join(file.content.decode() for file in files_of(edition).values()))
    people = {folded(word) for word in people_of(edition) if len(word) > 5}
    assert len(people) > 200
    assert not [word for word in people if word in text]
