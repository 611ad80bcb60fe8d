"""The public pages of the catalogue, its logos and its open data."""

import csv
import io
import re

import pytest
from PIL import Image

from salon.exhibitors.models import ApplicationStatus, CoExhibitor, Exhibitor, Sector
from salon.exhibitors.queries.open_data import PUBLIC_FIELDS
from salon.fair.models import Edition
from salon.platform.database.db import transaction
from salon.platform.documents.spreadsheets.cells import from_export
from salon.platform.files.uploads import read_logo, save_file
from salon.platform.settings.clock import now
from salon.platform.settings.installation import Settings
from salon.platform.words.texts import folded
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_terms, make_theme
from tests.pages import PageClient
from tests.tables import each


@pytest.fixture
def exhibitor(edition: Edition) -> Exhibitor:
    """Return an exhibitor on stand 12 of hall 2, beside another."""
    hall = make_hall(edition, name="2")
    make_stand(hall, number="13", x=3)
    stand = make_stand(hall, number="12", x=0)
    theme = make_theme(edition, make_stand(hall, number="66", x=20, y=20))
    stored_exhibitor = make_exhibitor(
        edition,
        name="Éclairage du Biterrois",
        slug="eclairage-du-biterrois",
        website="https://eclairage.example/",
        stand=stand,
    )
    with transaction() as session:
        session.merge(stored_exhibitor).themes.append(session.merge(theme))
    return stored_exhibitor


