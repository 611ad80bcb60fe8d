"""The public plan: who is where, found by a word, never stale, cheap when the fair is large."""

import html
import io
import re
from collections import Counter

import pypdfium2
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from salon.exhibitors.models import ApplicationStatus, CoExhibitor, Exhibitor
from salon.fair import services
from salon.fair.engine.layout import NewStand
from salon.fair.models import Edition, Hall
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.edition import find_time_zone
from salon.platform.words.texts import folded
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_theme
from tests.pages import PageClient
from tests.staffing.make import Village, make_village
from tests.statements import statements
from tests.tables import each


@pytest.fixture
def hall(edition: Edition) -> Hall:
    """Stand 1 of the village, 2 of an exhibitor with somebody beside it, 3 free."""
    hall = make_hall(edition, name="2")
    stands = [make_stand(hall, number=str(n), x=6 * n, y=3) for n in (1, 2, 3)]
    make_theme(edition, stands[0])
    exhibitor = make_exhibitor(edition, stand=stands[1], name="Lumières de l’Agly", slug="lumieres")
    with transaction() as session:
        session.add(
            CoExhibitor(
                exhibitor_id=exhibitor.id, name="Œuvres d’Oc", name_key=folded("Œuvres d’Oc")
            )
        )
    return hall


def plain(answer: TestResponse) -> str:
    assert answer.status_code == 200
    text = html.unescape(answer.get_data(as_text=True))
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " "))


def test_the_park_counts_its_halls_and_leads_to_them(client: PageClient, hall: Hall) -> None:
    page = plain(client.get("/plan"))
    assert page.count('href="/plan/2"') == 2, "the table and the drawing"
    assert "le village Hérault</a>, 1 stand, et 1 exposant" in page


def test_a_hall_says_who_is_where_in_a_table_and_on_a_drawing(
    client: PageClient, hall: Hall
) -> None:
    page = plain(client.get("/plan/2"))
    assert page.count('href="/exposants/lumieres"') == 2
    assert page.count('href="/village#organisme-fibre"') == 2
    assert 'aria-label="Stand 2, Lumières de l’Agly"' in page
    assert 'id="stand-3"' in page
    assert page.count("<tr data-stand=") == 2, "a free stand is drawn, not listed"
    assert client.get("/exposants/lumieres").status_code == 200


@each(
    ("search", "expected"),
    [
        ("agly", ["2"]),
        ("LUMIERES", ["2"]),
        ("oeuvres", ["2"]),
        ("3", ["3"]),
        ("Où est le stand 3 ?", ["3"]),
        ("stand n° 03", ["3"]),
        ("je cherche Lumières de l'Agly", ["2"]),
        ("organisme", ["1"]),
        ("zzz", []),
        ("%", []),
        ("<b>", []),
    ],
)
def test_a_name_or_a_number_is_found_without_a_script(
    client: PageClient, hall: Hall, search: str, expected: list[str]
) -> None:
    for path in ("/plan", "/plan/2"):
        page = plain(client.get(path, query_string={"q": search}))
        links = re.findall(r'rows__link" href="/plan/2\?q=[^"#]+#stand-(\w+)"', page)
        assert links == expected, path
        assert ("Rien sur le plan pour" in page) == (not expected and folded(search) != "")


@pytest.fixture
def village(edition: Edition) -> Village:
    return make_village(edition)


@each(
    ("search", "expected"),
    [
        ("le stand du conseil départemental", ["V0"]),
        ("où sont les pompiers ?", ["V2"]),
        ("défense incendie", ["V2"]),
        ("la fibre", ["V1"]),
        ("fibbre", ["V1"]),
    ],
)
def test_a_body_is_found_by_its_themes_and_what_people_call_it(
    client: PageClient, village: Village, search: str, expected: list[str]
) -> None:
    for path in ("/plan", "/plan/3"):
        page = plain(client.get(path, query_string={"q": search}))
        assert (
            re.findall(r'rows__link" href="/plan/\w+\?q=[^"#]+#stand-(\w+)"', page) == expected
        ), path


