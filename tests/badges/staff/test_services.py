"""A stand names its people: the quota, the last day, replacements, stands that withdraw."""

import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.exc import NoResultFound

from salon.badges import queries, rules, services
from salon.badges.engine.matching import Affiliation
from salon.badges.models import Attendee, AttendeeStatus, Badge
from salon.badges.services import Person
from salon.exhibitors.models import ApplicationStatus, Exhibitor, ExhibitorTerms, WantedOption
from salon.exhibitors.queries.exhibitors import terms_of
from salon.exhibitors.queries.staff import staff_quota_of
from salon.fair.models import Edition, EditionDay
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Identity, Role
from salon.platform.database.journal import JournalEntry
from salon.platform.settings.clock import paris
from tests.badges.people import PUBLIC, all_of, badge_of, kinds_sent, make_person, register_one
from tests.exhibitors.make import make_exhibitor, make_hall, make_prices, make_stand, make_terms
from tests.factories import make_edition, new_key
from tests.races import ROUNDS, race

NOW = datetime.now(UTC)
STAND = Identity(Role.EXHIBITOR, 7, "Élise Cabanel")
ORGANISER = Identity(Role.ORGANISER, 1, "Nadège Roques")


@pytest.fixture
def terms(edition: Edition) -> ExhibitorTerms:
    """Two badges a stand of 9 m², one more each 10 m² begun."""
    return make_terms(edition)


@pytest.fixture
def exhibitor(edition: Edition, terms: ExhibitorTerms) -> Exhibitor:
    return make_exhibitor(edition)


def make_staff(**overrides: Any) -> Person:
    values: dict[str, Any] = {
        "civility": "monsieur",
        "function": "other",
        "function_other": "Technicien",
        "place": Affiliation("Éclairage du Biterrois"),
        **overrides,
    }
    return make_person(**values)


def add(exhibitor: Exhibitor, person: Person | None = None, key: str = "", at: Any = None) -> int:
    person = person or make_staff()
    return services.add_staff(Act(STAND, at or NOW), exhibitor.id, person, key or new_key())


def set_status(exhibitor: Exhibitor, status: ApplicationStatus) -> None:
    with transaction(exhibitor):
        exhibitor.status = status


def test_a_named_person_has_an_exhibitors_badge_and_is_told(exhibitor: Exhibitor) -> None:
    person = make_staff(email="paul@eclairage.example")
    attendee = current_session().get_one(Attendee, add(exhibitor, person))
    assert (attendee.category, attendee.exhibitor_id) == ("exhibitor", exhibitor.id)
    assert attendee.on_behalf_of == "Éclairage du Biterrois"
    assert badge_of(attendee.id).is_valid
    assert kinds_sent("paul@eclairage.example") == ["staff_named"]
    entries = [
        entry for entry in all_of(JournalEntry) if entry.subject == f"exhibitor:{exhibitor.id}"
    ]
    assert [entry.action for entry in entries] == ["exhibitor.staff_added"]


@pytest.mark.on_both
def test_the_quota_is_never_passed(exhibitor: Exhibitor) -> None:
    add(exhibitor)
    add(exhibitor)
    with pytest.raises(rules.TeamFull, match="2\xa0badges"):
        add(exhibitor)
    assert len(queries.staff_of(exhibitor.id)) == len(all_of(Badge)) == 2


@pytest.mark.on_both
def test_the_quota_follows_the_stand_and_the_options(
    edition: Edition, exhibitor: Exhibitor
) -> None:
    terms = terms_of(edition)
    assert staff_quota_of(exhibitor, terms) == 2
    extra = next(price for price in make_prices(edition) if price.extra_badges)
    stand = make_stand(make_hall(edition), width=10, depth=3)
    with transaction(exhibitor) as session:
        exhibitor.stand_id = stand.id
        session.add(WantedOption(exhibitor_id=exhibitor.id, price_item_id=extra.id, quantity=3))
    current_session().refresh(exhibitor)
    assert staff_quota_of(exhibitor, terms) == 2 + 3 + 3  # 9 m², 21 m² beyond, three bought


@pytest.mark.on_both
def test_the_same_form_twice_names_one_person(exhibitor: Exhibitor) -> None:
    key, person = new_key(), make_staff()
    assert add(exhibitor, person, key) == add(exhibitor, person, key)
    assert len(queries.staff_of(exhibitor.id)) == 1


def test_a_person_is_named_once_by_a_stand(exhibitor: Exhibitor) -> None:
    person = make_staff()
    add(exhibitor, person)
    with pytest.raises(rules.AlreadyInTeam):
        add(exhibitor, person)
    assert len(all_of(Attendee)) == 1


