"""Two people of one name at one address, and one person at two addresses."""

from salon.badges import queries
from salon.badges.models import Attendee
from salon.fair.models import Edition
from salon.platform.words.likeness import Verdict
from tests.badges.people import BEZIERS, MONS, all_of, make_person, register, register_one

TOWN_HALL = {"first_name": "Jean", "last_name": "Dupuy", "email": "mairie@beziers.example"}


def test_two_people_of_one_name_at_the_town_hall_have_each_a_badge(edition: Edition) -> None:
    deputy = make_person(**TOWN_HALL, civility="monsieur", function="deputy_mayor")
    officer = make_person(**TOWN_HALL, civility="monsieur", function="officer")
    assert len(register(deputy, officer).added) == 2
    assert len(register(deputy).already_registered) == 1
    again = register(officer)
    assert [queries.get_attendee(number).function for number in again.already_registered] == [
        "officer"
    ]
    assert len(all_of(Attendee)) == 2


def test_people_of_one_name_from_two_communes_are_two_at_a_shared_address(
    edition: Edition,
) -> None:
    shared = {**TOWN_HALL, "email": "contact@agglo.example"}
    assert register(make_person(**shared, place=BEZIERS)).added
    assert register(make_person(**shared, place=MONS)).added


def test_an_address_of_several_people_does_not_say_who_comes(edition: Edition) -> None:
    mailbox = {"email": "dupuy.pays@free.fr", "last_name": "Dupuy"}
    assert register(make_person(**mailbox, first_name="Jean", function="deputy_mayor")).added
    officer = make_person(**mailbox, first_name="Jean", function="officer")
    assert register(officer).already_registered
    assert register(make_person(**mailbox, first_name="Anne", function="councillor")).added
    assert register(officer).added


def test_a_person_changes_function_and_stays_the_same_at_their_own_address(
    edition: Edition,
) -> None:
    own = {**TOWN_HALL, "email": "jean.dupuy@free.fr"}
    assert register(make_person(**own, function="mayor")).added
    again = register(make_person(**own, function="councillor", place=MONS))
    assert len(again.already_registered) == 1


def test_a_mayor_registered_by_three_people_is_found(edition: Edition) -> None:
    mayor = register_one(**TOWN_HALL, civility="monsieur")
    register_one(first_name="Jeanne", last_name="Dupuy", function="councillor")
    register_one(first_name="Jean", last_name="Dupuy", place=MONS)
    typed = make_person(first_name="DUPUY", last_name="Jean", email="j.dupuy@free.fr", civility="")
    [(attendee_id, answer)] = queries.people_like(edition.id, typed.identity)
    assert (attendee_id, answer.verdict) == (mayor.id, Verdict.SAME)
