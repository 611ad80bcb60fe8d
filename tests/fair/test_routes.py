"""The public pages, as a visitor reads them."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from salon.badges.engine.matching import Affiliation
from salon.badges.services import register_visitors
from salon.fair.queries import get_public_edition
from salon.fair.services import load_edition, open_edition
from salon.platform.database.act import Act
from salon.platform.database.identity import SYSTEM
from salon.platform.settings.clock import PARIS, clock, real_now
from salon.platform.settings.installation import ROOT, LegalNotice
from tests.badges.people import PUBLIC, badge_of, make_person
from tests.factories import act_in, new_key
from tests.pages import PageClient
from tests.tables import each

PAGES = (
    "/",
    "/village",
    "/village/guidaf",
    "/programme",
    "/infos-pratiques",
    "/plan",
    "/mentions-legales",
    "/confidentialite",
    "/accessibilite",
)


@pytest.fixture
def fair(app: Flask, tmp_path: Path) -> Flask:
    """The 2021 edition is current; the clock may be moved with `at`."""
    load_edition(Act(SYSTEM), ROOT / "seed_data" / "2018")
    edition = load_edition(Act(SYSTEM), ROOT / "seed_data" / "2021")
    open_edition(Act(SYSTEM), edition.id)
    clock.path = tmp_path / "clock.json"
    at("2021-09-06 10:00")
    return app


def at(text: str) -> None:
    clock.jump(datetime.fromisoformat(text).replace(tzinfo=PARIS))


def read(client: PageClient, path: str) -> str:
    """Return the page's HTML with entities and special spaces made plain."""
    page = client.get(path)
    assert page.status_code == 200, path
    text = page.get_data(as_text=True)
    for fancy in ("&nbsp;", "&#8239;", "\u00a0", "\u202f"):
        text = text.replace(fancy, " ")
    return re.sub(r"\s+", " ", text)


@each("path", PAGES)
def test_each_page_opens_without_a_cookie_and_calls_no_other_host(
    fair: Flask, client: PageClient, path: str
) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert not page.headers.getlist("Set-Cookie")
    elements = r'<(?:img|script|link|use)(?! rel="canonical")[^>]+(?:src|href)="([^"]+)"'
    loaded = re.findall(elements, page.text)
    assert loaded
    assert all(address.startswith("/") for address in loaded)


@each("path", [page for page in PAGES if page != "/village/guidaf"])
def test_each_page_is_reachable_from_home(fair: Flask, client: PageClient, path: str) -> None:
    assert f'href="{path}"' in read(client, "/")


