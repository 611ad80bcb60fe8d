"""Texts of the pages of stand-ins."""

from html import unescape
from typing import TypeVar

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.staffing.models import (
    Agent,
    Exchange,
    Shift,
    StandIn,
)
from tests.factories import sign_in
from tests.pages import PageClient
from tests.staffing.make import Village, make_agent

Row = TypeVar("Row", StandIn, Exchange)

OFFERS = "/planning/demandes"


def signed_in(app: Flask, village: Village, name: str, **more: object) -> tuple[Agent, PageClient]:
    """Return an agent with the browser they are signed in with."""
    email = f"{name.split()[0].lower()}@herault.example"
    client = sign_in(app, Role.AGENT, email)
    return make_agent(village, name=name, email=email, account=True, **more), client


def text(answer: TestResponse) -> str:
    return unescape(answer.text).replace("\u00a0", " ")


def found(model: type[Row]) -> Row:
    """Return the only row of a table, as the database has it."""
    current_session().rollback()
    return current_session().scalars(select(model)).one()


def giving_up(shift: Shift) -> str:
    return f"/planning/vacations/{shift.id}/remplacement"