def test_what_is_on_no_stand_is_said_to_be_elsewhere(client: PageClient, hall: Hall) -> None:
    for search in ("toilettes", "Où sont les WC ?", "où manger", "parking"):
        page = plain(client.get("/plan", query_string={"q": search}))
        assert "n’est pas sur le plan" in page
        assert 'href="/infos-pratiques"' in page


def test_a_long_or_strange_search_is_a_page(client: PageClient, hall: Hall) -> None:
    for value in ("x" * 5000, "\x00", "   ", "'\"><script>"):
        assert client.get("/plan/2", query_string={"q": value}).status_code == 200


def test_what_is_not_a_hall_is_a_404(client: PageClient, hall: Hall) -> None:
    for path in ("/plan/9", "/plan/9.pdf", "/plan/2/x"):
        assert client.get(path).status_code == 404


def test_a_drawing_is_never_stale(client: PageClient, edition: Edition, hall: Hall) -> None:
    """Kept in process, yet each change of a stand, a name or an occupant shows at once."""

    def page() -> str:
        return plain(client.get("/plan/2")) + plain(client.get("/plan"))

    assert "Lumières" in page()
    exhibitor = current_session().query(Exhibitor).one()
    with transaction(exhibitor):
        exhibitor.name = "Clartés de l’Agly"
    assert "Clartés" in page()
    assert "Lumières" not in page()
    with transaction(exhibitor, hall):
        exhibitor.stand_id = None
        exhibitor.status = ApplicationStatus.WITHDRAWN
        hall.version += 1
    assert "Clartés" not in page()
    with transaction(hall) as session:
        services.put_stands(session, hall, [NewStand("77", 3, 20, 3, 3)])
    assert 'id="stand-77"' in page()
    make_exhibitor(edition, stand=hall.stands[-1], name="Nouveau venu")
    assert "Nouveau venu" in page()


