"""The organiser's plan pages: the whole hall, one stand, a row, a file."""

import html
import io
import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from salon.db import session
from salon.fair import queries
from salon.fair.layout import as_json, placed
from salon.fair.models import Edition, Hall, Stand
from salon.identity import Role
from salon.journal import entries
from salon.spreadsheet import MARK
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_theme
from tests.factories import sign_in
from tests.pages import PageClient

ADDRESS = "/organisation/plan/2"


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


@pytest.fixture
def hall(edition: Edition) -> Hall:
    """Stands 1, 2, 3 in a row; an exhibitor on 2."""
    hall = make_hall(edition, name="2")
    stands = [make_stand(hall, number=str(n), x=3 * n, y=3) for n in (1, 2, 3)]
    make_exhibitor(edition, stand=stands[1], name="Lumières de l’Agly", slug="lumieres")
    return hall


def plain(answer: TestResponse) -> str:
    text = html.unescape(answer.get_data(as_text=True))
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " "))


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return html.unescape(found[1])


def read_form(client: PageClient, path: str = ADDRESS) -> dict[str, str]:
    """The hidden fields of the drawing's form."""
    page = client.get(path).text
    form = page[page.index('id="plan-save"') :]
    return {name: hidden(form, name) for name in ("csrf_token", "version", "base", "layout")}


def numbers(hall: Hall) -> list[str]:
    session().expire_all()
    return sorted(one.number for one in hall.stands)


def stand_of(number: str) -> Stand:
    session().expire_all()
    return session().query(Stand).filter_by(number=number).one()


def fields(stand: Stand, **changes: Any) -> dict[str, str]:
    """What the form of one stand sends."""
    values = {
        "number": stand.number,
        "x": f"{stand.x:g}",
        "y": f"{stand.y:g}",
        "width": f"{stand.width:g}",
        "depth": f"{stand.depth:g}",
        "power_kw": str(stand.power_kw),
        "category": stand.category.value,
        "is_accessible": "y",
        "version": str(stand.hall.version),
    }
    return {**values, **{name: str(value) for name, value in changes.items()}}


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
    sent = read_form(organiser)
    sent["layout"] = sent["layout"].replace('"x": 9.0', '"x": 20.5').replace('"3"', '"33"')
    answer = organiser.post(ADDRESS, data=sent)
    assert answer.status_code == 302
    assert stand_of("33").x == 20.5
    assert "Le plan est enregistré" in plain(organiser.get(ADDRESS))


def test_a_drawing_with_faults_is_kept_and_they_are_all_said(
    organiser: PageClient, hall: Hall
) -> None:
    sent = read_form(organiser)
    sent["layout"] = sent["layout"].replace('"x": 9.0', '"x": 8.0').replace('"x": 3.0', '"x": 99')
    answer = organiser.post(ADDRESS, data=sent)
    page = plain(answer)
    assert answer.status_code == 400
    assert "Les stands 2 et 3 se recouvrent" in page
    assert "Le stand 1 dépasse du hall 2" in page
    assert '"x": 8.0' in page, "what was drawn is not lost"
    assert [one.x for one in hall.stands] == [3, 6, 9]


@pytest.mark.parametrize("text", ["", "[]x", '[{"number": "1"}]', "[" * 5000])
def test_a_drawing_that_is_none_is_refused(organiser: PageClient, hall: Hall, text: str) -> None:
    sent = read_form(organiser)
    assert organiser.post(ADDRESS, data=sent | {"layout": text}).status_code == 400
    assert organiser.post(ADDRESS, data=sent | {"version": "x"}).status_code == 400
    assert numbers(hall) == ["1", "2", "3"]


def test_an_occupied_stand_cannot_be_left_out(organiser: PageClient, hall: Hall) -> None:
    sent = read_form(organiser) | {"layout": "[]"}
    answer = organiser.post(ADDRESS, data=sent)
    assert answer.status_code == 409
    assert "Le stand 2 est occupé : libérez d’abord la place" in plain(answer)
    assert numbers(hall) == ["1", "2", "3"]


