"""Settings of the doors."""

import hashlib
import secrets
from dataclasses import asdict, dataclass

from salon.entrance.actions import EntranceAction
from salon.entrance.models import EntranceSettings
from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.db import get_or_create
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import check_version

PIN_ROUNDS = 200_000
SALT_BYTES = 16
NO_PIN = ""


@dataclass(frozen=True, slots=True)
class DoorRules:
    """The editable columns of EntranceSettings."""

    lets_unknown_in: bool
    kiosk_prints: bool
    urgent_numbers: str


def change_settings(act: FairAct, version: int, rules: DoorRules, pin: str | None) -> None:
    """Change the rules of the doors. Raises StaleVersion.

    `pin`: the kiosks' new one, NO_PIN for none, None to leave the present one.
    """
    settings = _get_or_create_settings(act.edition)
    sealed = None if pin is None else seal_pin(pin)
    with act.transaction(settings) as session:
        check_version(version, settings.version)
        for name, value in asdict(rules).items():
            setattr(settings, name, value)
        if sealed is not None:
            settings.kiosk_pin_salt, settings.kiosk_pin_hash = sealed
        write_entry(
            session,
            act.actor,
            EntranceAction.ENTRANCE_SETTINGS_CHANGED,
            f"edition:{act.edition.id}",
            lets_unknown_in=rules.lets_unknown_in,
            pin_changed=sealed is not None,
        )


def seal_pin(pin: str) -> tuple[str, str]:
    """Return (salt, PBKDF2-SHA-256 of the PIN over the bytes of the salt), both hexadecimal.

    A kiosk checks a PIN with it by WebCrypto, without network. It slows an attacker with the
    kiosk's data down; four digits do not stop one.
    """
    if pin == NO_PIN:
        return "", ""
    salt = secrets.token_bytes(SALT_BYTES)
    digest = hashlib.pbkdf2_hmac("sha256", pin.encode(), salt, PIN_ROUNDS)
    return salt.hex(), digest.hex()


def _get_or_create_settings(edition: Edition) -> EntranceSettings:
    """Return the row of the edition's settings, created on first use."""
    return get_or_create(EntranceSettings, edition.id, edition_id=edition.id, version=1)
