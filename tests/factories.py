"""Real rows made for tests: keyword arguments only, every one with a default."""

import itertools
import re
import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import flask
import pyotp
import pytest
from flask import Flask, g

from salon.accounts.access.sign_ins import enter
from salon.accounts.models import Account
from salon.accounts.rules import CodeRefused
from salon.accounts.services import accounts as account_services
from salon.accounts.services import organisers, passwords, sign_in_codes, stations
from salon.badges.models import Commune, Epci
from salon.fair.models import Door, Edition, EditionDay, EditionState, Hall
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act, MailHold
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Identity, Role
from salon.platform.settings.clock import local, now
from tests.pages import PageClient

PASSWORD = "cigale bruyère tamaris lointain"
counter = itertools.count(1)

# code, name, search key, population, EPCI
COMMUNES = (
    ("34032", "Béziers", "beziers", 80000, "243400769"),
    ("34092", "Espondeilhan", "espondeilhan", 1000, "243400769"),
    ("34255", "Saint-Gervais-sur-Mare", "saint gervais sur mare", 850, "200042646"),
    ("34160", "Mons", "mons", 600, "200066348"),
    ("34273", "Saint-Martin-de-l'Arçon", "saint martin de l arcon", 120, "200066348"),
)
EPCIS = (
    ("243400769", "CA de Béziers-Méditerranée", "CA"),
    ("200042646", "CC Grand Orb Communauté de Communes en Languedoc", "CC"),
    ("200066348", "CC du Minervois au Caroux", "CC"),
)


def make_places() -> None:
    """A few communes and their EPCI."""
    with transaction() as session:
        for siren, name, kind in EPCIS:
            session.add(Epci(siren=siren, name=name, kind=kind))
        session.flush()
        for code, name, key, population, epci in COMMUNES:
            session.add(
                Commune(
                    code=code,
                    name=name,
                    search_key=key,
                    postal_codes="34000",
                    siren=f"21340{code[-4:]}",
                    population=population,
                    arrondissement="Béziers",
                    epci_siren=epci,
                )
            )


def act_in(
    edition: Edition, actor: Identity, at: datetime | None = None, hold: MailHold | None = None
) -> FairAct:
    return FairAct(actor, at or now(), hold, edition=edition)


def set_time(monkeypatch: pytest.MonkeyPatch, moment: datetime, *modules: str) -> None:
    """Acts of requests, and the pages of these modules, are at a time of the fair."""
    for module in ("salon.platform.settings.clock", *modules):
        monkeypatch.setattr(f"{module}.now", lambda: moment, raising=False)


def make_edition(*, day: date | None = None, is_current: bool = True, **overrides: Any) -> Edition:
    """Make an edition of one day, tomorrow unless said, whose registrations are open."""
    number = next(counter)
    day = day or local(now()).date() + timedelta(days=1)
    values: dict[str, Any] = {
        "slug": f"edition-{number}",
        "name": "Salon des maires, des élus locaux et des décideurs publics de l’Hérault",
        "short_name": "Salon des maires de l’Hérault",
        "place": "Parc des Expositions de Béziers",
        "address": "Avenue du Viguier, 34500 Béziers",
        "city": "Béziers",
        "organiser": "AMF34",
        "department": "34",
        "village_name": "le village Hérault",
        "registration_opens_at": datetime.now(UTC) - timedelta(days=60),
        "registration_closes_at": datetime.now(UTC) + timedelta(days=2),
        "is_current": True if is_current else None,
        "state": EditionState.OPEN if is_current else EditionState.DRAFT,
        **overrides,
    }
    edition = Edition(**values)
    with transaction() as session:
        session.add(edition)
        session.flush()
        session.add(
            EditionDay(edition_id=edition.id, day_on=day, opens=time(9), closes=time(17, 30))
        )
        session.add(Hall(edition_id=edition.id, name="3", width=80, depth=40, area=3200))
        session.add(Door(edition_id=edition.id, code="A", label="Entrée des visiteurs", admits=[]))
        exhibitors = ["exhibitor", "agent", "organiser"]
        session.add(
            Door(edition_id=edition.id, code="X", label="Entrée exposants", admits=exhibitors)
        )
    return edition


def make_account(
    *, role: Role = Role.AGENT, email: str = "", name: str = "Camille Vidal"
) -> Account:
    """Make an account; an organiser has PASSWORD and a TOTP secret."""
    email = email or f"compte{next(counter)}@herault.example"
    if role != Role.ORGANISER:
        return account_services.create_account(Act(SYSTEM), email, role, name)
    code = organisers.invite_organiser(Act(SYSTEM), email, name)
    totp = pyotp.TOTP(pyotp.random_base32())
    try:
        return _set_up(code, totp)
    except CodeRefused:
        # A half-minute ended between code and check; the next one ends long after this call.
        return _set_up(code, totp)


def _set_up(code: str, totp: pyotp.TOTP) -> Account:
    """Use the code before the present one, which so stays good for signing in."""
    earlier = totp.at(datetime.now(UTC), counter_offset=-1)
    return organisers.set_up_organiser(code, PASSWORD, totp.secret, earlier)


def sign_in(app: Flask, role: Role, email: str = "") -> PageClient:
    """Return a browser signed in as by the pages, which are not shown: a fifth of the time."""
    account = make_account(role=role, email=email)
    client = app.test_client()
    assert isinstance(client, PageClient)
    actor = Identity(None, None, "public", "127.0.0.1")
    if role == Role.ORGANISER:
        passwords.check_password(Act(actor), account.email, PASSWORD)
        step = passwords.password_step_of(account)
        passwords.check_totp(Act(actor), account.id, step, pyotp.TOTP(account.totp_secret).now())
    else:
        sign_in_codes.offer_sign_in_code(account.email, "a browser", 600)
        sign_in_codes.use_sign_in_code(Act(actor), latest_code(account.email), "a browser")
    vars(g).clear()
    with app.test_request_context("/connexion", environ_base=client.environ_base):
        enter(account_id=account.id)
        answer = app.response_class()
        app.session_interface.save_session(app, flask.session, answer)
    vars(g).clear()
    current_session().rollback()
    name, _, value = answer.headers["Set-Cookie"].partition(";")[0].partition("=")
    client.set_cookie(name, value)
    return client


def sign_in_by_the_pages(app: Flask, role: Role, email: str = "") -> PageClient:
    """Return a browser signed in through the pages, as a person would."""
    account = make_account(role=role, email=email)
    client = app.test_client()
    assert isinstance(client, PageClient)
    if role == Role.ORGANISER:
        client.fill("/connexion/organisation", email=account.email, password=PASSWORD)
        code = pyotp.TOTP(account.totp_secret).now()
        answer = client.fill("/connexion/organisation/code", code=code)
    else:
        client.fill("/connexion", email=account.email)
        answer = client.fill("/connexion/code", code=latest_code(account.email))
    assert answer.status_code == 302, answer.get_data(as_text=True)[:2000]
    return client


def latest_code(email: str) -> str:
    """Return the last sign-in code sent to an address."""
    from salon.platform.mail.outbox import recent_messages

    current_session().rollback()
    return str(recent_messages(1, email)[0].context["code"])


def make_station_token(edition: Edition | None = None, name: str = "Entrée A") -> str:
    return stations.issue_station_token(Act(SYSTEM), name, edition.id if edition else None)


def new_key() -> str:
    return str(uuid.uuid4())


def codes_in(text: str) -> list[str]:
    """Return the 26-character badge codes in a text."""
    return re.findall(r"\b[A-Z2-7]{26}\b", text)