def test_changed_meanwhile_shows_both_and_saves_them_together(
    app: Flask, organiser: PageClient, hall: Hall
) -> None:
    """R-12: nobody's work is lost, and nothing is written before it was read."""
    mine = read_form(organiser)
    mine["layout"] = mine["layout"].replace('"x": 9.0', '"x": 30.0')
    theirs = read_form(organiser)
    theirs["layout"] = theirs["layout"].replace('"1"', '"11"')
    assert organiser.post(ADDRESS, data=theirs).status_code == 302
    answer = organiser.post(ADDRESS, data=mine)
    page = plain(answer)
    assert answer.status_code == 409
    assert "numéro 1 → 11" in page
    assert "Stand 3</strong> : à l’ouest 9 m → 30 m" in page
    assert (numbers(hall), stand_of("3").x) == (["11", "2", "3"], 9)
    again = answer.text[answer.text.index('id="plan-save"') :]
    sent = {name: hidden(again, name) for name in ("version", "base", "layout", "csrf_token")}
    assert organiser.post(ADDRESS, data=sent).status_code == 302
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
    gone = organiser.fill(
        address, to=f"{address}/supprimer", version=str(stand_of("90").hall.version)
    )
    assert gone.status_code == 302
    assert numbers(hall) == ["1", "2", "3"]


def test_an_occupied_stand_is_not_removed(organiser: PageClient, hall: Hall) -> None:
    address = f"{ADDRESS}/stands/{stand_of('2').id}"
    answer = organiser.fill(address, to=f"{address}/supprimer", version=str(hall.version))
    assert answer.status_code == 409
    assert "Le stand 2 est occupé" in plain(answer)


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
    for changes, said in TYPED_WRONGLY:
        stand = stand_of("3")
        answer = organiser.fill(f"{ADDRESS}/stands/{stand.id}", **fields(stand, **changes))
        assert answer.status_code == 400, changes
        assert said in plain(answer), changes
        assert (stand_of("3").x, numbers(hall)) == (9, ["1", "2", "3"]), changes


def test_one_stand_changed_meanwhile_shows_what_it_is_and_keeps_what_was_typed(
    organiser: PageClient, hall: Hall
) -> None:
    stand = stand_of("3")
    sent = fields(stand, x="20")
    organiser.fill(f"{ADDRESS}/stands/{stand.id}", **fields(stand, width="4"))
    answer = organiser.fill(f"{ADDRESS}/stands/{stand.id}", **sent)
    page = plain(answer)
    assert answer.status_code == 409
    assert "4 × 3 m" in page
    assert 'value="20"' in page
    again = sent | {"version": hidden(answer.text, "version")}
    assert organiser.fill(f"{ADDRESS}/stands/{stand.id}", **again).status_code == 302
    assert (stand_of("3").x, stand_of("3").width) == (20, 3)


def test_a_row_is_numbered(organiser: PageClient, hall: Hall) -> None:
    address = f"{ADDRESS}/numeros"
    row = str(stand_of("1").id)
    sent = {"row": row, "first": "101", "step": "2", "version": str(hall.version)}
    for bad in ({"row": "7"}, {"first": ""}, {"step": "0"}, {"direction": "haut"}):
        answer = organiser.fill(address, **{**sent, "direction": "west", **bad})
        assert answer.status_code == 400, bad
    assert organiser.fill(address, **sent, direction="west").status_code == 302
    found = {one.number: one.x for one in hall.stands} if session().expire_all() is None else {}
    assert found == {"105": 3, "103": 6, "101": 9}
    answer = organiser.fill(address, **sent, direction="east")
    assert answer.status_code == 409, "an old version"
    again = sent | {"version": hidden(answer.text, "version")}
    assert organiser.fill(address, **again, direction="east").status_code == 302, "a way out"