def test_a_visitor_may_also_be_staff_and_on_two_stands(
    edition: Edition, exhibitor: Exhibitor
) -> None:
    """What somebody registered as is neither changed nor told to the stand."""
    visitor = register_one(first_name="Paul", last_name="Martin", email="paul@eclairage.example")
    person = make_staff(first_name="Paul", last_name="Martin", email="paul@eclairage.example")
    other_exhibitor = make_exhibitor(edition)
    ids = {visitor.id, add(exhibitor, person), add(other_exhibitor, person)}
    assert len(ids) == 3
    stored_attendee = {
        attendee.id: (attendee.category, attendee.exhibitor_id) for attendee in all_of(Attendee)
    }
    assert stored_attendee[visitor.id] == ("elected", None)
    assert sorted(stored_attendee.values(), key=str)[1:] == [
        ("exhibitor", exhibitor.id),
        ("exhibitor", other_exhibitor.id),
    ]


@pytest.mark.on_both
def test_names_are_taken_until_midnight_before_the_fair(
    edition: Edition, exhibitor: Exhibitor
) -> None:
    midnight = paris(edition.days[0].day_on, time(0))
    first = add(exhibitor, at=midnight - timedelta(seconds=1))
    for refused in (
        lambda: add(exhibitor, at=midnight),
        lambda: services.replace_staff(
            Act(STAND, midnight), exhibitor.id, first, make_staff(), new_key()
        ),
        lambda: services.remove_staff(Act(STAND, midnight), exhibitor.id, first),
        lambda: services.replace_attendee(Act(PUBLIC, midnight), first, make_staff(), new_key()),
    ):
        with pytest.raises(rules.TeamClosed, match="accueil"):
            refused()
    assert [attendee.id for attendee in queries.staff_of(exhibitor.id)] == [first]


def test_the_team_is_open_until_the_last_of_two_days(
    edition: Edition, exhibitor: Exhibitor
) -> None:
    second = edition.days[0].day_on + timedelta(days=1)
    with transaction() as session:
        hours = {"opens": time(9), "closes": time(16)}
        session.add(EditionDay(edition_id=edition.id, day_on=second, **hours))
    current_session().expire_all()
    assert add(exhibitor, at=paris(edition.days[0].day_on, time(20)))
    with pytest.raises(rules.TeamClosed):
        add(exhibitor, at=paris(second, time(0)))


def test_the_welcome_desk_replaces_on_the_day_itself(
    edition: Edition, exhibitor: Exhibitor
) -> None:
    first, day = add(exhibitor), paris(edition.days[0].day_on, time(8))
    second = services.replace_attendee(Act(ORGANISER, day), first, make_staff(), new_key())
    assert [attendee.id for attendee in queries.staff_of(exhibitor.id)] == [second]


@pytest.mark.on_both
def test_a_replacement_keeps_the_quota(exhibitor: Exhibitor) -> None:
    first = add(exhibitor)
    add(exhibitor)
    delegate = make_staff(email="delegue@eclairage.example")
    second = services.replace_staff(Act(STAND, NOW), exhibitor.id, first, delegate, new_key())
    team = queries.staff_of(exhibitor.id)
    assert len(team) == 2
    assert second in [attendee.id for attendee in team]
    assert current_session().get_one(Attendee, second).category == "exhibitor"
    former = current_session().get_one(Attendee, first)
    assert former.status == AttendeeStatus.REPLACED
    assert not former.badges[0].is_valid
    assert kinds_sent("delegue@eclairage.example") == ["staff_named"]
    with pytest.raises(rules.TeamFull):
        add(exhibitor)


def test_nobody_is_replaced_by_somebody_of_the_team(exhibitor: Exhibitor) -> None:
    first, colleague = add(exhibitor), make_staff()
    second = add(exhibitor, colleague)
    with pytest.raises(rules.AlreadyInTeam):
        services.replace_staff(Act(STAND, NOW), exhibitor.id, first, colleague, new_key())
    assert sorted(attendee.id for attendee in queries.staff_of(exhibitor.id)) == sorted(
        [first, second]
    )
    assert all(badge.is_valid for badge in all_of(Badge))


def test_who_is_replaced_from_the_badge_stays_on_the_stand(exhibitor: Exhibitor) -> None:
    """The private page of the badge asks for no category: the delegate is staff all the same."""
    first = add(exhibitor)
    second = services.replace_attendee(Act(PUBLIC, NOW), first, make_person(), new_key())
    delegate = current_session().get_one(Attendee, second)
    assert (delegate.category, delegate.exhibitor_id) == ("exhibitor", exhibitor.id)


def test_a_removed_person_frees_the_place(exhibitor: Exhibitor) -> None:
    first = add(exhibitor, make_staff(email="paul@eclairage.example"))
    add(exhibitor)
    for _ in range(2):
        services.remove_staff(Act(STAND, NOW), exhibitor.id, first)
    assert kinds_sent("paul@eclairage.example") == ["staff_named", "staff_removed"]
    assert not all_of(Badge)[0].is_valid
    add(exhibitor)
    assert len(queries.staff_of(exhibitor.id)) == 2


