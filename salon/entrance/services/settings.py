"""The rules of the doors, as the organiser sets them."""

import hashlib
import secrets
from dataclasses import asdict, dataclass

from sqlalchemy.dialects import postgresql, sqlite

from salon.entrance.models import EntranceSettings
from salon.entrance.rules.settings import check_settings_are_the_same
from salon.fair.models import Edition
from salon.platform.db import current_session, transaction
from salon.platform.identity import Identity
from salon.platform.journal import write_entry

PIN_ROUNDS = 200_000
SALT_BYTES = 16
NO_PIN = ""


@dataclass(frozen=True, slots=True)
class DoorRules:
    """The columns of EntranceSettings that are shown."""

    lets_unknown_in: bool
    kiosk_layout: str
    kiosk_prints: bool
    urgent_numbers: str


def change_settings(
    edition: Edition, version: int, rules: DoorRules, pin: str | None, by: Identity
) -> None:
    """Changes the rules of the doors. `pin`: the kiosks' new one, NO_PIN for none, None to keep
    the present one. Raises SettingsChanged."""
    found = _keep_settings(edition)
    sealed = None if pin is None else seal_pin(pin)
    with transaction(found) as session:
        check_settings_are_the_same(version, found.version)
        for name, value in asdict(rules).items():
            setattr(found, name, value)
        if sealed is not None:
            found.kiosk_pin_salt, found.kiosk_pin_hash = sealed
        write_entry(
            session,
            by,
            "entrance.settings_changed",
            f"edition:{edition.id}",
            lets_unknown_in=rules.lets_unknown_in,
            pin_changed=sealed is not None,
        )


def seal_pin(pin: str) -> tuple[str, str]:
    """(salt, PBKDF2-SHA-256 of the PIN over the bytes of the salt), both hexadecimal.

    A kiosk checks a PIN with it by WebCrypto, without network. It slows somebody who has the
    kiosk's data down; four digits do not stop them.
    """
    if pin == NO_PIN:
        return "", ""
    salt = secrets.token_bytes(SALT_BYTES)
    digest = hashlib.pbkdf2_hmac("sha256", pin.encode(), salt, PIN_ROUNDS)
    return salt.hex(), digest.hex()


def _keep_settings(edition: Edition) -> EntranceSettings:
    """The row of the edition's settings, made on first use."""
    found = current_session().get(EntranceSettings, edition.id)
    if found is not None:
        return found
    with transaction() as session:
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        insert = dialect.insert(EntranceSettings).values(edition_id=edition.id, version=1)
        session.execute(insert.on_conflict_do_nothing())
    return current_session().get_one(EntranceSettings, edition.id)