def test_a_new_number_shows_everywhere(edition: Edition, organiser: PageClient, hall: Hall) -> None:
    """The number lives in one row: plan, catalogue, village, the face of badges."""
    from salon.badges.queries import fair_face

    body_stand = stand_of("3")
    make_theme(edition, body_stand)
    for path in ("/plan/2", "/exposants/lumieres", "/village"):
        organiser.get(path)
    row = str(stand_of("1").id)
    sent = {"row": row, "first": "771", "step": "1", "version": str(hall.version)}
    assert organiser.fill(f"{ADDRESS}/numeros", **sent, direction="east").status_code == 302
    for path, number in (("/plan/2", "772"), ("/exposants/lumieres", "772"), ("/village", "773")):
        assert number in plain(organiser.get(path)), path
    session().expire_all()
    assert {stand[0] for stand in fair_face(edition).stands} == {"771", "772", "773"}


def test_the_settings_of_a_hall(organiser: PageClient, hall: Hall) -> None:
    sent = {"aisle": "2,5", "power_kw": "18", "has_water": "y", "version": str(hall.version)}
    to = f"{ADDRESS}/reglages"
    assert organiser.fill(ADDRESS, to=to, **sent).status_code == 302
    session().expire_all()
    assert (hall.aisle, hall.power_kw) == (2.5, 18)
    for bad, said in (({"aisle": "0"}, "entre 1,2 m et 10 m"), ({"power_kw": "3"}, "au plus 3 kW")):
        answer = organiser.fill(ADDRESS, to=to, **{**sent, "version": str(hall.version), **bad})
        assert answer.status_code == 400
        assert said in plain(answer)
    assert organiser.fill(ADDRESS, to=to, **sent).status_code == 409, "an old version"


# Files


def exported(client: PageClient) -> str:
    answer = client.get("/organisation/plan.csv")
    assert answer.mimetype == "text/csv"
    return answer.get_data(as_text=True)


def send_file(client: PageClient, text: str, encoding: str = "utf-8") -> TestResponse:
    token = client.token("/organisation/plan")
    file = (io.BytesIO(text.encode(encoding)), "stands.csv")
    return client.post(
        "/organisation/plan/import",
        data={"csrf_token": token, "file": file},
        content_type="multipart/form-data",
    )


def confirm(client: PageClient, preview: TestResponse) -> TestResponse:
    names = ("csrf_token", "content", "versions")
    sent = {name: hidden(preview.text, name) for name in names}
    return client.post("/organisation/plan/import/confirmer", data=sent)


def test_what_is_exported_is_imported_as_it_was(organiser: PageClient, hall: Hall) -> None:
    text = exported(organiser)
    assert text.startswith(MARK + "hall;numero;x;y;largeur;profondeur;puissance;eau;accessible")
    assert "2;1;3;3;3;3;6;non;oui;standard" in text
    answer = send_file(organiser, text)
    assert answer.status_code == 200
    assert "Le fichier dit la même chose que le plan" in plain(answer)
    changed = text.replace(
        "2;3;9;3;3;3;6;non;oui;standard",
        "2;3;9;3;4,5;3;6;oui;non;nu\r\n2;9;20;9;3;3;0;non;oui;premium",
    )
    assert confirm(organiser, send_file(organiser, changed)).status_code == 302
    assert exported(organiser) == changed
    assert [one.action for one in session().scalars(entries("plan.imported"))] == ["plan.imported"]


def test_a_preview_says_what_would_change_and_writes_nothing(
    organiser: PageClient, hall: Hall
) -> None:
    text = exported(organiser)
    changed = text.replace("2;3;9;3", "3;3;9,5;3").replace("2;1;3;3;3;3;6;non;oui;standard\r\n", "")
    page = plain(send_file(organiser, changed + "2;9;20;9;3;3;0;non;oui;nu\r\n"))
    assert "3 stands à changer" in page
    assert "hall 2 → 3 ; à l’ouest : 9 m → 9,5 m" in page
    assert "Supprimé" in page
    assert "Nouveau" in page
    assert numbers(hall) == ["1", "2", "3"]


