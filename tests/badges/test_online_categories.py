"""Categories open online and places: who may register, and how many."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask

from salon.badges import rules, services
from salon.badges.engine.online_places import OnlineCategory, OnlinePlaces
from salon.badges.models import Attendee, AttendeeStatus
from salon.badges.queries.registration_settings import places_of
from salon.badges.services import registration_settings as setting_services
from salon.badges.services.registration import add_attendee, new_group
from salon.dashboard.services.edition_folder import load_folder, write_folder
from salon.fair.imports.seed_tables import FileNotUnderstood
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Identity, Role
from salon.platform.database.versions import StaleVersion, stamp_of
from salon.platform.web.access import settings
from tests.badges.people import PUBLIC, all_of, badge_of, make_person, register, register_one
from tests.badges.registrations import NOW, ORGANISER
from tests.badges.visitor_pages import VISITOR
from tests.factories import act_in, new_key, sign_in
from tests.fair.test_practical import fields_of, text_of
from tests.pages import PageClient
from tests.races import ROUNDS, race

PAGE = "/organisation/reglages/inscriptions/categories"
CLERK = {"function": "town_clerk"}


def set_places(edition: Edition, places: int | None = None, **choices: dict[str, Any]) -> None:
    """Set the limit of all, and the choices that differ, by category."""
    current = setting_services.category_values(edition)
    names = ("elected", "visitor", "press", "guest")
    rows = dict(zip(names, current["categories"], strict=True))
    changes = {
        "places": places,
        "categories": {name: rows[name] | choices.get(name, {}) for name in names},
    }
    setting_services.change_categories(act_in(edition, SYSTEM), changes, stamp_of(current))


def row(category: str, places: int | None, registered: int, is_open: bool = True) -> OnlineCategory:
    return OnlineCategory(category, category.upper(), is_open, False, places, registered)


@pytest.mark.parametrize(
    ("places", "requested_categories", "refusal"),
    [
        (OnlinePlaces((row("a", None, 9),)), ["a", "a"], None),
        (OnlinePlaces((row("a", 10, 9),)), ["a"], None),
        (OnlinePlaces((row("a", 10, 9),)), ["a", "a"], "Il ne reste que 1 place « A »"),
        (OnlinePlaces((row("a", 10, 10),)), ["a"], "Toutes les places « A » sont prises"),
        (OnlinePlaces((row("a", 10, 12),)), ["a"], "Toutes les places « A » sont prises"),
        (OnlinePlaces((row("a", None, 5), row("b", None, 4)), 10), ["b"], None),
        (OnlinePlaces((row("a", None, 5), row("b", None, 5)), 10), ["b"], "Toutes les places"),
        (
            OnlinePlaces((row("a", 9, 5), row("b", 9, 4)), 10),
            ["a", "b"],
            "Il ne reste que 1 place,",
        ),
        (OnlinePlaces((row("a", 9, 5), row("b", 9, 3)), 10), ["a", "b"], None),
        (OnlinePlaces((row("a", 1, 1), row("b", 9, 0))), ["b"], None),
        (OnlinePlaces((row("a", 9, 0), row("b", 9, 0, False))), ["b"], "Elle l’est à : « A »"),
    ],
)
def test_each_category_and_the_whole_have_room(
    places: OnlinePlaces, requested_categories: list[str], refusal: str | None
) -> None:
    if refusal is None:
        rules.check_places(places, requested_categories)
        return
    with pytest.raises((rules.NotEnoughPlaces, rules.CategoryClosed)) as error:
        rules.check_places(places, requested_categories)
    assert refusal in error.value.message.replace("\u00a0", " ")


def test_the_fair_is_full_when_nobody_can_come_any_more() -> None:
    assert not OnlinePlaces((row("a", 1, 1), row("b", None, 9))).is_full
    assert OnlinePlaces((row("a", 1, 1), row("b", None, 9, is_open=False))).is_full
    assert OnlinePlaces((row("a", None, 1),), 1).is_full


@pytest.mark.on_both
def test_a_full_category_refuses_and_a_cancellation_frees_a_place(edition: Edition) -> None:
    set_places(edition, elected={"places": 2})
    first = register_one()
    with pytest.raises(rules.NotEnoughPlaces):
        register(make_person(), make_person())
    register(make_person(), make_person(**CLERK))
    with pytest.raises(rules.NotEnoughPlaces):
        register(make_person())
    desk = services.register_on_the_spot(act_in(edition, ORGANISER, NOW), make_person(), new_key())
    assert len(desk.added) == 1
    for attendee_id in (first.id, desk.added[0]):
        services.cancel_attendee(Act(PUBLIC, NOW), attendee_id)
    register(make_person())
    assert [category.registered for category in places_of(edition).categories] == [2, 1, 0, 0]


def test_a_refusal_says_nothing_of_who_is_registered(edition: Edition) -> None:
    person = make_person()
    set_places(edition, places=1)
    register(person)
    with pytest.raises(rules.NotEnoughPlaces):
        register(person)


@pytest.mark.race
def test_the_last_place_is_taken_once(app: Flask, edition: Edition) -> None:
    edition_id = edition.id

    def call() -> str:
        try:
            register(make_person())
        except rules.NotEnoughPlaces:
            return "full"
        return "registered"

    for number in range(1, ROUNDS + 1):
        set_places(current_session().get_one(Edition, edition_id), places=number)
        assert sorted(race(app, [call] * 8)) == ["full"] * 7 + ["registered"]
        assert len(all_of(Attendee)) == number


@pytest.mark.race
def test_control_without_the_lock_the_last_place_is_taken_by_all(
    app: Flask, edition: Edition
) -> None:
    """The race above proves something only if this one shows the excess."""
    set_places(edition, places=1)
    edition_id = edition.id
    people = [make_person() for _ in range(4)]

    def look() -> bool:
        left = places_of(current_session().get_one(Edition, edition_id)).left
        return left is not None and left > 0

    def join(number: int) -> Callable[[], None]:
        def call() -> None:
            with transaction() as session:
                group = new_group(session, edition_id, people[number].email, NOW)
                add_attendee(Act(PUBLIC, NOW), session, group, people[number])

        return call

    free = race(app, [look] * 4)
    race(app, [join(number) for number, is_free in enumerate(free) if is_free])
    assert len(all_of(Attendee)) == 4


def test_another_function_needs_a_place_of_its_category(
    client: PageClient, edition: Edition
) -> None:
    register(make_person(**CLERK))
    register(make_person())
    clerk, mayor = sorted(all_of(Attendee), key=lambda attendee: attendee.id)
    set_places(edition, places=2, elected={"places": 1})
    path = f"/badge/{badge_of(clerk.id).private_token}/modifier"
    refused = client.fill(path, **VISITOR, version=str(clerk.version))
    assert refused.status_code == 409
    assert "Toutes les places « Élu » sont prises" in text_of(refused)
    change(mayor.id, "town_clerk")
    change(clerk.id, "mayor")
    set_places(edition, places=2, visitor={"is_open": False})
    with pytest.raises(rules.CategoryClosed):
        change(clerk.id, "town_clerk")
    change(clerk.id, "town_clerk", ORGANISER)
    assert {attendee.category for attendee in all_of(Attendee)} == {"visitor"}


def test_a_cancelled_registration_comes_back_to_a_free_place_only(edition: Edition) -> None:
    """« Rétablir » went beyond the places of a hall."""
    set_places(edition, places=1)
    first = register_one()
    services.cancel_attendee(Act(PUBLIC, NOW), first.id)
    second = register_one()
    with pytest.raises(rules.NotEnoughPlaces):
        services.restore_attendee(Act(PUBLIC, NOW), first.id)
    assert places_of(edition).left == 0
    services.cancel_attendee(Act(PUBLIC, NOW), second.id)
    set_places(edition, places=1, elected={"is_open": False}, visitor={"is_open": True})
    services.restore_attendee(Act(PUBLIC, NOW), first.id)
    services.restore_attendee(Act(ORGANISER, NOW), second.id)
    live = [row.id for row in all_of(Attendee) if row.status == AttendeeStatus.REGISTERED]
    assert sorted(live) == [first.id, second.id]


def test_a_delegate_of_another_category_needs_a_place_there(
    client: PageClient, edition: Edition
) -> None:
    clerk, mayor = register_one(**CLERK), register_one()
    set_places(edition, places=2, elected={"places": 1})
    path = f"/badge/{badge_of(clerk.id).private_token}/remplacer"
    refused = client.fill(path, **VISITOR)
    assert refused.status_code == 409
    assert "Toutes les places « Élu » sont prises" in text_of(refused)
    for absent, person in ((mayor, make_person()), (clerk, make_person(**CLERK))):
        services.replace_attendee(Act(PUBLIC, NOW), absent.id, person, new_key())
    with pytest.raises(rules.NotEnoughPlaces):
        delegate = max(all_of(Attendee), key=lambda row: row.id)
        services.replace_attendee(Act(PUBLIC, NOW), delegate.id, make_person(), new_key())
    services.replace_attendee(Act(ORGANISER, NOW), delegate.id, make_person(), new_key())


def change(attendee_id: int, function: str, actor: Identity = PUBLIC) -> None:
    current_session().expire_all()
    version = current_session().get_one(Attendee, attendee_id).version
    services.change_attendee(Act(actor), attendee_id, version, {"function": function})


@pytest.mark.race
def test_the_last_place_of_a_category_is_taken_by_one_change_of_function(
    app: Flask, edition: Edition
) -> None:
    clerks = [register_one(**CLERK).id for _ in range(4)]
    for number in range(1, ROUNDS + 1):
        set_places(current_session().get_one(Edition, edition.id), elected={"places": number})

        def call(attendee_id: int) -> str:
            try:
                change(attendee_id, "mayor")
            except rules.NotEnoughPlaces:
                return "full"
            return "elected"

        calls = [partial(call, attendee_id) for attendee_id in clerks]
        assert race(app, calls).count("full") == 3
        current_session().rollback()
        elected = [attendee.id for attendee in all_of(Attendee) if attendee.category == "elected"]
        assert len(elected) == number
        clerks = [attendee_id for attendee_id in clerks if attendee_id not in elected]
        clerks.append(register_one(**CLERK).id)


def test_a_correction_needs_no_further_place(client: PageClient, edition: Edition) -> None:
    set_places(edition, places=1, elected={"places": 1})
    client.fill("/inscription", **VISITOR)
    corrected = client.fill("/inscription/corriger", **VISITOR | {"last_name": "Dupont"})
    assert corrected.location == "/inscription/merci"
    [attendee] = all_of(Attendee)
    assert attendee.last_name == "Dupont"
    full = client.get("/inscription")
    assert "Le salon est complet" in text_of(full)
    assert "Retrouver" in text_of(full)
    assert client.get("/inscription/commune").status_code == 200
    set_places(edition, places=2, visitor={"is_open": False})
    closed = client.fill("/inscription/corriger", **VISITOR | CLERK)
    assert closed.status_code == 409
    assert "« Visiteur »" in text_of(closed)


def test_a_closed_category_and_a_chosen_one(client: PageClient, edition: Edition) -> None:
    assert "Vous venez comme" not in text_of(client.get("/inscription"))
    set_places(
        edition, visitor={"is_open": False}, press={"is_open": True, "label": "Presse et médias"}
    )
    page = text_of(client.get("/inscription"))
    assert "Inscriptions en ligne ouvertes à : Élu, Presse et médias." in page
    refused = client.fill("/inscription", **VISITOR | CLERK)
    assert refused.status_code == 409
    assert "Elle l’est à : « Élu », « Presse et médias »" in text_of(refused)
    assert 'value="d’Arçon"' in refused.text
    assert client.fill("/inscription", **VISITOR | CLERK, category="guest").status_code == 400
    assert client.fill("/inscription", **VISITOR | CLERK, category="press").status_code == 302
    [attendee] = all_of(Attendee)
    assert (attendee.category, attendee.status) == ("press", AttendeeStatus.REGISTERED)


def test_a_list_that_does_not_fit_comes_back_as_it_was_typed(
    client: PageClient, edition: Edition
) -> None:
    set_places(edition, places=1)
    lines = {
        f"lines-{number}-{name}": value
        for number in range(2)
        for name, value in {
            "civility": "madame",
            "first_name": "Anne",
            "last_name": f"Roux {number}",
            "function": "mayor",
        }.items()
    }
    answer = client.fill(
        "/inscription/commune", commune="Béziers", email="mairie@beziers.example", **lines
    )
    assert answer.status_code == 409
    assert "Il ne reste que 1 place, et vous inscrivez davantage" in text_of(answer)
    assert 'value="Roux 1"' in answer.text
    assert all_of(Attendee) == []


def test_an_organiser_sets_the_categories(app: Flask, edition: Edition) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    fields = fields_of(organiser.get(PAGE).text)
    closed = {name: value for name, value in fields.items() if not name.endswith("is_open")}
    answer = organiser.post(PAGE, data=closed)
    assert answer.status_code == 400
    assert "au moins une catégorie" in text_of(answer)
    for wrong in ("0", "beaucoup", "1000000"):
        assert organiser.post(PAGE, data=fields | {"places": wrong}).status_code == 400
    response = organiser.post(PAGE, data=fields | {"places": "300", "press-places": "20"})
    assert response.status_code == 302
    assert "300 places en tout" in text_of(organiser.get("/organisation/reglages"))
    assert organiser.post(PAGE, data=fields | {"places": "5"}).status_code == 409
    with pytest.raises(StaleVersion):
        setting_services.change_categories(
            act_in(edition, SYSTEM), {"places": 1, "categories": {}}, "0" * 16
        )


@pytest.mark.on_both
def test_categories_go_with_the_folder_of_the_edition(edition: Edition, tmp_path: Any) -> None:
    set_places(edition, 400, visitor={"is_open": False}, press={"is_open": True, "label": "Médias"})
    folder = tmp_path / "edition"
    write_folder(edition, folder, settings().file_store)
    path = folder / "edition.toml"
    path.write_text(path.read_text().replace(f'"{edition.slug}"', '"copie"', 1))
    copy = load_folder(Act(SYSTEM), folder).edition
    assert setting_services.category_values(copy) == setting_services.category_values(edition)
    path.write_text(path.read_text().replace('"copie"', '"autre"', 1))
    file = folder / "registration.toml"
    file.write_text(file.read_text().replace("places = 400", "places = 0"))
    with pytest.raises(FileNotUnderstood, match=r"registration\.toml"):
        load_folder(Act(SYSTEM), folder)
