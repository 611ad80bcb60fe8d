"""The page of the badges, and what it changes on paper, on screens and at the kiosk."""

import io
import re
from typing import Any

import pypdfium2
import pytest
from flask import Flask
from PIL import Image

from salon.accounts.models import StationKind
from salon.badges import jobs
from salon.badges.models import Category
from salon.badges.models.badge_layouts import Layout
from salon.badges.queries import colours_of, settings_of
from salon.badges.rules import check_settings
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.platform.database.journal import entries
from salon.platform.words.colours import ContrastTooLow
from salon.platform.words.errors import BadInput
from tests.entrance.people import make_badge
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand
from tests.factories import sign_in
from tests.fair.test_practical import fields_of, text_of
from tests.kiosk.make import make_device
from tests.pages import PageClient
from tests.tables import each

PATH = "/organisation/reglages/badges"
PREFIX = "HTTPS://SALON.EXAMPLE/B/"
ALL_LINES = ["function", "organisation", "stand", "fair"]


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def typed(organiser: PageClient, **changes: Any) -> dict[str, Any]:
    """Return the form as the page shows it, with these changes."""
    fields: dict[str, Any] = fields_of(organiser.get(PATH).text)
    for name in ("original_colours", "lines", "preview"):
        fields.pop(name, None)
    papers = {"print_layout": "a4", "desk_layout": "62mm", "kiosk_layout": "a6"}
    return {**fields, **papers, "lines": ["function", "organisation", "fair"], **changes}


def save(organiser: PageClient, **changes: Any) -> None:
    answer = organiser.post(PATH, data=typed(organiser, **changes))
    assert answer.status_code == 302, text_of(answer)


def printed(badge_id: int, layout: Layout = Layout.A4) -> tuple[str, pypdfium2.PdfPage]:
    """Return the text of a badge's file, and its page, by a reader that is not ours."""
    page = pypdfium2.PdfDocument(jobs.render_badges([badge_id], layout, PREFIX))[0]
    return " ".join(page.get_textpage().get_text_range().split()), page


def colours_on(picture: Image.Image) -> dict[str, int]:
    """Return the number of pixels of each colour."""
    counts = picture.convert("RGB").getcolors(picture.width * picture.height) or []
    return {"#{:02x}{:02x}{:02x}".format(*colour): count for count, colour in counts}


@pytest.mark.parametrize("layout", list(Layout))
def test_lines_that_are_not_chosen_are_not_printed(
    organiser: PageClient, edition: Edition, layout: Layout
) -> None:
    stand = make_stand(make_hall(edition), number="B12")
    exhibitor = make_exhibitor(edition, stand=stand)
    badge = make_badge(edition, last_name="Roque", exhibitor_id=exhibitor.id)
    usual, _ = printed(badge.id, layout)
    assert {"Maire", "Espondeilhan"} <= set(usual.split())
    assert "Stand B12" not in usual
    assert edition.place in usual
    save(organiser, lines=["stand"])
    chosen, _ = printed(badge.id, layout)
    assert "Stand B12" in chosen
    assert {"Élodie", "Roque", "Élue", badge.code[:4]} <= set(chosen.split())
    assert {"Maire", "Espondeilhan"}.isdisjoint(chosen.split())
    count = chosen.count(edition.place), usual.count(edition.place)
    assert count[0] == count[1] - 1


def test_a_colour_is_printed_and_shown_on_screens_and_at_the_doors(
    client: PageClient, organiser: PageClient, edition: Edition
) -> None:
    badge = make_badge(edition)
    _, before = printed(badge.id)
    assert colours_on(before.render(scale=2).to_pil()).get("#2440a8", 0) > 2_000
    assert "couleurs-des-badges.css" not in client.get(f"/badge/{badge.private_token}").text
    save(organiser, colour_elected="#7A1F3D", colour_visitor="#333333")
    _, after = printed(badge.id)
    drawn = colours_on(after.render(scale=2).to_pil())
    assert drawn.get("#7a1f3d", 0) > 2_000
    assert "#2440a8" not in drawn
    page = client.get(f"/badge/{badge.private_token}").text
    sheet = re.search(r'href="(/couleurs-des-badges\.css[^"]+)"', page)
    assert sheet
    rules = client.get(sheet[1].replace("&amp;", "&")).text
    assert ".category--elected { --category: #7a1f3d }" in rules
    assert '.category:not([class*="category--"]) { --category: #333333 }' in rules
    assert "press" not in rules
    assert sheet[1] in organiser.get(f"/organisation/participants/{badge.attendee_id}").text
    kiosk = make_device(client, edition)
    assert kiosk.scan(badge.code).json["person"]["colour"] == "#7A1F3D"
    token = make_device(client, edition, StationKind.SCANNER, "Porte").token
    headers = {"Authorization": f"Bearer {token}"}
    station = client.get("/api/v1/station", headers=headers).json
    assert station["categories"]["elected"] == ["Élu", "#7A1F3D"]
    assert station["categories"]["press"] == ["Presse", "#B4540A"]
    save(organiser, colour_elected="#7a1f3d", original_colours="y")
    assert colours_of(edition.id)["elected"] == "#2440A8"


