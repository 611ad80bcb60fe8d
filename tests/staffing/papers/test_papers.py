"""The papers of the published rota, read by a reader of PDF that is not the writer."""

import re
from collections.abc import Iterator
from datetime import date, time, timedelta

import pypdfium2
import pytest
import zxingcpp
from flask import Flask

from salon.accounts.queries import find_account
from salon.fair.models import Edition, EditionDay
from salon.fair.queries import get_public_edition
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.staffing.documents.rota_pdf_stand import stands_pdf
from salon.staffing.documents.rota_pdf_village import village_pdf
from salon.staffing.engine.shift_changes import PlannedShift
from salon.staffing.models import Agent
from salon.staffing.queries.papers import find_published
from tests.factories import make_edition, make_places, sign_in
from tests.pages import PageClient
from tests.staffing.make import Village, make_agent, make_needs, make_village, publish, put
from tests.statements import statements

PLACE = "/organisation/village/papiers"


def texts(content: bytes) -> list[str]:
    """Return the text of each page, its blanks made one space."""
    document = pypdfium2.PdfDocument(content)
    return [re.sub(r"\s+", " ", page.get_textpage().get_text_bounded()) for page in document]


def bookmarks(content: bytes) -> list[str]:
    return [str(item.get_title()) for item in pypdfium2.PdfDocument(content).get_toc()]


def sizes(content: bytes) -> set[tuple[int, int]]:
    return {
        (round(page.get_width()), round(page.get_height()))
        for page in pypdfium2.PdfDocument(content)
    }


def qr_of(content: bytes) -> str:
    picture = pypdfium2.PdfDocument(content)[0].render(scale=3).to_pil()
    (barcode,) = zxingcpp.read_barcodes(picture)
    return str(barcode.text)


@pytest.fixture
def village(app: Flask, edition: Edition) -> Village:
    return make_village(edition)


@pytest.fixture
def organiser(app: Flask, village: Village) -> PageClient:
    return sign_in(app, Role.ORGANISER)


@pytest.fixture
def lea(village: Village) -> Agent:
    """Published from 9:00 to 11:00 at the Département, where two are needed until 12:00."""
    make_needs(village, start=(9, 0), end=(12, 0), minimum=2, maximum=3)
    lea = make_agent(village, name="Léa Vidal", email="lea@herault.example")
    put(village, lea, village.wanted("Département", (9, 0), (11, 0)))
    zoe = make_agent(village, name="Zoé Roqueblave", body="SDIS 34", stands=["Département"])
    put(village, zoe, village.wanted("Département", (10, 0), (11, 0)))
    publish(village)
    return lea


def test_the_door_of_a_stand_says_who_and_what_is_to_fill(
    organiser: PageClient, village: Village, lea: Agent
) -> None:
    stand_id = village.bodies["Département"].stand_id
    answer = organiser.get(f"{PLACE}/stand/{stand_id}.pdf")
    assert answer.content_type == "application/pdf"
    (text,) = texts(answer.data)
    assert "Département" in text
    assert "Hall 3, stand V0" in text
    assert "9 h – 10 h Mme Léa Vidal 1 poste à pourvoir" in text
    assert "10 h – 11 h Mme Zoé Roqueblave Mme Léa Vidal" in text or (
        "10 h – 11 h Mme Léa Vidal Mme Zoé Roqueblave" in text
    )
    assert "11 h – 12 h 2 postes à pourvoir" in text
    assert "12 h – " not in text
    assert sizes(answer.data) == {(595, 842)}


def test_every_stand_has_its_page_in_the_bookmarks(
    organiser: PageClient, village: Village, lea: Agent
) -> None:
    content = organiser.get(f"{PLACE}/stands.pdf").data
    assert bookmarks(content) == ["Département", "Hérault THD", "SDIS 34"]
    pages = texts(content)
    assert "Personne n’est prévu sur ce stand." in pages[1]
    assert [f"page {n} sur 3" in page for n, page in enumerate(pages, 1)] == [True] * 3


def test_papers_show_the_published_version_and_its_date(
    organiser: PageClient, village: Village, lea: Agent
) -> None:
    put(village, lea, village.wanted("Département", (14, 0), (15, 0)))
    for name in ("stands", "agents", "village-a3"):
        content = organiser.get(f"{PLACE}/{name}.pdf").data
        for page in texts(content):
            assert re.search(r"Planning version 1, publiée le \d\d/\d\d/\d{4} à \d+ h", page)
            assert "14 h –" not in page
    publish(village)
    (page, *_) = texts(organiser.get(f"{PLACE}/stands.pdf").data)
    assert "Planning version 2" in page
    assert "14 h – 15 h" in page


def test_the_paper_of_each_agent_opens_no_private_address(
    app: Flask, organiser: PageClient, village: Village, lea: Agent
) -> None:
    content = organiser.get(f"{PLACE}/agents.pdf").data
    assert bookmarks(content) == ["Vidal Léa", "Roqueblave Zoé"]
    first, _ = texts(content)
    assert "9 h – 11 h Département" in first
    assert "hall 3, stand V0" in first
    assert "Avec Mme Zoé Roqueblave (10 h – 11 h)" in first
    assert "2 h en tout" in first
    assert qr_of(content).endswith("/planning")
    assert lea.calendar_token not in content.decode("latin-1")


