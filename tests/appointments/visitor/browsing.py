"""A visitor's browser: choosing a time, sending the form as the page made it."""

import html
import re
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from salon.appointments.models import Appointment, Hold
from salon.badges.models import Attendee
from salon.fair.models import Theme
from salon.platform.database.db import current_session, transaction
from tests.appointments.make import Fair, messages
from tests.badges.people import badge_of
from tests.pages import PageClient

INPUT = re.compile(r'<input [^>]*name="([^"]+)"[^>]*type="hidden"[^>]*value="([^"]*)"')
INPUT_OF_OURS = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
WHO = {
    "civility": "madame",
    "first_name": "Paule",
    "last_name": "Rouanet",
    "function": "mayor",
    "commune": "Mons",
    "email": "paule.rouanet@mons.example",
}
QUESTION = {"subject": "La réfection de la route du Pioch"}


def slug_of(fair: Fair, body: str = "Département") -> str:
    current_session().rollback()
    return current_session().get_one(Theme, fair.theme_id(body)).slug


def choose(client: PageClient, fair: Fair, at: datetime, **more: Any) -> TestResponse:
    """Press the button of a time."""
    path = f"/rendez-vous/themes/{slug_of(fair, more.pop('body', 'Département'))}"
    token = client.token(path)
    fields = {"csrf_token": token, "starts_at": at.isoformat(), **more}
    return client.post(f"{path}/retenir", data=fields)


def hidden_of(page: str) -> dict[str, str]:
    """Return the hidden fields of the form of a booking."""
    form = page.partition('id="booking"')[2].partition("</form>")[0]
    results = [*INPUT.findall(form), *INPUT_OF_OURS.findall(form)]
    return {name: html.unescape(value) for name, value in results}


def open_form(client: PageClient, fair: Fair, at: datetime, **more: Any) -> dict[str, str]:
    """Return the hidden fields of the form that a choice leads to."""
    answer = choose(client, fair, at, **more)
    assert answer.status_code == 302, answer.status_code
    return hidden_of(client.get(answer.location).text)


def confirm(client: PageClient, hidden: dict[str, str], **typed: Any) -> TestResponse:
    """Press « Confirmer le rendez-vous »."""
    return client.post(f"/rendez-vous/retenu/{hidden['hold']}", data={**hidden, **typed})


def confirm_address(client: PageClient, **pressed: str) -> TestResponse:
    """Open the link of the last « À confirmer » and press « Confirmer »."""
    return client.fill(confirmation_path(), **pressed)


def confirmation_path() -> str:
    """Return the link of the last message « À confirmer »."""
    return f"/rendez-vous/confirmer/{messages('booking_to_confirm')[-1].context['token']}"


def show_badge(client: PageClient, attendee: Attendee) -> None:
    """From now on the browser books for the holder."""
    path = f"/badge/{badge_of(attendee.id).private_token}/rendez-vous"
    assert client.fill(path).location == "/rendez-vous"


def expire_holds(now: datetime) -> None:
    """Let every hold expire."""
    with transaction() as session:
        for hold in session.scalars(select(Hold)):
            hold.expires_at = now


def count_appointments() -> int:
    current_session().rollback()
    return current_session().scalar(select(func.count()).select_from(Appointment)) or 0


def only_appointment() -> Appointment:
    current_session().rollback()
    current_session().expire_all()
    return current_session().scalars(select(Appointment)).one()
