"""The organiser's plan pages: the whole hall, one stand, a row."""

import re

from flask import Flask
from sqlalchemy import func, select

from salon.exhibitors.models import Exhibitor
from salon.fair import queries
from salon.fair.engine.layout import PlacedStand, as_json, placed
from salon.fair.models import Edition, Hall
from salon.fair.rules import PlanNotUnderstood
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.platform.mail.outbox import Message, is_held_now
from tests.exhibitors.make import make_hall, make_stand
from tests.factories import sign_in
from tests.fair.floor.desk import (
    ADDRESS,
    fields,
    hidden,
    numbers,
    plain,
    read_form,
    saving_form,
    stand_of,
)
from tests.pages import PageClient
from tests.tables import each


def test_the_list_counts_each_hall(organiser: PageClient, hall: Hall) -> None:
    page = plain(organiser.get("/organisation/plan"))
    row = page[page.index("Hall 2</a>") :]
    cells = re.findall(r'class="number">([^<]*)<', row)[:6]
    assert cells == ["1 200 m²", "3", "1", "27", "9", "18"]


def test_the_editor_is_a_table_and_a_drawing_of_the_same(organiser: PageClient, hall: Hall) -> None:
    page = plain(organiser.get(ADDRESS))
    assert page.count('class="plan__stand') == 3
    assert "Lumières de l’Agly" in page
    for stand in hall.stands:
        assert page.count(f'href="{ADDRESS}/stands/{stand.id}"') == 2
    assert "nord, sud, ouest" in page, "the sides of the first stand of the row"


def test_a_drawing_is_saved(organiser: PageClient, hall: Hall) -> None:
    fields = read_form(organiser)
    fields["layout"] = fields["layout"].replace('"x": 9.0', '"x": 20.5').replace('"3"', '"33"')
    answer = organiser.post(ADDRESS, data=fields)
    assert answer.status_code == 302
    assert stand_of("33").x == 20.5
    assert "Le plan est enregistré" in plain(organiser.get(ADDRESS))


def test_a_drawing_with_faults_is_kept_and_they_are_all_said(
    organiser: PageClient, hall: Hall
) -> None:
    fields = read_form(organiser)
    fields["layout"] = (
        fields["layout"].replace('"x": 9.0', '"x": 8.0').replace('"x": 3.0', '"x": 99')
    )
    answer = organiser.post(ADDRESS, data=fields)
    page = plain(answer)
    assert answer.status_code == 400
    assert "Les stands 2 et 3 se recouvrent" in page
    assert "Le stand 1 dépasse du hall 2" in page
    assert '"x": 8.0' in page, "what was drawn is not lost"
    assert [stand.x for stand in hall.stands] == [3, 6, 9]


CONTROL = as_json([PlacedStand("1\x00", 3, 3, 3, 3)])


@each("text", ["", "[]x", '[{"number": "1"}]', "[" * 5000, CONTROL])
def test_a_drawing_that_is_none_is_refused(organiser: PageClient, hall: Hall, text: str) -> None:
    fields = read_form(organiser)
    refused = organiser.post(ADDRESS, data=fields | {"layout": text})
    assert (refused.status_code, PlanNotUnderstood.message in refused.text) == (400, True)
    assert organiser.post(ADDRESS, data=fields | {"version": "x"}).status_code == 400
    assert numbers(hall) == ["1", "2", "3"]


def test_an_occupied_stand_cannot_be_left_out(organiser: PageClient, hall: Hall) -> None:
    fields = read_form(organiser) | {"layout": "[]"}
    answer = organiser.post(ADDRESS, data=fields)
    assert answer.status_code == 409
    assert "Le stand 2 est occupé : libérez d’abord la place" in plain(answer)
    assert numbers(hall) == ["1", "2", "3"]


