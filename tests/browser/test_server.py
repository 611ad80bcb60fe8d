"""The list of main journeys names tests."""

import importlib

from tests.browser.main_journeys import NAMES


def test_each_main_journey_is_a_test() -> None:
    for name in NAMES:
        module, _, test = name.partition(".")
        assert hasattr(importlib.import_module(f"tests.browser.{module}"), test.partition("[")[0])
