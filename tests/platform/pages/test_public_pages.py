"""Public pages that are the same for all: never stale in any process, and nobody's own."""

import gzip
import re
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select, update
from werkzeug.test import TestResponse

from salon.badges.models import Commune, RegistrationSettings, TextVersion
from salon.badges.models.labels import AcceptedText
from salon.exhibitors.models import CoExhibitor, Exhibitor
from salon.fair.models import Door, Edition, EditionDay, Hall, ProgrammeItem, Room, Stand, Theme
from salon.platform.database.db import Model, current_session, transaction, unit_of_work
from salon.platform.database.identity import Role
from salon.platform.pages.public_pages import page_for_all
from salon.platform.settings.clock import real_now
from salon.public_tables import HIDDEN_TABLES
from tests.badges.people import make_person, register
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_terms, make_theme
from tests.factories import sign_in
from tests.pages import PageClient
from tests.statements import statements

PAGES = (
    *("/", "/village", "/village/fibre", "/programme", "/infos-pratiques", "/exposants"),
    *("/exposants/lampes", "/plan", "/plan/3", "/inscription"),
)


@pytest.fixture
def fair(edition: Edition) -> Edition:
    """Return an edition with a theme, an exhibitor and an item of the programme."""
    hall = edition_hall(edition)
    make_theme(edition, make_stand(hall, number="V1"))
    make_exhibitor(edition, slug="lampes", name="Lampes du Midi", stand=make_stand(hall))
    write(Room(edition_id=edition.id, name="Salle Agathe"))
    write(item_of(edition, "Ouverture"))
    return edition


def edition_hall(edition: Edition) -> Hall:
    return current_session().query(Hall).filter_by(edition_id=edition.id, name="3").one()


def item_of(edition: Edition, title: str) -> ProgrammeItem:
    starts_at = edition.starts_at + timedelta(hours=1)
    ends_at = starts_at + timedelta(hours=1)
    room_id = current_session().query(Room.id).scalar()
    return ProgrammeItem(
        edition_id=edition.id, title=title, starts_at=starts_at, ends_at=ends_at, room_id=room_id
    )