def test_a_refused_drawing_stays_about_the_plan_that_its_author_read(
    organiser: PageClient, hall: Hall
) -> None:
    """Somebody saves between a refusal and its correction: both are shown, nothing is undone."""
    own_form = read_form(organiser)
    own_form["layout"] = own_form["layout"].replace('"x": 9.0', '"x": 8.0')
    answer = organiser.post(ADDRESS, data=own_form)
    assert answer.status_code == 400
    refused = saving_form(answer.text)
    other_form = read_form(organiser)
    other_form["layout"] = other_form["layout"].replace('"1"', '"11"')
    assert organiser.post(ADDRESS, data=other_form).status_code == 302
    answer = organiser.post(ADDRESS, data=refused)
    assert answer.status_code == 409
    together = saving_form(answer.text)
    together["layout"] = together["layout"].replace('"x": 8.0', '"x": 20.0')
    assert organiser.post(ADDRESS, data=together).status_code == 302
    assert (numbers(hall), stand_of("3").x) == (["11", "2", "3"], 20)


def test_changed_meanwhile_shows_both_and_saves_them_together(
    app: Flask, organiser: PageClient, hall: Hall
) -> None:
    """Nobody's work is lost, and nothing is written before it was read."""
    own_form = read_form(organiser)
    own_form["layout"] = own_form["layout"].replace('"x": 9.0', '"x": 30.0')
    other_form = read_form(organiser)
    other_form["layout"] = other_form["layout"].replace('"1"', '"11"')
    assert organiser.post(ADDRESS, data=other_form).status_code == 302
    answer = organiser.post(ADDRESS, data=own_form)
    page = plain(answer)
    assert answer.status_code == 409
    assert "numéro 1 → 11" in page
    assert "Stand 3</strong> : à l’ouest 9 m → 30 m" in page
    assert (numbers(hall), stand_of("3").x) == (["11", "2", "3"], 9)
    assert organiser.post(ADDRESS, data=saving_form(answer.text)).status_code == 302
    assert (numbers(hall), stand_of("3").x) == (["11", "2", "3"], 30)


def test_a_stand_is_added_changed_copied_and_removed_without_a_script(
    organiser: PageClient, hall: Hall
) -> None:
    new = {**fields(stand_of("1")), "number": "9", "x": "20,5", "y": "10"}
    assert organiser.fill(f"{ADDRESS}/stands/nouveau", **new).status_code == 302
    stand = stand_of("9")
    assert (stand.x, stand.y) == (20.5, 10)
    address = f"{ADDRESS}/stands/{stand.id}"
    changed = fields(stand, number="90", depth="4,5", category="premium")
    assert organiser.fill(address, **changed).status_code == 302
    assert stand_of("90").depth == 4.5
    copy = organiser.get(f"{ADDRESS}/stands/nouveau?copie={stand.id}").text
    assert 'value="23,5"' in copy, "the copy begins where the stand ends"
    removal = organiser.fill(
        address, to=f"{address}/supprimer", version=str(stand_of("90").hall.version)
    )
    assert "90" in numbers(hall)
    assert organiser.confirm(removal).status_code == 302
    assert numbers(hall) == ["1", "2", "3"]


def test_an_occupied_stand_is_not_removed(organiser: PageClient, hall: Hall) -> None:
    address = f"{ADDRESS}/stands/{stand_of('2').id}"
    answer = organiser.fill(address, to=f"{address}/supprimer", version=str(hall.version))
    page = plain(answer)
    assert answer.status_code == 409
    assert "Le stand 2 est occupé" in page
    occupant = current_session().query(Exhibitor).one()
    assert f'href="/organisation/exposants/{occupant.id}">Lumières de l’Agly' in page, "a way out"
    assert numbers(hall) == ["1", "2", "3"]