def test_another_stands_people_are_not_found(edition: Edition, exhibitor: Exhibitor) -> None:
    other_id = add(make_exhibitor(edition))
    with pytest.raises(NoResultFound):
        services.remove_staff(Act(STAND, NOW), exhibitor.id, other_id)
    with pytest.raises(NoResultFound):
        services.replace_staff(Act(STAND, NOW), exhibitor.id, other_id, make_staff(), new_key())


@pytest.mark.parametrize("status", [ApplicationStatus.WITHDRAWN, ApplicationStatus.REFUSED])
def test_a_stand_that_exhibits_no_more_names_nobody(
    exhibitor: Exhibitor, status: ApplicationStatus
) -> None:
    first = add(exhibitor)
    set_status(exhibitor, status)
    with pytest.raises(rules.NotExhibiting):
        add(exhibitor)
    with pytest.raises(rules.NotExhibiting):
        services.replace_staff(Act(STAND, NOW), exhibitor.id, first, make_staff(), new_key())


@pytest.mark.on_both
def test_the_badges_of_a_stand_that_withdraws_are_revoked(
    edition: Edition, exhibitor: Exhibitor
) -> None:
    number, visitor = add(make_exhibitor(edition)), register_one().id
    removed_ids = [add(exhibitor), add(exhibitor)]
    assert services.revoke_orphans(NOW) == 0
    set_status(exhibitor, ApplicationStatus.WITHDRAWN)
    assert services.revoke_orphans(NOW) == 2
    assert services.revoke_orphans(NOW) == 0
    valid = {badge.attendee_id for badge in all_of(Badge) if badge.is_valid}
    assert valid == {number, visitor}
    assert not valid & set(removed_ids)
    assert kinds_sent().count("staff_removed") == 2


@pytest.fixture
def signals() -> Iterator[None]:
    """The worker takes SIGTERM and SIGINT; they come back after the test."""
    stored_values = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in stored_values.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("signals")
def test_the_worker_revokes_the_badges_of_a_stand_that_withdrew(
    exhibitor: Exhibitor, runner: FlaskCliRunner
) -> None:
    removed_id = add(exhibitor)
    set_status(exhibitor, ApplicationStatus.WITHDRAWN)
    result = runner.invoke(args=["worker", "--once"])
    assert result.exit_code == 0, result.output
    current_session().rollback()
    assert current_session().get_one(Attendee, removed_id).status == AttendeeStatus.CANCELLED
    assert not any(badge.is_valid for badge in all_of(Badge))


def test_an_exhibitor_of_another_edition_is_not_found(exhibitor: Exhibitor) -> None:
    elsewhere = make_exhibitor(make_edition(is_current=False))
    with pytest.raises(NoResultFound):
        add(elsewhere)


# Races


@pytest.mark.race
def test_two_people_at_once_for_one_place_left(app: Flask, edition: Edition) -> None:
    make_terms(edition, badges_base=1)

    def call(exhibitor_id: int) -> Callable[[], str]:
        person = make_staff()

        def one() -> str:
            try:
                services.add_staff(Act(STAND, NOW), exhibitor_id, person, new_key())
            except rules.TeamFull:
                return "full"
            return "added"

        return one

    for _ in range(ROUNDS):
        stand = make_exhibitor(edition).id
        assert sorted(race(app, [call(stand), call(stand)])) == ["added", "full"]
        assert queries.count_staff(stand) == 1


@pytest.mark.race
def test_control_without_the_lock_the_quota_is_passed(app: Flask, edition: Edition) -> None:
    """The race above proves something only if this one shows the excess."""
    make_terms(edition, badges_base=1)
    stand = make_exhibitor(edition).id
    visitors = [register_one().id for _ in range(4)]

    def look() -> bool:
        return queries.count_staff(stand) < 1

    def join(attendee_id: int) -> Callable[[], None]:
        def one() -> None:
            with transaction() as session:
                session.get_one(Attendee, attendee_id).exhibitor_id = stand

        return one

    free = race(app, [look] * 4)
    race(app, [join(item) for item, is_free in zip(visitors, free, strict=True) if is_free])
    assert queries.count_staff(stand) == 4


@pytest.mark.race
def test_a_replacement_and_an_addition_at_once_keep_the_quota(app: Flask, edition: Edition) -> None:
    make_terms(edition, badges_base=2)

    def one_more(stand: Exhibitor) -> Callable[[], str]:
        def call() -> str:
            try:
                add(stand)
            except rules.TeamFull:
                return "full"
            return "added"

        return call

    def swap(stand: int, absent: int) -> Callable[[], int]:
        person = make_staff()
        return lambda: services.replace_staff(Act(STAND, NOW), stand, absent, person, new_key())

    for _ in range(ROUNDS):
        stand = make_exhibitor(edition)
        first, _second = add(stand), add(stand)
        number = stand.id
        race(app, [swap(number, first), one_more(stand)])
        assert queries.count_staff(number) == 2
