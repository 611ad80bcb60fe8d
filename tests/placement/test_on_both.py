"""Two organisers give one stand at the same moment, on SQLite and on PostgreSQL."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.placement import services
from salon.placement.rules import StandAlreadyGiven
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Identity, Role
from salon.platform.mail.outbox import Message
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand
from tests.factories import sign_in
from tests.races import ROUNDS, race

OLIVIA = Identity(Role.ORGANISER, 1, "Olivia", "192.0.2.9")
OSCAR = Identity(Role.ORGANISER, 2, "Oscar", "192.0.2.10")


def on_the_stand(stand_id: int) -> list[str]:
    current_session().rollback()
    statement = select(Exhibitor.name).where(Exhibitor.stand_id == stand_id)
    return list(current_session().scalars(statement))


def giving(exhibitor: Exhibitor, stand_id: int, actor: Identity) -> Callable[[], str]:
    """Give the stand; return "given", or who has it."""
    exhibitor_id, version = exhibitor.id, exhibitor.version

    def call() -> str:
        try:
            services.give_stand(Act(actor), exhibitor_id, version, stand_id)
        except StandAlreadyGiven as refusal:
            return refusal.occupant
        return "given"

    return call


def free(exhibitors: list[Exhibitor]) -> None:
    """Take the stand back between two rounds, without the service."""
    current_session().rollback()
    with transaction() as session:
        session.execute(update(Exhibitor).values(stand_id=None))
    for exhibitor in exhibitors:
        current_session().refresh(exhibitor)


@pytest.mark.race
def test_of_two_who_give_one_stand_one_wins_each_time(app: Flask, edition: Edition) -> None:
    stand_id = make_stand(make_hall(edition)).id
    two = [make_exhibitor(edition, name="Mâts"), make_exhibitor(edition, name="Rues")]
    for _ in range(ROUNDS):
        calls = [giving(two[0], stand_id, OLIVIA), giving(two[1], stand_id, OSCAR)]
        answers = race(app, calls)
        (winner,) = on_the_stand(stand_id)
        assert sorted(answers) == sorted(["given", winner])
        free(two)
    statement = select(func.count()).where(Message.kind == "stand_given")
    assert current_session().scalar(statement) == ROUNDS


@pytest.mark.race
def test_control_without_the_guards_the_stand_is_given_twice(app: Flask, edition: Edition) -> None:
    """The race above proves something only if this one shows doubles."""
    with transaction() as session:
        session.execute(text("DROP INDEX uq_exhibitors_stand_id"))
    stand_id = make_stand(make_hall(edition)).id
    ids = [make_exhibitor(edition).id for _ in range(2)]

    def look() -> bool:
        statement = select(Exhibitor.id).where(Exhibitor.stand_id == stand_id)
        return current_session().scalar(statement) is None

    def write(exhibitor_id: int) -> Callable[[], None]:
        def call() -> None:
            with transaction() as session:
                update_statement = update(Exhibitor).where(Exhibitor.id == exhibitor_id)
                session.execute(update_statement.values(stand_id=stand_id))

        return call

    seen_free = race(app, [look, look])
    race(app, [write(item) for item, is_free in zip(ids, seen_free, strict=True) if is_free])
    assert len(on_the_stand(stand_id)) == 2


@pytest.mark.race
def test_two_browsers_give_one_stand_and_one_reads_the_present_state(
    app: Flask, edition: Edition
) -> None:
    """Through the real pages: one is sent on, the other gets a 409 that says who is there."""
    stand = make_stand(make_hall(edition), number="12")
    two = [make_exhibitor(edition, name="Mâts"), make_exhibitor(edition, name="Rues")]
    browsers = [sign_in(app, Role.ORGANISER) for _ in two]
    pages = [f"/organisation/placement/{exhibitor.id}" for exhibitor in two]
    tokens = [browser.token(page) for browser, page in zip(browsers, pages, strict=True)]
    versions = [exhibitor.version for exhibitor in two]
    stand_id = stand.id

    def post(rank: int) -> Callable[[], tuple[int, str]]:
        def call() -> tuple[int, str]:
            data = {"csrf_token": tokens[rank], "version": versions[rank], "stand_id": stand_id}
            answer = browsers[rank].post(pages[rank], data=data)
            return answer.status_code, answer.get_data(as_text=True)

        return call

    answers = race(app, [post(0), post(1)])
    assert sorted(status for status, _ in answers) == [302, 409]
    (winner,) = on_the_stand(stand_id)
    (refused,) = [text for status, text in answers if status == 409]
    assert re.search(rf"Le stand 12 est déjà donné à {winner}", refused)
    assert re.search(rf"Occupé par <a [^>]*>{winner}</a>", refused)
