"""Visitors by the thousand: the rows that as many registrations would write, inserted in bulk."""

import csv
import random
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text

from bench.web import ROOT
from salon.badges.engine.codes import RANDOM_BYTES, tagged_code
from salon.badges.engine.matching import name_key
from salon.badges.models import Attendee, Badge, Commune, Consent, Group
from salon.badges.models.labels import Function
from salon.badges.rules import category_for
from salon.fair.models import Edition
from salon.platform.database.db import transaction
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.settings.clock import real_now

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
CHUNK = 5_000


def add_visitors(edition: int, count: int) -> None:
    """Made-up people of the communes, with names of `seed_data/names.csv`; always the same."""
    now = real_now()
    first_names, last_names = _names()
    chance = random.Random(34)
    with transaction() as session:
        key = session.get_one(Edition, edition).code_key
        communes = list(session.scalars(select(Commune.code).order_by(Commune.code)))
        highest = {
            model: session.scalar(text(f"SELECT coalesce(max(id), 0) FROM {model.__tablename__}"))
            for model in (Group, Attendee, Badge)
        }
        for start in range(1, count + 1, CHUNK):
            rows: dict[Any, list[dict[str, Any]]] = {}
            for number in range(start, min(start + CHUNK, count + 1)):
                ids = {model: base + number for model, base in highest.items()}
                civility, first_name = chance.choice(first_names)
                person = _visitor(number, civility, first_name, chance.choice(last_names), chance)
                person |= {"id": ids[Attendee], "group_id": ids[Group], "edition_id": edition}
                person |= {"commune_code": chance.choice(communes), "registered_at": now}
                for model, row in _rows_of(person, ids, chance, key, now):
                    rows.setdefault(model, []).append(row)
            for model, several in rows.items():
                session.execute(insert(model), several)


def _visitor(
    number: int, civility: str, first_name: str, last_name: str, chance: random.Random
) -> dict[str, Any]:
    function = chance.choice(list(Function)[:-1])
    # A number in the name keeps 60,000 people from being the same as one another.
    last_name = f"{last_name}-{ALPHABET[number % 26]}{number}"
    address = f"visiteur{number}@commune.example"
    return {
        "status": "registered",
        "version": 1,
        "category": category_for(function).value,
        "civility": civility,
        "first_name": first_name,
        "last_name": last_name,
        "name_key": name_key(first_name, last_name),
        "function": function.value,
        "email": address,
        "email_key": address,
        "registered_by": "public",
        "is_vip": chance.random() < 0.02,
        "needs": ["parking"] if chance.random() < 0.03 else [],
    }


def _rows_of(
    person: dict[str, Any],
    ids: dict[Any, int],
    chance: random.Random,
    key: bytes,
    now: datetime,
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield the rows that a registration writes."""
    edition, attendee = person["edition_id"], person["id"]
    yield (
        Group,
        {
            "id": ids[Group],
            "edition_id": edition,
            "contact_email": person["email"],
            "private_token": f"{chance.getrandbits(256):064x}",
            "created_at": now,
        },
    )
    yield Attendee, person
    yield (
        Badge,
        {
            "id": ids[Badge],
            "edition_id": edition,
            "attendee_id": attendee,
            "code": tagged_code(key, chance.randbytes(RANDOM_BYTES)),
            "private_token": f"{chance.getrandbits(256):064x}",
            "issued_at": now,
        },
    )
    yield (
        Consent,
        {
            "attendee_id": attendee,
            "purpose": "newsletter",
            "text_version": "1",
            "given_at": now,
        },
    )
    yield (
        Message,
        {
            "kind": "registration",
            "recipient": person["email"],
            "about": f"attendee:{attendee}",
            "context": {},
            "message_id": f"<{chance.getrandbits(128):032x}@salon>",
            "status": MessageStatus.SENT,
            "created_at": now,
            "next_attempt_at": now,
            "sent_at": now,
        },
    )


def _names() -> tuple[list[tuple[str, str]], list[str]]:
    """(civility, first name) and last names of `seed_data/names.csv`."""
    first_names: list[tuple[str, str]] = []
    last_names: list[str] = []
    with (ROOT / "seed_data" / "names.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream, delimiter=";"):
            if row["sorte"] == "prénom":
                first_names.append((row["civilite"], row["valeur"]))
            elif row["sorte"] == "nom":
                last_names.append(row["valeur"])
    return first_names, last_names
