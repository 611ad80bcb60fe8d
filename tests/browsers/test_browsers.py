"""The journeys hold in every browser: `make browsers` runs all, the suite the shortest."""

import pytest

from tests.browsers.drivers import BROWSERS, opened
from tests.browsers.journeys import JOURNEYS, Fair
from tests.browsers.visit import Visit


@pytest.mark.browsers
@pytest.mark.long
@pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning")
def test_a_journey_in_a_browser(browser: str, journey: str, fair: Fair) -> None:
    with opened(BROWSERS[browser]) as driver:
        JOURNEYS[journey](Visit(driver, fair.server.url), fair)