@each(
    ("path", "facts"),
    [
        (
            "/",
            [
                "Vendredi 1er octobre 2021", "9 h – 17 h 30", "Parc des Expositions de Béziers",
                "3<sup>e</sup>", "100", "1 000", "15", "jeudi 4 octobre 2018", "500 élus",
                "150 maires", "75 stands", "250 personnes", "50 000 visiteurs", "1 200 exposants",
                "400 conférences", "trois jours", "700 places", "Accessibilité : non conforme",
            ],
        ),
        (
            "/infos-pratiques",
            [
                "1 150 m²", "720 m²", "1 870 m²", "3 200 m²", "7 500 m²", "190 m²",
                "150 personnes", "700 places", "Entrée X, exposants",
                "réservée aux badges exposants, agents, organisation", 'id="exposer"', "AMF34",
            ],
        ),
        (
            "/plan",
            [*("1 150 m²", "720 m²", "1 870 m²", "3 200 m²"), "le village Hérault</a>, 8 stands"],
        ),
        ("/plan/3", ["3 200 m²", "8 stands occupés", "Stand 66, Département"]),
        (
            "/village",
            [
                "Département", "Hérault THD", "CAUE 34", "Cogitis", "EID Méditerranée",
                "Hérault Énergies", "Hérault Logement", "SDIS 34", "Plus de 15 agents",
                "fibre, raccordement, très haut débit",
                "architecture, urbanisme, paysage, cadre de vie",
                "informatique et services numériques des collectivités",
                "démoustication, littoral", "électricité, éclairage public, transition énergétique",
                "logement social, habitat", "défense incendie, prévention, sécurité civile",
                "80 %", "40 %", "40 M€", "286", "57", "120 000", "38", "218", "622", "230",
                "100", "126 348", "12", "377",
            ],
        ),
        ("/village/soutien-aux-communes", ["80 %", "40 %", "40 M€", "2021", "cadre de vie"]),
        ("/village/guidaf", ["Répondre plus vite", "Faire démarrer les chantiers plus tôt"]),
        ("/village/herault-numerique", ["286", "57", "120 000", "zone privée"]),
        (
            "/village/herault-data",
            ["38", "218", "herault-data.fr", "écoles", "pistes cyclables", "hôpitaux",
             "trafic routier", "élections", "hébergements collectifs"],
        ),
        (
            "/village/herault-ingenierie",
            ["622", "3 ans", "230", "technique, juridique ou financière", "assainissement",
             "voirie", "bâtiment", "urbanisme", "gratuites", "AMO", "pré-opérationnelle",
             "réception des travaux"],
        ),
        ("/village/achats-responsables", ["2020", "100", "126 348", "12", "377"]),
        ("/programme", ["Inauguration", "Salle de conférence", "17 h – 17 h 30"]),
        (
            "/mentions-legales",
            ["Nom</dt><dd>AMF34", "contact@salon.example"],
        ),
        (
            "/confidentialite",
            [
                "responsable du traitement", "DPO", "dpo@salon.example", "6.1.e", "6.1.a",
                "obligatoires", "facultatifs", "Qui y a accès", "12 mois", "3 mois", "2 ans",
                "1 an", "6 mois", "30 jours", "7 jours", "effacer", "opposer", "CNIL",
                "hors de l’Union européenne", "salon</code>",
            ],
        ),
        (
            "/accessibilite",
            ["loi n° 2005-102", "non conforme", "version 4.1.2", "Défenseur des droits",
             "Voies de recours", "schéma pluriannuel", "Libre réponse 71120", "une semaine"],
        ),
    ],
)  # fmt: skip
def test_each_page_gives_its_facts(
    fair: Flask, client: PageClient, path: str, facts: list[str]
) -> None:
    page = read(client, path)
    assert [fact for fact in facts if fact not in page] == []
    assert "à compléter" not in page


@pytest.mark.parametrize(
    ("moment", "sentence", "unsaid"),
    [
        ("2021-06-01 10:00", "ouvrent le jeudi 1er juillet 2021, 8 h", "S’inscrire <"),
        ("2021-09-06 10:00", "Les inscriptions sont ouvertes", "Le salon est terminé"),
        ("2021-09-30 17:00", "C’est demain, à partir de 9 h", "Les inscriptions sont ouvertes"),
        ("2021-10-01 08:45", "C’est aujourd’hui : les portes ouvrent à 9 h", "C’est demain"),
        ("2021-10-01 10:30", "Le salon est ouvert jusqu’à 17 h 30", "C’est aujourd’hui"),
        ("2021-10-01 19:00", "Le salon est terminé", "Je visite"),
    ],
)  # fmt: skip
def test_home_says_what_to_do_next(
    fair: Flask, client: PageClient, moment: str, sentence: str, unsaid: str
) -> None:
    at(moment)
    page = read(client, "/")
    assert sentence in page
    assert unsaid not in page


def test_home_says_what_is_on(fair: Flask, client: PageClient) -> None:
    at("2021-10-01 10:30")
    page = read(client, "/")
    assert "En ce moment :</strong> Inauguration et visite des stands, 10 h 15 – 11 h" in page
    assert "Ensuite :</strong> Financer un projet communal" in page