def fill(edition: Edition, halls: int, rows: int) -> None:
    """A national fair: halls of 20 × `rows` stands, all taken."""
    for number in range(halls):
        hall = make_hall(edition, name=f"N{number}", width=70, depth=100, area=7000)
        with transaction(hall) as session:
            stands = services.put_stands(
                session,
                hall,
                [
                    NewStand(
                        f"{number}{row:02}{place:02}",
                        3 + 3 * place,
                        3 + 9 * (row // 2) + 3 * (row % 2),
                        3,
                        3,
                    )
                    for row in range(rows)
                    for place in range(20)
                ],
            )
            now = edition.registration_opens_at
            session.add_all(
                Exhibitor(
                    edition_id=edition.id,
                    stand=stand,
                    private_token=f"jeton-{stand.number}",
                    status=ApplicationStatus.ACCEPTED,
                    created_at=now,
                    status_at=now,
                    name=f"Travaux publics et réseaux {stand.number}",
                    name_key=f"travaux publics et reseaux {stand.number}",
                    slug=f"travaux-{stand.number}",
                )
                for stand in stands
            )


def statements_of(client: PageClient, path: str) -> int:
    current_session().expunge_all()
    with statements() as sent_statements:
        assert client.get(path).status_code == 200
    return sum(item.startswith("SELECT") for item in sent_statements)


@pytest.mark.parametrize(
    "path", ["/plan?q=", "/plan/N0?q=", "/plan?q=reseaux", "/plan/N0?q=reseaux"]
)
def test_a_plan_costs_the_same_few_reads_however_large(
    client: PageClient, edition: Edition, path: str
) -> None:
    fill(edition, 1, 1)
    find_time_zone()  # read once per process and 10 s
    few = statements_of(client, path)
    assert few <= 8
    saved_statements = statements_of(client, path)
    assert saved_statements == few - 1, "a kept drawing saves its read"
    for number in range(5):
        make_stand(make_hall(edition, name=f"M{number}"), number=f"M{number}")
    assert statements_of(client, path) in (few, saved_statements), "as many halls, as few reads"


def test_the_national_fair_shows_whole(client: PageClient, edition: Edition) -> None:
    """1,200 exhibitors in four halls: every stand and name is there."""
    fill(edition, 4, 15)
    page = client.get("/plan/N2").get_data(as_text=True)
    assert page.count('id="stand-') == 300
    assert page.count("<tr data-stand=") == 300
    assert client.get("/plan").get_data(as_text=True).count("plan__stand") == 1200


# Paper


def text_of(content: bytes) -> list[str]:
    with pypdfium2.PdfDocument(io.BytesIO(content)) as document:
        results = []
        for page in document:
            text = page.get_textpage()
            results.append(text.get_text_range())
            text.close()
            page.close()
        return results


def test_the_paper_plan_of_a_hall_is_a3_and_says_all(
    client: PageClient, edition: Edition, hall: Hall
) -> None:
    answer = client.get("/plan/2.pdf")
    assert answer.mimetype == "application/pdf"
    drawing, listing = text_of(answer.data)
    for words in (
        "Plan du hall 2",
        "40 × 30 m",
        "un carreau",
        "Nord",
        "page 1 sur 2",
        "imprimé le",
        "version",
        "village Hérault",
    ):
        assert words in drawing
    for number in ("1", "2", "3"):
        assert re.search(rf"^{number}\r?$", drawing, re.MULTILINE), "a number alone on its line"
    assert "2 Lumières de l’Agly" in listing.replace("\r\n", " ")


@pytest.mark.parametrize("path", ["/plan.pdf", "/plan/2.pdf"])
def test_the_paper_plan_is_drawn_in_vectors_with_its_own_letters(
    client: PageClient, hall: Hall, path: str
) -> None:
    """As an independent reader sees it: A3, paths and text, no picture, each font in the file."""
    with pypdfium2.PdfDocument(io.BytesIO(client.get(path).data)) as document:
        for number in range(len(document)):
            page = document[number]
            assert [round(side * 25.4 / 72) for side in page.get_size()] == [420, 297]
            kinds = Counter(item.type for item in page.get_objects())
            assert kinds[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE] == 0
            assert kinds[pypdfium2.raw.FPDF_PAGEOBJ_TEXT] > 5
            if number == 0:
                assert kinds[pypdfium2.raw.FPDF_PAGEOBJ_PATH] > 10
            for item in page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
                font = pypdfium2.raw.FPDFTextObj_GetFont(item.raw)
                assert pypdfium2.raw.FPDFFont_GetIsEmbedded(font) == 1


def test_the_paper_plan_of_the_national_fair_lists_everybody(
    client: PageClient, edition: Edition
) -> None:
    fill(edition, 2, 15)
    text = " ".join(text_of(client.get("/plan.pdf").data))
    assert len(re.findall(r"Travaux publics et réseaux \d{5} \(hall N\d\)", text)) == 600
    assert "page 5 sur 5" in text


def test_a_fair_without_stands_has_a_paper_plan(client: PageClient, edition: Edition) -> None:
    assert len(text_of(client.get("/plan.pdf").data)) == 1
    assert len(text_of(client.get("/plan/3.pdf").data)) == 1


def test_hostile_names_are_drawn_as_they_are(
    app: Flask, client: PageClient, edition: Edition, hall: Hall
) -> None:
    stand = make_stand(hall, number="8", x=24, y=20)
    make_exhibitor(edition, stand=stand, name='"><svg onload=alert(1)>{{7*7}}')
    page = client.get("/plan/2").get_data(as_text=True)
    assert "<svg onload" not in page
    assert "{{7*7}}" in page
    assert client.get("/plan/2.pdf").status_code == 200
