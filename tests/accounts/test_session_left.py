"""How long a session still lasts: asking changes nothing, being at work does."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import update

from salon.accounts.models import SignIn
from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.settings.clock import real_now
from tests.factories import sign_in
from tests.pages import PageClient


def set_times(*, seen: timedelta, created: timedelta = timedelta()) -> datetime:
    """The last page was opened so long ago, the session so long ago; answers the former."""
    seen_at = real_now() - seen
    with transaction() as session:
        values = {"last_seen_at": seen_at, "created_at": real_now() - max(created, seen)}
        session.execute(update(SignIn).values(values))
    return seen_at


def seen_at() -> datetime:
    current_session().rollback()
    return current_session().query(SignIn).one().last_seen_at


def check_lasts(whole_s: int, ask: Callable[[], int], begun_at: datetime | None = None) -> None:
    """Fail unless as much is left as was at first, less the time since then."""
    begun_at = begun_at or seen_at() + timedelta(minutes=28)
    left_s = ask()
    elapsed_s = (real_now() - begun_at).total_seconds()
    assert whole_s - elapsed_s - 1 <= left_s <= whole_s


def seconds(client: PageClient) -> int:
    answer = client.get("/session.json").get_json()
    assert isinstance(answer["seconds"], int)
    return int(answer["seconds"])


def test_asking_does_not_make_a_session_last(app: Flask, edition: Edition) -> None:
    client = sign_in(app, Role.ORGANISER)
    before = set_times(seen=timedelta(minutes=28))
    check_lasts(120, lambda: seconds(client))
    assert seen_at() == before


def test_being_at_work_makes_it_last_within_twelve_hours(app: Flask, edition: Edition) -> None:
    client = sign_in(app, Role.ORGANISER)
    token = client.token("/organisation/mot-de-passe")

    def work() -> int:
        answer = client.post("/session.json", data={"csrf_token": token})
        return int(answer.get_json()["seconds"])

    set_times(seen=timedelta(minutes=28))
    check_lasts(1800, work)
    begun_at = real_now()
    set_times(seen=timedelta(minutes=28), created=timedelta(hours=11, minutes=50))
    check_lasts(600, work, begun_at)


def test_an_ended_session_has_nothing_left_and_is_not_revived(app: Flask, edition: Edition) -> None:
    client = sign_in(app, Role.AGENT)
    token = client.token("/connexion")
    before = set_times(seen=timedelta(hours=2, minutes=1))
    assert seconds(client) == 0
    assert client.post("/session.json", data={"csrf_token": token}).status_code == 303
    assert seen_at() == before
    assert seconds(app.test_client()) == 0  # type: ignore[arg-type]


def test_only_pages_of_people_watch_their_session(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    assert "session-watch" not in client.get("/").text
    page = sign_in(app, Role.ORGANISER).get("/").text
    assert 'id="session-watch" role="status" data-seconds="1800"' in page
