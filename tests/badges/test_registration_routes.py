"""The pages where a visitor registers."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from salon.badges.models import Attendee, Badge, Consent
from salon.fair.models import Edition
from salon.platform.database.db import transaction
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message
from tests.badges.people import all_of, badge_of, kinds_sent, register_one
from tests.badges.visitor_pages import NOW, VISITOR, page_of
from tests.pages import PageClient
from tests.races import race
from tests.tables import each

# Registration


def test_a_visitor_registers_and_the_link_of_the_mail_opens_the_badge(
    client: PageClient, edition: Edition
) -> None:
    answer = client.fill(
        "/inscription", **VISITOR, needs=["parking", "seat"], newsletter="y", phone="06 12 34 56 78"
    )
    assert answer.location == "/inscription/merci"
    assert "mairie@arcon.example" in page_of(client.get(answer.location))
    attendee = all_of(Attendee)[0]
    assert attendee.commune_code == "34273"
    assert (attendee.category, attendee.needs) == ("elected", ["parking", "seat"])
    assert [consent.purpose for consent in all_of(Consent)] == ["newsletter"]
    subject, body = words_of(all_of(Message)[0])
    assert subject == "Votre badge pour le salon des maires"
    assert "Madame la Maire," in body
    link = re.search(r"/badge/[\w-]+(?=\n)", body)
    assert link
    badge = page_of(client.get(link[0]))
    assert "Marie-Hélène d’Arçon" in badge
    assert "Saint-Martin-de-l&#39;Arçon" in badge
    assert 'class="qr"' in badge


def test_boxes_are_unticked_and_the_information_block_is_there(
    client: PageClient, edition: Edition
) -> None:
    for path in ("/inscription", "/inscription/commune", "/inscription/commune/liste"):
        page = page_of(client.get(path))
        assert not re.search(r'type="checkbox"[^>]*checked', page)
        for words in ("Responsable", "DPO", "Base légale", "Destinataires", "Durée", "CNIL"):
            assert words in page, (path, words)


def test_the_commune_is_typed_without_javascript(client: PageClient, edition: Edition) -> None:
    page = page_of(client.get("/inscription"))
    assert '<option value="Saint-Gervais-sur-Mare">' in page
    assert 'list="places"' in page


@each(
    ("change", "words"),
    [
        ({"first_name": ""}, "Indiquez le prénom."),
        ({"last_name": "x" * 61}, "Au plus 60 caractères."),
        ({"last_name": "x" * 5000}, "Au plus 60 caractères."),
        ({"last_name": "A\x00B"}, "ne s’imprime pas"),
        ({"last_name": "A\r\nBcc: x@evil.example"}, "ne s’imprime pas"),
        ({"first_name": "A =?UTF-8?Q?=0ABcc:_x?="}, "refusée"),
        ({"function": "emperor"}, "choi"),
        ({"function": "other"}, "Précisez la fonction"),
        ({"civility": "docteur"}, "choi"),
        ({"civility": ""}, "Choisissez la civilité."),
        ({"email": "mairie"}, "ne paraît pas complète"),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, "ne s’imprime pas"),
        ({"phone": "<script>"}, "Ce numéro"),
        ({"half_day": "night"}, "choi"),
        ({"needs": ["helicopter"]}, "choi"),
        ({"needs_note": "x" * 301}, "Au plus 300 caractères."),
        ({"commune": ""}, "Indiquez la commune"),
        ({"commune": "Atlantide"}, "pas dans la liste"),
        ({"commune": "x" * 5000}, "Au plus 120 caractères."),
        ({"organisation": "Université"}, "pas les deux"),
        ({"submission_key": "x"}, "Rechargez la page"),
    ],
)
def test_what_is_typed_wrongly_is_said_and_nothing_is_written(
    client: PageClient, edition: Edition, change: dict[str, str], words: str
) -> None:
    answer = client.fill("/inscription", **{**VISITOR, **change})
    assert answer.status_code == 400
    page = page_of(answer)
    assert words in page
    assert 'role="alert"' in page
    assert all_of(Attendee) == []
    assert kinds_sent() == []


def test_an_unclear_commune_is_chosen_among_the_closest(
    client: PageClient, edition: Edition
) -> None:
    answer = client.fill("/inscription", **{**VISITOR, "commune": "Saint-Gervais"})
    assert answer.status_code == 400
    assert 'value="Saint-Gervais-sur-Mare"' in page_of(answer)
    chosen = {**VISITOR, "commune": "Saint-Gervais", "place_choice": "Saint-Gervais-sur-Mare"}
    assert client.fill("/inscription", **chosen).status_code == 302
    assert all_of(Attendee)[0].commune_code == "34255"


def test_a_commune_typed_anew_wins_over_an_old_choice(client: PageClient, edition: Edition) -> None:
    client.fill("/inscription", **{**VISITOR, "commune": "Mons", "place_choice": "Béziers"})
    assert all_of(Attendee)[0].commune_code == "34160"


def test_an_epci_or_another_organisation_will_do(client: PageClient, edition: Edition) -> None:
    client.fill("/inscription", **{**VISITOR, "commune": "Béziers Méditerranée"})
    other_fields = {
        **VISITOR,
        "commune": "",
        "organisation": "Chambre d’agriculture",
        "last_name": "B",
    }
    client.fill("/inscription", **other_fields)
    first, second = all_of(Attendee)
    assert (first.epci_siren, first.on_behalf_of) == ("243400769", "CA de Béziers-Méditerranée")
    assert second.on_behalf_of == "Chambre d’agriculture"


def test_fields_that_the_form_does_not_have_are_ignored(
    client: PageClient, edition: Edition
) -> None:
    extra = {"category": "organiser", "is_vip": "1", "status": "erased", "registered_by": "x"}
    client.fill("/inscription", **VISITOR, **extra)
    attendee = all_of(Attendee)[0]
    assert (attendee.category, attendee.is_vip, attendee.status) == ("elected", False, "registered")


def test_known_or_unknown_the_page_is_the_same(app: Flask, edition: Edition) -> None:
    seen = []
    for _ in range(2):
        client = app.test_client()
        assert isinstance(client, PageClient)
        answer = client.fill("/inscription", **VISITOR)
        after = page_of(client.get(answer.location))
        seen.append((answer.status_code, answer.location, after))
    assert seen[0] == seen[1]
    assert kinds_sent() == ["registration", "already_registered"]


@pytest.mark.race
def test_one_form_sent_twenty_times_at_once_leads_to_one_page(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    page = page_of(client.get("/inscription"))
    hidden = dict(re.findall(r'name="(csrf_token|submission_key)"[^>]*value="([^"]+)"', page))
    cookie = client.get_cookie("salon")
    assert cookie

    def send() -> tuple[int, str | None]:
        second_client = app.test_client()
        second_client.set_cookie("salon", cookie.value)
        answer = second_client.post("/inscription", data={**hidden, **VISITOR})
        return answer.status_code, answer.location

    assert set(race(app, [send] * 20)) == {(302, "/inscription/merci")}
    assert len(all_of(Attendee)) == len(all_of(Badge)) == 1
    assert kinds_sent() == ["registration"]
    other_answer = client.post("/inscription", data={**hidden, **VISITOR, "last_name": "Autre"})
    assert other_answer.status_code == 422


def test_a_form_without_token_is_refused(client: PageClient, edition: Edition) -> None:
    assert client.post("/inscription", data=VISITOR).status_code == 400
    assert all_of(Attendee) == []


@pytest.mark.parametrize("path", ["/inscription", "/inscription/commune"])
@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [(1, 2, "pas encore ouvertes"), (-2, -1, "closes")],
)
def test_out_of_season_the_page_says_when_and_how(
    client: PageClient, edition: Edition, path: str, opens: int, closes: int, words: str
) -> None:
    token = client.token(path)
    with transaction(edition):
        edition.registration_opens_at = NOW + timedelta(days=opens)
        edition.registration_closes_at = NOW + timedelta(days=closes)
    assert words in page_of(client.get(path))
    refused = client.post(path, data={**VISITOR, "csrf_token": token})
    assert refused.status_code == 409
    assert all_of(Attendee) == []


def test_without_an_edition_there_is_nothing_to_register_for(client: PageClient) -> None:
    assert client.get("/inscription").status_code == 404


def test_too_many_registrations_from_one_address_wait(
    client: PageClient, edition: Edition, app: Flask
) -> None:
    app.config["SALON"] = replace(app.config["SALON"], registrations_per_hour=2)
    answers = [
        client.fill("/inscription", **{**VISITOR, "last_name": f"N{n}"}).status_code
        for n in range(3)
    ]
    assert answers == [302, 302, 429]
    assert len(all_of(Attendee)) == 2


def test_communes_are_searched_by_anybody(client: PageClient, edition: Edition) -> None:
    answer = client.get("/communes.json?q=bez")
    assert answer.json == {
        "places": [
            {"name": "Béziers", "kind": "commune", "code": "34032"},
            {"name": "CA de Béziers-Méditerranée", "kind": "epci", "code": "243400769"},
        ]
    }
    assert client.get("/communes.json?q=%00%27").status_code == 200


# What a phone's camera opens


def test_the_address_of_a_code_is_the_same_page_for_every_code(
    client: PageClient, edition: Edition
) -> None:
    attendee = register_one()
    text = page_of(client.get(f"/B/{badge_of(attendee.id).code}"))
    assert text == page_of(client.get(f"/B/{'A' * 26}"))
    assert text == page_of(client.get(f"/b/{'a' * 26}"))
    assert attendee.last_name not in text
    assert client.get("/B/123").status_code == 404
    assert client.get(f"/B/{'1' * 26}").status_code == 404
