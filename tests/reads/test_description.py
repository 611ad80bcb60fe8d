"""The page that describes the API to people, made from the description made for programs."""

import re
from html import unescape

from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.identity import Role
from salon.reads.documents import answers
from tests.described import description
from tests.factories import make_edition, sign_in
from tests.pages import PageClient

PAGE = "/lire-les-donnees"


def test_each_address_and_each_field_is_on_the_page(client: PageClient, edition: Edition) -> None:
    page = unescape(client.get(PAGE).text)
    calls = {
        path: methods["get"]
        for path, methods in description()["paths"].items()
        if path.startswith("/editions/")
    }
    assert len(calls) == 6
    for path, call in calls.items():
        address = path.removeprefix("/editions/{edition}").replace("{theme}", "THEME")
        assert re.search(rf"://[^ ]+/api/v1/editions/{edition.slug}{address}</code>", page), path
        assert f'<h3 id="{call["operationId"]}">{call["summary"]}</h3>' in page
        assert call["security"] == [{"reader": []}]
        assert {"200", "304", "401", "403", "404", "406", "429"} <= set(call["responses"])
    for name in (*answers.Exhibitor.__annotations__, *answers.EpciCount.__annotations__):
        assert f"<code>{name}</code>" in page, name


def test_the_page_is_reached_from_each_public_page_and_from_the_settings(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    assert f'href="{PAGE}"' in client.get("/").text
    organiser = sign_in(app, Role.ORGANISER)
    card = organiser.get("/organisation/reglages").text
    assert 'href="/organisation/reglages/lectures"' in card
    assert "Aucun jeton" in card
    assert f'href="{PAGE}"' in organiser.get("/organisation/reglages/lectures").text


def test_the_page_of_another_edition_gives_its_addresses(app: Flask, edition: Edition) -> None:
    make_edition(slug="2031", is_current=False)
    organiser = sign_in(app, Role.ORGANISER)
    assert "/api/v1/editions/2031/exhibitors" in organiser.get(f"/e/2031{PAGE}").text


def test_the_page_of_another_edition_leads_to_the_description_made_for_programs(
    app: Flask, edition: Edition
) -> None:
    make_edition(slug="2018", is_current=False)
    organiser = sign_in(app, Role.ORGANISER)
    page = organiser.get(f"/e/2018{PAGE}").text
    (address,) = re.findall(r'href="([^"]+)">OpenAPI', page)
    assert organiser.get(address).get_json()["openapi"] == "3.1.0"
