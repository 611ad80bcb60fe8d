"""The demonstration's moments, accounts and made-up visitors."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import pyotp
from sqlalchemy.exc import NoResultFound

from salon.accounts.models import Account
from salon.accounts.queries import find_account
from salon.accounts.services import accounts as account_services
from salon.accounts.services import organisers, passwords
from salon.accounts.services.rights import put_rights
from salon.demonstration.arrivals import play_arrivals
from salon.demonstration.leads import play_leads
from salon.entrance.queries.stations import settings_of
from salon.entrance.services.settings import DoorRules, change_settings
from salon.fair.models import Edition
from salon.fair.queries import find_public_edition
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM, Domain, Identity, Role
from salon.platform.settings.clock import clock, now, paris
from salon.platform.words import formats

ORGANISER = "organisation@salon34.example"
PASSWORD = "olivier mistral vendange tramontane"
COORDINATION = "coordination"
KIOSK_PIN = "3434"
COORDINATOR = "coordination@salon34.example"
PEOPLE = (
    (Role.AGENT, "agent@salon34.example", "Agnès Roqueblave"),
    (Role.EXHIBITOR, "exposant@salon34.example", "Éclairage du Biterrois"),
)

COLLEAGUES = (
    ("finances@salon34.example", "Fanny Delmas", (Domain.EXHIBITORS, Domain.MONEY)),
    (
        "inscriptions@salon34.example",
        "Hakim Bensaïd",
        (Domain.REGISTRATIONS, Domain.WELCOME, Domain.APPOINTMENTS),
    ),
)
"""Organisers with some rights, who share the organiser's password and TOTP secret."""


@dataclass(frozen=True)
class Moment:
    key: str
    label: str
    at: datetime


@dataclass(frozen=True)
class Bar:
    """Content of the bar at the top of each page."""

    now_label: str
    moments: list[tuple[str, str]]
    current: str


def moments_of(edition: Edition) -> list[Moment]:
    """Return the five moments to jump to, from the days of the edition."""
    opens, closes = edition.starts_at, edition.ends_at
    first = edition.days[0].day_on
    weeks_before = first - timedelta(days=25)
    return [
        Moment("registrations", "Inscriptions ouvertes", paris(weeks_before, time(10))),
        Moment("eve", "La veille", paris(first - timedelta(days=1), time(17))),
        Moment("opening", "L’ouverture", opens - timedelta(minutes=15)),
        Moment("morning", "10 h 30", paris(first, time(10, 30))),
        Moment("evening", "Le soir, après", closes + timedelta(minutes=90)),
    ]


def demonstration_bar(edition: Edition | None) -> Bar | None:
    """Return the bar of the current edition, or None before anything is loaded."""
    if edition is None:
        return None
    moments = moments_of(edition)
    current = ""
    for moment in moments:
        if moment.at <= now():
            current = moment.key
    return Bar(formats.moment(now()), [(moment.key, moment.label) for moment in moments], current)


def jump_to(key: str) -> Moment | None:
    """Set the demonstration's clock; None for an unknown moment."""
    edition = find_public_edition()
    if edition is None:
        return None
    for moment in moments_of(edition):
        if moment.key == key:
            clock.jump(moment.at)
            play_arrivals(edition, moment.at)
            play_leads(edition, moment.at)
            return moment
    return None


def load_accounts(edition: Edition) -> str:
    """Create the demonstration's accounts; return the organiser's TOTP secret."""
    organisers.invite_organiser(Act(SYSTEM), ORGANISER, "Olivia Fabrègues")
    organiser = find_account_of(Role.ORGANISER)
    hashed = passwords.hasher.hash(PASSWORD)
    with transaction(organiser):
        organiser.password_hash = hashed
        organiser.totp_secret = pyotp.random_base32()
    for email, name, domains in COLLEAGUES:
        account = account_services.create_account(Act(SYSTEM), email, Role.ORGANISER, name)
        with transaction(account) as session:
            account.password_hash, account.totp_secret = hashed, organiser.totp_secret
            put_rights(Act(SYSTEM), session, account, edition.id, domains)
    for role, email, name in PEOPLE:
        account_services.create_account(Act(SYSTEM), email, role, name)
    return organiser.totp_secret


def find_account_of(role: Role) -> Account:
    """Return the demonstration's account of a role. Raises NoResultFound once it is closed."""
    email = ORGANISER if role == Role.ORGANISER else next(e for r, e, _ in PEOPLE if r == role)
    account = find_account(email)
    if account is None:
        raise NoResultFound
    return account


def organiser_totp_secret() -> str:
    """Return the TOTP secret of the organiser; "" once the account is closed."""
    organiser = find_account(ORGANISER)
    return organiser.totp_secret if organiser else ""


def organiser_identity() -> Identity:
    """Return the identity that decides in the demonstration."""
    organiser = find_account_of(Role.ORGANISER)
    return Identity(Role.ORGANISER, organiser.id, organiser.display_name)


def set_kiosk_pin(edition: Edition) -> None:
    """Set the kiosks' PIN if there is none, so that a kiosk can be left again."""
    settings = settings_of(edition)
    if settings.kiosk_pin_hash:
        return
    rules = DoorRules(settings.lets_unknown_in, settings.kiosk_prints, settings.urgent_numbers)
    change_settings(FairAct(SYSTEM, edition=edition), settings.version, rules, KIOSK_PIN)


def find_named_account(email: str) -> Account:
    """Return the account of an address. Raises NoResultFound once it is closed."""
    account = find_account(email)
    if account is None:
        raise NoResultFound
    return account