def text_of(client: PageClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def test_before_anybody_is_accepted_the_page_says_so(client: PageClient, edition: Edition) -> None:
    assert "La liste se prépare" in text_of(client, "/exposants")
    assert client.get("/exposants.json").get_json()["exhibitors"] == []


def test_the_catalogue_says_who_is_there_and_where(
    client: PageClient, exhibitor: Exhibitor
) -> None:
    page = text_of(client, "/exposants")
    assert "1\xa0exposant" in page
    assert "Éclairage du Biterrois" in page
    assert re.search(r"Hall&nbsp;2.*12", page, re.S)
    assert 'href="/exposants/eclairage-du-biterrois"' in page
    assert "Énergie et éclairage public" in page


def test_filters_show_themselves_and_come_off(
    client: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    make_exhibitor(edition, name="Autre", sector=Sector.ROADS)
    page = text_of(client, "/exposants?q=eclairage&categorie=energy&hall=2&theme=fibre&lettre=E")
    assert "1\xa0exposant trouvé" in page
    assert "Autre" not in re.sub(r"<option.*?</option>", "", page)
    assert "/exposants?theme=fibre&amp;categorie=energy&amp;hall=2&amp;lettre=E" in page
    assert "Hall 2" in page
    nothing = text_of(client, "/exposants?q=piscine")
    assert "Aucun exposant ne correspond" in nothing


@each(
    "query",
    [
        "theme=nulle-part",
        "categorie=organiser",
        "hall=9",
        "lettre=%25",
        "lettre=ZZ",
        "page=-1",
        "page=999999999999",
        "page=x",
        "q=" + "a" * 300,
        "q=%00",
        "q={{7*7}}",
        "q=%22%3E%3Csvg%20onload=alert(1)%3E",
        "q=%25&lettre='",
    ],
)
def test_a_hostile_address_is_a_page_like_another(
    client: PageClient, exhibitor: Exhibitor, query: str
) -> None:
    page = text_of(client, f"/exposants?{query}")
    assert "<svg onload" not in page
    assert ">49<" not in page


def test_an_entry_shows_all_that_is_public(client: PageClient, exhibitor: Exhibitor) -> None:
    page = text_of(client, "/exposants/eclairage-du-biterrois")
    for words in (
        "Éclairage public et bornes de recharge.",
        'href="https://eclairage.example/" rel="noopener external nofollow"',
        'href="/exposants?theme=fibre"',
        'href="/plan/2#stand-12"',
        "plan__stand--here",
        ">13</text>",
    ):
        assert words in page
    for private in ("contact", "Cabanel", "04 67", "44306184100047", "rue des Vignes"):
        assert private not in page.replace("rgpd", "")


def test_a_dangerous_website_is_not_a_link(client: PageClient, edition: Edition) -> None:
    host = make_exhibitor(edition, slug="piege", website="javascript:alert(1)")
    with transaction() as session:
        session.add(
            CoExhibitor(exhibitor_id=host.id, name="A", name_key="a", website="data:text/html,x")
        )
    page = text_of(client, "/exposants/piege")
    assert "javascript:" not in page
    assert "data:text" not in page


def test_a_pavilion_lists_its_members_and_they_name_it(
    client: PageClient, edition: Edition
) -> None:
    village = make_exhibitor(edition, name="Village Hérault", slug="village", area=0)
    stand = make_stand(make_hall(edition, name="1A"), number="66")
    make_exhibitor(edition, name="CAUE", slug="caue", parent_id=village.id, stand=stand)
    make_exhibitor(edition, name="Parti", parent_id=village.id, status=ApplicationStatus.WITHDRAWN)
    for address in ("/exposants", "/exposants/village"):
        page = text_of(client, address)
        assert 'href="/exposants/caue"' in page
        assert "Parti" not in page
    assert 'href="/exposants/village"' in text_of(client, "/exposants/caue")


@pytest.mark.parametrize("status", [status for status in ApplicationStatus if status != "accepted"])
def test_who_is_not_accepted_has_no_page_and_no_logo(
    client: PageClient, edition: Edition, status: ApplicationStatus
) -> None:
    make_exhibitor(edition, status=status, slug="cache", logo_file="0" * 32 + ".webp")
    for address in ("/exposants/cache", "/exposants/cache/logo", "/exposants/inconnu"):
        assert client.get(address).status_code == 404


def test_a_logo_is_sent_once(client: PageClient, edition: Edition, settings: Settings) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (300, 120), "#0B5670").save(drawn, "PNG")
    name = save_file(settings.file_store, read_logo(drawn.getvalue()), ".webp")
    make_exhibitor(edition, slug="avec", logo_file=name)
    make_exhibitor(edition, slug="perdu", logo_file="0" * 32 + ".webp")
    make_exhibitor(edition, slug="sans")
    answer = client.get("/exposants/avec/logo")
    assert answer.mimetype == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age=86400" in answer.headers["Cache-Control"]
    with Image.open(io.BytesIO(answer.get_data())) as picture:
        assert picture.format == "WEBP"
    second_answer = client.get(
        "/exposants/avec/logo", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (second_answer.status_code, second_answer.get_data()) == (304, b"")
    assert client.get("/exposants/perdu/logo").status_code == 404
    assert client.get("/exposants/sans/logo").status_code == 404
    assert 'src="/exposants/avec/logo"' in text_of(client, "/exposants")


def test_open_data_say_their_licence_and_are_kept(client: PageClient, exhibitor: Exhibitor) -> None:
    answer = client.get("/exposants.json")
    payload = answer.get_json()
    assert payload["licence"]["name"].startswith("Licence Ouverte")
    assert payload["count"] == 1
    assert list(payload["exhibitors"][0]) == list(PUBLIC_FIELDS)
    assert payload["exhibitors"][0]["themes"] == ["Fibre"]
    assert 'rel="license"' in answer.headers["Link"]
    assert "max-age=300" in answer.headers["Cache-Control"]
    seen = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/exposants.json", headers=seen).status_code == 304
    page = text_of(client, "/exposants")
    assert "Licence Ouverte" in page


def test_no_private_word_is_in_the_open_data(client: PageClient, edition: Edition) -> None:
    make_exhibitor(edition, email="secret@exposant.example", wish_note="note interne")
    for address in ("/exposants.json", "/exposants.csv", "/exposants"):
        text = client.get(address).get_data(as_text=True)
        for private in ("secret@", "Cabanel", "04 67", "44306184100047", "rue des Vignes"):
            assert private not in text, address
        assert "note interne" not in text


def test_the_csv_runs_no_formula_and_comes_back_as_it_was(
    client: PageClient, edition: Edition
) -> None:
    hostile = ["=1+1", "+33", "-2", "@SUM(A1)", "\tx", "'=1", 'a;b\n"c"']
    for name in hostile:
        make_exhibitor(edition, name=name, presentation=name)
    answer = client.get("/exposants.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True)[1:]), delimiter=";"))
    assert rows[0] == list(PUBLIC_FIELDS.values())
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t")]
    assert sorted(from_export(row[0]) for row in rows[1:]) == sorted(hostile)


def test_the_door_of_the_home_page_follows_the_applications(
    client: PageClient, edition: Edition
) -> None:
    def door() -> str:
        page = text_of(client, "/")
        match = re.search(r'class="door door--exhibit" href="([^"]+)"', page)
        assert match
        return match[1]

    assert door() == "/exposants"
    terms = make_terms(edition)
    assert door() == "/exposants/inscription"
    assert "Exposer au salon" in text_of(client, "/exposants")
    with transaction(terms):
        terms.applications_close_at = now()
    assert door() == "/exposants"
    assert "Exposer au salon" not in text_of(client, "/exposants")


def test_the_main_navigation_leads_to_the_exhibitors(client: PageClient, edition: Edition) -> None:
    assert re.search(r'<a href="/exposants"[^>]*>Exposants</a>', text_of(client, "/programme"))


def test_the_name_of_a_co_exhibitor_finds_its_host(
    client: PageClient, exhibitor: Exhibitor
) -> None:
    name = "Bornes & Cie"
    with transaction() as session:
        session.add(CoExhibitor(exhibitor_id=exhibitor.id, name=name, name_key=folded(name)))
    page = text_of(client, "/exposants?q=bornes")
    assert "Éclairage du Biterrois" in page
    assert "Sur le même stand&nbsp;: Bornes &amp; Cie" in page
