"""The colours and the logo of the fair."""

from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from salon.fair.models import Edition
from salon.fair.rules.look import (
    INK,
    SAND,
    check_accent_colour,
    check_main_colour,
)
from salon.platform.database.db import transaction
from salon.platform.database.identity import Role
from salon.platform.files.uploads import FOLDER
from salon.platform.words.colours import LEAST_CONTRAST, ContrastTooLow, contrast, mixed
from tests.factories import sign_in
from tests.fair.test_practical import fields_of, text_of
from tests.fair.test_settings import fresh
from tests.pages import PageClient

PATH = "/organisation/reglages/apparence"


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#767676", "#ffffff", 4.54)],
)
def test_contrast_is_that_of_wcag(first: str, second: str, ratio: float) -> None:
    assert contrast(first, second) == pytest.approx(ratio, abs=0.01)
    assert contrast(second, first) == contrast(first, second)


def test_the_product_s_own_colours_pass() -> None:
    check_main_colour("#0b5670")
    check_accent_colour("#f2b632")
    assert contrast(INK, SAND) > LEAST_CONTRAST
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"


@pytest.mark.parametrize("colour", ["#ff9900", "#767676", "#ffffff"])
def test_a_main_colour_that_is_hard_to_read_is_refused(colour: str) -> None:
    with pytest.raises(ContrastTooLow, match="il en faut 4,5"):
        check_main_colour(colour)


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def test_the_home_page_shows_the_place_s_own_picture_in_two_sizes(
    organiser: PageClient, client: PageClient, edition: Edition
) -> None:
    with transaction(edition):
        edition.department = "48"
    assert "images/countryside.svg" in client.get("/").text, "neither the sea nor Béziers"
    photo = BytesIO()
    Image.new("RGB", (2400, 1200), "#336699").save(photo, "JPEG")
    fields = fields_of(organiser.get(PATH).text)

    def sent(**texts: str) -> dict[str, object]:
        return fields | texts | {"picture": (BytesIO(photo.getvalue()), "mende.jpg")}

    refused = organiser.post(PATH, data=sent())
    assert refused.status_code == 400
    assert "Dites ce que l’image montre" in text_of(refused)
    words = {"picture_alt": "La cathédrale de Mende", "picture_credit": "Ville de Mende"}
    assert organiser.post(PATH, data=sent(**words)).status_code == 302
    page = client.get("/").text
    assert 'alt="La cathédrale de Mende"' in page
    assert "<figcaption>Ville de Mende</figcaption>" in page
    assert "countryside" not in page
    sizes = [
        Image.open(BytesIO(client.get(f"/accueil-{size}.webp").data)).size
        for size in ("petite", "grande")
    ]
    assert sizes == [(900, 450), (1600, 800)]
    fields = fields_of(organiser.get(PATH).text)
    assert organiser.post(PATH, data=fields | {"forget_picture": "y"}).status_code == 302
    assert client.get("/accueil-grande.webp").status_code == 404
    assert "countryside" in client.get("/").text


def test_colours_are_refused_with_their_ratio_then_seen(
    organiser: PageClient, client: PageClient, edition: Edition
) -> None:
    assert "apparence.css" not in client.get("/").text
    fields = fields_of(organiser.get(PATH).text)
    answer = organiser.post(PATH, data=fields | {"main_colour": "#ff9900"})
    assert answer.status_code == 400
    assert "2,1 pour 1" in text_of(answer)
    assert organiser.post(PATH, data=fields | {"main_colour": "bleu"}).status_code == 400
    response = organiser.post(PATH, data=fields | {"main_colour": "#7A1F3D"})
    assert response.status_code == 302
    assert "/apparence.css?" in client.get("/").text
    sheet = client.get("/apparence.css").text
    assert "--sea: #7a1f3d" in sheet
    assert "--sun" not in sheet
    assert organiser.post(PATH, data=fields | {"accent_colour": "#ffffff"}).status_code == 409
    assert fresh(edition).main_colour == "#7a1f3d"


def picture() -> bytes:
    stream = BytesIO()
    Image.new("RGB", (80, 80), "#7a1f3d").save(stream, "PNG")
    return stream.getvalue()


def test_a_logo_is_shown_replaced_and_taken_away(
    app: Flask, organiser: PageClient, client: PageClient, edition: Edition
) -> None:
    def send(**more: object) -> int:
        fields = fields_of(organiser.get(PATH).text)
        fields.pop("forget_logo", None)
        return organiser.post(PATH, data=fields | more).status_code

    assert client.get("/logo.webp").status_code == 404
    assert send(logo=(BytesIO(b"<svg>"), "logo.svg")) == 400
    assert send(logo=(BytesIO(picture()), "logo.png")) == 302
    assert "/logo.webp?" in client.get("/").text
    assert client.get("/logo.webp").mimetype == "image/webp"
    assert send(logo=(BytesIO(picture()), "logo.png")) == 302
    folder = app.config["SALON"].data / FOLDER
    assert [path.name for path in folder.iterdir()] == [fresh(edition).logo_name]
    assert send() == 302
    assert client.get("/logo.webp").status_code == 200
    assert send(forget_logo="y") == 302
    assert list(folder.iterdir()) == []
    assert "/logo.webp?" not in client.get("/").text
