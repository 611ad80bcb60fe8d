"""Input that an application refuses, in French, with nothing written."""

import re

import pytest
from werkzeug.datastructures import MultiDict

from salon.exhibitors.models import ApplicationStatus, Exhibitor, ExhibitorTerms, PriceItem
from salon.fair.models import Edition
from salon.platform.database.journal import JournalEntry
from tests.badges.people import all_of, kinds_sent
from tests.exhibitors.apply.company_server import CLOSED, LIGHTING, TOWN
from tests.exhibitors.apply.filling import (
    ACTIVITY,
    CONTACTS,
    EMAIL,
    ORGANISATION,
    START,
    WISHES,
    fill,
    fresh,
    html,
    page_of,
    start,
    wishes_page,
)
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_theme
from tests.pages import PageClient
from tests.tables import each


def test_a_closed_company_begins_nothing(client: PageClient, terms: ExhibitorTerms) -> None:
    answer = client.fill(START, siret=CLOSED, email=EMAIL)
    assert answer.status_code == 409
    page = html(answer)
    assert "cet établissement est fermé" in page
    assert f'value="{CLOSED}"' in page
    assert (all_of(Exhibitor), kinds_sent(), all_of(JournalEntry)) == ([], [], [])


@pytest.mark.parametrize("action", ["continue", "autosave", "later"])
def test_choices_that_are_not_offered_are_not_kept(
    client: PageClient, terms: ExhibitorTerms, action: str
) -> None:
    exhibitor, _ = wishes_page(client)
    before = fresh(exhibitor)
    hostile = {
        "organisation": {"kind": "organiser", "country": "ZZ"},
        "activite": {"sector": "=CMD()", "themes": "un"},
        "souhaits": {"power_kw": "abc", "wished_hall_id": "99999", "area": "douze"},
        "options": {"option-99999": "3", "option-x": "1"},
    }
    for step, fields in hostile.items():
        filled = {"organisation": ORGANISATION, "activite": ACTIVITY, "souhaits": WISHES}
        typed = {**filled.get(step, {}), **fields, "action": action}
        answer = fill(client, page_of(exhibitor, step), **typed)
        assert answer.status_code in (200, 302, 400)
        assert (answer.status_code == 400) == (action == "continue" and step != "options")
    after = fresh(exhibitor)
    assert (after.kind, after.country, after.sector) == (before.kind, "FR", before.sector)
    assert (after.themes, after.power_kw, after.wished_hall_id, after.area) == ([], 0, None, 9)


AREAS = [
    *("0", "10000", "5", "121", "-9", "-0", "9,5", "9.5", "neuf", "", "9" * 400),
    *("NaN", "inf", "1e9", "0x10", "12 m²", "9\u00bd", "=9"),
]


@pytest.fixture
def wishes(client: PageClient, terms: ExhibitorTerms) -> tuple[Exhibitor, str]:
    """Return an application and the page of its wishes."""
    return wishes_page(client)


@each("area", AREAS)
@each("action", ["continue", "autosave"])
def test_an_area_out_of_bounds_is_refused(
    client: PageClient, wishes: tuple[Exhibitor, str], area: str, action: str
) -> None:
    exhibitor, path = wishes
    answer = fill(client, path, **{**WISHES, "area": area, "action": action})
    if action == "continue":
        assert answer.status_code == 400
        assert re.search("surface|nombre entier", html(answer))
    else:
        assert answer.status_code == 200
    assert fresh(exhibitor).area == 9


@pytest.mark.parametrize("field", ["near", "apart", "co_exhibitors"])
def test_more_lines_than_allowed_are_not_kept(
    client: PageClient, terms: ExhibitorTerms, field: str
) -> None:
    exhibitor, path = wishes_page(client)
    name = "co_exhibitors-{}-name" if field == "co_exhibitors" else field + "-{}"
    lines = {name.format(number): f"Nom {number}" for number in range(9)}
    fill(client, path, **WISHES, **lines)
    assert len(getattr(fresh(exhibitor), field)) <= 5


def test_three_themes_at_most(client: PageClient, edition: Edition, terms: ExhibitorTerms) -> None:
    hall = make_hall(edition)
    ids = [make_theme(edition, make_stand(hall), slug=f"t{n}").id for n in range(4)]
    exhibitor, _ = wishes_page(client)
    path = page_of(exhibitor, "activite")
    page = html(client.get(path))
    hidden = dict(re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]+)"', page))
    for chosen, status, value in ((ids, 400, 0), (ids[:3], 302, 3), ([999], 400, 3)):
        data = MultiDict(
            [*hidden.items(), *ACTIVITY.items(), *(("themes", str(i)) for i in chosen)]
        )
        answer = client.post(path, data=data)
        assert answer.status_code == status
        assert len(fresh(exhibitor).themes) == value
        hidden["version"] = str(fresh(exhibitor).version)


@pytest.mark.parametrize("length", [501, 5_000])
def test_a_presentation_is_500_characters(
    client: PageClient, terms: ExhibitorTerms, length: int
) -> None:
    exhibitor, _ = wishes_page(client)
    path = page_of(exhibitor, "activite")
    assert fill(client, path, sector="energy", presentation="a" * length).status_code == 400
    lines = "\r\n".join(["é" * 49] * 10)
    assert fill(client, path, sector="energy", presentation=lines).status_code == 302
    assert len(fresh(exhibitor).presentation) == 499


