"""The public pages, as search engines and messengers read them."""

import json
from dataclasses import replace
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import lxml.html
import pytest
from flask import Flask
from lxml import etree

from salon.fair.models import Edition
from salon.fair.presenters.search_engines import STANDING
from salon.platform.database.demonstration_state import mark_as_demonstration
from salon.platform.web.access import allowed_of, settings
from salon.platform.web.headers import fixed_headers
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand
from tests.factories import make_edition
from tests.pages import PageClient


def page_at(client: PageClient, address: str, status: int = 200) -> lxml.html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == status, address
    return lxml.html.document_fromstring(answer.text)


@pytest.fixture
def exhibitor(edition: Edition) -> str:
    hall = make_hall(edition, name="2")
    make_exhibitor(
        *(edition,),
        name="Eaux & Forêts <du> Sud",
        presentation="Réseaux d’eau",
        stand=make_stand(hall, number="66"),
    )
    return "Eaux & Forêts <du> Sud"


def test_each_public_page_says_what_it_is_and_its_one_address(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    descriptions = []
    with app.test_request_context():
        addresses = [app.url_for(endpoint) for endpoint in STANDING]
    for address in addresses:
        page = page_at(client, f"{address}?utm_source=lettre")
        (canonical,) = page.xpath("//link[@rel='canonical']/@href")
        assert canonical == settings().public_url + address
        (description,) = page.xpath("//meta[@name='description']/@content")
        assert 40 < len(description) < 320, address
        og = dict(
            zip(
                page.xpath("//meta[@property]/@property"),
                page.xpath("//meta[@property]/@content"),
                strict=True,
            )
        )
        assert og["og:url"] == canonical
        assert og["og:description"] == description
        assert page.findtext(".//title").startswith(og["og:title"])
        with client.get(urlsplit(og["og:image"]).path) as picture:
            assert picture.mimetype == "image/png"
        descriptions.append(description)
    assert len(set(descriptions)) > 6


def test_a_private_page_has_no_address_to_keep(client: PageClient, edition: Edition) -> None:
    page = page_at(client, "/connexion")
    assert page.xpath("//link[@rel='canonical'] | //meta[@property]") == []


@pytest.mark.parametrize("slug", ["inconnu", "%00"])
def test_a_page_that_does_not_exist_has_none_either(
    client: PageClient, edition: Edition, slug: str
) -> None:
    page = page_at(client, f"/village/{slug}", 404)
    assert page.xpath("//link[@rel='canonical'] | //meta[@property]") == []


def test_the_home_page_tells_the_fair_as_an_event(client: PageClient, edition: Edition) -> None:
    (words,) = page_at(client, "/").xpath("//script[@type='application/ld+json']/text()")
    event = json.loads(words)
    assert event["@type"] == "BusinessEvent"
    assert event["name"] == edition.name
    assert event["startDate"] < event["endDate"]
    assert event["startDate"][-6:] in ("+01:00", "+02:00")
    assert event["location"]["address"]["addressLocality"] == edition.city
    assert event["organizer"]["name"] == edition.organiser


def robots_of(client: PageClient) -> RobotFileParser:
    """Return the rules of robots.txt as an independent reader understands them."""
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").text.splitlines())
    return robots


def test_every_page_of_the_sitemap_may_be_indexed_under_its_own_address(
    client: PageClient, edition: Edition, exhibitor: str
) -> None:
    answer = client.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    addresses = etree.fromstring(answer.data).xpath("//*[local-name()='loc']/text()")
    site = settings().public_url
    assert any("/exposants/" in address and "inscription" not in address for address in addresses)
    robots = robots_of(client)
    for address in addresses:
        assert address.startswith(site)
        path = address.removeprefix(site)
        page = page_at(client, path)
        assert page.xpath("//link[@rel='canonical']/@href") == [address]
        assert page.xpath("//meta[@name='robots']") == []
        assert "X-Robots-Tag" not in client.get(path).headers, path
        assert robots.can_fetch("Googlebot", address), address
    assert robots.site_maps() == [f"{site}/sitemap.xml"]


def test_no_private_link_is_indexed(app: Flask) -> None:
    links = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if allowed_of(app, rule.endpoint) == "public" and rule.arguments & {"token", "code"}
    ]
    assert len(links) > 30
    assert [link for link in links if "X-Robots-Tag" not in fixed_headers(link, False)] == []


def test_a_draft_has_no_page_for_robots(client: PageClient, edition: Edition) -> None:
    draft = make_edition(is_current=False)
    for path in ("/", "/plan", "/exposants", "/inscription", "/sitemap.xml"):
        answer = client.get(f"/e/{draft.slug}{path}")
        assert answer.status_code == 404, path
        assert "canonical" not in answer.text, path
    assert draft.slug not in client.get("/sitemap.xml").text
    assert client.get(f"/editions/{draft.slug}").status_code == 404


def test_robots_stay_out_of_a_demonstration(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    assert not robots_of(client).can_fetch("Googlebot", "/badge/secret")
    assert robots_of(client).can_fetch("Googlebot", "/")
    mark_as_demonstration()
    app.config["SALON"] = replace(app.config["SALON"], demonstration=True)
    assert not robots_of(client).can_fetch("Googlebot", "/")


def test_a_filtered_page_has_a_title_of_its_own(
    client: PageClient, edition: Edition, exhibitor: str
) -> None:
    titles = [
        page_at(client, address).findtext(".//title")
        for address in (
            *("/exposants", "/exposants?q=eau", "/exposants?hall=2", "/exposants?page=2"),
            *("/plan", "/plan?q=eau", "/rendez-vous", "/rendez-vous?q=eau"),
        )
    ]
    assert len(set(titles)) == len(titles), titles