def test_an_occupied_stand_that_shrinks_says_whose_it_is(organiser: PageClient, hall: Hall) -> None:
    sentence = "Le stand 2 passe de 9 à 6 m² et reste occupé par Lumières de l’Agly."
    stand = stand_of("2")
    organiser.fill(f"{ADDRESS}/stands/{stand.id}", **fields(stand, depth="2"))
    assert sentence in plain(organiser.get(ADDRESS))
    form_fields = read_form(organiser)
    form_fields["layout"] = form_fields["layout"].replace('"depth": 2.0', '"depth": 1.5')
    assert organiser.post(ADDRESS, data=form_fields).status_code == 302
    assert "passe de 6 à 4,5 m²" in plain(organiser.get(ADDRESS))
    free = stand_of("1")
    organiser.fill(f"{ADDRESS}/stands/{free.id}", **fields(free, depth="2"))
    assert "passe de" not in plain(organiser.get(ADDRESS))


TYPED_WRONGLY: list[tuple[dict[str, str], str]] = [
    ({"x": "abc"}, "Indiquez une longueur entre 0 m et 100 m."),
    ({"x": "nan"}, "Indiquez une longueur entre 0 m et 100 m."),
    ({"x": "-1"}, "Indiquez une longueur entre 0 m et 100 m."),
    ({"width": "0,4"}, "Indiquez une longueur entre 0,5 m et 60 m."),
    ({"number": ""}, "Indiquez le numéro du stand."),
    ({"number": "x" * 9}, "Au plus 8 caractères."),
    ({"number": "é1"}, "« é1 » n’est pas un numéro de stand"),
    ({"number": "2"}, "Le numéro 2 est donné à 2 stands."),
    ({"x": "7"}, "Les stands 2 et 3 se recouvrent."),
    ({"x": "38"}, "Le stand 3 dépasse du hall 2."),
    ({"power_kw": "36"}, "le hall 2 fournit au plus 9 kW."),
    ({"power_kw": "trois"}, "Indiquez un nombre entier entre 0 et 400."),
    ({"category": "vip"}, "Choisissez une réponse de la liste."),
]


def test_one_stand_typed_wrongly_is_said_at_its_field(organiser: PageClient, hall: Hall) -> None:
    for changes, sentence in TYPED_WRONGLY:
        stand = stand_of("3")
        answer = organiser.fill(f"{ADDRESS}/stands/{stand.id}", **fields(stand, **changes))
        assert answer.status_code == 400, changes
        assert sentence in plain(answer), changes
        assert (stand_of("3").x, numbers(hall)) == (9, ["1", "2", "3"]), changes


def test_one_stand_changed_meanwhile_shows_what_it_is_and_keeps_what_was_typed(
    organiser: PageClient, hall: Hall
) -> None:
    stand = stand_of("3")
    form_fields = fields(stand, x="20")
    organiser.fill(f"{ADDRESS}/stands/{stand.id}", **fields(stand, width="4"))
    answer = organiser.fill(f"{ADDRESS}/stands/{stand.id}", **form_fields)
    page = plain(answer)
    assert answer.status_code == 409
    assert "4 × 3 m" in page
    assert 'value="20"' in page
    second_fields = form_fields | {"version": hidden(answer.text, "version")}
    assert organiser.fill(f"{ADDRESS}/stands/{stand.id}", **second_fields).status_code == 302
    assert (stand_of("3").x, stand_of("3").width) == (20, 3)


def test_a_row_is_numbered(organiser: PageClient, hall: Hall) -> None:
    address = f"{ADDRESS}/numeros"
    row = str(stand_of("1").id)
    fields = {"row": row, "first": "101", "step": "2", "version": str(hall.version)}
    for bad in ({"row": "7"}, {"first": ""}, {"step": "0"}, {"direction": "haut"}):
        answer = organiser.fill(address, **{**fields, "direction": "west", **bad})
        assert answer.status_code == 400, bad
    question = organiser.fill(address, **fields, direction="west")
    assert "Changer des stands du plan" in plain(question)
    assert organiser.confirm(question).status_code == 302
    result = (
        {stand.number: stand.x for stand in hall.stands}
        if current_session().expire_all() is None
        else {}
    )
    assert result == {"105": 3, "103": 6, "101": 9}
    answer = organiser.fill(address, **fields, direction="east")
    assert answer.status_code == 409, "an old version"
    second_fields = fields | {"version": hidden(answer.text, "version")}
    assert organiser.fill(address, **second_fields, direction="east").status_code == 302, (
        "a way out"
    )


