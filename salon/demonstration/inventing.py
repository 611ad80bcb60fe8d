"""Exhibitors made up in numbers: the same N give the same exhibitors, accepted and unplaced."""

import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from stdnum import luhn

from salon.badges.engine.matching import place_key
from salon.demonstration.exhibitors import PUBLIC, SECTORS, Floor, floor_of
from salon.exhibitors.models import OrganisationKind, Sector
from salon.exhibitors.services import ApplicationStep, Move
from salon.exhibitors.services.answers import save_step
from salon.exhibitors.services.applications import Applicant, start_application, submit
from salon.exhibitors.services.review import OrganiserDecision, decide
from salon.fair.imports.seed_tables import read_table, typeset
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.identity import Identity

SEED = 34
PROGRESS_EVERY = 100
AREAS = {9: 52, 6: 12, 12: 16, 18: 11, 24: 6, 36: 3}
POWERS = {0: 20, 1: 30, 3: 35, 6: 11, 9: 4}
KINDS = {OrganisationKind.COMPANY: 88, OrganisationKind.ASSOCIATION: 12}
CORNER, WATER, HALL, NEAR, APART = 0.15, 0.08, 0.12, 0.06, 0.06
SIREN_RANGE = "998"
FIRST_DECISION = timedelta(days=30)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Trade:
    word: str
    sector: Sector
    presentation: str


@dataclass(frozen=True)
class Address:
    postal_code: str
    city: str


@dataclass(frozen=True)
class Words:
    """Parts of an invented exhibitor."""

    trades: list[Trade]
    places: list[str]
    addresses: list[Address]
    first_names: list[tuple[str, str]]
    last_names: list[str]


def read_words(folder: Path) -> Words:
    """Return the trades, the places, the communes and the names of seed_data."""
    rows = read_table(folder / "trades.csv", "sorte", "valeur", "secteur", "presentation")
    communes = read_table(folder / "communes.csv", "nom", "codes_postaux")
    names = read_table(folder / "names.csv", "sorte", "valeur", "civilite")
    return Words(
        trades=[
            Trade(row.text("valeur"), row.known("secteur", SECTORS), row.text("presentation"))
            for row in rows
            if row.raw("sorte") == "métier"
        ],
        places=[row.text("valeur") for row in rows if row.raw("sorte") == "lieu"],
        addresses=[Address(row.items("codes_postaux")[0], row.raw("nom")) for row in communes],
        first_names=[
            (row.raw("valeur"), row.raw("civilite"))
            for row in names
            if row.raw("sorte") == "prénom"
        ],
        last_names=[row.raw("valeur") for row in names if row.raw("sorte") == "nom"],
    )


def make_up_exhibitors(
    edition: Edition, folder: Path, count: int, at: datetime, actor: Identity, say: Say
) -> None:
    """Add `count` accepted exhibitors without stand, through the services. `actor` accepts."""
    invention = Invention(read_words(folder), floor_of(edition), random.Random(SEED))
    for number in range(1, count + 1):
        applicant, values = invention.exhibitor(number)
        started = at + timedelta(minutes=20 * number)
        key = str(uuid.UUID(int=invention.chance.getrandbits(128)))
        draft = start_application(
            FairAct(PUBLIC, started, edition=get_public_edition()), applicant, None, key
        )
        assert draft is not None
        token = draft.private_token
        saved = save_step(Act(PUBLIC), token, draft.version, ApplicationStep.OPTIONS, values)
        sent = submit(Act(PUBLIC, started), token, saved.version)
        decide(
            Act(actor, started + FIRST_DECISION),
            sent.id,
            sent.version,
            OrganiserDecision(Move.ACCEPT),
        )
        if number % PROGRESS_EVERY == 0 or number == count:
            say(f"{number} exposants sur {count}")


def siret_of(number: int) -> str:
    """Return an invented SIRET with valid keys; no company has a SIREN of this range."""
    siren = f"{SIREN_RANGE}{number:05d}"
    siren += luhn.calc_check_digit(siren)
    office = f"{siren}0001"
    return office + luhn.calc_check_digit(office)


class Invention:
    """Generator of exhibitors; each has a new name."""

    def __init__(self, words: Words, floor: Floor, chance: random.Random) -> None:
        self.words = words
        self.floor = floor
        self.chance = chance
        self.names: list[tuple[str, Sector]] = []
        pairs = [(trade, place) for trade in words.trades for place in words.places]
        chance.shuffle(pairs)
        self.pairs = pairs

    def exhibitor(self, number: int) -> tuple[Applicant, dict[str, object]]:
        """Return the applicant and the answers of an application."""
        trade, place = self.pairs[(number - 1) % len(self.pairs)]
        round_ = (number - 1) // len(self.pairs)
        name = typeset(f"{trade.word} {place}" + (f" {round_ + 1}" if round_ else ""))
        kind = self.draw(KINDS)
        address = self.chance.choice(self.words.addresses)
        slug = place_key(name).replace(" ", "-")
        values = {
            "address": f"{self.chance.randint(1, 80)} rue des Artisans",
            "postal_code": address.postal_code,
            "city": address.city,
            "website": f"https://{slug}.example",
            "sector": trade.sector,
            "presentation": trade.presentation,
            "themes": self.chance.sample(
                sorted(self.floor.themes.values()), self.chance.randint(1, 3)
            ),
            "contacts": {"main": self.contact()},
            **self.wishes(trade.sector),
        }
        self.names.append((name, trade.sector))
        applicant = Applicant(
            email=f"contact@{slug}.example", siret=siret_of(number), kind=kind, name=name
        )
        return applicant, values

    def contact(self) -> dict[str, str]:
        first_name, civility = self.chance.choice(self.words.first_names)
        digits = f"{self.chance.randint(0, 9_999):04d}"
        return {
            "civility": civility,
            "first_name": first_name,
            "last_name": self.chance.choice(self.words.last_names),
            "function": "Relations avec les communes",
            "phone": f"04 00 00 {digits[:2]} {digits[2:]}",
        }

    def wishes(self, sector: Sector) -> dict[str, object]:
        """Return an average wish for a stand; neighbours are exhibitors drawn before."""
        rivals = [name for name, neighbours in self.names if neighbours == sector]
        halls = sorted(self.floor.halls.items())
        return {
            "area": self.draw(AREAS),
            "wants_corner": self.chance.random() < CORNER,
            "wants_water": self.chance.random() < WATER,
            "power_kw": self.draw(POWERS),
            "wished_hall_id": self.chance.choice(halls)[1] if self.happens(HALL) else None,
            "near": [self.chance.choice(self.names)[0]]
            if self.names and self.happens(NEAR)
            else [],
            "apart": [self.chance.choice(rivals)] if rivals and self.happens(APART) else [],
        }

    def happens(self, share: float) -> bool:
        return self.chance.random() < share

    def draw(self, weights: Mapping[Any, int]) -> Any:
        return self.chance.choices(list(weights), list(weights.values()))[0]