@pytest.mark.parametrize(("count", "status"), [(500, 302), (501, 400)])
def test_a_drawn_character_and_the_end_of_a_line_count_for_one(
    client: PageClient, terms: ExhibitorTerms, count: int, status: int
) -> None:
    exhibitor, _ = wishes_page(client)
    text = "\U0001f4a1\r\n" * 100 + "\U0001f4a1" * (count - 200)
    answer = fill(client, page_of(exhibitor, "activite"), sector="energy", presentation=text)
    assert answer.status_code == status
    assert ("Au plus 500 caractères." in html(answer)) == (status == 400)
    assert len(fresh(exhibitor).presentation) == (500 if status == 302 else 27)


UNPRINTABLE = ["Lumi\x00ère", "Lumière\r\nBcc: x@evil.example", "L\x1b[2J", "=?utf-8?q?=0A?="]


@each("typed", UNPRINTABLE)
@each(
    ("step", "field"),
    [("organisation", "name"), ("contacts", "main-last_name"), ("souhaits", "near-0")],
)
def test_characters_that_do_not_print_are_refused(
    client: PageClient, wishes: tuple[Exhibitor, str], step: str, field: str, typed: str
) -> None:
    exhibitor, _ = wishes
    before = fresh(exhibitor).version
    filled = {"organisation": ORGANISATION, "contacts": CONTACTS, "souhaits": WISHES}[step]
    answer = fill(client, page_of(exhibitor, step), **{**filled, field: typed})
    assert answer.status_code == 400
    assert "caractère" in html(answer)
    assert fresh(exhibitor).version == before


def test_a_presentation_holds_no_control_character(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    exhibitor, _ = wishes_page(client)
    answer = fill(client, page_of(exhibitor, "activite"), sector="energy", presentation="a\x00\nb")
    assert answer.status_code == 400
    assert fresh(exhibitor).presentation == ACTIVITY["presentation"]


def test_a_formula_stays_as_it_was_typed(client: PageClient, terms: ExhibitorTerms) -> None:
    """It is a name like another here; the exports are what makes it harmless."""
    exhibitor = start(client)
    name = '=HYPERLINK("//evil.example","ici")'
    path = page_of(exhibitor, "organisation")
    assert fill(client, path, **{**ORGANISATION, "name": name}).status_code == 302
    assert fresh(exhibitor).name == name
    page = html(client.get(page_of(exhibitor)))
    assert "=HYPERLINK(&#34;//evil.example&#34;" in page
    assert 'href="http://evil.example' not in page


@each("quantity", ["-1", "21", "1,5", "deux", "9" * 30])
def test_a_wrong_quantity_is_refused(
    client: PageClient, wishes: tuple[Exhibitor, str], quantity: str
) -> None:
    exhibitor, path = wishes
    fill(client, path, **WISHES)
    item = next(item for item in all_of(PriceItem) if item.code == "repas")
    answer = fill(client, page_of(exhibitor, "options"), **{f"option-{item.id}": quantity})
    assert answer.status_code == 400
    assert fresh(exhibitor).options == []


def test_fields_that_are_not_asked_are_ignored(
    client: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    """Mass assignment: neither state, nor stand, nor role, nor price comes from a form."""
    stand = make_stand(make_hall(edition))
    item = next(item for item in all_of(PriceItem) if item.code == "m2")
    exhibitor, _path = wishes_page(client)
    other_exhibitor = make_exhibitor(edition, name="Une autre", siret="")
    extra = {
        "exhibitor_id": str(other_exhibitor.id),
        "id": str(other_exhibitor.id),
        "status": "accepted",
        "role": "organiser",
        "stand_id": str(stand.id),
        "parent_id": "1",
        "edition_id": "99",
        "private_token": "choisi",
        "slug": "choisi",
        f"option-{item.id}": "0",
        "siret": TOWN,
    }
    for step, fields in (
        ("organisation", ORGANISATION),
        ("contacts", CONTACTS),
        ("activite", ACTIVITY),
        ("souhaits", WISHES),
        ("options", {}),
        ("recapitulatif", {"accepts": "y"}),
    ):
        assert fill(client, page_of(exhibitor, step), **{**extra, **fields}).status_code == 302
    stored_exhibitor = fresh(exhibitor)
    assert (
        stored_exhibitor.status,
        stored_exhibitor.stand_id,
        stored_exhibitor.parent_id,
        stored_exhibitor.slug,
        stored_exhibitor.siret,
    ) == (
        ApplicationStatus.SUBMITTED,
        None,
        None,
        None,
        LIGHTING,
    )
    assert (stored_exhibitor.edition_id, stored_exhibitor.options) == (edition.id, [])
    assert stored_exhibitor.private_token != "choisi"
    assert (fresh(other_exhibitor).name, fresh(other_exhibitor).version) == (
        "Une autre",
        other_exhibitor.version,
    )