def test_new_numbers_are_undone_with_their_messages(organiser: PageClient, hall: Hall) -> None:
    held_count = select(func.count(Message.id)).where(is_held_now())
    fields = {"row": str(stand_of("1").id), "first": "101", "step": "1", "direction": "east"}
    question = organiser.fill(f"{ADDRESS}/numeros", **fields, version=str(hall.version))
    assert "Exposants : 1" in plain(question)
    assert organiser.confirm(question).location == ADDRESS
    assert current_session().scalar(held_count) == 1
    page = organiser.get(ADDRESS).text
    assert page.count(f'action="{ADDRESS}/retablir"') == 2, "beside the message, and below"
    entry = {"entry": hidden(page, "entry"), "csrf_token": hidden(page, "csrf_token")}
    assert organiser.post(f"{ADDRESS}/retablir", data=entry).location == ADDRESS
    assert numbers(hall) == ["1", "2", "3"]
    assert current_session().scalar(held_count) == 0
    page = organiser.get(ADDRESS).text
    assert "retablir" not in page
    assert organiser.post(f"{ADDRESS}/retablir", data=entry).status_code == 409


def test_the_settings_of_a_hall(organiser: PageClient, hall: Hall) -> None:
    fields = {"aisle": "2,5", "power_kw": "18", "has_water": "y", "version": str(hall.version)}
    to = f"{ADDRESS}/reglages"
    assert organiser.fill(ADDRESS, to=to, **fields).status_code == 302
    current_session().expire_all()
    assert (hall.aisle, hall.power_kw) == (2.5, 18)
    for bad, sentence in (
        ({"aisle": "0"}, "entre 1,2 m et 10 m"),
        ({"power_kw": "3"}, "au plus 3 kW"),
    ):
        answer = organiser.fill(ADDRESS, to=to, **{**fields, "version": str(hall.version), **bad})
        assert answer.status_code == 400
        assert sentence in plain(answer)
    answer = organiser.fill(ADDRESS, to=to, **{**fields, "aisle": "2"})
    assert answer.status_code == 409, "an old version"
    assert "Quelqu’un d’autre vient de modifier" in plain(answer)
    form = answer.text[answer.text.index('action="/organisation/plan/2/reglages"') :]
    assert 'value="2"' in form, "what was typed is not lost"
    second_fields = {**fields, "aisle": "2", "version": hidden(form, "version")}
    assert organiser.fill(ADDRESS, to=to, **second_fields).status_code == 302


@each(
    "path", ["/organisation/plan", ADDRESS, f"{ADDRESS}/stands/nouveau", "/organisation/plan.csv"]
)
def test_only_organisers_draw(app: Flask, client: PageClient, hall: Hall, path: str) -> None:
    assert "/connexion" in client.get(path).headers["Location"]
    assert sign_in(app, Role.EXHIBITOR).get(path).status_code == 403


def test_what_is_not_there_is_a_404(organiser: PageClient, hall: Hall, edition: Edition) -> None:
    other_stand = make_stand(make_hall(edition, name="5"), number="55")
    for path in (
        "/organisation/plan/9",
        f"{ADDRESS}/stands/{other_stand.id}",
        f"{ADDRESS}/stands/999",
    ):
        assert organiser.get(path).status_code == 404


def test_a_layout_of_the_page_is_the_hall(organiser: PageClient, hall: Hall) -> None:
    fields = read_form(organiser)
    assert (
        fields["layout"]
        == fields["base"]
        == as_json(placed(sorted(hall.stands, key=lambda s: s.x)))
    )
    assert queries.get_hall(queries.get_public_edition(), "2").version == int(fields["version"])
