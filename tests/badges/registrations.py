"""Author and moment of the registrations of the tests."""

from datetime import UTC, datetime

from salon.platform.database.identity import Identity, Role

NOW = datetime.now(UTC)

ORGANISER = Identity(Role.ORGANISER, 1, "Olivia", "192.0.2.9")