WRONG_FILES = [
    ("2;3;9;3", "7;3;9;3", "stands.csv, ligne 4 : la colonne « hall »"),
    ("2;3;9;3", "2;2;9;3", "stands.csv, ligne 4 : « 2 » est déjà plus haut"),
    ("2;3;9;3", "2;3;neuf;3", "stands.csv, ligne 4 : la colonne « x » attend un nombre"),
    ("2;3;9;3", "2;3;inf;3", "stands.csv, ligne 4 : la colonne « x » attend une longueur"),
    ("2;3;9;3", "2;3;8;3", "Les stands 2 et 3 se recouvrent. (lignes 3 et 4)"),
    ("2;3;9;3", "2;3;39;3", "Le stand 3 dépasse du hall 2. (ligne 4)"),
    ("2;3;9;3", "2;=3+4;9;3", "n’est pas un numéro de stand"),
    ("numero", "numéro", "stands.csv, ligne 1 : il manque « numero »"),
    (";oui;standard", ";peut-être;standard", "attend « oui » ou « non »"),
    ("2;3;9;3;3;3;6;non;oui;standard", "2;3;9", "3 cellules au lieu de 10"),
    ("hall", '"hall\n', "stands.csv, ligne"),
]


def test_a_file_is_refused_with_its_line_and_reason(organiser: PageClient, hall: Hall) -> None:
    text = exported(organiser)
    for old, new, said in WRONG_FILES:
        assert old in text
        answer = send_file(organiser, text.replace(old, new, 1))
        assert answer.status_code == 400, new
        assert said in plain(answer), new
        assert numbers(hall) == ["1", "2", "3"]


def test_a_file_that_is_no_text_or_no_file_is_refused(organiser: PageClient, hall: Hall) -> None:
    assert "CSV UTF-8" in plain(send_file(organiser, "hall;numéro", "cp1252"))
    assert send_file(organiser, "\x00" * 50).status_code == 400
    token = organiser.token("/organisation/plan")
    answer = organiser.post("/organisation/plan/import", data={"csrf_token": token})
    assert answer.status_code == 400
    assert "Choisissez le fichier" in plain(answer)
    for versions in ("", "[1]", "{", '{"2": "x"}'):
        sent = {"csrf_token": token, "content": "hall", "versions": versions}
        assert organiser.post("/organisation/plan/import/confirmer", data=sent).status_code == 400


def test_a_file_compared_with_an_old_plan_is_compared_again(
    organiser: PageClient, hall: Hall
) -> None:
    changed = exported(organiser).replace("2;3;9;3", "2;3;9;4", 1)
    preview = send_file(organiser, changed)
    stand = stand_of("1")
    organiser.fill(f"{ADDRESS}/stands/{stand.id}", **fields(stand, power_kw="9"))
    answer = confirm(organiser, preview)
    assert answer.status_code == 409
    assert "Le plan a changé entre-temps" in plain(answer)
    assert "électricité : 9 kW → 6 kW" in plain(answer)
    assert stand_of("3").y == 3
    assert confirm(organiser, answer).status_code == 302
    assert stand_of("3").y == 4


@pytest.mark.parametrize(
    "path", ["/organisation/plan", ADDRESS, f"{ADDRESS}/stands/nouveau", "/organisation/plan.csv"]
)
def test_only_organisers_draw(app: Flask, client: PageClient, hall: Hall, path: str) -> None:
    assert "/connexion" in client.get(path).headers["Location"]
    assert sign_in(app, Role.EXHIBITOR).get(path).status_code == 403


def test_what_is_not_there_is_a_404(organiser: PageClient, hall: Hall, edition: Edition) -> None:
    other = make_stand(make_hall(edition, name="5"), number="55")
    for path in ("/organisation/plan/9", f"{ADDRESS}/stands/{other.id}", f"{ADDRESS}/stands/999"):
        assert organiser.get(path).status_code == 404


def test_a_layout_of_the_page_is_the_hall(organiser: PageClient, hall: Hall) -> None:
    sent = read_form(organiser)
    assert sent["layout"] == sent["base"] == as_json(placed(sorted(hall.stands, key=lambda s: s.x)))
    assert queries.get_hall(queries.get_current_edition(), "2").version == int(sent["version"])
