"""The profile that an exhibitor fills in."""

import io
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from salon.exhibitors.models import Exhibitor
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.installation import Settings
from tests.exhibitor_space.made import pdf, photo, picture, vast_png
from tests.exhibitor_space.pages import address, raw_form
from tests.pages import PageClient
from tests.tables import each

# Profile


def fill_profile(client: PageClient, exhibitor: Exhibitor, **fields: Any) -> TestResponse:
    form_fields: dict[str, Any] = {
        "presentation": "Bornes et lampadaires.",
        "version": str(exhibitor.version),
        **fields,
    }
    return client.fill(address(exhibitor, "/presentation"), **form_fields)


def test_a_profile_is_saved_and_its_logo_shown(
    elise: PageClient, exhibitor: Exhibitor, settings: Settings
) -> None:
    answer = fill_profile(
        elise,
        exhibitor,
        website="www.eclairage.example",
        logo=(io.BytesIO(picture(size=(900, 300))), "logo.png"),
        **{"co_exhibitors-0-name": "Voisin", "co_exhibitors-1-name": ""},
    )
    assert answer.headers["Location"] == address(exhibitor)
    current_session().rollback()
    assert (
        f'href="/exposants/{exhibitor.slug}"' in elise.get(address(exhibitor, "/presentation")).text
    )
    assert exhibitor.presentation == "Bornes et lampadaires."
    assert exhibitor.website == "https://www.eclairage.example"
    assert [co_exhibitor.name for co_exhibitor in exhibitor.co_exhibitors] == ["Voisin"]
    logo = elise.get(address(exhibitor, "/logo.webp"))
    assert (logo.status_code, logo.mimetype) == (200, "image/webp")
    assert logo.headers["X-Content-Type-Options"] == "nosniff"
    with transaction(exhibitor):
        pass
    fill_profile(elise, exhibitor, remove_logo="y")
    assert elise.get(address(exhibitor, "/logo.webp")).status_code == 404
    assert list((settings.data / "uploads").iterdir()) == []


@each(
    ("content", "name"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "logo.png"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "logo.eps"),
        (b"<html><script>alert(1)</script>", "logo.png"),
        (pdf(), "logo.jpg"),
        (photo()[:2500], "logo.jpg"),
        (vast_png(20_000, 20_000, 200_000), "logo.png"),
        (b"", "logo.png"),
    ],
)
def test_what_is_no_logo_is_a_400_in_french_and_nothing_is_written(
    elise: PageClient, exhibitor: Exhibitor, settings: Settings, content: bytes, name: str
) -> None:
    answer = fill_profile(elise, exhibitor, logo=(io.BytesIO(content), name))
    assert answer.status_code == 400
    assert "logo" in answer.text
    current_session().rollback()
    assert exhibitor.presentation == "Éclairage public et bornes de recharge."
    assert not (settings.data / "uploads").exists()


def test_a_logo_too_heavy_by_one_byte_is_a_413(elise: PageClient, exhibitor: Exhibitor) -> None:
    answers = []
    for weight in (2_000_000, 2_000_001, 2_030_000):
        heavy = picture() + bytes(weight - len(picture()))
        path, body, content_type = raw_form(
            elise, exhibitor, 'filename="a.png"', heavy, "/presentation", presentation="Bornes."
        )
        answers.append(elise.post(path, data=body, content_type=content_type))
    assert [answer.status_code for answer in answers] == [302, 413, 413]
    assert "2 Mo" in answers[1].text


@pytest.mark.parametrize(
    ("field", "typed"), [("website", "javascript:alert(1)"), ("version", "0"), ("version", "x")]
)
def test_a_refused_profile_keeps_the_logo_it_would_have_removed(
    elise: PageClient, exhibitor: Exhibitor, settings: Settings, field: str, typed: str
) -> None:
    fill_profile(elise, exhibitor, logo=(io.BytesIO(picture()), "logo.png"))
    current_session().rollback()
    stored = list((settings.data / "uploads").iterdir())
    form_fields: dict[str, Any] = {"remove_logo": "y", field: typed}
    assert fill_profile(elise, exhibitor, **form_fields).status_code in (400, 409)
    replacing = {**form_fields, "logo": (io.BytesIO(picture(size=(90, 30))), "logo.png")}
    assert fill_profile(elise, exhibitor, **replacing).status_code in (400, 409)
    assert list((settings.data / "uploads").iterdir()) == stored
    assert elise.get(address(exhibitor, "/logo.webp")).status_code == 200


def test_a_profile_changed_meanwhile_keeps_both(elise: PageClient, exhibitor: Exhibitor) -> None:
    read = str(exhibitor.version)
    with transaction(exhibitor):
        exhibitor.presentation = "Écrit entre-temps."
    answer = fill_profile(elise, exhibitor, presentation="Le mien.", version=read)
    assert answer.status_code == 409
    assert "Écrit entre-temps." in answer.text
    assert "Le mien." in answer.text
    [version] = re.findall(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert (
        fill_profile(elise, exhibitor, presentation="Le mien.", version=version).status_code == 302
    )


def test_a_profile_wrongly_typed_is_a_400(elise: PageClient, exhibitor: Exhibitor) -> None:
    for wrong in (
        {"presentation": ""},
        {"presentation": "x" * 501},
        {"website": "javascript:alert(1)"},
        {"version": "un"},
    ):
        assert fill_profile(elise, exhibitor, **wrong).status_code == 400
