"""Stands given by hand on the pages."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from salon.exhibitors.models import ApplicationStatus
from salon.exhibitors.queries.exhibitors import get_exhibitor
from salon.fair.models import Edition, Hall, Stand
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from tests.exhibitors.make import make_exhibitor, make_stand, make_theme
from tests.factories import sign_in
from tests.pages import PageClient
from tests.placement.pages import LIST, stand_of, text_of
from tests.statements import statements
from tests.tables import each

# Giving


def test_the_list_shows_wishes_and_the_best_stand_first(
    organiser: PageClient, edition: Edition, hall: Hall
) -> None:
    make_stand(hall, number="1", x=3, y=3, power_kw=3)
    make_stand(hall, number="2", x=9, y=3, power_kw=9, has_water=True)
    expected_fields = {
        "wants_corner": True,
        "wants_water": True,
        "power_kw": 6,
        "near": ["Les Mâts d’Oc"],
    }
    exhibitor = make_exhibitor(edition, name="Source", wished_hall_id=hall.id, **expected_fields)
    make_exhibitor(edition, name="Refusé", status=ApplicationStatus.REFUSED)
    make_exhibitor(edition, name="Pavillon", area=0)
    page = text_of(organiser, LIST)
    for words in ("Source", "Angle", "Eau", "6&nbsp;kW", "Hall&nbsp;A", "Près de Les Mâts d’Oc"):
        assert words in page
    assert "Refusé" not in page
    assert "Pavillon" not in page
    assert re.findall(r"<option[^>]*>(\d)", page) == ["2"]
    answer = organiser.fill(
        LIST, to=f"{LIST}/{exhibitor.id}", version=exhibitor.version, stand_id=_id_of("2")
    )
    assert answer.headers["Location"] == f"{LIST}?given={exhibitor.id}#a-placer"
    assert stand_of(exhibitor) == "2"
    assert "</strong>&nbsp;: stand 2, hall&nbsp;A." in text_of(
        organiser, f"{LIST}?given={exhibitor.id}"
    )
    assert "Chacun a sa place" in text_of(organiser, LIST)
    assert "Source" in text_of(organiser, f"{LIST}/places")


def _id_of(number: str) -> int:
    current_session().rollback()
    return current_session().scalars(select(Stand.id).where(Stand.number == number)).one()


def test_a_stand_is_chosen_on_the_plan_and_what_it_lacks_is_said(
    organiser: PageClient, edition: Edition, hall: Hall
) -> None:
    small = make_stand(hall, number="1", x=3, y=3, power_kw=3)
    village = make_stand(hall, number="2", x=9, y=3)
    make_theme(edition, village)
    exhibitor = make_exhibitor(edition, name="Source", area=18, power_kw=6)
    page = text_of(organiser, f"{LIST}/{exhibitor.id}")
    assert f"?stand={small.id}" in page
    assert f"?stand={village.id}" not in page
    looked_at = f"{LIST}/{exhibitor.id}?stand={small.id}"
    assert "À savoir\u00a0: 9 m² de moins, 3 kW au lieu de 6" in text_of(organiser, looked_at)
    answer = organiser.fill(
        looked_at, to=f"{LIST}/{exhibitor.id}", version=exhibitor.version, stand_id=small.id
    )
    assert answer.status_code == 302
    page = text_of(organiser, f"{LIST}/{exhibitor.id}")
    assert "Libérer le stand 1" in page
    version = get_exhibitor(exhibitor.id).version
    freed = organiser.fill(
        f"{LIST}/{exhibitor.id}", to=f"{LIST}/{exhibitor.id}/liberer", version=version
    )
    assert freed.status_code == 302
    assert stand_of(exhibitor) is None


def test_a_stand_taken_meanwhile_is_a_409_with_the_present_state(
    organiser: PageClient, edition: Edition, hall: Hall
) -> None:
    stand = make_stand(hall, number="12", x=3, y=3)
    exhibitor = make_exhibitor(edition, name="Source")
    token = organiser.token(LIST)
    make_exhibitor(edition, name="Les Mâts d’Oc", stand=stand)
    data = {"csrf_token": token, "version": exhibitor.version, "stand_id": stand.id}
    answer = organiser.post(f"{LIST}/{exhibitor.id}", data=data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Le stand 12 est déjà donné à Les Mâts d’Oc" in page
    assert re.search("Occupé par <a [^>]*>Les Mâts d’Oc</a>", page)
    assert stand_of(exhibitor) is None


def test_an_exhibitor_changed_meanwhile_is_a_409(
    organiser: PageClient, edition: Edition, hall: Hall
) -> None:
    stand, exhibitor = make_stand(hall, number="12"), make_exhibitor(edition)
    read = exhibitor.version
    with transaction(exhibitor):
        exhibitor.area = 12
    answer = organiser.fill(LIST, to=f"{LIST}/{exhibitor.id}", version=read, stand_id=stand.id)
    assert answer.status_code == 409
    assert "Quelqu’un d’autre vient de modifier" in answer.get_data(as_text=True)
    assert stand_of(exhibitor) is None


def test_two_stands_are_exchanged_from_the_plan(
    organiser: PageClient, edition: Edition, hall: Hall
) -> None:
    own, other_stand = make_stand(hall, number="12"), make_stand(hall, number="34", x=10, width=6)
    exhibitor = make_exhibitor(edition, name="Mâts", stand=own)
    other_exhibitor = make_exhibitor(edition, name="Rues", area=18, stand=other_stand)
    assert f"?stand={other_stand.id}" in text_of(organiser, f"{LIST}/{exhibitor.id}")
    looked_at = f"{LIST}/{exhibitor.id}?stand={other_stand.id}"
    page = text_of(organiser, looked_at)
    assert "9 m² de plus" in page
    assert "9 m² de moins" in page
    versions = {
        "version": exhibitor.version,
        "other_id": other_exhibitor.id,
        "other_version": other_exhibitor.version,
    }
    stale = organiser.fill(
        looked_at, to=f"{LIST}/{exhibitor.id}/echanger", **versions | {"version": 99}
    )
    assert (stale.status_code, stand_of(exhibitor)) == (409, "12")
    odd = organiser.fill(looked_at, to=f"{LIST}/{exhibitor.id}/echanger", version=exhibitor.version)
    assert (odd.status_code, stand_of(exhibitor)) == (400, "12")
    removal = organiser.fill(
        looked_at, to=f"{LIST}/{exhibitor.id}/echanger", **versions | {"other_id": 9999}
    )
    assert removal.status_code == 404
    answer = organiser.fill(looked_at, to=f"{LIST}/{exhibitor.id}/echanger", **versions)
    assert answer.status_code == 302
    assert (stand_of(exhibitor), stand_of(other_exhibitor)) == ("34", "12")


def test_the_stand_just_given_can_be_taken_back_from_the_list(
    organiser: PageClient, edition: Edition, hall: Hall
) -> None:
    make_stand(hall, number="12")
    exhibitor = make_exhibitor(edition, name="Mâts")
    answer = organiser.fill(
        LIST, to=f"{LIST}/{exhibitor.id}?page=1", version=exhibitor.version, stand_id=_id_of("12")
    )
    back = answer.headers["Location"].partition("#")[0]
    assert "Reprendre ce stand" in text_of(organiser, back)
    version = get_exhibitor(exhibitor.id).version
    freed = organiser.fill(back, to=f"{LIST}/{exhibitor.id}/liberer?page=1", version=version)
    assert freed.headers["Location"].startswith(f"{LIST}?page=1")
    assert stand_of(exhibitor) is None


def test_the_lists_are_searched(organiser: PageClient, edition: Edition, hall: Hall) -> None:
    make_exhibitor(edition, name="Éclairage du Biterrois", stand=make_stand(hall, number="12"))
    make_exhibitor(edition, name="Mâts")
    make_exhibitor(edition, name="Rues")
    page = text_of(organiser, f"{LIST}?q=mat")
    assert "Mâts" in page
    assert "Rues" not in page
    assert "parmi les exposants placés" in text_of(organiser, f"{LIST}?q=eclairage")
    for words in ("eclairage", "12"):
        assert "Éclairage du Biterrois" in text_of(organiser, f"{LIST}/places?q={words}")
    assert "Personne de ce nom n’est placé" in text_of(organiser, f"{LIST}/places?q=zzz")


def test_a_body_gets_back_the_stand_kept_for_it(
    organiser: PageClient, edition: Edition, hall: Hall
) -> None:
    village = make_stand(hall, number="12")
    make_theme(edition, village)
    body = make_exhibitor(edition, name="Organisme")
    assert re.findall(r"<option[^>]*>(\d+),", text_of(organiser, LIST)) == ["12"]
    organiser.fill(LIST, to=f"{LIST}/{body.id}", version=body.version, stand_id=village.id)
    assert stand_of(body) == "12"


@each(
    ("fields", "status"),
    [
        ({"version": "x", "stand_id": "1"}, 400),
        ({"version": "1"}, 400),
        ({"stand_id": "1"}, 400),
        ({"version": "1", "stand_id": "<b>"}, 400),
        ({"version": "1", "stand_id": "999999"}, 404),
        ({"version": "1", "stand_id": "99999999999999999999"}, 400),
        ({"version": "99999999999999999999", "stand_id": "1"}, 400),
        ({"version": "9" * 400, "stand_id": "1"}, 400),
        ({"version": "1", "stand_id": "9" * 400}, 400),
    ],
)
def test_what_cannot_be_understood_writes_nothing(
    organiser: PageClient, edition: Edition, hall: Hall, fields: dict[str, str], status: int
) -> None:
    exhibitor = make_exhibitor(edition)
    answer = organiser.fill(LIST, to=f"{LIST}/{exhibitor.id}", **fields)
    assert answer.status_code == status
    assert stand_of(exhibitor) is None


@each("path", ["/999999", "/propositions/999999", "/propositions/999999.json", "?exhibitor=999999"])
def test_what_does_not_exist_is_a_404(organiser: PageClient, path: str) -> None:
    assert organiser.get(LIST + path, follow_redirects=True).status_code == 404


def test_the_hall_of_the_plan_is_chosen(
    organiser: PageClient, edition: Edition, hall: Hall
) -> None:
    exhibitor = make_exhibitor(edition)
    assert '<h2 id="plan">Hall&nbsp;A' in text_of(organiser, f"{LIST}/{exhibitor.id}?hall=A")
    assert organiser.get(f"{LIST}/{exhibitor.id}?hall=Z").status_code == 404


def test_who_cannot_have_a_stand_is_told_why(organiser: PageClient, edition: Edition) -> None:
    waiting = make_exhibitor(edition, status=ApplicationStatus.SUBMITTED)
    pavilion = make_exhibitor(edition, name="Village", area=0)
    make_exhibitor(edition, name="Membre", parent_id=pavilion.id)
    assert "Seul un exposant accepté" in text_of(organiser, f"{LIST}/{waiting.id}")
    page = text_of(organiser, f"{LIST}/{pavilion.id}")
    assert "Un pavillon n’a pas de stand à lui" in page
    assert "Membre" in page


def test_a_member_joins_a_pavilion(organiser: PageClient, edition: Edition, hall: Hall) -> None:
    pavilion, exhibitor = make_exhibitor(edition, name="Village", area=0), make_exhibitor(edition)
    page = f"{LIST}/{exhibitor.id}"
    answer = organiser.fill(
        page, to=f"{page}/pavillon", version=exhibitor.version, parent_id=pavilion.id
    )
    assert answer.status_code == 302
    assert get_exhibitor(exhibitor.id).parent_id == pavilion.id
    version = get_exhibitor(exhibitor.id).version
    odd = organiser.fill(page, to=f"{page}/pavillon", version=version, parent_id="999")
    assert odd.status_code == 400
    assert get_exhibitor(exhibitor.id).parent_id == pavilion.id


def test_the_list_costs_the_same_number_of_queries_for_more_exhibitors(
    organiser: PageClient, edition: Edition, hall: Hall
) -> None:
    make_exhibitor(edition)
    text_of(organiser, LIST)
    with statements() as few:
        text_of(organiser, LIST)
    for rank in range(30):
        make_exhibitor(edition, wished_hall_id=hall.id)
        make_stand(hall, x=3 * (rank % 8), y=3 * (rank // 8))
    with statements() as many:
        text_of(organiser, LIST)
    assert len(many) == len(few)
    exhibitor = make_exhibitor(edition)
    with statements() as place:
        text_of(organiser, f"{LIST}/{exhibitor.id}")
    assert len(place) <= 16


@pytest.mark.parametrize("role", [Role.AGENT, Role.EXHIBITOR])
def test_the_others_are_refused(app: Flask, edition: Edition, role: Role) -> None:
    client = sign_in(app, role)
    for path in (LIST, f"{LIST}/1", f"{LIST}/places", f"{LIST}/propositions/1"):
        assert client.get(path).status_code == 403
