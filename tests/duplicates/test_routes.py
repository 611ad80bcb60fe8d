"""« Doublons »: pairs side by side, a merge asked and undone, people told apart, walls."""

import re
from typing import Any

import pytest
from flask import Flask

from salon.badges.models import Attendee
from salon.badges.services import register_on_the_spot
from salon.fair.models import Edition, EditionState
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Domain, Role
from tests.accounts.test_rights import colleague
from tests.appointments.make import book, make_fair
from tests.badges.people import badge_of, register_one
from tests.badges.registrations import ORGANISER
from tests.duplicates.people import NOW, mayor, register_mayor
from tests.factories import act_in, make_edition, new_key, sign_in
from tests.pages import PageClient

PAGE = "/organisation/doublons"


def text_of(client: PageClient, path: str = PAGE) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(path).get_data(as_text=True)))


def test_five_registrations_are_merged_and_separated_by_the_pages(
    app: Flask, edition: Edition
) -> None:
    five = register_mayor(edition)
    client = sign_in(app, Role.ORGANISER)
    page = text_of(client)
    assert "1 doublon probable" in page.replace("\xa0", " ")
    assert "5 inscriptions, ressemblance" in page.replace("\xa0", " ")
    assert "même fonction unique au même endroit" in page
    assert "dossier de 3 personnes (mairie@espondeilhan.example)" in page
    path = f"{PAGE}/reunir?" + "&".join(f"row={person.id}" for person in five)
    page = text_of(client, path)
    assert "c’est le premier émis" in page
    assert "Les 4 autres badges n’ouvrent plus" in page

    answer = merge_by_page(client, path, **{"choix-contact": str(five[4].id)})
    assert answer.status_code == 302
    shown = text_of(client, answer.location)
    assert "Claire Martin" in shown
    assert "cmartin@free.example" in shown
    assert "sont réunies" in shown
    assert "Inscriptions d’une même personne réunies" in shown, "the journal follows"
    assert "Aucun doublon probable" in text_of(client)
    token = badge_of(five[0].id).private_token
    group = text_of(client, f"/inscription/dossier/{five[1].group.private_token}")
    assert "Réunie à une autre inscription" in group
    assert token in client.get(f"/inscription/dossier/{five[1].group.private_token}").text

    assert client.fill(f"{PAGE}/{five[1].id}/defaire", "").status_code == 302
    page = text_of(client)
    assert "chacune avec son badge, comme avant" in page
    assert "5 inscriptions, ressemblance" in page.replace("\xa0", " ")


def merge_by_page(client: PageClient, path: str, **choices: str) -> Any:
    """Send the page of a merge with what it shows, but for these choices."""
    page = client.get(path).text
    badge = re.search(r'name="badge_id"[^>]*value="(\d+)"', page)
    assert badge, page
    chosen = dict(re.findall(r'checked[^>]*name="([^"]+)"[^>]*value="([^"]+)"', page))
    return client.fill(path, **{"badge_id": badge[1], **chosen, **choices})


def post(client: PageClient, path: str, **values: Any) -> Any:
    """Post as a button of the page does."""
    return client.fill(PAGE, path, **values)


@pytest.mark.on_both
def test_told_apart_two_people_are_not_proposed_again(app: Flask, edition: Edition) -> None:
    pair = [
        register_one(first_name="Jean", last_name="Dupuy", email=f"j{n}@a.example") for n in "ab"
    ]
    client = sign_in(app, Role.ORGANISER)
    ids = ",".join(str(person.id) for person in pair)
    assert "même nom" in text_of(client)
    post(client, f"{PAGE}/deux-personnes", people=ids)
    page = text_of(client)
    assert "Aucun doublon probable" in page
    assert "Dites de deux personnes" in page
    person = text_of(client, f"/organisation/participants/{pair[0].id}")
    assert "Peut-être inscrite plusieurs fois" not in person
    post(client, f"{PAGE}/comparer", people=ids)
    assert "1 doublon probable" in text_of(client).replace("\xa0", " ")
    person = text_of(client, f"/organisation/participants/{pair[0].id}")
    assert "autre inscription ressemble" in person.replace("\xa0", " ")


def test_of_two_appointments_at_once_one_is_chosen(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    people = []
    for number in "ab":
        person = mayor(email=f"claire{number}@orange.example")
        result = register_on_the_spot(act_in(edition, ORGANISER, NOW), person, new_key())
        people.append(current_session().get_one(Attendee, result.added[0]))
    rows = [book(fair, at=fair.at(9), visitor=person) for person in people]
    client = sign_in(app, Role.ORGANISER)
    path = f"{PAGE}/reunir?row={people[0].id}&row={people[1].id}"
    assert "Deux rendez-vous en même temps" in text_of(client, path)
    refused = merge_by_page(client, path)
    assert refused.status_code == 400
    assert "Choisissez le rendez-vous qui reste." in refused.text
    answer = merge_by_page(client, path, **{"rendez-vous-1": str(rows[1].id)})
    assert answer.status_code == 302


def test_nothing_of_another_or_of_a_closed_edition_is_merged(app: Flask, edition: Edition) -> None:
    own = [register_one(), register_one()]
    other = make_edition(is_current=False)
    result = register_on_the_spot(act_in(other, ORGANISER, NOW), mayor(), new_key())
    stranger = result.added[0]
    client = sign_in(app, Role.ORGANISER)
    path = f"{PAGE}/reunir?row={own[0].id}&row={stranger}"
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (302, PAGE)
    path = f"{PAGE}/reunir?row={own[0].id}&row={own[1].id}"
    assert client.get(path).status_code == 200
    with transaction(edition):
        edition.is_current, edition.state = None, EditionState.CLOSED
    refused = merge_by_page(client, f"/e/{edition.slug}{path}")
    assert (refused.status_code, "clôturée" in refused.text) == (409, True)
    assert own[1].status == "registered"


def test_the_lists_open_to_those_who_see_addresses(app: Flask, edition: Edition) -> None:
    """Each list asks for its own part of the rights; reading alone changes nothing."""
    pair = [register_one(), register_one()]
    path = f"{PAGE}/reunir?row={pair[0].id}&row={pair[1].id}"
    for domain, people, agents, merge in (
        (Domain.REGISTRATIONS, 200, 403, 302),
        (Domain.READING, 200, 200, 403),
        (Domain.WELCOME, 403, 403, 403),
    ):
        client = colleague(app, edition, domain)
        opened = (client.get(PAGE).status_code, client.get(f"{PAGE}/agents").status_code)
        assert opened == (people, agents), domain
        sent = client.post(f"{PAGE}/deux-personnes", data={"csrf_token": client.token("/")})
        assert (sent.status_code == 403) == (merge == 403), domain
        assert (client.get(path).status_code == 403) == (people == 403), domain