def test_the_style_sheet_holds_colours_only(client: PageClient, edition: Edition) -> None:
    answer = client.get("/couleurs-des-badges.css?elected=000;}*{x:y&press=112233&autre=445566")
    assert answer.mimetype == "text/css"
    assert answer.text == ".category--press { --category: #112233 }\n"


def test_papers_are_those_of_batches_of_the_desk_and_of_the_kiosk(
    client: PageClient, organiser: PageClient, edition: Edition
) -> None:
    papers = {"print_layout": "102x152", "desk_layout": "a6", "kiosk_layout": "62mm"}
    save(organiser, lines=ALL_LINES, **papers)
    chosen = 'selected value="{}"'
    assert chosen.format("102x152") in organiser.get("/organisation/badges").text
    assert chosen.format("a6") in organiser.get("/accueil").text
    token = make_device(client, edition).token
    headers = {"Authorization": f"Bearer {token}"}
    kiosk = client.get("/api/v1/station", headers=headers).json["kiosk"]
    assert (kiosk["layout"], kiosk["lines"]) == ("62mm", ALL_LINES)


def test_a_colour_that_is_hard_to_read_is_refused(organiser: PageClient, edition: Edition) -> None:
    answer = organiser.post(PATH, data=typed(organiser, colour_press="#ff9900"))
    assert answer.status_code == 400
    assert "2,1 pour 1" in text_of(answer)
    assert "« Presse »" in text_of(answer)
    assert settings_of(edition.id).colours == {}


@each(
    "wrong",
    [
        {"print_layout": "a3"},
        {"kiosk_layout": "a4"},
        {"lines": ["photo"]},
        {"colour_agent": "rouge"},
        {"colour_agent": ""},
        {"stamp": "x"},
    ],
)
def test_what_is_no_choice_is_refused(
    organiser: PageClient, edition: Edition, wrong: dict[str, Any]
) -> None:
    assert organiser.post(PATH, data=typed(organiser, **wrong)).status_code == 400
    assert current_session().scalars(entries("badge_settings.changed")).all() == []


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"lines": ["photo"]}, BadInput),
        ({"colours": {"king": "#000000"}}, BadInput),
        ({"colours": {"press": "#000"}}, BadInput),
        ({"desk_layout": "a3"}, BadInput),
        ({"colours": {"press": "#ffee00"}}, ContrastTooLow),
    ],
)
def test_settings_obey_their_rules(change: dict[str, Any], refusal: type[Exception]) -> None:
    values = {"print_layout": "a4", "desk_layout": "a6", "kiosk_layout": "a6"}
    good: dict[str, Any] = {**values, "lines": ALL_LINES, "colours": {}}
    check_settings(good)
    check_settings({**good, "colours": {category.value: category.colour for category in Category}})
    with pytest.raises(refusal):
        check_settings({**good, **change})


def test_two_organisers_do_not_overwrite_each_other(
    organiser: PageClient, edition: Edition
) -> None:
    late = typed(organiser, colour_press="#123456")
    save(organiser, colour_press="#7a1f3d")
    answer = organiser.post(PATH, data=late)
    assert answer.status_code == 409
    assert "#7a1f3d" in text_of(answer)
    current_session().expire_all()
    assert settings_of(edition.id).colours == {"press": "#7a1f3d"}
    actions = [entry.action for entry in current_session().scalars(entries())]
    assert actions.count("badge_settings.changed") == 1


def test_the_preview_shows_the_choices_and_saves_nothing(
    organiser: PageClient, edition: Edition
) -> None:
    data = typed(organiser, colour_press="#7a1f3d", lines=["stand"], preview="1")
    page = organiser.post(PATH, data=data)
    assert page.status_code == 200
    addresses = [
        address.replace("&amp;", "&")
        for address in re.findall(r'<img src="([^"]+apercu\.png[^"]+)"', page.text)
    ]
    assert len(addresses) == 3
    answer = organiser.get(addresses[0])
    assert answer.mimetype == "image/png"
    drawn = colours_on(Image.open(io.BytesIO(answer.data)))
    assert drawn["#7a1f3d"] > 2_000
    assert all(drawn.get(category.colour.lower(), 0) > 2_000 for category in (Category.GUEST,))
    assert organiser.get(f"{PATH}/apercu.png?paper=a5").status_code == 400
    assert settings_of(edition.id).lines == ["function", "organisation", "fair"]
