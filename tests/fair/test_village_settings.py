"""The village and the programme, changed on pages."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask

from salon.fair.models import Edition, PartnerBody, Stand, Theme
from salon.fair.queries import bodies_of, themes_of
from salon.fair.rules.files import FileTooHeavy
from salon.fair.rules.village import BodyNotThere, StandNotFree
from salon.fair.services import village
from salon.platform.database.consequences import Fate
from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.versions import StaleVersion, stamp_of
from salon.platform.files.uploads import FOLDER
from tests.appointments.make import Fair, book, make_visitor
from tests.exhibitor_space.made import pdf
from tests.factories import act_in, new_key, sign_in
from tests.fair.test_practical import fields_of, text_of
from tests.fair.test_settings import fresh
from tests.pages import PageClient
from tests.tables import each

PDF = pdf()
VILLAGE = "/organisation/reglages/village"
PROGRAMME = "/organisation/reglages/programme"


def free_stand(edition: Edition, number: str = "F1") -> Stand:
    with transaction() as session:
        hall = edition.halls[0]
        stand = Stand(
            edition_id=edition.id, hall_id=hall.id, number=number, x=60, y=30, width=3, depth=3
        )
        session.add(stand)
    return stand


def body_named(edition: Edition, short_name: str) -> PartnerBody:
    return next(body for body in bodies_of(edition) if body.short_name == short_name)


def add_body(edition: Edition, stand: Stand) -> PartnerBody:
    values = {"name": "Agence", "short_name": "Agence", "topics": "l’eau", "presentation": "Ici."}
    return village.add_body(
        act_in(edition, SYSTEM), {**values, "stand_id": stand.id, "place": 1}, new_key()
    )


def test_a_body_and_a_theme_are_added_in_their_place(
    organiser: PageClient, client: PageClient, fair: Fair
) -> None:
    stand = free_stand(fair.edition)
    path = f"{VILLAGE}/organismes/nouveau"
    fields = fields_of(organiser.get(path).text) | {
        "name": "Agence de l’eau",
        "short_name": "Agence",
        "stand_id": str(stand.id),
        "topics": "l’eau et les rivières",
        "presentation": "Elle **aide** les communes.",
        "place": "1",
    }
    preview = organiser.post(path, data=fields | {"preview": "1"})
    assert "Elle <strong>aide</strong>" in preview.text
    assert organiser.post(path, data=fields).location == VILLAGE
    assert organiser.post(path, data=fields).location == VILLAGE, "sent twice, added once"
    bodies = bodies_of(fair.edition)
    assert [body.short_name for body in bodies].count("Agence") == 1
    assert bodies[0].short_name == "Agence"
    assert "<strong>aide</strong>" in client.get("/village").text
    path = f"{VILLAGE}/themes/nouveau"
    theme = fields_of(organiser.get(path).text) | {
        "name": "Boire l’eau du robinet",
        "body_id": str(bodies[0].id),
        "summary": "Ce qui est contrôlé.",
        "details": "Un point\nUn autre",
        "figures-0-value": "98 %",
        "figures-0-label": "d’analyses conformes",
        "links-0-label": "Le dossier",
        "links-0-address": "www.eau.example/dossier",
    }
    assert organiser.post(path, data=theme | {"links-0-address": ""}).status_code == 400
    assert organiser.post(path, data=theme).status_code == 302
    page = client.get("/village/boire-l-eau-du-robinet")
    for words in ("98 %", "Un autre", "Le dossier"):
        assert words in text_of(page)
    assert 'href="https://www.eau.example/dossier"' in page.text


def test_a_body_that_is_needed_goes_once_its_consequences_were_read(
    organiser: PageClient, fair: Fair
) -> None:
    body = body_named(fair.edition, "Département")
    book(fair, at=fair.at(10), visitor=make_visitor(fair.edition))
    path = f"{VILLAGE}/organismes/{body.id}"
    question = organiser.post(f"{path}/retirer", data=sent_by(organiser, path))
    read = text_of(question)
    assert "N’a plus lieu" in read
    assert "Agents : 1" in read
    assert "Rendez-vous : 1" in read
    assert body_named(fresh(fair.edition), "Département")
    assert organiser.confirm(question).location == VILLAGE
    assert "Département" not in {body.short_name for body in bodies_of(fresh(fair.edition))}
    page = organiser.get(VILLAGE)
    assert "Retirés" in text_of(page)
    stamp = re.findall(r'name="stamp" type="hidden" value="([0-9a-f]+)"', page.text)[0]
    fields = {"csrf_token": organiser.token(VILLAGE), "stamp": stamp}
    question = organiser.post(f"{path}/retablir", data=fields)
    assert "Est rétabli" in text_of(question)
    assert organiser.confirm(question).location == VILLAGE
    assert body_named(fresh(fair.edition), "Département").withdrawn_at is None


def sent_by(organiser: PageClient, path: str) -> dict[str, str]:
    """Return what the button that withdraws sends."""
    page = organiser.get(path).text
    stamp = re.findall(r'name="stamp" type="hidden" value="([0-9a-f]+)"', page)[-1]
    return {"csrf_token": fields_of(page)["csrf_token"], "stamp": stamp}


def test_a_body_nobody_needs_is_withdrawn_after_the_question(
    organiser: PageClient, fair: Fair
) -> None:
    body = add_body(fair.edition, free_stand(fair.edition))
    path = f"{VILLAGE}/organismes/{body.id}"
    question = organiser.post(f"{path}/retirer", data=sent_by(organiser, path))
    assert body_named(fair.edition, "Agence")
    assert organiser.confirm(question).location == VILLAGE
    ranks = [body.rank for body in bodies_of(fresh(fair.edition))]
    assert ranks == list(range(len(ranks)))
    assert "Agence" not in {body.short_name for body in bodies_of(fair.edition)}


def test_a_theme_is_withdrawn_after_the_question_and_restored(
    organiser: PageClient, fair: Fair
) -> None:
    body = add_body(fair.edition, free_stand(fair.edition))
    theme = add_theme(fair.edition, body)
    path = f"{VILLAGE}/themes/{theme.id}"
    question = organiser.post(f"{path}/retirer", data=sent_by(organiser, path))
    assert theme.id in {theme.id for theme in themes_of(fair.edition)}
    assert organiser.confirm(question).location == VILLAGE
    assert "eau" not in {theme.slug for theme in themes_of(fresh(fair.edition))}
    assert organiser.get(f"/village/{theme.slug}").status_code == 404
    stamp = stamp_of(village.theme_values(theme))
    fields = {"csrf_token": organiser.token(VILLAGE), "stamp": stamp}
    question = organiser.post(f"{path}/retablir", data=fields)
    assert organiser.confirm(question).location == VILLAGE
    assert "eau" in {theme.slug for theme in themes_of(fresh(fair.edition))}


def test_the_theme_of_a_withdrawn_body_waits_for_it(fair: Fair) -> None:
    body = add_body(fair.edition, free_stand(fair.edition))
    theme = add_theme(fair.edition, body)
    stamp = stamp_of(village.body_values(body))
    village.withdraw(act_in(fair.edition, SYSTEM), body, "", stamp)
    with pytest.raises(BodyNotThere):
        stamp = stamp_of(village.theme_values(theme))
        village.restore(act_in(fair.edition, SYSTEM), theme, "", stamp)
    other_body = add_body(fair.edition, body.stand)
    with pytest.raises(StandNotFree):
        village.restore(act_in(fair.edition, SYSTEM), body, "", stamp_of(village.body_values(body)))
    stamp = stamp_of(village.body_values(other_body))
    village.withdraw(act_in(fair.edition, SYSTEM), other_body, "", stamp)
    village.restore(act_in(fair.edition, SYSTEM), body, "", stamp_of(village.body_values(body)))
    assert theme.id in {theme.id for theme in themes_of(fresh(fair.edition))}


def add_theme(edition: Edition, body: PartnerBody) -> Theme:
    values = {"name": "Eau", "body_id": body.id, "summary": "Eau", "details": [], "figures": []}
    return village.add_theme(
        act_in(edition, SYSTEM), {**values, "links": [], "place": 1}, new_key()
    )


def test_a_taken_stand_is_refused_and_a_planned_one_moves(
    organiser: PageClient, fair: Fair
) -> None:
    taken = body_named(fair.edition, "Hérault THD").stand
    with pytest.raises(StandNotFree):
        add_body(fair.edition, taken)
    booked = book(fair, at=fair.at(10), visitor=make_visitor(fair.edition))
    body, free = body_named(fair.edition, "Département"), free_stand(fair.edition)
    former, sequence = body.stand_id, booked.sequence
    path = f"{VILLAGE}/organismes/{body.id}"
    typed = fields_of(organiser.get(path).text) | {"stand_id": str(free.id)}
    question = organiser.post(path, data=typed)
    read = text_of(question)
    assert "Change de place" in read
    assert "Rendez-vous : 1" in read
    assert fresh(fair.edition)
    assert body.stand_id == former
    assert organiser.confirm(question).location == VILLAGE
    assert fresh(fair.edition)
    assert (body.stand_id, booked.stand_id) == (free.id, free.id)
    assert booked.sequence == sequence + 1
    entry = re.search(r'name="entry" value="(\d+)"', organiser.get(path).text)
    assert entry
    fields = {"csrf_token": organiser.token(path), "entry": entry[1]}
    assert organiser.post(f"{path}/revenir", data=fields).location == path
    assert fresh(fair.edition)
    assert (body.stand_id, booked.stand_id) == (former, former)
    assert organiser.post(f"{path}/revenir", data=fields).status_code == 409


def test_a_theme_with_appointments_changes_its_name_and_its_body(fair: Fair) -> None:
    booked = book(fair, at=fair.at(10), visitor=make_visitor(fair.edition))
    theme, sequence, agent = booked.theme, booked.sequence, booked.agent_id
    other_body = body_named(fair.edition, "Hérault THD")
    changes = village.theme_values(theme) | {"place": 1, "name": "Eau", "body_id": other_body.id}
    stamp = stamp_of(village.theme_values(theme))
    consequences = village.change_theme(act_in(fair.edition, SYSTEM), theme, changes, stamp)
    counts = {
        (consequence.fate, consequence.label): consequence.count
        for consequence in consequences
        if consequence.count
    }
    assert counts == {
        (Fate.KEPT, "Agents qui traitent ce thème"): 1,
        (Fate.KEPT, "Rendez-vous"): 1,
        (Fate.UPDATED, "Rendez-vous dans les agendas"): 1,
    }
    assert fresh(fair.edition)
    assert (booked.sequence, booked.agent_id) == (sequence + 1, agent)
    assert booked.theme.body.short_name == "Hérault THD"
    stamp = stamp_of(village.theme_values(theme))
    values = village.theme_values(theme) | {"place": 2}
    assert not village.change_theme(act_in(fair.edition, SYSTEM), theme, values, stamp)


def test_two_organisers_change_the_same_theme(fair: Fair) -> None:
    theme = themes_of(fair.edition)[0]
    stamp = stamp_of(village.theme_values(theme))
    changes = village.theme_values(theme) | {"place": 1}
    village.change_theme(act_in(fair.edition, SYSTEM), theme, changes | {"name": "Eau"}, stamp)
    with pytest.raises(StaleVersion):
        village.change_theme(
            act_in(fair.edition, SYSTEM), theme, changes | {"name": "Routes"}, stamp
        )
    assert theme.name == "Eau"


def test_a_document_is_given_downloaded_and_removed(
    app: Flask, organiser: PageClient, client: PageClient, fair: Fair
) -> None:
    theme = themes_of(fair.edition)[0]
    path = f"{VILLAGE}/themes/{theme.id}/document"
    fields = fields_of(organiser.get(path).text) | {"label": "Le dossier"}
    wrong = fields | {"file": (BytesIO(b"MZ"), "dossier.pdf")}
    assert organiser.post(path, data=wrong).status_code == 400
    settings = app.config["SALON"]
    for limit, status in ((len(PDF) - 1, FileTooHeavy.status), (len(PDF), 302)):
        app.config["SALON"] = replace(settings, document_max_bytes=limit)
        response = organiser.post(path, data=fields | {"file": (BytesIO(PDF), "dossier.pdf")})
        assert response.status_code == status, text_of(response)
    page = client.get(f"/village/{theme.slug}").text
    link = re.search(r'href="(/documents/\d+)"', page)
    assert link is not None
    answer = client.get(link[1])
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    number = link[1].rpartition("/")[2]
    path = f"/organisation/reglages/documents/{number}/retirer"
    data = {"csrf_token": organiser.token(f"{VILLAGE}/themes/{theme.id}")}
    question = organiser.post(path, data=data)
    assert "effacé" in question.text
    assert organiser.confirm(question).status_code == 302
    assert client.get(link[1]).status_code == 404
    assert list((app.config["SALON"].data / FOLDER).iterdir()) == []


@each("path", [VILLAGE, f"{VILLAGE}/organismes/nouveau", PROGRAMME, f"{PROGRAMME}/nouveau"])
def test_they_are_the_organisers(app: Flask, fair: Fair, path: str) -> None:
    assert sign_in(app, Role.AGENT).get(path).status_code == 403


def test_another_edition_s_rows_are_not_found(organiser: PageClient, fair: Fair) -> None:
    for path in (f"{VILLAGE}/organismes/9999", f"{VILLAGE}/themes/9999", f"{PROGRAMME}/9999"):
        assert organiser.get(path).status_code == 404
