"""The tokens by which other services read: made, shown once, used, ended, revoked."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from salon.accounts.models import ReadToken
from salon.accounts.queries import digest, get_reader
from salon.accounts.services.read_tokens import revoke_read_token
from salon.fair.models import Edition, EditionState
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.journal import entries
from salon.platform.settings.clock import local, real_now
from salon.reads.rules import LONGEST_DAYS
from tests.factories import make_edition, make_station_token, sign_in
from tests.pages import PageClient
from tests.reads.make import make_token, read

PAGE = "/organisation/reglages/lectures"
LAST_DAY = timedelta(days=40)


def rows() -> list[ReadToken]:
    return list(current_session().scalars(select(ReadToken).order_by(ReadToken.id)))


def acts() -> list[str]:
    written = current_session().scalars(entries())
    return [entry.action for entry in written if entry.action.startswith("read_token.")]


def fill(organiser: PageClient, days: timedelta = LAST_DAY, name: str = "Portail") -> str:
    last_day = local(real_now()).date() + days
    return organiser.fill(PAGE, name=name, ends_on=last_day.isoformat()).get_data(as_text=True)


def secret_of(page: str) -> str:
    match = re.search(r'value="(lecture-[\w-]+)"', page)
    assert match
    return match[1]


@pytest.mark.on_both
def test_an_organiser_makes_a_token_shown_once_and_only_its_hash_stays(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    assert "Aucun jeton" in organiser.get(PAGE).text
    secret = secret_of(fill(organiser))
    (token,) = rows()
    assert token.token_hash == digest(secret)
    page = organiser.get(PAGE).text
    assert secret not in page
    assert "Portail" in page
    assert "jamais lu" in page
    assert read(client, secret, edition.slug).status_code == 200
    assert local(real_now()).strftime("%d/%m/%Y") in organiser.get(PAGE).text
    assert acts() == ["read_token.created"]


def test_a_token_lasts_until_the_end_of_its_day_on_the_clocks_of_the_fair(
    app: Flask, edition: Edition
) -> None:
    fill(sign_in(app, Role.ORGANISER), timedelta(days=0))
    end = local(rows()[0].expires_at)
    assert end.date() == local(real_now()).date() + timedelta(days=1)
    assert (end.hour, end.minute) == (0, 0)


@pytest.mark.on_both
def test_the_form_sent_twice_makes_one_token_and_does_not_show_it_again(
    app: Flask, edition: Edition
) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    page = organiser.get(PAGE).text
    hidden = dict(re.findall(r'name="(csrf_token|submission_key)"[^>]*value="([^"]+)"', page))
    last_day = local(real_now()).date() + LAST_DAY
    fields = {**hidden, "name": "Portail", "ends_on": last_day.isoformat()}
    secret = secret_of(organiser.post(PAGE, data=fields).text)
    second_page = organiser.post(PAGE, data=fields, follow_redirects=True).text
    assert secret not in second_page
    assert "existe déjà" in second_page
    assert len(rows()) == 1


def test_a_token_needs_a_name_and_an_end_in_the_two_coming_years(
    app: Flask, edition: Edition
) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    assert "Indiquez qui lira." in fill(organiser, name="")
    for days in (-1, LONGEST_DAYS + 1):
        assert "Choisissez un jour entre le" in fill(organiser, timedelta(days=days))
    assert rows() == []


@pytest.mark.on_both
def test_a_token_is_revoked_once_confirmed(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    secret = make_token(edition, name="Ancien portail")
    address = f"{PAGE}/{rows()[0].id}/revoquer"
    question = organiser.fill(PAGE, to=address)
    assert "ne lit plus rien, aussitôt" in question.text
    assert read(client, secret, edition.slug).status_code == 200
    assert organiser.confirm(question).status_code == 302
    assert "est révoqué" in organiser.get(PAGE).text
    assert read(client, secret, edition.slug).status_code == 401
    organiser.confirm(question)
    assert acts() == ["read_token.revoked", "read_token.created"]


@pytest.mark.on_both
def test_a_token_of_a_closed_edition_is_revoked_as_well(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    past = make_edition(slug="2019", is_current=False, state=EditionState.HELD)
    secret = make_token(past)
    with transaction():
        past.state = EditionState.CLOSED
    assert read(client, secret, "2019").status_code == 200
    assert get_reader(rows()[0].id).last_used_on == local(real_now()).date()
    revoke_read_token(Act(SYSTEM), past.id, rows()[0].id)
    assert read(client, secret, "2019").status_code == 401


def test_without_a_good_token_nothing_is_read(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    address = f"/api/v1/editions/{edition.slug}"
    absent = client.get(address)
    assert absent.status_code == 401
    assert absent.headers["WWW-Authenticate"] == 'Bearer realm="salon"'
    assert absent.json == {
        "status": 401,
        "message": "Jeton absent, arrivé à son terme ou révoqué.",
    }
    ended, secret = make_token(edition, days=-0.001), make_token(edition)
    for wrong in (ended, "lecture-faux", "lecture-", f"{secret}x", secret[:-1], ""):
        answer = read(client, wrong, edition.slug)
        assert answer.status_code == 401, wrong
        assert answer.headers["WWW-Authenticate"].endswith('error="invalid_token"')
    assert client.get(f"{address}?token={secret}&access_token={secret}").status_code == 401
    basic = client.get(address, headers={"Authorization": f"Basic {secret}"})
    assert basic.status_code == 401
    organiser = sign_in(app, Role.ORGANISER)
    assert organiser.get(address).status_code == 401


def test_a_token_reads_its_own_edition_and_calls_no_device(
    client: PageClient, edition: Edition
) -> None:
    make_edition(slug="2019", is_current=False, state=EditionState.HELD)
    secret = make_token(edition)
    refused = read(client, secret, "2019/exhibitors")
    assert refused.status_code == 403
    assert refused.json is not None
    assert refused.json["message"] == "Ce jeton lit une autre édition."
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/badges", headers=headers).status_code == 403
    assert client.post("/api/v1/scans", json={}, headers=headers).status_code == 403
    assert read(client, make_station_token(edition), edition.slug).status_code == 403


def test_the_tokens_of_another_edition_are_not_touched(app: Flask, edition: Edition) -> None:
    other = make_edition(slug="2019", is_current=False, state=EditionState.HELD)
    make_token(other, name="Autre portail")
    organiser = sign_in(app, Role.ORGANISER)
    assert "Autre portail" not in organiser.get(PAGE).text
    with transaction():
        other.state = EditionState.CLOSED
    assert "Autre portail" in organiser.get(f"/e/2019{PAGE}").text
