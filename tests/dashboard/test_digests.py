"""The digest of an organiser: by their rights, once a morning, and never for nothing."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from salon.accounts.models import Account, Digest
from salon.accounts.services.accounts import choose_digest
from salon.badges.engine.matching import Affiliation
from salon.badges.models import Attendee, Category
from salon.dashboard.jobs import post_digests
from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.exhibitors.services import applications
from salon.fair.models import Edition, EditionState
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, is_on_sqlite, transaction
from salon.platform.database.identity import SYSTEM, Domain, Role
from salon.platform.database.journal import action_named, write_entry
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message, MessageStatus, post
from salon.platform.settings.clock import local, now, paris
from salon.platform.words.formats import day
from tests.accounts.test_rights import colleague, give
from tests.badges.people import MONS, make_person, register
from tests.billing.pages import text_of
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_terms
from tests.factories import make_account, make_edition, make_places, sign_in
from tests.races import race

DAY = timedelta(days=1)
NBSP = "\u00a0"
CHIEF = "chef@herault.example"
COLLEAGUE = "collegue@herault.example"


@pytest.fixture
def fair(app: Flask) -> Edition:
    """A fair in a month, whose first point to settle is not far."""
    make_places()
    return make_edition(day=today() + 30 * DAY)


def today() -> date:
    return local(now()).date()


def morning(days: int = 1, hour: int = 7, minute: int = 0) -> datetime:
    """Return a time some days from today."""
    return paris(today() + days * DAY, time(hour, minute))


def digests(email: str = "") -> list[Message]:
    current_session().rollback()
    statement = select(Message).where(Message.kind == "digest").order_by(Message.id)
    messages = current_session().scalars(statement)
    return [message for message in messages if email in ("", message.recipient)]


def lines(message: Message, part: str = "new") -> list[str]:
    return [line["words"] for section in message.context["sections"] for line in section[part]]


def apply(edition: Edition) -> Exhibitor:
    """Make an application that was just sent, as its journal says."""
    exhibitor = make_exhibitor(edition, status=ApplicationStatus.SUBMITTED)
    with transaction(exhibitor) as session:
        exhibitor.status_at = exhibitor.submitted_at
        write_entry(session, SYSTEM, action_named("exhibitor.submit"), f"exhibitor:{exhibitor.id}")
    return exhibitor


def refuse_mail() -> None:
    with transaction() as session:
        post(session, "sign_in_code", "perdu@x.example", code="1234")
        session.flush()
        codes = update(Message).where(Message.kind == "sign_in_code")
        session.execute(codes.values(status=MessageStatus.REFUSED))


@pytest.mark.on_both
def test_its_numbers_are_those_of_the_pages_that_it_leads_to(app: Flask, fair: Edition) -> None:
    chief = sign_in(app, Role.ORGANISER, email=CHIEF)
    register(make_person(), make_person(place=MONS), make_person())
    register(make_person(first_name="Lise", place=Affiliation("Espondeilhan", "34092")))
    with transaction() as session:
        host = update(Attendee).where(Attendee.first_name == "Lise")
        session.execute(host.values(category=Category.EXHIBITOR))
    applied = [apply(fair), apply(fair)]
    refuse_mail()
    assert post_digests(morning(minute=0) - timedelta(minutes=1)) == 0
    assert post_digests(morning()) == 1
    (message,) = digests(CHIEF)
    assert lines(message)[:2] == ["3\u00a0inscriptions", "2\u00a0candidatures à étudier"]
    subject, body = words_of(message)
    assert subject.startswith("Salon des maires de l’Hérault\u00a0: 3\u00a0inscriptions, 2")
    assert "2\u00a0communes\u00a0: Béziers, Mons" in body
    (section,) = message.context["sections"]
    overview = chief.get("/organisation").text
    shown = text_of(chief, "/organisation")
    for line in section["new"]:
        path, _, anchor = line["path"].partition("#")
        assert chief.get(path).status_code == 200
        assert f'id="{anchor}"' in overview if anchor else line["words"].replace(NBSP, " ") in shown
    row = rf'<th scope="row">{day(today())}</th><td class="number">3</td>'
    assert re.search(row, overview)
    review = chief.get("/organisation/exposants?waits=study").text
    assert set(re.findall(r"/organisation/exposants/(\d+)\"", review)) == {
        str(exhibitor.id) for exhibitor in applied
    }
    left = overview.partition("rows--checks")[2].partition("</ul>")[0].count("<li>")
    assert section["new"][-1]["words"] == f"{left}{NBSP}points à régler"


def test_each_is_told_of_their_part_and_nobody_of_nothing(app: Flask, fair: Edition) -> None:
    make_account(role=Role.ORGANISER, email=CHIEF)
    for email, domains in {
        "argent@x.example": [Domain.MONEY],
        "inscrits@x.example": [Domain.REGISTRATIONS],
        "exposants@x.example": [Domain.EXHIBITORS],
        "personne@x.example": [],
    }.items():
        make_account(role=Role.ORGANISER, email=email)
        give(email, fair, *domains)
    post_digests(morning())
    register(make_person())
    apply(fair)
    with transaction() as session:
        session.execute(update(Attendee).values(registered_at=morning(hour=9)))
    before = len(digests())
    assert post_digests(morning(2)) == 3
    told = {message.recipient: lines(message) for message in digests()[before:]}
    inscription, application = "1\u00a0inscription", "1\u00a0candidature à étudier"
    assert told["inscrits@x.example"] == [inscription, "1\u00a0badge à imprimer"]
    assert told["exposants@x.example"] == [application]
    assert {inscription, application} < set(told[CHIEF])
    assert post_digests(morning(3)) == 0


def test_what_comes_the_day_another_is_dealt_with_is_new(app: Flask, fair: Edition) -> None:
    make_account(role=Role.ORGANISER, email=CHIEF)
    first = apply(fair)
    assert post_digests(morning(-1)) == 1
    with transaction(first) as session:
        first.status = ApplicationStatus.REFUSED
        write_entry(session, SYSTEM, action_named("exhibitor.refuse"), f"exhibitor:{first.id}")
    apply(fair)
    assert post_digests(morning(1)) == 1
    assert lines(digests(CHIEF)[1]) == ["1\u00a0candidature à étudier"]


def test_weekly_daily_or_never_and_once_after_a_pause(app: Flask, fair: Edition) -> None:
    account = make_account(role=Role.ORGANISER, email=CHIEF)
    monday = today() - today().weekday() * DAY + 7 * DAY

    def told_on(*days: int) -> list[int]:
        """Return the days from the Monday on which something is told, as something always is."""
        told = []
        for number in days:
            at = paris(monday + number * DAY, time(15))
            with transaction() as session:
                session.execute(update(Account).values(digest_counts={}))
            told += [number] * post_digests(at)
            assert post_digests(at + timedelta(hours=1)) == 0
        return told

    assert told_on(0, 1, 2) == [0, 1, 2]
    choose_digest(Act(SYSTEM, now()), account.id, Digest.WEEKLY)
    assert told_on(3, 4, 5, 6, 7, 8) == [7]
    # The worker did not run on Monday.
    assert told_on(15, 16) == [15]
    choose_digest(Act(SYSTEM, now()), account.id, Digest.NEVER)
    assert told_on(17, 21, 28) == []
    choose_digest(Act(SYSTEM, paris(monday + 28 * DAY, time(16))), account.id, Digest.DAILY)
    assert told_on(28, 29) == [29]
    # The clock goes back.
    assert told_on(3, 29) == []


def test_two_editions_are_two_sections_of_one_message(app: Flask, fair: Edition) -> None:
    make_account(role=Role.ORGANISER, email=CHIEF)
    later = make_edition(slug="2030", day=today() + 300 * DAY, is_current=False)
    for edition in (fair, later):
        apply(edition)
    refuse_mail()
    assert post_digests(morning()) == 1
    (message,) = digests()
    paths = [[line["path"] for line in part["new"]] for part in message.context["sections"]]
    review = "/organisation/exposants?waits=study"
    assert [review in paths[1], f"/e/2030{review}" in paths[0]] == [True, True]
    assert [path for part in paths for path in part if "courriels" in path] == [
        "/e/2030/organisation/courriels?status=refused"
    ]
    with transaction(later):
        later.state = EditionState.CLOSED
    apply(fair)
    post_digests(morning(2))
    assert len(digests()[1].context["sections"]) == 1


def test_a_worker_killed_before_the_commit_tells_once(app: Flask, fair: Edition) -> None:
    if not is_on_sqlite():
        return
    make_account(role=Role.ORGANISER, email=CHIEF)
    apply(fair)
    stop = "CREATE TRIGGER stop BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'stop'); END"
    with transaction() as session:
        session.execute(text(stop))
    with pytest.raises((IntegrityError, OperationalError), match="stop"):
        post_digests(morning())
    with transaction() as session:
        session.execute(text("DROP TRIGGER stop"))
    assert [post_digests(morning(hour=hour)) for hour in (8, 9)] == [1, 0]


@pytest.mark.race
def test_two_workers_tell_once(app: Flask, fair: Edition) -> None:
    make_account(role=Role.ORGANISER, email=CHIEF)
    apply(fair)
    assert sum(race(app, [lambda: post_digests(morning())] * 3)) == 1
    assert len(digests()) == 1


def test_one_chooses_on_a_page_of_ones_own(app: Flask, fair: Edition) -> None:
    client = colleague(app, fair)
    page = "/organisation/recapitulatif"
    assert client.get(page).status_code == 200
    assert client.fill(page, digest="weekly").status_code == 302
    assert client.fill(page, digest="hourly").status_code == 400
    statement = select(Account.digest).where(Account.email == COLLEAGUE)
    assert current_session().scalar(statement) == Digest.WEEKLY


@pytest.mark.parametrize(("days", "count"), [(14, 1), (15, 0)])
def test_an_exhibitor_who_leaves_near_the_fair_is_told_at_once(
    app: Flask, fair: Edition, days: int, count: int
) -> None:
    make_terms(fair)
    for email, domain in {CHIEF: Domain.EXHIBITORS, "autre@x.example": Domain.VILLAGE}.items():
        make_account(role=Role.ORGANISER, email=email)
        give(email, fair, domain)
    stand = make_stand(make_hall(fair, name="7"), number="12")
    exhibitor = make_exhibitor(fair, stand=stand, name="Éclairage du Biterrois")
    at = paris(fair.days[0].day_on - days * DAY, time(10))
    applications.withdraw(Act(SYSTEM, at), exhibitor.private_token)
    left: Any = select(Message).where(Message.kind == "exhibitor_left")
    messages = current_session().scalars(left).all()
    assert [message.recipient for message in messages] == [CHIEF] * count
    if count:
        assert words_of(messages[0])[0] == (
            "Éclairage du Biterrois ne vient plus\u00a0: le stand 12 est libre"
        )


def test_the_morning_is_that_of_the_fair(app: Flask, fair: Edition) -> None:
    make_account(role=Role.ORGANISER, email=CHIEF)
    apply(fair)
    with transaction(fair):
        fair.time_zone = "Indian/Reunion"
    seven = datetime.combine(today() + DAY, time(3), UTC)
    assert [post_digests(seven - timedelta(minutes=1)), post_digests(seven)] == [0, 1]