def text_of(client: PageClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def write(*rows: Any) -> None:
    with transaction() as session:
        session.add_all(rows)


def execute(statement: Any) -> None:
    with transaction() as session:
        session.execute(statement)


def rename_with_others(edition: Edition) -> None:
    with unit_of_work(), transaction(edition):
        edition.place = "Palais des congrès"


def remove_exhibitor(edition: Edition) -> None:
    execute(update(Exhibitor).values(name="Halogènes du Midi"))


def renumber(edition: Edition) -> None:
    taken = select(Exhibitor.stand_id)
    execute(update(Stand).where(Stand.id.in_(taken)).values(number="Q77"))
    execute(update(Hall).values(version=Hall.version + 1))


def fill(edition: Edition) -> None:
    write(RegistrationSettings(edition_id=edition.id, places=1))
    register(make_person())


WRITES: list[tuple[str, Callable[[Edition], object], str]] = [
    ("/", rename_with_others, "Palais des congrès"),
    ("/", lambda edition: execute(update(EditionDay).values(opens=time(7, 12))), ""),
    ("/", make_terms, "Demandez votre stand"),
    ("/", lambda edition: execute(delete(Theme)), "-Fibre"),
    ("/village", lambda edition: execute(update(Theme).values(name="Haut débit")), "Haut débit"),
    ("/village/fibre", lambda edition: execute(update(Theme).values(summary="Vite.")), "Vite."),
    ("/programme", lambda edition: write(item_of(edition, "Clôture")), "Clôture"),
    ("/infos-pratiques", lambda edition: execute(update(Door).values(label="Nord")), "Nord"),
    ("/exposants", lambda edition: make_exhibitor(edition, name="Bancs"), "Bancs"),
    ("/exposants", remove_exhibitor, "Halogènes"),
    ("/exposants/lampes", remove_exhibitor, "Halogènes"),
    (
        "/exposants/lampes",
        lambda edition: execute(
            insert(CoExhibitor).values(
                exhibitor_id=current_session().query(Exhibitor.id).scalar(),
                name="Piles du Midi",
                name_key="piles du midi",
                website="",
                presentation="",
            )
        ),
        "Piles du Midi",
    ),
    ("/plan", lambda edition: make_hall(edition, name="Z9"), "Z9"),
    ("/plan/3", renumber, "Q77"),
    (
        "/inscription",
        lambda edition: execute(insert(Commune).values(commune_row("Aniane"))),
        "Aniane",
    ),
    (
        "/inscription",
        lambda edition: write(
            RegistrationSettings(
                edition_id=edition.id, categories={"press": {"label": "Médias", "is_open": True}}
            )
        ),
        "Médias",
    ),
    (
        "/inscription",
        lambda edition: write(
            TextVersion(
                edition_id=edition.id,
                subject=AcceptedText.PHOTO,
                number=2,
                text="J’accepte d’être dessiné.",
                written_at=real_now(),
            )
        ),
        "J’accepte d’être dessiné.",
    ),
    ("/inscription", fill, "Le salon est complet"),
]


def commune_row(name: str) -> dict[str, Any]:
    texts = dict.fromkeys(("postal_codes", "siren", "arrondissement"), "")
    return texts | {"code": "34010", "name": name, "search_key": name.lower(), "population": 1}


@pytest.mark.parametrize(("path", "act", "words"), WRITES)
def test_another_process_shows_a_write_at_its_next_request(
    fair: Edition, other: PageClient, path: str, act: Callable[[Edition], object], words: str
) -> None:
    before = text_of(other, path)
    act(fair)
    after = text_of(other, path)
    if words.startswith("-"):
        assert words[1:] in before
        assert words[1:] not in after
    else:
        assert words not in before or not words
        assert words in after
        assert before != after


@pytest.mark.on_both
def test_a_write_that_the_revision_does_not_follow_would_stay_unseen(
    fair: Edition, other: PageClient, minute: object
) -> None:
    """The control: a statement that the application did not build replaces no revision."""
    before = text_of(other, "/")
    with transaction() as session:
        session.connection().exec_driver_sql("UPDATE editions SET place = 'Palais'")
    assert text_of(other, "/") == before
    execute(update(Edition).values(place="Palais des congrès"))
    assert "Palais des congrès" in text_of(other, "/")


def test_a_write_rolled_back_or_of_a_hidden_table_leaves_stored_pages(
    fair: Edition, other: PageClient, minute: object
) -> None:
    text_of(other, "/")
    with pytest.raises(ZeroDivisionError), transaction(fair) as session:
        fair.place = "Palais"
        session.flush()
        raise ZeroDivisionError
    register(make_person())
    with other.application.app_context(), statements() as sent_statements:
        text_of(other, "/")
    assert not any("FROM editions" in statement for statement in sent_statements)


def test_no_stored_page_reads_a_hidden_table(fair: Edition, client: PageClient) -> None:
    assert set(Model.metadata.tables) >= HIDDEN_TABLES
    for path in PAGES:
        with statements() as sent_statements:
            text_of(client, path)
        read = {
            name for text in sent_statements for name in re.findall(r"(?:FROM|JOIN) (\w+)", text)
        }
        assert read - {"marks"}, path
        assert not (read - {"marks"}) & HIDDEN_TABLES, path


def test_words_that_depend_on_the_hour_turn_at_their_minute(
    fair: Edition, client: PageClient, minute: Callable[[Any], None]
) -> None:
    closes_at = fair.registration_closes_at.replace(second=0, microsecond=0)
    execute(update(Edition).values(registration_closes_at=closes_at))
    minute(closes_at - timedelta(seconds=30))
    assert "Valider mon inscription" in text_of(client, "/inscription")
    minute(closes_at)
    assert "closes" in text_of(client, "/inscription")


def test_a_page_rendered_during_a_write_is_not_stored(app: Flask) -> None:
    """A place is taken while the page is rendered, and freed again before the next visitor."""
    places = {"left": 1}

    def rendered_during_a_write() -> str:
        places["left"] = 0
        return f"Places : {places['left']}"

    def answer(view: Callable[[], str]) -> str:
        with app.test_request_context("/places"):
            page = app.make_response(page_for_all("/places", lambda: places["left"], view))
            page.direct_passthrough = False
            return page.get_data(as_text=True).replace("\u00a0", " ")

    assert answer(rendered_during_a_write) == "Places : 0"
    places["left"] = 1
    assert answer(lambda: f"Places : {places['left']}") == "Places : 1"
    assert answer(lambda: "not rendered again") == "Places : 1"


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/inscription"])
def test_an_unchanged_page_is_not_sent_again(
    fair: Edition, client: PageClient, other: PageClient, path: str
) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == "no-cache"
    assert set(first.vary) == {"Cookie", "Accept-Encoding"}
    second_answer = other.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (second_answer.status_code, second_answer.get_data()) == (304, b"")
    assert (
        second_answer.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    )
    execute(update(Edition).values(short_name="Salon du Gard"))
    changed = other.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_a_page_is_compressed_for_who_accepts_it(fair: Edition, client: PageClient) -> None:
    plain = client.get("/exposants")
    browser = FlaskClient(client.application, TestResponse)
    compressed = browser.get("/exposants", headers={"Accept-Encoding": "br, gzip"})
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(compressed.get_data()) == plain.get_data()
    assert compressed.headers["ETag"] != plain.headers["ETag"]
    assert client.head("/exposants").headers["ETag"] == plain.headers["ETag"]


@pytest.mark.parametrize("path", PAGES)
def test_a_person_signed_in_has_a_page_of_their_own(
    app: Flask, fair: Edition, client: PageClient, path: str
) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    for _ in range(2):
        own = organiser.get(path)
        assert "Se déconnecter" in own.get_data(as_text=True)
        assert own.headers["Cache-Control"] == "no-store"
        assert "ETag" not in own.headers
        assert "Se connecter" in text_of(client, path)
        assert "Se déconnecter" not in text_of(client, path)


def test_a_message_is_shown_to_its_visitor_alone(
    app: Flask, fair: Edition, client: PageClient
) -> None:
    text_of(client, "/")
    with client.session_transaction() as session:
        session["_flashes"] = [("success", "Votre badge est annulé.")]
    assert "badge est annulé" in text_of(client, "/")
    assert "badge est annulé" not in text_of(client, "/")
    stranger = app.test_client().get("/")
    assert "badge est annulé" not in stranger.get_data(as_text=True)
    assert "Set-Cookie" not in stranger.headers


def test_each_visitor_has_the_token_and_the_key_of_their_form(
    app: Flask, fair: Edition, client: PageClient
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    values = []
    for visitor in (client, app.test_client()):
        page = visitor.get("/inscription")
        assert page.headers["Cache-Control"] == "no-store"
        text = page.get_data(as_text=True)
        assert "\0" not in text
        values.append(
            [
                re.findall(rf'name="{name}"[^>]*value="([^"]+)"', text)[0]
                for name in ("csrf_token", "submission_key")
            ]
        )
    assert len({token for token, _ in values}) == len({key for _, key in values}) == 2
    answer = client.post("/inscription", data={"csrf_token": values[0][0], "first_name": "Ana"})
    assert "Indiquez" in answer.get_data(as_text=True)
    stolen = client.post("/inscription", data={"csrf_token": values[1][0], "first_name": "Ana"})
    assert "Indiquez" not in stolen.get_data(as_text=True)