def test_an_agent_prints_their_own_with_the_address_of_their_agenda(
    app: Flask, village: Village, lea: Agent
) -> None:
    signed_in = sign_in(app, Role.AGENT, lea.email)
    give_account(lea)
    content = signed_in.get("/planning/mon-planning.pdf").data
    (page,) = texts(content)
    assert "Mme Léa Vidal" in page
    assert qr_of(content).endswith(f"/planning/{lea.calendar_token}.ics")


def give_account(agent: Agent) -> None:
    account = find_account(agent.email)
    assert account is not None
    with transaction(agent):
        agent.account_id = account.id


def test_a_coordinator_prints_the_part_of_their_body(
    app: Flask, village: Village, lea: Agent
) -> None:
    signed_in = sign_in(app, Role.AGENT, "coordo@herault.example")
    make_agent(
        village,
        body="SDIS 34",
        email="coordo@herault.example",
        account=True,
        is_coordinator=True,
        name="Ali Cabanis",
    )
    assert bookmarks(signed_in.get(f"{PLACE}/stands.pdf").data) == ["SDIS 34"]
    assert bookmarks(signed_in.get(f"{PLACE}/agents.pdf").data) == ["Roqueblave Zoé"]
    other_stand_id = village.bodies["Département"].stand_id
    assert signed_in.get(f"{PLACE}/stand/{other_stand_id}.pdf").status_code == 404
    assert signed_in.get(f"{PLACE}/village-a3.pdf").status_code == 403
    page = signed_in.get(PLACE).get_data(as_text=True)
    assert "village-a3" not in page
    assert "Planning du stand" not in page


def test_an_agent_who_coordinates_nobody_prints_no_other_paper(
    app: Flask, village: Village, lea: Agent
) -> None:
    signed_in = sign_in(app, Role.AGENT, lea.email)
    give_account(lea)
    for address in (PLACE, f"{PLACE}/stands.pdf", f"{PLACE}/agents.pdf"):
        assert signed_in.get(address).status_code == 403


def test_before_the_first_publication_nothing_is_printed(
    organiser: PageClient, village: Village
) -> None:
    put(village, make_agent(village), village.wanted("Département", (9, 0), (11, 0)))
    assert "Rien à imprimer" in organiser.get(PLACE).get_data(as_text=True)
    for name in ("stands", "agents", "village-a3", "stand/1"):
        assert organiser.get(f"{PLACE}/{name}.pdf").status_code == 404


def test_the_whole_village_on_a3_gives_cover_in_figures(
    organiser: PageClient, village: Village, lea: Agent
) -> None:
    content = organiser.get(f"{PLACE}/village-a3.pdf").data
    (page,) = texts(content)
    assert sizes(content) == {(1191, 842)}
    figures = [word for word in page.split() if re.fullmatch(r"\d/2", word)]
    assert figures == ["1/2", "1/2", "2/2", "2/2", "0/2", "0/2"]
    assert "Vidal Léa" in page


def crowd(count: int, days: int) -> Village:
    """So many agents, on each of the days, with long names."""
    make_places()
    edition = make_edition(day=date(2026, 10, 1))
    if days == 2:
        with transaction() as session:
            second = date(2026, 10, 2)
            hours = {"opens": time(9), "closes": time(17, 30)}
            session.add(EditionDay(edition_id=edition.id, day_on=second, **hours))
        current_session().expire_all()
    village = make_village(get_public_edition())
    names = [item for item, _ in zip(_names(), range(count), strict=False)]
    for number, name in enumerate(names):
        agent = make_agent(village, name=name, stands=list(village.bodies))
        rows = []
        for day in range(days):
            for start in (9 + number % 2, 11 + number % 2, 15):
                stand_id = list(village.bodies.values())[(number + start) % 3].stand_id
                at = village.at(start) + timedelta(days=day)
                rows.append(PlannedShift(stand_id, at, at + timedelta(minutes=90)))
        put(village, agent, *rows)
    publish(village)
    return village


def _names() -> Iterator[str]:
    for number in range(1_000):
        yield f"Marie-Françoise{number} de La Rochefoucauld-Montpellier"


@pytest.mark.parametrize(("count", "days", "pages"), [(24, 1, 1), (60, 1, 2), (24, 2, 2)])
def test_everybody_is_on_the_sheet_of_the_village(
    app: Flask, count: int, days: int, pages: int
) -> None:
    village = crowd(count, days)
    rota = find_published(village.edition)
    assert rota is not None
    stored_texts = texts(village_pdf(rota))
    assert len(stored_texts) == pages
    for number in range(count):
        assert any(f"Marie-Françoise{number} " in page for page in stored_texts), number
    door = texts(
        stands_pdf(
            rota, list(rota.bodies.values()), lambda number: f"https://salon.example/{number}"
        )
    )
    for title in ("jeudi 1er octobre 2026", "vendredi 2 octobre 2026")[:days]:
        first_pages = [page for page in door if title in page and "(suite)" not in page]
        assert len(first_pages) == 3


def test_a_longer_rota_asks_no_more_of_the_database(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    counts = []
    for _ in range(2):
        for _ in range(5):
            agent = make_agent(village)
            put(village, agent, village.wanted("SDIS 34", (9, 0), (10, 0)))
        publish(village)
        current_session().expire_all()
        with statements() as sent_statements:
            rota = find_published(get_public_edition())
            assert rota is not None
            village_pdf(rota)
        counts.append(len(sent_statements))
    assert counts[0] == counts[1]
