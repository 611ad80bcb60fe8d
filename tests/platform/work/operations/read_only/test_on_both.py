"""A disk that became read-only, or PostgreSQL that takes no write: pages are read, writes refused
in French, and all is well again when writing is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import Flask
from sqlalchemy import func, make_url, select, update

from salon import create_app
from salon.accounts.models import SignIn
from salon.accounts.services.sign_ins import SEEN_EVERY
from salon.badges.models import Attendee
from salon.fair.models import Edition
from salon.platform.database.db import current_session, db, transaction
from salon.platform.database.identity import Role
from salon.platform.settings.clock import real_now
from salon.platform.settings.installation import Settings
from tests.entrance.people import make_badge
from tests.entrance.test_api import post, scan
from tests.factories import make_station_token, sign_in
from tests.pages import PageClient
from tests.platform.database.invariants.attacks import execute

WORDS = "lecture seule"
VISITOR = {
    "civility": "madame",
    "first_name": "Hélène",
    "last_name": "Ornac",
    "function": "mayor",
    "commune": "Espondeilhan",
    "email": "helene@mairie.example",
    "half_day": "morning",
}


@contextmanager
def read_only(settings: Settings) -> Iterator[PageClient]:
    """Yield a browser of the same site on the same database, which may only be read."""
    current_session().rollback()
    url = settings.database_url
    if settings.is_sqlite:
        url = url.replace("sqlite:///", "sqlite:///file:") + "?mode=ro&uri=true"
    app = create_app(replace(settings, database_url=url))
    app.test_client_class = PageClient
    with postgresql_takes_no_write(settings), app.app_context():
        client = app.test_client()
        assert isinstance(client, PageClient)
        try:
            yield client
        finally:
            db.session.remove()
            db.engine.dispose()


@contextmanager
def postgresql_takes_no_write(settings: Settings) -> Iterator[None]:
    """Connections made from now on may only read, as those to a standby."""
    if settings.is_sqlite:
        yield
        return
    change = f"ALTER DATABASE {make_url(settings.database_url).database}"
    execute(f"{change} SET default_transaction_read_only = on")
    try:
        yield
    finally:
        execute(f"{change} RESET default_transaction_read_only")


def test_pages_are_read_and_writes_refused_until_the_disk_is_well(
    app: Flask, edition: Edition, settings: Settings, client: PageClient
) -> None:
    badge, token = make_badge(edition), make_station_token(edition)
    with read_only(settings) as reader:
        for page in ("/", "/inscription", "/programme", "/exposants", "/rendez-vous"):
            assert reader.get(page).status_code == 200, page
        refused = reader.fill("/inscription", **VISITOR)
        assert refused.status_code == 507
        assert WORDS in refused.get_data(as_text=True)
        scanned = post(reader, token, {"scans": [scan(badge.code)]})
        assert scanned.status_code == 507
        assert WORDS in scanned.json["message"]
    assert current_session().scalar(select(func.count()).select_from(Attendee)) == 1
    assert client.fill("/inscription", **VISITOR).status_code == 302
    assert post(client, token, {"scans": [scan(badge.code)]}).status_code == 200


def test_somebody_signed_in_reads_on(app: Flask, edition: Edition, settings: Settings) -> None:
    """The visit, which is noted each minute, waits for another time."""
    organiser = sign_in(app, Role.ORGANISER)
    with transaction() as session:
        session.execute(update(SignIn).values(last_seen_at=real_now() - 2 * SEEN_EVERY))
    cookies = {cookie.key: cookie.value for cookie in organiser._cookies.values()}
    with read_only(settings) as reader:
        for name, value in cookies.items():
            reader.set_cookie(name, value)
        assert reader.get("/organisation").status_code == 200