def test_the_programme_marks_now_and_next(fair: Flask, client: PageClient) -> None:
    at("2021-10-01 10:30")
    page = read(client, "/programme")
    assert page.count("En ce moment") == 1
    assert page.count("Ensuite") == 1
    at("2021-10-01 19:00")
    assert "En ce moment" not in read(client, "/programme")


def test_stands_of_the_plan_lead_to_the_village(fair: Flask, client: PageClient) -> None:
    village = read(client, "/village")
    targets = re.findall(r'href="/village#([^"]+)"', read(client, "/plan/3"))
    assert len(set(targets)) == 8
    assert all(f'id="{target}"' in village for target in targets)


@pytest.mark.parametrize("path", ["/village/inconnu", "/village/guidaf/x", "/inconnu"])
def test_an_unknown_address_is_a_404(fair: Flask, client: PageClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/village", "/programme", "/plan", "/infos-pratiques"])
def test_without_an_edition_its_pages_are_absent(app: Flask, client: PageClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/mentions-legales", "/confidentialite", "/accessibilite"])
def test_without_an_edition_home_and_the_legal_pages_open(
    app: Flask, client: PageClient, path: str
) -> None:
    assert client.get(path).status_code == 200


def test_the_icon_is_found_where_browsers_look(fair: Flask, client: PageClient) -> None:
    with client.get("/favicon.ico", follow_redirects=True) as page:
        assert page.status_code == 200
        assert page.mimetype == "image/svg+xml"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_public_pages_take_no_writing(fair: Flask, client: PageClient, method: str) -> None:
    assert getattr(client, method)("/village").status_code in (400, 405)


def test_security_txt_says_whom_to_write_to(fair: Flask, client: PageClient) -> None:
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    current = fair.config["SALON"]
    assert fields["Contact"] == f"mailto:{current.legal.email}"
    assert fields["Canonical"] == f"{current.public_url}/.well-known/security.txt"
    expires_at = datetime.strptime(fields["Expires"], "%Y-%m-%dT%H:%M:%S%z")
    assert timedelta(days=30) < expires_at - real_now() < timedelta(days=365)
    fair.config["SALON"] = replace(current, legal=LegalNotice())
    assert client.get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize(
    ("moment", "books", "takes_a_number"),
    [
        ("2021-09-30T17:00", True, False),
        ("2021-10-01T10:30", True, True),
        ("2021-10-01T19:00", False, False),
    ],
)
def test_a_theme_offers_what_can_still_be_done(
    fair: Flask, client: PageClient, moment: str, books: bool, takes_a_number: bool
) -> None:
    at(moment)
    theme = client.get("/village/herault-ingenierie").text
    village = client.get("/village").text
    assert ("Prendre rendez-vous" in theme) == books
    assert ("Prendre un numéro" in theme) == ("Prendre un numéro" in village) == takes_a_number


def test_after_the_fair_no_page_promises_it(fair: Flask, client: PageClient) -> None:
    at("2021-10-01T19:00")
    assert "Jusque-là" not in client.get("/stand/66/file").text
    assert "Présentez-vous à l’accueil" not in client.get("/infos-pratiques").text
    assert "bientôt placés" not in client.get("/plan").text


@pytest.mark.parametrize(
    ("moment", "is_over"), [("2021-10-01T10:30", False), ("2021-10-01T19:00", True)]
)
def test_a_badge_is_shown_and_given_up_until_the_fair_is_over(
    fair: Flask, client: PageClient, moment: str, is_over: bool
) -> None:
    person = make_person(place=Affiliation("Préfecture"))
    added = register_visitors(
        act_in(get_public_edition(), PUBLIC), person.email, [person], new_key()
    ).added
    badge = badge_of(added[0])
    at(moment)
    page = client.get(f"/badge/{badge.private_token}").text
    for words in ("Montez la luminosité", "Me faire remplacer", "Annuler ma venue"):
        assert (words in page) is not is_over, words
