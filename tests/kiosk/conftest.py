"""A kiosk, a print station and a badge."""

import pytest

from salon.accounts.models import StationKind
from salon.badges.models import Badge
from salon.fair.models import Edition
from tests.entrance.people import make_badge
from tests.kiosk.make import Device, make_device
from tests.pages import PageClient


@pytest.fixture
def kiosk(client: PageClient, edition: Edition) -> Device:
    return make_device(client, edition)


@pytest.fixture
def printer(client: PageClient, edition: Edition) -> Device:
    return make_device(client, edition, StationKind.PRINTER, "Poste d’impression")


@pytest.fixture
def badge(edition: Edition) -> Badge:
    return make_badge(edition, last_name="Roque")
